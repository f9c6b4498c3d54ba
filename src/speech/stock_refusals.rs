//! How a "no" about consumables sounds: one sentence that says what is the case, and one that says what to do.

use chrono::NaiveDate;
use entity::consumable::About;

use super::{Words, day_and_time, question};
use crate::rules::{legal::Declared, refusal::Refusal};

/// The text of a refusal about stock.
pub(super) fn stock_refusal(no: &Refusal) -> Words {
    taking(no).or_else(|| written_down(no)).or_else(|| receiving(no)).unwrap_or_else(|| keeping(no))
}

fn dated(day: NaiveDate, zh: &str, en: &str) -> Words {
    Words::new(zh.replace("{}", &day.to_string()), en.replace("{}", &day.to_string()))
}

/// What was taken, and is written down afterwards.
fn written_down(no: &Refusal) -> Option<Words> {
    let when = |at| day_and_time(at, chrono_tz::Asia::Shanghai);
    Some(match no {
        Refusal::InTheFuture => Words::new("时间在将来，请核对。", "That time has not come yet. Please look again."),
        Refusal::BeforeTheList { since } => Words::new(
            format!("这一批从 {} 起入账，之前取走的不在账上数量里，不用补记。", when(*since).zh),
            format!(
                "The lot is in the books since {}. What was taken before is not in its quantity and need not be written down.",
                when(*since).en
            ),
        ),
        Refusal::MoreThanBooked { there } => Words::new(
            format!("账上只有 {there}。已请站长盘点，以盘点为准。"),
            format!("The books say {there}. A keeper is asked to count; the count will stand."),
        ),
        Refusal::NumberInBooks { taken_at, units } => Words::new(
            format!("这个登记编号已经补记过：{} 取走 {units}。确是另一次，请换个编号。", when(*taken_at).zh),
            format!(
                "This number of the register is in the books: {units} taken on {}. If it was another take, give it another number.",
                when(*taken_at).en
            ),
        ),
        _ => return None,
    })
}

fn taking(no: &Refusal) -> Option<Words> {
    Some(match no {
        Refusal::KindNotTaken => Words::new("这类物品是借还的，不是取用的。", "Things of this kind are lent, not taken."),
        Refusal::NoneUsable => Words::new(
            "这里现在没有可以取用的，请问站长或看看别的驿站。",
            "Nothing of it can be handed out here now. Please ask the keeper, or look at another station.",
        ),
        Refusal::NotEnough { available } => Words::new(
            format!("现在只有 {available} 个单位可以取用。"),
            format!("Only {available} unit(s) can be handed out now."),
        ),
        Refusal::NotAWholeUnit { smallest } => Words::new(
            format!("请按 {smallest} 的整数倍取用：只发带标签的整板或整盒。"),
            format!("Only whole labelled units of {smallest} leave the box."),
        ),
        Refusal::TakeLimit { most } => {
            Words::new(format!("一次最多取 {most}。"), format!("At most {most} may be taken at once."))
        }
        Refusal::DayLimit { left } => Words::new(
            format!("这个驿站今天还能取 {left}。需要更多请找站长。"),
            format!("This station hands out {left} more today. Please talk to the keeper if you need more."),
        ),
        Refusal::DoseLimit { ingredient, hours, retry_at } => dose_limit(ingredient, *hours, *retry_at),
        Refusal::DeviceLimit { left, retry_at } => device_limit(*left, *retry_at),
        Refusal::PackUnconfirmed => Words::new(
            "请先确认手里这一盒：扫盒上的码，或选出盒上印的有效期。",
            "Please confirm the pack in your hand: scan its code, or choose the date printed on it.",
        ),
        Refusal::PackNotOurs => Words::new(
            "这一盒没有登记过，请放回去，换一盒。",
            "This pack was never registered here. Please put it back and take another.",
        ),
        Refusal::PackPastDate { last_day } => dated(
            *last_day,
            "这一盒只能发到 {}，请不要使用，放进红色回收盒，换一盒。",
            "This pack could be handed out until {}. Do not use it: put it in the red box and take another.",
        ),
        Refusal::PackBlocked => Words::new(
            "这一盒已封存，请不要使用，放回去，换一盒。",
            "This pack is blocked. Do not use it: put it back and take another.",
        ),
        Refusal::PackTaken => {
            Words::new("这一盒登记为已取走，请联系站长。", "This pack is written down as taken. Please tell the keeper.")
        }
        Refusal::PackTwice => {
            Words::new("同一盒扫了两次，请把每一盒各扫一次。", "This is the same pack twice. Please scan each pack once.")
        }
        Refusal::PackContradicts => Words::new(
            "盒上的码与登记的批号或有效期不一致，请不要使用，放到一边，换一盒。已通知站长。",
            "Its code says another lot or date than what is written down. Do not use it: put it aside and take another. The keeper \
             has been told.",
        ),
        Refusal::ShelfFrozen => Words::new(
            "架上还有过期的同类药没有取走，只能扫盒上的码取用，请看清日期。",
            "A pack past its date is still on the shelf: scan the code of the pack you take.",
        ),
        Refusal::AnswersNeeded => Words::new("请先回答几个问题。", "Please answer the questions first."),
        Refusal::AgeNotAllowed => {
            Words::new("这种药不适合这个年龄，请问医生或药师。", "This is not for that age. Please ask a doctor.")
        }
        Refusal::GuardianNeeded => Words::new("未满 14 岁请由家长陪同取用。", "Under 14, a guardian must take it."),
        Refusal::CautionStops { about } => caution_stops(*about),
        Refusal::WarningsNotAccepted { version } => Words::new(
            format!("请先看完并确认注意事项（第 {version} 版）。"),
            format!("Please read and accept the warnings (version {version}) first."),
        ),
        Refusal::UndoTooLate => {
            Words::new("超过时间，不能撤销，请联系站长。", "It is too late to undo this. Please talk to the keeper.")
        }
        Refusal::AlreadyUndone => Words::new("已经撤销过了。", "It was undone already."),
        _ => return None,
    })
}

fn dose_limit(ingredient: &str, hours: u32, retry_at: Option<chrono::DateTime<chrono::Utc>>) -> Words {
    let (zh, en) = match retry_at {
        Some(at) => {
            let when = day_and_time(at, chrono_tz::Asia::Shanghai);
            (format!("{} 后可以再取。", when.zh), format!(" It may be taken again after {}.", when.en))
        }
        None => ("请减少数量。".to_owned(), " Please take less.".to_owned()),
    };
    Words::new(
        format!("{hours} 小时内取用的“{ingredient}”已到说明书上限。{zh}症状没好请看医生或拨打 120。"),
        format!(
            "Within {hours} hours, no more {ingredient} than the leaflet allows.{en} If it does not get better, see a doctor."
        ),
    )
}

fn device_limit(left: i32, retry_at: Option<chrono::DateTime<chrono::Utc>>) -> Words {
    let when = retry_at.map(|at| day_and_time(at, chrono_tz::Asia::Shanghai));
    let (zh, en) =
        when.map_or_else(|| ("明天".to_owned(), "tomorrow".to_owned()), |when| (when.zh + " 后", format!("after {}", when.en)));
    Words::new(
        format!(
            "没有留手机号，按这部手机（或这个网络）计算：现在还能取 {left}，{zh}可以再取。留下手机号可按个人计算，或请找站长。"
        ),
        format!(
            "Without a number it is counted by this phone or network: {left} more now, and again {en}. Give your number to be counted \
             by person, or talk to the keeper."
        ),
    )
}

fn caution_stops(about: About) -> Words {
    let asked = match about {
        About::Pregnancy => ("怀孕或哺乳期", "pregnant or nursing"),
        About::Allergy => ("对它过敏", "allergic to it"),
        About::OtherColdMedicine => ("正在吃别的感冒药", "taking another cold medicine"),
        About::Anticoagulant => ("正在吃抗凝药或容易出血", "taking something against clotting"),
        About::KidneyOrLiver => ("肝肾有病", "ill in kidneys or liver"),
        About::Alcohol => ("喝了酒", "under alcohol"),
    };
    Words::new(
        format!("您{}，不要自己用这种药，请问医生或药师。", asked.0),
        format!("You said that you are {}. Please ask a doctor or pharmacist first.", asked.1),
    )
}

fn receiving(no: &Refusal) -> Option<Words> {
    Some(match no {
        Refusal::NoProfile => Words::new(
            "请先登记这类物品属于哪一类（用品、敷料、器械、乙类非处方药）。",
            "Say first what the law calls it: supply, dressing, device or class-B OTC.",
        ),
        Refusal::ClassNotAllowed { class } => class_not_allowed(*class),
        Refusal::PartnerNeeded => Words::new(
            "乙类非处方药须有合作的药店或社区卫生服务中心。",
            "Class-B OTC medicine needs a licensed pharmacy or health centre as partner.",
        ),
        Refusal::PartnerEnded => Words::new("这家合作单位已停止合作。", "This partner is one no longer."),
        Refusal::PartnerElsewhere => Words::new(
            "这家合作单位不属于本社区，请选本社区的合作单位。",
            "This partner belongs to another community. Choose one of this community.",
        ),
        Refusal::DonationNotAllowed => Words::new(
            "药品不能收捐赠的；家里剩的药请放红色回收盒。",
            "Medicine is not taken as a gift. What is left over at home goes into the red box.",
        ),
        Refusal::LeafletIncomplete { field } => leaflet_incomplete(field),
        Refusal::ClassHasStock => Words::new(
            "还有库存（包括红盒里的），不能改类别；请先清空，或另建一类。",
            "There is stock of it, or some in the red box: its class cannot change. Empty it first, or enter another kind.",
        ),
        Refusal::ProofNeeded => Words::new("请填写购药发票或送货单号。", "The number of the invoice or delivery note is needed."),
        Refusal::PhotoNeeded => Words::new(
            "请拍一张照片：药盒上的批号和有效期，交出时拍回执。",
            "A photo is needed: of lot number and date, or of the receipt.",
        ),
        Refusal::DateNeeded => Words::new(
            "没有标明有效期的药品不能收（药品管理法第九十八条）。",
            "Medicine without a date cannot be accepted (Drug Administration Law, Art. 98).",
        ),
        Refusal::LabelUnclear { ask } => question(*ask),
        Refusal::CutOffAlready { last_day } => dated(
            *last_day,
            "这一批只能发到 {}，不能入库，请放进红色回收盒。",
            "This lot could be handed out until {} only. It cannot be taken in; put it in the red box.",
        ),
        Refusal::DateUnusual => Words::new(
            "这个日期很少见（药品有效期一般不超过 60 个月）。请再看一遍，确认无误再提交。",
            "This date is unusual: medicine hardly ever keeps for more than 60 months. Look again, and confirm it.",
        ),
        Refusal::CodeOfOtherKind => Words::new("这个条码属于另一类物品。", "This bar code belongs to another kind."),
        Refusal::CodeContradictsLabel => Words::new(
            "条码里的批号或日期与填写的不一致，请再看一遍。",
            "The bar code says another lot or date than what was typed. Look again.",
        ),
        _ => return None,
    })
}

fn leaflet_incomplete(field: &str) -> Words {
    match field {
        "reviewed_by" => Words::new("请填写由谁对照过说明书。", "Say who has compared this with the leaflet."),
        "contents" => Words::new("请填写有效成分和含量。", "Say which active ingredients are in it, and how much."),
        "most_per_take" => Words::new("请按说明书填写一次最多取多少。", "Say how much may be taken at once, by the leaflet."),
        "under_14" => Words::new(
            "未满 14 岁不能自己取药；说明书写明儿童用法的，可以设为由家长陪同。",
            "Nobody under 14 takes medicine alone; with a guardian only if the leaflet speaks of children.",
        ),
        _ => Words::new("请填写说明书要点。", "Enter what the leaflet says."),
    }
}

fn class_not_allowed(class: Declared) -> Words {
    let (zh, en) = match class {
        Declared::OtcA => ("甲类非处方药", "Class-A OTC medicine"),
        Declared::Prescription => ("处方药", "Prescription medicine"),
        Declared::Antibiotic => ("抗生素", "Antibiotics"),
        Declared::Ephedrine => ("含麻黄碱的药", "Medicine with ephedrine"),
        Declared::Injection => ("注射剂", "Injections"),
        Declared::ColdChain => ("须冷藏的药", "What must be kept cold"),
        Declared::Leftover => ("居民家里剩下的药", "Residents' leftover medicine"),
        Declared::Supply | Declared::Dressing | Declared::Device | Declared::OtcB => ("这类物品", "This"),
    };
    Words::new(
        format!("{zh}不能放在驿站，请交给药店或社区卫生服务中心。"),
        format!("{en} may not be stocked at a station. Please bring it to a pharmacy or health centre."),
    )
}

fn keeping(no: &Refusal) -> Words {
    match no {
        Refusal::SecondPersonNeeded => {
            Words::new("这一步须由另一个人来做。", "Somebody else must do this: two people, not one twice.")
        }
        Refusal::LabelsDiffer => Words::new(
            "两次读到的日期不一样，请一起再看一遍。",
            "The two readings of the label differ. Please look at it together.",
        ),
        Refusal::NotBlocked => Words::new("没有封存，或已经解除。", "It is not blocked, or no longer."),
        Refusal::NotSoMany { there } => {
            Words::new(format!("那里只有 {there}。"), format!("There are only {there} in that place."))
        }
        Refusal::AlreadyReversed => Words::new("已经更正过了。", "It was corrected already."),
        Refusal::CountedSince => Words::new("之后已经盘点过，以盘点为准。", "The lot was counted since then: the count stands."),
        Refusal::NotReversible => {
            Words::new("这种流水有自己的撤销方法，不能直接冲销。", "This sort of movement has its own way back.")
        }
        Refusal::OpeningChangesNothing => Words::new(
            "这类物品开封后不能共用，或不影响有效期。",
            "A pack of this kind is not shared once opened, or opening changes nothing.",
        ),
        Refusal::OpenedInFuture => Words::new(
            "开封日期不能在今天之后，也不能早于入库。",
            "It cannot have been opened after today, nor before it arrived.",
        ),
        Refusal::OpenedAlready => Words::new("这一盒已经登记为开封。", "This pack is written down as opened."),
        Refusal::HoldOver => Words::new("已经不再留存。", "It is no longer set aside."),
        Refusal::LotStillThere { units } => Words::new(
            format!("架上还有 {units}，请取出放进红盒（或盘点）后再完成。"),
            format!("There are still {units} on the shelf. Take them out, or count, and this is done by itself."),
        ),
        Refusal::CountNeedsReason => Words::new(
            "与账面不符，请再数一遍；数目无误请写明原因。",
            "The count differs from the books. Count once more; if it is right, say why.",
        ),
        Refusal::CodeRecalled => Words::new(
            "有召回用到这个条码，解除召回后才能删除。",
            "A recall in force names this code. It can be unlearnt once that is lifted.",
        ),
        Refusal::RecallOver => Words::new("召回已经解除。", "The recall was lifted already."),
        Refusal::SameStation => Words::new("已经在这个驿站。", "It is at that station already."),
        _ => Words::new("红盒里没有要交出的东西。", "There is nothing in the red box."),
    }
}
