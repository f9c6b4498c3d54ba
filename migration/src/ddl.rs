//! One schema text for both engines: `{words}` in braces become the engine's name for the type.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

/// What stands for a type | on SQLite | on PostgreSQL.
const WORDS: [(&str, &str, &str); 10] = [
    ("{uuid}", "BLOB", "uuid"),
    ("{time}", "TEXT", "timestamptz"),
    ("{date}", "TEXT", "date"),
    ("{json}", "TEXT", "jsonb"),
    ("{bytes}", "BLOB", "bytea"),
    ("{bool}", "INTEGER", "boolean"),
    ("{true}", "1", "true"),
    ("{big}", "INTEGER", "bigint"),
    ("{real}", "REAL", "double precision"),
    // UUIDv7 keys arrive in order: the table is its own index. STRICT refuses what PostgreSQL would refuse.
    ("{keyed}", "STRICT, WITHOUT ROWID", ""),
];

/// Runs the statements of a schema text, which end with `;` at the end of a line.
pub(crate) async fn run(manager: &SchemaManager<'_>, text: &str) -> Result<(), DbErr> {
    let sqlite = manager.get_database_backend() == DbBackend::Sqlite;
    let mut text = text.to_owned();
    for (word, on_sqlite, on_postgres) in WORDS {
        text = text.replace(word, if sqlite { on_sqlite } else { on_postgres });
    }
    for statement in text.split(";\n").map(str::trim).filter(|s| !s.is_empty()) {
        manager.get_connection().execute_unprepared(statement).await?;
    }
    Ok(())
}
