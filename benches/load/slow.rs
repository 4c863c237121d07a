//! Slow networks beside a fast one: what a fast check-in takes alone and beside them, and what happens when there is no
//! room for more.

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use super::{
    Stores,
    album::Album,
    page_photos,
    phone::CheckIn,
    process::{Process, threads},
    quantile,
};

/// What a slow network carries, bytes a second.
const SLOW: usize = 5_000;
/// Fast check-ins that are timed, alone and beside the slow ones, in turns.
const FAST: usize = 400;

pub fn run(slow: usize) {
    threads().block_on(async {
        beside(slow).await;
        without_room(slow).await;
    });
}

async fn beside(slow: usize) {
    let stores = Stores::chosen();
    let photo = Arc::new(page_photos());
    let mut server = Process::start("load-server", stores, 3 * FAST + slow);
    drop(fast(&mut server, &photo).await);
    let alone = fast(&mut server, &photo).await;
    server.forget_peak();
    let address = server.address;
    let phones: Vec<_> = (0..slow)
        .map(|_| {
            let check_in = CheckIn::next(&mut server, &photo);
            tokio::spawn(async move { check_in.send(address, SLOW).await })
        })
        .collect();
    tokio::time::sleep(Duration::from_secs(2)).await;
    let began = Instant::now();
    let with = fast(&mut server, &photo).await;
    let fast_s = began.elapsed().as_secs_f64();
    for phone in phones {
        assert_eq!(phone.await.expect("a phone").status, 201);
    }
    println!(
        "{FAST} fast check-ins on {}, one after another, alone and beside {slow} at {} kB/s",
        stores.name(),
        SLOW / 1000
    );
    for (name, share) in [("p50", 50_000), ("p99", 99_000)] {
        let (one, other) = (quantile(&alone, share), quantile(&with, share));
        println!("{name}: {one:.2} and {other:.2} ms, {:.2} times", other / one);
    }
    println!("the fast ones took {fast_s:.1} s; peak memory {:.0} MB", server.peak_mb());
}

async fn fast(server: &mut Process, photo: &Arc<Album>) -> Vec<f64> {
    let mut took = Vec::with_capacity(FAST);
    for _ in 0..FAST {
        let sent = CheckIn::next(server, photo).send(server.address, 0).await;
        assert_eq!(sent.status, 201);
        took.push(sent.took.as_secs_f64() * 1e3);
    }
    took.sort_by(f64::total_cmp);
    took
}

/// A server with room for eight photos.
async fn without_room(slow: usize) {
    let photo = Arc::new(page_photos());
    let mut server = Process::start_with("load-server", Stores::chosen(), 2 * slow, photo.photo(1).len() * 8 + 65_536);
    let address = server.address;
    let phones: Vec<_> = (0..slow)
        .map(|_| {
            let check_in = CheckIn::next(&mut server, &photo);
            tokio::spawn(async move {
                let began = Instant::now();
                let (status, _) = check_in.once(address, SLOW * 4).await.unwrap_or_default();
                (status, began.elapsed().as_secs_f64())
            })
        })
        .collect();
    let (mut taken, mut put_off, mut longest) = (0, 0, 0.0_f64);
    for phone in phones {
        match phone.await.expect("a phone") {
            (201, _) => taken += 1,
            (503, took) => {
                put_off += 1;
                longest = longest.max(took);
            }
            (status, _) => println!("status {status}"),
        }
    }
    println!(
        "{slow} at once with room for eight: {taken} taken, {put_off} told to come back, the last after {longest:.1} s"
    );
    println!("photos kept: {}", photos(&server.folder().join("data")));
}

/// Photos in a folder and those below.
fn photos(folder: &Path) -> usize {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    let count = |entry: std::fs::DirEntry| {
        let path = entry.path();
        if path.is_dir() {
            photos(&path)
        } else {
            usize::from(path.metadata().is_ok_and(|file| file.len() > 100_000) && path.extension().is_none())
        }
    };
    entries.flatten().map(count).sum()
}
