//! Facts: one file per table, typed ids and values, questions about one row with `now` as an argument.
//!
//! What is deliberately absent: policy (see `rules`), queries (see `store`), time, chance, and anything that waits.
//! A `Model` is the domain's record; it is never serialised, so that the table is not the API.
//!
//! ```text
//! community ─┬─ station ─┬─ closure          member ─┬─ grant (role)     sticker → item | station | shelf | card
//!            └─ kind     ├─ item ── loan ─── ┘       ├─ block            notice, task, ticket, photo, event
//!                 policy ┘    └─ pool ─ claim ┘      └─ session          answered_request, job_run, app_secret
//!
//! station ─┬─ space ────┬─ pool ─ claim ── booking ─┬─ set_aside ─ item        series ─ series_day → booking | occasion
//!          └─ occasion ─┘                           └─ member                  feed → member | station | space
//!
//! member ─ hold ─┬─ hold_place ─ station        (a place in the queue for a kind, a space or an occasion)
//!                └─ booking (an offer)
//!
//! kind ─ consumable ─┬─ partner        station ─ lot ─┬─ movement ─ take | disposal       expiry_check ─ lot_event
//!  └─ product_code   └─ content ─ ingredient          ├─ stock_block ─ recall             stock_day, stock_level
//!                                                     └─ pack, lot_hold, stock_count, lot_label, lot_photo
//! ```

pub mod ids;
pub mod opening_hours;
pub mod values;

pub mod answered_request;
pub mod app_secret;
pub mod block;
pub mod booking;
pub mod claim;
pub mod closure;
pub mod community;
pub mod consumable;
pub mod content;
pub mod disposal;
pub mod event;
pub mod expiry_check;
pub mod feed;
pub mod grant;
pub mod hold;
pub mod hold_place;
pub mod ingredient;
pub mod inspection;
pub mod item;
pub mod job_run;
pub mod kind;
pub mod loan;
pub mod lot;
pub mod lot_event;
pub mod lot_hold;
pub mod lot_label;
pub mod lot_photo;
pub mod member;
pub mod movement;
pub mod notice;
pub mod occasion;
pub mod pack;
pub mod partner;
pub mod photo;
pub mod policy;
pub mod pool;
pub mod product_code;
pub mod recall;
pub mod renewal;
pub mod series;
pub mod series_day;
pub mod session;
pub mod set_aside;
pub mod space;
pub mod station;
pub mod station_photo;
pub mod sticker;
pub mod stock_block;
pub mod stock_count;
pub mod stock_day;
pub mod stock_level;
pub mod take;
pub mod taker;
pub mod task;
pub mod ticket;
pub mod ticket_note;
pub mod verification;

/// What sea-orm wants of every table, for tables without declared relations (joins are written where they are asked) and
/// without hooks (nothing is written behind the store's back).
#[macro_export]
macro_rules! bare_table {
    () => {
        /// No declared relations: joins are written in the store, where they are asked.
        #[derive(Clone, Copy, Debug, sea_orm::EnumIter, sea_orm::DeriveRelation)]
        pub enum Relation {}

        impl sea_orm::ActiveModelBehavior for ActiveModel {}
    };
}
