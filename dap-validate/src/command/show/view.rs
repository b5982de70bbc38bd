//! A part of an array: its own layout, the ranks that hold it, and its place in their buffers.

use std::io::{self, Write};

use dap_core::algebra::{CommRank, LocalIndices, Placement, View, Window, WindowAxis};
use dap_core::index::Rank;
use dap_core::layout::Layout;
use dap_core::ranks::RankSet;

use super::{MOST_RANKS, WIDTH, owned, summary};
use crate::cli::ViewArg;
use crate::command::outcome::Failure;
use crate::command::table::Table;
use crate::command::tuple::tuple;
use crate::input::CheckedSet;
use dap_report::plural;
use dap_report::printable;

/// A part of an array, ready to be shown.
pub(super) struct Part {
    view: View,
    placement: Placement,
    /// By section; none where these are too many to be shown.
    windows: Option<Vec<(CommRank, Rank, Window)>>,
}

impl Part {
    pub(super) fn of(checked: &CheckedSet, layout: &Layout, arg: &ViewArg) -> Result<Self, Failure> {
        let refused = |error: dap_core::error::Error| {
            Failure::Usage(format!("{} has no such part: {error}", printable(&checked.name)))
        };
        let view = arg.of(layout).map_err(refused)?;
        let placement = view.placement().map_err(refused)?;
        let sections = placement.layout().processes();
        let window = |section| {
            let rank = placement.ranks().holder(section)?;
            Some(view.window(section).transpose()?.map(|window| (rank, section, window)))
        };
        let windows = (sections <= MOST_RANKS).then(|| (0..sections).map(Rank).filter_map(window).collect());
        let windows = windows.transpose().map_err(refused)?;
        Ok(Self { view, placement, windows })
    }

    pub(super) fn show(&self, checked: &CheckedSet, layout: &Layout, out: &mut impl Write) -> io::Result<()> {
        summary(checked, self.placement.layout(), None, out)?;
        let Some(windows) = &self.windows else {
            let sections = plural(self.placement.layout().processes(), "rank");
            return writeln!(out, "{sections}; `dap-validate map --view` finds an element's.");
        };
        write!(out, "{}", ranks(&self.view, &self.placement, windows))?;
        let held: RankSet = windows.iter().map(|(rank, ..)| Rank(rank.0)).collect();
        let others = held.missing_from(layout.processes());
        if !others.is_empty() {
            let name = if others.len() == 1 { "rank" } else { "ranks" };
            writeln!(out, "no section on {name} {}", others.describe(8))?;
        }
        Ok(())
    }
}

/// One line for each section, as wide as fits.
fn ranks(view: &View, placement: &Placement, windows: &[(CommRank, Rank, Window)]) -> Table {
    let layout = placement.layout();
    let table = |most| {
        let mut head = vec!["rank>".to_owned(), "coordinate".to_owned(), "local shape".to_owned()];
        head.extend((0..layout.ndim()).map(|dim| format!("owned {dim}")));
        head.push("in the buffer".to_owned());
        let mut table = Table::new(&head.iter().map(String::as_str).collect::<Vec<_>>());
        for (rank, section, window) in windows {
            let coordinates = layout.grid().coordinates(*section).unwrap_or_default();
            let numbers: Vec<i64> = coordinates.iter().map(|coordinate| coordinate.0).collect();
            let mut row = vec![rank.to_string(), tuple(&numbers), tuple(&window.shape())];
            row.extend(layout.dims().iter().zip(coordinates).map(|(dim, coordinate)| owned(dim, coordinate, most)));
            row.push(place(view, window));
            table.row(row);
        }
        table
    };
    let fits = [6, 4, 3, 2].into_iter().map(table).find(|table| table.width() <= WIDTH);
    fits.unwrap_or_else(|| table(1))
}

/// The local indices of the base, as Python slices them: `2:5, 3::-1`.
fn place(view: &View, window: &Window) -> String {
    if window.shape().contains(&0) {
        return "-".to_owned();
    }
    let along = |dim: usize| {
        let axis = window.axes().iter().find(|axis| axis.dim == Some(dim));
        axis.map_or_else(|| window.picked(dim).unwrap_or(0).to_string(), indices)
    };
    let dims: Vec<String> = (0..view.base().ndim()).map(along).collect();
    if dims.is_empty() { "all".to_owned() } else { dims.join(", ") }
}

fn indices(axis: &WindowAxis) -> String {
    match &axis.indices {
        LocalIndices::Strided { start, step } => {
            let stop = start + (axis.len - 1) * step + step.signum();
            // There is no number before index 0.
            let stop = if stop < 0 { String::new() } else { stop.to_string() };
            let step = if *step == 1 { String::new() } else { format!(":{step}") };
            format!("{start}:{stop}{step}")
        }
        LocalIndices::Runs(runs) => plural(runs.iter().map(|run| run.count).sum::<i64>(), "run"),
    }
}
