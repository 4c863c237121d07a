//! What each finding means, and what it does not: for the documentation and for whoever decides.

use super::{
    finding::Code,
    location::{fix::MAX_AGE_SECONDS, trust},
    moment::CLOCK_SKEW_SECONDS,
    photo::thresholds as photo,
};

/// One finding, explained.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Which.
    pub code: Code,
    /// What was found.
    pub means: &'static str,
    /// What is measured, and its unit.
    pub measured: &'static str,
    /// From where on it is found.
    pub threshold: String,
    /// How much it weighs.
    pub severity: &'static str,
    /// How an honest person comes to it.
    pub honest: &'static str,
    /// What to look at before deciding.
    pub look_at: &'static str,
}

/// Every finding, in the order of [`Code::ALL`].
pub fn catalogue() -> Vec<Entry> {
    Code::ALL.iter().map(|code| entry(*code)).collect()
}

/// The catalogue as a page.
pub fn page() -> String {
    let mut page = String::from(HEADING);
    for entry in catalogue() {
        let cell = |text: &str| text.replace('|', "\\|");
        page.push_str(&format!(
            "| `{}` | {} | {} | {} | {} | {} | {} |\n",
            entry.code.as_str(),
            cell(entry.means),
            cell(entry.measured),
            cell(&entry.threshold),
            entry.severity,
            cell(entry.honest),
            cell(entry.look_at)
        ));
    }
    page.push_str(NOT_CLAIMED);
    page
}

const HEADING: &str = "# Findings

Made from the code by `hadir spec findings`. A finding is a fact about the evidence, never a judgement of a person: a
person decides, with the honest causes in mind. `high` flags alone; two different findings of `medium` flag together, and
those marked \"flags alone\" do because nothing could be verified; a `position.` or `location.` finding of `medium` flags
when it comes on a third day within 30 that nobody accepted yet; `low` and `info` are only shown. Whoever runs the
service can make findings silent (`findings_silent`): they are recorded, and never flag.

| code | what it means | measured | found from | severity | how an honest person comes to it | what to look at |
|---|---|---|---|---|---|---|
";

const NOT_CLAIMED: &str = "
## What is not claimed

- Who is on the photo, whether the person is alive, or that a camera took the picture just now. The one-time challenge
  and the live page say more about that than any pixel.
- That a photo of a screen or of a print is one. Patterns that give such photos away could not be told from curtains and
  keyboards honestly enough. A close copy of a picture that is kept is found by `photo.used_before` and
  `photo.of_another` all the same, however it was made.
- Anything from missing EXIF: pages and phones strip it. Anything from quantization tables: a third of all cameras use
  the same ones as editors. They are recorded only.
- Anything from a C2PA manifest: it is seen, not verified.
";

fn entry(code: Code) -> Entry {
    let [means, measured, severity, honest, look_at] = texts(code);
    Entry { code, means, measured, threshold: threshold(code), severity, honest, look_at }
}

#[expect(clippy::too_many_lines, reason = "a table")]
fn threshold(code: Code) -> String {
    match code {
        Code::LocationOutside => "chance of being inside any fence at most 1 %".to_owned(),
        Code::LocationCannotTell => "chance of being inside below 80 %, of being outside not certain".to_owned(),
        Code::LocationStale => format!("older than {MAX_AGE_SECONDS:.0} s by the phone's own clock"),
        Code::PhotoDark => {
            format!("mean below {:.0} and 95 % of the pixels below {} of 255", photo::DARK_MEAN, photo::DARK_HIGHLIGHT)
        }
        Code::PhotoUniform => format!("at least {:.0} % of 64 tiles flat", photo::UNIFORM_SHARE * 100.0),
        Code::PhotoOverexposed => {
            format!("mean above {:.0} and 95 % of the pixels above {} of 255", photo::BRIGHT_MEAN, photo::BRIGHT_SHADOW)
        }
        Code::PhotoBlurred => format!("below {:.0} at {} px", photo::BLURRED_BELOW, photo::MEASURED_SIDE_PX),
        Code::PhotoPartlyCovered => format!("at least {:.0} % of 64 tiles flat", photo::PARTLY_COVERED_SHARE * 100.0),
        Code::PhotoSmall => format!("below {} px", photo::SHORTER_SIDE_PX),
        Code::PhotoNoFace => "no box reaches `face_score_min`; not checked without a model".to_owned(),
        Code::PhotoScreenshot => {
            format!("the phone's own note (medium), or a PNG with sides of {} to 1 and more (low)", photo::SCREEN_RATIO)
        }
        Code::PhotoUsedBefore => format!(
            "same picture data, or at most {} of 256 bits; attempts of the same slot are not compared",
            photo::SAME_PICTURE_BITS
        ),
        Code::PhotoOfAnother => others(),
        Code::PhotoLikeBefore => {
            format!("{} to {} of 256 bits", photo::SAME_PICTURE_BITS + 1, photo::ALIKE_BITS)
        }
        Code::PhotoOtherTime => format!(
            "more than {:.0} h; {:.0} h where the camera's clock has no zone",
            photo::OTHER_TIME_WITH_ZONE_HOURS,
            photo::OTHER_TIME_HOURS
        ),
        Code::PhotoElsewhere => format!(
            "more than {:.0} m and {} standard deviations of both, taken within {:.0} min",
            photo::ELSEWHERE_M,
            photo::ELSEWHERE_SIGMAS,
            photo::ELSEWHERE_MINUTES
        ),
        Code::PhotoEdited => format!("{} names, as data", photo::EDITORS.len()),
        Code::PhotoSavedAgain => format!("more than {:.0} s later", photo::SAVED_AGAIN_SECONDS),
        Code::PhotoThumbnail => format!("more than {} of 256 bits", photo::THUMBNAIL_BITS),
        Code::Late => "after the window, inside the grace".to_owned(),
        Code::ClockSkew => format!("more than {CLOCK_SKEW_SECONDS:.0} s"),
        Code::PositionExactHome => {
            format!("within {} m on {} days of {}", trust::EXACT_HOME_M, trust::DAYS_TOGETHER, trust::LOOK_BACK_DAYS)
        }
        Code::PositionRepeated => format!(
            "7 decimals, another fix time, on {} days of {}; low from {} m accuracy on",
            trust::DAYS_TOGETHER,
            trust::LOOK_BACK_DAYS,
            trust::NETWORK_FROM_M
        ),
        Code::PositionJump => format!(
            "above {} km/h by the fix that counts and the last of two or more, from another slot (high), or above {} km/h \
             (low), less three standard deviations of both",
            trust::JUMP_KMH,
            trust::FAST_KMH
        ),
        Code::PositionCoarse => format!("both with {} decimals or fewer", trust::COARSE_DECIMALS),
        Code::PositionConstant => format!("on {} days of {}", trust::CONSTANT_DAYS, trust::LOOK_BACK_DAYS),
        Code::ZoneMismatch => "neither the unit's zone nor WIB, WITA, WIT".to_owned(),
        Code::PositionSameFix
        | Code::PositionNoTime
        | Code::LocationMissing
        | Code::PlaceMissing
        | Code::PlaceUnreadable
        | Code::PositionMocked
        | Code::PhotoNotExamined
        | Code::PhotoDamaged
        | Code::PhotoFaceNotChecked
        | Code::PhotoDimensions
        | Code::PhotoFromFile
        | Code::ChallengeMissing
        | Code::ChallengeAfter
        | Code::DeviceSignature
        | Code::DeviceUnknown
        | Code::ClockChanged
        | Code::DeviceNew
        | Code::DeviceNotSigned => "yes or no".to_owned(),
        Code::CapturedBefore => "more than a minute before the window".to_owned(),
        Code::ChallengeEarly => "a code older than `challenge_s` when the window opened".to_owned(),
        Code::DeliveredLate => {
            "after the grace, captured inside the window; within `delivery_s` of the capture".to_owned()
        }
        Code::CapturedOffline => "a code older than `challenge_s`".to_owned(),
    }
}

fn others() -> String {
    let rows: Vec<String> =
        photo::OTHERS_BITS.iter().map(|(photos, bits)| format!("{bits} bits up to {photos} photos")).collect();
    format!("same picture data, or: {}; beyond that {}", rows.join(", "), photo::OTHERS_BITS_BEYOND)
}

/// What it means, what is measured, its severity, honest causes, what to look at.
#[expect(clippy::too_many_lines, reason = "a table")]
const fn texts(code: Code) -> [&'static str; 5] {
    match code {
        Code::LocationOutside => [
            "The position lies outside every place in force, beyond what the phone's imprecision explains.",
            "distance to the fence, m",
            "high",
            "An errand, a home that was registered at the wrong spot, a fix from the mobile network with a radius that is too optimistic.",
            "The distance against the accuracy; whether the same distance comes every day (then the registration is wrong).",
        ],
        Code::LocationCannotTell => [
            "The position is too coarse, or too near the edge, to say inside or outside. It is no absence.",
            "stated accuracy, m",
            "medium, flags alone",
            "Being indoors, a cheap phone, battery saving.",
            "The photo: does it show the place?",
        ],
        Code::LocationStale => [
            "Positions were sent, but none was fresh.",
            "age of the freshest, s",
            "medium, flags alone",
            "A phone that hands out its last known position indoors.",
            "The photo, and whether it happens every day.",
        ],
        Code::LocationMissing => [
            "The phone sent no position and said why.",
            "-",
            "medium, flags alone",
            "The permission was refused by mistake, location is off, a time-out indoors.",
            "The reason the phone gave.",
        ],
        Code::PlaceMissing => [
            "No place of this person is in force on the day.",
            "-",
            "medium, flags alone",
            "A home that waits for approval.",
            "The registration.",
        ],
        Code::PlaceUnreadable => [
            "A place in force is stored and cannot be read: it was changed in the database, or its sealing key is gone.",
            "-",
            "medium, flags alone",
            "None of the person's doing.",
            "Tell whoever runs the service.",
        ],
        Code::PositionMocked => [
            "The phone itself says that the position is a mock.",
            "-",
            "high",
            "A developer's phone, a car kit or a Bluetooth receiver that feeds positions in.",
            "Whether it was ever different with this person.",
        ],
        Code::PositionSameFix => [
            "Another person sent the very same fix: coordinates to 7 decimals, accuracy and fix time.",
            "check-ins of others",
            "high",
            "A couple who share one phone, a phone that was handed over.",
            "Whether the two live or work together; both photos.",
        ],
        Code::PositionExactHome => [
            "The fix lies on the registered centre of the home itself, on several days.",
            "days",
            "medium",
            "A phone that always gives the same Wi-Fi position, from which the home was registered too.",
            "The accuracy the phone states, and the photo.",
        ],
        Code::PositionRepeated => [
            "The same coordinates to 7 decimals (1 cm) on several days, each time with a fresh time.",
            "days",
            "medium; low with the accuracy of a Wi-Fi position",
            "Positions from Wi-Fi and from caches repeat.",
            "The photo; whether the person was ever somewhere else.",
        ],
        Code::PositionJump => [
            "Too far from the check-in before for the time between.",
            "km/h",
            "high, or low",
            "A fix that is wrong and sure of itself, a flight, a fast train.",
            "Which of the two positions is the odd one.",
        ],
        Code::PositionCoarse => [
            "Both coordinates are rounded.",
            "-",
            "low",
            "The permission for approximate positions only, a browser that guards privacy.",
            "Nothing by itself.",
        ],
        Code::PositionConstant => [
            "The same accuracy to the last digit on many days, without height, speed and heading.",
            "days",
            "low",
            "Browsers and Wi-Fi positions do this; iPhones give round numbers.",
            "Nothing by itself.",
        ],
        Code::PositionNoTime => [
            "The fix does not say when it was made, so its age is not known.",
            "-",
            "info",
            "A program that leaves the field out.",
            "Nothing by itself.",
        ],
        Code::PhotoDark => [
            "The photo is so dark that nothing can be recognised.",
            "mean brightness, 0 to 255",
            "high",
            "A power cut, a check-in before dawn, a covered lens by accident.",
            "The photo, brightened.",
        ],
        Code::PhotoUniform => [
            "The photo is one even surface.",
            "share of flat tiles",
            "high",
            "A finger or a case over the lens.",
            "The photo.",
        ],
        Code::PhotoOverexposed => [
            "The photo is washed out.",
            "mean brightness, 0 to 255",
            "medium",
            "A window behind the person, a camera that had not adjusted yet.",
            "The photo: can the person be recognised all the same?",
        ],
        Code::PhotoBlurred => [
            "There is hardly any detail. About 3 % of good photos are as smooth (plain walls, sky).",
            "variance of the Laplacian",
            "medium",
            "A shaking hand, a greasy lens, a plain wall.",
            "The photo.",
        ],
        Code::PhotoPartlyCovered => [
            "Most of the photo is an even surface.",
            "share of flat tiles",
            "low",
            "A plain wall behind the person, a finger at the edge of the lens.",
            "The photo.",
        ],
        Code::PhotoSmall => [
            "The photo is too small to recognise anybody.",
            "shorter side, px",
            "high",
            "A messenger's preview was sent instead of the photo.",
            "-",
        ],
        Code::PhotoNotExamined => [
            "The photo is stored, but no decoder could read it, or not in time, so nothing was checked.",
            "-",
            "medium, flags alone",
            "A server under load, an unusual camera program, a damaged memory card.",
            "The photo, if it can be shown; else ask for another one.",
        ],
        Code::PhotoDamaged => [
            "Part of the picture data is broken or missing.",
            "-",
            "medium",
            "A file that was copied while it was still being written, a bad network on the phone's side.",
            "How much of the picture is there.",
        ],
        Code::PhotoNoFace => [
            "The operator's face model found no face. It does not know whose face it would be.",
            "best score, 0 to 1",
            "medium",
            "A mask or a veil, light from behind, a face turned away; models miss some faces more often than others.",
            "The photo: is somebody on it?",
        ],
        Code::PhotoFaceNotChecked => [
            "The operator's face model failed on this photo, so nothing is known about faces.",
            "-",
            "low",
            "Nothing the person did.",
            "The photo: is somebody on it?",
        ],
        Code::PhotoScreenshot => [
            "The file is a screenshot by the phone's own note, or a PNG in the shape of a screen.",
            "ratio of the sides",
            "medium or low",
            "Some camera programs save PNG.",
            "Status bar, buttons or a frame on the picture.",
        ],
        Code::PhotoUsedBefore => [
            "The same person sent this picture for another slot.",
            "differing bits of 256; 0 for the same data",
            "high",
            "A phone on a stand at the same desk; two photos taken within seconds and sent for two slots.",
            "The photo of the named day beside this one: clothes, light, things that move.",
        ],
        Code::PhotoOfAnother => [
            "Another person sent this picture, or its mirror image.",
            "differing bits of 256; 0 for the same data",
            "high",
            "Two colleagues in one room in the same minute; a stock picture as a background.",
            "The photo. The evidence and the log name the other check-in, for whoever may see both; who sent it first tells nothing about whose it is.",
        ],
        Code::PhotoLikeBefore => [
            "The photo is much like an earlier one of the same person.",
            "differing bits of 256",
            "low",
            "The same chair, the same wall, the same hour: this is what working at home looks like.",
            "Nothing by itself.",
        ],
        Code::PhotoOtherTime => [
            "By the camera's clock or its satellite time the photo was taken at another time.",
            "hours",
            "medium",
            "A camera clock that was never set, a file that lost its date on the way, a time zone after a journey.",
            "Light and clothes on the photo.",
        ],
        Code::PhotoElsewhere => [
            "The camera's own position is far from the phone's fix although they were made within minutes.",
            "metres",
            "medium",
            "A camera program that writes its last known position.",
            "Which of the two positions fits the other days.",
        ],
        Code::PhotoEdited => [
            "A program that changes pictures wrote the file last.",
            "name in the software field",
            "medium",
            "A camera program with a beauty filter, or one that makes files smaller.",
            "Edges, shadows, things that do not belong.",
        ],
        Code::PhotoSavedAgain => [
            "The file was written again after the picture was taken.",
            "seconds",
            "low",
            "Turning the picture, a messenger, a backup.",
            "Nothing by itself.",
        ],
        Code::PhotoDimensions => [
            "The camera wrote other dimensions than the file has.",
            "width, px",
            "low",
            "Making the file smaller for a bad network; about one camera in five writes them wrongly.",
            "Nothing by itself.",
        ],
        Code::PhotoThumbnail => [
            "The small picture inside the file shows something else.",
            "differing bits of 256",
            "low",
            "Programs that turn or crop a photo and leave the small picture as it was; one camera file in ten.",
            "Nothing by itself.",
        ],
        Code::PhotoFromFile => [
            "The page says that the photo was chosen from files because the camera could not be used.",
            "-",
            "medium, flags alone",
            "A camera that is broken, busy or not allowed.",
            "The photo: does it look like now?",
        ],
        Code::DeliveredLate => [
            "Captured inside the window by the phone's clock, delivered after the grace. The capture lies between the fetching of its code and the arrival; where in between is the phone's word.",
            "minutes between capture and arrival",
            "medium, flags alone",
            "No network, a server that was down.",
            "Whether others nearby had no network either; light and clothes on the photo.",
        ],
        Code::CapturedOffline => [
            "The one-time code on the photo had been fetched some time before, so the capture lies in the time between.",
            "minutes between code and arrival",
            "low",
            "No network at the moment of the capture.",
            "Nothing by itself.",
        ],
        Code::CapturedBefore => [
            "Captured before the window that it answers had opened, by the phone's own word.",
            "-",
            "medium, flags alone",
            "A tap some minutes too early, sent when the window was open.",
            "The time in words; the photo.",
        ],
        Code::ClockChanged => [
            "The phone's clock was set back between capture and sending, so it is not known how long it waited.",
            "-",
            "medium, flags alone",
            "A phone with a wrong clock that corrected it when the network came back.",
            "The photo: does it look like the time of the window?",
        ],
        Code::ChallengeEarly => [
            "The one-time code had been fetched long before the window opened, so the capture may lie before it too.",
            "minutes between code and arrival",
            "medium, flags alone",
            "A phone that had no network since the day before.",
            "The photo: light, clothes, whether it looks like the time of the window.",
        ],
        Code::ChallengeMissing => [
            "There is no one-time code, so nothing says that the photo belongs to this day.",
            "-",
            "medium, flags alone",
            "A phone that had no network since before the slot.",
            "The photo: does it look like now?",
        ],
        Code::ChallengeAfter => [
            "The one-time code was fetched after the photo had been taken, so nothing says that the photo belongs to this day.",
            "-",
            "medium, flags alone",
            "A phone that had no network at the capture, or whose first code was used up.",
            "The photo: does it look like now?",
        ],
        Code::DeviceSignature => [
            "The signature of the enrolled phone's key does not fit what arrived.",
            "-",
            "medium",
            "A proxy that rewrites uploads.",
            "Whether it comes again; whose phone the key belongs to.",
        ],
        Code::DeviceUnknown => [
            "Signed by a key that is not enrolled for this person, or was taken away.",
            "-",
            "info",
            "A new phone, a cleared browser.",
            "Nothing by itself.",
        ],
        Code::DeviceNew => [
            "Signed by a phone that was enrolled within the last day.",
            "-",
            "info",
            "The first day with the page, a new phone, a cleared browser.",
            "Nothing by itself; after a complaint about a stolen password, everything since then.",
        ],
        Code::DeviceNotSigned => [
            "Not signed, although the person has enrolled a phone.",
            "-",
            "low",
            "A borrowed phone, a browser without the means.",
            "Nothing by itself.",
        ],
        Code::Late => {
            ["The check-in came after the window, inside the grace.", "minutes", "info", "A bad network.", "-"]
        }
        Code::ClockSkew => [
            "The phone's clock differs from the server's; the server's counts.",
            "seconds",
            "low",
            "A clock that was set by hand.",
            "Nothing by itself.",
        ],
        Code::ZoneMismatch => [
            "The phone is set to a time zone that is none of the country's.",
            "minutes east of UTC",
            "low",
            "A phone that was set up abroad, a journey.",
            "Nothing by itself.",
        ],
    }
}
