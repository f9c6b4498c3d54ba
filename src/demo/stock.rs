//! What the demo station holds.

use std::cell::Cell;

use entity::{
    ids::{KindId, StationId},
    kind::{Identity, Tracked},
    policy::DayEnd,
};

use super::NoDemo;
use crate::{
    app::App,
    desk::{self, Desk, Door, items::Register, kinds::Particulars, policies::Scope},
    view::PolicyValues,
};

/// A thing on the shelf.
pub(super) struct Thing {
    pub(super) code: String,
    pub(super) kind: &'static str,
    pub(super) category: &'static str,
    pub(super) identity: Identity,
    /// In somebody's hands?
    pub(super) out: Cell<bool>,
}

/// What is calibrated every year.
pub(super) const CALIBRATED: &str = "血压仪";

/// How long a kind is lent.
enum Length {
    Days(i32),
    Hours(i32),
    Taken,
}

/// A kind: name, English name, picture, category, identity, tells about health, how many, the word on the label, how long.
type Kind = (&'static str, &'static str, &'static str, &'static str, Identity, bool, u32, &'static str, Length);

const KINDS: [Kind; 17] = [
    ("折叠雨伞", "folding umbrella", "☂️", "umbrella", Identity::Anonymous, false, 12, "伞", Length::Days(2)),
    ("轮椅", "wheelchair", "🦽", "mobility", Identity::Verified, true, 2, "轮椅", Length::Hours(8)),
    ("拐杖", "walking stick", "🦯", "mobility", Identity::Phone, true, 2, "拐杖", Length::Days(7)),
    ("血压仪", "blood-pressure meter", "🩺", "health", Identity::Phone, true, 2, "血压仪", Length::Hours(4)),
    ("螺丝刀", "screwdriver", "🪛", "tool", Identity::Phone, false, 3, "螺丝刀", Length::Days(1)),
    ("卷尺", "tape measure", "📏", "tool", Identity::Phone, false, 2, "卷尺", Length::Days(1)),
    ("扳手", "wrench", "🔧", "tool", Identity::Phone, false, 2, "扳手", Length::Days(1)),
    ("折叠梯", "step ladder", "🪜", "tool", Identity::Phone, false, 1, "梯", Length::Days(1)),
    ("打气筒", "bicycle pump", "🚲", "tool", Identity::Anonymous, false, 2, "打气筒", Length::Hours(2)),
    ("手电筒", "torch", "🔦", "light", Identity::Anonymous, false, 4, "手电", Length::Days(2)),
    ("应急电源", "power bank", "🔋", "power", Identity::Phone, false, 4, "电源", Length::Days(1)),
    ("老花镜", "reading glasses", "👓", "reading", Identity::Anonymous, false, 3, "镜", Length::Hours(2)),
    ("放大镜", "magnifying glass", "🔍", "reading", Identity::Anonymous, false, 2, "放大镜", Length::Hours(2)),
    ("创可贴", "plasters", "🩹", "medicine", Identity::Anonymous, true, 0, "", Length::Taken),
    ("退烧药", "fever medicine", "💊", "medicine", Identity::Anonymous, true, 0, "", Length::Taken),
    ("医用棉签", "cotton swabs", "🩹", "medicine", Identity::Anonymous, true, 0, "", Length::Taken),
    ("一次性雨衣", "disposable raincoat", "🧥", "rain", Identity::Anonymous, false, 0, "", Length::Taken),
];

/// Enters the kinds, how long each is lent, and the things.
pub(super) async fn stock(app: &App, station: StationId) -> Result<Vec<Thing>, NoDemo> {
    let desk = Desk::internal(app, Door::Cli);
    let mut things = Vec::new();
    for (name, name_en, emoji, category, identity, sensitive, count, label, length) in KINDS {
        let what = Particulars {
            name: Some(name.to_owned()),
            name_en: Some(Some(name_en.to_owned())),
            category: Some(category.to_owned()),
            emoji: Some(Some(emoji.to_owned())),
            tracked: Some(if count == 0 { Tracked::Lot } else { Tracked::Item }),
            identity: Some(identity),
            sensitive: Some(sensitive),
            inspect_every_days: Some((name == CALIBRATED).then_some(365)),
            retired: None,
        };
        let kind: KindId = desk::kinds::create(desk.clone(), (None, what)).await?.into_receipt().id.into();
        let values = match length {
            Length::Days(days) => {
                PolicyValues { loan_days: Some(days), day_end: Some(DayEnd::EndOfDay), ..PolicyValues::default() }
            }
            Length::Hours(hours) => PolicyValues { loan_minutes: Some(hours * 60), ..PolicyValues::default() },
            Length::Taken => continue,
        };
        let scope = Scope { kind: Some(kind), ..Scope::default() };
        desk::policies::create(desk.clone(), (scope, values)).await?;
        let order = Register { kind, station, count, code: None, label: Some(label.to_owned()) };
        let made = desk::items::register(desk.clone(), order).await?.into_receipt();
        things.extend(made.items.into_iter().map(|item| Thing {
            code: item.code,
            kind: name,
            category,
            identity,
            out: Cell::new(false),
        }));
    }
    Ok(things)
}
