//! A pile of returns: each scan takes one thing back at once. And photos of codes, decoded here, for phones whose browser
//! cannot read codes by itself.

use axum::{extract::Path, http::StatusCode, response::Response};
use entity::{ids::MemberId, station};
use serde::Deserialize;

use super::{
    code_in,
    counter::{Asked, Attempt, item_called, render},
    counter_lines::{clean, with},
    keyed, station_of,
};
use crate::{
    desk::{self, Desk, give_back::GiveBack},
    pages::{sent::Sent, staff::Tab, trouble::encoded},
    picture,
    speech::texts::Counter as T,
    store,
};

/// The form: one code after another.
#[derive(Debug, Deserialize)]
pub(super) struct PileForm {
    #[serde(default)]
    code: String,
    #[serde(default)]
    log: String,
}

/// Takes back what was scanned, and waits for the next.
pub(super) async fn take_back(Path(code): Path<String>, mut sent: Sent<PileForm>) -> Response {
    let station = match station_of(&mut sent.visitor, &code, Tab::Counter).await {
        Ok(station) => station,
        Err(page) => return page,
    };
    let form = sent.form;
    let (log, ended) = take_all(&sent.desk, &station, std::slice::from_ref(&form.code), form.log).await;
    match ended {
        Ok(()) => super::to(&station, &format!("counter?mode=pile&log={log}")),
        Err(error) => {
            let frame = &sent.visitor.frame;
            let (status, reasons) = match error {
                desk::Error::NotFound(_) => (StatusCode::NOT_FOUND, vec![frame.say1(T::Unknown, &form.code)]),
                error => frame.said(&error),
            };
            let asked = Asked { mode: "pile".to_owned(), log, ..Asked::default() };
            render(&sent.visitor, &station, asked, status, Attempt { reasons, ..Attempt::default() }).await
        }
    }
}

/// Takes all of them back, up to the first that does not work. What was taken back is in the log in any case.
async fn take_all(desk: &Desk, station: &station::Model, codes: &[String], mut log: String) -> (String, desk::Result<()>) {
    for (n, typed) in codes.iter().enumerate() {
        let item = match item_called(desk, station, &code_in(typed), typed).await {
            Ok(Some(item)) => item,
            Ok(None) => return (log, Err(desk::Error::NotFound("item"))),
            Err(error) => return (log, Err(error)),
        };
        let order = GiveBack { code: item.code, station_code: Some(station.code.clone()), ..GiveBack::default() };
        match desk::answer(keyed(desk, &n.to_string()), order, desk::give_back::give_back).await {
            Ok(done) => {
                let receipt = done.into_receipt();
                log = with(&log, if receipt.loan.is_some() { 'r' } else { 's' }, &receipt.item.code);
            }
            Err(error) => return (log, Err(error)),
        }
    }
    (log, Ok(()))
}

/// The form of a photo.
#[derive(Debug, Deserialize)]
pub(super) struct PhotoForm {
    #[serde(default)]
    mode: String,
    #[serde(default)]
    log: String,
    #[serde(default, rename = "for", deserialize_with = "super::hand_out::maybe")]
    member: Option<MemberId>,
}

/// Finds the codes in a photo. In a pile all of them are taken back; else the first that is ours is looked up.
pub(super) async fn photo(Path(code): Path<String>, mut sent: Sent<PhotoForm>) -> Response {
    let station = match station_of(&mut sent.visitor, &code, Tab::Counter).await {
        Ok(station) => station,
        Err(page) => return page,
    };
    let photo = sent.photo("photo").unwrap_or_default();
    let codes = ours(&sent.desk, picture::codes_in(photo).await.unwrap_or_default()).await;
    let form = sent.form;
    let mut asked = Asked { mode: form.mode, log: form.log, member: form.member, ..Asked::default() };
    let mut ended = codes.first().map(|_| ()).ok_or(desk::Error::NotFound("code"));
    if asked.mode == "pile" && ended.is_ok() {
        (asked.log, ended) = take_all(&sent.desk, &station, &codes, asked.log).await;
    }
    match ended {
        Ok(()) if asked.mode == "pile" => super::to(&station, &format!("counter?mode=pile&log={}", clean(&asked.log))),
        Ok(()) => {
            let whom = asked.member.map(|id| format!("for={id}&")).unwrap_or_default();
            super::to(&station, &format!("counter?{whom}code={}&log={}", encoded(&codes[0]), clean(&asked.log)))
        }
        Err(error) => {
            let (status, reasons) = match error {
                desk::Error::NotFound(_) => {
                    (StatusCode::UNPROCESSABLE_ENTITY, vec![sent.visitor.frame.say(T::NoCodeInPhoto).to_owned()])
                }
                error => sent.visitor.frame.said(&error),
            };
            render(&sent.visitor, &station, asked, status, Attempt { reasons, ..Attempt::default() }).await
        }
    }
}

/// Those of the codes in a photo that were ever made here.
async fn ours(desk: &Desk, codes: Vec<String>) -> Vec<String> {
    let mut ours = Vec::new();
    for code in codes.iter().map(|code| code_in(code)) {
        let conn = desk.app.db.read();
        let known = store::stickers::find(conn, &code).await.is_ok_and(|found| found.is_some())
            || store::items::find_by_code(conn, &code).await.is_ok_and(|found| found.is_some());
        if known && !ours.contains(&code) {
            ours.push(code);
        }
    }
    ours
}
