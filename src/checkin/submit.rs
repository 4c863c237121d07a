//! One check-in, from its parts to its receipt. This file tells the story; each step lives where its name says.

use bytes::Bytes;

use super::{
    assurance::{self, Assured},
    challenge,
    delivery::{self, Captured},
    draft::Draft,
    look::{self, Known, Looked},
    positions,
    record::{self, Recorded},
};
use crate::{
    app::App,
    blobs::{BlobError, BlobKey},
    evidence::{
        device,
        finding::{Code, Finding},
        location::{
            assess::{self, Assessed, Malformed, Positions},
            remarks,
            trust::{self, Capture},
        },
        moment::{self, Moments},
        photo::header::Refused,
    },
    log::LogError,
    model::{
        ids::PersonId,
        time::{Timestamp, WorkDate, zone_named},
        words::{Slot, Timing, Words},
    },
    places::{self, InForce, vault::VaultError},
    presence::{self, Calendar, Moment, Window, schedule},
    reuse::Subject,
    session::{SignedIn, access::SigningError},
    store::{
        StoreError, Tx,
        arrivals::{self, Arrival, Asked},
        checkins::{self, CheckinRow},
        presences::PresenceRow,
    },
    work::WorkError,
};

/// Everything a check-in consists of when it has arrived.
pub struct Upload {
    /// What the phone claims.
    pub draft: Draft,
    /// The same, byte by byte.
    pub request: String,
    /// The signature of the phone's key over both parts, as a JWS.
    pub signature: Option<String>,
    /// The photo.
    pub photo: Bytes,
    /// Its SHA-256, computed while it arrived.
    pub sha256: [u8; 32],
    /// Server time at which the request arrived.
    pub received_at: Timestamp,
}

/// What a phone is told.
#[derive(Debug)]
pub enum Answer {
    /// Stored now; this is the receipt.
    New(String),
    /// Stored before; this is the receipt of then.
    Repeated(String),
}

/// Everything known about a check-in before it is stored.
pub(super) struct Examined {
    pub upload: Upload,
    pub slot: Slot,
    pub window: Window,
    pub timing: Timing,
    /// How its slot stood.
    pub standing: Option<PresenceRow>,
    pub capture_time: Captured,
    pub assured: Assured,
    pub known: Known,
    pub positions: Positions,
    pub capture: Option<Capture>,
    pub media_type: &'static str,
    /// What the photo shows; none when that is found out after the acknowledgement.
    pub looked: Option<Looked>,
    pub key: BlobKey,
}

/// Why nothing was stored.
#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    /// The id was used with another photo, another slot or by somebody else.
    #[error("this check-in id was used before, for something else")]
    IdTaken,
    /// The slot cannot be answered now.
    #[error("the slot cannot be answered now")]
    Window {
        /// Where now stands to it.
        moment: Moment,
        /// What can be answered instead, and how people name it.
        next: Option<(Window, Words)>,
    },
    /// The challenge is not taken.
    #[error(transparent)]
    Challenge(#[from] challenge::Refused),
    /// The slot was answered as often as is allowed.
    #[error("the slot was answered {limit} times already")]
    AttemptsExhausted {
        /// How often it may be.
        limit: i64,
    },
    /// The photo is none, or breaks a limit.
    #[error(transparent)]
    Photo(#[from] Refused),
    /// The position cannot even be recorded.
    #[error(transparent)]
    Position(#[from] Malformed),
    /// The machine is busy, or failed.
    #[error(transparent)]
    Work(#[from] WorkError),
    /// The photo store failed.
    #[error(transparent)]
    Blob(#[from] BlobError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The log failed.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The receipt could not be signed.
    #[error(transparent)]
    Signing(#[from] SigningError),
    /// The position could not be sealed.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// Something could not be written as JSON.
    #[error(transparent)]
    Encoding(#[from] serde_json::Error),
}

/// Judges and stores a check-in, once.
///
/// While more check-ins wait than photos can be looked at, the photo is examined right after the acknowledgement.
///
/// Nothing is stored before the last two steps; a crash between them leaves a photo without a row, which is found
/// and removed later, never a row without its photo.
///
/// # Errors
/// [`SubmitError`]; nothing is then stored, and the same request may be sent again.
pub async fn submit(app: &App, person: &SignedIn, slot: Slot, upload: Upload) -> Result<Answer, SubmitError> {
    let _here = app.peak.enter();
    let mut tx = app.store.glance().await?;
    let mut arrival = arrivals::ask(&mut tx, &asked(person, &upload)).await?;
    if let Some(receipt) = seen_before(arrival.seen.take(), person, slot, &upload)? {
        return Ok(Answer::Repeated(receipt));
    }
    let gathered = gather(app, &mut tx, person, slot, &upload, arrival).await;
    drop(tx);
    let found = match gathered {
        Ok(found) => found,
        // A copy of this very request may have been stored a moment ago.
        Err(error) => return repeated_or(app, person, slot, &upload, error).await,
    };
    let Found { window, timing, standing, capture_time, assured, time_findings, position_findings, located } = found;
    let Assessed { evidence: location, positions, capture, findings: mut about_place } = located;
    about_place.extend(position_findings);
    let about_time = time_findings.into_iter().chain(device::findings(assured.signature)).collect();
    let known = Known { captured_at: capture_time.at, location, about_place, about_time };
    let subject = Subject { person_id: person.actor.person_id, work_date: window.work_date, slot };
    let (header, looked) = if app.peak.defers() {
        // What is no photo is refused at once all the same.
        (app.examiner.header(&upload.photo)?, None)
    } else {
        let inspected = look::examine(app, &upload.photo).await?;
        let looked = look::look(app, subject, &person.zone, &known, positions.chosen, inspected).await?;
        (looked.inspected.evidence.header, Some(looked))
    };
    let key = BlobKey::photo(window.work_date, upload.draft.id, &upload.sha256);
    app.blobs.put(&key, upload.photo.clone(), &upload.sha256).await?;
    let examined = Examined {
        upload,
        slot,
        window,
        timing,
        standing,
        capture_time,
        assured,
        known,
        positions,
        capture,
        media_type: header.format.media_type(),
        looked,
        key,
    };
    match record::record(app, person, &examined).await? {
        Recorded::New(receipt) => Ok(Answer::New(receipt)),
        Recorded::Conflict(error) => repeated_or(app, person, slot, &examined.upload, error).await,
    }
}

fn asked(person: &SignedIn, upload: &Upload) -> Asked {
    let (yesterday, last) = presence::dates(&person.zone, upload.received_at);
    Asked {
        id: upload.draft.id,
        person_id: person.actor.person_id,
        unit_id: person.unit_id,
        challenge: upload.draft.challenge.as_deref().map(challenge::hash),
        dates: (yesterday, upload.received_at.date_in(&person.zone)),
        windows_to: last,
    }
}

/// The receipt of an earlier arrival of the same check-in.
fn seen_before(
    stored: Option<CheckinRow>,
    person: &SignedIn,
    slot: Slot,
    upload: &Upload,
) -> Result<Option<String>, SubmitError> {
    let Some(stored) = stored else { return Ok(None) };
    let same =
        stored.person_id == person.actor.person_id && stored.slot == slot && stored.photo_sha256 == upload.sha256;
    if same { Ok(Some(stored.receipt)) } else { Err(SubmitError::IdTaken) }
}

/// Another request was faster: if it was a copy of this one, its receipt is the answer.
async fn repeated_or(
    app: &App,
    person: &SignedIn,
    slot: Slot,
    upload: &Upload,
    error: SubmitError,
) -> Result<Answer, SubmitError> {
    let mut tx = app.store.glance().await?;
    let stored = checkins::by_id(&mut tx, upload.draft.id).await?;
    seen_before(stored, person, slot, upload)?.map(Answer::Repeated).ok_or(error)
}

/// What was found out before the photo is looked at.
struct Found {
    window: Window,
    timing: Timing,
    standing: Option<PresenceRow>,
    capture_time: Captured,
    assured: Assured,
    time_findings: Vec<Finding>,
    position_findings: Vec<Finding>,
    located: Assessed,
}

/// Window, attempts, challenge and places: everything cheap that can refuse comes before the photo is looked at.
async fn gather(
    app: &App,
    tx: &mut Tx,
    person: &SignedIn,
    slot: Slot,
    upload: &Upload,
    arrival: Arrival,
) -> Result<Found, SubmitError> {
    let Arrival { schedules, challenge, presences, devices, places, .. } = arrival;
    let at = upload.received_at;
    let calendar = Calendar::new(&schedules, &person.zone, at);
    let person_id = person.actor.person_id;
    let waited = upload.draft.captured_at.is_some();
    let came = upload.draft.challenge.is_some();
    let code = came.then(|| challenge::check(app, challenge, person_id, slot, at, waited));
    let code_given_at = code.and_then(Result::ok).map(|good| good.created_at);
    let capture_time = Captured::new(&upload.draft, code_given_at, at);
    let (window, timing) = match delivery::window(app, &calendar, slot, &capture_time, at) {
        Ok(answered) => answered,
        Err(moment) => {
            let next = schedule::next_window(&calendar.windows, at).map(|window| (window, window.words(&person.zone)));
            return Err(SubmitError::Window { moment, next });
        }
    };
    code.transpose()?;
    let of_slot = |presence: &PresenceRow| (presence.work_date, presence.slot) == (window.work_date, slot);
    let standing = presences.into_iter().find(of_slot);
    let limit = app.config.slot_attempts_max;
    if standing.as_ref().is_some_and(|presence| presence.attempts >= limit) {
        return Err(SubmitError::AttemptsExhausted { limit });
    }
    let assured = assurance::assure(&devices, upload);
    let places = places::opened(app, places.iter().filter(|place| place.is_in_force(window.work_date)));
    let (located, position_findings) =
        locate(app, tx, person_id, (window.work_date, slot), &capture_time, upload, &places).await?;
    let time_findings = moment::findings(&Moments {
        received_at: at,
        sent_at: upload.draft.sent_at,
        phone_east_min: upload.draft.utc_offset_minutes,
        country_east_min: &country_east_min(person, at),
        timing,
        minutes_late: capture_time.lateness_from(timing, at).seconds_since(window.closes) / 60.0,
        grace_minutes: window.grace_ends.seconds_since(window.closes) / 60.0,
        opens: window.opens,
        capture: capture_time.moment(&upload.draft, window.work_date, &person.zone, app.config.challenge_s),
    });
    Ok(Found { window, timing, standing, capture_time, assured, time_findings, position_findings, located })
}

/// Where it was made, and what there is to remark on that.
async fn locate(
    app: &App,
    tx: &mut Tx,
    person_id: PersonId,
    (today, slot): (WorkDate, Slot),
    capture_time: &Captured,
    upload: &Upload,
    places: &InForce,
) -> Result<(Assessed, Vec<Finding>), SubmitError> {
    let at = upload.received_at;
    // Half of the places is no ground for "outside".
    let fences = if places.unreadable > 0 { &[][..] } else { &places.fences };
    let mut located = assess::assess(&upload.draft.position(), fences)?;
    if places.unreadable > 0 {
        // There is a place; it only cannot be read.
        located.findings.retain(|finding| finding.code != Code::PlaceMissing);
    }
    let mut findings: Vec<Finding> = (places.unreadable > 0).then(remarks::unreadable).into_iter().collect();
    if let Some(capture) = &located.capture {
        let before = positions::before(app, tx, person_id, capture, (today, slot), at).await?;
        findings.extend(trust::findings(capture, &before, today, capture_time.at, capture_time.waited()));
    }
    Ok((located, findings))
}

/// How far east of UTC the clocks of the unit and of the country are, minutes.
fn country_east_min(person: &SignedIn, at: Timestamp) -> Vec<i64> {
    let zones = ["WIB", "WITA", "WIT"].into_iter().filter_map(zone_named).map(|(_, zone)| zone);
    zones.chain([person.zone.clone()]).map(|zone| at.east_of_utc_s(&zone) / 60).collect()
}
