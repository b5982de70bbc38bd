//! The environment variables of the watch.

use std::time::Duration;

use crate::error::{Error, ErrorKind, Result};
use crate::raw::RawComm;

/// The seconds of a wait before the first warning.
const TIMEOUT: f64 = 60.0;

/// The settings of one communicator.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Settings {
    /// Whether each call is compared between the ranks.
    pub(super) checks: bool,
    /// The time before the first warning; `None` for no warnings.
    pub(super) timeout: Option<Duration>,
    /// Whether the first warning ends the job.
    pub(super) aborts: bool,
}

/// The settings, of which `DAP_CHECK` is the same on all ranks. Collective.
///
/// # Errors
/// A value without a meaning, on some rank; a `DAP_CHECK` that differs between ranks.
pub(super) fn agreed(world: &RawComm) -> Result<Settings> {
    let text = |name: &str| std::env::var(name).unwrap_or_default();
    let mine = parsed(&text("DAP_CHECK"), &text("DAP_TIMEOUT"), &text("DAP_ON_TIMEOUT"));
    let check = mine.as_ref().map_or(-1, |settings| i64::from(settings.checks));
    let mut ends = [check, -check];
    world.min(&mut ends)?;
    match ends {
        [-1, _] => {
            mine.and_then(|_| wrong("another rank has a DAP_CHECK, DAP_TIMEOUT or DAP_ON_TIMEOUT without a meaning"))
        }
        [least, most] if least != -most => wrong("DAP_CHECK is not the same on all ranks: export it to all of them"),
        _ => mine,
    }
}

fn parsed(check: &str, timeout: &str, on_timeout: &str) -> Result<Settings> {
    let checks = match check {
        "" | "0" => false,
        "1" => true,
        _ => return wrong(format!("DAP_CHECK is {check:?}, expected 0 or 1")),
    };
    let seconds = if timeout.is_empty() { Ok(TIMEOUT) } else { timeout.parse::<f64>() };
    let timeout = match seconds.ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()) {
        Some(timeout) => Some(timeout).filter(|timeout| !timeout.is_zero()),
        None => {
            return wrong(format!("DAP_TIMEOUT is {timeout:?}, expected a number of seconds, or 0 for no warnings"));
        }
    };
    let aborts = match on_timeout {
        "" | "warn" => false,
        "abort" => true,
        _ => return wrong(format!("DAP_ON_TIMEOUT is {on_timeout:?}, expected warn or abort")),
    };
    Ok(Settings { checks, timeout, aborts })
}

fn wrong<T>(message: impl Into<String>) -> Result<T> {
    Err(Error::new(ErrorKind::State, message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_read() {
        let default = Settings { checks: false, timeout: Some(Duration::from_secs(60)), aborts: false };
        assert_eq!(parsed("", "", ""), Ok(default));
        assert_eq!(parsed("1", "0", "abort"), Ok(Settings { checks: true, timeout: None, aborts: true }));
        let half = Settings { timeout: Some(Duration::from_millis(500)), ..default };
        assert_eq!(parsed("0", "0.5", "warn"), Ok(half));
        for (check, timeout, on_timeout, name) in [
            ("yes", "", "", "DAP_CHECK"),
            ("", "-1", "", "DAP_TIMEOUT"),
            ("", "nan", "", "DAP_TIMEOUT"),
            ("", "1e300", "", "DAP_TIMEOUT"),
            ("", "soon", "", "DAP_TIMEOUT"),
            ("", "", "die", "DAP_ON_TIMEOUT"),
        ] {
            let error = parsed(check, timeout, on_timeout).expect_err(name);
            assert!(error.message().starts_with(&format!("{name} is ")), "{error}");
        }
    }
}
