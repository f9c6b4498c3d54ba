//! Take: consumables leave for good. Nothing past its last day, on no path: the date stands in the statement that takes.

use chrono::{Datelike, TimeDelta};
use entity::{
    ids::{KindId, LotHoldId, LotId},
    lot_hold,
    lot_hold::Ended,
    movement, take,
    take::Confirmed,
    task::What,
    values::Phone,
};

use super::{Entry, Place, hold, open_task, place, with_causes, write_line};
use crate::{
    db::{Done, Intent, WriteTx},
    desk::{About, Desk, Error, Problem, Result},
    rules::{
        label_date,
        ledger::{Change, Place as Where},
        pack_code::{self, lot_key},
        receive::label_key,
        refusal::Refusal,
        take::{self as rule, Content, Dose, Facts, InHand, OnShelf, Plan, Wanted},
        usability,
    },
    store,
    view::TakenView,
};

/// One pack in somebody's hand: by its code, or by the date that is printed on it.
#[derive(Clone, Debug)]
pub enum PackInHand {
    /// What the scanner read.
    Code(String),
    /// What is printed.
    Label(String),
}

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
    let tx = desk.open().await?;
    let place = place(tx.conn(), &order.station_code, order.kind).await?;
    let Some(profile) = place.profile.clone() else {
        let no = if place.kind.tracked == entity::kind::Tracked::Lot { Refusal::NoProfile } else { Refusal::KindNotTaken };
        return desk.refuse(tx, vec![no]).await;
    };
    if order.units <= 0 {
        return Err(Error::Invalid { field: "units", problem: Problem::OutOfRange });
    }
    let person = person_key(&desk, &tx, &order).await?;
    if let Some(key) = &person {
        store::takes::lock_taker(&tx, key, desk.now()).await?;
    }
    let lots = store::lots::lock_on_shelf(&tx, place.station.id, place.kind.id).await?;
    let Some(holds) = holds_to_end(&desk, &tx, &order, &lots).await? else {
        return desk.refuse(tx, vec![Refusal::HoldOver]).await;
    };
    let lots = lots.into_iter().map(|lot| as_if_ended(lot, &holds)).collect();
    let lots = with_causes(tx.conn(), place.station.id, &profile, lots).await?;
    let (in_hand, serials) = look_up(&desk, &tx, &place, &lots, &order.in_hand).await?;
    // After the locks: whoever waited for them may have waited over midnight. And once: the day and the moment of a take agree.
    let now = desk.now();
    let seen = store::stock_days::find(tx.conn(), place.station.id).await?;
    let day = usability::business_day(now, place.station.zone(), seen);
    let contents = contents(&tx, place.kind.id).await?;
    let doses = doses(&desk, &tx, person.as_deref()).await?;
    let facts = Facts {
        kind: &place.kind,
        profile: &profile,
        station: &place.station,
        lots: &lots,
        taken_today: store::takes::units_on(tx.conn(), place.station.id, place.kind.id, day).await?,
        contents: &contents,
        doses: doses.as_deref(),
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
        Err(reasons) => return refuse(&desk, tx, reasons, &lots, &wanted).await,
    };
    let row = take::Model {
        id: desk.app.clock.id(),
        station_id: place.station.id,
        kind_id: place.kind.id,
        units: order.units,
        person_key: person,
        warning_version: profile.rev,
        confirmed: plan.confirmed,
        taken_at: now,
        taken_on: day,
        undone_at: None,
        external_no: None,
    };
    store::takes::add(&tx, row.clone()).await?;
    end_holds(&desk, &tx, &order, &holds).await?;
    let lines = draw(&desk, &tx, &lots, &plan, &row, profile.dated).await?;
    store::takes::mark_packs(&tx, &serials, desk.now()).await?;
    // Nobody is named: a take tells about somebody's health.
    let detail = Some(serde_json::json!({ "take": row.id, "units": row.units }));
    desk.record(&tx, "taken", About { station: Some(row.station_id), detail, ..About::default() }).await?;
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

/// A key that is no name: whoever erases their number erases the way to it.
async fn person_key(desk: &Desk, tx: &WriteTx, order: &Take) -> Result<Option<Vec<u8>>> {
    if let Some(phone) = &order.phone {
        return Ok(Some(desk.app.vault.person_key(phone)));
    }
    let Some(member) = desk.actor.member().filter(|_| !order.anonymous && desk.actor.staff().is_err()) else { return Ok(None) };
    let member = store::members::find(tx.conn(), member).await?;
    Ok(member.and_then(|member| desk.app.vault.phone_of(&member)).map(|phone| desk.app.vault.person_key(&phone)))
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

async fn doses(desk: &Desk, tx: &WriteTx, person: Option<&[u8]>) -> Result<Option<Vec<Dose>>> {
    let Some(key) = person else { return Ok(None) };
    let rows = store::takes::list_doses(tx.conn(), key, desk.now() - LONGEST_WINDOW).await?;
    Ok(Some(rows.into_iter().map(|(ingredient, micrograms, at)| Dose { ingredient, micrograms, at }).collect()))
}

/// Which lots the packs in hand belong to, and the serial numbers among them.
async fn look_up(
    desk: &Desk,
    tx: &WriteTx,
    place: &Place,
    lots: &[OnShelf],
    in_hand: &[PackInHand],
) -> Result<(Vec<InHand>, Vec<String>)> {
    let year = desk.now().with_timezone(&place.station.zone()).year();
    let not_read = |_| Error::Invalid { field: "in_hand", problem: Problem::Unknown };
    // Of lots that look alike it is the one that may not leave: nobody can tell them apart.
    let of = |fits: &dyn Fn(&OnShelf) -> bool| {
        lots.iter().filter(|shelf| fits(shelf)).max_by_key(|shelf| !shelf.causes.is_empty()).map(|shelf| shelf.lot.id)
    };
    let (mut packs, mut serials) = (Vec::new(), Vec::new());
    for pack in in_hand {
        match pack {
            PackInHand::Label(text) => {
                let label =
                    label_date::read(text, year).map_err(|_| Error::Invalid { field: "in_hand", problem: Problem::Unknown })?;
                let key = label_key(Some(&label));
                packs.push(InHand { lot: of(&|shelf| shelf.lot.label_key == key), by: Confirmed::Label, taken: false });
            }
            PackInHand::Code(text) => {
                let code = pack_code::read(text, year).map_err(not_read)?;
                let products: Vec<String> = [code.gtin.clone(), code.drug.clone()].into_iter().flatten().collect();
                let others = store::consumables::list_kinds_of_code(tx.conn(), products).await?;
                let ours = others.is_empty() || others.iter().any(|product| product.kind_id == place.kind.id);
                let known = store::takes::list_packs(tx.conn(), code.serial.iter().cloned().collect()).await?;
                let (lot, taken): (Option<LotId>, bool) = match (known.first(), &code.lot) {
                    (Some(pack), _) => (beside(tx, lots, pack.lot_id).await?.filter(|_| ours), pack.taken_at.is_some()),
                    (None, Some(number)) => {
                        let key = lot_key(number);
                        let same_date =
                            |shelf: &OnShelf| code.expiry.is_none_or(|e| shelf.lot.lenient_last_day == Some(e.last_day()));
                        (of(&|shelf| shelf.lot.number_key == key && same_date(shelf)).filter(|_| ours), false)
                    }
                    // The product alone does not say which lot it is.
                    (None, None) if ours && code.serial.is_none() => continue,
                    (None, None) => (None, false),
                };
                serials.extend(code.serial);
                packs.push(InHand { lot, by: Confirmed::Code, taken });
            }
        }
    }
    Ok((packs, serials))
}

/// The lot of this shelf that a registered pack belongs to: its own, or the one its own was carried into.
async fn beside(tx: &WriteTx, lots: &[OnShelf], id: LotId) -> Result<Option<LotId>> {
    if lots.iter().any(|shelf| shelf.lot.id == id) {
        return Ok(Some(id));
    }
    let Some(other) = store::lots::find(tx.conn(), id).await? else { return Ok(None) };
    let same = |shelf: &&OnShelf| (&shelf.lot.number_key, &shelf.lot.label_key) == (&other.number_key, &other.label_key);
    Ok(lots.iter().find(same).map(|shelf| shelf.lot.id))
}

/// A refusal is final; that a pack which must go is in somebody's hand, a keeper must hear of all the same.
async fn refuse<T>(desk: &Desk, tx: WriteTx, reasons: Vec<Refusal>, lots: &[OnShelf], wanted: &Wanted) -> Result<T> {
    let late = reasons.iter().any(|no| matches!(no, Refusal::PackPastDate { .. } | Refusal::PackBlocked));
    let refused = desk.refuse(tx, reasons).await;
    if late && !desk.rehearsal && matches!(refused, Err(Error::Refused(_))) {
        let tx = desk.app.db.write(Intent::default()).await?;
        for lot in wanted.in_hand.iter().filter_map(|pack| lots.iter().find(|shelf| Some(shelf.lot.id) == pack.lot)) {
            open_task(desk, &tx, &lot.lot, What::PutInRedBox, Some("有人拿到了不能再用的".to_owned())).await?;
        }
        tx.commit(()).await?;
    }
    refused
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
