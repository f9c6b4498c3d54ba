//! `yizhan demo`: a station to try, in a fresh database, within a minute.

use std::{
    io::{IsTerminal, Write},
    net::{IpAddr, UdpSocket},
    path::{Path, PathBuf},
};

use qrcode::{QrCode, render::unicode::Dense1x2};

use super::{Failed, bar, serve};
use crate::{
    app::App,
    clock::Clock,
    config::Config,
    db::Db,
    demo::{self, Sights},
    front, telemetry,
};

/// Makes the demo and serves it.
pub(super) async fn run(config: Config, file: PathBuf) -> Result<(), Failed> {
    telemetry::init(config.log_format);
    front::count_from_now();
    let url = format!("sqlite://{}?mode=rwc", file.display());
    clear_away(&file).await?;
    let config = reachable(Config { database_url: url.clone(), setup_code: Some("demo".to_owned()), ..config });
    Db::migrate(&url).await?;
    let now = Clock::system().now();
    let story = App::open(config.clone(), Clock::frozen_at(now), Db::connect(&url).await?).await?;
    let bar = bar("演示数据 / demo data");
    let filled = demo::fill(&story, now, |done, total| {
        bar.set_length(total);
        bar.set_position(done);
    });
    let sights = filled.await.map_err(|e| Failed::Because(e.to_string()))?;
    bar.finish_and_clear();
    let app = App::open(config, Clock::system(), Db::connect(&url).await?).await?;
    let listener = serve::listen(&app).await?;
    welcome(&app, &file, &sights).map_err(|e| Failed::Because(e.to_string()))?;
    serve::serve_on(app, listener).await
}

/// Takes the last demo away. A database that is not a demo's is left alone.
async fn clear_away(file: &Path) -> Result<(), Failed> {
    if !file.exists() {
        return Ok(());
    }
    let refuse =
        || Failed::Because(format!("{} is not a demo: it is left as it is. Name another file with --file", file.display()));
    let db = Db::connect(&format!("sqlite://{}", file.display())).await.map_err(|_| refuse())?;
    let is_demo = demo::is_demo(&db).await.unwrap_or(false);
    db.close().await?;
    if !is_demo {
        return Err(refuse());
    }
    for suffix in ["", "-wal", "-shm"] {
        let path = PathBuf::from(format!("{}{suffix}", file.display()));
        if path.exists() {
            std::fs::remove_file(&path).map_err(|e| Failed::Because(format!("{}: {e}", path.display())))?;
        }
    }
    Ok(())
}

/// A phone in the same network shall reach the demo, unless the settings say otherwise.
fn reachable(mut config: Config) -> Config {
    let defaults = |name: &str| crate::config::KNOBS.iter().find(|knob| knob.name == name).and_then(|knob| knob.default);
    if Some(config.listen.as_str()) == defaults("listen") {
        "0.0.0.0:8080".clone_into(&mut config.listen);
    }
    if Some(config.base_url.as_str()) == defaults("base_url") {
        let port = config.listen.rsplit(':').next().unwrap_or("8080");
        let host = own_address().map_or_else(|| "localhost".to_owned(), |address| address.to_string());
        config.base_url = format!("http://{host}:{port}");
    }
    config
}

/// The address under which this machine is known in its network. Nothing is sent.
fn own_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
    socket.connect("192.0.2.1:9").ok()?;
    socket.local_addr().ok().map(|address| address.ip()).filter(|ip| !ip.is_unspecified())
}

fn welcome(app: &App, file: &Path, sights: &Sights) -> std::io::Result<()> {
    let url = |code: &str| app.config.sticker_url(code);
    let mut out = std::io::stdout().lock();
    writeln!(out, "\n练塘镇湾塘社区练北驿站 · 演示站 / a demo station\n")?;
    if let Ok(code) = QrCode::new(url(&sights.umbrella)) {
        // Dark on light, whatever the terminal's own colours are: not every phone reads a code in negative.
        let (paint, plain) = if out.is_terminal() { ("\u{1b}[30;107m", "\u{1b}[0m") } else { ("", "") };
        for line in code.render::<Dense1x2>().quiet_zone(true).build().lines() {
            writeln!(out, "  {paint}{line}{plain}")?;
        }
        writeln!(out)?;
    }
    writeln!(out, "  扫上面的码借一把伞，或用浏览器打开 / scan to borrow an umbrella, or open:")?;
    writeln!(out, "    在架的伞   umbrella on the shelf  {}", url(&sights.umbrella))?;
    if !sights.umbrella_out.is_empty() {
        writeln!(out, "    借出的伞   umbrella that is out   {}", url(&sights.umbrella_out))?;
    }
    writeln!(out, "    轮椅       wheelchair             {}", url(&sights.wheelchair))?;
    writeln!(out, "    站长工作台 keeper's page          {}/staff", app.config.base_url)?;
    writeln!(out, "    各站一览   manager's page         {}/staff    （管理员登录 / sign in as admin）", app.config.base_url)?;
    writeln!(out, "    接口文档   API documentation      {}/api/docs/", app.config.base_url)?;
    writeln!(
        out,
        "\n  管理员 admin {}   站长 keeper {}   密码 password {}",
        demo::ADMIN_PHONE,
        demo::KEEPER_PHONE,
        demo::PASSWORD
    )?;
    writeln!(out, "  {} 件物品、{} 次借用 / things and loans, in {}", sights.items, sights.loans, file.display())?;
    writeln!(out, "  验证码会显示在下面的日志里 / one-time codes are shown in the log below. Ctrl-C 结束 / ends.\n")?;
    out.flush()
}
