//! The codes that functions return: 0, the number of a rule, or an error of the call itself.
//!
//! A code below 1000 is the number of a rule: 304 is DAP304, whose page in `spec/rules` describes
//! its check and the reason. The rules of the structs are 701 to 799, and their sentences come from
//! the pages, too. Codes from 1000 on describe the call, not the array.

use std::fmt;

use dap_core::rules::RuleId;

/// A code as C receives it: 0, the number of a rule (304 is DAP304), or from 1000 on an error of
/// the call.
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

            /// The codes that have a name here; in C the name begins with `DAP_E_`.
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
        /// A required pointer is null.
        NULL = NULL_POINTER;
        /// A pointer is not aligned to its type.
        ALIGNMENT = MISALIGNED_POINTER;
        /// The struct was released, or moved away.
        RELEASED = STRUCT_RELEASED;
        /// A flag that a reader must know.
        FLAGS = UNKNOWN_FLAGS;
        /// A version of the protocol that the structs do not support.
        PROTOCOL = STRUCT_PROTOCOL;
        /// An impossible number of dimensions.
        NDIM = NDIM_OUT_OF_RANGE;
        /// The number of blocks is neither one nor zero.
        BLOCKS = BLOCK_COUNT;
        /// A process grid other than the plain one.
        MESH = MESH_UNKNOWN;
        /// An unknown distribution type.
        DIST_TYPE = STRUCT_DIST_TYPE;
        /// An impossible number of indices.
        INDICES = INDEX_COUNT;
        /// The global shape differs from that of the dimensions.
        GLOBAL_SHAPE = GLOBAL_SHAPE_DIFFERS;
        /// The tensor has been taken.
        TAKEN = TENSOR_TAKEN;
        /// A tensor of another major version, or with unknown flags.
        TENSOR_VERSION = TENSOR_VERSION;
        /// Memory that the processor cannot read.
        DEVICE = TENSOR_DEVICE;
        /// An item type that the structs do not support, or two that differ.
        DTYPE = TENSOR_DTYPE;
        /// An impossible tensor, or one that does not fit these dimensions.
        TENSOR = TENSOR_MALFORMED;
        /// Memory to be written may only be read.
        READ_ONLY = MEMORY_READ_ONLY;
        /// An array that the structs cannot express.
        INEXPRESSIBLE = INEXPRESSIBLE;
    }
    calls {
        /// An argument with an invalid value.
        ARGUMENT = 1001, "argument `{what}` is {found}";
        /// No such rank, index or position.
        NOT_FOUND = 1002, "no {what} {found}";
        /// The caller's memory is too small; the needed size was returned.
        TOO_SMALL = 1003, "{expected} bytes are needed, {found} were given";
        /// The ranks, or the specified dimensions, do not form a layout.
        INCOMPLETE = 1004, "the input describes no layout: {what}";
        /// A defect of this library; no data was changed.
        INTERNAL = 1005, "a defect in libdaparray: {what}";
        /// Another rank reported an error.
        REMOTE = 1006, "rank {found} reported an error: {what}";
        /// The process is outside of the grid and holds nothing.
        NO_SECTION = 1007, "the process is outside of the process grid and holds no part of the array";
        /// Two layouts of different arrays.
        LAYOUTS_DIFFER = 1008, "the layouts are of different arrays: {what}";
        /// MPI reported an error, or is not running.
        MPI = 1009, "{what}";
        /// A call out of order: another call must come first, or has not finished.
        STATE = 1010, "the call is out of order: {what}";
        /// There is not enough memory, or the request would take an unreasonable amount.
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
    /// `DAP304`, or the name of a code that is not a rule.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match Self::NAMED.iter().find(|(code, _)| code == self) {
            Some((_, name)) if self.0 >= 1000 => write!(f, "DAP_E_{name}"),
            _ if (1..1000).contains(&self.0) => write!(f, "DAP{:03}", self.0),
            _ => write!(f, "{}", self.0),
        }
    }
}
