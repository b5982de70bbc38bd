//! Each example program runs and succeeds; those that use MPI run under `mpirun` on several numbers
//! of ranks.
//!
//! `cargo test` builds the examples before this test. `DAP_MPIRUN` names the launcher.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Numbers of ranks of the programs that use MPI.
#[cfg(feature = "array")]
const RANKS: [u32; 3] = [1, 2, 4];

/// The names of the example programs whose text does or does not use MPI.
fn names(uses_mpi: bool) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the folder of the examples") {
        let path = entry.expect("an entry of the folder").path();
        let text = std::fs::read_to_string(&path).expect("a program's text");
        if text.contains("mpi::initialize") == uses_mpi {
            names.push(path.file_stem().expect("a file has a name").to_string_lossy().into_owned());
        }
    }
    names.sort();
    names
}

/// The built program: beside this test's own folder.
fn built(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("this program has a path");
    let path = test.ancestors().nth(2).expect("a folder of builds").join("examples").join(name);
    assert!(
        path.exists(),
        "{} is missing: `cargo test -p daparray` builds it, `--test examples` does not",
        path.display()
    );
    path
}

fn succeeds(command: &mut Command) {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?}: {}\n{out}{err}", output.status);
    assert!(!out.trim().is_empty(), "{command:?} prints no result");
}

#[test]
fn examples_of_one_process() {
    let skipped = |name: &str| match name {
        "exchange_in_c_abi" => !cfg!(feature = "c-abi"),
        "draw_layout" => !cfg!(feature = "plot"),
        _ => false,
    };
    let names = names(false);
    assert!(names.len() >= 10, "{names:?}");
    for name in names.iter().filter(|name| !skipped(name)) {
        succeeds(&mut Command::new(built(name)));
    }
}

#[cfg(feature = "array")]
#[test]
fn examples_under_mpirun() {
    let launcher = std::env::var("DAP_MPIRUN").unwrap_or_else(|_| "mpirun".into());
    let names = names(true);
    assert!(names.len() >= 5, "{names:?}");
    for (name, ranks) in names.iter().flat_map(|name| RANKS.map(|ranks| (name, ranks))) {
        let mut words = launcher.split_whitespace();
        let mut command = Command::new(words.next().unwrap_or("mpirun"));
        command.args(words).args(["-n", &ranks.to_string()]).arg(built(name));
        // As root and with more ranks than cores; other launchers do not read these.
        command.env("OMPI_ALLOW_RUN_AS_ROOT", "1").env("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1");
        command.env("OMPI_MCA_rmaps_base_oversubscribe", "1").env("RUST_BACKTRACE", "0");
        succeeds(&mut command);
    }
}
