//! Device evidence: whether a key that was enrolled for the person vouches for a check-in.

use super::finding::{Code, Finding};
use crate::model::words::{Severity, Words};

/// What became of a check-in's signature.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Signature {
    /// An enrolled key of the person signed exactly this.
    Good,
    /// The same, by a key that was enrolled within the last day.
    New,
    /// There is none, and the person has enrolled no phone.
    None,
    /// There is none, although the person has an enrolled phone.
    Left,
    /// By a key that is not enrolled for this person, or was taken away.
    UnknownKey,
    /// By an enrolled key, over something else.
    Wrong,
}

/// What there is to remark. A lost key is no offence: only a signature that contradicts itself weighs something.
pub fn findings(signature: Signature) -> Option<Finding> {
    let (code, severity, id, en) = match signature {
        Signature::Good | Signature::None => return None,
        Signature::New => (
            Code::DeviceNew,
            Severity::Info,
            "Ditandatangani oleh ponsel yang baru didaftarkan.",
            "Signed by a phone that was enrolled just now.",
        ),
        Signature::Left => (
            Code::DeviceNotSigned,
            Severity::Low,
            "Tidak ditandatangani oleh ponsel yang terdaftar.",
            "Not signed by an enrolled phone.",
        ),
        Signature::UnknownKey => (
            Code::DeviceUnknown,
            Severity::Info,
            "Ditandatangani oleh kunci ponsel yang belum terdaftar.",
            "Signed by a phone's key that is not enrolled.",
        ),
        Signature::Wrong => (
            Code::DeviceSignature,
            Severity::Medium,
            "Tanda tangan ponsel tidak cocok dengan isi kiriman.",
            "The phone's signature does not fit what was sent.",
        ),
    };
    Some(Finding { code, severity, measure: None, words: Words::new(id, en) })
}
