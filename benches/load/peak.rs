//! Check-ins as fast as they go: how many a second are acknowledged, beside the floor in the same run.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use futures_util::StreamExt as _;

use super::{
    Stores,
    album::Album,
    camera_photos, page_photos,
    phone::{CheckIn, Sent},
    process::{Process, threads},
    quantile,
};

/// Phones that send at the same time.
const TOGETHER: usize = 64;

/// What was seen.
struct Seen {
    a_second: f64,
    /// Sorted, milliseconds.
    took: Vec<f64>,
    put_off: u32,
    flagged: usize,
    cpu_ms: f64,
    own_cpu_ms: f64,
    peak_mb: f64,
    wall_s: f64,
    /// Until no photo waited to be examined any more, from the last answer on.
    after_s: f64,
    /// CPU time with that.
    whole_cpu_ms: f64,
}

pub fn run(count: usize) {
    let stores = Stores::chosen();
    println!("as fast as they go, {TOGETHER} phones, on {}", stores.name());
    let heads = [
        "count", "a second", "p50 ms", "p99 ms", "p99.9 ms", "CPU ms", "phone ms", "peak MB", "put off", "flagged",
        "of CPU",
    ];
    println!("{:<18} {}", "", heads.map(|head| format!("{head:>10}")).concat());
    for (name, album, count) in [("180 kB", page_photos(), count), ("2.5 MB", camera_photos(), count / 10)] {
        let album = Arc::new(album);
        let floor = threads().block_on(measured(Process::start("load-floor", stores, 0), &album, count));
        print(&format!("{name} floor"), count, &floor);
        let checkin = threads().block_on(measured(Process::start("load-server", stores, count), &album, count));
        print(&format!("{name} check-in"), count, &checkin);
        println!(
            "{name}: acknowledged {:.2} of the floor's number a second; all examined {:.1} s after the last answer, {:.2} ms CPU a check-in in all",
            checkin.a_second / floor.a_second,
            checkin.after_s,
            checkin.whole_cpu_ms
        );
    }
}

fn print(name: &str, count: usize, seen: &Seen) {
    let cores = std::thread::available_parallelism().map_or(1.0, |cores| cores.get() as f64);
    // What the cores could do with what the phones leave of them.
    let possible = (cores * seen.wall_s * 1e3 - seen.own_cpu_ms * count as f64) / seen.cpu_ms / seen.wall_s;
    let numbers = [
        seen.a_second,
        quantile(&seen.took, 50_000),
        quantile(&seen.took, 99_000),
        quantile(&seen.took, 99_900),
        seen.cpu_ms,
        seen.own_cpu_ms,
        seen.peak_mb,
        f64::from(seen.put_off),
        seen.flagged as f64,
        seen.a_second / possible,
    ];
    println!("{name:<18} {count:>10}{}", numbers.map(|number| format!("{number:>10.2}")).concat());
}

async fn measured(mut server: Process, album: &Arc<Album>, count: usize) -> Seen {
    let check_ins: Vec<_> = (0..count).map(|_| CheckIn::next(&mut server, album)).collect();
    server.forget_peak();
    let (address, before, own_before, began) =
        (server.address, server.cpu_ms(), cpu_time::ProcessTime::now(), Instant::now());
    let sent: Vec<Sent> = futures_util::stream::iter(check_ins)
        .map(|check_in| async move { check_in.send(address, 0).await })
        .buffer_unordered(TOGETHER)
        .collect()
        .await;
    let wall_s = began.elapsed().as_secs_f64();
    let refused: Vec<u16> = sent.iter().map(|sent| sent.status).filter(|status| *status != 201).collect();
    assert!(refused.is_empty(), "{} were not taken: {:?}", refused.len(), refused.first());
    let mut took: Vec<f64> = sent.iter().map(|sent| sent.took.as_secs_f64() * 1e3).collect();
    took.sort_by(f64::total_cmp);
    let (cpu, own_cpu, answered) = (server.cpu_ms(), own_before.elapsed(), Instant::now());
    // What it says is half a second old.
    tokio::time::sleep(Duration::from_secs(1)).await;
    while server.waiting().await.is_some_and(|waiting| waiting > 0) {
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    Seen {
        a_second: count as f64 / wall_s,
        took,
        flagged: sent.iter().filter(|sent| sent.flagged).count(),
        put_off: sent.iter().map(|sent| sent.put_off).sum(),
        cpu_ms: (cpu - before) / count as f64,
        own_cpu_ms: own_cpu.as_secs_f64() * 1e3 / count as f64,
        after_s: answered.elapsed().as_secs_f64(),
        whole_cpu_ms: (server.cpu_ms() - before) / count as f64,
        peak_mb: server.peak_mb(),
        wall_s,
    }
}
