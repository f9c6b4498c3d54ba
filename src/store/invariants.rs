//! What must be true every night.

use chrono::{DateTime, Utc};
use entity::{
    ids::{LotId, MovementId, StationId},
    lot, lot_hold, movement,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, ExprTrait, JoinType, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Alias, Expr, Func, Query},
};

use uuid::Uuid;

use super::Read;

/// How many lots there are, at all stations.
pub async fn count_lots(conn: &impl ConnectionTrait) -> Read<u64> {
    lot::Entity::find().count(conn).await
}

/// The lot with this number in the order of their ids, counted from one. None: there are fewer, or it is nought.
pub async fn find_nth(conn: &impl ConnectionTrait, n: u64) -> Read<Option<LotId>> {
    let Some(before) = n.checked_sub(1) else { return Ok(None) };
    let ids = lot::Entity::find().select_only().column(lot::Column::Id).order_by_asc(lot::Column::Id);
    ids.offset(before).limit(1).into_tuple().one(conn).await
}

/// Lots whose quantities are not the sum of their ledger, at any station: those after one lot and until another, in the order of
/// their ids. Lots and ledger are read in that order, each from an index, so that a million is looked at in one statement.
pub async fn list_unbalanced(
    conn: &impl ConnectionTrait,
    (after, until): (Option<LotId>, Option<LotId>),
) -> Read<Vec<(StationId, LotId)>> {
    unbalanced(conn, between(lot::Column::Id, after, until), between(movement::Column::LotId, after, until)).await
}

/// The same among the lots of which a line was written after an instant.
pub async fn list_unbalanced_of_moved(conn: &impl ConnectionTrait, since: DateTime<Utc>) -> Read<Vec<(StationId, LotId)>> {
    let moved = || {
        // In an id stands when it was made, so that nothing older is read.
        let younger = movement::Entity::find().select_only().column(movement::Column::LotId).distinct();
        younger.filter(movement::Column::Id.gte(first_id_of(since))).into_query()
    };
    let of_moved = |column: Expr| Condition::all().add(column.in_subquery(moved()));
    unbalanced(conn, of_moved(Expr::col((lot::Entity, lot::Column::Id))), of_moved(Expr::col(movement::Column::LotId))).await
}

async fn unbalanced(conn: &impl ConnectionTrait, lots_in: Condition, lines_in: Condition) -> Read<Vec<(StationId, LotId)>> {
    let places = [
        (lot::Column::Available, movement::Column::Available),
        (lot::Column::Held, movement::Column::Held),
        (lot::Column::Quarantined, movement::Column::Quarantined),
        (lot::Column::ToDispose, movement::Column::ToDispose),
    ];
    let mut lots = lot::Entity::find().select_only().columns([lot::Column::StationId, lot::Column::Id]);
    let mut sums = Query::select();
    sums.from(movement::Entity);
    let mut wrong = Condition::any();
    if conn.get_database_backend() == DbBackend::Postgres {
        // Hashed or merged; looked up lot by lot it would take several times as long.
        let ledger = Alias::new("ledger");
        sums.column(movement::Column::LotId).group_by_col(movement::Column::LotId);
        sums.cond_where(lines_in);
        wrong = wrong.add(Expr::col((ledger.clone(), movement::Column::LotId)).is_null());
        for (n, (kept, moved)) in places.into_iter().enumerate() {
            let name = Alias::new(format!("sum{n}"));
            sums.expr_as(Expr::col(moved).sum(), name.clone());
            wrong = wrong.add(Expr::col((lot::Entity, kept)).ne(Expr::col((ledger.clone(), name))));
        }
        let on = Expr::col((ledger.clone(), movement::Column::LotId)).equals((lot::Entity, lot::Column::Id));
        QueryTrait::query(&mut lots).join_subquery(JoinType::LeftJoin, sums, ledger, on);
    } else {
        // Looked up lot by lot; what is grouped would be written into a table of its own first. Below zero: no line at all.
        sums.and_where(Expr::col((movement::Entity, movement::Column::LotId)).equals((lot::Entity, lot::Column::Id)));
        for (_, moved) in places {
            sums.expr(Func::coalesce([Expr::col((movement::Entity, moved)).sum(), Expr::val(-1)]));
        }
        let kept = Expr::tuple(places.map(|(kept, _)| Expr::col((lot::Entity, kept))));
        let same = kept.eq(Expr::SubQuery(None, Box::new(sums.into())));
        wrong = wrong.add(same.not());
    }
    for (kept, _) in places {
        wrong = wrong.add(Expr::col((lot::Entity, kept)).lt(0));
    }
    let lots = lots.filter(lots_in).filter(wrong);
    lots.order_by_asc(lot::Column::Id).into_tuple().all(conn).await
}

/// The least id that can be made at an instant: a UUIDv7 begins with the milliseconds.
fn first_id_of(instant: DateTime<Utc>) -> MovementId {
    let millis = u128::try_from(instant.timestamp_millis()).unwrap_or_default();
    MovementId(Uuid::from_u128(millis << 80))
}

fn between(id: impl ColumnTrait, after: Option<LotId>, until: Option<LotId>) -> Condition {
    Condition::all().add_option(after.map(|lot| id.gt(lot))).add_option(until.map(|lot| id.lte(lot)))
}

/// Lots on which a block lies, and of which something is still set aside for somebody: so many of them.
pub async fn list_held_though_blocked(conn: &impl ConnectionTrait, station: StationId, limit: u64) -> Read<Vec<LotId>> {
    let of_lot = Expr::col((lot::Entity, lot::Column::Id)).equals((lot_hold::Entity, lot_hold::Column::LotId));
    let mut holds = lot_hold::Entity::find().select_only().column(lot_hold::Column::LotId).distinct();
    QueryTrait::query(&mut holds).inner_join(lot::Entity, of_lot);
    holds
        .filter(lot_hold::Column::StationId.eq(station))
        .filter(lot_hold::Column::EndedAt.is_null())
        .filter(Expr::col((lot::Entity, lot::Column::Blocks)).gt(0))
        .limit(limit)
        .into_tuple()
        .all(conn)
        .await
}
