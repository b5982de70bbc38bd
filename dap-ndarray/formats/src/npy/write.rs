//! Headers, as NumPy writes them.

use std::fmt::Write as _;

use dap_core::dtype::Descr;

use super::MAGIC;

/// The data begin at a multiple of this number of bytes, as in NumPy's files.
const ALIGNMENT: usize = 64;

/// Magic, version and header, which the data follow: NumPy's format 1.0, 2.0 or 3.0, the first that
/// can hold it.
///
/// Returns `None` for fields that overlap: NumPy cannot write them, either.
#[must_use]
pub fn header(descr: &Descr, fortran_order: bool, shape: &[i64]) -> Option<Vec<u8>> {
    let mut text = String::from("{'descr': ");
    write_descr(&mut text, descr)?;
    text.push_str(if fortran_order {
        ", 'fortran_order': True, 'shape': "
    } else {
        ", 'fortran_order': False, 'shape': "
    });
    write_shape(&mut text, shape.iter().copied());
    text.push_str(", }");
    // Version 1 counts in 16 bits and is Latin-1, version 2 counts in 32, version 3 is UTF-8.
    let pads = |fixed: usize| (ALIGNMENT - (fixed + text.len() + 1) % ALIGNMENT) % ALIGNMENT;
    let short = text.len() + 1 + pads(10);
    let (version, fixed) = match u16::try_from(short) {
        Ok(_) if text.is_ascii() => (1, 10),
        _ if text.is_ascii() => (2, 12),
        _ => (3, 12),
    };
    let padding = pads(fixed);
    let length = text.len() + padding + 1;
    let mut header = MAGIC.to_vec();
    header.extend([version, 0]);
    header.extend(&length.to_le_bytes()[..fixed - 8]);
    header.extend(text.as_bytes());
    header.resize(header.len() + padding, b' ');
    header.push(b'\n');
    Some(header)
}

/// A type, or a list of fields, which are tuples of a name, a type and perhaps a shape. (The reader
/// of text takes lists and tuples for the same, NumPy does not.) `None` for a dictionary, which
/// NumPy does not read here.
fn write_descr(out: &mut String, descr: &Descr) -> Option<()> {
    match descr {
        Descr::Text(text) => write_text(out, text),
        Descr::List(fields) => {
            out.push('[');
            for (at, field) in fields.iter().enumerate() {
                let Descr::List(field) = field else { return None };
                let [Descr::Text(name), item, shape @ ..] = field.as_slice() else { return None };
                out.push_str(if at > 0 { ", (" } else { "(" });
                write_text(out, name);
                out.push_str(", ");
                write_descr(out, item)?;
                if let [Descr::List(shape)] = shape {
                    out.push_str(", ");
                    write_shape(
                        out,
                        shape.iter().filter_map(|extent| if let Descr::Int(n) = extent { Some(*n) } else { None }),
                    );
                }
                out.push(')');
            }
            out.push(']');
        }
        _ => return None,
    }
    Some(())
}

/// A tuple of integers.
fn write_shape(out: &mut String, extents: impl Iterator<Item = i64>) {
    out.push('(');
    let mut count = 0;
    for extent in extents {
        let _ = write!(out, "{}{extent}", if count > 0 { ", " } else { "" });
        count += 1;
    }
    out.push_str(if count == 1 { ",)" } else { ")" });
}

/// A string with the escapes that Python has, too.
pub(crate) fn write_text(out: &mut String, text: &str) {
    out.push('\'');
    for letter in text.chars() {
        match letter {
            '\'' | '\\' => out.extend(['\\', letter]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            letter if letter.is_control() => {
                let _ = write!(out, "\\U{:08x}", u32::from(letter));
            }
            letter => out.push(letter),
        }
    }
    out.push('\'');
}
