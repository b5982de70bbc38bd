//! Sections: the owned part, in both versions of the protocol, and the way back to a layout.

use dap_core::check::{Checker, Profile, Ranks};
use dap_core::dim::{Block, Cyclic, Unstructured};
use dap_core::export::{DimDict, Field, Version};
use dap_core::index::{LocalIndex, Rank};
use dap_core::layout::Layout;
use dap_ndarray::{Buffer, Section, SectionError};
use ndarray::{ArrayD, IxDyn};

use crate::indices;

fn layout() -> Layout {
    let block = Block::new(11, 3).and_then(|block| block.with_halo(2)).and_then(|block| block.with_boundary(1, 1));
    let unstructured = Unstructured::new(5, true, &[vec![4, 0, 2], vec![], vec![1, 3]]).unwrap();
    Layout::new(vec![block.unwrap().into(), Cyclic::new(7, 2, 2).unwrap().into(), unstructured.into()]).unwrap()
}

/// Each item says where it lies: its index in the section.
fn section(layout: &Layout, rank: Rank) -> Section {
    let shape: Vec<usize> = layout.local_shape(rank).unwrap().iter().map(|&n| n as usize).collect();
    let count = shape.iter().product::<usize>() as i64;
    let array = ArrayD::from_shape_vec(IxDyn(&shape), (0..count).collect()).unwrap();
    Section::of(layout, rank, Buffer::from_array(array)).unwrap()
}

#[test]
fn the_owned_part_is_what_the_layout_says() {
    let layout = layout();
    for rank in (0..layout.processes()).map(Rank) {
        let mut section = section(&layout, rank);
        let expected: Vec<i64> = indices(section.buffer().shape())
            .iter()
            .enumerate()
            .filter(|(_, index)| {
                let local: Vec<_> = index.iter().copied().map(LocalIndex).collect();
                layout
                    .global(rank, &local)
                    .and_then(|global| layout.owner(&global))
                    .is_some_and(|(owner, _)| owner == rank)
            })
            .map(|(at, _)| at as i64)
            .collect();
        assert_eq!(section.owned_view::<i64>().unwrap().iter().copied().collect::<Vec<_>>(), expected, "rank {rank}");
        section.owned_view_mut::<i64>().unwrap().fill(-1);
        let written = section.view::<i64>().unwrap().iter().filter(|&&item| item == -1).count();
        assert_eq!(written, expected.len());
        // A narrowed buffer is the same part.
        let owned = section.owned();
        let (_, mut buffer) = section.into_parts();
        buffer.narrow(&owned).unwrap();
        assert!(buffer.view::<i64>().unwrap().iter().all(|&item| item == -1));
        assert_eq!(buffer.len(), expected.len());
    }
}

#[test]
fn exports_are_the_layout_again() {
    let layout = layout();
    let mut checker = Checker::new(Profile::Strict);
    for rank in (0..layout.processes()).map(Rank) {
        let (dim_data, buffer) = section(&layout, rank).into_parts();
        // In Fortran's order, so that strides are exported.
        let array = buffer.view::<i64>().unwrap().to_owned();
        let mut fortran = ArrayD::<i64>::zeros(ndarray::ShapeBuilder::f(array.raw_dim()));
        fortran.assign(&array);
        let section = Section::new(dim_data, Buffer::from_array(fortran)).unwrap();
        assert_eq!(section.version(), Version { major: 0, minor: 10, patch: 0 });
        let export = section.export();
        assert_eq!(export.buffer.get().unwrap().strides.is_missing(), section.buffer().is_c_contiguous());
        checker.push(Some(rank), checker.local(&export));
    }
    let report = checker.finish(Ranks::All);
    assert_eq!(report.layout, Some(layout), "{:?}", report.diagnostics.first().map(|d| d.finding.message()));
}

#[test]
fn dictionaries_are_judged_beside_the_buffer() {
    let buffer = || Buffer::from_array(ndarray::Array1::<f32>::zeros(5));
    let error = Section::new(vec![DimDict::block(10, 0, 4).on_grid(0, 2)], buffer()).unwrap_err();
    let SectionError::Findings(findings) = &error else { panic!("{error}") };
    assert_eq!(findings.len(), 1);
    assert!(error.to_string().contains("[DAP") && error.to_string().starts_with("dimension 0: "), "{error}");
    assert!(Section::new(vec![], buffer()).is_err());
    // The alias of an undistributed dimension.
    assert_eq!(Section::new(vec![DimDict::default()], buffer()).unwrap().owned()[..], [0..5]);

    let layout = Layout::new(vec![Block::new(10, 2).unwrap().into()]).unwrap();
    assert!(Section::of(&layout, Rank(1), buffer()).is_ok());
    let error = Section::of(&layout, Rank(2), buffer()).unwrap_err();
    assert_eq!(error.to_string(), "the layout has no rank 2: it has 2 processes");
    let error = Section::of(&layout, Rank(0), Buffer::from_array(ndarray::Array1::<f32>::zeros(6))).unwrap_err();
    assert_eq!(error.to_string(), "the section of rank 0 has the shape [5], padding included; the buffer has [6]");
}

#[test]
fn version_0_9_counts_communication_padding_outside() {
    // 0.9's own example: 0 to 9, padding (1, 1), a buffer of 10.
    let dict = |rank, periodic| DimDict {
        padding: Field::Is([1, 1]),
        periodic: if periodic { Field::Is(true) } else { Field::Missing },
        ..DimDict::block(18, 9 * rank, 9 * rank + 9).on_grid(rank, 2)
    };
    let version = Version { major: 0, minor: 9, patch: 0 };
    let buffer = |extent| Buffer::from_array(ndarray::Array1::<u8>::zeros(extent));
    let owned = |dict, extent| Section::of_version(version, vec![dict], buffer(extent)).unwrap().owned()[0].clone();
    assert_eq!(owned(dict(0, false), 10), 0..9);
    assert_eq!(owned(dict(1, false), 10), 1..10);
    // A halo that wraps round the ends.
    assert_eq!(owned(dict(0, true), 11), 1..10);
}

#[test]
fn dictionaries_that_nobody_judged_lead_nowhere() {
    let dict = DimDict { padding: Field::Is([i64::MAX, i64::MIN]), ..DimDict::block(9, 0, 9).on_grid(1, 3) };
    let section = Section::assume_checked(vec![dict], Buffer::from_array(ndarray::arr1(&[1_u8, 2])));
    assert_eq!(section.owned()[..], [2..2]);
    assert!(section.owned_view::<u8>().unwrap().is_empty());
}
