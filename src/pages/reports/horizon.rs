//! What ends when, what is blocked, what is missing.

use std::collections::BTreeSet;

use chrono::Days;
use entity::lot::Tier;

use super::{Section, kind_name, short_day};
use crate::{
    pages::{
        frame::Frame,
        plot::{Column, columns},
        table::{Cell, Table},
    },
    rules::{figures::WEEKS_AHEAD, usability::Block},
    speech::{self, texts::Reports as T},
    view::{HorizonView, LotLineView, NeedView},
};

/// From the bottom of a column.
const TIERS: [Tier; 4] = [Tier::StopIssue, Tier::T7, Tier::T30, Tier::T90];
const CLASSES: [&str; 4] = ["mark bad", "mark out", "mark soon", "mark"];

/// All of it.
pub(crate) fn horizon(frame: &Frame, view: &HorizonView) -> Vec<Section> {
    vec![by_week(frame, view), ending(frame, view), needs(frame, view), blocked(frame, view)]
}

fn by_week(frame: &Frame, view: &HorizonView) -> Section {
    let titles = std::iter::once(T::WeekFrom).chain(TIERS.map(tier_name)).map(|text| frame.say(text));
    let units = |week: usize, tier: Tier| -> i64 {
        view.ending.iter().filter(|lot| lot.week == Some(week) && lot.tier == tier).map(|lot| i64::from(lot.units)).sum()
    };
    let weeks: Vec<_> = (0..WEEKS_AHEAD)
        .map(|week| (view.today + Days::new(7 * u64::try_from(week).unwrap_or_default()), TIERS.map(|tier| units(week, tier))))
        .collect();
    let table = Table::new(frame.say(T::EndsByWeek), titles);
    let line =
        |(from, units): &(chrono::NaiveDate, [i64; 4])| std::iter::once(Cell::Day(*from)).chain(units.map(Cell::Whole)).collect();
    let table = if view.ending.is_empty() { table } else { table.with(weeks.iter().map(line)) };
    let bars: Vec<_> =
        weeks.iter().map(|(from, units)| Column { mark: short_day(*from), parts: units.to_vec(), line: None }).collect();
    let total: i64 = weeks.iter().flat_map(|(_, units)| units).sum();
    let plot = columns(frame.say1(T::EndsByWeekLabel, total), &bars, &CLASSES);
    Section::plot(frame, plot, Some(T::EndsByWeekLegend), table, T::NothingEnds)
}

fn ending(frame: &Frame, view: &HorizonView) -> Section {
    let columns = [T::Kind, T::LastDay, T::Tier, T::Units, T::Unit, T::Station, T::Lot];
    let line = |lot: &LotLineView| {
        vec![
            Cell::text(kind_name(frame, &lot.kind)),
            lot.last_day.map_or(Cell::Empty, Cell::Day),
            Cell::text(frame.say(tier_name(lot.tier))),
            Cell::Whole(lot.units.into()),
            Cell::text(&lot.kind.unit),
            Cell::text(&lot.station.name),
            Cell::text(&lot.number),
        ]
    };
    let table = Table::new(frame.say(T::EndingLots), columns.map(|text| frame.say(text)));
    Section::table(frame, table.with(view.ending.iter().map(line)), T::NothingEnds)
}

fn blocked(frame: &Frame, view: &HorizonView) -> Section {
    let columns = [T::Kind, T::Why, T::LastDay, T::Units, T::Unit, T::Station, T::Lot];
    let line = |lot: &LotLineView| {
        vec![
            Cell::text(kind_name(frame, &lot.kind)),
            Cell::text(reasons(frame, &lot.blocks)),
            lot.last_day.map_or(Cell::Empty, Cell::Day),
            Cell::Whole(lot.units.into()),
            Cell::text(&lot.kind.unit),
            Cell::text(&lot.station.name),
            Cell::text(&lot.number),
        ]
    };
    let table = Table::new(frame.say(T::BlockedLots), columns.map(|text| frame.say(text)));
    Section::table(frame, table.with(view.blocked.iter().map(line)), T::NothingBlocked)
}

fn needs(frame: &Frame, view: &HorizonView) -> Section {
    let columns = [T::Kind, T::Station, T::Usable, T::Least, T::Most, T::Propose, T::WillNotBeUsed, T::EmptyDays, T::Unit];
    let line = |need: &NeedView| {
        let level = |n: fn((i32, i32)) -> i32| need.level.map_or(Cell::Empty, |level| Cell::Whole(n(level).into()));
        vec![
            Cell::text(kind_name(frame, &need.kind)),
            Cell::text(&need.station.name),
            Cell::Whole(need.outlook.usable.into()),
            level(|(least, _)| least),
            level(|(_, most)| most),
            Cell::Whole(need.outlook.propose.into()),
            Cell::Whole(need.outlook.unused.into()),
            need.empty_days.map_or(Cell::Empty, Cell::Whole),
            Cell::text(&need.kind.unit),
        ]
    };
    let table = Table::new(frame.say(T::Needs), columns.map(|text| frame.say(text)));
    Section::table(frame, table.with(view.needs.iter().map(line)), T::NothingMissing)
}

fn tier_name(tier: Tier) -> T {
    match tier {
        Tier::Fresh => T::TierFresh,
        Tier::T90 => T::Tier90,
        Tier::T30 => T::Tier30,
        Tier::T7 => T::Tier7,
        Tier::StopIssue => T::TierStop,
        Tier::Expired => T::TierExpired,
    }
}

fn reasons(frame: &Frame, blocks: &BTreeSet<Block>) -> String {
    blocks.iter().map(|block| frame.words(&speech::block(*block))).collect::<Vec<_>>().join(" · ")
}
