//! Brings every seal up to the current key: what is still plain from before sealing, and what older keys wrapped.

use crate::{
    app::App,
    evidence::location::shape::Shape,
    model::ids::{CheckinId, PlaceId, PlaceRequestId, ReadingId},
    places::vault::{self, PLACE_SHAPE, POSITION, READING, REQUEST_SHAPE},
    seal::Cell,
    store::{StoreError, home_readings, place_requests, places, positions},
};

/// Rows that are renewed in one transaction.
const TOGETHER: i64 = 500;

/// How many rows were looked at and renewed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Renewed {
    /// Looked at.
    pub rows: u64,
    /// Of those, sealed or wrapped anew.
    pub renewed: u64,
    /// Of those, not to be opened: changed in the database, or sealed by a key that is gone.
    pub broken: u64,
}

/// Renews every seal that is not by the current key. Cut off in the middle, the next run goes on.
///
/// # Errors
/// [`StoreError`]; what was renewed until then stays renewed. What cannot be opened is counted and left as it is.
pub async fn all(app: &App) -> Result<Renewed, StoreError> {
    let mut done = fences(app).await?;
    checkins(app, &mut done).await?;
    if let Err(error) = app.sealer.all_is_sealed() {
        tracing::warn!(%error, "it could not be written down that nothing plain is left");
    }
    Ok(done)
}

/// What a start does in the background: everything, unless the ring says that there is nothing to do. A year of check-ins
/// is not read for nothing.
///
/// # Errors
/// As [`all`].
pub async fn at_start(app: &App) -> Result<Renewed, StoreError> {
    if app.sealer.is_settled() { Ok(Renewed::default()) } else { all(app).await }
}

/// What a check-in is held against; done before a server takes any.
///
/// # Errors
/// As [`all`].
pub async fn fences_at_start(app: &App) -> Result<Renewed, StoreError> {
    if app.sealer.is_settled() { Ok(Renewed::default()) } else { fences(app).await }
}

async fn fences(app: &App) -> Result<Renewed, StoreError> {
    let mut done = Renewed::default();
    places(app, &mut done).await?;
    requests(app, &mut done).await?;
    readings(app, &mut done).await?;
    Ok(done)
}

fn renewed(app: &App, done: &mut Renewed, column: &'static str, id: uuid::Uuid, sealed: &[u8]) -> Option<Vec<u8>> {
    done.rows += 1;
    match app.sealer.renewed(&app.chance, Cell { column, id: &id }, sealed) {
        Ok(renewed) => {
            done.renewed += u64::from(renewed.is_some());
            renewed
        }
        Err(error) => {
            tracing::error!(column, %id, %error, "a seal cannot be renewed");
            done.broken += 1;
            None
        }
    }
}

async fn places(app: &App, done: &mut Renewed) -> Result<(), StoreError> {
    let mut point = PlaceId(uuid::Uuid::nil());
    loop {
        let mut tx = app.store.write().await?;
        let rows = places::after(&mut tx, point, TOGETHER).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        point = last.id;
        for mut row in rows {
            let Some(shape) = renewed(app, done, PLACE_SHAPE, row.id.0, &row.shape) else { continue };
            row.shape = shape;
            if row.cell_key.is_none() {
                let shape: Option<Shape> = vault::open(app, PLACE_SHAPE, row.id.0, &row.shape).ok();
                row.cell_key = shape.map(|shape| vault::cell_key(app, shape.middle()));
            }
            places::seal(&mut tx, &row).await?;
        }
        tx.commit().await?;
    }
}

async fn requests(app: &App, done: &mut Renewed) -> Result<(), StoreError> {
    let mut point = PlaceRequestId(uuid::Uuid::nil());
    loop {
        let mut tx = app.store.write().await?;
        let rows = place_requests::after(&mut tx, point, TOGETHER).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        point = last.id;
        for row in rows {
            if let Some(shape) = renewed(app, done, REQUEST_SHAPE, row.id.0, &row.shape) {
                place_requests::seal(&mut tx, row.id, &shape).await?;
            }
        }
        tx.commit().await?;
    }
}

async fn readings(app: &App, done: &mut Renewed) -> Result<(), StoreError> {
    let mut point = ReadingId(uuid::Uuid::nil());
    loop {
        let mut tx = app.store.write().await?;
        let rows = home_readings::after(&mut tx, point, TOGETHER).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        point = last.id;
        for row in rows {
            if let Some(sealed) = renewed(app, done, READING, row.id.0, &row.sealed) {
                home_readings::seal(&mut tx, row.id, &sealed).await?;
            }
        }
        tx.commit().await?;
    }
}

async fn checkins(app: &App, done: &mut Renewed) -> Result<(), StoreError> {
    let mut point = CheckinId(uuid::Uuid::nil());
    loop {
        let mut tx = app.store.write().await?;
        let rows = positions::after(&mut tx, point, TOGETHER).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        point = last.checkin_id;
        for row in rows {
            if let Some(sealed) = renewed(app, done, POSITION, row.checkin_id.0, &row.sealed) {
                positions::seal(&mut tx, row.checkin_id, &sealed).await?;
            }
        }
        tx.commit().await?;
    }
}
