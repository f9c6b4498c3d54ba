//! `/api/v1`: bodies in, views out. A handler is a sentence: who asks, what for, which verb.

use axum::Router;
use serde::Deserialize;
use utoipa::{
    OpenApi,
    openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};
use utoipa_axum::{router::OpenApiRouter, routes};

mod answer;
mod bookings;
mod bookkeeping;
mod call;
mod checks;
mod disposals;
mod items;
mod kinds;
mod labels;
mod list;
mod loans;
mod lots;
mod medicine;
mod members;
mod places;
mod problem;
mod queue;
mod series;
mod sessions;
mod shelving;
mod spaces;
mod stickers;
mod takes;
mod tickets;

pub use problem::Problem;

use crate::app::App;

/// A body in which nothing is said.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

#[derive(OpenApi)]
#[openapi(info(
    title = "Yizhan 便民驿站",
    description = "A neighbourhood station lends and takes back by QR.\n\nEvery unsafe call may carry an `Idempotency-Key` (1 to 128 \
                   visible characters; a UUID is a good one): the same call with the same key is done once and answered the same, \
                   with `Idempotency-Replayed: true`. With `?dry_run=true` it is done and undone, and answered with \
                   `Dry-Run: true`. Edits (`PATCH`) name the version they were made on in `If-Match`. Refusals are 409 with every \
                   reason; all problems are RFC 9457. What is private and not yours is not there (404); what is public and not \
                   yours to change is forbidden (403)."
))]
struct Document;

/// The table of contents of the API.
fn contents() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(sessions::set_up))
        .routes(routes!(sessions::sign_in))
        .routes(routes!(sessions::refresh_session))
        .routes(routes!(sessions::sign_out))
        .routes(routes!(sessions::send_code))
        .routes(routes!(sessions::me))
        .routes(routes!(places::create_community, places::list_communities))
        .routes(routes!(places::get_community, places::edit_community))
        .routes(routes!(places::create_station, places::list_stations))
        .routes(routes!(places::get_station, places::edit_station))
        .routes(routes!(places::close_station, places::list_closures))
        .routes(routes!(places::reopen_station))
        .routes(routes!(kinds::create_kind, kinds::list_kinds))
        .routes(routes!(kinds::get_kind, kinds::edit_kind))
        .routes(routes!(kinds::create_policy, kinds::list_policies))
        .routes(routes!(kinds::get_policy, kinds::edit_policy, kinds::remove_policy))
        .routes(routes!(medicine::set_profile, medicine::get_profile))
        .routes(routes!(medicine::add_partner, medicine::list_partners))
        .routes(routes!(medicine::end_partner))
        .routes(routes!(medicine::add_ingredient, medicine::list_ingredients))
        .routes(routes!(medicine::enter_recall, medicine::list_recalls))
        .routes(routes!(medicine::lift_recall))
        .routes(routes!(medicine::recall_notice))
        .routes(routes!(lots::receive_lot, lots::list_lots))
        .routes(routes!(lots::get_lot))
        .routes(routes!(lots::list_movements))
        .routes(routes!(lots::verify_label))
        .routes(routes!(lots::put_apart))
        .routes(routes!(lots::count_lot))
        .routes(routes!(lots::block_lot, lots::list_lot_blocks))
        .routes(routes!(lots::lift_stock_block))
        .routes(routes!(lots::reverse_movement))
        .routes(routes!(disposals::hand_over))
        .routes(routes!(disposals::confirm_hand_over))
        .routes(routes!(disposals::list_disposals))
        .routes(routes!(shelving::open_pack))
        .routes(routes!(shelving::see_closed))
        .routes(routes!(shelving::register_packs))
        .routes(routes!(shelving::transfer_lot))
        .routes(routes!(shelving::correct_label, shelving::list_labels))
        .routes(routes!(shelving::set_level, shelving::list_outlooks))
        .routes(routes!(bookkeeping::count_worklist))
        .routes(routes!(bookkeeping::list_codes))
        .routes(routes!(bookkeeping::unlearn_code))
        .routes(routes!(bookkeeping::list_lot_photos))
        .routes(routes!(bookkeeping::get_lot_photo))
        .routes(routes!(takes::take))
        .routes(routes!(takes::record_take))
        .routes(routes!(takes::undo_take))
        .routes(routes!(takes::get_shelf))
        .routes(routes!(takes::hold_lot))
        .routes(routes!(takes::release_hold))
        .routes(routes!(takes::list_holds))
        .routes(routes!(labels::read_label_date))
        .routes(routes!(labels::read_pack_code))
        .routes(routes!(items::register_items, items::list_items))
        .routes(routes!(items::get_item, items::edit_item))
        .routes(routes!(items::borrow_item))
        .routes(routes!(items::return_item))
        .routes(routes!(items::report_item))
        .routes(routes!(items::set_service))
        .routes(routes!(items::inspect_item))
        .routes(routes!(stickers::make_stickers, stickers::list_blank_stickers))
        .routes(routes!(stickers::scan_sticker))
        .routes(routes!(stickers::sticker_picture))
        .routes(routes!(stickers::bind_sticker))
        .routes(routes!(stickers::retire_sticker))
        .routes(routes!(loans::list_loans))
        .routes(routes!(loans::get_loan))
        .routes(routes!(loans::renew_loan))
        .routes(routes!(loans::list_tasks))
        .routes(routes!(loans::finish_task))
        .routes(routes!(loans::acknowledge_task))
        .routes(routes!(bookings::book, bookings::list_bookings))
        .routes(routes!(bookings::get_booking, bookings::cancel_booking))
        .routes(routes!(bookings::change_booking))
        .routes(routes!(bookings::confirm_booking))
        .routes(routes!(bookings::decide_booking))
        .routes(routes!(bookings::prepare_booking))
        .routes(routes!(bookings::check_in))
        .routes(routes!(bookings::end_booking))
        .routes(routes!(bookings::pardon_booking))
        .routes(routes!(bookings::availability))
        .routes(routes!(queue::join_queue, queue::list_queue))
        .routes(routes!(queue::get_hold, queue::leave_queue))
        .routes(routes!(series::create_series, series::list_series))
        .routes(routes!(series::get_series, series::cancel_series))
        .routes(routes!(series::try_day))
        .routes(routes!(series::make_feed, series::list_feeds))
        .routes(routes!(series::revoke_feed))
        .routes(routes!(series::booking_calendar))
        .routes(routes!(spaces::create_space, spaces::list_spaces))
        .routes(routes!(spaces::get_space, spaces::edit_space, spaces::retire_space))
        .routes(routes!(spaces::announce, spaces::list_occasions))
        .routes(routes!(spaces::get_occasion, spaces::edit_occasion))
        .routes(routes!(spaces::call_off))
        .routes(routes!(spaces::take_out))
        .routes(routes!(spaces::end_outage))
        .routes(routes!(spaces::get_terms, spaces::set_terms))
        .routes(routes!(tickets::report_fault, tickets::list_tickets))
        .routes(routes!(tickets::get_ticket))
        .routes(routes!(tickets::see_ticket))
        .routes(routes!(tickets::close_ticket))
        .routes(routes!(checks::list_checks))
        .routes(routes!(checks::checks_as_csv))
        .routes(routes!(checks::get_check))
        .routes(routes!(checks::check_lines_as_csv))
        .routes(routes!(checks::list_lights))
        .routes(routes!(loans::list_events))
        .routes(routes!(loans::list_photos))
        .routes(routes!(loans::get_photo))
        .routes(routes!(members::enter_member, members::list_members))
        .routes(routes!(members::get_member, members::edit_member, members::erase_member))
        .routes(routes!(members::grant_role, members::list_roles))
        .routes(routes!(members::take_role_back))
        .routes(routes!(members::block_member, members::list_blocks))
        .routes(routes!(members::lift_block))
}

/// The routes and their document.
pub fn parts() -> (Router<App>, utoipa::openapi::OpenApi) {
    let (router, mut document) = OpenApiRouter::new().nest("/api/v1", contents()).split_for_parts();
    document.info = Document::openapi().info;
    document.info.version = env!("CARGO_PKG_VERSION").to_owned();
    let components = document.components.get_or_insert_with(Default::default);
    components.schemas.extend([problem::schema()]);
    let bearer = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build());
    components.add_security_scheme("access_token", bearer);
    // Everything may be called without a token too; what then is refused, is said by the answer.
    let optional = utoipa::openapi::security::SecurityRequirement::default();
    let needed = utoipa::openapi::security::SecurityRequirement::new("access_token", Vec::<String>::new());
    document.security = Some(vec![optional, needed]);
    (router, document)
}

/// The OpenAPI document.
#[must_use]
pub fn document() -> utoipa::openapi::OpenApi {
    parts().1
}
