//! Who waits, which place they have, and why they wait still. Reads only, in a number of statements that does not grow with them.

use std::collections::BTreeMap;

use entity::{
    booking, claim, hold,
    hold::State,
    ids::{HoldId, PoolId, StationId},
    pool,
};
use sea_orm::ConnectionTrait;

use super::leave::may_see;
use crate::{
    desk::{Desk, Error, Result},
    rules::{
        queue::{self as rule, Why},
        refusal::Refusal,
    },
    speech, store,
    view::{QueueView, QueueWhyView},
};

/// One place. Whoever has it, and keepers of a station where they wait.
///
/// # Errors
/// [`Error::NotFound`], also for another's; [`Error::NotSignedIn`].
pub async fn one(desk: &Desk, id: HoldId) -> Result<QueueView> {
    let conn = desk.app.db.read();
    desk.actor.resident()?;
    let row = store::holds::find(conn, id).await?.ok_or(Error::NotFound("hold"))?;
    may_see(&desk.actor, conn, &row).await?;
    view(desk, conn, &row).await
}

pub(super) async fn view(desk: &Desk, conn: &impl ConnectionTrait, row: &hold::Model) -> Result<QueueView> {
    views(desk, conn, std::slice::from_ref(row)).await?.pop().ok_or(Error::NotFound("hold"))
}

/// What is known of all of them.
struct Around {
    rivals: Vec<hold::Model>,
    places: BTreeMap<HoldId, Vec<StationId>>,
    plates: BTreeMap<StationId, String>,
    offers: Vec<booking::Model>,
    pools: Vec<pool::Model>,
    claims: BTreeMap<PoolId, Vec<claim::Model>>,
}

impl Around {
    async fn of(conn: &impl ConnectionTrait, rows: &[hold::Model]) -> Result<Self> {
        let open: Vec<hold::Model> = rows.iter().filter(|row| row.state.is_open()).cloned().collect();
        let rivals = store::holds::list_rivals(conn, &open).await?;
        let ids: Vec<HoldId> = rows.iter().chain(&rivals).map(|row| row.id).collect();
        let mut places: BTreeMap<HoldId, Vec<StationId>> = BTreeMap::new();
        for place in store::holds::list_places(conn, ids).await? {
            places.entry(place.hold_id).or_default().push(place.station_id);
        }
        let stations: Vec<StationId> = rows.iter().flat_map(|row| places.get(&row.id).cloned().unwrap_or_default()).collect();
        let named = store::stations::list_by_ids(conn, stations.clone()).await?;
        let pools = store::claims::list_pools_waited_for(conn, &open, stations).await?;
        let mut claims: BTreeMap<PoolId, Vec<claim::Model>> = BTreeMap::new();
        for claim in store::claims::list_live(conn, pools.iter().map(|pool| pool.id).collect(), i64::MAX).await? {
            claims.entry(claim.pool_id).or_default().push(claim);
        }
        Ok(Self {
            rivals,
            places,
            plates: named.into_iter().map(|station| (station.id, station.code)).collect(),
            offers: store::bookings::list_offers(conn, open.iter().map(|row| row.id).collect()).await?,
            pools,
            claims,
        })
    }

    fn stations(&self, id: HoldId) -> &[StationId] {
        self.places.get(&id).map_or(&[], Vec::as_slice)
    }

    /// Those who wait for the same, at one of the same stations.
    fn rivals_of<'a>(&'a self, row: &'a hold::Model) -> impl Iterator<Item = &'a hold::Model> {
        let here = self.stations(row.id);
        self.rivals.iter().filter(move |other| {
            let same = (other.kind_id, other.space_id, other.occasion_id) == (row.kind_id, row.space_id, row.occasion_id);
            same && self.stations(other.id).iter().any(|station| here.contains(station))
        })
    }

    /// What occupies what they wait for.
    fn claims_of(&self, row: &hold::Model) -> Vec<claim::Model> {
        let here = self.stations(row.id);
        let theirs = self
            .pools
            .iter()
            .filter(|pool| row.kind_id.is_some() && pool.kind_id == row.kind_id && here.contains(&pool.station_id));
        theirs.flat_map(|pool| self.claims.get(&pool.id).cloned().unwrap_or_default()).collect()
    }
}

/// Places in the queue as they stand now.
///
/// # Errors
/// The database.
pub async fn views(desk: &Desk, conn: &impl ConnectionTrait, rows: &[hold::Model]) -> Result<Vec<QueueView>> {
    let now = desk.now();
    let around = Around::of(conn, rows).await?;
    let view = |row: &hold::Model| {
        let position = rule::position(row, around.rivals_of(row), now);
        let offer = around.offers.iter().find(|offer| offer.hold_id == Some(row.id));
        let noted: Vec<Refusal> = row.noted.clone().and_then(|noted| serde_json::from_value(noted).ok()).unwrap_or_default();
        let next_return = rule::next_return(&around.claims_of(row), now);
        let lapses_at = offer.and_then(|offer| offer.lapses_at);
        let why = rule::why(row, position, lapses_at, (noted, next_return), now);
        QueueView {
            id: row.id.0,
            state: row.state,
            station_codes: around.stations(row.id).iter().filter_map(|id| around.plates.get(id).cloned()).collect(),
            kind_id: row.kind_id.map(|id| id.0),
            space_id: row.space_id.map(|id| id.0),
            session_id: row.occasion_id.map(|id| id.0),
            member_id: row.member_id.0,
            quantity: row.quantity,
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            flexible_minutes: row.flexible_minutes,
            position: (row.state == State::Waiting).then_some(position),
            why: why_view(&why, next_return),
            booking_id: offer.map(|offer| offer.id.0),
            lapses_at,
            created_at: row.created_at,
            ended_at: row.ended_at,
            rev: row.rev,
        }
    };
    Ok(rows.iter().map(view).collect())
}

fn why_view(why: &Why, next_return: Option<chrono::DateTime<chrono::Utc>>) -> QueueWhyView {
    let (code, words) = speech::why_waiting(why);
    let reasons = if let Why::PassedOver(reasons) = why { reasons.iter().map(speech::reason).collect() } else { Vec::new() };
    let waits = matches!(why, Why::Behind { .. } | Why::NoneFree { .. });
    QueueWhyView { code: code.to_owned(), zh: words.zh, en: words.en, next_return: next_return.filter(|_| waits), reasons }
}
