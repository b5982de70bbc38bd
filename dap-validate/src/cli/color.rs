//! The choice of colored output.

use clap::ValueEnum;
use clap::builder::styling::{AnsiColor, Effects, Style};

/// The word `error` before a message.
pub(crate) const ERROR: Style = AnsiColor::Red.on_default().effects(Effects::BOLD);

/// The choice of colored output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Into pipes and files, too
    Always,
    /// Never
    Never,
}

impl ColorChoice {
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

/// The width of the terminal behind standard output, in columns, if there is one.
#[must_use]
pub(crate) fn terminal_width() -> Option<usize> {
    terminal_size::terminal_size_of(std::io::stdout()).map(|(width, _)| usize::from(width.0))
}
