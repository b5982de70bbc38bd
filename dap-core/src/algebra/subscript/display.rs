//! An index as text, in the notation that [`Subscript::parse`] reads.

use std::fmt;

use super::{Slice, Subscript};

impl fmt::Display for Slice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bound = |f: &mut fmt::Formatter<'_>, bound: Option<i64>| bound.map_or(Ok(()), |bound| write!(f, "{bound}"));
        bound(f, self.start)?;
        f.write_str(":")?;
        bound(f, self.stop)?;
        self.step.map_or(Ok(()), |step| write!(f, ":{step}"))
    }
}

impl fmt::Display for Subscript {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Subscript::Index(index) => index.fmt(f),
            Subscript::Slice(slice) => slice.fmt(f),
            Subscript::Ellipsis => f.write_str("..."),
            Subscript::NewAxis => f.write_str("None"),
        }
    }
}

impl Subscript {
    /// An index of several subscripts, in brackets.
    ///
    /// ```
    /// use dap_core::algebra::Subscript;
    /// let index = Subscript::parse("1:, ::-1, ..., None, -3")?;
    /// assert_eq!(Subscript::text(&index), "[1:, ::-1, ..., None, -3]");
    /// # Ok::<(), dap_core::algebra::ParseError>(())
    /// ```
    pub fn text(index: &[Subscript]) -> String {
        let parts: Vec<String> = index.iter().map(Subscript::to_string).collect();
        format!("[{}]", parts.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn subscripts() -> impl Strategy<Value = Subscript> {
        let bound = || prop::option::of(any::<i64>());
        let slice = (bound(), bound(), bound().prop_filter("a step of 0 is no slice", |step| *step != Some(0)));
        prop_oneof![
            any::<i64>().prop_map(Subscript::Index),
            slice.prop_map(|(start, stop, step)| Subscript::Slice(Slice { start, stop, step })),
            Just(Subscript::Ellipsis),
            Just(Subscript::NewAxis),
        ]
    }

    proptest! {
        #[test]
        fn the_text_reads_as_the_same_index(index in prop::collection::vec(subscripts(), 0..5)) {
            prop_assert_eq!(Subscript::parse(&Subscript::text(&index)), Ok(index));
        }
    }
}
