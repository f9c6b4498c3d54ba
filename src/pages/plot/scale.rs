//! Scales: round numbers that people read at a glance.

/// Round numbers from 0 to at least `most`, about `about` steps: 1, 2 or 5 times a power of ten apart, and whole.
pub(super) fn ticks(most: i64, about: i64) -> Vec<i64> {
    let most = most.max(1);
    let mut step = 1;
    let mut turn = [2, 5, 10].into_iter().cycle();
    let mut decade = 1;
    while most / step + i64::from(most % step != 0) > about {
        match turn.next() {
            Some(10) => {
                decade *= 10;
                step = decade;
            }
            Some(times) => step = decade * times,
            None => break,
        }
    }
    let steps = most / step + i64::from(most % step != 0);
    (0..=steps).map(|n| n * step).collect()
}

#[cfg(test)]
mod tests {
    use super::ticks;

    #[test]
    fn a_scale_has_few_round_steps_and_reaches_the_most() {
        assert_eq!(ticks(0, 4), [0, 1]);
        assert_eq!(ticks(3, 4), [0, 1, 2, 3]);
        assert_eq!(ticks(7, 4), [0, 2, 4, 6, 8]);
        assert_eq!(ticks(20, 4), [0, 5, 10, 15, 20]);
        assert_eq!(ticks(130, 4), [0, 50, 100, 150]);
        for most in 0..5_000 {
            let ticks = ticks(most, 4);
            assert!(ticks.len() <= 5 && ticks[ticks.len() - 1] >= most, "{most}: {ticks:?}");
        }
    }
}
