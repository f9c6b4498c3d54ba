//! What happens again and again, and calendars to subscribe to: by pages, as a browser without a script sees them.

use entity::{booking, occasion, series};
use sea_orm::EntityTrait;

use crate::{
    both,
    pages_bookings::{ANNA, BERTA, Browser, form, keeper, link, resident, room},
    support::{server::Server, town::Town},
};

both!(
    my_calendar_is_read_at_an_address_that_is_shown_once_and_can_be_revoked,
    a_keeper_gives_out_a_public_calendar_that_names_nobody,
    a_weekly_class_is_looked_at_first_and_then_made,
    a_group_has_a_space_every_week_and_a_day_that_was_skipped_is_tried_again,
    what_cannot_be_read_comes_back_as_it_was_typed,
    a_series_is_the_business_of_the_keepers_of_its_station,
);

/// The address of a calendar that was just made, as it is copied.
fn address(html: &str) -> String {
    let (_, rest) = html.split_once("<textarea readonly").unwrap_or_else(|| panic!("no address in {html}"));
    rest.split_once('>').unwrap().1.split('<').next().unwrap().to_owned()
}

/// What a calendar program finds there, which sends no cookie.
async fn subscribed(server: &Server, address: &str) -> (u16, String) {
    let path = &address[address.find("/calendars/").unwrap()..];
    let answer = server.client.get(format!("{}{path}", server.base)).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

async fn text(browser: &Browser<'_>, html: &str, action: &str, typed: &[(&str, &str)]) -> (u16, String) {
    let answer = browser.tap(html, action, typed).await;
    (answer.status().as_u16(), answer.text().await.unwrap().replace('\u{2060}', ""))
}

async fn my_calendar_is_read_at_an_address_that_is_shown_once_and_can_be_revoked(town: Town) {
    let station = town.station("WH01").await;
    let space = room(&town, station, "书吧").await;
    let server = Server::before(&town.app).await;
    let (anna, berta) = (resident(&town, &server, ANNA).await, resident(&town, &server, BERTA).await);
    let path = format!("/stations/WH01/book/space/{space}?from=2026-11-24T10:00&to=2026-11-24T11:00");
    anna.done(&anna.page(&path).await, "/stations/WH01/book/", &[]).await;
    let mine = anna.page(&link(&anna.page("/mine/bookings").await, "/mine/calendars", "")).await;
    let (status, made) = text(&anna, &mine, "/mine/calendars", &[]).await;
    assert!(status == 200 && made.contains("只显示这一次") && made.contains("webcal://"), "{made}");
    let calendar = address(&made);
    let (status, read) = subscribed(&server, &calendar).await;
    assert!(status == 200 && read.contains("SUMMARY:书吧"), "{read}");
    // Shown once: later only that there is one.
    let later = anna.page("/mine/calendars").await;
    assert!(!later.contains(&calendar) && later.contains("用着的地址") && later.contains("再生成一个"), "{later}");
    // Not hers to revoke.
    let (action, fields) = form(&later, "/mine/calendars/", &[]);
    assert_eq!(berta.post(&action, &fields).await.status(), 404);
    let revoked = anna.done(&later, "/mine/calendars/", &[]).await;
    assert!(revoked.contains("已作废") && !revoked.contains("用着的地址"), "{revoked}");
    assert_eq!(subscribed(&server, &calendar).await.0, 404);
    let nobody = Browser { server: &server, cookie: String::new() };
    assert_eq!(nobody.get("/mine/calendars").await.0, 303);
}

async fn a_keeper_gives_out_a_public_calendar_that_names_nobody(town: Town) {
    let station = town.station("WH01").await;
    let space = room(&town, station, "书吧").await;
    let server = Server::before(&town.app).await;
    let (anna, keeper) = (resident(&town, &server, ANNA).await, keeper(&town, &server, station).await);
    let path = format!("/stations/WH01/book/space/{space}?from=2026-11-24T10:00&to=2026-11-24T11:00");
    anna.done(&anna.page(&path).await, "/stations/WH01/book/", &[("purpose", "生日")]).await;
    let page = keeper.page("/staff/WH01/calendars").await;
    let (_, whole) = text(&keeper, &page, "/staff/WH01/calendars", &[]).await;
    let (_, of_space) = text(&keeper, &page, "/staff/WH01/calendars", &[("space", &space.to_string())]).await;
    for made in [&whole, &of_space] {
        let (status, read) = subscribed(&server, &address(made)).await;
        assert!(status == 200 && read.contains("书吧") && !read.contains("生日") && !read.contains("138"), "{read}");
    }
    let list = keeper.page("/staff/WH01/calendars").await;
    assert!(list.contains("整个驿站，") && list.contains("书吧，"), "{list}");
    let revoked = keeper.done(&list, "/staff/WH01/calendars/", &[]).await;
    assert!(revoked.contains("已作废"), "{revoked}");
    assert_eq!(subscribed(&server, &address(&of_space)).await.0, 404, "the newest stood first");
    assert_eq!(subscribed(&server, &address(&whole)).await.0, 200);
    assert_eq!(anna.get("/staff/WH01/calendars").await.0, 403);
    let (status, _) = text(&keeper, &page, "/staff/WH01/calendars", &[("space", "nonsense")]).await;
    assert_eq!(status, 404);
}

const CLASS: [(&str, &str); 8] = [
    ("rhythm", "w1"),
    ("weekday", "Tue"),
    ("from", "09:00"),
    ("until", "10:30"),
    ("first_day", "2026-11-23"),
    ("last_day", "2026-12-31"),
    ("seats", "12"),
    ("except", "2026-12-08"),
];

async fn a_weekly_class_is_looked_at_first_and_then_made(town: Town) {
    let station = town.station("WH01").await;
    let space = room(&town, station, "活动室").await;
    let server = Server::before(&town.app).await;
    let (anna, keeper) = (resident(&town, &server, ANNA).await, keeper(&town, &server, station).await);
    let path = format!("/stations/WH01/book/space/{space}?from=2026-12-01T09:30&to=2026-12-01T10:30");
    anna.done(&anna.page(&path).await, "/stations/WH01/book/", &[]).await;
    let list = keeper.page("/staff/WH01/series").await;
    let new = keeper.page(&link(&list, "/staff/WH01/series/new/", "session")).await;
    let space = space.to_string();
    let typed = [&CLASS[..], &[("name", "太极班"), ("space", space.as_str())]].concat();
    let (status, look) = text(&keeper, &new, "/staff/WH01/series/new/session", &typed).await;
    assert!(
        status == 200 && look.contains("还没有生效") && look.contains("排得成：4 天") && look.contains("排不成：1 天"),
        "{look}"
    );
    assert!(look.contains("周二 12月1日") && look.contains("约满") && !look.contains("12月8日"), "{look}");
    assert!(occasion::Entity::find().all(town.app.db.read()).await.unwrap().is_empty(), "it was only looked at");
    assert!(series::Entity::find().all(town.app.db.read()).await.unwrap().is_empty());
    // Everything that was typed is still there to be changed.
    let (_, again) = text(&keeper, &look, "/staff/WH01/series/new/session", &[("step", "change")]).await;
    assert!(again.contains("value=\"太极班\"") && again.contains("value=\"2026-12-08\""), "{again}");
    let made = keeper.done(&look, "/staff/WH01/series/new/session", &[("step", "make")]).await;
    assert!(made.contains("排好了") && made.contains("太极班") && made.contains("每周周二 09:00–10:30"), "{made}");
    assert_eq!(occasion::Entity::find().all(town.app.db.read()).await.unwrap().len(), 4);
    // A second tap on the same page makes nothing more.
    keeper.done(&look, "/staff/WH01/series/new/session", &[("step", "make")]).await;
    assert_eq!(series::Entity::find().all(town.app.db.read()).await.unwrap().len(), 1);
    assert!(keeper.page("/staff/WH01/series").await.contains("太极班"));
    // Each day leads to its session; and the rest is ended with a reason.
    assert!(keeper.page(&link(&made, "/staff/WH01/sessions/", "")).await.contains("太极班"));
    let one = link(&keeper.page("/staff/WH01/series").await, "/staff/WH01/series/0", "");
    let ended = keeper.done(&made, &format!("{one}/end"), &[("reason", "老师病了")]).await;
    assert!(ended.contains("结束了") && ended.contains("已结束") && !ended.contains("再试一次"), "{ended}");
    let occasions = occasion::Entity::find().all(town.app.db.read()).await.unwrap();
    assert!(occasions.iter().all(|row| row.cancel_reason.as_deref() == Some("老师病了")), "{occasions:?}");
    town.verified().await;
}

async fn a_group_has_a_space_every_week_and_a_day_that_was_skipped_is_tried_again(town: Town) {
    let station = town.station("WH01").await;
    let space = room(&town, station, "活动室").await;
    let server = Server::before(&town.app).await;
    let (anna, keeper) = (resident(&town, &server, ANNA).await, keeper(&town, &server, station).await);
    let path = format!("/stations/WH01/book/space/{space}?from=2026-11-24T09:30&to=2026-11-24T10:30");
    let booked = anna.done(&anna.page(&path).await, "/stations/WH01/book/", &[]).await;
    let new = keeper.page("/staff/WH01/series/new/space").await;
    let space = space.to_string();
    let typed =
        [&CLASS[..], &[("phone", BERTA), ("space", space.as_str()), ("purpose", "合唱团"), ("last_day", "2026-12-10")]].concat();
    let typed: Vec<_> = typed.into_iter().filter(|field| *field != ("last_day", "2026-12-31")).collect();
    let (_, look) = text(&keeper, &new, "/staff/WH01/series/new/space", &typed).await;
    let made = keeper.done(&look, "/staff/WH01/series/new/space", &[("step", "make")]).await;
    assert!(made.contains("活动室 · 合唱团") && made.contains("排得成：1 天") && made.contains("周二 11月24日"), "{made}");
    // Still taken: she is told so, and nothing is changed.
    let one = link(&keeper.page("/staff/WH01/series").await, "/staff/WH01/series/0", "");
    let (status, refused) = text(&keeper, &made, &format!("{one}/try"), &[]).await;
    assert!(status == 409 && refused.contains("role=\"alert\""), "{refused}");
    let id = booking::Entity::find().all(town.app.db.read()).await.unwrap();
    let hers = id.iter().find(|row| row.purpose.is_none()).unwrap().id;
    anna.done(&booked, &format!("/mine/bookings/{hers}/cancel"), &[]).await;
    let tried = keeper.done(&refused, &format!("{one}/try"), &[]).await;
    assert!(tried.contains("这一天排上了") && tried.contains("排得成：2 天") && !tried.contains("排不成"), "{tried}");
    town.verified().await;
}

async fn what_cannot_be_read_comes_back_as_it_was_typed(town: Town) {
    let station = town.station("WH01").await;
    let server = Server::before(&town.app).await;
    let keeper = keeper(&town, &server, station).await;
    let new = keeper.page("/staff/WH01/series/new/session").await;
    for (field, value, said) in [
        ("first_day", "2027-03-01", "日期没看懂"),
        ("last_day", "someday", "日期没看懂"),
        ("rhythm", "w0", "日期没看懂"),
        ("until", "08:00", "结束要晚于开始"),
        ("from", "nine", "结束要晚于开始"),
    ] {
        let typed: Vec<_> =
            CLASS.into_iter().filter(|(name, _)| *name != field).chain([(field, value), ("name", "太极班")]).collect();
        let (status, page) = text(&keeper, &new, "/staff/WH01/series/new/session", &typed).await;
        assert!(status == 422 && page.contains(said) && page.contains("value=\"太极班\""), "{field}: {page}");
    }
    let new = keeper.page("/staff/WH01/series/new/space").await;
    for (phone, said) in [("12", "手机号好像不对"), (BERTA, "请选一个场地")] {
        let typed = [&CLASS[..], &[("phone", phone)]].concat();
        let (status, page) = text(&keeper, &new, "/staff/WH01/series/new/space", &typed).await;
        assert!(status == 422 && page.contains(said), "{page}");
    }
    assert_eq!(keeper.get("/staff/WH01/series/new/nonsense").await.0, 404);
    assert!(series::Entity::find().all(town.app.db.read()).await.unwrap().is_empty());
}

async fn a_series_is_the_business_of_the_keepers_of_its_station(town: Town) {
    let station = town.station("WH01").await;
    town.station("WH02").await;
    let server = Server::before(&town.app).await;
    let (anna, keeper) = (resident(&town, &server, ANNA).await, keeper(&town, &server, station).await);
    let new = keeper.page("/staff/WH01/series/new/session").await;
    let typed = [&CLASS[..], &[("name", "太极班"), ("step", "make")]].concat();
    keeper.done(&new, "/staff/WH01/series/new/session", &typed).await;
    let one = link(&keeper.page("/staff/WH01/series").await, "/staff/WH01/series/0", "");
    for path in ["/staff/WH01/series", "/staff/WH01/series/new/session", one.as_str()] {
        assert_eq!(anna.get(path).await.0, 403, "{path}");
    }
    assert_eq!(keeper.get("/staff/WH02/series").await.0, 403);
    assert_eq!(keeper.get("/staff/WH01/series/nonsense").await.0, 404);
}
