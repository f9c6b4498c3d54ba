//! What comes out of the printer: pages as a label printer has them (203 dots an inch), what their QR codes say and how large
//! everything is on paper.

use std::{
    path::Path,
    process::{Command, Output},
};

use image::GrayImage;

use super::programs;

/// Of a common label printer: eight dots a millimetre.
const DOTS_AN_INCH: f64 = 203.0;
const DOTS_A_MM: f64 = DOTS_AN_INCH / 25.4;

/// A rectangle on paper, in millimetres from the upper left corner of the page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Mm {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

impl Mm {
    /// Each measure within half a millimetre.
    pub(crate) fn is_about(self, other: Self) -> bool {
        let pairs = [(self.x, other.x), (self.y, other.y), (self.width, other.width), (self.height, other.height)];
        pairs.iter().all(|(one, two)| (one - two).abs() <= 0.5)
    }

    /// Whether another lies within it; half a millimetre is forgiven.
    pub(crate) fn holds(self, other: Self) -> bool {
        other.x >= self.x - 0.5
            && other.y >= self.y - 0.5
            && other.x + other.width <= self.x + self.width + 0.5
            && other.y + other.height <= self.y + self.height + 0.5
    }
}

/// Words on paper.
#[derive(Clone, Debug)]
pub(crate) struct Word {
    /// From 0.
    pub(crate) page: usize,
    pub(crate) text: String,
    pub(crate) place: Mm,
}

/// Runs one of poppler's programs on a PDF in a folder of its own; `None` where it is missing.
fn poppler<T>(program: &str, args: &[&str], pdf: &[u8], read: impl FnOnce(&Path, &Output) -> T) -> Option<T> {
    let program = programs::need(&[program], "poppler-utils", "what is measured on printed pages")?;
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("in.pdf"), pdf).unwrap();
    let done = Command::new(program).args(args).current_dir(folder.path()).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    Some(read(folder.path(), &done))
}

/// The pages as dots. `None` where poppler is missing.
pub(crate) fn pages(pdf: &[u8]) -> Option<Vec<GrayImage>> {
    poppler("pdftoppm", &["-r", "203", "-gray", "-png", "in.pdf", "page"], pdf, |folder, _| {
        let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path()).collect();
        files.retain(|file| file.extension().is_some_and(|end| end == "png"));
        // All numbers have as many digits.
        files.sort();
        files.iter().map(|file| image::open(file).unwrap().into_luma8()).collect()
    })
}

/// Width and height of each page in millimetres, as the PDF says.
pub(crate) fn page_sizes(pdf: &[u8]) -> Option<Vec<(f64, f64)>> {
    poppler("pdfinfo", &["-f", "1", "-l", "9999", "in.pdf"], pdf, |_, done| {
        let text = String::from_utf8_lossy(&done.stdout).into_owned();
        let sizes = text.lines().filter(|line| line.starts_with("Page ") && line.contains(" size:"));
        sizes
            .map(|line| {
                let points: Vec<f64> =
                    line.split_once(':').unwrap().1.split_whitespace().filter_map(|word| word.parse().ok()).collect();
                (points[0] / 72.0 * 25.4, points[1] / 72.0 * 25.4)
            })
            .collect()
    })
}

/// The words of all pages and where they stand.
pub(crate) fn words(pdf: &[u8]) -> Option<Vec<Word>> {
    poppler("pdftotext", &["-bbox", "in.pdf", "out.html"], pdf, |folder, _| {
        let html = std::fs::read_to_string(folder.join("out.html")).unwrap();
        let (mut page, mut words) = (0_usize, Vec::new());
        for line in html.lines().map(str::trim) {
            if line.starts_with("<page ") {
                page += 1;
            }
            let Some(rest) = line.strip_prefix("<word ") else { continue };
            let (head, tail) = rest.split_once('>').unwrap();
            let mm: Vec<f64> =
                head.split('"').skip(1).step_by(2).map(|points| points.parse::<f64>().unwrap() / 72.0 * 25.4).collect();
            let place = Mm { x: mm[0], y: mm[1], width: mm[2] - mm[0], height: mm[3] - mm[1] };
            let text = tail.trim_end_matches("</word>").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
            words.push(Word { page: page - 1, text, place });
        }
        words
    })
}

/// Every QR code of a page and where it is, without its quiet zone; read by a decoder that is not the encoder's.
pub(crate) fn qr_codes(page: &GrayImage) -> Vec<(String, Mm)> {
    let (width, height) = (page.width() as usize, page.height() as usize);
    let dot = |x: usize, y: usize| page.as_raw()[y * width + x];
    let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(width, height, dot);
    let grids = prepared.detect_grids();
    let read = grids.iter().map(|grid| {
        let (_, text) = grid.decode().expect("a QR code that can be seen can be read");
        let (xs, ys) = (grid.bounds.map(|point| point.x), grid.bounds.map(|point| point.y));
        let about = between(xs.into_iter().min(), ys.into_iter().min(), xs.into_iter().max(), ys.into_iter().max());
        // The decoder guesses the fourth corner; the ink tells it, and around the code is a quiet zone.
        let (dx, dy) = (about.width * 0.08, about.height * 0.08);
        let around = Mm { x: about.x - dx, y: about.y - dy, width: about.width + 2.0 * dx, height: about.height + 2.0 * dy };
        (text, ink(page, around).unwrap())
    });
    let mut codes: Vec<_> = read.collect();
    codes.sort_by(|(_, one), (_, two)| (one.y.round(), one.x).partial_cmp(&(two.y.round(), two.x)).unwrap());
    codes
}

/// What zbar, which knows nothing of our encoder, reads on a page, sorted. `None` where it is missing.
pub(crate) fn qr_codes_by_zbar(page: &GrayImage) -> Option<Vec<String>> {
    let mut texts = read_by_zbar(std::slice::from_ref(page))?;
    texts.sort();
    Some(texts)
}

/// What zbar reads on each of these pictures, in their order.
pub(crate) fn read_by_zbar(pictures: &[GrayImage]) -> Option<Vec<String>> {
    let zbar = programs::need(&["zbarimg"], "zbar-tools", "the second reader of QR codes")?;
    let folder = tempfile::tempdir().unwrap();
    let files = pictures.iter().enumerate().map(|(n, picture)| {
        let file = folder.path().join(format!("{n}.png"));
        picture.save(&file).unwrap();
        file
    });
    let files: Vec<_> = files.collect();
    let done = Command::new(zbar).args(["--quiet", "--raw", "-Sdisable", "-Sqrcode.enable"]).args(files).output().unwrap();
    Some(String::from_utf8_lossy(&done.stdout).lines().map(str::to_owned).collect())
}

/// What is printed in a place, as dots.
pub(crate) fn cut_out(page: &GrayImage, place: Mm) -> GrayImage {
    let (across, down) = (dots(place.x, place.width, page.width()), dots(place.y, place.height, page.height()));
    let (width, height) = (across.end - across.start, down.end - down.start);
    image::imageops::crop_imm(page, across.start, down.start, width, height).to_image()
}

/// The dots that begin within a stretch of paper; there are no more than `all`.
fn dots(from: f64, length: f64, all: u32) -> std::ops::Range<u32> {
    let first = |mm: f64| (0..all).find(|dot| f64::from(*dot) >= mm * DOTS_A_MM).unwrap_or(all);
    first(from)..first(from + length)
}

/// The smallest rectangle around everything printed within a place; `None` if that is blank.
pub(crate) fn ink(page: &GrayImage, within: Mm) -> Option<Mm> {
    let (across, down) = (dots(within.x, within.width, page.width()), dots(within.y, within.height, page.height()));
    let dots = down.flat_map(|y| across.clone().map(move |x| (x, y))).filter(|(x, y)| page.get_pixel(*x, *y).0[0] < 128);
    let (mut xs, mut ys): (Vec<_>, Vec<_>) = dots.map(|(x, y)| (i32::try_from(x).unwrap(), i32::try_from(y).unwrap())).unzip();
    xs.sort_unstable();
    ys.sort_unstable();
    // The last dot has a width of its own.
    let after = |last: &[i32]| last.last().map(|dot| dot + 1);
    (!xs.is_empty()).then(|| between(xs.first().copied(), ys.first().copied(), after(&xs), after(&ys)))
}

fn between(left: Option<i32>, top: Option<i32>, right: Option<i32>, bottom: Option<i32>) -> Mm {
    let mm = |dots: Option<i32>| f64::from(dots.unwrap()) / DOTS_A_MM;
    Mm { x: mm(left), y: mm(top), width: mm(right) - mm(left), height: mm(bottom) - mm(top) }
}
