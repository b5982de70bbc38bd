//! The orthogonal factorization of tall matrices whose rows are distributed (TSQR).
//!
//! Each rank factorizes its rows, and the triangles of all ranks, one above the other, are
//! factorized again, by each rank alike. J. Demmel, L. Grigori, M. Hoemmen and J. Langou,
//! "Communication-optimal parallel and sequential QR and LU factorizations", 2012. So one gathering
//! of small triangles is all that moves, and the rows stay.

use dap_array::{DynArray, Element, Result};
use dap_core::algebra::Placement;
use dap_core::dim::Dim;
use dap_core::layout::Layout;
use dap_ndarray::Buffer;
use ndarray::{Array2, Axis, Ix2, concatenate, s};

use super::field::Field;
use super::householder::{factorize, multiply, unit, upper};
use super::team::{PANEL_BYTES, Team};
use crate::place::{brought, is_usable, placement};

/// The placement in which a matrix's rows are factorized; `None` if it is not tall enough.
///
/// # Errors
/// None of an array that exists.
pub(crate) fn rows(array: &DynArray, itemsize: usize) -> Result<Option<Placement>> {
    let &[rows, columns] = array.shape() else { return Ok(None) };
    let ranks = array.layout().processes();
    let triangles = columns.saturating_mul(columns).saturating_mul(ranks).saturating_mul(itemsize as i64);
    if ranks == 1 || columns == 0 || rows / ranks < columns || triangles > PANEL_BYTES as i64 {
        return Ok(None);
    }
    let dims = array.layout().dims();
    let layout = if dims[1].grid_size() == 1 && is_usable(&dims[0]) {
        // One process can have columns in another order than that of their indices.
        Layout::new(vec![dims[0].clone(), Dim::undistributed(columns)?])?
    } else {
        Layout::builder([rows, columns]).processes(ranks).build()?
    };
    Ok(Some(array.placement().on_first_ranks(layout)?))
}

/// The factors Q, where [`rows`] says, and R, on the first of its ranks. Collective.
///
/// # Errors
/// A failure of the array on some rank.
pub(crate) fn qr<T: Field>(array: &DynArray, rows: &Placement) -> Result<(DynArray, DynArray)> {
    let (context, columns) = (array.context(), array.shape()[1]);
    let there = brought(array, rows, <T as Element>::TYPE)?;
    let has_section = there.section_rank().is_some();
    let own = || -> Result<Array2<T>> {
        if !has_section {
            return Ok(Array2::from_elem((columns as usize, 0), T::default()));
        }
        let local = there.local::<T>()?;
        let local = local.view().into_dimensionality::<Ix2>().expect("two axes");
        Ok(local.t().as_standard_layout().into_owned())
    };
    let solo = Team::solo();
    let mut matrix = context.comm().agree(own())?;
    drop(there);
    let factors = factorize(&solo, &mut matrix, columns as usize)?;
    let triangle = upper(&solo, &matrix, matrix.ncols().min(columns as usize));
    let all = context.all_ranks()?.gather_all(&triangle.iter().copied().collect::<Vec<T>>())?;
    let parts = all.into_iter().map(|items| {
        let rows = items.len() / columns as usize;
        Array2::from_shape_vec((columns as usize, rows), items).expect("whole columns")
    });
    let parts: Vec<Array2<T>> = parts.collect();
    let rank = context.comm().rank() as usize;
    let in_front: usize = parts[..rank].iter().map(|part| part.ncols()).sum();
    let views: Vec<_> = parts.iter().map(|part| part.view()).collect();
    let mut stacked = concatenate(Axis(1), &views).expect("triangles with as many columns");
    let stacked_factors = factorize(&solo, &mut stacked, columns as usize)?;
    let mut whole = unit(&solo, stacked.ncols(), columns as usize);
    multiply(&solo, &stacked, &stacked_factors, &mut whole)?;

    let mut orthogonal = Array2::from_elem(matrix.dim(), T::default());
    let count = parts[rank].ncols();
    orthogonal.slice_mut(s![.., ..count]).assign(&whole.slice(s![.., in_front..in_front + count]));
    multiply(&solo, &matrix, &factors, &mut orthogonal)?;
    let dtype = <T as Element>::TYPE.dtype();
    let buffer = |columns: &Array2<T>| Some(Buffer::from_array(columns.t().as_standard_layout().into_owned()));
    let q = if has_section { buffer(&orthogonal) } else { None };
    let q = DynArray::from_buffer(context, rows, &dtype, Ok(q))?;

    let first = placement(vec![Dim::undistributed(columns)?; 2], rows)?;
    let is_first = first.ranks().section(dap_core::algebra::CommRank(rank as i64)).is_some();
    let r = if is_first { buffer(&upper(&solo, &stacked, columns as usize)) } else { None };
    Ok((q, DynArray::from_buffer(context, &first, &dtype, Ok(r))?))
}
