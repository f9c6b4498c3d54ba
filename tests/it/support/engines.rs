//! A database of its own for every test: a copy of a migrated template, on either engine.
//!
//! `PostgreSQL` is the server at `TEST_POSTGRES_URL`, or a private one that is started from the installed programs and goes
//! away with this process, however that ends. Where there is none, the `PostgreSQL` half is left out, and says so; in CI
//! nothing may be left out.

use std::{
    io::Write,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use sea_orm::{ConnectionTrait, Database, DatabaseConnection};
use tempfile::TempDir;
use yizhan::db::Db;

/// Which engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

/// A database of one test, gone when dropped.
pub(crate) struct Fresh {
    pub(crate) url: String,
    /// The folder of a `SQLite` file.
    folder: Option<TempDir>,
    /// Its name on the `PostgreSQL` server.
    name: Option<String>,
}

impl Drop for Fresh {
    fn drop(&mut self) {
        if let (Some(name), Some(server)) = (&self.name, postgres()) {
            // FORCE: connections of a test that failed may still be open.
            let _ = server.attempt(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        }
    }
}

static COUNTER: AtomicU32 = AtomicU32::new(0);

/// Runs a future to its end, outside of any runtime.
pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(future)
}

impl Fresh {
    /// `None` where there is no `PostgreSQL`.
    pub(crate) fn on(engine: Engine) -> Option<Self> {
        match engine {
            Engine::Sqlite => Some(Self::sqlite()),
            Engine::Postgres => postgres().map(Self::postgres),
        }
    }

    fn sqlite() -> Self {
        // Kept in memory: what a static holds is never dropped, a folder least of all.
        static TEMPLATE: OnceLock<Vec<u8>> = OnceLock::new();
        let template = TEMPLATE.get_or_init(|| {
            let folder = TempDir::new().unwrap();
            let file = folder.path().join("template.db");
            block_on(Db::migrate(&format!("sqlite://{}?mode=rwc", file.display()))).unwrap();
            std::fs::read(file).unwrap()
        });
        Self::holding(template)
    }

    /// A `SQLite` file with this in it.
    pub(crate) fn holding(bytes: &[u8]) -> Self {
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("yizhan.db");
        std::fs::write(&file, bytes).unwrap();
        Self { url: format!("sqlite://{}?mode=rwc", file.display()), folder: Some(folder), name: None }
    }

    /// What is in the `SQLite` file. Nobody may be connected to it.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        std::fs::read(self.folder.as_ref().unwrap().path().join("yizhan.db")).unwrap()
    }

    fn postgres(server: &Server) -> Self {
        static TEMPLATE: OnceLock<String> = OnceLock::new();
        let template = TEMPLATE.get_or_init(|| {
            // The name does not tell processes apart, so that a server of somebody else's is not left full of templates.
            let name = "yizhan_template".to_owned();
            server.run(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
            server.run(&format!("CREATE DATABASE {name}"));
            block_on(Db::migrate(&server.url_of(&name))).unwrap();
            name
        });
        Self::created(server, &format!(" TEMPLATE {template}"))
    }

    /// A database without any table.
    pub(crate) fn empty(engine: Engine) -> Option<Self> {
        match engine {
            Engine::Sqlite => {
                let folder = TempDir::new().unwrap();
                let url = format!("sqlite://{}?mode=rwc", folder.path().join("empty.db").display());
                Some(Self { url, folder: Some(folder), name: None })
            }
            Engine::Postgres => postgres().map(|server| Self::created(server, "")),
        }
    }

    /// Another database with the same rows. Nobody may be connected to this one.
    pub(crate) fn copy(&self) -> Self {
        match (&self.name, postgres()) {
            (Some(name), Some(server)) => Self::created(server, &format!(" TEMPLATE {name}")),
            _ => {
                let file = self.folder.as_ref().unwrap().path().join("yizhan.db");
                let folder = TempDir::new().unwrap();
                let copy = folder.path().join("yizhan.db");
                std::fs::copy(file, &copy).unwrap();
                Self { url: format!("sqlite://{}?mode=rwc", copy.display()), folder: Some(folder), name: None }
            }
        }
    }

    fn created(server: &Server, how: &str) -> Self {
        let name = format!("yizhan_test_{}_{}", std::process::id(), COUNTER.fetch_add(1, Relaxed));
        server.run(&format!("CREATE DATABASE {name}{how}"));
        Self { url: server.url_of(&name), folder: None, name: Some(name) }
    }
}

/// The `PostgreSQL` of this process.
struct Server {
    /// What stands before and behind the database's name.
    url: (String, String),
    /// Its standard input is the life line: when it closes, the server is stopped and its folder removed.
    _keeper: Option<Child>,
}

impl Server {
    fn url_of(&self, database: &str) -> String {
        format!("{}{database}{}", self.url.0, self.url.1)
    }

    fn run(&self, statement: &str) {
        self.attempt(statement).unwrap();
    }

    /// Runs one statement in a runtime of its own.
    fn attempt(&self, statement: &str) -> std::thread::Result<()> {
        // One at a time: a template cannot be copied while somebody is connected to it.
        static TURN: std::sync::Mutex<()> = std::sync::Mutex::new(());
        let _turn = TURN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let url = self.url_of("postgres");
        let statement = statement.to_owned();
        std::thread::spawn(move || {
            block_on(async {
                let connection: DatabaseConnection = Database::connect(&url).await.unwrap();
                connection.execute_unprepared(&statement).await.unwrap();
                connection.close().await.unwrap();
            });
        })
        .join()
    }
}

fn postgres() -> Option<&'static Server> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    SERVER
        .get_or_init(|| {
            if let Some(url) = from_environment("TEST_POSTGRES_URL") {
                let (path, query) = url.split_at(url.find('?').unwrap_or(url.len()));
                let base = path.rfind('/').map_or(path, |slash| &path[..=slash]);
                return Some(Server { url: (base.to_owned(), query.to_owned()), _keeper: None });
            }
            let started = programs().and_then(|programs| start(&programs));
            if started.is_none() {
                assert!(from_environment("CI").is_none(), "in CI nothing may be left out: install PostgreSQL");
                // Past the capture of the test runner: whoever runs the tests shall read it.
                let _ = writeln!(
                    std::io::stderr(),
                    "\nLEFT OUT: every test on PostgreSQL. To run them too: apt-get install postgresql, or set TEST_POSTGRES_URL \
                     to a server on which databases may be created.\n"
                );
            }
            started
        })
        .as_ref()
}

#[expect(clippy::disallowed_methods, reason = "the tests have no settings but these")]
pub(crate) fn from_environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Where `initdb` and `postgres` are.
fn programs() -> Option<PathBuf> {
    let mut folders: Vec<PathBuf> = Vec::new();
    if let Ok(versions) = std::fs::read_dir("/usr/lib/postgresql") {
        folders.extend(versions.flatten().map(|version| version.path().join("bin")));
        folders.sort();
        folders.reverse();
    }
    folders.extend(from_environment("PATH").unwrap_or_default().split(':').map(PathBuf::from));
    folders.into_iter().find(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file())
}

/// Starts a server in a folder of its own, whose power never fails: it waits for no disk. It refuses to run as root, so that as root it is run as `postgres` or `nobody`.
fn start(programs: &Path) -> Option<Server> {
    let folder = TempDir::new().ok()?.keep();
    let port = TcpListener::bind("127.0.0.1:0").ok()?.local_addr().ok()?.port();
    let script = r#"
        set -e
        # Ctrl-C reaches the whole group of processes; the life line alone decides when this one ends.
        trap '' INT TERM HUP
        trap 'rm -rf "$FOLDER"' EXIT
        as_user() { "$@"; }
        if [ "$(id -u)" = 0 ]; then
            user=nobody; id postgres >/dev/null 2>&1 && user=postgres
            chown "$user" "$FOLDER"
            as_user() { setpriv --reuid "$user" --regid "$(id -g "$user")" --clear-groups "$@"; }
        fi
        cd "$FOLDER"
        as_user "$PROGRAMS/initdb" -N -D "$FOLDER/data" -A trust -U yizhan -E UTF8 --locale=C.UTF-8 >"$FOLDER/log" 2>&1
        as_user "$PROGRAMS/postgres" -D "$FOLDER/data" -p "$PORT" -k "$FOLDER" -c listen_addresses=127.0.0.1 \
            -c max_connections=400 -c shared_buffers=128MB -c fsync=off -c full_page_writes=off >>"$FOLDER/log" 2>&1 </dev/null &
        echo started
        cat >/dev/null || true
        as_user "$PROGRAMS/pg_ctl" -D "$FOLDER/data" -m immediate stop >>"$FOLDER/log" 2>&1 || true
    "#;
    let mut keeper = Command::new("bash")
        .arg("-c")
        .arg(script)
        .env("FOLDER", &folder)
        .env("PROGRAMS", programs)
        .env("PORT", port.to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        // What reads our own output must not wait for the keeper.
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let mut said = String::new();
    let mut out = std::io::BufReader::new(keeper.stdout.take()?);
    std::io::BufRead::read_line(&mut out, &mut said).ok()?;
    let base = format!("postgres://yizhan@127.0.0.1:{port}/");
    let deadline = Instant::now() + Duration::from_secs(30);
    while said.trim() == "started" && Instant::now() < deadline {
        let url = format!("{base}postgres");
        let up = std::thread::spawn(move || block_on(async { Database::connect(&url).await.is_ok() })).join().unwrap_or(false);
        if up {
            return Some(Server { url: (base, String::new()), _keeper: Some(keeper) });
        }
        std::thread::yield_now();
    }
    None
}
