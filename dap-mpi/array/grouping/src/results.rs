//! Results of groups back at the elements.

use dap_array::{DynArray, Element, Result, Value, argument};
use dap_kernels::with_element;
use dap_mpi::memory;
use dap_ndarray::copy::Order;
use dap_ndarray::{Buffer, Item};
use ndarray::{ArrayViewD, Axis};

use crate::Grouped;
use crate::spread::whole_axis;

impl Grouped {
    /// The result of its group for each element, in the distribution of the array; NaN for elements
    /// of no group, 0 if the results are integers or booleans. Collective.
    ///
    /// # Errors
    /// Results of another shape than those of the reductions, or of another context; not enough
    /// memory on some rank.
    #[track_caller]
    pub fn expand(&self, results: &DynArray) -> Result<DynArray> {
        let _call = results.enter("groups expand", self.axis)?;
        let expected = self.placement()?;
        if results.shape() != expected.shape() || !results.context().is_same(self.array.context()) {
            let (found, expected) = (results.shape(), expected.shape());
            return argument(format!("results of shape {found:?}: expected {expected:?}, on the context of the array"));
        }
        let element = results.number_type()?;
        let all = whole_axis(results, self.array.placement(), self.axis)?;
        let section = with_element!(element, T => self.expanded::<T>(&all));
        DynArray::from_buffer(self.array.context(), self.array.placement().clone(), results.dtype(), section)
    }

    /// This process's section, from the results of all groups. Local.
    fn expanded<T: Item + Element>(&self, all: &DynArray) -> Result<Option<Buffer>> {
        let Some(shape) = self.array.local_shape() else { return Ok(None) };
        let comm = self.array.context().comm();
        let mut buffer = memory::allocate(comm, all.dtype(), &shape, Order::C)?;
        let missing = missing::<T>()?;
        let local = all.local::<T>()?;
        // The axis in front of the groups has one index here.
        let results: ArrayViewD<'_, T> = local.view();
        let results = results.index_axis(Axis(self.axis), 0);
        let mut target = buffer.view_mut::<T>()?;
        if results.ndim() == 1 {
            for (target, group) in target.iter_mut().zip(&self.labels.groups) {
                *target = group.map_or(missing, |group| results[[group as usize]]);
            }
            return Ok(Some(buffer));
        }
        for (mut target, group) in target.axis_iter_mut(Axis(self.axis)).zip(&self.labels.groups) {
            match group {
                Some(group) => target.assign(&results.index_axis(Axis(self.axis), *group as usize)),
                None => target.fill(missing),
            }
        }
        Ok(Some(buffer))
    }
}

/// NaN, or 0 of a type without NaN.
fn missing<T: Item + Element>() -> Result<T> {
    let element = <T as Element>::TYPE;
    let has_nan = element.is_float() || element.is_complex();
    let value = if has_nan { Value::Float(f64::NAN) } else { Value::Int(0) };
    let bytes = value.bytes(element).unwrap_or_default();
    let mut item = Buffer::zeros(<T as Item>::dtype(), &[1])?;
    item.bytes_mut()?.copy_from_slice(&bytes[..size_of::<T>()]);
    Ok(item.view::<T>()?[[0]])
}
