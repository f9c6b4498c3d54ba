//! Import: a register from CSV. All valid rows go in, invalid ones come back with their line and the reason, and a second run
//! of the same file changes nothing.
//!
//! A dry run is the same run in one write that is rolled back at its end, so that later rows see earlier ones.

mod fields;
mod items;
mod loans;
mod moment;
mod stations;
mod stock;
mod table;
mod takes;

use std::{
    collections::{HashMap, hash_map::Entry},
    fmt,
    path::{Path, PathBuf},
};

pub use table::Row;
use table::Table;

use crate::{
    app::App,
    db::{Intent, Trouble, WriteTx},
    desk::{self, Desk, Door},
    speech::{Reject, reject},
    store,
};

/// What is imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// `code, name, place`.
    Stations,
    /// `item_code, kind, station`.
    Items,
    /// `loan_no, item_code, from_station, to_station, lent_at, returned_at, member_group, phone`.
    Loans,
    /// `station, kind, category, class, partner, proof, base_unit, pack_size, lot_no, made, label, lapses, quantity, place, code,
    /// state, checked, as_of, note`.
    Stock,
    /// `take_no, station, kind, lot_no, made, label, lapses, quantity, taken_at, phone, note`.
    Takes,
}

/// How it is imported.
#[derive(Clone, Debug)]
pub struct Options {
    /// What.
    pub what: What,
    /// From where.
    pub file: PathBuf,
    /// Only say what would be.
    pub dry_run: bool,
    /// Where the rows go that are not taken in.
    pub rejects: Option<PathBuf>,
    /// The community of new stations; needed where there are several.
    pub community: Option<String>,
}

/// A row that was not taken in.
#[derive(Clone, Debug)]
pub struct Rejected {
    /// Its line in the file; the head of the table is line 1.
    pub line: u64,
    /// Why.
    pub why: Reject,
    /// What it said.
    pub fields: Vec<String>,
}

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Rows that are there now and were not before.
    pub imported: u64,
    /// Rows that were there already.
    pub unchanged: u64,
    /// Rows that were not taken in.
    pub rejected: Vec<Rejected>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} imported, {} unchanged, {} refused", self.imported, self.unchanged, self.rejected.len())
    }
}

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum CannotImport {
    /// The file cannot be read, or the rejects cannot be written.
    #[error("{file}: {error}")]
    File {
        /// Which.
        file: String,
        /// Why.
        error: String,
    },
    /// A column that must be there is not.
    #[error("缺少列 {column}（或 {chinese}） / the column {column} is missing; there are: {there}")]
    MissingColumn {
        /// Which.
        column: &'static str,
        /// Its Chinese name.
        chinese: &'static str,
        /// What is there.
        there: String,
    },
    /// There are several communities, and none was named.
    #[error("有多个社区，请用 --community 指定 / there are several communities: name one with --community")]
    WhichCommunity,
    /// The database.
    #[error(transparent)]
    Trouble(#[from] Trouble),
    /// A verb.
    #[error(transparent)]
    Desk(#[from] desk::Error),
}

impl From<sea_orm::DbErr> for CannotImport {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Trouble(error.into())
    }
}

impl CannotImport {
    /// Two writers met: the same may be done again at once.
    fn is_another_writer(&self) -> bool {
        let (Self::Trouble(trouble) | Self::Desk(desk::Error::Trouble(trouble))) = self else { return false };
        matches!(trouble, Trouble::Contention(_) | Trouble::Duplicate(_) | Trouble::GuardFailed(_))
    }
}

/// Why a row came to nothing: for what it says, or for something that stops the whole import.
enum No {
    Row(Reject),
    All(CannotImport),
}

impl From<Reject> for No {
    fn from(why: Reject) -> Self {
        Self::Row(why)
    }
}

impl From<sea_orm::DbErr> for No {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::All(error.into())
    }
}

impl From<desk::Error> for No {
    fn from(error: desk::Error) -> Self {
        match error {
            desk::Error::Refused(reasons) => Self::Row(Reject::Refused(reasons)),
            desk::Error::Invalid { field: "code", .. } => Self::Row(Reject::UnreadableCode),
            desk::Error::Invalid { field, .. } => Self::Row(Reject::BadText(field)),
            other => Self::All(other.into()),
        }
    }
}

fn file_error(file: &Path, error: impl fmt::Display) -> CannotImport {
    CannotImport::File { file: file.display().to_string(), error: error.to_string() }
}

/// What became of a row.
enum Fate {
    Imported,
    Unchanged,
    Rejected(Reject),
}

/// How many rows go into one write.
const CHUNK: usize = 500;
/// How many of a list of consumables: what they hold, people at the shelf wait for.
const SMALL_CHUNK: usize = 25;
/// How often a chunk is run again when another writer was in the way.
const MOST_RETRIES: u32 = 3;

impl What {
    fn chunk(self) -> usize {
        if matches!(self, Self::Stock | Self::Takes) { SMALL_CHUNK } else { CHUNK }
    }
}

/// The hands that take rows in.
enum Hands {
    Stations(stations::Stations),
    Items(items::Items),
    Loans(Box<loans::Loans>),
    Stock(stock::Stock),
    Takes(takes::Takes),
}

impl Hands {
    async fn take(&mut self, desk: &Desk, tx: &WriteTx, rows: &[Row]) -> Result<Vec<Fate>, CannotImport> {
        match self {
            Self::Stations(stations) => stations.take(desk, tx, rows).await,
            Self::Items(items) => items.take(desk, tx, rows).await,
            Self::Loans(loans) => loans.take(desk, tx, rows).await,
            Self::Stock(stock) => stock.take(desk, tx, rows).await,
            Self::Takes(takes) => takes.take(desk, tx, rows).await,
        }
    }

    /// What is known, to begin a chunk again with; none where that would be too much.
    fn copy(&self) -> Option<Self> {
        match self {
            Self::Stock(stock) => Some(Self::Stock(stock.clone())),
            Self::Takes(takes) => Some(Self::Takes(takes.clone())),
            Self::Stations(_) | Self::Items(_) | Self::Loans(_) => None,
        }
    }

    async fn finish(self, desk: &Desk, tx: &WriteTx) -> Result<(), CannotImport> {
        match self {
            Self::Loans(loans) => loans.finish(desk, tx).await,
            Self::Stations(_) | Self::Items(_) | Self::Stock(_) | Self::Takes(_) => Ok(()),
        }
    }
}

/// Imports a file. `progress` is told how many of how many bytes are done.
///
/// # Errors
/// [`CannotImport`]: nothing more is taken in; what was reported as imported before is.
pub async fn run(app: &App, options: &Options, mut progress: impl FnMut(u64, u64)) -> Result<Report, CannotImport> {
    let mut table = Table::open(&options.file, options.what)?;
    let desk = Desk { rehearsal: options.dry_run, ..Desk::internal(app, Door::Cli) };
    let mut hands = match options.what {
        What::Stations => Hands::Stations(stations::Stations::new(options.community.clone())),
        What::Items => Hands::Items(items::Items::default()),
        What::Loans => Hands::Loans(Box::default()),
        What::Stock => Hands::Stock(stock::Stock::default()),
        What::Takes => Hands::Takes(takes::Takes::default()),
    };
    let mut report = Report::default();
    let mut open: Option<WriteTx> = None;
    loop {
        let (rows, rejected) = table.read(options.what.chunk()).map_err(|e| file_error(&options.file, e))?;
        let read = rows.len() + rejected.len();
        report.rejected.extend(rejected);
        // A dry run keeps its one write open to the end: later rows must see earlier ones.
        let again = if options.dry_run { None } else { hands.copy() };
        let mut tries = 0;
        let (tx, fates) = loop {
            let tx = match open.take() {
                Some(tx) => tx,
                None => app.db.write(Intent { request: None, rehearsal: options.dry_run }).await?,
            };
            match (hands.take(&desk, &tx, &rows).await, again.as_ref().and_then(Hands::copy)) {
                (Ok(fates), _) => break (tx, fates),
                (Err(error), Some(before)) if error.is_another_writer() && tries < MOST_RETRIES => {
                    tx.roll_back().await?;
                    hands = before;
                    tries += 1;
                }
                (Err(error), _) => return Err(error),
            }
        };
        for (row, fate) in rows.into_iter().zip(fates) {
            match fate {
                Fate::Imported => report.imported += 1,
                Fate::Unchanged => report.unchanged += 1,
                Fate::Rejected(why) => report.rejected.push(Rejected { line: row.line, why, fields: row.fields }),
            }
        }
        progress(table.position(), table.length());
        if read == 0 {
            hands.finish(&desk, &tx).await?;
            if report.imported > 0 {
                desk::record_import(&desk, &tx, &format!("{:?}", options.what), report.imported).await?;
            }
            tx.commit(()).await?;
            break;
        }
        if options.dry_run {
            open = Some(tx);
        } else {
            tx.commit(()).await?;
        }
    }
    report.rejected.sort_by_key(|rejected| rejected.line);
    if let Some(file) = &options.rejects {
        write_rejects(file, table.head(), &report.rejected).map_err(|e| file_error(file, e))?;
    }
    Ok(report)
}

/// The rejected rows, as they were, with the line and the reason behind them. With a byte-order mark, so that Excel reads it.
fn write_rejects(file: &Path, head: &[String], rejected: &[Rejected]) -> Result<(), Box<dyn std::error::Error>> {
    use std::io::Write;
    let mut out = std::fs::File::create(file)?;
    out.write_all("\u{feff}".as_bytes())?;
    let mut csv = csv::WriterBuilder::new().flexible(true).from_writer(out);
    let extra = ["line", "reason", "原因", "why"].map(str::to_owned);
    // Rejects that were mended and came again have these columns already.
    let head = head.strip_suffix(&extra).unwrap_or(head);
    csv.write_record(head.iter().chain(&extra))?;
    for row in rejected {
        let words = reject(&row.why);
        let mut fields = row.fields.clone();
        if fields.len() == head.len() + extra.len() {
            fields.truncate(head.len());
        }
        fields.resize(head.len().max(fields.len()), String::new());
        fields.extend([row.line.to_string(), row.why.code().to_owned(), words.zh, words.en]);
        csv.write_record(&fields)?;
    }
    csv.flush()?;
    Ok(())
}

/// A register whose lines are entered one after the other.
trait LineByLine {
    /// Enters a line.
    async fn line(&mut self, desk: &Desk, tx: &WriteTx, row: &Row) -> Result<Fate, No>;
}

/// Enters rows one after the other: what is wrong with one of them stops no other.
async fn line_by_line(
    register: &mut impl LineByLine,
    desk: &Desk,
    tx: &WriteTx,
    rows: &[Row],
) -> Result<Vec<Fate>, CannotImport> {
    let mut fates = Vec::with_capacity(rows.len());
    for row in rows {
        fates.push(match register.line(desk, tx, row).await {
            Ok(fate) => fate,
            Err(No::Row(why)) => Fate::Rejected(why),
            Err(No::All(error)) => return Err(error),
        });
    }
    Ok(fates)
}

/// The stations that a chunk of rows names, by code.
async fn stations_named(
    tx: &WriteTx,
    known: &mut HashMap<String, Option<entity::station::Model>>,
    codes: impl Iterator<Item = String>,
) -> Result<(), CannotImport> {
    for code in codes.filter(|code| !code.is_empty()) {
        if let Entry::Vacant(unknown) = known.entry(code) {
            let found = store::stations::find_by_code(tx.conn(), unknown.key()).await?;
            unknown.insert(found);
        }
    }
    Ok(())
}
