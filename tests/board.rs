//! How a slot stands is pure: every state has its one reason, and counting many is counting each.

use hadir::model::words::PolicyName;
use hadir::{
    model::{
        time::{Timestamp, WorkDate},
        words::{Decision, Duty, Slot, Timing, Verdict},
    },
    policy::values::{Set, Values, bounds, misfit},
    presence::{
        Window,
        board::{self, Known, Received, SlotState, Tally},
    },
};
use proptest::prelude::*;

const HOUR: i64 = 3_600;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_microsecond(seconds * 1_000_000)
}

/// Open from 6 to 8, in grace until 9.
fn window() -> Window {
    Window {
        slot: Slot::Morning,
        work_date: WorkDate(jiff::civil::date(1970, 1, 1)),
        opens: at(6 * HOUR),
        closes: at(8 * HOUR),
        grace_ends: at(9 * HOUR),
    }
}

fn duties() -> impl Strategy<Value = Option<Duty>> {
    prop::option::of(prop::sample::select(Duty::ALL))
}

fn received() -> impl Strategy<Value = Option<Received>> {
    let one = (
        prop::sample::select(Timing::ALL),
        prop::sample::select(Verdict::ALL),
        prop::option::of(prop::sample::select(Decision::ALL)),
    );
    prop::option::of(one.prop_map(|(timing, verdict, decision)| Received { timing, verdict, decision }))
}

proptest! {
    #[test]
    fn every_state_has_its_one_reason(
        due in any::<bool>(), duty in duties(), received in received(), outage in any::<bool>(), now in 0..24 * HOUR,
    ) {
        let window = window();
        let known = Known { window: due.then_some(&window), duty, received, outage };
        let state = board::state(&known, at(now));
        let at_home = matches!(duty, None | Some(Duty::Home));
        let expected = match state {
            SlotState::Received => received.is_some(),
            SlotState::NotDue => received.is_none() && (!due || matches!(duty, Some(Duty::Office | Duty::Exempt))),
            SlotState::NotYet => received.is_none() && due && at_home && now < 6 * HOUR,
            SlotState::MissingYet => received.is_none() && due && at_home && (6 * HOUR..9 * HOUR).contains(&now),
            SlotState::Missing => received.is_none() && due && at_home && now >= 9 * HOUR && !outage,
            SlotState::Excused => received.is_none() && due
                && (matches!(duty, Some(Duty::Leave | Duty::Elsewhere)) || (at_home && now >= 9 * HOUR && outage)),
        };
        prop_assert!(expected, "{state:?}");
        let words = board::words(&known, state, None, &jiff::tz::TimeZone::UTC);
        prop_assert!(words.id.ends_with('.') && words.en.ends_with('.'));
    }

    #[test]
    fn nothing_is_missing_that_was_received_or_that_an_outage_touched(received in received(), now in 0..48 * HOUR) {
        let window = window();
        let hit = Known { window: Some(&window), duty: None, received, outage: true };
        prop_assert!(board::state(&hit, at(now)) != SlotState::Missing);
    }

    #[test]
    fn counting_many_is_counting_each(
        people in prop::collection::vec((duties(), received()), 0..40), outage in any::<bool>(), now in 0..24 * HOUR,
    ) {
        let window = window();
        let (mut each, mut parts) = (Tally::new(Slot::Morning), vec![]);
        let (mut states, mut excused, mut not_due) = (0, 0, 0);
        for (duty, received) in &people {
            let known = Known { window: Some(&window), duty: *duty, received: *received, outage };
            let state = board::state(&known, at(now));
            each.count(state, *received, 1);
            let mut part = Tally::new(Slot::Morning);
            part.count(state, *received, 3);
            parts.push(part);
            states += i64::from(matches!(state, SlotState::NotYet));
            excused += i64::from(state == SlotState::Excused);
            not_due += i64::from(state == SlotState::NotDue);
        }
        prop_assert_eq!(each.expected, each.received + each.missing_yet + each.missing + states);
        prop_assert_eq!((each.excused, each.expected + excused + not_due), (excused, i64::try_from(people.len()).unwrap()));
        prop_assert!(each.late <= each.received && each.flagged <= each.received);
        let mut sums = vec![Tally::new(Slot::Morning)];
        board::add_up(&mut sums, &parts);
        prop_assert_eq!((sums[0].expected, sums[0].missing, sums[0].flagged), (3 * each.expected, 3 * each.missing, 3 * each.flagged));
    }

    #[test]
    fn an_outage_touches_a_window_only_where_both_have_a_moment(start in 0..24 * HOUR, length in 1..5 * HOUR) {
        let touches = board::touches(&window(), at(start), at(start + length));
        let shared = (start..start + length).any(|second| (6 * HOUR..9 * HOUR).contains(&second));
        prop_assert_eq!(touches, shared);
    }

    #[test]
    fn the_value_on_a_day_is_the_one_that_began_last(sets in prop::collection::vec((0..60_i64, 1..14_u8), 0..12), day in -5..70_i64) {
        let first = WorkDate(jiff::civil::date(2026, 11, 1));
        let set = |(from, value): &(i64, u8)| Set { name: PolicyName::Answer, value: f64::from(*value), valid_from: first.plus_days(*from) };
        let values = Values::new(|_| 2.0, sets.iter().map(set).collect());
        let begun: Vec<&(i64, u8)> = sets.iter().filter(|(from, _)| *from <= day).collect();
        let last = begun.iter().map(|(from, _)| *from).max();
        let expected = begun.iter().rev().find(|(from, _)| Some(*from) == last).map_or(2, |(_, value)| i64::from(*value));
        prop_assert_eq!(values.whole_on(PolicyName::Answer, first.plus_days(day)), expected);
        prop_assert_eq!(values.whole_on(PolicyName::Appeal, first.plus_days(day)), 2, "another name");
    }
}

#[test]
fn bounds_of_values_hold_at_their_edges() {
    for name in PolicyName::ALL {
        let limits = bounds(*name);
        for (value, fits) in [
            (limits.min, true),
            (limits.max, true),
            (limits.min - 0.001, false),
            (limits.max + 0.001, false),
            (f64::NAN, false),
            (f64::INFINITY, false),
            (limits.min + 0.5, !limits.whole),
        ] {
            assert_eq!(misfit(*name, value).is_none(), fits, "{name} {value}");
        }
        let default = hadir::config::Config::default().policy_default(*name);
        assert!(misfit(*name, default).is_none(), "the setting of {name} breaks its bounds");
    }
}
