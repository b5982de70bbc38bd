//! Heat's DNDarrays: `gshape`, `split`, `lshape`; and `lshape_map`, `balanced`, `stride`,
//! `__partitioned__` to agree with them.

use super::dtype;
use super::library::{ConvertOptions, LibraryCase};
use super::part::{Converted, ConvertedPart, block};
use super::partitioned;
use super::raw::{ConvertResult, RawValue};
use dap_core::finding::plural;

/// The fields of a rank's metadata.
pub(super) const FIELDS: &[&str] =
    &["gshape", "split", "lshape", "lshape_map", "balanced", "dtype", "stride", "strides", "partitioned", "device"];

pub(super) fn recognises(raw: &RawValue<'_>) -> bool {
    raw.has("gshape") && (raw.has("split") || raw.has("lshape"))
}

pub(super) fn convert(case: &LibraryCase<'_>, options: &ConvertOptions<'_>) -> ConvertResult<Converted> {
    let count = case.ranks.len() as i64;
    let mut converted = Converted::default();
    let mut first: Option<(Vec<i64>, Option<i64>)> = None;
    let mut start = 0_i64;
    let extents = case.ranks.iter().map(|rank| rank.get("lshape")?.counts()).collect::<ConvertResult<Vec<_>>>()?;
    for (rank, raw) in case.ranks.iter().enumerate() {
        let gshape = raw.get("gshape")?.counts()?;
        let split = raw.maybe("split").map(|split| split.int()).transpose()?;
        let Some(axis) = split.or((count == 1).then_some(0)) else {
            return Err(format!(
                "{raw}: split is null, so each of the {count} processes holds the whole array, and protocol 0.10 has no \
                 replicas. Give it an axis with `x.resplit(0)`, or convert one rank's description alone"
            ));
        };
        if split.is_some_and(|split| split < 0 || split >= gshape.len() as i64) {
            return Err(format!("{raw}.split is {axis}, and the array has {}", plural(gshape.len(), "dimension")));
        }
        match &first {
            None => first = Some((gshape.clone(), split)),
            Some((shape, of)) if *shape != gshape || *of != split => {
                let split = |split: Option<i64>| split.map_or_else(|| "null".to_owned(), |axis| axis.to_string());
                return Err(format!(
                    "{raw} is of another array than rank 0's: gshape {gshape:?} and split {}, there {shape:?} and {}",
                    split(Some(axis)),
                    split(*of)
                ));
            }
            Some(_) => {}
        }
        if let Some(device) =
            raw.maybe("device").filter(|device| device.text().is_ok_and(|text| !text.starts_with("cpu")))
        {
            return Err(format!(
                "{device} is {}, and a buffer of the protocol is in the host's memory: use `x.cpu()`",
                device.short()
            ));
        }
        let lshape = raw.get("lshape")?.exactly(extents[rank].clone(), gshape.len())?;
        agree(raw, rank, &gshape, axis, &extents)?;
        let dtype = dtype::of(raw, &["dtype"], options.dtype)?;
        let strides = match (raw.maybe("strides"), raw.maybe("stride")) {
            (Some(bytes), _) => Some(bytes.exactly(bytes.ints()?, gshape.len())?),
            (None, Some(items)) => {
                let itemsize = dtype.itemsize();
                let items = items.exactly(items.ints()?, gshape.len())?;
                Some(items.into_iter().map(|stride| stride.saturating_mul(itemsize)).collect())
            }
            (None, None) => None,
        };
        let mut dims = Vec::new();
        for (dim, &size) in gshape.iter().enumerate() {
            if dim as i64 == axis {
                dims.push(block(size, start, lshape[dim], rank as i64, count));
                start = start.saturating_add(lshape[dim]);
            } else {
                raw.get("lshape")?.same(&lshape[dim], &size, &format!("dimension {dim}, which is not split,"))?;
                dims.push(block(size, 0, size, 0, 1));
            }
        }
        converted.parts.push(ConvertedPart { dtype, shape: lshape, strides, dims });
    }
    if let Some((gshape, split)) = first {
        balanced(&case.ranks, &gshape, split.unwrap_or_default(), &extents)?;
    }
    Ok(converted)
}

/// Checks that the ranks hold Heat's balanced split, if a rank states `balanced`.
fn balanced(ranks: &[RawValue<'_>], gshape: &[i64], axis: i64, extents: &[Vec<i64>]) -> ConvertResult<()> {
    let Some((axis, &size)) = usize::try_from(axis).ok().and_then(|axis| Some((axis, gshape.get(axis)?))) else {
        return Ok(());
    };
    let said = ranks.iter().filter_map(|raw| raw.maybe("balanced")).find(|said| said.value().as_bool() == Some(true));
    let Some(said) = said else { return Ok(()) };
    let count = extents.len() as i64;
    let held: Vec<i64> = extents.iter().filter_map(|extent| extent.get(axis).copied()).collect();
    let even: Vec<i64> = (0..count).map(|place| size / count + i64::from(place < size % count)).collect();
    if held != even {
        return Err(format!(
            "{said} is true, and the ranks hold {held:?} along the split axis: Heat's balanced split is {even:?}"
        ));
    }
    Ok(())
}

/// Checks the other statements of Heat about the split.
fn agree(raw: &RawValue<'_>, rank: usize, gshape: &[i64], axis: i64, extents: &[Vec<i64>]) -> ConvertResult<()> {
    if let Some(map) = raw.maybe("lshape_map") {
        map.same(&map.rows()?, &extents.to_vec(), "the `lshape` of each rank")?;
    }
    let axis = usize::try_from(axis).unwrap_or_default();
    if let Some(stated) = raw.maybe("partitioned") {
        partitioned::agrees(&stated, rank, gshape, axis, extents)?;
    }
    Ok(())
}
