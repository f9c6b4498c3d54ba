//! Reading dates and codes while a keeper types, through HTTP.

use base64::Engine as _;
use serde_json::json;

use crate::{
    both,
    support::{server::Server, town::Town},
};

both!(a_label_is_understood_or_asked_back, the_codes_on_a_pack_are_understood_typed_or_photographed,);

async fn a_label_is_understood_or_asked_back(town: Town) {
    let server = Server::before(&town.app).await;
    for (text, kind, precision, lenient, strict) in [
        ("有效期至2026年11月", "valid_until", "month", "2026-11-30", "2026-10-31"),
        ("EXP 11/2026", "valid_until", "month", "2026-11-30", "2026-10-31"),
        ("有效期至2026/11/15", "valid_until", "day", "2026-11-15", "2026-11-14"),
        ("失效期：2026年11月", "expires_on", "month", "2026-10-31", "2026-10-31"),
        ("(17)261100", "valid_until", "month", "2026-11-30", "2026-10-31"),
        ("生产日期2024-12-16 有效期24个月", "shelf_life", "day", "2026-12-15", "2026-12-14"),
    ] {
        let (status, body) = server.post("/api/v1/label-dates", None, json!({ "text": text })).await;
        let got = [&body["kind"], &body["precision"], &body["lenient_last_day"], &body["strict_last_day"]];
        assert_eq!((status, got.map(|v| v.as_str().unwrap_or_default())), (200, [kind, precision, lenient, strict]), "{text}");
    }
    for (text, ask) in [
        ("EXP 11/26", "year-width-missing"),
        ("01/02/2027", "day-month-exchangeable"),
        ("有效期24个月", "production-date-missing"),
        ("有效期至2026年2月30日", "no-such-day"),
        ("祝您健康", "illegible"),
    ] {
        let (status, body) = server.post("/api/v1/label-dates", None, json!({ "text": text })).await;
        assert_eq!(
            (status, body["code"].as_str(), body["reasons"][0]["code"].as_str()),
            (422, Some("unclear"), Some(ask)),
            "{text}"
        );
    }
    server.end().await;
}

async fn the_codes_on_a_pack_are_understood_typed_or_photographed(town: Town) {
    let server = Server::before(&town.app).await;
    let text = "01069012345678921726113010A12";
    let (status, typed) = server.post("/api/v1/pack-codes", None, json!({ "text": format!("]d2{text}") })).await;
    assert_eq!(
        (status, typed["lot"].as_str(), typed["expiry"]["lenient_last_day"].as_str()),
        (200, Some("A12"), Some("2026-11-30"))
    );
    let (status, joined) = server.post("/api/v1/pack-codes", None, json!({ "text": "6901234567892\n(10)B7(17)270600" })).await;
    assert_eq!((status, joined["gtin"].as_str(), joined["lot"].as_str()), (200, Some("06901234567892"), Some("B7")));
    let code = qrcode::QrCode::new("https://id.gs1.org/01/06901234567892/10/A12?17=261130").unwrap();
    let colours = code.to_colors();
    let (side, scale, quiet) = (code.width(), 6, 4);
    let pixels = u32::try_from((side + 2 * quiet) * scale).unwrap();
    let picture = image::GrayImage::from_fn(pixels, pixels, |x, y| {
        let at = |p: u32| (usize::try_from(p).unwrap() / scale).checked_sub(quiet).filter(|i| *i < side);
        let dark = at(x).zip(at(y)).is_some_and(|(x, y)| colours[y * side + x] == qrcode::Color::Dark);
        image::Luma([if dark { 0 } else { 255 }])
    });
    let mut png = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut png, image::ImageFormat::Png).unwrap();
    let photo = base64::prelude::BASE64_STANDARD.encode(png.into_inner());
    let (status, seen) = server.post("/api/v1/pack-codes", None, json!({ "photo": photo })).await;
    assert_eq!((status, &seen["lot"], &seen["gtin"], &seen["expiry"]), (200, &typed["lot"], &typed["gtin"], &typed["expiry"]));
    let (status, wrong) = server.post("/api/v1/pack-codes", None, json!({ "text": "6901234567893" })).await;
    assert_eq!((status, wrong["reasons"][0]["code"].as_str()), (422, Some("check-digit")));
    let (status, _) = server.post("/api/v1/pack-codes", None, json!({ "photo": "bm8=" })).await;
    assert_eq!(status, 422);
    server.end().await;
}
