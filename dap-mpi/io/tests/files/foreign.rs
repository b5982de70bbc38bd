//! NumPy's side: files that it makes and files that it reads.

use std::path::{Path, PathBuf};
use std::process::Command;

use dap_array::Context;
use dap_core::algebra::Placement;
use dap_io::npy::NpyFile;
use dap_launch::values;

use crate::folder::Shared;
use crate::oracle::check;
use dap_array_testing::{placements_of, ranks_of};

fn python() -> PathBuf {
    let own = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.venv/bin/python");
    std::env::var_os("DAP_PYTHON").map_or_else(own, PathBuf::from)
}

/// The reason why NumPy is not there.
pub(crate) fn missing() -> Option<String> {
    let python = python();
    match Command::new(&python).args(["-c", "import numpy"]).output() {
        Ok(output) if output.status.success() => None,
        Ok(output) => Some(format!("{python:?}: {}", String::from_utf8_lossy(&output.stderr).trim())),
        Err(error) => Some(format!("{python:?}: {error}")),
    }
}

/// Runs a part of NumPy's side on the folder.
pub(crate) fn call(shared: &Shared, part: &str) -> Result<(), String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files/numpy_side.py");
    let output =
        Command::new(python()).arg(script).arg(part).arg(&shared.root).output().map_err(|error| error.to_string())?;
    if output.status.success() {
        print!("{} ", String::from_utf8_lossy(&output.stdout).trim());
        return Ok(());
    }
    Err(String::from_utf8_lossy(&output.stderr).into_owned())
}

/// Notes for NumPy the content of a file: `whole` is in C order.
pub(crate) fn note(context: &Context, path: &Path, dtype: &str, shape: &[i64], is_fortran: bool, whole: &[u8]) {
    if context.comm().rank() != 0 {
        return;
    }
    std::fs::write(path.with_extension("bin"), whole).expect("a file");
    let note = serde_json::json!({ "dtype": dtype, "shape": shape, "fortran": is_fortran });
    std::fs::write(path.with_extension("json"), note.to_string()).expect("a file");
}

/// Loads the files that NumPy has made.
pub(crate) fn load(context: &Context, shared: &Shared) {
    let folder = shared.root.join("numpy");
    if !folder.exists() {
        // The launcher has said so.
        return;
    }
    let ranks = ranks_of(context);
    let files = Shared::names(&folder);
    let files: Vec<&String> = files.iter().filter(|name| name.ends_with(".npy")).collect();
    assert!(files.len() > 20, "{files:?}");
    for name in files {
        let path = folder.join(name);
        let whole = std::fs::read(path.with_extension("bin")).expect("the data");
        let native = std::fs::read(path.with_extension("native")).expect("the data");
        let note = std::fs::read(path.with_extension("json")).expect("a note");
        let note: serde_json::Value = serde_json::from_slice(&note).expect("JSON");
        let shape: Vec<i64> = serde_json::from_value(note["shape"].clone()).expect("a shape");
        let file = NpyFile::open(context, &path).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(file.shape(), &shape[..], "{name}");
        for (to, salt) in values(placements_of(shape.clone(), ranks), 3, 83).into_iter().zip(0..) {
            let to: Placement = to;
            let what = format!("{name} -> {to}");
            let (file, whole) = if salt == 1 { (file.clone().native(), &native) } else { (file.clone(), &whole) };
            check(&file.load(&to).unwrap_or_else(|error| panic!("{what}: {error}")), whole, &what);
        }
    }
}
