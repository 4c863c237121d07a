//! Ten million fingerprints: time of a search, alone and in company, and the memory they take.

use cpu_time::ThreadTime;
use hadir::{
    evidence::photo::fingerprint::Fingerprint,
    model::ids::PersonId,
    reuse::{
        index::{Index, NOBODY},
        searcher::{Asked, search},
    },
};

use crate::pictures::{Noise, median};

const PHOTOS: u64 = 10_000_000;
const PEOPLE: u64 = 60_000;

fn random(noise: &mut Noise) -> Fingerprint {
    Fingerprint(std::array::from_fn(|_| noise.next() ^ noise.next().rotate_left(29)))
}

pub fn run() {
    let (index, mut noise) = (Index::default(), Noise(7));
    let before = resident();
    let start = ThreadTime::now();
    for number in 0..PHOTOS {
        index.enter(random(&mut noise), number as i64, person(number % PEOPLE));
    }
    let entered = start.elapsed().as_secs_f64();
    println!(
        "{PHOTOS} fingerprints entered: {:.2} us each, {:.1} bytes each",
        entered / PHOTOS as f64 * 1e6,
        (resident() - before) as f64 / PHOTOS as f64
    );
    for together in [1, 2, 4, 8, 16, 32] {
        let mut times = Vec::new();
        for _ in 0..5 {
            let asked: Vec<Asked> = (0..together)
                .map(|_| Asked { prints: [random(&mut noise), random(&mut noise)], except: NOBODY, until: i64::MAX })
                .collect();
            let start = ThreadTime::now();
            let found = search(&index.snapshot(), &asked);
            times.push(start.elapsed().as_secs_f64() * 1e3 / f64::from(together));
            assert!(found.iter().all(|found| found.searched == PHOTOS));
        }
        println!("{together:>2} together: {:.2} ms CPU a photo (the picture and its mirror image)", median(&mut times));
    }
    exact(&index, &mut noise);
}

/// The same answers as a plain loop over what was entered.
fn exact(index: &Index, noise: &mut Noise) {
    let mut entered = Noise(7);
    let kept: Vec<Fingerprint> = (0..PHOTOS / 10).map(|_| random(&mut entered)).collect();
    let mut agreed = 0;
    for number in 0..20_u64 {
        // A kept one with some bits turned over.
        let mut print = kept[(noise.next() % kept.len() as u64) as usize];
        (0..number * 3).for_each(|_| print.0[(noise.next() % 4) as usize] ^= 1 << (noise.next() % 64));
        let found = &search(&index.snapshot(), &[Asked { prints: [print, print], except: NOBODY, until: i64::MAX }])[0];
        let nearest = kept.iter().map(|kept| kept.distance(&print)).min().unwrap_or(256);
        agreed += u32::from(found.hits.first().is_some_and(|hit| hit.nearness.bits == nearest) || nearest > 68);
    }
    println!("{agreed} of 20 nearest ones equal a plain loop");
}

fn person(number: u64) -> PersonId {
    let mut bytes = [0; 16];
    bytes[8..].copy_from_slice(&number.to_be_bytes());
    PersonId::from_bytes(bytes)
}

/// Bytes of memory in use, as Linux counts them.
fn resident() -> i64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("/proc");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("VmRSS");
    line.trim().trim_end_matches(" kB").parse::<i64>().expect("a number") * 1024
}
