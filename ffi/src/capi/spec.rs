//! Makes a layout from the specifications of its dimensions, on one process and without a message.

use std::borrow::Cow;

use dap_core::dim::{Block, Cyclic, Dim, Unstructured};
use dap_core::error::{Error, ErrorKind};
use dap_core::index::GridRank;
use dap_core::layout::Layout;

use super::call::{call_with_warning, list, set};
use super::layout::DapLayout;
use crate::consume::{self, good};
use crate::{
    Code, DIM_ONE_TO_ONE, DIM_PERIODIC, DapDimSpec, DapError, Refusal, SPEC_BALANCED, SPEC_BOUNDS_INT32,
    SPEC_INDICES_INT32,
};

/// The layout of an array with these dimensions on a process grid in C order, without any message:
/// processes with the same arguments get the same layout. An invalid specification is
/// `DAP_E_INCOMPLETE`, with the dimension in `error`. Lists are copied. A halo that does not wrap
/// round the ends of a periodic dimension is a warning: code 0, with the dimension and a sentence
/// in `error`, or on stderr if `error` is null.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dap_layout_new(
    ndim: i32,
    specs: *const DapDimSpec,
    out: *mut *mut DapLayout,
    error: *mut DapError,
) -> i32 {
    call_with_warning(error, || {
        good(out, "out")?;
        // SAFETY: `list` refuses null and misaligned `specs`, any other has `ndim` entries whose
        // lists are as long as `spec/abi.md` says; `out` was checked.
        unsafe {
            let specs = list(specs, consume::ndim(ndim)? as i64, "specs")?;
            let dims = specs.iter().enumerate().map(|(at, spec)| dim(spec).map_err(|refusal| refusal.dim_at(at)));
            let layout = Layout::new(dims.collect::<Result<_, _>>()?).map_err(|error| impossible(&error))?;
            let warning = unwrapped(&layout, specs);
            set(out, "out", Box::into_raw(Box::new(DapLayout::new(layout))))?;
            Ok(warning)
        }
    })
}

/// The warning for the first periodic dimension with a halo that does not wrap.
fn unwrapped(layout: &Layout, specs: &[DapDimSpec]) -> Option<Refusal> {
    layout.dims().iter().zip(specs).enumerate().find_map(|(at, (dim, spec))| {
        let Dim::Block(block) = dim else { return None };
        Some(Refusal::new(Code::OK).dim_at(at).what(format!("warning: {}", block.wrap_advice(spec.halo)?)))
    })
}

/// # Safety
/// The lists of the dimension are as long as `spec/abi.md` says.
unsafe fn dim(spec: &DapDimSpec) -> Result<Dim, Refusal> {
    let known = match u8::try_from(spec.dist_type) {
        Ok(b'b') => DIM_PERIODIC | SPEC_BALANCED | SPEC_BOUNDS_INT32,
        Ok(b'c') => 0,
        Ok(b'u') => DIM_ONE_TO_ONE | SPEC_BOUNDS_INT32 | SPEC_INDICES_INT32,
        _ => return Err(Refusal::new(Code::DIST_TYPE).found(spec.dist_type)),
    };
    if spec.flags & !known != 0 {
        return Err(Refusal::new(Code::FLAGS).what("specs.flags").found(spec.flags & !known));
    }
    // SAFETY: `spec` is one of the caller's, whose `bounds` and `indices` are as long as
    // `spec/abi.md` says.
    unsafe {
        match u8::try_from(spec.dist_type) {
            Ok(b'b') => block(spec).map(Dim::from),
            Ok(b'c') => cyclic(spec).map(Dim::from).map_err(|error| impossible(&error)),
            _ => unstructured(spec).map(Dim::from),
        }
    }
}

/// # Safety
/// As [`dim`].
unsafe fn block(spec: &DapDimSpec) -> Result<Block, Refusal> {
    let (size, processes) = (spec.size, spec.proc_grid_size);
    let is_balanced = spec.flags & SPEC_BALANCED != 0;
    let ways = [is_balanced, spec.block_size != 0, !spec.bounds.is_null()];
    if ways.into_iter().filter(|way| *way).count() > 1 {
        let what = "`DAP_SPEC_BALANCED`, `block_size` and `bounds` exclude one another";
        return Err(Refusal::new(Code::INCOMPLETE).what(what));
    }
    let split = if !spec.bounds.is_null() {
        // SAFETY: `bounds` is not null here, and has one entry more than there are processes, by
        // section 2.5 of `spec/abi.md`.
        let bounds = unsafe { bounds(spec) }?;
        if bounds.last() != Some(&size) {
            let what = format!("the last of the `bounds` is {}, `size` is {size}", bounds.last().unwrap_or(&0));
            return Err(Refusal::new(Code::INCOMPLETE).what(what));
        }
        Block::from_bounds(bounds.into_owned())
    } else if is_balanced {
        Block::balanced(size, processes)
    } else if spec.block_size != 0 {
        Block::with_width(size, processes, spec.block_size)
    } else {
        Block::new(size, processes)
    };
    let block = split.and_then(|block| block.with_halo(spec.halo)?.with_boundary(spec.pad_lo, spec.pad_hi));
    let block = block.and_then(|block| block.with_periodic(spec.flags & DIM_PERIODIC != 0));
    block.map_err(|error| impossible(&error))
}

fn cyclic(spec: &DapDimSpec) -> Result<Cyclic, Error> {
    Cyclic::new(spec.size, spec.proc_grid_size, spec.block_size)?.with_source(GridRank(spec.source))
}

/// # Safety
/// As [`dim`].
unsafe fn unstructured(spec: &DapDimSpec) -> Result<Unstructured, Refusal> {
    // SAFETY: `bounds` of an unstructured dimension has one entry more than there are processes,
    // and null is refused.
    let bounds = unsafe { bounds(spec) }?;
    // SAFETY: the last of the bounds is the number of indices, by section 2.5 of `spec/abi.md`;
    // null and misaligned lists are refused.
    let indices = unsafe { numbers(spec, SPEC_INDICES_INT32, bounds.last().copied().unwrap_or(0)) }?;
    let part = |pair: &[i64]| {
        let [from, to] = [usize::try_from(pair[0]).ok()?, usize::try_from(pair[1]).ok()?];
        indices.get(from..to)
    };
    let lists: Option<Vec<&[i64]>> = bounds.windows(2).map(part).collect();
    let lists = lists.filter(|_| bounds.first() == Some(&0));
    let lists =
        lists.ok_or_else(|| Refusal::new(Code::INCOMPLETE).what("the `bounds` of the lists do not ascend from 0"))?;
    Unstructured::new(spec.size, spec.flags & DIM_ONE_TO_ONE != 0, &lists).map_err(|error| impossible(&error))
}

/// The bounds, one more than there are processes.
///
/// # Safety
/// As [`dim`].
unsafe fn bounds(spec: &DapDimSpec) -> Result<Cow<'_, [i64]>, Refusal> {
    let few = || Error::new(ErrorKind::TooSmall).with_value("proc_grid_size", spec.proc_grid_size).with_expected(1);
    if spec.proc_grid_size < 1 {
        return Err(impossible(&few()));
    }
    // SAFETY: the number of processes is 1 or more; `bounds` has one entry more, by section 2.5 of
    // `spec/abi.md`; null is refused.
    unsafe { numbers(spec, SPEC_BOUNDS_INT32, spec.proc_grid_size.saturating_add(1)) }
}

/// The list whose integers have 32 bits if the specification has the bit `narrow`.
///
/// # Safety
/// As [`dim`]; `count` is the length of the list.
unsafe fn numbers(spec: &DapDimSpec, narrow: u32, count: i64) -> Result<Cow<'_, [i64]>, Refusal> {
    let (numbers, what) = if narrow == SPEC_BOUNDS_INT32 { (spec.bounds, "bounds") } else { (spec.indices, "indices") };
    // SAFETY: the list is null, misaligned, or has `count` items of the size that its bit says, by
    // section 2.5 of `spec/abi.md`; `list` refuses the first two.
    unsafe {
        if spec.flags & narrow == 0 {
            return list(numbers, count, what).map(Cow::Borrowed);
        }
        let narrow = list(numbers.cast::<i32>(), count, what)?;
        Ok(narrow.iter().map(|&number| number.into()).collect())
    }
}

fn impossible(error: &Error) -> Refusal {
    Refusal::of_error(Code::INCOMPLETE, error)
}
