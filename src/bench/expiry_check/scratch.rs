//! Databases that are made for a measurement and go away with it: files in a folder, or databases of a PostgreSQL server.

use std::path::PathBuf;

use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection};

use crate::{
    bench::NoFigure,
    db::{Db, Trouble},
};

/// Where they are made.
#[derive(Clone, Debug)]
pub enum Place {
    /// SQLite files in this folder.
    Folder(PathBuf),
    /// Databases on the PostgreSQL server of this address; that of the address itself is left alone.
    Server(String),
}

/// What was made there.
pub(super) struct Scratch {
    place: Place,
    made: Vec<String>,
}

impl Scratch {
    pub(super) fn new(place: Place) -> Self {
        Self { place, made: Vec::new() }
    }

    pub(super) fn on_sqlite(&self) -> bool {
        matches!(self.place, Place::Folder(_))
    }

    fn full_name(name: &str) -> String {
        format!("yizhan_bench_{}_{name}", std::process::id())
    }

    /// The address of a database.
    pub(super) fn url(&self, name: &str) -> String {
        let name = Self::full_name(name);
        match &self.place {
            Place::Folder(folder) => format!("sqlite://{}?mode=rwc", folder.join(name).display()),
            Place::Server(server) => {
                let (path, query) = server.split_at(server.find('?').unwrap_or(server.len()));
                let host = path.find("://").map_or(0, |at| at + 3);
                let base = path[host..].find('/').map_or(path, |slash| &path[..host + slash]);
                format!("{base}/{name}{query}")
            }
        }
    }

    /// An empty database with the newest schema.
    pub(super) async fn make(&mut self, name: &str) -> Result<(), NoFigure> {
        if let Place::Server(server) = &self.place {
            on(server, &[format!("CREATE DATABASE {}", Self::full_name(name))]).await?;
        }
        self.made.push(name.to_owned());
        Ok(Db::migrate(&self.url(name)).await?)
    }

    /// A copy that is on the disk; nobody may be at work on the original.
    pub(super) async fn copy(&mut self, from: &str, to: &str) -> Result<(), NoFigure> {
        self.made.push(to.to_owned());
        let (from, to) = (Self::full_name(from), Self::full_name(to));
        match &self.place {
            Place::Folder(folder) => {
                tokio::fs::copy(folder.join(from), folder.join(&to)).await?;
                // Else the first commit that is measured would have to wait for all of it.
                tokio::fs::OpenOptions::new().write(true).open(folder.join(to)).await?.sync_all().await?;
            }
            Place::Server(server) => {
                on(server, &[format!("CREATE DATABASE {to} TEMPLATE {from}"), "CHECKPOINT".to_owned()]).await?;
            }
        }
        Ok(())
    }

    /// Removes a database.
    pub(super) async fn remove(&mut self, name: &str) {
        self.made.retain(|made| made != name);
        let name = Self::full_name(name);
        match &self.place {
            Place::Folder(folder) => {
                for end in ["", "-wal", "-shm"] {
                    let _ = tokio::fs::remove_file(folder.join(format!("{name}{end}"))).await;
                }
            }
            Place::Server(server) => {
                let _ = on(server, &[format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")]).await;
            }
        }
    }

    /// Removes all of them.
    pub(super) async fn clear(&mut self) {
        for name in self.made.clone() {
            self.remove(&name).await;
        }
    }

    /// One connection that does as it is told, beside the gate, with the settings that the gate's writer has.
    pub(super) async fn by_hand(&self, name: &str) -> Result<DatabaseConnection, NoFigure> {
        let connection = connect(&self.url(name)).await?;
        if self.on_sqlite() {
            let settings = "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA cache_size = -16000; \
                            PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON;";
            connection.execute_unprepared(settings).await?;
        }
        Ok(connection)
    }
}

async fn connect(url: &str) -> Result<DatabaseConnection, NoFigure> {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    Database::connect(options).await.map_err(|error| Trouble::Fault(error.to_string()).into())
}

async fn on(server: &str, statements: &[String]) -> Result<(), NoFigure> {
    let connection = connect(server).await?;
    for statement in statements {
        let done = connection.execute_unprepared(statement).await;
        done.map_err(|error| Trouble::Fault(format!("{statement}: {error}")))?;
    }
    connection.close().await?;
    Ok(())
}
