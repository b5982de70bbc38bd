//! Access to the values of a JSON description. The errors are sentences that name the place.

use std::fmt;

use serde_json::Value;

use crate::printed;
use dap_report::printable;

/// A value, or a sentence about its absence.
pub(super) type ConvertResult<T> = Result<T, String>;

/// A bound that no array reaches: sums of smaller numbers do not overflow.
const LARGEST: i64 = 1 << 60;

/// A value, and its path in the document, such as `ranks[2].none.corners`.
#[derive(Debug, Clone)]
pub(super) struct RawValue<'a> {
    value: &'a Value,
    path: String,
}

impl fmt::Display for RawValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.path.is_empty() { "the document" } else { &self.path })
    }
}

impl<'a> RawValue<'a> {
    pub(super) fn new(value: &'a Value, path: impl Into<String>) -> Self {
        Self { value, path: path.into() }
    }

    pub(super) fn value(&self) -> &'a Value {
        self.value
    }

    pub(super) fn keys(&self) -> Vec<&'a str> {
        self.value.as_object().map(|map| map.keys().map(String::as_str).collect()).unwrap_or_default()
    }

    pub(super) fn is_object(&self) -> bool {
        self.value.is_object()
    }

    /// Whether there is such a key, even if it is null.
    pub(super) fn has(&self, key: &str) -> bool {
        self.value.get(key).is_some()
    }

    /// The value of a key, unless it is missing or null.
    pub(super) fn maybe(&self, key: &str) -> Option<Self> {
        let value = self.value.get(key).filter(|value| !value.is_null())?;
        let dot = if self.path.is_empty() { "" } else { "." };
        Some(Self { value, path: format!("{}{dot}{}", self.path, printable(key)) })
    }

    pub(super) fn get(&self, key: &str) -> ConvertResult<Self> {
        self.maybe(key).ok_or_else(|| format!("{self} has no `{key}`"))
    }

    pub(super) fn int(&self) -> ConvertResult<i64> {
        // Some programs print mpi4py-fft's alignment as text, and Julia and JavaScript print 3.0.
        let whole = |number: f64| (number.fract() == 0.0 && number.abs() <= LARGEST as f64).then_some(number as i64);
        let number = self.value.as_i64().or_else(|| self.value.as_str()?.trim().parse().ok());
        let number = number.or_else(|| whole(self.value.as_f64()?));
        let number = number.ok_or_else(|| format!("{self} is {}, not an integer", self.short()))?;
        if number.saturating_abs() > LARGEST {
            return Err(format!("{self} is {number}, more than any array holds"));
        }
        Ok(number)
    }

    /// An integer that counts something.
    pub(super) fn count(&self) -> ConvertResult<i64> {
        let number = self.int()?;
        if number < 0 { Err(format!("{self} is {number}, and it cannot be below 0")) } else { Ok(number) }
    }

    pub(super) fn list(&self) -> ConvertResult<Vec<Self>> {
        let list = self.value.as_array().ok_or_else(|| {
            let why = self.value.as_str().and_then(|text| printed::of_text(text).err());
            let why = why.filter(|why| why.starts_with("NumPy")).map_or_else(String::new, |why| format!(": {why}"));
            format!("{self} is {}, not a list{why}", self.short())
        })?;
        Ok(list.iter().enumerate().map(|(at, value)| Self { value, path: format!("{}[{at}]", self.path) }).collect())
    }

    pub(super) fn ints(&self) -> ConvertResult<Vec<i64>> {
        self.list()?.iter().map(Self::int).collect()
    }

    pub(super) fn counts(&self) -> ConvertResult<Vec<i64>> {
        self.list()?.iter().map(Self::count).collect()
    }

    /// Lists of integers.
    pub(super) fn rows(&self) -> ConvertResult<Vec<Vec<i64>>> {
        self.list()?.iter().map(Self::ints).collect()
    }

    /// A list of `count` integers.
    pub(super) fn exactly(&self, numbers: Vec<i64>, wanted: usize) -> ConvertResult<Vec<i64>> {
        if numbers.len() == wanted {
            return Ok(numbers);
        }
        Err(format!("{self} has {} numbers where {wanted} are expected", numbers.len()))
    }

    pub(super) fn text(&self) -> ConvertResult<&'a str> {
        self.value.as_str().ok_or_else(|| format!("{self} is {}, not a text", self.short()))
    }

    /// Refuses two statements of one fact that differ.
    pub(super) fn same<T: PartialEq + fmt::Debug + ?Sized>(
        &self,
        said: &T,
        computed: &T,
        why: &str,
    ) -> ConvertResult<()> {
        if said == computed {
            return Ok(());
        }
        Err(format!("{self} is {said:?}, but {why} makes it {computed:?}"))
    }

    /// The beginning of a value, for a sentence.
    pub(super) fn short(&self) -> String {
        let text = self.value.to_string();
        let mut short: String = text.chars().take(40).collect();
        if short.len() < text.len() {
            short.push_str("...");
        }
        printable(&short)
    }
}
