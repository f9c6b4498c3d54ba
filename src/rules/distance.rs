//! How far it is from one place to another, well enough to say which station is the nearest.

/// The radius of the earth, in metres.
const EARTH: f64 = 6_371_000.0;

/// As far as somebody walks for a thing, in metres.
pub const NEAR: f64 = 2_000.0;

/// The distance between two places in degrees north and east, in metres, along the ground of a round earth.
#[must_use]
pub fn metres(from: (f64, f64), to: (f64, f64)) -> f64 {
    let (from_north, to_north) = (from.0.to_radians(), to.0.to_radians());
    let north = ((to_north - from_north) / 2.0).sin().powi(2);
    let east = ((to.1 - from.1).to_radians() / 2.0).sin().powi(2);
    2.0 * EARTH * (north + from_north.cos() * to_north.cos() * east).sqrt().min(1.0).asin()
}

#[cfg(test)]
mod tests {
    use super::metres;

    #[test]
    fn a_minute_of_latitude_is_a_nautical_mile_and_nowhere_is_farther_than_the_other_side() {
        assert!((metres((31.0, 121.0), (31.0 + 1.0 / 60.0, 121.0)) - 1_853.0).abs() < 2.0);
        assert!(metres((31.0, 121.0), (31.0, 121.0)).abs() < 0.001);
        assert!((metres((0.0, 0.0), (0.0, 180.0)) - 20_015_000.0).abs() < 1_000.0);
    }
}
