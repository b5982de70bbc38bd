//! Closures over elements and their global indices.
//!
//! The indices along each axis are an operand of the kernel, broadcast along the other axes.

use dap_kernels::element::Element;
use dap_kernels::map::{map1, map2, map3, map4, map5};
use dap_kernels::program::ProgramError;
use dap_kernels::view::{Shape, View, ViewMut};
use dap_mpi::Result;

use super::{GlobalIndices, in_place, new_array};
use crate::array::DynArray;
use crate::error::argument;
use crate::typed::DistArray;

/// The most axes.
const MOST_AXES: usize = 4;

impl DynArray {
    /// A new array of `f` of the global index and the value of each element, in this distribution.
    /// Up to four axes. It sends no message.
    ///
    /// # Errors
    /// Elements of another type than `T`; another number of axes than `N`, or more than four.
    pub fn map_with_index<T: Element, R: Element, const N: usize>(
        &self,
        f: impl Fn([i64; N], T) -> R + Sync,
    ) -> Result<DynArray> {
        self.check_type::<T>()?;
        self.check_axes::<N>()?;
        let indices = self.global_indices();
        new_array(&[self], R::TYPE, |target, views| {
            run(target, &views[0], indices.as_ref(), |to: &mut R, at, x: T| *to = f(at, x))
        })
    }

    /// Calls `f` with the global index and the value of each element, to be changed. Up to four
    /// axes. Collective.
    ///
    /// # Errors
    /// As [`map_with_index`](DynArray::map_with_index), and as [`map_mut`](DynArray::map_mut).
    #[track_caller]
    pub fn map_with_index_mut<T: Element, const N: usize>(&self, f: impl Fn([i64; N], &mut T) + Sync) -> Result<()> {
        let _call = self.enter("map_with_index_mut", std::any::type_name_of_val(&f))?;
        self.check_type::<T>()?;
        self.check_axes::<N>()?;
        let indices = self.global_indices();
        in_place(self, &[], |target, _| {
            let nothing = View::shaped(&[0_u8], &[]).expect("one element without axes");
            run(target, &nothing, indices.as_ref(), |to: &mut T, at, _: u8| f(at, to))
        })
    }

    fn check_axes<const N: usize>(&self) -> Result<()> {
        if self.ndim() != N || N > MOST_AXES {
            let found = self.ndim();
            return argument(format!("the closure takes {N} indices, the array has {found} axes; at most {MOST_AXES}"));
        }
        Ok(())
    }
}

/// Calls `f` with each element of the target, its index, and an element of `x`.
fn run<T: Element, A: Element, const N: usize>(
    target: &mut ViewMut<'_>,
    x: &View<'_>,
    indices: Option<&GlobalIndices>,
    f: impl Fn(&mut T, [i64; N], A) + Sync,
) -> std::result::Result<(), ProgramError> {
    let Some(indices) = indices else { return Ok(()) };
    // Along its axis a list, along the others one element.
    let view = |axis: usize| {
        let list = indices.axis(axis);
        let shape: Shape = (0..N).map(|other| if other == axis { list.len() } else { 1 }).collect();
        View::shaped(list, &shape).expect("the list's length")
    };
    let at = |parts: &[i64]| -> [i64; N] { std::array::from_fn(|axis| parts[axis]) };
    match N {
        0 => map1(target, x, |to: &mut T, x: A| f(to, at(&[]), x)),
        1 => map2(target, x, &view(0), |to: &mut T, x: A, i: i64| f(to, at(&[i]), x)),
        2 => map3(target, x, &view(0), &view(1), |to: &mut T, x: A, i: i64, j: i64| f(to, at(&[i, j]), x)),
        3 => {
            let body = |to: &mut T, x: A, i: i64, j: i64, k: i64| f(to, at(&[i, j, k]), x);
            map4(target, x, &view(0), &view(1), &view(2), body)
        }
        _ => {
            let body = |to: &mut T, x: A, i: i64, j: i64, k: i64, l: i64| f(to, at(&[i, j, k, l]), x);
            map5(target, x, &view(0), &view(1), &view(2), &view(3), body)
        }
    }
}

impl<T: Element> DistArray<T> {
    /// As [`DynArray::map_with_index`].
    ///
    /// # Errors
    /// As [`DynArray::map_with_index`].
    pub fn map_with_index<R: Element, const N: usize>(
        &self,
        f: impl Fn([i64; N], T) -> R + Sync,
    ) -> Result<DistArray<R>> {
        DynArray::map_with_index(self, f)?.typed()
    }

    /// As [`DynArray::map_with_index_mut`]. Collective.
    ///
    /// # Errors
    /// As [`DynArray::map_with_index_mut`].
    #[track_caller]
    pub fn map_with_index_mut<const N: usize>(&mut self, f: impl Fn([i64; N], &mut T) + Sync) -> Result<()> {
        DynArray::map_with_index_mut(self, f)
    }
}
