//! The times of a slot by two people.

use serde_json::json;

use super::{ChangeError, Checked, Scene, ordered, payload::ScheduleChange, span};
use crate::{
    model::{
        ids::{ScheduleId, UnitId},
        words::{Slot, Words},
    },
    presence::schedule,
    store::{
        Tx,
        schedules::{self, InheritedSchedule, ScheduleRow},
        units,
    },
};

/// Minutes of a day.
const DAY_MINUTES: i64 = 1440;
const DAYS_ID: [&str; 7] = ["Sen", "Sel", "Rab", "Kam", "Jum", "Sab", "Min"];
const DAYS_EN: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

fn is_sound(scene: &Scene<'_>, change: &ScheduleChange) -> Result<UnitId, ChangeError> {
    let unit = scene.unit(&change.unit)?;
    let today = scene.tree.date_at(unit.id, scene.now);
    let rules = [
        (change.slot != Slot::Spot, "slot has to be morning or evening"),
        ((1..=127).contains(&change.weekdays), "weekdays has to lie between 1 and 127; bit 0 is Monday"),
        ((0..DAY_MINUTES).contains(&change.opens_minute), "opens_minute has to lie between 0 and 1439"),
        (change.closes_minute > change.opens_minute, "closes_minute has to be later than opens_minute"),
        ((0..=DAY_MINUTES).contains(&change.grace_minutes), "grace_minutes has to lie between 0 and 1440"),
        (
            change.closes_minute.saturating_add(change.grace_minutes) <= DAY_MINUTES,
            "closes_minute and grace_minutes would reach beyond midnight",
        ),
        (change.valid_from >= today, "valid_from is over: days that have begun keep their times; propose a later one"),
    ];
    ordered(change.valid_from, change.valid_to)?;
    match rules.into_iter().find(|(holds, _)| !holds) {
        Some((_, broken)) => Err(ChangeError::Invalid(broken.to_owned())),
        None => Ok(unit.id),
    }
}

/// The unit's own row of this slot from this date, which a change replaces.
fn twin<'a>(rows: &'a [InheritedSchedule], change: &ScheduleChange) -> Result<Option<&'a ScheduleRow>, ChangeError> {
    let same = |row: &&InheritedSchedule| {
        row.depth == 0 && row.schedule.slot == change.slot && row.schedule.valid_from == change.valid_from
    };
    let Some(InheritedSchedule { schedule: row, .. }) = rows.iter().find(same) else { return Ok(None) };
    let times = (row.weekdays, row.opens_minute, row.closes_minute, row.grace_minutes);
    let other_times = times != (change.weekdays, change.opens_minute, change.closes_minute, change.grace_minutes);
    if row.valid_to != change.valid_to && other_times {
        // Most likely an exception of a few days that would replace the rule it is an exception to.
        return Err(ChangeError::Invalid(
            "the unit has a schedule from this date with another end and other times; change one of them at a time, \
             or begin the exception on another date"
                .to_owned(),
        ));
    }
    Ok(Some(row))
}

pub(super) async fn check(tx: &mut Tx, scene: &Scene<'_>, change: &ScheduleChange) -> Result<Checked, ChangeError> {
    let unit_id = is_sound(scene, change)?;
    let rows = schedules::for_unit(tx, unit_id, change.valid_from, change.valid_from).await?;
    twin(&rows, change)?;
    let before = schedule::in_force(&rows, change.valid_from, change.slot);
    let replaces = before.map(|row| {
        json!({
            "unit": scene.tree.code(row.unit_id), "slot": row.slot, "valid_from": row.valid_from, "valid_to": row.valid_to,
            "weekdays": row.weekdays, "opens_minute": row.opens_minute, "closes_minute": row.closes_minute,
            "grace_minutes": row.grace_minutes,
        })
    });
    Ok(Checked { unit_id: Some(unit_id), person_id: None, replaces, words: words(scene, change)? })
}

fn words(scene: &Scene<'_>, change: &ScheduleChange) -> Result<Words, ChangeError> {
    let unit = scene.unit(&change.unit)?;
    let (slot, dates) = (change.slot.words(), span(change.valid_from, change.valid_to));
    let clock = |minute: i64| format!("{:02}.{:02}", minute / 60, minute % 60);
    let days = |names: [&str; 7]| {
        let on = names.iter().enumerate().filter(|(bit, _)| change.weekdays >> bit & 1 == 1).map(|(_, name)| *name);
        on.collect::<Vec<_>>().join(", ")
    };
    let (opens, closes, grace) = (clock(change.opens_minute), clock(change.closes_minute), change.grace_minutes);
    Ok(Words::new(
        format!(
            "Presensi {} {} ({}): {opens}-{closes}, toleransi {grace} menit, {}, {}.",
            slot.id,
            unit.name,
            unit.code,
            days(DAYS_ID),
            dates.id
        ),
        format!(
            "The {} check-in of {} ({}): {opens}-{closes}, {grace} minutes of grace, {}, {}.",
            slot.en,
            unit.name,
            unit.code,
            days(DAYS_EN),
            dates.en
        ),
    ))
}

pub(super) async fn apply(tx: &mut Tx, scene: &Scene<'_>, change: &ScheduleChange) -> Result<(), ChangeError> {
    let unit_id = is_sound(scene, change)?;
    units::hold(tx, unit_id).await?;
    let rows = schedules::for_unit(tx, unit_id, change.valid_from, change.valid_from).await?;
    let twin = twin(&rows, change)?;
    let row = ScheduleRow {
        id: twin.map_or_else(|| ScheduleId::new(scene.now, &scene.app.chance), |row| row.id),
        unit_id,
        slot: change.slot,
        valid_from: change.valid_from,
        valid_to: change.valid_to,
        weekdays: change.weekdays,
        opens_minute: change.opens_minute,
        closes_minute: change.closes_minute,
        grace_minutes: change.grace_minutes,
    };
    if twin.is_some() {
        schedules::update(tx, &row).await?;
    } else {
        schedules::insert(tx, &row).await?;
    }
    Ok(())
}
