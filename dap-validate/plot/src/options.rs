//! The options of a picture.

use dap_core::finding::plural;
use std::fmt;
use std::str::FromStr;

/// The options of a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlotOptions {
    /// The part of an array of more than two dimensions; by default the first two dimensions, at
    /// index 0 of the others.
    pub slice: Option<Slice>,
    /// The width in CSS pixels, at least [`PlotOptions::NARROWEST`] and at most
    /// [`PlotOptions::WIDEST`]. The height follows.
    pub width: u32,
    /// Dark or light.
    pub theme: Theme,
    /// The picture's heading; `Distributed array` by default.
    pub title: Option<String>,
    /// Whether title, distribution and errors are written over the picture. They are in the SVG's
    /// `<title>` and `<desc>` in any case.
    pub heading: bool,
    /// The largest number of ranks whose buffers are drawn; 0 leaves them out.
    pub buffers: usize,
}

impl PlotOptions {
    /// Narrower pictures have no room for their captions.
    pub const NARROWEST: u32 = 360;
    /// Wider pictures do not fit a screen.
    pub const WIDEST: u32 = 4000;
}

impl Default for PlotOptions {
    fn default() -> Self {
        Self { slice: None, width: 960, theme: Theme::Light, title: None, heading: true, buffers: 16 }
    }
}

/// The background of the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// Dark on white, for paper.
    #[default]
    Light,
    /// Light on dark.
    Dark,
    /// The colours of the page that an SVG is put into; see [`Figure`](super::Figure). Light as
    /// PNG.
    Page,
}

/// For each dimension a global index, or `None` if the dimension is drawn. One or two dimensions
/// are drawn.
///
/// ```
/// use dap_plot::Slice;
/// let slice: Slice = "3, :, 0, :".parse()?;
/// assert_eq!(slice.0, [Some(3), None, Some(0), None]);
/// assert!("3,x".parse::<Slice>().is_err());
/// # Ok::<(), String>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slice(pub Vec<Option<i64>>);

impl FromStr for Slice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let one = |part: &str| match part.trim() {
            ":" => Ok(None),
            number => {
                number.parse().map(Some).map_err(|_| format!("`{number}` is neither `:` nor an index; write 0,:,:"))
            }
        };
        let parts = text.split(',').map(one).collect::<Result<Vec<_>, _>>()?;
        match parts.iter().filter(|part| part.is_none()).count() {
            1 | 2 => Ok(Self(parts)),
            drawn => Err(format!("{drawn} dimensions are marked with `:`; one or two can be drawn, as in 0,:,:")),
        }
    }
}

impl fmt::Display for Slice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (dim, part) in self.0.iter().enumerate() {
            f.write_str(if dim > 0 { ", " } else { "" })?;
            match part {
                Some(index) => index.fmt(f)?,
                None => f.write_str(":")?,
            }
        }
        Ok(())
    }
}

/// The reason why there is no picture.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PlotError {
    /// The slice and the array have different numbers of dimensions.
    SliceLength {
        /// Parts of the slice.
        parts: usize,
        /// Dimensions of the array.
        ndim: usize,
    },
    /// The array has no such index.
    NoSuchIndex {
        /// The dimension.
        dim: usize,
        /// The index that the slice names.
        index: i64,
    },
    /// The picture has too many pixels to be painted.
    TooLarge,
}

impl fmt::Display for PlotError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SliceLength { parts, ndim } => {
                write!(f, "the slice has {}, but the array has {}", plural(parts, "part"), plural(ndim, "dimension"))
            }
            Self::NoSuchIndex { dim, index } => write!(f, "dimension {dim} has no index {index} to slice at"),
            Self::TooLarge => f.write_str("the picture is too large to be painted; write SVG instead"),
        }
    }
}

impl std::error::Error for PlotError {}
