//! Imports sections from files: a `.npy` file with a layout, and DistArray's `.dnpy`.
//!
//! A mapped file is memory: only what is looked at is read.

use std::fs::File;

use daparray::prelude::*;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::temp_dir().join(format!("daparray-import-file-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let (npy, dnpy) = (folder.join("rank-1.npy"), folder.join("rank-1.dnpy"));
    let layout = Layout::new(vec![Cyclic::new(7, 2, 2)?.into()])?;

    // Rank 1 of 2 owns the indices 2, 3 and 6.
    let mine = Buffer::from_array(ndarray::arr1(&[2_i64, 3, 6]));
    mine.write_npy(&mut File::create(&npy)?)?;
    Section::of(&layout, Rank(1), mine)?.write_dnpy(&mut File::create(&dnpy)?)?;

    // SAFETY: no other program writes to the files or shortens them.
    let buffer = unsafe { Buffer::map_npy(&npy, Access::ReadOnly) }?;
    let from_npy = Section::of(&layout, Rank(1), buffer)?;
    // SAFETY: as above.
    let from_dnpy = unsafe { Buffer::map_dnpy(&dnpy, Access::ReadOnly) }?;

    assert!(from_dnpy.is_part_of(&layout, Rank(1)));
    assert_eq!(from_npy.view::<i64>()?, from_dnpy.view::<i64>()?);
    println!("rank 1 of {layout} holds {}", from_dnpy.view::<i64>()?);
    drop((from_npy, from_dnpy));
    std::fs::remove_dir_all(folder)?;
    Ok(())
}
