//! Ids: a UUIDv7 in a type of its own for every table, so that a loan is never looked up by a member's id.
//!
//! Ids sort by the time they were made. They are minted by the clock of the application (see `clock.rs`), never by the
//! database and never here: this crate knows neither time nor chance.

use sea_orm::{DbErr, DeriveValueType, TryFromU64};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, DeriveValueType)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map($name)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        // sea-orm asks this of every primary key; a UUID is never made from a row number.
        impl TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, DbErr> {
                Err(DbErr::ConvertFromU64(stringify!($name)))
            }
        }
    )*};
}

ids! {
    /// A community 社区.
    CommunityId
    /// A station 驿站.
    StationId
    /// A spell of days on which a station is closed.
    ClosureId
    /// A kind 物品种类.
    KindId
    /// A row of the policy matrix.
    PolicyId
    /// An item 单件.
    ItemId
    /// A member 居民/成员.
    MemberId
    /// A role that a member holds.
    GrantId
    /// A suspension 停借 of a member.
    BlockId
    /// A signed-in device.
    SessionId
    /// A one-time code on its way to a phone.
    VerificationId
    /// A loan 借用.
    LoanId
    /// One renewal 续借 of a loan.
    RenewalId
    /// A space 场地: a room or a part of one.
    SpaceId
    /// An occasion 场次: a clinic, a class, a market.
    OccasionId
    /// A booking 预约.
    BookingId
    /// A series of bookings or of occasions.
    SeriesId
    /// A calendar that somebody subscribes to.
    FeedId
    /// A thing that stands ready for somebody.
    SetAsideId
    /// A hold 排队: a place in the queue.
    HoldId
    /// A pool 资源池.
    PoolId
    /// A claim 占用.
    ClaimId
    /// A line of the audit trail.
    EventId
    /// A row of the outbox.
    NoticeId
    /// A line of the keeper's list.
    TaskId
    /// A ticket 报修/问题单.
    TicketId
    /// A report in a ticket.
    TicketNoteId
    /// A photo somebody took of an item.
    PhotoId
    /// A run of a job.
    JobRunId
    /// A partner 合作单位.
    PartnerId
    /// An active ingredient.
    IngredientId
    /// A lot 批次.
    LotId
    /// A take 取用.
    TakeId
    /// A hand-over for disposal.
    DisposalId
    /// A movement 流水.
    MovementId
    /// A recall 召回.
    RecallId
    /// A block on stock.
    StockBlockId
    /// A hold on units of a lot.
    LotHoldId
    /// A count of a lot.
    StockCountId
    /// A nightly check.
    ExpiryCheckId
    /// An inspection 巡检.
    InspectionId
}
