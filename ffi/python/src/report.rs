//! `validate`: the checks of the command line on live objects, with the same diagnostics.

mod check;
mod given;
mod pickle;
mod plain;
mod text;

use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;

use dap_core::dtype::DType;
use dap_core::rules::Severity;
use dap_report::render::{Full, JsonReport, Look, Render};
use dap_report::{ReportEntry, RunReport, SetReport, plural};
use pyo3::exceptions::PyValueError;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::types::{PyRange, PyTuple};

use crate::argument::Size;
use crate::error::ValidationError;
use crate::layout::Layout;
use crate::memory::dtype_object;
use crate::pickle::Reduced;

pub(crate) use check::{check, describe, layout_of, validate};
pub(crate) use given::Given;
pub(crate) use pickle::_report;

/// The result of checking the exports of an array.
///
/// True when there is no error. ``str()`` is the verdict and all findings, with places as Python
/// writes them; ``text()`` is what ``dap-validate check`` prints.
#[pyclass(frozen, eq, weakref, module = "daparray")]
pub(crate) struct Report {
    layout: Option<dap_core::layout::Layout>,
    dtype: Option<DType>,
    rendered: RunReport,
    picture: ReportPicture,
}

/// The picture of a report, or all that it is drawn from.
enum ReportPicture {
    Checked(Box<dap_core::check::Report>),
    /// Of a report that came out of a pickle: as it was drawn, or why it was not.
    Drawn(Result<String, String>),
}

impl ReportPicture {
    fn svg(&self) -> Result<String, String> {
        match self {
            Self::Checked(checked) => {
                let options = dap_plot::PlotOptions { width: 720, ..dap_plot::PlotOptions::default() };
                dap_plot::svg(&dap_plot::Subject::of(checked), &options).map_err(|error| error.to_string())
            }
            Self::Drawn(drawn) => drawn.clone(),
        }
    }
}

impl PartialEq for Report {
    fn eq(&self, other: &Self) -> bool {
        self.layout == other.layout
            && self.dtype == other.dtype
            && pickle::state(&self.rendered) == pickle::state(&other.rendered)
    }
}

impl Report {
    fn new(checked: dap_core::check::Report, rendered: RunReport) -> Self {
        let (layout, dtype) = (checked.layout.clone(), checked.dtype.clone());
        Self { layout, dtype, rendered, picture: ReportPicture::Checked(Box::new(checked)) }
    }

    fn set(&self) -> Option<&SetReport> {
        self.rendered.sets.first()
    }

    fn entries(&self) -> &[ReportEntry] {
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
        plain::errors(&self.rendered)
    }
}

#[pymethods]
impl Report {
    /// Whether no error was found.
    #[getter]
    fn valid(&self) -> bool {
        self.rendered.count(Severity::Error) == 0
    }

    /// The findings, errors and lighter ones, in order of rank and place.
    #[getter]
    fn diagnostics<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let diagnostics = self.entries().iter().map(|entry| Diagnostic::new(py, entry));
        PyTuple::new(py, diagnostics.collect::<PyResult<Vec<_>>>()?)
    }

    /// The array's ``Layout``; None where something is wrong or not every rank is there.
    #[getter]
    fn layout(&self) -> Option<Layout> {
        self.layout.clone().map(Layout::new)
    }

    /// The item type of all ranks: NumPy's ``dtype``, or its text such as ``'<f8'`` where NumPy is
    /// not installed; None where it is unknown.
    #[getter]
    fn dtype<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.dtype.as_ref().map(|dtype| dtype_object(py, dtype)).transpose()
    }

    /// The report as ``dap-validate check`` prints it, with the lines of the exports in JSON:
    /// ``color`` for terminals, ``width`` in columns.
    #[pyo3(signature = (*, color=false, width=Size(100)), text_signature = "(self, *, color=False, width=100)")]
    fn text(&self, color: bool, width: Size) -> PyResult<String> {
        let width = usize::try_from(width.0)
            .map_err(|_| PyValueError::new_err(format!("the width is {}, at least 0", width.0)))?;
        Ok(self.write(Look { color, width, quiet: false }))
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
        let raised = ValidationError::new_err(this.errors());
        raised.value(slf.py()).setattr("report", slf)?;
        Err(raised)
    }

    fn _repr_svg_(&self) -> PyResult<String> {
        self.picture.svg().map_err(PyValueError::new_err::<String>)
    }

    fn __hash__(&self) -> u64 {
        let mut state = DefaultHasher::new();
        (self.entries().len(), self.layout.as_ref()).hash(&mut state);
        state.finish()
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Reduced<'py>> {
        pickle::reduce(py, self)
    }

    fn __bool__(&self) -> bool {
        self.valid()
    }

    fn __len__(&self) -> usize {
        self.entries().len()
    }

    fn __str__(&self) -> String {
        let layout = self.layout.as_ref().map(|layout| match &self.dtype {
            Some(dtype) => format!("{layout} of {}", dtype.name()),
            None => layout.to_string(),
        });
        plain::all(&self.rendered, layout.as_deref())
    }

    fn __repr__(&self) -> String {
        let (errors, warnings) = (self.rendered.count(Severity::Error), self.rendered.count(Severity::Warning));
        let verdict = if self.valid() { "valid" } else { "invalid" };
        format!("<daparray.Report {verdict}: {}, {}>", plural(errors, "error"), plural(warnings, "warning"))
    }
}

/// One finding, folded over the ranks that have it.
#[pyclass(frozen, get_all, weakref, module = "daparray")]
pub(crate) struct Diagnostic {
    /// The rule's id, such as ``'DAP404'``: ``dap-validate rule DAP404`` explains it.
    rule: String,
    /// The rule's name, such as ``'cyclic-extent'``.
    name: String,
    /// ``'error'``, ``'warning'``, ``'info'`` or ``'hint'``.
    severity: String,
    /// The mistake, with the values of the first of the ranks.
    message: String,
    /// The remedy.
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
    fn new<'py>(py: Python<'py>, entry: &ReportEntry) -> PyResult<Bound<'py, Self>> {
        let ranges =
            entry.ranks.ranges().iter().map(|range| PyRange::new(py, range.start as isize, range.end as isize));
        let related = entry.related.iter().map(|place| (place.rank.0, &place.spot.pointer, &place.label));
        let diagnostic = Self {
            rule: entry.rule.id.to_string(),
            name: entry.rule.name.to_owned(),
            severity: entry.rule.severity.as_str().to_owned(),
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

    /// All fields, in the order of [`_diagnostic`].
    fn stated<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let words = (&self.rule, &self.name, &self.severity, &self.message, &self.help, &self.notes);
        let places = (self.rank, &self.ranks, self.count, &self.pointer, &self.related);
        (words, places).into_pyobject(py)
    }
}

type Words = (String, String, String, String, String, Py<PyTuple>);
type Places = (Option<i64>, Py<PyTuple>, u64, String, Py<PyTuple>);

/// The diagnostic of a pickle.
#[pyfunction]
pub(crate) fn _diagnostic(stated: (Words, Places)) -> Diagnostic {
    let ((rule, name, severity, message, help, notes), (rank, ranks, count, pointer, related)) = stated;
    Diagnostic { rule, name, severity, message, help, notes, rank, ranks, count, pointer, related }
}

#[pymethods]
impl Diagnostic {
    /// The same place as Python writes it, such as ``dim_data[0]['start']``; empty for the whole
    /// export.
    #[getter]
    fn place(&self) -> String {
        plain::place(&self.pointer)
    }

    fn __eq__<'py>(slf: &Bound<'py, Self>, other: &Bound<'py, PyAny>) -> PyResult<bool> {
        let Ok(other) = other.cast_exact::<Self>() else { return Ok(false) };
        slf.get().stated(slf.py())?.eq(other.get().stated(slf.py())?)
    }

    fn __hash__(&self) -> u64 {
        let mut state = DefaultHasher::new();
        (&self.rule, &self.message, &self.pointer, self.count).hash(&mut state);
        state.finish()
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Reduced<'py>> {
        crate::pickle::by_function(py, "_diagnostic", (self.stated(py)?,))
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.notes)?;
        visit.call(&self.ranks)?;
        visit.call(&self.related)
    }

    fn __str__(&self) -> String {
        format!("{}[{} {}]: {}", self.severity, self.rule, self.name, self.message)
    }

    fn __repr__(&self) -> String {
        format!("<daparray.Diagnostic {}>", self.__str__())
    }
}

/// The report of one export that was checked by itself, as an exception.
pub(crate) fn validation_error(py: Python<'_>, export: dap_core::export::Export) -> PyErr {
    match check(vec![Given::new(export)], dap_core::check::Ranks::Some, dap_core::check::Profile::Auto) {
        Ok(report) => invalid(py, report),
        Err(error) => error,
    }
}

/// `ValidationError` with its report.
pub(crate) fn invalid(py: Python<'_>, report: Report) -> PyErr {
    let raised = ValidationError::new_err(report.errors());
    match Py::new(py, report).and_then(|report| raised.value(py).setattr("report", report)) {
        Ok(()) => raised,
        Err(other) => other,
    }
}
