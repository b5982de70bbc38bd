//! Sections out of arrays and into arrays, parts that the ranks made, memory given back.

use dap_array::{Context, DistArray, DynArray, ElementType, ErrorKind, Reduction};
use dap_array_testing::{Step, Twin, check, extents, placements_of, ranks_of, shapes, steps, value};
use dap_core::algebra::Placement;
use dap_core::check::{Checker, Profile, Ranks};
use dap_core::index::Rank;
use dap_core::json;
use dap_core::layout::{DimSpec, Layout};
use dap_launch::values;
use dap_ndarray::Buffer;
use ndarray::{ArrayD, IxDyn};
use proptest::prelude::*;

/// Exports of views are sections of one array by the checker's word, and imports of sections are
/// the arrays that they came from.
pub(crate) fn random(context: &Context) {
    let (ranks, comm) = (ranks_of(context), context.comm());
    let placements = shapes().prop_flat_map(move |shape| placements_of(shape, ranks));
    let mut exported = 0;
    for (placement, steps) in values((placements, prop::collection::vec(steps(), 0..3)), 150, 46) {
        let is_view = |step: &&Step| !matches!(step, Step::Repeat { .. });
        let twin = steps.iter().filter(is_view).fold(Twin::new(context, &placement, 47), |twin, step| twin.step(step));
        let what = format!("{:?} {steps:?}", twin.array);
        let text = match twin.array.export() {
            Ok(section) => section.map_or(String::new(), |section| json::write(&section.export()).expect("an export")),
            Err(error) => {
                assert!(error.to_string().contains("copy the array"), "{what}: {error}");
                "refused".to_owned()
            }
        };
        let texts = comm.gather_all(text.as_bytes()).expect("all texts");
        if !texts.contains(&b"refused".to_vec()) {
            let layout = twin.array.layout();
            let mut checker = Checker::new(Profile::Auto);
            for section in 0..layout.processes() {
                let holder = twin.array.placement().ranks().holder(Rank(section)).expect("a holder");
                let local = checker.local(&json::read(&texts[holder.0 as usize]));
                checker.push(Some(Rank(section)), local);
            }
            let report = checker.finish(Ranks::All);
            assert!(report.is_valid(), "{what}: {:?}", report.diagnostics);
            exported += 1;
        }
        let section =
            twin.array.copy().and_then(DynArray::into_section).unwrap_or_else(|error| panic!("{what}: {error}"));
        let imported = DynArray::import(context, section).unwrap_or_else(|error| panic!("{what}: {error}"));
        check(&imported, &twin.whole, &what);
    }
    assert!(exported > 75 || std::env::var("DAP_SEED").is_ok(), "only {exported} views can be exported");
}

/// A section that is kept shares the memory, which is known as exposed; one that is lent is not.
#[expect(unsafe_code, reason = "sections that share an array's memory")]
pub(crate) fn exposed(context: &Context) {
    let layout = Layout::builder([7]).processes(ranks_of(context)).build().expect("a layout");
    let array = DynArray::full(context, layout, ElementType::F64, 1.0.into()).expect("room");
    // SAFETY: each section is used, and dropped, before the array is used again.
    drop(unsafe { array.lend() }.expect("a section"));
    assert!(!array.is_exposed());
    let view = array.index("::-1").expect("a view");
    // SAFETY: as above.
    if let Some(mut section) = unsafe { view.expose() }.expect("a section") {
        section.view_mut::<f64>().expect("elements").fill(3.0);
    }
    assert!(array.is_exposed() && view.is_exposed());
    assert_eq!(array.sum().expect("a sum").to_f64(), 21.0);
    let repeated = array.broadcast_to(&[2, 7]).expect("a view");
    // SAFETY: as above.
    if let Some(mut section) = unsafe { repeated.lend() }.expect("a section") {
        assert!(section.view_mut::<f64>().is_err(), "repeated elements can be written");
    }
}

/// Sections that make no array are refused on all ranks.
pub(crate) fn mistakes(context: &Context) {
    let (ranks, last) = (ranks_of(context), context.comm().size() - 1);
    let is_last = context.comm().rank() == last;
    let layout = |len: i64| Layout::builder([len]).dims([DimSpec::Cyclic]).grid([ranks]).build().expect("a layout");
    let section = |len: i64| {
        let array = DynArray::from_fn(context, layout(len), |index| index[0] as f64).expect("an array");
        array.into_section().expect("the only handle")
    };
    let none = DynArray::import(context, None).expect_err("no section");
    assert!(none.to_string().contains("no rank gives a section"), "{none}");
    if ranks > 1 {
        let sizes = DynArray::import(context, section(if is_last { 25 } else { 24 })).expect_err("two sizes");
        assert!(sizes.to_string().contains("25") && sizes.rank().is_some(), "{sizes}");
        let missing = DynArray::import(context, section(24).filter(|_| !is_last)).expect_err("a section is missing");
        assert_eq!(missing.kind(), ErrorKind::Layout, "{missing}");
    }
    let whole = DynArray::from_fn(context, layout(9), |index| index[0] as f64).expect("an array");
    let view = whole.index("1:").expect("a view");
    let shared = whole.into_section().expect_err("a view exists");
    assert!(shared.to_string().contains("views of the array exist"), "{shared}");
    drop(view);
}

/// Parts of any extents on any grid, beside the array that they are cut from.
pub(crate) fn parts(context: &Context) {
    let (ranks, rank) = (ranks_of(context), i64::from(context.comm().rank()));
    let lengths = prop::collection::vec(0..5_i64, ranks as usize);
    let cases = (1..=3_usize, any::<u32>(), prop::collection::vec(lengths, 3));
    for (ndim, seed, lengths) in values(cases, 60, 48) {
        // A grid that the ranks suffice for.
        let mut grid = vec![1_i64; ndim];
        for (axis, extent) in grid.clone().iter().enumerate() {
            let so_far: i64 = grid.iter().product();
            grid[axis] = extent + i64::from(seed >> (8 * axis)) % (ranks / so_far).max(1);
        }
        let bounds: Vec<Vec<i64>> = (0..ndim)
            .map(|axis| {
                let ends = lengths[axis][..grid[axis] as usize].iter().scan(0, |end, len| {
                    *end += len;
                    Some(*end)
                });
                std::iter::once(0).chain(ends).collect()
            })
            .collect();
        let what = format!("parts {bounds:?} on a grid {grid:?}");
        let mut rest = rank;
        let mut at = vec![0_usize; ndim];
        for axis in (0..ndim).rev() {
            at[axis] = (rest % grid[axis]) as usize;
            rest /= grid[axis];
        }
        let part = (rest == 0).then(|| {
            let shape: Vec<i64> = (0..ndim).map(|axis| bounds[axis][at[axis] + 1] - bounds[axis][at[axis]]).collect();
            let first: Vec<i64> = (0..ndim).map(|axis| bounds[axis][at[axis]]).collect();
            Buffer::from_array(ArrayD::from_shape_fn(extents(&shape), |index: IxDyn| {
                value(&(0..ndim).map(|axis| first[axis] + index[axis] as i64).collect::<Vec<_>>(), 49)
            }))
        });
        let dtype = ElementType::F64.dtype();
        let array =
            DynArray::from_local(context, &grid, &dtype, part).unwrap_or_else(|error| panic!("{what}: {error}"));
        let shape: Vec<i64> = bounds.iter().map(|bounds| bounds[bounds.len() - 1]).collect();
        let whole =
            Twin::new(context, &Placement::new(Layout::builder(shape.clone()).build().expect("one process")), 49).whole;
        check(&array, &whole, &what);
        let even = array.balance().unwrap_or_else(|error| panic!("{what}: {error}"));
        check(&even, &whole, &what);
        for (axis, &processes) in grid.iter().enumerate() {
            let most = even.local_shapes().map(|shape| shape[axis]).max().unwrap_or(0);
            let least = even.local_shapes().map(|shape| shape[axis]).min().unwrap_or(0);
            assert!(most - least <= 1 && most == (shape[axis] + processes - 1) / processes, "{what}: {even:?}");
        }
    }
    made_sections(context);
    // Another extent on one rank, and a part too many.
    let extent = |rank: i64| if rank == ranks - 1 { 3 } else { 2 };
    let part = || Some(Buffer::from_array(ArrayD::<f64>::zeros(IxDyn(&[1, extent(rank) as usize]))));
    let dtype = ElementType::F64.dtype();
    if ranks > 1 {
        let uneven = DynArray::from_local(context, &[ranks, 1], &dtype, part()).expect_err("two widths");
        assert_eq!(uneven.rank(), Some(ranks as i32 - 1), "{uneven}");
        assert!(uneven.to_string().contains("extent 3 along axis 1"), "{uneven}");
        let too_many = DynArray::from_local(context, &[ranks - 1, 1], &dtype, part()).expect_err("a part too many");
        assert!(too_many.to_string().contains("no place"), "{too_many}");
    }
    assert!(DynArray::from_local(context, &[ranks + 1, 1], &dtype, part()).is_err());
}

/// Sections that each rank makes without a message, and an error of one rank instead.
fn made_sections(context: &Context) {
    let (ranks, rank) = (ranks_of(context), context.comm().rank());
    let layout = || Layout::builder([2 * ranks]).processes(ranks).build().expect("a layout");
    let dtype = ElementType::F64.dtype();
    let made = |len: usize| {
        Ok(Some(Buffer::from_array(ArrayD::from_shape_fn(IxDyn(&[len]), |at| {
            value(&[2 * i64::from(rank) + at[0] as i64], 50)
        }))))
    };
    let array = DynArray::from_buffer(context, layout(), &dtype, made(2)).expect("sections");
    check(&array, &Twin::new(context, &Placement::new(layout()), 50).whole, "sections that each rank made");
    // The array exists, and the next collective operation has the error on all ranks.
    let last = ranks as i32 - 1;
    let failures: [fn() -> dap_array::Result<Option<Buffer>>; 2] = [
        || Err(dap_array::Error::new(ErrorKind::Memory, "no memory for this section")),
        || Ok(Some(Buffer::from_array(ArrayD::<f64>::zeros(IxDyn(&[7]))))),
    ];
    for (failure, message) in failures.iter().zip(["no memory for this section", "has shape [7]"]) {
        let buffer = if rank == last { failure() } else { made(2) };
        let array = DynArray::from_buffer(context, layout(), &dtype, buffer).expect("an array that keeps the error");
        let error = array.reduce(Reduction::Max).expect_err("one rank has no section");
        assert!(error.rank() == Some(last) && error.to_string().contains(message), "{error}");
    }
    let too_many = Layout::builder([9]).processes(ranks + 1).build().expect("a layout");
    assert!(DynArray::from_buffer(context, too_many, &dtype, Ok(None)).is_err());
}

/// Typed arrays have memory of their own, also where a result could be a view.
pub(crate) fn typed(context: &Context) {
    let ranks = ranks_of(context);
    let layout = |spec| Layout::builder([12, 2]).dims([spec, DimSpec::Undistributed]).grid([ranks, 1]).build();
    let (blocks, cyclic) = (layout(DimSpec::Block).expect("blocks"), layout(DimSpec::Cyclic).expect("cyclic"));
    let number = |index: &[i64]| (10 * index[0] + index[1]) as f32;
    let mut x = DistArray::<f32>::from_fn(context, &blocks, number).expect("an array");
    let results = [x.redistribute(&blocks), x.redistribute(&cyclic), x.reshape(&[12, 1, 2]), x.reshape(&[24])];
    x.fill(0.0).expect("zeros");
    for (at, result) in results.into_iter().enumerate() {
        let result = result.unwrap_or_else(|error| panic!("result {at}: {error}"));
        assert_eq!(
            result.sum().expect("a sum").to_f64(),
            f64::from((0..12).map(|row| 20 * row + 1).sum::<i32>()),
            "{at}"
        );
    }
    let back = DistArray::<f32>::import(context, x.into_section().expect("sections")).expect("an array");
    assert_eq!(back.layout(), &blocks);
    let other = DistArray::<f64>::import(context, back.into_section().expect("sections")).expect_err("f32");
    assert!(other.to_string().contains("float32"), "{other}");
}

/// Closed arrays fail on all ranks, wherever they were closed.
pub(crate) fn closing(context: &Context) {
    let last = context.comm().size() - 1;
    let layout = || Layout::builder([20, 3]).processes(ranks_of(context)).build().expect("a layout");
    let array = |salt: i64| Twin::new(context, &Placement::new(layout()), salt).array;
    let (x, y) = (array(1), array(2));
    let view = x.index("::2").expect("a view");
    if context.comm().rank() == last {
        let guard = x.local::<f64>();
        assert!(guard.is_err() || x.close().is_err(), "the memory is in use");
        drop(guard);
        x.close().expect("nobody uses the memory");
    }
    let closed = view.sum().expect_err("closed on one rank");
    assert!(closed.to_string().contains("closed") && closed.rank() == Some(last), "{closed}");
    y.sum().expect("another array");
    context.close_all().expect("nobody uses any memory");
    assert!(y.sum().is_err_and(|error| error.to_string().contains("closed")));
    array(3).sum().expect("a new array");
}
