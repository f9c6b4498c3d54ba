//! The words of the nightly check on paper.

use super::Words;

/// What has become of a lot.
#[must_use]
pub fn transition(what: &str) -> Words {
    match what {
        "t90" => Words::new("90 天内到期", "ends within 90 days"),
        "t30" => Words::new("30 天内到期", "ends within 30 days"),
        "t7" => Words::new("7 天内到期，本周取出", "ends within a week: take it out this week"),
        "stop_issue" => Words::new("剩余天数不够，停发", "too little left: not handed out any more"),
        "expired" => Words::new("已过期，放入红盒", "past its date: into the red box"),
        "opened_expired" => Words::new("开封已过期，放入红盒", "opened for too long: into the red box"),
        other => Words::new(other, other),
    }
}

/// What was done about it, by what is where now; to be written by hand if nothing.
#[must_use]
pub fn handling(on_shelf: i32, to_dispose: i32) -> Words {
    match (on_shelf, to_dispose) {
        (0, 0) => Words::new("已不在站内", "no longer at the station"),
        (0, units) => Words::new(format!("已放入红盒 {units}"), format!("{units} in the red box")),
        (units, 0) => Words::new(format!("架上还有 {units}"), format!("{units} still on the shelf")),
        (units, gone) => {
            Words::new(format!("架上还有 {units}，红盒 {gone}"), format!("{units} still on the shelf, {gone} in the red box"))
        }
    }
}

/// The lines to sign on.
#[must_use]
pub fn signatures() -> [Words; 3] {
    [Words::new("检查人签字", "Checked by"), Words::new("复核人签字", "Confirmed by"), Words::new("处理日期", "Dealt with on")]
}

/// The heads of the table of its lines.
pub const LINE_HEADS: &str =
    "批号 / lot,品名 / kind,货位 / shelf,有效期至 / last day,情况 / state,数量 / units,处理 / handling,照片 / photo";
