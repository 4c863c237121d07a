//! A week of check-ins and reviews, sent at the times they would have been sent.

use jiff::civil;
use reqwest::Client;
use serde_json::json;

use super::{
    super::Failure,
    city::{self, Resident},
    phone::{Capture, Phone},
    scene::{self, Scene},
};
use crate::model::{
    chance::Chance,
    ids::CheckinId,
    time::{SetClock, Timestamp, WorkDate, zone_named},
};

/// Days of history.
const DAYS: i64 = 7;
/// The same week each time.
const SEED: [u8; 32] = [7; 32];
/// Metres of one degree of latitude, near enough to scatter demo positions.
const METRES_A_DEGREE: f64 = 111_320.0;
/// Time for an answer, seconds: still running when the demo starts.
const QUESTION_S: i64 = 13 * 86_400;
/// Local hour at which supervisors look at their queue.
const REVIEW_HOUR: i8 = 20;

/// What was played.
#[derive(Default)]
pub struct Played {
    pub checkins: usize,
    pub flagged: usize,
    pub reviewed: usize,
}

/// Something that happens at a time.
struct Event {
    at: Timestamp,
    who: &'static Resident,
    what: What,
}

enum What {
    CheckIn {
        slot: &'static str,
        fate: Fate,
    },
    /// A reading at a home that is being registered; the last one asks for it.
    Reading {
        ask: bool,
    },
    Review,
}

/// How a check-in goes.
#[derive(Clone, Copy)]
enum Fate {
    AtHome,
    Coarse,
    Away,
    Dark,
}

/// Plays the week before `today` against the server at `url`.
pub async fn play(url: &str, clock: &SetClock, today: WorkDate) -> Result<Played, Failure> {
    let chance = Chance::from_seed(SEED);
    let mut events = plan(&chance, today);
    events.sort_by_key(|event| event.at);
    let (client, mut played) = (Client::new(), Played::default());
    for Event { at, who, what } in events {
        clock.set(at);
        let phone = Phone::sign_in(&client, url, who.nip, city::PASSWORD).await?;
        match what {
            What::CheckIn { slot, fate } => {
                let id = CheckinId::new(at, &chance).0;
                let answer = phone.check_in(slot, id, at, capture(&chance, who, fate)).await?;
                played.checkins += 1;
                played.flagged += usize::from(answer["receipt"]["verdict"] == "flagged");
            }
            What::Reading { ask } => register(&phone, &chance, at, ask).await?,
            What::Review => played.reviewed += review(&phone, at).await?,
        }
    }
    Ok(played)
}

fn plan(chance: &Chance, today: WorkDate) -> Vec<Event> {
    let mut events = Vec::new();
    // The last two days of work stay open, so that there is a queue to look at, on a Monday too.
    let left_open = today.plus_days(-(1..=DAYS).filter(|back| is_working(today.plus_days(-back))).nth(1).unwrap_or(2));
    for back in 1..=DAYS {
        let date = today.plus_days(-back);
        // Somebody new: readings on several days, and a home that waits for the supervisor.
        for who in city::PEOPLE.iter().filter(|who| who.nip == city::NEWCOMER && back <= 2) {
            for (hour, ask) in [(6, false), (7, back == 1)] {
                events.extend(at(date, hour, 20, who).map(|at| Event { at, who, what: What::Reading { ask } }));
            }
        }
        if !is_working(date) {
            continue;
        }
        for who in city::PEOPLE {
            if who.home.is_some() {
                for (slot, opens) in [("morning", 6), ("evening", 16)] {
                    let minute = below(chance, 148);
                    // One slot in fifteen is simply missed.
                    if below(chance, 15) > 0 {
                        events.extend(at(date, opens, minute, who).map(|at| Event {
                            at,
                            who,
                            what: What::CheckIn { slot, fate: fate(chance) },
                        }));
                    }
                }
            }
            if who.role == "supervisor" && date < left_open {
                events.extend(at(date, REVIEW_HOUR, 0, who).map(|at| Event { at, who, what: What::Review }));
            }
        }
    }
    events
}

fn is_working(date: WorkDate) -> bool {
    !matches!(date.0.weekday(), civil::Weekday::Saturday | civil::Weekday::Sunday)
}

/// Local time of a person as an instant.
fn at(date: WorkDate, hour: i8, minute: u32, who: &Resident) -> Option<Timestamp> {
    let (_, zone) = zone_named(city::zone_of(who.unit))?;
    let local = date.0.at(hour, 0, 0, 0).to_zoned(zone).ok()?;
    Some(Timestamp::from(local.timestamp()).plus_seconds(i64::from(minute) * 60))
}

/// Takes a reading at the newcomer's home; at last asks for the home.
async fn register(phone: &Phone<'_>, chance: &Chance, at: Timestamp, ask: bool) -> Result<(), Failure> {
    let (latitude, longitude) = city::NEW_HOME;
    let off = |chance: &Chance| f64::from(below(chance, 1200)) / 1e7 - 6e-5;
    let fix = json!({"latitude": latitude + off(chance), "longitude": longitude + off(chance),
        "accuracy_m": 9.0 + f64::from(below(chance, 15)), "fix_time": at.plus_seconds(-4)});
    phone.post("/api/v1/me/home/readings", &json!({"sent_at": at, "accuracy_basis": "web", "fixes": [fix]})).await?;
    if ask {
        let body = json!({"kind": "home", "reason_code": "first_home", "note": "Kontrakan baru dekat stasiun."});
        phone.post("/api/v1/me/place-requests", &body).await?;
    }
    Ok(())
}

fn fate(chance: &Chance) -> Fate {
    match below(chance, 24) {
        0 | 1 => Fate::Coarse,
        2 => Fate::Away,
        3 => Fate::Dark,
        _ => Fate::AtHome,
    }
}

fn capture(chance: &Chance, who: &Resident, fate: Fate) -> Capture {
    let (latitude, longitude) = who.home.unwrap_or_default();
    let (metres, accuracy_m) = match fate {
        Fate::AtHome | Fate::Dark => (f64::from(below(chance, 25)), 8.0 + f64::from(below(chance, 25))),
        Fate::Coarse => (f64::from(below(chance, 200)), 300.0 + f64::from(below(chance, 900))),
        Fate::Away => (400.0 + f64::from(below(chance, 4000)), 10.0 + f64::from(below(chance, 20))),
    };
    let angle = f64::from(below(chance, 360)).to_radians();
    let east = metres * angle.sin() / latitude.to_radians().cos();
    let home =
        who.nip.bytes().fold(0x9E37_79B9, |home: u64, digit| home.wrapping_mul(0x100_0000_01B3) ^ u64::from(digit));
    let scene = Scene { dark: matches!(fate, Fate::Dark), home, shot: u64::from_le_bytes(chance.bytes()) };
    Capture {
        latitude: latitude + metres * angle.cos() / METRES_A_DEGREE,
        longitude: longitude + east / METRES_A_DEGREE,
        accuracy_m,
        photo: scene::draw(&scene),
    }
}

/// Decides what waits; every third case stays, and whoever was outside is asked where they were.
async fn review(phone: &Phone<'_>, at: Timestamp) -> Result<usize, Failure> {
    let queue = phone.get("/api/v1/reviews?scope=mine&limit=100").await?;
    let mut decided = 0;
    for (index, item) in queue["items"].as_array().into_iter().flatten().enumerate() {
        let Some(id) = item["id"].as_str() else { continue };
        let case = phone.get(&format!("/api/v1/reviews/{id}")).await?;
        let code = case["reasons"][0]["code"].as_str();
        if index % 3 == 2 {
            if code == Some("location.outside") {
                phone.post(&format!("/api/v1/reviews/{id}/claim"), &json!({})).await?;
                let question = json!({"text": "Posisi Anda jauh dari rumah. Di mana Anda saat itu?", "due_at": at.plus_seconds(QUESTION_S)});
                phone.post(&format!("/api/v1/reviews/{id}/question"), &question).await?;
            }
            continue;
        }
        phone.post(&format!("/api/v1/reviews/{id}/claim"), &json!({})).await?;
        for attempt in case["checkins"].as_array().into_iter().flatten().filter(|attempt| attempt["in_case"] == true) {
            phone.open(&format!("{}?side=320", attempt["photo_url"].as_str().unwrap_or_default())).await?;
        }
        let ruling = match code {
            Some("location.outside") => {
                json!({"decision": "reject", "reason_code": "not_at_place", "note": "Tidak ada izin keluar rumah."})
            }
            Some("photo.dark") => json!({"decision": "reject", "reason_code": "photo_unreadable"}),
            _ => json!({"decision": "accept", "reason_code": case["suggested_reason"]}),
        };
        phone.post(&format!("/api/v1/reviews/{id}/decision"), &ruling).await?;
        decided += 1;
    }
    tracing::debug!(%at, decided, "reviewed");
    Ok(decided)
}

/// A random whole number below `limit`.
fn below(chance: &Chance, limit: u32) -> u32 {
    u32::from_le_bytes(chance.bytes()) % limit.max(1)
}
