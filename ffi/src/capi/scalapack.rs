//! ScaLAPACK: from the nine integers of a descriptor to dimensions and strides, and back.
//!
//! A grid that BLACS counts along its rows ("Row") has ranks in the protocol's order. A grid that
//! it counts down its columns ("Col") has them if matrix and grid are transposed, as column-major
//! memory is: then all results describe the transposed matrix.

use dap_core::dim::Cyclic;
use dap_core::index::GridRank;

use super::call::{call, list};
use crate::consume::{self, good, tensor};
use crate::{Code, DapArray, DapDim, DapError, Refusal};

const NAMES: [&str; 9] = ["DTYPE", "CTXT", "M", "N", "MB", "NB", "RSRC", "CSRC", "LLD"];

/// The two dimensions of a ScaLAPACK matrix on the process at row `myrow` and column `mycol` of a
/// BLACS grid, the extents of its local part and its strides in items, as arguments of
/// `dap_array_from_memory`. `desc` has nine integers. A `by_columns` other than 0 means that BLACS
/// counts ranks down the columns ("Col"); dimensions, extents and strides are then of the
/// transposed matrix.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dap_scalapack_dims(
    desc: *const i32,
    nprow: i32,
    npcol: i32,
    myrow: i32,
    mycol: i32,
    by_columns: i32,
    dims: *mut DapDim,
    shape: *mut i64,
    strides: *mut i64,
    error: *mut DapError,
) -> i32 {
    call(error, || {
        good(dims, "dims")?;
        good(shape, "shape")?;
        good(strides, "strides")?;
        // SAFETY: `list` refuses a null or misaligned `desc`; any other has nine integers, as every
        // ScaLAPACK descriptor.
        let desc = unsafe { list(desc, 9, "desc") }?;
        checked(desc, [nprow, npcol])?;
        let side = |side: usize, grid: i32, place: i32, name: &'static str| {
            if !(0..grid).contains(&place) {
                return Err(argument(
                    name,
                    place,
                    &format!("0 to {}: the process's place on the BLACS grid", grid - 1),
                ));
            }
            cyclic_or_whole(desc, side, i64::from(grid), i64::from(place))
        };
        let (rows, columns) = (side(0, nprow, myrow, "myrow")?, side(1, npcol, mycol, "mycol")?);
        if i64::from(desc[8]) < rows.1.max(1) {
            let expected = format!("at least {}: the local rows, and at least 1", rows.1.max(1));
            return Err(argument("desc: LLD", desc[8], &expected));
        }
        let (rows, columns) = ((rows, 1), (columns, i64::from(desc[8])));
        let ordered = if by_columns == 0 { [rows, columns] } else { [columns, rows] };
        for (at, ((dim, extent), stride)) in ordered.into_iter().enumerate() {
            // SAFETY: `good` checked all three above; each has room for two entries by the
            // contract, and `at` is 0 or 1.
            unsafe {
                dims.add(at).write(dim);
                shape.add(at).write(extent);
                strides.add(at).write(stride);
            }
        }
        Ok(())
    })
}

/// The nine integers that describe a section's memory, for a BLACS grid of that context;
/// `by_columns` as above. Sections that no descriptor can express are refused: halos, unequal
/// blocks, rows with gaps, numbers beyond 32 bits.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dap_scalapack_descriptor(
    array: *const DapArray,
    context: i32,
    by_columns: i32,
    desc: *mut i32,
    error: *mut DapError,
) -> i32 {
    call(error, || {
        good(desc, "desc")?;
        // SAFETY: `good` checked `desc`, which has room for nine integers; `head`, `block` and
        // `local` check the struct before its parts are read.
        unsafe {
            let array = consume::head(array)?;
            let (block, dims) = consume::block(array)?.ok_or_else(|| Refusal::new(Code::NO_SECTION))?;
            let [first, second] = dims else {
                return Err(inexpressible("ScaLAPACK's arrays have two dimensions"));
            };
            if block.tensor.is_null() {
                return Err(Refusal::new(Code::TAKEN));
            }
            let local = tensor::local(block.tensor, 2, array.dtype)?;
            let shape = [local.shape[0], local.shape[1]];
            let strides = local.strides.map_or([shape[1], 1], |strides| [strides[0], strides[1]]);
            let turned = by_columns != 0;
            let side = |at: usize| if turned { 1 - at } else { at };
            let (rows, columns) = (shape[side(0)], shape[side(1)]);
            if rows > 1 && columns > 0 && strides[side(0)] != 1 {
                return Err(inexpressible("ScaLAPACK needs each column without gaps (Fortran order)"));
            }
            let leading = if columns > 1 { strides[side(1)] } else { rows.max(1) };
            if leading < rows.max(1) {
                return Err(inexpressible("the columns overlap, or lie backwards"));
            }
            let both = [source(if turned { second } else { first })?, source(if turned { first } else { second })?];
            let all = [
                1,
                i64::from(context),
                both[0][0],
                both[1][0],
                both[0][1],
                both[1][1],
                both[0][2],
                both[1][2],
                leading,
            ];
            for (at, number) in all.into_iter().enumerate() {
                let fits = i32::try_from(number).map_err(|_| {
                    inexpressible(&format!("{} is {number}, beyond the 32 bits of a descriptor", NAMES[at]))
                })?;
                desc.add(at).write(fits);
            }
            Ok(())
        }
    })
}

fn inexpressible(why: &str) -> Refusal {
    Refusal::new(Code::INEXPRESSIBLE).what(why)
}

/// The refusal of an argument: the found value, the expected value, and the argument's name.
fn argument(name: &str, found: i32, expected: &str) -> Refusal {
    Refusal::new(Code::ARGUMENT).what(format!("`{name}` is {found}, expected {expected}"))
}

fn checked(desc: &[i32], grid: [i32; 2]) -> Result<(), Refusal> {
    for (name, found) in [("nprow", grid[0]), ("npcol", grid[1])] {
        if found < 1 {
            return Err(argument(name, found, "1 or more: the BLACS grid, as `blacs_gridinfo` gives it"));
        }
    }
    if desc[0] != 1 {
        return Err(inexpressible("DTYPE is not 1: only dense matrices are distributed as cyclic dimensions"));
    }
    if desc[1] < 0 {
        return Err(inexpressible("CTXT is negative: this process is not in the BLACS grid"));
    }
    for (at, least) in [(2, 0), (3, 0), (4, 1), (5, 1), (8, 1)] {
        if desc[at] < least {
            return Err(argument(&format!("desc: {}", NAMES[at]), desc[at], &format!("{least} or more")));
        }
    }
    for (at, limit, what) in [(6, grid[0], "rows"), (7, grid[1], "columns")] {
        if !(0..limit).contains(&desc[at]) {
            let expected = format!("0 to {}: the BLACS grid has {limit} {what}", limit - 1);
            return Err(argument(&format!("desc: {}", NAMES[at]), desc[at], &expected));
        }
    }
    Ok(())
}

/// One side of a matrix: its dimension on a process, and its local extent.
fn cyclic_or_whole(desc: &[i32], side: usize, grid: i64, place: i64) -> Result<(DapDim, i64), Refusal> {
    let [size, block, source] = [2, 4, 6].map(|at: usize| i64::from(desc[at + side]));
    let refused = |error: dap_core::error::Error| inexpressible(&error.to_string());
    let cyclic = Cyclic::new(size, grid, block).and_then(|dim| dim.with_source(GridRank(source))).map_err(refused)?;
    // In 32 bits each, so within 64.
    let start = (place - source).rem_euclid(grid) * block;
    Ok((DapDim::cyclic(size, grid, place, start, block), cyclic.owned_len(GridRank(place))))
}

/// Size, block size and source of a cyclic dimension, or of a dimension on one process.
fn source(dim: &DapDim) -> Result<[i64; 3], Refusal> {
    let whole = dim.proc_grid_size == 1 && dim.pad_lo == 0 && dim.pad_hi == 0;
    if dim.dist_type == u32::from(b'b') && whole {
        return Ok([dim.size, dim.size.max(1), 0]);
    }
    if dim.dist_type != u32::from(b'c') || dim.block_size < 1 || dim.proc_grid_size < 1 {
        return Err(inexpressible(
            "a dimension on several processes that is not cyclic: move the array to a cyclic layout first",
        ));
    }
    // The process that the distribution starts at; a start beyond the array gives the same.
    let source = (dim.proc_grid_rank - dim.start / dim.block_size).rem_euclid(dim.proc_grid_size);
    Ok([dim.size, dim.block_size, source])
}
