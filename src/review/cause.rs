//! What several cases have in common, so that they are seen together: the very same fix, a declared outage, or a unit whose
//! captures of one slot all came late. Such cases, and only such, can be accepted in one act.

use serde::Serialize;
use utoipa::ToSchema;

use super::{ReviewError, Visible, decision, visible};
use crate::{
    app::App,
    evidence::finding::Code,
    model::{
        ids::{IncidentId, ReviewId},
        time::Timestamp,
        words::{CauseKind, Decision, ReasonCode, ReviewOrigin, ReviewState, Words},
    },
    session::SignedIn,
    store::{
        StoreError, Tx,
        checkins::CheckinRow,
        incidents::{self, IncidentRow},
        positions, presences,
        reviews::{self, ReviewRow},
    },
};

/// Cases that can be accepted together.
pub const TOGETHER_MAX: usize = 20;
/// Bytes of the keyed hash of a fix that name it.
const FIX_BYTES: usize = 12;

/// What a flagged attempt has in common with others, if anything.
pub(super) async fn of_attempt(
    tx: &mut Tx,
    checkin: &CheckinRow,
    codes: &[&str],
) -> Result<Option<String>, StoreError> {
    let has = |code: Code| codes.contains(&code.as_str());
    if codes.is_empty() {
        return Ok(None);
    }
    // Somebody's position on other people's phones is never mixed with an outage.
    if has(Code::PositionSameFix) {
        let fix = positions::by_checkin(tx, checkin.id).await?.and_then(|row| row.fix_key);
        return Ok(fix.map(|key| format!("position:{}", hex::encode(&key[..key.len().min(FIX_BYTES)]))));
    }
    let at = checkin.captured_at.unwrap_or(checkin.received_at);
    let declared = incidents::for_unit(tx, checkin.unit_id, at, at.plus_seconds(1)).await?;
    if let Some(incident) = declared.first() {
        return Ok(Some(of_incident(incident.id)));
    }
    Ok(has(Code::DeliveredLate).then(|| format!("late:{}:{}:{}", checkin.unit_id, checkin.work_date, checkin.slot)))
}

fn of_incident(id: IncidentId) -> String {
    format!("incident:{id}")
}

/// Cases that wait already belong to an outage that is declared afterwards; says how many.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn declared(tx: &mut Tx, incident: &IncidentRow) -> Result<u64, StoreError> {
    let span = (incident.starts_at, incident.ends_at);
    reviews::cause_in_window(tx, incident.unit_id, span, &of_incident(incident.id)).await
}

/// What cases have in common, as a reviewer reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CauseView {
    /// Names it.
    #[schema(example = "incident:0199d5a0-7c00-7000-8000-000000000001")]
    pub cause: String,
    /// What kind.
    pub kind: CauseKind,
    /// In words.
    pub words: Words,
    /// How many waiting cases share it.
    pub count: i64,
}

/// A cause in words; nothing for a text that names none.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn view(tx: &mut Tx, cause: &str, count: i64) -> Result<Option<CauseView>, StoreError> {
    let Some((kind, rest)) = cause.split_once(':') else { return Ok(None) };
    let (kind, words) = match kind {
        "position" => (
            CauseKind::SamePosition,
            Words::new("Posisi yang sama persis dari beberapa orang", "The very same position from several people"),
        ),
        "late" => (
            CauseKind::DeliveredLate,
            Words::new(
                "Kiriman tertunda pada jam dan unit yang sama",
                "Delivered late, from one unit at the same time",
            ),
        ),
        "incident" => {
            let Ok(id) = rest.parse() else { return Ok(None) };
            let Some(incident) = incidents::by_id(tx, id).await? else { return Ok(None) };
            (CauseKind::Incident, Words::new(incident.words_id, incident.words_en))
        }
        _ => return Ok(None),
    };
    Ok(Some(CauseView { cause: cause.to_owned(), kind, words, count }))
}

/// One of the cases that are to be accepted together.
#[derive(Clone, Copy, Debug)]
pub struct Member {
    /// Which.
    pub id: ReviewId,
    /// What the reviewer saw.
    pub version: i64,
}

/// Accepts cases of one cause in one act: all or none. Each photo has to have been seen; nothing is ever rejected so.
///
/// # Errors
/// [`ReviewError::Group`] with those that stand in the way, and why.
pub async fn accept_together(
    app: &App,
    person: &SignedIn,
    cause: &str,
    members: &[Member],
    reason: ReasonCode,
    note: Option<&str>,
) -> Result<Vec<ReviewId>, ReviewError> {
    let ruling = decision::Ruling { decision: Decision::Accept, reason, note: note.map(str::to_owned), version: None };
    decision::check(&ruling)?;
    let now = app.now();
    let mut tx = app.store.write().await?;
    let today = now.date_in(&person.zone);
    let mut seen = Vec::with_capacity(members.len());
    for member in members {
        let Visible(case) = visible(&mut tx, person, member.id, today).await?;
        seen.push((case.person_id, case.work_date, case.slot, *member));
    }
    // The slots before the cases, as a check-in takes them, and in one order for everybody: so nobody waits for somebody who
    // waits for them. What is read afterwards stays true.
    seen.sort_by_key(|(person_id, work_date, slot, member)| (*person_id, *work_date, *slot, member.id));
    for (person_id, work_date, slot, _) in &seen {
        presences::hold(&mut tx, *person_id, *work_date, *slot).await?;
    }
    let (mut cases, mut refused) = (Vec::with_capacity(seen.len()), Vec::new());
    for (.., member) in seen {
        reviews::hold(&mut tx, member.id).await?;
        let case = visible(&mut tx, person, member.id, today).await?;
        match obstacle(&mut tx, person, case.row(), (cause, member.version), now).await? {
            Some(why) => refused.push((member.id, why)),
            None => cases.push(case),
        }
    }
    if !refused.is_empty() {
        tx.rollback().await?;
        return Err(ReviewError::Group(refused));
    }
    let until = now.plus_seconds(app.config.claim_lease_s);
    let mut decided = Vec::with_capacity(cases.len());
    for Visible(case) in cases {
        if !reviews::claim(&mut tx, case.id, person.actor.person_id, until, now).await? {
            return Err(ReviewError::Group(vec![(case.id, held())]));
        }
        decided.push(decision::rule(app, &mut tx, person, &case, &ruling, now).await?.row().id);
    }
    tx.commit().await?;
    Ok(decided)
}

fn held() -> Words {
    Words::new("sedang dibuka orang lain", "somebody else is looking at it")
}

/// Why a case cannot be accepted together with others, if anything.
async fn obstacle(
    tx: &mut Tx,
    person: &SignedIn,
    case: &ReviewRow,
    (cause, version): (&str, i64),
    now: Timestamp,
) -> Result<Option<Words>, StoreError> {
    let me = person.actor.person_id;
    let by_another = case.claimed_by.is_some_and(|by| by != me) && case.claim_expires_at.is_some_and(|end| end > now);
    Ok(if case.state == ReviewState::Decided {
        Some(Words::new("sudah diputuskan", "it is decided already"))
    } else if case.state != ReviewState::Open || case.origin != ReviewOrigin::Flagged {
        Some(Words::new("perlu dilihat sendiri", "it has to be looked at by itself"))
    } else if suspicious(&reviews::reasons(tx, case.id).await?, cause) {
        Some(Words::new("ada temuan lain yang perlu dilihat sendiri", "another finding has to be looked at by itself"))
    } else if case.cause.as_deref() != Some(cause) {
        Some(Words::new("sebabnya lain", "it has another cause"))
    } else if case.version != version {
        Some(Words::new("sudah berubah sejak dibuka", "it has changed since it was opened"))
    } else if by_another {
        Some(held())
    } else if reviews::unseen(tx, case.id, me).await?.is_some() {
        Some(Words::new("fotonya belum dilihat", "its photo was not seen"))
    } else {
        None
    })
}

/// Findings that no outage explains.
const NOT_BY_OUTAGE: [Code; 6] = [
    Code::PhotoOfAnother,
    Code::PhotoUsedBefore,
    Code::PhotoThumbnail,
    Code::PositionMocked,
    Code::PositionSameFix,
    Code::DeviceSignature,
];

/// Whether there is more to a case than what it has in common with the others.
fn suspicious(reasons: &[String], cause: &str) -> bool {
    let about_position = cause.starts_with("position:");
    let explained = |code: &Code| about_position && *code == Code::PositionSameFix;
    NOT_BY_OUTAGE.iter().filter(|code| !explained(code)).any(|code| reasons.iter().any(|known| known == code.as_str()))
}
