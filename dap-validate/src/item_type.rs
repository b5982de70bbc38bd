//! Item types as libraries print them: `<f4`, `float32`, `torch.float32`, `<class
//! 'heat.core.types.float32'>`, and structs as lists of fields, in JSON or as `repr` prints them.

use dap_core::dtype::{DType, Descr};
use serde_json::Value;

use crate::printed;

/// The item type that a JSON value describes, or the reason why it describes none.
pub(crate) fn of_value(value: &Value) -> Result<DType, String> {
    match value {
        Value::String(text) => of_text(text),
        Value::Array(_) | Value::Object(_) => DType::from_descr(&descr(value)).map_err(|error| error.to_string()),
        _ => Err("it is neither a text nor a list of fields".to_owned()),
    }
}

/// A typestr, a format or a name; or a printed struct, `[('x', '<f8')]` or `dtype({'names':
/// [...]})`.
pub(crate) fn of_text(text: &str) -> Result<DType, String> {
    let bare = struct_of(text.trim());
    if !bare.starts_with(['[', '{', '(']) {
        return DType::from_name(text.trim()).map_err(|error| error.to_string());
    }
    // NumPy aligns the fields of such a list, and the list does not state their offsets.
    if let Some((_, align)) = bare.rsplit_once(']').filter(|(_, rest)| bare.starts_with('[') && rest.contains("align"))
    {
        return Err(format!(
            "with `{}` the list does not say where its fields are: print `str(dtype)`, which has the offsets",
            align.trim_start_matches(',').trim()
        ));
    }
    let bare = bare.strip_suffix(", align=True").filter(|dict| dict.contains("'offsets'")).unwrap_or(bare);
    let mut literals = dap_formats::python::sequence(bare).map_err(|mistake| mistake.problem)?;
    let (Some(only), true) = (literals.pop(), literals.is_empty()) else {
        return Err("several values are no type".to_owned());
    };
    let mut value = printed::value(only)?;
    // `dtype((numpy.record, [...]))`: the class of its items does not change their bytes.
    if let Value::Array(pair) = &mut value
        && let [Value::String(class), Value::Array(_)] = &pair[..]
        && class.ends_with("record")
    {
        value = pair.pop().unwrap_or(Value::Null);
    }
    DType::from_descr(&descr(&value)).map_err(|error| error.to_string())
}

/// The list or dictionary in `dtype(...)`.
fn struct_of(text: &str) -> &str {
    ["numpy.dtype(", "np.dtype(", "dtype("]
        .into_iter()
        .find_map(|begin| text.strip_prefix(begin)?.strip_suffix(')'))
        .filter(|inner| inner.trim_start().starts_with(['[', '{', '(']))
        .map_or(text, str::trim)
}

/// A type as JSON: a typestr, or the fields of a struct; `None` for a bare pointer.
pub(crate) fn to_value(dtype: &DType) -> Option<Value> {
    dtype.descr().map(|descr| value_of(&descr))
}

fn value_of(descr: &Descr) -> Value {
    match descr {
        Descr::Text(text) => Value::String(text.clone()),
        Descr::Int(number) => (*number).into(),
        Descr::List(items) => Value::Array(items.iter().map(value_of).collect()),
        Descr::Dict(members) => {
            Value::Object(members.iter().map(|(key, member)| (key.clone(), value_of(member))).collect())
        }
        Descr::Other(_) => Value::Null,
    }
}

/// JSON as the description of a type.
fn descr(value: &Value) -> Descr {
    match value {
        Value::String(text) => Descr::Text(text.clone()),
        Value::Number(number) => number.as_i64().map_or(Descr::Other("a number"), Descr::Int),
        Value::Array(items) => Descr::List(items.iter().map(descr).collect()),
        Value::Object(members) => {
            Descr::Dict(members.iter().map(|(key, member)| (key.clone(), descr(member))).collect())
        }
        Value::Bool(true) => Descr::Other("true"),
        Value::Bool(false) => Descr::Other("false"),
        Value::Null => Descr::Other("null"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printed_types() {
        let xy = DType::from_format("T{<d:x:<i:y:}").unwrap();
        for text in [
            "[('x', '<f8'), ('y', '<i4')]",
            "dtype([('x', '<f8'), ('y', '<i4')])",
            "[[\"x\", \"<f8\"], [\"y\", \"<i4\"]]",
            "dtype((numpy.record, [('x', '<f8'), ('y', '<i4')]))",
            "(numpy.record, [('x', '<f8'), ('y', '<i4')])",
            "{'names': ['x', 'y'], 'formats': ['<f8', '<i4'], 'offsets': [0, 8], 'itemsize': 12}",
            "dtype({'names': ['x', 'y'], 'formats': ['<f8', '<i4']})",
            "dtype({'names': ['x', 'y'], 'formats': ['<f8', '<i4'], 'offsets': [0, 8], 'itemsize': 12}, align=True)",
            "T{<d:x:<i:y:}",
        ] {
            assert_eq!(of_text(text).as_ref(), Ok(&xy), "{text}");
        }
        assert_eq!(of_value(&to_value(&xy).unwrap()).as_ref(), Ok(&xy));
        let padded =
            "{'names': ['a', 'b'], 'formats': ['i1', '<f8'], 'offsets': [0, 8], 'itemsize': 16, 'aligned': True}";
        assert_eq!(of_text(padded).unwrap().itemsize(), 16);
        for name in ["<f4", "float32", "torch.float32", "<class 'heat.core.types.float32'>", "dtype('float32')"] {
            assert_eq!(of_text(name), Ok(DType::from_typestr("<f4").unwrap()), "{name}");
        }
        for (text, words) in [
            ("i4, f8", "a struct is a list of [name, type]"),
            ("not float32", "not float32"),
            ("dtype([('a', 'i1'), ('b', '<f8')], align=True)", "print `str(dtype)`"),
            ("[('x', '<f8'", "was expected"),
            ("[('x', 'foo')]", "foo"),
            ("(2, 3)", "sub-array"),
            ("", "empty"),
        ] {
            let why = of_text(text).unwrap_err();
            assert!(why.contains(words), "{text}: {why}");
        }
    }
}
