//! The item type of a library's description.

use dap_core::dtype::DType;
use dap_core::finding::plural;

use super::raw::{ConvertResult, RawValue};
use crate::item_type;

/// The type of a description: the value of one of the keys, or the user's argument, or 8-byte
/// floats.
///
/// NumPy's typestr of a struct, `|V12`, states its size only; `descr` beside it has the fields.
pub(super) fn of(raw: &RawValue<'_>, keys: &[&str], given: Option<&DType>) -> ConvertResult<DType> {
    let mut found: Option<DType> = None;
    for said in keys.iter().filter_map(|key| raw.maybe(key)) {
        let dtype = item_type::of_value(said.value()).map_err(|why| {
            format!("{said} is {}, no item type that is known: {why}. Write its typestr, such as `<f8`, or leave it out and give --dtype", said.short())
        })?;
        found = Some(match found {
            None => dtype,
            Some(other) => agreed(other, dtype, &said)?,
        });
    }
    Ok(found.or_else(|| given.cloned()).unwrap_or_else(default))
}

fn default() -> DType {
    DType::from_dlpack(2, 64, 1).unwrap_or_else(|| unreachable!("DLPack's code of a float of 64 bits"))
}

/// The type of two statements about one array: a struct is more specific than its size.
fn agreed(first: DType, second: DType, said: &RawValue<'_>) -> ConvertResult<DType> {
    let is_raw = |dtype: &DType| dtype.kind() == Some(dap_core::dtype::Kind::Void);
    match (&first, &second) {
        _ if first == second => Ok(first),
        _ if first.itemsize() != second.itemsize() || !(is_raw(&first) || is_raw(&second)) => Err(format!(
            "{said} is {}, {} of {}, and the description has another type beside it: {} of {}",
            said.short(),
            second.name(),
            plural(second.itemsize(), "byte"),
            first.name(),
            plural(first.itemsize(), "byte")
        )),
        _ if is_raw(&first) => Ok(second),
        _ => Ok(first),
    }
}
