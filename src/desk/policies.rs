//! Policies: rows of the matrix.

use entity::{
    ids::{KindId, PolicyId, StationId},
    policy,
};

use super::{About, Desk, Error, Problem, Result, invalid};
use crate::{
    db::{Done, WriteTx},
    rules::refusal::Refusal,
    store,
    view::{PolicyValues, PolicyView},
};

/// What a row applies to; each may be "any".
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// Only at this station.
    pub station: Option<StationId>,
    /// Only for members of this group.
    pub group: Option<String>,
    /// Only for things of this kind.
    pub kind: Option<KindId>,
}

/// Enters a row. Keepers for their station; admins for all stations.
///
/// # Errors
/// [`Error::Refused`] when there is a row of that scope, or values exclude each other; [`Error::Invalid`].
pub async fn create(desk: Desk, (scope, values): (Scope, PolicyValues)) -> Result<Done<PolicyView>> {
    let group = scope.group.as_deref().map(entity::values::code).transpose().map_err(invalid("member_group"))?;
    let tx = desk.open().await?;
    may_edit(&desk, &tx, scope.station).await?;
    if let Some(kind) = scope.kind
        && store::kinds::find(tx.conn(), kind).await?.is_none()
    {
        return Err(Error::Invalid { field: "kind_id", problem: Problem::Unknown });
    }
    let row = with_values(
        policy::Model {
            id: desk.app.clock.id(),
            scope: scope_text(scope.station, group.as_deref(), scope.kind),
            station_id: scope.station,
            member_group: group,
            kind_id: scope.kind,
            created_at: desk.now(),
            rev: 1,
            ..empty()
        },
        &values,
    )?;
    let mut reasons = contradictions(&row);
    if store::policies::find_by_scope(tx.conn(), &row.scope).await?.is_some() {
        reasons.push(Refusal::Taken { field: "scope".to_owned() });
    }
    if !reasons.is_empty() {
        return desk.refuse(tx, reasons).await;
    }
    store::policies::add(&tx, row.clone()).await?;
    record(&desk, &tx, "policy_created", &row).await?;
    desk.commit(tx, PolicyView::from(&row)).await
}

/// Replaces all values of a row.
///
/// # Errors
/// [`Error::Refused`] when values exclude each other; [`Error::Stale`], [`Error::VersionNeeded`], [`Error::NotFound`],
/// [`Error::Forbidden`], [`Error::Invalid`].
pub async fn edit(desk: Desk, (id, values): (PolicyId, PolicyValues)) -> Result<Done<PolicyView>> {
    let tx = desk.open().await?;
    let row = store::policies::find(tx.conn(), id).await?.ok_or(Error::NotFound("policy"))?;
    may_edit(&desk, &tx, row.station_id).await?;
    desk.expect_version(row.rev)?;
    let row = with_values(row, &values)?;
    let reasons = contradictions(&row);
    if !reasons.is_empty() {
        return desk.refuse(tx, reasons).await;
    }
    let row = store::policies::change(&tx, row).await?;
    record(&desk, &tx, "policy_edited", &row).await?;
    desk.commit(tx, PolicyView::from(&row)).await
}

/// Takes a row out of the matrix.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`].
pub async fn remove(desk: Desk, id: PolicyId) -> Result<Done<PolicyView>> {
    let tx = desk.open().await?;
    let row = store::policies::find(tx.conn(), id).await?.ok_or(Error::NotFound("policy"))?;
    may_edit(&desk, &tx, row.station_id).await?;
    store::policies::remove(&tx, &row).await?;
    record(&desk, &tx, "policy_removed", &row).await?;
    desk.commit(tx, PolicyView::from(&row)).await
}

/// The text of a scope; unique.
#[must_use]
pub fn scope_text(station: Option<StationId>, group: Option<&str>, kind: Option<KindId>) -> String {
    let any = || "*".to_owned();
    format!(
        "{}|{}|{}",
        station.map_or_else(any, |id| id.to_string()),
        group.map_or_else(any, str::to_owned),
        kind.map_or_else(any, |id| id.to_string())
    )
}

async fn may_edit(desk: &Desk, tx: &WriteTx, station: Option<StationId>) -> Result<()> {
    let Some(id) = station else { return desk.actor.admin().map(|_| ()) };
    let station = store::stations::find(tx.conn(), id).await?;
    let station = station.ok_or(Error::Invalid { field: "station_id", problem: Problem::Unknown })?;
    desk.actor.keeper_of(&station).map(|_| ())
}

fn contradictions(row: &policy::Model) -> Vec<Refusal> {
    let mut reasons = Vec::new();
    if row.loan_minutes.is_some() && row.loan_days.is_some() {
        reasons.push(Refusal::TwoLengths);
    }
    if row.max_open.is_some() && row.kind_id.is_some() {
        reasons.push(Refusal::LimitNeedsAllKinds);
    }
    reasons
}

fn with_values(row: policy::Model, values: &PolicyValues) -> Result<policy::Model> {
    const YEAR_IN_MINUTES: i32 = 366 * 24 * 60;
    let within = |field: &'static str, value: Option<i32>, least: i32, most: i32| match value {
        Some(n) if !(least..=most).contains(&n) => Err(Error::Invalid { field, problem: Problem::OutOfRange }),
        value => Ok(value),
    };
    Ok(policy::Model {
        loan_minutes: within("loan_minutes", values.loan_minutes, 1, YEAR_IN_MINUTES)?,
        loan_days: within("loan_days", values.loan_days, 1, 366)?,
        day_end: values.day_end,
        grace_minutes: within("grace_minutes", values.grace_minutes, 0, YEAR_IN_MINUTES)?,
        renewals: within("renewals", values.renewals, 0, 100)?,
        max_open: within("max_open", values.max_open, 0, 1_000)?,
        max_open_of_kind: within("max_open_of_kind", values.max_open_of_kind, 0, 1_000)?,
        identity: values.identity,
        return_to: values.return_to,
        suspension_days_per_late_day: within("suspension_days_per_late_day", values.suspension_days_per_late_day, 0, 30)?,
        suspension_cap_days: within("suspension_cap_days", values.suspension_cap_days, 0, 366)?,
        lost_after_days: within("lost_after_days", values.lost_after_days, 1, 366)?,
        ..row
    })
}

fn empty() -> policy::Model {
    policy::Model {
        id: PolicyId(uuid::Uuid::nil()),
        scope: String::new(),
        station_id: None,
        member_group: None,
        kind_id: None,
        loan_minutes: None,
        loan_days: None,
        day_end: None,
        grace_minutes: None,
        renewals: None,
        max_open: None,
        max_open_of_kind: None,
        identity: None,
        return_to: None,
        suspension_days_per_late_day: None,
        suspension_cap_days: None,
        lost_after_days: None,
        created_at: chrono::DateTime::UNIX_EPOCH,
        rev: 1,
    }
}

async fn record(desk: &Desk, tx: &WriteTx, action: &str, row: &policy::Model) -> Result<()> {
    let detail = serde_json::json!({ "id": row.id, "scope": row.scope, "rev": row.rev });
    desk.record(tx, action, About { station: row.station_id, detail: Some(detail), ..About::default() }).await
}
