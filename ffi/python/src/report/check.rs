//! Checks of live objects: `validate`, `describe`, and the layout of all ranks' exports.

use std::collections::HashMap;

use dap_core::check::{Checker, Profile, Ranks};
use dap_core::index::Rank;
use dap_core::rules::{RuleId, Severity};
use dap_report::{RankText, RankTexts, RunReport, SetReport};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;

use super::given::{Given, all_given};
use super::{Report, plain, text};
use crate::argument::Text;
use crate::layout::Layout;
use crate::report::invalid;

/// The name of the array in a report.
const NAME: &str = "array";

/// Checks one array. All ranks are given in rank order, some in any order.
pub(crate) fn check(mut given: Vec<Given>, claim: Ranks, profile: Profile) -> PyResult<Report> {
    if claim == Ranks::Some {
        given.sort_by_key(Given::rank);
    }
    let mut checker = Checker::new(profile);
    let mut texts = HashMap::new();
    for (at, given) in (0..).zip(given.into_iter().map(Given::with_spans)) {
        let local = checker.local(&given.export);
        let rank = checker.push((claim == Ranks::All).then_some(Rank(at)), local);
        texts.entry(rank).or_insert(given);
    }
    let checked = checker.finish(claim);
    let mut set = SetReport::new(NAME, claim, &checked, &GivenTexts(texts), |_rule| true);
    for entry in &mut set.entries {
        plain::in_python(entry);
    }
    Ok(Report::new(checked, RunReport { profile, fail_on: Severity::Error, sets: vec![set] }))
}

/// The exports by rank, as texts in which findings are shown.
struct GivenTexts(HashMap<Rank, Given>);

impl RankTexts for GivenTexts {
    fn of(&self, rank: Rank) -> Option<RankText> {
        let text = self.0.get(&rank)?.text();
        Some(RankText { path: format!("rank {rank}"), first_line: 1, first_column: 1, text })
    }
}

/// Checks one rank's export, or those of all ranks, as ``dap-validate check`` does.
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
    exports.py().detach(|| check(given, claim, profile))
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
    let report = py.detach(|| check(given, Ranks::All, Profile::Auto))?;
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
