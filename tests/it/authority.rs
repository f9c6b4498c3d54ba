//! Every route against every role. A route that is not in the table fails the test; so does a row that is no route.
//!
//! All calls are dry runs: nothing a cell does reaches the next one.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};
use yizhan::{api, desk};

use crate::{
    both,
    support::{server::Server, town::Town},
};

both!(every_route_answers_every_role_as_the_table_says, nobody_gets_in_with_a_forged_or_ended_token);

/// Who asks: nobody; a resident with a loan; another resident; the keeper of another station; of this one; the manager of
/// another community; of this one; the admin.
const ROLES: [&str; 8] = ["visitor", "borrower", "resident", "keeper2", "keeper", "manager2", "manager", "admin"];

/// Method, path, body, and what each role is answered.
type Row = (&'static str, &'static str, Value, [u16; 8]);

/// The reviewed table. `{…}` are filled from the town below.
fn table() -> Vec<Row> {
    let n = Value::Null;
    // Only who is above all / who runs the community / who runs the station / whoever has a role / anybody.
    let admin = [401, 403, 403, 403, 403, 403, 403, 200];
    let manager = [401, 403, 403, 403, 403, 403, 200, 200];
    let keeper = [401, 403, 403, 403, 200, 403, 200, 200];
    let staff = [401, 403, 403, 200, 200, 200, 200, 200];
    let anybody = [200; 8];
    // Private: for others it is not there.
    let hidden_station = [401, 404, 404, 404, 200, 404, 200, 200];
    let hidden_staff = [401, 404, 404, 200, 200, 200, 200, 200];
    let own_or_staff = [401, 200, 404, 200, 200, 200, 200, 200];
    let signed_in = [401, 200, 200, 200, 200, 200, 200, 200];
    let own_or_station = [401, 200, 404, 404, 200, 404, 200, 200];
    vec![
        ("POST", "/setup", json!({ "code": "x", "name": "x", "phone": "13800138000", "password": "correct horse" }), [409; 8]),
        ("POST", "/sessions", json!({ "phone": "13800138000", "password": "wrong horse" }), [409; 8]),
        ("POST", "/sessions/refresh", json!({ "refresh_token": "x" }), [401; 8]),
        ("DELETE", "/sessions/current", n.clone(), [401, 0, 0, 0, 0, 0, 0, 0]),
        ("POST", "/verifications", json!({ "phone": "13800138077" }), anybody),
        ("GET", "/me", n.clone(), [401, 200, 200, 200, 200, 200, 200, 200]),
        ("POST", "/communities", json!({ "name": "新社区" }), admin),
        ("GET", "/communities", n.clone(), anybody),
        ("GET", "/communities/{community}", n.clone(), anybody),
        ("PATCH", "/communities/{community}", json!({ "name": "改名" }), manager),
        ("POST", "/stations", json!({ "community_id": "{community}", "code": "NEW", "name": "新站" }), manager),
        ("GET", "/stations", n.clone(), anybody),
        ("GET", "/stations/{station}", n.clone(), anybody),
        ("PATCH", "/stations/{station}", json!({ "name": "改名" }), keeper),
        (
            "POST",
            "/stations/{station}/closures",
            json!({ "first_day": "2026-12-01", "last_day": "2026-12-02", "reason": "盘点" }),
            keeper,
        ),
        ("GET", "/stations/{station}/closures", n.clone(), anybody),
        ("DELETE", "/closures/{closure}", n.clone(), keeper),
        ("POST", "/kinds", json!({ "name": "新类", "category": "x" }), [401, 403, 403, 403, 403, 200, 200, 200]),
        ("GET", "/kinds", n.clone(), anybody),
        ("GET", "/kinds/{kind}", n.clone(), anybody),
        ("PATCH", "/kinds/{kind}", json!({ "name": "改名" }), admin),
        ("POST", "/policies", json!({ "station_id": "{station}", "renewals": 2 }), keeper),
        ("GET", "/policies", n.clone(), staff),
        ("GET", "/policies/{policy}", n.clone(), staff),
        ("PATCH", "/policies/{policy}", json!({ "renewals": 3 }), admin),
        ("DELETE", "/policies/{policy}", n.clone(), admin),
        (
            "POST",
            "/kinds/{lots}/profile",
            json!({ "class": "dressing", "base_unit": "片", "pack_size": 1 }),
            [401, 403, 403, 403, 403, 403, 403, 412],
        ),
        ("GET", "/kinds/{lots}/profile", n.clone(), anybody),
        (
            "POST",
            "/partners",
            json!({ "community_id": "{community}", "name": "药房", "sort": "pharmacy", "licence_no": "2" }),
            manager,
        ),
        ("GET", "/partners", n.clone(), staff),
        ("POST", "/partners/{partner}/end", n.clone(), manager),
        (
            "POST",
            "/ingredients",
            json!({ "name": "x", "most_in_24_hours": 1, "most_in_72_hours": 1, "source": "x", "reviewed_by": "x" }),
            admin,
        ),
        ("GET", "/ingredients", n.clone(), anybody),
        ("POST", "/recalls", json!({ "kind_id": "{lots}", "lots": "X1", "source": "x" }), staff),
        ("GET", "/recalls", n.clone(), staff),
        ("GET", "/recalls/{recall}/notice", n.clone(), staff),
        ("POST", "/recalls/{recall}/lift", json!({ "reason": "x" }), admin),
        (
            "POST",
            "/lots",
            json!({ "station_code": "S1", "kind_id": "{lots}", "number": "N", "label": "有效期至2028年01月", "units": 1 }),
            keeper,
        ),
        ("GET", "/lots", n.clone(), staff),
        ("GET", "/lots/{lot}", n.clone(), staff),
        ("GET", "/lots/{lot}/movements", n.clone(), staff),
        // 409: it may be asked for, and nothing waits for it.
        ("POST", "/lots/{lot}/verify", json!({ "label": "x" }), [401, 404, 404, 404, 409, 404, 409, 409]),
        ("POST", "/lots/{lot}/put-apart", json!({ "way": "quarantine", "units": 1 }), hidden_station),
        ("POST", "/lots/{lot}/count", json!({ "counted": 9 }), hidden_station),
        ("POST", "/lots/{lot}/blocks", json!({ "reason": "x" }), hidden_station),
        ("POST", "/lots/{lot}/packs", json!({ "packs": ["81234560000000000017"] }), hidden_station),
        ("POST", "/lots/{free}/open", json!({}), [401, 404, 404, 404, 409, 404, 409, 409]),
        ("POST", "/lots/{free}/seen-closed", n.clone(), hidden_station),
        (
            "POST",
            "/lots/{free}/transfer",
            json!({ "to_station_code": "S2", "units": 1 }),
            [401, 404, 404, 404, 403, 404, 403, 200],
        ),
        ("POST", "/lots/{free}/labels", json!({ "label": "2027-01-01", "reason": "x" }), hidden_station),
        ("GET", "/lots/{lot}/labels", n.clone(), staff),
        ("POST", "/lots/{free}/holds", json!({ "units": 1 }), hidden_station),
        ("POST", "/lot-holds/{hold}/release", n.clone(), [401, 200, 404, 404, 200, 404, 200, 200]),
        ("GET", "/lot-holds?station_code=S1", n.clone(), keeper),
        ("POST", "/stock-levels", json!({ "station_code": "S1", "kind_id": "{lots}", "min_units": 1, "max_units": 2 }), keeper),
        ("GET", "/stock-levels?station_code=S1", n.clone(), keeper),
        ("GET", "/lots/{lot}/blocks", n.clone(), staff),
        ("GET", "/count-worklist?station_code=S1", n.clone(), keeper),
        ("GET", "/kinds/{lots}/codes", n.clone(), staff),
        ("DELETE", "/kinds/{lots}/codes/{code}", n.clone(), staff),
        ("GET", "/lots/{lot}/photos", n.clone(), hidden_station),
        ("GET", "/lot-photos/{lot_photo}", n.clone(), hidden_station),
        ("POST", "/stock-blocks/{stock_block}/lift", json!({ "reason": "x" }), [401, 404, 404, 404, 200, 404, 200, 200]),
        ("POST", "/movements/{movement}/reverse", json!({ "reason": "x" }), hidden_station),
        ("POST", "/disposals", json!({ "station_code": "S1", "handed_to": "x", "receipt_no": "1" }), keeper),
        ("POST", "/disposals/{disposal}/confirm", json!({}), [401, 404, 404, 404, 200, 404, 200, 409]),
        ("GET", "/stations/{station}/disposals", n.clone(), keeper),
        ("POST", "/takes", json!({ "station_code": "S1", "kind_id": "{lots}", "units": 1 }), anybody),
        // 409: it is in the future.
        (
            "POST",
            "/takes/recorded",
            json!({ "lot_id": "{free}", "units": 1, "taken_at": "2099-01-01T00:00:00Z" }),
            [401, 404, 404, 404, 409, 404, 409, 409],
        ),
        ("POST", "/takes/{take}/undo", n.clone(), anybody),
        ("GET", "/shelf?station_code=S1", n.clone(), anybody),
        ("POST", "/label-dates", json!({ "text": "EXP 11/2026" }), anybody),
        ("POST", "/pack-codes", json!({ "text": "6901234567892" }), anybody),
        ("POST", "/items", json!({ "kind_id": "{kind}", "station_id": "{station}" }), keeper),
        ("GET", "/items", n.clone(), anybody),
        ("GET", "/items/{item}", n.clone(), anybody),
        ("PATCH", "/items/{item}", json!({ "label": "伞 99" }), keeper),
        ("POST", "/items/{item}/borrow", json!({ "phone": "13800138066" }), anybody),
        ("POST", "/items/{item}/return", json!({}), anybody),
        ("POST", "/items/{out}/report", json!({ "what": "lost" }), [401, 200, 403, 403, 200, 403, 200, 200]),
        ("POST", "/items/{item}/inspections", json!({ "passed": true }), keeper),
        ("POST", "/items/{item}/service", json!({ "lifecycle": "maintenance" }), keeper),
        ("POST", "/stickers", json!({ "count": 2 }), staff),
        ("GET", "/stickers", n.clone(), staff),
        ("GET", "/stickers/{item}", n.clone(), anybody),
        ("GET", "/stickers/{item}/qr.svg", n.clone(), anybody),
        ("POST", "/stickers/{blank}/bind", json!({ "item_code": "{item}" }), keeper),
        ("POST", "/stickers/{item}/retire", json!({ "reason": "撕坏了" }), keeper),
        ("GET", "/loans", n.clone(), [401, 200, 200, 200, 200, 200, 200, 200]),
        ("GET", "/loans/{loan}", n.clone(), own_or_station),
        // 409: it may be asked for, and is too early.
        ("POST", "/loans/{loan}/renew", json!({}), [401, 409, 404, 404, 409, 404, 409, 409]),
        ("GET", "/tasks", n.clone(), staff),
        ("POST", "/tasks/{task}/seen", json!({}), hidden_station),
        (
            "POST",
            "/bookings",
            json!({ "station_code": "S1", "kind_id": "{kind}", "starts_at": "2026-11-26T02:00:00Z", "ends_at": "2026-11-26T04:00:00Z" }),
            signed_in,
        ),
        ("GET", "/bookings", n.clone(), signed_in),
        ("GET", "/bookings/{booking}", n.clone(), own_or_station),
        ("DELETE", "/bookings/{booking}", json!({}), own_or_station),
        ("POST", "/bookings/{booking}/change", json!({ "ends_at": "2026-11-25T05:00:00Z" }), own_or_station),
        ("POST", "/bookings/{booking}/confirm", json!({}), [401, 409, 404, 404, 409, 404, 409, 409]),
        ("POST", "/bookings/{booking}/decide", json!({ "approved": true }), [401, 403, 404, 404, 409, 404, 409, 409]),
        ("POST", "/bookings/{booking}/ready", json!({ "items": ["{item}"] }), [401, 403, 404, 404, 200, 404, 200, 200]),
        ("POST", "/bookings/{booking}/check-in", json!({}), [401, 409, 404, 404, 409, 404, 409, 409]),
        ("POST", "/bookings/{booking}/end", json!({}), [401, 409, 404, 404, 409, 404, 409, 409]),
        ("POST", "/bookings/{booking}/pardon", json!({}), [401, 403, 404, 404, 409, 404, 409, 409]),
        ("GET", "/availability?station_code=S1&from=2026-11-25T00:00:00Z&to=2026-11-26T00:00:00Z", n.clone(), anybody),
        ("GET", "/booking-terms?station_code=S1&kind_id={kind}", n.clone(), anybody),
        ("PUT", "/booking-terms", json!({ "station_code": "S1", "kind_id": "{kind}", "terms": null }), keeper),
        ("POST", "/spaces", json!({ "station_id": "{station}", "name": "书吧" }), keeper),
        ("GET", "/spaces?station_id={station}", n.clone(), anybody),
        ("GET", "/spaces/{space}", n.clone(), anybody),
        ("PATCH", "/spaces/{space}", json!({ "name": "会议室" }), keeper),
        ("DELETE", "/spaces/{space}", json!({}), keeper),
        (
            "POST",
            "/occasions",
            json!({
                "station_id": "{station}", "name": "理发", "seats": 8, "starts_at": "2026-11-28T01:00:00Z", "ends_at": "2026-11-28T03:00:00Z"
            }),
            keeper,
        ),
        ("GET", "/occasions?station_id={station}", n.clone(), anybody),
        ("GET", "/occasions/{occasion}", n.clone(), anybody),
        ("PATCH", "/occasions/{occasion}", json!({ "seats": 20 }), keeper),
        ("POST", "/occasions/{occasion}/call-off", json!({ "reason": "医生有事" }), keeper),
        (
            "POST",
            "/outages",
            json!({ "space_id": "{space}", "starts_at": "2026-11-28T01:00:00Z", "ends_at": "2026-11-28T03:00:00Z", "note": "刷墙" }),
            keeper,
        ),
        ("DELETE", "/outages/{outage}", json!({}), keeper),
        // 409: the borrower waits for it already.
        ("POST", "/holds", json!({ "station_codes": ["S1"], "kind_id": "{ladders}" }), [401, 409, 200, 200, 200, 200, 200, 200]),
        ("GET", "/holds", n.clone(), signed_in),
        ("GET", "/holds/{place}", n.clone(), own_or_station),
        ("DELETE", "/holds/{place}", json!({}), own_or_station),
        (
            "POST",
            "/series",
            json!({
                "station_code": "S1", "kind_id": "{kind}", "weekly": { "every": 1, "on": ["Tue"] }, "first_day": "2026-12-01",
                "last_day": "2026-12-20", "from": "09:00:00", "minutes": 60
            }),
            signed_in,
        ),
        ("GET", "/series", n.clone(), signed_in),
        ("GET", "/series/{series}", n.clone(), own_or_station),
        ("DELETE", "/series/{series}", json!({}), own_or_station),
        ("POST", "/series/{series}/days", json!({ "day": "2026-12-09" }), [401, 404, 404, 404, 404, 404, 404, 404]),
        ("POST", "/calendars", json!({}), signed_in),
        ("GET", "/calendars", n.clone(), signed_in),
        ("DELETE", "/calendars/{calendar}", json!({}), hidden_station),
        ("GET", "/bookings/{booking}/calendar", n.clone(), [401, 200, 404, 404, 404, 404, 404, 404]),
        ("POST", "/tickets", json!({ "item_code": "{item}", "what": "broken" }), anybody),
        ("GET", "/tickets", n.clone(), staff),
        ("GET", "/tickets/{ticket}", n.clone(), hidden_station),
        ("POST", "/tickets/{ticket}/seen", json!({}), hidden_station),
        ("POST", "/tickets/{ticket}/close", json!({ "outcome": "answered" }), hidden_station),
        ("GET", "/stations/{station}/expiry-checks", n.clone(), keeper),
        ("GET", "/stations/{station}/expiry-checks.csv", n.clone(), keeper),
        // 404: it may be asked for, and there is none.
        ("GET", "/stations/{station}/expiry-checks/{check}", n.clone(), [401, 403, 403, 403, 404, 403, 404, 404]),
        ("GET", "/stations/{station}/expiry-checks/{check}/lines.csv", n.clone(), [401, 403, 403, 403, 404, 403, 404, 404]),
        ("GET", "/expiry-lights", n.clone(), staff),
        ("POST", "/tasks/{task}/done", json!({}), hidden_station),
        ("GET", "/events?station_id={station}", n.clone(), [401, 403, 403, 404, 200, 404, 200, 200]),
        ("GET", "/items/{out}/photos", n.clone(), keeper),
        ("GET", "/photos/{photo}", n.clone(), hidden_station),
        ("POST", "/members", json!({ "name": "张" }), staff),
        ("GET", "/members", n.clone(), staff),
        ("GET", "/members/{member}", n.clone(), own_or_staff),
        ("PATCH", "/members/{member}", json!({ "name": "李" }), own_or_staff),
        ("DELETE", "/members/{idle}", n.clone(), [401, 404, 404, 404, 404, 404, 404, 200]),
        ("POST", "/members/{member}/roles", json!({ "role": "keeper", "station_id": "{station}" }), manager),
        ("GET", "/members/{member}/roles", n.clone(), own_or_staff),
        ("DELETE", "/roles/{role}", n.clone(), manager),
        ("POST", "/members/{member}/blocks", json!({ "reason": "试" }), hidden_staff),
        ("GET", "/members/{member}/blocks", n.clone(), own_or_staff),
        ("DELETE", "/blocks/{block}", n, hidden_staff),
    ]
}

/// What fills the braces, and the token of each role.
struct Cast {
    names: Vec<(&'static str, String)>,
    tokens: Vec<Option<String>>,
}

impl Cast {
    fn fill(&self, text: &str) -> String {
        self.names.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
    }
}

async fn every_route_answers_every_role_as_the_table_says(town: Town) {
    let server = Server::before(&town.app).await;
    let cast = cast(&town, &server).await;
    let table = table();
    let mut wrong = Vec::new();
    for (method, path, body, expected) in &table {
        let path = cast.fill(path);
        let body: Option<Value> = (!body.is_null()).then(|| serde_json::from_str(&cast.fill(&body.to_string())).unwrap());
        for (role, (token, expected)) in ROLES.iter().zip(cast.tokens.iter().zip(expected)) {
            if *expected == 0 {
                continue;
            }
            let dry = if path.contains('?') { "&dry_run=true" } else { "?dry_run=true" };
            let url = format!("{}/api/v1{path}{dry}", server.base);
            let mut request =
                server.client.request(method.parse::<Method>().unwrap(), url).header("If-Match", rev_of(method, &path));
            if let Some(token) = token {
                request = request.bearer_auth(token);
            }
            if let Some(body) = &body {
                request = request.json(body);
            }
            let got = request.send().await.unwrap().status().as_u16();
            if got != *expected {
                wrong.push(format!("{method} {path} as {role}: {got}, not {expected}"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    let routes: BTreeSet<String> = routes();
    let listed: BTreeSet<String> = table.iter().map(|(method, path, ..)| shape(method, path)).collect();
    assert_eq!(routes.difference(&listed).collect::<Vec<_>>(), Vec::<&String>::new(), "routes without a row");
    assert_eq!(listed.difference(&routes).collect::<Vec<_>>(), Vec::<&String>::new(), "rows without a route");
    server.end().await;
}

/// The version a fresh thing has; the items of the cast have been lent once, or not at all.
fn rev_of(method: &str, _: &str) -> &'static str {
    if method == "PATCH" { "\"1\"" } else { "\"0\"" }
}

/// A route without the names of its parameters.
fn shape(method: &str, path: &str) -> String {
    let path = path.split('?').next().unwrap_or_default();
    let segments: Vec<_> = path.split('/').map(|s| if s.starts_with('{') { "*" } else { s }).collect();
    format!("{method} {}", segments.join("/"))
}

fn routes() -> BTreeSet<String> {
    let document = serde_json::to_value(api::document()).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let methods = ["get", "post", "put", "patch", "delete"];
    let of_path = |(path, item): (&String, &Value)| {
        let path = path.trim_start_matches("/api/v1").to_owned();
        let known: Vec<_> = methods.iter().filter(|m| item.get(**m).is_some()).map(|m| shape(&m.to_uppercase(), &path)).collect();
        known
    };
    paths.iter().flat_map(of_path).collect()
}

async fn cast(town: &Town, server: &Server) -> Cast {
    desk::set_up::offer(&town.app).await.unwrap();
    let admin = server.set_up().await;
    let post = async |path: &str, body: Value| {
        let (status, body) = server.post(&format!("/api/v1{path}"), Some(&admin), body).await;
        assert!(status < 300, "{path}: {status} {body}");
        body
    };
    let id = |body: &Value| body["id"].as_str().unwrap().to_owned();
    let community = id(&post("/communities", json!({ "name": "甲社区" })).await);
    let other_community = id(&post("/communities", json!({ "name": "乙社区" })).await);
    let station = id(&post("/stations", json!({ "community_id": community, "code": "S1", "name": "S1" })).await);
    let other = id(&post("/stations", json!({ "community_id": other_community, "code": "S2", "name": "S2" })).await);
    let kind = id(&post("/kinds", json!({ "name": "伞", "category": "umbrella", "identity": "phone" })).await);
    let items = post("/items", json!({ "kind_id": kind, "station_id": station, "count": 2 })).await;
    let code = |n: usize| items["items"][n]["code"].as_str().unwrap().to_owned();
    let blank = post("/stickers", json!({ "count": 1 })).await["items"][0]["code"].as_str().unwrap().to_owned();
    let policy = id(&post("/policies", json!({ "kind_id": kind, "loan_days": 5 })).await);
    let closure = json!({ "first_day": "2027-02-01", "last_day": "2027-02-07", "reason": "春节" });
    let closure = id(&post(&format!("/stations/{station}/closures"), closure).await);
    let staff = async |phone: &str, role: Value| {
        let member = id(&post("/members", json!({ "name": "甲", "phone": phone })).await);
        let role = id(&post(&format!("/members/{member}/roles"), role).await);
        let url = format!("{}/api/v1/members/{member}", server.base);
        let edit = server.client.patch(url).bearer_auth(&admin).header("If-Match", "\"1\"");
        assert_eq!(edit.json(&json!({ "password": "correct horse" })).send().await.unwrap().status(), 200);
        let (_, session) = server.post("/api/v1/sessions", None, json!({ "phone": phone, "password": "correct horse" })).await;
        (session["access_token"].as_str().unwrap().to_owned(), role)
    };
    let (keeper2, _) = staff("13800138021", json!({ "role": "keeper", "station_id": other })).await;
    let (keeper, role) = staff("13800138022", json!({ "role": "keeper", "station_id": station })).await;
    let (manager2, _) = staff("13800138023", json!({ "role": "manager", "community_id": other_community })).await;
    let (manager, _) = staff("13800138024", json!({ "role": "manager", "community_id": community })).await;
    let resident = async |phone: &str| {
        server.post("/api/v1/verifications", None, json!({ "phone": phone })).await;
        let code = crate::sessions::code_sent_to(&town.app, phone).await;
        let (_, session) = server.post("/api/v1/sessions", None, json!({ "phone": phone, "code": code })).await;
        (session["access_token"].as_str().unwrap().to_owned(), session["member_id"].as_str().unwrap().to_owned())
    };
    let (borrower, member) = resident("13800138031").await;
    let (other_resident, _) = resident("13800138032").await;
    let idle = id(&post("/members", json!({ "name": "乙" })).await);
    let block = json!({ "reason": "试", "until": "2026-11-24T00:00:00Z" });
    let block = id(&post(&format!("/members/{idle}/blocks"), block).await);
    let (status, lent) = server.post(&format!("/api/v1/items/{}/borrow", code(1)), Some(&borrower), json!({})).await;
    assert_eq!(status, 201, "{lent}");
    let mut stock = stock(&post, &community, &member).await;
    let lot = stock.iter().find(|(name, _)| *name == "lot").map(|(_, id)| id.clone()).unwrap();
    let (_, ledger) = server.get(&format!("/api/v1/lots/{lot}/movements"), Some(&admin)).await;
    stock.push(("movement", ledger["items"][2]["id"].as_str().unwrap().to_owned()));
    let ticket = json!({ "station_code": "S1", "what": "wish", "note": "想要一个打气筒" });
    let ticket = post("/tickets", ticket).await["ticket_id"].as_str().unwrap().to_owned();
    stock.extend(promised(&post, &station, &kind, &member).await);
    // There is no ladder yet, and somebody waits for the first.
    let ladders = id(&post("/kinds", json!({ "name": "梯子", "category": "tool" })).await);
    let wish = json!({ "station_codes": ["S1"], "kind_id": ladders });
    let (status, place) = server.post("/api/v1/holds", Some(&borrower), wish).await;
    assert_eq!((status, place["state"].as_str()), (201, Some("waiting")), "{place}");
    stock.extend([("ladders", ladders), ("place", id(&place))]);
    stock.push(("lot_photo", photo_of_lot(town, &lot).await));
    let (task, photo) = task_and_photo(town, &station, &lent).await;
    town.advance(chrono::TimeDelta::minutes(5));
    let mut names = vec![
        ("community", community),
        ("station", station),
        ("kind", kind),
        ("item", code(0)),
        ("out", code(1)),
        ("blank", blank),
        ("policy", policy),
        ("closure", closure),
        ("loan", lent["loan"]["id"].as_str().unwrap().to_owned()),
        ("member", member),
        ("idle", idle),
        ("block", block),
        ("role", role),
        ("task", task),
        ("photo", photo),
        ("ticket", ticket),
    ];
    names.extend(stock);
    let tokens =
        vec![None, Some(borrower), Some(other_resident), Some(keeper2), Some(keeper), Some(manager2), Some(manager), Some(admin)];
    Cast { names, tokens }
}

/// A booking, and what else can be booked.
async fn promised(
    post: &impl AsyncFn(&str, Value) -> Value,
    station: &str,
    kind: &str,
    member: &str,
) -> Vec<(&'static str, String)> {
    let id = |body: &Value| body["id"].as_str().unwrap().to_owned();
    let (from, to) = ("2026-11-25T02:00:00Z", "2026-11-25T04:00:00Z");
    let booking = json!({ "station_code": "S1", "kind_id": kind, "member_id": member, "starts_at": from, "ends_at": to });
    let space = id(&post("/spaces", json!({ "station_id": station, "name": "活动室" })).await);
    let occasion = json!({ "station_id": station, "name": "义诊", "seats": 12, "starts_at": from, "ends_at": to });
    let series = json!({
        "station_code": "S1", "kind_id": kind, "member_id": member, "weekly": { "every": 1, "on": ["Wed"] },
        "first_day": "2026-12-01", "last_day": "2026-12-20", "from": "09:00:00", "minutes": 60
    });
    let calendar = post("/calendars", json!({ "space_id": space })).await["feed"]["id"].as_str().unwrap().to_owned();
    let outage = json!({ "space_id": space, "starts_at": from, "ends_at": to, "note": "打扫" });
    vec![
        ("booking", id(&post("/bookings", booking).await)),
        ("occasion", id(&post("/occasions", occasion).await)),
        ("outage", id(&post("/outages", outage).await)),
        ("series", id(&post("/series", series).await)),
        ("calendar", calendar),
        ("space", space),
    ]
}

/// A lot at the station from which somebody has taken, with something in the red box; blocked.
async fn stock(post: &impl AsyncFn(&str, Value) -> Value, community: &str, member: &str) -> Vec<(&'static str, String)> {
    let id = |body: &Value| body["id"].as_str().unwrap().to_owned();
    let kind = id(&post("/kinds", json!({ "name": "创可贴", "category": "medicine", "tracked": "lot" })).await);
    post(&format!("/kinds/{kind}/profile"), json!({ "class": "dressing", "base_unit": "片", "pack_size": 1 })).await;
    let partner = json!({ "community_id": community, "name": "药房", "sort": "pharmacy", "licence_no": "1" });
    let partner = id(&post("/partners", partner).await);
    let lot = json!({
        "station_code": "S1", "kind_id": kind, "number": "A", "label": "有效期至2028年01月", "units": 12, "code": "6901234567892"
    });
    let lot = id(&post("/lots", lot).await);
    let free = json!({ "station_code": "S1", "kind_id": kind, "number": "B", "label": "有效期至2028年02月", "units": 9 });
    let free = id(&post("/lots", free).await);
    let hold = id(&post(&format!("/lots/{free}/holds"), json!({ "units": 2, "member_id": member })).await);
    let take = id(&post("/takes", json!({ "station_code": "S1", "kind_id": kind, "units": 2 })).await);
    post(&format!("/lots/{lot}/put-apart"), json!({ "way": "set_aside", "units": 1 })).await;
    let stock_block = id(&post(&format!("/lots/{lot}/blocks"), json!({ "reason": "受潮" })).await);
    let recall = id(&post("/recalls", json!({ "kind_id": kind, "lots": "Z9", "source": "通告" })).await);
    // Written down by the admin, who therefore cannot confirm it.
    let handed = json!({ "station_code": "S1", "handed_to": "药品回收点", "receipt_no": "0" });
    let disposal = id(&post("/disposals", handed).await);
    vec![
        ("disposal", disposal),
        // No night has been.
        ("check", "2026-01-01".to_owned()),
        ("lots", kind),
        ("partner", partner),
        ("lot", lot),
        ("free", free),
        ("hold", hold),
        ("take", take),
        ("stock_block", stock_block),
        ("recall", recall),
        ("code", "06901234567892".to_owned()),
    ]
}

async fn photo_of_lot(town: &Town, lot: &str) -> String {
    use yizhan::{db::Intent, store};
    let (id, lot_id): (entity::ids::PhotoId, _) = (town.app.clock.id(), lot.parse().unwrap());
    let tx = town.app.db.write(Intent::default()).await.unwrap();
    let about = "label".to_owned();
    let photo = entity::lot_photo::Model { id, lot_id, about, jpeg: vec![0xff], created_at: town.now() };
    store::lot_labels::add_photo(&tx, photo).await.unwrap();
    tx.commit(()).await.unwrap();
    id.to_string()
}

/// A task at the station and a photo of the thing that is out.
async fn task_and_photo(town: &Town, station: &str, lent: &Value) -> (String, String) {
    use entity::{ids::*, photo, task};
    use yizhan::{db::Intent, store};
    let item: ItemId = lent["loan"]["item_id"].as_str().unwrap().parse().unwrap();
    let (task_id, photo_id): (TaskId, PhotoId) = (town.app.clock.id(), town.app.clock.id());
    let tx = town.app.db.write(Intent::default()).await.unwrap();
    let task = task::Model {
        id: task_id,
        what: task::What::Repair,
        natural_key: "test".to_owned(),
        station_id: Some(station.parse().unwrap()),
        item_id: Some(item),
        loan_id: None,
        kind_id: None,
        lot_id: None,
        facts: None,
        seen_at: None,
        seen_by: None,
        escalated: 0,
        note: None,
        created_at: town.now(),
        done_at: None,
        done_by: None,
    };
    store::tasks::open(&tx, task).await.unwrap();
    let photo = photo::Model { id: photo_id, item_id: item, loan_id: None, jpeg: vec![0xff], created_at: town.now() };
    store::photos::add(&tx, photo).await.unwrap();
    tx.commit(()).await.unwrap();
    (task_id.to_string(), photo_id.to_string())
}

async fn nobody_gets_in_with_a_forged_or_ended_token(town: Town) {
    desk::set_up::offer(&town.app).await.unwrap();
    let server = Server::before(&town.app).await;
    let admin = server.set_up().await;
    let (header, rest) = admin.split_once('.').unwrap();
    for forged in ["", "x", "a.b.c", &format!("{header}.{rest}x"), &format!("eyJhbGciOiJub25lIn0.{rest}")] {
        let got = server.call(Method::GET, "/api/v1/me", Some(forged), None).await;
        assert_eq!(got.status(), 401, "{forged}");
        assert_eq!(got.headers()["content-type"], "application/problem+json; charset=utf-8");
    }
    // A bad token is no visitor, even where visitors are welcome.
    assert_eq!(server.call(Method::GET, "/api/v1/stickers/x", Some("x"), None).await.status(), 401);
    town.advance(chrono::TimeDelta::days(8));
    assert_eq!(server.get("/api/v1/me", Some(&admin)).await.0, 401);
}
