//! KeeperBookings.

use super::texts;

texts! {
    /// KeeperBookings.
    KeeperBookings { Title => "预约", "Bookings"; }
}
