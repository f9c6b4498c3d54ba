//! May a past loan be entered beside those that are there? History keeps the invariants too.

use chrono::{DateTime, Utc};

/// When a thing was out: from, and until (exclusive); open-ended while it still is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// When it left.
    pub lent_at: DateTime<Utc>,
    /// When it came back; none while it is out.
    pub returned_at: Option<DateTime<Utc>>,
}

impl Span {
    /// Out at the same time? Spans that touch to the minute do not overlap.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        let begins_before_end = |a: Self, b: Self| b.returned_at.is_none_or(|end| a.lent_at < end);
        begins_before_end(self, other) && begins_before_end(other, self)
    }
}

/// The first of those already accepted that overlaps a span.
#[must_use]
pub fn conflict<K>(span: Span, accepted: &[(K, Span)]) -> Option<&K> {
    accepted.iter().find(|(_, other)| span.overlaps(*other)).map(|(key, _)| key)
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;
    use proptest::prelude::*;

    use super::*;

    fn span(from: i64, to: Option<i64>) -> Span {
        let at = |minute: i64| Utc.timestamp_opt(minute * 60, 0).unwrap();
        Span { lent_at: at(from), returned_at: to.map(at) }
    }

    #[test]
    fn spans_that_touch_do_not_overlap() {
        assert!(!span(0, Some(10)).overlaps(span(10, Some(20))));
        assert!(span(0, Some(10)).overlaps(span(9, Some(20))));
        assert!(span(0, None).overlaps(span(500, Some(501))));
        assert!(!span(10, None).overlaps(span(0, Some(10))));
    }

    proptest! {
        /// Against an oracle that counts minutes.
        #[test]
        fn two_spans_overlap_exactly_when_they_share_a_minute(
            (a, b, c, d) in (0..40_i64, prop::option::of(1..40_i64), 0..40_i64, prop::option::of(1..40_i64))
        ) {
            let end = |from: i64, length: Option<i64>| length.map(|length| from + length);
            let minutes = |from: i64, to: Option<i64>| (from..to.unwrap_or(100)).collect::<std::collections::BTreeSet<_>>();
            let (x, y) = ((a, end(a, b)), (c, end(c, d)));
            let share = minutes(x.0, x.1).intersection(&minutes(y.0, y.1)).next().is_some();
            prop_assert_eq!(span(x.0, x.1).overlaps(span(y.0, y.1)), share);
            prop_assert_eq!(span(y.0, y.1).overlaps(span(x.0, x.1)), share);
        }
    }
}
