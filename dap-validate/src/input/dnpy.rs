//! DistArray's `.dnpy` files: distribution and buffer of one process.
//!
//! Magic `\x93DARRY`, two version bytes, the header's length in 16 bits, the header (a Python dictionary with
//! `__version__` and `dim_data`), then a complete `.npy`. Only the headers are read, and turned into the JSON text of
//! an export: what is wrong with it can be shown like in any other.

use std::io::{BufReader, Read};
use std::path::Path;

use dap_core::export::Export;
use dap_core::finding::Finding;
use dap_core::json;
use dap_core::rules::RuleId;

use super::npy::{self, Npy};
use super::python::{self, Literal};
use super::{of_text, whole};

/// How a `.dnpy` file begins.
pub(super) const MAGIC: &[u8] = b"\x93DARRY";

/// What a `.dnpy` file says.
#[derive(Debug)]
pub(super) struct Header {
    /// The export as JSON.
    pub(super) json: Vec<u8>,
    /// What is wrong with the file's length.
    problem: Option<Box<Finding>>,
}

impl Header {
    /// The export, with what is wrong with the file among its problems.
    pub(super) fn into_export(self) -> Export {
        let mut export = json::read(&self.json);
        export.problems.extend(self.problem.map(|problem| *problem));
        export
    }
}

/// Reads the headers of a file.
pub(super) fn read(path: &Path) -> Result<Header, Box<Finding>> {
    let file = whole::open(path).map_err(whole::cannot_read)?;
    let length = file.metadata().map_err(|error| whole::cannot_read(super::error::words(&error)))?.len();
    parse(&mut BufReader::new(file), length).map_err(malformed)
}

fn malformed(problem: String) -> Box<Finding> {
    Box::new(of_text(RuleId::MALFORMED_DNPY).with("problem", problem))
}

fn parse(file: &mut impl Read, length: u64) -> Result<Header, String> {
    let mut fixed = Vec::new();
    file.take(10).read_to_end(&mut fixed).map_err(|error| super::error::words(&error))?;
    if !fixed.starts_with(MAGIC) {
        return Err(if fixed.is_empty() {
            "it is empty".to_owned()
        } else if fixed.starts_with(npy::MAGIC) {
            "it begins with `\\x93NUMPY`, not with `\\x93DARRY`".to_owned()
        } else {
            "it does not begin with `\\x93DARRY`".to_owned()
        });
    }
    let [.., major, minor, low, high] = fixed[..] else {
        return Err(format!("it ends within its header, at byte {}", fixed.len()));
    };
    if fixed.len() < 10 {
        return Err(format!("it ends within its header, at byte {}", fixed.len()));
    }
    if (major, minor) != (1, 0) {
        return Err(format!("its format is {major}.{minor}; 1.0 is the only one known"));
    }
    let header = npy::take(file, usize::from(u16::from_le_bytes([low, high])), 10)?;
    let begin = 10 + header.len() as u64;
    let Literal::Dict(mut members) = python::parse(&header, 10)? else {
        return Err("its header, at byte 10, is no dictionary".to_owned());
    };
    let npy = Npy::read(file, begin).map_err(|problem| format!("no .npy behind its header: {problem}"))?;
    let after = members.iter().position(|(key, _)| key == "__version__").map_or(0, |at| at + 1);
    members.insert(after, ("buffer".to_owned(), buffer(&npy)));
    let there = length.saturating_sub(begin).saturating_sub(npy.length);
    let problem = npy.data_length().filter(|needed| there < *needed).map(|needed| {
        malformed(format!("dtype and shape make {needed} bytes of data, {there} follow at byte {}", begin + npy.length))
    });
    Ok(Header { json: Literal::Dict(members).to_json().into_bytes(), problem })
}

/// The description of the buffer, with strides where it is not in C order.
fn buffer(npy: &Npy) -> Literal {
    let integers = |list: &[i64]| Literal::List(list.iter().map(|n| Literal::Number(n.to_string())).collect());
    let mut members = vec![("dtype".to_owned(), npy.descr.clone()), ("shape".to_owned(), integers(&npy.shape))];
    if let (true, Some(dtype)) = (npy.fortran_order && npy.shape.len() > 1, &npy.dtype) {
        let mut step = Some(dtype.itemsize());
        let strides: Option<Vec<i64>> = npy
            .shape
            .iter()
            .map(|extent| {
                let stride = step;
                step = step.and_then(|step| step.checked_mul((*extent).max(1)));
                stride
            })
            .collect();
        members.extend(strides.map(|strides| ("strides".to_owned(), integers(&strides))));
    }
    Literal::Dict(members)
}
