//! The registry of every SQL text: so that all can be prepared on both engines, and none goes untested.

use std::sync::atomic::{AtomicBool, Ordering};

/// One SQL text, or two where the dialects must differ.
#[derive(Debug)]
pub struct Statement {
    /// `module::NAME`.
    pub name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
    used: AtomicBool,
}

impl Statement {
    /// A text both engines understand.
    pub const fn both(name: &'static str, text: &'static str) -> Self {
        Self { name, sqlite: text, postgres: text, used: AtomicBool::new(false) }
    }

    /// A text for each engine.
    pub const fn each(name: &'static str, sqlite: &'static str, postgres: &'static str) -> Self {
        Self { name, sqlite, postgres, used: AtomicBool::new(false) }
    }

    /// The text for SQLite.
    pub fn sqlite(&self) -> &'static str {
        self.used.store(true, Ordering::Relaxed);
        self.sqlite
    }

    /// The text for PostgreSQL.
    pub fn postgres(&self) -> &'static str {
        self.used.store(true, Ordering::Relaxed);
        self.postgres
    }

    /// Whether the text was run since [`forget`].
    pub fn was_used(&self) -> bool {
        self.used.load(Ordering::Relaxed)
    }
}

/// Every statement of every module.
pub fn all() -> impl Iterator<Item = &'static Statement> {
    [
        super::agreement::STATEMENTS,
        super::areas::STATEMENTS,
        super::challenges::STATEMENTS,
        super::devices::STATEMENTS,
        super::incidents::STATEMENTS,
        super::lines::STATEMENTS,
        super::looks::STATEMENTS,
        super::review_answers::STATEMENTS,
        super::review_events::STATEMENTS,
        super::rosters::STATEMENTS,
        super::home_readings::STATEMENTS,
        super::place_requests::STATEMENTS,
        super::positions::STATEMENTS,
        super::fingerprints::STATEMENTS,
        super::checkins::STATEMENTS,
        super::log_entries::STATEMENTS,
        super::people::STATEMENTS,
        super::places::STATEMENTS,
        super::presences::STATEMENTS,
        super::queue::STATEMENTS,
        super::reviews::STATEMENTS,
        super::roles::STATEMENTS,
        super::schedules::STATEMENTS,
        super::sessions::STATEMENTS,
        super::throttles::STATEMENTS,
        super::units::STATEMENTS,
        super::notifications::STATEMENTS,
        super::deliveries::STATEMENTS,
        super::boards::STATEMENTS,
        super::cases::STATEMENTS,
        super::jobs::STATEMENTS,
        super::orphans::STATEMENTS,
        super::photo_faults::STATEMENTS,
        super::photos::STATEMENTS,
        super::changes::STATEMENTS,
        super::policy_values::STATEMENTS,
    ]
    .into_iter()
    .flatten()
    .copied()
}

/// Forgets which statements were run.
pub fn forget() {
    all().for_each(|statement| statement.used.store(false, Ordering::Relaxed));
}

/// Declares the SQL texts of a module and lists them as `STATEMENTS`. Where the dialects must differ, SQLite's text comes
/// first and PostgreSQL's behind it.
macro_rules! statements {
    ($($name:ident = $text:expr $(, $postgres:expr)?;)*) => {
        $(static $name: $crate::store::Statement =
            statements!(@one concat!(module_path!(), "::", stringify!($name)), $text $(, $postgres)?);)*
        /// The SQL texts of this module.
        pub(super) static STATEMENTS: &[&$crate::store::Statement] = &[$(&$name,)*];
    };
    (@one $name:expr, $text:expr) => { $crate::store::Statement::both($name, $text) };
    (@one $name:expr, $sqlite:expr, $postgres:expr) => { $crate::store::Statement::each($name, $sqlite, $postgres) };
}

pub(crate) use statements;
