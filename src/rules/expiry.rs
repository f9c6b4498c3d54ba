//! What the nightly check decides: is the clock to be trusted, how near its end is a lot, what is to be done about it, and who
//! must hear of what nobody has done.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::{
    expiry_check::Mode,
    lot::{self, Tier},
    task::What,
};

use super::usability::{self, Ends};

/// How far two clocks may be apart.
const CLOCKS_APART: TimeDelta = TimeDelta::minutes(10);
/// A clock that runs from one check to the next does not leap over more than this.
const LONGEST_STEP: TimeDelta = TimeDelta::hours(26);

/// What the clocks say.
#[derive(Clone, Copy, Debug)]
pub struct Clocks {
    /// Ours.
    pub now: DateTime<Utc>,
    /// The database's, where it has one of its own.
    pub database: Option<DateTime<Utc>>,
    /// When the last check ended under a clock that was trusted.
    pub last_check: Option<DateTime<Utc>>,
    /// Since when this process runs, or somebody has said that the clock is right.
    pub up_since: DateTime<Utc>,
}

/// Is the clock to be trusted? A leap forward is believed only if we were down meanwhile, or somebody has looked at the clock.
#[must_use]
pub fn mode(clocks: Clocks) -> Mode {
    let disagrees = clocks.database.is_some_and(|database| (clocks.now - database).abs() > CLOCKS_APART);
    let backwards = clocks.last_check.is_some_and(|last| clocks.now < last - CLOCKS_APART);
    let leapt = clocks.last_check.is_some_and(|last| clocks.up_since <= last && clocks.now - last > LONGEST_STEP);
    if disagrees || backwards || leapt { Mode::TightenOnly } else { Mode::Normal }
}

/// How old the last check of a station is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Light {
    /// Less than 26 hours.
    Green,
    /// More than 26 hours.
    Amber,
    /// More than 50 hours, never, or in the future.
    Red,
}

impl Light {
    /// Its name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Green => "green",
            Self::Amber => "amber",
            Self::Red => "red",
        }
    }
}

/// The dead-man's switch.
#[must_use]
pub fn light(last_check: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Light {
    match last_check.map(|last| now - last) {
        Some(age) if age < -CLOCKS_APART => Light::Red,
        Some(age) if age <= TimeDelta::hours(26) => Light::Green,
        Some(age) if age <= TimeDelta::hours(50) => Light::Amber,
        _ => Light::Red,
    }
}

/// On which facts a transition or a task stands. They begin anew when the facts change.
#[must_use]
pub fn facts_of(lot: &lot::Model) -> String {
    let day = |day: Option<NaiveDate>| day.map_or_else(|| "-".to_owned(), |day| day.to_string());
    format!("{}/{}", day(lot.last_issue_day), day(lot.last_day))
}

/// What the check sees in a lot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// How near its end it is now.
    pub tier: Tier,
    /// The name of the transition.
    pub what: &'static str,
    /// From which day on it is so.
    pub since: Option<NaiveDate>,
    /// What is to be done about it.
    pub task: Option<What>,
}

/// The transition of a lot on a business date; none if it is where it was. A tier that would go back is left alone: only a
/// keeper who reads the label again sets a lot back.
#[must_use]
pub fn transition(lot: &lot::Model, today: NaiveDate) -> Option<Seen> {
    let tier = usability::tier(Ends::from(lot), today);
    (tier > lot.tier).then(|| seen(lot, tier))
}

/// What a tier means for a lot.
#[must_use]
pub fn seen(lot: &lot::Model, tier: Tier) -> Seen {
    let before = |days: u64| lot.last_day.map(|last| last - chrono::Days::new(days));
    let after = |day: Option<NaiveDate>| day.and_then(|day| day.succ_opt());
    let opened = lot.opened_on.is_some() && lot.last_day < lot.strict_last_day;
    let (what, since, task) = match tier {
        Tier::Fresh => ("fresh", None, None),
        Tier::T90 => ("t90", before(90), None),
        Tier::T30 => ("t30", before(30), None),
        Tier::T7 => ("t7", before(7), Some(task_of(tier))),
        Tier::StopIssue => ("stop_issue", after(lot.last_issue_day), Some(task_of(tier))),
        Tier::Expired if opened => ("opened_expired", after(lot.last_day), Some(task_of(tier))),
        Tier::Expired => ("expired", after(lot.last_day), Some(task_of(tier))),
    };
    Seen { tier, what, since, task }
}

/// What cannot be true of a stored lot. Its kind needs a date or not.
#[must_use]
pub fn data_error(lot: &lot::Model, dated: bool) -> Option<&'static str> {
    let (Some(last), Some(issue)) = (lot.last_day, lot.last_issue_day) else {
        return (dated || lot.label_text.is_some()).then_some("没有有效期 / no date");
    };
    let far = lot.received_at.date_naive() + chrono::Months::new(150);
    if issue > last {
        Some("停发日晚于有效期 / handed out for longer than it is good")
    } else if lot.lenient_last_day < lot.strict_last_day {
        Some("两种读法颠倒 / the two readings are exchanged")
    } else if lot.lenient_last_day.is_some_and(|lenient| last > lenient) {
        Some("有效期晚于标签 / good for longer than the label says")
    } else if last > far {
        Some("有效期太远 / a date too far away")
    } else if lot.made_on.is_some_and(|made| last < made) {
        Some("有效期早于生产日期 / it ended before it was made")
    } else {
        None
    }
}

/// What is to be done about a lot that has a week left or less.
#[must_use]
pub fn task_of(tier: Tier) -> What {
    match tier {
        Tier::Expired => What::PutInRedBox,
        Tier::StopIssue => What::TakeOutToday,
        _ => What::TakeOutThisWeek,
    }
}

/// The tasks about a lot, from the mildest to the most urgent: a worse one takes the place of a milder.
pub const LOT_TASKS: [What; 3] = [What::TakeOutThisWeek, What::TakeOutToday, What::PutInRedBox];

/// What a keeper is asked for day by day until it is done.
pub const URGENT: [What; 12] = [
    What::TakeOutThisWeek,
    What::TakeOutToday,
    What::PutInRedBox,
    What::PullRecalled,
    What::ReadLabelAgain,
    What::SettleConflict,
    What::VerifyLabel,
    What::CountAgain,
    What::FindStray,
    What::HandOver,
    What::CheckClock,
    What::Incident,
];

/// All that the check asks for. All is well when none of it is open.
pub const ASKED_FOR: [What; 15] = {
    let mut all = [What::Restock; 15];
    let mut i = 0;
    while i < URGENT.len() {
        all[i] = URGENT[i];
        i += 1;
    }
    (all[12], all[13], all[14]) = (What::Restock, What::UseUpElsewhere, What::Inspect);
    all
};

/// Packs that must go, and are carried further if they do not.
pub const MUST_GO: [What; 3] = [What::TakeOutToday, What::PutInRedBox, What::PullRecalled];

/// What is carried to the admins at once, whoever keeps the station.
pub const AT_ONCE: [What; 2] = [What::CheckClock, What::Incident];

/// A step by which open tasks are carried further.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// To whom: 1 the community, 2 the admins.
    pub level: i32,
    /// Which tasks.
    pub what: Vec<What>,
    /// If they were opened by then.
    pub opened_by: DateTime<Utc>,
}

/// How far what nobody does is carried: to the community after a day, to the admins after three. Where nobody keeps the
/// station, and where the books or the clock are wrong, it goes to the admins at once.
#[must_use]
pub fn escalation(now: DateTime<Utc>, has_keeper: bool) -> Vec<Step> {
    let rest = [What::HandOver, What::FindStray];
    let all = || [MUST_GO.as_slice(), &rest].concat();
    let step = |level, what, hours| Step { level, what, opened_by: now - TimeDelta::hours(hours) };
    let at_once = step(2, AT_ONCE.to_vec(), 0);
    if !has_keeper {
        return vec![at_once, step(2, all(), 0)];
    }
    // By itself: nothing is suspended for a full red box, or for a pack that nobody has found.
    vec![at_once, step(2, MUST_GO.to_vec(), 72), step(2, rest.to_vec(), 72), step(1, all(), 24)]
}

/// How many base units will not be used before they may no longer be handed out, if the lots leave in the order of their ends
/// at so many units a day. `lots` are `(last day of issue, units)` of usable lots in that order.
#[must_use]
pub fn will_not_be_used(lots: &[(Option<NaiveDate>, i32)], units_per_day: f64, today: NaiveDate) -> i32 {
    let (mut used, mut left_over) = (0.0, 0.0);
    for (last_issue_day, units) in lots {
        let units = f64::from(*units);
        let Some(last) = last_issue_day else { continue };
        #[expect(clippy::cast_precision_loss, reason = "days of a human life are far below 2^52")]
        let until_then = ((*last - today).num_days() + 1).max(0) as f64 * units_per_day;
        let can_go = (until_then - used).clamp(0.0, units);
        used += can_go;
        left_over += units - can_go;
    }
    #[expect(clippy::cast_possible_truncation, reason = "at most the sum of the units, which is an i32")]
    let whole = left_over.floor() as i32;
    whole
}

/// What is hashed of a check: the hash of the one before it, then its report. Whoever changes one breaks all after it.
#[must_use]
pub fn seal(previous_hash: &[u8], report: &str) -> Vec<u8> {
    [previous_hash, report.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_leap_forward_is_believed_only_if_we_were_down_meanwhile() {
        let clocks = Clocks {
            now: at("2026-11-23T16:05:00Z"),
            database: None,
            last_check: Some(at("2026-11-22T16:05:00Z")),
            up_since: at("2026-11-01T00:00:00Z"),
        };
        assert_eq!(mode(clocks), Mode::Normal);
        let leapt = Clocks { now: at("2027-11-23T16:05:00Z"), ..clocks };
        assert_eq!(mode(leapt), Mode::TightenOnly);
        assert_eq!(mode(Clocks { up_since: at("2027-11-23T16:00:00Z"), ..leapt }), Mode::Normal, "we were down for a year");
        assert_eq!(mode(Clocks { now: at("2026-11-21T00:00:00Z"), ..clocks }), Mode::TightenOnly, "backwards");
        assert_eq!(
            mode(Clocks { database: Some(at("2026-11-23T15:00:00Z")), ..clocks }),
            Mode::TightenOnly,
            "the database disagrees"
        );
    }

    #[test]
    fn the_light_turns_amber_after_26_hours_and_red_after_50_or_without_any_check() {
        let now = at("2026-11-23T16:05:00Z");
        let hours_ago = |n: i64| light(Some(now - TimeDelta::hours(n)), now);
        assert_eq!(
            [hours_ago(0), hours_ago(26), hours_ago(27), hours_ago(50), hours_ago(51)],
            [Light::Green, Light::Green, Light::Amber, Light::Amber, Light::Red]
        );
        assert_eq!(light(None, now), Light::Red);
        assert_eq!([hours_ago(-1), light(Some(now + TimeDelta::minutes(9)), now)], [Light::Red, Light::Green], "in the future");
    }

    #[test]
    fn seen_is_not_done_and_what_nobody_does_is_carried_further() {
        let opened = at("2026-11-23T00:00:00Z");
        let after = |what: What, hours: i64, has_keeper: bool| {
            let steps = escalation(opened + TimeDelta::hours(hours), has_keeper);
            steps.iter().filter(|s| s.what.contains(&what) && opened <= s.opened_by).map(|s| s.level).max().unwrap_or(0)
        };
        let red_box = |hours, has_keeper| after(What::PutInRedBox, hours, has_keeper);
        assert_eq!([0, 23, 24, 71, 72].map(|hours| red_box(hours, true)), [0, 0, 1, 1, 2]);
        assert_eq!(red_box(0, false), 2, "nobody to tell is told to the admins");
        assert_eq!(after(What::Incident, 0, true), 2, "and so is what is wrong in the books");
        assert_eq!(after(What::Restock, 9 * 24, true), 0);
        assert_eq!(
            [23, 24, 72].map(|hours| after(What::FindStray, hours, true)),
            [0, 1, 2],
            "and so is a pack that somebody saw"
        );
        assert!(ASKED_FOR.iter().enumerate().all(|(i, what)| !ASKED_FOR[..i].contains(what)));
    }

    #[test]
    fn what_will_not_be_used_is_seen_by_letting_the_lots_leave_in_order() {
        let day = |text: &str| Some(text.parse().unwrap());
        let today = "2026-11-01".parse().unwrap();
        // Ten days at two a day use 20 of the first 30; then the second has ten days more.
        let lots = [(day("2026-11-10"), 30), (day("2026-11-20"), 15)];
        assert_eq!(will_not_be_used(&lots, 2.0, today), 10);
        assert_eq!(will_not_be_used(&lots, 0.0, today), 45);
        assert_eq!(will_not_be_used(&lots, 100.0, today), 0);
        assert_eq!(will_not_be_used(&[(None, 500)], 0.0, today), 0);
    }
}
