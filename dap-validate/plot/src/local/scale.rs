//! From local indices to pixels.

/// The scale of an extent in pixels; all buffers of a page have the same.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PixelScale {
    pub(crate) pixels: i32,
    pub(crate) extent: i64,
}

impl PixelScale {
    /// A scale of at most `most` pixels in all and `cell` pixels an element; whole pixels for each
    /// element if there is room.
    pub(crate) fn fit(extent: i64, most: i32, cell: i32) -> Self {
        let extent = extent.max(1);
        let each = i32::try_from(i64::from(most) / extent).unwrap_or(0).min(cell);
        let pixels = if each > 0 { i32::try_from(i64::from(each) * extent).unwrap_or(most) } else { most };
        // With few pixels for each element, whole pixels would leave much of the room unused.
        Self { pixels: if each < 4 { most.min(pixels.saturating_mul(4)).max(pixels) } else { pixels }, extent }
    }

    pub(crate) fn pixel(&self, index: i64) -> i32 {
        let scaled =
            (2 * i128::from(index) * i128::from(self.pixels) + i128::from(self.extent)) / (2 * i128::from(self.extent));
        i32::try_from(scaled).unwrap_or(i32::MAX / 4)
    }

    /// The least number of pixels of an element.
    pub(super) fn cell(&self) -> i32 {
        i32::try_from(i64::from(self.pixels) / self.extent).unwrap_or(0)
    }
}

/// The scales of columns and rows: cells are square unless that makes one side too small.
pub(crate) fn fit(columns: i64, rows: i64, width: i32, height: i32, cell: i32) -> (PixelScale, PixelScale) {
    let (across, down) = (PixelScale::fit(columns, width, cell), PixelScale::fit(rows, height, cell));
    let (x, y) = (f64::from(across.pixels) / columns.max(1) as f64, f64::from(down.pixels) / rows.max(1) as f64);
    let square = x.min(y);
    let smallest = f64::from(width.min(height).min(120));
    let wanted = |count: i64, most: i32| {
        let pixels = (square * count.max(1) as f64).max(smallest.min(f64::from(cell) * count.max(1) as f64));
        PixelScale::fit(count, (pixels.round() as i32).min(most), cell)
    };
    (wanted(columns, width), wanted(rows, height))
}
