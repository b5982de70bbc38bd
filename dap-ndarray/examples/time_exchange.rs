//! What handing memory over costs: nanoseconds for each step, best and median of many batches.
//!
//!     cargo run --release -p dap-ndarray --example time_exchange

use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use dap_core::dim::{Block, Cyclic};
use dap_core::index::Rank;
use dap_core::layout::Layout;
use dap_ndarray::{Access, Buffer, Item, Section};
use ndarray::Array3;

const BATCHES: usize = 200;
const PER_BATCH: u32 = 2000;

fn time<T>(what: &str, mut step: impl FnMut() -> T) {
    let mut batches: Vec<f64> = (0..BATCHES)
        .map(|_| {
            let start = Instant::now();
            for _ in 0..PER_BATCH {
                black_box(step());
            }
            start.elapsed().as_nanos() as f64 / f64::from(PER_BATCH)
        })
        .collect();
    batches.sort_by(f64::total_cmp);
    println!("{what:48} {:8.1} {:8.1}", batches[0], batches[BATCHES / 2]);
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("{:48} {:>8} {:>8}", "3 dimensions, ns", "best", "median");
    let array = Array3::<f64>::zeros((8, 9, 10));
    let layout = Layout::new(vec![
        Block::new(14, 2)?.with_halo(1)?.into(),
        Cyclic::new(18, 2, 3)?.into(),
        Block::new(10, 1)?.into(),
    ])?;
    let section = Section::of(&layout, Rank(0), Buffer::from_array(array))?;
    let (dim_data, buffer) = section.into_parts();
    let buffer = Arc::new(buffer);

    time("export, import, release: DLPack", || {
        let tensor = Buffer::shared(&buffer).into_dlpack().map_err(|(_, error)| error);
        // SAFETY: the tensor was just made, and is given away.
        tensor.map(|tensor| unsafe { Buffer::from_dlpack(tensor) }.is_ok())
    });
    time("export, import, release: DLPack, with a view", || {
        let tensor = Buffer::shared(&buffer).into_dlpack().map_err(|(_, error)| error);
        // SAFETY: as above.
        let back = tensor.map(|tensor| unsafe { Buffer::from_dlpack(tensor) });
        back.is_ok_and(|back| back.is_ok_and(|back| back.view::<f64>().is_ok_and(|view| view[[0, 0, 0]] == 0.0)))
    });
    let (data, shape) = (buffer.as_ptr().cast_mut(), buffer.shape());
    time("import, release: foreign memory", || {
        // SAFETY: the memory outlives the buffer, and is only read.
        unsafe { Buffer::from_raw(data, f64::dtype(), shape, None, Access::ReadOnly, ()) }.is_ok()
    });
    time("view of f64", || buffer.view::<f64>().is_ok_and(|view| view[[0, 0, 0]] == 0.0));
    time("dictionaries copied", || dim_data.clone());
    time("dictionaries copied and judged: a section", || {
        Section::new(dim_data.clone(), Buffer::shared(&buffer)).is_ok()
    });
    let trusted = || Section::assume_checked(dim_data.clone(), Buffer::shared(&buffer));
    time("dictionaries copied and trusted: a section", trusted);
    let section = trusted();
    time("ranges that are owned", || section.owned());
    Ok(())
}
