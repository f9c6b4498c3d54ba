//! From the sticker to the thing in the hand, and back: what it takes, how it looks, what it weighs.

use entity::kind::Identity;

use super::{
    Visit,
    measures::{ELDER, RESIDENT, STAFF},
};
use crate::journeys;

journeys!(
    an_umbrella_is_borrowed_with_two_taps_and_given_back_with_one_after_the_scan,
    a_wheelchair_is_borrowed_after_a_code: [phone, phone_without_script],
    the_page_of_a_thing_is_for_everybody: [phone, phone_without_script, phone_dark, phone_english, desktop],
    signing_in_is_for_everybody: [phone, phone_without_script, phone_dark, desktop],
    a_page_is_light_and_asks_nobody_else: [phone, phone_without_script],
);

async fn an_umbrella_is_borrowed_with_two_taps_and_given_back_with_one_after_the_scan(visit: Visit) {
    let Visit { town, browser, .. } = visit;
    let codes = town.umbrellas(1).await;
    browser.scan(&codes[0]).await;
    browser.shall_say("周四 11月26日 24:00").await;
    browser.tap("借走").await;
    browser.shall_say("借好了").await;
    browser.shall_say("周四 11月26日 24:00").await;
    assert_eq!(browser.scans() + browser.taps(), 2);
    browser.screenshot("borrowed").await;
    browser.count_anew();
    browser.scan(&codes[0]).await;
    browser.tap("归还").await;
    browser.shall_say("还好了").await;
    assert_eq!((browser.scans(), browser.taps()), (1, 1));
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    town.verified().await;
}

async fn a_wheelchair_is_borrowed_after_a_code(visit: Visit) {
    let Visit { town, browser, .. } = visit;
    let station = town.station("LT03").await;
    let kind = town.kind("轮椅", Identity::Verified).await;
    let codes = town.items(kind, station, 1).await;
    browser.scan(&codes[0]).await;
    browser.tap_on("main a.big").await;
    browser.shall_be_at("/sign-in").await;
    browser.fill("手机号", "13800138011").await;
    browser.tap_on("main button.big").await;
    browser
        .fill("验证码", &{
            browser.shall_say("验证码已发送").await;
            crate::sessions::code_sent_to(&town.app, "13800138011").await
        })
        .await;
    browser.tap_on("main button.big").await;
    // Back where she was, and the device stays known over plain HTTP, too.
    browser.shall_be_at(&format!("/q/{}", codes[0])).await;
    browser.tap("借走").await;
    browser.shall_say("借好了").await;
}

async fn the_page_of_a_thing_is_for_everybody(visit: Visit) {
    let Visit { town, browser, .. } = visit;
    let codes = town.umbrellas(1).await;
    browser.scan(&codes[0]).await;
    browser.screenshot("thing").await;
    browser.assert_accessible().await;
    browser.assert_keeps(RESIDENT).await;
    browser.large_type().await;
    browser.reload().await;
    browser.screenshot("thing-elder").await;
    browser.assert_accessible().await;
    browser.assert_keeps(ELDER).await;
}

async fn signing_in_is_for_everybody(visit: Visit) {
    let Visit { browser, .. } = visit;
    browser.open_path("/sign-in").await;
    browser.screenshot("sign-in").await;
    browser.assert_accessible().await;
    browser.assert_keeps(RESIDENT).await;
    browser.assert_keeps(STAFF).await;
    browser.large_type().await;
    browser.reload().await;
    browser.assert_accessible().await;
    browser.assert_keeps(ELDER).await;
}

async fn a_page_is_light_and_asks_nobody_else(visit: Visit) {
    let Visit { town, browser, .. } = visit;
    let codes = town.umbrellas(1).await;
    for path in [format!("/q/{}", codes[0]), "/sign-in".to_owned()] {
        browser.forget().await;
        let first = browser.visit(&path).await;
        assert!((500..50_000).contains(&first.bytes), "{first:?}");
        let next = browser.visit(&path).await;
        assert!((500..15_000).contains(&next.bytes), "{next:?}");
        for loaded in [first, next] {
            assert_eq!(loaded.origins.iter().collect::<Vec<_>>(), [browser.base()], "{loaded:?}");
        }
    }
}
