//! Mistakes that can be made in any array: each breaks one rule, and no other.

use std::io::{self, BufWriter, Write};
use std::sync::Arc;

use dap_core::dtype::DType;
use dap_core::export::{DimDict, DistType, Export, Field, Found, Version};
use dap_core::layout::Layout;
use dap_core::rules::Rule;

use super::super::table::Table;
use super::example;
use crate::command::outcome::Failure;

/// A mistake in one rank's export.
#[derive(Clone, Copy)]
pub(super) struct Breakage {
    rule: &'static str,
    /// The array that the mistake needs, in words.
    needs: &'static str,
    /// Makes the mistake; `None` if the export does not have the keys that it needs.
    make: fn(&mut Export, &Layout) -> Option<()>,
}

/// Rules about the agreement of ranks: they can be broken in some ranks only.
const OF_ONE_AMONG_MANY: [&str; 1] = ["DAP609"];

const TABLE: [Breakage; 29] = [
    by("DAP004", DIM, |export, _| {
        set(any(export)?, |dict| &mut dict.size, Found::BigInt("9223372036854775808".into()))
    }),
    by("DAP102", "", |export, _| put(&mut export.dim_data, Field::Missing)),
    by("DAP105", "", |export, _| put(&mut export.version, Field::Is(Version { major: 1, minor: 0, patch: 0 }))),
    by("DAP109", "", |export, _| shape(export).map(|shape| shape.push(1)).map(|()| no_strides(export))),
    by("DAP111", "", |export, _| put(&mut buffer(export)?.dtype, Field::Missing)),
    by("DAP112", DIM, |export, _| shape(export)?.first_mut().map(|extent| *extent = -1)),
    by("DAP113", "", |export, _| {
        let ndim = shape(export)?.len();
        put(&mut buffer(export)?.strides, Field::Is(vec![8; ndim + 1]))
    }),
    by("DAP201", DIM, |export, _| put(&mut any(export)?.dist_type, Field::Missing)),
    by("DAP204", DIM, |export, _| put(&mut any(export)?.size, Field::Missing)),
    by("DAP205", DIM, |export, _| set(any(export)?, |dict| &mut dict.size, Found::Float("8.5".into()))),
    by("DAP206", DIM, |export, _| put(&mut any(export)?.size, Field::Is(-1))),
    by("DAP207", DIM, |export, _| put(&mut any(export)?.proc_grid_size, Field::Is(0))),
    by("DAP208", DIM, |export, _| {
        let dict = any(export)?;
        put(&mut dict.proc_grid_rank, dict.proc_grid_size.clone())
    }),
    by("DAP212", DIM, |export, _| set(any(export)?, |dict| &mut dict.proc_grid_size, Found::Null)),
    by("DAP211", BLOCK, |export, _| set(block(export)?.1, |dict| &mut dict.periodic, Found::Int(1))),
    by("DAP301", BLOCK, |export, _| put(&mut block(export)?.1.stop, Field::Missing)),
    by("DAP302", BLOCK, |export, _| put(&mut block(export)?.1.start, Field::Is(-1))),
    by("DAP304", BLOCK, |export, _| {
        let dict = block(export)?.1;
        put(&mut dict.stop, Field::Is(dict.size.get()?.checked_add(1)?))
    }),
    by("DAP305", "a block dimension, and version 0.10", |export, _| {
        let dim = block(export)?.0;
        (export.version.get()?.minor == 10).then(|| longer(export, dim))?
    }),
    by("DAP307", BLOCK, |export, _| put(&mut block(export)?.1.padding, Field::Is([-1, 0]))),
    by("DAP401", CYCLIC, |export, _| put(&mut cyclic(export)?.1.start, Field::Missing)),
    by("DAP402", CYCLIC, |export, _| put(&mut cyclic(export)?.1.start, Field::Is(-1))),
    by("DAP403", CYCLIC, |export, _| put(&mut cyclic(export)?.1.block_size, Field::Is(0))),
    by("DAP404", CYCLIC, |export, _| {
        let dim = cyclic(export)?.0;
        longer(export, dim)
    }),
    by("DAP406", CYCLIC, |export, _| {
        let dict = cyclic(export)?.1;
        let start = dict.block_size.get().unwrap_or(&1).checked_mul(*dict.proc_grid_size.get()?)?;
        // An empty section may state `size` itself.
        put(&mut dict.start, Field::Is(if Some(&start) == dict.size.get() { start.checked_mul(2)? } else { start }))
    }),
    by("DAP501", UNSTRUCTURED, |export, _| put(&mut unstructured(export)?.1.indices, Field::Missing)),
    by("DAP503", "an unstructured dimension with two indices on the rank", |export, _| {
        let dict = unstructured(export)?.1;
        let mut indices = dict.indices.get()?.to_vec();
        *indices.get_mut(1)? = *indices.first()?;
        put(&mut dict.indices, Field::Is(Arc::from(indices)))
    }),
    by("DAP504", UNSTRUCTURED, |export, _| {
        let dim = unstructured(export)?.0;
        longer(export, dim)
    }),
    by("DAP609", "two processes", |export, layout| {
        let other = if buffer(export)?.dtype == Field::Is(DType::parse("<f4")) { "<f8" } else { "<f4" };
        (layout.processes() > 1).then_some(())?;
        put(&mut buffer(export)?.dtype, Field::Is(DType::parse(other)))
    }),
];

const DIM: &str = "a dimension";
const BLOCK: &str = "a block dimension";
const CYCLIC: &str = "a cyclic dimension";
const UNSTRUCTURED: &str = "an unstructured dimension";

const fn by(rule: &'static str, needs: &'static str, make: fn(&mut Export, &Layout) -> Option<()>) -> Breakage {
    Breakage { rule, needs, make }
}

impl Breakage {
    /// The mistake that breaks `rule`, or a sentence with an alternative.
    pub(super) fn find(rule: &'static Rule, everywhere: bool) -> Result<Self, String> {
        let id = rule.id.to_string();
        let Some(&breakage) = TABLE.iter().find(|breakage| breakage.rule == id) else {
            let instead = match example::of(rule) {
                Some(_) => format!("`gen --break {id}` without --shape writes the example of its page"),
                None => format!("`dap-validate rule {id}` explains it"),
            };
            return Err(format!("a recipe cannot break {id}; {instead}"));
        };
        if everywhere && OF_ONE_AMONG_MANY.contains(&breakage.rule) {
            return Err(format!("not every rank can break {id}: it is about one that differs from the others"));
        }
        Ok(breakage)
    }

    pub(super) fn apply(self, export: &mut Export, layout: &Layout) -> Result<(), String> {
        let needs = if self.needs.is_empty() { "other numbers" } else { self.needs };
        (self.make)(export, layout).ok_or_else(|| format!("to break {}, the array needs {needs}", self.rule))
    }
}

/// `gen --break list`.
pub(super) fn list() -> Result<(), Failure> {
    let mut table = Table::new(&["rule", "name", "broken by"]);
    for rule in Rule::all() {
        let id = rule.id.to_string();
        let how = match TABLE.iter().find(|breakage| breakage.rule == id) {
            Some(Breakage { needs: "", .. }) => "any recipe, or an example".to_owned(),
            Some(breakage) => format!("a recipe with {}, or an example", breakage.needs),
            None if example::of(rule).is_some() => "an example".to_owned(),
            None => "-".to_owned(),
        };
        table.row(vec![id, rule.name.to_owned(), how]);
    }
    let mut out = BufWriter::new(io::stdout().lock());
    write!(out, "{table}")?;
    out.flush()?;
    Ok(())
}

fn set<T>(dict: &mut DimDict, key: fn(&mut DimDict) -> &mut Field<T>, found: Found) -> Option<()> {
    *key(dict) = Field::Wrong(Box::new(found));
    Some(())
}

fn put<T>(place: &mut T, value: T) -> Option<()> {
    *place = value;
    Some(())
}

fn buffer(export: &mut Export) -> Option<&mut dap_core::export::Buffer> {
    if let Field::Is(buffer) = &mut export.buffer { Some(buffer) } else { None }
}

fn shape(export: &mut Export) -> Option<&mut Vec<i64>> {
    if let Field::Is(shape) = &mut buffer(export)?.shape { Some(shape) } else { None }
}

/// Strides that do not fit other extents would be a second mistake.
fn no_strides(export: &mut Export) {
    if let Some(buffer) = buffer(export) {
        buffer.strides = Field::Missing;
    }
}

fn longer(export: &mut Export, dim: usize) -> Option<()> {
    let extent = shape(export)?.get_mut(dim)?;
    *extent = extent.checked_add(1)?;
    // The strides of the right extents would make items overlap.
    no_strides(export);
    Some(())
}

fn any(export: &mut Export) -> Option<&mut DimDict> {
    find(export, |_| true).map(|(_, dict)| dict)
}

fn block(export: &mut Export) -> Option<(usize, &mut DimDict)> {
    find(export, |dist_type| dist_type == DistType::Block)
}

fn cyclic(export: &mut Export) -> Option<(usize, &mut DimDict)> {
    find(export, |dist_type| dist_type == DistType::Cyclic)
}

fn unstructured(export: &mut Export) -> Option<(usize, &mut DimDict)> {
    find(export, |dist_type| dist_type == DistType::Unstructured)
}

/// The first dimension of a type, and its dictionary.
fn find(export: &mut Export, wanted: fn(DistType) -> bool) -> Option<(usize, &mut DimDict)> {
    let Field::Is(dims) = &mut export.dim_data else { return None };
    dims.iter_mut().enumerate().find_map(|(dim, dict)| match dict {
        Field::Is(dict) if dict.dist_type.get().copied().is_some_and(wanted) => Some((dim, dict)),
        _ => None,
    })
}
