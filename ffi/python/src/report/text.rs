//! An export as JSON text, one key a line, so that a message about one key can show its line.
//!
//! Unlike `dap_core::json::write` it writes any export: a value of a wrong type is written as far
//! as it is known.

use std::fmt::Write;

use dap_core::dtype::{DType, Descr};
use dap_core::export::{DimDict, Export, Field, Found, UnknownKeys};

/// The text.
pub(super) fn of(export: &Export) -> String {
    let mut out = Lines::default();
    out.open();
    out.field("__version__", &export.version, |version| string(&version.to_string()));
    match &export.buffer {
        Field::Is(buffer) => {
            out.key("buffer");
            out.open();
            out.field("dtype", &buffer.dtype, |dtype| match dtype {
                Ok(dtype) => item_type(dtype),
                Err(error) => string(&error.text),
            });
            out.field("shape", &buffer.shape, |shape| list(shape));
            out.field("strides", &buffer.strides, |strides| list(strides));
            out.field("data", &buffer.data, |data| string(data));
            out.field("offset", &buffer.offset, ToString::to_string);
            out.unknown(&buffer.unknown);
            out.close();
        }
        other => out.field("buffer", other, |_| String::new()),
    }
    match &export.dim_data {
        Field::Is(dims) => {
            out.key("dim_data");
            out.list(dims);
        }
        other => out.field("dim_data", other, |_| String::new()),
    }
    out.unknown(&export.unknown);
    out.close();
    out.text + "\n"
}

#[derive(Default)]
struct Lines {
    text: String,
    depth: usize,
    empty: bool,
}

impl Lines {
    fn open(&mut self) {
        self.text.push('{');
        self.depth += 1;
        self.empty = true;
    }

    fn close(&mut self) {
        self.depth -= 1;
        if !self.empty {
            self.line();
        }
        self.text.push('}');
        self.empty = false;
    }

    fn line(&mut self) {
        self.text.push('\n');
        self.text.extend(std::iter::repeat_n("  ", self.depth));
    }

    fn key(&mut self, key: &str) {
        if !self.empty {
            self.text.push(',');
        }
        self.empty = false;
        self.line();
        self.text += &string(key);
        self.text += ": ";
    }

    fn field<T>(&mut self, key: &str, field: &Field<T>, write: impl FnOnce(&T) -> String) {
        let value = match field {
            Field::Missing => return,
            Field::Is(value) => write(value),
            Field::Wrong(found) => described(found),
        };
        self.key(key);
        self.text += &value;
    }

    fn unknown(&mut self, keys: &UnknownKeys) {
        for key in keys.kept() {
            self.key(&key.name);
            self.text += &key.value.as_ref().map_or_else(|| "null".to_owned(), described);
        }
    }

    fn list(&mut self, dims: &[Field<DimDict>]) {
        self.text.push('[');
        self.depth += 1;
        for (at, dim) in dims.iter().enumerate() {
            if at > 0 {
                self.text.push(',');
            }
            self.line();
            match dim {
                Field::Is(dict) => self.dim(dict),
                Field::Wrong(found) => self.text += &described(found),
                Field::Missing => self.text += "null",
            }
        }
        self.depth -= 1;
        if !dims.is_empty() {
            self.line();
        }
        self.text.push(']');
    }

    fn dim(&mut self, dict: &DimDict) {
        self.open();
        let number = |number: &i64| number.to_string();
        let flag = |flag: &bool| flag.to_string();
        self.field("dist_type", &dict.dist_type, |dist_type| string(dist_type.letter()));
        self.field("size", &dict.size, number);
        self.field("proc_grid_size", &dict.proc_grid_size, number);
        self.field("proc_grid_rank", &dict.proc_grid_rank, number);
        self.field("start", &dict.start, number);
        self.field("stop", &dict.stop, number);
        self.field("padding", &dict.padding, |padding| list(padding));
        self.field("periodic", &dict.periodic, flag);
        self.field("block_size", &dict.block_size, number);
        self.field("indices", &dict.indices, |indices| list(indices));
        self.field("one_to_one", &dict.one_to_one, flag);
        self.unknown(&dict.unknown);
        self.close();
    }
}

/// A value of a wrong type, as far as it was kept.
fn described(found: &Found) -> String {
    match found {
        Found::Null => "null".to_owned(),
        Found::Bool(flag) => flag.to_string(),
        Found::Int(number) => number.to_string(),
        Found::BigInt(text) | Found::Float(text) if is_number(text) => text.to_string(),
        Found::Text(text) | Found::BigInt(text) | Found::Float(text) => string(text),
        Found::List(len) => format!("[{}]", vec!["null"; (*len).min(LISTED)].join(", ")),
        Found::ListWith(len, at, found) => {
            let item = |index: usize| if index == *at { described(found) } else { "0".to_owned() };
            let items: Vec<String> = (0..(*len).min(at.saturating_add(1)).min(LISTED)).map(item).collect();
            format!("[{}]", items.join(", "))
        }
        Found::Dict => "{}".to_owned(),
        Found::Other(name) => string(&format!("<{name}>")),
    }
}

/// The number of items that are written of a wrong list.
const LISTED: usize = 16;

fn is_number(text: &str) -> bool {
    // Python writes NaN and infinities in letters.
    text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte))
}

fn list(numbers: &[i64]) -> String {
    let items: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    format!("[{}]", items.join(", "))
}

fn item_type(dtype: &DType) -> String {
    match dtype.typestr() {
        Some(text) => string(&text),
        None => dtype.descr().map_or_else(|| string(&dtype.pep3118().unwrap_or_default()), |item| descr(&item)),
    }
}

fn descr(item: &Descr) -> String {
    match item {
        Descr::Text(text) => string(text),
        Descr::Int(number) => number.to_string(),
        Descr::List(items) => format!("[{}]", items.iter().map(descr).collect::<Vec<_>>().join(", ")),
        Descr::Dict(entries) => {
            let entries = entries.iter().map(|(key, value)| format!("{}: {}", string(key), descr(value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        Descr::Other(_) => "null".to_owned(),
    }
}

fn string(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => out.extend(['\\', letter]),
            '\0'..='\u{1f}' | '\u{7f}' => {
                let _ = write!(out, "\\u{:04x}", u32::from(letter));
            }
            _ => out.push(letter),
        }
    }
    out.push('"');
    out
}
