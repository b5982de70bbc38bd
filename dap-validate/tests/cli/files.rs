//! Small export files in a directory of their own, and the program run among them.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A directory of one test, empty at first.
pub(crate) struct Files {
    root: PathBuf,
}

/// The outcome of a run of the program.
pub(crate) struct Outcome {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Files {
    pub(crate) fn new(test: &str) -> Self {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
        let _ = fs::remove_dir_all(&root);
        fs::create_dir_all(&root).unwrap();
        Self { root }
    }

    pub(crate) fn with(self, path: &str, text: impl AsRef<[u8]>) -> Self {
        let path = self.root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root.join(path)).unwrap()
    }

    /// Runs `dap-validate` in the directory, so that the paths in its output are the same
    /// everywhere.
    pub(crate) fn run(&self, args: &[&str]) -> Outcome {
        self.run_with_input(args, "")
    }

    pub(crate) fn run_with_input(&self, args: &[&str], input: &str) -> Outcome {
        run(&self.root, args, input)
    }
}

/// Runs `dap-validate` in a directory.
pub(crate) fn run(directory: &Path, args: &[&str], input: &str) -> Outcome {
    let mut child = Command::new(env!("CARGO_BIN_EXE_dap-validate"))
        .args(args)
        .current_dir(directory)
        .env_remove("NO_COLOR")
        .env_remove("CLICOLOR_FORCE")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that does not read its input may be gone already.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    Outcome {
        code: output.status.code().expect("an exit code, not a signal"),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// The examples of the workspace.
pub(crate) fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../conformance/examples")
}

/// An export in one line: the buffer's extents and the dimension dictionaries as JSON.
pub(crate) fn export(shape: &str, dims: &str) -> String {
    format!(r#"{{"__version__": "0.10.0", "buffer": {{"dtype": "<f8", "shape": {shape}}}, "dim_data": [{dims}]}}"#)
}

/// An export of one dimension as most libraries print it, over several lines.
pub(crate) fn pretty(shape: &str, keys: &[(&str, &str)]) -> String {
    let lines: Vec<String> = keys.iter().map(|(key, value)| format!("      \"{key}\": {value}")).collect();
    format!(
        "{{\n  \"__version__\": \"0.10.0\",\n  \"buffer\": {{\"dtype\": \"<f8\", \"shape\": {shape}}},\n  \"dim_data\": [\n    {{\n{}\n    }}\n  ]\n}}\n",
        lines.join(",\n")
    )
}

/// A block of a dimension of `size` on a grid of `processes`.
pub(crate) fn block(size: i64, processes: i64, rank: i64, start: i64, stop: i64) -> String {
    format!(
        r#"{{"dist_type": "b", "size": {size}, "proc_grid_size": {processes}, "proc_grid_rank": {rank}, "start": {start}, "stop": {stop}}}"#
    )
}

/// Two valid blocks of 10.
pub(crate) fn valid() -> [String; 2] {
    [(0, 0, 5), (1, 5, 10)].map(|(rank, start, stop)| export("[5]", &block(10, 2, rank, start, stop)))
}
