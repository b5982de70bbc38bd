//! Colours, and the fills and patterns made of them.

/// A colour as `0xRRGGBB`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Color(pub(super) u32);

impl Color {
    #[cfg(any(feature = "png", test))]
    pub(super) fn channels(self) -> [u8; 3] {
        let [_, red, green, blue] = self.0.to_be_bytes();
        [red, green, blue]
    }
}

/// The fill of an area. Patterns are fixed to the page, not to the shape: they continue from one
/// area to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Paint {
    Nothing,
    Solid(Color),
    /// Slanted lines, rising to the right or falling.
    Hatch(Color, Slant),
    /// As `Hatch`, with a halo stroke of the second colour below each line, which makes it visible
    /// on every fill.
    HaloHatch(Color, Color, Slant),
    /// Lines of both slants.
    Cross(Color),
    Dots(Color),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Slant {
    Rising,
    Falling,
}

/// The widths of a pattern's lines, and of the halo strokes below them, in tenths of a pixel.
pub(super) const LINE: i32 = 13;
pub(super) const HALO_STROKE: i32 = 28;
/// The side of the square in which a pattern repeats, in pixels.
pub(super) const PATTERN: i32 = 8;
