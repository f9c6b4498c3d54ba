//! map to come
pub mod app;
pub mod clock;
pub mod config;
pub mod db;
pub mod desk;
pub mod password;
pub mod picture;
pub mod rules;
pub mod speech;
pub mod store;
pub mod tokens;
pub mod vault;
pub mod view;
