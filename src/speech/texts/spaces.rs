//! Spaces.

use super::texts;

texts! {
    /// Spaces.
    Spaces { Title => "预约", "Bookings"; }
}
