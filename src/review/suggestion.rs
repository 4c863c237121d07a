//! PURE: the reason to accept that goes with what was found, so that an acceptance is one key. The reviewer still decides.

use crate::{evidence::finding::Code, model::words::ReasonCode};

/// The reason that explains the heaviest of the findings; during a declared outage it is that.
pub fn reason<'a>(codes: impl Iterator<Item = &'a str>, outage: bool) -> ReasonCode {
    let codes: Vec<&str> = codes.collect();
    let has = |code: Code| codes.contains(&code.as_str());
    let about = |subject: &str| codes.iter().any(|code| code.starts_with(subject));
    if codes.is_empty() {
        ReasonCode::InOrder
    } else if outage {
        ReasonCode::ServiceFault
    } else if has(Code::LocationOutside) || has(Code::PositionJump) || has(Code::PlaceMissing) {
        ReasonCode::PlaceExplained
    } else if about("photo.") {
        ReasonCode::PhotoSufficient
    } else if about("location.") || about("position.") {
        ReasonCode::DeviceImprecise
    } else if about("time.") || about("challenge.") || has(Code::PlaceUnreadable) {
        ReasonCode::ServiceFault
    } else {
        ReasonCode::InOrder
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::words::Decision;

    #[test]
    fn every_finding_has_a_reason_to_accept() {
        for code in Code::ALL {
            for outage in [false, true] {
                assert_eq!(reason([code.as_str()].into_iter(), outage).decision(), Decision::Accept, "{code:?}");
            }
        }
    }

    #[test]
    fn the_heaviest_finding_names_the_reason() {
        let of = |codes: &[&'static str], outage| reason(codes.iter().copied(), outage);
        assert_eq!(of(&[], false), ReasonCode::InOrder);
        assert_eq!(of(&["location.cannot_tell"], false), ReasonCode::DeviceImprecise);
        assert_eq!(of(&["location.cannot_tell", "photo.dark"], false), ReasonCode::PhotoSufficient);
        assert_eq!(of(&["photo.dark", "location.outside"], false), ReasonCode::PlaceExplained);
        assert_eq!(of(&["time.delivered_late"], false), ReasonCode::ServiceFault);
        assert_eq!(of(&["location.outside"], true), ReasonCode::ServiceFault);
    }
}
