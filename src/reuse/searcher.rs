//! One thread compares with everything; all who wait are answered in the same pass over the memory.

use std::{
    sync::{Arc, mpsc},
    thread,
};

use tokio::sync::oneshot;

use super::index::{Index, Near, Snapshot};
use crate::evidence::photo::{
    fingerprint::{Fingerprint, Nearness},
    thresholds::others_bits,
};

/// Most that are answered in one pass.
const TOGETHER: usize = 32;
/// Fewer photos than this are compared where it is asked: that takes less than waking the thread.
const HERE: u64 = 16_384;
/// Nearest ones that an answer holds.
const HITS: usize = 16;

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// The picture and its mirror image.
    pub prints: [Fingerprint; 2],
    /// Whose photos are left out, by the index's short name.
    pub except: u32,
    /// Photos recorded after this instant are left out, microseconds: whoever came first copied nobody.
    pub until: i64,
}

/// A kept fingerprint that is near.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// How near.
    pub nearness: Nearness,
    /// When its row was written, microseconds.
    pub recorded_at: i64,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// What was asked.
    pub prints: [Fingerprint; 2],
    /// With how many it was compared.
    pub searched: u64,
    /// The largest distance that counts among so many, bits.
    pub limit: u32,
    /// The nearest, nearest first.
    pub hits: Vec<Hit>,
}

struct Waiting {
    asked: Asked,
    answer: oneshot::Sender<Found>,
}

/// The thread, by its letterbox.
pub struct Searcher {
    index: Arc<Index>,
    letters: mpsc::Sender<Waiting>,
}

impl Searcher {
    /// Starts the thread; it ends when the searcher is dropped.
    ///
    /// # Errors
    /// The system's, when there can be no further thread.
    pub fn start(index: Arc<Index>) -> std::io::Result<Self> {
        let (letters, post) = mpsc::channel();
        let served = Arc::clone(&index);
        thread::Builder::new().name("reuse-search".to_owned()).spawn(move || serve(&served, &post))?;
        Ok(Self { index, letters })
    }

    /// Compares with everything; nothing when the thread is gone.
    pub async fn ask(&self, asked: Asked) -> Option<Found> {
        if self.index.len() < HERE {
            return answers(&self.index, &[asked])?.pop();
        }
        let (answer, answered) = oneshot::channel();
        self.letters.send(Waiting { asked, answer }).ok()?;
        answered.await.ok()
    }
}

fn serve(index: &Index, post: &mpsc::Receiver<Waiting>) {
    while let Ok(first) = post.recv() {
        let mut waiting = vec![first];
        waiting.extend(post.try_iter().take(TOGETHER - 1));
        let asked: Vec<Asked> = waiting.iter().map(|waiting| waiting.asked).collect();
        // Whoever waits for a search that breaks off is told so by the end of the channel.
        let Some(answers) = answers(index, &asked) else { continue };
        for (waiting, found) in waiting.into_iter().zip(answers) {
            // Whoever asked may have gone away.
            drop(waiting.answer.send(found));
        }
    }
}

/// Nothing when the search broke off.
fn answers(index: &Index, asked: &[Asked]) -> Option<Vec<Found>> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| search(&index.snapshot(), asked))).ok()
}

/// Answers everyone in one pass: a block is compared with all who ask before the next one is touched.
pub fn search(kept: &Snapshot, asked: &[Asked]) -> Vec<Found> {
    let searched = kept.len();
    let limit = others_bits(searched);
    let mut hits: Vec<Vec<Hit>> = vec![Vec::new(); asked.len()];
    for block in kept.blocks() {
        for (asked, hits) in asked.iter().zip(&mut hits) {
            for (print, mirrored) in asked.prints.into_iter().zip([false, true]) {
                block.near(print, limit, asked.until, asked.except, |Near { bits, recorded_at }| {
                    hits.push(Hit { nearness: Nearness { bits, mirrored }, recorded_at });
                });
            }
            if hits.len() > 4 * HITS {
                nearest(hits);
            }
        }
    }
    let found = |(mut hits, asked): (Vec<Hit>, &Asked)| {
        nearest(&mut hits);
        Found { prints: asked.prints, searched, limit, hits }
    };
    hits.into_iter().zip(asked).map(found).collect()
}

fn nearest(hits: &mut Vec<Hit>) {
    hits.sort_unstable_by_key(|hit| (hit.nearness, hit.recorded_at));
    hits.truncate(HITS);
}
