//! Waiting in line by pages, as a browser without a script sees them; and what a calendar is given.

use chrono::TimeDelta;
use entity::{
    booking::{self, State},
    hold,
    ids::{KindId, StationId},
    kind::Identity,
};
use sea_orm::{EntityTrait, QueryOrder};
use yizhan::{desk, store};

use crate::{
    both,
    pages_bookings::{ANNA, BERTA, Browser, clinic, keeper, link, resident, room},
    support::{
        server::Server,
        town::{Town, borrow, give_back},
    },
};

both!(
    a_booking_is_put_into_a_calendar_by_whoever_has_it,
    whoever_finds_everything_out_waits_for_the_next_and_takes_it,
    an_offer_is_let_go_and_is_the_next_ones,
    one_waits_here_or_nearby_too,
    a_time_that_is_taken_is_waited_for,
    a_seat_is_waited_for,
    whoever_waits_already_is_told_so_and_nothing_typed_is_lost,
    who_is_not_known_signs_in_and_waits_for_the_same,
    a_keeper_sees_who_waits_and_why,
    nobody_sees_the_places_of_others,
);

const CARLA: &str = "13800138013";

async fn holds(town: &Town) -> Vec<hold::Model> {
    hold::Entity::find().order_by_asc(hold::Column::Id).all(town.app.db.read()).await.unwrap()
}

async fn bookings(town: &Town) -> Vec<booking::Model> {
    booking::Entity::find().all(town.app.db.read()).await.unwrap()
}

/// Wheelchairs at a station, lent to whoever gives a number.
async fn chairs(town: &Town, count: u32) -> (StationId, KindId, Vec<String>) {
    let station = town.station("WH01").await;
    let kind = town.kind("轮椅", Identity::Phone).await;
    let codes = town.items(kind, station, count).await;
    (station, kind, codes)
}

/// Somebody else has it.
async fn lend(town: &Town, code: &str) {
    borrow(town.visitor(), code, Some(CARLA)).await.unwrap();
}

/// The first of its kind, and the way to wait for it from the page behind the sticker.
async fn waits_for_next(browser: &Browser<'_>, code: &str) -> String {
    let scanned = browser.page(&format!("/q/{code}")).await;
    let look = browser.page(&link(&scanned, "/stations/WH01/wait/thing/", "")).await;
    browser.done(&look, "/stations/WH01/wait/thing/", &[]).await
}

async fn a_booking_is_put_into_a_calendar_by_whoever_has_it(town: Town) {
    let (_, kind, _) = chairs(&town, 1).await;
    let server = Server::before(&town.app).await;
    let (anna, berta) = (resident(&town, &server, ANNA).await, resident(&town, &server, BERTA).await);
    let path = format!("/stations/WH01/book/thing/{kind}?from=2026-11-24T08:00&to=2026-11-24T12:00");
    let booked = anna.done(&anna.page(&path).await, "/stations/WH01/book/", &[]).await;
    assert!(booked.contains("加到日历"), "{booked}");
    let file = link(&booked, "/mine/bookings/", "calendar.ics");
    assert!(anna.page("/mine/bookings").await.contains(&file));
    let request = server.client.get(format!("{}{file}", server.base)).header("Cookie", &anna.cookie).send().await.unwrap();
    assert_eq!(request.headers()["content-type"], "text/calendar; charset=utf-8");
    let text = request.text().await.unwrap();
    assert!(
        text.starts_with("BEGIN:VCALENDAR") && text.contains("SUMMARY:轮椅") && text.contains("DTSTART:20261124T000000Z"),
        "{text}"
    );
    assert_eq!(berta.get(&file).await.0, 404);
    let nobody = Browser { server: &server, cookie: String::new() };
    assert_eq!(nobody.get(&file).await.0, 303);
    assert_eq!(anna.get("/mine/bookings/nonsense/calendar.ics").await.0, 404);
    anna.done(&booked, &format!("/mine/bookings/{}/cancel", bookings(&town).await[0].id), &[]).await;
    assert!(!anna.page("/mine/bookings").await.contains("加到日历"), "what is over is in no calendar");
}

async fn whoever_finds_everything_out_waits_for_the_next_and_takes_it(town: Town) {
    let (_, kind, codes) = chairs(&town, 1).await;
    let server = Server::before(&town.app).await;
    let anna = resident(&town, &server, ANNA).await;
    assert!(!anna.page(&format!("/q/{}", codes[0])).await.contains("排队"), "nobody waits for what is there");
    assert!(!anna.page(&format!("/stations/WH01/book/thing/{kind}")).await.contains("现在没有？"));
    lend(&town, &codes[0]).await;
    // From the page of the station, from the days, from the sticker: the same way.
    let station = anna.page("/s/WH01").await;
    assert!(station.contains("约或排队"), "{station}");
    let days = anna.page(&link(&station, "/stations/WH01/book/thing/", "")).await;
    assert!(days.contains("现在没有？排队等下一个"), "{days}");
    let look = anna.page(&link(&days, "/stations/WH01/wait/thing/", "")).await;
    assert!(look.contains("越快越好") && look.contains("您是第一位") && look.contains("随时可以退出"), "{look}");
    let place = waits_for_next(&anna, &codes[0]).await;
    assert!(place.contains("排上了") && place.contains("第 1 位") && place.contains("为什么还在等"), "{place}");
    assert!(place.contains("最近一件预计"), "{place}");
    let here = format!("/mine/queue/{}", holds(&town).await[0].id);
    for mine in ["/mine", "/mine/bookings"] {
        let page = anna.page(mine).await;
        assert!(page.contains(&here) && page.contains("正在排队"), "{page}");
    }
    give_back(town.visitor(), &codes[0]).await.unwrap();
    let turn = anna.page(&here).await;
    assert!(turn.contains("轮到您了") && turn.contains("为您留到") && !turn.contains("为什么还在等"), "{turn}");
    let taken = anna.done(&turn, "/mine/bookings/", &[]).await;
    assert!(taken.contains("确认好了"), "{taken}");
    let rows = bookings(&town).await;
    assert!(rows.len() == 1 && rows[0].state == State::Confirmed, "{rows:?}");
    let over = anna.page(&here).await;
    assert!(over.contains("已经有了") && over.contains("再排一次"), "{over}");
    assert!(!anna.page("/mine").await.contains("正在排队"));
    town.verified().await;
}

async fn an_offer_is_let_go_and_is_the_next_ones(town: Town) {
    let (_, _, codes) = chairs(&town, 1).await;
    let server = Server::before(&town.app).await;
    let (anna, berta) = (resident(&town, &server, ANNA).await, resident(&town, &server, BERTA).await);
    lend(&town, &codes[0]).await;
    let first = waits_for_next(&anna, &codes[0]).await;
    town.advance(TimeDelta::minutes(1));
    let second = waits_for_next(&berta, &codes[0]).await;
    assert!(second.contains("第 2 位") && second.contains("前面还有 1 位"), "{second}");
    give_back(town.visitor(), &codes[0]).await.unwrap();
    let leave = link_of_form(&first, "/mine/queue/");
    let turn = anna.page(leave.trim_end_matches("/leave")).await;
    let left = anna.done(&turn, "/mine/queue/", &[]).await;
    assert!(left.contains("退出来了") && left.contains("不再排队"), "{left}");
    let turn = berta.page(link_of_form(&second, "/mine/queue/").trim_end_matches("/leave")).await;
    assert!(turn.contains("轮到您了"), "{turn}");
    // The old page of whoever let it go does nothing any more, and says nothing wrong.
    let again = anna.tap(&first, "/mine/queue/", &[("key", "another")]).await;
    assert_eq!(again.status(), 303);
    // An offer that has passed is not taken: she is told so.
    town.advance(TimeDelta::minutes(121));
    let late = berta.tap(&turn, "/mine/bookings/", &[]).await;
    assert_eq!(late.status(), 409);
    assert!(late.text().await.unwrap().contains("role=\"alert\""));
    town.verified().await;
}

fn link_of_form(html: &str, begin: &str) -> String {
    let (_, rest) = html.split_once(&format!("action=\"{begin}")).unwrap_or_else(|| panic!("no {begin} in {html}"));
    format!("{begin}{}", rest.split('"').next().unwrap())
}

async fn one_waits_here_or_nearby_too(town: Town) {
    let (here, kind, codes) = chairs(&town, 1).await;
    let community = store::stations::find(town.app.db.read(), here).await.unwrap().unwrap().community_id;
    let named = desk::stations::Particulars { name: Some("南门".to_owned()), ..Default::default() };
    let made = desk::stations::create(town.process(), (community, "WH02".to_owned(), named)).await.unwrap();
    let other: StationId = made.into_receipt().id.into();
    // Another community's, and nobody knows how far: not nearby.
    let far = town.station("WH03").await;
    town.items(kind, far, 1).await;
    let there = town.items(kind, other, 1).await;
    let server = Server::before(&town.app).await;
    let (anna, berta) = (resident(&town, &server, ANNA).await, resident(&town, &server, BERTA).await);
    for code in [&codes[0], &there[0]] {
        lend(&town, code).await;
    }
    let wait = anna.page(&format!("/stations/WH01/wait/thing/{kind}")).await;
    assert!(wait.contains("在哪里等？") && !wait.contains("开始排队"), "one decision a screen: {wait}");
    assert!(wait.contains("南门") && !wait.contains("WH03"), "{wait}");
    let look = anna.page(&link(&wait, "/stations/WH01/wait/", "place=near")).await;
    anna.done(&look, "/stations/WH01/wait/", &[]).await;
    let look = berta.page(&link(&wait, "/stations/WH01/wait/", "place=here")).await;
    berta.done(&look, "/stations/WH01/wait/", &[]).await;
    let places = entity::hold_place::Entity::find().all(town.app.db.read()).await.unwrap();
    assert_eq!(places.len(), 3, "Anna waits at both, Berta at one");
    give_back(town.visitor(), &there[0]).await.unwrap();
    let offer = bookings(&town).await;
    assert!(offer.len() == 1 && offer[0].station_id == other, "{offer:?}");
    town.verified().await;
}

async fn a_time_that_is_taken_is_waited_for(town: Town) {
    let station = town.station("WH01").await;
    let space = room(&town, station, "书吧").await;
    let server = Server::before(&town.app).await;
    let (anna, berta) = (resident(&town, &server, ANNA).await, resident(&town, &server, BERTA).await);
    let path = format!("/stations/WH01/book/space/{space}?from=2026-11-24T10:00&to=2026-11-24T11:00");
    let booked = anna.done(&anna.page(&path).await, "/stations/WH01/book/", &[]).await;
    // Without a time a space is waited for at none: that is chosen first.
    let (status, _) = berta.get(&format!("/stations/WH01/wait/space/{space}")).await;
    assert_eq!(status, 303);
    let day = berta.page(&format!("/stations/WH01/book/space/{space}?day=2026-11-24")).await;
    assert!(day.contains("想要的时间没有？排队等"), "{day}");
    let look = berta.page(&link(&day, "/stations/WH01/wait/space/", "from=2026-11-24T10:00")).await;
    assert!(look.contains("10:00–11:00") && look.contains("早晚 1 小时也行") && look.contains("排队自动结束"), "{look}");
    let place = berta.done(&look, "/stations/WH01/wait/", &[("flexible", "0")]).await;
    assert!(place.contains("第 1 位") && place.contains("10:00–11:00"), "{place}");
    // The last look at a time that is taken leads there too.
    let taken = berta.page(&path).await;
    assert!(taken.contains("排队等这个时间"), "{taken}");
    anna.done(&booked, &format!("/mine/bookings/{}/cancel", bookings(&town).await[0].id), &[]).await;
    let turn = berta.page(&format!("/mine/queue/{}", holds(&town).await[0].id)).await;
    assert!(turn.contains("轮到您了") && turn.contains("10:00–11:00"), "{turn}");
    town.verified().await;
}

async fn a_seat_is_waited_for(town: Town) {
    let station = town.station("WH01").await;
    let session = clinic(&town, station, 1).await;
    let server = Server::before(&town.app).await;
    let (anna, berta) = (resident(&town, &server, ANNA).await, resident(&town, &server, BERTA).await);
    let path = format!("/stations/WH01/book/session/{session}");
    let first = anna.page(&path).await;
    assert!(!first.contains("排队"), "{first}");
    let booked = anna.done(&first, "/stations/WH01/book/", &[]).await;
    let full = berta.page(&path).await;
    let look = berta.page(&link(&full, "/stations/WH01/wait/session/", "")).await;
    assert!(!look.contains("早晚"), "a session has one time: {look}");
    let place = berta.done(&look, "/stations/WH01/wait/", &[]).await;
    assert!(place.contains("义诊") && place.contains("第 1 位"), "{place}");
    anna.done(&booked, &format!("/mine/bookings/{}/cancel", bookings(&town).await[0].id), &[]).await;
    assert!(berta.page("/mine/bookings").await.contains("确认要"));
    town.verified().await;
}

async fn whoever_waits_already_is_told_so_and_nothing_typed_is_lost(town: Town) {
    let station = town.station("WH01").await;
    let space = room(&town, station, "书吧").await;
    let server = Server::before(&town.app).await;
    let (anna, berta) = (resident(&town, &server, ANNA).await, resident(&town, &server, BERTA).await);
    let times = "from=2026-11-24T10:00&to=2026-11-24T11:00";
    anna.done(&anna.page(&format!("/stations/WH01/book/space/{space}?{times}")).await, "/stations/WH01/book/", &[]).await;
    let look = berta.page(&format!("/stations/WH01/wait/space/{space}?{times}")).await;
    berta.done(&look, "/stations/WH01/wait/", &[("flexible", "0")]).await;
    let again = berta.tap(&look, "/stations/WH01/wait/", &[("key", "another"), ("flexible", "60")]).await;
    assert_eq!(again.status(), 409);
    let page = again.text().await.unwrap();
    assert!(page.contains("role=\"alert\"") && page.contains("看我的排队"), "{page}");
    assert!(page.contains("value=\"60\" checked") && page.contains("2026-11-24T10:00"), "{page}");
    assert_eq!(holds(&town).await.len(), 1);
    let (status, _) = berta.get(&format!("/stations/WH01/wait/space/{space}?from=x&to=y")).await;
    assert_eq!(status, 422);
    assert_eq!(berta.get(&format!("/stations/WH01/wait/thing/{space}")).await.0, 404);
}

async fn who_is_not_known_signs_in_and_waits_for_the_same(town: Town) {
    let (_, kind, codes) = chairs(&town, 1).await;
    lend(&town, &codes[0]).await;
    let server = Server::before(&town.app).await;
    let nobody = Browser { server: &server, cookie: String::new() };
    let look = nobody.page(&format!("/stations/WH01/wait/thing/{kind}")).await;
    assert!(look.contains("登录后排队") && !look.contains("开始排队"), "{look}");
    assert!(link(&look, "/sign-in?next=", "").contains("wait/thing"), "{look}");
    let sent = nobody.post(&format!("/stations/WH01/wait/thing/{kind}"), &[("key".to_owned(), "k".to_owned())]).await;
    assert!(sent.status() == 303 && sent.headers()["location"].to_str().unwrap().starts_with("/sign-in?next="), "{sent:?}");
    assert!(holds(&town).await.is_empty());
}

async fn a_keeper_sees_who_waits_and_why(town: Town) {
    let (station, _, codes) = chairs(&town, 1).await;
    let server = Server::before(&town.app).await;
    let keeper = keeper(&town, &server, station).await;
    assert!(keeper.page("/staff/WH01/queue").await.contains("没有人在排队"));
    let (anna, berta) = (resident(&town, &server, ANNA).await, resident(&town, &server, BERTA).await);
    lend(&town, &codes[0]).await;
    waits_for_next(&anna, &codes[0]).await;
    town.advance(TimeDelta::minutes(1));
    waits_for_next(&berta, &codes[0]).await;
    for path in ["/staff/WH01/queue", "/staff/WH01/bookings"] {
        let page = keeper.page(path).await;
        assert!(page.contains("轮椅") && page.contains("138****8011") && page.contains("138****8012"), "{page}");
        assert!(page.contains("最近一件预计") && !page.contains(ANNA), "{page}");
    }
    let page = keeper.page("/staff/WH01/queue").await;
    assert!(page.find("138****8011").unwrap() < page.find("138****8012").unwrap(), "in their order: {page}");
    give_back(town.visitor(), &codes[0]).await.unwrap();
    let page = keeper.page("/staff/WH01/queue").await;
    assert!(page.contains("已经留着，等回答到"), "{page}");
    // She calls and says that she does not need it any more: it is the next one's.
    let out = keeper.done(&page, &format!("/staff/WH01/queue/{}", holds(&town).await[0].id), &[]).await;
    assert!(out.contains("退出来了") && !out.contains("138****8011"), "{out}");
    assert_eq!(holds(&town).await.iter().filter(|row| row.state == hold::State::Offered).count(), 1);
    assert_eq!(anna.get("/staff/WH01/queue").await.0, 403);
    town.verified().await;
}

async fn nobody_sees_the_places_of_others(town: Town) {
    let (_, _, codes) = chairs(&town, 1).await;
    let server = Server::before(&town.app).await;
    let (anna, berta) = (resident(&town, &server, ANNA).await, resident(&town, &server, BERTA).await);
    lend(&town, &codes[0]).await;
    waits_for_next(&anna, &codes[0]).await;
    let path = format!("/mine/queue/{}", holds(&town).await[0].id);
    assert_eq!(berta.get(&path).await.0, 404);
    let sent = berta.post(&format!("{path}/leave"), &[("key".to_owned(), "k".to_owned())]).await;
    assert_eq!(sent.status(), 404);
    let nobody = Browser { server: &server, cookie: String::new() };
    assert_eq!(nobody.get(&path).await.0, 303);
    assert_eq!(holds(&town).await[0].state, hold::State::Waiting);
}
