//! The evidence of the nightly check: 效期检查记录.

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use entity::ids::StationId;

use super::{
    answer::{Answer, found},
    call::{Caller, Path, Query},
    list::Paging,
    problem::{Problem, Problems},
};
use crate::{
    app::App,
    speech::Problem as Sort,
    store,
    view::{ExpiryCheckView, Page},
};

async fn kept(app: &App, caller: &Caller, id: StationId) -> Result<(), Problem> {
    let station = store::stations::find(app.db.read(), id).await?.ok_or_else(|| Problem::new(Sort::NotFound))?;
    caller.actor.keeper_of(&station)?;
    Ok(())
}

/// The nightly checks of a station, oldest first. Its keepers.
#[utoipa::path(get, path = "/stations/{id}/expiry-checks", tag = "stock", params(("id" = Uuid, Path), Paging),
    responses((status = 200, description = "A page", body = Page<ExpiryCheckView>), Problems))]
pub(super) async fn list_checks(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<StationId>,
    Query(paging): Query<Paging>,
) -> Answer<Page<ExpiryCheckView>> {
    kept(&app, &caller, id).await?;
    let rows = store::check_records::list(app.db.read(), id, paging.after()?, paging.limit() + 1).await?;
    found(paging.page(rows, |row| row.n.to_string()))
}

/// The same as a table, with Chinese heads, for a spreadsheet. Its keepers.
#[utoipa::path(get, path = "/stations/{id}/expiry-checks.csv", tag = "stock", params(("id" = Uuid, Path), Paging),
    responses((status = 200, description = "A page", body = String, content_type = "text/csv"), Problems))]
pub(super) async fn checks_as_csv(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<StationId>,
    Query(paging): Query<Paging>,
) -> Result<Response, Problem> {
    kept(&app, &caller, id).await?;
    let rows = store::check_records::list(app.db.read(), id, paging.after()?, paging.limit()).await?;
    // Spreadsheets read UTF-8 by its mark; every value is a number, a date or a word of ours, so nothing needs quotes.
    let mut text = String::from("\u{feff}检查日期,覆盖自,检查批次数,变化数,结果,时钟,完成时间,校验值\r\n");
    for view in rows.iter().map(ExpiryCheckView::from) {
        let status = if view.status == entity::expiry_check::Status::Done { "完成" } else { "部分完成" };
        let mode = if view.mode == entity::expiry_check::Mode::Normal { "正常" } else { "可疑" };
        let (day, from, at) = (view.business_date, view.covers_from, view.finished_at.to_rfc3339());
        let line = format!("{day},{from},{},{},{status},{mode},{at},{}\r\n", view.checked, view.transitions, view.hash);
        text.push_str(&line);
    }
    Ok(([(header::CONTENT_TYPE, "text/csv; charset=utf-8")], text).into_response())
}
