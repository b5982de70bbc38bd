//! The reader of DistArray's files: a file of any bytes is checked and reported.
#![no_main]

use std::path::PathBuf;
use std::sync::LazyLock;

use dap_core::check::Profile;
use dap_validate::input::{InputOptions, gather};

/// A file of this process, in memory if the system has such a place.
static FILE: LazyLock<PathBuf> = LazyLock::new(|| {
    let memory = PathBuf::from("/dev/shm");
    let place = if memory.is_dir() { memory } else { std::env::temp_dir() };
    place.join(format!("dap-fuzz-{}_0.dnpy", std::process::id()))
});

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    std::fs::write(&*FILE, bytes).expect("a file");
    let sets = gather(&[FILE.clone()], std::io::empty(), InputOptions::default()).expect("it is there");
    dap_fuzz::render(&sets, Profile::Auto);
    std::fs::remove_file(&*FILE).expect("still there");
});
