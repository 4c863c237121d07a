//! What a photo is held against, so that a phone can hint at it before the shot.

use actix_web::{HttpResponse, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::auth::Person;
use crate::{
    app::App,
    evidence::photo::{header::Format, thresholds},
};

/// The limits and thresholds of the photo checks. Levels are 0 to 255, measured on a grey copy whose longer side has
/// `measured_side_px` pixels.
#[derive(Serialize, ToSchema)]
pub struct PhotoChecks {
    /// Media types that are taken.
    #[schema(example = json!(["image/jpeg", "image/png", "image/webp"]))]
    media_types: Vec<&'static str>,
    /// Most bytes of a photo.
    #[schema(example = 15_000_000)]
    bytes_max: usize,
    /// Longest side, pixels.
    #[schema(example = 12_000)]
    side_max_px: u32,
    /// Most pixels of a JPEG of one scan.
    #[schema(example = 60_000_000)]
    pixels_max: u64,
    /// With a shorter side below this nobody can be recognised.
    #[schema(example = 96)]
    shorter_side_min_px: u32,
    /// Longer side of the grey copy.
    #[schema(example = 504)]
    measured_side_px: usize,
    /// Too dark: the mean level is below this, and ...
    #[schema(example = 20.0)]
    dark_mean: f64,
    /// ... 95 % of the pixels stay below this level.
    #[schema(example = 60)]
    dark_highlight: u8,
    /// Washed out: the mean level is above this, and ...
    #[schema(example = 235.0)]
    bright_mean: f64,
    /// ... 95 % of the pixels are above this level.
    #[schema(example = 190)]
    bright_shadow: u8,
    /// Covered: so large a share of 8 x 8 tiles has a standard deviation below 3 levels.
    #[schema(example = 0.98)]
    uniform_share: f64,
    /// Perhaps partly covered: see `uniform_share`.
    #[schema(example = 0.7)]
    partly_covered_share: f64,
    /// Hardly any detail: the variance of the 3 x 3 Laplacian is below this.
    #[schema(example = 20.0)]
    blurred_below: f64,
    /// Whether faces are looked for; where not, the evidence says so and nothing follows.
    #[schema(example = false)]
    faces_checked: bool,
}

/// What photos are held against.
#[utoipa::path(get, path = "/api/v1/photo-checks", operation_id = "photo_checks", tag = "presence",
    responses((status = 200, body = PhotoChecks, description = "Limits and thresholds")))]
pub async fn show(app: web::Data<App>, _person: Person) -> HttpResponse {
    HttpResponse::Ok().json(PhotoChecks {
        media_types: [Format::Jpeg, Format::Png, Format::Webp].map(Format::media_type).to_vec(),
        bytes_max: app.config.photo_max_bytes,
        side_max_px: app.config.photo_side_max_px,
        pixels_max: app.config.photo_max_px,
        shorter_side_min_px: thresholds::SHORTER_SIDE_PX,
        measured_side_px: thresholds::MEASURED_SIDE_PX,
        dark_mean: thresholds::DARK_MEAN,
        dark_highlight: thresholds::DARK_HIGHLIGHT,
        bright_mean: thresholds::BRIGHT_MEAN,
        bright_shadow: thresholds::BRIGHT_SHADOW,
        uniform_share: thresholds::UNIFORM_SHARE,
        partly_covered_share: thresholds::PARTLY_COVERED_SHARE,
        blurred_below: thresholds::BLURRED_BELOW,
        faces_checked: app.examiner.faces.is_some(),
    })
}
