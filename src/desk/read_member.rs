//! Read: staff look at what is kept about somebody. Nothing changes but the trail, which says who has looked.

use entity::ids::{MemberId, StationId};

use super::{About, Desk, Error, Result, authority::hide, members::masked};
use crate::{db::Done, store, view::MemberView};

/// Shows somebody, masked, to themselves and to staff, who may be at a station; and writes down that staff looked.
///
/// # Errors
/// [`Error::NotFound`], also for somebody who was erased, and for whoever is not staff.
pub async fn read_member(desk: Desk, (id, at): (MemberId, Option<StationId>)) -> Result<Done<MemberView>> {
    let own = desk.actor.member() == Some(id);
    if !own {
        hide(desk.actor.staff(), "member")?;
    }
    let tx = desk.open().await?;
    let row = store::members::find(tx.conn(), id).await?.filter(|row| row.erased_at.is_none());
    let row = row.ok_or(Error::NotFound("member"))?;
    if !own {
        let about = About { station: at, member: Some(id), ..About::default() };
        desk.record(&tx, "member_read", about).await?;
    }
    let receipt = masked(&desk.app, &row);
    desk.commit(tx, receipt).await
}
