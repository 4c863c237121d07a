//! Measurements: `scripts/measure NAME [FOLDER OF PHOTOS]`. Nothing here passes or fails; it prints what it saw.

#![expect(
    clippy::expect_used,
    clippy::disallowed_methods,
    clippy::format_collect,
    clippy::manual_midpoint,
    clippy::cast_possible_wrap,
    clippy::needless_for_each,
    clippy::too_many_lines,
    reason = "a measurement that cannot go on has failed, and its text is written once"
)]

mod board;
mod copies;
mod exif;
mod load;
mod own;
mod pictures;
mod positions;
mod queue;
mod reuse;
mod search;
mod speed;
#[expect(dead_code, reason = "the tests use more of it")]
#[path = "../tests/support/mod.rs"]
mod support;
mod verdicts;

use std::path::PathBuf;

const USAGE: &str = "scripts/measure NAME [FOLDER or COUNT]
  speed     CPU time of the photo checks against the image crate and a bare decode
  verdicts  findings after a scaled decode against those after a whole decode
  exif      fields read against exiftool
  reuse     recall and false pairs of the fingerprints, per change
  load      CPU time of a check-in against the least that could be done and a scaled decode; see scripts/load
  morning   COUNT check-ins when people make them, peak COUNT as fast as they go, slow beside COUNT slow ones
  copies    CPU time of both display copies against vipsthumbnail
  search    CPU time and memory of the search among 10,000,000 fingerprints
  board     the day of a unit of 1,000 people and of a city of 60,000, on both engines
  queue     time of a page of reviews and of a case, among 10,000 and 1,000,000 check-ins, with eight
            readers; PostgreSQL too behind scripts/scratch-postgres; FOLDER keeps the SQLite files
  positions verdicts on an assumed mix of phones beside simpler rules; decisions a second";

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let name = arguments.next().unwrap_or_default();
    let folder: Option<PathBuf> = arguments.next().map(PathBuf::from);
    let count: Option<usize> = folder.as_ref().and_then(|word| word.to_str()?.parse().ok());
    match name.as_str() {
        "speed" => speed::run(folder.as_deref()),
        "verdicts" => verdicts::run(folder.as_deref()),
        "exif" => exif::run(folder.as_deref()),
        "reuse" => reuse::run(folder.as_deref()),
        "search" => {
            search::run();
            own::run();
        }
        "positions" => positions::run(),
        "board" => board::run(),
        "queue" => queue::run(folder.as_deref()),
        // The cases that scripts/oracle-postgis compares.
        "positions-oracle" => positions::oracle(),
        "copies" => copies::run(folder.as_deref()),
        "load" => load::cost::run(),
        "peak" => load::peak::run(count.unwrap_or(10_000)),
        "morning" => load::curve::run(count.unwrap_or(3_000)),
        "slow" => load::slow::run(count.unwrap_or(64)),
        // The servers that these start.
        "load-server" => load::serve(count.unwrap_or_default()),
        "load-floor" => load::serve_floor(),
        "load-s3" => load::serve_s3(folder),
        _ => println!("{USAGE}"),
    }
}
