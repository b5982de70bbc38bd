//! Names of files in the form that the programs of code hosts expect.

use std::path::{Component, Path};

use crate::Spot;

/// The file to which a finding is attached; `None` for standard input. A finding about files that
/// were named one by one is attached to the first of them.
pub(super) fn of(spot: &Spot) -> Option<&str> {
    if spot.path == "<stdin>" {
        return None;
    }
    let is_count = |rest: &str| rest.strip_suffix(" more").is_some_and(|count| count.parse::<usize>().is_ok());
    let first = spot.path.rsplit_once(" and ").filter(|(_, rest)| spot.position.is_none() && is_count(rest));
    Some(first.map_or(spot.path.as_str(), |(first, _)| first))
}

/// The path as the reference to a file from a repository's root, by RFC 3986; an absolute path as a
/// `file:` URI.
pub(super) fn uri(path: &str) -> String {
    let mut parts = Vec::new();
    let mut root = "";
    for component in Path::new(path).components() {
        match component {
            Component::RootDir | Component::Prefix(_) => root = "file:///",
            Component::CurDir => {}
            Component::ParentDir => parts.push("..".to_owned()),
            Component::Normal(name) => parts.push(percent_encoded(&name.to_string_lossy())),
        }
    }
    if parts.is_empty() && root.is_empty() { ".".to_owned() } else { root.to_owned() + &parts.join("/") }
}

/// The name with all but RFC 3986's unreserved characters escaped: a colon in the first part would
/// be read as the end of a scheme.
fn percent_encoded(name: &str) -> String {
    let one = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    name.bytes().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_path() {
        for (path, expected) in [
            ("run/rank-0.json", "run/rank-0.json"),
            ("./run//rank-0.json", "run/rank-0.json"),
            ("../run/", "../run"),
            ("a b/ä:100%#?.json", "a%20b/%C3%A4%3A100%25%23%3F.json"),
            ("/data/run", "file:///data/run"),
            ("/", "file:///"),
            (".", "."),
            ("http://x/y", "http%3A/x/y"),
        ] {
            assert_eq!(uri(path), expected, "{path}");
        }
    }

    #[test]
    fn the_first_of_several() {
        let spot =
            |path: &str, position| Spot { path: path.to_owned(), position, excerpt: None, pointer: String::new() };
        assert_eq!(of(&spot("a.json and 3 more", None)), Some("a.json"));
        assert_eq!(of(&spot("a and 3 more", Some((1, 1)))), Some("a and 3 more"));
        assert_eq!(of(&spot("rock and roll", None)), Some("rock and roll"));
        assert_eq!(of(&spot("<stdin>", Some((1, 1)))), None);
    }
}
