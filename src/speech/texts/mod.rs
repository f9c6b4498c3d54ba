//! What pages say, room by room: one message, one line, both languages. The compiler finds a message that is missing, a test
//! one that no page uses (`tests/it/texts.rs`).

mod around;
mod booking;
mod calendars;
mod checks;
mod counter;
mod fault;
mod find;
mod first_start;
mod keeper_bookings;
mod keeper_queue;
mod kinds;
mod lots;
mod mine;
mod people;
mod queue;
mod receive;
mod relabel;
mod reports;
mod round;
mod scan;
mod series;
mod sheets;
mod sign_in;
mod spaces;
mod station;
mod take;
mod take_back;
mod things;
mod today;
mod written;

pub use around::Around;
pub use booking::Booking;
pub use calendars::Calendars;
pub use checks::Checks;
pub use counter::Counter;
pub use fault::Fault;
pub use find::Find;
pub use first_start::FirstStart;
pub use keeper_bookings::KeeperBookings;
pub use keeper_queue::KeeperQueue;
pub use kinds::Kinds;
pub use lots::Lots;
pub use mine::Mine;
pub use people::People;
pub use queue::Queue;
pub use receive::Receive;
pub use relabel::Relabel;
pub use reports::Reports;
pub use round::Round;
pub use scan::Scan;
pub use series::Series;
pub use sheets::Sheets;
pub use sign_in::SignIn;
pub use spaces::Spaces;
pub use station::Station;
pub use take::Take;
pub use take_back::TakeBack;
pub use things::Things;
pub use today::Today;
pub use written::Written;

use super::Words;

/// A text of a page. `{}` in it stands for what is filled in, in the order in which it is given.
pub trait Text: Copy {
    /// In Chinese, and in English.
    fn both(self) -> (&'static str, &'static str);

    /// In both languages, as it stands.
    fn words(self) -> Words {
        let (zh, en) = self.both();
        Words::new(zh, en)
    }

    /// In both languages, with values in the places of `{}`.
    fn filled(self, values: &[&dyn std::fmt::Display]) -> Words {
        let fill = |text: &str| {
            let mut parts = text.split("{}");
            let first = parts.next().unwrap_or_default().to_owned();
            let value = |i: usize| values.get(i).map(ToString::to_string).unwrap_or_default();
            parts.enumerate().fold(first, |line, (i, part)| line + &value(i) + part)
        };
        let (zh, en) = self.both();
        Words::new(fill(zh), fill(en))
    }
}

/// Declares the texts of a room: `Name => "中文", "English";`, one a line.
macro_rules! texts {
    ($(#[$about:meta])* $room:ident { $($text:ident => $zh:literal, $en:literal;)+ }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $room {
            $(#[doc = $en] $text,)+
        }

        impl $room {
            /// All of them, for the tests.
            pub const ALL: &[Self] = &[$(Self::$text,)+];
        }

        impl $crate::speech::texts::Text for $room {
            fn both(self) -> (&'static str, &'static str) {
                match self {
                    $(Self::$text => ($zh, $en),)+
                }
            }
        }
    };
}
pub(crate) use texts;

/// Every text of every room, by its name: for the tests.
#[must_use]
pub fn all() -> Vec<(String, Words)> {
    fn of<T: Text + std::fmt::Debug>(room: &str, texts: &[T]) -> Vec<(String, Words)> {
        texts.iter().map(|text| (format!("{room}::{text:?}"), text.words())).collect()
    }
    [
        of("Around", Around::ALL),
        of("Booking", Booking::ALL),
        of("Calendars", Calendars::ALL),
        of("Checks", Checks::ALL),
        of("Counter", Counter::ALL),
        of("Fault", Fault::ALL),
        of("Find", Find::ALL),
        of("FirstStart", FirstStart::ALL),
        of("KeeperBookings", KeeperBookings::ALL),
        of("KeeperQueue", KeeperQueue::ALL),
        of("Kinds", Kinds::ALL),
        of("Lots", Lots::ALL),
        of("Mine", Mine::ALL),
        of("People", People::ALL),
        of("Queue", Queue::ALL),
        of("Receive", Receive::ALL),
        of("Relabel", Relabel::ALL),
        of("Reports", Reports::ALL),
        of("Round", Round::ALL),
        of("Scan", Scan::ALL),
        of("Series", Series::ALL),
        of("Sheets", Sheets::ALL),
        of("SignIn", SignIn::ALL),
        of("Spaces", Spaces::ALL),
        of("Station", Station::ALL),
        of("Take", Take::ALL),
        of("TakeBack", TakeBack::ALL),
        of("Things", Things::ALL),
        of("Today", Today::ALL),
        of("Written", Written::ALL),
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_is_there_in_both_languages() {
        for (name, words) in all() {
            assert!(!words.zh.trim().is_empty() && !words.en.trim().is_empty(), "{name}");
            let han = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
            assert!(name == "Around::OtherLanguage" || (han(&words.zh) && !han(&words.en)), "{name}: {words:?}");
            assert_eq!(words.zh.matches("{}").count(), words.en.matches("{}").count(), "{name}");
        }
    }

    #[test]
    fn values_are_filled_in_in_their_order() {
        texts! {
            /// A trial.
            Trial { Two => "{}和{}", "{} and {}."; }
        }
        assert_eq!(Trial::ALL[0].filled(&[&1, &"二"]), Words::new("1和二", "1 and 二."));
    }
}
