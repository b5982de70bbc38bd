//! One dimension dictionary, with the text's default for every absent key.

use super::{Complaint, Protocol};
use crate::model::{DimDict, Value};

/// A dimension dictionary whose keys have the right types and ranges.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Stated {
    /// `b`, `c`, `u`, or `n` in version 0.9.
    pub(super) dist_type: char,
    pub(super) size: i64,
    pub(super) grid_size: i64,
    pub(super) grid_rank: i64,
    /// False if the key has no meaning: in 0.10 on every type except block.
    pub(super) periodic: bool,
    pub(super) how: How,
}

/// The part that depends on the distribution type.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum How {
    /// Also `n`, which is the whole dimension on one process.
    Block {
        start: i64,
        stop: i64,
        padding: Option<[i64; 2]>,
    },
    Cyclic {
        start: i64,
        block_size: i64,
    },
    Unstructured {
        indices: Vec<i64>,
        one_to_one: bool,
    },
}

impl Stated {
    pub(super) fn is_first(&self) -> bool {
        self.grid_rank == 0
    }

    pub(super) fn is_last(&self) -> bool {
        self.grid_rank == self.grid_size - 1
    }

    /// The widths of a block's padding, (0, 0) by default.
    pub(super) fn padding(&self) -> [i64; 2] {
        match &self.how {
            How::Block { padding, .. } => padding.unwrap_or([0, 0]),
            _ => [0, 0],
        }
    }
}

/// Reads a dictionary: presence, type and range of each key, nothing that needs two of the three
/// parts dictionary, buffer and other ranks.
pub(super) fn read(dict: &DimDict, extent: i64, protocol: Protocol) -> Result<Stated, Vec<Complaint>> {
    if dict.is_empty() && protocol == Protocol::V0_10 {
        // "An empty dimension dictionary ... will be interpreted as ..."
        return Ok(Stated {
            dist_type: 'b',
            size: extent,
            grid_size: 1,
            grid_rank: 0,
            periodic: false,
            how: How::Block { start: 0, stop: extent, padding: None },
        });
    }
    let mut reader = Reader { dict, complaints: Vec::new() };
    let stated = reader.dictionary(protocol);
    match stated {
        Some(stated) if reader.complaints.is_empty() => Ok(stated),
        _ => Err(reader.complaints),
    }
}

struct Reader<'a> {
    dict: &'a DimDict,
    complaints: Vec<Complaint>,
}

impl Reader<'_> {
    /// `None` only if there is a complaint. All keys are read before the first missing key ends it.
    fn dictionary(&mut self, protocol: Protocol) -> Option<Stated> {
        for (at, (key, _)) in self.dict.entries().iter().enumerate() {
            if self.dict.entries()[..at].iter().any(|(earlier, _)| earlier == key) {
                self.complain::<()>("DAP003", format!("`{key}` twice"));
            }
        }
        let dist_type = match (self.dict.get("dist_type"), protocol) {
            (None, _) => return self.complain("DAP201", "no dist_type".into()),
            (Some(Value::Text(t)), _) if t == "b" => 'b',
            (Some(Value::Text(t)), _) if t == "c" => 'c',
            (Some(Value::Text(t)), _) if t == "u" => 'u',
            (Some(Value::Text(t)), Protocol::V0_9) if t == "n" => 'n',
            (Some(Value::Text(t)), Protocol::V0_10) if t == "n" => {
                return self.complain("DAP203", "dist_type n in 0.10".into());
            }
            (Some(Value::Null), _) => return self.complain("DAP212", "dist_type is null".into()),
            (Some(_), _) => return self.complain("DAP202", "no such dist_type".into()),
        };
        let size = self.required("size", "DAP204", 0, "DAP206");
        // An undistributed dimension needs no grid keys; if present, they have no meaning.
        let (grid_size, grid_rank) = if dist_type == 'n' {
            (Some(1), Some(0))
        } else {
            let grid_size = self.required("proc_grid_size", "DAP204", 1, "DAP207");
            let grid_rank = self.required("proc_grid_rank", "DAP204", 0, "DAP208");
            (grid_size, grid_rank)
        };
        if let (Some(grid_size), Some(grid_rank)) = (grid_size, grid_rank)
            && grid_rank >= grid_size
        {
            self.complain::<()>("DAP208", "proc_grid_rank is not less than proc_grid_size".into());
        }
        // 0.9 has `periodic` among the keys of every dimension, 0.10 among those of a block.
        let periodic = match (dist_type, protocol) {
            ('b', _) | (_, Protocol::V0_9) => self.flag("periodic"),
            _ => Some(false),
        };
        let how = match dist_type {
            'n' => {
                let padding = self.padding();
                Some(How::Block { start: 0, stop: size?, padding: padding? })
            }
            'b' => {
                let start = self.required("start", "DAP301", 0, "DAP302");
                let stop = self.required("stop", "DAP301", i64::MIN, "");
                let padding = self.padding();
                Some(How::Block { start: start?, stop: stop?, padding: padding? })
            }
            'c' => {
                let start = self.required("start", "DAP401", 0, "DAP402");
                let block_size = match self.dict.get("block_size") {
                    None => Some(1),
                    Some(_) => self.required("block_size", "", 1, "DAP403"),
                };
                Some(How::Cyclic { start: start?, block_size: block_size? })
            }
            _ => {
                let indices = self.indices();
                let one_to_one = self.flag("one_to_one");
                Some(How::Unstructured { indices: indices?, one_to_one: one_to_one? })
            }
        };
        Some(Stated {
            dist_type,
            size: size?,
            grid_size: grid_size?,
            grid_rank: grid_rank?,
            periodic: periodic?,
            how: how?,
        })
    }

    fn complain<T>(&mut self, rule: &'static str, text: String) -> Option<T> {
        self.complaints.push((rule, text));
        None
    }

    /// A required integer of at least `least`.
    fn required(&mut self, key: &str, missing: &'static str, least: i64, below: &'static str) -> Option<i64> {
        match self.dict.get(key) {
            None => self.complain(missing, format!("no `{key}`")),
            Some(Value::Int(value)) if *value < least => self.complain(below, format!("`{key}` below {least}")),
            Some(Value::Int(value)) => Some(*value),
            Some(Value::Null) => self.complain("DAP212", format!("`{key}` is null")),
            Some(_) => self.complain("DAP205", format!("`{key}` is not an integer")),
        }
    }

    /// A boolean that may be absent, which means false.
    fn flag(&mut self, key: &str) -> Option<bool> {
        match self.dict.get(key) {
            None => Some(false),
            Some(Value::Bool(value)) => Some(*value),
            Some(Value::Null) => self.complain("DAP212", format!("`{key}` is null")),
            Some(_) => self.complain("DAP211", format!("`{key}` is not a boolean")),
        }
    }

    /// "2-tuple of int, each greater than or equal to zero. Optional."
    fn padding(&mut self) -> Option<Option<[i64; 2]>> {
        match self.dict.get("padding") {
            None => Some(None),
            Some(Value::Ints(widths)) => match widths[..] {
                [lo, hi] if lo >= 0 && hi >= 0 => Some(Some([lo, hi])),
                [_, _] => self.complain("DAP307", "a negative padding width".into()),
                _ => self.complain("DAP306", "padding is not two integers".into()),
            },
            Some(Value::Null) => self.complain("DAP212", "padding is null".into()),
            Some(_) => self.complain("DAP306", "padding is not two integers".into()),
        }
    }

    /// "The only constraint that applies to the indices buffer is that the values are locally
    /// unique."
    fn indices(&mut self) -> Option<Vec<i64>> {
        match self.dict.get("indices") {
            None => self.complain("DAP501", "no indices".into()),
            Some(Value::Ints(indices)) => Some(indices.clone()),
            Some(Value::List(items)) if items.is_empty() => Some(Vec::new()),
            Some(Value::Null) => self.complain("DAP212", "indices is null".into()),
            Some(_) => self.complain("DAP502", "indices is not a flat list of integers".into()),
        }
    }
}
