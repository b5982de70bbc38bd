//! One rank has a wrong argument: all ranks get the same error, and no byte of a target was
//! written.

use dap_core::dim::{Block, Cyclic};
use dap_core::dtype::DType;
use dap_core::index::{GlobalIndex, Rank};
use dap_core::layout::Layout;
use dap_core::plan::Stencil;
use dap_mpi::{Comm, DistArray, ErrorKind, HaloExchange, Ranks, Redistribution};
use dap_ndarray::{Buffer, Section};

use crate::halos;
use crate::moves::{check, here, section};
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
    let moving = |to: &Layout| Redistribution::new(comm, (&from, Ranks::First), (to, Ranks::First), &dtype);

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
        let move_to = |to: &Layout, ranks: &str| {
            format!("a move of float64 items from {from} on ranks 0 to {last} to {to} on {ranks}")
        };
        let all = format!("ranks 0 to {last}");
        let expected = format!(
            "rank {last}: the call differs from that of rank 0: it is {}, on rank 0 it is {}",
            move_to(&mine, "rank 0"),
            move_to(&theirs, &all)
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

    let error = DistArray::<f64>::from_section(comm, &from, None).expect_err("no section");
    assert_eq!(error.to_string(), format!("rank 0: the section of rank 0 of {from} is missing"));
    // The same length, but cyclic.
    let cyclic = Layout::new(vec![Cyclic::new(12 * ranks, ranks, 1).expect("a dimension").into()]).expect("a layout");
    let part =
        |layout: &Layout| Some(Section::of(layout, Rank(comm.rank().into()), zeros(12, &dtype)).expect("a section"));
    let array = DistArray::<f64>::from_section(comm, &from, part(&from)).expect("its own section");
    if ranks > 1 {
        let error = DistArray::<f64>::from_section(comm, &cyclic, part(&from)).expect_err("another distribution");
        assert!(error.to_string().contains("dictionaries are not those of rank 0"), "{error}");
        let error = array.get(&[GlobalIndex(i64::from(wrong))]).expect_err("different elements");
        let expected = format!(
            "rank {last}: the call differs from that of rank 0: it is a request for the element [1], on rank 0 it is a request for the element [0]"
        );
        assert_eq!(error.to_string(), expected);
    }
    indices_that_are_not_there(&array, 12 * ranks, last);
}

/// An index of no process and a wrong number of indices are different errors, also of one rank.
fn indices_that_are_not_there(array: &DistArray<f64>, size: i64, last: i32) {
    for (index, reason) in [
        (vec![GlobalIndex(size)], "the index is outside of the dimension"),
        (vec![GlobalIndex(-1)], "at least 0"),
        (vec![GlobalIndex(0), GlobalIndex(0)], "an element has one index a dimension: `indices` is 2, expected 1"),
    ] {
        for error in [array.get(&index).expect_err("absent"), array.get_local(&index).expect_err("absent here")] {
            assert_eq!(error.kind(), ErrorKind::Layout);
            assert!(error.to_string().contains(reason), "{error}");
        }
        let mine = if array.comm().rank() == last { index } else { vec![GlobalIndex(0)] };
        let error = array.get(&mine).expect_err("absent on one rank");
        assert_eq!(error.rank(), Some(last), "{error}");
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
