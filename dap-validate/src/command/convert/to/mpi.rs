//! MPI: the arguments of `MPI_Type_create_darray`, alike on all ranks but for `rank` itself.

use dap_core::dtype::DType;
use serde_json::{Value, json};

use super::super::raw::ConvertResult;
use super::{ToArray, regular};
use crate::values::MemoryOrder;

const LIBRARY: &str = "MPI_Type_create_darray";

/// MPI's names of types.
const NAMES: [&str; 15] = [
    "MPI_FLOAT",
    "MPI_DOUBLE",
    "MPI_INT8_T",
    "MPI_INT16_T",
    "MPI_INT32_T",
    "MPI_INT64_T",
    "MPI_UINT8_T",
    "MPI_UINT16_T",
    "MPI_UINT32_T",
    "MPI_UINT64_T",
    "MPI_C_BOOL",
    "MPI_C_FLOAT_COMPLEX",
    "MPI_C_DOUBLE_COMPLEX",
    "MPI_CHAR",
    "MPI_BYTE",
];

pub(super) fn describe(array: &ToArray<'_>) -> ConvertResult<Value> {
    let layout = array.layout;
    let order = array.order.ok_or("the buffers are strided, or differ in memory order, and the type has one order")?;
    let mut distribs = Vec::new();
    let mut dargs: Vec<Value> = Vec::new();
    for (at, dim) in layout.dims().iter().enumerate() {
        let blocks = regular::of(dim, at, LIBRARY)?;
        if blocks.source != 0 {
            return Err(format!(
                "the first block of dimension {at} is that of grid rank {}, and {LIBRARY} begins with grid rank 0",
                blocks.source
            ));
        }
        distribs.push(match dim.grid_size() {
            _ if blocks.is_cyclic => "MPI_DISTRIBUTE_CYCLIC",
            1 => "MPI_DISTRIBUTE_NONE",
            _ => "MPI_DISTRIBUTE_BLOCK",
        });
        let is_default = !blocks.is_cyclic && dim.grid_size() == 1;
        dargs.push(if is_default { "MPI_DISTRIBUTE_DFLT_DARG".into() } else { blocks.width.into() });
    }
    let dtype = array.dtype;
    let oldtype =
        NAMES.iter().find(|name| dtype.is_some_and(|dtype| DType::from_name(name).ok().as_ref() == Some(dtype)));
    Ok(json!({
        "size": layout.processes(),
        "ndims": layout.ndim(),
        "array_of_gsizes": layout.shape(),
        "array_of_distribs": distribs,
        "array_of_dargs": dargs,
        "array_of_psizes": layout.grid().shape(),
        "order": if order == MemoryOrder::C { "MPI_ORDER_C" } else { "MPI_ORDER_FORTRAN" },
        "oldtype": oldtype,
        "dtype": array.dtype(),
    }))
}
