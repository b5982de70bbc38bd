//! DistArray's `.dnpy` files, as exports. Only the headers are read, by `dap-formats`.

use std::io::{BufReader, Read};
use std::path::Path;

use dap_core::export::Export;
use dap_core::finding::{Finding, plural};
use dap_core::json;
use dap_core::rules::RuleId;
pub(super) use dap_formats::dnpy::MAGIC;

use super::problem::of_text;
use super::{problem, whole};

/// The contents of a `.dnpy` file's header.
#[derive(Debug)]
pub(super) struct Header {
    /// The export as JSON.
    pub(super) json: Vec<u8>,
    /// The finding about the file's length, if it is wrong.
    problem: Option<Box<Finding>>,
}

impl Header {
    /// The export, with the finding about the file among its problems.
    pub(super) fn into_export(self) -> Export {
        let mut export = json::read(&self.json);
        export.problems.extend(self.problem.map(|problem| *problem));
        export
    }
}

/// Whether a regular file begins as a `.dnpy` file.
pub(crate) fn has_dnpy_header(path: &Path) -> bool {
    let mut magic = [0; MAGIC.len()];
    whole::open(path).is_ok_and(|mut file| file.read_exact(&mut magic).is_ok() && magic == *MAGIC)
}

/// Reads the headers of a file.
pub(super) fn read(path: &Path) -> Result<Header, Box<Finding>> {
    let file = whole::open(path).map_err(problem::cannot_read)?;
    let length = file.metadata().map_err(|error| problem::cannot_read(super::error::words(&error)))?.len();
    let read = dap_formats::dnpy::Header::read(&mut BufReader::new(file));
    let header = read.map_err(|error| malformed(error.to_string()))?;
    let there = length.saturating_sub(header.data_offset);
    let problem = header.npy.data_length().filter(|needed| there < *needed).map(|needed| {
        let begin = header.data_offset;
        let needed = dap_formats::npy::in_words(needed);
        malformed(format!("dtype and shape make {} of data, {there} follow at byte {begin}", plural(needed, "byte")))
    });
    Ok(Header { json: header.json, problem })
}

fn malformed(problem: String) -> Box<Finding> {
    Box::new(of_text(RuleId::MALFORMED_DNPY).with("problem", problem))
}
