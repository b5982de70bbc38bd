//! One rank is wrong: all are told the same, and nothing was written.

use dap_core::dim::{Block, Cyclic};
use dap_core::dtype::DType;
use dap_core::index::{GlobalIndex, Rank};
use dap_core::layout::Layout;
use dap_core::plan::Stencil;
use dap_mpi::{Comm, DistArray, ErrorKind, HaloExchange, Ranks, Redistribution};
use dap_ndarray::{Buffer, Section};

fn line(size: i64, processes: i64) -> Layout {
    Layout::new(vec![Block::new(size, processes).expect("a block").into()]).expect("a layout")
}

pub(crate) fn one_rank_is_wrong(comm: &Comm) {
    let ranks = i64::from(comm.size());
    let last = comm.size() - 1;
    let wrong = comm.rank() == last;
    let dtype = DType::parse("<f8").expect("a type");
    let (from, to) = (line(12 * ranks, ranks), line(12 * ranks, 1));
    let moving = |to: &Layout| Redistribution::new(comm, (&from, Ranks::First), (to, Ranks::First), &dtype);

    let error = moving(&line(5, 1)).expect_err("another array");
    assert_eq!(
        error.to_string(),
        format!(
            "rank 0: dimension 0: the two layouts describe arrays of different shapes: `size` is 5, expected {}",
            12 * ranks
        )
    );
    let error = moving(&line(12 * ranks, ranks + 1)).expect_err("too few ranks");
    assert_eq!((error.kind(), error.rank()), (ErrorKind::Layout, Some(0)));
    if ranks > 1 {
        // Each by itself is right, but they are not the same.
        let other = line(12 * ranks, if wrong { 1 } else { ranks });
        let error = moving(&other).expect_err("different arguments");
        assert!(error.to_string().starts_with(&format!("rank {last}: different arguments: move of ")), "{error}");
    }

    let mut redistribution = moving(&to).expect("a plan");
    let section = |len: i64, dtype: &DType| Buffer::zeros(dtype.clone(), &[len]).expect("memory");
    let good = section(12, &dtype);
    let whole = || (comm.rank() == 0).then(|| section(12 * ranks, &dtype));
    let mut check = |source: Option<&Buffer>, target: Option<Buffer>, what: &str, rank: i32| {
        let mut target = target;
        let error = redistribution.execute(source, target.as_mut()).expect_err(what);
        assert_eq!(error.rank(), Some(rank), "{error}");
        assert!(error.to_string().contains(what), "{error}");
        if let Some(mut target) = target.filter(|target| target.access() == dap_ndarray::Access::ReadWrite) {
            assert!(target.bytes_mut().expect("contiguous").iter().all(|&byte| byte == 0));
        }
    };
    let short = section(11, &dtype);
    check(Some(if wrong { &short } else { &good }), whole(), "the source has the shape [11]", last);
    let narrow = section(12, &DType::parse("<f4").expect("a type"));
    check(Some(if wrong { &narrow } else { &good }), whole(), "the source has items of type float32", last);
    check((!wrong).then_some(&good), whole(), "the source is missing", last);
    check(Some(&good), whole().map(Buffer::into_read_only), "the target may only be read", 0);

    // It works still.
    let mut target = whole();
    redistribution.execute(Some(&good), target.as_mut()).expect("it moves");

    let padded = Layout::new(vec![Block::new(12 * ranks, ranks).and_then(|b| b.with_halo(2)).expect("a block").into()]);
    let padded = padded.expect("a layout");
    let mut halo = HaloExchange::new(comm, &padded, &dtype, Stencil::Box).expect("a plan");
    let shape = padded.local_shape(Rank(comm.rank().into())).expect("a section");
    let mut field = Buffer::zeros(dtype.clone(), &shape).expect("memory");
    let mut other = Buffer::zeros(dtype.clone(), &[3]).expect("memory");
    let error = halo.exchange(Some(if wrong { &mut other } else { &mut field })).expect_err("another shape");
    assert_eq!(error.rank(), Some(last), "{error}");
    assert!(halo.finish(Some(&mut field)).is_err(), "nothing was started");
    halo.exchange(Some(&mut field)).expect("it works still");
    // In the second half, too: the exchange can be ended with the right buffer.
    halo.start(Some(&field)).expect("it starts");
    let mut narrow = Buffer::zeros(DType::parse("<f4").expect("a type"), &shape).expect("memory");
    let error = halo.finish(Some(if wrong { &mut narrow } else { &mut field })).expect_err("another type");
    assert_eq!(error.rank(), Some(last), "{error}");
    let error = halo.finish(if wrong { None } else { Some(&mut field) }).expect_err("nothing");
    assert!(error.to_string().contains("the buffer is missing"), "{error}");
    assert!(halo.start(Some(&field)).is_err(), "it is under way");
    halo.finish(Some(&mut field)).expect("it ends");

    let error = DistArray::<f64>::from_section(comm, &from, None).expect_err("no section");
    assert_eq!(error.to_string(), format!("rank 0: the section of rank 0 of {from} is missing"));
    // As long, but dealt out in turn.
    let dealt = Layout::new(vec![Cyclic::new(12 * ranks, ranks, 1).expect("a dimension").into()]).expect("a layout");
    let part =
        |layout: &Layout| Some(Section::of(layout, Rank(comm.rank().into()), section(12, &dtype)).expect("a section"));
    let array = DistArray::<f64>::from_section(comm, &from, part(&from)).expect("its own section");
    if ranks > 1 {
        let error = DistArray::<f64>::from_section(comm, &dealt, part(&from)).expect_err("another distribution");
        assert!(error.to_string().contains("dictionaries are not those of rank 0"), "{error}");
        let error = array.get(&[GlobalIndex(i64::from(wrong))]).expect_err("different elements");
        let expected =
            format!("rank {last}: different arguments: element [1] of an array; on rank 0 element [0] of an array");
        assert_eq!(error.to_string(), expected);
    }
}
