//! The evidence of the nightly check: 效期检查记录.

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use entity::{ids::StationId, station};

use super::{
    answer::{Answer, found},
    call::{Caller, Path, Query},
    list::Paging,
    loans::{Seen, stations_of},
    problem::{Problem, Problems},
};
use crate::{
    app::App,
    desk::stock::check_sheet,
    rules::expiry,
    speech::{self, Problem as Sort},
    store,
    view::{CheckLightView, CheckSheetView, ExpiryCheckView, Page},
};

async fn kept(app: &App, caller: &Caller, id: StationId) -> Result<station::Model, Problem> {
    let station = store::stations::find(app.db.read(), id).await?.ok_or_else(|| Problem::new(Sort::NotFound))?;
    caller.actor.keeper_of(&station)?;
    Ok(station)
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

/// A nightly check ready to print and sign, by its id or its date. Keepers of the station.
#[utoipa::path(get, path = "/stations/{id}/expiry-checks/{check}", tag = "stock",
    params(("id" = Uuid, Path), ("check" = String, Path, description = "Its id, or a date")),
    responses((status = 200, description = "The sheet", body = CheckSheetView), Problems))]
pub(super) async fn get_check(
    State(app): State<App>,
    caller: Caller,
    Path((id, which)): Path<(StationId, String)>,
) -> Answer<CheckSheetView> {
    let station = kept(&app, &caller, id).await?;
    found(check_sheet::sheet(app.db.read(), &station, &which).await?)
}

/// The lines of a nightly check as a table, for a spreadsheet. Keepers of the station.
#[utoipa::path(get, path = "/stations/{id}/expiry-checks/{check}/lines.csv", tag = "stock",
    params(("id" = Uuid, Path), ("check" = String, Path, description = "Its id, or a date")),
    responses((status = 200, description = "All lines", body = String, content_type = "text/csv"), Problems))]
pub(super) async fn check_lines_as_csv(
    State(app): State<App>,
    caller: Caller,
    Path((id, which)): Path<(StationId, String)>,
) -> Result<Response, Problem> {
    let station = kept(&app, &caller, id).await?;
    let sheet = check_sheet::sheet(app.db.read(), &station, &which).await?;
    let mut text = format!("\u{feff}{}\r\n", speech::LINE_HEADS);
    for line in sheet.lines {
        let day = line.last_day.map(|day| day.to_string());
        let photo = line.photo.map(|id| id.to_string());
        let cells = [
            line.number.unwrap_or_default(),
            line.kind.unwrap_or_default(),
            line.shelf.unwrap_or_default(),
            day.unwrap_or_default(),
            format!("{} / {}", line.said.zh, line.said.en),
            line.units.to_string(),
            format!("{} / {}", line.handling.zh, line.handling.en),
            photo.unwrap_or_default(),
        ];
        text.push_str(&cells.map(|cell| cell_of(&cell)).join(","));
        text.push_str("\r\n");
    }
    Ok(([(header::CONTENT_TYPE, "text/csv; charset=utf-8")], text).into_response())
}

/// A cell of a table. What a spreadsheet would take for a formula is made text.
fn cell_of(text: &str) -> String {
    let formula = text.trim_start().starts_with(['=', '+', '-', '@']) || text.starts_with(['\t', '\r', '\n']);
    format!("\"{}{}\"", if formula { "'" } else { "" }, text.replace('"', "\"\""))
}

/// How old the last nightly check of each station is. Staff; each sees that of their stations.
#[utoipa::path(get, path = "/expiry-lights", tag = "stock",
    responses((status = 200, description = "All of them", body = Vec<CheckLightView>), Problems))]
pub(super) async fn list_lights(State(app): State<App>, caller: Caller) -> Answer<Vec<CheckLightView>> {
    caller.actor.staff()?;
    let seen = stations_of(&app, &caller.actor).await?;
    let is_mine = |id: &StationId| match &seen {
        Some(Seen::All) => true,
        Some(Seen::These(stations)) => stations.contains(id),
        None => false,
    };
    let now = app.clock.now();
    let ages = store::check_records::list_ages(app.db.read()).await?.into_iter().filter(|(id, _)| is_mine(id));
    let view = |(id, last): (StationId, _)| CheckLightView {
        station_id: id.0,
        light: expiry::light(last, now).as_str().to_owned(),
        last_check_at: last,
    };
    found(ages.map(view).collect())
}

#[cfg(test)]
mod tests {
    use super::cell_of;

    #[test]
    fn no_cell_is_a_formula() {
        assert_eq!(cell_of("A12"), "\"A12\"");
        assert_eq!(cell_of("=1+1"), "\"'=1+1\"");
        assert_eq!(cell_of(" @x"), "\"' @x\"");
        assert_eq!(cell_of("say \"ah\""), "\"say \"\"ah\"\"\"");
    }
}
