//! Runs the real program, as a user does.

mod check;
mod files;
mod json;
mod map;
mod rule;
mod schema;
mod schema_check;
mod show;
mod snapshots;
