//! Elements that no strides express, packed into memory of their own: one strided box of the
//! section after the other.

use std::sync::Arc;

use dap_core::algebra::{LocalIndices, LocalRuns, Window};
use dap_mpi::Result;
use dap_ndarray::{Access, Buffer};

use super::window::part;
use crate::transfer::copy_items;

/// Elements in C order, and the boxes of the section that they come from.
pub(super) struct Packed {
    elements: Arc<Buffer>,
    section: Arc<Buffer>,
    /// The offset in the section of the indices that no axis shows.
    offset: i64,
    axes: Vec<Axis>,
}

/// One axis: its runs, and the distances between neighbours in bytes.
struct Axis {
    runs: Vec<LocalRuns>,
    packed_stride: i64,
    section_stride: i64,
}

/// The same elements on both sides.
#[derive(Clone, Default)]
struct Part {
    shape: Vec<i64>,
    packed: Place,
    section: Place,
}

#[derive(Clone, Default)]
struct Place {
    offset: i64,
    strides: Vec<i64>,
}

impl Packed {
    /// Packs the elements of a window. The caller has the lock of the section's memory.
    pub(super) fn new(section: &Arc<Buffer>, window: &Window) -> Result<Packed> {
        let elements = Arc::new(Buffer::zeros(section.dtype().clone(), &window.shape())?);
        let strides = section.strides();
        let picked = |dim: usize| window.picked(dim).unwrap_or(0);
        let offset = strides.iter().enumerate().map(|(dim, &stride)| picked(dim) * stride).sum();
        let axes = window.axes().iter().zip(elements.strides()).map(|(axis, &packed_stride)| {
            let runs = match &axis.indices {
                LocalIndices::Runs(runs) => runs.clone(),
                &LocalIndices::Strided { start, step } => {
                    let len = axis.len;
                    vec![LocalRuns { position: 0, start, step, len, count: 1, position_stride: 0, stride: 0 }]
                }
            };
            let section_stride = axis.dim.and_then(|dim| strides.get(dim)).copied().unwrap_or(0);
            Axis { runs, packed_stride, section_stride }
        });
        let axes = axes.collect();
        let packed = Packed { elements, section: Arc::clone(section), offset, axes };
        packed.for_each_part(|it| {
            let source = packed.in_section(&it, Access::ReadOnly)?;
            copy_items(&source, &mut packed.in_elements(&it, Access::ReadWrite)?)
        })?;
        Ok(packed)
    }

    /// The elements. They are used through one buffer at a time.
    pub(super) fn buffer(&self, access: Access) -> Result<Buffer> {
        part(&self.elements, 0, self.elements.shape(), self.elements.strides(), access)
    }

    /// Writes the elements to where they belong. The caller has the lock of the section's memory,
    /// for writing.
    pub(super) fn write_back(&self) -> Result<()> {
        self.for_each_part(|it| {
            let source = self.in_elements(&it, Access::ReadOnly)?;
            copy_items(&source, &mut self.in_section(&it, Access::ReadWrite)?)
        })
    }

    fn in_elements(&self, it: &Part, access: Access) -> Result<Buffer> {
        part(&self.elements, it.packed.offset, &it.shape, &it.packed.strides, access)
    }

    fn in_section(&self, it: &Part, access: Access) -> Result<Buffer> {
        part(&self.section, it.section.offset, &it.shape, &it.section.strides, access)
    }

    /// Each product of runs: two dimensions an axis, the runs of a group and the elements of a run.
    fn for_each_part(&self, mut body: impl FnMut(Part) -> Result<()>) -> Result<()> {
        let first = Part { section: Place { offset: self.offset, ..Place::default() }, ..Part::default() };
        self.extend(&first, &mut body)
    }

    fn extend(&self, so_far: &Part, body: &mut impl FnMut(Part) -> Result<()>) -> Result<()> {
        let Some(axis) = self.axes.get(so_far.shape.len() / 2) else { return body(so_far.clone()) };
        for run in &axis.runs {
            let mut longer = so_far.clone();
            longer.shape.extend([run.count, run.len]);
            longer.packed.offset += run.position * axis.packed_stride;
            longer.packed.strides.extend([run.position_stride * axis.packed_stride, axis.packed_stride]);
            longer.section.offset += run.start * axis.section_stride;
            longer.section.strides.extend([run.stride * axis.section_stride, run.step * axis.section_stride]);
            self.extend(&longer, body)?;
        }
        Ok(())
    }
}
