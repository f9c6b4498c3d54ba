//! Verify: is what must never happen nowhere to be found? Reads a live database and lists what is wrong.

mod bookings;
mod stock;

use sea_orm::DbErr;

use crate::{app::App, speech::Words, store::checks};

/// Something that must not be.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The name of the check; stable.
    pub check: &'static str,
    /// What is wrong.
    pub words: Words,
    /// How often.
    pub count: usize,
    /// Some of the rows, at most five.
    pub examples: Vec<String>,
}

impl Finding {
    /// Is it a fault? What has happened outside the house and was written down as it was is shown, and is none.
    #[must_use]
    pub fn is_fault(&self) -> bool {
        self.check != "recorded-late-take"
    }
}

/// Name, SQL that lists what is wrong (one column, `what`), in Chinese, in English.
type Check = (&'static str, &'static str, &'static str, &'static str);

/// The checks that both engines can do. Each is one statement.
const CHECKS: [Check; 20] = [
    (
        "two-open-loans",
        "SELECT item_id AS what FROM loan WHERE returned_at IS NULL GROUP BY item_id HAVING COUNT(*) > 1",
        "同一物品有两笔未还借用",
        "an item has two open loans",
    ),
    (
        "item-says-out",
        "SELECT i.id AS what FROM item i LEFT JOIN loan l ON l.id = i.open_loan_id AND l.item_id = i.id \
      AND l.returned_at IS NULL WHERE i.open_loan_id IS NOT NULL AND l.id IS NULL",
        "物品记为借出，但没有对应的未还借用",
        "an item is out by a loan that is not open",
    ),
    (
        "loan-says-out",
        "SELECT l.id AS what FROM loan l JOIN item i ON i.id = l.item_id WHERE l.returned_at IS NULL \
      AND (i.open_loan_id IS NULL OR i.open_loan_id <> l.id)",
        "借用未还，但物品没有记为借出",
        "a loan is open and its item does not know",
    ),
    (
        "overlapping-loans",
        "SELECT id AS what FROM (SELECT id, lent_at, LAG(COALESCE(returned_at, due_at)) OVER w AS ended, \
      LAG(returned_at IS NULL) OVER w AS still_out, LAG(id) OVER w AS earlier FROM loan WINDOW w AS (PARTITION BY item_id ORDER BY \
      lent_at, id)) h WHERE earlier IS NOT NULL AND (still_out OR ended > lent_at)",
        "同一物品的借用时间重叠",
        "two loans of an item overlap in time",
    ),
    (
        "due-before-lent",
        "SELECT id AS what FROM loan WHERE due_at <= lent_at",
        "应还时间不晚于借出时间",
        "a loan was due before it was made",
    ),
    (
        "returned-before-lent",
        "SELECT id AS what FROM loan WHERE returned_at < lent_at",
        "归还早于借出",
        "a loan ended before it began",
    ),
    (
        "renewals",
        "SELECT l.id AS what FROM loan l LEFT JOIN (SELECT loan_id, COUNT(*) AS n FROM renewal GROUP BY loan_id) r \
      ON r.loan_id = l.id WHERE l.renewals <> COALESCE(r.n, 0)",
        "续借次数与记录不符",
        "a loan counts other renewals than were made",
    ),
    (
        "open-loan-without-claim",
        "SELECT l.id AS what FROM loan l JOIN item i ON i.id = l.item_id LEFT JOIN claim c ON c.loan_id = l.id \
      AND c.live = {true} WHERE l.returned_at IS NULL AND l.station_id IS NOT NULL AND c.id IS NULL",
        "未还借用没有占用记录",
        "an open loan occupies nothing",
    ),
    (
        "claim-without-open-loan",
        "SELECT c.id AS what FROM claim c LEFT JOIN loan l ON l.id = c.loan_id AND l.returned_at IS NULL \
      WHERE c.live = {true} AND c.reason = 'loan' AND l.id IS NULL",
        "占用记录没有对应的未还借用",
        "something is occupied by a loan that is over",
    ),
    (
        "more-claims-than-things",
        // The peak of the depth, not the sum. What is out of use is a fact, as are things that were taken out of service and seats
        // that were taken away: they may leave a deficit, which is no fault.
        "SELECT DISTINCT p.id AS what FROM pool p JOIN (SELECT pool_id, SUM(d) OVER (PARTITION BY pool_id ORDER BY t, d ROWS \
      UNBOUNDED PRECEDING) AS depth FROM (SELECT pool_id, s AS t, qty AS d FROM claim WHERE live = {true} AND reason <> 'outage' UNION \
      ALL SELECT pool_id, e, -qty FROM claim WHERE live = {true} AND reason <> 'outage') ends) c ON c.pool_id = p.id WHERE \
      p.occasion_id IS NULL AND c.depth > COALESCE(p.capacity, (SELECT COUNT(*) FROM item i WHERE i.station_id = p.station_id AND \
      i.kind_id = p.kind_id))",
        "占用数量超过驿站的物品数量",
        "more is occupied than the station has",
    ),
    (
        "history-ahead",
        "SELECT e.item_id AS what FROM (SELECT item_id, MAX(item_rev) AS newest FROM event WHERE item_rev IS NOT NULL GROUP \
      BY item_id) e JOIN item i ON i.id = e.item_id WHERE e.newest <> i.rev",
        "物品版本与流水不符",
        "an item and its history have different versions",
    ),
    (
        "history-gap",
        "SELECT item_id AS what FROM event WHERE item_rev IS NOT NULL GROUP BY item_id \
      HAVING COUNT(*) <> MAX(item_rev) OR MIN(item_rev) <> 1",
        "物品流水有缺口",
        "the history of an item has a gap",
    ),
    (
        "item-without-history",
        "SELECT i.id AS what FROM item i LEFT JOIN event e ON e.item_id = i.id AND e.item_rev = i.rev WHERE e.id IS NULL",
        "物品最近一次变更没有流水",
        "the last change of an item was not written down",
    ),
    (
        "suspension-twice",
        "SELECT loan_id AS what FROM block WHERE loan_id IS NOT NULL GROUP BY loan_id HAVING COUNT(*) > 1",
        "同一笔借用停借两次",
        "one late loan suspended twice",
    ),
    (
        "ticket-reports",
        "SELECT t.id AS what FROM ticket t LEFT JOIN (SELECT ticket_id, COUNT(*) AS n FROM ticket_note GROUP BY ticket_id) n \
      ON n.ticket_id = t.id WHERE t.reports <> COALESCE(n.n, 0) OR (t.closed_at IS NULL) <> (t.outcome IS NULL)",
        "问题单的报告数不符，或处理完了却没有结果",
        "a ticket counts other reports than were made, or was closed without an outcome",
    ),
    (
        "fault-nobody-looks-at",
        "SELECT t.id AS what FROM ticket t WHERE t.closed_at IS NULL AND t.item_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM \
      task k WHERE k.item_id = t.item_id AND k.what = 'repair' AND k.done_at IS NULL)",
        "问题单没有对应的待办",
        "a fault was reported, and no keeper is asked to look",
    ),
    (
        "code-tried-too-often",
        "SELECT id AS what FROM verification WHERE attempts > 5",
        "验证码尝试超过五次",
        "a code was tried more than five times",
    ),
    (
        "notice-stuck",
        "SELECT id AS what FROM notice WHERE sent_at IS NULL AND dropped_at IS NULL AND expires_at < {yesterday}",
        "通知过期一天仍未处理",
        "a notice is a day past its time and neither sent nor given up",
    ),
    (
        "job-stuck",
        "SELECT id AS what FROM job_run WHERE finished_at IS NULL AND leased_until < {yesterday}",
        "任务中断一天仍未完成",
        "a job was begun, and is a day past its lease",
    ),
    (
        "no-admin-left",
        "SELECT 'grant_of_role' AS what FROM member WHERE EXISTS (SELECT 1 FROM grant_of_role WHERE role = 'admin') AND NOT \
      EXISTS (SELECT 1 FROM grant_of_role WHERE role = 'admin' AND revoked_at IS NULL) LIMIT 1",
        "没有管理员",
        "there is no admin any more",
    ),
];

/// Checks everything. Empty: all is well.
///
/// # Errors
/// [`DbErr`]: the database could not be asked.
pub async fn run(app: &App, mut progress: impl FnMut(usize, usize)) -> Result<Vec<Finding>, DbErr> {
    let mut findings = Vec::new();
    let yesterday = app.clock.now() - chrono::TimeDelta::days(1);
    let all = CHECKS.len() + stock::CHECKS.len() + bookings::CHECKS.len() + 2;
    for (n, (check, sql, zh, en)) in CHECKS.iter().chain(&stock::CHECKS).chain(&bookings::CHECKS).enumerate() {
        progress(n, all);
        note(&mut findings, check, Words::new(*zh, *en), checks::rows_that_are_wrong(app.db.read(), sql, yesterday).await?);
    }
    stock::run(app, &mut findings).await?;
    bookings::run(app, &mut findings).await?;
    progress(all - 1, all);
    let words = Words::new("数据库文件或外键损坏", "the file or a reference between tables is damaged");
    note(&mut findings, "integrity", words, checks::damage(app.db.read()).await?);
    progress(all, all);
    Ok(findings)
}

fn note(findings: &mut Vec<Finding>, check: &'static str, words: Words, rows: Vec<String>) {
    if !rows.is_empty() {
        findings.push(Finding { check, words, count: rows.len(), examples: rows.into_iter().take(5).collect() });
    }
}
