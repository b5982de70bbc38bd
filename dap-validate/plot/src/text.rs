//! The width of a text without a font, from the advances of DejaVu Sans. It is wider than most
//! fonts, so that a text that fits by these advances fits.

/// Advances of the printable ASCII characters in thousandths of the font size.
const ADVANCES: [u16; 95] = [
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636, 636, 636, 636, 636,
    636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863,
    748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635,
    615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636,
    337, 636, 838,
];

/// The width in pixels at a font size in pixels. Characters beyond ASCII count as wide ones.
pub(super) fn width(text: &str, size: f32) -> f32 {
    let advance = |c: char| {
        let at = usize::try_from(u32::from(c)).unwrap_or(0).wrapping_sub(32);
        ADVANCES.get(at).copied().map_or(1000.0, f32::from)
    };
    text.chars().map(advance).sum::<f32>() * size / 1000.0
}

/// The text, cut with an ellipsis if it is too wide.
pub(super) fn cut(text: &str, size: f32, most: f32) -> String {
    if width(text, size) <= most {
        return text.to_owned();
    }
    let mut kept = String::new();
    for c in text.chars() {
        kept.push(c);
        if width(&kept, size) + size > most {
            kept.pop();
            break;
        }
    }
    kept.truncate(kept.trim_end().len());
    kept + "\u{2026}"
}

/// The text in lines of at most this width, broken at spaces; a word that is wider alone is cut.
pub(super) fn wrap(text: &str, size: f32, most: f32) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        let longer = lines.last().map(|line| format!("{line} {word}"));
        match longer.filter(|line| width(line, size) <= most) {
            Some(line) => *lines.last_mut().expect("there is a line that the word fits on") = line,
            None => lines.push(cut(word, size, most)),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cut_and_wrapped_texts_fit() {
        let text = "a text of several words and one-that-is-much-longer-than-the-others";
        for most in [40_u16, 100, 200, 500] {
            let most = f32::from(most);
            assert!(width(&cut(text, 11.0, most), 11.0) <= most);
            assert!(wrap(text, 11.0, most).iter().all(|line| width(line, 11.0) <= most));
        }
        assert_eq!(wrap(text, 11.0, 500.0).join(" "), text);
        assert_eq!(cut("short", 11.0, 100.0), "short");
    }
}
