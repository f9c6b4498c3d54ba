//! Chinese public holidays and the weekends worked in exchange for them (调休), as the State Council's notices say.
//!
//! - 2024: 国办发明电〔2023〕7号
//! - 2025: 国办发明电〔2024〕12号
//! - 2026: 国办发明电〔2025〕7号
//!
//! The notice for a year appears in the autumn before it. Dates of a year that is not in the table are ordinary days.

use chrono::{Datelike, NaiveDate};

/// What a notice makes of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PublicDay {
    /// A day off, with the name of the holiday.
    Holiday(&'static str),
    /// A Saturday or Sunday on which people work, with the name of the holiday it pays for.
    WorkingWeekend(&'static str),
}

/// A run of days off: name, year, first (month, day), last (month, day).
type Off = (&'static str, i32, (u32, u32), (u32, u32));
/// A weekend day that is worked: name, year, month, day.
type Worked = (&'static str, i32, u32, u32);

const OFF: [Off; 20] = [
    ("元旦", 2024, (1, 1), (1, 1)),
    ("春节", 2024, (2, 10), (2, 17)),
    ("清明节", 2024, (4, 4), (4, 6)),
    ("劳动节", 2024, (5, 1), (5, 5)),
    ("端午节", 2024, (6, 10), (6, 10)),
    ("中秋节", 2024, (9, 15), (9, 17)),
    ("国庆节", 2024, (10, 1), (10, 7)),
    ("元旦", 2025, (1, 1), (1, 1)),
    ("春节", 2025, (1, 28), (2, 4)),
    ("清明节", 2025, (4, 4), (4, 6)),
    ("劳动节", 2025, (5, 1), (5, 5)),
    ("端午节", 2025, (5, 31), (6, 2)),
    ("国庆节、中秋节", 2025, (10, 1), (10, 8)),
    ("元旦", 2026, (1, 1), (1, 3)),
    ("春节", 2026, (2, 15), (2, 23)),
    ("清明节", 2026, (4, 4), (4, 6)),
    ("劳动节", 2026, (5, 1), (5, 5)),
    ("端午节", 2026, (6, 19), (6, 21)),
    ("中秋节", 2026, (9, 25), (9, 27)),
    ("国庆节", 2026, (10, 1), (10, 7)),
];

const WORKED: [Worked; 19] = [
    ("春节", 2024, 2, 4),
    ("春节", 2024, 2, 18),
    ("清明节", 2024, 4, 7),
    ("劳动节", 2024, 4, 28),
    ("劳动节", 2024, 5, 11),
    ("中秋节", 2024, 9, 14),
    ("国庆节", 2024, 9, 29),
    ("国庆节", 2024, 10, 12),
    ("春节", 2025, 1, 26),
    ("春节", 2025, 2, 8),
    ("劳动节", 2025, 4, 27),
    ("国庆节、中秋节", 2025, 9, 28),
    ("国庆节、中秋节", 2025, 10, 11),
    ("元旦", 2026, 1, 4),
    ("春节", 2026, 2, 14),
    ("春节", 2026, 2, 28),
    ("劳动节", 2026, 5, 9),
    ("国庆节", 2026, 9, 20),
    ("国庆节", 2026, 10, 10),
];

/// The last year whose notice is in the table.
pub const KNOWN_THROUGH: i32 = 2026;

/// What the notices make of a day; `None` for an ordinary weekday or weekend.
#[must_use]
pub fn public_day(date: NaiveDate) -> Option<PublicDay> {
    let (year, day) = (date.year(), (date.month(), date.day()));
    let worked = WORKED.iter().find(|(_, y, month, d)| (*y, (*month, *d)) == (year, day));
    let off = OFF.iter().find(|(_, y, first, last)| *y == year && (*first..=*last).contains(&day));
    worked.map(|w| PublicDay::WorkingWeekend(w.0)).or_else(|| off.map(|o| PublicDay::Holiday(o.0)))
}

#[cfg(test)]
mod tests {
    use chrono::Weekday;

    use super::*;

    #[test]
    fn every_worked_day_is_a_weekend_and_no_holiday() {
        for (name, year, month, day) in WORKED {
            let date = NaiveDate::from_ymd_opt(year, month, day).unwrap();
            assert!(matches!(date.weekday(), Weekday::Sat | Weekday::Sun), "{date}");
            assert_eq!(public_day(date), Some(PublicDay::WorkingWeekend(name)));
            assert!(!OFF.iter().any(|(_, y, first, last)| *y == year && (*first..=*last).contains(&(month, day))), "{date}");
        }
    }

    #[test]
    fn each_year_has_its_statutory_days_off() {
        // 11 statutory days until 2024, 13 since (国务院令第795号); with weekends and exchanges the notices give 28 to 33.
        for (year, days_off) in [(2024, 28), (2025, 28), (2026, 33)] {
            let all = (1..=366).filter_map(|n| NaiveDate::from_yo_opt(year, n));
            let off = all.filter(|d| matches!(public_day(*d), Some(PublicDay::Holiday(_)))).count();
            assert_eq!(off, days_off, "{year}");
        }
    }
}
