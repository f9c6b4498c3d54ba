//! Counting: a few lots that were not counted for long, one after another, blind.

use askama::Template;
use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::{ids::LotId, kind, lot};
use serde::Deserialize;

use super::{Kept, done::number, keep};
use crate::{
    desk::{
        self, Error,
        stock::count::{Count, count as count_lot},
    },
    pages::{frame::Frame, sent::Sent, trouble, visitor::Visitor},
    speech::{self, texts::Today as T},
    store,
    view::ToCountView,
};

#[derive(Template)]
#[template(path = "rounds/counting.html")]
struct ListPage {
    frame: Frame,
    code: String,
    lots: Vec<Lot>,
}

#[derive(Template)]
#[template(path = "rounds/count.html")]
struct CountPage {
    frame: Frame,
    code: String,
    lot: Lot,
    unit: String,
    typed: CountForm,
    reasons: Vec<String>,
}

struct Lot {
    id: String,
    picture: String,
    name: String,
    marks: Vec<String>,
}

/// The form of a count.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct CountForm {
    #[serde(default)]
    counted: String,
    #[serde(default)]
    reason: String,
}

/// What is to be counted.
pub(super) async fn to_count(kept: &Kept) -> desk::Result<Vec<ToCountView>> {
    desk::stock::to_count::to_count(&kept.desk, kept.desk.app.db.read(), &kept.station.code).await
}

/// Shows what is to be counted.
pub(super) async fn list(visitor: Visitor, Path(code): Path<String>) -> Response {
    match keep(visitor, &code).await {
        Ok(kept) => {
            let lots = to_count(&kept).await;
            let page = lots.map(|lots| ListPage {
                lots: lots.iter().map(|lot| listed(&kept, lot)).collect(),
                frame: kept.frame.clone(),
                code,
            });
            kept.show(page)
        }
        Err(page) => page,
    }
}

fn listed(kept: &Kept, lot: &ToCountView) -> Lot {
    let marks = marks(kept, lot.shelf.as_deref(), &lot.number, lot.label.as_deref());
    let name = kept.frame.name(&lot.name, lot.name_en.as_deref()).to_owned();
    Lot { id: lot.lot_id.to_string(), picture: speech::category("medicine").1.to_owned(), name, marks }
}

fn marks(kept: &Kept, shelf: Option<&str>, number: &str, label: Option<&str>) -> Vec<String> {
    let shelf = shelf.map(|shelf| kept.frame.say1(T::Where, shelf));
    let label = label.map(|label| kept.frame.say1(T::Printed, label));
    shelf.into_iter().chain([kept.frame.say1(T::LotNo, number)]).chain(label).collect()
}

fn said(kept: &Kept, lot: &lot::Model, kind: Option<&kind::Model>) -> Lot {
    let picture = kind.and_then(|kind| kind.emoji.clone()).unwrap_or_else(|| speech::category("medicine").1.to_owned());
    let name = kind.map_or_else(String::new, |kind| kept.frame.name(&kind.name, kind.name_en.as_deref()).to_owned());
    let marks = marks(kept, lot.shelf.as_deref(), &lot.number, lot.label_text.as_deref());
    Lot { id: lot.id.to_string(), picture, name, marks }
}

/// The form for one lot. It does not say how many there should be.
pub(super) async fn show(visitor: Visitor, Path((code, id)): Path<(String, LotId)>) -> Response {
    render(visitor, &code, id, StatusCode::OK, (CountForm::default(), Vec::new())).await
}

async fn render(
    visitor: Visitor,
    code: &str,
    id: LotId,
    status: StatusCode,
    (typed, reasons): (CountForm, Vec<String>),
) -> Response {
    let kept = match keep(visitor, code).await {
        Ok(kept) => kept,
        Err(page) => return page,
    };
    match read(&kept, id).await {
        Ok((lot, unit)) => {
            let page = CountPage { frame: kept.frame.clone(), code: code.to_owned(), lot, unit, typed, reasons };
            kept.frame.page(status, &page)
        }
        Err(error) => trouble::page(&kept.frame, &error),
    }
}

async fn read(kept: &Kept, id: LotId) -> desk::Result<(Lot, String)> {
    let conn = kept.desk.app.db.read();
    let lot = store::lots::find(conn, id).await?.filter(|lot| lot.station_id == kept.station.id);
    let lot = lot.ok_or(Error::NotFound("lot"))?;
    let kind = store::kinds::find(conn, lot.kind_id).await?;
    let unit = store::consumables::find(conn, lot.kind_id).await?.map(|profile| profile.base_unit).unwrap_or_default();
    Ok((said(kept, &lot, kind.as_ref()), unit))
}

/// Takes the count down.
pub(super) async fn count(Path((code, id)): Path<(String, LotId)>, sent: Sent<CountForm>) -> Response {
    let Sent { visitor, desk, form, .. } = sent;
    // What is no number is no count.
    let counted = if form.counted.trim().is_empty() { -1 } else { number(&form.counted) };
    let reason = entity::values::text(&form.reason, 200).ok();
    let order = Count { lot: id, counted, counted_at: None, reason };
    match desk::answer(desk, order, count_lot).await {
        Ok(done) => {
            let done = if done.into_receipt().is_final { "counted" } else { "count-again" };
            Redirect::to(&format!("/staff/{code}/today?done={done}")).into_response()
        }
        Err(error) => {
            let (status, reasons) = visitor.frame.said(&error);
            render(visitor, &code, id, status, (form, reasons)).await
        }
    }
}
