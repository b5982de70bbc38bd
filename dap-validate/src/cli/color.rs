//! When output is colored.

use clap::ValueEnum;
use clap::builder::styling::{AnsiColor, Effects, Style};

/// The word `error` before a message.
pub(super) const ERROR: Style = AnsiColor::Red.on_default().effects(Effects::BOLD);

/// When output is colored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Into pipes and files, too
    Always,
    /// Never
    Never,
}

impl Color {
    /// Whether standard output is to be colored.
    #[must_use]
    pub fn on_stdout(self) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            // Honours NO_COLOR, CLICOLOR_FORCE and TERM=dumb.
            Self::Auto => anstream::AutoStream::choice(&std::io::stdout()) != anstream::ColorChoice::Never,
        }
    }
}

/// The columns of the terminal behind standard output, if there is one.
#[must_use]
pub(crate) fn terminal_width() -> Option<usize> {
    terminal_size::terminal_size_of(std::io::stdout()).map(|(width, _)| usize::from(width.0))
}
