//! What a new station usually has: kinds with a name in both languages, a picture, how well we must know who borrows, and how
//! long it is lent. Taking one up is several verbs, one after the other, each done once under a key of its own.

use entity::{
    ids::{KindId, StationId},
    kind::{Identity, Tracked},
    policy::DayEnd,
};

use super::{
    Desk, Result, answer, items,
    items::Register,
    kinds::{self, Particulars},
    policies::{self, Scope},
};
use crate::{
    store,
    view::{ItemView, PolicyValues},
};

/// How long a kind is lent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// Until the end of a later day.
    Days(i32),
    /// To the hour.
    Hours(i32),
    /// For good: a consumable, counted in lots.
    Taken,
}

/// A kind that many stations have.
#[derive(Clone, Copy, Debug)]
pub struct Starter {
    /// In Chinese.
    pub name: &'static str,
    /// In English.
    pub name_en: &'static str,
    /// The picture that always loads.
    pub emoji: &'static str,
    /// A slug of the catalogue.
    pub category: &'static str,
    /// How well we must know who borrows.
    pub identity: Identity,
    /// Tells about somebody's health.
    pub sensitive: bool,
    /// How many a station usually has.
    pub count: u32,
    /// The word on the label: 伞 07. Empty for consumables.
    pub label: &'static str,
    /// How long it is lent.
    pub length: Length,
    /// Every how many days it is inspected or calibrated.
    pub inspect_every_days: Option<i32>,
}

const fn starter(
    (name, name_en, emoji, category): (&'static str, &'static str, &'static str, &'static str),
    identity: Identity,
    sensitive: bool,
    (count, label): (u32, &'static str),
    length: Length,
) -> Starter {
    Starter { name, name_en, emoji, category, identity, sensitive, count, label, length, inspect_every_days: None }
}

use Identity::{Anonymous, Phone, Verified};
use Length::{Days, Hours, Taken};

/// The list, as in the stations that were in the news.
pub const STARTERS: [Starter; 17] = [
    starter(("折叠雨伞", "folding umbrella", "☂️", "umbrella"), Anonymous, false, (12, "伞"), Days(2)),
    starter(("轮椅", "wheelchair", "🦽", "mobility"), Verified, true, (2, "轮椅"), Hours(8)),
    starter(("拐杖", "walking stick", "🦯", "mobility"), Phone, true, (2, "拐杖"), Days(7)),
    Starter {
        inspect_every_days: Some(365),
        ..starter(("血压仪", "blood-pressure meter", "🩺", "health"), Phone, true, (2, "血压仪"), Hours(4))
    },
    starter(("螺丝刀", "screwdriver", "🪛", "tool"), Phone, false, (3, "螺丝刀"), Days(1)),
    starter(("卷尺", "tape measure", "📏", "tool"), Phone, false, (2, "卷尺"), Days(1)),
    starter(("扳手", "wrench", "🔧", "tool"), Phone, false, (2, "扳手"), Days(1)),
    starter(("折叠梯", "step ladder", "🪜", "tool"), Phone, false, (1, "梯"), Days(1)),
    starter(("打气筒", "bicycle pump", "🚲", "tool"), Anonymous, false, (2, "打气筒"), Hours(2)),
    starter(("手电筒", "torch", "🔦", "light"), Anonymous, false, (4, "手电"), Days(2)),
    starter(("应急电源", "power bank", "🔋", "power"), Phone, false, (4, "电源"), Days(1)),
    starter(("老花镜", "reading glasses", "👓", "reading"), Anonymous, false, (3, "镜"), Hours(2)),
    starter(("放大镜", "magnifying glass", "🔍", "reading"), Anonymous, false, (2, "放大镜"), Hours(2)),
    starter(("创可贴", "plasters", "🩹", "medicine"), Anonymous, true, (0, ""), Taken),
    starter(("退烧药", "fever medicine", "💊", "medicine"), Anonymous, true, (0, ""), Taken),
    starter(("医用棉签", "cotton swabs", "🩹", "medicine"), Anonymous, true, (0, ""), Taken),
    starter(("一次性雨衣", "disposable raincoat", "🧥", "rain"), Anonymous, false, (0, ""), Taken),
];

impl Starter {
    fn particulars(&self) -> Particulars {
        Particulars {
            name: Some(self.name.to_owned()),
            name_en: Some(Some(self.name_en.to_owned())),
            category: Some(self.category.to_owned()),
            emoji: Some(Some(self.emoji.to_owned())),
            tracked: Some(if self.length == Taken { Tracked::Lot } else { Tracked::Item }),
            identity: Some(self.identity),
            sensitive: Some(self.sensitive),
            inspect_every_days: Some(self.inspect_every_days),
            retired: None,
        }
    }

    fn policy(&self) -> Option<PolicyValues> {
        match self.length {
            Days(days) => {
                Some(PolicyValues { loan_days: Some(days), day_end: Some(DayEnd::EndOfDay), ..PolicyValues::default() })
            }
            Hours(hours) => Some(PolicyValues { loan_minutes: Some(hours * 60), ..PolicyValues::default() }),
            Taken => None,
        }
    }
}

/// Enters the kind with its policy, unless there is one of that name, and registers things of it at a station. Admins only.
///
/// # Errors
/// Those of the verbs.
pub async fn take_up(desk: &Desk, station: StationId, starter: &Starter, count: u32) -> Result<Vec<ItemView>> {
    let step = |name: &str| Desk { key: desk.key.clone().map(|(key, print)| (format!("{key}-{name}"), print)), ..desk.clone() };
    let known = store::kinds::find_by_name(desk.app.db.read(), None, starter.name).await?;
    let kind: KindId = match known {
        Some(kind) => kind.id,
        None => {
            let kind = answer(step("kind"), (None, starter.particulars()), kinds::create).await?.into_receipt().id.into();
            if let Some(values) = starter.policy() {
                let scope = Scope { kind: Some(kind), ..Scope::default() };
                answer(step("policy"), (scope, values), policies::create).await?;
            }
            kind
        }
    };
    if starter.length == Taken || count == 0 {
        return Ok(Vec::new());
    }
    let order = Register { kind, station, count, code: None, label: Some(starter.label.to_owned()) };
    Ok(answer(step("items"), order, items::register).await?.into_receipt().items)
}
