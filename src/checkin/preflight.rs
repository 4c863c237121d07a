//! What a check-in would say of a reading, before there is one. Nothing is stored.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    app::App,
    evidence::location::{
        assess::{self, Claim},
        fence::{Outcome, Reason},
        fix::{self, Unusable},
    },
    model::words::{Slot, Words},
    places,
    presence::{self, Moment, Window, schedule},
    session::SignedIn,
    store::{StoreError, presences},
};

/// A fix older than this should be taken again, seconds.
pub const FRESH_S: f64 = 60.0;

/// Where a reading stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Good enough for a check-in here and now.
    Inside,
    /// Too coarse, or too near the edge: step to a window and try again.
    CannotTell,
    /// Outside, beyond imprecision.
    Outside,
    /// There is no usable position yet.
    NoPosition,
    /// No place is in force to compare with.
    NoPlace,
    /// A place is in force and the server cannot read it now.
    CannotCompare,
}

/// Something that stands in the way, or could be better.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// A position.
    Position,
    /// A fresh position: this one is older than a minute.
    FreshPosition,
    /// A more precise position.
    PrecisePosition,
    /// An approved place.
    Place,
    /// An open window for this slot.
    Window,
    /// Attempts: the slot was answered as often as is allowed.
    Attempts,
}

/// The answer.
#[derive(Clone, Debug)]
pub struct Preflight {
    /// Where the reading stands.
    pub standing: Standing,
    /// What to do now.
    pub words: Words,
    /// The coarsest accuracy that would do here, metres.
    pub accuracy_needed_m: Option<f64>,
    /// What the check-in would find about the position; no numbers, which would give the place away to whoever tries
    /// often enough.
    pub findings: Vec<&'static str>,
    /// Whether the slot is open, and its window.
    pub moment: Option<Moment>,
    /// The window that is open now or opens next.
    pub next: Option<Window>,
    /// What is missing.
    pub missing: Vec<Missing>,
}

/// Looks at a reading for a slot.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn look(
    app: &App,
    person: &SignedIn,
    slot: Option<Slot>,
    claim: &Claim<'_>,
) -> Result<Preflight, StoreError> {
    let now = app.now();
    let mut tx = app.store.glance().await?;
    let calendar = presence::calendar(&mut tx, person.unit_id, &person.zone, now).await?;
    let next = schedule::next_window(&calendar.windows, now);
    let slot = slot.or(next.map(|window| window.slot));
    let moment = slot.map(|slot| schedule::moment(&calendar.windows, slot, calendar.today, now));
    let person_id = person.actor.person_id;
    let received = presences::of_day(&mut tx, person_id, calendar.today).await?;
    let places = places::in_force(app, &mut tx, person_id, calendar.today).await?;
    drop(tx);

    // As a check-in would: half of the places is no ground for "outside".
    let readable = places.unreadable == 0;
    let located = assess::assess(claim, if readable { &places.fences } else { &[] }).ok();
    let judged = located.as_ref().and_then(|located| located.evidence.judged.as_ref());
    let standing = match (judged.map(|judged| judged.outcome), &located) {
        (Some(Outcome::Inside), _) => Standing::Inside,
        (Some(Outcome::Outside), _) => Standing::Outside,
        (Some(Outcome::Uncertain(_)), _) => Standing::CannotTell,
        (None, Some(located)) if located.capture.is_some() && readable => Standing::NoPlace,
        (None, Some(located)) if located.capture.is_some() => Standing::CannotCompare,
        (None, _) => Standing::NoPosition,
    };
    let coarse = judged.is_some_and(|judged| judged.outcome == Outcome::Uncertain(Reason::TooCoarse));
    let mut missing = Vec::new();
    let mut need = |wanted: bool, what| {
        if wanted {
            missing.push(what);
        }
    };
    need(standing == Standing::NoPosition, Missing::Position);
    need(standing != Standing::NoPosition && !is_fresh(claim), Missing::FreshPosition);
    need(coarse, Missing::PrecisePosition);
    need(readable && places.fences.is_empty(), Missing::Place);
    need(!matches!(moment, Some(Moment::Open(..))), Missing::Window);
    let used_up = |row: &presences::PresenceRow| Some(row.slot) == slot && row.attempts >= app.config.slot_attempts_max;
    need(received.iter().any(used_up), Missing::Attempts);
    Ok(Preflight {
        standing,
        words: words(standing, judged.map(|judged| judged.outcome)),
        accuracy_needed_m: judged.and_then(|judged| judged.accuracy_max_m).map(f64::floor),
        findings: located.iter().flat_map(|located| &located.findings).map(|finding| finding.code.as_str()).collect(),
        moment,
        next,
        missing,
    })
}

/// Whether one of the fixes that can be judged is young enough.
fn is_fresh(claim: &Claim<'_>) -> bool {
    claim.fixes.iter().any(|reported| {
        let usable: Result<_, Unusable> = fix::usable(reported, claim.sent_at);
        usable.is_ok() && reported.fix_time.is_none_or(|made| claim.sent_at.seconds_since(made).abs() <= FRESH_S)
    })
}

fn words(standing: Standing, outcome: Option<Outcome>) -> Words {
    match (standing, outcome) {
        (Standing::Inside, _) => Words::new("Posisi sudah baik.", "The position is good."),
        (Standing::CannotTell, Some(Outcome::Uncertain(Reason::TooCoarse))) => Words::new(
            "Posisi belum cukup teliti. Mendekatlah ke jendela dan nyalakan lokasi akurat.",
            "The position is not precise enough yet. Step to a window and switch on precise location.",
        ),
        (Standing::CannotTell, _) => Words::new(
            "Posisi dekat batas. Mendekatlah ke jendela dan tunggu sebentar.",
            "The position is near the edge. Step to a window and wait a moment.",
        ),
        (Standing::Outside, _) => Words::new(
            "Posisi di luar tempat terdaftar. Coba lagi; bila tetap begitu, presensi tetap dapat dikirim dan akan diperiksa.",
            "The position is outside the registered place. Try again; if it stays so, you can still check in, and a person will look.",
        ),
        (Standing::NoPosition, _) => Words::new(
            "Belum ada posisi yang dapat dipakai. Nyalakan lokasi dan tunggu sebentar.",
            "There is no usable position yet. Switch location on and wait a moment.",
        ),
        (Standing::CannotCompare, _) => Words::new(
            "Server sedang tidak dapat membandingkan posisi. Presensi tetap dapat dikirim; ini bukan kesalahan Anda.",
            "The server cannot compare the position now. You can still check in; this is no fault of yours.",
        ),
        (Standing::NoPlace, _) => Words::new(
            "Belum ada tempat yang disetujui untuk hari ini. Presensi tetap dapat dikirim dan akan diperiksa.",
            "No approved place is in force today. You can still check in, and a person will look.",
        ),
    }
}
