//! `dap-validate`: checks exports of the Distributed Array Protocol, alone or across all ranks.
//!
//! The path of a run: [`cli`] reads the arguments, [`input`] finds the files and checks them with
//! `dap-core`, [`report`] turns judgements into what every output format needs (messages, places,
//! excerpts of the files), and [`render`] writes it. A new output format is one file in `render`.
//!
//! | task | here |
//! |---|---|
//! | the arguments and exit codes | [`cli`] |
//! | what each command does | [`command`] |
//! | the model of a report | [`report`] |
//! | output formats | [`render`] |
//! | JSON Schemas of the files | [`schema`] |
#![forbid(unsafe_code)]

pub mod cli;
pub mod command;
pub mod input;
pub mod schema;
