//! A morning in a minute: check-ins begin when people would begin them, whatever the server does; some networks are slow,
//! some photos are large, and some phones never hear the first answer and send once more.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use hadir::model::chance::Chance;
use tokio::time::sleep_until;

use super::{
    Stores, camera_photos, page_photos,
    phone::{CheckIn, Sent},
    process::{Process, threads},
    quantile,
};

/// How long the morning takes here.
const MINUTE: Duration = Duration::from_mins(1);
/// From 06.00 to 08.00, when most come and how far around it, as parts of the morning.
const PEAK: f64 = 85.0 / 120.0;
const SPREAD: f64 = 15.0 / 120.0;
/// The rest comes at any time.
const EVEN_PERCENT: u64 = 25;
const SLOW_PERCENT: u64 = 10;
const LARGE_PERCENT: u64 = 3;
const TWICE_PERCENT: u64 = 5;
/// What a slow network carries, bytes a second.
const SLOW: usize = 20_000;

pub fn run(count: usize) {
    let stores = Stores::chosen();
    println!(
        "a morning in a minute on {}: {count} check-ins, {SLOW_PERCENT} % over {} kB/s, {LARGE_PERCENT} % of 2.5 MB, {TWICE_PERCENT} % sent twice",
        stores.name(),
        SLOW / 1000
    );
    let heads = ["a second", "p50 ms", "p99 ms", "p99.9 ms", "CPU ms", "peak MB", "put off", "failed"];
    println!("{:<10} {}", "", heads.map(|head| format!("{head:>10}")).concat());
    let floor = threads().block_on(morning(Process::start("load-floor", stores, 0), count));
    let checkin = threads().block_on(morning(Process::start("load-server", stores, count), count));
    for (name, numbers) in [("floor", floor), ("check-in", checkin)] {
        println!("{name:<10} {}", numbers.map(|number| format!("{number:>10.2}")).concat());
    }
    let ratios: Vec<String> = checkin.iter().zip(floor).map(|(one, other)| format!("{:>10.2}", one / other)).collect();
    println!("{:<10} {}", "ratio", ratios.concat());
}

/// When somebody begins, as a part of the morning: mostly around the peak, the sum of uniform draws being nearly normal.
fn begins(draw: &impl Fn() -> u64) -> f64 {
    let uniform = || (draw() % 1_000_000) as f64 / 1e6;
    if draw() % 100 < EVEN_PERCENT {
        return uniform();
    }
    let normal = (0..12).map(|_| uniform()).sum::<f64>() - 6.0;
    (PEAK + SPREAD * normal).clamp(0.0, 1.0)
}

async fn morning(mut server: Process, count: usize) -> [f64; 8] {
    let chance = Chance::from_seed([7; 32]);
    let draw = || u64::from_be_bytes(chance.bytes());
    let (page, camera) = (Arc::new(page_photos()), Arc::new(camera_photos()));
    let mut planned: Vec<_> = (0..count)
        .map(|_| {
            let pace = if draw() % 100 < SLOW_PERCENT { SLOW } else { 0 };
            // The page makes its photos small; a large one over a slow network would not arrive within the limit.
            let photo = if pace == 0 && draw() % 100 < LARGE_PERCENT { &camera } else { &page };
            (begins(&draw), pace, draw() % 100 < TWICE_PERCENT, CheckIn::next(&mut server, photo))
        })
        .collect();
    planned.sort_by(|one, other| one.0.total_cmp(&other.0));
    server.forget_peak();
    let (address, before, began) = (server.address, server.cpu_ms(), Instant::now());
    let phones: Vec<_> = planned
        .into_iter()
        .map(|(at, pace, twice, check_in)| {
            tokio::spawn(async move {
                sleep_until((began + MINUTE.mul_f64(at)).into()).await;
                let sent = check_in.send(address, pace).await;
                if twice {
                    let again = check_in.send(address, pace).await;
                    assert!(matches!(again.status, 200 | 201), "{}", again.status);
                }
                (pace == 0, sent)
            })
        })
        .collect();
    let mut sent: Vec<(bool, Sent)> = Vec::with_capacity(count);
    for phone in phones {
        sent.push(phone.await.expect("a phone"));
    }
    let wall_s = began.elapsed().as_secs_f64();
    let failed = sent.iter().filter(|(_, sent)| sent.status != 201).count();
    let mut took: Vec<f64> =
        sent.iter().filter(|(fast, _)| *fast).map(|(_, sent)| sent.took.as_secs_f64() * 1e3).collect();
    took.sort_by(f64::total_cmp);
    [
        (count - failed) as f64 / wall_s,
        quantile(&took, 50_000),
        quantile(&took, 99_000),
        quantile(&took, 99_900),
        (server.cpu_ms() - before) / count as f64,
        server.peak_mb(),
        f64::from(sent.iter().map(|(_, sent)| sent.put_off).sum::<u32>()),
        failed as f64,
    ]
}
