//! DistArray's `.dnpy` files: distribution and buffer of one process.
//!
//! Magic `\x93DARRY`, two version bytes, the header's length in 16 bits, the header (a Python
//! dictionary with `__version__` and `dim_data`), then a complete `.npy`. The headers are turned
//! into the JSON text of an export: what is wrong with it can be shown like in any other.
//!
//! ```
//! let file = b"\x93DARRY\x01\x00\x32\x00{'__version__': '0.10.0', 'dim_data': ({},)}     \n\
//!     \x93NUMPY\x01\x00\x3e\x00{'descr': '<i2', 'fortran_order': False, 'shape': (1,), }    \n\x07\x00";
//! let header = dap_formats::dnpy::Header::read(&mut &file[..]).map_err(|error| error.to_string())?;
//! let export = dap_core::json::read(&header.json);
//! assert_eq!(export.extent(0), Some(1));
//! assert_eq!(file[header.data_offset as usize..], [7, 0]);
//! # Ok::<(), String>(())
//! ```

mod write;

use std::io::Read;

use crate::file::words;
use crate::npy::{self, HeaderError, Npy};
use crate::python::{self, Literal};
pub use write::header;

/// How a `.dnpy` file begins.
pub const MAGIC: &[u8] = b"\x93DARRY";

/// The contents of the headers of a `.dnpy` file.
#[derive(Debug)]
pub struct Header {
    /// The export as JSON, as it was written, mistakes included.
    pub json: Vec<u8>,
    /// The header of the `.npy` file within.
    pub npy: Npy,
    /// Where the data begin, in bytes.
    pub data_offset: u64,
}

impl Header {
    /// Reads both headers, from the beginning of a file.
    ///
    /// # Errors
    /// It is no `.dnpy` file, ends too early, or says what cannot be understood.
    pub fn read(file: &mut impl Read) -> Result<Self, HeaderError> {
        Self::parse(file).map_err(HeaderError::new)
    }

    fn parse(file: &mut impl Read) -> Result<Self, String> {
        let mut fixed = Vec::new();
        file.take(10).read_to_end(&mut fixed).map_err(|error| words(&error))?;
        if !fixed.starts_with(MAGIC) {
            return Err(if fixed.is_empty() {
                "it is empty".to_owned()
            } else if fixed.starts_with(npy::MAGIC) {
                "it begins with `\\x93NUMPY`, not with `\\x93DARRY`".to_owned()
            } else {
                "it does not begin with `\\x93DARRY`".to_owned()
            });
        }
        let [_, _, _, _, _, _, major, minor, low, high] = fixed[..] else {
            return Err(format!("it ends within its header, at byte {}", fixed.len()));
        };
        if (major, minor) != (1, 0) {
            return Err(format!("its format is {major}.{minor}; 1.0 is the only one known"));
        }
        let header = npy::take(file, usize::from(u16::from_le_bytes([low, high])), 10)?;
        let begin = 10 + header.len() as u64;
        let Literal::Dict(mut members) = python::parse(&header, 10)? else {
            return Err("its header, at byte 10, is no dictionary".to_owned());
        };
        let npy = Npy::parse(file, begin).map_err(|problem| format!("no .npy behind its header: {problem}"))?;
        let after = members.iter().position(|(key, _)| key == "__version__").map_or(0, |at| at + 1);
        members.insert(after, ("buffer".to_owned(), buffer(&npy)));
        let json = Literal::Dict(members).to_json().into_bytes();
        Ok(Self { json, data_offset: begin + npy.length, npy })
    }
}

/// The description of the buffer, with strides where it is not in C order.
fn buffer(npy: &Npy) -> Literal {
    let integers = |list: &[i64]| Literal::List(list.iter().map(|n| Literal::Number(n.to_string())).collect());
    let mut members = vec![("dtype".to_owned(), npy.descr.clone()), ("shape".to_owned(), integers(&npy.shape))];
    members.extend(npy.fortran_strides().map(|strides| ("strides".to_owned(), integers(&strides))));
    Literal::Dict(members)
}
