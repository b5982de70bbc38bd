//! One process's section along one dimension, listed by the walk of its distribution type.

use super::place::Section;
use super::stated::{How, Stated};
use super::{Complaint, Protocol, block, cyclic, unstructured};

/// Lists the section of one dictionary and compares it with the buffer's extent.
pub(super) fn of(stated: &Stated, extent: i64, protocol: Protocol) -> Result<Section, Vec<Complaint>> {
    match &stated.how {
        &How::Block { start, stop, .. } => block::section(stated, start, stop, extent, protocol),
        &How::Cyclic { start, block_size } => cyclic::section(stated, start, block_size, extent),
        How::Unstructured { indices, .. } => unstructured::section(indices, extent),
    }
}
