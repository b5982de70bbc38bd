//! A trace as a picture: a band for each file, with a line for each rank.

use std::fmt::Write;
use std::path::Path;

use super::TraceRow;

/// Files that are drawn.
const MOST_FILES: usize = 40;
/// Ranks that are drawn.
const MOST_RANKS: i32 = 256;
/// Pixels of the bytes of a file, of a rank's line, and of the margins.
const WIDTH: f64 = 800.0;
const LINE: f64 = 12.0;
const LEFT: f64 = 60.0;
const TOP: f64 = 24.0;

/// The picture. Bytes that are written are dark, bytes that are read are light; the hue is that of
/// the rank.
pub(super) fn picture(rows: &[TraceRow], ranks: i32) -> String {
    let mut files: Vec<(&Path, &[TraceRow])> = Vec::new();
    for group in rows.chunk_by(|left, right| left.path == right.path) {
        files.push((&group[0].path, group));
    }
    let drawn = &files[..files.len().min(MOST_FILES)];
    let lines = f64::from(ranks.clamp(1, MOST_RANKS));
    let band = TOP + lines * LINE + 12.0;
    let height = band * drawn.len() as f64 + TOP;
    let width = LEFT + WIDTH + 20.0;
    let mut svg = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif" font-size="11"><rect width="100%" height="100%" fill="#fff"/>"##
    );
    for (number, (path, rows)) in drawn.iter().enumerate() {
        let top = band * number as f64 + TOP;
        let end = rows.iter().map(|row| row.range.end).max().unwrap_or(0).max(1);
        let name = path.display().to_string();
        let name = if name.is_empty() { "(other files)".to_owned() } else { escaped(&name) };
        let _ = write!(svg, r#"<text x="{LEFT}" y="{:.1}">{name}: {end} bytes</text>"#, top - 6.0);
        for rank in 0..ranks.min(MOST_RANKS) {
            let y = top + f64::from(rank) * LINE;
            let _ = write!(svg, r#"<text x="4" y="{:.1}">rank {rank}</text>"#, y + LINE - 3.0);
            let _ = write!(
                svg,
                r##"<rect x="{LEFT}" y="{y:.1}" width="{WIDTH}" height="{:.1}" fill="#f4f4f4"/>"##,
                LINE - 2.0
            );
        }
        for row in rows.iter().filter(|row| row.rank < MOST_RANKS) {
            // The golden angle keeps the hues of neighbours apart.
            let hue = (f64::from(row.rank) * 137.508) % 360.0;
            let (lightness, verb) = if row.is_write { (38, "writes") } else { (72, "reads") };
            for run in &row.runs {
                let place = |byte: u64| LEFT + byte as f64 / end as f64 * WIDTH;
                let (x, y) = (place(run.start), top + f64::from(row.rank) * LINE);
                let width = (place(run.end) - x).max(0.5);
                let _ = write!(
                    svg,
                    r#"<rect x="{x:.2}" y="{y:.1}" width="{width:.2}" height="{:.1}" fill="hsl({hue:.0},70%,{lightness}%)"><title>rank {} {verb} bytes {} to {}</title></rect>"#,
                    LINE - 2.0,
                    row.rank,
                    run.start,
                    run.end
                );
            }
        }
    }
    if files.len() > drawn.len() {
        let more = files.len() - drawn.len();
        let _ = write!(svg, r#"<text x="{LEFT}" y="{:.1}">{more} more files</text>"#, height - 8.0);
    }
    svg.push_str("</svg>\n");
    svg
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            // XML has no control characters.
            letter if letter.is_control() => escaped.push('?'),
            letter => escaped.push(letter),
        }
    }
    escaped
}
