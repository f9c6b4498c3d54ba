//! Suspend a member, and lift a suspension. Giving back is never blocked.

use chrono::{DateTime, Utc};
use entity::{
    block::{self, Cause},
    ids::{BlockId, MemberId},
};

use super::{About, Desk, Error, Problem, Result, authority::hide, invalid};
use crate::{db::Done, rules::refusal::Refusal, store, view::BlockView};

/// Suspends.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Invalid`] for an end that is past.
pub async fn block(desk: Desk, (id, reason, until): (MemberId, String, Option<DateTime<Utc>>)) -> Result<Done<BlockView>> {
    hide(desk.actor.staff(), "member")?;
    let reason = entity::values::text(&reason, 200).map_err(invalid("reason"))?;
    if until.is_some_and(|until| until <= desk.now()) {
        return Err(Error::Invalid { field: "until", problem: Problem::OutOfRange });
    }
    let tx = desk.open().await?;
    store::members::lock(&tx, id).await?.filter(|m| m.erased_at.is_none()).ok_or(Error::NotFound("member"))?;
    let row = block::Model {
        id: desk.app.clock.id(),
        member_id: id,
        cause: Cause::Manual,
        reason,
        loan_id: None,
        author_id: desk.actor.member(),
        starts_at: desk.now(),
        ends_at: until,
        lifted_at: None,
        lifted_by: None,
    };
    store::blocks::add(&tx, row.clone()).await?;
    desk.record(&tx, "suspended", About { member: Some(id), ..About::default() }).await?;
    desk.commit(tx, BlockView::from(&row)).await
}

/// Lifts a suspension before its end.
///
/// # Errors
/// [`Error::Refused`] when it was lifted already; [`Error::NotFound`].
pub async fn lift(desk: Desk, id: BlockId) -> Result<Done<BlockView>> {
    hide(desk.actor.staff(), "suspension")?;
    let tx = desk.open().await?;
    let mut row = store::blocks::find(tx.conn(), id).await?.ok_or(Error::NotFound("suspension"))?;
    if row.lifted_at.is_some() {
        return desk.refuse(tx, vec![Refusal::BlockOver]).await;
    }
    (row.lifted_at, row.lifted_by) = (Some(desk.now()), desk.actor.member());
    store::blocks::lift(&tx, row.clone()).await?;
    desk.record(&tx, "suspension_lifted", About { member: Some(row.member_id), ..About::default() }).await?;
    desk.commit(tx, BlockView::from(&row)).await
}
