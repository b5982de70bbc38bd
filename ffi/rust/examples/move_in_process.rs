//! Carries a plan out without MPI: pack, hand over, unpack. Any transport can take the place of the
//! list of messages.

use daparray::copy::{self, Order};
use daparray::plan::Endpoints;
use daparray::prelude::*;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let from = Layout::new(vec![Block::new(8, 2)?.into(), Dim::undistributed(3)?])?;
    let to = Layout::new(vec![Cyclic::new(8, 3, 1)?.into(), Dim::undistributed(3)?])?;
    let item = size_of::<f64>();

    // Each source packs one message for each target; element (i, j) is 10 i + j.
    let mut messages = Vec::new();
    for rank in (0..from.processes()).map(Rank) {
        let plan = Plan::new(&from, &to, Endpoints { source: Some(rank), target: None })?;
        let source = filled(&from, rank)?;
        for send in plan.sends() {
            let mut message = vec![0; item * usize::try_from(send.elements())?];
            copy::pack(&send, &source, Order::C, &mut message)?;
            messages.push((rank, send.peer(), message));
        }
    }

    // Each target unpacks what it receives.
    for rank in (0..to.processes()).map(Rank) {
        let plan = Plan::new(&from, &to, Endpoints { source: None, target: Some(rank) })?;
        let shape = to.local_shape(rank).ok_or("the rank is in the layout")?;
        let mut target = Buffer::zeros(f64::dtype(), &shape)?;
        for receive in plan.receives() {
            let sent = messages.iter().find(|(source, target, _)| (*source, *target) == (receive.peer(), rank));
            copy::unpack(&receive, &sent.ok_or("each message was packed")?.2, Order::C, &mut target)?;
        }
        assert_eq!(target.view::<f64>()?, filled(&to, rank)?.view::<f64>()?);
    }
    println!("{} messages moved {} elements to {to}", messages.len(), from.len());
    Ok(())
}

/// The part of a rank of the array whose element (i, j) is 10 i + j.
fn filled(layout: &Layout, rank: Rank) -> Result<Buffer, Box<dyn std::error::Error>> {
    let shape = layout.local_shape(rank).ok_or("the rank is in the layout")?;
    let mut buffer = Buffer::zeros(f64::dtype(), &shape)?;
    for (at, item) in buffer.view_mut::<f64>()?.indexed_iter_mut() {
        let global = layout.global(rank, &[LocalIndex(at[0] as i64), LocalIndex(at[1] as i64)]);
        let global = global.ok_or("every local index has a global one")?;
        *item = (10 * global[0].0 + global[1].0) as f64;
    }
    Ok(buffer)
}
