//! Places from and to GeoJSON files, for whoever runs the service: to come from another system, and to leave for one.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{
    geojson::{self, GeoJsonError},
    vault::{self, VaultError},
    versions::{self, New, VersionError},
};
use crate::{
    app::App,
    log::{self, LogError},
    model::{
        ids::{PersonId, PlaceId},
        time::WorkDate,
        words::{EntryKind, PlaceKind},
    },
    store::{StoreError, people, places},
};

/// Uncertainty of an imported place, metres.
const SIGMA_M: f64 = 10.0;
/// Rows that are read at once.
const TOGETHER: i64 = 500;

/// Why nothing was moved.
#[derive(Debug, thiserror::Error)]
pub enum TransferError {
    /// Not JSON.
    #[error("the file is not JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// Not a collection.
    #[error("the file has to be a GeoJSON FeatureCollection")]
    Collection,
    /// A feature that cannot be taken.
    #[error("feature {place}: {why}")]
    Feature {
        /// Counted from 1.
        place: usize,
        /// Why.
        why: String,
    },
    /// There is no such person.
    #[error("there is no person `{0}`")]
    NoPerson(String),
    /// The seal.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The log failed.
    #[error(transparent)]
    Log(#[from] LogError),
}

#[derive(Serialize)]
struct Imported {
    places: usize,
}

#[derive(Serialize)]
struct Exported {
    places: usize,
    person_id: Option<PersonId>,
}

/// Imports the features of a file; all or nothing. Properties: `nip`, `kind` (`home` when not said), `valid_from` (today
/// when not said), `valid_to` (needed for every place but a home).
///
/// # Errors
/// [`TransferError`] names the feature; nothing is then imported.
pub async fn import(app: &App, text: &str) -> Result<usize, TransferError> {
    let file: Value = serde_json::from_str(text)?;
    let features = file.get("features").and_then(Value::as_array).ok_or(TransferError::Collection)?;
    let mut tx = app.store.write().await?;
    for (place, feature) in features.iter().enumerate() {
        let wrong = |why: String| TransferError::Feature { place: place + 1, why };
        let shape = geojson::read(feature).map_err(|error: GeoJsonError| wrong(error.to_string()))?;
        let text = |name: &str| feature.pointer(&format!("/properties/{name}")).and_then(Value::as_str);
        let date = |name: &str| text(name).map(str::parse::<WorkDate>).transpose();
        let nip = text("nip").ok_or_else(|| wrong("there is no `nip` among its properties".to_owned()))?;
        let person = people::by_nip(&mut tx, nip).await?;
        let person = person.ok_or_else(|| wrong(format!("there is no person `{nip}`")))?;
        let kind = text("kind").map_or(Ok(PlaceKind::Home), str::parse).map_err(|error| wrong(error.to_string()))?;
        let today = app.now().date_in(&jiff::tz::TimeZone::UTC);
        let from = date("valid_from").map_err(|error| wrong(error.to_string()))?.unwrap_or(today);
        let to = date("valid_to").map_err(|error| wrong(error.to_string()))?;
        if to.is_some_and(|to| to < from) {
            return Err(wrong("valid_to is before valid_from".to_owned()));
        }
        if kind != PlaceKind::Home && to.is_none() {
            return Err(wrong("every place but a home needs valid_to".to_owned()));
        }
        people::hold(&mut tx, person.id).await?;
        let new = New { person_id: person.id, kind, shape: &shape, sigma_m: SIGMA_M, from, to, request_id: None };
        versions::add(app, &mut tx, &new, false).await.map_err(|error| match error {
            VersionError::Overlap(from) => wrong(format!("a home of {nip} begins on {from}; begin later")),
            VersionError::Vault(error) => error.into(),
            VersionError::Store(error) => error.into(),
        })?;
    }
    log::append(&mut tx, EntryKind::Import, &Imported { places: features.len() }, app.now(), &app.chance).await?;
    tx.commit().await?;
    Ok(features.len())
}

/// Every version of every place, or those of one person, as a GeoJSON text; the log says that it was made.
///
/// # Errors
/// [`TransferError`].
pub async fn export(app: &App, nip: Option<&str>) -> Result<String, TransferError> {
    let mut tx = app.store.write().await?;
    let whose = match nip {
        None => None,
        Some(nip) => {
            let person = people::by_nip(&mut tx, nip).await?;
            Some(person.ok_or_else(|| TransferError::NoPerson(nip.to_owned()))?.id)
        }
    };
    let names: std::collections::HashMap<PersonId, String> =
        people::all(&mut tx).await?.into_iter().map(|person| (person.id, person.nip)).collect();
    let mut features = Vec::new();
    let mut point = PlaceId(uuid::Uuid::nil());
    loop {
        let rows = places::after(&mut tx, point, TOGETHER).await?;
        let Some(last) = rows.last() else { break };
        point = last.id;
        for row in rows.iter().filter(|row| whose.is_none_or(|whose| row.person_id == whose)) {
            let mut properties = Map::new();
            properties.insert("nip".to_owned(), json!(names.get(&row.person_id)));
            properties.insert("kind".to_owned(), json!(row.kind));
            properties.insert("version".to_owned(), json!(row.version));
            properties.insert("valid_from".to_owned(), json!(row.valid_from));
            properties.insert("valid_to".to_owned(), json!(row.valid_to));
            features.push(geojson::write(&vault::fence(app, row)?.shape, properties));
        }
    }
    let record = Exported { places: features.len(), person_id: whose };
    log::append(&mut tx, EntryKind::Export, &record, app.now(), &app.chance).await?;
    tx.commit().await?;
    Ok(serde_json::to_string_pretty(&json!({"type": "FeatureCollection", "features": features}))?)
}
