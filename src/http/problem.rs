//! Problems: every way a request can fail, as RFC 9457 `application/problem+json`. One registry; one shape.

use std::fmt;

use actix_web::{
    HttpResponse, HttpResponseBuilder, ResponseError,
    http::{StatusCode, header},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::model::words::Words;

/// Declares the registry: code, status, title, and what the phone's owner should do (Indonesian, English).
macro_rules! problems {
    ($($name:ident $code:literal $status:literal $title:literal, $id:literal, $en:literal;)*) => {
        /// Every problem there is. A code never changes its meaning.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        pub enum Code { $(#[doc = $title] $name,)* }

        impl Code {
            /// All of them, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The stable code.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// The status it is sent with.
            pub const fn status(self) -> u16 {
                match self { $(Self::$name => $status,)* }
            }

            /// What is the matter, always in the same words.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)* }
            }

            /// What to do now.
            pub fn action(self) -> Words {
                match self { $(Self::$name => Words::new($id, $en),)* }
            }
        }
    };
}

problems! {
    TokenMissing "token-missing" 401 "No access token was sent",
        "Silakan masuk kembali.", "Sign in, and send the access token as `Authorization: Bearer`.";
    TokenInvalid "token-invalid" 401 "The access token is not valid here",
        "Silakan masuk kembali.", "Sign in again.";
    TokenExpired "token-expired" 401 "The access token has expired",
        "Sesi diperbarui otomatis; bila tidak, masuk kembali.", "Use the refresh token, or sign in again.";
    SignInWrong "sign-in-wrong" 401 "Staff number or password is wrong",
        "Periksa NIP dan kata sandi.", "Check staff number and password.";
    SignInOver "sign-in-over" 401 "The sign-in is over",
        "Silakan masuk kembali.", "Sign in again.";
    SignInReused "sign-in-reused" 401 "The sign-in was ended for safety",
        "Token lama dipakai lagi, maka sesi ini diakhiri. Masuk kembali; bila bukan Anda, ganti kata sandi.",
        "An old refresh token came back, so this sign-in was ended. Sign in again; if that was not you, change the password.";
    SignInThrottled "sign-in-throttled" 429 "Too many failed sign-ins",
        "Tunggu sebentar lalu coba lagi.", "Wait as long as Retry-After says, then try again.";
    RoleMissing "role-missing" 403 "This needs a role you do not hold today",
        "Hubungi admin kepegawaian bila peran Anda keliru.", "Ask the administrator if your role is wrong.";
    NotFound "not-found" 404 "There is nothing here for you",
        "Periksa alamatnya.", "Check the address. What is not for your eyes looks the same as what does not exist.";
    MethodNotAllowed "method-not-allowed" 405 "This address does not take that method",
        "Perbarui aplikasi.", "See the API description for the methods of this address.";
    RequestSlow "request-slow" 408 "The request took too long",
        "Jaringan terlalu lambat; coba lagi.", "Send it again where the network is better.";
    BodyInvalid "body-invalid" 400 "The request body is not what this address takes",
        "Perbarui aplikasi lalu coba lagi.", "Correct the body; `detail` says where.";
    ParameterInvalid "parameter-invalid" 400 "A parameter is not valid",
        "Perbarui aplikasi lalu coba lagi.", "Correct the parameter; `detail` says which.";
    UploadMalformed "upload-malformed" 400 "The upload is not the multipart form that is expected",
        "Perbarui aplikasi lalu coba lagi.",
        "Send multipart/form-data with `checkin` (JSON) first, then `signature` where there is one, then `photo` (the file).";
    UploadIncomplete "upload-incomplete" 400 "The upload ended too early",
        "Jaringan terputus; kirim lagi, tidak ada yang hilang.", "Send it again with the same id; nothing was stored.";
    UploadStalled "upload-stalled" 408 "The upload stood still or took too long",
        "Jaringan terlalu lambat; kirim lagi di tempat dengan sinyal lebih baik.",
        "Send it again with the same id, where the network is better; nothing was stored.";
    UploadTooLarge "upload-too-large" 413 "The upload is larger than allowed",
        "Kirim foto yang lebih kecil.", "Send a smaller photo; `detail` names the limit.";
    CheckinInvalid "checkin-invalid" 400 "The checkin part is not valid",
        "Perbarui aplikasi lalu coba lagi.", "Correct the JSON; `detail` says where.";
    CheckinIdTaken "checkin-id-taken" 409 "This check-in id was used for something else",
        "Ambil foto baru; aplikasi membuat nomor baru.",
        "Make a new id for a new photo. The same id may only be sent again with the same photo, for the same slot.";
    AttemptsExhausted "attempts-exhausted" 409 "The slot was answered as often as is allowed",
        "Kiriman sebelumnya tersimpan; atasan akan melihat yang ditandai.", "The attempts before this one are stored; a supervisor looks at the flagged ones.";
    SlotNotDue "slot-not-due" 422 "This slot is not due today",
        "Presensi ini tidak dijadwalkan hari ini.", "Answer a slot that is due; `next_window` names the next one.";
    SlotTooEarly "slot-too-early" 422 "The window of this slot is not open yet",
        "Tunggu sampai jendela presensi dibuka.", "Come back when the window opens; `next_window` names it.";
    SlotClosed "slot-closed" 422 "The window of this slot is closed for today",
        "Jendela presensi sudah ditutup; ajukan koreksi bila ada alasan.",
        "The window and its grace are over; `next_window` names the next one. Ask for a correction if there is a reason.";
    ChallengeUnknown "challenge-unknown" 422 "This challenge was not given to you",
        "Ambil foto baru.", "Fetch a new challenge and take a new photo.";
    ChallengeOtherSlot "challenge-other-slot" 422 "This challenge is for another slot",
        "Ambil foto baru untuk presensi ini.", "Fetch a challenge for this slot.";
    ChallengeExpired "challenge-expired" 422 "This challenge has expired",
        "Ambil foto baru.", "Fetch a new challenge and take a new photo.";
    ChallengeSpent "challenge-spent" 422 "This challenge was used before",
        "Ambil foto baru.", "Fetch a new challenge and take a new photo.";
    ChallengesTooMany "challenges-too-many" 429 "Too many unused challenges",
        "Tunggu beberapa menit lalu coba lagi.", "Use one of the challenges you hold, or wait until they expire.";
    PositionUnusable "position-unusable" 422 "No position in the check-in can be used",
        "Nyalakan lokasi akurat, tunggu posisi baru, lalu kirim lagi.",
        "Send at least one well-formed fix with accuracy_m, or say with position_error why there is none.";
    PhotoNotAnImage "photo-not-an-image" 422 "The photo part is not an image",
        "Ambil foto dengan kamera.", "Send a JPEG, PNG or WebP photo.";
    PhotoFormat "photo-format" 415 "This image format is not taken",
        "Setel kamera ke JPEG (di iPhone: Pengaturan > Kamera > Format > Paling Kompatibel).",
        "Send JPEG, PNG or WebP. On an iPhone: Settings > Camera > Formats > Most Compatible.";
    PhotoIncomplete "photo-incomplete" 422 "The photo file is incomplete",
        "Ambil foto lagi.", "Take the photo again; the file was cut off before it was sent.";
    PhotoTooMuch "photo-too-much" 422 "The photo is larger than allowed",
        "Ambil foto dengan resolusi lebih kecil.", "Take the photo at a lower resolution; `detail` names the limit.";
    PhotoUnavailable "photo-unavailable" 409 "The photo cannot be shown",
        "Hubungi admin; kejadian ini tercatat.", "The stored photo cannot be shown; this is recorded. Tell the administrator.";
    PreflightTooOften "preflight-too-often" 429 "Too many readings were tried",
        "Kirim presensi saja; posisi tetap diperiksa.", "Check in without trying, or come back after Retry-After.";
    ReadingTooCoarse "reading-too-coarse" 422 "This reading is too coarse for a home",
        "Mendekatlah ke jendela, nyalakan lokasi akurat, lalu coba lagi.", "Step to a window, switch on precise location, and try again.";
    ReadingTooSoon "reading-too-soon" 429 "This reading is too soon after the last one",
        "Tunggu beberapa menit sebelum bacaan berikutnya.", "Wait as long as Retry-After says; readings count when they are apart.";
    ReadingsTooFew "readings-too-few" 422 "There are not enough readings for a home",
        "Ambil bacaan lagi di rumah, pada hari yang berbeda.", "Take more readings at home, on another day too; `detail` says how many.";
    ReadingsTooMany "readings-too-many" 409 "There are readings enough",
        "Ajukan rumah, atau mulai dari awal.", "Ask for the home, or delete the readings and begin again.";
    ShapeInvalid "shape-invalid" 422 "The fence cannot be taken",
        "Perbaiki bentuk pagar lokasi.", "Correct the fence; `detail` says what is wrong with it.";
    PlaceDatesInvalid "place-dates-invalid" 422 "The dates of the place cannot be taken",
        "Perbaiki tanggalnya.", "Correct the dates; `detail` says which are possible.";
    PlaceReasonInvalid "place-reason-invalid" 422 "Reason, reference or note cannot be taken",
        "Perbaiki alasan, nomor surat, atau catatan.", "Correct the reason, the reference or the note; `detail` says which.";
    PlaceTooOften "place-too-often" 409 "The home changes too often",
        "Tunggu sampai tanggal yang disebut, atau hubungi kepegawaian.", "Wait until the date in `detail`, or ask the personnel agency.";
    PlaceOverlap "place-overlap" 409 "Another home holds on those days",
        "Pilih tanggal lain.", "Choose other days; `detail` says when the other home begins.";
    PlacePending "place-pending" 409 "A request waits for a decision already",
        "Tunggu keputusan, atau tarik pengajuan sebelumnya.", "Wait for the decision, or withdraw the earlier request.";
    PlaceDecided "place-decided" 409 "This request was decided already",
        "Pengajuan ini sudah diputuskan.", "A request is decided once; it shows by whom.";
    PlaceOwn "place-own" 403 "Somebody else has to decide this",
        "Mintalah orang lain yang berwenang.", "Nobody decides about their own place, nor what they asked for themselves.";
    MapUnavailable "map-unavailable" 409 "There is no map of this check-in for you",
        "Tidak ada peta untuk presensi ini.", "It has no position or no place, or it is your own, which is shown in words only.";
    ReviewHeld "review-held" 409 "Somebody else is looking at this case",
        "Pilih kasus lain.", "Take another case, or come back when the lease ends.";
    ReviewNotHeld "review-not-held" 409 "You do not hold this case",
        "Ambil kasus ini dahulu.", "Claim the case first; the lease may have run out.";
    ReviewDecided "review-decided" 409 "This case is decided already",
        "Kasus ini sudah diputuskan.", "A case is decided once; the history shows by whom.";
    ReviewWaiting "review-waiting" 409 "The person still has time to answer",
        "Tunggu jawaban pegawai, atau sampai batas waktunya lewat.", "Wait for the answer, or until its time is over.";
    ReviewChanged "review-changed" 409 "The case has changed since you read it",
        "Muat ulang kasus ini, lalu putuskan kembali.", "Read the case again, then decide.";
    PhotoUnseen "photo-unseen" 409 "A photo of this case was not opened by you",
        "Buka setiap foto dalam kasus ini dahulu.", "Open every photo of the case first; `checkin_id` names one.";
    UndoOver "undo-over" 409 "This decision cannot be taken back now",
        "Waktunya lewat; pegawai dapat mengajukan keberatan.", "Only whoever decided can take it back, for a minute, while nothing followed from it.";
    GroupRefused "group-refused" 409 "Some cases cannot be accepted together with the others",
        "Lihat kasus yang disebut satu per satu.", "Look at the cases in `refused` one by one; nothing was decided.";
    OriginForeign "origin-foreign" 403 "This did not come from the console itself",
        "Buka konsol langsung dari alamatnya, lalu coba lagi.", "Requests with the console's cookie are taken from its own pages only.";
    AnswersTooMany "answers-too-many" 409 "There are as many answers as are kept",
        "Jawaban Anda sudah tersimpan; tunggu keputusan.", "What you said is stored; wait for the decision.";
    AnswerIdTaken "answer-id-taken" 409 "This answer id was used for something else",
        "Tulis jawaban baru.", "Make a new id for a new answer.";
    AppealUnavailable "appeal-unavailable" 409 "There is nothing to appeal against now",
        "Keberatan diajukan satu kali atas keputusan tolak, selama batas waktunya belum lewat.",
        "An appeal is made once against a rejection, while its time runs.";
    DeviceInvalid "device-invalid" 422 "This phone cannot be enrolled",
        "Perbarui aplikasi lalu coba lagi.", "Correct the key, the proof or the name; `detail` says which.";
    DevicesTooOften "devices-too-often" 429 "Too many phones were enrolled",
        "Tunggu satu jam lalu coba lagi; presensi tetap dapat dikirim.",
        "Wait as long as Retry-After says; check-ins are taken meanwhile.";
    ReasonInvalid "reason-invalid" 422 "This reason does not go with this decision",
        "Pilih alasan yang sesuai.", "Choose a reason from the list of this decision.";
    NoteTooLong "note-too-long" 422 "The note is too long or cannot be stored",
        "Persingkat catatan.", "Shorten the note.";
    ChangeOwn "change-own" 409 "Somebody else has to decide this change",
        "Perubahan yang Anda ajukan, atau yang menyangkut Anda, diputuskan orang lain.",
        "A change is decided by somebody who neither proposed it nor is its subject.";
    ChangeDecided "change-decided" 409 "This is decided already",
        "Perubahan ini sudah diputuskan; muat ulang halaman.", "A change is decided once; read it again to see by whom.";
    ChangeInvalid "change-invalid" 422 "This change cannot be made",
        "Perbaiki isiannya; `detail` menyebutkan yang mana.", "Correct what is proposed; `detail` says what stands against it.";
    PersonInvalid "person-invalid" 422 "The person cannot be kept like this",
        "Perbaiki isiannya; `detail` menyebutkan yang mana.", "Correct the field that `detail` names.";
    PersonTaken "person-taken" 409 "This staff number is taken",
        "Periksa NIP; orang ini sudah terdaftar.", "Check the staff number; a person with it is there already.";
    PersonGuarded "person-guarded" 409 "This concerns somebody who holds a role",
        "Akhiri dulu perannya (perlu dua orang), atau gunakan `hadir admin password` di server.",
        "End the role first, which takes two people, or use `hadir admin password` on the server.";
    UnitInvalid "unit-invalid" 422 "The unit cannot be kept like this",
        "Perbaiki isiannya; `detail` menyebutkan yang mana.", "Correct the field that `detail` names.";
    UnitTaken "unit-taken" 409 "This unit code is taken",
        "Pilih kode lain.", "Choose another code; a unit with this one is there already.";
    Busy "busy" 503 "The server is busy",
        "Server sedang sibuk; aplikasi mengirim lagi otomatis, tidak ada yang hilang.",
        "Send it again after Retry-After with the same id; nothing was stored.";
    Stopping "stopping" 503 "The server is being restarted",
        "Server sedang dimulai ulang; coba lagi sebentar lagi.", "Send it again after Retry-After with the same id.";
    StorageUnavailable "storage-unavailable" 503 "The database or the photo store does not answer",
        "Penyimpanan sedang terganggu; aplikasi mengirim lagi otomatis.",
        "Send it again after Retry-After with the same id; nothing was acknowledged.";
    Internal "internal" 500 "Something went wrong on the server",
        "Kirim lagi; bila berulang, sebutkan nomor permintaan kepada admin.",
        "Send it again; if it stays, tell the administrator the request id.";
}

/// Member of a problem that names the methods an address takes; the `Allow` header says the same.
pub const ALLOWED: &str = "allowed_methods";

/// A failed request.
#[derive(Clone, Debug)]
pub struct Problem {
    /// Which.
    pub code: Code,
    /// This occurrence, for whoever wrote the client.
    pub detail: String,
    /// Seconds after which to come back.
    pub retry_after_s: Option<u64>,
    /// Further members.
    pub extra: Map<String, Value>,
}

/// The body of a problem.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(title = "Problem")]
pub struct ProblemBody {
    /// Names the problem and leads to its description.
    #[serde(rename = "type")]
    #[schema(example = "/problems#challenge-spent")]
    pub kind: String,
    /// The same for each occurrence.
    #[schema(example = "This challenge was used before")]
    pub title: String,
    /// The HTTP status.
    #[schema(example = 422)]
    pub status: u16,
    /// This occurrence.
    #[schema(example = "this challenge was used before")]
    pub detail: String,
    /// For programs.
    #[schema(example = "challenge-spent")]
    pub code: String,
    /// What to do now.
    pub action: Words,
    /// To tell the administrator.
    pub request_id: Option<String>,
    /// Seconds after which to come back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after_s: Option<u64>,
    /// Further members, like `next_window`.
    #[serde(flatten)]
    #[schema(additional_properties)]
    pub extra: Map<String, Value>,
}

impl Problem {
    /// A problem with this occurrence's detail.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), retry_after_s: None, extra: Map::new() }
    }

    /// The same, with a time to come back.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after_s = Some(seconds);
        self
    }

    /// The same, with one more member.
    #[must_use]
    pub fn with(mut self, name: &str, value: Value) -> Self {
        self.extra.insert(name.to_owned(), value);
        self
    }

    /// The answer; `request_id` is known to the middleware only.
    pub fn response(&self, request_id: Option<&str>) -> HttpResponse {
        let body = ProblemBody {
            kind: format!("/problems#{}", self.code.as_str()),
            title: self.code.title().to_owned(),
            status: self.code.status(),
            detail: self.detail.clone(),
            code: self.code.as_str().to_owned(),
            action: self.code.action(),
            request_id: request_id.map(str::to_owned),
            retry_after_s: self.retry_after_s,
            extra: self.extra.clone(),
        };
        let mut response = HttpResponseBuilder::new(self.status_code());
        response.insert_header((header::CONTENT_TYPE, "application/problem+json"));
        if let Some(seconds) = self.retry_after_s {
            response.insert_header((header::RETRY_AFTER, seconds.to_string()));
        }
        if let Some(methods) = self.extra.get(ALLOWED).and_then(Value::as_str) {
            response.insert_header((header::ALLOW, methods));
        }
        if self.code.status() == 401 {
            response.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
        }
        response.body(serde_json::to_vec(&body).unwrap_or_default())
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.as_str(), self.detail)
    }
}

impl std::error::Error for Problem {}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        self.response(None)
    }
}

/// The registry as a page, from which `api-spec/problems.md` is made.
pub fn page() -> String {
    let mut text =
        "# Problems\n\nEvery error answer is `application/problem+json` (RFC 9457). `code` is stable; `detail` tells \
        this occurrence; `action` tells people what to do, in Indonesian and English.\n\n\
        | code | status | meaning | what to do |\n|---|---|---|---|\n"
            .to_owned();
    for code in Code::ALL {
        let (name, status, title, action) = (code.as_str(), code.status(), code.title(), code.action().en);
        text += &format!("| <a id=\"{name}\"></a>`{name}` | {status} | {title} | {action} |\n");
    }
    text
}
