//! What is measured on a page in the browser: the size of its letters and of what is tapped, the contrast of its dates, and
//! that nothing is cut off at the side of a phone.

use serde_json::json;

use super::Browser;

/// What a page has to keep.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bar {
    /// The smallest letters, in pixels.
    pub(crate) letters: f64,
    /// The least width and height of what is tapped, in pixels.
    pub(crate) target: f64,
    /// The least contrast of a `.date`.
    pub(crate) date: f64,
}

/// A page for residents.
pub(crate) const RESIDENT: Bar = Bar { letters: 18.0, target: 60.0, date: 7.0 };
/// The same in large type.
pub(crate) const ELDER: Bar = Bar { letters: 24.0, ..RESIDENT };
/// A page for staff, who may have smaller buttons (WCAG's own 44 px).
pub(crate) const STAFF: Bar = Bar { target: 44.0, ..RESIDENT };

impl Browser {
    /// Where the page stays below the bar, readable. A link within running text may be as high as its line.
    pub(crate) async fn below(&self, bar: Bar) -> Vec<String> {
        let bar = json!({ "letters": bar.letters, "target": bar.target, "date": bar.date });
        let found = self.run(include_str!("measures.js"), vec![bar]).await;
        found.as_array().unwrap().iter().map(|line| line.as_str().unwrap().to_owned()).collect()
    }

    /// The page keeps the bar.
    pub(crate) async fn assert_keeps(&self, bar: Bar) {
        let wrong = self.below(bar).await;
        assert!(wrong.is_empty(), "{} ({}):\n{}", self.path().await, self.look.name(), wrong.join("\n"));
    }
}
