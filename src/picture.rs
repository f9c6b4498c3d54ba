//! Pictures that people send: decoded, turned upright, made small, and encoded anew, so that nothing but the picture is kept
//! (no position, no camera, nothing hidden behind it).

use std::io::Cursor;

use image::{DynamicImage, ImageDecoder, ImageReader, Limits, codecs::jpeg::JpegEncoder, imageops::FilterType};

/// The largest file taken, in bytes.
pub const LARGEST: usize = 5 * 1024 * 1024;
/// The longest side that is kept, in pixels.
const LONGEST_SIDE: u32 = 1_600;
/// The longest side that is decoded at all: a small file can claim to be a huge picture.
const LONGEST_SIDE_READ: u32 = 8_000;
const MOST_MEMORY: u64 = 128 * 1024 * 1024;
const QUALITY: u8 = 80;

/// A JPEG of at most 1,600 pixels a side; `None` if it is no picture (JPEG, PNG, WebP), or too large.
pub async fn normalise(bytes: Vec<u8>) -> Option<Vec<u8>> {
    tokio::task::spawn_blocking(move || normalise_now(&bytes)).await.ok().flatten()
}

fn normalise_now(bytes: &[u8]) -> Option<Vec<u8>> {
    if bytes.len() > LARGEST {
        return None;
    }
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok()?;
    let mut limits = Limits::default();
    (limits.max_image_width, limits.max_image_height) = (Some(LONGEST_SIDE_READ), Some(LONGEST_SIDE_READ));
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().ok()?;
    let orientation = decoder.orientation().ok()?;
    let mut picture = DynamicImage::from_decoder(decoder).ok()?;
    picture.apply_orientation(orientation);
    if picture.width().max(picture.height()) > LONGEST_SIDE {
        picture = picture.resize(LONGEST_SIDE, LONGEST_SIDE, FilterType::Triangle);
    }
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, QUALITY).encode_image(&picture.into_rgb8()).ok()?;
    Some(jpeg)
}

/// The codes in a photo (QR, DataMatrix, Code 128, EAN and others) as text, each once; `None` if it is no picture.
pub async fn codes_in(bytes: Vec<u8>) -> Option<Vec<String>> {
    tokio::task::spawn_blocking(move || {
        let jpeg = normalise_now(&bytes)?;
        let luma = image::load_from_memory(&jpeg).ok()?.into_luma8();
        let (width, height) = luma.dimensions();
        // What cannot be found in it is no code, whatever the decoder calls it.
        let found = rxing::helpers::detect_multiple_in_luma(luma.into_raw(), width, height).unwrap_or_default();
        let mut codes: Vec<String> = Vec::new();
        for code in found.iter().map(|result| result.getText().to_owned()) {
            if !codes.contains(&code) {
                codes.push(code);
            }
        }
        Some(codes)
    })
    .await
    .ok()
    .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        DynamicImage::new_rgb8(width, height).write_to(&mut Cursor::new(&mut bytes), image::ImageFormat::Png).unwrap();
        bytes
    }

    #[test]
    fn a_large_picture_is_made_small_and_keeps_its_shape() {
        let jpeg = normalise_now(&png(3_200, 1_600)).unwrap();
        let small = image::load_from_memory(&jpeg).unwrap();
        assert_eq!((small.width(), small.height()), (1_600, 800));
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        let mut cut = png(10, 10);
        cut.truncate(40);
        for bytes in [b"".to_vec(), b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(), b"GIF89a<script>".to_vec(), cut] {
            assert_eq!(normalise_now(&bytes), None);
        }
    }

    #[test]
    fn nothing_hidden_behind_the_picture_is_kept() {
        let mut bytes = png(10, 10);
        bytes.extend_from_slice(b"GPS 31.0,121.1");
        let jpeg = normalise_now(&bytes).unwrap();
        assert!(!jpeg.windows(3).any(|w| w == b"GPS"));
    }
}
