//! How a line of the list is said: one thing, one action.

use entity::{task::What, values::Phone};

use super::Kept;
use crate::{
    rules::today::{Urgency, urgency},
    speech::{self, texts::Today as T},
    store::todo::Todo,
    vault::phone_place,
};

/// One line of the list.
pub(super) struct Line {
    pub(super) id: String,
    pub(super) picture: String,
    pub(super) title: String,
    /// Number, lot, shelf, how many: what it is known by.
    pub(super) marks: Vec<String>,
    pub(super) sentence: &'static str,
    pub(super) note: Option<String>,
    pub(super) since: String,
    /// Who has it: the number, masked.
    pub(super) phone: Option<String>,
    pub(super) seen: bool,
    pub(super) carried: bool,
    pub(super) urgency: Urgency,
    /// Where the action is done; none where one tap does it.
    pub(super) to: Option<String>,
    pub(super) does: &'static str,
}

/// What is said, what the button says, and how it is done.
fn words(what: What) -> (T, T, How) {
    match what {
        What::EnterOpeningHours => (T::EnterOpeningHours, T::Done, How::OneTap),
        What::Repair => (T::Repair, T::GoAndDo, How::Ticket),
        What::CarryHome => (T::CarryHome, T::CarriedHome, How::OneTap),
        What::LookFor => (T::LookFor, T::Found, How::Page),
        What::Chase => (T::Chase, T::GoAndDo, How::Page),
        What::Decide => (T::Decide, T::GoAndDo, How::Page),
        What::TakeOutThisWeek => (T::TakeOutThisWeek, T::TakenOut, How::Page),
        What::TakeOutToday => (T::TakeOutToday, T::TakenOut, How::Page),
        What::PutInRedBox => (T::PutInRedBox, T::TakenOut, How::Page),
        What::PullRecalled => (T::PullRecalled, T::TakenOut, How::Page),
        What::ReadLabelAgain => (T::ReadLabelAgain, T::ReadLabel, How::Page),
        What::SettleConflict => (T::SettleConflict, T::ReadLabel, How::Page),
        What::VerifyLabel => (T::VerifyLabel, T::ReadLabel, How::Page),
        What::FindStray => (T::FindStray, T::GoAndDo, How::Page),
        What::CountAgain => (T::CountAgain, T::CountIt, How::Count),
        What::Restock => (T::Restock, T::ShoppingList, How::At("restock")),
        What::UseUpElsewhere => (T::UseUpElsewhere, T::Done, How::OneTap),
        What::HandOver => (T::HandOver, T::HandOverNow, How::At("red-box")),
        What::Inspect => (T::Inspect, T::Look, How::Round),
        What::Answer => (T::Answer, T::GoAndDo, How::At("faults")),
        What::CheckClock => (T::CheckClock, T::Done, How::OneTap),
        What::Incident => (T::Incident, T::GoAndDo, How::Page),
        What::MindBooking => (T::MindBooking, T::GoAndDo, How::Page),
    }
}

/// How a line is done.
enum How {
    OneTap,
    Page,
    Ticket,
    Count,
    Round,
    At(&'static str),
}

/// Says a task.
pub(super) fn line(kept: &Kept, todo: &Todo) -> Line {
    let (frame, code) = (&kept.frame, &kept.station.code);
    let (sentence, does, how) = words(todo.what);
    let page = format!("/staff/{code}/tasks/{}", todo.id);
    let to = match (how, todo.ticket_id, todo.lot_id, &todo.item_code) {
        (How::OneTap, ..) => None,
        (How::At(path), ..) => Some(format!("/staff/{code}/{path}")),
        (How::Ticket, Some(ticket), ..) => Some(format!("/staff/{code}/faults/{ticket}")),
        (How::Count, _, Some(lot), _) => Some(format!("/staff/{code}/count/{lot}")),
        (How::Round, _, _, Some(item)) => Some(format!("/staff/{code}/round?code={item}")),
        _ => Some(page),
    };
    let picture = todo.emoji.clone().or_else(|| todo.category.as_deref().map(|slug| speech::category(slug).1.to_owned()));
    let name = todo.kind_name.as_deref().map(|name| frame.name(name, todo.kind_name_en.as_deref()).to_owned());
    Line {
        id: todo.id.to_string(),
        picture: picture.unwrap_or_else(|| "🏠".to_owned()),
        title: name.unwrap_or_else(|| kept.station.name.clone()),
        marks: marks(kept, todo),
        sentence: frame.say(sentence),
        note: note(kept, todo),
        since: frame.say1(T::Since, kept.at(todo.created_at)),
        phone: phone(kept, todo),
        seen: todo.seen_at.is_some(),
        carried: todo.escalated > 0,
        urgency: urgency(todo.what, todo.escalated),
        to,
        does: frame.say(does),
    }
}

/// What was written with it: by a person about a thing, or by the house about its stock in both languages.
fn note(kept: &Kept, todo: &Todo) -> Option<String> {
    let text = todo.note.as_ref()?;
    let own = todo.item_id.is_none().then(|| kept.frame.words(&speech::own_note(text)));
    Some(own.unwrap_or_else(|| text.clone()))
}

fn marks(kept: &Kept, todo: &Todo) -> Vec<String> {
    let frame = &kept.frame;
    let mut marks = Vec::new();
    if let Some(code) = &todo.item_code {
        marks.push(todo.item_label.clone().unwrap_or_else(|| code.clone()));
    }
    marks.extend(todo.shelf.as_ref().map(|shelf| frame.say1(T::Where, shelf)));
    marks.extend(todo.lot_number.as_ref().map(|number| frame.say1(T::LotNo, number)));
    if let (Some(available), Some(apart)) = (todo.available, todo.quarantined) {
        let unit = todo.base_unit.as_deref().unwrap_or_default();
        marks.push(frame.say1(T::UnitsLeft, frame.amount(available + apart, unit)));
    }
    marks.extend(todo.due_at.map(|due| frame.say1(T::DueWas, kept.at(due))));
    marks
}

/// The number of whoever has it, as staff may see it.
fn phone(kept: &Kept, todo: &Todo) -> Option<String> {
    let sealed = todo.phone_sealed.as_ref()?;
    let number = kept.desk.app.vault.open(&phone_place(todo.member_id?), sealed).ok()?;
    Phone::parse(&number).ok().map(|phone| phone.masked())
}
