//! Takes, what may be taken, and what is set aside for somebody.

use axum::extract::State;
use chrono::{DateTime, Utc};
use entity::{
    consumable::About,
    ids::{KindId, LotHoldId, LotId, MemberId, TakeId},
    values::Phone,
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{
    Nothing,
    answer::{Answer, created, done, found},
    call::{Call, Caller, Path, Query},
    list::Paging,
    problem::{Problem, Problems},
};
use crate::{
    app::App,
    desk::{
        self,
        stock::{
            hold::Hold,
            record_take::RecordTake,
            take::{PackInHand, Take},
        },
    },
    rules::take::Age,
    speech::Problem as Sort,
    store,
    view::{HoldView, Page, RecordedTakeView, ShelfView, TakeView, TakenView},
};

/// A pack in hand: one of the two.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum PackBody {
    /// What the scanner read. Several codes of one pack, one to a line, are joined.
    Code(String),
    /// The date that is printed on it.
    Label(String),
}

/// What is taken. The answers are weighed and forgotten.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TakeBody {
    /// The plate of the station.
    station_code: String,
    /// What.
    kind_id: Uuid,
    /// How many base units.
    units: i32,
    /// The packs in hand: `{"code": …}` or `{"label": …}`.
    #[serde(default)]
    in_hand: Vec<PackBody>,
    /// What was set aside, for whoever fetches it.
    hold_id: Option<Uuid>,
    /// A number that somebody gives, so that limits can be kept for them.
    phone: Option<String>,
    /// Signed in, and not to be known all the same.
    #[serde(default)]
    anonymous: bool,
    /// `under14`, `from14`, `from18` or `from60`.
    #[schema(value_type = Option<String>)]
    age: Option<Age>,
    /// A guardian is there.
    #[serde(default)]
    guardian: bool,
    /// The questions that were answered with yes; needed where there are any.
    #[schema(value_type = Option<Vec<String>>)]
    yes: Option<std::collections::BTreeSet<About>>,
    /// The version of the warnings that was accepted.
    accepted: Option<i64>,
}

/// Take consumables. Anybody; `?dry_run=true` says whether it would be possible.
#[utoipa::path(post, path = "/takes", tag = "stock", request_body = TakeBody,
    responses((status = 201, description = "Taken", body = TakenView), Problems))]
pub(super) async fn take(call: Call<TakeBody>) -> Answer<TakenView> {
    let body = call.body;
    let phone = body.phone.as_deref().map(Phone::parse).transpose().map_err(|_| Problem::new(Sort::Invalid).at("phone"))?;
    let pack = |pack| match pack {
        PackBody::Code(text) => PackInHand::Code(text),
        PackBody::Label(text) => PackInHand::Label(text),
    };
    let order = Take {
        station_code: body.station_code,
        kind: KindId(body.kind_id),
        units: body.units,
        in_hand: body.in_hand.into_iter().map(pack).collect(),
        hold: body.hold_id.map(LotHoldId),
        phone,
        anonymous: body.anonymous,
        age: body.age,
        guardian: body.guardian,
        yes: body.yes,
        accepted: body.accepted,
    };
    created(desk::answer(call.desk, order, desk::stock::take::take).await)
}

/// A line of a paper register.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordedBody {
    /// Out of which lot.
    lot_id: Uuid,
    /// How many base units.
    units: i32,
    /// When it was taken.
    taken_at: DateTime<Utc>,
    /// Its number in the register. A number goes in once; without one, lot, units and time stand for it.
    no: Option<String>,
    /// Whose number stands there; remembered for three days, so that limits can be kept.
    phone: Option<String>,
    /// What else stands there.
    note: Option<String>,
}

/// Write down a take that has happened, out of a paper register. Keepers of the station. It is never refused for its date or a
/// block: it has happened, and is told as an incident. `?dry_run=true` says whether it would go in.
#[utoipa::path(post, path = "/takes/recorded", tag = "stock", request_body = RecordedBody,
    responses((status = 201, description = "Written down", body = RecordedTakeView), Problems))]
pub(super) async fn record_take(call: Call<RecordedBody>) -> Answer<RecordedTakeView> {
    let body = call.body;
    let phone = body.phone.as_deref().map(Phone::parse).transpose().map_err(|_| Problem::new(Sort::Invalid).at("phone"))?;
    let (lot, units, taken_at) = (LotId(body.lot_id), body.units, body.taken_at);
    let order = RecordTake { lot, units, taken_at, no: body.no, phone, note: body.note };
    created(desk::answer(call.desk, order, desk::stock::record_take::record_take).await)
}

/// Undo a take, within ten minutes. Whoever knows its id.
#[utoipa::path(post, path = "/takes/{id}/undo", tag = "stock",
    responses((status = 200, description = "Undone", body = TakeView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn undo_take(Path(id): Path<TakeId>, call: Call<Nothing>) -> Answer<TakeView> {
    done(desk::answer(call.desk, id, desk::stock::undo_take::undo).await)
}

/// Of which station.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ShelfWanted {
    /// The plate of the station.
    station_code: String,
}

/// What may be taken at a station now, kind by kind, and what not, and why.
#[utoipa::path(get, path = "/shelf", tag = "stock", params(ShelfWanted),
    responses((status = 200, description = "All kinds", body = Vec<ShelfView>), Problems))]
pub(super) async fn get_shelf(
    State(app): State<App>,
    caller: Caller,
    Query(wanted): Query<ShelfWanted>,
) -> Answer<Vec<ShelfView>> {
    let desk = super::stickers::reading_desk(&app, caller);
    found(desk::stock::shelf::shelf(&desk, app.db.read(), &wanted.station_code).await?)
}

/// What is set aside.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HoldBody {
    /// How many base units.
    units: i32,
    /// For whom, if they are known here.
    member_id: Option<Uuid>,
    /// Until when; two hours if nobody says, a day at most.
    until: Option<DateTime<Utc>>,
    /// What is worth knowing.
    note: Option<String>,
}

/// Set units of a lot aside for somebody. Keepers. They are fetched by a take that names the hold.
#[utoipa::path(post, path = "/lots/{id}/holds", tag = "stock", request_body = HoldBody,
    responses((status = 201, description = "Set aside", body = HoldView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn hold_lot(Path(lot): Path<LotId>, call: Call<HoldBody>) -> Answer<HoldView> {
    let body = call.body;
    let member = body.member_id.map(MemberId);
    let order = Hold { lot, units: body.units, member, until: body.until, note: body.note };
    created(desk::answer(call.desk, order, desk::stock::hold::hold).await)
}

/// Give up what was set aside. Keepers, and whoever it was set aside for.
#[utoipa::path(post, path = "/lot-holds/{id}/release", tag = "stock",
    responses((status = 200, description = "Free again", body = HoldView), Problems), params(("id" = Uuid, Path)))]
pub(super) async fn release_hold(Path(id): Path<LotHoldId>, call: Call<Nothing>) -> Answer<HoldView> {
    done(desk::answer(call.desk, id, desk::stock::hold::release).await)
}

/// What is set aside at a station, oldest first. Its keepers.
#[utoipa::path(get, path = "/lot-holds", tag = "stock", params(ShelfWanted, Paging),
    responses((status = 200, description = "A page", body = Page<HoldView>), Problems))]
pub(super) async fn list_holds(
    State(app): State<App>,
    caller: Caller,
    Query(wanted): Query<ShelfWanted>,
    Query(paging): Query<Paging>,
) -> Answer<Page<HoldView>> {
    let station = store::stations::find_by_code(app.db.read(), &wanted.station_code).await?;
    let station = station.ok_or_else(|| Problem::new(Sort::NotFound))?;
    caller.actor.keeper_of(&station)?;
    let rows = store::lot_holds::list_open_at(app.db.read(), station.id, paging.after()?, paging.limit() + 1).await?;
    found(paging.page(rows, |row| row.id.to_string()))
}
