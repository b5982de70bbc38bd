//! The source line of a call: of the caller in Rust, or one that another language sets.

use std::cell::{Cell, RefCell};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::panic::Location;

/// The most bytes of a file's path that are kept, from its end.
const LONGEST: usize = 200;

thread_local! {
    /// The hash of the line that was set; 0 without one.
    static KEY: Cell<u64> = const { Cell::new(0) };
    static LINE: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Sets the source line that this thread's calls come from, until the next one is set. For other
/// languages: calls from Rust know their line.
pub fn set_source_line(file: &str, line: u32) {
    let mut hasher = DefaultHasher::new();
    (file, line).hash(&mut hasher);
    let key = hasher.finish() | 1;
    if KEY.replace(key) != key {
        LINE.set(text(file, line));
    }
}

/// Calls of this thread come from Rust again.
pub fn clear_source_line() {
    KEY.set(0);
}

/// A key that differs between places, as far as a hash tells.
pub(super) fn key(caller: &'static Location<'static>) -> u64 {
    match KEY.get() {
        0 => (&raw const *caller).addr() as u64,
        key => key,
    }
}

/// The file and the line.
pub(super) fn describe(caller: &Location<'_>) -> String {
    match KEY.get() {
        0 => text(caller.file(), caller.line()),
        _ => LINE.with_borrow(String::clone),
    }
}

fn text(file: &str, line: u32) -> String {
    let mut start = file.len().saturating_sub(LONGEST);
    while !file.is_char_boundary(start) {
        start += 1;
    }
    format!("{}:{line}", &file[start..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_language_sets_its_line() {
        let here = Location::caller();
        let rust = (key(here), describe(here));
        assert!(rust.1.ends_with(&format!("place.rs:{}", here.line())), "{}", rust.1);
        set_source_line("f.py", 12);
        let first = key(here);
        assert_eq!(describe(here), "f.py:12");
        set_source_line("f.py", 13);
        assert_ne!(key(here), first);
        assert_eq!(describe(here), "f.py:13");
        clear_source_line();
        assert_eq!((key(here), describe(here)), rust);
    }

    #[test]
    fn a_long_path_keeps_its_end() {
        let file = format!("{}/end.py", "ä".repeat(200));
        let text = text(&file, 7);
        assert!(text.ends_with("ä/end.py:7") && text.len() <= LONGEST + 2, "{text}");
    }
}
