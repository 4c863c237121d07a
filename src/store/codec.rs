//! How the words of the model become columns, on each engine.
//!
//! | model | SQLite | PostgreSQL |
//! |---|---|---|
//! | ids | BLOB, 16 bytes | UUID |
//! | `Timestamp` | INTEGER, microseconds since 1970 | TIMESTAMPTZ |
//! | `WorkDate` | TEXT, `YYYY-MM-DD` | DATE |
//! | closed lists | TEXT | TEXT |
//! | [`Json`] | TEXT | JSONB |

use jiff::civil;
use sqlx::{
    Decode, Encode, Postgres, Sqlite, Type, TypeInfo as _,
    encode::IsNull,
    error::BoxDynError,
    postgres::{PgArgumentBuffer, PgTypeInfo, PgValueFormat, PgValueRef, types::Oid},
    sqlite::{SqliteArgumentsBuffer, SqliteTypeInfo, SqliteValueRef},
};
use uuid::Uuid;

use crate::model::{ids, time, words};

pub use sqlx::types::Json;

/// An id, or any type that is one column of another type underneath.
macro_rules! ids {
    ($($name:ty),* $(,)?) => {$(
        impl Type<Sqlite> for $name {
            fn type_info() -> SqliteTypeInfo { <Uuid as Type<Sqlite>>::type_info() }
            fn compatible(ty: &SqliteTypeInfo) -> bool { <Uuid as Type<Sqlite>>::compatible(ty) }
        }
        impl Encode<'_, Sqlite> for $name {
            fn encode_by_ref(&self, buffer: &mut SqliteArgumentsBuffer) -> Result<IsNull, BoxDynError> {
                <Uuid as Encode<Sqlite>>::encode_by_ref(&self.0, buffer)
            }
        }
        impl<'r> Decode<'r, Sqlite> for $name {
            fn decode(value: SqliteValueRef<'r>) -> Result<Self, BoxDynError> {
                <Uuid as Decode<Sqlite>>::decode(value).map(Self)
            }
        }
        impl Type<Postgres> for $name {
            fn type_info() -> PgTypeInfo { <Uuid as Type<Postgres>>::type_info() }
        }
        impl Encode<'_, Postgres> for $name {
            fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
                <Uuid as Encode<Postgres>>::encode_by_ref(&self.0, buffer)
            }
        }
        impl<'r> Decode<'r, Postgres> for $name {
            fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
                <Uuid as Decode<Postgres>>::decode(value).map(Self)
            }
        }
    )*};
}

ids! {
    ids::UnitId, ids::PersonId, ids::RoleId, ids::ScheduleId, ids::PlaceId, ids::CheckinId,
    ids::ReviewId, ids::ReviewEventId, ids::EntryId, ids::SessionId, ids::PlaceRequestId, ids::ReadingId, ids::AreaId,
    ids::DeviceId, ids::AnswerId, ids::RosterId, ids::IncidentId, ids::NotificationId, ids::DeliveryId, ids::LeaseId,
    ids::ChangeId,
}

/// A closed list, stored as its word.
macro_rules! words {
    ($($name:ty),* $(,)?) => {$(
        impl Type<Sqlite> for $name {
            fn type_info() -> SqliteTypeInfo { <String as Type<Sqlite>>::type_info() }
        }
        impl Encode<'_, Sqlite> for $name {
            fn encode_by_ref(&self, buffer: &mut SqliteArgumentsBuffer) -> Result<IsNull, BoxDynError> {
                <String as Encode<Sqlite>>::encode(self.as_str().to_owned(), buffer)
            }
        }
        impl<'r> Decode<'r, Sqlite> for $name {
            fn decode(value: SqliteValueRef<'r>) -> Result<Self, BoxDynError> {
                Ok(<String as Decode<Sqlite>>::decode(value)?.parse()?)
            }
        }
        impl Type<Postgres> for $name {
            fn type_info() -> PgTypeInfo { <String as Type<Postgres>>::type_info() }
            fn compatible(ty: &PgTypeInfo) -> bool { <String as Type<Postgres>>::compatible(ty) }
        }
        impl Encode<'_, Postgres> for $name {
            fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
                <&str as Encode<Postgres>>::encode(self.as_str(), buffer)
            }
        }
        impl<'r> Decode<'r, Postgres> for $name {
            fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
                Ok(<&str as Decode<Postgres>>::decode(value)?.parse()?)
            }
        }
    )*};
}

words! {
    words::Slot, words::Timing, words::Verdict, words::Severity, words::PresenceState, words::ReviewState,
    words::Decision, words::ReasonCode, words::ReviewEventKind, words::Role, words::PlaceKind, words::EntryKind,
    words::PlaceAct, words::PlaceRequestState, words::PlaceReason, words::Assurance, words::PhotoSource, words::Duty,
    words::LookKind, words::ReviewOrigin,
    words::NoticeKind, words::Channel, words::DeliveryState,
    words::ChangeKind, words::ChangeState, words::PolicyName,
}

/// PostgreSQL counts microseconds from 2000-01-01T00:00:00Z.
const POSTGRES_EPOCH_MICROSECONDS: i64 = 946_684_800_000_000;
/// PostgreSQL counts days from the same date.
const POSTGRES_EPOCH: civil::Date = civil::date(2000, 1, 1);
const TIMESTAMPTZ: Oid = Oid(1184);
const DATE: Oid = Oid(1082);

impl Type<Sqlite> for time::Timestamp {
    fn type_info() -> SqliteTypeInfo {
        <i64 as Type<Sqlite>>::type_info()
    }
    fn compatible(ty: &SqliteTypeInfo) -> bool {
        <i64 as Type<Sqlite>>::compatible(ty)
    }
}

impl Encode<'_, Sqlite> for time::Timestamp {
    fn encode_by_ref(&self, buffer: &mut SqliteArgumentsBuffer) -> Result<IsNull, BoxDynError> {
        <i64 as Encode<Sqlite>>::encode(self.as_microsecond(), buffer)
    }
}

impl<'r> Decode<'r, Sqlite> for time::Timestamp {
    fn decode(value: SqliteValueRef<'r>) -> Result<Self, BoxDynError> {
        <i64 as Decode<Sqlite>>::decode(value).map(Self::from_microsecond)
    }
}

impl Type<Postgres> for time::Timestamp {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_oid(TIMESTAMPTZ)
    }
    fn compatible(ty: &PgTypeInfo) -> bool {
        ty.name() == "TIMESTAMPTZ"
    }
}

impl Encode<'_, Postgres> for time::Timestamp {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        <i64 as Encode<Postgres>>::encode(self.as_microsecond() - POSTGRES_EPOCH_MICROSECONDS, buffer)
    }
}

impl<'r> Decode<'r, Postgres> for time::Timestamp {
    fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
        binary_only(&value, "TIMESTAMPTZ")?;
        let micros = <i64 as Decode<Postgres>>::decode(value)?;
        Ok(Self::from_microsecond(micros.saturating_add(POSTGRES_EPOCH_MICROSECONDS)))
    }
}

impl Type<Sqlite> for time::WorkDate {
    fn type_info() -> SqliteTypeInfo {
        <String as Type<Sqlite>>::type_info()
    }
}

impl Encode<'_, Sqlite> for time::WorkDate {
    fn encode_by_ref(&self, buffer: &mut SqliteArgumentsBuffer) -> Result<IsNull, BoxDynError> {
        <String as Encode<Sqlite>>::encode(self.to_string(), buffer)
    }
}

impl<'r> Decode<'r, Sqlite> for time::WorkDate {
    fn decode(value: SqliteValueRef<'r>) -> Result<Self, BoxDynError> {
        Ok(<String as Decode<Sqlite>>::decode(value)?.parse()?)
    }
}

impl Type<Postgres> for time::WorkDate {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_oid(DATE)
    }
    fn compatible(ty: &PgTypeInfo) -> bool {
        ty.name() == "DATE"
    }
}

impl Encode<'_, Postgres> for time::WorkDate {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        let days = POSTGRES_EPOCH.until(self.0)?.get_days();
        <i32 as Encode<Postgres>>::encode(days, buffer)
    }
}

impl<'r> Decode<'r, Postgres> for time::WorkDate {
    fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
        binary_only(&value, "DATE")?;
        let days = <i32 as Decode<Postgres>>::decode(value)?;
        let span = jiff::Span::new().try_days(days)?;
        Ok(Self(POSTGRES_EPOCH.checked_add(span)?))
    }
}

/// Prepared statements answer in binary; text would mean a query that went around them.
fn binary_only(value: &PgValueRef<'_>, column: &str) -> Result<(), BoxDynError> {
    match value.format() {
        PgValueFormat::Binary => Ok(()),
        PgValueFormat::Text => Err(format!("{column} arrived as text").into()),
    }
}
