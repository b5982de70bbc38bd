//! A dimension dictionary that can hold any value under any key, in order.

/// A value as it may stand in an export.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// An integer.
    Int(i64),
    /// `true` or `false`.
    Bool(bool),
    /// A string.
    Text(String),
    /// A list of integers: `indices`, `padding`.
    Ints(Vec<i64>),
    /// A list of anything, for what should have been a list of integers.
    List(Vec<Value>),
    /// A number with a decimal point; finite.
    Float(f64),
    /// `null`, Python's `None`.
    Null,
}

impl From<i64> for Value {
    fn from(value: i64) -> Value {
        Value::Int(value)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Value {
        Value::Bool(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Value {
        Value::Text(value.into())
    }
}

impl From<Vec<i64>> for Value {
    fn from(value: Vec<i64>) -> Value {
        Value::Ints(value)
    }
}

impl From<[i64; 2]> for Value {
    fn from(value: [i64; 2]) -> Value {
        Value::Ints(value.to_vec())
    }
}

/// A dimension dictionary: keys and values in the order in which they were written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DimDict {
    entries: Vec<(String, Value)>,
}

impl DimDict {
    /// `{}`, in version 0.10 the alias of an undistributed dimension.
    pub fn empty() -> DimDict {
        DimDict::default()
    }

    /// The keys that all distribution types share.
    pub fn common(dist_type: &str, size: i64, proc_grid_size: i64, proc_grid_rank: i64) -> DimDict {
        DimDict::empty()
            .with("dist_type", dist_type)
            .with("size", size)
            .with("proc_grid_size", proc_grid_size)
            .with("proc_grid_rank", proc_grid_rank)
    }

    /// A block with its required keys.
    pub fn block(size: i64, proc_grid_size: i64, proc_grid_rank: i64, start: i64, stop: i64) -> DimDict {
        DimDict::common("b", size, proc_grid_size, proc_grid_rank).with("start", start).with("stop", stop)
    }

    /// A cyclic section with its required keys.
    pub fn cyclic(size: i64, proc_grid_size: i64, proc_grid_rank: i64, start: i64) -> DimDict {
        DimDict::common("c", size, proc_grid_size, proc_grid_rank).with("start", start)
    }

    /// An unstructured section with its required keys.
    pub fn unstructured(size: i64, proc_grid_size: i64, proc_grid_rank: i64, indices: Vec<i64>) -> DimDict {
        DimDict::common("u", size, proc_grid_size, proc_grid_rank).with("indices", indices)
    }

    /// Version 0.9's undistributed dimension.
    pub fn undistributed(size: i64) -> DimDict {
        DimDict::empty().with("dist_type", "n").with("size", size)
    }

    /// The same dictionary with one more key at its end.
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> DimDict {
        self.entries.push((key.into(), value.into()));
        self
    }

    /// The value under `key`; of a repeated key, the first.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.entries.iter().find(|(k, _)| k == key).map(|(_, value)| value)
    }

    /// Replaces the value under `key`, or adds the key at the end.
    pub fn set(&mut self, key: &str, value: Value) {
        match self.entries.iter_mut().find(|(k, _)| k == key) {
            Some((_, old)) => *old = value,
            None => self.entries.push((key.into(), value)),
        }
    }

    /// Adds a key at the end, even when it is there already.
    pub fn push(&mut self, key: &str, value: Value) {
        self.entries.push((key.into(), value));
    }

    /// Takes a key out.
    pub fn remove(&mut self, key: &str) {
        self.entries.retain(|(k, _)| k != key);
    }

    /// Keys and values in order.
    pub fn entries(&self) -> &[(String, Value)] {
        &self.entries
    }

    /// Whether this is `{}`.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}
