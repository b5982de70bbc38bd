//! `--view`: an index in Python's notation, as an argument.

use dap_core::algebra::{Placement, Subscript, View};
use dap_core::error::Result;
use dap_core::layout::Layout;

/// A part of an array, as Python indexes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewArg {
    text: String,
    subscripts: Vec<Subscript>,
}

impl ViewArg {
    /// Reads an index such as `3:, ::-1, None`.
    pub(super) fn parse(text: &str) -> std::result::Result<Self, String> {
        let subscripts = Subscript::parse(text).map_err(|error| error.to_string())?;
        Ok(Self { text: text.trim().to_owned(), subscripts })
    }

    /// The index in brackets, as it follows an array's name.
    pub(crate) fn in_brackets(&self) -> String {
        let bare = self.text.trim_start_matches(['[', '(']).trim_end_matches([']', ')']);
        format!("[{}]", bare.trim())
    }

    /// The view of an array with this layout.
    pub(crate) fn of(&self, layout: &Layout) -> Result<View> {
        View::of(&Placement::new(layout.clone())).index(&self.subscripts)
    }
}
