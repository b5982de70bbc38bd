//! Sizes and offsets are those of `abi/layout.txt`, which C, C++, Fortran and Python compare with
//! their own, too.

use std::fmt::Write as _;
use std::mem::{offset_of, size_of};

use dap_ffi::{DapArray, DapBlock, DapDType, DapDim, DapDimSpec, DapError, DapVersion};

macro_rules! layout {
    ($($name:ident { $($field:ident $(as $shown:literal)?),* })*) => {{
        let mut out = String::new();
        $(
            writeln!(out, "{} {}", stringify!($name), size_of::<$name>()).unwrap();
            $(writeln!(out, "{}.{} {}", stringify!($name), layout!(@ $field $($shown)?), offset_of!($name, $field)).unwrap();)*
        )*
        out
    }};
    (@ $field:ident $shown:literal) => { $shown };
    (@ $field:ident) => { stringify!($field) };
}

#[test]
fn sizes_and_offsets_are_everybodys() {
    let layout = layout! {
        DapVersion { major, minor }
        DapDType { code, bits, lanes }
        DapDim { size, proc_grid_size, proc_grid_rank, dist_type, flags, start, stop, pad_lo, pad_hi, block_size, n_indices, indices, reserved }
        DapDimSpec { size, proc_grid_size, dist_type, flags, block_size, source, halo, pad_lo, pad_hi, bounds, indices, reserved }
        DapBlock { tensor, dims, reserved }
        DapArray { version, private_data, release, flags, protocol, ndim, global_shape, dtype, pad as "pad_", n_blocks, blocks, mesh, producer, reserved }
        DapError { code, dim, rank, message }
    };
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/abi/layout.txt")).unwrap();
    assert_eq!(layout, text);
}
