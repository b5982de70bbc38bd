//! Runs the real program, as a user does.
#![expect(clippy::unwrap_used, reason = "a test that panics has failed")]

mod attacks;
mod cases;
mod check;
mod completions;
mod convert;
mod diff;
mod diff_values;
mod files;
mod formats;
mod gather;
mod generate;
mod gzip;
mod halo;
mod html;
mod json;
mod linear;
mod machine;
mod map;
mod memory;
mod outputs;
mod pages;
mod pattern;
mod pipes;
mod plan;
mod plot;
mod refusals;
mod rule;
mod rules;
mod schema;
mod schema_check;
mod show;
mod show_stored;
mod snapshots;
mod view;
