//! NumPy's lists and dictionaries of fields, as a small tree that any reader of JSON or Python
//! literals can build.
//!
//! Three forms, as in NumPy, with lists where Python has tuples:
//!
//! - `[[name, type], [name, type, shape], ...]`, packed. A name may be `[title, name]`; the title
//!   is dropped. `["", "|V4"]` is padding; another type without a name is called `f<its place>`.
//! - `[["", type]]` alone is what `dtype.descr` says of a type that is no struct: that type.
//! - `{"names", "formats", "offsets"?, "itemsize"?, "titles"?, "aligned"?}`, which can also leave
//!   gaps and overlap. Offsets must be given when `aligned` is, since aligning is the business of
//!   the machine that wrote it.
//!
//! A field's type is a text, one of these forms again, or `[type, shape]`.

use super::error::{DTypeError, DTypeErrorKind};
use super::record::{Field, Struct};
use super::scalar::Kind;
use super::{DType, MAX_DEPTH, MAX_FIELDS, MAX_ITEMSIZE, MAX_NDIM};

/// A description of an item that is not one text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Descr {
    /// A text: a name or a type.
    Text(String),
    /// An integer: an extent, an offset, a size.
    Int(i64),
    /// A list or tuple.
    List(Vec<Descr>),
    /// A dictionary, in the order written.
    Dict(Vec<(String, Descr)>),
    /// Anything else, with the words for it: "a float", "true", "null".
    Other(&'static str),
}

impl Descr {
    fn found(&self) -> &'static str {
        match self {
            Self::Text(_) => "a text",
            Self::Int(_) => "an integer",
            Self::List(_) => "a list",
            Self::Dict(_) => "a dictionary",
            Self::Other(what) => what,
        }
    }

    fn malformed<T>(&self, expected: &'static str) -> Result<T, DTypeError> {
        Err(DTypeError::here(DTypeErrorKind::Malformed { expected, found: self.found() }))
    }
}

/// Reads a whole tree.
pub(super) fn read(descr: &Descr) -> Result<DType, DTypeError> {
    Reader { fields_left: MAX_FIELDS }.item(descr, 0)
}

struct Reader {
    fields_left: usize,
}

impl Reader {
    fn item(&mut self, descr: &Descr, depth: usize) -> Result<DType, DTypeError> {
        if depth > MAX_DEPTH {
            return Err(DTypeError::here(DTypeErrorKind::TooDeep));
        }
        match descr {
            Descr::Text(text) => {
                let dtype = DType::parse(text)?;
                self.count(fields_of(&dtype))?;
                Ok(dtype)
            }
            Descr::List(list) => {
                if let [Descr::List(only)] = &list[..]
                    && let [Descr::Text(name), plain @ Descr::Text(_)] = &only[..]
                    && name.is_empty()
                {
                    return self.item(plain, depth).map_err(|e| e.within(1).within(0));
                }
                if sub_array(list).is_some() {
                    return Err(DTypeError::here(DTypeErrorKind::SubArray));
                }
                self.list(list, depth).map(DType::from)
            }
            Descr::Dict(dict) => self.dict(dict, depth).map(DType::from),
            _ => descr.malformed("a typestr or a list of fields"),
        }
    }

    /// A field's type, which may bring extents with it, and those of its base.
    fn field_type(&mut self, descr: &Descr, depth: usize) -> Result<(DType, Vec<i64>), DTypeError> {
        if let Descr::List(list) = descr
            && let Some((base, extents)) = sub_array(list)
        {
            if depth > MAX_DEPTH {
                return Err(DTypeError::here(DTypeErrorKind::TooDeep));
            }
            let mut shape = shape(extents).map_err(|e| e.within(1))?;
            let (dtype, inner) = self.field_type(base, depth + 1).map_err(|e| e.within(0))?;
            shape.extend(inner);
            return Ok((dtype, shape));
        }
        Ok((self.item(descr, depth + 1)?, Vec::new()))
    }

    fn count(&mut self, fields: usize) -> Result<(), DTypeError> {
        let left = self.fields_left.checked_sub(fields);
        self.fields_left = left.ok_or_else(|| DTypeError::here(DTypeErrorKind::TooManyFields))?;
        Ok(())
    }

    fn list(&mut self, list: &[Descr], depth: usize) -> Result<Struct, DTypeError> {
        let mut fields = Vec::new();
        let mut end = 0;
        for (i, entry) in list.iter().enumerate() {
            end = self.entry(entry, i, end, depth, &mut fields).map_err(|e| e.within(i))?;
        }
        Struct::new(fields, end).map_err(DTypeError::here)
    }

    /// Reads `[name, type, shape]` for a field that begins at `offset`; returns where it ends.
    fn entry(
        &mut self,
        entry: &Descr,
        place: usize,
        offset: i64,
        depth: usize,
        fields: &mut Vec<Field>,
    ) -> Result<i64, DTypeError> {
        const ENTRY: &str = "a field as `[name, type]` or `[name, type, shape]`";
        let (named, described, extents) = match entry {
            Descr::List(parts) => match &parts[..] {
                [named, described] => (named, described, None),
                [named, described, extents] => (named, described, Some(extents)),
                _ => return entry.malformed(ENTRY),
            },
            _ => return entry.malformed(ENTRY),
        };
        let name = name(named).map_err(|e| e.within(0))?;
        self.count(1)?;
        let (dtype, inner) = self.field_type(described, depth).map_err(|e| e.within(1))?;
        let mut shape = match extents {
            Some(extents) => shape(extents).map_err(|e| e.within(2))?,
            None => Vec::new(),
        };
        let is_padding = name.is_empty() && shape.is_empty() && inner.is_empty() && dtype.kind() == Some(Kind::Void);
        shape.extend(inner);
        let name = if name.is_empty() { format!("f{place}") } else { name.to_owned() };
        let field = Field::new(name, dtype, offset, shape).map_err(DTypeError::here)?;
        let end = field.end();
        if !is_padding {
            fields.push(field);
        }
        Ok(end)
    }

    fn dict(&mut self, dict: &[(String, Descr)], depth: usize) -> Result<Struct, DTypeError> {
        let get = |key: &str| dict.iter().find(|(k, _)| k == key).map(|(_, value)| value);
        let known = ["names", "formats", "offsets", "itemsize", "titles", "aligned"];
        if let Some((key, _)) = dict.iter().find(|(key, _)| !known.contains(&key.as_str())) {
            let expected = "only names, formats, offsets, itemsize, titles and aligned";
            let error = DTypeError::here(DTypeErrorKind::Malformed { expected, found: "another key" });
            return Err(error.within(key.replace('~', "~0").replace('/', "~1")));
        }
        let column = |key: &'static str, expected| match get(key) {
            None => Ok(None),
            Some(Descr::List(list)) => Ok(Some(&list[..])),
            Some(other) => other.malformed(expected).map_err(|e: DTypeError| e.within(key)),
        };
        let (Some(names), Some(formats)) = (column("names", "a list of names")?, column("formats", "a list of types")?)
        else {
            let expected = "the keys `names` and `formats`";
            return Err(DTypeError::here(DTypeErrorKind::Malformed { expected, found: "a dictionary without" }));
        };
        let offsets = column("offsets", "a list of integers")?;
        if names.len() != formats.len() || offsets.is_some_and(|o| o.len() != names.len()) {
            let expected = "as many `formats` and `offsets` as `names`";
            return Err(DTypeError::here(DTypeErrorKind::Malformed { expected, found: "another number" }));
        }
        if offsets.is_none() && get("aligned").is_some() {
            let expected = "`offsets` beside `aligned`";
            return Err(DTypeError::here(DTypeErrorKind::Malformed { expected, found: "none" }));
        }
        let mut fields = Vec::new();
        let mut end = 0;
        for (i, (named, described)) in names.iter().zip(formats).enumerate() {
            let name = name(named).map_err(|e| e.within(i).within("names"))?;
            let name = if name.is_empty() { format!("f{i}") } else { name.to_owned() };
            self.count(1)?;
            let in_formats = |e: DTypeError| e.within(i).within("formats");
            let (dtype, shape) = self.field_type(described, depth).map_err(in_formats)?;
            let offset = match offsets.map(|offsets| &offsets[i]) {
                None => end,
                Some(offset) => extent(offset).map_err(|e| e.within(i).within("offsets"))?,
            };
            let field = Field::new(name, dtype, offset, shape).map_err(|kind| in_formats(DTypeError::here(kind)))?;
            end = end.max(field.end());
            fields.push(field);
        }
        let itemsize = match get("itemsize") {
            None => end,
            Some(itemsize) => extent(itemsize).map_err(|e| e.within("itemsize"))?,
        };
        Struct::new(fields, itemsize).map_err(DTypeError::here)
    }
}

/// The parts of `[type, shape]`. Two fields look otherwise: no list of integers is a field.
fn sub_array(list: &[Descr]) -> Option<(&Descr, &Descr)> {
    let [base, extents] = list else { return None };
    let is_shape = match extents {
        Descr::Int(_) => true,
        Descr::List(extents) => !extents.is_empty() && extents.iter().all(|n| matches!(n, Descr::Int(_))),
        _ => false,
    };
    is_shape.then_some((base, extents))
}

/// The fields of a struct read from a format, inner structs' included.
fn fields_of(dtype: &DType) -> usize {
    dtype.fields().iter().map(|field| 1 + fields_of(field.dtype())).sum()
}

/// A name, or the name of `[title, name]`.
fn name(descr: &Descr) -> Result<&str, DTypeError> {
    if let Descr::Text(name) = descr {
        return Ok(name);
    }
    if let Descr::List(pair) = descr
        && let [Descr::Text(_), Descr::Text(name)] = &pair[..]
    {
        return Ok(name);
    }
    descr.malformed("a field's name")
}

/// A sub-array's extents: an integer or a list of them.
fn shape(descr: &Descr) -> Result<Vec<i64>, DTypeError> {
    match descr {
        Descr::Int(_) => Ok(vec![extent(descr)?]),
        Descr::List(list) if list.len() > MAX_NDIM => Err(DTypeError::here(DTypeErrorKind::TooManyDimensions)),
        Descr::List(list) => list.iter().enumerate().map(|(i, n)| extent(n).map_err(|e| e.within(i))).collect(),
        _ => descr.malformed("a sub-array's shape, a list of integers"),
    }
}

/// An integer from 0 to [`MAX_ITEMSIZE`].
fn extent(descr: &Descr) -> Result<i64, DTypeError> {
    match descr {
        Descr::Int(n @ 0..=MAX_ITEMSIZE) => Ok(*n),
        Descr::Int(0..) => Err(DTypeError::here(DTypeErrorKind::TooLarge)),
        Descr::Int(_) => {
            let expected = "an integer that is at least 0";
            Err(DTypeError::here(DTypeErrorKind::Malformed { expected, found: "a negative one" }))
        }
        _ => descr.malformed("an integer"),
    }
}

/// Writes the tree; `None` for an address that is no Python object.
///
/// A struct is a list where a list can say it, else a dictionary (fields that overlap, or only
/// padding).
pub(super) fn write(dtype: &DType) -> Option<Descr> {
    let record = match dtype {
        DType::Scalar(_) => return dtype.typestr().map(Descr::Text),
        DType::Struct(record) => record,
    };
    let only_padding = record.fields().is_empty() && record.itemsize() > 0;
    if record.is_in_order() && !only_padding { write_list(record) } else { write_dict(record) }
}

fn write_list(record: &Struct) -> Option<Descr> {
    let mut list = Vec::with_capacity(record.fields().len());
    let mut end = 0;
    let pad = |list: &mut Vec<Descr>, bytes: i64| {
        if bytes > 0 {
            list.push(Descr::List(vec![Descr::Text(String::new()), Descr::Text(format!("|V{bytes}"))]));
        }
    };
    for field in record.fields() {
        pad(&mut list, field.offset() - end);
        let mut entry = vec![Descr::Text(field.name().to_owned()), write(field.dtype())?];
        if !field.shape().is_empty() {
            entry.push(extents(field));
        }
        list.push(Descr::List(entry));
        end = field.end();
    }
    pad(&mut list, record.itemsize() - end);
    Some(Descr::List(list))
}

fn write_dict(record: &Struct) -> Option<Descr> {
    let fields = record.fields();
    let formats = fields.iter().map(|field| match (field.dtype(), field.shape()) {
        (dtype, []) => write(dtype),
        (DType::Struct(inner), _) => Some(Descr::List(vec![write_dict(inner)?, extents(field)])),
        (scalar, _) => Some(Descr::List(vec![write(scalar)?, extents(field)])),
    });
    let entry = |key: &str, value| (key.to_owned(), value);
    Some(Descr::Dict(vec![
        entry("names", Descr::List(fields.iter().map(|f| Descr::Text(f.name().to_owned())).collect())),
        entry("formats", Descr::List(formats.collect::<Option<_>>()?)),
        entry("offsets", Descr::List(fields.iter().map(|f| Descr::Int(f.offset())).collect())),
        entry("itemsize", Descr::Int(record.itemsize())),
    ]))
}

fn extents(field: &Field) -> Descr {
    Descr::List(field.shape().iter().map(|&n| Descr::Int(n)).collect())
}
