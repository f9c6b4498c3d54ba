//! What keepers do with a lot besides receiving it: set some aside, open a pack, carry some to another station, read its label
//! again.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::{consumable, lot, station};

use super::{
    label_date::LabelDate,
    receive::is_unusual,
    refusal::Refusal,
    usability::{self, Block, Ends},
};

/// Nothing is set aside for longer.
pub const LONGEST_HOLD: TimeDelta = TimeDelta::hours(24);
/// For so long, if nobody says.
pub const USUAL_HOLD: TimeDelta = TimeDelta::hours(2);

/// Are these two of one lot: the lot, and packs that were opened out of it or found to belong to it, wherever they are?
#[must_use]
pub fn one_family(one: &lot::Model, other: &lot::Model) -> bool {
    one.parent_id.unwrap_or(one.id) == other.parent_id.unwrap_or(other.id)
}

/// Is this a time until which something may be set aside?
#[must_use]
pub fn may_be_held_until(until: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    until > now && until <= now + LONGEST_HOLD
}

/// What is blocked is neither set aside for anybody nor carried to another shelf: it goes into the red box.
///
/// # Errors
/// [`Refusal::CutOffAlready`] when its date stands against it, [`Refusal::PackBlocked`] when something else does.
pub fn may_be_passed_on(lot: &lot::Model, blocks: impl IntoIterator<Item = Block>) -> Result<(), Refusal> {
    let mut blocked = false;
    for block in blocks {
        blocked = true;
        if let (Block::Expired | Block::OpenedExpired | Block::StopIssue, Some(last_day)) = (block, lot.last_issue_day) {
            return Err(Refusal::CutOffAlready { last_day });
        }
    }
    if blocked { Err(Refusal::PackBlocked) } else { Ok(()) }
}

/// May some of a lot go from one station to another?
///
/// # Errors
/// All reasons why not.
pub fn transfer(lot: &lot::Model, blocks: impl IntoIterator<Item = Block>, to: &station::Model) -> Result<(), Vec<Refusal>> {
    let mut reasons = Vec::new();
    if lot.station_id == to.id {
        reasons.push(Refusal::SameStation);
    }
    if to.closed_at.is_some() {
        reasons.push(Refusal::StationClosedDown);
    }
    reasons.extend(may_be_passed_on(lot, blocks).err());
    if reasons.is_empty() { Ok(()) } else { Err(reasons) }
}

/// The last day on which somebody saw a pack closed: when its lot was last counted or looked over, or else when it arrived. What is
/// found open, and nobody knows since when, counts as opened on that day: earlier it was not, and for how long it has been nobody
/// can say.
#[must_use]
pub fn last_seen_closed(arrived_on: NaiveDate, seen_on: [Option<NaiveDate>; 2]) -> NaiveDate {
    seen_on.into_iter().flatten().fold(arrived_on, NaiveDate::max)
}

/// Can somebody say of a lot that all its packs are closed?
///
/// # Errors
/// [`Refusal::OpenedAlready`] for a pack that was opened; [`Refusal::NotSoMany`] where nothing is on the shelf.
pub fn see_closed(lot: &lot::Model) -> Result<(), Refusal> {
    if lot.opened_on.is_some() {
        return Err(Refusal::OpenedAlready);
    }
    if lot.on_shelf() == 0 { Err(Refusal::NotSoMany { there: 0 }) } else { Ok(()) }
}

/// The ends of a pack that was opened on a day. What was opened is not opened again, and closing it again helps nothing.
///
/// # Errors
/// [`Refusal::OpeningChangesNothing`] for a kind that keeps as well when opened, and for what is open already;
/// [`Refusal::OpenedInFuture`] for a day that has not come, or on which the lot was not here yet.
pub fn open(
    lot: &lot::Model,
    profile: &consumable::Model,
    arrived_on: NaiveDate,
    opened_on: NaiveDate,
    today: NaiveDate,
) -> Result<Ends, Refusal> {
    if profile.open_days.is_none() || lot.opened_on.is_some() {
        return Err(Refusal::OpeningChangesNothing);
    }
    if opened_on > today || opened_on < arrived_on {
        return Err(Refusal::OpenedInFuture);
    }
    let readings = lot.lenient_last_day.zip(lot.strict_last_day);
    Ok(usability::ends_of_readings(readings, Some(opened_on), profile))
}

/// What a new reading of a label means for a lot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Correction {
    /// Its ends from now on.
    pub ends: Ends,
    /// It would be good for longer than was known: nothing leaves before a second person has read the same.
    pub later: bool,
}

/// Weighs a new reading. 改动有效期 is itself what the law calls inferior medicine (药品管理法 Art. 98): an earlier date counts at
/// once, a later one only with a photo and a second reader.
///
/// # Errors
/// All reasons why not.
pub fn correct(
    lot: &lot::Model,
    label: &LabelDate,
    profile: &consumable::Model,
    (has_photo, sure): (bool, bool),
    today: NaiveDate,
) -> Result<Correction, Vec<Refusal>> {
    let ends = usability::ends(Some(label), lot.opened_on, profile);
    let later = lot.last_day.is_none_or(|known| ends.last_day.is_none_or(|new| new > known));
    let mut reasons = Vec::new();
    if later && !has_photo {
        reasons.push(Refusal::PhotoNeeded);
    }
    if !sure && is_unusual(label, profile.class == consumable::Class::OtcB, today) {
        reasons.push(Refusal::DateUnusual);
    }
    if reasons.is_empty() { Ok(Correction { ends, later }) } else { Err(reasons) }
}

/// What a station has of a kind, and what it will need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outlook {
    /// Base units that may be handed out today; what is blocked or past its date is none.
    pub usable: i32,
    /// Base units to order, so that the shelf is full again; 0 while there is enough.
    pub propose: i32,
    /// Base units that will not be used before they may no longer be handed out, among those that end within sixty days.
    pub unused: i32,
}

/// Until when a lot ends soon.
#[must_use]
pub fn soon(today: NaiveDate) -> NaiveDate {
    today + chrono::Days::new(60)
}

/// Looks ahead: `lots` are `(last day of issue, usable units)` in the order in which they leave, `level` is
/// `(least, most)`.
#[must_use]
pub fn outlook(lots: &[(Option<NaiveDate>, i32)], level: Option<(i32, i32)>, units_per_day: f64, today: NaiveDate) -> Outlook {
    let usable = lots.iter().map(|(_, units)| units).sum();
    let propose = level.filter(|(least, _)| usable < *least).map_or(0, |(_, most)| most - usable);
    let soon = soon(today);
    let ending: Vec<_> = lots.iter().copied().filter(|(last, _)| last.is_some_and(|last| last <= soon)).collect();
    Outlook { usable, propose, unused: super::expiry::will_not_be_used(&ending, units_per_day, today) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_level_is_of_usable_units_and_the_proposal_fills_the_shelf() {
        let today: NaiveDate = "2026-11-24".parse().unwrap();
        let far = Some(today + chrono::Days::new(400));
        let near = Some(today + chrono::Days::new(9));
        assert_eq!(outlook(&[], Some((10, 30)), 0.0, today), Outlook { usable: 0, propose: 30, unused: 0 });
        assert_eq!(outlook(&[(far, 10)], Some((10, 30)), 0.0, today), Outlook { usable: 10, propose: 0, unused: 0 });
        assert_eq!(outlook(&[(near, 15), (far, 99)], None, 1.0, today).unused, 5, "ten days at one a day");
    }

    #[test]
    fn a_pack_was_last_seen_closed_when_it_was_counted_or_looked_over_or_else_when_it_came() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let arrived = day("2026-11-01");
        let (then, later) = (Some(day("2026-11-20")), Some(day("2026-11-22")));
        assert_eq!(last_seen_closed(arrived, [None, None]), arrived);
        assert_eq!(last_seen_closed(arrived, [then, None]), day("2026-11-20"));
        assert_eq!(last_seen_closed(arrived, [then, later]), day("2026-11-22"), "whichever was later");
        assert_eq!(last_seen_closed(arrived, [later, then]), day("2026-11-22"));
        assert_eq!(
            last_seen_closed(arrived, [Some(day("2026-10-31")), None]),
            arrived,
            "what was counted elsewhere, before it came"
        );
    }

    #[test]
    fn nothing_is_set_aside_for_the_past_or_for_more_than_a_day() {
        let now: DateTime<Utc> = "2026-11-24T04:00:00Z".parse().unwrap();
        let after = |minutes: i64| may_be_held_until(now + TimeDelta::minutes(minutes), now);
        assert_eq!([after(0), after(1), after(24 * 60), after(24 * 60 + 1)], [false, true, true, false]);
    }
}
