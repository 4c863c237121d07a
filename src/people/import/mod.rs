//! Import from CSV: several files in one transaction, all or nothing, and the same files again change nothing.
//!
//! What a file holds is told by its header line. Rows that are not in a file are left as they are.

mod apply;
mod days;
mod parse;
mod table;

use std::{collections::HashMap, fmt, path::PathBuf};

use serde::Serialize;

use crate::{
    app::App,
    log::{self, LogError},
    model::{ids::PersonId, words::EntryKind},
    session::password::{self, PasswordError},
    store::{StoreError, people},
};

pub use table::Mistake;

/// Every mistake of every file; nothing was imported.
#[derive(Debug)]
pub struct Mistakes(pub Vec<Mistake>);

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for mistake in &self.0 {
            writeln!(f, "{mistake}")?;
        }
        write!(f, "{} mistake(s); nothing was imported", self.0.len())
    }
}

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// A file cannot be read.
    #[error("{path} cannot be read: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The files hold mistakes.
    #[error("{0}")]
    Mistakes(Mistakes),
    /// A password could not be hashed.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The log failed.
    #[error(transparent)]
    Log(#[from] LogError),
}

/// What an import did to one kind of thing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// New.
    pub added: usize,
    /// Different from before.
    pub changed: usize,
    /// As before.
    pub unchanged: usize,
}

/// What an import did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Units.
    pub units: Tally,
    /// People.
    pub people: Tally,
    /// Roles.
    pub roles: Tally,
    /// Schedules.
    pub schedules: Tally,
    /// Home places.
    pub places: Tally,
    /// Days on which people do not work from home.
    pub rosters: Tally,
    /// Declared outages.
    pub incidents: Tally,
    /// First passwords set.
    pub passwords: usize,
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kinds = [
            ("units", self.units),
            ("people", self.people),
            ("roles", self.roles),
            ("schedules", self.schedules),
            ("places", self.places),
            ("rosters", self.rosters),
            ("incidents", self.incidents),
        ];
        for (name, tally) in kinds {
            writeln!(
                f,
                "{name:<10} {:>6} added {:>6} changed {:>6} unchanged",
                tally.added, tally.changed, tally.unchanged
            )?;
        }
        write!(f, "passwords  {:>6} set", self.passwords)
    }
}

/// Imports files; with `dry_run` everything is done and taken back.
///
/// # Errors
/// [`ImportError`]; nothing is then imported, not even in part.
pub async fn files(app: &App, paths: &[PathBuf], dry_run: bool) -> Result<Summary, ImportError> {
    let mut texts = Vec::new();
    for path in paths {
        let text = std::fs::read_to_string(path).map_err(|source| ImportError::File { path: path.clone(), source })?;
        let name =
            path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
        texts.push((name, text));
    }
    texts_in(app, &texts, dry_run).await
}

/// As [`files`], from (name, text).
///
/// # Errors
/// As [`files`].
pub async fn texts_in(app: &App, texts: &[(String, String)], dry_run: bool) -> Result<Summary, ImportError> {
    let parsed = parse::all(texts).map_err(|mistakes| ImportError::Mistakes(Mistakes(mistakes)))?;
    let hashes = first_passwords(app, &parsed).await?;
    let now = app.now();
    let mut tx = app.store.write().await?;
    let applied = apply::Applying::new(app, &mut tx, now, hashes).await?.all(&parsed).await?;
    let summary = applied.map_err(|mistakes| ImportError::Mistakes(Mistakes(mistakes)))?;
    if dry_run {
        tx.rollback().await?;
        return Ok(summary);
    }
    log::append(&mut tx, EntryKind::Import, &summary, now, &app.chance).await?;
    tx.commit().await?;
    Ok(summary)
}

/// Hashes the passwords of those who have none yet; before the transaction, because it takes long.
async fn first_passwords(app: &App, parsed: &parse::Parsed) -> Result<HashMap<String, String>, ImportError> {
    let wanted: Vec<_> =
        parsed.people.iter().filter_map(|row| Some((&row.value.nip, row.value.password.as_ref()?))).collect();
    if wanted.is_empty() {
        return Ok(HashMap::new());
    }
    let mut tx = app.store.read().await?;
    let known: HashMap<String, Option<PersonId>> = people::all(&mut tx)
        .await?
        .into_iter()
        .map(|person| (person.nip, person.password_hash.is_some().then_some(person.id)))
        .collect();
    tx.rollback().await?;
    let mut hashes = HashMap::new();
    for (nip, typed) in wanted {
        if !known.get(nip).is_some_and(Option::is_some) {
            hashes.insert(nip.clone(), password::hash(&app.work, &app.chance, typed).await?);
        }
    }
    Ok(hashes)
}
