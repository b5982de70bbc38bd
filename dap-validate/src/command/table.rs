//! Tables of plain text.

use std::fmt;

/// A table of plain text: numbers to the right, text to the left, two spaces between columns.
#[derive(Debug, Default)]
pub(super) struct Table {
    rows: Vec<Vec<String>>,
    right: Vec<bool>,
}

impl Table {
    /// A table with this head; a column whose title ends in `>` is aligned to the right.
    pub(super) fn new(head: &[&str]) -> Self {
        let right = head.iter().map(|title| title.ends_with('>')).collect();
        Self { rows: vec![head.iter().map(|title| title.trim_end_matches('>').to_owned()).collect()], right }
    }

    pub(super) fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    /// Leaves out the columns that have nothing but `-` below their titles.
    pub(super) fn without_empty_columns(mut self) -> Self {
        let says_something =
            |column: usize| self.rows.iter().skip(1).any(|row| row.get(column).is_some_and(|cell| cell != "-"));
        let kept: Vec<usize> = (0..self.right.len()).filter(|column| says_something(*column)).collect();
        let keep = |row: &Vec<String>| kept.iter().filter_map(|column| row.get(*column).cloned()).collect();
        self.rows = self.rows.iter().map(keep).collect();
        self.right = kept.iter().map(|column| self.right[*column]).collect();
        self
    }

    /// The widest line.
    pub(super) fn width(&self) -> usize {
        let widths = self.widths();
        widths.iter().sum::<usize>() + 2 * widths.len().saturating_sub(1)
    }

    fn widths(&self) -> Vec<usize> {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width =
            |column: usize| self.rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
        (0..columns).map(|column| width(column).unwrap_or(0)).collect()
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let widths = self.widths();
        for row in &self.rows {
            let mut line = String::new();
            for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
                let gap = " ".repeat(width.saturating_sub(cell.chars().count()));
                line += if column > 0 { "  " } else { "" };
                if self.right.get(column) == Some(&true) {
                    line += &gap;
                    line += cell;
                } else {
                    line += cell;
                    line += &gap;
                }
            }
            writeln!(f, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_to_the_right() {
        let mut table = Table::new(&["dim>", "type"]);
        table.row(vec!["10".into(), "b".into()]);
        assert_eq!(table.to_string(), "dim  type\n 10  b\n");
        assert_eq!(table.width(), 9);
    }
}
