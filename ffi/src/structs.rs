//! The structs, as C sees them.

use std::ffi::{c_char, c_void};

/// The version of this memory layout, not of the protocol. A reader of another major version touches nothing else.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "as in Semantic Versioning")]
pub struct DapVersion {
    pub major: u32,
    pub minor: u32,
}

/// An item type, laid out as DLPack's `DLDataType`.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DapDType {
    /// 0 integer, 1 unsigned, 2 float, 5 complex, 6 boolean.
    pub code: u8,
    /// Bits of an item.
    pub bits: u8,
    /// 1: vectors do not travel.
    pub lanes: u16,
}

/// One dimension. Fields that mean nothing for its distribution type are 0.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct DapDim {
    /// The number of global indices.
    pub size: i64,
    /// The number of processes along the dimension.
    pub proc_grid_size: i64,
    /// This process's place among them, from 0.
    pub proc_grid_rank: i64,
    /// The letter of the protocol: `b`, `c` or `u`.
    pub dist_type: u32,
    /// Bit 0: periodic. Bit 1: one to one.
    pub flags: u32,
    /// The first global index, for blocks padding included.
    pub start: i64,
    /// The end of a block, exclusive, padding included.
    pub stop: i64,
    /// The width of the padding below.
    pub pad_lo: i64,
    /// The width of the padding above.
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

/// One local buffer and its description.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct DapBlock {
    /// A `DLManagedTensorVersioned`, or null once it has been taken.
    pub tensor: *mut c_void,
    /// As many entries as the array has dimensions, borrowed.
    pub dims: *const DapDim,
    /// Zero.
    pub reserved: [i64; 2],
}

/// A process's part of a distributed array.
#[repr(C)]
#[derive(Debug)]
pub struct DapArray {
    /// The version of this layout. This field and those up to `flags` stay where they are for ever.
    pub version: DapVersion,
    /// The producer's own.
    pub private_data: *mut c_void,
    /// Frees what the struct owns and sets itself to null; null when released or moved.
    pub release: Option<extern "C" fn(*mut DapArray)>,
    /// Bits 32 to 62: a reader that does not know one of them refuses.
    pub flags: u64,
    /// The protocol's version: 1000 is 0.10.
    pub protocol: u32,
    /// The number of dimensions.
    pub ndim: i32,
    /// The global extents, the same on all ranks.
    pub global_shape: *const i64,
    /// The item type, the same on all ranks.
    pub dtype: DapDType,
    /// Zero.
    pub pad: u32,
    /// 1, also where nothing is held; 0 for a process outside of the grid.
    pub n_blocks: i64,
    /// The blocks.
    pub blocks: *mut DapBlock,
    /// Null: the plain process grid in C order.
    pub mesh: *const c_void,
    /// Who made it, for messages.
    pub producer: *const c_char,
    /// Zero.
    pub reserved: [i64; 5],
}

const _: () = {
    use std::mem::{offset_of, size_of};
    assert!(size_of::<DapVersion>() == 8);
    assert!(size_of::<DapDType>() == 4);
    assert!(size_of::<DapDim>() == 128);
    assert!(size_of::<DapBlock>() == 32);
    assert!(size_of::<DapArray>() == 128);
    assert!(offset_of!(DapArray, release) == 16);
    assert!(offset_of!(DapArray, flags) == 24);
    assert!(offset_of!(DapDim, indices) == 80);
    assert!(offset_of!(DapDim, reserved) == 88);
};
