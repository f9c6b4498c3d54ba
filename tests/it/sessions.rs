//! Sign in, refresh, sign out; codes; what a session may and when it ends.

use chrono::TimeDelta;
use entity::values::Phone;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;
use yizhan::{
    app::App,
    desk::{self, Error},
    tokens::ACCESS_LIFE,
};

use crate::{
    both,
    support::{
        server::{Server, all_at_once},
        town::{Town, reasons},
    },
};

both!(
    the_first_admin_is_made_once_with_the_code,
    staff_sign_in_with_a_password_and_residents_with_a_code,
    whoever_looks_at_somebody_through_the_api_is_written_down,
    a_code_works_five_times_five_minutes_and_once,
    five_tries_are_five_even_when_they_come_at_once,
    a_number_gets_only_so_many_codes,
    a_refresh_token_is_good_once_and_a_lost_answer_is_forgiven,
    a_stolen_refresh_token_ends_the_session,
    whoever_signs_out_is_out_at_once,
    a_session_that_began_with_a_code_carries_no_role,
    a_new_password_signs_out_everywhere,
    a_role_that_was_taken_back_stops_counting_at_once,
    a_phone_number_is_shown_in_full_only_to_its_owner,
    an_erased_member_is_forgotten_and_still_counted,
);

/// What a test reads from the outbox, as the sender of notices does.
pub(crate) async fn code_sent_to(app: &App, phone: &str) -> String {
    let phone = Phone::parse(phone).unwrap();
    let mut notices = entity::notice::Entity::find().all(app.db.read()).await.unwrap();
    notices.sort_by_key(|notice| notice.created_at);
    let mut codes = notices.iter().rev().filter_map(|notice| {
        let verification = notice.params["verification"].as_str()?;
        let to = app.vault.open(&format!("notice.phone:verification:{verification}"), notice.phone_sealed.as_deref()?).ok()?;
        let sealed: Vec<u8> = serde_json::from_value(notice.params["code_sealed"].clone()).ok()?;
        (to == phone.e164()).then(|| app.vault.open(&format!("notice.code:{verification}"), &sealed).unwrap())
    });
    codes.next().expect("a code was sent")
}

fn phone() -> Phone {
    Phone::parse("13800138011").unwrap()
}

async fn the_first_admin_is_made_once_with_the_code(town: Town) {
    desk::set_up::offer(&town.app).await.unwrap();
    let server = Server::before(&town.app).await;
    let body = |code: &str| json!({ "code": code, "name": "管理员", "phone": "13800138000", "password": "correct horse" });
    let (status, problem) = server.post("/api/v1/setup", None, body("guess")).await;
    assert_eq!((status, problem["reasons"][0]["code"].as_str()), (409, Some("wrong-code")));
    let outcomes = all_at_once(10, |_| {
        let (client, url, body) = (server.client.clone(), format!("{}/api/v1/setup", server.base), body("open-sesame"));
        async move { client.post(url).json(&body).send().await.unwrap().status().as_u16() }
    })
    .await;
    assert_eq!(outcomes.iter().filter(|status| **status == 201).count(), 1, "{outcomes:?}");
    assert_eq!(outcomes.iter().filter(|status| **status == 409).count(), 9, "{outcomes:?}");
    let (status, problem) = server.post("/api/v1/setup", None, body("open-sesame")).await;
    assert_eq!((status, problem["reasons"][0]["code"].as_str()), (409, Some("already-set-up")));
}

async fn staff_sign_in_with_a_password_and_residents_with_a_code(town: Town) {
    desk::set_up::offer(&town.app).await.unwrap();
    let server = Server::before(&town.app).await;
    server.set_up().await;
    let (status, session) =
        server.post("/api/v1/sessions", None, json!({ "phone": "13800138000", "password": "correct horse" })).await;
    assert_eq!((status, session["expires_in"].as_i64()), (201, Some(900)));
    let (_, me) = server.get("/api/v1/me", session["access_token"].as_str()).await;
    assert_eq!((me["name"].as_str(), me["roles"][0]["role"].as_str()), (Some("管理员"), Some("admin")));
    for (phone, password) in [("13800138000", "wrong horse"), ("13800138099", "correct horse")] {
        let (status, problem) = server.post("/api/v1/sessions", None, json!({ "phone": phone, "password": password })).await;
        assert_eq!((status, problem["reasons"][0]["code"].as_str()), (409, Some("wrong-credentials")));
    }
    let (status, _) = server.post("/api/v1/verifications", None, json!({ "phone": "13800138011" })).await;
    assert_eq!(status, 201);
    let code = code_sent_to(&town.app, "13800138011").await;
    let (status, session) = server.post("/api/v1/sessions", None, json!({ "phone": "13800138011", "code": code })).await;
    assert_eq!(status, 201);
    let (_, me) = server.get("/api/v1/me", session["access_token"].as_str()).await;
    assert_eq!((me["phone"].as_str(), me["roles"].as_array().map(Vec::len)), (Some("+8613800138011"), Some(0)));
}

async fn a_code_works_five_times_five_minutes_and_once(town: Town) {
    desk::verify_phone::send_code(town.visitor(), phone()).await.unwrap();
    let code = code_sent_to(&town.app, "13800138011").await;
    let wrong = if code == "000000" { "000001" } else { "000000" };
    for _ in 0..4 {
        assert_eq!(reasons(desk::verify_phone::sign_in(town.visitor(), (phone(), wrong.to_owned())).await), ["wrong-code"]);
    }
    desk::verify_phone::sign_in(town.visitor(), (phone(), code.clone())).await.unwrap();
    assert_eq!(reasons(desk::verify_phone::sign_in(town.visitor(), (phone(), code)).await), ["wrong-code"]);
    town.advance(TimeDelta::minutes(2));
    desk::verify_phone::send_code(town.visitor(), phone()).await.unwrap();
    let late = code_sent_to(&town.app, "13800138011").await;
    town.advance(desk::verify_phone::CODE_LIFE);
    assert_eq!(reasons(desk::verify_phone::sign_in(town.visitor(), (phone(), late)).await), ["wrong-code"]);
}

async fn five_tries_are_five_even_when_they_come_at_once(town: Town) {
    desk::verify_phone::send_code(town.visitor(), phone()).await.unwrap();
    let code = code_sent_to(&town.app, "13800138011").await;
    let wrong = if code == "000000" { "000001" } else { "000000" };
    all_at_once(50, |_| {
        let desk = town.visitor();
        async move { desk::answer(desk, (phone(), wrong.to_owned()), desk::verify_phone::sign_in).await.is_err() }
    })
    .await;
    let sent = entity::verification::Entity::find().one(town.app.db.read()).await.unwrap().unwrap();
    assert_eq!(sent.attempts, 5);
    assert_eq!(reasons(desk::verify_phone::sign_in(town.visitor(), (phone(), code)).await), ["wrong-code"]);
}

async fn a_number_gets_only_so_many_codes(town: Town) {
    desk::verify_phone::send_code(town.visitor(), phone()).await.unwrap();
    assert_eq!(reasons(desk::verify_phone::send_code(town.visitor(), phone()).await), ["too-many-codes"]);
    for _ in 0..2 {
        town.advance(TimeDelta::seconds(61));
        desk::verify_phone::send_code(town.visitor(), phone()).await.unwrap();
    }
    town.advance(TimeDelta::seconds(61));
    assert_eq!(reasons(desk::verify_phone::send_code(town.visitor(), phone()).await), ["too-many-codes"]);
    town.advance(TimeDelta::minutes(10));
    desk::verify_phone::send_code(town.visitor(), phone()).await.unwrap();
}

/// A signed-in resident: access token and refresh token.
async fn sign_in(town: &Town, server: &Server) -> (String, String) {
    desk::verify_phone::send_code(town.visitor(), phone()).await.unwrap();
    let code = code_sent_to(&town.app, "13800138011").await;
    let (status, session) = server.post("/api/v1/sessions", None, json!({ "phone": "13800138011", "code": code })).await;
    assert_eq!(status, 201);
    tokens(&session)
}

fn tokens(session: &serde_json::Value) -> (String, String) {
    (session["access_token"].as_str().unwrap().to_owned(), session["refresh_token"].as_str().unwrap().to_owned())
}

async fn refresh(server: &Server, token: &str) -> Option<(String, String)> {
    let (status, session) = server.post("/api/v1/sessions/refresh", None, json!({ "refresh_token": token })).await;
    (status == 201).then(|| tokens(&session))
}

async fn a_refresh_token_is_good_once_and_a_lost_answer_is_forgiven(town: Town) {
    let server = Server::before(&town.app).await;
    let (access, first) = sign_in(&town, &server).await;
    town.advance(ACCESS_LIFE);
    assert_eq!(server.get("/api/v1/me", Some(&access)).await.0, 401);
    // The answer to this one gets lost; the phone asks again with what it has.
    refresh(&server, &first).await.unwrap();
    let (access, second) = refresh(&server, &first).await.expect("a lost answer is forgiven");
    assert_eq!(server.get("/api/v1/me", Some(&access)).await.0, 200);
    // Now the new pair has been seen: the old token is a theft.
    assert_eq!(refresh(&server, &first).await, None);
    assert_eq!(refresh(&server, &second).await, None);
}

async fn a_stolen_refresh_token_ends_the_session(town: Town) {
    let server = Server::before(&town.app).await;
    let (_, first) = sign_in(&town, &server).await;
    let (access, second) = refresh(&server, &first).await.unwrap();
    let (_, third) = refresh(&server, &second).await.unwrap();
    assert_eq!(refresh(&server, &first).await, None, "two generations old is good for nothing");
    refresh(&server, &third).await.unwrap();
    let _ = access;
}

async fn whoever_signs_out_is_out_at_once(town: Town) {
    let server = Server::before(&town.app).await;
    let (access, token) = sign_in(&town, &server).await;
    let out = server.call(reqwest::Method::DELETE, "/api/v1/sessions/current", Some(&access), None).await;
    assert_eq!(out.status(), 200);
    assert_eq!(server.get("/api/v1/me", Some(&access)).await.0, 401);
    assert_eq!(refresh(&server, &token).await, None);
}

async fn a_session_that_began_with_a_code_carries_no_role(town: Town) {
    desk::set_up::offer(&town.app).await.unwrap();
    let server = Server::before(&town.app).await;
    server.set_up().await;
    let admin = Phone::parse("13800138000").unwrap();
    desk::verify_phone::send_code(town.visitor(), admin).await.unwrap();
    let code = code_sent_to(&town.app, "13800138000").await;
    let (_, session) = server.post("/api/v1/sessions", None, json!({ "phone": "13800138000", "code": code })).await;
    let access = session["access_token"].as_str();
    assert_eq!(server.post("/api/v1/communities", access, json!({ "name": "x" })).await.0, 403);
}

async fn a_new_password_signs_out_everywhere(town: Town) {
    desk::set_up::offer(&town.app).await.unwrap();
    let server = Server::before(&town.app).await;
    let access = server.set_up().await;
    let (_, me) = server.get("/api/v1/me", Some(&access)).await;
    let id = me["id"].as_str().unwrap();
    let edit = server
        .client
        .patch(format!("{}/api/v1/members/{id}", server.base))
        .bearer_auth(&access)
        .header("If-Match", "\"1\"")
        .json(&json!({ "password": "battery staple" }))
        .send()
        .await
        .unwrap();
    assert_eq!(edit.status(), 200);
    assert_eq!(server.get("/api/v1/me", Some(&access)).await.0, 401);
    let sign_in = |password: &str| json!({ "phone": "13800138000", "password": password });
    assert_eq!(server.post("/api/v1/sessions", None, sign_in("correct horse")).await.0, 409);
    assert_eq!(server.post("/api/v1/sessions", None, sign_in("battery staple")).await.0, 201);
}

async fn a_role_that_was_taken_back_stops_counting_at_once(town: Town) {
    desk::set_up::offer(&town.app).await.unwrap();
    let server = Server::before(&town.app).await;
    let admin = server.set_up().await;
    let (_, other) = server.post("/api/v1/members", Some(&admin), json!({ "name": "副手", "phone": "13800138012" })).await;
    let id = other["id"].as_str().unwrap();
    let (status, role) = server.post(&format!("/api/v1/members/{id}/roles"), Some(&admin), json!({ "role": "admin" })).await;
    assert_eq!(status, 201);
    let set = server.client.patch(format!("{}/api/v1/members/{id}", server.base)).bearer_auth(&admin).header("If-Match", "\"1\"");
    assert_eq!(set.json(&json!({ "password": "battery staple" })).send().await.unwrap().status(), 200);
    let (_, session) =
        server.post("/api/v1/sessions", None, json!({ "phone": "13800138012", "password": "battery staple" })).await;
    let access = session["access_token"].as_str().unwrap();
    assert_eq!(server.post("/api/v1/communities", Some(access), json!({ "name": "x" })).await.0, 201);
    let role = role["id"].as_str().unwrap();
    let back = server.call(reqwest::Method::DELETE, &format!("/api/v1/roles/{role}"), Some(&admin), None).await;
    assert_eq!(back.status(), 200);
    assert_eq!(server.post("/api/v1/communities", Some(access), json!({ "name": "y" })).await.0, 403);
}

async fn a_phone_number_is_shown_in_full_only_to_its_owner(town: Town) {
    desk::set_up::offer(&town.app).await.unwrap();
    let server = Server::before(&town.app).await;
    let admin = server.set_up().await;
    let (access, _) = sign_in(&town, &server).await;
    let (_, me) = server.get("/api/v1/me", Some(&access)).await;
    assert_eq!(me["phone"], "+8613800138011");
    let (_, members) = server.get("/api/v1/members", Some(&admin)).await;
    let text = members.to_string();
    assert!(text.contains("138****8011") && !text.contains("13800138011"), "{text}");
    // Nowhere in the database either.
    let sealed = entity::member::Entity::find().all(town.app.db.read()).await.unwrap();
    let needle = b"13800138011";
    assert!(sealed.iter().all(|m| !m.phone_sealed.as_ref().unwrap().windows(needle.len()).any(|w| w == needle)));
}

async fn whoever_looks_at_somebody_through_the_api_is_written_down(town: Town) {
    desk::set_up::offer(&town.app).await.unwrap();
    let server = Server::before(&town.app).await;
    let admin = server.set_up().await;
    let (access, _) = sign_in(&town, &server).await;
    let (_, me) = server.get("/api/v1/me", Some(&access)).await;
    let path = format!("/api/v1/members/{}", me["id"].as_str().unwrap());
    // She herself is no news.
    assert_eq!(server.get(&path, Some(&access)).await.0, 200);
    let (status, seen) = server.get(&path, Some(&admin)).await;
    assert_eq!((status, &seen["id"]), (200, &me["id"]));
    let reads = entity::event::Entity::find().filter(entity::event::Column::Action.eq("member_read"));
    let reads = reads.all(town.app.db.read()).await.unwrap();
    assert_eq!(reads.len(), 1, "{reads:?}");
    assert_eq!(reads[0].member_id.map(|id| id.to_string()).as_deref(), me["id"].as_str());
    assert!(reads[0].actor_id.is_some() && reads[0].actor_id != reads[0].member_id, "{reads:?}");
}

async fn an_erased_member_is_forgotten_and_still_counted(town: Town) {
    let (_, codes) = town.tools(1).await;
    let member = town.member("13800138011").await;
    crate::support::town::borrow(town.resident(member), &codes[0], None).await.unwrap();
    assert_eq!(reasons(desk::members::erase(town.resident(member), member).await), ["item-still-out"]);
    crate::support::town::give_back(town.visitor(), &codes[0]).await.unwrap();
    let other = town.member("13800138012").await;
    assert!(matches!(desk::members::erase(town.resident(other), member).await, Err(Error::NotFound("member"))));
    desk::members::erase(town.resident(member), member).await.unwrap();
    let row = yizhan::store::members::find(town.app.db.read(), member).await.unwrap().unwrap();
    assert_eq!((row.phone_sealed, row.phone_index, row.name_sealed), (None, None, None));
    let loans = entity::loan::Entity::find().all(town.app.db.read()).await.unwrap();
    assert_eq!((loans.len(), loans[0].member_id), (1, None));
}
