//! The same picture again: what a search among kept photos found, in findings and words.

use serde::{Deserialize, Serialize};

use super::{
    fingerprint::Nearness,
    thresholds::{ALIKE_BITS, SAME_PICTURE_BITS, others_bits},
};
use crate::{
    evidence::finding::{Code, Finding, Measure},
    model::{
        ids::CheckinId,
        time::WorkDate,
        words::{Severity, UnitOfMeasure, Words},
    },
};

/// A kept photo that comes near.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Likeness {
    /// Of which check-in.
    pub checkin_id: CheckinId,
    /// Whether it is of the same person.
    pub own: bool,
    /// Its work date.
    pub work_date: WorkDate,
    /// Whether the picture data are the same, byte by byte.
    pub identical: bool,
    /// How near; none when only the bytes were compared.
    pub nearness: Option<Nearness>,
}

/// What a search did and found; kept with the evidence.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Search {
    /// Fingerprints of all people that were compared; none when that search had not run yet.
    pub searched: Option<u64>,
    /// Fingerprints of the same person that were compared.
    pub searched_own: u64,
    /// The nearest ones, at most a handful.
    pub found: Vec<Likeness>,
}

impl Likeness {
    fn bits(&self) -> u32 {
        if self.identical { 0 } else { self.nearness.map_or(u32::MAX, |nearness| nearness.bits) }
    }
}

/// The findings of a search: the nearest photo of the person, and the nearest of anybody else.
pub fn findings(search: &Search) -> Vec<Finding> {
    let nearest = |own: bool| search.found.iter().filter(|found| found.own == own).min_by_key(|found| found.bits());
    let own = nearest(true).and_then(of_oneself);
    let other = nearest(false).and_then(|found| of_another(found, search.searched.unwrap_or(0)));
    other.into_iter().chain(own).collect()
}

fn of_oneself(found: &Likeness) -> Option<Finding> {
    let (bits, date) = (found.bits(), found.work_date);
    if bits <= SAME_PICTURE_BITS {
        let (how_id, how_en) = how(found);
        return Some(Finding {
            code: Code::PhotoUsedBefore,
            severity: Severity::High,
            measure: Some(measure(bits, SAME_PICTURE_BITS)),
            words: Words::new(
                format!("Foto yang sama sudah dipakai untuk presensi tanggal {date} ({how_id})."),
                format!("The same picture was used for the check-in of {date} ({how_en})."),
            ),
        });
    }
    (bits <= ALIKE_BITS).then(|| Finding {
        code: Code::PhotoLikeBefore,
        severity: Severity::Low,
        measure: Some(measure(bits, ALIKE_BITS)),
        words: Words::new(
            format!("Foto mirip dengan foto presensi tanggal {date} ({bits} dari 256 bit berbeda)."),
            format!("The photo is much like that of the check-in of {date} ({bits} of 256 bits differ)."),
        ),
    })
}

fn of_another(found: &Likeness, searched: u64) -> Option<Finding> {
    let (bits, limit) = (found.bits(), others_bits(searched));
    let (how_id, how_en) = how(found);
    (bits <= limit).then(|| Finding {
        code: Code::PhotoOfAnother,
        severity: Severity::High,
        measure: Some(measure(bits, limit)),
        words: Words::new(
            format!("Gambar yang sama sudah dikirim oleh orang lain untuk tanggal {} ({how_id}).", found.work_date),
            format!("The same picture was sent by another person for {} ({how_en}).", found.work_date),
        ),
    })
}

fn measure(bits: u32, threshold: u32) -> Measure {
    Measure { measured: f64::from(bits), threshold: f64::from(threshold), unit: UnitOfMeasure::Bits }
}

fn how(found: &Likeness) -> (String, String) {
    match found.nearness {
        _ if found.identical => ("data gambarnya persis sama".to_owned(), "its picture data are identical".to_owned()),
        Some(Nearness { bits, mirrored: true }) => {
            (format!("dicerminkan, {bits} dari 256 bit berbeda"), format!("mirrored, {bits} of 256 bits differ"))
        }
        _ => {
            let bits = found.bits();
            (format!("{bits} dari 256 bit berbeda"), format!("{bits} of 256 bits differ"))
        }
    }
}
