//! All of it, in order: header, limits, EXIF, pixels, fingerprints, quality, faces.

use std::panic;

use serde::{Deserialize, Serialize};

use super::{
    content,
    decode::{self, Decoded, Decoder, Undecodable},
    exif::{self, Claims, Found},
    face::{FaceDetector, Faces},
    fingerprint::{Fingerprint, Fingerprints},
    header::{self, Format, Header, PhotoLimits, Refused, Walked},
    luma::{self, Luma},
    quality::{self, Quality},
    thresholds::{DECODED_SIDE_PX, MEASURED_SIDE_PX, STRUCTURE_MIN},
};

/// A thumbnail with more bytes than this is none.
const THUMBNAIL_BYTES_MAX: usize = 65_536;

/// What was seen of a photo.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PhotoEvidence {
    /// What the file says it is.
    pub header: Header,
    /// SHA-256 over what the pixels depend on; see [`content`].
    #[serde(default, with = "hex::serde")]
    pub content_sha256: [u8; 32],
    /// What the camera claims.
    pub exif: Claims,
    /// What the pixels show; none when they could not be decoded.
    pub seen: Option<Seen>,
    /// Why they could not be decoded.
    pub not_examined: Option<String>,
}

/// What the pixels show.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Seen {
    /// Of the whole upright picture.
    pub fingerprint: Fingerprint,
    /// How much structure there is to compare, 0 to 100.
    pub structure: u8,
    /// Brightness, detail, evenness.
    pub quality: Quality,
    /// Whether somebody is on it.
    pub faces: Faces,
    /// How near the thumbnail comes to the picture, in bits; none without a thumbnail that can be read.
    pub thumbnail_bits: Option<u32>,
    /// Who decoded.
    pub decoder: Decoder,
    /// What the decoder said about missing or broken picture data.
    pub damage: Option<String>,
}

/// The evidence, and what the search for copies needs beside it.
#[derive(Clone, Debug)]
pub struct Inspected {
    /// What is kept with the check-in.
    pub evidence: PhotoEvidence,
    /// What other photos are compared with; none when there are no pixels or too little structure.
    pub fingerprints: Option<Fingerprints>,
}

/// What examines photos: its limits, and a face model if there is one.
#[derive(Default)]
pub struct Examiner {
    /// Held against the header, before the work.
    pub limits: PhotoLimits,
    /// Looks for faces.
    pub faces: Option<FaceDetector>,
}

impl Examiner {
    /// Examines the bytes of a photo.
    ///
    /// # Errors
    /// [`Refused`] when they are no photo or break a limit. A sound photo that the decoder cannot read is not an error:
    /// it is evidence that says so.
    pub fn inspect(&self, bytes: &[u8]) -> Result<Inspected, Refused> {
        let walked = self.walk(bytes)?;
        let header = walked.header;
        // A panic inside a decoder is a check that could not run, not a lost check-in.
        let Found { claims, thumbnail } = panic::catch_unwind(|| exif::find(bytes)).unwrap_or_default();
        let look = panic::AssertUnwindSafe(|| {
            let decoded = decode::luma(bytes, &header, DECODED_SIDE_PX, &self.limits)?;
            Ok(self.look(decoded, claims.orientation, thumbnail.as_deref()))
        });
        let (seen, fingerprints, not_examined) = match panic::catch_unwind(look) {
            Ok(Ok((seen, fingerprints))) => (Some(seen), Some(fingerprints), None),
            Ok(Err(Undecodable(why))) => (None, None, Some(why)),
            Err(_) => (None, None, Some("the decoder broke off".to_owned())),
        };
        let evidence = PhotoEvidence {
            header,
            content_sha256: content::hash(bytes, &walked.content),
            exif: claims,
            seen,
            not_examined,
        };
        let fingerprints = fingerprints.filter(|prints| prints.structure >= STRUCTURE_MIN);
        Ok(Inspected { evidence, fingerprints })
    }

    fn walk(&self, bytes: &[u8]) -> Result<Walked, Refused> {
        let unreadable = Refused::Truncated { format: "image", missing: "its header cannot be read" };
        let limits = self.limits;
        panic::catch_unwind(|| header::walk(bytes, &limits)).unwrap_or(Err(unreadable))
    }

    /// What its header says.
    ///
    /// # Errors
    /// As [`Examiner::inspect`].
    pub fn header(&self, bytes: &[u8]) -> Result<Header, Refused> {
        Ok(self.walk(bytes)?.header)
    }

    /// What the header alone tells of a photo that could not be examined, and why it was not.
    ///
    /// # Errors
    /// As [`Examiner::inspect`].
    pub fn glance(&self, bytes: &[u8], why: String) -> Result<Inspected, Refused> {
        let walked = self.walk(bytes)?;
        let evidence = PhotoEvidence {
            header: walked.header,
            content_sha256: content::hash(bytes, &walked.content),
            exif: Claims::default(),
            seen: None,
            not_examined: Some(why),
        };
        Ok(Inspected { evidence, fingerprints: None })
    }

    /// What a decoded plane shows.
    pub fn look(&self, decoded: Decoded, turn: Option<u32>, thumbnail: Option<&[u8]>) -> (Seen, Fingerprints) {
        let turn = luma::orientation(turn);
        let picture = decoded.luma.fitted(MEASURED_SIDE_PX).upright(turn);
        let fingerprints = Fingerprints::of(&picture);
        // What is beside the picture must not cost the look at it.
        let thumbnail =
            thumbnail.and_then(|bytes| panic::catch_unwind(|| thumbnail_of(bytes, &picture, turn)).unwrap_or_default());
        let faces = panic::AssertUnwindSafe(|| {
            self.faces.as_ref().map_or(Faces::NotChecked, |detector| detector.look(&picture))
        });
        let seen = Seen {
            fingerprint: fingerprints.straight[0],
            structure: fingerprints.structure,
            quality: quality::measure(&picture),
            faces: panic::catch_unwind(faces).unwrap_or(Faces::Failed),
            thumbnail_bits: thumbnail.map(|thumbnail| thumbnail.nearest(&fingerprints.straight).bits),
            decoder: decoded.decoder,
            damage: decoded.damage,
        };
        (seen, fingerprints)
    }
}

/// The fingerprints of a thumbnail, cut to the shape of its picture: cameras fill it up with black bars.
fn thumbnail_of(bytes: &[u8], picture: &Luma, turn: image::metadata::Orientation) -> Option<Fingerprints> {
    if bytes.len() > THUMBNAIL_BYTES_MAX {
        return None;
    }
    let limits = PhotoLimits { side_px_max: 1024, ..PhotoLimits::default() };
    let header = Header::read(bytes, &limits).ok().filter(|header| header.format == Format::Jpeg)?;
    let small = decode::luma(bytes, &header, MEASURED_SIDE_PX, &limits).ok()?.luma.upright(turn);
    let shape = picture.width as f64 / picture.height as f64;
    let mut part = small.whole();
    if part.width > part.height * shape {
        part.left = (part.width - part.height * shape).max(0.0) / 2.0;
        part.width = part.width.min(part.height * shape);
    } else {
        part.top = (part.height - part.width / shape).max(0.0) / 2.0;
        part.height = part.height.min(part.width / shape);
    }
    let (width, height) = (part.width as usize, part.height as usize);
    let fingerprints = Fingerprints::of(&small.resized(part, width.max(1), height.max(1)));
    (fingerprints.structure >= STRUCTURE_MIN).then_some(fingerprints)
}
