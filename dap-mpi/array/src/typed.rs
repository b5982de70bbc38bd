//! The array with a type of Rust.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use dap_core::algebra::Placement;
use dap_kernels::element::Element;
use dap_kernels::program::{Op, Value};
use dap_mpi::{Error, ErrorKind, Result};
use dap_ndarray::{Item, Section};

use crate::access::{Local, LocalMut};
use crate::array::DynArray;
use crate::context::Context;
use crate::expr::{Expr, IntoExpr};

/// A distributed array of `T`, which owns its memory: there is no other handle to it, so that the
/// compiler finds uses that conflict. All that is only read is a method of [`DynArray`], to which
/// this dereferences.
pub struct DistArray<T> {
    array: DynArray,
    items: PhantomData<T>,
}

impl<T: Element> DistArray<T> {
    /// One value everywhere. It sends no message.
    ///
    /// # Errors
    /// As [`DynArray::full`].
    pub fn full(context: &Context, placement: impl Into<Placement>, value: impl Into<Value>) -> Result<DistArray<T>> {
        DynArray::full(context, placement, T::TYPE, value.into()).map(Self::owning)
    }

    /// Zeros. It sends no message.
    ///
    /// # Errors
    /// As [`DynArray::zeros`].
    pub fn zeros(context: &Context, placement: impl Into<Placement>) -> Result<DistArray<T>> {
        DynArray::zeros(context, placement, &T::TYPE.dtype()).map(Self::owning)
    }

    /// An operand of an expression.
    pub fn expr(&self) -> Expr<'_> {
        self.array.expr()
    }

    /// Overwrites the elements by those of an expression. Collective.
    ///
    /// # Errors
    /// As [`DynArray::assign`].
    #[track_caller]
    pub fn assign<'a>(&mut self, expr: impl IntoExpr<'a>) -> Result<()> {
        self.array.assign(expr)
    }

    /// In place `self = op(self, other)`. Collective.
    ///
    /// # Errors
    /// As [`DynArray::assign`].
    #[track_caller]
    pub fn update<'a>(&mut self, op: Op, other: impl IntoExpr<'a>) -> Result<()> {
        self.array.assign(Expr::array(&self.array).apply2(op, other))
    }

    /// Overwrites all elements by one value. Local.
    ///
    /// # Errors
    /// As [`DynArray::fill`].
    pub fn fill(&mut self, value: impl Into<Value>) -> Result<()> {
        self.array.fill(value)
    }

    /// The array with its element type known at run time only.
    pub fn into_dyn(self) -> DynArray {
        self.array
    }

    /// The same elements on the ranks of another placement, in memory of their own. Collective.
    ///
    /// # Errors
    /// As [`DynArray::redistribute`].
    #[track_caller]
    pub fn redistribute(&self, to: impl Into<Placement>) -> Result<DistArray<T>> {
        Self::owned(self.array.redistribute(to)?)
    }

    /// The same elements in another shape, in memory of their own. Collective.
    ///
    /// # Errors
    /// As [`DynArray::reshape`].
    #[track_caller]
    pub fn reshape(&self, shape: &[i64]) -> Result<DistArray<T>> {
        Self::owned(self.array.reshape(shape)?)
    }

    /// The same elements in the shape and on the ranks of a placement. Collective.
    ///
    /// # Errors
    /// As [`DynArray::reshape_to`].
    #[track_caller]
    pub fn reshape_to(&self, to: impl Into<Placement>) -> Result<DistArray<T>> {
        self.array.reshape_to(to).map(Self::owning)
    }

    /// An array over sections that other code describes, without a copy. Collective.
    ///
    /// # Errors
    /// As [`DynArray::import`]; elements of another type.
    #[track_caller]
    pub fn import(context: &Context, section: Option<Section>) -> Result<DistArray<T>> {
        DynArray::import(context, section)?.typed()
    }

    /// This process's section, which the array gives away; `None` if it holds none. Local.
    ///
    /// # Errors
    /// As [`DynArray::into_section`].
    pub fn into_section(self) -> Result<Option<Section>> {
        self.array.into_section()
    }

    /// A result that may be a view of another array, in memory of its own.
    fn owned(array: DynArray) -> Result<DistArray<T>> {
        let alone = if array.is_alone() { array } else { array.copy()? };
        Ok(Self::owning(alone))
    }

    fn owning(array: DynArray) -> DistArray<T> {
        DistArray { array, items: PhantomData }
    }
}

impl<T: Element + Item> DistArray<T> {
    /// The element `value(index)` at each global index. It sends no message.
    ///
    /// # Errors
    /// As [`DynArray::from_fn`].
    pub fn from_fn(
        context: &Context,
        placement: impl Into<Placement>,
        value: impl FnMut(&[i64]) -> T,
    ) -> Result<DistArray<T>> {
        DynArray::from_fn(context, placement, value).map(Self::owning)
    }

    /// The elements that this process owns. Local.
    ///
    /// # Errors
    /// As [`DynArray::local`].
    pub fn local(&self) -> Result<Local<'_, T>> {
        self.array.local()
    }

    /// The elements that this process owns, to be written. Local.
    ///
    /// # Errors
    /// As [`DynArray::local_mut`].
    pub fn local_mut(&mut self) -> Result<LocalMut<'_, T>> {
        self.array.local_mut()
    }
}

impl DynArray {
    /// The array with its element type known to the compiler, if no other handle to its memory
    /// exists.
    ///
    /// # Errors
    /// Another element type; clones or views of this array exist.
    pub fn typed<T: Element>(self) -> Result<DistArray<T>> {
        if self.element() != Some(T::TYPE) {
            let message = format!("the elements are {}, not {}", self.dtype().name(), T::TYPE.name());
            return Err(Error::new(ErrorKind::Argument, message));
        }
        self.check_alone()?;
        Ok(DistArray::owning(self))
    }
}

impl<T> Deref for DistArray<T> {
    type Target = DynArray;
    fn deref(&self) -> &DynArray {
        &self.array
    }
}

impl<T> fmt::Debug for DistArray<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.array.fmt(f)
    }
}
