//! The lines between elements, the rim, and the indices along it.

use super::Drawing;
use crate::scene::{Anchor, Outline, Rect, Scene, SceneText};
use crate::ticks::{self, TickDirection};

impl Drawing<'_> {
    /// Faint lines between elements that are large enough.
    pub(super) fn cell_lines(&self, scene: &mut Scene) {
        let (Some(width), Some(height)) = (self.columns.cell(), self.rows.cell()) else { return };
        let (one_row, one_column) = (self.drawn.rows.is_none(), self.drawn.columns.is_none());
        if width < 9 || height < 9 {
            return;
        }
        let mut lines = Vec::new();
        let steps = |pixels: i32, cell: i32, off: bool| (1..if off { 1 } else { pixels / cell }).map(move |k| k * cell);
        lines.extend(
            steps(self.at.width, width, one_column)
                .map(|x| [self.at.x + x, self.at.y, self.at.x + x, self.at.bottom()]),
        );
        lines.extend(
            steps(self.at.height, height, one_row).map(|y| [self.at.x, self.at.y + y, self.at.right(), self.at.y + y]),
        );
        scene.lines(lines, Outline { color: self.shades.paper, tenths: 4, dashed: false });
    }

    /// The rim, dashed along periodic dimensions, which continue there.
    pub(super) fn frame(&self, scene: &mut Scene) {
        let Rect { x, y, .. } = self.at;
        let (right, bottom) = (self.at.right(), self.at.bottom());
        let periodic = |dim| self.drawn.axis(dim).is_some_and(|axis| axis.periodic);
        let sides = [
            (periodic(self.drawn.rows), [[x, y, right, y], [x, bottom, right, bottom]]),
            (periodic(self.drawn.columns), [[x, y, x, bottom], [right, y, right, bottom]]),
        ];
        for (dashed, lines) in sides {
            let (color, tenths) = if dashed { (self.shades.ink, 25) } else { (self.shades.line, 10) };
            scene.lines(lines.to_vec(), Outline { color, tenths, dashed });
        }
    }

    /// Global indices above and at the left.
    pub(super) fn ticks(&self, scene: &mut Scene) {
        const TENTHS: i32 = 100;
        let size = TENTHS as f32 / 10.0;
        let color = self.shades.muted;
        if let Some(axis) = self.drawn.axis(self.drawn.columns) {
            for tick in ticks::of(axis, &self.columns, size, TickDirection::Row) {
                let at = SceneText::new(self.at.x + tick.at, self.at.y - 5, TENTHS, color, tick.label);
                scene.text(at.anchor(Anchor::Middle));
            }
        }
        if let Some(axis) = self.drawn.axis(self.drawn.rows) {
            for tick in ticks::of(axis, &self.rows, size, TickDirection::Column) {
                let at = SceneText::new(self.at.x - 5, self.at.y + tick.at + 4, TENTHS, color, tick.label);
                scene.text(at.anchor(Anchor::End));
            }
        }
    }
}
