//! Files that all ranks write and read, beside NumPy and DistArray on the same files.
//!
//! The launcher lets these libraries make files that the ranks load, launches the ranks, and lets
//! the libraries judge the files that the ranks saved. [`dap_launch`] has the variables that choose
//! launches and cases; `DAP_PYTHON` is a Python with NumPy and DistArray (the project's `.venv` by
//! default), without which these cases are skipped unless `DAP_REQUIRE_PYTHON` is set.

#[cfg(any(feature = "hdf5", feature = "zarr"))]
mod appends;
#[cfg(feature = "hdf5")]
mod datasets;
mod folder;
mod foreign;
mod jobs;
mod mistakes;
mod oracle;
mod regions;
mod round_trips;
mod sets;
#[cfg(feature = "zarr")]
mod stores;
mod traces;

use dap_array::Context;
use dap_launch::{Skip, Tally, Test, is_rank};
use dap_mpi::Comm;

use folder::Shared;
use foreign::Side;

const TEST: Test = Test { package: "dap-io", name: "files" };

/// A case: its name, and the function that every rank runs.
type Case = (&'static str, fn(&Context, &Shared));

const CASES: &[Case] = &[
    ("npy round trips", round_trips::random),
    ("npy of views", round_trips::views),
    ("npy in pieces", round_trips::pieces),
    ("npy regions", regions::random),
    ("npy of NumPy", foreign::load),
    ("npy errors", mistakes::files),
    ("npy headers", mistakes::headers),
    ("npy saves that fail", mistakes::saves),
    ("traces of requests", traces::requests),
    ("dnpy sets", sets::random),
    ("dnpy of DistArray", sets::foreign),
    ("dnpy errors", sets::mistakes),
    #[cfg(feature = "hdf5")]
    ("hdf5 datasets", datasets::round_trips::random),
    #[cfg(feature = "hdf5")]
    ("hdf5 regions", datasets::round_trips::regions_of_datasets),
    #[cfg(feature = "hdf5")]
    ("hdf5 files of several datasets", datasets::round_trips::added),
    #[cfg(feature = "hdf5")]
    ("hdf5 of h5py", datasets::foreign::load),
    #[cfg(feature = "hdf5")]
    ("hdf5 errors", datasets::mistakes::calls),
    #[cfg(feature = "hdf5")]
    ("hdf5 files that lie", datasets::mistakes::files),
    #[cfg(feature = "hdf5")]
    ("hdf5 datasets that are appended to", appends::datasets),
    #[cfg(feature = "hdf5")]
    ("hdf5 appends that fail", appends::mistakes_of_datasets),
    #[cfg(feature = "zarr")]
    ("zarr stores", stores::random),
    #[cfg(feature = "zarr")]
    ("zarr regions", stores::regions_of_stores),
    #[cfg(feature = "zarr")]
    ("zarr of zarr-python", stores::foreign),
    #[cfg(feature = "zarr")]
    ("zarr errors", stores::mistakes),
    #[cfg(feature = "zarr")]
    ("zarr stores that are appended to", appends::stores),
    #[cfg(feature = "zarr")]
    ("zarr appends to zarr-python's", appends::foreign),
    #[cfg(feature = "zarr")]
    ("zarr appends that fail", appends::mistakes),
];

fn main() {
    if is_rank() {
        let universe = mpi::initialize().expect("MPI starts");
        let context = Context::new(&Comm::new(&universe.world()).expect("a communicator"));
        let shared = Shared::of_launch(&context);
        if jobs::run(&context, &shared) {
            return;
        }
        TEST.run_cases(context.comm().size(), CASES, |run| {
            run(&context, &shared);
            context.comm().barrier().expect("all ranks are there");
        });
        return;
    }
    if let Some(shared) = Shared::of_launcher() {
        // The launches themselves, with a folder for all of them.
        let mut tally = Tally::default();
        tally.launch_all(TEST);
        jobs::launch_all(&mut tally, &shared);
        tally.end();
        return;
    }
    let mut tally = Tally::default();
    let shared = Shared::create();
    let skip = |side: Side| side.missing().map(|reason| Skip { reason, required_by: "DAP_REQUIRE_PYTHON" });
    for &side in Side::ALL {
        tally.run(&format!("{side:?} makes files"), skip(side), || side.call(&shared, "make"));
    }
    tally.run("launches", None, || shared.launch());
    for &side in Side::ALL {
        tally.run(&format!("{side:?} reads the files"), skip(side), || side.call(&shared, "check"));
    }
    shared.remove();
    tally.end();
}
