//! A person's own data as one ZIP file, made while it is sent: nothing of it lies anywhere, and a year of photos needs no
//! more memory than one.

use std::{
    io::{self, Write},
    sync::{Arc, Mutex, PoisonError},
};

use bytes::Bytes;
use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions, write::StreamWriter};

use crate::{
    app::App,
    checkin::{cases, history, permit::Permit},
    display::{DisplayError, Original},
    log::{self, LogError},
    model::{
        ids::{CheckinId, PersonId},
        time::Timestamp,
        words::EntryKind,
    },
    session::SignedIn,
    store::{StoreError, Tx, checkins, devices, home_readings, looks, people, places, reviews, units},
};

/// Check-ins that are read at a time.
const AT_ONCE: i64 = 200;
/// Cases of a person that are looked at.
const CASES_MAX: i64 = 100_000;
/// Pieces of the file that may wait for a slow network.
const PIECES_WAITING: usize = 4;

const READ_ME: &str = "Data presensi Anda\n==================\n\n\
    data.json     siapa Anda di sini, presensi dengan temuan dan tanda terima, kasus, siapa melihat bukti Anda,\n\
    \u{20}             ponsel terdaftar, tempat (tanpa koordinat)\n\
    photos/       foto asli seperti diterima server\n\n\
    Your check-in data\n==================\n\n\
    data.json     who you are here, check-ins with findings and receipts, cases, who looked at your evidence,\n\
    \u{20}             enrolled phones, places (without coordinates)\n\
    photos/       the original photos as the server received them\n\n\
    A photo whose bytes are missing or are not those that were received is listed in data.json and left out.\n";

/// Why the file could not be made.
#[derive(Debug, thiserror::Error)]
pub enum OwnDataError {
    /// The person is gone.
    #[error("there is no such person any more")]
    NoPerson,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The log failed; then nothing is handed out.
    #[error(transparent)]
    Log(#[from] LogError),
    /// Something could not be written as JSON.
    #[error(transparent)]
    Encoding(#[from] serde_json::Error),
}

/// A file under way.
pub struct OwnData {
    /// How long it will be, nearly, bytes.
    pub about_bytes: u64,
    /// Its pieces; an error ends it early.
    pub pieces: mpsc::Receiver<io::Result<Bytes>>,
}

#[derive(Serialize)]
struct LogRecord {
    person_id: PersonId,
    what: &'static str,
    checkins: usize,
}

/// A photo of the file.
struct Photo {
    name: String,
    original: Result<Original, DisplayError>,
}

/// Gathers what is kept of a person and begins to send it.
///
/// # Errors
/// [`OwnDataError`] before the first byte; what fails later ends the file early.
pub async fn begin(app: Arc<App>, person: &SignedIn) -> Result<OwnData, OwnDataError> {
    let (data, photos, photo_bytes) = gather(&app, person).await?;
    let person_id = person.actor.person_id;
    let record = LogRecord { person_id, what: "own_data", checkins: photos.len() };
    let mut tx = app.store.write().await?;
    log::append(&mut tx, EntryKind::Export, &record, app.now(), &app.chance).await?;
    tx.commit().await?;
    let data = serde_json::to_vec_pretty(&data)?;
    let about_bytes = photo_bytes + (data.len() + READ_ME.len()) as u64;
    let (sender, pieces) = mpsc::channel(PIECES_WAITING);
    tokio::spawn(async move {
        if let Err(error) = send(&app, data, photos, &sender).await {
            tracing::warn!(%error, "a download of own data ended early");
            // Whoever reads notices that the file is not whole.
            drop(sender.send(Err(error)).await);
        }
    });
    Ok(OwnData { about_bytes, pieces })
}

async fn gather(app: &App, person: &SignedIn) -> Result<(Value, Vec<Photo>, u64), OwnDataError> {
    let person_id = person.actor.person_id;
    let mut tx = app.store.read().await?;
    let who = people::by_id(&mut tx, person_id).await?.ok_or(OwnDataError::NoPerson)?;
    let unit = units::by_id(&mut tx, who.unit_id).await?.map(|unit| unit.name);
    let (mut shown, mut photos, mut bytes) = (Vec::new(), Vec::new(), 0);
    let mut before = (Timestamp::from_microsecond(i64::MAX), CheckinId(uuid::Uuid::max()));
    loop {
        let rows = checkins::of_person(&mut tx, person_id, before, AT_ONCE).await?;
        let Some(last) = rows.last() else { break };
        before = (last.received_at, last.id);
        for row in rows {
            bytes += u64::try_from(row.photo_bytes).unwrap_or(0);
            let photo = Photo::of(&row);
            shown.push(checkin(&mut tx, person, row, &photo.name).await?);
            photos.push(photo);
        }
    }
    let mut mine = Vec::new();
    for named in reviews::of_person(&mut tx, person_id, CASES_MAX).await? {
        mine.push(cases::view(app, &mut tx, named).await?);
    }
    let place = |row: &places::PlaceRow| json!({"kind": row.kind, "version": row.version, "valid_from": row.valid_from, "valid_to": row.valid_to});
    let places: Vec<Value> = places::of_person(&mut tx, person_id).await?.iter().map(place).collect();
    let phones: Vec<Value> = devices::of_person(&mut tx, person_id)
        .await?
        .iter()
        .map(|used| json!({"name": used.device.name, "enrolled_at": used.device.enrolled_at, "last_used_at": used.last_used_at}))
        .collect();
    let readings = home_readings::unused(&mut tx, person_id, Timestamp::from_microsecond(0)).await?.len();
    let data = json!({
        "made_at": app.now(), "nip": who.nip, "name": who.name, "unit": unit,
        "checkins": shown, "cases": mine, "places": places, "phones": phones, "home_readings_waiting": readings,
    });
    Ok((data, photos, bytes))
}

/// A check-in with its receipt and everybody who looked at it.
async fn checkin(
    tx: &mut Tx,
    person: &SignedIn,
    row: checkins::CheckinRow,
    photo: &str,
) -> Result<Value, OwnDataError> {
    let (id, receipt) = (row.id, row.receipt.clone());
    let view = match Permit::for_own(person, row) {
        Some(permit) => serde_json::to_value(history::view(tx, &permit).await?)?,
        None => Value::Null,
    };
    let look = |row: looks::LookRow| json!({"at": row.at, "viewer": row.viewer_name, "what": row.what});
    let looks: Vec<Value> = looks::of_checkin(tx, id).await?.into_iter().map(look).collect();
    let receipt: Value = serde_json::from_str(&receipt)?;
    Ok(json!({"checkin": view, "receipt": receipt, "looks": looks, "photo": photo}))
}

impl Photo {
    fn of(row: &checkins::CheckinRow) -> Self {
        let ending = row.photo_type.rsplit('/').next().unwrap_or("bin").replace("jpeg", "jpg");
        let name = format!("photos/{}-{}-{}.{ending}", row.work_date, row.slot, row.attempt);
        Self { name, original: Original::new(&row.photo_key, &row.photo_sha256) }
    }
}

async fn send(
    app: &App,
    data: Vec<u8>,
    photos: Vec<Photo>,
    sender: &mpsc::Sender<io::Result<Bytes>>,
) -> io::Result<()> {
    let written = Written::default();
    let mut zip = ZipWriter::new_stream(written.clone());
    put(&mut zip, "README.txt", READ_ME.as_bytes())?;
    put(&mut zip, "data.json", &data)?;
    written.pass_on(sender).await?;
    for Photo { name, original } in photos {
        let bytes = match original {
            Ok(original) => original.bytes(app).await,
            Err(error) => Err(error),
        };
        match bytes {
            Ok(bytes) => put(&mut zip, &name, &bytes)?,
            // It is said in the file's README that such a photo is left out.
            Err(DisplayError::Missing(_) | DisplayError::Altered(_)) => continue,
            Err(error) => return Err(io::Error::other(error)),
        }
        written.pass_on(sender).await?;
    }
    zip.finish().map_err(io::Error::other)?;
    written.pass_on(sender).await
}

/// Photos are compressed already, so everything is only stored.
fn put(zip: &mut ZipWriter<StreamWriter<Written>>, name: &str, bytes: &[u8]) -> io::Result<()> {
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored).unix_permissions(0o600);
    zip.start_file(name, options).map_err(io::Error::other)?;
    zip.write_all(bytes)
}

/// What was written and not yet sent.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Written {
    async fn pass_on(&self, sender: &mpsc::Sender<io::Result<Bytes>>) -> io::Result<()> {
        let bytes = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        let gone = |_| io::Error::new(io::ErrorKind::BrokenPipe, "nobody takes the file any more");
        sender.send(Ok(Bytes::from(bytes))).await.map_err(gone)
    }
}

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
