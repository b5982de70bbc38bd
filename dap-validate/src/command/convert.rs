//! `convert`: exports from the descriptions that other libraries print of their arrays, without
//! these libraries.
//!
//! `cases` finds the arrays of a document. One file for each library interprets the fields of its
//! descriptions. `part` checks all parts together before anything is written: an export that
//! `check` would not accept is never written.

mod boxes;
mod cases;
mod chapel;
mod counted;
mod darray;
mod dask;
mod document;
mod dtype;
mod global_arrays;
mod heat;
mod jax;
mod julia;
mod libraries;
mod library;
mod mpi4py_fft;
mod numpy;
mod order;
mod part;
mod partitioned;
mod petsc4py;
mod ranges;
mod raw;
mod scalapack;
mod target;
mod to;
mod xarray;
mod zarr;

use std::io::{self, Write};
use std::process::ExitCode;

use dap_core::export::Export;
use dap_core::layout::Layout;

use crate::cli::ConvertArgs;
use crate::command::outcome::{Failure, code};
use crate::command::stdout::stdout;
use crate::command::tuple::tuple;
use cases::LibraryCases;
use dap_core::finding::plural;
use dap_report::printable;
use libraries::{LIBRARIES, LibraryChoice};
use library::{ConvertOptions, LibraryCase};
use raw::RawValue;
use target::ConvertTarget;

pub(super) fn run(args: &ConvertArgs) -> Result<ExitCode, Failure> {
    if args.list {
        libraries::list(&mut io::stdout().lock())?;
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(to) = args.to {
        return to::run(args, to);
    }
    let from = LibraryChoice(args.from.as_deref().map(known).transpose()?);
    let (mut documents, origin) = document::read(&args.paths)?;
    if from.0 == Some(dask::NAME) {
        documents = documents.into_iter().map(dask::of_bare_chunks).collect();
    }
    let stem = document::stem(&args.paths);
    let (documents, on_order) = match order::by_rank(documents, &origin, from) {
        Ok(ordered) => ordered,
        Err(why) => {
            anstream::eprintln!("refused {}: {}", printable(&stem), printable(&why));
            return Ok(code(true));
        }
    };
    let mut cases = cases::split(&documents, &stem, from);
    choose(&mut cases, &args.case, from)?;
    let several = cases.found.len() + cases.refused.len() > 1;
    let target =
        ConvertTarget::new(args, several).map_err(|why| Failure::Usage(format!("{why}: {}", names(&cases))))?;
    let options = ConvertOptions { dtype: args.dtype.as_ref(), renumber: args.renumber };
    let mut refused = std::mem::take(&mut cases.refused);
    for case in &cases.found {
        match (case.library.convert)(case, &options).and_then(|converted| Ok((converted.checked()?, converted.notes))) {
            Ok(((exports, layout), mut notes)) => {
                notes.extend(on_order.clone());
                notes.extend(unknown(case));
                let place = target.write(&case.name, &exports)?;
                say(&target, case, &exports, &layout, &place, &notes)?;
            }
            Err(why) => {
                let hint = counted::hint(case, &options).map_or_else(String::new, |hint| format!(". Hint: {hint}"));
                refused.push((case.name.clone(), why + &hint));
            }
        }
    }
    for (name, why) in &refused {
        anstream::eprintln!("refused {}: {}", printable(name), printable(why));
    }
    if !cases.left_out.is_empty() {
        let names: Vec<_> = cases.left_out.iter().map(|name| printable(name)).collect();
        anstream::eprintln!("left out, no array's metadata: {}", names.join(", "));
    }
    Ok(code(!refused.is_empty()))
}

/// A library's name as it is in the list.
fn known(name: &str) -> Result<&'static str, Failure> {
    let lower = name.to_ascii_lowercase().replace('_', "-");
    LIBRARIES.iter().map(|library| library.name).find(|known| *known == lower).ok_or_else(|| {
        let mut names: Vec<_> = LIBRARIES.iter().map(|library| library.name).collect();
        names.dedup();
        Failure::Usage(format!("no library is called {}; known are {}", printable(name), names.join(", ")))
    })
}

/// Keeps the arrays that `--case` names. It is a failure if there is nothing to convert.
fn choose(cases: &mut LibraryCases<'_>, wanted: &[String], from: LibraryChoice<'_>) -> Result<(), Failure> {
    if cases.found.is_empty() && cases.refused.is_empty() {
        let what = from.0.map_or_else(|| "that is known here".to_owned(), |name| format!("of {name}"));
        return Err(Failure::Usage(format!(
            "this is no metadata {what}; `dap-validate convert --list` lists the libraries and the fields that they need"
        )));
    }
    if wanted.is_empty() {
        return Ok(());
    }
    for name in wanted {
        if !cases
            .found
            .iter()
            .map(|case| &case.name)
            .chain(cases.refused.iter().map(|(name, _)| name))
            .any(|one| one == name)
        {
            return Err(Failure::Usage(format!("there is no {} here; there are {}", printable(name), names(cases))));
        }
    }
    cases.found.retain(|case| wanted.contains(&case.name));
    cases.refused.retain(|(name, _)| wanted.contains(name));
    cases.left_out.clear();
    Ok(())
}

fn names(cases: &LibraryCases<'_>) -> String {
    let names: Vec<_> =
        cases.found.iter().map(|case| &case.name).chain(cases.refused.iter().map(|(name, _)| name)).collect();
    let printed: Vec<_> = names.iter().map(|name| printable(name)).collect();
    printed.join(", ")
}

/// Fields that are neither read nor checked.
fn unknown(case: &LibraryCase<'_>) -> Option<String> {
    let mut names: Vec<&str> = case
        .ranks
        .iter()
        .flat_map(RawValue::keys)
        .filter(|key| *key != "rank" && !case.library.fields.contains(key))
        .collect();
    names.sort_unstable();
    names.dedup();
    let printed: Vec<_> = names.iter().map(|name| printable(name)).collect();
    (!names.is_empty()).then(|| format!("not looked at: {}", printed.join(", ")))
}

fn say(
    target: &ConvertTarget<'_>,
    case: &LibraryCase<'_>,
    exports: &[Export],
    layout: &Layout,
    place: &str,
    notes: &[String],
) -> io::Result<()> {
    let grid: Vec<String> = layout.grid().shape().iter().map(i64::to_string).collect();
    let mut text = format!(
        "{}: {}, {}, shape {}, grid {}{place}\n",
        printable(&case.name),
        case.library.about,
        plural(exports.len(), "rank"),
        tuple(layout.shape()),
        if grid.is_empty() { "1".to_owned() } else { grid.join("x") },
    );
    for note in notes {
        text.push_str("  note: ");
        text.push_str(note);
        text.push('\n');
    }
    // If exports go to standard output, no words go there.
    if target.is_stdout() {
        return io::stderr().write_all(text.as_bytes());
    }
    let mut out = stdout();
    out.write_all(text.as_bytes())?;
    out.flush()
}
