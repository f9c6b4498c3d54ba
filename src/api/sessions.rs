//! Set up, sign in, refresh, sign out, who am I.

use axum::extract::State;
use entity::values::Phone;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    answer::{Answer, created, done, found},
    call::{Call, Caller},
    problem::{Problem, Problems},
};
use crate::{
    app::App,
    desk::{self, set_up::SetUp},
    speech::Problem as Sort,
    view::{MeView, SessionView, VerificationView},
};

/// The first admin.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetupBody {
    /// The setup code printed at the first start, or set by `YIZHAN_SETUP_CODE`.
    code: String,
    /// What the admin is called.
    name: String,
    /// A mainland mobile number.
    phone: String,
    /// At least 8 characters.
    password: String,
}

/// A phone number with a password (staff) or a one-time code (residents).
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SessionBody {
    /// A mainland mobile number.
    phone: String,
    /// The password of a member with a role.
    password: Option<String>,
    /// The code that was sent.
    code: Option<String>,
}

/// The next pair of tokens.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefreshBody {
    /// The refresh token; good once.
    refresh_token: String,
}

/// Where a code is sent.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VerificationBody {
    /// A mainland mobile number.
    phone: String,
}

pub(super) fn phone(text: &str) -> Result<Phone, Problem> {
    Phone::parse(text).map_err(|malformed| desk::Error::Invalid { field: "phone", problem: malformed.into() }.into())
}

/// An answer with tokens is never written down, so these calls have no key.
fn without_key<T>(call: Call<T>) -> (desk::Desk, T) {
    (desk::Desk { key: None, rehearsal: false, ..call.desk }, call.body)
}

/// Make the first admin, once.
#[utoipa::path(post, path = "/setup", tag = "sessions", request_body = SetupBody,
    responses((status = 201, description = "Set up and signed in", body = SessionView), Problems))]
pub(super) async fn set_up(call: Call<SetupBody>) -> Answer<SessionView> {
    let (desk, body) = without_key(call);
    let order = SetUp { code: body.code, name: body.name, phone: phone(&body.phone)?, password: body.password };
    created(desk::answer(desk, order, desk::set_up::set_up).await)
}

/// Sign in: phone and password, or phone and code.
#[utoipa::path(post, path = "/sessions", tag = "sessions", request_body = SessionBody,
    responses((status = 201, description = "Signed in", body = SessionView), Problems))]
pub(super) async fn sign_in(call: Call<SessionBody>) -> Answer<SessionView> {
    let (desk, body) = without_key(call);
    let phone = phone(&body.phone)?;
    match (body.password, body.code) {
        (Some(password), None) => created(desk::answer(desk, (phone, password), desk::sign_in::with_password).await),
        (None, Some(code)) => created(desk::answer(desk, (phone, code), desk::verify_phone::sign_in).await),
        _ => Err(Problem::new(Sort::Invalid).about("either password or code")),
    }
}

/// Exchange a refresh token for the next pair.
#[utoipa::path(post, path = "/sessions/refresh", tag = "sessions", request_body = RefreshBody,
    responses((status = 201, description = "The next pair", body = SessionView), Problems))]
pub(super) async fn refresh_session(call: Call<RefreshBody>) -> Answer<SessionView> {
    let (desk, body) = without_key(call);
    created(desk::answer(desk, body.refresh_token, desk::sign_in::refresh).await)
}

/// Sign out.
#[utoipa::path(delete, path = "/sessions/current", tag = "sessions", responses((status = 200, description = "Signed out"), Problems))]
pub(super) async fn sign_out(call: Call<super::Nothing>) -> Answer<()> {
    let (desk, _) = without_key(call);
    done(desk::answer(desk, (), desk::sign_in::sign_out).await)
}

/// Have a one-time code sent to a phone.
#[utoipa::path(post, path = "/verifications", tag = "sessions", request_body = VerificationBody,
    responses((status = 201, description = "On its way", body = VerificationView), Problems))]
pub(super) async fn send_code(call: Call<VerificationBody>) -> Answer<VerificationView> {
    let phone = phone(&call.body.phone)?;
    created(desk::answer(call.desk, phone, desk::verify_phone::send_code).await)
}

/// Who am I, and what may I do?
#[utoipa::path(get, path = "/me", tag = "sessions", responses((status = 200, description = "Me", body = MeView), Problems))]
pub(super) async fn me(State(app): State<App>, caller: Caller) -> Answer<MeView> {
    found(desk::me::me(&super::stickers::reading_desk(&app, caller)).await?)
}
