//! Booking ahead by pages, as a browser without a script sees them.

use chrono::TimeDelta;
use entity::{
    booking::{self, State},
    ids::{KindId, MemberId, OccasionId, SpaceId, StationId},
    kind::Identity,
    pool::Terms,
};
use reqwest::Response;
use sea_orm::EntityTrait;
use yizhan::{
    desk::{
        self, Desk,
        bookings::{
            bookable::Target,
            terms::{SetTerms, set},
        },
        members::Edit,
        occasions::{Announce, announce},
        roles::Office,
        spaces::{Particulars, create},
    },
    rules::terms::{Sort, preset},
    view::TermsView,
};

use crate::{
    both,
    support::{server::Server, town::Town},
};

both!(
    a_wheelchair_is_booked_in_three_taps_from_the_page_of_the_station,
    whoever_is_not_known_signs_in_and_is_back_where_she_was,
    a_time_that_is_taken_shows_what_is_free_and_one_tap_books_that,
    a_booking_is_changed_in_one_piece_and_cancelled,
    a_session_has_so_many_seats,
    a_room_is_checked_in_from_the_page_of_the_station_and_left_early,
    a_keeper_puts_aside_what_was_booked_scan_by_scan,
    a_keeper_says_yes_and_no,
    a_keeper_books_for_somebody_and_cancels_with_a_reason,
    a_keeper_enters_spaces_sessions_outages_and_terms,
    what_is_short_is_shown_to_the_keeper,
    the_display_at_the_door_says_nobodys_name,
    a_thing_that_somebody_booked_is_lent_until_then_and_says_so,
    nobody_sees_the_bookings_of_others,
);

pub(crate) const ANNA: &str = "13800138011";
pub(crate) const BERTA: &str = "13800138012";
pub(crate) const KEEPER: &str = "13900000001";

/// Somebody with a browser.
pub(crate) struct Browser<'a> {
    pub(crate) server: &'a Server,
    pub(crate) cookie: String,
}

impl Browser<'_> {
    pub(crate) async fn get(&self, path: &str) -> (u16, String) {
        let request = self.server.client.get(format!("{}{path}", self.server.base));
        let response = request.header("Cookie", &self.cookie).header("Accept-Language", "zh-CN").send().await.unwrap();
        // The hours of a time are kept on one line by a character that nobody sees.
        (response.status().as_u16(), response.text().await.unwrap().replace('\u{2060}', ""))
    }

    pub(crate) async fn page(&self, path: &str) -> String {
        let (status, html) = self.get(path).await;
        assert_eq!(status, 200, "{path}: {html}");
        html
    }

    pub(crate) async fn post(&self, path: &str, fields: &[(String, String)]) -> Response {
        let request = self.server.client.post(format!("{}{path}", self.server.base));
        request.header("Cookie", &self.cookie).header("Accept-Language", "zh-CN").form(fields).send().await.unwrap()
    }

    /// Taps the button of the form that goes to `action`, as it stands on a page, with what is typed.
    pub(crate) async fn tap(&self, html: &str, action: &str, typed: &[(&str, &str)]) -> Response {
        let (action, fields) = form(html, action, typed);
        self.post(&action, &fields).await
    }

    /// The same, and what is shown after it was done.
    pub(crate) async fn done(&self, html: &str, action: &str, typed: &[(&str, &str)]) -> String {
        let response = self.tap(html, action, typed).await;
        let status = response.status();
        let Some(to) = response.headers().get("location").map(|to| to.to_str().unwrap().to_owned()) else {
            panic!("{status}: {}", response.text().await.unwrap());
        };
        self.page(&to).await
    }
}

/// The first form whose action begins so: its action, its hidden fields, and what is typed.
pub(crate) fn form(html: &str, action: &str, typed: &[(&str, &str)]) -> (String, Vec<(String, String)>) {
    let start = html.find(&format!("method=\"post\" action=\"{action}")).unwrap_or_else(|| panic!("no {action} in {html}"));
    let form = html[start..].split("</form>").next().unwrap();
    let value =
        |tag: &str, name: &str| tag.split(&format!("{name}=\"")).nth(1).map(|rest| rest.split('"').next().unwrap().to_owned());
    let mut fields: Vec<(String, String)> = form
        .split("<input ")
        .skip(1)
        .filter_map(|tag| Some((value(tag, "name")?, value(tag, " value").unwrap_or_default())))
        .filter(|(name, _)| typed.iter().all(|(typed, _)| typed != name))
        .collect();
    fields.extend(typed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    (value(form, "action").unwrap().replace("&#38;", "&"), fields)
}

/// The first link that begins so, and in which that stands.
pub(crate) fn link(html: &str, begin: &str, within: &str) -> String {
    let links = html.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap().replace("&#38;", "&"));
    links
        .into_iter()
        .find(|to| to.starts_with(begin) && to.contains(within))
        .unwrap_or_else(|| panic!("no {begin} {within} in {html}"))
}

pub(crate) async fn resident<'a>(town: &Town, server: &'a Server, phone: &str) -> Browser<'a> {
    let post = |fields: Vec<(&'static str, String)>| server.client.post(format!("{}/sign-in", server.base)).form(&fields).send();
    post(vec![("phone", phone.to_owned())]).await.unwrap();
    let code = crate::sessions::code_sent_to(&town.app, phone).await;
    let signed = post(vec![("phone", phone.to_owned()), ("code", code)]).await.unwrap();
    Browser { server, cookie: cookie(&signed) }
}

pub(crate) fn cookie(signed: &Response) -> String {
    signed.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned()
}

pub(crate) async fn keeper<'a>(town: &Town, server: &'a Server, station: StationId) -> Browser<'a> {
    let member = town.member(KEEPER).await;
    desk::roles::grant(town.process(), (member, Office::Keeper(station))).await.unwrap();
    let rev = yizhan::store::members::find(town.app.db.read(), member).await.unwrap().unwrap().rev;
    let edit = Edit { password: Some("long enough".to_owned()), ..Edit::default() };
    desk::members::edit(Desk { if_match: Some(rev), ..town.process() }, (member, edit)).await.unwrap();
    let fields = [("phone", KEEPER), ("password", "long enough"), ("next", "/staff")];
    let signed = server.client.post(format!("{}/sign-in", server.base)).form(&fields).send().await.unwrap();
    Browser { server, cookie: cookie(&signed) }
}

/// A station with wheelchairs, and what is on them.
pub(crate) async fn chairs(town: &Town, count: u32) -> (StationId, KindId, Vec<String>) {
    let station = town.station("WH01").await;
    let kind = town.kind("轮椅", Identity::Verified).await;
    let codes = town.items(kind, station, count).await;
    (station, kind, codes)
}

pub(crate) async fn room(town: &Town, station: StationId, name: &str) -> SpaceId {
    let what = Particulars { name: Some(name.to_owned()), ..Particulars::default() };
    create(town.process(), (station, None, what)).await.unwrap().into_receipt().id.into()
}

async fn bookings(town: &Town) -> Vec<booking::Model> {
    booking::Entity::find().all(town.app.db.read()).await.unwrap()
}

async fn a_wheelchair_is_booked_in_three_taps_from_the_page_of_the_station(town: Town) {
    let (_, kind, _) = chairs(&town, 2).await;
    let server = Server::before(&town.app).await;
    let anna = resident(&town, &server, ANNA).await;
    let station = anna.page("/s/WH01").await;
    let mut taps = 0;
    taps += 1;
    let times = anna.page(&link(&station, &format!("/stations/WH01/book/thing/{kind}"), "")).await;
    assert!(times.contains("最近能约的时间") && times.contains("有空"), "{times}");
    taps += 1;
    let last_look = anna.page(&link(&times, &format!("/stations/WH01/book/thing/{kind}"), "from=2026-11-23T13:00")).await;
    assert!(last_look.contains("周一 11月23日 13:00–17:00") && last_look.contains("可以随时取消"), "{last_look}");
    taps += 1;
    let booked = anna.done(&last_look, "/stations/WH01/book/", &[]).await;
    assert_eq!(taps, 3);
    assert!(
        booked.contains("约好了") && booked.contains("周一 11月23日 13:00–17:00") && booked.contains("扫物品上的二维码"),
        "{booked}"
    );
    assert_eq!(bookings(&town).await.len(), 1);
    // Among what is mine.
    assert!(anna.page("/mine").await.contains("13:00–17:00"));
    assert!(anna.page("/mine/bookings").await.contains("13:00–17:00"));
    // Every other step says something too.
    let all = anna.page("/stations/WH01/book").await;
    assert!(all.contains("轮椅") && all.contains("最近有空"), "{all}");
    let day = anna.page(&format!("/stations/WH01/book/thing/{kind}?day=2026-11-24")).await;
    assert!(day.contains("上午") && day.contains("08:00–12:00") && day.contains("4 小时"), "{day}");
    town.verified().await;
}

async fn whoever_is_not_known_signs_in_and_is_back_where_she_was(town: Town) {
    let (_, kind, _) = chairs(&town, 1).await;
    let server = Server::before(&town.app).await;
    let nobody = Browser { server: &server, cookie: String::new() };
    let here = format!("/stations/WH01/book/thing/{kind}?from=2026-11-24T08:00&to=2026-11-24T12:00");
    let page = nobody.page(&here).await;
    assert!(page.contains("登录后预约") && !page.contains("约这个时间"), "{page}");
    let next = link(&page, "/sign-in?next=", "");
    let sign_in = nobody.page(&next).await;
    assert!(sign_in.contains("from=2026-11-24T08:00"), "{sign_in}");
    // A form that was open while the session ended leads there too.
    let fields = [("key", "k"), ("from", "2026-11-24T08:00"), ("to", "2026-11-24T12:00")];
    let fields: Vec<_> = fields.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    let sent = nobody.post(&format!("/stations/WH01/book/thing/{kind}"), &fields).await;
    assert!(sent.status() == 303 && sent.headers()["location"].to_str().unwrap().starts_with("/sign-in?next="), "{sent:?}");
    assert!(bookings(&town).await.is_empty());
}

async fn a_time_that_is_taken_shows_what_is_free_and_one_tap_books_that(town: Town) {
    let (_, kind, _) = chairs(&town, 1).await;
    let server = Server::before(&town.app).await;
    let (anna, berta) = (resident(&town, &server, ANNA).await, resident(&town, &server, BERTA).await);
    let path = format!("/stations/WH01/book/thing/{kind}?from=2026-11-24T08:00&to=2026-11-24T12:00");
    // Both look while it is free; one is faster.
    let (first, second) = (anna.page(&path).await, berta.page(&path).await);
    anna.done(&first, "/stations/WH01/book/", &[]).await;
    let refused = berta.tap(&second, "/stations/WH01/book/", &[]).await;
    assert_eq!(refused.status(), 409);
    let refused = refused.text().await.unwrap().replace('\u{2060}', "");
    assert!(
        refused.contains("已经约满") && refused.contains("这些时间有空") && refused.contains("周二 11月24日 12:00–16:00"),
        "{refused}"
    );
    let booked = berta.done(&refused, "/stations/WH01/book/", &[]).await;
    assert!(booked.contains("约好了"), "{booked}");
    assert_eq!(bookings(&town).await.len(), 2);
    // Whoever comes later sees it before she asks.
    let later = berta.page(&path).await;
    assert!(later.contains("这个时间没有空") && later.contains("点一下就约好"), "{later}");
    town.verified().await;
}

async fn a_booking_is_changed_in_one_piece_and_cancelled(town: Town) {
    let (_, kind, _) = chairs(&town, 1).await;
    let server = Server::before(&town.app).await;
    let anna = resident(&town, &server, ANNA).await;
    let path = format!("/stations/WH01/book/thing/{kind}?from=2026-11-24T08:00&to=2026-11-24T12:00");
    let booked = anna.done(&anna.page(&path).await, "/stations/WH01/book/", &[]).await;
    let days = anna.page(&link(&booked, "/stations/WH01/book/", "change=")).await;
    assert!(days.contains("原来的时间一直为您留着"), "{days}");
    let change = link(&days, "/stations/WH01/book/", "day=2026-11-24");
    let times = anna.page(&change).await;
    // Her own time does not stand in her way.
    let last_look = anna.page(&link(&times, "/stations/WH01/book/", "from=2026-11-24T08:00&to=2026-11-24T18:00")).await;
    let changed = anna.done(&last_look, "/stations/WH01/book/", &[]).await;
    assert!(changed.contains("改好了") && changed.contains("08:00–18:00"), "{changed}");
    assert_eq!(bookings(&town).await.len(), 1);
    let cancelled = anna.done(&changed, "/mine/bookings/", &[]).await;
    assert!(cancelled.contains("已取消") && cancelled.contains("再约一次"), "{cancelled}");
    assert_eq!(bookings(&town).await[0].state, State::Cancelled);
    town.verified().await;
}

pub(crate) async fn clinic(town: &Town, station: StationId, seats: i32) -> OccasionId {
    let order = Announce {
        station,
        space: None,
        name: "义诊".to_owned(),
        name_en: None,
        emoji: None,
        note: Some("请带医保卡".to_owned()),
        seats,
        starts_at: town.now() + TimeDelta::hours(24),
        ends_at: town.now() + TimeDelta::hours(26),
    };
    announce(town.process(), order).await.unwrap().into_receipt().id.into()
}

async fn a_session_has_so_many_seats(town: Town) {
    let station = town.station("WH01").await;
    let session = clinic(&town, station, 1).await;
    let server = Server::before(&town.app).await;
    let (anna, berta) = (resident(&town, &server, ANNA).await, resident(&town, &server, BERTA).await);
    let all = anna.page("/stations/WH01/book").await;
    assert!(all.contains("义诊") && all.contains("还有 1 个名额"), "{all}");
    let look = anna.page(&link(&all, &format!("/stations/WH01/book/session/{session}"), "")).await;
    assert!(look.contains("请带医保卡"), "{look}");
    assert!(anna.done(&look, "/stations/WH01/book/", &[]).await.contains("约好了"));
    let again = anna.tap(&look, "/stations/WH01/book/", &[("key", "another")]).await;
    assert!(again.status() == 409 && again.text().await.unwrap().contains("已经约过了"));
    assert!(berta.page("/stations/WH01/book").await.contains("约满了"));
    let full = berta.tap(&look, "/stations/WH01/book/", &[]).await;
    assert_eq!(full.status(), 409);
    // The keeper has a list of who comes.
    let keeper = keeper(&town, &server, station).await;
    let list = keeper.page(&format!("/staff/WH01/sessions/{session}")).await;
    assert!(list.contains("138****8011") && list.contains("1 / 1 人"), "{list}");
    town.advance(TimeDelta::hours(24));
    let list = keeper.page(&format!("/staff/WH01/sessions/{session}")).await;
    assert!(keeper.done(&list, "/staff/WH01/bookings/", &[]).await.contains("签到好了"));
    assert_eq!(bookings(&town).await[0].state, State::Collected);
}

async fn a_room_is_checked_in_from_the_page_of_the_station_and_left_early(town: Town) {
    let station = town.station("WH01").await;
    let space = room(&town, station, "书吧").await;
    let server = Server::before(&town.app).await;
    let anna = resident(&town, &server, ANNA).await;
    let days = anna.page(&format!("/stations/WH01/book/space/{space}")).await;
    let look = anna.page(&link(&days, "/stations/WH01/book/space/", "from=2026-11-23T10:00&to=2026-11-23T11:00")).await;
    anna.done(&look, "/stations/WH01/book/", &[]).await;
    let here = anna.page("/s/WH01").await;
    assert!(here.contains("您在这里有预约") && here.contains("签到"), "{here}");
    let there = anna.done(&here, "/mine/bookings/", &[]).await;
    assert!(there.contains("签到好了"), "{there}");
    assert!(!anna.page("/s/WH01").await.contains("您在这里有预约"));
    town.advance(TimeDelta::minutes(20));
    let left = anna.done(&there, "/mine/bookings/", &[]).await;
    assert!(left.contains("剩下的时间让给别人了"), "{left}");
    assert_eq!(bookings(&town).await[0].state, State::Ended);
    town.verified().await;
}

async fn book_chairs(town: &Town, kind: KindId, phone: &str, units: u32) -> MemberId {
    let member = town.member(phone).await;
    let order = yizhan::desk::bookings::book::Book {
        quantity: units,
        purpose: Some("去医院".to_owned()),
        whom: yizhan::desk::bookings::book::Whom::Member(member),
        ..crate::bookings::order(kind, 180, 120)
    };
    crate::bookings::ask(town.process(), order).await.unwrap();
    member
}

async fn a_keeper_puts_aside_what_was_booked_scan_by_scan(town: Town) {
    let (station, kind, codes) = chairs(&town, 3).await;
    book_chairs(&town, kind, ANNA, 2).await;
    let server = Server::before(&town.app).await;
    let keeper = keeper(&town, &server, station).await;
    assert!(keeper.page("/staff/WH01/today").await.contains("预约：1 个今明要取"));
    let list = keeper.page("/staff/WH01/bookings").await;
    assert!(
        list.contains("轮椅 × 2") && list.contains("138****8011") && list.contains("去医院") && !list.contains(ANNA),
        "{list}"
    );
    let id = bookings(&town).await[0].id;
    let one = keeper.page(&link(&list, &format!("/staff/WH01/bookings/{id}"), "")).await;
    let ready = format!("/staff/WH01/bookings/{id}/ready");
    // One after the other, as a camera reads them.
    let half = keeper.tap(&one, &ready, &[("code", &codes[0])]).await;
    assert_eq!(half.status(), 200);
    let half = half.text().await.unwrap();
    assert!(half.contains(&codes[0]), "{half}");
    let wrong = keeper.tap(&half, &ready, &[("code", "NONE")]).await;
    assert!(wrong.status() == 422 && wrong.text().await.unwrap().contains("编号没找到"));
    let done = keeper.done(&half, &ready, &[("code", &format!("https://yizhan.example/q/{}", codes[1]))]).await;
    assert!(done.contains("备好了"), "{done}");
    assert_eq!(bookings(&town).await[0].state, State::Ready);
    let day = keeper.page("/staff/WH01/bookings/day").await;
    assert!(day.contains("<svg") && day.contains("1 / 3") && day.contains("138****8011"), "{day}");
    town.verified().await;
}

async fn terms(town: &Town, target: Target, change: impl FnOnce(&mut Terms)) {
    let mut terms = preset(Sort::Things("test"));
    change(&mut terms);
    desk::answer(town.process(), SetTerms { target, terms: Some(TermsView::from(&terms)) }, set).await.unwrap();
}

async fn a_keeper_says_yes_and_no(town: Town) {
    let (station, kind, _) = chairs(&town, 2).await;
    terms(&town, Target::Things("WH01".to_owned(), kind), |terms| terms.approval = true).await;
    let server = Server::before(&town.app).await;
    let (anna, berta) = (resident(&town, &server, ANNA).await, resident(&town, &server, BERTA).await);
    let path = format!("/stations/WH01/book/thing/{kind}?from=2026-11-24T08:00&to=2026-11-24T12:00");
    let asked = anna.done(&anna.page(&path).await, "/stations/WH01/book/", &[("purpose", "去医院")]).await;
    assert!(asked.contains("等站长同意"), "{asked}");
    let refused = berta.done(&berta.page(&path).await, "/stations/WH01/book/", &[]).await;
    assert!(refused.contains("等站长同意"), "{refused}");
    let keeper = keeper(&town, &server, station).await;
    let list = keeper.page("/staff/WH01/bookings").await;
    assert!(list.contains("等您同意") && list.contains("去医院"), "{list}");
    let all = bookings(&town).await;
    let yes = keeper.done(&list, &format!("/staff/WH01/bookings/{}/decide", all[0].id), &[]).await;
    assert!(yes.contains("处理好了"), "{yes}");
    let one = keeper.page(&format!("/staff/WH01/bookings/{}", all[1].id)).await;
    let no = one.split("value=\"false\"").nth(1).unwrap();
    assert!(no.contains("为什么不同意"), "{no}");
    let typed = [("approved", "false"), ("reason", "那天要消毒")];
    keeper.done(&one, &format!("/staff/WH01/bookings/{}/decide", all[1].id), &typed).await;
    assert!(anna.page("/mine/bookings").await.contains("约好了"));
    let told = berta.page(&format!("/mine/bookings/{}", all[1].id)).await;
    assert!(told.contains("站长没有同意") && told.contains("那天要消毒"), "{told}");
}

async fn a_keeper_books_for_somebody_and_cancels_with_a_reason(town: Town) {
    let (station, kind, _) = chairs(&town, 1).await;
    let server = Server::before(&town.app).await;
    let keeper = keeper(&town, &server, station).await;
    let offers = keeper.page("/stations/WH01/book?whom=other").await;
    let days = keeper.page(&link(&offers, &format!("/stations/WH01/book/thing/{kind}"), "whom=other")).await;
    let look = keeper.page(&link(&days, "/stations/WH01/book/", "whom=other")).await;
    let wrong = keeper.tap(&look, "/stations/WH01/book/", &[("phone", "1380013")]).await;
    assert!(wrong.status() == 422 && wrong.text().await.unwrap().contains("value=\"1380013\""));
    let booked = keeper.done(&look, "/stations/WH01/book/", &[("phone", "138 0013 8011"), ("name", "安娜")]).await;
    assert!(booked.contains("约好了") && booked.contains("138****8011"), "{booked}");
    let id = bookings(&town).await[0].id;
    let one = keeper.page(&format!("/staff/WH01/bookings/{id}")).await;
    let cancelled = keeper.done(&one, &format!("/staff/WH01/bookings/{id}/cancel"), &[("reason", "轮椅坏了")]).await;
    assert!(cancelled.contains("取消了"), "{cancelled}");
    assert_eq!(bookings(&town).await[0].end_reason.as_deref(), Some("轮椅坏了"));
}

async fn a_keeper_enters_spaces_sessions_outages_and_terms(town: Town) {
    let station = town.station("WH01").await;
    let server = Server::before(&town.app).await;
    let keeper = keeper(&town, &server, station).await;
    let spaces = keeper.page("/staff/WH01/spaces").await;
    let spaces = keeper.done(&spaces, "/staff/WH01/spaces", &[("name", "活动室"), ("seats", "40"), ("emoji", "🏠")]).await;
    let whole = link(&spaces, "/display/", "").trim_start_matches("/display/").to_owned();
    let halves = keeper.done(&spaces, "/staff/WH01/spaces", &[("name", "东半"), ("part_of", &whole)]).await;
    assert!(halves.contains("活动室") && halves.contains("“活动室”的一部分") && halves.contains("可坐 40 人"), "{halves}");
    let edit = keeper.page(&format!("/staff/WH01/spaces/{whole}")).await;
    assert!(keeper.done(&edit, &format!("/staff/WH01/spaces/{whole}"), &[("name", "大活动室")]).await.contains("大活动室"));
    let kept = keeper.tap(&edit, &format!("/staff/WH01/spaces/{whole}/give-up"), &[]).await;
    assert_eq!(kept.status(), 409, "it has parts");
    let sessions = keeper.page("/staff/WH01/sessions").await;
    let typed = [("name", "夜校"), ("seats", "20"), ("space", whole.as_str()), ("starts_at", "2026-11-24T19:00")];
    let bad = keeper.tap(&sessions, "/staff/WH01/sessions", &[&typed[..], &[("ends_at", "later")]].concat()).await;
    assert!(bad.status() == 422 && bad.text().await.unwrap().contains("value=\"夜校\""));
    let announced =
        keeper.done(&sessions, "/staff/WH01/sessions", &[&typed[..], &[("ends_at", "2026-11-24T21:00")]].concat()).await;
    assert!(announced.contains("发布好了") && announced.contains("周二 11月24日 19:00–21:00"), "{announced}");
    let session = link(&announced, "/staff/WH01/sessions/", "");
    let one = keeper.page(&session).await;
    let off = keeper.done(&one, &format!("{session}/call-off"), &[("reason", "老师病了")]).await;
    assert!(off.contains("已取消") && off.contains("老师病了"), "{off}");
    let outages = keeper.page("/staff/WH01/outages").await;
    let what = format!("space/{whole}");
    let typed = [("what", what.as_str()), ("starts_at", "2026-11-25T08:00"), ("ends_at", "2026-11-25T12:00"), ("note", "刷墙")];
    let out = keeper.done(&outages, "/staff/WH01/outages", &typed).await;
    assert!(out.contains("刷墙") && out.contains("周三 11月25日 08:00–12:00"), "{out}");
    let over = keeper.done(&out, "/staff/WH01/outages/", &[]).await;
    assert!(!over.contains("刷墙"), "{over}");
    let list = keeper.page("/staff/WH01/booking-terms").await;
    let to = link(&list, "/staff/WH01/booking-terms/space/", "");
    let asked = keeper.page(&to).await;
    let impossible = keeper.tap(&asked, &to, &[("least", "600"), ("most", "60")]).await;
    assert!(impossible.status() == 422 && impossible.text().await.unwrap().contains("value=\"600\""));
    assert!(keeper.done(&asked, &to, &[("approval", "1"), ("bookable", "1"), ("ahead", "2")]).await.contains("要站长同意"));
    assert!(keeper.page(&to).await.contains("name=\"ahead\" type=\"number\" inputmode=\"numeric\" min=\"0\" value=\"2\""));
    // Everything that a person's quota can be is asked, and what is left empty is no limit.
    let quota = [("per_day", "1"), ("per_month", "8"), ("time_per_day", "120"), ("time_per_week", ""), ("time_per_month", "900")];
    keeper.done(&asked, &to, &[&[("key", "q"), ("bookable", "1")][..], &quota].concat()).await;
    let asked = keeper.page(&to).await;
    for (name, value) in quota {
        assert!(
            asked.contains(&format!("name=\"{name}\" type=\"number\" inputmode=\"numeric\" min=\"0\" value=\"{value}\"")),
            "{name}"
        );
    }
    town.verified().await;
}

async fn what_is_short_is_shown_to_the_keeper(town: Town) {
    let (station, kind, _) = chairs(&town, 1).await;
    book_chairs(&town, kind, ANNA, 1).await;
    let server = Server::before(&town.app).await;
    let keeper = keeper(&town, &server, station).await;
    assert!(!keeper.page("/staff/WH01/bookings").await.contains("有冲突"));
    let outages = keeper.page("/staff/WH01/outages").await;
    let what = format!("thing/{kind}");
    let typed = [("what", what.as_str()), ("starts_at", "2026-11-23T12:00"), ("ends_at", "2026-11-24T12:00"), ("note", "换轮胎")];
    keeper.done(&outages, "/staff/WH01/outages", &typed).await;
    let list = keeper.page("/staff/WH01/bookings").await;
    assert!(list.contains("有冲突") && list.contains("周一 11月23日 13:00 起少 1 个"), "{list}");
}

async fn the_display_at_the_door_says_nobodys_name(town: Town) {
    let station = town.station("WH01").await;
    let space = room(&town, station, "书吧").await;
    let server = Server::before(&town.app).await;
    let keeper = keeper(&town, &server, station).await;
    for from in ["10:00", "15:00"] {
        let until = if from == "10:00" { "11:00" } else { "16:00" };
        let path = format!("/stations/WH01/book/space/{space}?whom=other&from=2026-11-23T{from}&to=2026-11-23T{until}");
        let typed = [("phone", ANNA), ("name", "王小丫"), ("purpose", "读书会")];
        keeper.done(&keeper.page(&path).await, "/stations/WH01/book/", &typed).await;
    }
    let nobody = Browser { server: &server, cookie: String::new() };
    let display = nobody.page(&format!("/display/{space}")).await;
    assert!(display.contains("使用中") && display.contains("到 11:10") && display.contains("15:00–16:10"), "{display}");
    // It turns itself over, with or without a script, until somebody stops it.
    assert!(display.contains("http-equiv=\"refresh\"") && display.contains("data-renew"), "{display}");
    let still = nobody.page(&format!("/display/{space}?still=1")).await;
    assert!(!still.contains("http-equiv") && !still.contains("data-renew") && still.contains("继续更新"), "{still}");
    for name in ["王", "****", ANNA, "读书会"] {
        assert!(!display.contains(name), "{name}: {display}");
    }
    town.advance(TimeDelta::minutes(75));
    assert!(nobody.page(&format!("/display/{space}")).await.contains("空闲"));
    assert_eq!(nobody.get("/display/nothing").await.0, 404);
}

async fn a_thing_that_somebody_booked_is_lent_until_then_and_says_so(town: Town) {
    let station = town.station("WH01").await;
    let kind = town.kind("雨披", Identity::Anonymous).await;
    let codes = town.items(kind, station, 1).await;
    book_chairs(&town, kind, BERTA, 1).await;
    let server = Server::before(&town.app).await;
    let nobody = Browser { server: &server, cookie: String::new() };
    let scan = nobody.page(&format!("/q/{}", codes[0])).await;
    assert!(scan.contains("后面有人预约了，请在 周一 11月23日 13:00 前归还") && scan.contains("预约以后用"), "{scan}");
    let lent = nobody.done(&scan, &format!("/q/{}/borrow", codes[0]), &[]).await;
    assert!(lent.contains("借好了") && lent.contains("后面有人预约了"), "{lent}");
}

async fn nobody_sees_the_bookings_of_others(town: Town) {
    let (_, kind, _) = chairs(&town, 1).await;
    book_chairs(&town, kind, ANNA, 1).await;
    town.station("WH02").await;
    let id = bookings(&town).await[0].id;
    let server = Server::before(&town.app).await;
    let berta = resident(&town, &server, BERTA).await;
    assert_eq!(berta.get(&format!("/mine/bookings/{id}")).await.0, 404);
    assert_eq!(berta.get(&format!("/stations/WH01/book/thing/{kind}?change={id}")).await.0, 404);
    for path in ["bookings", "bookings/day", "bookings/missed", "spaces", "sessions", "outages", "booking-terms"] {
        assert_eq!(berta.get(&format!("/staff/WH01/{path}")).await.0, 403, "{path}");
    }
    assert_eq!(berta.get(&format!("/staff/WH01/bookings/{id}")).await.0, 403);
    // A thing is booked where it is.
    assert_eq!(berta.get(&format!("/stations/WH02/book/thing/{}", town.app.clock.id::<KindId>())).await.0, 404);
    let space = room(&town, town.station("WH03").await, "书吧").await;
    assert_eq!(berta.get(&format!("/stations/WH02/book/space/{space}")).await.0, 404);
}
