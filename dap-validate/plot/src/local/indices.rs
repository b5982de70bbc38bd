//! The global indices of a buffer's elements, written into them.

use super::panel::Panel;
use super::style::{IndexStyle, globals, label};
use crate::axis::Role;
use crate::canvas::Canvas;
use crate::palette::RankColors;
use crate::scene::{Anchor, SceneText};

impl Panel<'_> {
    /// Writes the index of every element.
    pub(super) fn indices(&self, style: IndexStyle, own: RankColors, canvas: &mut Canvas) {
        let drawn = self.sheet.drawn;
        let columns = globals(drawn, drawn.columns, &self.holder.columns);
        for (row_at, row, row_role) in globals(drawn, drawn.rows, &self.holder.rows) {
            for (column_at, column, column_role) in &columns {
                let (left, right) = (self.columns.pixel(*column_at), self.columns.pixel(column_at + 1));
                let (top, bottom) = (self.rows.pixel(row_at), self.rows.pixel(row_at + 1));
                let middle = [self.at.x + (left + right) / 2, self.at.y + (top + bottom) / 2];
                let roles = [row_role, *column_role];
                let colors = if roles.contains(&Role::Communication) {
                    drawn.owner_at(row, *column).map(|owner| drawn.colors(&owner, [1, 1]))
                } else {
                    Some(own)
                };
                let (ink, ground) = match colors {
                    Some(colors) => (colors.text, colors.fill),
                    None => (canvas.shades.ink, canvas.shades.blank),
                };
                let lines = match (drawn.rows, drawn.columns) {
                    (Some(_), _) if style.stacked => vec![format!("{row},"), label(*column)],
                    (Some(_), _) => vec![format!("{row},{column}")],
                    (None, Some(_)) => vec![label(*column)],
                    (None, None) => vec!["()".to_owned()],
                };
                let plain = roles == [Role::Owned; 2];
                for (k, line) in (0..).zip(&lines) {
                    // The base lines lie around the middle: each further line moves the first one
                    // up by half a line.
                    let lift = if lines.len() > 1 { (2 * k - 1) * style.tenths * 52 / 1000 } else { 0 };
                    let text =
                        SceneText::new(middle[0], middle[1] + style.tenths * 36 / 1000 + lift, style.tenths, ink, line);
                    let text = text.anchor(Anchor::Middle);
                    canvas.scene.text(if plain { text } else { text.background(ground) });
                }
            }
        }
    }
}
