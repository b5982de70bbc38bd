//! The places of the least and of the greatest element. The first in C order wins where several are
//! equal, and the first NaN wins over all, as in NumPy.

use dap_core::dim::Dim;
use dap_core::index::GridRank;
use dap_kernels::element::ElementType;
use dap_kernels::program::Value;
use dap_kernels::reduce::{ArgExtreme, Found, Ordered, Places, arg_extremes, arg_extremes_along};
use dap_kernels::view::View;
use dap_mpi::Result;

use super::partial::Word;
use super::pass::Pass;
use super::passes::Passes;
use super::{all, along, once_each};
use crate::array::DynArray;
use crate::error::{Checked, argument};
use crate::owned;
use crate::scalar::Scalar;

impl DynArray {
    /// The place of the least element, as the number of its index in C order, on all ranks.
    /// Collective.
    ///
    /// # Errors
    /// No element; complex numbers; a failure of an earlier operation on some rank.
    #[track_caller]
    pub fn argmin(&self) -> Result<Scalar> {
        let _call = self.enter("argmin", ())?;
        self.arg_of_all(Places::Least)
    }

    /// The place of the greatest element; see [`argmin`](DynArray::argmin).
    ///
    /// # Errors
    /// As `argmin`.
    #[track_caller]
    pub fn argmax(&self) -> Result<Scalar> {
        let _call = self.enter("argmax", ())?;
        self.arg_of_all(Places::Greatest)
    }

    /// The indices of the least elements along an axis, distributed as
    /// [`reduce_along`](DynArray::reduce_along) says. Collective.
    ///
    /// # Errors
    /// As [`argmin`](DynArray::argmin); an axis that is not there.
    #[track_caller]
    pub fn argmin_along(&self, axis: i64, keepdims: bool) -> Result<DynArray> {
        let _call = self.enter("argmin", (axis, keepdims))?;
        self.arg_along(Places::Least, axis, keepdims)
    }

    /// The indices of the greatest elements along an axis; see
    /// [`argmin_along`](DynArray::argmin_along).
    ///
    /// # Errors
    /// As `argmin_along`.
    #[track_caller]
    pub fn argmax_along(&self, axis: i64, keepdims: bool) -> Result<DynArray> {
        let _call = self.enter("argmax", (axis, keepdims))?;
        self.arg_along(Places::Greatest, axis, keepdims)
    }

    fn arg_of_all(&self, places: Places) -> Result<Scalar> {
        if self.is_empty() {
            return argument("the place of the least or greatest of no element: there is none");
        }
        let array = ordered(self)?;
        let axes: Vec<Vec<i64>> = (0..array.ndim()).map(|axis| owned_indices(&array, axis)).collect();
        let shape = array.shape().to_vec();
        // The number in C order of the whole array's element.
        let global = move |at: &[usize]| {
            let indices = at.iter().zip(&axes).map(|(&at, indices)| indices[at]);
            indices.zip(&shape).fold(0_u64, |number, (index, &extent)| number * extent as u64 + index as u64)
        };
        all::reduce(&array, &passes(&array, places, Box::new(global))?)
    }

    fn arg_along(&self, places: Places, axis: i64, keepdims: bool) -> Result<DynArray> {
        let axes = self.axes(&[axis])?;
        if self.reduces_nothing(&axes) {
            return argument("the place of the least or greatest of no element: there is none");
        }
        let array = ordered(self)?;
        let indices = owned_indices(&array, axes[0]);
        let global = move |at: &[usize]| indices[at[0]] as u64;
        along::reduce(&array, &passes(&array, places, Box::new(global))?, &axes, keepdims)
    }
}

/// The elements as numbers with an order (booleans become bytes), each on one rank, and on each
/// rank in the order of their indices. Collective where elements move for that.
fn ordered(array: &DynArray) -> Result<DynArray> {
    let numbers = match array.number_type()? {
        ElementType::Bool => array.expr().cast(ElementType::U8).eval()?,
        _ => array.clone(),
    };
    let ascends = |dim: &Dim| match dim {
        Dim::Unstructured(lists) => (0..lists.grid_size()).all(|rank| {
            let mut indices = lists.indices(GridRank(rank));
            let first = indices.next();
            indices.try_fold(first, |last, index| (Some(index) > last).then_some(Some(index))).is_some()
        }),
        // A slice of a block-cyclic dimension may begin within its list of blocks.
        _ => matches!(dim, Dim::Block(_) | Dim::Cyclic(_)),
    };
    if numbers.layout().dims().iter().all(ascends) {
        return once_each(&numbers);
    }
    numbers.in_blocks()
}

/// The indices along an axis that this process owns; none if it has no section.
fn owned_indices(array: &DynArray, axis: usize) -> Vec<i64> {
    let rank = array.section_rank().and_then(|section| array.layout().grid().coordinate(section, axis));
    rank.map_or_else(Vec::new, |rank| owned::indices(&array.layout().dims()[axis], rank))
}

/// The index in the whole array of an element of this process's part, at a place along the axes
/// that are reduced.
type Global = Box<dyn Fn(&[usize]) -> u64>;

struct Arg<T> {
    places: Places,
    global: Global,
    item: std::marker::PhantomData<fn(T)>,
}

fn passes(array: &DynArray, places: Places, global: Global) -> Result<Passes> {
    let element = array.number_type()?;
    macro_rules! first {
        ($($name:ident $type:ty),*) => {
            match element {
                $(ElementType::$name => Box::new(Arg::<$type> { places, global, item: std::marker::PhantomData }) as Box<dyn Pass>,)*
                _ => return argument(format!("{element} elements have no least or greatest one")),
            }
        };
    }
    let first = first!(I8 i8, I16 i16, I32 i32, I64 i64, U8 u8, U16 u16, U32 u32, U64 u64, F32 f32, F64 f64);
    Ok(Passes { first, second: None, element: ElementType::I64 })
}

impl<T: Ordered + Word> Arg<T> {
    /// Whether there is an element, the element, its index.
    const WORDS: usize = 3;

    fn end(&self, found: &Found<T>) -> Option<ArgExtreme<T>> {
        if self.places == Places::Least { found.least } else { found.greatest }
    }

    fn put(end: Option<ArgExtreme<T>>, words: &mut Vec<u64>) {
        words.extend(end.map_or([0; 3], |end| [1, end.value.to_word(), end.index]));
    }

    fn get(&self, words: &[u64]) -> Found<T> {
        let end = match *words {
            [1, value, index] => Some(ArgExtreme { value: T::from_word(value), index }),
            _ => None,
        };
        if self.places == Places::Least {
            Found { least: end, greatest: None }
        } else {
            Found { least: None, greatest: end }
        }
    }
}

impl<T: Ordered + Word> Pass for Arg<T> {
    fn words(&self) -> usize {
        Self::WORDS
    }

    fn run(&self, view: &View<'_>, axes: Option<&[usize]>) -> Result<Vec<u64>> {
        let found = match axes {
            Some(axes) => arg_extremes_along::<T>(view, axes.first().copied().unwrap_or(0), self.places).checked()?,
            None => vec![arg_extremes::<T>(view, self.places).checked()?],
        };
        let mut words = Vec::with_capacity(found.len() * Self::WORDS);
        for found in &found {
            let end = self.end(found).map(|end| match axes {
                Some(_) => ArgExtreme { index: (self.global)(&[end.index as usize]), ..end },
                None => end.at(view.shape(), &self.global),
            });
            Self::put(end, &mut words);
        }
        Ok(words)
    }

    fn neutral(&self) -> Vec<u64> {
        vec![0; Self::WORDS]
    }

    fn merge(&self, words: &mut [u64], other: &[u64]) {
        let mut found = self.get(words);
        found.merge(&self.get(other));
        let mut merged = Vec::with_capacity(Self::WORDS);
        Self::put(self.end(&found), &mut merged);
        words.copy_from_slice(&merged);
    }

    fn finish(&self, words: &[u64]) -> Option<Value> {
        // Whether there are elements was checked when the reduction began.
        Some(Value::Int(words.get(2).copied().unwrap_or(0).into()))
    }
}
