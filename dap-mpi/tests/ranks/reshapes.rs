//! Reshapes against the layouts' own maps: an item keeps its position in the row-major sequence,
//! whatever its index becomes.

use dap_core::dim::Block;
use dap_core::dtype::DType;
use dap_core::layout::Layout;
use dap_core::random_layouts::reshapes;
use dap_launch::values;
use dap_mpi::{Comm, ErrorKind, Prepare, Redistribution};
use dap_ndarray::Buffer;
use dap_ndarray::copy::Order;
use proptest::prelude::*;

use crate::moves::{check, here, section, there_and_back};
use crate::support::{Memory, dtypes, memories, snapshot};

pub(crate) fn random_pairs(comm: &Comm) {
    let size = i64::from(comm.size());
    for ((from, to), dtype, a, b) in values((reshapes(size), dtypes(), memories(), memories()), 80, 7) {
        there_and_back(comm, Redistribution::reshape, [&from, &to], &dtype, [a, b], None);
    }
}

/// Many messages or slots for each transfer, so that groups are cut.
pub(crate) fn short_messages(comm: &Comm) {
    let size = i64::from(comm.size());
    let orders = prop_oneof![2 => Just(Order::C), 1 => Just(Order::F)];
    for ((from, to), dtype, limit, order) in values((reshapes(size), dtypes(), 1..60_usize, orders), 30, 8) {
        let foreign = Memory { shared: false, order };
        there_and_back(comm, Redistribution::reshape, [&from, &to], &dtype, [foreign, foreign], Some(limit));
    }
}

fn layout(dims: [(i64, i64); 2]) -> Layout {
    let dims = dims.map(|(size, processes)| Block::new(size, processes).expect("a block").into());
    Layout::new(dims.to_vec()).expect("a layout")
}

/// All ranks get the same error, and no byte of a target is written.
pub(crate) fn one_rank_is_wrong(comm: &Comm) {
    let ranks = i64::from(comm.size());
    let last = comm.size() - 1;
    let wrong = comm.rank() == last;
    let dtype = DType::parse("<f8").expect("a type");
    let from = layout([(6 * ranks, ranks), (4, 1)]);
    // Padding on each rank, which no reshape writes.
    let rows = Block::new(3 * ranks, ranks).and_then(|block| block.with_halo(1)).expect("a block").into();
    let to = Layout::new(vec![rows, Block::new(8, 1).expect("a block").into()]).expect("a layout");
    let reshaping = |to: &Layout| Redistribution::reshape(comm, &from, to, &dtype);

    let error = reshaping(&layout([(5, 1), (3, 1)])).expect_err("another number of items");
    let expected = 24 * ranks;
    assert_eq!(
        error.to_string(),
        format!("rank 0: a reshape must keep the number of items: `items` is 15, expected {expected}")
    );
    let error = reshaping(&layout([(3 * ranks, ranks + 1), (8, 1)])).expect_err("too few ranks");
    assert_eq!((error.kind(), error.rank()), (ErrorKind::Layout, Some(0)));
    if ranks > 1 {
        // The same shape is valid for a move and for a reshape, but the ranks must choose alike.
        let prepare: Prepare = if wrong { Redistribution::new } else { Redistribution::reshape };
        let error = prepare(comm, (&from).into(), (&from).into(), &dtype).expect_err("different calls");
        assert!(error.to_string().contains("the call differs from that of rank 0"), "{error}");
    }

    let zeros = |shape: &[i64], dtype: &DType| Buffer::zeros(dtype.clone(), shape).expect("memory");
    for at in Memory::ALL {
        let mut redistribution = reshaping(&to).expect("a plan");
        let good = section(comm, &from, here(&from, comm), &dtype, at, true).expect("a section");
        let empty = || section(comm, &to, here(&to, comm), &dtype, at, false).expect("a section");
        let mut check_error = |source: &Buffer, mut target: Buffer, what: &str, rank: i32| {
            let before = snapshot(&target);
            let error = redistribution.execute(Some(source), Some(&mut target)).expect_err(what);
            assert_eq!(error.rank(), Some(rank), "{error}");
            assert!(error.to_string().contains(what), "{error}");
            assert_eq!(snapshot(&target), before, "written after: {error}");
        };
        // The same number of items does not make the shape right.
        let turned = zeros(&[4, 6], &dtype);
        check_error(if wrong { &turned } else { &good }, empty(), "the source has the shape [4, 6]", last);
        let narrow = zeros(&[6, 4], &DType::parse("<f4").expect("a type"));
        check_error(if wrong { &narrow } else { &good }, empty(), "the source has items of type float32", last);
        check_error(&good, empty().into_read_only(), "the target may only be read", 0);
        let line = Layout::new(vec![Block::new(24 * ranks, ranks).expect("a block").into()]).expect("a layout");
        let flat = section(comm, &line, here(&line, comm), &dtype, at, false).expect("a section");
        check_error(&good, flat, "the target has the shape", 0);

        // The communicator still works.
        let mut target = empty();
        redistribution.execute(Some(&good), Some(&mut target)).expect("it is reshaped");
        check(&to, here(&to, comm), Some(&target), "after errors");
    }
}
