//! From the errors of each module to problems. The only mapper; a 5xx never carries internal text.

use serde_json::json;

use super::{
    presence::WindowView,
    problem::{Code, Problem},
    upload::UploadError,
};
use crate::{
    changes::ChangeError,
    checkin::{
        SubmitError,
        challenge::{IssueError, Refused as ChallengeRefused},
        draft::DraftError,
        map::MapError,
        photo::PhotoError,
    },
    display::DisplayError,
    evidence::photo::header::Refused as PhotoRefused,
    log::LogError,
    own_data::OwnDataError,
    people::PeopleError,
    places::{geojson::GeoJsonError, request::PlaceError},
    presence::Moment,
    review::ReviewError,
    session::{access, devices::DeviceError, password::PasswordError, sign_in::SignInError},
    store::StoreError,
    telemetry::in_full,
    work::WorkError,
};

/// Seconds after which a busy server is asked again.
const BUSY_RETRY_S: u64 = 5;

/// The cause goes into the log, not into the answer.
fn internal(error: &dyn std::error::Error) -> Problem {
    tracing::error!(error = %in_full(error), "a request failed inside");
    Problem::new(Code::Internal, "the cause is in the server's log under this request id")
}

fn unavailable(error: &dyn std::error::Error) -> Problem {
    tracing::error!(error = %in_full(error), "storage does not answer");
    Problem::new(Code::StorageUnavailable, "storage does not answer").retry_after(BUSY_RETRY_S)
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        if matches!(error, StoreError::Unavailable(_)) { unavailable(&error) } else { internal(&error) }
    }
}

impl From<LogError> for Problem {
    fn from(error: LogError) -> Self {
        match error {
            LogError::Store(error) => error.into(),
            LogError::Encoding(_) => internal(&error),
        }
    }
}

impl From<WorkError> for Problem {
    fn from(error: WorkError) -> Self {
        match error {
            WorkError::Busy => Self::new(Code::Busy, error.to_string()).retry_after(BUSY_RETRY_S),
            WorkError::Lost => internal(&error),
        }
    }
}

impl From<access::Refused> for Problem {
    fn from(refused: access::Refused) -> Self {
        let code = match refused {
            access::Refused::Invalid => Code::TokenInvalid,
            access::Refused::Expired => Code::TokenExpired,
        };
        Self::new(code, refused.to_string())
    }
}

impl From<SignInError> for Problem {
    fn from(error: SignInError) -> Self {
        let detail = error.to_string();
        match error {
            SignInError::Wrong => Self::new(Code::SignInWrong, detail),
            SignInError::Throttled { seconds } => {
                Self::new(Code::SignInThrottled, detail).retry_after(u64::try_from(seconds).unwrap_or(1))
            }
            SignInError::Over => Self::new(Code::SignInOver, detail),
            SignInError::Reused => Self::new(Code::SignInReused, detail),
            SignInError::Work(error) => error.into(),
            SignInError::Store(error) => error.into(),
            SignInError::Signing(error) => internal(&error),
        }
    }
}

impl From<IssueError> for Problem {
    fn from(error: IssueError) -> Self {
        match error {
            IssueError::TooMany { .. } => Self::new(Code::ChallengesTooMany, error.to_string()).retry_after(60),
            IssueError::Store(error) => error.into(),
        }
    }
}

impl From<UploadError> for Problem {
    fn from(error: UploadError) -> Self {
        let code = match &error {
            UploadError::TooLarge { .. } => Code::UploadTooLarge,
            UploadError::Stalled { .. } | UploadError::Slow { .. } => Code::UploadStalled,
            UploadError::Incomplete => Code::UploadIncomplete,
            UploadError::Malformed(_) => Code::UploadMalformed,
        };
        Self::new(code, error.to_string())
    }
}

impl From<DraftError> for Problem {
    fn from(error: DraftError) -> Self {
        Self::new(Code::CheckinInvalid, error.to_string())
    }
}

impl From<PhotoRefused> for Problem {
    fn from(refused: PhotoRefused) -> Self {
        let code = match refused {
            PhotoRefused::NotAnImage { .. } => Code::PhotoNotAnImage,
            PhotoRefused::Format { .. } => Code::PhotoFormat,
            PhotoRefused::Truncated { .. } => Code::PhotoIncomplete,
            PhotoRefused::TooMuch { .. } => Code::PhotoTooMuch,
        };
        Self::new(code, refused.to_string())
    }
}

impl From<ChallengeRefused> for Problem {
    fn from(refused: ChallengeRefused) -> Self {
        let code = match refused {
            ChallengeRefused::Unknown => Code::ChallengeUnknown,
            ChallengeRefused::OtherSlot(_) => Code::ChallengeOtherSlot,
            ChallengeRefused::Expired => Code::ChallengeExpired,
            ChallengeRefused::Spent => Code::ChallengeSpent,
        };
        Self::new(code, refused.to_string())
    }
}

impl From<PlaceError> for Problem {
    fn from(error: PlaceError) -> Self {
        let detail = error.to_string();
        let code = match error {
            PlaceError::NotFound | PlaceError::NoPerson => Code::NotFound,
            PlaceError::TooCoarse(_) => Code::ReadingTooCoarse,
            PlaceError::TooSoon { wait_s } => {
                return Self::new(Code::ReadingTooSoon, detail).retry_after(wait_s.ceil().max(1.0) as u64);
            }
            PlaceError::TooManyReadings => Code::ReadingsTooMany,
            PlaceError::TooFew { .. } => Code::ReadingsTooFew,
            PlaceError::Mocked | PlaceError::Position(_) => Code::PositionUnusable,
            PlaceError::Shape(_) | PlaceError::ShapeWanted(_) => Code::ShapeInvalid,
            PlaceError::Dates(_) => Code::PlaceDatesInvalid,
            PlaceError::TooOften(_) => Code::PlaceTooOften,
            PlaceError::Overlap(_) => Code::PlaceOverlap,
            PlaceError::Pending(_) => Code::PlacePending,
            PlaceError::Reason(_) => Code::PlaceReasonInvalid,
            PlaceError::Decided => Code::PlaceDecided,
            PlaceError::Own => Code::PlaceOwn,
            PlaceError::Role => Code::RoleMissing,
            PlaceError::Vault(error) => return internal(&error),
            PlaceError::Store(error) => return error.into(),
            PlaceError::Log(error) => return error.into(),
        };
        Self::new(code, detail)
    }
}

impl From<MapError> for Problem {
    fn from(error: MapError) -> Self {
        match error {
            MapError::Nothing => Self::new(Code::MapUnavailable, error.to_string()),
            MapError::Vault(error) => internal(&error),
            MapError::Store(error) => error.into(),
            MapError::Log(error) => error.into(),
        }
    }
}

impl From<GeoJsonError> for Problem {
    fn from(error: GeoJsonError) -> Self {
        Self::new(Code::ShapeInvalid, error.to_string())
    }
}

impl From<SubmitError> for Problem {
    fn from(error: SubmitError) -> Self {
        let detail = error.to_string();
        match error {
            SubmitError::IdTaken => Self::new(Code::CheckinIdTaken, detail),
            SubmitError::AttemptsExhausted { .. } => Self::new(Code::AttemptsExhausted, detail),
            SubmitError::Window { moment, next } => {
                let code = match moment {
                    Moment::TooEarly(_) => Code::SlotTooEarly,
                    Moment::Closed(_) => Code::SlotClosed,
                    Moment::NotDue | Moment::Open(..) => Code::SlotNotDue,
                };
                let detail = match &next {
                    Some((_, words)) => format!("the next window is {}", words.en),
                    None => "no window is planned in the next two weeks".to_owned(),
                };
                Self::new(code, detail)
                    .with("next_window", json!(next.map(|(window, words)| WindowView::new(&window, words))))
            }
            SubmitError::Challenge(refused) => refused.into(),
            SubmitError::Photo(refused) => refused.into(),
            SubmitError::Position(_) => Self::new(Code::PositionUnusable, detail),
            SubmitError::Work(error) => error.into(),
            SubmitError::Blob(error) => unavailable(&error),
            SubmitError::Store(error) => error.into(),
            SubmitError::Log(error) => error.into(),
            SubmitError::Signing(error) => internal(&error),
            SubmitError::Vault(error) => internal(&error),
            SubmitError::Encoding(error) => internal(&error),
        }
    }
}

impl From<PhotoError> for Problem {
    fn from(error: PhotoError) -> Self {
        match error {
            PhotoError::Display(error) => error.into(),
            PhotoError::Store(error) => error.into(),
            PhotoError::Log(error) => error.into(),
        }
    }
}

impl From<DisplayError> for Problem {
    fn from(error: DisplayError) -> Self {
        match error {
            DisplayError::Missing(_) | DisplayError::Altered(_) | DisplayError::Undecodable(_) => {
                tracing::error!(error = %error, "a stored photo cannot be shown");
                // Where it is kept is nobody's business outside.
                Self::new(Code::PhotoUnavailable, "the stored photo is missing, altered or cannot be decoded")
            }
            DisplayError::Work(error) => error.into(),
            DisplayError::Blob(error) => unavailable(&error),
        }
    }
}

impl From<OwnDataError> for Problem {
    fn from(error: OwnDataError) -> Self {
        match error {
            OwnDataError::NoPerson => Self::new(Code::NotFound, error.to_string()),
            OwnDataError::Store(error) => error.into(),
            OwnDataError::Log(error) => error.into(),
            OwnDataError::Encoding(error) => internal(&error),
            OwnDataError::Work(error) => error.into(),
        }
    }
}

impl From<DeviceError> for Problem {
    fn from(error: DeviceError) -> Self {
        let detail = error.to_string();
        match error {
            DeviceError::Key | DeviceError::Proof | DeviceError::Name | DeviceError::Revoked => {
                Self::new(Code::DeviceInvalid, detail)
            }
            DeviceError::TooOften => Self::new(Code::DevicesTooOften, detail).retry_after(3_600),
            DeviceError::NotFound => Self::new(Code::NotFound, detail),
            DeviceError::Store(error) => error.into(),
            DeviceError::Log(error) => error.into(),
        }
    }
}

impl From<ReviewError> for Problem {
    fn from(error: ReviewError) -> Self {
        let detail = error.to_string();
        match error {
            ReviewError::NotFound => Self::new(Code::NotFound, detail),
            ReviewError::Held { until, by } => {
                Self::new(Code::ReviewHeld, detail).with("held_until", json!(until)).with("by", json!(by))
            }
            ReviewError::NotHeld => Self::new(Code::ReviewNotHeld, detail),
            ReviewError::Decided(None) => Self::new(Code::ReviewDecided, detail),
            ReviewError::Decided(Some(made)) => {
                Self::new(Code::ReviewDecided, detail).with("by", json!(made.by)).with("decision", json!(made.decision))
            }
            ReviewError::Changed { version, .. } => {
                Self::new(Code::ReviewChanged, detail).with("version", json!(version))
            }
            ReviewError::Unseen(id) => Self::new(Code::PhotoUnseen, detail).with("checkin_id", json!(id)),
            ReviewError::UndoOver { .. } => Self::new(Code::UndoOver, detail),
            ReviewError::Group(refused) => {
                let refused: Vec<_> = refused.into_iter().map(|(id, why)| json!({ "id": id, "why": why })).collect();
                Self::new(Code::GroupRefused, detail).with("refused", json!(refused))
            }
            ReviewError::Reason { .. } => Self::new(Code::ReasonInvalid, detail),
            ReviewError::Note => Self::new(Code::NoteTooLong, detail),
            ReviewError::Waiting { until } => Self::new(Code::ReviewWaiting, detail).with("due_at", json!(until)),
            ReviewError::Due => Self::new(Code::ParameterInvalid, detail),
            ReviewError::AnswersTooMany(_) => Self::new(Code::AnswersTooMany, detail),
            ReviewError::AnswerIdTaken => Self::new(Code::AnswerIdTaken, detail),
            ReviewError::NoAppeal => Self::new(Code::AppealUnavailable, detail),
            ReviewError::Photo(refused) => refused.into(),
            ReviewError::Work(error) => error.into(),
            ReviewError::Blob(error) => unavailable(&error),
            ReviewError::Display(error) => error.into(),
            ReviewError::Store(error) => error.into(),
            ReviewError::Log(error) => error.into(),
        }
    }
}

impl From<ChangeError> for Problem {
    fn from(error: ChangeError) -> Self {
        let detail = error.to_string();
        match error {
            ChangeError::NotFound => Self::new(Code::NotFound, detail),
            ChangeError::Own => Self::new(Code::ChangeOwn, detail),
            ChangeError::Decided => Self::new(Code::ChangeDecided, detail),
            ChangeError::Invalid(_) => Self::new(Code::ChangeInvalid, detail),
            ChangeError::Role(_) => Self::new(Code::RoleMissing, detail),
            ChangeError::Encoding(error) => internal(&error),
            ChangeError::Store(error) => error.into(),
            ChangeError::Log(error) => error.into(),
        }
    }
}

impl From<PeopleError> for Problem {
    fn from(error: PeopleError) -> Self {
        let detail = error.to_string();
        match error {
            PeopleError::Unknown(_) | PeopleError::UnknownUnit(_) => Self::new(Code::NotFound, detail),
            PeopleError::Taken(_) => Self::new(Code::PersonTaken, detail),
            PeopleError::Guarded => Self::new(Code::PersonGuarded, detail),
            PeopleError::Field(_) | PeopleError::Email | PeopleError::NoUnit(_) => {
                Self::new(Code::PersonInvalid, detail)
            }
            PeopleError::UnitTaken(_) => Self::new(Code::UnitTaken, detail),
            PeopleError::Zone(_) | PeopleError::Unit(_) | PeopleError::UnitCode | PeopleError::Circle(_) => {
                Self::new(Code::UnitInvalid, detail)
            }
            PeopleError::Password(PasswordError::Length) => Self::new(Code::PersonInvalid, detail),
            PeopleError::Password(PasswordError::Work(error)) => error.into(),
            PeopleError::Password(error @ PasswordError::Hashing) => internal(&error),
            PeopleError::Store(error) => error.into(),
            PeopleError::Log(error) => error.into(),
        }
    }
}
