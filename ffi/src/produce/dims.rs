//! A dimension dictionary as a flat struct, in the one form that the structs have: that of version 0.10.

use std::ptr::null;
use std::sync::Arc;

use dap_core::export::{DimDict, DistType, Field, Version};
use smallvec::SmallVec;

use crate::{Code, DIM_ONE_TO_ONE, DIM_PERIODIC, DapDim, Refusal};

/// The struct of a dictionary; the list of indices that it points to is kept in `kept`.
pub(super) fn flat(
    dict: &DimDict,
    extent: i64,
    version: Version,
    kept: &mut SmallVec<[Arc<[i64]>; 1]>,
) -> Result<DapDim, Refusal> {
    let whole = DapDim {
        size: extent,
        proc_grid_size: 1,
        proc_grid_rank: 0,
        dist_type: u32::from(b'b'),
        flags: 0,
        start: 0,
        stop: extent,
        pad_lo: 0,
        pad_hi: 0,
        block_size: 0,
        n_indices: 0,
        indices: null(),
        reserved: [0; 5],
    };
    let dist_type = match dict.dist_type {
        Field::Is(dist_type) => dist_type,
        // The alias `{}`: an undistributed dimension.
        Field::Missing => return if dict.is_alias() { Ok(whole) } else { missing("dist_type") },
        Field::Wrong(_) => return missing("dist_type"),
    };
    if dist_type == DistType::Undistributed {
        return Ok(whole);
    }
    let common = DapDim {
        size: number(&dict.size, "size")?,
        proc_grid_size: number(&dict.proc_grid_size, "proc_grid_size")?,
        proc_grid_rank: number(&dict.proc_grid_rank, "proc_grid_rank")?,
        flags: if dict.periodic == Field::Is(true) { DIM_PERIODIC } else { 0 },
        stop: 0,
        ..whole
    };
    match dist_type {
        DistType::Block | DistType::Undistributed => block(dict, common, version),
        DistType::Cyclic => Ok(DapDim {
            dist_type: u32::from(b'c'),
            start: number(&dict.start, "start")?,
            block_size: dict.block_size.get().copied().unwrap_or(1),
            ..common
        }),
        DistType::Unstructured => {
            let Field::Is(indices) = &dict.indices else { return missing("indices") };
            kept.push(Arc::clone(indices));
            Ok(DapDim {
                dist_type: u32::from(b'u'),
                flags: common.flags | if dict.one_to_one == Field::Is(true) { DIM_ONE_TO_ONE } else { 0 },
                // Below 2^60: they are in memory.
                n_indices: indices.len() as i64,
                // The list itself does not move when the count that holds it does.
                indices: indices.as_ptr(),
                ..common
            })
        }
    }
}

/// A block. In version 0.9 `start` and `stop` bound what is owned; here, as in 0.10, communication padding is in them.
fn block(dict: &DimDict, common: DapDim, version: Version) -> Result<DapDim, Refusal> {
    let (mut start, mut stop) = (number(&dict.start, "start")?, number(&dict.stop, "stop")?);
    let [pad_lo, pad_hi] = dict.padding.get().copied().unwrap_or([0, 0]);
    if (version.major, version.minor) == (0, 9) {
        let is_first = common.proc_grid_rank == 0;
        let is_last = common.proc_grid_rank == common.proc_grid_size - 1;
        let wraps = is_first && pad_lo > 0 || is_last && pad_hi > 0;
        if wraps && common.flags & DIM_PERIODIC != 0 {
            let what = "a halo that wraps round the ends, which only a dictionary of version 0.9 can say";
            return Err(Refusal::new(Code::INEXPRESSIBLE).what(what));
        }
        let beyond = || Refusal::new(Code::INEXPRESSIBLE).what("a block and its padding reach beyond 64-bit integers");
        start = start.checked_sub(if is_first { 0 } else { pad_lo }).ok_or_else(beyond)?;
        stop = stop.checked_add(if is_last { 0 } else { pad_hi }).ok_or_else(beyond)?;
    }
    Ok(DapDim { start, stop, pad_lo, pad_hi, ..common })
}

fn number(field: &Field<i64>, key: &'static str) -> Result<i64, Refusal> {
    match field {
        Field::Is(value) => Ok(*value),
        _ => missing(key),
    }
}

#[cold]
fn missing<T>(key: &'static str) -> Result<T, Refusal> {
    Err(Refusal::new(Code::INEXPRESSIBLE).what(format!("the dictionary has no `{key}`, and the structs need it")))
}
