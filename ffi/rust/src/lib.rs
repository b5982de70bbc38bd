//! Distributed arrays by the Distributed Array Protocol (DAP): one crate to depend on.
//!
//! A distributed array is described, on each process, by one buffer and one small dictionary for
//! each dimension. A [`Section`] is the part of one process; a [`Layout`](layout::Layout) is the
//! checked description of all parts together.
//!
//! | task | here | example programs |
//! |---|---|---|
//! | [import an array](#import-an-array-from-another-library) from another library | [`Section`], [`Buffer`]; from C, C++, Fortran or Python: `c_abi::Owned` | `import_foreign`, `import_dlpack`, `import_file`, `exchange_in_c_abi` |
//! | [export an array](#export-your-array) | [`Section::of`], [`json::write`], `c_abi::Owned` | `export_json`, `exchange_in_c_abi` |
//! | [check and map a layout](#check-and-map-a-layout) | [`check`], [`layout`], [`dim`], [`runs`] | `check_exports`, `map_layout`, `item_types`, `draw_layout` |
//! | [redistribute](#redistribute) | [`plan`], [`copy`]; over MPI: `mpi::Redistribution`, `array::DistArray` | `plan_move`, `move_in_process`, `periodic_halo`; `redistribute`, `reshape`, `halo_exchange`, `node_memory`, `agree_on_errors` |
//!
//! The example programs are in `ffi/rust/examples`; `cargo run -p daparray --example map_layout`
//! runs one.
//!
//! # Import an array from another library
//!
//! The other library says where its memory is and which part of the array it holds. The section
//! borrows that memory; nothing is copied.
//!
//! ```
//! use daparray::{export::DimDict, item::Item, prelude::*};
//! // Process 1 of 2 holds elements 5 to 9 of 10.
//! let theirs = vec![5.0_f64, 6.0, 7.0, 8.0, 9.0];
//! let address = theirs.as_ptr() as *mut u8;
//! // SAFETY: five initialised numbers, which only the buffer uses, and which `theirs` keeps alive.
//! let buffer = unsafe { Buffer::from_raw(address, f64::dtype(), &[5], None, Access::ReadOnly, theirs) }?;
//! let section = Section::new(vec![DimDict::block(10, 5, 10).on_grid(1, 2)], buffer)?;
//! assert_eq!(section.owned_view::<f64>()?[[0]], 5.0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Export your array
//!
//! A layout and the rank's memory make a section. Its description is JSON for `dap-validate`; the
//! section itself goes to C, C++, Fortran or Python as a `DapArray` struct (feature `c-abi`).
//!
//! ```
//! use daparray::{json, prelude::*};
//! let layout = Layout::new(vec![Block::new(10, 2)?.into()])?;
//! let mine = ndarray::arr1(&[0.0, 1.0, 2.0, 3.0, 4.0]);
//! let section = Section::of(&layout, Rank(0), Buffer::from_array(mine))?;
//! let description = json::write(&section.export()).ok_or("every description of a section can be written")?;
//! assert!(description.contains(r#""dist_type": "b""#));
//! # #[cfg(feature = "c-abi")] {
//! let array = Owned::new(section).map_err(|(_, refusal)| refusal)?.into_raw(); // C releases it
//! # // SAFETY: the struct was made above and is not used elsewhere.
//! # drop(unsafe { Owned::take(&mut { array }) }?);
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Check and map a layout
//!
//! The checker reads the descriptions of all ranks together. If they fit, it returns a layout,
//! which maps global indices to owners and local indices.
//!
//! ```
//! use daparray::{check::Ranks, json, prelude::*};
//! let mut checker = Checker::new(Profile::Auto);
//! for (rank, start, stop) in [(0, 0, 5), (1, 5, 10)] {
//!     let text = format!(
//!         r#"{{"__version__": "0.10.0", "buffer": {{"dtype": "<f8", "shape": [5]}}, "dim_data": [{{"dist_type": "b",
//!             "size": 10, "proc_grid_size": 2, "proc_grid_rank": {rank}, "start": {start}, "stop": {stop}}}]}}"#
//!     );
//!     let local = checker.local(&json::read(text.as_bytes()));
//!     checker.push(Some(Rank(rank)), local);
//! }
//! let report = checker.finish(Ranks::All);
//! assert!(report.is_valid());
//! let layout = report.layout.ok_or("a valid set of all ranks has a layout")?;
//! assert_eq!(layout.owner(&[GlobalIndex(7)]), Some((Rank(1), vec![LocalIndex(2)])));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Redistribute
//!
//! A [`Plan`](plan::Plan) lists the messages of one rank between two layouts, without MPI; [`copy`]
//! packs and unpacks them. With the feature `mpi`, `mpi::Redistribution` does all of it.
//!
//! ```
//! use daparray::{copy::{self, Order}, item::Item, plan::Endpoints, prelude::*};
//! let blocks = Layout::new(vec![Block::new(8, 2)?.into()])?;
//! let cyclic = Layout::new(vec![Cyclic::new(8, 2, 1)?.into()])?;
//! let plan = Plan::new(&blocks, &cyclic, Endpoints::both(Rank(0)))?;
//! let source = Buffer::from_array(ndarray::arr1(&[0.0, 1.0, 2.0, 3.0]));
//! let mut target = Buffer::zeros(f64::dtype(), &[4])?;
//! if let Some(kept) = plan.kept() {
//!     copy::copy_local(&kept, &source, &mut target)?; // elements 0 and 2 stay
//! }
//! for send in plan.sends() {
//!     let mut message = vec![0; 8 * send.elements() as usize];
//!     copy::pack(&send, &source, Order::C, &mut message)?; // elements 1 and 3, for rank 1
//! }
//! assert_eq!(target.view::<f64>()?, ndarray::arr1(&[0.0, 2.0, 0.0, 0.0]).into_dyn());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! An array over MPI, with the feature `array`:
//!
//! ```
//! # #[cfg(feature = "array")] {
//! use daparray::{mpi, prelude::*};
//! let universe = mpi::initialize().ok_or("MPI is initialised already")?;
//! let context = Context::new(&Comm::new(&universe.world())?);
//! let ranks = context.comm().size().into();
//! let rows = Layout::new(vec![Block::new(8, ranks)?.into(), Block::new(6, 1)?.into()])?;
//! let columns = Layout::new(vec![Block::new(8, 1)?.into(), Block::new(6, ranks)?.into()])?;
//! let by_rows = DistArray::<f64>::from_fn(&context, &rows, |at| (10 * at[0] + at[1]) as f64)?;
//! let by_columns = by_rows.redistribute(&columns)?;
//! assert_eq!(by_columns.get(&[3, 5])?.to_f64(), 35.0);
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Features
//!
//! None is on by default.
//!
//! | feature | adds | needs |
//! |---|---|---|
//! | `mpi` | the module `mpi`: redistribution and halo exchange between all ranks | an MPI and libclang |
//! | `array` | the module `array`: the reference array, with NumPy's operations | as `mpi` |
//! | `c-abi` | the module `c_abi`: arrays handed to and from C, C++, Fortran and Python | |
//! | `plot` | the module `plot`: pictures of distributions as SVG | |
//! | `half` | views of 16-bit floats | |
//!
//! # Limits
//!
//! 64-bit machines; buffers in host memory. The library for C, `libdaparray`, is made from another
//! crate and contains no MPI.
#![forbid(unsafe_code)]

#[cfg(feature = "array")]
pub use dap_array as array;
pub use dap_core::{
    algebra, check, dim, dtype, error, export, finding, grid, index, json, layout, plan, ranks, rules, runs,
};
pub use dap_ndarray::{
    Access, Buffer, BufferError, BufferErrorKind, Item, Section, SectionError, ViewError, buffer, copy, dispatch,
    dlpack, file, item, local_view, owned_view, section,
};
/// The version of ndarray whose views and arrays this crate takes and returns.
pub use ndarray;

#[cfg(feature = "c-abi")]
pub mod c_abi;
#[cfg(feature = "mpi")]
pub mod mpi;
#[cfg(feature = "plot")]
pub use dap_plot as plot;
pub mod prelude;
