//! Problems that belong together: those of an act that several routes, or a long story, can end in.

use super::problem::Code;

/// Problems of a check-in.
pub(super) const CHECK_IN: &[Code] = &[
    Code::UploadMalformed,
    Code::UploadIncomplete,
    Code::UploadStalled,
    Code::UploadTooLarge,
    Code::CheckinInvalid,
    Code::CheckinIdTaken,
    Code::AttemptsExhausted,
    Code::SlotNotDue,
    Code::SlotTooEarly,
    Code::SlotClosed,
    Code::ChallengeUnknown,
    Code::ChallengeOtherSlot,
    Code::ChallengeExpired,
    Code::ChallengeSpent,
    Code::PositionUnusable,
    Code::PhotoNotAnImage,
    Code::PhotoFormat,
    Code::PhotoIncomplete,
    Code::PhotoTooMuch,
    Code::Busy,
    Code::Stopping,
    Code::StorageUnavailable,
];

/// Problems of answering in a case.
pub(super) const ANSWER: &[Code] = &[
    Code::NotFound,
    Code::ParameterInvalid,
    Code::BodyInvalid,
    Code::NoteTooLong,
    Code::UploadMalformed,
    Code::UploadIncomplete,
    Code::UploadStalled,
    Code::UploadTooLarge,
    Code::ReviewDecided,
    Code::AnswersTooMany,
    Code::AnswerIdTaken,
    Code::PhotoNotAnImage,
    Code::PhotoFormat,
    Code::PhotoIncomplete,
    Code::PhotoTooMuch,
    Code::Busy,
    Code::StorageUnavailable,
];

/// Problems of asking for a place.
pub(super) const PLACE: &[Code] = &[
    Code::BodyInvalid,
    Code::ShapeInvalid,
    Code::PlaceDatesInvalid,
    Code::PlaceReasonInvalid,
    Code::PlaceTooOften,
    Code::PlacePending,
    Code::ReadingsTooFew,
];

/// Problems of correcting a place.
pub(super) const CORRECTION: &[Code] = &[
    Code::BodyInvalid,
    Code::NotFound,
    Code::ShapeInvalid,
    Code::PlaceDatesInvalid,
    Code::PlaceReasonInvalid,
    Code::PlacePending,
    Code::PlaceOwn,
];

/// Problems of taking a case.
pub(super) const CLAIM: &[Code] =
    &[Code::NotFound, Code::ParameterInvalid, Code::ReviewHeld, Code::ReviewNotHeld, Code::ReviewDecided];

/// Problems of deciding a change.
pub(super) const DECIDE_CHANGE: &[Code] = &[
    Code::NotFound,
    Code::ParameterInvalid,
    Code::BodyInvalid,
    Code::ChangeOwn,
    Code::ChangeDecided,
    Code::ChangeInvalid,
];
