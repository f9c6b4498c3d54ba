//! Take: consumables leave for good. Nothing past its last day, on no path: the date stands in the statement that takes.

use std::net::IpAddr;

use chrono::TimeDelta;
use entity::{
    ids::{KindId, LotHoldId},
    lot_hold,
    lot_hold::Ended,
    movement, take,
    task::What,
    values::Phone,
};

pub use super::in_hand::PackInHand;
use super::{Entry, clocks, hold, in_hand::look_up, place, tell_keepers, with_causes, write_line};
use crate::{
    db::{Done, WriteTx},
    desk::{About, Desk, Error, Problem, Result},
    rules::{
        ledger::{Change, Place as Where},
        refusal::Refusal,
        take::{self as rule, Content, Counted, Dose, Facts, Known, OnShelf, Plan, Wanted},
        usability,
    },
    store,
    view::TakenView,
};

/// What is asked for. The answers to the questions are weighed and forgotten.
#[derive(Clone, Debug)]
pub struct Take {
    /// The plate of the station.
    pub station_code: String,
    /// What.
    pub kind: KindId,
    /// How many base units.
    pub units: i32,
    /// Which packs.
    pub in_hand: Vec<PackInHand>,
    /// What was set aside for whoever takes it.
    pub hold: Option<LotHoldId>,
    /// A number that somebody gives, so that limits can be kept for them.
    pub phone: Option<Phone>,
    /// Somebody who is signed in, and does not want to be known all the same.
    pub anonymous: bool,
    /// How old whoever will use it is.
    pub age: Option<rule::Age>,
    /// A guardian is there.
    pub guardian: bool,
    /// Questions answered with yes.
    pub yes: Option<std::collections::BTreeSet<entity::consumable::About>>,
    /// The version of the warnings that was accepted.
    pub accepted: Option<i64>,
}

/// How far back doses count.
const LONGEST_WINDOW: TimeDelta = TimeDelta::hours(72);

/// Takes.
///
/// # Errors
/// [`Error::Refused`] with all reasons; [`Error::Invalid`], [`Error::NotFound`].
pub async fn take(desk: Desk, order: Take) -> Result<Done<TakenView>> {
    let tx = desk.open_veiled().await?;
    let place = place(tx.conn(), &order.station_code, order.kind).await?;
    let Some(profile) = place.profile.clone() else {
        let no = if place.kind.tracked == entity::kind::Tracked::Lot { Refusal::NoProfile } else { Refusal::KindNotTaken };
        return desk.refuse_unstored(tx, vec![no]).await;
    };
    if order.units <= 0 {
        return Err(Error::Invalid { field: "units", problem: Problem::OutOfRange });
    }
    // A keeper at work is named; whoever takes something for themselves is not: it tells about their health.
    let attended = !order.anonymous && desk.actor.keeper_of(&place.station).is_ok();
    let scribe = if attended { desk.clone() } else { desk.unnamed() };
    let (known, key) = counted_by(&desk, &tx, &order, attended).await?;
    if let Some(key) = &key {
        store::takes::lock_taker(&tx, key, desk.now()).await?;
    }
    let lots = store::lots::lock_on_shelf(&tx, place.station.id, place.kind.id).await?;
    let Some(holds) = holds_to_end(&desk, &tx, &order, &lots).await? else {
        return desk.refuse_unstored(tx, vec![Refusal::HoldOver]).await;
    };
    let lots = lots.into_iter().map(|lot| as_if_ended(lot, &holds)).collect();
    let lots = with_causes(tx.conn(), place.station.id, &profile, lots).await?;
    // After the locks: whoever waited for them may have waited over midnight. And once: the day and the moment of a take agree.
    let now = desk.now();
    let seen = store::stock_days::find(tx.conn(), place.station.id).await?;
    let day = usability::business_day(now, place.station.zone(), seen);
    let (in_hand, leaving) = look_up(&desk, &tx, &place, &profile, (&lots, &order.in_hand), day).await?;
    let contents = contents(&tx, place.kind.id).await?;
    let doses = doses(&desk, &tx, key.as_deref()).await?;
    let units_today = match &key {
        Some(key) => store::takes::units_by(tx.conn(), key, place.kind.id, day).await?,
        None => 0,
    };
    let facts = Facts {
        kind: &place.kind,
        profile: &profile,
        station: &place.station,
        lots: &lots,
        taken_today: store::takes::units_on(tx.conn(), place.station.id, place.kind.id, day).await?,
        contents: &contents,
        counted: Counted { by: known, doses: &doses, units_today },
        attended,
        stray: store::tasks::find_open_at(tx.conn(), place.station.id, place.kind.id, What::FindStray).await?.is_some(),
        today: day,
    };
    let wanted = Wanted {
        units: order.units,
        in_hand,
        set_aside: holds.iter().find(|hold| Some(hold.id) == order.hold).map(|hold| hold.lot_id),
        age: order.age,
        guardian: order.guardian,
        yes: order.yes.clone(),
        accepted: order.accepted,
    };
    let plan = match rule::take(&facts, &wanted, now) {
        Ok(plan) => plan,
        Err(reasons) => return tell_keepers::refuse(&desk, tx, (&place, &facts, &wanted), reasons).await,
    };
    let row = take::Model {
        id: desk.app.clock.id(),
        station_id: place.station.id,
        kind_id: place.kind.id,
        units: order.units,
        person_key: key,
        warning_version: profile.rev,
        confirmed: plan.confirmed,
        taken_at: now,
        taken_on: day,
        undone_at: None,
        external_no: None,
    };
    let is_new = seen.is_none_or(|seen| seen < day);
    if is_new && (usability::is_the_next_day(seen, day) || clocks::are_trusted(&desk.app, tx.conn(), row.station_id, now).await?)
    {
        // What was handed out on it was handed out: the day before does not come back with the clock.
        store::stock_days::advance(&tx, place.station.id, day).await?;
    }
    store::takes::add(&tx, row.clone()).await?;
    end_holds(&scribe, &tx, &order, &holds).await?;
    let lines = draw(&scribe, &tx, &lots, &plan, &row, profile.dated).await?;
    for (names, lot) in leaving {
        for name in names {
            store::packs::leave(&tx, name, lot, row.id, desk.now()).await?;
        }
    }
    let detail = Some(serde_json::json!({ "take": row.id, "units": row.units }));
    scribe.record(&tx, "taken", About { station: Some(row.station_id), detail, ..About::default() }).await?;
    desk.commit(tx, TakenView::new(&row, &lines, &plan)).await
}

/// The hold that is fetched, and those on the same lots whose time is over. None if what is to be fetched is no longer set aside.
async fn holds_to_end(
    desk: &Desk,
    tx: &WriteTx,
    order: &Take,
    lots: &[entity::lot::Model],
) -> Result<Option<Vec<lot_hold::Model>>> {
    let open = store::lot_holds::list_open_on(tx.conn(), lots.iter().map(|lot| lot.id).collect()).await?;
    if let Some(id) = order.hold {
        let fetched = hold::yours(desk, tx, id).await?;
        if open.iter().all(|hold| hold.id != fetched.id) || fetched.until <= desk.now() {
            return Ok(None);
        }
    }
    let over = |hold: &lot_hold::Model| Some(hold.id) == order.hold || hold.until <= desk.now();
    Ok(Some(open.into_iter().filter(over).collect()))
}

/// A lot as it will be once these holds have ended: nothing is written before the rule has agreed.
fn as_if_ended(lot: entity::lot::Model, holds: &[lot_hold::Model]) -> entity::lot::Model {
    let mine = holds.iter().filter(|hold| hold.lot_id == lot.id);
    let (units, ended) = mine.fold((0, 0), |(units, ended), hold| (units + hold.units, ended + 1));
    entity::lot::Model { available: lot.available + units, held: lot.held - units, rev: lot.rev + ended, ..lot }
}

async fn end_holds(desk: &Desk, tx: &WriteTx, order: &Take, holds: &[lot_hold::Model]) -> Result<()> {
    for ended in holds {
        let Some(lot) = store::lots::find(tx.conn(), ended.lot_id).await? else { continue };
        let how = if Some(ended.id) == order.hold { Ended::Collected } else { Ended::Lapsed };
        hold::end(desk, tx, &lot, ended, how).await?;
    }
    Ok(())
}

/// A key that is no name: whoever erases their number erases the way to it. For whoever does not say who they are it is a
/// key of what they hold in their hand, or of the network they come from.
async fn counted_by(desk: &Desk, tx: &WriteTx, order: &Take, attended: bool) -> Result<(Known, Option<Vec<u8>>)> {
    let vault = &desk.app.vault;
    if let Some(phone) = &order.phone {
        return Ok((Known::Person, Some(vault.person_key(phone))));
    }
    if attended {
        return Ok((Known::Nobody, None));
    }
    if let Some(id) = desk.actor.member().filter(|_| !order.anonymous) {
        let member = store::members::find(tx.conn(), id).await?;
        if let Some(phone) = member.and_then(|member| vault.phone_of(&member)) {
            return Ok((Known::Person, Some(vault.person_key(&phone))));
        }
    }
    let device = desk.device.as_ref().map(|device| format!("cookie:{device}"));
    let device = device.or_else(|| desk.address.as_deref().map(|address| format!("network:{}", network(address))));
    Ok(device.map_or((Known::Nobody, None), |device| (Known::Device, Some(vault.device_key(&device)))))
}

/// The network of an address: of the newer sort, one household has as many addresses as it likes.
fn network(address: &str) -> String {
    match address.parse() {
        Ok(IpAddr::V6(six)) if six.to_ipv4_mapped().is_none() => format!("{:x?}", &six.segments()[..4]),
        _ => address.to_owned(),
    }
}

/// What is in a kind.
pub(crate) async fn contents(tx: &WriteTx, kind: KindId) -> Result<Vec<Content>> {
    let rows = store::consumables::list_contents(tx.conn(), kind).await?;
    let content = |(content, ingredient): (entity::content::Model, _)| Content {
        ingredient,
        micrograms_per_unit: content.micrograms_per_unit,
    };
    Ok(rows.into_iter().map(content).collect())
}

async fn doses(desk: &Desk, tx: &WriteTx, key: Option<&[u8]>) -> Result<Vec<Dose>> {
    let Some(key) = key else { return Ok(Vec::new()) };
    let rows = store::takes::list_doses(tx.conn(), key, desk.now() - LONGEST_WINDOW).await?;
    Ok(rows.into_iter().map(|(ingredient, micrograms, at)| Dose { ingredient, micrograms, at }).collect())
}

async fn draw(
    desk: &Desk,
    tx: &WriteTx,
    lots: &[OnShelf],
    plan: &Plan,
    take: &take::Model,
    dated: bool,
) -> Result<Vec<(entity::lot::Model, i32)>> {
    let mut lines = Vec::with_capacity(plan.lines.len());
    for (id, units) in &plan.lines {
        let Some(shelf) = lots.iter().find(|shelf| shelf.lot.id == *id) else { continue };
        let lot = store::lots::draw(tx, &shelf.lot, *units, take.taken_on, dated).await?;
        let mut entry = Entry::new(desk, movement::Reason::Taken);
        (entry.take, entry.occurred_at) = (Some(take.id), take.taken_at);
        write_line(desk, tx, &lot, Change::moving(*units, Where::Available, Where::Elsewhere), entry).await?;
        if lot.on_shelf() == 0 {
            store::tasks::settle_lot(tx, lot.id, &super::OFF_THE_SHELF, desk.now()).await?;
        }
        lines.push((lot, *units));
    }
    Ok(lines)
}
