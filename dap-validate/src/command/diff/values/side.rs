//! One of two arrays whose values are compared.

use std::path::Path;

use dap_core::dtype::DType;
use dap_core::layout::Layout;

use crate::command::gather::item_type;
use crate::command::outcome::Failure;
use crate::command::side::ComparedArray;
use crate::input::is_npy_file;
use crate::values::{Direction, Dump, FileItems, ItemSource, whole_shape};
use dap_report::printable;

/// An array, and where its items are.
pub(super) struct ValueSide {
    /// Safe to print.
    pub(super) name: String,
    pub(super) dtype: DType,
    pub(super) shape: Vec<i64>,
    form: Form,
}

enum Form {
    Whole(FileItems),
    Ranks(Box<ComparedArray>),
}

impl ValueSide {
    /// A `.npy` file, or an array as `check` reads it.
    pub(super) fn read(path: &Path, no_progress: bool) -> Result<Self, Failure> {
        let name = printable(&path.display().to_string());
        if path.is_file() && is_npy_file(path) {
            let read = FileItems::npy(path);
            let (items, dtype) = read.map_err(|why| Failure::Usage(format!("cannot read {name}: {why}")))?;
            return Ok(Self { name, dtype, shape: items.shape.clone(), form: Form::Whole(items) });
        }
        let array = ComparedArray::read(path, no_progress)?;
        let dtype = item_type(&array)?.clone();
        Ok(Self { name, dtype, shape: whole_shape(&array.layout), form: Form::Ranks(Box::new(array)) })
    }

    /// The layout of an array of several ranks.
    pub(super) fn layout(&self) -> Option<&Layout> {
        match &self.form {
            Form::Whole(_) => None,
            Form::Ranks(array) => Some(&array.layout),
        }
    }

    /// The items, ready to be read. `pattern` has the names of the ranks' data files.
    pub(super) fn source(&self, pattern: Option<&str>) -> Result<ItemSource<'_>, Failure> {
        match &self.form {
            Form::Whole(_) if pattern.is_some() => Err(Failure::Usage(format!(
                "{} is one file of the whole array, and has no data files of ranks: leave its --data-a or --data-b out",
                self.name
            ))),
            Form::Whole(items) => {
                let file = items.open(Direction::Read);
                let file = file.map_err(|why| Failure::Usage(format!("cannot read {}: {why}", self.name)))?;
                Ok(ItemSource::Whole { items, file })
            }
            Form::Ranks(array) => {
                let dump = Dump::of(&array.layout, &self.dtype, &array.texts, pattern);
                let failed = |why| Failure::Usage(format!("cannot read the data of {}: {why}", self.name));
                Ok(ItemSource::Ranks(dump.map_err(failed)?))
            }
        }
    }

    /// The array as `check` describes it: shape, type, distribution.
    pub(super) fn words(&self) -> String {
        match &self.form {
            Form::Whole(_) => {
                let shape = crate::command::tuple::tuple(&self.shape);
                format!("{shape} {} in one file", printable(&self.dtype.name()))
            }
            Form::Ranks(array) => array.words(),
        }
    }
}
