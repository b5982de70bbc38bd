//! Arrays in files of other formats: what the file states, and the distribution that it describes.

use std::io::{self, Write};
use std::path::PathBuf;

use dap_core::dim::Dim;
use dap_core::layout::Layout;
use dap_report::{ArrayFacts, printable};

use super::{field, items, processes, table_of_dimensions, table_of_ranks};
use crate::cli::{ShowArgs, ViewArg};
use crate::command::outcome::Failure;
use crate::command::tuple::tuple;
use crate::stored::{self, StoredArray};

/// Paths by what they are.
pub(super) struct Paths {
    /// Arrays in files of other formats, with their names.
    pub(super) arrays: Vec<(String, StoredArray)>,
    pub(super) exports: Vec<PathBuf>,
}

/// The paths of the command line, with the arrays that were read.
///
/// # Errors
/// A file of such a format that cannot be read, or that is to be shown in a way that takes exports.
pub(super) fn split(args: &ShowArgs) -> Result<Paths, Failure> {
    let (mut arrays, mut exports) = (Vec::new(), Vec::new());
    for path in &args.input.paths {
        match stored::find(path).map_err(|problem| Failure::Usage(printable(&problem)))? {
            Some(array) => arrays.push((path.display().to_string(), array)),
            None => exports.push(path.clone()),
        }
    }
    if let (Some((name, _)), true) = (arrays.first(), args.view.is_some() || args.svg.is_some()) {
        let index = args.view.as_ref().map(ViewArg::in_brackets).unwrap_or_default();
        return Err(Failure::Usage(printable(&format!(
            "{name}{index}: parts and pictures are those of exports; leave out --view and --svg"
        ))));
    }
    Ok(Paths { arrays, exports })
}

/// The layout of an array on one process, for its extents.
///
/// # Errors
/// Extents that no array has.
pub(super) fn whole(shape: &[i64]) -> Result<Layout, String> {
    let dims = shape.iter().map(|&extent| Dim::undistributed(extent)).collect::<Result<_, _>>();
    dims.and_then(Layout::new).map_err(|error| error.to_string())
}

/// Shows an array.
pub(super) fn show(array: &StoredArray, out: &mut impl Write) -> io::Result<()> {
    let dtype = array.dtype.as_ref();
    match &array.layout {
        Some(layout) => items(&ArrayFacts::new(layout, dtype.ok()), dtype.ok(), out)?,
        None => match whole(&array.shape) {
            Ok(layout) => items(&ArrayFacts::new(&layout, dtype.ok()), dtype.ok(), out)?,
            Err(problem) => field(out, "shape", format!("{}: {}", tuple(&array.shape), printable(&problem)))?,
        },
    }
    if let Err(text) = dtype {
        field(out, "dtype", format!("{}, which is no type of the protocol", printable(text)))?;
    }
    field(out, "format", format!("{}, {}", array.format, array.order))?;
    if let Some(codecs) = &array.codecs {
        let chunks = match &array.chunk {
            Some(chunk) => {
                let count = |(&extent, &chunk): (&i64, &i64)| extent / chunk + i64::from(extent % chunk > 0);
                let counts: Vec<String> = array.shape.iter().zip(chunk).map(count).map(|it| it.to_string()).collect();
                let counts = if counts.is_empty() { "1".to_owned() } else { counts.join("x") };
                format!("{counts} of {}", tuple(chunk))
            }
            None => "no regular grid".to_owned(),
        };
        field(out, "chunks", chunks)?;
        let names = if codecs.is_empty() { "none".to_owned() } else { codecs.join(", ") };
        field(out, "codecs", printable(&names))?;
    }
    let Some(layout) = &array.layout else {
        return field(out, "processes", "no distribution is described");
    };
    let facts = ArrayFacts::new(layout, dtype.ok());
    processes(layout, &facts, out)?;
    table_of_dimensions(&facts, out)?;
    table_of_ranks(layout, out)
}
