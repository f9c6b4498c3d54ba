//! Settings: from a file, then from the environment. The only place that reads either.

use std::path::Path;

use base64::Engine as _;
use serde::Deserialize;

use crate::vault::KEY_LENGTH;

/// The settings of one process.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// See [`KNOBS`] for each.
    pub database_url: String,
    /// The address and port to listen on.
    pub listen: String,
    /// What the QR codes begin with.
    pub base_url: String,
    /// The one-time code of the first admin.
    pub setup_code: Option<String>,
    /// 32 bytes in base64.
    pub secret_key: Option<String>,
    /// `on` or `off`.
    pub rate_limit: Switch,
    /// How many proxies stand before this process.
    pub trusted_proxies: usize,
    /// Where notices are posted.
    pub notice_gateway: Option<String>,
    /// What the gateway wants as a bearer token.
    pub notice_gateway_token: Option<String>,
    /// The most connections at once.
    pub max_connections: usize,
    /// `text` or `json`.
    pub log_format: LogFormat,
}

/// On or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Switch {
    /// On.
    On,
    /// Off.
    Off,
}

/// The form of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// One setting: what the reference says about it.
pub struct Knob {
    /// Its name in the file; in the environment it is `YIZHAN_` and this in capitals.
    pub name: &'static str,
    /// Its default, as text; none where it is unset.
    pub default: Option<&'static str>,
    /// What it does.
    pub doc: &'static str,
}

/// Every setting. The reference in `docs/CONFIGURATION.md` is generated from this table.
pub const KNOBS: [Knob; 11] = [
    Knob {
        name: "database_url",
        default: Some("sqlite://yizhan.db?mode=rwc"),
        doc: "The database: `sqlite://path` (embedded) or `postgres://user:password@host/name`.",
    },
    Knob { name: "listen", default: Some("127.0.0.1:8080"), doc: "The address and port to listen on." },
    Knob {
        name: "base_url",
        default: Some("http://localhost:8080"),
        doc: "What every QR code begins with; what a phone can reach. Changing it makes stickers already printed useless.",
    },
    Knob {
        name: "setup_code",
        default: None,
        doc: "The one-time code that makes the first admin. Unset: one is made at the first start and printed.",
    },
    Knob {
        name: "secret_key",
        default: None,
        doc: "32 random bytes in base64 (`openssl rand -base64 32`) that seal names and phone numbers. Unset: a key is made and kept \
              in the database itself, so that whoever has the database file has the numbers too. Keep it apart from the backups, and \
              keep it: without it nothing sealed can be read.",
    },
    Knob {
        name: "rate_limit",
        default: Some("on"),
        doc: "`on` or `off` (load tests only). Limits count per session and route; per address there is only a loose ceiling, since a \
              whole building may share one.",
    },
    Knob {
        name: "trusted_proxies",
        default: Some("0"),
        doc: "How many proxies stand before this process and add to `X-Forwarded-For`. 0: the header is ignored.",
    },
    Knob {
        name: "notice_gateway",
        default: None,
        doc: "Where notices (one-time codes, reminders) are posted as JSON `{id, phone, language, text}`; `id` is the same when one is \
              posted twice. Unset: they are printed in the log, which is for trying out only.",
    },
    Knob { name: "notice_gateway_token", default: None, doc: "Sent to the gateway as `Authorization: Bearer …`." },
    Knob { name: "max_connections", default: Some("2048"), doc: "The most connections at once; more wait." },
    Knob {
        name: "log_format",
        default: Some("text"),
        doc: "`text` or `json`. What is logged is set by `RUST_LOG` (default `info`).",
    },
];

/// Settings that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BadConfig {
    /// A file that cannot be read, an unknown name, a value of the wrong form.
    #[error("{0}")]
    Unreadable(#[from] config::ConfigError),
    /// `secret_key` is not 32 bytes in base64.
    #[error("secret_key is not 32 bytes in base64; make one with `openssl rand -base64 32`")]
    SecretKey,
}

impl Config {
    /// Reads the file, if one is named or `yizhan.toml` is here, then the environment.
    ///
    /// # Errors
    /// [`BadConfig`], with the name of the setting.
    pub fn load(file: Option<&Path>) -> Result<Self, BadConfig> {
        let mut builder = config::Config::builder();
        for knob in &KNOBS {
            if let Some(default) = knob.default {
                builder = builder.set_default(knob.name, default)?;
            }
        }
        builder = match file {
            Some(path) => builder.add_source(config::File::from(path)),
            None => builder.add_source(config::File::with_name("yizhan.toml").required(false)),
        };
        let environment = config::Environment::with_prefix("YIZHAN").prefix_separator("_").try_parsing(false).ignore_empty(true);
        Ok(builder.add_source(environment).build()?.try_deserialize()?)
    }

    /// The secret key, if one is set.
    ///
    /// # Errors
    /// [`BadConfig::SecretKey`].
    pub fn secret_key(&self) -> Result<Option<[u8; KEY_LENGTH]>, BadConfig> {
        let Some(text) = &self.secret_key else { return Ok(None) };
        let bytes = base64::prelude::BASE64_STANDARD.decode(text.trim()).map_err(|_| BadConfig::SecretKey)?;
        Ok(Some(bytes.try_into().map_err(|_| BadConfig::SecretKey)?))
    }

    /// The address behind a sticker code.
    #[must_use]
    pub fn sticker_url(&self, code: &str) -> String {
        format!("{}/q/{code}", self.base_url.trim_end_matches('/'))
    }

    /// The reference of all settings, as Markdown.
    #[must_use]
    pub fn reference() -> String {
        let mut text = String::from(
            "# Settings\n\nGenerated by `yizhan config-reference`; do not edit.\n\nSettings are read from `yizhan.toml` in the working \
             directory (or the file named by `--config`), then from the environment, which wins.\n\n| in the file | in the environment \
             | default | what it does |\n|---|---|---|---|\n",
        );
        for knob in &KNOBS {
            let default = knob.default.map_or("–".to_owned(), |d| format!("`{d}`"));
            text += &format!("| `{}` | `YIZHAN_{}` | {default} | {} |\n", knob.name, knob.name.to_uppercase(), knob.doc);
        }
        text
    }
}

impl std::fmt::Debug for Config {
    /// Without secrets.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Config").field("listen", &self.listen).field("base_url", &self.base_url).finish_non_exhaustive()
    }
}
