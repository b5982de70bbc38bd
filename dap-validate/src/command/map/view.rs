//! Elements of a part of an array: the index in the view, and where the array itself has it.

use dap_core::algebra::{CommRank, View};
use dap_core::index::{LocalIndex, Rank};
use dap_core::layout::Layout;

use super::{MappedElement, of_global, of_local, outside};
use crate::cli::{IndexArg, ViewArg};
use crate::command::tuple::tuple;

/// The element at an index of the view.
pub(super) fn global(layout: &Layout, arg: &ViewArg, index: &IndexArg) -> Result<MappedElement, String> {
    let view = arg.of(layout).map_err(|error| error.to_string())?;
    let shape = view.shape();
    fits(&view, arg, index)?;
    for (dim, (&extent, &at)) in shape.iter().zip(&index.0).enumerate() {
        if !(0..extent).contains(&at) {
            return Err(outside(&format!("index {at} of the view {}", arg.in_brackets()), dim, extent));
        }
    }
    let base = view.base_index(&index.0).ok_or("it has no such element")?;
    Ok(MappedElement { view: Some(index.0.clone()), ..of_global(layout, &IndexArg(base))? })
}

/// The element at a place of the view's section on a rank.
pub(super) fn local(layout: &Layout, arg: &ViewArg, rank: Rank, index: &IndexArg) -> Result<MappedElement, String> {
    let sentence = |error: dap_core::error::Error| error.to_string();
    let view = arg.of(layout).map_err(sentence)?;
    fits(&view, arg, index)?;
    let placement = view.placement().map_err(sentence)?;
    let name = arg.in_brackets();
    let nothing = || {
        if layout.grid().contains(rank) {
            format!("rank {rank} holds no section of the view {name}")
        } else {
            format!("there is no rank {rank}: the array's ranks are 0 to {}", layout.processes() - 1)
        }
    };
    let section = placement.ranks().section(CommRank(rank.0)).ok_or_else(nothing)?;
    let window = view.window(section).map_err(sentence)?.ok_or_else(nothing)?;
    for (dim, (&extent, &at)) in window.shape().iter().zip(&index.0).enumerate() {
        if !(0..extent).contains(&at) {
            return Err(outside(&format!("local index {at} of the view {name} on rank {rank}"), dim, extent));
        }
    }
    let local: Vec<LocalIndex> = index.0.iter().copied().map(LocalIndex).collect();
    let in_view = placement.layout().global(section, &local).ok_or("it has no global index")?;
    let base = window.base_local(&index.0).ok_or("it has no such place")?;
    let place = of_local(layout, window.base_rank(), &IndexArg(base))?;
    Ok(MappedElement { view: Some(in_view.into_iter().map(|index| index.0).collect()), ..place })
}

fn fits(view: &View, arg: &ViewArg, index: &IndexArg) -> Result<(), String> {
    let (given, ndim) = (index.0.len(), view.ndim());
    if given == ndim {
        return Ok(());
    }
    let numbers = dap_core::finding::plural(ndim, "dimension");
    let name = arg.in_brackets();
    Err(format!("the view {name} has {numbers}, the index {} has {given}", tuple(&index.0)))
}
