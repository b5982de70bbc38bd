//! `Array`: what Python holds of a distributed array.
//!
//! An array is in one of four states:
//!
//! | state | elements |
//! |---|---|
//! | settled | in memory, on the ranks of its distribution |
//! | pending | an element-wise expression, evaluated when its elements are needed ([`crate::pending`]) |
//! | masked | those of an array that a mask selects, copied when they are needed |
//! | a value | without dimensions: a value that each rank has |

use std::cell::RefCell;
use std::rc::Rc;

use dap_array::{Context as Shared, DynArray, ElementType, Expr, Masked, Scalar};
use dap_core::algebra::Placement;
use dap_core::layout::Layout;
use pyo3::IntoPyObjectExt;
use pyo3::exceptions::PyTypeError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyComplex, PyTuple};

use crate::error::{Raised, type_error};
use crate::layout::placement_tuple;
use crate::operand::number_object;
use crate::pending::{self, Pending};
use crate::thread::{Owned, without_gil};

/// An array that is distributed over the ranks of a communicator.
///
/// Made by the functions of ``daparray.array``. All ranks call the same functions in the same
/// order.
#[pyclass(frozen, weakref, module = "daparray.array")]
pub(crate) struct Array {
    inner: Owned<Rc<Inner>>,
}

/// The array itself, on its thread.
pub(crate) struct Inner {
    context: Shared,
    state: RefCell<State>,
}

pub(crate) enum State {
    Settled(DynArray),
    Pending(Pending),
    Masked(Masked),
    Value(Scalar),
}

impl Inner {
    pub(crate) fn new(context: &Shared, state: State) -> Rc<Inner> {
        Rc::new(Inner { context: context.clone(), state: RefCell::new(state) })
    }

    pub(crate) fn context(&self) -> &Shared {
        &self.context
    }

    pub(crate) fn state(&self) -> &RefCell<State> {
        &self.state
    }

    /// The value of an array without dimensions.
    pub(crate) fn value(&self) -> Option<Scalar> {
        match &*self.state.borrow() {
            State::Value(scalar) => Some(*scalar),
            _ => None,
        }
    }

    pub(crate) fn element(&self) -> dap_array::Result<ElementType> {
        match &*self.state.borrow() {
            State::Settled(array) => Ok(array.element().unwrap_or(ElementType::U8)),
            State::Pending(pending) => pending.expr.element(),
            State::Masked(masked) => Ok(masked.array().element().unwrap_or(ElementType::U8)),
            State::Value(scalar) => Ok(scalar.element),
        }
    }

    pub(crate) fn with_shape<T>(&self, body: impl FnOnce(&[i64]) -> T) -> T {
        match &*self.state.borrow() {
            State::Settled(array) => body(array.shape()),
            State::Pending(pending) => body(pending.like.shape()),
            State::Masked(masked) => body(masked.placement().shape()),
            State::Value(_) => body(&[]),
        }
    }

    /// The distribution; `None` of a value.
    pub(crate) fn placement(&self) -> Option<Placement> {
        match &*self.state.borrow() {
            State::Settled(array) => Some(array.placement().clone()),
            State::Pending(pending) => Some(pending.like.placement().clone()),
            State::Masked(masked) => Some(masked.placement().clone()),
            State::Value(_) => None,
        }
    }

    /// The elements in memory: evaluates a pending expression; a value becomes an array without
    /// dimensions on rank 0. Local.
    pub(crate) fn settled(&self) -> dap_array::Result<DynArray> {
        let made = match &*self.state.borrow() {
            State::Settled(array) => return Ok(array.clone()),
            State::Value(scalar) => {
                let layout = Layout::new(Vec::new())?;
                return DynArray::full(&self.context, layout, scalar.element, scalar.value);
            }
            State::Pending(pending) => match pending.expr.kept() {
                Some(kept) => kept,
                None => pending.expr.eval()?,
            },
            State::Masked(masked) => masked.eval()?,
        };
        *self.state.borrow_mut() = State::Settled(made.clone());
        Ok(made)
    }

    /// The selection that a mask makes, while its elements are not copied.
    pub(crate) fn masked(&self) -> Option<Masked> {
        match &*self.state.borrow() {
            State::Masked(masked) => Some(masked.clone()),
            _ => None,
        }
    }

    /// As an operand, which is in memory if a mask has selected it ([`Operand::of`]). Local.
    pub(crate) fn expr(&self) -> Expr<'static> {
        use dap_array::IntoExpr;
        match &*self.state.borrow() {
            State::Settled(array) => array.clone().into_expr(),
            State::Pending(pending) => pending.expr.clone(),
            State::Masked(masked) => masked.array().clone().into_expr(),
            State::Value(scalar) => Expr::scalar(*scalar),
        }
    }
}

impl Array {
    /// A new object of Python.
    pub(crate) fn of(inner: Rc<Inner>) -> Array {
        Array { inner: Owned::new(inner) }
    }

    /// An array with dimensions, in memory; without dimensions its value goes to all ranks, and the
    /// call is collective.
    pub(crate) fn settle(py: Python<'_>, made: DynArray) -> PyResult<Array> {
        let context = made.context().clone();
        let state = if made.ndim() == 0 {
            State::Value(without_gil(py, || made.get(&[])).raised()?)
        } else {
            State::Settled(made)
        };
        Ok(Array::of(Inner::new(&context, state)))
    }

    pub(crate) fn scalar(context: &Shared, scalar: Scalar) -> Array {
        Array::of(Inner::new(context, State::Value(scalar)))
    }

    pub(crate) fn inner(&self) -> PyResult<&Rc<Inner>> {
        self.inner.get()
    }

    /// The elements in memory.
    pub(crate) fn settled(&self, py: Python<'_>) -> PyResult<DynArray> {
        let inner = self.inner()?;
        without_gil(py, || inner.settled()).raised()
    }

    /// The value of an array without dimensions.
    fn value(&self, name: &str) -> PyResult<Scalar> {
        let inner = self.inner()?;
        inner.value().ok_or_else(|| {
            let ndim = inner.with_shape(<[i64]>::len);
            PyTypeError::new_err(format!(
                "{name} takes an array without dimensions, this one has {ndim}: reduce it, or pick an element by `x[0, 0]`"
            ))
        })
    }

    /// The placement that an operation on it would see. Local.
    fn with_placement<T>(&self, body: impl FnOnce(Option<&Placement>) -> T) -> PyResult<T> {
        Ok(match &*self.inner()?.state.borrow() {
            State::Settled(array) => body(Some(array.placement())),
            State::Pending(pending) => body(Some(pending.like.placement())),
            State::Masked(masked) => body(Some(masked.placement())),
            State::Value(_) => body(None),
        })
    }
}

/// NumPy's `dtype` of an element type.
fn dtype_object<'py>(py: Python<'py>, element: ElementType) -> PyResult<Bound<'py, PyAny>> {
    static DTYPES: PyOnceLock<Vec<Py<PyAny>>> = PyOnceLock::new();
    let dtypes = DTYPES.get_or_try_init(py, || {
        let make = py.import("numpy")?.getattr("dtype")?;
        let dtype = |element: &ElementType| make.call1((element.name(),)).map(Bound::unbind);
        ElementType::ALL.iter().map(dtype).collect::<PyResult<Vec<_>>>()
    })?;
    let at = ElementType::ALL.iter().position(|&it| it == element).unwrap_or(0);
    Ok(dtypes[at].bind(py).clone())
}

/// The element type of NumPy's name.
///
/// # Errors
/// `TypeError` for other types.
pub(crate) fn element_named(name: &str) -> PyResult<ElementType> {
    match ElementType::ALL.iter().find(|element| element.name() == name) {
        Some(&element) => Ok(element),
        None => type_error(format!(
            "arrays of {name} cannot be computed with: bool, integers, float32, float64 and complex can"
        )),
    }
}

#[pymethods]
impl Array {
    /// The extents. Local.
    #[getter]
    fn shape<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        self.inner()?.with_shape(|shape| PyTuple::new(py, shape))
    }

    /// Gives the elements another shape, in C order, as ``reshape`` does. Views that were made
    /// before keep the memory that they share.
    #[setter]
    fn set_shape<'py>(slf: &Bound<'py, Self>, shape: &Bound<'py, PyAny>) -> PyResult<()> {
        let reshape = slf.py().import("daparray.array.manipulation")?.getattr("reshape")?;
        let made = reshape.call1((slf, shape))?.cast_into::<Array>()?;
        let state = match made.get().inner()?.value() {
            Some(scalar) => State::Value(scalar),
            None => State::Settled(made.get().settled(slf.py())?),
        };
        *slf.get().inner()?.state.borrow_mut() = state;
        Ok(())
    }

    /// The number of dimensions. Local.
    #[getter]
    fn ndim(&self) -> PyResult<usize> {
        Ok(self.inner()?.with_shape(<[i64]>::len))
    }

    /// The number of elements. Local.
    #[getter]
    fn size(&self) -> PyResult<i64> {
        Ok(self.inner()?.with_shape(|shape| shape.iter().product()))
    }

    /// The type of the elements, NumPy's ``dtype``. Local.
    #[getter]
    fn dtype<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        dtype_object(py, self.inner()?.element().raised()?)
    }

    /// The context. Local.
    #[getter]
    fn context<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        crate::context::known(py, self.inner()?.context())
    }

    /// ``"settled"``, ``"pending"`` or ``"value"``. Differs between ranks after a local use.
    #[getter]
    fn _state(&self) -> PyResult<&'static str> {
        Ok(match &*self.inner()?.state.borrow() {
            State::Settled(_) => "settled",
            State::Pending(_) | State::Masked(_) => "pending",
            State::Value(_) => "value",
        })
    }

    /// The placement as a tuple; None for a value.
    fn _placement<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyTuple>>> {
        self.with_placement(|placement| placement.map(|it| placement_tuple(py, it)).transpose())?
    }

    /// The distribution in words, the same on all ranks.
    fn _placement_text(&self) -> PyResult<String> {
        self.with_placement(|placement| placement.map_or_else(|| "on all ranks".to_owned(), ToString::to_string))
    }

    /// The number of this process's section; None if it holds none, or the array is a value.
    #[getter]
    fn _section_rank(&self) -> PyResult<Option<i64>> {
        let rank = i64::from(self.inner()?.context().comm().rank());
        let section = |it: &Placement| it.ranks().section(dap_core::algebra::CommRank(rank)).map(|section| section.0);
        self.with_placement(|placement| placement.and_then(section))
    }

    /// The program of a pending expression, as text; None of other arrays.
    fn _explain(&self) -> PyResult<Option<String>> {
        match &*self.inner()?.state.borrow() {
            State::Pending(pending) => pending.expr.explain().map(Some).raised(),
            _ => Ok(None),
        }
    }

    /// Whether code outside of the package has the memory too, by ``x.local``, an export, or
    /// because the array was made of another library's. Local.
    #[getter]
    fn is_exposed(&self) -> PyResult<bool> {
        Ok(matches!(&*self.inner()?.state.borrow(), State::Settled(array) if array.is_exposed()))
    }

    /// The program of a pending expression as a graph in the DOT language; None of other arrays.
    fn _graph(&self) -> PyResult<Option<String>> {
        match &*self.inner()?.state.borrow() {
            State::Pending(pending) => pending.expr.graph().map(Some).raised(),
            _ => Ok(None),
        }
    }

    /// Gives this rank's memory back: later operations with the array and its views fail. Local;
    /// each rank calls it.
    fn close(&self, py: Python<'_>) -> PyResult<()> {
        if self.inner()?.value().is_some() {
            return Ok(());
        }
        let array = self.settled(py)?;
        written(py, &array)?;
        array.close().raised()
    }

    /// Evaluates the pending expressions that read the memory, which is about to be written. Local.
    fn _prepare_write(&self, py: Python<'_>) -> PyResult<()> {
        written(py, &self.settled(py)?)
    }

    /// Evaluates a pending expression. Local.
    fn _force(&self, py: Python<'_>) -> PyResult<()> {
        self.settled(py).map(drop)
    }

    fn __bool__(&self) -> PyResult<bool> {
        Ok(self.value("bool()")?.is_true())
    }

    fn __float__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        number_object(py, self.value("float()")?)?.call_method0(intern!(py, "__float__"))
    }

    fn __int__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        number_object(py, self.value("int()")?)?.call_method0(intern!(py, "__int__"))
    }

    fn __index__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let scalar = self.value("an index")?;
        if !scalar.element.is_integer() {
            return type_error(format!("an index is an integer, not {}", scalar.element));
        }
        number_object(py, scalar)
    }

    fn __complex__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let number = number_object(py, self.value("complex()")?)?;
        py.get_type::<PyComplex>().call1((number,))
    }

    /// The value of an array without dimensions, as a number of Python. Local.
    fn item<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        number_object(py, self.value("item()")?)
    }

    fn __len__(&self) -> PyResult<usize> {
        let first = self.inner()?.with_shape(|shape| shape.first().copied());
        first
            .map(|extent| extent as usize)
            .ok_or_else(|| PyTypeError::new_err("an array without dimensions has no length"))
    }
}

/// Wraps a result for Python.
pub(crate) fn object<'py>(py: Python<'py>, array: Array) -> PyResult<Bound<'py, PyAny>> {
    array.into_bound_py_any(py)
}

/// The object of an array that has dimensions, in memory. Local.
pub(crate) fn in_memory<'py>(py: Python<'py>, made: DynArray) -> PyResult<Bound<'py, PyAny>> {
    object(py, Array::of(Inner::new(&made.context().clone(), State::Settled(made))))
}

/// The object of an array in memory, which is a value if it has no dimensions ([`Array::settle`]).
pub(crate) fn returned<'py>(py: Python<'py>, made: DynArray) -> PyResult<Bound<'py, PyAny>> {
    object(py, Array::settle(py, made)?)
}

/// The object of the array that a function makes, while other threads of Python go on.
pub(crate) fn made<'py>(
    py: Python<'py>,
    body: impl FnOnce() -> dap_array::Result<DynArray>,
) -> PyResult<Bound<'py, PyAny>> {
    returned(py, without_gil(py, body).raised()?)
}

/// An array that other code of this thread is about to write, or to hand out to be written: all
/// pending expressions that read its memory are evaluated. Local.
pub(crate) fn written(py: Python<'_>, array: &DynArray) -> PyResult<()> {
    without_gil(py, || pending::evaluate_readers(array)).raised()
}
