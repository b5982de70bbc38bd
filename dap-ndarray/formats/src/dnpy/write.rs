//! Headers, as DistArray writes them.

use std::fmt::Write as _;

use dap_core::export::{DimDict, Field, Version};

use super::MAGIC;
use crate::npy::write_text;

/// The header ends at a multiple of this number of bytes.
const ALIGNMENT: usize = 16;

/// Magic, version and dictionaries, which a `.npy` file follows.
///
/// Returns `None` for dictionaries whose length does not fit the 16 bits of the format.
#[must_use]
pub fn header(version: Version, dim_data: &[DimDict]) -> Option<Vec<u8>> {
    let mut text = format!("{{'__version__': '{version}', 'dim_data': (");
    for (at, dict) in dim_data.iter().enumerate() {
        text.push_str(if at > 0 { ", " } else { "" });
        write_dict(&mut text, dict);
    }
    text.push_str(if dim_data.len() == 1 { ",), }" } else { "), }" });
    let end = (10 + text.len() + 1).next_multiple_of(ALIGNMENT);
    let length = u16::try_from(end - 10).ok()?;
    let mut header = MAGIC.to_vec();
    header.extend([1, 0]);
    header.extend(length.to_le_bytes());
    header.extend(text.as_bytes());
    header.resize(end - 1, b' ');
    header.push(b'\n');
    Some(header)
}

fn write_dict(out: &mut String, dict: &DimDict) {
    out.push('{');
    let begin = out.len();
    let mut member = |key: &str, value: Option<String>| {
        if let Some(value) = value {
            let separator = if out.len() > begin { ", " } else { "" };
            let _ = write!(out, "{separator}'{key}': {value}");
        }
    };
    let number = |field: &Field<i64>| field.get().map(i64::to_string);
    let truth = |field: &Field<bool>| field.get().map(|&value| if value { "True" } else { "False" }.to_owned());
    member(
        "dist_type",
        dict.dist_type.get().map(|dist_type| {
            let mut text = String::new();
            write_text(&mut text, dist_type.letter());
            text
        }),
    );
    member("size", number(&dict.size));
    member("proc_grid_size", number(&dict.proc_grid_size));
    member("proc_grid_rank", number(&dict.proc_grid_rank));
    member("start", number(&dict.start));
    member("stop", number(&dict.stop));
    member("padding", dict.padding.get().map(|[lo, hi]| format!("({lo}, {hi})")));
    member("periodic", truth(&dict.periodic));
    member("block_size", number(&dict.block_size));
    member("indices", dict.indices.get().map(|indices| format!("{indices:?}")));
    member("one_to_one", truth(&dict.one_to_one));
    out.push('}');
}
