//! Pictures for a page: SVG in the page's own colours, and the layout in numbers, from which a
//! script finds the element under the pointer.
//!
//! The numbers are the dimensions as `axis::map` gives them, and the ranks that are present. With
//! them a page finds the owner of every index, not only of those that have pixels of their own.
//! Dimensions that take too many numbers are `null`.

use serde::Serialize;

use super::axis::DimMap;
use super::options::{PlotError, PlotOptions, Slice, Theme};
use super::subject::{Subject, SubjectState};
use super::{page, svg};

/// Pictures of one array, and the numbers that a script needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// One picture for each slice; a single one for an array of at most two dimensions.
    pub pictures: Vec<Picture>,
    /// The array in numbers, as JSON without `<`.
    pub numbers: String,
}

/// A picture without a heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// The distribution, and the slice if there are several.
    pub caption: String,
    /// Colours that depend on the theme are the CSS variables `--dap-paper`, `-ink`, `-muted`,
    /// `-line`, `-blank` and `-wrong`.
    pub svg: String,
}

/// The largest number of ranks in wrong places that are listed.
const MOST_STRAYS: usize = 500;
/// The largest number of ranges of present ranks that are listed.
const MOST_RANGES: usize = 2_000;

#[derive(Serialize)]
struct FigureNumbers<'a> {
    dims: Vec<Option<DimMap>>,
    state: &'static str,
    /// The ranks that are present, as first and last of each range; empty if all are.
    #[serde(skip_serializing_if = "Option::is_none")]
    present: Option<&'a [[i64; 2]]>,
    /// The ranks in wrong places, with these places.
    strays: Vec<[i64; 2]>,
}

impl Figure {
    /// The pictures of at most `most` slices. `name` is put before all ids, which must differ
    /// between the figures of a page.
    ///
    /// # Errors
    /// An array without a chosen slice gives no error.
    pub fn new(subject: &Subject, name: &str, most: usize) -> Result<Self, PlotError> {
        let mut pictures = Vec::new();
        for (at, slice) in subject.slices(most).into_iter().enumerate() {
            let mut caption = subject.words();
            if let Some(slice) = &slice {
                caption += &format!("; slice [{slice}]");
            }
            let options = PlotOptions {
                slice,
                theme: Theme::Page,
                heading: false,
                title: Some(caption.clone()),
                ..PlotOptions::default()
            };
            let page = page::page(subject, &options)?;
            pictures.push(Picture { caption, svg: svg::write(&page.scene, &page.head(&format!("{name}-{at}"))) });
        }
        Ok(Self { pictures, numbers: numbers(subject) })
    }
}

fn numbers(subject: &Subject) -> String {
    let strays = subject.strays();
    let ranges: Option<Vec<[i64; 2]>> =
        subject.present.as_ref().map(|ranks| ranks.ranges().iter().map(|range| [range.start, range.end - 1]).collect());
    let told = strays.len() <= MOST_STRAYS && ranges.as_ref().is_none_or(|ranges| ranges.len() <= MOST_RANGES);
    let numbers = FigureNumbers {
        dims: subject.axes.iter().map(|axis| axis.map().filter(|_| told)).collect(),
        state: match subject.state {
            SubjectState::Whole => "whole",
            SubjectState::Partial => "partial",
            SubjectState::Wrong => "wrong",
        },
        present: ranges.as_deref().filter(|_| told),
        strays: if told { strays } else { Vec::new() },
    };
    serde_json::to_string(&numbers).unwrap_or_default().replace('<', "\\u003c")
}

impl Subject {
    /// At most `most` slices to draw: the first index of each process along the dimensions after
    /// the second.
    fn slices(&self, most: usize) -> Vec<Option<Slice>> {
        if self.axes.len() <= 2 {
            return vec![None];
        }
        let mut slices: Vec<Vec<Option<i64>>> = vec![vec![None, None]];
        for axis in &self.axes[2..] {
            let indices: Vec<i64> = axis.firsts(most).into_iter().map(|position| axis.index(position)).collect();
            let longer = slices.iter().flat_map(|slice| {
                indices.iter().map(|index| slice.iter().copied().chain([Some(*index)]).collect::<Vec<_>>())
            });
            slices = longer.take(most.max(1)).collect();
        }
        slices.into_iter().map(|slice| Some(Slice(slice))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dap_core::dim::{Block, Cyclic};
    use dap_core::layout::Layout;

    #[test]
    fn a_picture_for_each_process_along_the_hidden_dimensions() {
        let dims = vec![
            Block::new(4, 2).expect("valid").into(),
            Block::new(4, 1).expect("valid").into(),
            Cyclic::new(9, 3, 2).expect("valid").into(),
        ];
        let subject = Subject::from(&Layout::new(dims).expect("valid"));
        let slices: Vec<String> = subject.slices(8).iter().flatten().map(ToString::to_string).collect();
        assert_eq!(slices, [":, :, 0", ":, :, 2", ":, :, 4"]);
        assert_eq!(subject.slices(2).len(), 2);
        let figure = Figure::new(&subject, "a", 8).expect("no slice was chosen");
        assert_eq!(figure.pictures.len(), 3);
        assert!(figure.pictures[0].svg.contains("var(--dap-ink)"));
        assert!(serde_json::from_str::<serde_json::Value>(&figure.numbers).is_ok());
    }
}
