//! Global Arrays: the output of `GA_Print_distribution` in C, or `ga_print_distribution` in
//! Fortran.
//!
//! C prints indices from 0, the last dimension fastest; Fortran prints them from 1, the first
//! dimension fastest. Both are the same array.

use super::boxes::{self, PartBox, StatedBox};
use super::dtype;
use super::library::{ConvertOptions, LibraryCase};
use super::part::Converted;
use super::raw::{ConvertResult, RawValue};
use dap_core::dtype::DType;

/// The fields of an array's metadata, as they are read from the output.
pub(super) const FIELDS: &[&str] = &["dimensions", "data_type", "sections", "dtype"];

pub(super) fn recognises(raw: &RawValue<'_>) -> bool {
    raw.has("sections")
}

pub(super) fn convert(case: &LibraryCase<'_>, options: &ConvertOptions<'_>) -> ConvertResult<Converted> {
    let [raw] = &case.ranks[..] else {
        return Err("the output of GA_Print_distribution describes all processes: give it once".to_owned());
    };
    let stated = raw.get("dimensions")?;
    let mut shape = stated.counts()?;
    let mut sections = sections(raw, shape.len())?;
    let owners = sections.iter().take_while(|section| !is_empty(section)).count();
    if let Some(at) = sections.iter().skip(owners).position(|section| !is_empty(section)) {
        return Err(format!(
            "process {} owns a section, and process {owners} before it owns none: give the sections of a group's processes",
            owners + at
        ));
    }
    let none = sections.split_off(owners);
    let mut notes = Vec::new();
    if is_fortran(raw, &shape, &sections)? {
        shape.reverse();
        sections.iter_mut().for_each(|section| {
            section.reverse();
            section.iter_mut().for_each(|range| *range = range.map(|bound| bound - 1));
        });
        notes.push(
            "axes are reversed, as Global Arrays has them for C: Fortran's first axis is the last here".to_owned(),
        );
    }
    if !none.is_empty() && !sections.is_empty() {
        notes.push(format!(
            "processes {owners} to {} own nothing and have no export; the others' communicator has {owners} ranks",
            owners + none.len() - 1
        ));
    }
    let dtype = match raw.maybe("data_type") {
        Some(name) => type_of(&name)?,
        None => dtype::of(raw, &["dtype"], options.dtype)?,
    };
    let part = |section: Vec<[i64; 2]>| {
        let part: PartBox = section.into_iter().map(|[first, last]| [first, last + 1]).collect();
        StatedBox { part, dtype: dtype.clone(), strides: None }
    };
    boxes::array(&shape, sections.into_iter().map(part).collect(), notes, options)
}

/// The sections by process: first and last index of each dimension.
fn sections(raw: &RawValue<'_>, ndim: usize) -> ConvertResult<Vec<Vec<[i64; 2]>>> {
    let list = raw.get("sections")?;
    let mut sections: Vec<Option<Vec<[i64; 2]>>> = vec![None; list.list()?.len()];
    for one in list.list()? {
        let process = one.get("process")?.count()?;
        let rows = one.get("section")?.rows()?;
        let range = |row: &Vec<i64>| <[i64; 2]>::try_from(row.clone()).ok();
        let section: Option<Vec<[i64; 2]>> = rows.iter().map(range).collect();
        let section = section.filter(|section| section.len() == ndim);
        let section = section.ok_or_else(|| format!("{one} is {}; expected are {ndim} ranges", one.short()))?;
        let slot = usize::try_from(process).ok().and_then(|at| sections.get_mut(at));
        match slot {
            Some(slot @ None) => *slot = Some(section),
            Some(_) => return Err(format!("{one}: process {process} is there twice")),
            None => {
                return Err(format!("{one} is of process {process}, and there are {} sections", list.list()?.len()));
            }
        }
    }
    Ok(sections.into_iter().flatten().collect())
}

fn is_empty(section: &[[i64; 2]]) -> bool {
    section.iter().any(|[first, last]| last < first)
}

/// Whether indices are counted from 1, by the last index of each dimension.
fn is_fortran(raw: &RawValue<'_>, shape: &[i64], sections: &[Vec<[i64; 2]>]) -> ConvertResult<bool> {
    let lasts: Vec<i64> = (0..shape.len())
        .map(|dim| sections.iter().map(|section| section[dim][1]).max().unwrap_or(shape[dim] - 1))
        .collect();
    let from_zero: Vec<i64> = shape.iter().map(|size| size - 1).collect();
    if lasts == from_zero {
        return Ok(false);
    }
    if lasts == shape {
        return Ok(true);
    }
    Err(format!("{raw}: the dimensions are {shape:?}, and the sections end at {lasts:?}: some processes are missing"))
}

/// The words that Global Arrays prints for types.
fn type_of(raw: &RawValue<'_>) -> ConvertResult<DType> {
    let typestr = match raw.text()? {
        "double" => "<f8",
        "float" => "<f4",
        "integer" => "<i4",
        "long" | "long long" => "<i8",
        "double complex" => "<c16",
        "float (single) complex" => "<c8",
        _ => return Err(format!("{raw} is {}, which Global Arrays does not print", raw.short())),
    };
    DType::parse(typestr).map_err(|error| error.to_string())
}
