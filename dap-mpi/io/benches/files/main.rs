//! Saving and loading one file, beside a plain copy by the same ranks into and out of the page
//! cache: run by `make bench-io`.
//!
//! Arguments: the file that rows are added to, the folder of the files, and optionally words that
//! the names of the rows to run contain. `MIB` is the size of the array (1024). Nothing waits for
//! the disk, on either side.

#[path = "../../../array/benches/array/pairs.rs"]
#[expect(dead_code, reason = "the array's floors in microseconds")]
mod pairs;

use std::fs::{File, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::Path;

use dap_array::{Context, DistArray};
use dap_core::layout::{DimSpec, Layout};
use dap_io::npy::{NpyFile, Save};
use dap_mpi::Comm;
use pairs::{Floor, Report};
use rustix::fs::{FallocateFlags, fallocate};

/// Bytes of a plain copy's requests.
const REQUEST: usize = 8 << 20;
/// Columns of the arrays.
const COLUMNS: i64 = 4096;

fn main() {
    // `cargo bench` and `cargo test --benches` give words of their own.
    let mut words = std::env::args().skip(1).filter(|word| !word.starts_with("--"));
    let (Some(rows), Some(folder)) = (words.next(), words.next()) else {
        println!("run by `make bench-io`");
        return;
    };
    let mebibytes: i64 = std::env::var("MIB").ok().and_then(|text| text.parse().ok()).unwrap_or(1024);
    let universe = mpi::initialize().expect("MPI starts");
    let context = Context::new(&Comm::new(&universe.world()).expect("a communicator"));
    let mut report = Report::new(&context, &rows, words.collect());
    let path = Path::new(&folder).join("dap-bench.npy");
    let peer_path = Path::new(&folder).join("dap-bench-plain");
    let shape = [mebibytes * (1 << 20) / 8 / COLUMNS, COLUMNS];
    let ranks = i64::from(context.comm().size());
    let blocks = Layout::builder(shape).processes(ranks).build().expect("a layout");
    let kinds = [
        ("blocks of rows", blocks.clone(), 0.8),
        ("blocks of columns", layout(shape, [DimSpec::Undistributed, DimSpec::Block], ranks), 0.5),
        ("cyclic columns", layout(shape, [DimSpec::Undistributed, DimSpec::Cyclic], ranks), 0.2),
    ];
    for (name, layout, floor) in kinds {
        let x = DistArray::<f64>::full(&context, &layout, 1.5).expect("an array").into_dyn();
        let mut plain = Plain::new(&context, &peer_path, x.len() as usize * 8);
        let save = || Save::new(&x).synced(false).to(&path).expect("a file");
        report.row(&format!("npy save, {name}"), Floor::Ratio(floor), 1, save, ("plain writes", || plain.write()));
        // The row may not have been chosen.
        save();
        plain.write();
        let file = NpyFile::open(&context, &path).expect("a file");
        let load = || drop(file.load(&layout).expect("an array"));
        report.row(&format!("npy load, {name}"), Floor::Ratio(floor), 1, load, ("plain reads", || plain.read()));
        #[cfg(feature = "hdf5")]
        hdf5_rows(&mut report, &x, (name, floor), &mut plain);
    }
    if context.comm().rank() == 0 {
        let _ = std::fs::remove_file(&path);
        let _ = std::fs::remove_file(&peer_path);
    }
}

/// The same of a dataset that is not in chunks.
#[cfg(feature = "hdf5")]
fn hdf5_rows(report: &mut Report, x: &dap_array::DynArray, (name, floor): (&str, f64), plain: &mut Plain<'_>) {
    use dap_io::hdf5::{Dataset, Save};
    let path = plain.path.with_extension("h5");
    let save = || Save::new(x, "x").synced(false).to(&path).expect("a file");
    report.row(&format!("hdf5 save, {name}"), Floor::Ratio(floor), 1, save, ("plain writes", || plain.write()));
    save();
    let dataset = Dataset::open(x.context(), &path, "x").expect("a dataset");
    let load = || drop(dataset.load(x.layout()).expect("an array"));
    report.row(&format!("hdf5 load, {name}"), Floor::Ratio(floor), 1, load, ("plain reads", || plain.read()));
    x.context().comm().barrier().expect("all ranks are there");
    if x.context().comm().rank() == 0 {
        let _ = std::fs::remove_file(&path);
    }
}

fn layout(shape: [i64; 2], dims: [DimSpec; 2], ranks: i64) -> Layout {
    Layout::builder(shape).dims(dims).processes(ranks).build().expect("a layout")
}

/// Each rank copies its consecutive part of a file.
struct Plain<'p> {
    comm: Comm,
    path: &'p Path,
    own: Vec<u8>,
    bytes: usize,
}

impl Plain<'_> {
    fn new<'p>(context: &Context, path: &'p Path, bytes: usize) -> Plain<'p> {
        let own = vec![7; bytes / context.comm().size() as usize];
        Plain { comm: context.comm().clone(), path, own, bytes }
    }

    fn at(&self) -> u64 {
        (self.own.len() * self.comm.rank() as usize) as u64
    }

    /// Into a new file with room for all, which replaces the old one.
    fn write(&mut self) {
        let new = self.path.with_extension("new");
        if self.comm.rank() == 0 {
            let file = File::create(&new).expect("a file");
            fallocate(&file, FallocateFlags::empty(), 0, self.bytes as u64).expect("room");
        }
        self.comm.barrier().expect("all ranks are there");
        let file = OpenOptions::new().write(true).open(&new).expect("the file");
        for (number, request) in self.own.chunks(REQUEST).enumerate() {
            file.write_all_at(request, self.at() + (number * REQUEST) as u64).expect("written");
        }
        self.comm.barrier().expect("all ranks are there");
        if self.comm.rank() == 0 {
            std::fs::rename(&new, self.path).expect("in place");
        }
    }

    /// Into memory that is there.
    fn read(&mut self) {
        let file = File::open(self.path).expect("the file");
        let at = self.at();
        for (number, request) in self.own.chunks_mut(REQUEST).enumerate() {
            file.read_exact_at(request, at + (number * REQUEST) as u64).expect("read");
        }
    }
}
