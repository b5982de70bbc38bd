//! `map`: from a global index to its owner and place, and back.

mod holders;
mod view;

use std::io::{self, Write};
use std::process::ExitCode;

use dap_core::check::Profile;
use dap_core::dim::Dim;
use dap_core::index::{GlobalIndex, LocalIndex, Rank};
use dap_core::layout::Layout;
use serde::Serialize;

use super::sets;
use crate::cli::{IndexArg, MapArgs, TextOrJson};
use crate::command::outcome::{Failure, code};
use crate::command::stdout::stdout;
use crate::command::tuple::tuple;
use dap_report::printable;
use dap_report::render::escaped;
use holders::ElementHolder;

pub(super) fn run(args: &MapArgs) -> Result<ExitCode, Failure> {
    let mut answers = Vec::new();
    let mut not_valid = false;
    let sets = sets::checked(&args.input, Profile::Auto)?;
    let several = sets.len() > 1;
    for checked in sets {
        let name = printable(&checked.name);
        let Some(layout) = &checked.report.layout else {
            let why = if checked.report.is_valid() { "some of its ranks are missing" } else { "it is invalid" };
            anstream::eprintln!("{name} has no map, because {why}; `dap-validate check` on the same files explains");
            not_valid = true;
            continue;
        };
        let refused = |sentence: String| Failure::Usage(format!("{name}: {sentence}"));
        for global in &args.global {
            let place = match &args.view {
                Some(arg) => view::global(layout, arg, global),
                None => of_global(layout, global),
            };
            answers.push(Answer { set: checked.name.clone(), place: place.map_err(refused)? });
        }
        for local in &args.local {
            let rank = Rank(args.rank.unwrap_or_default());
            let place = match &args.view {
                Some(arg) => view::local(layout, arg, rank, local),
                None => of_local(layout, rank, local),
            };
            answers.push(Answer { set: checked.name.clone(), place: place.map_err(refused)? });
        }
    }
    let mut out = stdout();
    match args.output_format {
        TextOrJson::Text => answers.iter().try_for_each(|answer| text(answer, several, &mut out))?,
        TextOrJson::Json => {
            writeln!(out, "{}", escaped::pretty(&answers)?)?;
        }
    }
    out.flush()?;
    Ok(code(not_valid))
}

#[derive(Serialize)]
struct Answer {
    set: String,
    #[serde(flatten)]
    place: MappedElement,
}

/// An element and its holders.
#[derive(Serialize)]
struct MappedElement {
    /// The index in the view that was asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    view: Option<Vec<i64>>,
    global: Vec<i64>,
    /// The place that was asked for: the owner's for a global index.
    #[serde(flatten)]
    asked: ElementHolder,
    /// The owner, if the place asked for is padding of another process.
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<ElementHolder>,
    /// Further processes that hold it, at most [`holders::MOST`] of them.
    also: Vec<ElementHolder>,
    /// The number of further holders.
    also_count: u64,
    /// The element that it repeats, if it lies in the boundary padding of a periodic dimension.
    #[serde(skip_serializing_if = "Option::is_none")]
    image_of: Option<Vec<i64>>,
}

fn of_global(layout: &Layout, global: &IndexArg) -> Result<MappedElement, String> {
    fits(layout, global)?;
    for (dim, (map, &index)) in layout.dims().iter().zip(&global.0).enumerate() {
        if map.owner(GlobalIndex(index)).is_none() {
            return Err(match map {
                Dim::Unstructured(_) => format!("no process lists index {index} in dimension {dim}"),
                _ => outside(&format!("index {index}"), dim, map.size()),
            });
        }
    }
    let global: Vec<GlobalIndex> = global.0.iter().copied().map(GlobalIndex).collect();
    let (rank, local) = layout.owner(&global).ok_or("it has no owner")?;
    Ok(place(layout, &global, ElementHolder::new(layout, rank, &local)))
}

fn of_local(layout: &Layout, rank: Rank, local: &IndexArg) -> Result<MappedElement, String> {
    fits(layout, local)?;
    let shape = layout
        .local_shape(rank)
        .ok_or_else(|| format!("there is no rank {rank}: the array's ranks are 0 to {}", layout.processes() - 1))?;
    for (dim, (&extent, &index)) in shape.iter().zip(&local.0).enumerate() {
        if !(0..extent).contains(&index) {
            return Err(outside(&format!("local index {index} on rank {rank}"), dim, extent));
        }
    }
    let local: Vec<LocalIndex> = local.0.iter().copied().map(LocalIndex).collect();
    let global = layout.global(rank, &local).ok_or("it has no global index")?;
    Ok(place(layout, &global, ElementHolder::new(layout, rank, &local)))
}

fn place(layout: &Layout, global: &[GlobalIndex], asked: ElementHolder) -> MappedElement {
    let owner = layout.owner(global).map(|(rank, local)| ElementHolder::new(layout, rank, &local));
    let owner = owner.filter(|owner| *owner != asked);
    let known: Vec<&ElementHolder> = [Some(&asked), owner.as_ref()].into_iter().flatten().collect();
    let (mut also, also_count) = holders::others(layout, global, &known);
    also.sort_by_key(|holder| holder.rank);
    let images: Vec<Option<GlobalIndex>> =
        layout.dims().iter().zip(global).map(|(dim, &index)| image(dim, index)).collect();
    let image_of = images
        .iter()
        .any(Option::is_some)
        .then(|| images.iter().zip(global).map(|(image, index)| image.unwrap_or(*index).0).collect());
    MappedElement {
        view: None,
        global: global.iter().map(|index| index.0).collect(),
        asked,
        owner,
        also,
        also_count,
        image_of,
    }
}

fn image(dim: &Dim, index: GlobalIndex) -> Option<GlobalIndex> {
    match dim {
        Dim::Block(block) => block.image(index),
        _ => None,
    }
}

fn fits(layout: &Layout, index: &IndexArg) -> Result<(), String> {
    let (given, ndim) = (index.0.len(), layout.ndim());
    let numbers = |count: usize| dap_core::finding::plural(count, "dimension");
    if given == ndim {
        return Ok(());
    }
    Err(format!(
        "the array has {}, the index {} has {given}: give one number for each dimension, as in 3,4",
        numbers(ndim),
        tuple(&index.0)
    ))
}

fn outside(what: &str, dim: usize, extent: i64) -> String {
    if extent == 0 {
        return format!("{what} is outside of dimension {dim}, which is empty");
    }
    format!("{what} is outside of dimension {dim}, whose indices are 0 to {}", extent - 1)
}

fn text(answer: &Answer, several: bool, out: &mut impl Write) -> io::Result<()> {
    let MappedElement { view, global, asked, owner, also, also_count, image_of } = &answer.place;
    let name = if several { format!("{}: ", printable(&answer.set)) } else { String::new() };
    let view = view.as_ref().map(|index| format!("view {}  ", tuple(index))).unwrap_or_default();
    writeln!(out, "{name}{view}global {}  {}", tuple(global), asked.in_words())?;
    if let Some(owner) = owner {
        writeln!(out, "  owned by {}", owner.in_words())?;
    }
    for holder in also {
        writeln!(out, "  also at {}", holder.in_words())?;
    }
    let hidden = also_count.saturating_sub(u64::try_from(also.len()).unwrap_or(u64::MAX));
    if hidden > 0 {
        writeln!(out, "  and at {hidden} more")?;
    }
    if let Some(image) = image_of {
        writeln!(out, "  periodic: repeats global {}", tuple(image))?;
    }
    Ok(())
}
