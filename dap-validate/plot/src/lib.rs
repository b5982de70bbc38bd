//! Pictures of distributions, drawn from metadata alone.
//!
//! The left half shows the whole array, coloured by owner, with padding over it. The right half
//! (the lower one, in one dimension) shows the buffers of the first ranks with their local indices.
//! A wrong layout is drawn from the statements of its ranks: gaps and overlaps are red. The same
//! input gives the same bytes. A picture has at most some 20 000 rectangles, whatever the size of
//! the array and the number of ranks.
//!
//! ```
//! use dap_core::dim::{Block, Cyclic};
//! use dap_core::layout::Layout;
//! use dap_plot::PlotOptions;
//!
//! let layout = Layout::new(vec![Block::new(16, 2)?.into(), Cyclic::new(16, 2, 2)?.into()])?;
//! let svg = dap_plot::svg(&(&layout).into(), &PlotOptions::default())?;
//! assert!(svg.starts_with("<svg "));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | task | module |
//! |---|---|
//! | a dimension: the owners of positions, the contents of buffers | `axis` |
//! | intervals too narrow to draw: grouped, sampled, or schematic | `bands` |
//! | the ownership where two dimensions cross, valid or not | `drawn` |
//! | the views | `global`, `local` |
//! | colours, labels, legend | `palette`, `ticks`, `text`, `marks`, `legend` |
//! | the page as a list of shapes, as SVG, as PNG | `page`, `scene`, `svg`, `png` |
//! | pictures for an HTML page | `figure` |
//! | the amounts that ranks exchange, as a matrix | `exchange` |
//!
//! # For programs
//!
//! The SVG can be put into HTML as it is. Areas carry `data-rank`, `data-coordinates` and
//! `data-owned`; faults `data-gap`, `data-overlap`, `data-missing`; halos `data-halo`. The group of
//! class `global` says in `data-box` (x, y, width, height), `data-rows` and `data-columns` (start,
//! end) and `data-dims` which global index lies under a pixel, and each group of class `buffer` has
//! `data-rank`, `data-coordinates`, `data-shape` and `data-box`.

mod axis;
mod bands;
mod canvas;
mod drawn;
mod exchange;
mod figure;
mod global;
mod legend;
mod local;
mod marks;
mod options;
mod page;
mod paint;
mod palette;
#[cfg(feature = "png")]
mod png;
mod scene;
mod subject;
mod svg;
#[cfg(test)]
mod tests;
mod text;
mod ticks;

pub use exchange::Exchange;
pub use figure::{Figure, Picture};
pub use options::{PlotError, PlotOptions, Slice, Theme};
pub use subject::Subject;

/// The picture as SVG: one element, without an XML declaration.
///
/// # Errors
/// A slice that the array does not have.
pub fn svg(subject: &Subject, options: &PlotOptions) -> Result<String, PlotError> {
    let page = page::page(subject, options)?;
    Ok(svg::write(&page.scene, &page.head("dap")))
}

/// The picture as PNG, with two pixels for each CSS pixel of [`PlotOptions::width`].
///
/// # Errors
/// A slice that the array does not have, or a page of more than 2^28 pixels.
#[cfg(feature = "png")]
pub fn png(subject: &Subject, options: &PlotOptions) -> Result<Vec<u8>, PlotError> {
    let theme = if options.theme == Theme::Page { Theme::Light } else { options.theme };
    png::paint(&page::page(subject, &PlotOptions { theme, ..options.clone() })?)
}

/// The message matrix as SVG.
#[must_use]
pub fn exchange_svg(exchange: &Exchange<'_>, options: &PlotOptions) -> String {
    let page = exchange::page(exchange, options);
    svg::write(&page.scene, &page.head("dap"))
}

/// The message matrix as PNG, with two pixels for each CSS pixel of [`PlotOptions::width`].
///
/// # Errors
/// A page of more than 2^28 pixels.
#[cfg(feature = "png")]
pub fn exchange_png(exchange: &Exchange<'_>, options: &PlotOptions) -> Result<Vec<u8>, PlotError> {
    let theme = if options.theme == Theme::Page { Theme::Light } else { options.theme };
    png::paint(&exchange::page(exchange, &PlotOptions { theme, ..options.clone() }))
}
