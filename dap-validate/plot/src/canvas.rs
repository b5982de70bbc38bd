//! The picture while it is made.

use super::marks::Marks;
use super::palette::Shades;
use super::scene::Scene;

/// The shapes drawn so far, the marks that they use, and the colours to draw in.
pub(super) struct Canvas {
    pub(super) shades: Shades,
    pub(super) scene: Scene,
    pub(super) marks: Marks,
}

impl Canvas {
    /// An empty picture.
    pub(super) fn new(shades: Shades) -> Self {
        Self { shades, scene: Scene::default(), marks: Marks::default() }
    }
}
