//! One line of a paper list of consumables: its kind, what the law calls it, and its lot. By the rules of a delivery, and in a
//! write that holds other lines too.
//!
//! A list never changes a quantity: what is there already and differs is counted.

use chrono::{DateTime, Datelike, Utc};
use entity::{consumable, kind, lot, movement, station};

use super::{
    Place, put_down,
    receive::{Delivered, Listed, Receive, decide, look_at},
    today,
};
use crate::{
    db::WriteTx,
    desk::{About, Desk, Result, kinds::may_edit},
    rules::{
        label_date,
        receive::{self as rule, Goes, label_key},
        refusal::Refusal,
    },
    store,
};

/// What a line is about: a kind and its profile, stored already or to be made with the first lot of it that is taken in.
#[derive(Clone, Debug)]
pub(crate) struct Goods {
    pub(crate) station: station::Model,
    pub(crate) kind: kind::Model,
    pub(crate) kind_is_new: bool,
    pub(crate) profile: consumable::Model,
    pub(crate) profile_is_new: bool,
}

/// What the line says about its lot.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) order: Receive,
    pub(crate) as_of: Option<DateTime<Utc>>,
    pub(crate) note: Option<String>,
}

/// What became of a line.
pub(crate) enum Outcome {
    /// The lot is there now.
    Entered(lot::Model),
    /// The lot was there, and the list says what is known.
    Agrees(lot::Model),
    /// The lot was there, with another quantity.
    Differs(lot::Model),
    /// The rules say no. Nothing was written.
    Refused(Vec<Refusal>),
}

/// Takes a line in.
///
/// # Errors
/// As a delivery.
pub(crate) async fn enter(desk: &Desk, tx: &WriteTx, goods: &Goods, line: Line) -> Result<Outcome> {
    desk.actor.keeper_of(&goods.station)?;
    if goods.profile_is_new {
        may_edit(desk, goods.kind.community_id)?;
    }
    let order = &line.order;
    // Before any lot: neither a recall nor a change of the profile overlooks the lot.
    store::stock_blocks::hold_registry(tx).await?;
    if !goods.profile_is_new {
        store::consumables::hold(tx, goods.kind.id).await?;
    }
    let delivered = match look_at(desk, tx, &goods.kind, order, None).await? {
        Ok(delivered) => delivered,
        Err(no) => return Ok(Outcome::Refused(vec![no])),
    };
    if let Some(known) = known(desk, tx, goods, order, &delivered).await? {
        let first = store::movements::find_first(tx.conn(), known.id).await?;
        let same_list = first
            .is_some_and(|line| line.reason == movement::Reason::Received && line.available + line.to_dispose == order.units)
            && known.source == lot::Source::Import;
        let there = if order.goes == Goes::RedBox { known.to_dispose } else { known.on_shelf() };
        let agrees = same_list || there == order.units;
        return Ok(if agrees { Outcome::Agrees(known) } else { Outcome::Differs(known) });
    }
    let place = Place { station: goods.station.clone(), kind: goods.kind.clone(), profile: Some(goods.profile.clone()) };
    let day = today(desk, tx.conn(), &place.station).await?;
    let admission = match decide(tx, &place, &goods.profile, order, &delivered, day).await? {
        Ok(admission) => admission,
        Err(reasons) => return Ok(Outcome::Refused(reasons)),
    };
    make_kind(desk, tx, goods).await?;
    let listed = Listed { as_of: line.as_of, note: line.note };
    let lot = match put_down::put_down(desk, tx, order, &place, delivered, &admission, listed).await? {
        Ok(lot) => lot,
        Err(no) => return Ok(Outcome::Refused(vec![no])),
    };
    let detail = Some(serde_json::json!({ "lot": lot.id, "units": order.units, "label": lot.label_text }));
    desk.record(tx, "received", About { station: Some(lot.station_id), detail, ..About::default() }).await?;
    Ok(Outcome::Entered(lot))
}

async fn make_kind(desk: &Desk, tx: &WriteTx, goods: &Goods) -> Result<()> {
    if goods.kind_is_new {
        store::kinds::add(tx, goods.kind.clone()).await?;
        let detail = Some(serde_json::json!({ "id": goods.kind.id }));
        desk.record(tx, "kind_created", About { detail, ..About::default() }).await?;
    }
    if goods.profile_is_new {
        store::consumables::add(tx, goods.profile.clone()).await?;
        let detail = Some(serde_json::json!({ "kind": goods.kind.id, "rev": goods.profile.rev, "class": goods.profile.class }));
        desk.record(tx, "profile_set", About { detail, ..About::default() }).await?;
    }
    Ok(())
}

/// The lot that the line means, if it is here: by its number and by its label, also as that was written down before somebody
/// corrected it.
async fn known(desk: &Desk, tx: &WriteTx, goods: &Goods, order: &Receive, delivered: &Delivered) -> Result<Option<lot::Model>> {
    let Ok((label, _)) = rule::label_of(goods.profile.dated, &delivered.to_rule(order)) else { return Ok(None) };
    let key = label_key(label.as_ref());
    let here: Vec<&lot::Model> =
        delivered.namesakes.iter().filter(|lot| lot.station_id == goods.station.id && lot.parent_id.is_none()).collect();
    if let Some(lot) = here.iter().find(|lot| lot.label_key == key) {
        return Ok(Some((*lot).clone()));
    }
    let year = desk.now().with_timezone(&goods.station.zone()).year();
    for lot in here {
        let history = store::lot_labels::list_of(tx.conn(), lot.id).await?;
        let said = |text: &String| label_date::read(text, year).is_ok_and(|label| label_key(Some(&label)) == key);
        if history.iter().filter_map(|line| line.label_text.as_ref()).any(said) {
            return Ok(Some(lot.clone()));
        }
    }
    Ok(None)
}
