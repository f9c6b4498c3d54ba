//! The address of a calendar to subscribe to, as it is shown once: to scan, to tap, to copy.

use crate::qr;

/// It.
pub(super) struct Address {
    /// What is copied.
    pub(super) text: String,
    /// What a phone opens in its calendar.
    pub(super) opens: String,
    /// The QR code: its side, and what is drawn.
    pub(super) side: usize,
    pub(super) path: String,
}

impl Address {
    /// Of a calendar that was just made.
    pub(super) fn of(text: String) -> Self {
        let opens = text.split_once("://").map_or_else(|| text.clone(), |(_, rest)| format!("webcal://{rest}"));
        let (side, path) = qr::path(&text).unwrap_or_default();
        Self { text, opens, side, path }
    }
}
