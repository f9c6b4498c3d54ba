//! What stands against a lot and what has happened to it, in words.

use entity::movement::Reason;

use super::Words;
use crate::rules::usability::Block;

/// Why a lot is not handed out.
#[must_use]
pub fn block(block: Block) -> Words {
    let (zh, en) = match block {
        Block::Expired => ("已过有效期", "Past its date"),
        Block::OpenedExpired => ("开封后已过期", "Opened too long ago"),
        Block::StopIssue => ("临近到期，停发", "Too near its end to hand out"),
        Block::NoDate => ("没有有效期", "It has no date"),
        Block::Unverified => ("等第二个人核对标签", "Waits for a second reader"),
        Block::Conflict => ("同批号有不同的有效期", "Same number, another date"),
        Block::Recalled => ("召回", "Recalled"),
        Block::DataError => ("数据有误", "What is stored cannot be true"),
        Block::Manual => ("站长封存", "Blocked by a keeper"),
        Block::PartnerEnded => ("合作单位已终止", "Nobody stands behind it any more"),
        Block::NotShared => ("已开封，不共用", "Open, and not to be shared"),
        Block::Suspended => ("本站药品暂停发放", "The medicine of this station is suspended"),
    };
    Words::new(zh, en)
}

/// Why units of a lot moved.
#[must_use]
pub fn movement(reason: Reason) -> Words {
    let (zh, en) = match reason {
        Reason::Received => ("到货", "Received"),
        Reason::Taken => ("取用", "Taken"),
        Reason::Undone => ("撤销取用", "Take undone"),
        Reason::Held => ("留给人", "Set aside for somebody"),
        Reason::Released => ("不再留", "No longer set aside"),
        Reason::Quarantined => ("隔离", "Put apart"),
        Reason::Cleared => ("解除隔离", "Back on the shelf"),
        Reason::SetAside => ("放进红色回收盒", "Into the red box"),
        Reason::HandedOver => ("交出处置", "Handed over"),
        Reason::Counted => ("盘点", "Counted"),
        Reason::Opened => ("开封", "Opened"),
        Reason::MovedOut => ("调出", "Carried away"),
        Reason::MovedIn => ("调入", "Carried here"),
        Reason::Reversed => ("更正", "Corrected"),
    };
    Words::new(zh, en)
}
