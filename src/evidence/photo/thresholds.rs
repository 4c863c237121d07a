//! Every threshold of the photo checks, in one place: the checks, the documentation and the phone's own hints before
//! the shot read them here.

/// The longer side of the small grey copy that is measured; the thresholds of quality hold for this size only.
pub const MEASURED_SIDE_PX: usize = 504;
/// The copy is made from a picture at least this large: sharpness measured on a picture decoded at its final size is
/// unsound.
pub const DECODED_SIDE_PX: usize = 1008;

/// A picture whose mean brightness is below this and whose highlights are below [`DARK_HIGHLIGHT`] shows nothing.
pub const DARK_MEAN: f64 = 20.0;
/// See [`DARK_MEAN`]; the level that 95 % of the pixels stay below.
pub const DARK_HIGHLIGHT: u8 = 60;
/// A picture whose mean brightness is above this and whose shadows are above [`BRIGHT_SHADOW`] is washed out.
pub const BRIGHT_MEAN: f64 = 235.0;
/// See [`BRIGHT_MEAN`]; the level that 5 % of the pixels stay below.
pub const BRIGHT_SHADOW: u8 = 190;
/// A picture with at least this share of flat tiles is one even surface.
pub const UNIFORM_SHARE: f64 = 0.98;
/// With at least this share of flat tiles, most of the lens may be behind a finger.
pub const PARTLY_COVERED_SHARE: f64 = 0.70;
/// With a shorter side below this nobody can recognise a person, and the other measures mean nothing.
pub const SHORTER_SIDE_PX: u32 = 96;
/// Below this Laplacian variance there is hardly any detail. About 3 % of good photos (plain walls, sky) are below too,
/// so blur never flags by itself.
pub const BLURRED_BELOW: f64 = 20.0;
/// From this ratio of its sides on, a PNG has the shape of a phone's screen; cameras make 4:3, 3:2 and 16:9.
pub const SCREEN_RATIO: f64 = 1.8;

/// A camera clock without a zone may differ this much from the server's for honest reasons.
pub const OTHER_TIME_HOURS: f64 = 26.0;
/// With a zone, or with the time of the satellites, it has no such excuse.
pub const OTHER_TIME_WITH_ZONE_HOURS: f64 = 1.0;
/// The camera's position may differ this much from the phone's fix, or three standard deviations of both together.
pub const ELSEWHERE_M: f64 = 500.0;
/// In a Rayleigh distribution 1 % of the errors are longer than this many standard deviations.
pub const ELSEWHERE_SIGMAS: f64 = 3.035;
/// The two positions are compared when their times differ by no more than this.
pub const ELSEWHERE_MINUTES: f64 = 10.0;
/// A file that was written this much later than its picture was taken was saved again by some program.
pub const SAVED_AGAIN_SECONDS: f64 = 60.0;
/// A thumbnail whose fingerprint differs in more bits than this shows another picture than its file.
pub const THUMBNAIL_BITS: u32 = 90;

/// Parts of the names of programs that change pictures, in small letters, as they stand in the software field.
pub const EDITORS: &[&str] = &[
    "photoshop",
    "lightroom",
    "gimp",
    "snapseed",
    "picsart",
    "pixlr",
    "canva",
    "facetune",
    "meitu",
    "beautyplus",
    "remini",
    "faceapp",
    "vsco",
    "affinity photo",
    "photoscape",
    "polarr",
    "inshot",
    "capcut",
    "paint.net",
    "acdsee",
    "paintshop",
    "paint shop",
    "photodirector",
    "luminar",
    "darktable",
    "rawtherapee",
    "krita",
    "photolab",
    "picasa",
    "youcam",
    "airbrush",
    "imagemagick",
    "midjourney",
    "stable diffusion",
    "firefly",
];

/// Below this structure (0 to 100) a fingerprint is noise and nothing is compared.
pub const STRUCTURE_MIN: u8 = 50;
/// Two photos of one person whose fingerprints differ in no more bits than this are the same picture.
pub const SAME_PICTURE_BITS: u32 = 31;
/// Two photos of one person up to this are alike; the same desk and the same wall are, so this is only a remark.
pub const ALIKE_BITS: u32 = 70;
/// In a search over other people's photos: up to so many photos, so many bits. More photos find more chance pairs, so
/// the threshold falls; see [`others_bits`].
pub const OTHERS_BITS: &[(u64, u32)] =
    &[(1_000, 78), (10_000, 75), (100_000, 72), (1_000_000, 70), (10_000_000, 67), (100_000_000, 64)];
/// Beyond the last row of [`OTHERS_BITS`].
pub const OTHERS_BITS_BEYOND: u32 = 60;

/// The largest distance at which a photo counts as a copy of one among `searched` photos of other people.
///
/// Fingerprints of unrelated pictures differ in 128 bits on average with a standard deviation of about 8.2; the row for
/// n photos is the largest t with 2 * n * 4.2 * Phi((t + 0.5 - 128) / 8.2) <= 1e-5: one chance pair in 100,000 searches, of
/// the picture and of its mirror image. 4.2 is how much heavier the measured tail at 90 bits is than the normal one; up to 80 bits no false pair was seen among
/// 661,507.
pub fn others_bits(searched: u64) -> u32 {
    OTHERS_BITS.iter().find(|(photos, _)| searched <= *photos).map_or(OTHERS_BITS_BEYOND, |(_, bits)| *bits)
}
