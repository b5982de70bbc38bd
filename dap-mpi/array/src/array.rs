//! The dynamic array: a handle to distributed memory, all of it or a view.

use std::cell::OnceCell;
use std::fmt;
use std::rc::Rc;

use dap_core::algebra::{Placement, Subscript, View, ViewAxis, Window};
use dap_core::dtype::DType;
use dap_core::index::Rank;
use dap_core::layout::Layout;
use dap_kernels::element::{Element, ElementType};
use dap_mpi::{Error, ErrorKind, Result};

use crate::context::Context;
use crate::error::{Checked, argument, number_type};
use crate::owned;
use crate::storage::Storage;

/// A distributed array whose element type is known when the program runs. See the
/// [crate](crate).
///
/// A clone, and a view, share the memory. Nothing here but functions that say *collective* sends a
/// message.
#[derive(Clone)]
pub struct DynArray {
    parts: Rc<Parts>,
}

struct Parts {
    context: Context,
    storage: Rc<Storage>,
    view: View,
    /// Of the view, without padding.
    placement: Placement,
    /// Where the elements lie in this process's section, computed when it is needed.
    place: OnceCell<Option<Window>>,
}

impl DynArray {
    /// An array over memory that is the section of `placement` on this process.
    pub(crate) fn over(context: &Context, placement: &Placement, storage: Storage) -> Result<DynArray> {
        let storage = Rc::new(storage);
        context.remember(&storage);
        DynArray::of(context, storage, View::of(placement))
    }

    fn of(context: &Context, storage: Rc<Storage>, view: View) -> Result<DynArray> {
        let placement = view.placement()?.without_padding()?;
        let parts = Parts { context: context.clone(), storage, view, placement, place: OnceCell::new() };
        Ok(DynArray { parts: Rc::new(parts) })
    }

    /// A view of the same memory.
    pub(crate) fn viewed(&self, view: dap_core::error::Result<View>) -> Result<DynArray> {
        DynArray::of(&self.parts.context, Rc::clone(&self.parts.storage), view.checked()?)
    }

    /// The context.
    pub fn context(&self) -> &Context {
        &self.parts.context
    }

    /// The extents.
    pub fn shape(&self) -> &[i64] {
        self.parts.placement.shape()
    }

    /// The number of dimensions.
    pub fn ndim(&self) -> usize {
        self.parts.placement.ndim()
    }

    /// The number of elements.
    pub fn len(&self) -> i64 {
        self.layout().len()
    }

    /// Whether there is no element.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The item type.
    pub fn dtype(&self) -> &DType {
        self.parts.storage.dtype()
    }

    /// The type of the elements, if they can be computed with.
    pub fn element(&self) -> Option<ElementType> {
        ElementType::of(self.dtype())
    }

    /// The type of the elements.
    ///
    /// # Errors
    /// Items that can be moved and stored, not computed with.
    pub fn number_type(&self) -> Result<ElementType> {
        number_type(self.dtype())
    }

    /// Refuses another element type than `T`.
    pub(crate) fn check_type<T: Element>(&self) -> Result<()> {
        if self.element() == Some(T::TYPE) {
            return Ok(());
        }
        argument(format!("the elements are {}, not {}", self.dtype().name(), T::TYPE.name()))
    }

    /// The distribution, without communication padding: which rank owns which element.
    pub fn layout(&self) -> &Layout {
        self.parts.placement.layout()
    }

    /// The distribution, and which rank of the communicator holds which section.
    pub fn placement(&self) -> &Placement {
        &self.parts.placement
    }

    /// This process's section in [`layout`](DynArray::layout); `None` if it holds none.
    pub fn section_rank(&self) -> Option<Rank> {
        self.parts.placement.ranks().section(self.parts.context.rank())
    }

    /// The extents of the elements that this process owns; `None` if it holds no section.
    pub fn local_shape(&self) -> Option<Vec<i64>> {
        self.layout().owned_shape(self.section_rank()?)
    }

    /// The elements in the array that holds the memory.
    pub fn view(&self) -> &View {
        &self.parts.view
    }

    pub(crate) fn storage(&self) -> &Storage {
        &self.parts.storage
    }

    /// Whether this is the only handle to the memory.
    pub(crate) fn is_alone(&self) -> bool {
        Rc::strong_count(&self.parts) == 1 && Rc::strong_count(&self.parts.storage) == 1
    }

    /// Refuses an array that is not the only handle to its memory.
    pub(crate) fn check_alone(&self) -> Result<()> {
        if self.is_alone() {
            return Ok(());
        }
        Err(Error::new(ErrorKind::State, "clones or views of the array exist: drop them, or copy the array"))
    }

    /// Whether both are the same elements of the same memory, in the same order.
    pub(crate) fn is_same(&self, other: &DynArray) -> bool {
        self.shares_memory(other) && self.parts.view == other.parts.view
    }

    /// Whether both may have elements in common: they share memory.
    pub fn shares_memory(&self, other: &DynArray) -> bool {
        Rc::ptr_eq(&self.parts.storage, &other.parts.storage)
    }

    /// Whether an element lies on two ranks: an unstructured dimension has an index twice.
    pub(crate) fn shares_elements(&self) -> bool {
        owned::is_shared(self.layout())
    }

    /// The axes that numbers mean, negative ones counted from the end.
    ///
    /// # Errors
    /// An axis that is not there, or named twice.
    pub fn axes(&self, axes: &[i64]) -> Result<Vec<usize>> {
        let ndim = self.ndim() as i64;
        let mut found = Vec::with_capacity(axes.len());
        for &axis in axes {
            let at = if axis < 0 { axis.saturating_add(ndim) } else { axis };
            if !(0..ndim).contains(&at) {
                return argument(format!("axis {axis} is not there: the array has {ndim} dimensions"));
            }
            if found.contains(&(at as usize)) {
                return argument(format!("axis {axis} is named twice"));
            }
            found.push(at as usize);
        }
        Ok(found)
    }

    /// Whether the elements can be written one by one: none is repeated by broadcasting.
    ///
    /// # Errors
    /// Elements that are repeated; the same on all ranks.
    pub(crate) fn check_single(&self) -> Result<()> {
        let is_repeated = |axis: &ViewAxis| matches!(axis, ViewAxis::Repeated(len) if *len > 1);
        match self.parts.view.axes().iter().position(is_repeated) {
            Some(axis) => argument(format!("{self:?} cannot be written: axis {axis} repeats elements by broadcasting")),
            None => Ok(()),
        }
    }

    /// Where this process's elements lie in its section of the memory; `None` if it has none.
    pub(crate) fn window(&self) -> Result<Option<&Window>> {
        if let Some(window) = self.parts.place.get() {
            return Ok(window.as_ref());
        }
        let window = match self.section_rank() {
            Some(rank) => self.parts.view.owned_window(rank)?,
            None => None,
        };
        Ok(self.parts.place.get_or_init(|| window).as_ref())
    }

    /// The part that an index selects, as Python writes it: `"1:, ::-1, None"`. A view: nothing
    /// moves.
    ///
    /// # Errors
    /// A text that is no index; what [`part`](DynArray::part) refuses.
    pub fn index(&self, text: &str) -> Result<DynArray> {
        match Subscript::parse(text) {
            Ok(subscripts) => self.part(&subscripts),
            Err(error) => argument(error.to_string()),
        }
    }

    /// The part that subscripts select. A view: nothing moves.
    ///
    /// # Errors
    /// An index outside of its axis, a step of 0, more subscripts than axes; a slice that falls
    /// into too many runs.
    pub fn part(&self, subscripts: &[Subscript]) -> Result<DynArray> {
        self.viewed(self.parts.view.index(subscripts))
    }

    /// The axes in another order. A view.
    ///
    /// # Errors
    /// An order that does not name each axis once.
    pub fn transpose(&self, order: &[i64]) -> Result<DynArray> {
        self.viewed(self.parts.view.transpose(order))
    }

    /// The axes in reverse order. A view.
    ///
    /// # Errors
    /// None of an array that exists.
    pub fn reversed_axes(&self) -> Result<DynArray> {
        self.viewed(Ok(self.parts.view.reversed_axes()))
    }

    /// The elements in reverse order along some axes. A view: ranks change their order, no element
    /// moves.
    ///
    /// # Errors
    /// An axis that is not there, or named twice.
    pub fn flip(&self, axes: &[i64]) -> Result<DynArray> {
        self.viewed(self.parts.view.flip(axes))
    }

    /// The elements repeated to a larger shape. A view.
    ///
    /// # Errors
    /// A shape that this one cannot be broadcast to.
    pub fn broadcast_to(&self, shape: &[i64]) -> Result<DynArray> {
        self.viewed(self.parts.view.broadcast_to(shape))
    }
}

impl fmt::Debug for DynArray {
    /// Shape, type and distribution: the same on all ranks.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DynArray({}, {})", self.dtype().name(), self.parts.placement)
    }
}
