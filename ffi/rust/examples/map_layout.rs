//! Maps a layout: the owner of an element, its local index, and all that a rank owns as runs.

use daparray::prelude::*;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // 100 rows in blocks over 2 processes, 9 columns in blocks of 2, distributed cyclically over 2.
    let layout = Layout::new(vec![Block::new(100, 2)?.with_halo(1)?.into(), Cyclic::new(9, 2, 2)?.into()])?;
    assert_eq!(layout.processes(), 4);

    let element = [GlobalIndex(60), GlobalIndex(8)];
    let (rank, local) = layout.try_owner(&element)?;
    assert_eq!((rank, &local[..]), (Rank(2), &[LocalIndex(11), LocalIndex(4)][..]));
    assert_eq!(layout.global(rank, &local), Some(element.to_vec()));

    // An index that is not there, and a wrong number of indices, are different errors.
    let outside = layout.try_owner(&[GlobalIndex(60), GlobalIndex(9)]).expect_err("column 8 is the last");
    assert_eq!(outside.to_string(), "dimension 1: the index is outside of the dimension: `index` is 9, at most 8");
    let short = layout.try_owner(&[GlobalIndex(60)]).expect_err("the array has two dimensions");
    assert_eq!(short.to_string(), "an element has one index a dimension: `indices` is 1, expected 2");

    // The buffer of a rank includes its padding; what it owns does not.
    assert_eq!(layout.local_shape(rank), Some(vec![51, 5]));
    assert_eq!(layout.owned_shape(rank), Some(vec![50, 5]));

    // Runs cost memory by their number, not by the number of elements.
    let runs = layout.runs(rank).ok_or("the rank is in the layout")?;
    let columns: Vec<_> = runs[1].iter().map(|run| (run.global.0, run.len)).collect();
    assert_eq!(columns, [(0, 2), (4, 2), (8, 1)]);
    println!("{layout}: element (60, 8) is on rank {}, which owns the columns {columns:?}", rank.0);

    // An unstructured dimension lists its indices.
    let mesh = Unstructured::new(5, false, &[vec![4, 0], vec![1, 3, 2]])?;
    assert_eq!(mesh.owner(GlobalIndex(3)), Some((GridRank(1), LocalIndex(1))));
    Ok(())
}
