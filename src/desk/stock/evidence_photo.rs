//! Photos that prove what was done with a lot.

use entity::{
    ids::{LotId, PhotoId},
    lot_photo,
};

use crate::{
    db::WriteTx,
    desk::{Desk, Error, Problem, Result},
    picture, store,
};

/// A picture is made small before the writers' turn, not during it.
pub(super) async fn read(bytes: Option<&Vec<u8>>) -> Result<Option<Vec<u8>>> {
    let Some(bytes) = bytes else { return Ok(None) };
    let jpeg = picture::normalise(bytes.clone()).await;
    jpeg.map(Some).ok_or(Error::Invalid { field: "photo", problem: Problem::NotAPicture })
}

/// Keeps it.
pub(super) async fn keep(desk: &Desk, tx: &WriteTx, lot: LotId, about: &str, jpeg: Option<Vec<u8>>) -> Result<Option<PhotoId>> {
    let Some(jpeg) = jpeg else { return Ok(None) };
    let id: PhotoId = desk.app.clock.id();
    let row = lot_photo::Model { id, lot_id: lot, about: about.to_owned(), jpeg, created_at: desk.now() };
    store::lot_labels::add_photo(tx, row).await?;
    Ok(Some(id))
}
