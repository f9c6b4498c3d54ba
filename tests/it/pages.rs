//! The page behind a sticker, as a browser without a script sees it.

use entity::kind::Identity;
use reqwest::Response;
use sea_orm::EntityTrait;

use crate::{
    both,
    support::{server::Server, town::Town},
};

both!(
    an_umbrella_is_borrowed_with_one_tap_and_given_back_with_one,
    a_double_tap_borrows_once,
    a_wrong_number_is_asked_again_and_nothing_is_lost,
    a_wheelchair_is_borrowed_after_a_code_and_the_device_stays_known,
    a_page_of_another_site_cannot_post_here,
    an_unknown_code_helps_on,
    no_page_loads_anything_from_elsewhere,
    each_language_is_whole,
    the_qr_code_of_a_sticker_reads_as_its_address,
    a_photo_of_a_return_is_kept_small_and_shown_to_the_keeper_only,
);

async fn page(server: &Server, path: &str) -> (u16, String) {
    let response = server.client.get(format!("{}{path}", server.base)).header("Accept-Language", "zh-CN,zh;q=0.9,en;q=0.5");
    let response = response.send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

async fn submit(server: &Server, path: &str, cookie: &str, fields: &[(&str, &str)]) -> Response {
    let url = format!("{}{path}", server.base);
    server.client.post(url).header("Cookie", cookie).form(fields).send().await.unwrap()
}

fn location(response: &Response) -> String {
    response.headers()["location"].to_str().unwrap().to_owned()
}

/// The key hidden in the form.
fn key(html: &str) -> String {
    html.split("name=\"key\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

async fn an_umbrella_is_borrowed_with_one_tap_and_given_back_with_one(town: Town) {
    let codes = town.umbrellas(1).await;
    let server = Server::before(&town.app).await;
    let (status, html) = page(&server, &format!("/q/{}", codes[0])).await;
    assert!(status == 200 && html.contains("借走") && html.contains("周四 11月26日 24:00"), "{html}");
    let lent = submit(&server, &format!("/q/{}/borrow", codes[0]), "", &[("key", &key(&html))]).await;
    assert_eq!(lent.status(), 303);
    let (_, html) = page(&server, &location(&lent)).await;
    assert!(html.contains("借好了") && html.contains("周四 11月26日 24:00") && html.contains("归还"), "{html}");
    let fields =
        [("key", key(&html)), ("station_code", "LT01".to_owned()), ("condition", "good".to_owned()), ("note", String::new())];
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let back = submit(&server, &format!("/q/{}/return", codes[0]), "", &fields).await;
    let (_, html) = page(&server, &location(&back)).await;
    assert!(html.contains("还好了") && html.contains("谢谢"), "{html}");
}

async fn a_double_tap_borrows_once(town: Town) {
    let codes = town.umbrellas(1).await;
    let server = Server::before(&town.app).await;
    let (_, html) = page(&server, &format!("/q/{}", codes[0])).await;
    let path = format!("/q/{}/borrow", codes[0]);
    let first = submit(&server, &path, "", &[("key", &key(&html))]).await;
    let second = submit(&server, &path, "", &[("key", &key(&html))]).await;
    assert_eq!(location(&first), location(&second));
    assert_eq!(entity::loan::Entity::find().all(town.app.db.read()).await.unwrap().len(), 1);
}

async fn a_wrong_number_is_asked_again_and_nothing_is_lost(town: Town) {
    let (_, codes) = town.tools(1).await;
    let server = Server::before(&town.app).await;
    let (_, html) = page(&server, &format!("/q/{}", codes[0])).await;
    assert!(html.contains("您的手机号"), "{html}");
    let path = format!("/q/{}/borrow", codes[0]);
    let wrong = submit(&server, &path, "", &[("key", &key(&html)), ("phone", "1380013801")]).await;
    assert_eq!(wrong.status(), 422);
    let html = wrong.text().await.unwrap();
    assert!(html.contains("11 位数字") && html.contains("value=\"1380013801\""), "{html}");
    let right = submit(&server, &path, "", &[("key", &key(&html)), ("phone", "138 0013 8011")]).await;
    assert_eq!(right.status(), 303);
}

async fn a_wheelchair_is_borrowed_after_a_code_and_the_device_stays_known(town: Town) {
    let station = town.station("LT03").await;
    let kind = town.kind("轮椅", Identity::Verified).await;
    let codes = town.items(kind, station, 1).await;
    let server = Server::before(&town.app).await;
    let here = format!("/q/{}", codes[0]);
    let (_, html) = page(&server, &here).await;
    assert!(html.contains(&format!("/sign-in?next={here}")), "{html}");
    let sent = submit(&server, "/sign-in", "", &[("phone", "13800138011"), ("next", &here)]).await;
    assert!(sent.text().await.unwrap().contains("验证码已发送"));
    let code = crate::sessions::code_sent_to(&town.app, "13800138011").await;
    let signed = submit(&server, "/sign-in", "", &[("phone", "13800138011"), ("next", &here), ("code", &code)]).await;
    assert_eq!(location(&signed), here);
    let cookie = signed.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Max-Age=15552000"), "{cookie}");
    let cookie = cookie.split(';').next().unwrap();
    let response = server.client.get(format!("{}{here}", server.base)).header("Cookie", cookie).send().await.unwrap();
    let html = response.text().await.unwrap();
    let lent = submit(&server, &format!("{here}/borrow"), cookie, &[("key", &key(&html))]).await;
    assert_eq!(lent.status(), 303);
    let elsewhere = submit(&server, "/sign-in", "", &[("phone", "13800138011"), ("next", "//evil.example"), ("code", "1")]).await;
    assert!(!elsewhere.text().await.unwrap().contains("evil"));
}

async fn a_page_of_another_site_cannot_post_here(town: Town) {
    let codes = town.umbrellas(1).await;
    let server = Server::before(&town.app).await;
    let url = format!("{}/q/{}/borrow", server.base, codes[0]);
    for (header, value) in [("Sec-Fetch-Site", "cross-site"), ("Origin", "https://evil.example")] {
        let posted = server.client.post(&url).header(header, value).form(&[("key", "k")]).send().await.unwrap();
        assert_eq!(posted.status(), 403, "{header}");
    }
    assert_eq!(entity::loan::Entity::find().all(town.app.db.read()).await.unwrap().len(), 0);
}

async fn an_unknown_code_helps_on(town: Town) {
    let server = Server::before(&town.app).await;
    let (status, html) = page(&server, "/q/%3Cscript%3E").await;
    assert!(status == 404 && html.contains("没有找到这个编号") && !html.contains("<script>"), "{html}");
}

async fn no_page_loads_anything_from_elsewhere(town: Town) {
    let codes = town.umbrellas(1).await;
    let server = Server::before(&town.app).await;
    let response = server.client.get(format!("{}/q/{}", server.base, codes[0])).send().await.unwrap();
    let policy = response.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    let html = response.text().await.unwrap();
    assert!(!html.contains("http://") && !html.contains("https://") && !html.contains("style=\""), "{html}");
    let mut weight = html.len();
    for name in ["style.css", "page.js", "icon.svg"] {
        let address = html.split('"').find(|part| part.ends_with(name)).unwrap();
        let asset = server.client.get(format!("{}{address}", server.base)).send().await.unwrap();
        assert!(asset.headers()["cache-control"].to_str().unwrap().contains("immutable"), "{name}");
        weight += asset.text().await.unwrap().len();
    }
    assert!(weight < 50_000, "{weight}");
}

async fn each_language_is_whole(town: Town) {
    let codes = town.umbrellas(1).await;
    let server = Server::before(&town.app).await;
    let path = format!("/q/{}", codes[0]);
    let english = server.client.get(format!("{}{path}?lang=en", server.base)).send().await.unwrap();
    assert!(english.headers()["set-cookie"].to_str().unwrap().starts_with("lang=en"));
    let english = english.text().await.unwrap();
    assert!(english.contains("lang=\"en\"") && english.contains("Borrow") && english.contains("Thu 26 Nov 24:00"), "{english}");
    // Nothing Chinese is left but what has no other name, and the way to the other language.
    let rest = english.replace("折叠雨伞", "").replace("中文", "");
    assert!(rest.is_ascii() || !rest.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)), "{rest}");
}

/// Read back by a decoder that is not the encoder's, from the picture as it is printed.
async fn the_qr_code_of_a_sticker_reads_as_its_address(town: Town) {
    let codes = town.umbrellas(1).await;
    let server = Server::before(&town.app).await;
    let (status, svg) = page(&server, &format!("/api/v1/stickers/{}/qr.svg", codes[0])).await;
    assert_eq!(status, 200);
    let number = |text: &str| -> usize { text.chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap() };
    let side = number(svg.split("viewBox=\"0 0 ").nth(1).unwrap());
    let mut dark = vec![false; side * side];
    // Each dark module is a path of its own: M x y h w v h H x V y.
    for module in svg.split(" d=\"").nth(1).unwrap().split('M').skip(1) {
        let (x, rest) = (number(module), module.split_once(' ').unwrap().1);
        let (y, width) = (number(rest), number(rest.split_once('h').unwrap().1));
        let height = number(rest.split_once('v').unwrap().1);
        for row in y..y + height {
            dark[row * side + x..row * side + x + width].fill(true);
        }
    }
    let mut picture = rqrr::PreparedImage::prepare_from_greyscale(side, side, |x, y| if dark[y * side + x] { 0 } else { 255 });
    let grids = picture.detect_grids();
    let (_, text) = grids[0].decode().unwrap();
    assert_eq!(text, format!("{}/q/{}", town.app.config.base_url, codes[0]));
}

async fn a_photo_of_a_return_is_kept_small_and_shown_to_the_keeper_only(town: Town) {
    use base64::Engine as _;
    yizhan::desk::set_up::offer(&town.app).await.unwrap();
    let server = Server::before(&town.app).await;
    let admin = server.set_up().await;
    let codes = town.umbrellas(1).await;
    let mut png = std::io::Cursor::new(Vec::new());
    image::DynamicImage::new_rgb8(2_000, 1_000).write_to(&mut png, image::ImageFormat::Png).unwrap();
    let photo = base64::prelude::BASE64_STANDARD.encode(png.into_inner());
    let path = format!("/api/v1/items/{}/return", codes[0]);
    let (status, _) = server.post(&path, None, serde_json::json!({ "condition": "damaged", "photo": photo })).await;
    assert_eq!(status, 200);
    let (status, problem) = server.post(&path, None, serde_json::json!({ "photo": "bm8gcGljdHVyZQ==" })).await;
    assert_eq!((status, problem["field"].as_str()), (422, Some("photo")));
    let photos = format!("/api/v1/items/{}/photos", codes[0]);
    assert_eq!(server.get(&photos, None).await.0, 401);
    let (_, list) = server.get(&photos, Some(&admin)).await;
    let id = list["items"][0]["id"].as_str().unwrap();
    let picture = server.call(reqwest::Method::GET, &format!("/api/v1/photos/{id}"), Some(&admin), None).await;
    assert_eq!(picture.headers()["content-type"], "image/jpeg");
    let small = image::load_from_memory(&picture.bytes().await.unwrap()).unwrap();
    assert_eq!((small.width(), small.height()), (1_600, 800));
}
