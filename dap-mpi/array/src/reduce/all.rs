//! Reductions over all axes: a value that all ranks have.

use dap_mpi::Result;

use super::pass::Pass;
use super::passes::Passes;
use crate::array::DynArray;
use crate::context::Context;
use crate::scalar::Scalar;

/// Reduces all elements, each of which one rank has.
pub(super) fn reduce(array: &DynArray, passes: &Passes) -> Result<Scalar> {
    let reading = array.read();
    of_all_ranks(array.context(), passes, |pass| match &reading {
        Ok(Some(reading)) => pass.run(&reading.view()?, None),
        Ok(None) => Ok(pass.neutral()),
        Err(error) => Err(error.clone()),
    })
}

/// The reduction of elements of which `run` gives the partial result of this rank. Collective.
pub(super) fn of_all_ranks(
    context: &Context,
    passes: &Passes,
    run: impl Fn(&dyn Pass) -> Result<Vec<u64>>,
) -> Result<Scalar> {
    let mut value = passes.first.finish(&merged(context, &*passes.first, run(&*passes.first))?);
    // All ranks have the same words, so that all of them begin the second pass, or none.
    if value.is_none()
        && let Some(second) = &passes.second
    {
        value = second.finish(&merged(context, &**second, run(&**second))?);
    }
    let value = value.expect("the second pass decides, and a reduction of one pass has no second one");
    Ok(Scalar { element: passes.element, value })
}

/// All ranks' partial results, merged in rank order. Collective; a rank's error is an error on all.
fn merged(context: &Context, pass: &dyn Pass, mine: Result<Vec<u64>>) -> Result<Vec<u64>> {
    let comm = context.comm();
    // In front stands whether this rank has failed: success needs no agreement of its own.
    let mut message = vec![u64::from(mine.is_err())];
    match &mine {
        Ok(words) => message.extend(words),
        Err(_) => message.resize(1 + pass.words(), 0),
    }
    let all = comm.gather_words(&message)?;
    let ranks = || all.chunks_exact(message.len());
    if ranks().any(|rank| rank[0] != 0) {
        return comm.agree(mine);
    }
    let mut words = pass.neutral();
    ranks().for_each(|rank| pass.merge(&mut words, &rank[1..]));
    Ok(words)
}
