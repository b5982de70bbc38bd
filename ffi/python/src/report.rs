//! `validate`: the judge of the command line on live objects, with the same diagnostics.

mod judge;
mod text;

use std::io;

use dap_core::finding::plural;
use dap_core::rules::Severity;
use dap_validate::plot;
use dap_validate::render::{Full, JsonReport, Look, Render};
use dap_validate::report::{Entry, Report as Rendered, SetReport};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyRange, PyTuple};

use crate::error::invalid;
use crate::layout::Layout;

pub(crate) use judge::{Given, describe, judge, layout_of, validate};

/// What was found out about the exports of an array.
///
/// True when there is no error. ``str()`` is what ``dap-validate check`` prints.
#[pyclass(frozen, module = "daparray")]
pub(crate) struct Report {
    judged: dap_core::check::Report,
    rendered: Rendered,
}

const PLAIN: Look = Look { color: false, width: 100, quiet: false };

impl Report {
    fn set(&self) -> Option<&SetReport> {
        self.rendered.sets.first()
    }

    fn entries(&self) -> &[Entry] {
        self.set().map_or(&[], |set| &set.entries)
    }

    fn write(&self, look: Look) -> String {
        let mut out = Vec::new();
        // Writing to memory does not fail.
        let _: io::Result<()> = Full::new(look).render(&self.rendered, &mut out);
        String::from_utf8_lossy(&out).trim_end().to_owned()
    }

    /// The text of an exception.
    pub(crate) fn errors(&self) -> String {
        let count = self.rendered.count(Severity::Error);
        format!("{count} error{}\n\n{}", if count == 1 { "" } else { "s" }, self.write(Look { quiet: true, ..PLAIN }))
    }
}

#[pymethods]
impl Report {
    /// Whether no error was found.
    #[getter]
    fn valid(&self) -> bool {
        self.judged.is_valid()
    }

    /// What was found, errors and lighter findings, in order of rank and place.
    #[getter]
    fn diagnostics<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let diagnostics = self.entries().iter().map(|entry| Diagnostic::new(py, entry));
        PyTuple::new(py, diagnostics.collect::<PyResult<Vec<_>>>()?)
    }

    /// The array's ``Layout``; None where something is wrong or not every rank is there.
    #[getter]
    fn layout(&self) -> Option<Layout> {
        self.judged.layout.clone().map(Layout::new)
    }

    /// The item type of all ranks, such as ``'<f8'``; None where it is unknown.
    #[getter]
    fn dtype(&self) -> Option<String> {
        let dtype = self.judged.dtype.as_ref()?;
        dtype.typestr().or_else(|| dtype.pep3118())
    }

    /// The report as text: ``color`` for terminals, ``width`` in columns.
    #[pyo3(signature = (*, color=false, width=100))]
    fn text(&self, color: bool, width: usize) -> String {
        self.write(Look { color, width, quiet: false })
    }

    /// The report as JSON, in the form of ``dap-validate check --output-format json``.
    fn to_json(&self) -> PyResult<String> {
        serde_json::to_string_pretty(&JsonReport::new(&self.rendered))
            .map_err(|error| PyValueError::new_err(error.to_string()))
    }

    /// Raises ``ValidationError`` if there is an error.
    fn raise_for_errors(slf: &Bound<'_, Self>) -> PyResult<()> {
        let this = slf.get();
        if this.valid() {
            return Ok(());
        }
        let raised = crate::error::ValidationError::new_err(this.errors());
        raised.value(slf.py()).setattr("report", slf)?;
        Err(raised)
    }

    fn _repr_svg_(&self) -> PyResult<String> {
        let options = plot::Options { width: 720, ..plot::Options::default() };
        plot::svg(&plot::Subject::of(&self.judged), &options).map_err(|error| PyValueError::new_err(error.to_string()))
    }

    fn __bool__(&self) -> bool {
        self.valid()
    }

    fn __len__(&self) -> usize {
        self.entries().len()
    }

    fn __str__(&self) -> String {
        self.write(PLAIN)
    }

    fn __repr__(&self) -> String {
        let (errors, warnings) = (self.rendered.count(Severity::Error), self.rendered.count(Severity::Warning));
        let verdict = if self.valid() { "valid" } else { "invalid" };
        format!("<daparray.Report {verdict}: {}, {}>", plural(errors, "error"), plural(warnings, "warning"))
    }
}

/// One finding, folded over the ranks that have it.
#[pyclass(frozen, get_all, module = "daparray")]
pub(crate) struct Diagnostic {
    /// The rule's id, such as ``'DAP404'``: ``dap-validate rule DAP404`` explains it.
    rule: String,
    /// The rule's name, such as ``'cyclic-extent'``.
    name: &'static str,
    /// ``'error'``, ``'warning'``, ``'info'`` or ``'hint'``.
    severity: &'static str,
    /// What is wrong, as the first of the ranks has it.
    message: String,
    /// What to do.
    help: String,
    /// Known causes.
    notes: Py<PyTuple>,
    /// The rank whose export is shown; None where it is about all together.
    rank: Option<i64>,
    /// The ranks that have it, as ``range`` objects.
    ranks: Py<PyTuple>,
    /// How often it was found.
    count: u64,
    /// The place in that rank's export, as a JSON pointer such as ``'/dim_data/0/start'``.
    pointer: String,
    /// Other places that belong to it: ``(rank, pointer, what stands there)``.
    related: Py<PyTuple>,
}

impl Diagnostic {
    fn new<'py>(py: Python<'py>, entry: &Entry) -> PyResult<Bound<'py, Self>> {
        let ranges =
            entry.ranks.ranges().iter().map(|range| PyRange::new(py, range.start as isize, range.end as isize));
        let related = entry.related.iter().map(|place| (place.rank.0, &place.spot.pointer, &place.label));
        let diagnostic = Self {
            rule: entry.rule.id.to_string(),
            name: entry.rule.name,
            severity: entry.rule.severity.as_str(),
            message: entry.message.clone(),
            help: entry.help.clone(),
            notes: PyTuple::new(py, &entry.notes)?.unbind(),
            rank: (!entry.ranks.is_empty()).then_some(entry.rank.0),
            ranks: PyTuple::new(py, ranges.collect::<PyResult<Vec<_>>>()?)?.unbind(),
            count: entry.count,
            pointer: entry.spot.pointer.clone(),
            related: PyTuple::new(py, related.collect::<Vec<_>>())?.unbind(),
        };
        Bound::new(py, diagnostic)
    }
}

#[pymethods]
impl Diagnostic {
    fn __str__(&self) -> String {
        format!("{}[{} {}]: {}", self.severity, self.rule, self.name, self.message)
    }

    fn __repr__(&self) -> String {
        format!("<daparray.Diagnostic {}>", self.__str__())
    }
}

/// The report of one export that was judged by itself, as an exception.
pub(crate) fn refuse(py: Python<'_>, export: dap_core::export::Export) -> PyErr {
    match judge(vec![Given::new(export)], dap_core::check::Ranks::Some, dap_core::check::Profile::Auto) {
        Ok(report) => invalid(py, report),
        Err(error) => error,
    }
}
