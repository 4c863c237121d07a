//! A zoo of broken and hostile files, from nothing to 30 MB, looked at by the real program: each gets an answer, and
//! none takes more memory than is stated.

use std::{fs, process::Command};

use serde_json::Value;

use crate::support::photos;

/// Most memory that looking at one photo may take, program and all, KiB. The limits of pixels are chosen for it.
const MEMORY_MAX_KIB: u64 = 320 * 1024;

/// A JPEG that claims a size and has hardly any data: `frame` is 0xC0 for baseline, 0xC2 for progressive.
fn claims(frame: u8, width: u16, height: u16) -> Vec<u8> {
    let mut photo = photos::room();
    let at = photo.windows(2).position(|pair| pair == [0xFF, 0xC0]).expect("a frame header");
    photo[at + 1] = frame;
    photo[at + 5..at + 7].copy_from_slice(&height.to_be_bytes());
    photo[at + 7..at + 9].copy_from_slice(&width.to_be_bytes());
    photo
}

/// The first scan again and again.
fn scans(count: usize) -> Vec<u8> {
    let photo = claims(0xC2, 4000, 4000);
    let at = photo.windows(2).position(|pair| pair == [0xFF, 0xDA]).expect("a scan");
    let scan = &photo[at..at + 200];
    [&photo[..at], &scan.repeat(count), &[0xFF, 0xD9]].concat()
}

/// A PNG of 64 x 64 whose colour profile unpacks to `bytes` zeros.
fn profile_bomb(bytes: u64) -> Vec<u8> {
    let plain = photos::encoded(&photos::picture(64, 64, 1), image::ImageFormat::Png);
    let body = [b"iCCPbomb\0\0".as_slice(), &deflated_zeros(bytes)].concat();
    let chunk = [&u32::try_from(body.len() - 4).unwrap().to_be_bytes()[..], &body, &crc(&body).to_be_bytes()].concat();
    // Behind the header chunk.
    [&plain[..33], &chunk, &plain[33..]].concat()
}

/// Zeros in the zlib format: one literal, then runs of 258 at distance 1, in fixed Huffman codes.
fn deflated_zeros(count: u64) -> Vec<u8> {
    let (mut out, mut buffer, mut filled) = (vec![0x78, 0x9C], 0_u32, 0);
    let mut put = |code: u32, bits: u32, out: &mut Vec<u8>| {
        for bit in (0..bits).rev() {
            buffer |= (code >> bit & 1) << filled;
            filled += 1;
            if filled == 8 {
                out.push(buffer as u8);
                (buffer, filled) = (0, 0);
            }
        }
    };
    // Last block, fixed codes: the bits 1 and 01, lowest first.
    put(0b110, 3, &mut out);
    put(0x30, 8, &mut out);
    for _ in 0..count / 258 {
        put(0b1100_0101, 8, &mut out);
        put(0, 5, &mut out);
    }
    put(0, 7, &mut out);
    put(0, 7, &mut out);
    let length = count / 258 * 258 + 1;
    out.extend((((length % 65_521) as u32) << 16 | 1).to_be_bytes());
    out
}

/// A real progressive JPEG without subsampling.
fn progressive(side: u16) -> Vec<u8> {
    let pixels: Vec<u8> =
        (0..u32::from(side).pow(2)).flat_map(|at| [(at % 251) as u8, (at / 4096) as u8, 90]).collect();
    let mut bytes = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut bytes, 70);
    encoder.set_progressive(true);
    encoder.set_sampling_factor(jpeg_encoder::SamplingFactor::F_1_1);
    encoder.encode(&pixels, side, side, jpeg_encoder::ColorType::Rgb).expect("a JPEG");
    bytes
}

fn four_colours(side: u16) -> Vec<u8> {
    let pixels: Vec<u8> =
        (0..u32::from(side).pow(2)).flat_map(|at| [(at % 251) as u8, (at / 4096) as u8, 90, 12]).collect();
    let mut bytes = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut bytes, 60);
    encoder.set_progressive(true);
    encoder.encode(&pixels, side, side, jpeg_encoder::ColorType::Cmyk).expect("a JPEG");
    bytes
}

/// A PNG of four channels of 16 bits, all zero.
fn wide_png(side: u32) -> Vec<u8> {
    let chunk = |kind: &[u8; 4], body: &[u8]| {
        let named = [kind.as_slice(), body].concat();
        [&u32::try_from(body.len()).unwrap().to_be_bytes()[..], &named, &crc(&named).to_be_bytes()].concat()
    };
    let header = [&side.to_be_bytes()[..], &side.to_be_bytes(), &[16, 6, 0, 0, 0]].concat();
    let bytes = u64::from(side) * (u64::from(side) * 8 + 1);
    let pixels = deflated_zeros(bytes + 258);
    [&b"\x89PNG\r\n\x1a\n"[..], &chunk(b"IHDR", &header), &chunk(b"IDAT", &pixels), &chunk(b"IEND", &[])].concat()
}

fn crc(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 };
        }
    }
    !crc
}

/// A WebP of the extended kind whose header claims this size.
fn webp_claims(side: u32) -> Vec<u8> {
    let mut bytes = photos::encoded(&photos::picture(64, 48, 1), image::ImageFormat::WebP);
    let canvas = [&[0_u8; 4][..], &(side - 1).to_le_bytes()[..3], &(side - 1).to_le_bytes()[..3]].concat();
    let chunk = [b"VP8X".as_slice(), &10_u32.to_le_bytes(), &canvas].concat();
    bytes.splice(12..12, chunk);
    let length = u32::try_from(bytes.len() - 8).unwrap();
    bytes[4..8].copy_from_slice(&length.to_le_bytes());
    bytes
}

fn noise(length: usize) -> Vec<u8> {
    let mut state = 1_u32;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state as u8
    };
    (0..length).map(|_| next()).collect()
}

/// Name, bytes, and a word of the answer: of the refusal, or `examined`, or `not examined`, or `damaged`.
fn zoo() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let jpeg = |body: Vec<u8>| [&[0xFF, 0xD8, 0xFF, 0xE0, 0, 2][..], &body, &[0xFF, 0xD9]].concat();
    vec![
        ("nothing at all", Vec::new(), "0 bytes are not an image"),
        ("twelve bytes of a JPEG", photos::room()[..12].to_vec(), "incomplete"),
        ("a heading of a WebP", b"RIFF\x04\0\0\0WEBP".to_vec(), "incomplete"),
        ("65,500 x 65,500 pixels in a few bytes", claims(0xC0, 65_500, 65_500), "at most 12000"),
        ("the same, progressive", claims(0xC2, 65_500, 65_500), "at most 12000"),
        ("12,000 x 12,000", claims(0xC0, 12_000, 12_000), "at most 60000000"),
        ("60 megapixels without their data", claims(0xC0, 12_000, 5_000), "damaged"),
        ("16,000,000 progressive pixels without their data", claims(0xC2, 4_000, 4_000), ""),
        ("25 megapixels, progressive", claims(0xC2, 5_000, 5_000), ""),
        ("26 megapixels, progressive", claims(0xC2, 5_200, 5_000), "at most 25000000"),
        ("25 megapixels, progressive, with all colours and all their data", progressive(5_000), "examined"),
        ("20 megapixels in four printing colours, progressive", four_colours(4_472), ""),
        ("a PNG of 20 megapixels of 64 bits", wide_png(4_472), ""),
        ("19 scans", scans(19), ""),
        ("510 scans", scans(510), "at most 20"),
        ("a PNG of 60,000 x 60,000", photos::bomb_png(), "at most 12000"),
        ("a colour profile of 1 GB", profile_bomb(1 << 30), ""),
        ("a WebP of 16,383 x 16,383", webp_claims(16_383), "at most 12000"),
        ("a WebP of 4,400 x 4,400", webp_claims(4_400), ""),
        ("30 MB of noise", noise(30_000_000), "not an image"),
        ("30 MB of noise behind a JPEG heading", jpeg(noise(30_000_000)), ""),
        ("30 MB of fill bytes", jpeg(vec![0xFF; 30_000_000]), "holds no picture"),
        ("7 million empty segments", jpeg([0xFF, 0xE1, 0, 2].repeat(7_000_000)), "at most 1000"),
        ("15 million restart markers", jpeg([0xFF, 0xD0].repeat(15_000_000)), "holds no picture"),
        ("a table of lengths that lead nowhere", jpeg([0xFF, 0xDB, 0xFF, 0xFF].repeat(2_000)), ""),
    ]
}

#[test]
fn every_animal_of_the_zoo_gets_an_answer_within_the_stated_memory() {
    let folder = tempfile::tempdir().unwrap();
    for (number, (name, bytes, expected)) in zoo().into_iter().enumerate() {
        let path = folder.path().join(number.to_string());
        fs::write(&path, &bytes).unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_hadir")).arg("inspect").arg(&path).output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{name}: {:?} {}", output.status, String::from_utf8_lossy(&output.stderr));
        let answer: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}: {text}"));
        let memory = answer["peak_memory_kib"].as_u64().unwrap();
        let said = match answer["refused"].as_str() {
            Some(refused) => refused.to_owned(),
            None if answer["evidence"]["seen"].is_null() => "not examined".to_owned(),
            None if answer["evidence"]["seen"]["damage"].is_string() => "damaged".to_owned(),
            None => "examined".to_owned(),
        };
        println!("{name}: {} bytes, {memory} KiB, {} ms, {said}", bytes.len(), answer["milliseconds"]);
        assert!(said.contains(expected), "{name}: {said}");
        assert!(memory <= MEMORY_MAX_KIB, "{name}: {memory} KiB");
    }
}
