//! One message a day for each keeper, over all her stations, by day; where nobody keeps a station, for the admins. When there is
//! nothing to do, a quiet word once a week or once a month: silence must not look like health.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use entity::{
    expiry_check,
    ids::{MemberId, StationId},
    lot::Tier,
    notice, station,
};
use serde_json::{Value, json};

use crate::{
    app::App,
    db::{Intent, WriteTx},
    jobs::{JobError, Report, runs::Scope},
    rules::{
        expiry::{ASKED_FOR, URGENT},
        waking::next_waking,
    },
    store,
};

/// How many lots are within 30 and within 90 days of their end.
pub(super) type Near = (i64, i64);

/// Whoever has seen a task is left in peace for so long, once.
const SEEN: TimeDelta = TimeDelta::hours(24);
/// Over how many days nights are called well.
const MONTH: Days = Days::new(31);
/// How many people are told in one write.
const BATCH: usize = 200;

/// What is said, and what makes it one of a kind.
struct Message {
    template: &'static str,
    params: Value,
    /// Written once for each of these.
    once: String,
}

/// Somebody who is told, and the stations it is about.
struct Keeper {
    member: MemberId,
    stations: Vec<StationId>,
}

/// Writes the messages of the day into the outbox: what is urgent at any hour, so that whoever has seen it is told again a day
/// later; the quiet ones after a night.
pub(super) async fn digests(
    app: &App,
    scopes: &[Scope],
    (nights, elsewhere): (&BTreeMap<StationId, Near>, Vec<StationId>),
    report: &mut Report,
) -> Result<(), JobError> {
    let zones: BTreeMap<StationId, Tz> = scopes.iter().filter_map(|scope| Some((scope.station?, scope.zone))).collect();
    let now = app.clock.now();
    let mut unseen: BTreeMap<StationId, i64> = BTreeMap::new();
    for zone in zones.values().map(|zone| (zone.name(), *zone)).collect::<BTreeMap<_, _>>().into_values() {
        let counted = store::tasks::count_unseen(app.db.read(), &URGENT, next_waking(now, zone) - SEEN).await?;
        unseen.extend(counted.into_iter().filter(|(id, _)| zones.get(id) == Some(&zone)));
    }
    // Somebody else is at the night of one of their stations: half of it is no message for the day.
    let wait: BTreeSet<MemberId> = keepers_of(app, elsewhere).await?.into_iter().map(|keeper| keeper.member).collect();
    let mut busy = wait.clone();
    let mut messages = Vec::new();
    let names = names(app, unseen.keys().copied().collect()).await?;
    for keeper in keepers_of(app, unseen.keys().copied().collect()).await? {
        if wait.contains(&keeper.member) {
            continue;
        }
        let count: i64 = keeper.stations.iter().filter_map(|id| unseen.get(id)).sum();
        let at = morning(&keeper, &zones, now);
        let params = json!({ "count": count, "stations": listed(&keeper, &names) });
        let once = format!("expiry:{}:{}", keeper.member, local(&keeper, &zones, at));
        busy.insert(keeper.member);
        messages.push((keeper.member, at, Message { template: "expiry_digest", params, once }));
    }
    if !nights.is_empty() {
        for (keeper, at, message) in quiet(app, &zones, nights, now).await? {
            if !busy.contains(&keeper) {
                messages.push((keeper, at, message));
            }
        }
    }
    for batch in messages.chunks(BATCH) {
        let keys = batch.iter().map(|(_, _, message)| message.once.clone()).collect();
        let written = store::notices::list_written(app.db.read(), keys).await?;
        let fresh: Vec<_> = batch.iter().filter(|(_, _, message)| !written.contains(&message.once)).collect();
        if fresh.is_empty() {
            continue;
        }
        let tx = app.db.write(Intent::default()).await?;
        for (member, at, message) in fresh {
            report.add("digests", u64::from(tell(app, &tx, *member, *at, message, message.once.clone()).await?));
        }
        tx.commit(()).await?;
    }
    Ok(())
}

/// The quiet words, to whoever keeps one of these stations, about all that they keep.
async fn quiet(
    app: &App,
    zones: &BTreeMap<StationId, Tz>,
    nights: &BTreeMap<StationId, Near>,
    now: DateTime<Utc>,
) -> Result<Vec<(MemberId, DateTime<Utc>, Message)>, JobError> {
    let conn = app.db.read();
    let mut keepers = keepers_of(app, nights.keys().copied().collect()).await?;
    let all = store::roles::list_kept(conn, keepers.iter().map(|keeper| keeper.member).collect()).await?;
    for keeper in &mut keepers {
        keeper
            .stations
            .extend(all.iter().filter(|(member, id)| *member == keeper.member && zones.contains_key(id)).map(|(_, id)| id));
        keeper.stations.sort_unstable();
        keeper.stations.dedup();
    }
    let stations: Vec<_> = keepers.iter().flat_map(|k| k.stations.clone()).collect::<BTreeSet<_>>().into_iter().collect();
    let open: BTreeMap<_, _> = store::tasks::count_open(conn, &ASKED_FOR, stations.clone()).await?.into_iter().collect();
    let names = names(app, stations.clone()).await?;
    // What was found just now need not be read out of the evidence.
    let mut near = nights.clone();
    let others = stations.iter().copied().filter(|id| !near.contains_key(id)).collect();
    for check in store::check_records::list_last_trusted(conn, others).await? {
        near.insert(check.station_id, near_in(&check));
    }
    let since = now.date_naive() - MONTH;
    let unwell = store::check_records::list_unwell(conn, stations, since).await?;
    let mut said = Vec::new();
    for keeper in keepers {
        let mine = |check: &&expiry_check::Model| keeper.stations.contains(&check.station_id);
        let of_mine = keeper.stations.iter().filter_map(|id| near.get(id));
        let (t30, t90) = of_mine.fold((0, 0), |sum, near| (sum.0 + near.0, sum.1 + near.1));
        let open: i64 = keeper.stations.iter().filter_map(|id| open.get(id)).sum();
        let missed: i64 = unwell.iter().filter(mine).map(nights_missed).sum();
        let at = morning(&keeper, zones, now);
        let day = local(&keeper, zones, at);
        // Not on a certain weekday: the first check of a week says it, however many nights were missed.
        let week = day.iso_week();
        let stations = listed(&keeper, &names);
        let (template, params, period) = if t30 + t90 + open > 0 {
            let params = json!({ "stations": stations, "t30": t30, "t90": t90, "open": open });
            ("expiry_weekly", params, format!("weekly:{}:{}-{}", keeper.member, week.year(), week.week()))
        } else {
            let month = format!("monthly:{}:{}-{}", keeper.member, day.year(), day.month());
            let template = if missed > 0 { "expiry_nights_missed" } else { "expiry_all_well" };
            (template, json!({ "stations": stations, "nights": missed }), month)
        };
        said.push((keeper.member, at, Message { template, params, once: format!("expiry-{period}") }));
    }
    Ok(said)
}

/// How many lots a check has left near their end.
fn near_in(check: &expiry_check::Model) -> Near {
    let report: Value = serde_json::from_str(&check.report).unwrap_or_default();
    let tiers: Vec<(Tier, i64)> = serde_json::from_value(report["tiers"].clone()).unwrap_or_default();
    near(&tiers)
}

/// How many of the lots in these tiers are near their end.
pub(super) fn near(tiers: &[(Tier, i64)]) -> Near {
    let lots_in = |tier| tiers.iter().filter(|(of, _)| *of == tier).map(|(_, lots)| lots).sum();
    (lots_in(Tier::T30), lots_in(Tier::T90))
}

/// How many nights a check has made up for; one if it was itself not whole.
fn nights_missed(check: &expiry_check::Model) -> i64 {
    (check.business_date - check.covers_from).num_days().max(1)
}

/// Whoever keeps these stations, with the ones they keep; the admins for those that nobody keeps.
async fn keepers_of(app: &App, stations: Vec<StationId>) -> Result<Vec<Keeper>, JobError> {
    if stations.is_empty() {
        return Ok(Vec::new());
    }
    let mut pairs = store::roles::list_keepers(app.db.read(), stations.clone()).await?;
    let orphans: Vec<_> = stations.into_iter().filter(|id| !pairs.iter().any(|(_, kept)| kept == id)).collect();
    if !orphans.is_empty() {
        for admin in store::roles::list_admins(app.db.read()).await? {
            pairs.extend(orphans.iter().map(|id| (admin, *id)));
        }
    }
    let mut of: BTreeMap<MemberId, BTreeSet<StationId>> = BTreeMap::new();
    for (member, station) in pairs {
        of.entry(member).or_default().insert(station);
    }
    Ok(of.into_iter().map(|(member, stations)| Keeper { member, stations: stations.into_iter().collect() }).collect())
}

async fn names(app: &App, stations: Vec<StationId>) -> Result<BTreeMap<StationId, String>, JobError> {
    let rows = store::stations::list_some(app.db.read(), stations).await?;
    Ok(rows.into_iter().map(|station| (station.id, station.name)).collect())
}

fn listed(keeper: &Keeper, names: &BTreeMap<StationId, String>) -> Vec<String> {
    keeper.stations.iter().filter_map(|id| names.get(id).cloned()).collect()
}

fn zone_of(keeper: &Keeper, zones: &BTreeMap<StationId, Tz>) -> Tz {
    keeper.stations.iter().find_map(|id| zones.get(id)).copied().unwrap_or(chrono_tz::Asia::Shanghai)
}

fn morning(keeper: &Keeper, zones: &BTreeMap<StationId, Tz>, now: DateTime<Utc>) -> DateTime<Utc> {
    next_waking(now, zone_of(keeper, zones))
}

/// The day on which it is read: what is written before midnight and after it is one message.
fn local(keeper: &Keeper, zones: &BTreeMap<StationId, Tz>, at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&zone_of(keeper, zones)).date_naive()
}

/// What nobody has done is told further up: after a day to the managers of the community, after three to the admins.
pub(super) async fn further(
    app: &App,
    tx: &WriteTx,
    scope: &Scope,
    station: &station::Model,
    (level, count): (i32, u64),
) -> Result<u64, JobError> {
    let mut members = store::roles::list_managers(tx.conn(), station.community_id).await?;
    if level >= 2 || members.is_empty() {
        members = store::roles::list_admins(tx.conn()).await?;
    }
    let message = Message {
        template: "expiry_escalated",
        params: json!({ "station": station.name, "count": count }),
        once: format!("expiry-escalated:{}:{level}:{}", station.id, scope.today),
    };
    let mut told = 0;
    for member in members {
        let key = format!("{}:{member}", message.once);
        let at = next_waking(app.clock.now(), scope.zone);
        told += u64::from(tell(app, tx, member, at, &message, key).await?);
    }
    Ok(told)
}

async fn tell(
    app: &App,
    tx: &WriteTx,
    member: MemberId,
    send_after: DateTime<Utc>,
    message: &Message,
    natural_key: String,
) -> Result<bool, JobError> {
    let row = notice::Model {
        id: app.clock.id(),
        natural_key,
        member_id: Some(member),
        phone_sealed: None,
        template: message.template.to_owned(),
        params: message.params.clone(),
        send_after,
        expires_at: send_after + TimeDelta::hours(14),
        attempts: 0,
        leased_until: None,
        sent_at: None,
        dropped_at: None,
        trouble: None,
        created_at: app.clock.now(),
    };
    Ok(store::notices::tell(tx, row).await?)
}
