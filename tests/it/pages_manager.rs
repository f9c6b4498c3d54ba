//! The figures of whoever runs stations: held against a small town counted by hand, on both engines; who sees them; and what
//! leaves the house as a file, read back with a reader that is not the writer's.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    grant::Role,
    ids::{CommunityId, StationId},
    kind::Identity,
    values::Phone,
};
use reqwest::Response;
use sea_orm::EntityTrait;
use yizhan::{
    desk::{self, Desk, give_back::GiveBack, reports::Scope},
    rules::figures::Period,
};

use crate::{
    both,
    support::{
        server::Server,
        town::{Town, borrow},
    },
};

both!(
    the_figures_are_those_counted_by_hand,
    stations_stand_side_by_side_as_they_are,
    the_medicine_boxes_are_looked_ahead_for,
    as_many_statements_for_many_stations_as_for_one,
    every_room_opens_in_both_languages_also_when_there_is_nothing,
    others_see_nothing,
    an_excel_file_holds_what_was_shown_and_no_formula,
    a_csv_file_is_neutralised_and_says_who_took_it,
);

const KEEPER: &str = "13800138001";
const PASSWORD: &str = "correct horse";

/// Two stations of one community, and one of another.
struct Small {
    community: CommunityId,
    east: StationId,
    west: StationId,
    umbrellas: Vec<String>,
    wheelchair: String,
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// Sets the clock to a wall time in Shanghai.
fn when(town: &Town, wall: &str) {
    town.app.clock.set(at(&format!("{wall}:00+08:00")));
}

async fn station(town: &Town, community: CommunityId, code: &str, name: &str) -> StationId {
    let what = desk::stations::Particulars { name: Some(name.to_owned()), ..Default::default() };
    desk::stations::create(town.process(), (community, code.to_owned(), what)).await.unwrap().into_receipt().id.into()
}

async fn lend(town: &Town, code: &str, phone: Option<&str>) {
    let vouched = desk::borrow::Borrow {
        code: code.to_owned(),
        phone: phone.map(|text| Phone::parse(text).unwrap()),
        override_reason: phone.map(|_| "当面核实".to_owned()),
        ..Default::default()
    };
    match phone {
        Some(_) => drop(desk::borrow::borrow(town.process(), vouched).await.unwrap()),
        None => drop(borrow(town.visitor(), code, None).await.unwrap()),
    }
}

async fn back(town: &Town, code: &str, to: &str) {
    let order = GiveBack { code: code.to_owned(), station_code: Some(to.to_owned()), ..GiveBack::default() };
    desk::give_back::give_back(town.visitor(), order).await.unwrap();
}

/// Lives through October and November 2026 up to Tuesday the 24th, 12:00 in Shanghai. A loan is for three days.
async fn small_town(town: &Town) -> Small {
    when(town, "2026-09-30T12:00");
    let community = town.community().await;
    let east = station(town, community, "EAST", "=东站").await;
    let west = station(town, community, "WEST", "西站").await;
    let kind = town.kind("折叠雨伞", Identity::Phone).await;
    let health = desk::kinds::Particulars {
        name: Some("轮椅".to_owned()),
        category: Some("mobility".to_owned()),
        identity: Some(Identity::Phone),
        sensitive: Some(true),
        ..Default::default()
    };
    let health = desk::kinds::create(town.process(), (None, health)).await.unwrap().into_receipt().id.into();
    let umbrellas = town.items(kind, east, 3).await;
    let wheelchair = town.items(health, west, 1).await.remove(0);
    // October: one loan, on the last evening, back in November; it is due on 3 November at 24:00.
    when(town, "2026-10-31T23:30");
    lend(town, &umbrellas[0], Some("13800138021")).await;
    // November the 5th is late, and at the other station.
    when(town, "2026-11-05T09:15");
    back(town, &umbrellas[0], "WEST").await;
    // Half past midnight of the 6th is still the 5th in UTC.
    when(town, "2026-11-06T00:30");
    lend(town, &umbrellas[1], Some("13800138022")).await;
    when(town, "2026-11-06T08:00");
    back(town, &umbrellas[1], "EAST").await;
    when(town, "2026-11-20T10:10");
    lend(town, &umbrellas[1], Some("13800138022")).await;
    when(town, "2026-11-20T10:50");
    lend(town, &umbrellas[2], Some("13800138023")).await;
    when(town, "2026-11-23T18:00");
    lend(town, &wheelchair, Some("13800138022")).await;
    when(town, "2026-11-24T12:00");
    Small { community, east, west, umbrellas, wheelchair }
}

async fn runs(town: &Town, small: &Small) -> (Desk, Scope) {
    let desk = town.staff(Role::Manager, Some(small.community), None).await;
    let community = yizhan::store::communities::find(town.app.db.read(), small.community).await.unwrap().unwrap();
    let scope = Scope::of_community(&desk, &community, None).await.unwrap();
    (desk, scope)
}

async fn the_figures_are_those_counted_by_hand(town: Town) {
    let small = small_town(&town).await;
    let (desk, scope) = runs(&town, &small).await;
    let november = Period::ThisMonth.days(scope.today());
    let view = desk::reports::usage(&desk, &scope, november).await.unwrap();
    let day = |n: usize| (view.days[n - 1].1.lent, view.days[n - 1].1.returned);
    assert_eq!(view.days.len(), 24);
    assert_eq!([day(4), day(5), day(6), day(20), day(23), day(24)], [(0, 0), (0, 1), (1, 1), (2, 0), (1, 0), (0, 0)]);
    // Friday the 6th at 00, Friday the 20th at 10, Monday the 23rd at 18.
    assert_eq!((view.hours[4][0], view.hours[4][10], view.hours[0][18], view.hours.iter().flatten().sum::<i64>()), (1, 2, 1, 4));
    assert_eq!(view.categories, [("test".to_owned(), 3), ("mobility".to_owned(), 1)]);
    let by_station: Vec<_> = view.stations.iter().map(|(s, one)| (s.code.as_str(), one.lent, one.returned)).collect();
    assert_eq!(by_station, [("EAST", 3, 1), ("WEST", 1, 1)]);

    let view = desk::reports::activity(&desk, &scope, "2026-11-01".parse().unwrap()).await.unwrap();
    let (october, november) = (view.months[10].1, view.months[11].1);
    assert_eq!((view.months[0].0.to_string(), view.months.len()), ("2025-12-01".to_owned(), 12));
    assert_eq!((october.loans, october.borrowers, october.returns), (1, 1, 0));
    assert_eq!((november.loans, november.borrowers, november.returns), (4, 2, 2), "one borrowed at both stations");
    assert_eq!((november.late, november.elsewhere, november.losses), (1, 1, 0));
    assert_eq!(november.late_share(), Some(0.5));
    let each: Vec<_> = view.stations.iter().map(|(s, one)| (s.code.as_str(), one.loans, one.borrowers, one.returns)).collect();
    assert_eq!(each, [("EAST", 3, 2, 2), ("WEST", 1, 1, 0)]);

    let view = desk::reports::out(&desk, &scope, None, 2).await.unwrap();
    assert_eq!(view.stations.iter().map(|(_, out, overdue)| (*out, *overdue)).collect::<Vec<_>>(), [(2, 2), (1, 0)]);
    let lines: Vec<_> = view.lines.iter().map(|line| (line.code.as_str(), line.days_overdue, line.phone.as_deref())).collect();
    assert_eq!(lines[0].1, 1, "{lines:?}");
    let mut first = [lines[0].0, lines[1].0];
    first.sort_unstable();
    let mut overdue = [small.umbrellas[1].as_str(), small.umbrellas[2].as_str()];
    overdue.sort_unstable();
    assert_eq!(first, overdue);
    let next = view.next.unwrap().parse().unwrap();
    let view = desk::reports::out(&desk, &scope, Some(next), 2).await.unwrap();
    let line = &view.lines[0];
    assert_eq!((line.code.as_str(), line.phone.as_deref()), (small.wheelchair.as_str(), Some("138****8022")));
    assert!(line.kind.is_none() && line.label.is_none() && view.next.is_none(), "about health: {line:?}");
}

async fn stations_stand_side_by_side_as_they_are(town: Town) {
    let small = small_town(&town).await;
    let (desk, scope) = runs(&town, &small).await;
    let view = desk::reports::standing(&desk, &scope).await.unwrap();
    let (east, west) = (&view[0], &view[1]);
    assert_eq!((east.on_shelf, east.out, east.overdue), (0, 2, 2));
    assert_eq!((west.on_shelf, west.out, west.overdue), (1, 1, 0), "an umbrella of the other station stands here");
    assert_eq!((east.this_month, east.last_month, west.this_month), (3, 1, 1));
    assert!(east.open_now && east.light.is_none() && east.usable_kinds.is_none());
    assert_eq!((west.tasks, west.oldest_task), (0, None));
    assert_eq!(east.last_activity, Some(at("2026-11-20T10:50:00+08:00")));
    assert!(east.neglected_for.is_none());
    let broken = GiveBack { code: small.wheelchair.clone(), condition: entity::loan::Condition::Damaged, ..GiveBack::default() };
    desk::give_back::give_back(town.visitor(), broken).await.unwrap();
    let view = desk::reports::standing(&desk, &scope).await.unwrap();
    assert_eq!((view[1].out, view[1].in_repair, view[1].tasks, view[1].oldest_task), (0, 1, 1, Some(town.now())));
    let months = desk::reports::activity(&desk, &scope, "2026-11-01".parse().unwrap()).await.unwrap();
    assert_eq!(months.stations.iter().map(|(_, one)| one.repairs).collect::<Vec<_>>(), [0, 1]);
    town.advance(TimeDelta::days(20));
    let (desk, scope) = runs(&town, &small).await;
    let view = desk::reports::standing(&desk, &scope).await.unwrap();
    assert_eq!((view[0].neglected_for, view[1].neglected_for), (Some(24), Some(20)));
    assert_eq!((small.east, small.west), (scope.stations()[0].id, scope.stations()[1].id));
}

async fn the_medicine_boxes_are_looked_ahead_for(town: Town) {
    let medicine = town.medicine_box().await;
    // Monday, 23 November 2026. One lot within a week, one in eight weeks, one in years; and one that was recalled.
    medicine.plasters("NEAR", "有效期至2026年11月28日", 10).await;
    medicine.plasters("SOON", "有效期至2027年01月20日", 20).await;
    medicine.plasters("FAR", "有效期至2029年01月20日", 5).await;
    let level =
        desk::stock::level::Level { station_code: "MED1".to_owned(), kind: medicine.plasters, min_units: 100, max_units: 200 };
    desk::stock::level::set(medicine.keeper.clone(), level).await.unwrap();
    let station = yizhan::store::stations::find(town.app.db.read(), medicine.station).await.unwrap().unwrap();
    let scope = Scope::of_station(&medicine.keeper, &station).unwrap();
    let view = desk::reports::horizon(&medicine.keeper, &scope).await.unwrap();
    let ending: Vec<_> = view.ending.iter().map(|lot| (lot.number.as_str(), lot.week, lot.units)).collect();
    assert_eq!(ending, [("NEAR", Some(0), 10), ("SOON", Some(8), 20)]);
    assert!(view.blocked.is_empty(), "{:?}", view.blocked);
    let need = view.needs.iter().find(|need| need.kind.name == "创可贴").unwrap();
    assert_eq!((need.level, need.outlook.usable, need.outlook.propose, need.outlook.unused), (Some((100, 200)), 35, 165, 30));
    assert_eq!(need.empty_days, Some(22), "nothing stood there before today");
    // The same as the nightly check sees it, station by station.
    let one = desk::stock::level::outlooks(&medicine.keeper, town.app.db.read(), "MED1").await.unwrap();
    assert_eq!((one[0].usable, one[0].propose, one[0].unused), (35, 165, 30));
    town.advance(TimeDelta::days(6));
    let scope = Scope::of_station(&medicine.keeper, &station).unwrap();
    let view = desk::reports::horizon(&medicine.keeper, &scope).await.unwrap();
    assert_eq!(view.blocked.iter().map(|lot| lot.number.as_str()).collect::<Vec<_>>(), ["NEAR"]);
    let standing = desk::reports::standing(&medicine.keeper, &scope).await.unwrap();
    assert_eq!((standing[0].usable_kinds, standing[0].short_kinds), (Some(1), 1));
    assert_eq!(standing[0].light.map(yizhan::rules::expiry::Light::as_str), Some("red"), "no night was checked");
    let months = desk::reports::activity(&medicine.keeper, &scope, "2026-11-01".parse().unwrap()).await.unwrap();
    assert_eq!((months.months[11].1.checks, months.months[11].1.missed), (0, 6));
    yizhan::jobs::run(&town.app, "expiry-check").await.unwrap();
    let months = desk::reports::activity(&medicine.keeper, &scope, "2026-11-01".parse().unwrap()).await.unwrap();
    assert_eq!((months.months[11].1.checks, months.months[11].1.missed), (1, 5));
}

async fn as_many_statements_for_many_stations_as_for_one(town: Town) {
    let small = small_town(&town).await;
    let mut counted = Vec::new();
    for more in [0, 25] {
        for n in 0..more {
            station(&town, small.community, &format!("S{n}"), &format!("站{n}")).await;
        }
        let (desk, scope) = runs(&town, &small).await;
        let before = town.app.db.statements();
        desk::reports::standing(&desk, &scope).await.unwrap();
        let standing = town.app.db.statements();
        desk::reports::usage(&desk, &scope, Period::Year.days(scope.today())).await.unwrap();
        desk::reports::horizon(&desk, &scope).await.unwrap();
        let horizon = town.app.db.statements();
        desk::reports::activity(&desk, &scope, "2026-11-01".parse().unwrap()).await.unwrap();
        desk::reports::out(&desk, &scope, None, 50).await.unwrap();
        counted.push((standing - before, horizon - standing, town.app.db.statements() - horizon));
    }
    assert_eq!(counted[0], counted[1]);
    assert!(counted[0].0 > 5, "{counted:?}");
}

/// Makes somebody with a role who can sign in, and gives back the cookie.
async fn cookie(town: &Town, server: &Server, phone: &str, office: desk::roles::Office) -> String {
    let enter = desk::members::Enter { name: Some("某人".to_owned()), phone: Some(Phone::parse(phone).unwrap()), group: None };
    let member = desk::members::enter(town.process(), enter).await.unwrap().into_receipt();
    desk::roles::grant(town.process(), (member.id.into(), office)).await.unwrap();
    let edit = desk::members::Edit { password: Some(PASSWORD.to_owned()), ..desk::members::Edit::default() };
    desk::members::edit(Desk { if_match: Some(member.rev), ..town.process() }, (member.id.into(), edit)).await.unwrap();
    let fields = [("phone", phone), ("password", PASSWORD), ("next", "/staff")];
    let signed = server.client.post(format!("{}/sign-in", server.base)).form(&fields).send().await.unwrap();
    assert_eq!(signed.status(), 303);
    signed.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned()
}

async fn look(server: &Server, path: &str, cookie: &str, language: &str) -> (u16, String) {
    let request = server.client.get(format!("{}{path}", server.base)).header("Cookie", format!("{cookie}; lang={language}"));
    let response = request.header("Accept", "text/html").send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

async fn save(server: &Server, path: &str, cookie: &str, what: &str, form: &str, key: &str) -> Response {
    let fields = [("what", what), ("form", form), ("key", key), ("period", "month"), ("month", "2026-11")];
    let request = server.client.post(format!("{}{path}", server.base)).header("Cookie", cookie).form(&fields);
    request.header("Accept-Language", "zh-CN").send().await.unwrap()
}

const ROOMS: [&str; 8] = ["", "/use", "/use?period=year", "/out", "/expiry", "/activity", "/report", "/stations/EAST"];

async fn every_room_opens_in_both_languages_also_when_there_is_nothing(town: Town) {
    let small = small_town(&town).await;
    let bare = town.community().await;
    let server = Server::before(&town.app).await;
    let manager = cookie(&town, &server, KEEPER, desk::roles::Office::Manager(small.community)).await;
    for room in ROOMS {
        for language in ["zh", "en"] {
            let (status, html) = look(&server, &format!("/manage/{}{room}", small.community), &manager, language).await;
            assert!(status == 200 && html.matches("<h1").count() == 1, "{room}: {status} {html}");
            assert!(!html.contains("style=\"") && !html.contains("<script>"), "{room}");
            assert!(!html.contains("13800138022") && html.contains("aria-current=\"page\""), "{room}: {html}");
            assert!(html.len() < 50_000, "{room}: {}", html.len());
        }
    }
    let (_, html) = look(&server, &format!("/manage/{}/out", small.community), &manager, "zh").await;
    assert!(html.contains("138****8022") && html.contains("涉及健康") && !html.contains("轮椅"), "{html}");
    let (_, html) = look(&server, &format!("/manage/{}/out?station=EAST", small.community), &manager, "zh").await;
    assert!(!html.contains("涉及健康"), "{html}");
    let (_, html) = look(&server, &format!("/manage/{}/use", small.community), &manager, "en").await;
    assert!(html.contains("role=\"img\"") && html.contains("busiest is Fri 10:00"), "{html}");
    // Nothing anywhere: a friendly word instead of an empty picture.
    let other = cookie(&town, &server, "13800138002", desk::roles::Office::Manager(bare)).await;
    for room in &ROOMS[..7] {
        let (status, html) = look(&server, &format!("/manage/{bare}{room}"), &other, "zh").await;
        assert!(status == 200 && (html.contains("strip calm") || room.is_empty()) && !html.contains("<svg"), "{room}: {html}");
    }
}

async fn others_see_nothing(town: Town) {
    let small = small_town(&town).await;
    let elsewhere = town.station("ELSEWHERE").await;
    let server = Server::before(&town.app).await;
    let keeper = cookie(&town, &server, KEEPER, desk::roles::Office::Keeper(small.east)).await;
    let stranger = cookie(&town, &server, "13800138002", desk::roles::Office::Keeper(elsewhere)).await;
    let export = format!("/manage/{}/export", small.community);
    for room in ROOMS {
        let path = format!("/manage/{}{room}", small.community);
        let nobody = server.client.get(format!("{}{path}", server.base)).send().await.unwrap();
        assert!(nobody.status() == 303 && nobody.headers()["location"].to_str().unwrap().starts_with("/sign-in?next=/manage/"));
        for cookie in [&keeper, &stranger] {
            let (status, html) = look(&server, &path, cookie, "zh").await;
            assert!(status == 403 && !html.contains("东站"), "{room}: {status}");
        }
    }
    for cookie in [&keeper, &stranger] {
        assert_eq!(save(&server, &export, cookie, "out", "csv", "k").await.status(), 403);
    }
    assert_eq!(save(&server, &export, "", "out", "csv", "k").await.status(), 303);
    // A keeper has the report of her own station, and of no other.
    for (cookie, code, status) in
        [(&keeper, "EAST", 200), (&keeper, "WEST", 403), (&stranger, "EAST", 403), (&keeper, "NONE", 404)]
    {
        assert_eq!(look(&server, &format!("/staff/{code}/report"), cookie, "zh").await.0, status, "{code}");
        assert_eq!(save(&server, &format!("/staff/{code}/report/export"), cookie, "report", "xlsx", code).await.status(), status);
    }
    // A manager does not reach a station of another community by its plate.
    let manager = cookie_of_manager(&town, &server, small.community).await;
    for path in ["stations/ELSEWHERE", "use?station=ELSEWHERE", "out?after=01934f3e-0000-7000-8000-000000000000"] {
        assert_eq!(look(&server, &format!("/manage/{}/{path}", small.community), &manager, "zh").await.0, 404, "{path}");
    }
    assert_eq!(save(&server, &export, &manager, "everything", "xlsx", "k2").await.status(), 422);
}

async fn cookie_of_manager(town: &Town, server: &Server, community: CommunityId) -> String {
    cookie(town, server, "13800138003", desk::roles::Office::Manager(community)).await
}

async fn an_excel_file_holds_what_was_shown_and_no_formula(town: Town) {
    let small = small_town(&town).await;
    let server = Server::before(&town.app).await;
    let manager = cookie_of_manager(&town, &server, small.community).await;
    let export = format!("/manage/{}/export", small.community);
    let response = save(&server, &export, &manager, "out", "xlsx", "k1").await;
    assert_eq!(response.status(), 200);
    assert!(response.headers()["content-disposition"].to_str().unwrap().contains("yizhan-out-2026-11-24.xlsx"));
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(response.bytes().await.unwrap().to_vec())).unwrap();
    assert_eq!(book.sheet_names(), ["说明", "各站借出与逾期", "未还清单"]);
    let counts = book.worksheet_range("各站借出与逾期").unwrap();
    assert_eq!(counts.get_value((1, 0)), Some(&Data::String("=东站".to_owned())), "words, whatever they begin with");
    assert_eq!(counts.get_value((1, 3)), Some(&Data::Float(2.0)));
    let list = book.worksheet_range("未还清单").unwrap();
    let titles: Vec<_> = list.rows().next().unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(titles, ["物品", "逾期天数", "应还时间", "借出时间", "驿站", "标号", "编号", "借用人手机"]);
    let last = list.rows().next_back().unwrap();
    assert_eq!(last[0], Data::String("（涉及健康，不显示）".to_owned()));
    assert!(matches!(&last[2], Data::DateTime(_)) && matches!(last[1], Data::Float(_)), "{last:?}");
    assert_eq!(last[7], Data::String("138****8022".to_owned()));
    for name in book.sheet_names() {
        let formulas = book.worksheet_formula(&name).unwrap();
        assert!(formulas.cells().all(|(_, _, formula)| formula.is_empty()), "{name}");
    }
    // The monthly report: every sheet has rows, and the share of late returns is a number.
    let response = save(&server, &export, &manager, "report", "xlsx", "k3").await;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(response.bytes().await.unwrap().to_vec())).unwrap();
    assert!(book.sheet_names().contains(&"各站当月数字".to_owned()), "{:?}", book.sheet_names());
    let months = book.worksheet_range("逐月借还").unwrap();
    let november = months.rows().next_back().unwrap();
    assert_eq!(
        (&november[0], &november[1], &november[4]),
        (&Data::String("2026-11".to_owned()), &Data::Float(4.0), &Data::Float(0.5))
    );
}

async fn a_csv_file_is_neutralised_and_says_who_took_it(town: Town) {
    let small = small_town(&town).await;
    let server = Server::before(&town.app).await;
    let manager = cookie_of_manager(&town, &server, small.community).await;
    let export = format!("/manage/{}/export", small.community);
    let text = save(&server, &export, &manager, "out", "csv", "k1").await.bytes().await.unwrap();
    assert!(text.starts_with(b"\xef\xbb\xbf"));
    let text = String::from_utf8(text.to_vec()).unwrap();
    assert!(text.contains("'=东站,EAST,2,2") && !text.contains("\n=东站") && text.contains("138****8022"), "{text}");
    assert!(!text.contains("13800138022") && !text.contains("轮椅"), "{text}");
    // Sent again with the same key, it is one export.
    assert_eq!(save(&server, &export, &manager, "out", "csv", "k1").await.status(), 200);
    let events = entity::event::Entity::find().all(town.app.db.read()).await.unwrap();
    let exported: Vec<_> = events.iter().filter(|event| event.action == "report_exported").collect();
    assert_eq!(exported.len(), 1);
    let detail = exported[0].detail.as_ref().unwrap();
    assert_eq!(
        (detail["report"].as_str(), detail["form"].as_str(), detail["stations"].as_i64()),
        (Some("out"), Some("csv"), Some(2))
    );
    assert!(exported[0].actor_id.is_some() && detail["community"].as_str() == Some(small.community.to_string().as_str()));
    town.verified().await;
}
