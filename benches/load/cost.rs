//! CPU time of one check-in, against the bare floor and a scaled decode of its photo.
//!
//! Both servers are asked in turns, so that whatever else the machine does meets both alike.

use std::{sync::Arc, time::Duration};

use cpu_time::ThreadTime;
use futures_util::StreamExt as _;
use hadir::evidence::photo::{
    decode,
    header::{Header, PhotoLimits},
    thresholds::DECODED_SIDE_PX,
};

use super::{
    Stores,
    album::Album,
    camera_photos, page_photos,
    phone::CheckIn,
    process::{Process, threads},
};
use crate::pictures::median;

/// Check-ins of a round.
const ROUND: usize = 48;
/// Phones that send at the same time, few and many.
const TOGETHER: [usize; 2] = [4, 16];
const ROUNDS: usize = 12;

pub fn run() {
    let stores = Stores::chosen();
    println!("CPU ms a check-in on {}, {ROUNDS} rounds of {ROUND}", stores.name());
    let heads = ["bytes", "phones", "check-in", "floor", "decode", "of both", "of floor"];
    println!("{:<8} {}", "", heads.map(|head| format!("{head:>10}")).concat());
    for (name, album) in [("180 kB", page_photos()), ("2.5 MB", camera_photos())] {
        let (photo, album) = (album.photo(1), Arc::new(album));
        let decode = decode_ms(&photo);
        for together in TOGETHER {
            let [checkin, floor, of_both, of_floor] =
                threads().block_on(side_by_side(stores, &album, decode, together));
            let numbers = [checkin, floor, decode, of_both, of_floor].map(|number| format!("{number:>10.2}")).concat();
            println!("{name:<8} {:>10}{together:>10}{numbers}", photo.len());
        }
    }
}

/// Both CPU times, and the ratios of check-in to floor and decode, and to the floor alone.
async fn side_by_side(stores: Stores, album: &Arc<Album>, decode: f64, together: usize) -> [f64; 4] {
    let mut checkin = Process::start("load-server", stores, ROUND * (ROUNDS + 1));
    let mut floor = Process::start("load-floor", stores, 0);
    let mut sums = [0.0; 2];
    for turn in 0..=ROUNDS {
        let both = [round(&mut checkin, album, together).await, round(&mut floor, album, together).await];
        // The first turn fills caches.
        if turn > 0 {
            sums.iter_mut().zip(both).for_each(|(sum, one)| *sum += one);
        }
    }
    let [checkin, floor] = sums.map(|sum| sum / ROUNDS as f64);
    [checkin, floor, checkin / (floor + decode), checkin / floor]
}

/// The server's CPU time for one of a round of check-ins.
async fn round(server: &mut Process, album: &Arc<Album>, together: usize) -> f64 {
    let check_ins: Vec<_> = (0..ROUND).map(|_| CheckIn::next(server, album)).collect();
    // Whatever is left of the round before has to be over.
    tokio::time::sleep(Duration::from_millis(60)).await;
    let (before, address) = (server.cpu_ms(), server.address);
    let send = |check_in: CheckIn| async move {
        let sent = check_in.send(address, 0).await;
        assert_eq!(sent.status, 201);
    };
    futures_util::stream::iter(check_ins).map(send).buffer_unordered(together).collect::<Vec<()>>().await;
    (server.cpu_ms() - before) / ROUND as f64
}

/// The scaled decode and nothing else.
fn decode_ms(bytes: &[u8]) -> f64 {
    let limits = PhotoLimits::default();
    let header = Header::read(bytes, &limits).expect("a photo");
    let time = |_| {
        let start = ThreadTime::now();
        drop(std::hint::black_box(decode::luma(bytes, &header, DECODED_SIDE_PX, &limits)));
        start.elapsed().as_secs_f64() * 1e3
    };
    median(&mut (0..21).map(time).collect::<Vec<f64>>())
}
