//! Keyset pages: a cursor says where the last page ended, so that new rows never shift what is read next.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Serialize;
use utoipa::ToSchema;

use super::problem::{Code, Problem};
use crate::model::time::Timestamp;

/// Rows of a page when it is not said.
const LIMIT_DEFAULT: i64 = 20;
/// Most rows of a page.
const LIMIT_MAX: i64 = 100;

/// A page of a list.
#[derive(Serialize, ToSchema)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Where the next page begins; absent on the last one.
    pub next: Option<String>,
}

/// The number of rows asked for.
///
/// # Errors
/// A problem when it is not between 1 and 100.
pub fn limit(asked: Option<i64>) -> Result<i64, Problem> {
    let limit = asked.unwrap_or(LIMIT_DEFAULT);
    if (1..=LIMIT_MAX).contains(&limit) {
        return Ok(limit);
    }
    Err(Problem::new(Code::ParameterInvalid, format!("limit has to lie between 1 and {LIMIT_MAX}, not {limit}")))
}

/// A cursor from its parts; opaque to clients.
pub fn cursor(parts: &[String]) -> String {
    URL_SAFE_NO_PAD.encode(parts.join("|"))
}

/// The parts of a cursor.
///
/// # Errors
/// A problem when it is none of ours.
pub fn parts<const N: usize>(cursor: &str) -> Result<[String; N], Problem> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| none_of_ours())?;
    let text = String::from_utf8(bytes).map_err(|_| none_of_ours())?;
    let parts: Vec<String> = text.split('|').map(str::to_owned).collect();
    parts.try_into().map_err(|_| none_of_ours())
}

/// The cursor was not given out by this service.
pub fn none_of_ours() -> Problem {
    Problem::new(Code::ParameterInvalid, "the cursor is none that was given out; begin without one")
}

/// A part of a cursor as a value.
///
/// # Errors
/// As [`parts`].
pub fn part<T: std::str::FromStr>(text: &str) -> Result<T, Problem> {
    text.parse().map_err(|_| none_of_ours())
}

/// A part of a cursor as an instant; none was given out before 1970.
///
/// # Errors
/// As [`parts`].
pub fn instant(text: &str) -> Result<Timestamp, Problem> {
    let micros: i64 = part(text)?;
    if micros < 0 { Err(none_of_ours()) } else { Ok(Timestamp::from_microsecond(micros)) }
}
