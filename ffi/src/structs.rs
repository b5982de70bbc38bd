//! The structs, as C declares them: `spec/abi.md` defines the rights and duties of producer and
//! consumer.

use std::ffi::{c_char, c_void};
use std::ptr::null;

use dap_ndarray::dlpack::DLManagedTensorVersioned;

/// The version of this memory layout, not of the protocol. A reader of another major version reads
/// no other field.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "as in Semantic Versioning")]
pub struct DapVersion {
    pub major: u32,
    pub minor: u32,
}

impl DapVersion {
    /// The version that this library writes. Readers accept any minor version.
    pub const OURS: Self = Self { major: 0, minor: 1 };
}

/// An item type, laid out as DLPack's `DLDataType`.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DapDType {
    /// 0 integer, 1 unsigned, 2 float, 5 complex, 6 boolean.
    pub code: u8,
    /// Bits of an item.
    pub bits: u8,
    /// 1: the structs do not support vectors.
    pub lanes: u16,
}

/// Bit of [`DapDim::flags`]: the dimension is periodic.
pub const DIM_PERIODIC: u32 = 1 << 0;
/// Bit of [`DapDim::flags`]: no index is listed by two processes.
pub const DIM_ONE_TO_ONE: u32 = 1 << 1;
/// [`DapArray::protocol`] of version 0.10 of the protocol. `major * 100_000 + minor * 100 + patch`.
pub const PROTOCOL_0_10: u32 = 1000;
/// The bits of [`DapArray::flags`] that a reader must know or refuse. Bits 31 and 63 are never
/// used: Fortran has no unsigned integers.
pub const MUST_UNDERSTAND: u64 = 0x7fff_ffff_0000_0000;

/// One dimension. Fields that have no meaning for its distribution type are 0.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct DapDim {
    /// The number of global indices.
    pub size: i64,
    /// The number of processes along the dimension.
    pub proc_grid_size: i64,
    /// This process's coordinate along the dimension, from 0.
    pub proc_grid_rank: i64,
    /// The letter of the protocol: `b`, `c` or `u`.
    pub dist_type: u32,
    /// [`DIM_PERIODIC`], [`DIM_ONE_TO_ONE`].
    pub flags: u32,
    /// The first global index; for blocks, padding included.
    pub start: i64,
    /// The end of a block, exclusive, padding included.
    pub stop: i64,
    /// The width of the padding below: communication padding, except on grid rank 0.
    pub pad_lo: i64,
    /// The width of the padding above: communication padding, except on the last grid rank.
    pub pad_hi: i64,
    /// The block size of a cyclic dimension.
    pub block_size: i64,
    /// The number of listed indices of an unstructured dimension.
    pub n_indices: i64,
    /// The indices, borrowed from the [`DapArray`].
    pub indices: *const i64,
    /// Zero.
    pub reserved: [i64; 5],
}

impl DapDim {
    /// An undistributed dimension of `extent` items.
    pub(crate) fn whole(extent: i64) -> DapDim {
        DapDim {
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
        }
    }

    /// The dimension of a process with `grid_rank` whose first block begins at `start`, of a cyclic
    /// dimension of `size` indices.
    #[cfg(any(test, feature = "capi"))]
    pub(crate) fn cyclic(size: i64, grid_size: i64, grid_rank: i64, start: i64, block_size: i64) -> DapDim {
        DapDim {
            size,
            proc_grid_size: grid_size,
            proc_grid_rank: grid_rank,
            dist_type: u32::from(b'c'),
            start,
            stop: 0,
            block_size,
            ..DapDim::whole(size)
        }
    }
}

/// Bit of [`DapDimSpec::flags`]: block lengths differ by at most one.
pub const SPEC_BALANCED: u32 = 1 << 8;

/// Bit of [`DapDimSpec::flags`]: `bounds` are 32-bit integers.
pub const SPEC_BOUNDS_INT32: u32 = 1 << 9;

/// Bit of [`DapDimSpec::flags`]: `indices` are 32-bit integers.
pub const SPEC_INDICES_INT32: u32 = 1 << 10;

/// One dimension of a whole array, on all of its processes. Fields that have no meaning for its
/// distribution type are 0.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct DapDimSpec {
    /// The number of global indices.
    pub size: i64,
    /// The number of processes along the dimension.
    pub proc_grid_size: i64,
    /// The letter of the protocol: `b`, `c` or `u`.
    pub dist_type: u32,
    /// [`DIM_PERIODIC`], [`DIM_ONE_TO_ONE`], [`SPEC_BALANCED`], [`SPEC_BOUNDS_INT32`],
    /// [`SPEC_INDICES_INT32`].
    pub flags: u32,
    /// The block size of a cyclic dimension; for blocks, the owned count of each process until the
    /// indices run out; 0: `ceil(size / proc_grid_size)`.
    pub block_size: i64,
    /// The process that gets the first block of a cyclic dimension.
    pub source: i64,
    /// The width of communication padding on each edge between two processes.
    pub halo: i64,
    /// The width of boundary padding at the lower end, which is owned.
    pub pad_lo: i64,
    /// The width of boundary padding at the upper end, which is owned.
    pub pad_hi: i64,
    /// Null, or `proc_grid_size + 1` bounds, the first 0: process `p` owns the indices from
    /// `bounds[p]` up to `bounds[p + 1]`. For an unstructured dimension, these are positions in
    /// `indices`. With [`SPEC_BOUNDS_INT32`] they are 32-bit integers.
    pub bounds: *const i64,
    /// The indices of an unstructured dimension, the concatenated lists of all processes.
    /// With [`SPEC_INDICES_INT32`] they are 32-bit integers.
    pub indices: *const i64,
    /// Zero.
    pub reserved: [i64; 6],
}

/// One local buffer and its description.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct DapBlock {
    /// The local buffer, or null after it has been taken.
    pub tensor: *mut DLManagedTensorVersioned,
    /// One entry for each dimension of the array, borrowed.
    pub dims: *const DapDim,
    /// Zero.
    pub reserved: [i64; 2],
}

/// A process's part of a distributed array. Not `Copy`: a bitwise copy is a move, and the source's
/// `release` must be nulled.
#[repr(C)]
#[derive(Debug)]
pub struct DapArray {
    /// The version of this layout. This field and those up to `flags` never change their offsets.
    pub version: DapVersion,
    /// Data of the producer.
    pub private_data: *mut c_void,
    /// Frees all that the struct owns and sets itself to null; null if released or moved.
    pub release: Option<unsafe extern "C" fn(*mut DapArray)>,
    /// A reader that does not know a set bit of [`MUST_UNDERSTAND`] must refuse.
    pub flags: u64,
    /// The protocol's version: [`PROTOCOL_0_10`].
    pub protocol: u32,
    /// The number of dimensions.
    pub ndim: i32,
    /// The global extents, the same on all ranks.
    pub global_shape: *const i64,
    /// The item type, the same on all ranks.
    pub dtype: DapDType,
    /// Zero.
    pub pad: u32,
    /// 1, also on a rank that holds nothing; 0 for a process outside of the grid.
    pub n_blocks: i64,
    /// The blocks.
    pub blocks: *mut DapBlock,
    /// Null: the plain process grid in C order.
    pub mesh: *const c_void,
    /// The name of the producer, for messages.
    pub producer: *const c_char,
    /// Zero.
    pub reserved: [i64; 5],
}

/// The reason for which a function refused; filled if the caller gave one, also on success.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct DapError {
    /// A [`Code`](crate::Code); 0 on success.
    pub code: i32,
    /// The dimension of the mistake, from 0; -1 if it belongs to none.
    pub dim: i32,
    /// The rank of the mistake; -1 if it belongs to none.
    pub rank: i64,
    /// UTF-8, ended by 0, truncated if it is too long.
    pub message: [c_char; 240],
}

#[cfg(not(target_pointer_width = "64"))]
compile_error!("the structs are laid out for 64-bit machines only");

const _: () = {
    use std::mem::{offset_of, size_of};
    assert!(size_of::<DapVersion>() == 8);
    assert!(size_of::<DapDType>() == 4);
    assert!(size_of::<DapDim>() == 128);
    assert!(size_of::<DapDimSpec>() == 128);
    assert!(offset_of!(DapDimSpec, block_size) == 24);
    assert!(offset_of!(DapDimSpec, bounds) == 64);
    assert!(size_of::<DapBlock>() == 32);
    assert!(size_of::<DapArray>() == 128);
    assert!(size_of::<DapError>() == 256);
    assert!(offset_of!(DapArray, private_data) == 8);
    assert!(offset_of!(DapArray, release) == 16);
    assert!(offset_of!(DapArray, flags) == 24);
    assert!(offset_of!(DapArray, protocol) == 32);
    assert!(offset_of!(DapArray, ndim) == 36);
    assert!(offset_of!(DapArray, global_shape) == 40);
    assert!(offset_of!(DapArray, dtype) == 48);
    assert!(offset_of!(DapArray, n_blocks) == 56);
    assert!(offset_of!(DapArray, blocks) == 64);
    assert!(offset_of!(DapArray, mesh) == 72);
    assert!(offset_of!(DapArray, producer) == 80);
    assert!(offset_of!(DapArray, reserved) == 88);
    assert!(offset_of!(DapBlock, dims) == 8);
    assert!(offset_of!(DapBlock, reserved) == 16);
    assert!(offset_of!(DapDim, dist_type) == 24);
    assert!(offset_of!(DapDim, flags) == 28);
    assert!(offset_of!(DapDim, start) == 32);
    assert!(offset_of!(DapDim, pad_lo) == 48);
    assert!(offset_of!(DapDim, block_size) == 64);
    assert!(offset_of!(DapDim, n_indices) == 72);
    assert!(offset_of!(DapDim, indices) == 80);
    assert!(offset_of!(DapDim, reserved) == 88);
    assert!(offset_of!(DapError, dim) == 4);
    assert!(offset_of!(DapError, rank) == 8);
    assert!(offset_of!(DapError, message) == 16);
};
