//! What a change says: one shape a kind.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::model::{
    ids::RoleId,
    time::{Timestamp, WorkDate},
    words::{ChangeKind, PolicyName, Role, Slot},
};

/// Somebody gets a role.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleChange {
    /// Staff number.
    #[schema(example = "199001012015011001")]
    pub nip: String,
    /// Which role.
    pub role: Role,
    /// Code of the unit it is for; a supervisor needs one, an administrator has none.
    pub unit: Option<String>,
    /// First day.
    pub valid_from: WorkDate,
    /// Last day; none is open-ended.
    pub valid_to: Option<WorkDate>,
}

/// Somebody's role gets a last day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleEndChange {
    /// Which assignment.
    pub role_id: RoleId,
    /// Its last day, yesterday at the earliest.
    pub valid_to: WorkDate,
}

/// A slot of a unit gets other times.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScheduleChange {
    /// Code of the unit, with all units below that have none of their own.
    #[schema(example = "DISKOMINFO")]
    pub unit: String,
    /// Morning or evening.
    pub slot: Slot,
    /// First day.
    pub valid_from: WorkDate,
    /// Last day; none is open-ended.
    pub valid_to: Option<WorkDate>,
    /// Bit 0 is Monday, bit 6 Sunday.
    #[schema(minimum = 1, maximum = 127, example = 31)]
    pub weekdays: i64,
    /// Minutes after local midnight.
    #[schema(minimum = 0, maximum = 1439, example = 360)]
    pub opens_minute: i64,
    /// Minutes after local midnight.
    #[schema(minimum = 1, maximum = 1440, example = 480)]
    pub closes_minute: i64,
    /// Minutes after the close in which a check-in counts as late.
    #[schema(minimum = 0, maximum = 1440, example = 30)]
    pub grace_minutes: i64,
}

/// An outage is declared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IncidentChange {
    /// What files call it: letters, digits, `-`, `_` and `.`.
    #[schema(example = "PADAM-2026-11-23", max_length = 64)]
    pub code: String,
    /// Code of the unit, with all units below; none is everybody.
    pub unit: Option<String>,
    /// Its beginning.
    pub starts_at: Timestamp,
    /// Its end, at most 14 days later.
    pub ends_at: Timestamp,
    /// What people read, in Indonesian.
    #[schema(max_length = 300)]
    pub words_id: String,
    /// And in English.
    #[schema(max_length = 300)]
    pub words_en: String,
}

/// A value of policy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyChange {
    /// Which.
    pub name: PolicyName,
    /// How much, in its unit of measure.
    pub value: f64,
    /// First day.
    pub valid_from: WorkDate,
}

/// Somebody acts for a supervisor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DelegationChange {
    /// Code of the unit.
    pub unit: String,
    /// Staff number of who is to act.
    pub nip: String,
    /// First day.
    pub valid_from: WorkDate,
    /// Last day, at most 90 days in all.
    pub valid_to: WorkDate,
}

/// What a change says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[schema(as = ChangePayload)]
pub enum Payload {
    /// Somebody gets a role.
    Role(RoleChange),
    /// Somebody's role gets a last day.
    RoleEnd(RoleEndChange),
    /// A slot of a unit gets other times.
    Schedule(ScheduleChange),
    /// An outage is declared.
    Incident(IncidentChange),
    /// A value of policy.
    Policy(PolicyChange),
    /// Somebody acts for a supervisor; it is proposed at an address of its own.
    Delegation(DelegationChange),
}

impl Payload {
    /// What it is about.
    pub const fn kind(&self) -> ChangeKind {
        match self {
            Self::Role(_) => ChangeKind::Role,
            Self::RoleEnd(_) => ChangeKind::RoleEnd,
            Self::Schedule(_) => ChangeKind::Schedule,
            Self::Incident(_) => ChangeKind::Incident,
            Self::Policy(_) => ChangeKind::Policy,
            Self::Delegation(_) => ChangeKind::Delegation,
        }
    }

    /// As it is stored: the kind has a column of its own.
    ///
    /// # Errors
    /// What `serde_json` says.
    pub fn to_stored(&self) -> Result<Value, serde_json::Error> {
        let mut value = serde_json::to_value(self)?;
        if let Some(members) = value.as_object_mut() {
            members.remove("kind");
        }
        Ok(value)
    }

    /// From what is stored.
    ///
    /// # Errors
    /// What `serde_json` says.
    pub fn from_stored(kind: ChangeKind, mut stored: Value) -> Result<Self, serde_json::Error> {
        if let Some(members) = stored.as_object_mut() {
            members.insert("kind".to_owned(), kind.as_str().into());
        }
        serde_json::from_value(stored)
    }
}
