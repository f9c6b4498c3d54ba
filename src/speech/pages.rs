//! What pages say.

use super::Words;

/// One text of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// The name of the house.
    Station,
}

impl Page {
    /// In both languages.
    #[must_use]
    pub fn words(self) -> Words {
        match self {
            Self::Station => Words::new("便民驿站", "Yizhan"),
        }
    }
}
