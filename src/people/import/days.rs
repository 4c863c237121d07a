//! Applies rows about days: where people work on ranges of dates, and declared outages.

use super::{
    apply::{Applying, count},
    parse::{Incident, Roster},
    table::Placed,
};
use crate::{
    model::ids::{IncidentId, RosterId},
    store::{
        StoreError,
        incidents::{self, IncidentRow},
        rosters::{self, RosterRow},
    },
};

impl Applying<'_> {
    /// A row of the same person from the same date is the same row.
    pub(super) async fn roster(&mut self, row: &Placed<Roster>) -> Result<(), StoreError> {
        let roster = &row.value;
        let Some(person_id) = self.person_id(row, &roster.nip) else { return Ok(()) };
        let key = (person_id, roster.valid_from);
        let stored = self.rosters.get(&key);
        let id = stored.map_or_else(|| RosterId::new(self.now, &self.app.chance), |stored| stored.id);
        let (valid_from, valid_to, duty) = (roster.valid_from, roster.valid_to, roster.duty);
        let wanted = RosterRow { id, person_id, valid_from, valid_to, duty };
        match self.rosters.insert(key, wanted.clone()) {
            None => {
                rosters::insert(self.tx, &wanted).await?;
                self.summary.rosters.added += 1;
            }
            Some(stored) => {
                let differs = stored != wanted;
                if differs {
                    rosters::update(self.tx, &wanted).await?;
                }
                count(&mut self.summary.rosters, differs);
            }
        }
        Ok(())
    }

    /// An incident is known by its code.
    pub(super) async fn incident(&mut self, row: &Placed<Incident>) -> Result<(), StoreError> {
        let incident = &row.value;
        let unit = incident.unit.as_ref().map(|code| self.unit_id(row, code));
        let Some(unit_id) = unit.map_or(Some(None), |id| id.map(Some)) else { return Ok(()) };
        let stored = self.incidents.get(&incident.code);
        let wanted = IncidentRow {
            id: stored.map_or_else(|| IncidentId::new(self.now, &self.app.chance), |stored| stored.id),
            code: incident.code.clone(),
            unit_id,
            starts_at: incident.starts_at,
            ends_at: incident.ends_at,
            words_id: incident.words_id.clone(),
            words_en: incident.words_en.clone(),
        };
        match self.incidents.insert(incident.code.clone(), wanted.clone()) {
            None => {
                incidents::insert(self.tx, &wanted).await?;
                self.summary.incidents.added += 1;
            }
            Some(stored) => {
                let differs = stored != wanted;
                if differs {
                    incidents::update(self.tx, &wanted).await?;
                }
                count(&mut self.summary.incidents, differs);
            }
        }
        Ok(())
    }
}
