//! A person's own data as one ZIP file, made while it is sent: nothing of it lies anywhere, and years of it need no more
//! memory than one page of check-ins and one photo.

use std::{
    io::{self, Write},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use serde::Serialize;
use serde_json::{Value, json};
use tokio::{sync::mpsc, time::timeout};
use zip::{
    CompressionMethod, ZipWriter,
    write::{SimpleFileOptions, StreamWriter},
};

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
    store::{
        StoreError, Tx, checkins, devices, home_readings, looks, notifications, people, place_requests, places,
        review_answers, reviews, rosters, units,
    },
    work::{Export, WorkError},
};

/// Check-ins of one file inside.
const PAGE: i64 = 100;
/// Cases that are read in one go.
const CASES_AT_ONCE: usize = 25;
/// More than anybody has.
const ROWS_MAX: i64 = 100_000;
/// Pieces of the file that may wait for a slow network.
const PIECES_WAITING: usize = 2;
/// Bytes of a piece.
const PIECE_BYTES: usize = 256 * 1024;
/// Nobody takes longer over it.
const IN_ALL: Duration = Duration::from_hours(1);

const READ_ME: &str = "Data presensi Anda\n==================\n\n\
    person.json         siapa Anda di sini, ponsel terdaftar, tempat dan pengajuannya, jadwal\n\
    checkins-NNN.json   presensi dengan temuan, tanda terima, dan siapa yang melihat bukti Anda\n\
    cases.json          kasus, pertanyaan, jawaban, keputusan, keberatan\n\
    photos/, answers/   foto asli seperti diterima server\n\
    missing.json        foto yang tidak ada lagi atau tidak seperti saat diterima, bila ada\n\n\
    Titik koordinat disimpan tersegel dan tidak disertakan.\n\n\
    Your check-in data\n==================\n\n\
    person.json         who you are here, enrolled phones, places and requests, roster\n\
    checkins-NNN.json   check-ins with findings, receipts, and who looked at your evidence\n\
    cases.json          cases, questions, answers, decisions, appeals\n\
    photos/, answers/   the original photos as the server received them\n\
    missing.json        photos that are gone or are not as they were received, if there are any\n\n\
    Coordinates are kept under seal and are not in this file.\n";

/// Why the file could not be made.
#[derive(Debug, thiserror::Error)]
pub enum OwnDataError {
    /// The person is gone.
    #[error("there is no such person any more")]
    NoPerson,
    /// Others are being served, or this person is already.
    #[error(transparent)]
    Work(#[from] WorkError),
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
}

/// Begins to send what is kept of a person.
///
/// # Errors
/// [`OwnDataError`] before the first byte; what fails later ends the file early.
pub async fn begin(app: Arc<App>, person: &SignedIn) -> Result<OwnData, OwnDataError> {
    let person_id = person.actor.person_id;
    let turn = app.work.export(person_id)?;
    let mut tx = app.store.glance().await?;
    let about_person = about_person(&app, &mut tx, person_id).await?;
    let photo_bytes = checkins::bytes_of_person(&mut tx, person_id).await?;
    drop(tx);
    let mut tx = app.store.write().await?;
    let record = LogRecord { person_id, what: "own_data" };
    log::append(&mut tx, EntryKind::Export, &record, app.now(), &app.chance).await?;
    tx.commit().await?;
    let (sender, pieces) = mpsc::channel(PIECES_WAITING);
    let patience = Duration::from_secs(app.config.upload_idle_s);
    let sending =
        Sending { app: Arc::clone(&app), person: person.clone(), out: Out::new(sender, patience), _turn: turn };
    app.work.beside(async move {
        let out = sending.out.clone();
        let sent = timeout(IN_ALL, sending.send(about_person)).await;
        if let Err(error) = sent.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into())) {
            tracing::warn!(%error, "a download of own data ended early");
            // Whoever reads notices that the file is not whole.
            out.broken(error).await;
        }
    });
    Ok(OwnData { about_bytes: u64::try_from(photo_bytes).unwrap_or(0) + READ_ME.len() as u64, pieces })
}

/// Everything small.
async fn about_person(app: &App, tx: &mut Tx, person_id: PersonId) -> Result<Value, OwnDataError> {
    let who = people::by_id(tx, person_id).await?.ok_or(OwnDataError::NoPerson)?;
    let unit = units::by_id(tx, who.unit_id).await?.map(|unit| unit.name);
    let places: Vec<Value> = places::of_person(tx, person_id)
        .await?
        .iter()
        .map(|row| json!({"kind": row.kind, "version": row.version, "valid_from": row.valid_from, "valid_to": row.valid_to}))
        .collect();
    let requests: Vec<Value> = place_requests::of_person(tx, person_id, ROWS_MAX)
        .await?
        .iter()
        .map(|row| {
            json!({"kind": row.kind, "state": row.state, "requested_at": row.requested_at, "valid_from": row.valid_from,
                "valid_to": row.valid_to, "reason_code": row.reason_code, "reference": row.reference, "note": row.note,
                "decided_at": row.decided_at, "decision_note": row.decision_note})
        })
        .collect();
    let phones: Vec<Value> = devices::of_person(tx, person_id)
        .await?
        .iter()
        .map(|used| {
            json!({"name": used.device.name, "enrolled_at": used.device.enrolled_at, "last_used_at": used.last_used_at})
        })
        .collect();
    let roster: Vec<Value> = rosters::of_person(tx, person_id)
        .await?
        .iter()
        .map(|row| json!({"valid_from": row.valid_from, "valid_to": row.valid_to, "duty": row.duty}))
        .collect();
    let now = app.now();
    let told: Vec<Value> = notifications::of_person(tx, person_id, ROWS_MAX)
        .await?
        .iter()
        .filter(|row| row.not_before <= now && row.cancelled_at.is_none())
        .map(|row| json!({"kind": row.kind, "about": row.about.0, "at": row.created_at}))
        .collect();
    let readings = home_readings::unused(tx, person_id, Timestamp::from_microsecond(0)).await?.len();
    Ok(json!({
        "nip": who.nip, "name": who.name, "email": people::email(tx, person_id).await?, "unit": unit, "phones": phones,
        "places": places, "place_requests": requests, "roster": roster, "home_readings_waiting": readings,
        "notifications": told,
    }))
}

/// The file while it is made.
struct Sending {
    app: Arc<App>,
    person: SignedIn,
    out: Out,
    _turn: Export,
}

/// A photo of the file.
struct Photo {
    name: String,
    original: Result<Original, DisplayError>,
}

impl Sending {
    async fn send(&self, about_person: Value) -> io::Result<()> {
        let mut zip = ZipWriter::new_stream(self.out.clone());
        let mut missing = Vec::new();
        put(&mut zip, "README.txt", READ_ME.as_bytes())?;
        put_json(&mut zip, "person.json", &about_person)?;
        let mut before = (Timestamp::from_microsecond(i64::MAX), CheckinId(uuid::Uuid::max()));
        for number in 1_usize.. {
            let (shown, photos, last) = self.page(before).await.map_err(io::Error::other)?;
            let Some(last) = last else { break };
            before = last;
            put_json(&mut zip, &format!("checkins-{number:03}.json"), &shown)?;
            self.out.pass_on().await?;
            self.photos(&mut zip, photos, &mut missing).await?;
        }
        let (shown, photos) = self.cases().await.map_err(io::Error::other)?;
        put_json(&mut zip, "cases.json", &shown)?;
        self.photos(&mut zip, photos, &mut missing).await?;
        if !missing.is_empty() {
            put_json(&mut zip, "missing.json", &missing)?;
        }
        zip.finish().map_err(io::Error::other)?;
        self.out.pass_on().await
    }

    /// A page of check-ins, newest first, with their photos and where the next page begins.
    async fn page(
        &self,
        before: (Timestamp, CheckinId),
    ) -> Result<(Vec<Value>, Vec<Photo>, Option<(Timestamp, CheckinId)>), OwnDataError> {
        let mut tx = self.app.store.read().await?;
        let rows = checkins::of_person(&mut tx, self.person.actor.person_id, before, PAGE).await?;
        let last = rows.last().map(|row| (row.received_at, row.id));
        let (mut shown, mut photos) = (Vec::new(), Vec::new());
        for row in rows {
            let photo = Photo::of(&row);
            shown.push(checkin(&mut tx, &self.person, row, &photo.name).await?);
            photos.push(photo);
        }
        Ok((shown, photos, last))
    }

    async fn cases(&self) -> Result<(Vec<Value>, Vec<Photo>), OwnDataError> {
        let mut tx = self.app.store.glance().await?;
        let all = reviews::of_person(&mut tx, self.person.actor.person_id, ROWS_MAX).await?;
        drop(tx);
        let (mut shown, mut photos) = (Vec::new(), Vec::new());
        for some in all.chunks(CASES_AT_ONCE) {
            let mut tx = self.app.store.read().await?;
            for named in some {
                for answer in review_answers::of_review(&mut tx, named.review.id).await? {
                    photos.extend(Photo::beside(&answer));
                }
                shown.push(serde_json::to_value(cases::view(&self.app, &mut tx, named.clone()).await?)?);
            }
        }
        Ok((shown, photos))
    }

    async fn photos(
        &self,
        zip: &mut ZipWriter<StreamWriter<Out>>,
        photos: Vec<Photo>,
        missing: &mut Vec<String>,
    ) -> io::Result<()> {
        for Photo { name, original } in photos {
            let bytes = match original {
                Ok(original) => original.bytes(&self.app).await,
                Err(error) => Err(error),
            };
            match bytes {
                Ok(bytes) => put(zip, &name, &bytes)?,
                Err(DisplayError::Missing(_) | DisplayError::Altered(_)) => missing.push(name),
                Err(error) => return Err(io::Error::other(error)),
            }
            self.out.pass_on().await?;
        }
        Ok(())
    }
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

    /// The one beside an answer, if there is one.
    fn beside(row: &review_answers::AnswerRow) -> Option<Self> {
        let original = Original::new(row.photo_key.as_deref()?, row.photo_sha256.as_deref()?);
        Some(Self { name: format!("answers/{}", row.id), original })
    }
}

fn put_json(zip: &mut ZipWriter<StreamWriter<Out>>, name: &str, value: &impl Serialize) -> io::Result<()> {
    put(zip, name, &serde_json::to_vec_pretty(value)?)
}

/// Photos are compressed already, so everything is only stored.
fn put(zip: &mut ZipWriter<StreamWriter<Out>>, name: &str, bytes: &[u8]) -> io::Result<()> {
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored).unix_permissions(0o600);
    zip.start_file(name, options).map_err(io::Error::other)?;
    zip.write_all(bytes)
}

/// What was written and not yet sent, and where it goes.
#[derive(Clone)]
struct Out {
    written: Arc<Mutex<Vec<u8>>>,
    sender: mpsc::Sender<io::Result<Bytes>>,
    patience: Duration,
}

impl Out {
    fn new(sender: mpsc::Sender<io::Result<Bytes>>, patience: Duration) -> Self {
        Self { written: Arc::default(), sender, patience }
    }

    /// Sends what was written; a reader that stands still for too long ends the file.
    async fn pass_on(&self) -> io::Result<()> {
        let mut bytes = Bytes::from(std::mem::take(&mut *self.written.lock().unwrap_or_else(PoisonError::into_inner)));
        while !bytes.is_empty() {
            let piece = bytes.split_to(bytes.len().min(PIECE_BYTES));
            let sending = timeout(self.patience, self.sender.send(Ok(piece))).await;
            let gone = |_| io::Error::new(io::ErrorKind::BrokenPipe, "nobody takes the file any more");
            sending.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?.map_err(gone)?;
        }
        Ok(())
    }

    /// Ends the file as one that is not whole.
    async fn broken(&self, error: io::Error) {
        drop(timeout(self.patience, self.sender.send(Err(error))).await);
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.written.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
