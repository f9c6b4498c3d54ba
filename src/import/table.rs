//! A CSV file as rows of known columns, in whatever encoding, order and language its head is.

use std::{fs::File, path::Path};

use csv::{ByteRecord, Reader, ReaderBuilder};

use super::{CannotImport, Rejected, What, file_error};
use crate::speech::Reject;

/// A column: its name, its Chinese names with `|` between, must it be there.
type Column = (&'static str, &'static str, bool);

const STATIONS: &[Column] = &[("code", "编号", true), ("name", "名称", true), ("place", "地点", false)];
const ITEMS: &[Column] = &[("item_code", "物品编号", true), ("kind", "种类", true), ("station", "驿站", false)];
const LOANS: &[Column] = &[
    ("loan_no", "借用编号", true),
    ("item_code", "物品编号", true),
    ("from_station", "借出驿站", false),
    ("to_station", "归还驿站", false),
    ("lent_at", "借出时间", true),
    ("returned_at", "归还时间", true),
    ("member_group", "人群", false),
    ("phone", "手机号", false),
];

const STOCK: &[Column] = &[
    ("station", "驿站|驿站编号", true),
    ("kind", "品名|名称|物品名称|种类", true),
    ("category", "分类|类别", false),
    ("class", "管理类别|法定类别|属性", false),
    ("partner", "合作单位", false),
    ("proof", "凭证|购药凭证|发票号|送货单号", false),
    ("base_unit", "单位|最小单位", false),
    ("pack_size", "每盒数量|每包数量|包装数量", false),
    ("lot_no", "批号|生产批号|产品批号", false),
    ("made", "生产日期", false),
    ("label", "有效期|有效期至", false),
    ("lapses", "失效期|失效日期", false),
    ("quantity", "数量|库存|库存数量", true),
    ("place", "位置|存放位置|货架", false),
    ("code", "追溯码|药品追溯码|条码", false),
    ("state", "去向|状态", false),
    ("checked", "已核对", false),
    ("as_of", "盘点时间|盘点日期", false),
    ("note", "备注", false),
];
const TAKES: &[Column] = &[
    ("take_no", "登记编号|序号", false),
    ("station", "驿站|驿站编号", true),
    ("kind", "品名|名称|物品名称|种类", true),
    ("lot_no", "批号|生产批号|产品批号", false),
    ("made", "生产日期", false),
    ("label", "有效期|有效期至", false),
    ("lapses", "失效期|失效日期", false),
    ("quantity", "数量|取用数量", true),
    ("taken_at", "取用时间|取用日期|时间|日期", true),
    ("phone", "手机号|联系电话|电话", false),
    ("note", "备注", false),
];

/// One row.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its line in the file; the head of the table is line 1.
    pub line: u64,
    /// All its fields, as they stand in the file.
    pub fields: Vec<String>,
    columns: std::sync::Arc<[Option<usize>]>,
    names: &'static [Column],
}

impl Row {
    /// The field of a column, trimmed; empty if there is none.
    pub(super) fn get(&self, name: &str) -> &str {
        let at = self.names.iter().position(|(known, ..)| *known == name).and_then(|n| self.columns[n]);
        at.and_then(|at| self.fields.get(at)).map_or("", |field| field.trim())
    }

    /// As [`Row::get`]; none if it is empty.
    pub(super) fn some(&self, name: &str) -> Option<&str> {
        Some(self.get(name)).filter(|text| !text.is_empty())
    }

    /// As [`Row::some`], in half-width characters: for codes and numbers.
    pub(super) fn plain(&self, name: &str) -> Option<String> {
        let half = |c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            '\u{3000}' | '\u{a0}' => ' ',
            c => c,
        };
        self.some(name).map(|text| text.chars().map(half).collect::<String>().trim().to_owned())
    }

    /// The field of a column that must not be empty.
    pub(super) fn need(&self, name: &'static str) -> Result<&str, Reject> {
        let text = self.get(name);
        if text.is_empty() { Err(Reject::Missing(name)) } else { Ok(text) }
    }
}

/// An open file.
pub(super) struct Table {
    reader: Reader<File>,
    head: Vec<String>,
    columns: std::sync::Arc<[Option<usize>]>,
    names: &'static [Column],
    length: u64,
    position: u64,
}

impl Table {
    pub(super) fn open(path: &Path, what: What) -> Result<Self, CannotImport> {
        let file = File::open(path).map_err(|e| file_error(path, e))?;
        let length = file.metadata().map_err(|e| file_error(path, e))?.len();
        let mut reader = ReaderBuilder::new().flexible(true).has_headers(true).from_reader(file);
        let head = reader.byte_headers().map_err(|e| file_error(path, e))?.clone();
        let head: Vec<String> = decode_all(&head).ok_or_else(|| file_error(path, "the head of the table cannot be read"))?;
        let names = match what {
            What::Stations => STATIONS,
            What::Items => ITEMS,
            What::Loans => LOANS,
            What::Stock => STOCK,
            What::Takes => TAKES,
        };
        let mut columns = Vec::new();
        for (name, chinese, needed) in names {
            let first = chinese.split('|').next().unwrap_or_default();
            let at = head.iter().position(|title| {
                let title = title.trim().trim_start_matches('\u{feff}');
                title.eq_ignore_ascii_case(name) || chinese.split('|').any(|chinese| title == chinese)
            });
            if at.is_none() && *needed {
                return Err(CannotImport::MissingColumn { column: name, chinese: first, there: head.join(", ") });
            }
            columns.push(at);
        }
        let head = head.into_iter().map(|title| title.trim_start_matches('\u{feff}').to_owned()).collect();
        Ok(Self { reader, head, columns: columns.into(), names, length, position: 0 })
    }

    pub(super) fn head(&self) -> &[String] {
        &self.head
    }

    pub(super) fn length(&self) -> u64 {
        self.length
    }

    pub(super) fn position(&self) -> u64 {
        self.position
    }

    /// The next rows, at most so many, and those that cannot even be read.
    pub(super) fn read(&mut self, most: usize) -> Result<(Vec<Row>, Vec<Rejected>), csv::Error> {
        let (mut rows, mut rejected) = (Vec::with_capacity(most), Vec::new());
        let mut record = ByteRecord::new();
        while rows.len() + rejected.len() < most && self.reader.read_byte_record(&mut record)? {
            let line = record.position().map_or(0, csv::Position::line);
            self.position = self.reader.position().byte();
            if record.iter().all(|field| field.iter().all(u8::is_ascii_whitespace)) {
                continue;
            }
            match decode_all(&record) {
                None => rejected.push(Rejected { line, why: Reject::BrokenEncoding, fields: lossy(&record) }),
                Some(fields) if fields.len() != self.head.len() => {
                    rejected.push(Rejected { line, why: Reject::BrokenRow, fields });
                }
                Some(fields) => rows.push(Row { line, fields, columns: self.columns.clone(), names: self.names }),
            }
        }
        Ok((rows, rejected))
    }
}

/// A record in UTF-8, or else in GB18030; row by row, since registers are pasted together from several sources.
fn decode_all(record: &ByteRecord) -> Option<Vec<String>> {
    let utf8: Result<Vec<_>, _> = record.iter().map(|field| std::str::from_utf8(field).map(str::to_owned)).collect();
    if let Ok(fields) = utf8 {
        return Some(fields);
    }
    let chinese = |field: &[u8]| {
        encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(field).map(std::borrow::Cow::into_owned)
    };
    record.iter().map(chinese).collect()
}

fn lossy(record: &ByteRecord) -> Vec<String> {
    record.iter().map(|field| String::from_utf8_lossy(field).into_owned()).collect()
}
