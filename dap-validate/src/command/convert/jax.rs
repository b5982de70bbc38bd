//! JAX: the indices of each device, from `addressable_shards` or `devices_indices_map`.

use dap_core::finding::plural;
use std::collections::HashSet;

use super::boxes::{self, PartBox, StatedBox};
use super::dtype;
use super::library::{ConvertOptions, LibraryCase};
use super::part::Converted;
use super::raw::{ConvertResult, RawValue};

/// The fields of an array's metadata.
pub(super) const FIELDS: &[&str] = &["shape", "dtype", "shards", "unreduced", "mesh", "spec"];

pub(super) fn recognises(raw: &RawValue<'_>) -> bool {
    raw.has("shards")
}

pub(super) fn convert(case: &LibraryCase<'_>, options: &ConvertOptions<'_>) -> ConvertResult<Converted> {
    let shape = case.ranks[0].get("shape")?.counts()?;
    let mut shards = Vec::new();
    for raw in &case.ranks {
        raw.get("shape")?.same(&raw.get("shape")?.counts()?, &shape, "rank 0")?;
        let unreduced =
            raw.maybe("unreduced").filter(|axes| axes.value().as_array().is_none_or(|axes| !axes.is_empty()));
        if let Some(unreduced) = unreduced.filter(|axes| axes.value().as_bool() != Some(false)) {
            return Err(format!(
                "{unreduced} is {}: each device has a partial sum, and protocol 0.10 has none. Reduce the array first",
                unreduced.short()
            ));
        }
        shards.extend(raw.get("shards")?.list()?);
    }
    let boxes = shards.iter().map(|shard| index(shard, &shape)).collect::<ConvertResult<Vec<_>>>()?;
    one_each_in_memory(&shards, &boxes)?;
    let stated = boxes.into_iter().map(|part| {
        Ok(StatedBox { part, dtype: dtype::of(&case.ranks[0], &["dtype"], options.dtype)?, strides: None })
    });
    let notes = vec!["a rank is a device here, in the order in which they are listed".to_owned()];
    boxes::array(&shape, stated.collect::<ConvertResult<_>>()?, notes, options)
}

/// Refuses arrays that no export can describe: replicas, and parts that are not in the host's
/// memory.
fn one_each_in_memory(shards: &[RawValue<'_>], boxes: &[PartBox]) -> ConvertResult<()> {
    let mut seen = HashSet::new();
    for (shard, one) in shards.iter().zip(boxes) {
        let is_new = seen.insert(one);
        let replica = shard.maybe("replica_id").map_or(Ok(0), |id| id.count())?;
        if !is_new || replica != 0 {
            return Err(format!(
                "{shard} is a replica of another device's part, and protocol 0.10 has none: shard over all axes of the mesh, or use a mesh \
                 of fewer devices"
            ));
        }
        let device = |shard: &RawValue<'_>| {
            shard.maybe("platform").map(|platform| platform.text().map(str::to_owned)).transpose()
        };
        if let Some(platform) = device(shard)?.filter(|platform| platform != "cpu") {
            return Err(format!(
                "{shard} is on {platform}, and a buffer of the protocol is in the host's memory: `jax.device_put` it to CPU devices"
            ));
        }
    }
    Ok(())
}

/// Start and stop along each axis; null, or null for an end, is the whole axis, as in Python's
/// `slice(None)`.
fn index(shard: &RawValue<'_>, shape: &[i64]) -> ConvertResult<PartBox> {
    let index = shard.get("index")?;
    let ranges = index.list()?;
    if ranges.len() != shape.len() {
        return Err(format!("{index} has {} for {}", plural(ranges.len(), "range"), plural(shape.len(), "dimension")));
    }
    let whole = |range: &RawValue<'_>, size: i64| -> ConvertResult<[i64; 2]> {
        if range.value().is_null() {
            return Ok([0, size]);
        }
        let ends = range.list()?;
        let end = |at: usize, otherwise: i64| match ends.get(at) {
            Some(end) if !end.value().is_null() => end.count(),
            _ => Ok(otherwise),
        };
        let [start, stop] = [end(0, 0)?, end(1, size)?];
        if ends.len() > 3 || end(2, 1)? != 1 || start > stop || stop > size {
            return Err(format!("{range} is {}, no range of 0 to {size} with step 1", range.short()));
        }
        Ok([start, stop])
    };
    ranges.iter().zip(shape).map(|(range, size)| whole(range, *size)).collect()
}
