//! The other libraries' side: files that they make and files that they read.

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

/// A library that makes and reads files.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Side {
    NumPy,
    DistArray,
    #[cfg(feature = "hdf5")]
    H5py,
    #[cfg(feature = "zarr")]
    Zarr,
}

impl Side {
    pub(crate) const ALL: &[Side] = &[
        Side::NumPy,
        Side::DistArray,
        #[cfg(feature = "hdf5")]
        Side::H5py,
        #[cfg(feature = "zarr")]
        Side::Zarr,
    ];

    /// The reason why the library is not there.
    pub(crate) fn missing(self) -> Option<String> {
        let (python, modules) = (
            python(),
            match self {
                Side::NumPy => "import numpy",
                Side::DistArray => "import numpy, mpi4py.MPI, distarray.externals",
                #[cfg(feature = "hdf5")]
                Side::H5py => "import numpy, h5py",
                #[cfg(feature = "zarr")]
                Side::Zarr => "import numpy, zarr.codecs",
            },
        );
        match Command::new(&python).args(["-c", modules]).output() {
            Ok(output) if output.status.success() => None,
            Ok(output) => Some(format!("{python:?}: {}", String::from_utf8_lossy(&output.stderr).trim())),
            Err(error) => Some(format!("{python:?}: {error}")),
        }
    }

    /// Runs a part of the library's side on the folder.
    pub(crate) fn call(self, shared: &Shared, part: &str) -> Result<(), String> {
        let script = |name| Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files").join(name);
        let mut command = match self {
            Side::NumPy => Command::new(python()),
            #[cfg(feature = "hdf5")]
            Side::H5py => Command::new(python()),
            #[cfg(feature = "zarr")]
            Side::Zarr => Command::new(python()),
            Side::DistArray => {
                // That of the library's mpi4py.
                let mut command = Command::new("mpirun");
                command.env("OMPI_ALLOW_RUN_AS_ROOT", "1").env("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1");
                command.env("OMPI_MCA_rmaps_base_oversubscribe", "1").args(["-n", "4"]).arg(python());
                command
            }
        };
        command.arg(script(match self {
            Side::NumPy => "numpy_side.py",
            Side::DistArray => "distarray_side.py",
            #[cfg(feature = "hdf5")]
            Side::H5py => "h5py_side.py",
            #[cfg(feature = "zarr")]
            Side::Zarr => "zarr_side.py",
        }));
        let output = command.arg(part).arg(&shared.root).output().map_err(|error| error.to_string())?;
        if output.status.success() {
            print!("{} ", String::from_utf8_lossy(&output.stdout).trim());
            return Ok(());
        }
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
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
