//! Who is asking, and with which roles today.

use serde::{Deserialize, Serialize};

use super::{
    ids::{PersonId, SessionId, UnitId},
    words::Role,
};

/// A role in force for somebody on the day asked about.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct HeldRole {
    /// Which role.
    pub role: Role,
    /// The unit it is held for; supervisors always have one.
    pub unit_id: Option<UnitId>,
}

/// A signed-in person. Roles come from the assignments in force now, never from the token.
#[derive(Clone, Debug)]
pub struct Actor {
    /// Who.
    pub person_id: PersonId,
    /// Through which sign-in.
    pub session_id: SessionId,
    /// With which roles today.
    pub roles: Vec<HeldRole>,
}

impl Actor {
    /// Whether the person holds the role, for whatever unit.
    pub fn holds(&self, role: Role) -> bool {
        self.roles.iter().any(|held| held.role == role)
    }
}
