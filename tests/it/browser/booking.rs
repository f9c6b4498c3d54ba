//! Booking ahead: three taps from the page of a station; waiting in line, and taking what is offered; a class every week, and a
//! calendar of it.

use entity::kind::Identity;

use super::{
    Browser, Visit,
    keeping::at_work,
    measures::{ELDER, RESIDENT, STAFF},
    tour::STATION,
};
use crate::{
    journeys,
    support::town::{Town, borrow, give_back},
};

journeys!(a_wheelchair_is_booked_in_three_taps_from_the_page_of_the_station, whoever_waits_in_line_takes_what_is_offered,);

journeys!(
    in crate::browser::tour::tell;
    a_keeper_looks_at_a_weekly_class_before_it_is_made: [phone, phone_without_script, desktop],
    a_public_calendar_is_scanned_or_copied: [phone, phone_without_script, desktop],
);

const ANNA: &str = "13800138012";

/// A station with one wheelchair, and Anna, who is signed in. Gives back the code on the wheelchair.
async fn at_a_station_with_a_wheelchair(town: &Town, browser: &Browser) -> String {
    let station = town.station("WH01").await;
    let kind = town.kind("轮椅", Identity::Phone).await;
    let code = town.items(kind, station, 1).await.remove(0);
    browser.open_path("/mine").await;
    browser.fill("手机号", ANNA).await;
    browser.tap_on("main button.big").await;
    browser.shall_say("验证码已发送").await;
    browser.fill("验证码", &crate::sessions::code_sent_to(&town.app, ANNA).await).await;
    browser.tap_on("main button.big").await;
    browser.shall_be_at("/mine").await;
    code
}

async fn a_wheelchair_is_booked_in_three_taps_from_the_page_of_the_station(visit: Visit) {
    let Visit { town, browser, .. } = visit;
    at_a_station_with_a_wheelchair(&town, &browser).await;
    browser.open_path("/s/WH01").await;
    browser.count_anew();
    browser.tap("轮椅").await;
    browser.shall_say("最近能约的时间").await;
    browser.assert_keeps(RESIDENT).await;
    browser.tap_on("main a.big").await;
    browser.shall_say("这个时间有空").await;
    browser.assert_accessible().await;
    browser.tap("约这个时间").await;
    browser.shall_say("约好了").await;
    assert_eq!(browser.taps(), 3);
    browser.shall_say("加到日历").await;
    browser.screenshot("booked").await;
    browser.assert_accessible().await;
    browser.assert_keeps(RESIDENT).await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    town.verified().await;
}

async fn whoever_waits_in_line_takes_what_is_offered(visit: Visit) {
    let Visit { town, browser, .. } = visit;
    let code = at_a_station_with_a_wheelchair(&town, &browser).await;
    borrow(town.visitor(), &code, Some("13800138013")).await.unwrap();
    browser.scan(&code).await;
    browser.tap("排队等一个").await;
    browser.shall_say("越快越好").await;
    browser.screenshot("wait").await;
    browser.assert_accessible().await;
    browser.assert_keeps(RESIDENT).await;
    browser.tap("开始排队").await;
    browser.shall_say("排上了").await;
    browser.shall_say("第 1 位").await;
    browser.screenshot("in-line").await;
    browser.assert_accessible().await;
    let place = browser.path().await;
    let place = place.split('?').next().unwrap();
    browser.open_path("/mine/bookings").await;
    browser.shall_say("正在排队").await;
    give_back(town.visitor(), &code).await.unwrap();
    browser.open_path(place).await;
    browser.shall_say("轮到您了").await;
    browser.screenshot("offered").await;
    browser.assert_accessible().await;
    browser.large_type().await;
    browser.reload().await;
    browser.assert_keeps(ELDER).await;
    browser.tap("要，给我留着").await;
    browser.shall_say("确认好了").await;
    browser.open_path("/mine/bookings").await;
    browser.shall_not_say("正在排队").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    town.verified().await;
}

async fn a_keeper_looks_at_a_weekly_class_before_it_is_made(visit: Visit) {
    let Visit { browser, .. } = visit;
    at_work(&browser).await;
    browser.open_path(&format!("/staff/{STATION}/series")).await;
    browser.tap("定期举办活动").await;
    browser.fill("名称", "太极班").await;
    browser.screenshot("series-new").await;
    browser.tap("先看看排得成哪些").await;
    browser.shall_say("还没有生效").await;
    browser.screenshot("series-sure").await;
    browser.assert_accessible().await;
    browser.assert_keeps(STAFF).await;
    browser.tap("改一改").await;
    browser.shall_say("多久一次").await;
    browser.tap("先看看排得成哪些").await;
    browser.tap("就这样").await;
    browser.shall_say("排好了").await;
    browser.shall_say("太极班").await;
    browser.assert_accessible().await;
}

async fn a_public_calendar_is_scanned_or_copied(visit: Visit) {
    let Visit { browser, .. } = visit;
    at_work(&browser).await;
    browser.open_path(&format!("/staff/{STATION}/calendars")).await;
    browser.tap("生成订阅地址").await;
    browser.shall_say("只显示这一次").await;
    browser.screenshot("calendar").await;
    browser.assert_accessible().await;
    browser.assert_keeps(STAFF).await;
    let copied = browser.run("return document.querySelector('textarea[readonly]').value", Vec::new()).await;
    assert!(copied.as_str().unwrap().ends_with(".ics"), "{copied}");
}
