//! Who keeps the station. Seen by its keepers, changed by those who manage the community; the first password is set by an admin.

use askama::Template;
use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
};
use entity::{
    ids::{GrantId, MemberId},
    station,
    values::Phone,
};
use serde::Deserialize;

use super::{Notes, given, keyed, masked, seen_at, station_of};
use crate::{
    desk::{
        self, Desk,
        members::{Edit, Enter},
        roles::Office,
    },
    pages::{frame::Frame, sent::Sent, staff::Tab, trouble, visitor::Visitor},
    speech::texts::{Around, Station as T},
    store,
};

#[derive(Template)]
#[template(path = "keeper/keepers.html")]
struct KeepersPage {
    frame: Frame,
    station: String,
    keepers: Vec<Keeper>,
    may_grant: bool,
    may_set_password: bool,
    typed: Typed,
    notes: Notes,
}

struct Keeper {
    role: GrantId,
    member: MemberId,
    rev: i64,
    name: String,
    has_password: bool,
}

/// A new keeper, as typed.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    phone: String,
    #[serde(default)]
    name: String,
}

/// What has just been done.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    done: String,
}

/// Shows them.
pub(super) async fn show(mut visitor: Visitor, Path(code): Path<String>, Query(asked): Query<Asked>) -> Response {
    let station = match station_of(&mut visitor, &code, Tab::More).await {
        Ok(station) => station,
        Err(page) => return page,
    };
    let notes = Notes::done((!asked.done.is_empty()).then(|| visitor.frame.say(T::Saved)));
    render(&visitor, &station, Typed::default(), StatusCode::OK, notes).await
}

async fn render(visitor: &Visitor, station: &station::Model, typed: Typed, status: StatusCode, notes: Notes) -> Response {
    match read(&visitor.desk, station).await {
        Ok(keepers) => {
            let actor = &visitor.desk.actor;
            let page = KeepersPage {
                frame: visitor.frame.clone(),
                station: station.code.clone(),
                keepers,
                may_grant: actor.manager_of(station.community_id).is_ok(),
                may_set_password: actor.admin().is_ok(),
                typed,
                notes,
            };
            visitor.frame.page(status, &page)
        }
        Err(error) => trouble::page(&visitor.frame, &error),
    }
}

async fn read(desk: &Desk, station: &station::Model) -> desk::Result<Vec<Keeper>> {
    let conn = desk.app.db.read();
    let roles = store::roles::list_at(conn, station.id).await?;
    let members = store::members::list_by_ids(conn, roles.iter().map(|role| role.member_id).collect()).await?;
    let keeper = |role: &entity::grant::Model| {
        let member = members.iter().find(|member| member.id == role.member_id)?;
        Some(Keeper {
            role: role.id,
            member: member.id,
            rev: member.rev,
            name: masked(desk, member),
            has_password: member.password_hash.is_some(),
        })
    };
    Ok(roles.iter().filter_map(keeper).collect())
}

async fn go_on(visitor: &Visitor, station: &station::Model, typed: Typed, ended: desk::Result<()>) -> Response {
    match ended {
        Ok(()) => super::to(station, "keepers?done=saved"),
        Err(error) => {
            let (status, reasons) = match &error {
                desk::Error::Invalid { field: "phone", .. } => {
                    (StatusCode::UNPROCESSABLE_ENTITY, vec![visitor.frame.say(T::NotAPhone).to_owned()])
                }
                desk::Error::Invalid { field: "password", .. } => {
                    (StatusCode::UNPROCESSABLE_ENTITY, vec![visitor.frame.say(T::TooShort).to_owned()])
                }
                error => visitor.frame.said(error),
            };
            render(visitor, station, typed, status, Notes::no(reasons)).await
        }
    }
}

/// Makes somebody a keeper, by their number; whoever is not known yet is entered.
pub(super) async fn grant(Path(code): Path<String>, mut sent: Sent<Typed>) -> Response {
    let station = match station_of(&mut sent.visitor, &code, Tab::More).await {
        Ok(station) => station,
        Err(page) => return page,
    };
    let ended = made_keeper(&sent.desk, &station, &sent.form).await;
    go_on(&sent.visitor, &station, sent.form, ended).await
}

async fn made_keeper(desk: &Desk, station: &station::Model, typed: &Typed) -> desk::Result<()> {
    desk.actor.manager_of(station.community_id)?;
    let phone = Phone::parse(&typed.phone);
    let phone = phone.map_err(|bad| desk::Error::Invalid { field: "phone", problem: bad.into() })?;
    let known = store::members::find_by_phone(desk.app.db.read(), &desk.app.vault.index(&phone)).await?;
    let member: MemberId = match known {
        Some(member) => member.id,
        None => {
            let enter = Enter { name: given(&typed.name), phone: Some(phone), group: None };
            desk::answer(keyed(desk, "enter"), enter, desk::members::enter).await?.into_receipt().id.into()
        }
    };
    desk::answer(keyed(desk, "grant"), (member, Office::Keeper(station.id)), desk::roles::grant).await.map(|_| ())
}

/// Nothing is asked but that it be done.
#[derive(Debug, Deserialize)]
pub(super) struct Nothing {}

/// Takes the role back.
pub(super) async fn take_back(Path((code, role)): Path<(String, GrantId)>, mut sent: Sent<Nothing>) -> Response {
    let Nothing {} = sent.form;
    let station = match station_of(&mut sent.visitor, &code, Tab::More).await {
        Ok(station) => station,
        Err(page) => return page,
    };
    let ended = desk::answer(sent.desk, role, desk::roles::take_back).await.map(|_| ());
    go_on(&sent.visitor, &station, Typed::default(), ended).await
}

/// A new password.
#[derive(Deserialize)]
pub(super) struct PasswordForm {
    password: String,
    rev: i64,
}

/// Sets a keeper's password; they are signed out everywhere.
pub(super) async fn set_password(Path((code, id)): Path<(String, MemberId)>, mut sent: Sent<PasswordForm>) -> Response {
    let station = match station_of(&mut sent.visitor, &code, Tab::More).await {
        Ok(station) => station,
        Err(page) => return page,
    };
    let what = Edit { password: Some(sent.form.password), ..Edit::default() };
    let ended = desk::answer(seen_at(sent.desk, sent.form.rev), (id, what), desk::members::edit).await.map(|_| ());
    go_on(&sent.visitor, &station, Typed::default(), ended).await
}
