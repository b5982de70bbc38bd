//! From what Python gives to a judgement: objects with `__distarray__`, dictionaries, JSON texts.

use std::collections::HashMap;

use dap_core::check::{Checker, Profile, Ranks};
use dap_core::export::{DimDict, Export, Field};
use dap_core::finding::{Diagnostic, Finding, Key, Place};
use dap_core::index::Rank;
use dap_core::json;
use dap_core::rules::{RuleId, Scope, Severity};
use dap_validate::report::{
    ArrayFacts, Entry, Related, Report as Rendered, SetReport, ShownPlace, ShownText, Spot, printable,
};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyCapsule, PyList, PyString, PyTuple};

use super::{Report, text};
use crate::argument::Text;
use crate::capsule;
use crate::error::invalid;
use crate::layout::Layout;
use crate::read;
use crate::section::Section;

/// One rank's export, and its text where it came as one.
pub(crate) struct Given {
    export: Export,
    text: Option<Vec<u8>>,
}

impl Given {
    pub(crate) fn new(export: Export) -> Self {
        Self { export, text: None }
    }

    /// Reads what stands for one rank's export.
    fn of(object: &Bound<'_, PyAny>) -> PyResult<Self> {
        if let Ok(section) = object.cast::<Section>() {
            return Ok(Self::new(section.get().export()));
        }
        if let Some(text) = text_of(object)? {
            return Ok(Self::of_text(&text));
        }
        if let Some(method) = object.getattr_opt(intern!(object.py(), "__distarray__"))? {
            return Ok(Self::new(read::export(&method.call0()?)?.export));
        }
        if object.is_instance_of::<PyCapsule>() {
            return capsule::describe(object).map(Self::new);
        }
        // The struct has no place for what only a dictionary says, so that one comes first.
        if let Some(method) = object.getattr_opt(intern!(object.py(), "__distarray_c__"))? {
            return capsule::describe(&method.call0()?).map(Self::new);
        }
        Ok(Self::new(read::export(object)?.export))
    }

    fn of_text(text: &[u8]) -> Self {
        Self { export: json::read(text), text: Some(text.to_vec()) }
    }

    /// The text to show findings in.
    fn text(&self) -> Vec<u8> {
        self.text.clone().unwrap_or_else(|| text::of(&self.export).into_bytes())
    }

    /// Gives keys that do not belong their place in the text.
    fn with_spans(mut self) -> Self {
        let dims = |export: &Export| export.dim_data.get().map_or(0, Vec::len);
        let export = &self.export;
        let in_dims = export
            .dim_data
            .get()
            .is_some_and(|dims| dims.iter().any(|dim| dim.get().is_some_and(|dict| !dict.unknown.is_empty())));
        if self.text.is_some() || (export.unknown.is_empty() && !in_dims) {
            return self;
        }
        let again = json::read(&self.text());
        if dims(&again) != dims(export) {
            return self;
        }
        self.export.unknown = again.unknown;
        if let (Field::Is(dims), Field::Is(again)) = (&mut self.export.dim_data, again.dim_data) {
            for (dim, again) in dims.iter_mut().zip(again) {
                if let (Field::Is(dim), Field::Is(again)) = (dim, again) {
                    dim.unknown = again.unknown;
                }
            }
        }
        self
    }
}

/// The rank that the coordinates have in C order; 0 where they give none.
fn rank_of(export: &Export) -> i64 {
    let dims = export.dim_data.get().map_or(&[][..], Vec::as_slice);
    let along = |rank: i64, dim: &Field<DimDict>| {
        let number = |field: &Field<i64>, default| field.get().copied().unwrap_or(default);
        let Some(dict) = dim.get() else { return Some(rank) };
        rank.checked_mul(number(&dict.proc_grid_size, 1))?.checked_add(number(&dict.proc_grid_rank, 0))
    };
    dims.iter().try_fold(0, along).unwrap_or(0)
}

/// Judges one array. All ranks are given in rank order, some in any.
pub(crate) fn judge(mut given: Vec<Given>, claim: Ranks, profile: Profile) -> PyResult<Report> {
    if claim == Ranks::Some {
        given.sort_by_key(|given| rank_of(&given.export));
    }
    let mut checker = Checker::new(profile);
    let mut texts = HashMap::new();
    for (at, given) in (0..).zip(given.into_iter().map(Given::with_spans)) {
        let local = checker.local(&given.export);
        let rank = checker.push((claim == Ranks::All).then_some(Rank(at)), local);
        texts.entry(rank).or_insert(given);
    }
    let judged = checker.finish(claim);
    let mut places = Places { texts, shown: HashMap::new() };
    let set = SetReport {
        name: "array".to_owned(),
        claim,
        ranks: judged.ranks.clone(),
        processes: judged.processes,
        protocol: judged.edition.map(|edition| edition.to_string()),
        dtype: judged.dtype.as_ref().map(dap_core::dtype::DType::name),
        array: judged.layout.as_ref().map(|layout| ArrayFacts::new(layout, judged.dtype.as_ref())),
        figure: None,
        left_out: Vec::new(),
        entries: judged.diagnostics.iter().map(|diagnostic| places.entry(diagnostic)).collect(),
    };
    Ok(Report::new(judged, Rendered { profile, fail_on: Severity::Error, sets: vec![set] }))
}

/// The texts that findings are shown in.
struct Places {
    texts: HashMap<Rank, Given>,
    shown: HashMap<Rank, (Vec<u8>, ShownText)>,
}

impl Places {
    fn entry(&mut self, diagnostic: &Diagnostic) -> Entry {
        let finding = &diagnostic.finding;
        let related = finding.related.iter().map(|related| Related {
            rank: related.rank,
            label: printable(&related.label),
            spot: self.spot(related.rank, &related.place),
        });
        let related = related.collect();
        Entry {
            rule: finding.rule(),
            message: printable(&finding.message()),
            help: printable(&finding.help()),
            notes: finding.notes().map(|note| printable(&note)).collect(),
            spot: self.spot_of(diagnostic.rank, finding),
            related,
            rank: diagnostic.rank,
            ranks: diagnostic.ranks.clone(),
            count: diagnostic.count,
        }
    }

    fn spot_of(&mut self, rank: Rank, finding: &Finding) -> Spot {
        // Content that all ranks lack together is in no export.
        if [RuleId::MISSING_RANK, RuleId::NOT_CHECKED].contains(&finding.rule) {
            return Spot { path: "array".to_owned(), position: None, excerpt: None, pointer: String::new() };
        }
        let mut spot = self.spot(rank, &finding.place);
        let place = &finding.place;
        if finding.rule().scope == Scope::Array && place.key == Key::Export && place.span.is_none() {
            spot.excerpt = None;
        }
        spot
    }

    fn spot(&mut self, rank: Rank, place: &Place) -> Spot {
        let (path, pointer) = (format!("rank {rank}"), place.pointer());
        let Some(given) = self.texts.get(&rank) else {
            return Spot { path, position: None, excerpt: None, pointer };
        };
        let (text, shown) = self.shown.entry(rank).or_insert_with(|| {
            let text = given.text();
            let shown = ShownText::new(&text);
            (text, shown)
        });
        let ShownPlace { line, column, excerpt } = shown.find(text, place);
        Spot { path, position: Some((line + 1, column + 1)), excerpt, pointer }
    }
}

/// All exports of an argument, and whether they claim to be all ranks'.
fn all_given(objects: &Bound<'_, PyAny>, partial: bool) -> PyResult<(Vec<Given>, Ranks)> {
    if objects.is_instance_of::<PyList>() || objects.is_instance_of::<PyTuple>() {
        let given = objects.try_iter()?.map(|object| Given::of(&object?)).collect::<PyResult<_>>()?;
        return Ok((given, if partial { Ranks::Some } else { Ranks::All }));
    }
    if let Some(text) = text_of(objects)? {
        let texts = match json::split(&text) {
            json::Document::Bundle { problems, .. } if !problems.is_empty() => {
                let export = Export { problems, ..Export::default() };
                return Ok((vec![Given { export, text: Some(text) }], Ranks::Some));
            }
            json::Document::Bundle { exports, .. } => Some(exports.into_iter().map(|range| &text[range]).collect()),
            json::Document::Export => json::lines(&text),
        };
        if let Some(texts) = texts {
            let given = texts.into_iter().map(Given::of_text).collect();
            return Ok((given, if partial { Ranks::Some } else { Ranks::All }));
        }
    }
    Ok((vec![Given::of(objects)?], Ranks::Some))
}

/// The bytes of a text; `None` for what is none.
fn text_of(object: &Bound<'_, PyAny>) -> PyResult<Option<Vec<u8>>> {
    if let Ok(text) = object.cast::<PyString>() {
        // Lone surrogates become bytes that are no UTF-8, which is a finding.
        let bytes = text.call_method1(intern!(text.py(), "encode"), ("utf-8", "surrogatepass"))?;
        return Ok(Some(bytes.extract()?));
    }
    Ok(object.cast::<PyBytes>().ok().map(|bytes| bytes.as_bytes().to_vec()))
}

/// Judges one rank's export, or those of all ranks, as ``dap-validate check`` does.
///
/// ``exports`` is a list of all ranks' exports in rank order, or one by itself. An export is an
/// object with ``__distarray__`` or ``__distarray_c__``, the dictionary that one returned, or a
/// JSON text (``describe``), which can be sent to another process. One text, ``str`` or ``bytes``,
/// may be that of all ranks: a bundle ``{"ranks": [...]}``, or a line for each.
///
///     report = daparray.validate(comm.allgather(daparray.describe(array)))
///
/// With ``partial`` a list may hold some of the ranks, in any order. ``profile`` is ``'auto'`` or
/// ``'strict'``, which also tells what is only recommended. Mistakes are in the ``Report``;
/// nothing is raised for it.
#[pyfunction]
#[pyo3(signature = (exports, *, partial=false, profile=None), text_signature = "(exports, *, partial=False, profile='auto')")]
pub(crate) fn validate(exports: &Bound<'_, PyAny>, partial: bool, profile: Option<Text>) -> PyResult<Report> {
    let profile = match profile.as_ref().map_or("auto", |profile| &profile.0) {
        "auto" => Profile::Auto,
        "strict" => Profile::Strict,
        other => return Err(PyValueError::new_err(format!("no profile {other:?}: 'auto' or 'strict'"))),
    };
    let (given, claim) = all_given(exports, partial)?;
    if given.is_empty() {
        return Err(PyValueError::new_err("no exports"));
    }
    exports.py().detach(|| judge(given, claim, profile))
}

/// The layout that all ranks' exports describe.
///
/// # Errors
/// `ValidationError`, also when ranks are missing.
pub(crate) fn layout_of(exports: &Bound<'_, PyAny>) -> PyResult<Layout> {
    let py = exports.py();
    let (given, _) = all_given(exports, false)?;
    if given.is_empty() {
        return Err(PyValueError::new_err("no exports: a layout needs those of all ranks"));
    }
    let report = py.detach(|| judge(given, Ranks::All, Profile::Auto))?;
    match &report.layout {
        Some(layout) => Ok(Layout::new(layout.clone())),
        None if report.valid() => Err(PyValueError::new_err("the exports do not say the whole layout")),
        None => Err(invalid(py, report)),
    }
}

/// The export of an object as JSON text: its dictionaries, and its buffer's item type, shape and
/// strides, not its data.
///
/// This is what ``dap-validate check`` reads from a file, and what can be sent to another process
/// to be validated there. ``TypeError`` for what has neither ``__distarray__`` nor
/// ``__distarray_c__`` and is no dictionary.
#[pyfunction]
pub(crate) fn describe(object: &Bound<'_, PyAny>) -> PyResult<String> {
    let given = Given::of(object)?;
    if given.export.problems.iter().any(|problem| problem.rule == RuleId::EXPORT_NOT_A_DICTIONARY) {
        let name = object.get_type().name()?;
        return Err(PyTypeError::new_err(format!(
            "`{name}` has neither `__distarray__` nor `__distarray_c__` and is no dictionary"
        )));
    }
    Ok(text::of(&given.export))
}
