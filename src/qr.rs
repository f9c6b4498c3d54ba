//! QR codes, drawn: as a picture of its own, or as one path inside another drawing. Level Q: a quarter of one may be scratched.

use qrcode::{Color, EcLevel, QrCode, render::svg};

/// The QR code of a text as an SVG document, with its quiet zone.
#[must_use]
pub fn picture(text: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(text, EcLevel::Q).ok()?;
    Some(code.render::<svg::Color<'_>>().min_dimensions(240, 240).quiet_zone(true).build())
}

/// How many modules wide the quiet zone is on each side (ISO/IEC 18004).
const QUIET: usize = 4;

/// The QR code of a text as the `d` of a path, and the side of the square it lies in: one unit a module, the quiet zone
/// included.
#[must_use]
pub fn path(text: &str) -> Option<(usize, String)> {
    let code = QrCode::with_error_correction_level(text, EcLevel::Q).ok()?;
    let (width, colors) = (code.width(), code.to_colors());
    let mut path = String::new();
    for y in 0..width {
        let mut x = 0;
        while x < width {
            let run = (x..width).take_while(|x| colors[y * width + x] == Color::Dark).count();
            if run > 0 {
                path.push_str(&format!("M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET));
            }
            x += run.max(1);
        }
    }
    Some((width + 2 * QUIET, path))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_path_draws_each_dark_module_once() {
        let (side, path) = super::path("https://yizhan.example/q/ABCDEFGH7").unwrap();
        let code = qrcode::QrCode::with_error_correction_level("https://yizhan.example/q/ABCDEFGH7", qrcode::EcLevel::Q).unwrap();
        assert_eq!(side, code.width() + 8);
        let drawn: usize =
            path.split('h').skip(1).step_by(2).map(|run| run.split('v').next().unwrap().parse::<usize>().unwrap()).sum();
        assert_eq!(drawn, code.to_colors().iter().filter(|color| **color == qrcode::Color::Dark).count());
    }
}
