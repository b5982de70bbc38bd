//! The members of a dictionary: known keys by name, duplicates noticed.

use std::collections::HashSet;
use std::hash::BuildHasher;
use std::ops::Range;

use jiter::Peek;

use super::{Read, Reader};
use crate::finding::{Finding, Key, Place, Value};
use crate::rules::RuleId;

/// One member, its key read and its value not yet.
pub(in crate::json) struct Member {
    pub(in crate::json) key: Key,
    /// The name, for a key that the protocol does not have.
    pub(in crate::json) name: Option<Box<str>>,
    /// The bytes from before the key to behind its colon.
    around: Range<usize>,
    pub(in crate::json) peek: Peek,
}

impl Member {
    /// The bytes of the key, quotes included.
    pub(in crate::json) fn span(&self, text: &[u8]) -> Range<usize> {
        let around = text.get(self.around.clone()).unwrap_or_default();
        let first = around.iter().position(|&byte| byte == b'"').unwrap_or_default();
        let last = around.iter().rposition(|&byte| byte == b'"').unwrap_or_default();
        self.around.start + first..self.around.start + last + 1
    }
}

/// The members of the dictionary at the reader's position.
pub(in crate::json) struct Members {
    dim: Option<usize>,
    begun: bool,
    /// One bit for each known key that was read.
    seen: u32,
    /// Hashes of the other keys that were read: a million of them must not cost a million names.
    others: HashSet<u64>,
}

impl Members {
    pub(in crate::json) fn new(dim: Option<usize>) -> Self {
        Self { dim, begun: false, seen: 0, others: HashSet::new() }
    }

    pub(in crate::json) fn next(&mut self, reader: &mut Reader<'_>) -> Read<Option<Member>> {
        let before = reader.jiter.current_index();
        let text = if self.begun { reader.jiter.next_key()? } else { reader.jiter.known_object()? };
        self.begun = true;
        let Some(text) = text else { return Ok(None) };
        let (key, name) = match known(text) {
            Some(key) => (key, None),
            None => (Key::Unknown, Some(Box::from(text))),
        };
        let around = before..reader.jiter.current_index();
        let repeated = match &name {
            None => {
                let bit = 1 << (key as u32);
                let repeated = self.seen & bit != 0;
                self.seen |= bit;
                repeated
            }
            Some(name) => !self.others.insert(self.others.hasher().hash_one(name)),
        };
        let member = Member { key, name, around, peek: reader.jiter.peek()? };
        if repeated {
            let span = Some(member.span(reader.text));
            let place = Place { dim: self.dim, span, name: member.name.clone(), ..Place::export(key) };
            let key = member.name.as_ref().map_or_else(|| key.as_str().into(), Value::from);
            reader.problems.push(Finding::new(RuleId::DUPLICATE_KEY, place).with("key", key));
        }
        Ok(Some(member))
    }
}

/// The key with this name, whatever dictionary it belongs to.
pub(in crate::json) fn known(name: &str) -> Option<Key> {
    Some(match name {
        "__version__" => Key::Version,
        "buffer" => Key::Buffer,
        "dtype" => Key::Dtype,
        "shape" => Key::Shape,
        "strides" => Key::Strides,
        "data" => Key::Data,
        "offset" => Key::Offset,
        "dim_data" => Key::DimData,
        "dist_type" => Key::DistType,
        "size" => Key::Size,
        "proc_grid_size" => Key::ProcGridSize,
        "proc_grid_rank" => Key::ProcGridRank,
        "start" => Key::Start,
        "stop" => Key::Stop,
        "padding" => Key::Padding,
        "periodic" => Key::Periodic,
        "block_size" => Key::BlockSize,
        "indices" => Key::Indices,
        "one_to_one" => Key::OneToOne,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    /// The messages about an export with this item type.
    fn said(dtype: &str) -> Vec<String> {
        let text = format!(r#"{{"buffer": {{"dtype": {dtype}}}}}"#);
        crate::json::read(text.as_bytes()).problems.iter().map(|finding| finding.message()).collect()
    }

    #[test]
    fn repeated_keys_of_an_item_type() {
        let repeated = |key| format!("the key `{key}` appears more than once in this object");
        assert_eq!(said(r#"{"names": ["a"], "formats": ["<f8"], "names": ["b"]}"#), [repeated("names")]);
        let inner = r#"{"names": ["a"], "formats": ["<i2"], "itemsize": 2, "itemsize": 4}"#;
        assert_eq!(said(&format!(r#"{{"names": ["a"], "formats": [{inner}]}}"#)), [repeated("itemsize")]);
        assert_eq!(said(&format!(r#"[["a", {inner}], ["b", {inner}]]"#)), [repeated("itemsize"), repeated("itemsize")]);
        assert_eq!(said(r#"{"names": ["a"], "formats": ["<f8"]}"#), [""; 0]);
    }
}
