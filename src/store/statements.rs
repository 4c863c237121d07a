//! The registry of every SQL text: so that all can be prepared on both engines, and none goes untested.

use std::sync::{
    OnceLock,
    atomic::{AtomicBool, Ordering},
};

/// How many rows go into one statement, largest first: few different texts, so that each is planned once.
pub const TOGETHER: [usize; 6] = [32, 16, 8, 4, 2, 1];

/// One SQL text, or two where the dialects must differ.
#[derive(Debug)]
pub struct Statement {
    /// `module::NAME`.
    pub name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
    used: AtomicBool,
    /// The same for as many rows as [`TOGETHER`] says, once they were asked for: SQLite's, then PostgreSQL's.
    many: [OnceLock<[String; TOGETHER.len()]>; 2],
}

impl Statement {
    /// A text both engines understand.
    pub const fn both(name: &'static str, text: &'static str) -> Self {
        Self::each(name, text, text)
    }

    /// A text for each engine.
    pub const fn each(name: &'static str, sqlite: &'static str, postgres: &'static str) -> Self {
        Self { name, sqlite, postgres, used: AtomicBool::new(false), many: [OnceLock::new(), OnceLock::new()] }
    }

    /// The text for SQLite.
    pub fn sqlite(&self) -> &'static str {
        self.ran();
        self.sqlite
    }

    /// The text for PostgreSQL.
    pub fn postgres(&self) -> &'static str {
        self.ran();
        self.postgres
    }

    /// SQLite's text for several rows.
    pub fn sqlite_many(&'static self, rows: usize) -> &'static str {
        many(&self.many[0], self.sqlite(), rows)
    }

    /// PostgreSQL's text for several rows.
    pub fn postgres_many(&'static self, rows: usize) -> &'static str {
        many(&self.many[1], self.postgres(), rows)
    }

    /// Counts as run.
    pub fn ran(&self) {
        self.used.store(true, Ordering::Relaxed);
    }

    /// Whether the text was run since [`forget`].
    pub fn was_used(&self) -> bool {
        self.used.load(Ordering::Relaxed)
    }
}

fn many(texts: &'static OnceLock<[String; TOGETHER.len()]>, one: &'static str, rows: usize) -> &'static str {
    let texts = texts.get_or_init(|| TOGETHER.map(|rows| repeated(one, rows)));
    let at = TOGETHER.iter().position(|count| *count == rows).unwrap_or(TOGETHER.len() - 1);
    &texts[at]
}

/// A text with the row behind `VALUES` written so many times, its placeholders numbered on. Those outside of the row
/// have to come first, and stay.
fn repeated(one: &str, rows: usize) -> String {
    let Some(start) = one.find("VALUES (").map(|at| at + "VALUES ".len()) else { return one.to_owned() };
    let mut depth = 0_i32;
    let end = one[start..].find(|letter| {
        depth += i32::from(letter == '(') - i32::from(letter == ')');
        depth == 0
    });
    let end = end.map_or(one.len(), |at| start + at + 1);
    let (row, width) = (&one[start..end], one[start..end].matches('$').count());
    let all: Vec<String> = (0..rows).map(|nth| numbered_on(row, nth * width)).collect();
    format!("{}{}{}", &one[..start], all.join(", "), &one[end..])
}

/// A text whose placeholders are so many further on.
fn numbered_on(row: &str, further: usize) -> String {
    let mut parts = row.split('$');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let digits = part.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(part.len());
        let number: usize = part[..digits].parse().unwrap_or_default();
        text.push_str(&format!("${}{}", number + further, &part[digits..]));
    }
    text
}

/// Several texts as one, each with placeholders of its own; with how many each has.
pub fn joined(parts: &[(&'static Statement, usize)]) -> String {
    let mut before = 0;
    let mut text = String::new();
    for (statement, placeholders) in parts {
        text.push_str(&numbered_on(statement.sqlite(), before));
        text.push_str(";\n");
        before += placeholders;
    }
    text
}

/// Every statement of every module.
pub fn all() -> impl Iterator<Item = &'static Statement> {
    [
        super::agreement::STATEMENTS,
        super::arrivals::STATEMENTS,
        super::areas::STATEMENTS,
        super::challenges::STATEMENTS,
        super::devices::STATEMENTS,
        super::examinations::STATEMENTS,
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
        $(pub(super) static $name: $crate::store::Statement =
            statements!(@one concat!(module_path!(), "::", stringify!($name)), $text $(, $postgres)?);)*
        /// The SQL texts of this module.
        pub(super) static STATEMENTS: &[&$crate::store::Statement] = &[$(&$name,)*];
    };
    (@one $name:expr, $text:expr) => { $crate::store::Statement::both($name, $text) };
    (@one $name:expr, $sqlite:expr, $postgres:expr) => { $crate::store::Statement::each($name, $sqlite, $postgres) };
}

pub(crate) use statements;

#[cfg(test)]
mod tests {
    use super::repeated;

    #[test]
    fn a_row_is_repeated_with_placeholders_of_its_own() {
        let one = "INSERT INTO t (a, b) VALUES ($2, CAST($3 AS TEXT)) ON CONFLICT (a) DO UPDATE SET b = $1 RETURNING a";
        assert_eq!(
            repeated(one, 2),
            "INSERT INTO t (a, b) VALUES ($2, CAST($3 AS TEXT)), ($4, CAST($5 AS TEXT)) \
             ON CONFLICT (a) DO UPDATE SET b = $1 RETURNING a"
        );
        assert_eq!(repeated(one, 1), one);
        assert_eq!(repeated("SELECT 1", 3), "SELECT 1");
    }
}
