//! The codes that functions return: 0, the number of a rule, or what is wrong with the call itself.
//!
//! A code below 1000 is a rule: 304 is DAP304, whose page in `spec/rules` says what it checks and
//! why. Those of the structs are 701 to 799, and their sentences are the pages', too. Codes from
//! 1000 on are not about the array, but about the call.

use std::fmt;

use dap_core::rules::RuleId;

/// A code as C sees it: 0, the number of a rule (304 is DAP304), or from 1000 on what is wrong with
/// a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Code(pub i32);

macro_rules! codes {
    (
        rules { $($(#[$rule_doc:meta])* $rule_name:ident = $rule:ident;)* }
        calls { $($(#[$doc:meta])* $name:ident = $code:literal, $text:literal;)* }
    ) => {
        impl Code {
            $($(#[$rule_doc])* pub const $rule_name: Self = Self::of(RuleId::$rule);)*
            $($(#[$doc])* pub const $name: Self = Self($code);)*

            /// The codes that have a name here, with that name: `DAP_E_` and this in C.
            pub const NAMED: &[(Self, &'static str)] = &[
                $((Self::$rule_name, stringify!($rule_name)),)*
                $((Self::$name, stringify!($name)),)*
            ];

            /// The sentence of a code, with `{placeholders}`.
            pub(crate) fn template(self) -> &'static str {
                match self {
                    Self::OK => "no error",
                    $(Self::$name => $text,)*
                    $(Self::$rule_name => RuleId::$rule.rule().message,)*
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
    rules {
        /// The struct is of another major version.
        VERSION = STRUCT_VERSION;
        /// A pointer is null that must not be.
        NULL = NULL_POINTER;
        /// A pointer is no multiple of what it points to needs.
        ALIGNMENT = MISALIGNED_POINTER;
        /// The struct was released, or moved away.
        RELEASED = STRUCT_RELEASED;
        /// A flag that a reader must know.
        FLAGS = UNKNOWN_FLAGS;
        /// A version of the protocol that the structs do not carry.
        PROTOCOL = STRUCT_PROTOCOL;
        /// A number of dimensions that cannot be.
        NDIM = NDIM_OUT_OF_RANGE;
        /// Not one block, and not none.
        BLOCKS = BLOCK_COUNT;
        /// A process grid that is not the plain one.
        MESH = MESH_UNKNOWN;
        /// A distribution type that is none.
        DIST_TYPE = STRUCT_DIST_TYPE;
        /// A number of indices that cannot be.
        INDICES = INDEX_COUNT;
        /// The global shape is not that of the dimensions.
        GLOBAL_SHAPE = GLOBAL_SHAPE_DIFFERS;
        /// The tensor has been taken.
        TAKEN = TENSOR_TAKEN;
        /// A tensor of another major version, or with unknown flags.
        TENSOR_VERSION = TENSOR_VERSION;
        /// Memory that the processor cannot read.
        DEVICE = TENSOR_DEVICE;
        /// An item type that cannot travel, or two that differ.
        DTYPE = TENSOR_DTYPE;
        /// A tensor that cannot be, or not beside these dimensions.
        TENSOR = TENSOR_MALFORMED;
        /// Memory that is to be written may only be read.
        READ_ONLY = MEMORY_READ_ONLY;
        /// What the structs cannot say.
        INEXPRESSIBLE = INEXPRESSIBLE;
    }
    calls {
        /// An argument that the function has no meaning for.
        ARGUMENT = 1001, "argument `{what}` is {found}";
        /// No such rank, index or place.
        NOT_FOUND = 1002, "no {what} {found}";
        /// The caller's memory is too small; what is needed was returned.
        TOO_SMALL = 1003, "{expected} bytes are needed, {found} were given";
        /// The set of ranks, or what is to be their dimensions, makes no layout.
        INCOMPLETE = 1004, "it makes no layout: {what}";
        /// A mistake of this library; nothing was changed.
        INTERNAL = 1005, "a mistake in libdaparray: {what}";
        /// Another rank reported an error.
        REMOTE = 1006, "rank {found} reported an error: {what}";
        /// The process is outside of the grid and holds nothing.
        NO_SECTION = 1007, "the process is outside of the process grid and holds no part of the array";
        /// Two layouts that are not of one array.
        LAYOUTS_DIFFER = 1008, "the layouts are not of one array: {what}";
        /// MPI refused, or does not run.
        MPI = 1009, "{what}";
        /// Something must come first, or was not finished.
        STATE = 1010, "the call is out of turn: {what}";
        /// There is not enough memory, or what was asked for would take an unreasonable amount.
        MEMORY = 1011, "there is not enough memory: {what}";
    }
}

impl Code {
    /// The code of a rule.
    pub(crate) const fn of(rule: RuleId) -> Self {
        Self(rule.number() as i32)
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
