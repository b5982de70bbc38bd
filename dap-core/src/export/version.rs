//! The version of the protocol that an export is written in.

use std::fmt;

/// `major.minor.patch`, as in Semantic Versioning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// A change here may break anything.
    pub major: u32,
    /// A change here is promised to be compatible. From 0.9 to 0.10 the promise was broken.
    pub minor: u32,
    /// A correction.
    pub patch: u32,
}

impl Version {
    /// The first version whose blocks state their owned range in `start` and `stop`.
    pub const V0_9: Self = Self { major: 0, minor: 9, patch: 0 };
    /// The version that this library writes unless 0.9 alone can express a layout.
    pub const V0_10: Self = Self { major: 0, minor: 10, patch: 0 };

    /// Whether the rules of 0.9 apply: that version and its corrections.
    #[inline]
    #[must_use]
    pub fn is_0_9(self) -> bool {
        (self.major, self.minor) == (0, 9)
    }

    /// The version that a string `major.minor.patch` names: three plain decimal numbers.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('.').map(|part| {
            let plain = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
            let padded = part.len() > 1 && part.starts_with('0');
            if plain && !padded { part.parse().ok() } else { None }
        });
        let version = Self { major: parts.next()??, minor: parts.next()??, patch: parts.next()?? };
        if parts.next().is_none() { Some(version) } else { None }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

#[cfg(test)]
mod tests {
    use super::Version;

    #[test]
    fn three_plain_numbers() {
        assert_eq!(Version::parse("0.10.0").unwrap().to_string(), "0.10.0");
        for wrong in [
            "",
            "0",
            "0.10",
            "0.10.0.0",
            "0.10.",
            "v0.10.0",
            "0.10.0rc1",
            " 0.10.0",
            "0.+1.0",
            "0.010.0",
            "9999999999.0.0",
        ] {
            assert_eq!(Version::parse(wrong), None, "{wrong}");
        }
    }
}
