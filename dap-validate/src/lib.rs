//! `dap-validate`: judges exports of the Distributed Array Protocol, alone or across all ranks.
#![forbid(unsafe_code)]

pub mod input;
