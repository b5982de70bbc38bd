//! Declares a periodic dimension with a halo, and plans its exchange.
//!
//! In protocol 0.10 the images of the other end are boundary padding, which counts in `size`: ten
//! elements with one image at each end are a dimension of size 12.

use daparray::plan::Halo;
use daparray::prelude::*;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // A halo alone does not reach round the ends, and the crate says what does.
    let flat = Block::new(10, 2)?.with_halo(1)?.with_periodic(true)?;
    println!("{}", flat.wrap_advice(1).ok_or("the halo does not reach round the ends")?);

    let ring = Block::new(12, 2)?.with_halo(1)?.with_boundary(1, 1)?.with_periodic(true)?;
    assert_eq!(ring.wrap_advice(1), None);
    // Index 0 is an image of index 10, and index 11 of index 1.
    assert_eq!(ring.image(GlobalIndex(0)), Some(GlobalIndex(10)));
    assert_eq!(ring.image(GlobalIndex(11)), Some(GlobalIndex(1)));

    let layout = Layout::new(vec![ring.into()])?;
    for rank in [0, 1].map(Rank) {
        let halo = Halo::new(&layout, rank, Stencil::Star)?;
        let receives: Vec<_> = halo.receives().iter().map(|message| (message.peer().0, message.elements())).collect();
        println!("rank {} receives (from, elements) {receives:?}", rank.0);
        // One element at the seam between the blocks, and one image of the other end.
        assert_eq!(receives, [(1 - rank.0, 2)]);
    }
    Ok(())
}
