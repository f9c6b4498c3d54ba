//! The papers that stickers, plates and cards are printed on, in millimetres, and the stylesheet of each.
//!
//! The policy of our pages allows no style in a page, and a page cannot say its paper otherwise than in a stylesheet: so each
//! paper has one of its own, made from the table here.

/// What is printed on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// A sticker on a thing, a shelf, or on nothing yet.
    Sticker,
    /// The plate at the door.
    Plate,
    /// A paper card.
    Card,
}

/// A paper, in tenths of a millimetre.
#[derive(Clone, Copy, Debug)]
pub(super) struct Paper {
    /// Its name in addresses.
    pub(super) name: &'static str,
    pub(super) usage: Use,
    /// What the page is: width and height.
    page: (u32, u32),
    /// Columns and rows of labels on it.
    pub(super) grid: (u32, u32),
    /// A label: width and height.
    pub(super) label: (u32, u32),
    /// Before the first label: left and top.
    margin: (u32, u32),
    /// Between two columns.
    gap: u32,
    /// The side of the square with the QR code, its quiet zone included.
    qr: u32,
    /// The height of the letters: of the name, of the code, of the rest.
    letters: (u32, u32, u32),
    /// The code stands below everything, rather than beside the QR code.
    pub(super) code_below: bool,
    /// A line around each: to cut along.
    cut: bool,
}

const A4: (u32, u32) = (2100, 2970);

/// All of them; the first of each use is the one that is proposed.
pub(super) const PAPERS: [Paper; 10] = [
    sheet("70x36", (3, 8), (700, 360), (0, 45), 0, 330, (56, 40, 27)),
    sheet("63x34", (3, 8), (635, 339), (72, 129), 25, 310, (46, 36, 25)),
    sheet("48x25", (4, 10), (485, 254), (80, 215), 0, 250, (36, 32, 22)),
    sheet("38x21", (5, 13), (381, 212), (47, 107), 25, 212, (30, 28, 18)),
    Paper { code_below: true, ..single("40x30", (400, 300), 250, (34, 34, 20)) },
    Paper { code_below: true, ..single("50x30", (500, 300), 250, (50, 34, 23)) },
    single("60x40", (600, 400), 340, (50, 40, 26)),
    Paper { usage: Use::Plate, code_below: true, ..single("plate", (1480, 1050), 800, (110, 90, 62)) },
    Paper { usage: Use::Card, ..single("card", (856, 540), 430, (46, 46, 32)) },
    Paper { usage: Use::Card, cut: true, ..sheet("cards-a4", (2, 5), (856, 540), (194, 135), 0, 430, (46, 46, 32)) },
];

const fn sheet(
    name: &'static str,
    grid: (u32, u32),
    label: (u32, u32),
    margin: (u32, u32),
    gap: u32,
    qr: u32,
    letters: (u32, u32, u32),
) -> Paper {
    Paper { name, usage: Use::Sticker, page: A4, grid, label, margin, gap, qr, letters, code_below: false, cut: false }
}

const fn single(name: &'static str, label: (u32, u32), qr: u32, letters: (u32, u32, u32)) -> Paper {
    Paper { page: label, ..sheet(name, (1, 1), label, (0, 0), 0, qr, letters) }
}

/// A length as CSS writes it.
fn mm(tenths: u32) -> String {
    format!("{}.{}mm", tenths / 10, tenths % 10)
}

impl Paper {
    /// The paper with this name.
    pub(super) fn called(name: &str) -> Option<&'static Self> {
        PAPERS.iter().find(|paper| paper.name == name)
    }

    /// How many labels are on a page.
    pub(super) fn places(&self) -> usize {
        usize::try_from(self.grid.0 * self.grid.1).unwrap_or(1)
    }

    /// Several on a page, of which some may be used up.
    pub(super) fn is_sheet(&self) -> bool {
        self.places() > 1
    }

    /// Its size as people say it: 63.5 × 33.9.
    pub(super) fn size(&self) -> String {
        let plain =
            |tenths: u32| if tenths.is_multiple_of(10) { (tenths / 10).to_string() } else { mm(tenths).replace("mm", "") };
        format!("{} × {}", plain(self.label.0), plain(self.label.1))
    }

    fn stylesheet(&self) -> String {
        let (width, height) = (mm(self.page.0), mm(self.page.1));
        // A hair less than the page, so that rounding never makes a second one.
        let (columns, inner) = (self.grid.0, mm(self.page.1 - 1));
        let (across, down, gap) = (mm(self.label.0), mm(self.label.1), mm(self.gap));
        let (left, top, qr) = (mm(self.margin.0), mm(self.margin.1), mm(self.qr));
        let (name, code, rest) = (mm(self.letters.0), mm(self.letters.1), mm(self.letters.2));
        let single_row = if self.is_sheet() { down.clone() } else { inner.clone() };
        let rows = if self.code_below { "minmax(0,1fr) auto" } else { "minmax(0,1fr)" };
        let cut = if self.cut { ".label{outline:.2mm dashed #777;outline-offset:-.1mm}" } else { "" };
        format!(
            "@page{{size:{width} {height};margin:0}}\n\
             .page{{width:{width};height:{inner};padding:{top} 0 0 {left};grid-template-columns:repeat({columns},{across});\
             grid-auto-rows:{single_row};column-gap:{gap}}}\n\
             .label{{width:{across};height:{single_row};grid-template:{rows}/{qr} minmax(0,1fr)}}\n\
             .label svg{{width:{qr};height:{qr}}}\n\
             .name{{font-size:{name}}}.code{{font-size:{code}}}.rest{{font-size:{rest}}}\n{cut}\n{BASE}"
        )
    }
}

/// What all papers share.
const BASE: &str = "\
*{box-sizing:border-box}
html,body{margin:0;padding:0;background:#fff;color:#000;font-family:system-ui,\"PingFang SC\",\"Microsoft YaHei\",\"Noto Sans CJK SC\",sans-serif}
.page{display:grid;align-content:start;overflow:hidden;break-after:page}
.page:last-of-type{break-after:auto}
.label{display:grid;overflow:hidden;background:#fff}
.label svg{align-self:center;display:block}
.label p{margin:0;line-height:1.15}
.text{display:flex;flex-direction:column;min-width:0;height:100%;overflow:hidden;padding:1.6mm 1mm 1.6mm 0}
.name{flex:none;font-weight:800;overflow-wrap:anywhere}
.rest{flex:0 1 auto;min-height:0;overflow:hidden}.rest span{display:block;overflow:hidden;overflow-wrap:anywhere;max-height:2.35em}
.text .code{flex:none;margin-top:auto}
.code{font-family:ui-monospace,\"DejaVu Sans Mono\",Consolas,monospace;font-weight:700;white-space:nowrap}
.below .code{grid-column:1/-1;text-align:center;padding-bottom:.8mm}
.bar{font-size:20px;line-height:1.5;max-width:40rem;margin:0 auto;padding:1rem}
.bar h1{font-size:1.5rem;margin:.5rem 0}
.bar a,.bar button{display:inline-flex;align-items:center;min-height:60px;font:inherit;font-weight:700;color:#0f5c46}
.bar button{padding:0 1.5rem;border:0;border-radius:14px;background:#0f5c46;color:#fff;cursor:pointer}
[hidden]{display:none!important}
@media screen{body{background:#e8e6df}.bar{background:#fff}.page{margin:1rem auto;background:#fff;box-shadow:0 0 0 1px #999}.label{outline:1px dotted #bbb}}
@media print{.bar{display:none!important}}
";

/// The stylesheet with this name: `sheet-70x36.css`.
pub(in crate::pages) fn stylesheet(name: &str) -> Option<String> {
    let paper = name.strip_prefix("sheet-")?.strip_suffix(".css")?;
    Paper::called(paper).map(Paper::stylesheet)
}

/// All stylesheets in one text, for what stands in their addresses.
pub(in crate::pages) fn all_stylesheets() -> String {
    PAPERS.iter().map(Paper::stylesheet).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_lie_within_their_page_and_the_qr_code_within_its_label() {
        for paper in PAPERS {
            let across = paper.margin.0 + paper.grid.0 * paper.label.0 + (paper.grid.0 - 1) * paper.gap;
            let down = paper.margin.1 + paper.grid.1 * paper.label.1;
            assert!(across <= paper.page.0 && down <= paper.page.1, "{}: {across} × {down}", paper.name);
            assert!(paper.page.0 - across <= paper.margin.0 + 3 && paper.page.1 - down <= paper.margin.1 + 5, "{}", paper.name);
            assert!((200..=paper.label.1).contains(&paper.qr), "{}: a QR code of 20 mm at least", paper.name);
        }
    }
}
