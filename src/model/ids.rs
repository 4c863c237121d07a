//! Ids: UUID version 7 behind one type a table, so that a person's id is never passed where a check-in's is due.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{chance::Chance, time::Timestamp};

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new id from the given instant and randomness (RFC 9562, version 7).
            pub fn new(now: Timestamp, chance: &Chance) -> Self {
                let millis = u64::try_from(now.as_microsecond() / 1000).unwrap_or(0);
                let builder = uuid::Builder::from_unix_timestamp_millis(millis, &chance.bytes());
                Self(builder.into_uuid())
            }

            /// The id of these 16 bytes.
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                super::text_schema(utoipa::openapi::KnownFormat::Uuid, "0199d5a0-7c00-7000-8000-000000000001")
            }
        }

        impl utoipa::ToSchema for $name {}

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )*};
}

id! {
    /// A node of the organisation tree.
    UnitId;
    /// An employee.
    PersonId;
    /// One role held by one person for a period.
    RoleId;
    /// One row of a schedule: a unit, a date range, a slot and its window.
    ScheduleId;
    /// One version of a place where a person may check in.
    PlaceId;
    /// Somebody asks for a place.
    PlaceRequestId;
    /// One reading taken at home, to register it from.
    ReadingId;
    /// A named area.
    AreaId;
    /// A one-time token for one capture.
    ChallengeId;
    /// One submission; made by the phone, and its idempotency key.
    CheckinId;
    /// The case that flagged attempts of one slot open.
    ReviewId;
    /// One appended step of a review's history.
    ReviewEventId;
    /// One entry of the log.
    EntryId;
    /// A sign-in and every refresh that follows from it.
    SessionId;
    /// A phone's public key, enrolled by its person.
    DeviceId;
    /// What a person answered in a case; made by the phone.
    AnswerId;
    /// Where somebody works on a range of dates.
    RosterId;
    /// A declared outage.
    IncidentId;
    /// Something a person is told.
    NotificationId;
    /// The same on one channel.
    DeliveryId;
    /// Who sends a delivery at the moment.
    LeaseId;
    /// A change that two people make.
    ChangeId;
}

/// Ids that a phone makes have to be of version 7, so that they order by time.
macro_rules! made_by_phones {
    ($($name:ident)*) => {$(
        impl $name {
            /// Whether the id is a version 7 UUID, which is what a phone has to send.
            pub fn is_version_7(self) -> bool {
                self.0.get_version_num() == 7
            }
        }
    )*};
}

made_by_phones! { CheckinId AnswerId }
