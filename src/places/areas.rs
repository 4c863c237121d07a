//! Named areas from a GeoJSON file, such as the sub-districts of a city.

use serde_json::Value;

use crate::{
    app::App,
    log::{self, LogError},
    model::{ids::AreaId, words::EntryKind},
    store::{
        Json, StoreError,
        areas::{self, AreaRow},
    },
};

/// Why no areas were imported.
#[derive(Debug, thiserror::Error)]
pub enum AreasError {
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
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The log failed.
    #[error(transparent)]
    Log(#[from] LogError),
}

#[derive(serde::Serialize)]
struct LogRecord {
    areas: usize,
}

/// Puts the areas of a file into the place of those that are stored; says how many. `name` is the property that names
/// an area.
///
/// # Errors
/// [`AreasError`]; the stored ones then stay.
pub async fn replace(app: &App, text: &str, name: &str) -> Result<usize, AreasError> {
    let file: Value = serde_json::from_str(text)?;
    let features = file.get("features").and_then(Value::as_array).ok_or(AreasError::Collection)?;
    let area = |(place, feature): (usize, &Value)| {
        read(app, feature, name).map_err(|why| AreasError::Feature { place: place + 1, why })
    };
    let rows: Vec<AreaRow> = features.iter().enumerate().map(area).collect::<Result<_, _>>()?;
    let mut tx = app.store.write().await?;
    areas::clear(&mut tx).await?;
    for row in &rows {
        areas::insert(&mut tx, row).await?;
    }
    log::append(&mut tx, EntryKind::Import, &LogRecord { areas: rows.len() }, app.now(), &app.chance).await?;
    tx.commit().await?;
    Ok(rows.len())
}

fn read(app: &App, feature: &Value, name: &str) -> Result<AreaRow, String> {
    let named = feature.pointer(&format!("/properties/{name}")).and_then(Value::as_str);
    let named = named.ok_or_else(|| format!("there is no text `{name}` among its properties"))?;
    let coordinates = feature.pointer("/geometry/coordinates").cloned().unwrap_or_default();
    let polygons = match feature.pointer("/geometry/type").and_then(Value::as_str) {
        Some("Polygon") => Value::Array(vec![coordinates]),
        Some("MultiPolygon") => coordinates,
        _ => return Err("it is neither a Polygon nor a MultiPolygon".to_owned()),
    };
    let polygons: Vec<Vec<Vec<Vec<f64>>>> =
        serde_json::from_value(polygons).map_err(|error| format!("its coordinates: {error}"))?;
    // A third number is a height.
    let pair = |at: &Vec<f64>| at.first_chunk::<2>().copied();
    let flat: Vec<Vec<Vec<[f64; 2]>>> = polygons
        .iter()
        .map(|rings| rings.iter().map(|ring| ring.iter().map(pair).collect()).collect::<Option<_>>())
        .collect::<Option<_>>()
        .ok_or("a position needs two numbers")?;
    let all = || flat.iter().flatten().flatten();
    let ends = |axis: usize| {
        let values = all().map(|at| at[axis]);
        (values.clone().fold(f64::INFINITY, f64::min), values.fold(f64::NEG_INFINITY, f64::max))
    };
    let ((west, east), (south, north)) = (ends(0), ends(1));
    if !(west >= -180.0 && east <= 180.0 && south >= -90.0 && north <= 90.0) {
        return Err("its positions are no longitudes and latitudes, in this order".to_owned());
    }
    let rings = Json(serde_json::to_value(&flat).map_err(|error| error.to_string())?);
    Ok(AreaRow { id: AreaId::new(app.now(), &app.chance), name: named.to_owned(), south, west, north, east, rings })
}
