//! The text form: one export, a bundle, or one export per line.
//!
//! Keys are written in the order of the model, and a repeated key is written twice.

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::{DimDict, RankExport, Value};

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Int(v) => out.serialize_i64(*v),
            Value::Bool(v) => out.serialize_bool(*v),
            Value::Text(v) => out.serialize_str(v),
            Value::Ints(v) => v.serialize(out),
            Value::List(v) => v.serialize(out),
            Value::Float(v) => out.serialize_f64(*v),
            Value::Null => out.serialize_unit(),
        }
    }
}

impl Serialize for DimDict {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_map(self.entries().iter().map(|(key, value)| (key, value)))
    }
}

struct Buffer<'a>(&'a RankExport);

impl Serialize for Buffer<'_> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        let mut map = out.serialize_map(None)?;
        map.serialize_entry("dtype", &self.0.dtype)?;
        map.serialize_entry("shape", &self.0.shape)?;
        if let Some(strides) = &self.0.strides {
            map.serialize_entry("strides", strides)?;
        }
        for (key, value) in &self.0.file {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

impl Serialize for RankExport {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        let mut map = out.serialize_map(None)?;
        map.serialize_entry("__version__", &self.version)?;
        map.serialize_entry("buffer", &Buffer(self))?;
        map.serialize_entry("dim_data", &self.dim_data)?;
        for (key, value) in &self.extra {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

impl RankExport {
    /// One export as one line of JSON, without a line end.
    ///
    /// # Panics
    ///
    /// Never: every value of the model has a JSON form (a float that is not finite becomes `null`).
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("the model has string keys only")
    }
}

/// All ranks in one document: `{"ranks": [...]}`.
pub fn bundle(set: &[RankExport]) -> String {
    let ranks: Vec<String> = set.iter().map(RankExport::to_json).collect();
    format!("{{\"ranks\": [{}]}}\n", ranks.join(", "))
}

/// One export per line; the line number, from 0, is the rank.
pub fn ndjson(set: &[RankExport]) -> String {
    set.iter().map(|export| export.to_json() + "\n").collect()
}
