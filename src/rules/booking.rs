//! May this be booked, by this person, from then until then?

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use entity::{
    block,
    booking::{Model as Booking, State},
    kind::Identity,
    member,
    pool::Terms,
};

use super::{
    availability::Timeline,
    borrow::{known_as, longest_in_force},
    calendar::{Calendar, Hours},
    refusal::{Free, Limit, Per, Refusal},
    strikes::paused_until,
    terms::Sort,
};

/// What is wished for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wish {
    /// From.
    pub starts_at: DateTime<Utc>,
    /// Until.
    pub ends_at: DateTime<Utc>,
    /// How many units.
    pub quantity: u32,
}

/// What the decision rests on. The rows were read under the locks of the member and of the pools.
#[derive(Debug)]
pub struct Facts<'a> {
    /// What sort of thing it is.
    pub sort: Sort<'a>,
    /// When its station is open.
    pub calendar: &'a Calendar,
    /// The terms that apply.
    pub terms: &'a Terms,
    /// How well we must know who books.
    pub identity: Identity,
    /// What is occupied.
    pub timeline: &'a Timeline,
    /// For whom.
    pub member: &'a member::Model,
    /// Have they proved that they are this member (signed in, or vouched for by a keeper)?
    pub proven: bool,
    /// Their suspensions that were not lifted.
    pub blocks: &'a [block::Model],
    /// Their bookings of the same sort, those that are over too as far back as a month or a strike counts. One that is being
    /// changed is not among them.
    pub own: &'a [Booking],
    /// A keeper books: that is the yes that some things need.
    pub by_keeper: bool,
    /// A keeper takes it on themselves, with a reason.
    pub overridden: bool,
    /// It is only held until somebody confirms.
    pub only_held: bool,
}

/// How it is booked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Booked {
    /// As what.
    pub state: State,
    /// From when it counts no longer if nothing happens.
    pub lapses_at: Option<DateTime<Utc>>,
}

/// Decides.
///
/// # Errors
/// All reasons at once; at least one.
pub fn book(facts: &Facts<'_>, wish: &Wish, now: DateTime<Utc>) -> Result<Booked, Vec<Refusal>> {
    let mut reasons = time_reasons((facts.sort, facts.calendar, facts.terms), wish, now);
    reasons.extend(person_reasons(facts, wish, now));
    reasons.retain(|reason| !(facts.overridden && reason.can_be_overridden()));
    let units = i64::from(wish.quantity);
    let (from, to) = (wish.starts_at.timestamp(), wish.ends_at.timestamp() + i64::from(facts.terms.turnaround) * 60);
    if facts.timeline.free(from, to) < units {
        reasons.push(Refusal::NoneFree { free: nearest(facts, wish, now) });
    }
    if reasons.is_empty() { Ok(booked(facts, wish, now)) } else { Err(reasons) }
}

/// What stands against a time, whoever wants it and whatever is free.
#[must_use]
pub fn of_the_time(facts: &Facts<'_>, wish: &Wish, now: DateTime<Utc>) -> Vec<Refusal> {
    time_reasons((facts.sort, facts.calendar, facts.terms), wish, now)
}

/// What stands against whoever wants it, and not against what they want.
#[must_use]
pub fn of_the_person(facts: &Facts<'_>, wish: &Wish, now: DateTime<Utc>) -> Vec<Refusal> {
    person_reasons(facts, wish, now)
}

fn booked(facts: &Facts<'_>, wish: &Wish, now: DateTime<Utc>) -> Booked {
    if facts.only_held {
        let held = now + TimeDelta::minutes(i64::from(facts.terms.hold.max(1)));
        return Booked { state: State::Held, lapses_at: Some(held.min(wish.ends_at)) };
    }
    firm(facts.terms, (wish.starts_at, wish.ends_at), facts.calendar, facts.by_keeper, now)
}

/// As what something stands that is wanted for certain: firm, or waiting for the yes of a keeper where one is needed and none asks.
#[must_use]
pub fn firm(
    terms: &Terms,
    (starts_at, ends_at): (DateTime<Utc>, DateTime<Utc>),
    calendar: &Calendar,
    by_keeper: bool,
    now: DateTime<Utc>,
) -> Booked {
    if terms.approval && !by_keeper {
        // Nobody has said yes in time.
        return Booked { state: State::Pending, lapses_at: Some(starts_at.max(now + TimeDelta::minutes(1))) };
    }
    Booked { state: State::Confirmed, lapses_at: released_at(terms, (starts_at, ends_at), calendar, now) }
}

/// When a firm booking is released if nobody has come: some time after its beginning, or when the place closes if that is sooner;
/// for somebody who books what has begun already, that time from now.
#[must_use]
pub fn released_at(
    terms: &Terms,
    (starts_at, ends_at): (DateTime<Utc>, DateTime<Utc>),
    calendar: &Calendar,
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    let grace = TimeDelta::minutes(i64::from(terms.no_show_after?.max(1)));
    let from = starts_at.max(now);
    let closing =
        calendar.sessions_on(calendar.business_date(from)).into_iter().find(|(open, close)| (*open..*close).contains(&from));
    let at = closing.map_or(from + grace, |(_, close)| (from + grace).min(close));
    Some(at.min(ends_at))
}

/// What speaks against a time, whoever asks, and whatever is free.
pub(super) fn time_reasons(
    (sort, calendar, terms): (Sort<'_>, &Calendar, &Terms),
    wish: &Wish,
    now: DateTime<Utc>,
) -> Vec<Refusal> {
    let minutes = |n: u32| TimeDelta::minutes(i64::from(n));
    let mut reasons = Vec::new();
    if !terms.bookable {
        return vec![Refusal::NotBookable];
    }
    if wish.quantity > terms.most_units {
        reasons.push(Refusal::TooManyUnits { most: terms.most_units });
    }
    let occasion = sort == Sort::Occasion;
    let earliest = now + minutes(terms.notice);
    // What has just begun can still be booked: the clock of a phone is not ours.
    if wish.starts_at + TimeDelta::minutes(if terms.notice == 0 { 5 } else { 0 }) < earliest && !(occasion && wish.ends_at > now)
    {
        reasons.push(Refusal::TooSoon { earliest });
    }
    let latest = now + TimeDelta::days(i64::from(terms.horizon_days));
    if wish.starts_at > latest {
        reasons.push(Refusal::TooFarAhead { latest });
    }
    if occasion {
        return reasons;
    }
    let length = wish.ends_at - wish.starts_at;
    if length < minutes(terms.least) {
        reasons.push(Refusal::TooShort { least_minutes: terms.least });
    }
    if length > minutes(terms.most) {
        reasons.push(Refusal::TooLong { most_minutes: terms.most });
    }
    if [wish.starts_at, wish.ends_at].iter().any(|at| !on_grid(*at, terms.grid, calendar)) {
        reasons.push(Refusal::OffGrid { grid_minutes: terms.grid });
    }
    if !is_reachable(sort, calendar, wish) {
        reasons.push(Refusal::ClosedThen);
    }
    reasons
}

fn on_grid(at: DateTime<Utc>, grid: u32, calendar: &Calendar) -> bool {
    let midnight = calendar.instant(calendar.business_date(at), NaiveTime::MIN);
    grid <= 1 || (at - midnight).num_seconds() % (i64::from(grid) * 60) == 0
}

/// A thing is fetched and brought back in opening hours; a space is used in them.
fn is_reachable(sort: Sort<'_>, calendar: &Calendar, wish: &Wish) -> bool {
    if matches!(calendar.hours, Hours::AlwaysOpen) && calendar.closures.is_empty() {
        return true;
    }
    let open_at_end = calendar.is_open_at(wish.ends_at) || calendar.is_open_at(wish.ends_at - TimeDelta::seconds(1));
    match sort {
        Sort::Things(_) => calendar.is_open_at(wish.starts_at) && open_at_end,
        _ => open_throughout(calendar, wish.starts_at, wish.ends_at),
    }
}

/// Sessions that touch, at midnight or else, are one.
fn open_throughout(calendar: &Calendar, from: DateTime<Utc>, to: DateTime<Utc>) -> bool {
    let mut day = calendar.business_date(from);
    let mut reached = from;
    while reached < to {
        let Some((_, end)) = calendar.sessions_on(day).into_iter().find(|(open, close)| (*open..*close).contains(&reached))
        else {
            return false;
        };
        reached = end;
        day = calendar.business_date(reached);
    }
    true
}

fn person_reasons(facts: &Facts<'_>, wish: &Wish, now: DateTime<Utc>) -> Vec<Refusal> {
    let (member, terms) = (facts.member, facts.terms);
    let mut reasons = Vec::new();
    if member.erased_at.is_some() {
        reasons.push(Refusal::MemberErased);
    }
    let known = known_as(member, facts.proven);
    if known < facts.identity && !facts.by_keeper {
        reasons.push(Refusal::IdentityNeeded { needed: facts.identity });
    }
    if let Some(block) = longest_in_force(facts.blocks, now) {
        reasons.push(Refusal::MemberSuspended { until: block.ends_at, reason: block.reason.clone() });
    }
    if let Some(until) = paused_until(facts.own, terms, now) {
        reasons.push(Refusal::BookingPaused { until, missed: terms.strikes });
    }
    reasons.extend(quota_reasons(facts, wish));
    let pause = TimeDelta::minutes(i64::from(terms.pause_between));
    if let Some(near) = (terms.pause_between > 0)
        .then(|| {
            facts
                .own
                .iter()
                .find(|b| b.state.uses_quota() && b.starts_at < wish.ends_at + pause && wish.starts_at < b.ends_at + pause)
        })
        .flatten()
    {
        reasons.push(Refusal::ChainedBooking { pause_minutes: terms.pause_between, other_ends_at: near.ends_at });
    }
    reasons
}

fn quota_reasons(facts: &Facts<'_>, wish: &Wish) -> Vec<Refusal> {
    let quota = &facts.terms.quota;
    let counted: Vec<&Booking> = facts.own.iter().filter(|booking| booking.state.uses_quota()).collect();
    let minutes = u32::try_from((wish.ends_at - wish.starts_at).num_minutes()).unwrap_or(u32::MAX);
    let date = facts.calendar.business_date(wish.starts_at);
    let within = |span: (NaiveDate, NaiveDate)| {
        counted.iter().filter(move |b| (span.0..=span.1).contains(&facts.calendar.business_date(b.starts_at)))
    };
    let mut reasons = Vec::new();
    if let Some(most) = quota.ahead
        && counted.iter().filter(|b| b.state.is_open()).count() >= most as usize
    {
        reasons.push(Refusal::QuotaReached { limit: Limit::Bookings, per: Per::AtOnce, most });
    }
    let spans = [
        (Per::Day, (date, date), quota.per_day, quota.time_per_day),
        (Per::Week, week_of(date), quota.per_week, quota.time_per_week),
        (Per::Month, month_of(date), quota.per_month, quota.time_per_month),
    ];
    for (per, span, most, most_minutes) in spans {
        if let Some(most) = most.filter(|most| within(span).count() >= *most as usize) {
            reasons.push(Refusal::QuotaReached { limit: Limit::Bookings, per, most });
        }
        let used: i64 = within(span).map(|b| b.minutes()).sum();
        if let Some(most) = most_minutes.filter(|most| used + i64::from(minutes) > i64::from(*most)) {
            reasons.push(Refusal::QuotaReached { limit: Limit::Minutes, per, most });
        }
    }
    reasons
}

/// From Monday to Sunday.
fn week_of(date: NaiveDate) -> (NaiveDate, NaiveDate) {
    let monday = date - Days::new(u64::from(date.weekday().num_days_from_monday()));
    (monday, monday + Days::new(6))
}

fn month_of(date: NaiveDate) -> (NaiveDate, NaiveDate) {
    let first = date.with_day(1).unwrap_or(date);
    let next = first.checked_add_months(chrono::Months::new(1)).unwrap_or(date);
    (first, next - Days::new(1))
}

/// How far around a wish free time is looked for.
const AROUND: TimeDelta = TimeDelta::days(7);
/// How many free intervals are named.
const NAMED: usize = 5;

/// The free intervals nearest to a wish in which it would fit, in order of time; the turnaround is left out of them.
#[must_use]
pub fn nearest(facts: &Facts<'_>, wish: &Wish, now: DateTime<Utc>) -> Vec<Free> {
    if facts.sort == Sort::Occasion {
        return Vec::new();
    }
    let terms = facts.terms;
    let turnaround = i64::from(terms.turnaround) * 60;
    let earliest = (now + TimeDelta::minutes(i64::from(terms.notice))).max(wish.starts_at - AROUND);
    let latest = (now + TimeDelta::days(i64::from(terms.horizon_days))).min(wish.ends_at + AROUND);
    let length = wish.ends_at - wish.starts_at;
    let free = facts.timeline.free_for(i64::from(wish.quantity), earliest.timestamp(), latest.timestamp() + turnaround);
    let mut fitting: Vec<Free> = free
        .into_iter()
        .filter_map(|(from, to)| Some((DateTime::from_timestamp(from, 0)?, DateTime::from_timestamp(to - turnaround, 0)?)))
        .flat_map(|free| when_open(facts, free))
        .filter(|(from, to)| *to - *from >= length.max(TimeDelta::minutes(1)))
        .map(|(from, to)| Free { from, to })
        .collect();
    let distance = |free: &Free| {
        let start = wish.starts_at.clamp(free.from, (free.to - length).max(free.from));
        (start - wish.starts_at).num_seconds().abs()
    };
    fitting.sort_by_key(distance);
    fitting.truncate(NAMED);
    fitting.sort_by_key(|free| free.from);
    fitting
}

/// A space is free only while its place is open.
fn when_open(facts: &Facts<'_>, (from, to): (DateTime<Utc>, DateTime<Utc>)) -> Vec<(DateTime<Utc>, DateTime<Utc>)> {
    if matches!(facts.sort, Sort::Things(_))
        || (matches!(facts.calendar.hours, Hours::AlwaysOpen) && facts.calendar.closures.is_empty())
    {
        return vec![(from, to)];
    }
    let (first, last) = (facts.calendar.business_date(from), facts.calendar.business_date(to));
    let sessions = first.iter_days().take_while(|day| *day <= last).flat_map(|day| facts.calendar.sessions_on(day));
    sessions.map(|(open, close)| (open.max(from), close.min(to))).filter(|(from, to)| from < to).collect()
}

#[cfg(test)]
mod tests {
    use entity::{kind::Identity, pool::Quota};

    use super::*;
    use crate::rules::{calendar::Closure, terms::preset};

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).unwrap().to_utc()
    }

    fn now() -> DateTime<Utc> {
        at("2026-11-23T10:00:00+08:00")
    }

    fn calendar(hours: Option<&str>) -> Calendar {
        Calendar {
            zone: chrono_tz::Asia::Shanghai,
            hours: hours.map_or(Hours::AlwaysOpen, |text| Hours::Weekly(serde_json::from_str(text).unwrap())),
            follows_public_holidays: true,
            closures: Vec::new(),
        }
    }

    fn member() -> member::Model {
        member::Model {
            id: uuid::Uuid::nil().into(),
            name_sealed: None,
            phone_sealed: None,
            phone_index: None,
            member_group: "resident".to_owned(),
            verified_at: Some(now()),
            approved_at: None,
            approved_by: None,
            password_hash: None,
            language: "zh-CN".to_owned(),
            erased_at: None,
            created_at: now(),
            rev: 1,
        }
    }

    fn wish(from: &str, to: &str) -> Wish {
        Wish { starts_at: at(from), ends_at: at(to), quantity: 1 }
    }

    /// What is said to a wish with everything in its favour but what is given.
    fn said(sort: Sort<'_>, terms: &Terms, calendar: &Calendar, own: &[Booking], wish: &Wish) -> Vec<&'static str> {
        let (member, timeline) = (member(), Timeline::from_spans(3, []));
        let facts = Facts {
            sort,
            calendar,
            terms,
            identity: Identity::Phone,
            timeline: &timeline,
            member: &member,
            proven: true,
            blocks: &[],
            own,
            by_keeper: false,
            overridden: false,
            only_held: false,
        };
        book(&facts, wish, now()).map_or_else(|reasons| reasons.iter().map(Refusal::code).collect(), |_| Vec::new())
    }

    fn own(from: &str, to: &str, state: State) -> Booking {
        Booking {
            id: uuid::Uuid::nil().into(),
            station_id: uuid::Uuid::nil().into(),
            kind_id: Some(uuid::Uuid::nil().into()),
            space_id: None,
            occasion_id: None,
            member_id: uuid::Uuid::nil().into(),
            made_by: None,
            hold_id: None,
            quantity: 1,
            collected: 0,
            starts_at: at(from),
            ends_at: at(to),
            state,
            priority: entity::booking::Priority::Ordinary,
            purpose: None,
            override_reason: None,
            terms: preset(Sort::Things("test")),
            lapses_at: None,
            created_at: at(from),
            confirmed_at: None,
            decided_by: None,
            ready_at: None,
            collected_at: None,
            ended_at: (!state.is_open()).then(|| at(to)),
            ended_by: None,
            end_reason: None,
            pardoned_at: None,
            pardoned_by: None,
            sequence: 0,
            rev: 1,
        }
    }

    const THINGS: Sort<'_> = Sort::Things("test");

    #[test]
    fn all_reasons_are_told_at_once() {
        let terms = Terms { notice: 60, most: 120, grid: 30, most_units: 2, ..preset(THINGS) };
        let wish = Wish { quantity: 3, ..wish("2026-11-23T10:10:00+08:00", "2026-11-23T13:10:00+08:00") };
        let reasons = said(THINGS, &terms, &calendar(None), &[], &wish);
        assert_eq!(reasons, ["too-many-units", "too-soon", "too-long", "off-grid"]);
    }

    #[test]
    fn a_thing_is_fetched_and_brought_back_in_opening_hours_and_a_space_is_used_in_them() {
        let open = calendar(Some(r#"{"mon": [["08:00", "20:00"]], "tue": [["08:00", "20:00"]]}"#));
        let overnight = wish("2026-11-23T18:00:00+08:00", "2026-11-24T09:00:00+08:00");
        assert_eq!(said(THINGS, &preset(THINGS), &open, &[], &overnight), Vec::<&str>::new());
        let space = Terms { most: 2_000, ..preset(Sort::Space) };
        assert_eq!(said(Sort::Space, &space, &open, &[], &overnight), ["closed-then"]);
        let to_the_end = wish("2026-11-23T18:00:00+08:00", "2026-11-23T20:00:00+08:00");
        assert_eq!(said(Sort::Space, &space, &open, &[], &to_the_end), Vec::<&str>::new());
        let wednesday = wish("2026-11-25T09:00:00+08:00", "2026-11-25T10:00:00+08:00");
        assert_eq!(said(THINGS, &preset(THINGS), &open, &[], &wednesday), ["closed-then"]);
        let day = "2026-11-24".parse().unwrap();
        let closed = Calendar { closures: vec![Closure { first_day: day, last_day: day }], ..calendar(None) };
        assert_eq!(said(THINGS, &preset(THINGS), &closed, &[], &overnight), ["closed-then"]);
    }

    #[test]
    fn what_was_given_up_in_time_uses_no_quota_and_what_nobody_came_for_does() {
        let terms = Terms { quota: Quota { per_week: Some(1), ..Quota::default() }, strikes: 0, ..preset(THINGS) };
        let tuesday = |state| [own("2026-11-24T09:00:00+08:00", "2026-11-24T10:00:00+08:00", state)];
        let friday = wish("2026-11-27T09:00:00+08:00", "2026-11-27T10:00:00+08:00");
        let of = |state| said(THINGS, &terms, &calendar(None), &tuesday(state), &friday);
        for used in [State::Held, State::Pending, State::Confirmed, State::AtRisk, State::Collected, State::Ended, State::NoShow]
        {
            assert_eq!(of(used), ["quota-reached"], "{used:?}");
        }
        for free in [State::Cancelled, State::Rejected, State::Expired, State::Displaced] {
            assert_eq!(of(free), Vec::<&str>::new(), "{free:?}");
        }
        // The week of the station begins on Monday: Sunday night is the week before.
        let monday = wish("2026-11-30T00:00:00+08:00", "2026-11-30T01:00:00+08:00");
        assert_eq!(said(THINGS, &terms, &calendar(None), &tuesday(State::Confirmed), &monday), Vec::<&str>::new());
    }

    #[test]
    fn bookings_of_one_person_are_not_chained() {
        let terms = Terms { pause_between: 60, ..preset(THINGS) };
        let mine = [own("2026-11-24T09:00:00+08:00", "2026-11-24T10:00:00+08:00", State::Confirmed)];
        let at = |from: &str, to: &str| said(THINGS, &terms, &calendar(None), &mine, &wish(from, to));
        assert_eq!(at("2026-11-24T10:59:00+08:00", "2026-11-24T12:00:00+08:00"), ["chained-booking"]);
        assert_eq!(at("2026-11-24T07:00:00+08:00", "2026-11-24T08:01:00+08:00"), ["chained-booking"]);
        assert_eq!(at("2026-11-24T11:00:00+08:00", "2026-11-24T12:00:00+08:00"), Vec::<&str>::new());
        assert_eq!(at("2026-11-24T07:00:00+08:00", "2026-11-24T08:00:00+08:00"), Vec::<&str>::new());
    }

    #[test]
    fn nobody_comes_for_some_time_or_until_the_place_closes() {
        let terms = preset(THINGS);
        let open = calendar(Some(r#"{"mon": [["08:00", "12:00"]]}"#));
        let promised = |from, to| (at(from), at(to));
        let morning = promised("2026-11-23T11:00:00+08:00", "2026-11-23T18:00:00+08:00");
        assert_eq!(released_at(&terms, morning, &open, now()), Some(at("2026-11-23T12:00:00+08:00")));
        assert_eq!(released_at(&terms, morning, &calendar(None), now()), Some(at("2026-11-23T13:00:00+08:00")));
        let short = promised("2026-11-23T11:00:00+08:00", "2026-11-23T11:30:00+08:00");
        assert_eq!(released_at(&terms, short, &calendar(None), now()), Some(at("2026-11-23T11:30:00+08:00")));
        assert_eq!(released_at(&Terms { no_show_after: None, ..terms }, short, &calendar(None), now()), None);
    }

    #[test]
    fn shifting_everything_by_a_zone_shifts_the_answer() {
        for zone in [chrono_tz::UTC, chrono_tz::Asia::Shanghai, chrono_tz::America::New_York] {
            let calendar =
                Calendar { zone, follows_public_holidays: false, ..calendar(Some(r#"{"mon": [["08:00", "20:00"]]}"#)) };
            let day = "2026-11-30".parse().unwrap();
            let local = |hour| calendar.instant(day, NaiveTime::from_hms_opt(hour, 0, 0).unwrap());
            let inside = Wish { starts_at: local(8), ends_at: local(20), quantity: 1 };
            let outside = Wish { starts_at: local(7), ends_at: local(9), quantity: 1 };
            let terms = Terms { grid: 60, ..preset(THINGS) };
            assert_eq!(said(THINGS, &terms, &calendar, &[], &inside), Vec::<&str>::new(), "{zone}");
            assert_eq!(said(THINGS, &terms, &calendar, &[], &outside), ["closed-then"], "{zone}");
        }
    }
}
