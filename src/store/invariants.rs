//! What must be true at a station every night, each asked in one statement.

use entity::{
    ids::{LotId, StationId},
    lot, lot_hold, movement,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Alias, Expr, Query, SelectStatement},
};

use super::Read;

/// Lots whose quantities are not the sum of their ledger, or below zero: so many of them.
pub async fn list_unbalanced(conn: &impl ConnectionTrait, station: StationId, limit: u64) -> Read<Vec<LotId>> {
    let ledger = Alias::new("ledger");
    let places = [
        (lot::Column::Available, movement::Column::Available),
        (lot::Column::Held, movement::Column::Held),
        (lot::Column::Quarantined, movement::Column::Quarantined),
        (lot::Column::ToDispose, movement::Column::ToDispose),
    ];
    let mut wrong = Condition::any().add(Expr::col((ledger.clone(), Alias::new("lot_id"))).is_null());
    let mut sums: SelectStatement = Query::select();
    sums.column(movement::Column::LotId).from(movement::Entity).and_where(movement::Column::StationId.eq(station));
    for (n, (kept, moved)) in places.into_iter().enumerate() {
        let name = Alias::new(format!("sum{n}"));
        sums.expr_as(Expr::col(moved).sum(), name.clone());
        wrong = wrong.add(Expr::col((lot::Entity, kept)).ne(Expr::col((ledger.clone(), name))));
        wrong = wrong.add(Expr::col((lot::Entity, kept)).lt(0));
    }
    sums.group_by_col(movement::Column::LotId);
    let on = Expr::col((ledger.clone(), Alias::new("lot_id"))).equals((lot::Entity, lot::Column::Id));
    let mut lots = lot::Entity::find().select_only().column(lot::Column::Id);
    QueryTrait::query(&mut lots).join_subquery(JoinType::LeftJoin, sums.take(), ledger, on);
    let lots = lots.filter(lot::Column::StationId.eq(station)).filter(wrong);
    lots.order_by_asc(lot::Column::Id).limit(limit).into_tuple().all(conn).await
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
