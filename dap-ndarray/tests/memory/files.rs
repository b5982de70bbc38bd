//! `.npy` and `.dnpy` files: mapped where they lie, written as NumPy and DistArray write them.

use std::fs;
use std::path::{Path, PathBuf};

use dap_core::dim::{Block, Cyclic};
use dap_core::dtype::{DType, Descr};
use dap_core::export::DimDict;
use dap_core::index::Rank;
use dap_core::layout::Layout;
use dap_formats::npy::Npy;
use dap_ndarray::file::FileErrorKind;
use dap_ndarray::{Access, Buffer, BufferErrorKind, Section};
use ndarray::arr2;

/// A directory that is removed in the end.
struct Directory(PathBuf);

impl Directory {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("dap-ndarray-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, bytes).unwrap();
        path
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A `.npy` file: `header` is the dictionary without padding.
fn npy(header: &str, data: &[u8]) -> Vec<u8> {
    let mut file = b"\x93NUMPY\x01\x00".to_vec();
    file.extend((header.len() as u16).to_le_bytes());
    file.extend(header.as_bytes());
    file.extend(data);
    file
}

fn map(path: &Path, access: Access) -> Result<Buffer, FileErrorKind> {
    // SAFETY: no other program knows these files.
    unsafe { Buffer::map_npy(path, access) }.map_err(|error| error.kind)
}

fn written(buffer: &Buffer) -> Vec<u8> {
    let mut file = Vec::new();
    buffer.write_npy(&mut file).unwrap();
    file
}

#[test]
fn what_is_written_into_the_mapping_is_in_the_file() {
    let directory = Directory::new("write");
    let path = directory.write("a.npy", &written(&Buffer::from_array(arr2(&[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]))));
    let mut buffer = map(&path, Access::ReadWrite).unwrap();
    buffer.view_mut::<f64>().unwrap()[[1, 0]] = -4.0;
    drop(buffer);
    let mut buffer = map(&path, Access::ReadOnly).unwrap();
    assert_eq!(buffer.view::<f64>().unwrap(), arr2(&[[1.0, 2.0, 3.0], [-4.0, 5.0, 6.0]]).into_dyn());
    assert_eq!(buffer.view_mut::<f64>().unwrap_err().kind(), BufferErrorKind::ReadOnly);
    assert_eq!(Buffer::read_npy(&path).unwrap().bytes().unwrap(), buffer.bytes().unwrap());
    // A mapping goes on as a tensor, and the file may be gone by then.
    let tensor = buffer.into_dlpack().unwrap();
    drop(directory);
    // SAFETY: it was just made.
    let buffer = unsafe { Buffer::from_dlpack(tensor) }.unwrap();
    assert_eq!(buffer.view::<f64>().unwrap()[[1, 2]], 6.0);
}

#[test]
fn orders_and_bytes() {
    let directory = Directory::new("orders");
    let fortran = "{'descr': '>i2', 'fortran_order': True, 'shape': (2, 3), }";
    let bytes: Vec<u8> = [1_i16, 4, 2, 5, 3, 6].iter().flat_map(|item| item.to_be_bytes()).collect();
    let path = directory.write("f.npy", &npy(fortran, &bytes));
    for buffer in [map(&path, Access::ReadOnly).unwrap(), Buffer::read_npy(&path).unwrap()] {
        assert_eq!((buffer.strides(), buffer.is_f_contiguous()), (&[2, 4][..], true));
        assert_eq!(buffer.to_native().unwrap().view::<i16>().unwrap(), arr2(&[[1, 2, 3], [4, 5, 6]]).into_dyn());
        let again = written(&buffer);
        assert!(again.ends_with(&bytes) && again.len() == 128 + bytes.len());
        let header = Npy::read(&mut &again[..], 0).unwrap();
        assert!(header.fortran_order && header.length == 128);
    }
}

#[test]
fn an_odd_header_leaves_items_off_their_alignment() {
    let directory = Directory::new("odd");
    let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (1,)}";
    for pad in 0..8 {
        let header = format!("{header}{:pad$}", "");
        let path = directory.write("odd.npy", &npy(&header, &1.5_f64.to_le_bytes()));
        let buffer = map(&path, Access::ReadOnly).unwrap();
        assert_eq!(buffer.view::<f64>().is_ok(), (10 + header.len()) % 8 == 0);
        assert_eq!(buffer.to_native().unwrap().view::<f64>().unwrap()[[0]], 1.5);
    }
}

#[test]
fn without_items_or_without_dimensions() {
    let directory = Directory::new("empty");
    let path = directory.write("none.npy", &npy("{'descr': '<f8', 'fortran_order': True, 'shape': (0, 3)}", b""));
    for access in [Access::ReadOnly, Access::ReadWrite] {
        let buffer = map(&path, access).unwrap();
        assert_eq!((buffer.access(), buffer.shape()), (access, &[0, 3][..]));
        assert_eq!(buffer.view::<f64>().unwrap().shape(), [0, 3]);
        assert_eq!(Npy::read(&mut &written(&buffer)[..], 0).unwrap().shape, [0, 3]);
    }
    let path = directory.write("one.npy", &npy("{'descr': '|b1', 'fortran_order': False, 'shape': ()}", b"\x01"));
    assert!(map(&path, Access::ReadOnly).unwrap().view::<bool>().unwrap()[[]]);
}

#[test]
fn what_is_no_buffer() {
    let directory = Directory::new("wrong");
    let shape = |descr: &str, shape: &str, data: &[u8]| {
        npy(&format!("{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}}}"), data)
    };
    for (words, file) in [
        ("it is cut short: 15 of 16 bytes of data are there", shape("'<f8'", "(2,)", &[0; 15])),
        ("a buffer cannot hold its items, \"|O\"", shape("'|O'", "(1,)", &[0; 8])),
        ("a buffer cannot hold its items, \"<M8[s]\"", shape("'<M8[s]'", "(1,)", &[0; 8])),
        (
            "it is cut short: 8 of 2^63 or more bytes of data are there",
            shape("'<f8'", "(9223372036854775807, 9223372036854775807)", &[0; 8]),
        ),
        (
            "it is cut short: 8 of 9223372036854775800 bytes of data are there",
            shape("'<f8'", "(1152921504606846975,)", &[0; 8]),
        ),
        ("no `\\x93NUMPY` at byte 0", b"PK\x03\x04 no numpy".to_vec()),
        ("it ends within its header, at byte 3", b"\x93NU".to_vec()),
    ] {
        let path = directory.write("wrong.npy", &file);
        // SAFETY: no other program knows the file.
        let error = unsafe { Buffer::map_npy(&path, Access::ReadWrite) }.unwrap_err();
        assert!(error.to_string().contains(words), "{error}");
        assert!(Buffer::read_npy(&path).unwrap_err().to_string().contains(words));
        assert_eq!(fs::read(&path).unwrap(), file);
    }
    let absent = map(&directory.0.join("absent.npy"), Access::ReadOnly).unwrap_err();
    assert!(matches!(absent, FileErrorKind::Access(words) if words == "it does not exist"));
    let itself = map(&directory.0, Access::ReadOnly).unwrap_err();
    assert!(matches!(itself, FileErrorKind::Access(words) if words == "it is a directory"));
}

#[test]
fn structs_are_written_as_numpy_describes_them() {
    let text = |text: &str| Descr::Text(text.to_owned());
    let inner = Descr::List(vec![Descr::List(vec![text("it's"), text(">i2")])]);
    let shape = Descr::List(vec![Descr::Int(2)]);
    let field = |name: &str, items: Vec<Descr>| Descr::List([vec![text(name)], items].concat());
    let descr = Descr::List(vec![field("x", vec![text("<f8")]), field("ü", vec![inner, shape])]);
    let dtype = DType::from_descr(&descr).unwrap();
    let buffer = Buffer::zeros(dtype.clone(), &[3]).unwrap();
    let file = written(&buffer);
    let header = "{'descr': [('x', '<f8'), ('ü', [('it\\'s', '>i2')], (2,))], 'fortran_order': False, 'shape': (3,), }";
    assert!(String::from_utf8_lossy(&file).contains(header), "{}", String::from_utf8_lossy(&file));
    assert_eq!((file[6], file.len() - 36), (3, 128));
    assert_eq!(Npy::read(&mut &file[..], 0).unwrap().dtype, Some(dtype));
    let pointer = Buffer::zeros(DType::parse("P").unwrap(), &[1]).unwrap();
    assert!(pointer.write_npy(&mut Vec::new()).is_err());
}

#[test]
fn strided_memory_is_written_in_c_order() {
    for itemsize in ["|i1", "<i2", "<i4", "<i8", "<c16", "|V3", "|V0"] {
        let dtype = DType::parse(itemsize).unwrap();
        let n = dtype.itemsize();
        let mut memory: Vec<u8> = (0..255).cycle().take(40 * n as usize).collect();
        let last = memory.as_mut_ptr().wrapping_add(39 * n as usize);
        let strides = [-10 * n, -3 * n];
        // SAFETY: 4 by 3 items backwards from the last of 40.
        let buffer =
            unsafe { Buffer::from_raw(last, dtype, &[4, 3], Some(&strides), Access::ReadWrite, memory.clone()) };
        let buffer = buffer.unwrap();
        let item = |at: i64| &memory[(at * n) as usize..((at + 1) * n) as usize];
        let expected: Vec<u8> =
            (0..4).flat_map(|i| (0..3).flat_map(move |j| item(39 - 10 * i - 3 * j))).copied().collect();
        assert_eq!(written(&buffer)[128..], expected, "{itemsize}");
        drop((buffer, memory));
    }
}

#[test]
fn long_headers_have_more_bits_for_their_length() {
    let fields = (0..4000).map(|at| Descr::List(vec![Descr::Text(format!("field{at}")), Descr::Text("|u1".into())]));
    let dtype = DType::from_descr(&Descr::List(fields.collect())).unwrap();
    let file = written(&Buffer::zeros(dtype.clone(), &[1]).unwrap());
    let header = Npy::read(&mut &file[..], 0).unwrap();
    assert_eq!((file[6], header.length % 64, header.dtype), (2, 0, Some(dtype)));
}

#[test]
fn dnpy_files_of_distarray_are_mapped() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../conformance/examples");
    for file in ["dnpy-p3-irregular/irregular-0_1.dnpy", "dnpy-p2-u-7/u-7_0.dnpy", "dnpy-p3-k2-9/k2-9_2.dnpy"] {
        let path = examples.join(file);
        // SAFETY: no program writes the examples while they are tested.
        let section = unsafe { Buffer::map_dnpy(&path, Access::ReadOnly) }.unwrap();
        assert_eq!(section.buffer().ndim(), 1, "{file}");
        assert_eq!(section.owned()[0], 0..section.buffer().shape()[0], "{file}");
        let bytes = fs::read(&path).unwrap();
        assert!(bytes.ends_with(section.buffer().bytes().unwrap()), "{file}");

        // Written again and read again it is the same section.
        let directory = Directory::new("dnpy");
        let mut again = Vec::new();
        section.write_dnpy(&mut again).unwrap();
        let path = directory.write("again_0.dnpy", &again);
        // SAFETY: no other program knows the file.
        let back = unsafe { Buffer::map_dnpy(&path, Access::ReadWrite) }.unwrap();
        assert_eq!(back.export(), section.export(), "{file}");
        assert_eq!(back.buffer().bytes().unwrap(), section.buffer().bytes().unwrap());
    }
}

#[test]
fn padded_sections_of_two_dimensions_are_mapped() {
    let directory = Directory::new("padded");
    let rows = Block::new(7, 3).and_then(|block| block.with_halo(1)).and_then(|block| block.with_boundary(1, 0));
    let layout = Layout::new(vec![rows.unwrap().into(), Cyclic::new(5, 2, 2).unwrap().into()]).unwrap();
    for rank in (0..layout.processes()).map(Rank) {
        let shape: Vec<usize> = layout.local_shape(rank).unwrap().iter().map(|&extent| extent as usize).collect();
        for in_f in [false, true] {
            let items = ndarray::ArrayD::from_shape_fn(&shape[..], |index| (10 * index[0] + index[1]) as i32);
            let memory = if in_f { items.t().as_standard_layout().into_owned().reversed_axes() } else { items.clone() };
            let section = Section::of(&layout, rank, Buffer::from_array(memory)).unwrap();
            let mut file = Vec::new();
            section.write_dnpy(&mut file).unwrap();
            let path = directory.write("padded_0.dnpy", &file);
            // SAFETY: no other program knows the file.
            let back = unsafe { Buffer::map_dnpy(&path, Access::ReadOnly) }.unwrap();
            assert_eq!(back.export(), section.export());
            assert_eq!(back.view::<i32>().unwrap(), items);
            assert_eq!(back.owned(), section.owned());
            assert_eq!(back.owned_view::<i32>().unwrap(), section.owned_view::<i32>().unwrap());
            // The middle one is padded on both sides.
            if layout.grid().coordinates(rank).unwrap()[0].0 == 1 {
                assert_eq!(back.owned()[0], 1..back.buffer().shape()[0] - 1);
            }
        }
    }
}

#[test]
fn a_dnpy_file_that_breaks_a_rule_is_no_section() {
    let directory = Directory::new("judged");
    let buffer = || Buffer::from_array(ndarray::arr1(&[1_u8, 2]));
    let two = |rank| DimDict::block(4, 2 * rank, 2 * rank + 2).on_grid(rank, 2);
    for (dict, valid) in [(two(1), true), (two(2), false)] {
        let mut file = Vec::new();
        Section::assume_checked(vec![dict], buffer()).write_dnpy(&mut file).unwrap();
        let path = directory.write("a_0.dnpy", &file);
        // SAFETY: no other program knows the file.
        let section = unsafe { Buffer::map_dnpy(&path, Access::ReadOnly) };
        assert_eq!(section.as_ref().err().map(|error| error.to_string().contains("[DAP")), (!valid).then_some(true));
    }
}
