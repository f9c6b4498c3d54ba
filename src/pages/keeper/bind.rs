//! A blank sticker that was scanned at the counter is put to use.

use axum::{extract::Path, response::Response};
use entity::{ids::KindId, station};
use serde::Deserialize;

use super::{
    code_in,
    counter::{Asked, Attempt, item_called, render},
    counter_lines::with,
    station_of,
};
use crate::{
    desk::{self, Desk, stickers::To},
    pages::{sent::Sent, staff::Tab},
    speech::texts::Counter as T,
};

/// What a blank sticker is stuck on.
#[derive(Debug, Deserialize)]
pub(super) struct BindForm {
    sticker: String,
    what: String,
    #[serde(default)]
    item: String,
    #[serde(default)]
    kind: Option<KindId>,
    #[serde(default)]
    log: String,
}

/// What the form means; `None` if it says nothing.
pub(super) async fn bound_to(
    desk: &Desk,
    station: &station::Model,
    what: &str,
    item: &str,
    kind: Option<KindId>,
) -> desk::Result<To> {
    let missing = desk::Error::Invalid { field: "item_code", problem: desk::Problem::Unknown };
    match (what, kind) {
        ("station", _) => Ok(To::Station(station.id)),
        ("shelf", Some(kind)) => Ok(To::Shelf(station.id, kind)),
        ("item", _) if !item.trim().is_empty() => {
            let found = item_called(desk, station, &code_in(item), item).await?;
            found.map(|item| To::Item(item.code)).ok_or(missing)
        }
        _ => Err(missing),
    }
}

/// Binds a sticker that was scanned at the counter.
pub(super) async fn bind(Path(code): Path<String>, mut sent: Sent<BindForm>) -> Response {
    let station = match station_of(&mut sent.visitor, &code, Tab::Counter).await {
        Ok(station) => station,
        Err(page) => return page,
    };
    let form = sent.form;
    let ended = match bound_to(&sent.desk, &station, &form.what, &form.item, form.kind).await {
        Ok(to) => desk::answer(sent.desk, (form.sticker.clone(), to), desk::stickers::bind).await,
        Err(error) => Err(error),
    };
    match ended {
        Ok(_) => super::to(&station, &format!("counter?log={}", with(&form.log, 'b', &form.sticker))),
        Err(error) => {
            let (status, mut reasons) = sent.visitor.frame.said(&error);
            if matches!(error, desk::Error::Invalid { .. }) {
                reasons = vec![sent.visitor.frame.say(T::BindToWhat).to_owned()];
            }
            let asked = Asked { code: form.sticker, log: form.log, ..Asked::default() };
            render(&sent.visitor, &station, asked, status, Attempt { reasons, ..Attempt::default() }).await
        }
    }
}
