//! Pools and claims.

use entity::{
    claim,
    ids::{ClaimId, KindId, LoanId, PoolId, StationId},
    loan, pool,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter,
    sea_query::{Expr, OnConflict},
};

use super::{Read, exactly_one, insert};
use crate::db::{Trouble, WriteTx};

/// The pool of a kind at a station.
pub async fn find_pool(conn: &impl ConnectionTrait, station: StationId, kind: KindId) -> Read<Option<pool::Model>> {
    pool::Entity::find().filter(pool::Column::StationId.eq(station)).filter(pool::Column::KindId.eq(kind)).one(conn).await
}

/// Makes the pool of a kind at a station, unless there is one.
pub async fn ensure_pool(tx: &WriteTx, id: PoolId, station: StationId, kind: KindId) -> Result<(), Trouble> {
    let row = pool::Model { id, station_id: station, kind_id: kind, rev: 1 };
    pool::Entity::insert(row.into_active_model())
        .on_conflict(OnConflict::columns([pool::Column::StationId, pool::Column::KindId]).do_nothing().to_owned())
        .try_insert()
        .exec_without_returning(tx.conn())
        .await?;
    Ok(())
}

/// Counts a change of a pool and locks it.
pub async fn touch_pool(tx: &WriteTx, station: StationId, kind: KindId) -> Result<(), Trouble> {
    let touched = pool::Entity::update_many()
        .col_expr(pool::Column::Rev, Expr::col(pool::Column::Rev).add(1))
        .filter(pool::Column::StationId.eq(station))
        .filter(pool::Column::KindId.eq(kind))
        .exec(tx.conn())
        .await?;
    exactly_one(touched.rows_affected, "pool")
}

/// A loan occupies its unit from now until it is due.
pub async fn occupy(tx: &WriteTx, id: ClaimId, pool: PoolId, loan: &loan::Model) -> Result<(), Trouble> {
    let row = claim::Model {
        id,
        pool_id: pool,
        reason: claim::Reason::Loan,
        qty: 1,
        s: loan.lent_at.timestamp(),
        e: end_of(loan),
        live: true,
        loan_id: Some(loan.id),
        item_id: Some(loan.item_id),
    };
    insert::<claim::Entity>(tx, row).await
}

/// A loan occupies its unit for longer.
pub async fn prolong(tx: &WriteTx, loan: &loan::Model) -> Result<(), Trouble> {
    claim::Entity::update_many()
        .col_expr(claim::Column::E, Expr::value(end_of(loan)))
        .filter(claim::Column::LoanId.eq(loan.id))
        .filter(claim::Column::Live.eq(true))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// A loan is over: its unit is free. Does nothing for a loan from a place that is not known, which never had a claim.
pub async fn release(tx: &WriteTx, loan: LoanId) -> Result<(), Trouble> {
    claim::Entity::update_many()
        .col_expr(claim::Column::Live, Expr::value(false))
        .filter(claim::Column::LoanId.eq(loan))
        .filter(claim::Column::Live.eq(true))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// A claim is half-open and in whole seconds: it ends after its last one.
fn end_of(loan: &loan::Model) -> i64 {
    Ord::max(loan.due_at.timestamp(), loan.lent_at.timestamp() + 1)
}
