//! On which terms something is booked where nobody has said otherwise.

use entity::pool::{Quota, Terms};

/// What sort of thing a pool is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort<'a> {
    /// Things, of a kind of this category.
    Things(&'a str),
    /// A space.
    Space,
    /// The seats of an occasion.
    Occasion,
}

const HOUR: u32 = 60;
const DAY: u32 = 24 * HOUR;

/// The terms that fit a sort.
#[must_use]
pub fn preset(sort: Sort<'_>) -> Terms {
    let things = Terms {
        bookable: true,
        notice: 0,
        horizon_days: 90,
        least: 15,
        most: 14 * DAY,
        grid: 1,
        turnaround: 0,
        protect: 0,
        protect_overnight: false,
        least_loan: 0,
        most_units: 10,
        quota: Quota::default(),
        pause_between: 0,
        approval: false,
        cancel_until: 0,
        early: 30,
        no_show_after: Some(2 * HOUR),
        strikes: 3,
        strike_days: 120,
        pause_days: 30,
        hold: 10,
    };
    match sort {
        // A wheelchair is wanted for a hospital at eight: it must be here the evening before.
        Sort::Things("mobility" | "health") => {
            Terms { turnaround: 30, protect: 4 * HOUR, protect_overnight: true, least_loan: 30, ..things }
        }
        Sort::Things("tool" | "power") => Terms { turnaround: 15, protect: 2 * HOUR, least_loan: 30, ..things },
        Sort::Things(_) => things,
        Sort::Space => Terms { most: 8 * HOUR, turnaround: 10, early: 10, no_show_after: Some(15), most_units: 1, ..things },
        Sort::Occasion => Terms { least: 1, early: 60, no_show_after: None, most_units: 4, ..things },
    }
}
