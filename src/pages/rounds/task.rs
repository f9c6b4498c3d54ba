//! One line of the list, large: what it is, and the one thing to do.

use askama::Template;
use axum::{extract::Path, http::StatusCode, response::Response};
use entity::{ids::TaskId, task::What};

use super::{
    Kept, keep,
    lines::{Line, line},
};
use crate::{
    desk::{self, Error},
    pages::{frame::Frame, trouble, visitor::Visitor},
    speech::texts::Today as T,
    store::{self, todo::Todo},
};

#[derive(Template)]
#[template(path = "rounds/task.html")]
struct TaskPage {
    frame: Frame,
    code: String,
    /// The address of the task.
    at: String,
    line: Line,
    lot: String,
    item: String,
    form: Form,
    unit: String,
    available: i32,
    apart: i32,
    typed: Typed,
    reasons: Vec<String>,
}

/// What is asked.
enum Form {
    RedBox,
    Label {
        /// The label is read again and may be corrected; otherwise it is compared with what is stored.
        again: bool,
    },
    Search,
    Chase {
        /// A reminder can be sent: not if nobody knows who has it.
        known: bool,
        /// One was sent today.
        told: bool,
    },
    Decide,
    Done,
}

/// What was typed before.
#[derive(Clone, Default)]
pub(super) struct Typed {
    pub(super) units: String,
    pub(super) label: String,
    pub(super) reason: String,
}

fn form(what: What) -> Form {
    match what {
        What::TakeOutThisWeek | What::TakeOutToday | What::PutInRedBox | What::PullRecalled => Form::RedBox,
        What::VerifyLabel => Form::Label { again: false },
        What::ReadLabelAgain | What::SettleConflict => Form::Label { again: true },
        What::LookFor => Form::Search,
        What::Chase => Form::Chase { known: false, told: false },
        What::Decide | What::Repair => Form::Decide,
        What::EnterOpeningHours
        | What::CarryHome
        | What::FindStray
        | What::CountAgain
        | What::Restock
        | What::UseUpElsewhere
        | What::HandOver
        | What::Inspect
        | What::Answer
        | What::CheckClock
        | What::Incident
        | What::MindBooking => Form::Done,
    }
}

/// Shows a task.
pub(super) async fn show(visitor: Visitor, Path((code, id)): Path<(String, TaskId)>) -> Response {
    render(visitor, &code, id, StatusCode::OK, (Typed::default(), Vec::new())).await
}

/// The task of that page; it is open and of this station.
async fn find(kept: &Kept, id: TaskId) -> desk::Result<Todo> {
    store::todo::find(kept.desk.app.db.read(), kept.station.id, id).await?.ok_or(Error::NotFound("task"))
}

/// The page, after something was tried.
pub(super) async fn render(
    visitor: Visitor,
    code: &str,
    id: TaskId,
    status: StatusCode,
    (typed, reasons): (Typed, Vec<String>),
) -> Response {
    let kept = match keep(visitor, code).await {
        Ok(kept) => kept,
        Err(page) => return page,
    };
    let read = async {
        let todo = find(&kept, id).await?;
        let form = chase(&kept, &todo).await?.unwrap_or(form(todo.what));
        Ok::<_, Error>((todo, form))
    };
    match read.await {
        Ok((todo, form)) => kept.frame.page(status, &page(&kept, &todo, form, typed, reasons)),
        Err(error) => trouble::page(&kept.frame, &error),
    }
}

/// For a thing that somebody has kept for too long: whether they can be reminded once more.
async fn chase(kept: &Kept, todo: &Todo) -> desk::Result<Option<Form>> {
    let conn = kept.desk.app.db.read();
    let Some(loan) = todo.loan_id.filter(|_| todo.what == What::Chase) else { return Ok(None) };
    let loan = store::loans::find(conn, loan).await?.ok_or(Error::NotFound("loan"))?;
    let told = desk::remind::was_told_today(&kept.desk, conn, &loan, &kept.station).await?;
    Ok(Some(Form::Chase { known: loan.member_id.is_some(), told }))
}

fn page(kept: &Kept, todo: &Todo, form: Form, mut typed: Typed, reasons: Vec<String>) -> TaskPage {
    let (available, apart) = (todo.available.unwrap_or_default(), todo.quarantined.unwrap_or_default());
    if typed.units.is_empty() {
        typed.units = if available > 0 { available } else { apart }.to_string();
    }
    TaskPage {
        at: format!("/staff/{}/tasks/{}", kept.station.code, todo.id),
        code: kept.station.code.clone(),
        line: line(kept, todo),
        lot: todo.lot_id.map(|id| id.to_string()).unwrap_or_default(),
        item: todo.item_code.clone().unwrap_or_default(),
        form,
        unit: todo.base_unit.clone().unwrap_or_default(),
        available,
        apart,
        typed,
        reasons,
        frame: kept.frame.clone(),
    }
}
