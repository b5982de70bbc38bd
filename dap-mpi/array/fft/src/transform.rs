//! A transform of several axes: steps along local axes, and moves between them.

use dap_array::DynArray;
use dap_core::algebra::{Slice, Subscript};
use dap_kernels::element::{Element, ElementType};
use dap_mpi::Result;
use dap_ndarray::Item;
use num_complex::Complex;

use crate::along::Along;
use crate::float::{Float, promoted};
use crate::line::Kind;
use crate::long;
use crate::norm::Output;
use crate::pencil::{self, Next, is_local, turn};
use crate::steps::Step;

/// The result of steps, in their order.
///
/// # Errors
/// Elements that are no numbers; complex elements where real ones are needed; not enough memory.
pub(crate) fn transform(array: &DynArray, steps: &[Step], output: Output) -> Result<DynArray> {
    match promoted(array.element())? {
        ElementType::F32 => in_type::<f32>(array, steps, output),
        _ => in_type::<f64>(array, steps, output),
    }
}

fn in_type<T: Float>(array: &DynArray, steps: &[Step], output: Output) -> Result<DynArray>
where
    Complex<T>: Item + Element,
{
    let mut current = match array.element() {
        Some(element) if element == <T as Element>::TYPE || element == T::COMPLEX => array.clone(),
        // Integers, and booleans.
        _ => array.expr().cast(<T as Element>::TYPE).eval()?,
    };
    let mut owned = !current.shares_memory(array);
    if steps.is_empty() {
        return current.expr().cast(T::COMPLEX).eval();
    }
    let mut rest = steps;
    while !rest.is_empty() {
        let (pass, behind) = rest.split_at(distinct(rest));
        current = Pass { owned, output }.run::<T>(current, pass)?;
        (owned, rest) = (true, behind);
    }
    Ok(current)
}

/// The number of steps up to the second one of an axis, or to the second kind that must end the
/// transform.
fn distinct(steps: &[Step]) -> usize {
    let repeats = |at: &usize| steps[..*at].iter().any(|before| before.axis == steps[*at].axis);
    (0..steps.len()).find(repeats).unwrap_or(steps.len())
}

/// Steps along different axes: those of one kind commute.
struct Pass {
    /// The array's memory may be overwritten.
    owned: bool,
    output: Output,
}

impl Pass {
    fn run<T: Float>(&self, array: DynArray, steps: &[Step]) -> Result<DynArray>
    where
        Complex<T>: Item + Element,
    {
        let mut shape = array.shape().to_vec();
        steps.iter().for_each(|step| shape[step.axis] = step.kind.output_len(step.points));
        let target = array.placement().resized(&shape)?;
        let is_real = steps.iter().any(|step| step.kind == Kind::ToReal);
        if array.is_empty() || target.layout().len() == 0 {
            let element = if is_real { <T as Element>::TYPE } else { T::COMPLEX };
            return DynArray::zeros(array.context(), target, &element.dtype());
        }
        let goal = (self.output == Output::AsInput).then_some(&target);
        let mut current = cropped(&array, steps)?;
        let mut owned = self.owned;
        drop(array);
        let mut todo = steps.to_vec();
        loop {
            while let Some(at) = local_one(&current, &todo) {
                current = along::<T>(current, owned, &todo.remove(at))?;
                owned = true;
            }
            if todo.is_empty() {
                break;
            }
            match pencil::next(&current, &todo, goal)? {
                Next::Move(to) => {
                    let moved = current.redistribute(*to)?;
                    owned |= !moved.shares_memory(&current);
                    current = moved;
                }
                Next::Long(at) => {
                    let step = todo.remove(at);
                    let mut shape = current.shape().to_vec();
                    shape[step.axis] = step.kind.output_len(step.points);
                    let to = match goal {
                        Some(goal) if todo.is_empty() => goal.clone(),
                        _ => current.placement().resized(&shape)?,
                    };
                    current = long::run::<T>(&current, &step, &to)?;
                    owned = true;
                }
            }
        }
        match goal {
            Some(goal) => current.redistribute(goal),
            None => Ok(current),
        }
    }
}

/// The first step whose axis is local and whose turn it is.
fn local_one(array: &DynArray, steps: &[Step]) -> Option<usize> {
    let first = steps.iter().map(|step| turn(step.kind)).min()?;
    let dims = array.layout().dims();
    steps.iter().position(|step| turn(step.kind) == first && is_local(&dims[step.axis]))
}

/// The elements that steps read.
fn cropped(array: &DynArray, steps: &[Step]) -> Result<DynArray> {
    let mut subscripts = vec![Subscript::Slice(Slice::ALL); array.ndim()];
    for step in steps {
        let read = step.kind.input_len(step.points);
        if read < array.shape()[step.axis] {
            subscripts[step.axis] = Subscript::Slice(Slice::range(0, read));
        }
    }
    if subscripts.iter().all(|it| *it == Subscript::Slice(Slice::ALL)) {
        return Ok(array.clone());
    }
    array.part(&subscripts)
}

/// One step along a local axis.
fn along<T: Float>(array: DynArray, owned: bool, step: &Step) -> Result<DynArray>
where
    Complex<T>: Item + Element,
{
    let conjugate = |_: usize, line: &mut [Complex<T>]| line.iter_mut().for_each(|item| item.im = -item.im);
    let mut along = Along::<T>::new(step.kind, step.axis, step.points, step.factor);
    if step.conjugates_input {
        along.before = Some(&conjugate);
    }
    if step.conjugates_output {
        along.after = Some(&conjugate);
    }
    along.run(array, owned)
}
