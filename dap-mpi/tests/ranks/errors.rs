//! One rank has a wrong argument: all ranks get the same error, and no byte of a target was
//! written.

use dap_core::algebra::Placement;
use dap_core::dim::Block;
use dap_core::dtype::DType;
use dap_core::index::Rank;
use dap_core::layout::Layout;
use dap_core::plan::Stencil;
use dap_mpi::{Comm, ErrorKind, HaloExchange, Redistribution};
use dap_ndarray::Buffer;

use crate::halos;
use crate::moves::{check, here, on, section};
use crate::support::{Memory, UNTOUCHED, buffer, snapshot};

fn line(size: i64, processes: i64) -> Layout {
    Layout::new(vec![Block::new(size, processes).expect("a block").into()]).expect("a layout")
}

pub(crate) fn one_rank_is_wrong(comm: &Comm) {
    let ranks = i64::from(comm.size());
    let last = comm.size() - 1;
    let wrong = comm.rank() == last;
    let dtype = DType::parse("<f8").expect("a type");
    let from = line(12 * ranks, ranks);
    // Padding on each rank, which no move writes.
    let to = Block::new(12 * ranks, ranks).and_then(|block| block.with_halo(2)).expect("a block").into();
    let to = Layout::new(vec![to]).expect("a layout");
    let moving = |to: &Layout| Redistribution::new(comm, &from, to, &dtype);

    let error = moving(&line(5, 1)).expect_err("another array");
    assert_eq!(
        error.to_string(),
        format!(
            "rank 0: dimension 0: the two layouts describe arrays of different shapes: `size` is 5, expected {}",
            12 * ranks
        )
    );
    assert_eq!(error.dim(), Some(0));
    assert_eq!(format!("{error:?}"), error.to_string());
    let error = moving(&line(12 * ranks, ranks + 1)).expect_err("too few ranks");
    assert_eq!((error.kind(), error.rank()), (ErrorKind::Layout, Some(0)));
    if ranks > 1 {
        // Each argument is right by itself, but they differ.
        let other = line(12 * ranks, if wrong { 1 } else { ranks });
        let error = moving(&other).expect_err("different arguments");
        let size = 12 * ranks;
        let (mine, theirs) = (line(size, 1), line(size, ranks));
        let move_to = |to: &Layout| format!("a move of float64 items from {from} to {to}");
        let expected = format!(
            "rank {last}: the call differs from that of rank 0: it is {}, on rank 0 it is {}",
            move_to(&mine),
            move_to(&theirs)
        );
        assert_eq!(error.to_string(), expected);
    }

    let of = |text: &str| DType::parse(text).expect("a type");
    let zeros = |len: i64, dtype: &DType| Buffer::zeros(dtype.clone(), &[len]).expect("memory");
    for at in Memory::ALL {
        let mut redistribution = moving(&to).expect("a plan");
        let good = section(comm, &from, here(&from, comm), &dtype, at, true).expect("a section");
        let empty = || section(comm, &to, here(&to, comm), &dtype, at, false).expect("a section");
        let mut check_error = |source: Option<&Buffer>, mut target: Buffer, what: &str, rank: i32| {
            let error = redistribution.execute(source, Some(&mut target)).expect_err(what);
            assert_eq!(error.rank(), Some(rank), "{error}");
            assert!(error.to_string().contains(what), "{error}");
            assert!(snapshot(&target).iter().all(|&byte| byte == UNTOUCHED), "written after: {error}");
            let complete = section(comm, &from, here(&from, comm), &dtype, at, true).expect("a section");
            assert_eq!(snapshot(&good), snapshot(&complete), "the source was written after: {error}");
        };
        let short = zeros(11, &dtype);
        check_error(Some(if wrong { &short } else { &good }), empty(), "the source has the shape [11]", last);
        let narrow = zeros(12, &of("<f4"));
        check_error(Some(if wrong { &narrow } else { &good }), empty(), "the source has items of type float32", last);
        check_error((!wrong).then_some(&good), empty(), "the source is missing", last);
        check_error(Some(&good), empty().into_read_only(), "the target may only be read", 0);

        // The communicator still works.
        let mut target = empty();
        redistribution.execute(Some(&good), Some(&mut target)).expect("it moves");
        check(&to, here(&to, comm), Some(&target), "after errors");
    }
    halos_with_one_wrong_rank(comm, &to);
}

/// Placements on ranks that the communicator does not have are errors of all operations, and change
/// nothing.
pub(crate) fn ranks_that_are_not_there(comm: &Comm) {
    let ranks = i64::from(comm.size());
    let dtype = DType::parse("<f8").expect("a type");
    let all: Vec<i32> = (0..comm.size()).collect();
    let (layout, one) = (line(12 * ranks, ranks), line(12 * ranks, 1));
    let last = |rank: i32| on(&layout, &[&all[1..], &[rank]].concat());
    let cases = [
        (
            Placement::new(line(12 * ranks, ranks + 1)),
            format!("needs {} ranks, the communicator has {ranks}", ranks + 1),
        ),
        (
            on(&one, &[comm.size()]),
            format!("section 0 of {one} is placed on rank {ranks}, the communicator has ranks 0 to"),
        ),
        (last(i32::MAX), format!("section {} of {layout} is placed on rank {}", ranks - 1, i32::MAX)),
    ];
    for (wrong, expected) in cases {
        let errors = [
            Redistribution::new(comm, &wrong, &layout, &dtype).map(drop).expect_err("no such source"),
            Redistribution::new(comm, &layout, &wrong, &dtype).map(drop).expect_err("no such target"),
            Redistribution::reshape(comm, &wrong, &layout, &dtype).map(drop).expect_err("no such source"),
            HaloExchange::new(comm, &wrong, &dtype, Stencil::Box).map(drop).expect_err("no such rank"),
        ];
        for error in errors {
            assert_eq!((error.kind(), error.rank()), (ErrorKind::Layout, Some(0)), "{error}");
            assert!(error.to_string().contains(&expected), "{error}, not {expected}");
        }
    }
    if ranks > 1 {
        // The same ranks in another order on one rank.
        let turned = on(&layout, &all.iter().rev().copied().collect::<Vec<_>>());
        let mine = if comm.rank() + 1 == comm.size() { turned } else { Placement::from(&layout) };
        let error = Redistribution::new(comm, &layout, mine, &dtype).expect_err("different ranks");
        assert!(error.to_string().contains("the call differs from that of rank 0"), "{error}");
    }
}

/// Errors in both halves of an exchange, and in both at once: no byte is written, and the exchange
/// can be used as before.
fn halos_with_one_wrong_rank(comm: &Comm, layout: &Layout) {
    let last = comm.size() - 1;
    let wrong = comm.rank() == last;
    let rank = Rank(comm.rank().into());
    let dtype = DType::parse("<f8").expect("a type");
    let stencil = Stencil::Box;
    for at in Memory::ALL {
        let mut halo = HaloExchange::new(comm, layout, &dtype, stencil).expect("a plan");
        let mut field = buffer(comm, layout, rank, &dtype, at);
        halos::write(&mut field, layout, rank, 0);
        let before = snapshot(&field);
        let mut other = Buffer::zeros(dtype.clone(), &[3]).expect("memory");
        let error = halo.exchange(Some(if wrong { &mut other } else { &mut field })).expect_err("another shape");
        assert_eq!(error.rank(), Some(last), "{error}");
        assert!(halo.finish(Some(&mut field)).is_err(), "nothing was started");
        assert_eq!(snapshot(&field), before, "written after: {error}");
        halo.exchange(Some(&mut field)).expect("it works still");
        halos::check(&field, layout, rank, stencil, [0, 0]);

        // The same in the second half: the exchange can be finished with the right buffer.
        halos::write(&mut field, layout, rank, 7);
        let before = snapshot(&field);
        halo.start(Some(&field)).expect("it starts");
        let mut narrow = Buffer::zeros(DType::parse("<f4").expect("a type"), field.shape()).expect("memory");
        let error = halo.finish(Some(if wrong { &mut narrow } else { &mut field })).expect_err("another type");
        assert_eq!(error.rank(), Some(last), "{error}");
        let error = halo.finish(if wrong { None } else { Some(&mut field) }).expect_err("nothing");
        assert!(error.to_string().contains("the array's buffer is missing"), "{error}");
        assert!(halo.start(Some(&field)).is_err(), "it is under way");
        assert_eq!(snapshot(&field), before, "written after: {error}");
        halo.finish(Some(&mut field)).expect("it ends");
        halos::check(&field, layout, rank, stencil, [7, 7]);
    }
}
