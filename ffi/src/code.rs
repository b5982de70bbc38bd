//! The codes that functions return: 0, the number of a rule, or what is wrong with the call itself.
//!
//! A code below 1000 is a rule: 304 is DAP304, whose page in `spec/rules` says what it checks and why. Those of the structs
//! are 701 to 799. Codes from 1000 on are not about the array, but about the call.

use std::fmt;

/// A code as C sees it: 0, the number of a rule (304 is DAP304), or from 1000 on what is wrong with a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Code(pub i32);

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $text:literal;)*) => {
        impl Code {
            $($(#[$doc])* pub const $name: Self = Self($code);)*

            /// The codes that have a name here, with that name: `DAP_E_` and this in C.
            pub const NAMED: &[(Self, &'static str)] = &[$((Self::$name, stringify!($name)),)*];

            /// The sentence of a code, with `{placeholders}`.
            pub(crate) fn template(self) -> &'static str {
                match self {
                    Self::OK => "no error",
                    $(Self::$name => $text,)*
                    _ => "",
                }
            }
        }
    };
}

impl Code {
    /// No error.
    pub const OK: Self = Self(0);
}

codes! {
    /// The struct is of another major version.
    VERSION = 701, "the struct has layout version {found}, and {expected} is known";
    /// A pointer is null that must not be.
    NULL = 702, "`{what}` is null";
    /// A pointer is no multiple of what it points to needs.
    ALIGNMENT = 703, "`{what}` is not aligned to {expected} bytes";
    /// The struct was released, or moved away.
    RELEASED = 704, "the struct has been released, or moved away";
    /// A flag that a reader must know.
    FLAGS = 705, "`{what}` has bits that this reader does not know: {found}";
    /// A version of the protocol that the structs do not carry.
    PROTOCOL = 706, "the protocol's version is {found}; {expected} (0.10) is known";
    /// A number of dimensions that cannot be.
    NDIM = 707, "`ndim` is {found}, of 0 to {expected}";
    /// Not one block, and not none.
    BLOCKS = 708, "`n_blocks` is {found}; it is 1, or 0 for a process outside of the grid";
    /// A process grid that is not the plain one.
    MESH = 709, "`mesh` is not null; version 0.10 of the protocol has the plain grid only";
    /// A distribution type that is none.
    DIST_TYPE = 710, "`dist_type` is {found}, of 98 ('b'), 99 ('c') and 117 ('u')";
    /// A number of indices that cannot be.
    INDICES = 711, "`n_indices` is {found}, of 0 to {expected}";
    /// The global shape is not that of the dimensions.
    GLOBAL_SHAPE = 712, "`global_shape` says {expected} and the dimension's `size` {found}";
    /// The tensor has been taken.
    TAKEN = 713, "the tensor has been taken by another reader";
    /// A tensor of another major version, or with unknown flags.
    TENSOR_VERSION = 714, "{what}";
    /// Memory that the processor cannot read.
    DEVICE = 715, "{what}";
    /// An item type that cannot travel, or two that differ.
    DTYPE = 716, "{what}";
    /// A tensor that cannot be, or not beside these dimensions.
    TENSOR = 717, "{what}";
    /// Memory that is to be written may only be read.
    READ_ONLY = 718, "the memory may only be read";
    /// What the structs cannot say.
    INEXPRESSIBLE = 719, "{what}";
    /// An argument that the function has no meaning for.
    ARGUMENT = 1001, "argument `{what}` is {found}";
    /// No such rank, index or place.
    NOT_FOUND = 1002, "no {what} {found}";
    /// The caller's memory is too small; what is needed was returned.
    TOO_SMALL = 1003, "{expected} bytes are needed, {found} were given";
    /// The set of ranks makes no layout.
    INCOMPLETE = 1004, "the ranks make no layout: {what}";
    /// A mistake of this library; nothing was changed.
    INTERNAL = 1005, "a mistake in libdaparray: {what}";
    /// Another rank reported an error.
    REMOTE = 1006, "rank {found} reported an error";
    /// The process is outside of the grid and holds nothing.
    NO_SECTION = 1007, "the process is outside of the process grid and holds no part of the array";
}

impl Code {
    /// The code of a rule.
    pub(crate) fn of(rule: dap_core::rules::RuleId) -> Self {
        // The table keeps its numbers to itself; what it shows is `DAP` and three digits.
        Self(rule.to_string().trim_start_matches("DAP").parse().unwrap_or(Self::INTERNAL.0))
    }
}

impl fmt::Display for Code {
    /// `DAP304`, or the name of a code that is no rule.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match Self::NAMED.iter().find(|(code, _)| code == self) {
            Some((_, name)) if self.0 >= 1000 => write!(f, "DAP_E_{name}"),
            _ if (1..1000).contains(&self.0) => write!(f, "DAP{:03}", self.0),
            _ => write!(f, "{}", self.0),
        }
    }
}
