//! What is to be brought: a list to take along, or to hand to whoever buys.

use askama::Template;
use axum::{extract::Path, response::Response};

use super::{Kept, keep};
use crate::{
    desk,
    pages::{frame::Frame, visitor::Visitor},
    speech::texts::Today as T,
    store,
};

#[derive(Template)]
#[template(path = "rounds/restock.html")]
struct RestockPage {
    frame: Frame,
    code: String,
    lines: Vec<Line>,
}

struct Line {
    name: String,
    unit: String,
    there: i64,
    wanted: i64,
    bring: i64,
}

/// Shows the list: what fell below its level, and how much fills it up.
pub(super) async fn show(visitor: Visitor, Path(code): Path<String>) -> Response {
    match keep(visitor, &code).await {
        Ok(kept) => kept.show(read(&kept).await),
        Err(page) => page,
    }
}

async fn read(kept: &Kept) -> desk::Result<RestockPage> {
    let short = store::todo::list_short(kept.desk.app.db.read(), kept.station.id).await?;
    let line = |short: store::todo::Short| {
        let (there, wanted) = (short.there.unwrap_or_default(), i64::from(short.max_units));
        let name = kept.frame.name(&short.kind_name, short.kind_name_en.as_deref()).to_owned();
        Line { name, unit: short.base_unit.unwrap_or_default(), there, wanted, bring: (wanted - there).max(0) }
    };
    let lines = short.into_iter().map(line).collect();
    Ok(RestockPage { frame: kept.frame.clone(), code: kept.station.code.clone(), lines })
}
