//! The folder that a launcher and its ranks share.

use std::path::{Path, PathBuf};
use std::process::Command;

use dap_array::Context;

/// The variable that names the folder.
const FOLDER: &str = "DAP_FILES_FOLDER";

/// The folder of this test, with one of each launch's own.
#[derive(Debug)]
pub(crate) struct Shared {
    /// The folder of all launches.
    pub(crate) root: PathBuf,
    /// The folder of this launch; of the launcher the same as `root`.
    pub(crate) own: PathBuf,
}

impl Shared {
    /// A new folder.
    pub(crate) fn create() -> Shared {
        let root = std::env::temp_dir().join(format!("dap-files-{}", std::process::id()));
        std::fs::create_dir(&root).expect("a new folder");
        Shared { own: root.clone(), root }
    }

    /// The folder that a launcher above this process has made, if there is one.
    pub(crate) fn of_launcher() -> Option<Shared> {
        let root = PathBuf::from(std::env::var_os(FOLDER)?);
        Some(Shared { own: root.clone(), root })
    }

    /// The folder of the ranks of a launch.
    pub(crate) fn of_launch(context: &Context) -> Shared {
        let root = PathBuf::from(std::env::var_os(FOLDER).expect("the launcher names a folder"));
        let nodes = std::env::var("DAP_NODE_SIZE").unwrap_or_else(|_| "all".to_owned());
        let own = root.join(format!("{}-ranks-nodes-of-{nodes}", context.comm().size()));
        if context.comm().rank() == 0 {
            std::fs::create_dir_all(&own).expect("a folder");
        }
        context.comm().barrier().expect("all ranks are there");
        Shared { root, own }
    }

    /// Runs this program again, with the folder.
    pub(crate) fn launch(&self) -> Result<(), String> {
        println!();
        let own = std::env::current_exe().map_err(|error| error.to_string())?;
        let status = Command::new(own).env(FOLDER, &self.root).status().map_err(|error| error.to_string())?;
        if status.success() { Ok(()) } else { Err(status.to_string()) }
    }

    pub(crate) fn remove(&self) {
        std::fs::remove_dir_all(&self.root).expect("the folder is removed");
    }

    /// A file of this launch.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.own.join(name)
    }

    /// The names of all files of a folder, sorted.
    pub(crate) fn names(folder: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(folder).expect("a folder");
        let mut names: Vec<String> =
            entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}
