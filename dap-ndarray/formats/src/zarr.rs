//! The metadata of a Zarr array: `zarr.json` of version 3, `.zarray` with `.zattrs` of version 2.
//!
//! ```
//! use dap_formats::zarr::ZarrHeader;
//! let text = br#"{"zarr_format": 3, "node_type": "array", "shape": [5], "data_type": "int16",
//!     "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": [2]}}, "codecs": ["bytes"]}"#;
//! let array = ZarrHeader::read(text)?;
//! assert_eq!((array.shape.as_slice(), array.chunk.as_deref()), (&[5][..], Some(&[2][..])));
//! assert_eq!(array.dtype.unwrap().name(), "int16");
//! # Ok::<(), String>(())
//! ```

use dap_core::dtype::DType;
use dap_core::layout::Layout;
use serde_json::{Map, Value};

use crate::description;

/// Bytes of the longest metadata that are read.
pub const LONGEST: u64 = 16 << 20;

/// The types that Zarr 3 and the protocol have: the name in Zarr, and NumPy's in this machine's
/// byte order.
const TYPES: [(&str, &str); 14] = [
    ("bool", "|b1"),
    ("int8", "|i1"),
    ("int16", "=i2"),
    ("int32", "=i4"),
    ("int64", "=i8"),
    ("uint8", "|u1"),
    ("uint16", "=u2"),
    ("uint32", "=u4"),
    ("uint64", "=u8"),
    ("float16", "=f2"),
    ("float32", "=f4"),
    ("float64", "=f8"),
    ("complex64", "=c8"),
    ("complex128", "=c16"),
];

/// The name in Zarr 3 of an item type in this machine's byte order.
#[must_use]
pub fn name_of(dtype: &DType) -> Option<&'static str> {
    let is_it = |typestr: &str| DType::from_typestr(typestr).is_ok_and(|of| of == *dtype);
    TYPES.iter().find(|(_, typestr)| is_it(typestr)).map(|(name, _)| *name)
}

/// An array as its metadata state it.
#[derive(Debug, Clone)]
pub struct ZarrHeader {
    /// The version of the format: 2 or 3.
    pub version: u8,
    /// The extents, none below 0.
    pub shape: Vec<i64>,
    /// The extents of a chunk, each at least 1 and one for each axis; nothing of a grid that is not
    /// regular.
    pub chunk: Option<Vec<i64>>,
    /// The item type as written, or a sentence about it.
    pub data_type: String,
    /// The item type, of version 3 in this machine's byte order; nothing where it has no meaning in
    /// the protocol.
    pub dtype: Option<DType>,
    /// The codecs in the order in which they encode; of version 2 filters and the compressor.
    pub codecs: Vec<Value>,
    /// Whether the first index varies fastest in a chunk, before the codecs.
    pub is_fortran: bool,
    /// The attributes.
    pub attributes: Map<String, Value>,
}

impl ZarrHeader {
    /// Reads `zarr.json` of an array.
    ///
    /// # Errors
    /// No metadata of an array of version 3: what is wrong, as the middle of a sentence.
    pub fn read(text: &[u8]) -> Result<ZarrHeader, String> {
        let found = object(text, "zarr.json")?;
        if found.get("node_type") == Some(&Value::from("group")) {
            return Err("it is a Zarr group: name one of the arrays in it".to_owned());
        }
        if found.get("zarr_format") != Some(&Value::from(3)) || found.get("node_type") != Some(&Value::from("array")) {
            return Err("its zarr.json is not that of a Zarr array of version 3".to_owned());
        }
        let data_type = found.get("data_type").and_then(Value::as_str).unwrap_or("a type with a configuration");
        let typestr = TYPES.iter().find(|(name, _)| *name == data_type).map(|(_, typestr)| *typestr);
        let shape = shape(&found)?;
        let chunk_grid = found.get("chunk_grid");
        let is_regular = chunk_grid.and_then(|grid| grid.get("name")) == Some(&Value::from("regular"));
        let chunk = extents(chunk_grid.and_then(|grid| grid.get("configuration")?.get("chunk_shape")));
        let codecs = found.get("codecs").and_then(Value::as_array).ok_or("it names no codecs")?;
        Ok(ZarrHeader {
            version: 3,
            chunk: chunk.filter(|chunk| is_regular && is_chunk(chunk, &shape)),
            data_type: data_type.to_owned(),
            dtype: typestr.and_then(|typestr| DType::from_typestr(typestr).ok()),
            codecs: codecs.clone(),
            is_fortran: false,
            attributes: found.get("attributes").and_then(Value::as_object).cloned().unwrap_or_default(),
            shape,
        })
    }

    /// Reads `.zarray` of an array of version 2, with its `.zattrs` if there are some.
    ///
    /// # Errors
    /// No metadata of an array of version 2: what is wrong, as the middle of a sentence.
    pub fn read_version_2(array: &[u8], attributes: Option<&[u8]>) -> Result<ZarrHeader, String> {
        let found = object(array, ".zarray")?;
        if found.get("zarr_format") != Some(&Value::from(2)) {
            return Err("its .zarray is not that of a Zarr array of version 2".to_owned());
        }
        let data_type = found.get("dtype").unwrap_or(&Value::Null);
        let shape = shape(&found)?;
        let filters = found.get("filters").and_then(Value::as_array).into_iter().flatten();
        let compressor = found.get("compressor").filter(|compressor| !compressor.is_null());
        Ok(ZarrHeader {
            version: 2,
            chunk: extents(found.get("chunks")).filter(|chunk| is_chunk(chunk, &shape)),
            data_type: data_type.as_str().map_or_else(|| "a struct".to_owned(), str::to_owned),
            dtype: data_type.as_str().and_then(|typestr| DType::from_typestr(typestr).ok()),
            codecs: filters.chain(compressor).cloned().collect(),
            is_fortran: found.get("order") == Some(&Value::from("F")),
            attributes: attributes.map(|text| object(text, ".zattrs")).transpose()?.unwrap_or_default(),
            shape,
        })
    }

    /// The distribution that the attributes describe; nothing without a valid description.
    #[must_use]
    pub fn layout(&self) -> Option<Layout> {
        description::read(self.attributes.get(description::ATTRIBUTE)?, &self.shape)
    }

    /// The names of the codecs.
    pub fn codec_names(&self) -> impl Iterator<Item = &str> {
        self.codecs.iter().map(|codec| codec_name(codec).unwrap_or("without a name"))
    }
}

/// The name of a codec in metadata. Older ones name a codec without a configuration by its name
/// alone.
#[must_use]
pub fn codec_name(codec: &Value) -> Option<&str> {
    codec.as_str().or_else(|| codec.get("name").or_else(|| codec.get("id"))?.as_str())
}

fn object(text: &[u8], name: &str) -> Result<Map<String, Value>, String> {
    serde_json::from_slice(text).map_err(|error| format!("its {name} is not readable: {error}"))
}

fn extents(value: Option<&Value>) -> Option<Vec<i64>> {
    value?.as_array()?.iter().map(|number| number.as_i64().filter(|number| *number >= 0)).collect()
}

fn shape(found: &Map<String, Value>) -> Result<Vec<i64>, String> {
    extents(found.get("shape")).ok_or_else(|| "its shape is no list of extents below 2^63".to_owned())
}

fn is_chunk(chunk: &[i64], shape: &[i64]) -> bool {
    chunk.len() == shape.len() && !chunk.contains(&0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const V3: &str = r#"{"zarr_format": 3, "node_type": "array", "shape": [5, 0], "data_type": "complex64",
        "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": [2, 7]}},
        "codecs": [{"name": "bytes", "configuration": {"endian": "big"}}, "crc32c", {}],
        "attributes": {"unit": "K"}}"#;
    const V2: &str = r#"{"zarr_format": 2, "shape": [5], "chunks": [2], "dtype": ">f4", "order": "F",
        "filters": [{"id": "delta"}], "compressor": {"id": "zstd"}, "fill_value": 0}"#;

    #[test]
    fn both_versions_are_read() {
        let array = ZarrHeader::read(V3.as_bytes()).unwrap();
        assert_eq!((array.version, &array.shape[..], array.chunk.as_deref()), (3, &[5, 0][..], Some(&[2, 7][..])));
        assert_eq!(array.codec_names().collect::<Vec<_>>(), ["bytes", "crc32c", "without a name"]);
        assert_eq!(array.attributes.get("unit"), Some(&Value::from("K")));
        assert_eq!(name_of(&array.dtype.unwrap()), Some("complex64"));
        let array = ZarrHeader::read_version_2(V2.as_bytes(), Some(b"{}")).unwrap();
        assert_eq!((array.version, &array.shape[..], array.chunk.as_deref()), (2, &[5][..], Some(&[2][..])));
        assert_eq!(array.codec_names().collect::<Vec<_>>(), ["delta", "zstd"]);
        assert!(array.is_fortran && array.attributes.is_empty());
        assert_eq!(array.dtype.unwrap().typestr().as_deref(), Some(">f4"));
    }

    #[test]
    fn lies_are_errors_or_nothing() {
        let problem = |from: &str, to: &str| ZarrHeader::read(V3.replace(from, to).as_bytes()).unwrap_err();
        assert!(problem("[5, 0]", "[5, -1]").contains("shape"));
        assert!(problem("[5, 0]", "[99999999999999999999]").contains("shape"));
        assert!(problem(r#""zarr_format": 3"#, r#""zarr_format": 2"#).contains("version 3"));
        assert!(problem("array", "group").contains("name one of the arrays in it"));
        assert!(problem("array", "link").contains("version 3"));
        assert!(problem(r#""codecs""#, r#""no codecs""#).contains("codecs"));
        assert!(ZarrHeader::read("[".repeat(100_000).as_bytes()).unwrap_err().contains("not readable"));
        for (from, to) in [("[2, 7]", "[2]"), ("[2, 7]", "[2, 0]"), ("regular", "variable")] {
            assert_eq!(ZarrHeader::read(V3.replace(from, to).as_bytes()).unwrap().chunk, None, "{to}");
        }
        assert_eq!(ZarrHeader::read(V3.replace("complex64", "string").as_bytes()).unwrap().dtype, None);
        assert!(ZarrHeader::read_version_2(V3.as_bytes(), None).unwrap_err().contains("version 2"));
        assert!(ZarrHeader::read_version_2(V2.as_bytes(), Some(b"7")).unwrap_err().contains(".zattrs"));
    }
}
