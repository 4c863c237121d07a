//! Outages, declared by two people: what was missed while one lasted is excused.

use super::{ChangeError, Checked, Scene, payload::IncidentChange};
use crate::{
    model::{
        ids::{ChangeId, IncidentId, UnitId},
        time::Timestamp,
        words::Words,
    },
    review::cause,
    store::{
        Tx,
        incidents::{self, IncidentRow},
    },
};

/// Longest outage, days.
pub const DAYS_MAX: i64 = 14;
/// How far ahead one may be declared, days.
const AHEAD_DAYS_MAX: i64 = 90;
/// Longest code, characters.
const CODE_MAX: usize = 64;
/// Longest sentence, characters.
const WORDS_MAX: usize = 300;
const DAY_S: i64 = 86_400;

/// Whether a code can stand in a file and in an address.
fn is_code(code: &str) -> bool {
    let sound = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    !code.is_empty() && code.len() <= CODE_MAX && code.chars().all(sound)
}

fn is_sentence(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().count() <= WORDS_MAX && !text.contains(char::is_control)
}

/// Whether an outage can have these ends.
///
/// # Errors
/// [`ChangeError::Invalid`] when it cannot.
pub fn lasts(starts_at: Timestamp, ends_at: Timestamp, now: Timestamp) -> Result<(), ChangeError> {
    let rules = [
        (ends_at > starts_at, "ends_at has to be later than starts_at".to_owned()),
        (
            ends_at <= starts_at.plus_seconds(DAYS_MAX * DAY_S),
            format!("an outage lasts at most {DAYS_MAX} days; declare a longer one in parts"),
        ),
        (
            ends_at <= now.plus_seconds(AHEAD_DAYS_MAX * DAY_S),
            format!("an outage ends at most {AHEAD_DAYS_MAX} days from now"),
        ),
    ];
    match rules.into_iter().find(|(holds, _)| !holds) {
        Some((_, broken)) => Err(ChangeError::Invalid(broken)),
        None => Ok(()),
    }
}

async fn is_sound(tx: &mut Tx, scene: &Scene<'_>, change: &IncidentChange) -> Result<Option<UnitId>, ChangeError> {
    let unit_id = change.unit.as_ref().map(|code| scene.unit(code).map(|unit| unit.id)).transpose()?;
    lasts(change.starts_at, change.ends_at, scene.now)?;
    if !is_code(&change.code) {
        return Err(ChangeError::Invalid(format!("code has 1 to {CODE_MAX} letters, digits, `-`, `_` or `.`")));
    }
    if !is_sentence(&change.words_id) || !is_sentence(&change.words_en) {
        return Err(ChangeError::Invalid(format!(
            "words_id and words_en are one line each, of 1 to {WORDS_MAX} characters"
        )));
    }
    if incidents::all(tx).await?.iter().any(|known| known.code == change.code) {
        return Err(taken(&change.code));
    }
    Ok(unit_id)
}

fn taken(code: &str) -> ChangeError {
    ChangeError::Invalid(format!("there is an incident {code} already; choose another code"))
}

pub(super) async fn check(tx: &mut Tx, scene: &Scene<'_>, change: &IncidentChange) -> Result<Checked, ChangeError> {
    let unit_id = is_sound(tx, scene, change).await?;
    let unit = unit_id.and_then(|id| scene.tree.get(id));
    let whom = unit.map_or_else(
        || Words::new("semua unit", "every unit"),
        |unit| Words::new(format!("{} ({})", unit.name, unit.code), format!("{} ({})", unit.name, unit.code)),
    );
    let zone = unit_id.map_or_else(|| scene.zone.clone(), |id| scene.tree.zone(id));
    let at = |at: Timestamp| {
        let date = at.date_in(&zone).0.strftime("%d-%m-%Y");
        format!("{date} {} {}", at.clock_time_in(&zone), at.zone_letters_in(&zone))
    };
    let (from, to) = (at(change.starts_at), at(change.ends_at));
    let words = Words::new(
        format!("Gangguan untuk {} dari {from} sampai {to}: {}", whom.id, change.words_id),
        format!("An outage for {} from {from} to {to}: {}", whom.en, change.words_en),
    );
    Ok(Checked { unit_id, person_id: None, replaces: None, words })
}

pub(super) async fn apply(
    tx: &mut Tx,
    scene: &Scene<'_>,
    change_id: ChangeId,
    change: &IncidentChange,
) -> Result<(), ChangeError> {
    let unit_id = is_sound(tx, scene, change).await?;
    let row = IncidentRow {
        id: IncidentId::new(scene.now, &scene.app.chance),
        code: change.code.clone(),
        unit_id,
        starts_at: change.starts_at,
        ends_at: change.ends_at,
        words_id: change.words_id.trim().to_owned(),
        words_en: change.words_en.trim().to_owned(),
    };
    // Two at once with one code: the second finds it taken.
    if !incidents::declare(tx, &row, change_id).await? {
        return Err(taken(&change.code));
    }
    // Cases that wait belong together by it from now on.
    cause::declared(tx, &row).await?;
    Ok(())
}
