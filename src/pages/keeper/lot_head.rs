//! Which lot a form is about: what stands at the head of each of them.

use entity::{consumable, ids::LotId, lot, station};

use super::{lot::kept, named, picture};
use crate::{
    desk::{self, Desk},
    pages::frame::Frame,
    store,
};

/// A lot, by what people know it by.
pub(super) struct Head {
    pub(super) station: String,
    pub(super) lot: lot::Model,
    pub(super) name: String,
    pub(super) picture: String,
    pub(super) profile: consumable::Model,
}

/// Reads it.
pub(super) async fn head(desk: &Desk, frame: &Frame, station: &station::Model, id: LotId) -> desk::Result<Head> {
    let conn = desk.app.db.read();
    let lot = kept(desk, station, id).await?;
    let kind = store::kinds::find(conn, lot.kind_id).await?.ok_or(desk::Error::NotFound("kind"))?;
    let profile = store::consumables::find(conn, kind.id).await?.ok_or(desk::Error::NotFound("consumable"))?;
    Ok(Head { station: station.code.clone(), name: named(frame, &kind), picture: picture(&kind), lot, profile })
}
