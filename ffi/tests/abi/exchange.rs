//! An exchange preserves the memory and the dictionaries.

use dap_core::export::{DimDict, DistType, Field, Version};
use dap_ffi::{Code, DIM_PERIODIC, DapDim, Owned, describe};
use dap_ndarray::{Buffer, Section};

use super::{count, given, section};

fn back(section: Section) -> Section {
    Owned::new(section).unwrap().into_section().unwrap()
}

#[test]
fn all_dimension_types_arrive_with_the_same_memory() {
    for rank in 0..8 {
        let (section, address, releases) = section(rank);
        let (dicts, shape) = (section.dim_data().to_vec(), section.buffer().shape().to_vec());
        let mut there = back(back(section));
        assert_eq!((there.dim_data(), there.buffer().shape()), (&dicts[..], &shape[..]));
        assert_eq!(there.view::<f64>().unwrap().as_ptr(), address);
        there.view_mut::<f64>().unwrap()[[1, 1, 1]] = -1.0;
        // SAFETY: `there` keeps the memory.
        assert_eq!(unsafe { *address.offset((shape[1] * shape[2] + shape[2] + 1) as isize) }, -1.0);
        assert_eq!(count(&releases), 0);
        drop(there);
        assert_eq!(count(&releases), 1);
    }
}

#[test]
fn a_lent_struct_is_described_as_the_section_describes_itself() {
    let (section, ..) = section(5);
    let export = section.export();
    let owned = Owned::new(section).unwrap();
    // SAFETY: the struct is alive, and not changed.
    assert_eq!(unsafe { describe(owned.as_ptr()) }, Ok(export));
}

#[test]
fn strides_are_said_where_they_are_not_those_of_c_order() {
    let array = ndarray::Array2::<f32>::zeros((3, 2)).reversed_axes();
    let dims = vec![DimDict::block(2, 0, 2), DimDict::block(3, 0, 3)];
    let section = Section::new(dims, Buffer::from_array(array)).unwrap();
    let export = section.export();
    assert_eq!(export.buffer.get().unwrap().strides, Field::Is(vec![4, 8]));
    let owned = Owned::new(section).unwrap();
    // SAFETY: the struct is alive here, and not changed.
    assert_eq!(unsafe { describe(owned.as_ptr()) }, Ok(export));
}

#[test]
fn no_dimensions_no_items_and_aliases_arrive() {
    let scalar = Section::new(vec![], Buffer::from_array(ndarray::arr0(7_i32))).unwrap();
    assert_eq!(back(scalar).view::<i32>().unwrap()[[]], 7);

    let empty = DimDict::block(4, 4, 4).on_grid(1, 2);
    let empty = Section::new(vec![empty], Buffer::from_array(ndarray::Array1::<u8>::zeros(0))).unwrap();
    let there = back(empty);
    assert!(there.buffer().is_empty());
    assert_eq!(there.dim_data()[0].start, Field::Is(4));

    let alias = Section::new(vec![DimDict::default()], Buffer::from_array(ndarray::Array1::<u8>::zeros(3))).unwrap();
    assert_eq!(back(alias).dim_data(), [DimDict::block(3, 0, 3)]);
}

/// The first dimension's struct.
#[expect(clippy::result_large_err, reason = "the section comes back, not a copy")]
fn flat(section: Section) -> Result<DapDim, (Section, dap_ffi::Refusal)> {
    let owned = Owned::new(section)?;
    // SAFETY: the struct was just made, with one block of one dimension.
    Ok(unsafe { *(*(*owned.as_ptr()).blocks).dims })
}

#[test]
fn version_0_9_is_restated_in_0_10() {
    let section = |dict: DimDict, periodic| {
        let dict = DimDict { padding: Field::Is([1, 2]), periodic: Field::Is(periodic), ..dict };
        let buffer = Buffer::from_array(ndarray::Array1::<u8>::zeros(7));
        Section::of_version(Version { major: 0, minor: 9, patch: 0 }, vec![dict], buffer).unwrap()
    };
    // This process owns 4..8; one more element on the left and two on the right are the
    // neighbours'.
    let middle = flat(section(DimDict::block(12, 4, 8).on_grid(1, 3), true)).unwrap();
    assert_eq!((middle.start, middle.stop, middle.pad_lo, middle.pad_hi), (3, 10, 1, 2));
    assert_eq!(middle.flags, DIM_PERIODIC);
    // On the first process of a periodic dimension the left padding is the other end's, which 0.10
    // cannot express.
    let (same, refusal) = flat(section(DimDict::block(12, 0, 4).on_grid(0, 3), true)).unwrap_err();
    assert_eq!(refusal.code(), Code::INEXPRESSIBLE);
    assert_eq!((same.version().minor, same.buffer().len()), (9, 7));
}

#[test]
fn an_undistributed_dimension_of_0_9_keeps_what_it_says() {
    let section = |extent, periodic| {
        let dict = DimDict {
            dist_type: Field::Is(DistType::Undistributed),
            size: Field::Is(10),
            padding: Field::Is([1, 1]),
            periodic: Field::Is(periodic),
            ..DimDict::default()
        };
        let buffer = Buffer::from_array(ndarray::Array1::<u8>::zeros(extent));
        Section::of_version(Version { major: 0, minor: 9, patch: 0 }, vec![dict], buffer).unwrap()
    };
    let boundary = flat(section(10, false)).unwrap();
    assert_eq!((boundary.size, boundary.start, boundary.stop), (10, 0, 10));
    assert_eq!((boundary.pad_lo, boundary.pad_hi), (1, 1));
    // The buffer has 12 positions, for an array of 10: the outer ones hold images, which 0.10
    // cannot express.
    let (_, refusal) = flat(section(12, true)).unwrap_err();
    assert_eq!(refusal.code(), Code::INEXPRESSIBLE);
}

#[test]
fn read_only_memory_stays_read_only() {
    let buffer = Buffer::from_array(ndarray::arr1(&[1.0, 2.0])).into_read_only();
    let mut there = back(Section::new(vec![DimDict::block(2, 0, 2)], buffer).unwrap());
    assert!(there.view_mut::<f64>().is_err());
    assert_eq!(there.view::<f64>().unwrap()[[1]], 2.0);
}

#[test]
fn what_dlpack_cannot_say_comes_back_with_its_section() {
    use dap_core::dtype::DType;
    let memory = vec![0_u8; 16];
    let address = memory.as_ptr();
    // SAFETY: the vector is the owner, and its memory does not move.
    let swapped = unsafe {
        let access = dap_ndarray::Access::ReadWrite;
        Buffer::from_raw(memory.as_ptr().cast_mut(), DType::parse(">f8").unwrap(), &[2], None, access, memory)
    };
    let section = Section::new(vec![DimDict::block(2, 0, 2)], swapped.unwrap()).unwrap();
    let (section, refusal) = Owned::new(section).unwrap_err();
    assert_eq!(refusal.code(), Code::INEXPRESSIBLE);
    assert!(refusal.to_string().contains("__distarray__"), "{refusal}");
    assert_eq!(section.buffer().as_ptr(), address);
}

#[test]
fn rules_are_checked_unless_the_producer_is_trusted() {
    let section = || {
        // 3 elements in the buffer, and 2 by the dictionary.
        Section::assume_checked(vec![DimDict::block(2, 0, 2)], Buffer::from_array(ndarray::arr1(&[1.0, 2.0, 3.0])))
    };
    let (owned, refusal) = Owned::new(section()).unwrap().into_section().unwrap_err();
    assert_eq!(refusal.dim(), Some(0));
    assert!(refusal.code().0 > 300 && refusal.code().0 < 400, "{refusal}");
    assert_eq!(refusal.findings().len(), 1);
    assert_eq!(owned.into_section_unchecked().unwrap().buffer().len(), 3);
    // A warning alone is not a refusal.
    let (mut array, ..) = given(0);
    // SAFETY: valid, and owned here alone.
    assert!(unsafe { Owned::take(&mut array) }.unwrap().into_section().is_ok());
}
