//! What a keeper types from a pack or holds into the camera, understood at once or asked back. Nothing is stored.

use axum::extract::State;
use base64::Engine as _;
use chrono::Datelike;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    answer::{Answer, found},
    call::Call,
    problem::{Problem, Problems},
};
use crate::{
    app::App,
    picture,
    rules::{label_date, pack_code},
    speech::{self, Problem as Sort},
    view::{LabelDateView, PackCodeView, ReasonView},
};

/// Room for a photo in base64.
const PHOTO: usize = picture::LARGEST / 3 * 4 + 64 * 1024;

/// What is printed on a pack.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LabelDateBody {
    /// As it is printed: `有效期至2026年11月`, `EXP 11/2026`, `生产日期2024-12-16 有效期24个月`.
    text: String,
}

/// Read a date as it is printed; 422 with the question to ask back if it can be read in no way, or in more than one.
#[utoipa::path(post, path = "/label-dates", tag = "stock", request_body = LabelDateBody,
    responses((status = 200, description = "What was understood", body = LabelDateView), Problems))]
pub(super) async fn read_label_date(State(app): State<App>, call: Call<LabelDateBody>) -> Answer<LabelDateView> {
    match label_date::read(&call.body.text, this_year(&app)) {
        Ok(label) => found(LabelDateView::from(&label)),
        Err(ask) => Err(asked_back(&ask, speech::question(ask))),
    }
}

/// A code on a pack: as text, or as a photo of it.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PackCodeBody {
    /// As a scanner or a keyboard gives it. Several codes of one pack, one to a line, are joined.
    text: Option<String>,
    /// A photo (JPEG, PNG or WebP) in base64: QR, DataMatrix, Code 128 and EAN are found in it.
    photo: Option<String>,
}

/// Read the codes on a pack: GS1 element strings and Digital Links, 药品追溯码, EAN and GTIN.
#[utoipa::path(post, path = "/pack-codes", tag = "stock", request_body = PackCodeBody,
    responses((status = 200, description = "What was understood", body = PackCodeView), Problems))]
pub(super) async fn read_pack_code(State(app): State<App>, call: Call<PackCodeBody, PHOTO>) -> Answer<PackCodeView> {
    let codes = match (call.body.text, call.body.photo) {
        (Some(text), None) => text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect(),
        (None, Some(photo)) => {
            let not_a_picture = || Problem::new(Sort::Invalid).at("photo");
            let bytes = base64::prelude::BASE64_STANDARD.decode(photo.trim()).map_err(|_| not_a_picture())?;
            picture::codes_in(bytes).await.ok_or_else(not_a_picture)?
        }
        _ => return Err(Problem::new(Sort::Invalid).at("text").about("either text or photo")),
    };
    match pack_code::read_all(&codes.join("\n"), this_year(&app)) {
        Ok(code) => found(PackCodeView::new(&code, codes)),
        Err(why) => Err(asked_back(&why, speech::no_code(why))),
    }
}

/// The year by which the century of a bar code is found.
fn this_year(app: &App) -> i32 {
    app.clock.now().with_timezone(&chrono_tz::Asia::Shanghai).year()
}

fn asked_back(code: &impl serde::Serialize, words: speech::Words) -> Problem {
    let code = serde_json::to_value(code).ok().and_then(|code| code.as_str().map(str::to_owned)).unwrap_or_default();
    let reason = ReasonView { code, zh: words.zh, en: words.en, data: serde_json::json!({}) };
    Problem { reasons: vec![reason], ..Problem::new(Sort::Unclear) }
}
