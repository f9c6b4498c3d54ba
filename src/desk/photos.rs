//! Photos: of things and of stations. Keepers of the place see them, nobody else.

use entity::ids::PhotoId;

use super::{Actor, Error, Result, authority::hide};
use crate::{app::App, store};

/// The picture with this id, for a keeper of the station where its thing is, or of which it was taken.
///
/// # Errors
/// [`Error::NotFound`], also for another station's; [`Error::NotSignedIn`].
pub async fn of_kept(app: &App, actor: &Actor, id: PhotoId) -> Result<Vec<u8>> {
    actor.resident()?;
    let conn = app.db.read();
    let (jpeg, station) = match store::photos::find(conn, id).await? {
        Some(photo) => {
            let item = store::items::find(conn, photo.item_id).await?.ok_or(Error::NotFound("photo"))?;
            (photo.jpeg, item.station_id)
        }
        None => {
            let photo = store::tickets::find_station_photo(conn, id).await?.ok_or(Error::NotFound("photo"))?;
            (photo.jpeg, Some(photo.station_id))
        }
    };
    let station = match station {
        Some(id) => store::stations::find(conn, id).await?,
        None => None,
    };
    hide(actor.keeper_where(station.as_ref()), "photo")?;
    Ok(jpeg)
}
