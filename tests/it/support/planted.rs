//! What no verb would do: rows by the thousand, triggers that stand in for a bad disk, and everything that is stored as one text.

use std::collections::BTreeMap;

use entity::{ids::LotId, lot};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, IdenStatic, Iterable, Statement};
use uuid::Uuid;

/// A connection of its own to the database of a town, past every gate.
pub(crate) struct Hand(DatabaseConnection);

impl Hand {
    pub(crate) async fn on(url: &str) -> Self {
        Self(Database::connect(url).await.unwrap())
    }

    fn is_sqlite(&self) -> bool {
        self.0.get_database_backend() == DbBackend::Sqlite
    }

    pub(crate) async fn run(&self, sql: &str) {
        self.0.execute_unprepared(sql).await.unwrap();
    }

    /// Does the database let it in?
    pub(crate) async fn try_run(&self, sql: &str) -> bool {
        self.0.execute_unprepared(sql).await.is_ok()
    }

    /// The first column of what a statement lists, as text.
    pub(crate) async fn ask(&self, sql: &str) -> Vec<String> {
        let asked = Statement::from_string(self.0.get_database_backend(), sql);
        self.0.query_all_raw(asked).await.unwrap().iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
    }

    pub(crate) async fn count(&self, of: &str) -> usize {
        self.ask(&format!("SELECT CAST(COUNT(*) AS TEXT) FROM {of}")).await[0].parse().unwrap()
    }

    pub(crate) fn id(&self, id: Uuid) -> String {
        if self.is_sqlite() { format!("x'{}'", id.simple()) } else { format!("'{id}'") }
    }

    /// Does something when a row is added to a table, in the write that adds it.
    pub(crate) async fn when_added(&self, table: &str, when: &str, then: &str) {
        let sql = if self.is_sqlite() {
            format!("CREATE TRIGGER planted AFTER INSERT ON {table} WHEN {when} BEGIN {then}; END")
        } else {
            format!(
                "CREATE FUNCTION planted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {when} THEN {then}; END IF; RETURN \
                 NEW; END $$; CREATE TRIGGER planted AFTER INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION planted()"
            )
        };
        self.run(&sql).await;
    }

    /// Whatever adds a row like this fails, for good.
    pub(crate) async fn poison(&self, table: &str, when: &str) {
        let then = if self.is_sqlite() { "SELECT RAISE(ABORT, 'poison')" } else { "RAISE EXCEPTION 'poison'" };
        self.when_added(table, when, then).await;
    }

    pub(crate) async fn forget(&self, table: &str) {
        let on = if self.is_sqlite() { String::new() } else { format!(" ON {table}") };
        self.run(&format!("DROP TRIGGER planted{on}")).await;
    }

    /// Many more lots like one, each with its delivery in the ledger. Their numbers are `S1`, `S2`, …
    pub(crate) async fn multiply(&self, like: LotId, from: usize, to: usize) {
        let new_id = if self.is_sqlite() { "unhex(printf('%032x', i))" } else { "lpad(to_hex(i), 32, '0')::uuid" };
        let numbered = "'S' || CAST(i AS TEXT)";
        let series = format!("WITH RECURSIVE n(i) AS (SELECT {from} UNION ALL SELECT i + 1 FROM n WHERE i < {to})");
        let copy = |columns: Vec<String>, new: &[(&str, &str)]| {
            let listed = columns.join(", ");
            let value = |column: &String| {
                let set = new.iter().find(|(name, _)| name == column);
                set.map_or_else(|| format!("o.{column}"), |(_, value)| (*value).to_owned())
            };
            (listed, columns.iter().map(value).collect::<Vec<_>>().join(", "))
        };
        let names = |all: Vec<&str>| all.into_iter().map(str::to_owned).collect::<Vec<_>>();
        let lots = names(lot::Column::iter().map(|column| column.as_str()).collect());
        let lines = names(entity::movement::Column::iter().map(|column| column.as_str()).collect());
        let labels = names(entity::lot_label::Column::iter().map(|column| column.as_str()).collect());
        let like = self.id(like.0);
        for (table, key, (listed, values)) in [
            ("lot", "id", copy(lots, &[("id", new_id), ("number", numbered), ("number_key", numbered)])),
            ("movement", "lot_id", copy(lines, &[("id", new_id), ("lot_id", new_id)])),
            ("lot_label", "lot_id", copy(labels, &[("lot_id", new_id)])),
        ] {
            self.run(&format!(
                "INSERT INTO {table} ({listed}) {series} SELECT {values} FROM {table} o, n WHERE o.{key} = {like}"
            ))
            .await;
        }
    }

    /// Every row of every table as a text, but for columns that differ between two tellings of one story.
    pub(crate) async fn dump(&self, but: &[&str]) -> BTreeMap<String, Vec<String>> {
        let tables = if self.is_sqlite() {
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        } else {
            "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'"
        };
        let mut all = BTreeMap::new();
        for table in self.ask(tables).await {
            let columns = if self.is_sqlite() {
                format!("SELECT name FROM pragma_table_info('{table}')")
            } else {
                format!("SELECT column_name::text FROM information_schema.columns WHERE table_name = '{table}'")
            };
            let mut shown = Vec::new();
            for column in self.ask(&columns).await {
                if but.contains(&column.as_str()) || but.contains(&format!("{table}.{column}").as_str()) {
                    continue;
                }
                let text = if self.is_sqlite() {
                    format!("quote(\"{column}\")")
                } else {
                    format!("COALESCE(\"{column}\"::text, 'NULL')")
                };
                shown.push(format!("'{column}=' || {text}"));
            }
            if !shown.is_empty() {
                let rows = format!("SELECT {} AS line FROM \"{table}\" ORDER BY 1", shown.join(" || ' ' || "));
                all.insert(table, self.ask(&rows).await);
            }
        }
        all
    }

    pub(crate) async fn leave(self) {
        self.0.close().await.unwrap();
    }
}

/// Two dumps are the same; if not, only what differs is shown.
pub(crate) fn same(one: &BTreeMap<String, Vec<String>>, other: &BTreeMap<String, Vec<String>>) {
    assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
    for (table, rows) in one {
        let others = &other[table];
        let only: Vec<_> = rows.iter().filter(|row| !others.contains(row)).take(3).collect();
        let only_there: Vec<_> = others.iter().filter(|row| !rows.contains(row)).take(3).collect();
        assert!(rows == others, "{table}: {} and {} rows; {only:#?} and {only_there:#?}", rows.len(), others.len());
    }
}
