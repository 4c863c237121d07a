//! The two presence endpoints.

use actix_web::{HttpMessage as _, HttpRequest, HttpResponse, http::header, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    auth::Person,
    problem::{Code, Problem},
    request_log::Arrival,
    upload::{self, UploadLimits},
};
use crate::{
    app::App,
    checkin::{self, Answer, draft::Draft, receipt::SignedReceipt, submit::Upload},
    model::{
        time::{Timestamp, WorkDate},
        words::{Slot, Words},
    },
    presence::Window,
};

/// The form of a check-in.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the form; the parts are read by hand, in order and under limits")]
pub struct CheckinForm {
    /// What the phone claims, as `application/json`; has to come first.
    checkin: Draft,
    /// A JWS (ES256) of type `checkin+jws` by an enrolled phone's key, whose `kid` is the device's id and whose claims are
    /// `checkin_sha256` and `photo_sha256`, hexadecimal; may be left out.
    signature: Option<String>,
    /// The photo: JPEG, PNG or WebP.
    #[schema(value_type = String, format = Binary)]
    photo: Vec<u8>,
}

/// A window of a slot.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct WindowView {
    /// Which slot.
    pub slot: Slot,
    /// Which day.
    pub work_date: WorkDate,
    /// First instant that counts.
    pub opens: Timestamp,
    /// From here on it is late.
    pub closes: Timestamp,
    /// From here on it is closed.
    pub grace_ends: Timestamp,
    /// In local time, as people name it.
    pub words: Words,
}

impl WindowView {
    /// Of a window.
    pub fn new(window: &Window, words: Words) -> Self {
        let Window { slot, work_date, opens, closes, grace_ends } = *window;
        Self { slot, work_date, opens, closes, grace_ends, words }
    }
}

/// Check in for the morning slot.
#[utoipa::path(post, path = "/api/v1/presence/morning", operation_id = "check_in_morning", tag = "check-in",
    request_body(content = CheckinForm, content_type = "multipart/form-data"),
    responses((status = 201, body = SignedReceipt, description = "Stored now"),
        (status = 200, body = SignedReceipt, description = "Stored before: the same receipt again")))]
pub async fn morning(
    app: web::Data<App>,
    person: Person,
    request: HttpRequest,
    body: web::Payload,
) -> Result<HttpResponse, Problem> {
    check_in(app, person, Slot::Morning, request, body).await
}

/// Check in for the evening slot.
#[utoipa::path(post, path = "/api/v1/presence/evening", operation_id = "check_in_evening", tag = "check-in",
    request_body(content = CheckinForm, content_type = "multipart/form-data"),
    responses((status = 201, body = SignedReceipt, description = "Stored now"),
        (status = 200, body = SignedReceipt, description = "Stored before: the same receipt again")))]
pub async fn evening(
    app: web::Data<App>,
    person: Person,
    request: HttpRequest,
    body: web::Payload,
) -> Result<HttpResponse, Problem> {
    check_in(app, person, Slot::Evening, request, body).await
}

async fn check_in(
    app: web::Data<App>,
    person: Person,
    slot: Slot,
    request: HttpRequest,
    body: web::Payload,
) -> Result<HttpResponse, Problem> {
    // The moment the request arrived counts, not the moment a slow network was done with it.
    let received_at = request.extensions().get::<Arrival>().map_or_else(|| app.now(), |arrival| arrival.0);
    if !app.is_accepting() {
        return Err(Problem::new(Code::Stopping, "the server is stopping").retry_after(10));
    }
    let limits = UploadLimits::new(&app.config);
    let admission = app.work.admit(person.actor.person_id, limits.room_for(&request)?).await?;
    let _counted = Counted::new(&app);
    let received = upload::receive(&request, body, &limits).await?;
    let draft = Draft::parse(&received.checkin)?;
    let text = String::from_utf8(received.checkin)
        .map_err(|_| Problem::new(Code::CheckinInvalid, "the checkin part is not UTF-8"))?;
    let upload = Upload {
        draft,
        request: text,
        signature: received.signature,
        photo: received.photo,
        sha256: received.sha256,
        received_at,
    };
    let id = upload.draft.id;
    let (working, who) = (app.clone().into_inner(), person.0);
    let submitting = async move {
        // The photo stays in memory until this ends, whatever becomes of the phone.
        let _admission = admission;
        checkin::submit(&working, &who, slot, upload).await
    };
    let answer = app.work.to_the_end(submitting).await??;
    let (mut response, receipt) = match answer {
        Answer::New(receipt) => (HttpResponse::Created(), receipt),
        Answer::Repeated(receipt) => (HttpResponse::Ok(), receipt),
    };
    let response = response
        .insert_header((header::CONTENT_TYPE, "application/json"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::LOCATION, format!("/api/v1/checkins/{id}")));
    Ok(response.body(receipt))
}

/// An upload under way, as a metric.
struct Counted<'a>(&'a App);

impl<'a> Counted<'a> {
    fn new(app: &'a App) -> Self {
        app.metrics.uploads.inc();
        Self(app)
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.metrics.uploads.dec();
    }
}
