//! Export: a report leaves the house as a file. Who took what is written down before it goes.

use super::Scope;
use crate::{
    db::Done,
    desk::{About, Desk, Result},
    view::ExportedView,
};

/// What leaves.
#[derive(Clone, Debug)]
pub struct Export {
    /// About which stations.
    pub scope: Scope,
    /// Which report.
    pub what: &'static str,
    /// In which form.
    pub form: &'static str,
    /// About which days, as it was asked for.
    pub period: String,
}

/// Writes down that a report leaves the house.
///
/// # Errors
/// The database. That the actor may see it, the scope proves.
pub async fn export(desk: Desk, order: Export) -> Result<Done<ExportedView>> {
    let tx = desk.open().await?;
    let station = order.scope.stations().first().filter(|_| order.scope.is_single()).map(|station| station.id);
    let detail = Some(serde_json::json!({
        "report": order.what,
        "form": order.form,
        "period": order.period,
        "community": order.scope.community,
        "stations": order.scope.stations().len(),
    }));
    desk.record(&tx, "report_exported", About { station, detail, ..About::default() }).await?;
    let at = desk.now();
    desk.commit(tx, ExportedView { what: order.what.to_owned(), at }).await
}
