//! `Section`: one process's part of a distributed array, taken from any library and given to any
//! library.

use dap_core::check::{Checker, Profile};
use dap_core::error::Error;
use dap_core::export::{DimDict, Export, Field, Version};
use dap_core::index::Rank;
use dap_core::rules::Severity;
use dap_ffi::transfer::Described;
use dap_ndarray::{Buffer, Section as Part};
use pyo3::exceptions::{PyBufferError, PyTypeError, PyValueError};
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDict, PySlice, PyTuple};

use crate::dim_data::DimData;
use crate::dim_dict::Notes;
use crate::error::warn;
use crate::layout::Layout;
use crate::memory::{self, Local, Memory, dtype_object, hold};
use crate::read::{self, Exported};
use crate::value;
use crate::{capsule, pickle, report, write};

/// One process's part of a distributed array: a dictionary for each dimension, and the memory they
/// are about.
///
///     section = Section([DimData.block(10, 0, 5, proc_grid_size=2)], numpy.zeros(5))
///
/// ``dim_data`` holds a ``DimData`` or a mapping for each dimension; ``buffer`` is anything with
/// the buffer protocol or ``__dlpack__``, which is shared, not copied. The rules for one process
/// are checked: ``ValidationError``. Content that is accepted although other consumers may stumble
/// over it gives a ``ProtocolWarning``.
///
/// A section is a part of something larger, so it is no array itself: hand ``section.local`` to
/// NumPy.
#[pyclass(frozen, weakref, module = "daparray")]
pub(crate) struct Section {
    /// 0.10, or 0.9 where 0.10 cannot say it.
    version: Version,
    dim_data: Vec<DimDict>,
    memory: Memory,
    place: Option<(Layout, i64)>,
}

const V0_10: Version = Version { major: 0, minor: 10, patch: 0 };

impl Section {
    /// The local memory, padding included.
    pub(crate) fn memory(&self) -> &Memory {
        &self.memory
    }

    /// The section's description of its memory.
    pub(crate) fn described(&self) -> Described<'_> {
        Described { version: self.version, dim_data: &self.dim_data }
    }

    /// The part of a layout's process.
    pub(crate) fn of_layout(py: Python<'_>, layout: &Layout, rank: i64, memory: Memory) -> PyResult<Self> {
        let part = Part::of(layout.layout(), Rank(rank), memory.share(py)?);
        let part = part.map_err(|error| PyValueError::new_err(error.to_string()))?;
        let version = part.version();
        let (dim_data, _) = part.into_parts();
        Ok(Self { version, dim_data, memory, place: Some((layout.clone(), rank)) })
    }

    /// Judges an export by itself and keeps it, in the form of 0.10 if that can say it.
    fn checked(py: Python<'_>, export: Export, memory: Memory, notes: &Notes) -> PyResult<Self> {
        let version = export.version.get().copied().unwrap_or(V0_10);
        let local = Checker::new(Profile::Auto).local(&export);
        let mut grave =
            local.findings().iter().filter(|finding| finding.rule().severity >= Severity::Warning).peekable();
        if grave.peek().is_some() {
            if local.findings().iter().any(|finding| finding.rule().severity == Severity::Error) {
                return Err(report::validation_error(py, export));
            }
            for finding in grave {
                warn(py, &format!("{} [{}]", finding.message(), finding.rule))?;
            }
        }
        if version.is_0_9() {
            warn(py, "read by version 0.9 of the protocol")?;
        }
        if let Some(text) = notes.text() {
            warn(py, &text)?;
        }
        let dims = match export.dim_data {
            Field::Is(dims) => dims,
            _ => Vec::new(),
        };
        // No error was found, so every entry is there.
        let there = |field| match field {
            Field::Is(dict) => Some(dict),
            _ => None,
        };
        let dim_data: Vec<DimDict> = dims.into_iter().filter_map(there).collect();
        let stands = version.minor != 9 && !dim_data.iter().any(DimDict::is_alias);
        if stands {
            return Ok(Self { version: V0_10, dim_data, memory, place: None });
        }
        let restated = dim_data.iter().zip(memory.shape()).map(|(dict, &extent)| dict.restated(version, extent));
        Ok(match restated.collect::<Result<Vec<_>, _>>() {
            Ok(dim_data) => Self { version: V0_10, dim_data, memory, place: None },
            Err(_) => Self { version, dim_data, memory, place: None },
        })
    }

    /// The section's export, described.
    pub(crate) fn export(&self) -> Export {
        stated(self.version, self.dim_data.clone(), &self.memory)
    }

    /// The section of another crate, sharing the memory.
    fn part(&self, buffer: Buffer) -> PyResult<Part> {
        if self.version == V0_10 {
            return Ok(Part::assume_checked(self.dim_data.clone(), buffer));
        }
        let part = Part::of_version(self.version, self.dim_data.clone(), buffer);
        part.map_err(|error| PyValueError::new_err(error.to_string()))
    }

    fn expressible(&self) -> PyResult<()> {
        for (at, (dict, &extent)) in self.dim_data.iter().zip(self.memory.shape()).enumerate() {
            let inexpressible = |error: Error| PyBufferError::new_err(error.with_dim(at).to_string());
            dict.restated(self.version, extent).map_err(inexpressible)?;
        }
        Ok(())
    }
}

/// Dictionaries and memory as an export says them.
fn stated(version: Version, dim_data: Vec<DimDict>, buffer: &Buffer) -> Export {
    Export {
        version: Field::Is(version),
        buffer: Field::Is(read::described(buffer)),
        dim_data: Field::Is(dim_data.into_iter().map(Field::Is).collect()),
        complete: true,
        ..Export::default()
    }
}

#[pymethods]
impl Section {
    #[new]
    fn new(dim_data: &Bound<'_, PyAny>, buffer: &Bound<'_, PyAny>) -> PyResult<Self> {
        let py = buffer.py();
        let memory = hold(buffer)?;
        let mut notes = Notes::default();
        let mut dims = Vec::new();
        for (dim, entry) in dim_data.try_iter()?.enumerate() {
            let dict = read::dim_dict(&entry?, dim, &mut notes)?;
            dims.push(dict.ok_or_else(|| PyTypeError::new_err(format!("`dim_data[{dim}]` is no mapping")))?);
        }
        let export = stated(V0_10, dims, &memory);
        Self::checked(py, export, memory, &notes)
    }

    /// The local memory, all padding included.
    #[getter]
    fn local(&self, py: Python<'_>) -> Local {
        Local::new(self.memory.clone_ref(py))
    }

    /// The part of the local memory that this process owns: without communication padding.
    #[getter]
    fn owned(&self, py: Python<'_>) -> PyResult<Local> {
        let ranges = self.part(self.memory.share(py)?)?.owned();
        self.memory.narrowed(py, &ranges).map(Local::new)
    }

    /// The same as slices of the local memory, one for each dimension.
    #[getter]
    fn owned_slices<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let ranges = self.part(self.memory.share(py)?)?.owned();
        PyTuple::new(py, ranges.iter().map(|range| PySlice::new(py, range.start as isize, range.end as isize, 1)))
    }

    /// The dictionaries, one a dimension.
    #[getter]
    fn dim_data<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let dims = self.dim_data.iter().cloned().map(|dict| Bound::new(py, DimData::new(dict)));
        PyTuple::new(py, dims.collect::<PyResult<Vec<_>>>()?)
    }

    /// The extents of the whole array.
    #[getter]
    fn shape<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.dim_data.iter().map(|dict| dict.size.get().copied().unwrap_or(0)))
    }

    /// The number of dimensions.
    #[getter]
    fn ndim(&self) -> usize {
        self.dim_data.len()
    }

    /// The item type: NumPy's ``dtype``, or its text such as ``'<f8'`` where NumPy is not
    /// installed.
    #[getter]
    fn dtype<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        dtype_object(py, self.memory.dtype())
    }

    /// The version of the protocol that the dictionaries are written in: ``'0.10.0'``, unless only
    /// 0.9 can say it.
    #[getter]
    fn version(&self) -> String {
        self.version.to_string()
    }

    /// The whole array's ``Layout``, if the section was made from one: one section alone does not
    /// know it.
    #[getter]
    fn layout(&self) -> Option<Layout> {
        self.place.as_ref().map(|(layout, _)| layout.clone())
    }

    /// The rank in C order over the process grid.
    #[getter]
    fn rank(&self) -> i64 {
        let number = |field: &Field<i64>, default| field.get().copied().unwrap_or(default);
        let along = |rank: i64, dict: &DimDict| {
            rank.saturating_mul(number(&dict.proc_grid_size, 1)).saturating_add(number(&dict.proc_grid_rank, 0))
        };
        self.dim_data.iter().fold(0, along)
    }

    /// The same section, knowing the layout that all processes found out together. ``ValueError``
    /// if it is none of its parts.
    fn with_layout(&self, py: Python<'_>, layout: &Layout) -> PyResult<Self> {
        let rank = self.rank();
        let part = Part::assume_checked_of_version(self.version, self.dim_data.clone(), self.memory.share(py)?);
        if !part.is_part_of(layout.layout(), Rank(rank)) {
            return Err(PyValueError::new_err(format!(
                "the section is not that of rank {rank} of {}",
                layout.layout()
            )));
        }
        Self::of_layout(py, layout, rank, self.memory.clone_ref(py))
    }

    /// The protocol's dictionary, version 0.10.0: plain Python values and a buffer. ``BufferError``
    /// for what 0.10 cannot say.
    fn __distarray__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        self.expressible()?;
        write::export(py, &self.dim_data, &self.memory)
    }

    /// A capsule ``'dap_array_v0'`` with a ``DapArray`` of the C ABI.
    ///
    /// ``max_version`` is the newest version of the struct that the consumer knows. With
    /// ``copy=True`` the memory is a copy in C order and native byte order; otherwise nothing is
    /// copied. ``BufferError`` for what the struct cannot say: structured items and other byte
    /// orders travel as a dictionary only.
    #[pyo3(signature = (max_version=None, copy=None))]
    fn __distarray_c__<'py>(
        &self,
        py: Python<'py>,
        max_version: Option<(i64, i64)>,
        copy: Option<bool>,
    ) -> PyResult<Bound<'py, PyAny>> {
        if max_version.is_some_and(|version| version < (0, 0)) {
            return Err(PyBufferError::new_err("no version of the struct is older than 0.0"));
        }
        if copy == Some(true) {
            return capsule::new(py, self.part(self.memory.to_native().map_err(memory::buffer_error)?)?, None);
        }
        capsule::new(py, self.part(self.memory.share(py)?)?, Some(&self.memory))
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.memory.traverse(visit)
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(pickle::not_pickled(
            "Section",
            "`section.dim_data` and `numpy.array(section.local)`, or the text of `describe(section)`",
        ))
    }

    fn __repr__(&self) -> String {
        let sizes: Vec<i64> = self.dim_data.iter().map(|dict| dict.size.get().copied().unwrap_or(0)).collect();
        let grid: Vec<String> =
            self.dim_data.iter().map(|dict| dict.proc_grid_size.get().copied().unwrap_or(1).to_string()).collect();
        let over = if grid.is_empty() { "1".to_owned() } else { grid.join("x") };
        format!(
            "<daparray.Section of {} {} over {over}, rank {}, local {}>",
            memory::tuple(&sizes),
            memory::dtype_shown(self.memory.dtype()),
            self.rank(),
            memory::tuple(self.memory.shape()),
        )
    }

    fn _repr_svg_(&self) -> PyResult<Option<String>> {
        self.place.as_ref().map(|(layout, _)| layout.picture()).transpose()
    }
}

/// Takes one process's part of a distributed array from any library, sharing its memory.
///
/// ``object`` has ``__distarray_c__`` or ``__distarray__``, or is what one of them returned. The
/// dictionary is read leniently (lists, NumPy's integers, ``{}``, version 0.9), with a
/// ``ProtocolWarning``. The rules for one process are checked, unless ``check`` is false, which
/// saves half a microsecond for producers that are trusted: ``ValidationError``.
///
/// ``TypeError`` for other objects, ``BufferError`` for memory that cannot be described or lies on
/// a device.
#[pyfunction]
#[pyo3(signature = (object, *, check=true))]
pub(crate) fn from_distarray(object: &Bound<'_, PyAny>, check: bool) -> PyResult<Section> {
    let py = object.py();
    if let Ok(section) = object.cast_exact::<Section>() {
        // By way of its capsule the garbage collector would not see the memory's exporter.
        let section = section.get();
        return of_parts(py, section.version, section.dim_data.clone(), section.memory.clone_ref(py), check);
    }
    if object.is_instance_of::<PyCapsule>() {
        return of_capsule(object, check);
    }
    let dictionary = match dictionary_or_capsule(object)? {
        Offered::Capsule(capsule) => return of_capsule(&capsule, check),
        Offered::Dictionary(dictionary) => dictionary,
    };
    let Exported { export, memory, notes } = read::export(&dictionary)?;
    match memory {
        Some(memory) => Section::checked(py, export, memory, &notes),
        None => Err(report::validation_error(py, export)),
    }
}

/// The export that an object returns.
enum Offered<'py> {
    Capsule(Bound<'py, PyAny>),
    Dictionary(Bound<'py, PyAny>),
}

fn dictionary_or_capsule<'py>(object: &Bound<'py, PyAny>) -> PyResult<Offered<'py>> {
    let py = object.py();
    // Asking it for methods would cost more than reading it.
    if object.is_exact_instance_of::<PyDict>() {
        return Ok(Offered::Dictionary(object.clone()));
    }
    if let Some(method) = object.getattr_opt(intern!(py, "__distarray_c__"))? {
        match method.call0() {
            // The dictionary can express content that the struct cannot.
            Err(error) if error.is_instance_of::<PyBufferError>(py) => {
                if !object.hasattr(intern!(py, "__distarray__"))? {
                    return Err(error);
                }
            }
            given => return given.map(Offered::Capsule),
        }
    }
    match object.getattr_opt(intern!(py, "__distarray__"))? {
        Some(method) => method.call0().map(Offered::Dictionary),
        None if value::mapping(object)?.is_some() => Ok(Offered::Dictionary(object.clone())),
        None => {
            let name = object.get_type().name()?;
            let text =
                format!("`{name}` has neither `__distarray_c__` nor `__distarray__` and is no dictionary of one");
            Err(PyTypeError::new_err(text))
        }
    }
}

fn of_capsule(capsule: &Bound<'_, PyAny>, check: bool) -> PyResult<Section> {
    let py = capsule.py();
    crate::release::catch_up(py);
    let (part, held) = capsule::consume(capsule)?;
    let version = part.version();
    let (dim_data, buffer) = part.into_parts();
    let memory = match held {
        Some(memory) if memory.is_same(&buffer) => memory,
        _ => Memory::new(buffer),
    };
    of_parts(py, version, dim_data, memory, check)
}

fn of_parts(
    py: Python<'_>,
    version: Version,
    dim_data: Vec<DimDict>,
    memory: Memory,
    check: bool,
) -> PyResult<Section> {
    if !check {
        return Ok(Section { version, dim_data, memory, place: None });
    }
    let export = stated(version, dim_data, &memory);
    Section::checked(py, export, memory, &Notes::default())
}
