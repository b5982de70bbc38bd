//! A progress bar on standard error.

use std::io::IsTerminal;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::input::{Progress, Unit};

/// Work that ends before this time shows no bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// A bar that appears when the reading takes longer than a second.
pub(super) struct Bar {
    bar: ProgressBar,
    begun: Instant,
    shown: AtomicBool,
}

impl Bar {
    /// A bar for one set; `None` if standard error is no terminal.
    pub(super) fn new(name: String) -> Option<Self> {
        if !std::io::stderr().is_terminal() {
            return None;
        }
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden()).with_message(name);
        Some(Self { bar, begun: Instant::now(), shown: AtomicBool::new(false) })
    }
}

impl Progress for Bar {
    fn begin(&self, total: Option<u64>, unit: Unit) {
        let template = match (total, unit) {
            (Some(_), Unit::Bytes) => "{msg} [{bar:30}] {bytes}/{total_bytes} {eta}",
            (Some(_), Unit::Files) => "{msg} [{bar:30}] {pos}/{len} files {eta}",
            (None, Unit::Bytes) => "{msg} {spinner} {bytes}",
            (None, Unit::Files) => "{msg} {spinner} {pos} files",
        };
        // The templates are constants that parse; otherwise the bar has its default.
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.bar.set_style(style.progress_chars("=> "));
        }
        if let Some(total) = total {
            self.bar.set_length(total);
        }
    }

    fn advance(&self, amount: u64) {
        self.bar.inc(amount);
        if self.begun.elapsed() > PATIENCE && !self.shown.swap(true, Ordering::Relaxed) {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
