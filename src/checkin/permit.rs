//! The right to see the evidence of one check-in. It can only be had here, so an unchecked look does not compile.

use crate::{
    model::{ids::CheckinId, time::WorkDate},
    review::Visible,
    session::SignedIn,
    store::{
        StoreError, Tx,
        checkins::{self, CheckinRow},
        roles,
    },
};

/// Why somebody may look.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Relation {
    /// It is their own.
    Own,
    /// They supervise, today, the unit it was made in.
    Supervisor,
}

/// Somebody may see the evidence of this check-in.
pub struct Permit {
    checkin: CheckinRow,
    relation: Relation,
}

impl Permit {
    /// The permit of a person for a check-in; nothing when there is no such check-in or it is not for their eyes.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn for_checkin(
        tx: &mut Tx,
        person: &SignedIn,
        id: CheckinId,
        today: WorkDate,
    ) -> Result<Option<Self>, StoreError> {
        let Some(checkin) = checkins::by_id(tx, id).await? else { return Ok(None) };
        let viewer = person.actor.person_id;
        if checkin.person_id == viewer {
            return Ok(Some(Self { checkin, relation: Relation::Own }));
        }
        let supervises = roles::supervises(tx, viewer, checkin.unit_id, today).await?;
        Ok(supervises.then_some(Self { checkin, relation: Relation::Supervisor }))
    }

    /// The permit of a person for a check-in of their own; nothing for anybody else's.
    pub fn for_own(person: &SignedIn, checkin: CheckinRow) -> Option<Self> {
        (checkin.person_id == person.actor.person_id).then_some(Self { checkin, relation: Relation::Own })
    }

    /// The permit of whoever works on a review for an attempt of its slot; nothing for any other check-in.
    pub fn in_review(review: &Visible, checkin: CheckinRow) -> Option<Self> {
        let case = review.row();
        let belongs =
            (checkin.person_id, checkin.work_date, checkin.slot) == (case.person_id, case.work_date, case.slot);
        belongs.then_some(Self { checkin, relation: Relation::Supervisor })
    }

    /// The check-in.
    pub fn checkin(&self) -> &CheckinRow {
        &self.checkin
    }

    /// Why.
    pub fn relation(&self) -> Relation {
        self.relation
    }
}
