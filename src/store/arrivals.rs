//! What a check-in asks of the database before it is judged, all in one go.

use super::{
    StoreError, Tx,
    challenges::{self, ChallengeRow},
    checkins::{self, CheckinRow},
    devices::{self, DeviceRow},
    fetch_each,
    places::PlaceRow,
    presences::{self, PresenceRow},
    schedules::{self, InheritedSchedule},
    statements::statements,
};
use crate::model::{
    ids::{CheckinId, PersonId, UnitId},
    time::WorkDate,
};

statements! {
    PLACES = "SELECT id, person_id, kind, version, shape, cell_key, sigma_m, valid_from, valid_to, created_at, request_id
        FROM places WHERE person_id = $1 AND valid_from <= $3 AND (valid_to IS NULL OR valid_to >= $2)
        ORDER BY kind, version, id";
}

/// Who checks in, and when.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// The check-in.
    pub id: CheckinId,
    /// Who.
    pub person_id: PersonId,
    /// The person's unit.
    pub unit_id: UnitId,
    /// The hash of the challenge that came with it.
    pub challenge: Option<[u8; 32]>,
    /// The work dates it may be for, the first and the last.
    pub dates: (WorkDate, WorkDate),
    /// The last date whose windows are asked for.
    pub windows_to: WorkDate,
}

/// What there is.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// A check-in of the same id.
    pub seen: Option<CheckinRow>,
    /// The schedules of the unit and of those above.
    pub schedules: Vec<InheritedSchedule>,
    /// The challenge, whosever it is.
    pub challenge: Option<ChallengeRow>,
    /// What was received for the dates.
    pub presences: Vec<PresenceRow>,
    /// Every device of the person, those that were taken away too.
    pub devices: Vec<DeviceRow>,
    /// The places in force on one of the dates.
    pub places: Vec<PlaceRow>,
}

/// Asks for all of it. Each answer is of its own moment unless the transaction is one.
///
/// # Errors
/// [`StoreError`] when a statement fails.
pub async fn ask(tx: &mut Tx, asked: &Asked) -> Result<Arrival, StoreError> {
    let Asked { id, person_id, unit_id, challenge, dates: (first, last), windows_to } = *asked;
    let token = challenge.map_or_else(Vec::new, |hash| hash.to_vec());
    let (seen, schedules, challenge, presences, devices, places) = fetch_each!(
        tx,
        CheckinRow, checkins::BY_ID, [id];
        InheritedSchedule, schedules::FOR_UNIT, [unit_id, first, windows_to];
        ChallengeRow, challenges::BY_HASH, [token.clone()];
        PresenceRow, presences::BETWEEN, [person_id, first, last.plus_days(1)];
        DeviceRow, devices::EVERY_OF_PERSON, [person_id];
        PlaceRow, PLACES, [person_id, first, last];
    );
    let (seen, challenge) = (seen.into_iter().next(), challenge.into_iter().next());
    Ok(Arrival { seen, schedules, challenge, presences, devices, places })
}
