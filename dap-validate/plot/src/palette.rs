//! The colours of ranks. Neighbours on the process grid differ in hue and in lightness: they stay
//! distinct in print and to colour-blind readers.
//!
//! Eight hues in the spirit of Okabe and Ito's palette, equally spread in the OKLCH space, each in
//! three lightnesses (0.77, 0.90, 0.60) and as a dark ink for hatching. Red is left out: it marks
//! faults.
//!
//! Measured over all grids of up to 12 x 24, neighbours differ by a CIEDE2000 of at least 12.0, as
//! seen with deuteranopia by 10.7, with protanopia by 8.1, with tritanopia by 10.5 (Machado's
//! matrices), and in grey by 13 of L*.

use super::paint::{Color, Paint, Slant};

/// The colour of faults.
pub(super) const WRONG: Color = Color(0xC8_10_2E);

/// The colours of everything that is not a rank.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shades {
    pub(super) paper: Color,
    pub(super) ink: Color,
    pub(super) muted: Color,
    pub(super) line: Color,
    /// The fill of elements whose owner is not known.
    pub(super) blank: Color,
    pub(super) wrong: Color,
}

pub(super) const LIGHT: Shades = Shades {
    paper: Color(0xFF_FF_FF),
    ink: Color(0x1B_1F_24),
    muted: Color(0x5C_64_70),
    line: Color(0x9A_A2_AE),
    blank: Color(0xF1_F2_F4),
    wrong: WRONG,
};

pub(super) const DARK: Shades = Shades {
    paper: Color(0x16_1A_20),
    ink: Color(0xEC_EF_F3),
    muted: Color(0xA3_AC_B8),
    line: Color(0x6B_74_80),
    blank: Color(0x26_2C_34),
    wrong: Color(0xFF_6B_6B),
};

/// The colours of the page: numbers beyond those of colours stand for CSS variables.
pub(super) const PAGE: Shades = Shades {
    paper: Color(0x100_0000),
    ink: Color(0x100_0001),
    muted: Color(0x100_0002),
    line: Color(0x100_0003),
    blank: Color(0x100_0004),
    wrong: Color(0x100_0005),
};

impl Color {
    /// The name of the CSS variable, if the colour is one.
    pub(super) fn variable(self) -> Option<&'static str> {
        const NAMES: [&str; 6] = ["paper", "ink", "muted", "line", "blank", "wrong"];
        NAMES.get(usize::try_from(self.0.checked_sub(PAGE.paper.0)?).ok()?).copied()
    }
}

/// One hue: its fills by level, and its ink.
struct Hue {
    fills: [u32; 3],
    ink: u32,
}

const HUES: [Hue; 8] = [
    Hue { fills: [0x73_B8_FE, 0xC6_E1_FE, 0x3A_84_CA], ink: 0x05_49_80 },
    Hue { fills: [0xEB_A0_59, 0xFE_D5_B2, 0xB6_6C_18], ink: 0x6A_3A_00 },
    Hue { fills: [0x36_CC_B9, 0xA6_EF_E2, 0x09_94_85], ink: 0x05_54_4A },
    Hue { fills: [0xCD_9B_EC, 0xED_D2_FF, 0x9A_67_B8], ink: 0x5B_33_72 },
    Hue { fills: [0xC8_B3_4C, 0xEB_DF_A6, 0x8F_7F_35], ink: 0x54_47_01 },
    Hue { fills: [0xA8_B3_CA, 0xD7_DE_EC, 0x76_80_97], ink: 0x40_48_59 },
    Hue { fills: [0x7E_C8_80, 0xC0_EC_C0, 0x47_94_4C], ink: 0x15_56_1D },
    Hue { fills: [0xEE_90_BE, 0xFF_CE_E4, 0xB8_5C_8B], ink: 0x71_2A_50 },
];

const COUNT: i64 = HUES.len() as i64;

/// The colours of one rank.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RankColors {
    pub(super) fill: Color,
    /// The colour for hatching over any fill.
    pub(super) ink: Color,
    /// The colour for text on the fill.
    pub(super) text: Color,
}

impl RankColors {
    /// The rank's hatching over an area of another owner.
    pub(super) fn hatch(&self, slant: Slant) -> Paint {
        Paint::HaloHatch(self.ink, self.fill, slant)
    }
}

/// The colours at a place of a process grid.
pub(super) fn of(coordinates: &[i64], grid: &[i64]) -> RankColors {
    let (mut hue, mut level, mut stride) = (0, 0, 1);
    for (&at, &extent) in coordinates.iter().zip(grid).rev() {
        hue += hue_step(at, extent, stride);
        level += level_step(at, extent);
        stride = stride * extent.rem_euclid(COUNT) % COUNT;
    }
    let hue = &HUES[usize::try_from(hue.rem_euclid(COUNT)).unwrap_or(0)];
    let level = usize::try_from(level.rem_euclid(3)).unwrap_or(0);
    let text = if level == 2 { Color(0xFF_FF_FF) } else { Color(0x1B_1F_24) };
    RankColors { fill: Color(hue.fills[level]), ink: Color(hue.ink), text }
}

/// Levels alternate between light and lighter. The last of an odd number is dark, because in a
/// cyclic distribution it lies beside the first.
fn level_step(at: i64, extent: i64) -> i64 {
    if extent % 2 == 1 && extent > 1 && at == extent - 1 { 2 } else { at % 2 }
}

/// Hues in rank order, changed where neighbours would have the same hue: ranks one apart, and the
/// last and the first.
fn hue_step(at: i64, extent: i64, stride: i64) -> i64 {
    let step = if stride % COUNT == 0 { 3 } else { stride % COUNT };
    let plain = at.rem_euclid(COUNT) * step % COUNT;
    if at == extent - 1 && extent > 1 && plain == 0 {
        // A hue that neither the first nor the last but one has.
        return if (COUNT - step) % COUNT == 2 { 5 } else { 2 };
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lightness(color: Color) -> f64 {
        let linear = color.channels().map(|channel| (f64::from(channel) / 255.0).powf(2.2));
        (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]).powf(1.0 / 2.4)
    }

    #[test]
    fn neighbours_differ_in_hue_and_lightness() {
        for (rows, columns) in (1..20).flat_map(|rows| (1..20).map(move |columns| (rows, columns))) {
            let color = |row: i64, column: i64| of(&[row % rows, column % columns], &[rows, columns]);
            for (row, column) in (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column))) {
                let here = color(row, column);
                for (other, alone) in [(color(row + 1, column), rows == 1), (color(row, column + 1), columns == 1)] {
                    let apart = (lightness(here.fill) - lightness(other.fill)).abs();
                    assert!(
                        alone || here.ink != other.ink && apart > 0.07,
                        "{row},{column} of {rows}x{columns}: {apart}"
                    );
                }
            }
        }
    }

    #[test]
    fn few_ranks_have_all_hues() {
        for (rows, columns) in [(1, 8), (8, 1), (2, 4), (4, 2), (2, 3), (2, 2)] {
            let places = (0..rows).flat_map(|row| (0..columns).map(move |column| [row, column]));
            let mut inks: Vec<Color> = places.map(|place| of(&place, &[rows, columns]).ink).collect();
            inks.sort_unstable();
            inks.dedup();
            let expected = usize::try_from(rows * columns).expect("small");
            assert_eq!(inks.len(), expected, "{rows}x{columns}");
        }
    }

    #[test]
    fn text_is_legible() {
        for at in 0..24 {
            let colors = of(&[at], &[25]);
            let (fill, text) = (lightness(colors.fill), lightness(colors.text));
            assert!((fill - text).abs() > 0.3, "{colors:?}");
        }
    }
}
