//! Whoever is signed in: what is kept about them, a copy of it, and their paper card.

use entity::{
    ids::MemberId,
    member,
    sticker::{self, StuckOn},
};
use serde_json::{Value, json};

use super::{About, Desk, Error, Result, stickers::blank};
use crate::{
    db::Done,
    store,
    view::{BlockView, LoanView, MeView, RoleView, StickerView},
};

/// The most loans in a copy.
const MOST_LOANS: u64 = 10_000;

async fn row(desk: &Desk) -> Result<member::Model> {
    let id = desk.actor.resident()?.id();
    store::members::find(desk.app.db.read(), id).await?.ok_or(Error::NotFound("member"))
}

/// Who I am.
///
/// # Errors
/// [`Error::NotSignedIn`]; the database.
pub async fn me(desk: &Desk) -> Result<MeView> {
    let row = row(desk).await?;
    let blocks = store::blocks::list_of(desk.app.db.read(), row.id, desk.now()).await?;
    Ok(MeView {
        id: row.id.0,
        name: desk.app.vault.name_of(&row),
        phone: desk.app.vault.phone_of(&row).map(|phone| phone.e164().to_owned()),
        member_group: row.member_group,
        verified_at: row.verified_at,
        approved_at: row.approved_at,
        roles: desk.actor.roles().iter().map(RoleView::from).collect(),
        suspensions: blocks.iter().map(BlockView::from).collect(),
        rev: row.rev,
    })
}

/// Everything that is kept about whoever is signed in, to take along (PIPL Art. 45). What they took from the medicine box is
/// found by a key made from their number; nothing else connects it to them.
///
/// # Errors
/// [`Error::NotSignedIn`]; the database.
pub async fn copy(desk: &Desk) -> Result<Value> {
    let (me, row) = (me(desk).await?, row(desk).await?);
    let (conn, now) = (desk.app.db.read(), desk.now());
    let loans = store::loans::list(conn, &store::loans::Whose::Member(row.id), None, now, None, MOST_LOANS).await?;
    let loans: Vec<_> = loans.iter().map(|(loan, item)| LoanView::new(loan, item, now)).collect();
    let blocks = store::blocks::list_of(conn, row.id, now).await?;
    let blocks: Vec<_> = blocks.iter().map(BlockView::from).collect();
    let sessions: Vec<_> = store::sessions::list_of(conn, row.id)
        .await?
        .iter()
        .map(|session| json!({ "since": session.created_at, "until": session.revoked_at.unwrap_or(session.expires_at) }))
        .collect();
    let card = store::stickers::find_card(conn, row.id).await?.map(|card| card.code);
    Ok(json!({
        "copied_at": now,
        "member": me,
        "known_since": row.created_at,
        "language": row.language,
        "card": card,
        "loans": loans,
        "suspensions": blocks,
        "sessions": sessions,
    }))
}

/// The paper card of whoever is signed in; made when they ask for it first.
///
/// # Errors
/// [`Error::NotSignedIn`]; the database.
pub async fn card(desk: Desk, _: ()) -> Result<Done<StickerView>> {
    let id = desk.actor.resident()?.id();
    let tx = desk.open().await?;
    store::members::lock(&tx, id).await?.ok_or(Error::NotFound("member"))?;
    let card = match store::stickers::find_card(tx.conn(), id).await? {
        Some(card) => card,
        None => {
            let card = new_card(&desk, id);
            store::stickers::add(&tx, card.clone()).await?;
            let detail = Some(json!({ "sticker": card.code }));
            desk.record(&tx, "card_made", About { member: Some(id), detail, ..About::default() }).await?;
            card
        }
    };
    let receipt = StickerView::new(&card, desk.app.config.sticker_url(&card.code));
    desk.commit(tx, receipt).await
}

fn new_card(desk: &Desk, id: MemberId) -> sticker::Model {
    sticker::Model { stuck_on: Some(StuckOn::Card), member_id: Some(id), bound_at: Some(desk.now()), ..blank(&desk.app) }
}
