//! xarray: the chunks of a DataArray by the names of its dimensions.

use serde_json::{Map, Value};

use super::dask;
use super::library::{ConvertOptions, LibraryCase};
use super::part::Converted;
use super::raw::{ConvertResult, RawValue};
use crate::printed;

/// The fields of an array's metadata.
pub(super) const FIELDS: &[&str] = &["dims", "chunksizes", "chunks", "shape", "dtype", "owners", "name"];

pub(super) fn recognises(raw: &RawValue<'_>) -> bool {
    raw.has("chunksizes") || raw.maybe("chunks").is_some_and(|chunks| mapping(&chunks).is_some())
}

/// The mapping from names to chunk sizes: a dictionary, or `Frozen({...})` as xarray prints it.
fn mapping(raw: &RawValue<'_>) -> Option<Map<String, Value>> {
    match raw.value() {
        Value::Object(members) => Some(members.clone()),
        Value::String(text) => {
            let inner = text.trim().strip_prefix("Frozen(")?.strip_suffix(')')?;
            let inner =
                inner.strip_prefix("SortedKeysDict(").and_then(|inner| inner.strip_suffix(')')).unwrap_or(inner);
            match <[Value; 1]>::try_from(printed::values(inner).ok()?).ok()? {
                [Value::Object(members)] => Some(members),
                _ => None,
            }
        }
        _ => None,
    }
}

pub(super) fn convert(case: &LibraryCase<'_>, options: &ConvertOptions<'_>) -> ConvertResult<Converted> {
    let [raw] = &case.ranks[..] else {
        return Err("a DataArray is described once, its chunks know no rank".to_owned());
    };
    let chunks = raw.maybe("chunksizes").map_or_else(|| raw.get("chunks"), Ok)?;
    let sizes = mapping(&chunks).ok_or_else(|| format!("{chunks} is {}, not a dictionary", chunks.short()))?;
    let names: Vec<&str> = match raw.maybe("dims") {
        Some(dims) => {
            let list = dims.list()?;
            list.iter().map(RawValue::text).collect::<ConvertResult<_>>()?
        }
        None if sizes.len() < 2 => sizes.keys().map(String::as_str).collect(),
        // A dictionary in JSON has no order.
        None => return Err(format!("{raw} has no `dims`: give the order of the dimensions, `list(x.dims)`")),
    };
    let of_dim = |name: &&str| sizes.get(*name).cloned().ok_or_else(|| format!("{chunks} has no dimension `{name}`"));
    let in_order: Vec<Value> = names.iter().map(of_dim).collect::<ConvertResult<_>>()?;
    if let Some(other) = sizes.keys().find(|name| !names.contains(&name.as_str())) {
        return Err(format!("{chunks} has a dimension `{}`, which `dims` does not name", dap_report::printable(other)));
    }
    let list = Value::Array(in_order);
    let chunks = dask::sizes(&RawValue::new(&list, chunks.to_string()))?;
    dask::array(raw, &chunks, options)
}
