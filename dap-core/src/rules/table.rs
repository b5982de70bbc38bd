//! The table of rules, generated from `spec/rules` by `cargo run -p dap-spec`. Edit the pages, not this file.

use super::{Level, Reference, Rule, RuleId, Scope, Severity};

/// The rules by name.
#[rustfmt::skip]
impl RuleId {
    /// DAP001, *cannot-read*.
    pub const CANNOT_READ: Self = Self(1);
    /// DAP002, *invalid-json*.
    pub const INVALID_JSON: Self = Self(2);
    /// DAP003, *duplicate-key*.
    pub const DUPLICATE_KEY: Self = Self(3);
    /// DAP004, *integer-out-of-range*.
    pub const INTEGER_OUT_OF_RANGE: Self = Self(4);
    /// DAP005, *python-literal*.
    pub const PYTHON_LITERAL: Self = Self(5);
    /// DAP006, *trailing-text*.
    pub const TRAILING_TEXT: Self = Self(6);
    /// DAP007, *nested-too-deep*.
    pub const NESTED_TOO_DEEP: Self = Self(7);
    /// DAP008, *malformed-dnpy*.
    pub const MALFORMED_DNPY: Self = Self(8);
    /// DAP009, *data-file*.
    pub const DATA_FILE: Self = Self(9);
    /// DAP010, *no-export*.
    pub const NO_EXPORT: Self = Self(10);
    /// DAP011, *changed-while-read*.
    pub const CHANGED_WHILE_READ: Self = Self(11);
    /// DAP012, *blank-line*.
    pub const BLANK_LINE: Self = Self(12);
    /// DAP013, *not-a-bundle*.
    pub const NOT_A_BUNDLE: Self = Self(13);
    /// DAP101, *export-not-a-dictionary*.
    pub const EXPORT_NOT_A_DICTIONARY: Self = Self(101);
    /// DAP102, *missing-export-key*.
    pub const MISSING_EXPORT_KEY: Self = Self(102);
    /// DAP103, *unknown-export-key*.
    pub const UNKNOWN_EXPORT_KEY: Self = Self(103);
    /// DAP104, *version-malformed*.
    pub const VERSION_MALFORMED: Self = Self(104);
    /// DAP105, *version-unsupported*.
    pub const VERSION_UNSUPPORTED: Self = Self(105);
    /// DAP106, *version-newer*.
    pub const VERSION_NEWER: Self = Self(106);
    /// DAP107, *dim-data-not-a-sequence*.
    pub const DIM_DATA_NOT_A_SEQUENCE: Self = Self(107);
    /// DAP108, *dim-dict-not-a-dictionary*.
    pub const DIM_DICT_NOT_A_DICTIONARY: Self = Self(108);
    /// DAP109, *ndim-mismatch*.
    pub const NDIM_MISMATCH: Self = Self(109);
    /// DAP110, *buffer-not-described*.
    pub const BUFFER_NOT_DESCRIBED: Self = Self(110);
    /// DAP111, *missing-buffer-key*.
    pub const MISSING_BUFFER_KEY: Self = Self(111);
    /// DAP112, *shape-malformed*.
    pub const SHAPE_MALFORMED: Self = Self(112);
    /// DAP113, *strides-malformed*.
    pub const STRIDES_MALFORMED: Self = Self(113);
    /// DAP114, *dtype-unknown*.
    pub const DTYPE_UNKNOWN: Self = Self(114);
    /// DAP115, *dtype-without-format*.
    pub const DTYPE_WITHOUT_FORMAT: Self = Self(115);
    /// DAP116, *buffer-too-large*.
    pub const BUFFER_TOO_LARGE: Self = Self(116);
    /// DAP117, *unknown-buffer-key*.
    pub const UNKNOWN_BUFFER_KEY: Self = Self(117);
    /// DAP118, *strides-outside-memory*.
    pub const STRIDES_OUTSIDE_MEMORY: Self = Self(118);
    /// DAP198, *reference-rejects*.
    pub const REFERENCE_REJECTS: Self = Self(198);
    /// DAP199, *reference-crashes*.
    pub const REFERENCE_CRASHES: Self = Self(199);
    /// DAP201, *missing-dist-type*.
    pub const MISSING_DIST_TYPE: Self = Self(201);
    /// DAP202, *unknown-dist-type*.
    pub const UNKNOWN_DIST_TYPE: Self = Self(202);
    /// DAP203, *undistributed-n*.
    pub const UNDISTRIBUTED_N: Self = Self(203);
    /// DAP204, *missing-common-key*.
    pub const MISSING_COMMON_KEY: Self = Self(204);
    /// DAP205, *not-an-integer*.
    pub const NOT_AN_INTEGER: Self = Self(205);
    /// DAP206, *negative-size*.
    pub const NEGATIVE_SIZE: Self = Self(206);
    /// DAP207, *proc-grid-size-below-one*.
    pub const PROC_GRID_SIZE_BELOW_ONE: Self = Self(207);
    /// DAP208, *proc-grid-rank-out-of-range*.
    pub const PROC_GRID_RANK_OUT_OF_RANGE: Self = Self(208);
    /// DAP209, *unknown-dimension-key*.
    pub const UNKNOWN_DIMENSION_KEY: Self = Self(209);
    /// DAP210, *key-of-another-dist-type*.
    pub const KEY_OF_ANOTHER_DIST_TYPE: Self = Self(210);
    /// DAP211, *not-a-boolean*.
    pub const NOT_A_BOOLEAN: Self = Self(211);
    /// DAP212, *null-value*.
    pub const NULL_VALUE: Self = Self(212);
    /// DAP301, *missing-block-key*.
    pub const MISSING_BLOCK_KEY: Self = Self(301);
    /// DAP302, *negative-start*.
    pub const NEGATIVE_START: Self = Self(302);
    /// DAP303, *stop-before-start*.
    pub const STOP_BEFORE_START: Self = Self(303);
    /// DAP304, *stop-beyond-size*.
    pub const STOP_BEYOND_SIZE: Self = Self(304);
    /// DAP305, *block-extent*.
    pub const BLOCK_EXTENT: Self = Self(305);
    /// DAP306, *padding-malformed*.
    pub const PADDING_MALFORMED: Self = Self(306);
    /// DAP307, *padding-negative*.
    pub const PADDING_NEGATIVE: Self = Self(307);
    /// DAP308, *padding-exceeds-section*.
    pub const PADDING_EXCEEDS_SECTION: Self = Self(308);
    /// DAP309, *first-block-start*.
    pub const FIRST_BLOCK_START: Self = Self(309);
    /// DAP310, *last-block-stop*.
    pub const LAST_BLOCK_STOP: Self = Self(310);
    /// DAP311, *padding-presence*.
    pub const PADDING_PRESENCE: Self = Self(311);
    /// DAP312, *extent-0.9*.
    pub const EXTENT_0_9: Self = Self(312);
    /// DAP401, *missing-start*.
    pub const MISSING_START: Self = Self(401);
    /// DAP402, *negative-cyclic-start*.
    pub const NEGATIVE_CYCLIC_START: Self = Self(402);
    /// DAP403, *block-size-below-one*.
    pub const BLOCK_SIZE_BELOW_ONE: Self = Self(403);
    /// DAP404, *cyclic-extent*.
    pub const CYCLIC_EXTENT: Self = Self(404);
    /// DAP405, *start-off-block*.
    pub const START_OFF_BLOCK: Self = Self(405);
    /// DAP406, *start-beyond-cycle*.
    pub const START_BEYOND_CYCLE: Self = Self(406);
    /// DAP407, *rotated-start*.
    pub const ROTATED_START: Self = Self(407);
    /// DAP408, *empty-start*.
    pub const EMPTY_START: Self = Self(408);
    /// DAP501, *missing-indices*.
    pub const MISSING_INDICES: Self = Self(501);
    /// DAP502, *indices-malformed*.
    pub const INDICES_MALFORMED: Self = Self(502);
    /// DAP503, *indices-repeated*.
    pub const INDICES_REPEATED: Self = Self(503);
    /// DAP504, *unstructured-extent*.
    pub const UNSTRUCTURED_EXTENT: Self = Self(504);
    /// DAP505, *negative-index*.
    pub const NEGATIVE_INDEX: Self = Self(505);
    /// DAP601, *missing-rank*.
    pub const MISSING_RANK: Self = Self(601);
    /// DAP602, *repeated-rank*.
    pub const REPEATED_RANK: Self = Self(602);
    /// DAP603, *too-many-ranks*.
    pub const TOO_MANY_RANKS: Self = Self(603);
    /// DAP604, *rank-order*.
    pub const RANK_ORDER: Self = Self(604);
    /// DAP605, *ndim-differs*.
    pub const NDIM_DIFFERS: Self = Self(605);
    /// DAP606, *size-differs*.
    pub const SIZE_DIFFERS: Self = Self(606);
    /// DAP607, *proc-grid-size-differs*.
    pub const PROC_GRID_SIZE_DIFFERS: Self = Self(607);
    /// DAP608, *dist-type-differs*.
    pub const DIST_TYPE_DIFFERS: Self = Self(608);
    /// DAP609, *dtype-differs*.
    pub const DTYPE_DIFFERS: Self = Self(609);
    /// DAP610, *version-differs*.
    pub const VERSION_DIFFERS: Self = Self(610);
    /// DAP611, *same-grid-rank-differs*.
    pub const SAME_GRID_RANK_DIFFERS: Self = Self(611);
    /// DAP612, *blocks-do-not-abut*.
    pub const BLOCKS_DO_NOT_ABUT: Self = Self(612);
    /// DAP613, *padding-unequal*.
    pub const PADDING_UNEQUAL: Self = Self(613);
    /// DAP614, *padding-exceeds-neighbour*.
    pub const PADDING_EXCEEDS_NEIGHBOUR: Self = Self(614);
    /// DAP615, *block-size-differs*.
    pub const BLOCK_SIZE_DIFFERS: Self = Self(615);
    /// DAP616, *rotation-differs*.
    pub const ROTATION_DIFFERS: Self = Self(616);
    /// DAP617, *periodic-differs*.
    pub const PERIODIC_DIFFERS: Self = Self(617);
    /// DAP618, *one-to-one-differs*.
    pub const ONE_TO_ONE_DIFFERS: Self = Self(618);
    /// DAP619, *one-to-one-broken*.
    pub const ONE_TO_ONE_BROKEN: Self = Self(619);
    /// DAP620, *unstructured-size*.
    pub const UNSTRUCTURED_SIZE: Self = Self(620);
    /// DAP621, *owned-sum*.
    pub const OWNED_SUM: Self = Self(621);
    /// DAP622, *not-checked*.
    pub const NOT_CHECKED: Self = Self(622);
    /// DAP623, *grid-too-large*.
    pub const GRID_TOO_LARGE: Self = Self(623);
    /// DAP901, *object-dtype*.
    pub const OBJECT_DTYPE: Self = Self(901);
    /// DAP902, *version-0.9*.
    pub const VERSION_0_9: Self = Self(902);
    /// DAP903, *overlapping-strides*.
    pub const OVERLAPPING_STRIDES: Self = Self(903);
    /// DAP904, *disguised-block*.
    pub const DISGUISED_BLOCK: Self = Self(904);
    /// DAP905, *periodic-overlap*.
    pub const PERIODIC_OVERLAP: Self = Self(905);
    /// DAP906, *empty-array*.
    pub const EMPTY_ARRAY: Self = Self(906);
}

#[rustfmt::skip]
pub(super) static RULES: [Rule; 99] = [
    Rule {
        id: RuleId::CANNOT_READ, name: "cannot-read", severity: Severity::Error, level: Level::Must, scope: Scope::File, section: "11.1",
        quote: "",
        message: "cannot read this file: {problem}",
        help: "check the path and its permissions: a set is judged only when every rank's file can be read",
        reference: Reference::NotApplicable,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::INVALID_JSON, name: "invalid-json", severity: Severity::Error, level: Level::Must, scope: Scope::File, section: "11.1",
        quote: "",
        message: "not valid JSON: {problem}",
        help: "write exports with a JSON library, for example Python's `json.dumps(..., allow_nan=False)`, or with `dap_dump.py`",
        reference: Reference::NotApplicable,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::DUPLICATE_KEY, name: "duplicate-key", severity: Severity::Error, level: Level::Interpretation, scope: Scope::File, section: "11.1",
        quote: "",
        message: "the key `{key}` appears more than once in this object",
        help: "keep one of the two: readers disagree about which one counts",
        reference: Reference::NotApplicable,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::INTEGER_OUT_OF_RANGE, name: "integer-out-of-range", severity: Severity::Error, level: Level::Interpretation, scope: Scope::File, section: "11.1",
        quote: "",
        message: "`{key}` is {value}, which does not fit a signed 64-bit integer",
        help: "every integer of an export lies between -9223372036854775808 and 9223372036854775807",
        reference: Reference::NotApplicable,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::PYTHON_LITERAL, name: "python-literal", severity: Severity::Error, level: Level::Must, scope: Scope::File, section: "11.1",
        quote: "",
        message: "`{found}` is Python, not JSON",
        help: "write the export with `json.dumps(..., allow_nan=False)` instead of `str()` or `repr()`",
        reference: Reference::NotApplicable,
        notes: &[("nan", "JSON has no NaN and no Infinity; no key of an export takes one")],
        page: "",
    },
    Rule {
        id: RuleId::TRAILING_TEXT, name: "trailing-text", severity: Severity::Error, level: Level::Must, scope: Scope::File, section: "11.1",
        quote: "",
        message: "there is text after the end of the document",
        help: "a file holds one JSON document; for one export per line, name the file `.ndjson`",
        reference: Reference::NotApplicable,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::NESTED_TOO_DEEP, name: "nested-too-deep", severity: Severity::Error, level: Level::Interpretation, scope: Scope::File, section: "11.1",
        quote: "",
        message: "values are nested deeper than {limit} levels",
        help: "an export needs four levels; look at what wrote this value",
        reference: Reference::NotApplicable,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::MALFORMED_DNPY, name: "malformed-dnpy", severity: Severity::Error, level: Level::Must, scope: Scope::File, section: "11.5",
        quote: "",
        message: "not a readable .dnpy file: {problem}",
        help: "write it with DistArray's `save_dnpy`; the layout is in section 11.5 of spec/protocol.md",
        reference: Reference::NotApplicable,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::DATA_FILE, name: "data-file", severity: Severity::Error, level: Level::Must, scope: Scope::File, section: "11.2",
        quote: "",
        message: "the buffer's data file `{file}` {problem}",
        help: "`data` is relative to the JSON file; write both again together (`dap_dump.py --data`)",
        reference: Reference::NotApplicable,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::NO_EXPORT, name: "no-export", severity: Severity::Error, level: Level::Must, scope: Scope::File, section: "11.1",
        quote: "",
        message: "{what} holds no export",
        help: "an all-rank set is a directory of `rank-<r>.json` files, a bundle, one export per line, or `<name>_<r>.dnpy` files",
        reference: Reference::NotApplicable,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::CHANGED_WHILE_READ, name: "changed-while-read", severity: Severity::Error, level: Level::Must, scope: Scope::File, section: "11.1",
        quote: "",
        message: "the file changed while it was being read: {problem}",
        help: "check exports after their writer has finished",
        reference: Reference::NotApplicable,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::BLANK_LINE, name: "blank-line", severity: Severity::Error, level: Level::Must, scope: Scope::File, section: "11.4",
        quote: "",
        message: "the line for rank {rank} is blank",
        help: "in a file of one export per line the line number is the rank: write every rank's export, also when it owns nothing",
        reference: Reference::NotApplicable,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::NOT_A_BUNDLE, name: "not-a-bundle", severity: Severity::Error, level: Level::Must, scope: Scope::File, section: "11.3",
        quote: "",
        message: "`ranks` is {found}, not a list of exports",
        help: "a bundle is `{\"ranks\": [export of rank 0, export of rank 1, ...]}`",
        reference: Reference::NotApplicable,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::EXPORT_NOT_A_DICTIONARY, name: "export-not-a-dictionary", severity: Severity::Error, level: Level::Must, scope: Scope::Export, section: "3.1",
        quote: "returns a dictionary with three keys",
        message: "an export is a dictionary; this is {found}",
        help: "return `{'__version__': ..., 'buffer': ..., 'dim_data': ...}` from `__distarray__()`",
        reference: Reference::Rejects,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::MISSING_EXPORT_KEY, name: "missing-export-key", severity: Severity::Error, level: Level::Must, scope: Scope::Export, section: "3.1",
        quote: "returns a dictionary with three keys: '__version__', 'buffer', and 'dim_data'",
        message: "the export has no `{key}`",
        help: "add it: an export has exactly `__version__`, `buffer` and `dim_data`",
        reference: Reference::Rejects,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::UNKNOWN_EXPORT_KEY, name: "unknown-export-key", severity: Severity::Error, level: Level::Interpretation, scope: Scope::Export, section: "3.1",
        quote: "returns a dictionary with three keys",
        message: "the export has a fourth key, `{name}`",
        help: "remove it: an export has exactly `__version__`, `buffer` and `dim_data`",
        reference: Reference::Rejects,
        notes: &[("more", "{count} more unknown keys are not shown"), ("similar", "did you mean `{similar}`?")],
        page: "",
    },
    Rule {
        id: RuleId::VERSION_MALFORMED, name: "version-malformed", severity: Severity::Error, level: Level::Must, scope: Scope::Export, section: "3.2",
        quote: "a string of the form 'major.minor.patch'",
        message: "`__version__` is {found}, not a string of the form \"major.minor.patch\"",
        help: "write \"0.10.0\"",
        reference: Reference::Rejects,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::VERSION_UNSUPPORTED, name: "version-unsupported", severity: Severity::Error, level: Level::Interpretation, scope: Scope::Export, section: "3.2",
        quote: "versions that differ in the major version number may break backwards compatibility",
        message: "version {version} of the protocol is not supported",
        help: "this checker knows 0.9 and 0.10; export the array as 0.10.0",
        reference: Reference::Rejects,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::VERSION_NEWER, name: "version-newer", severity: Severity::Warning, level: Level::Interpretation, scope: Scope::Export, section: "3.2",
        quote: "versions of the protocol that differ in the minor version number shall be backwards compatible",
        message: "version {version} is newer than this checker; it is checked as 0.10",
        help: "what the newer version adds is not checked; export as 0.10.0 if nothing needs the newer one",
        reference: Reference::Rejects,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::DIM_DATA_NOT_A_SEQUENCE, name: "dim-data-not-a-sequence", severity: Severity::Error, level: Level::Must, scope: Scope::Export, section: "3.4",
        quote: "shall be a tuple of dictionaries",
        message: "`dim_data` is {found}, not a sequence of dictionaries",
        help: "give one dictionary per dimension, also for a single dimension: `({...},)`",
        reference: Reference::Rejects,
        notes: &[("one-dict", "a lone dictionary is not a sequence: write `[{...}]`, in Python `({...},)` with the comma")],
        page: "",
    },
    Rule {
        id: RuleId::DIM_DICT_NOT_A_DICTIONARY, name: "dim-dict-not-a-dictionary", severity: Severity::Error, level: Level::Must, scope: Scope::Dimension, section: "3.4",
        quote: "a tuple of dictionaries, called \"dimension dictionaries\"",
        message: "dimension {dim} is described by {found}, not by a dictionary",
        help: "an undistributed dimension is described by the empty dictionary `{}`",
        reference: Reference::Rejects,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::NDIM_MISMATCH, name: "ndim-mismatch", severity: Severity::Error, level: Level::Must, scope: Scope::Export, section: "3.4",
        quote: "must match the number of dimensions of the associated buffer object",
        message: "`dim_data` describes {described} dimensions, the buffer has {ndim}",
        help: "give one dictionary for each dimension of the buffer, `{}` for those that are not distributed",
        reference: Reference::Rejects,
        notes: &[("alias", "an undistributed dimension still needs its dictionary: `{}`")],
        page: "",
    },
    Rule {
        id: RuleId::BUFFER_NOT_DESCRIBED, name: "buffer-not-described", severity: Severity::Error, level: Level::Must, scope: Scope::Export, section: "3.3",
        quote: "compatible with the PEP-3118 buffer protocol",
        message: "the buffer is {found}, not a dictionary with `dtype` and `shape`",
        help: "describe the buffer as `{\"dtype\": \"<f8\", \"shape\": [...]}`; `dap_dump.py` does it",
        reference: Reference::Rejects,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::MISSING_BUFFER_KEY, name: "missing-buffer-key", severity: Severity::Error, level: Level::Must, scope: Scope::Export, section: "3.3",
        quote: "compatible with the PEP-3118 buffer protocol",
        message: "the buffer has no `{key}`",
        help: "describe the buffer as `{\"dtype\": \"<f8\", \"shape\": [...]}`; `dap_dump.py` does it",
        reference: Reference::NotApplicable,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::SHAPE_MALFORMED, name: "shape-malformed", severity: Severity::Error, level: Level::Must, scope: Scope::Export, section: "3.3",
        quote: "compatible with the PEP-3118 buffer protocol",
        message: "`shape` is {found}, not a list of integers that are at least 0",
        help: "write the buffer's extents, one for each dimension",
        reference: Reference::NotApplicable,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::STRIDES_MALFORMED, name: "strides-malformed", severity: Severity::Error, level: Level::Must, scope: Scope::Export, section: "3.3",
        quote: "compatible with the PEP-3118 buffer protocol",
        message: "`strides` {problem}",
        help: "write one integer in bytes for each dimension, or leave `strides` out for C order",
        reference: Reference::NotApplicable,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::DTYPE_UNKNOWN, name: "dtype-unknown", severity: Severity::Error, level: Level::Must, scope: Scope::Export, section: "3.3",
        quote: "compatible with the PEP-3118 buffer protocol",
        message: "`dtype` is {found}: {problem}",
        help: "use a NumPy typestr such as \"<f8\", a PEP-3118 format such as \"d\", or a list of fields",
        reference: Reference::NotApplicable,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::DTYPE_WITHOUT_FORMAT, name: "dtype-without-format", severity: Severity::Error, level: Level::Must, scope: Scope::Export, section: "3.3",
        quote: "compatible with the PEP-3118 buffer protocol",
        message: "`dtype` {dtype} ({meaning}) has no PEP-3118 format, so no buffer can carry it",
        help: "export the data as 64-bit integers (`a.view('i8')`) and send the unit separately",
        reference: Reference::Crashes,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::BUFFER_TOO_LARGE, name: "buffer-too-large", severity: Severity::Error, level: Level::Interpretation, scope: Scope::Export, section: "3.3",
        quote: "",
        message: "the buffer would hold more bytes than a signed 64-bit integer can count",
        help: "check `shape` and `strides`; no process can hold this",
        reference: Reference::NotApplicable,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::UNKNOWN_BUFFER_KEY, name: "unknown-buffer-key", severity: Severity::Warning, level: Level::Interpretation, scope: Scope::Export, section: "3.3",
        quote: "",
        message: "the buffer has an unknown key `{name}`",
        help: "remove it, or correct it: a buffer has `dtype`, `shape`, and optionally `strides`, `data` and `offset`",
        reference: Reference::NotApplicable,
        notes: &[("more", "{count} more unknown keys are not shown"), ("similar", "did you mean `{similar}`?")],
        page: "",
    },
    Rule {
        id: RuleId::STRIDES_OUTSIDE_MEMORY, name: "strides-outside-memory", severity: Severity::Error, level: Level::Must, scope: Scope::Export, section: "3.3",
        quote: "compatible with the PEP-3118 buffer protocol",
        message: "`strides` reach outside what a signed 64-bit integer can address",
        help: "check `strides`: they are in bytes",
        reference: Reference::NotApplicable,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::REFERENCE_REJECTS, name: "reference-rejects", severity: Severity::Error, level: Level::Reference, scope: Scope::Export, section: "13",
        quote: "",
        message: "the 2014 validator rejects this export: {message}",
        help: "shown by the profile `reference-0.10` only, for comparison; the default profile judges by the protocol's text",
        reference: Reference::Rejects,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::REFERENCE_CRASHES, name: "reference-crashes", severity: Severity::Error, level: Level::Reference, scope: Scope::Export, section: "13",
        quote: "",
        message: "the 2014 validator crashes on this export: {message}",
        help: "shown by the profile `reference-0.10` only, for comparison; the default profile judges by the protocol's text",
        reference: Reference::Crashes,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::MISSING_DIST_TYPE, name: "missing-dist-type", severity: Severity::Error, level: Level::Must, scope: Scope::Dimension, section: "4.1",
        quote: "All dimension dictionaries shall have a 'dist_type' key",
        message: "dimension {dim} has no `dist_type`",
        help: "add 'b' (block), 'c' (cyclic) or 'u' (unstructured); for an undistributed dimension write `{}`",
        reference: Reference::Crashes,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::UNKNOWN_DIST_TYPE, name: "unknown-dist-type", severity: Severity::Error, level: Level::Must, scope: Scope::Dimension, section: "4.1",
        quote: "'dist_type' : {'b', 'c', 'u'}",
        message: "`dist_type` is {found}; 'b', 'c' and 'u' are known",
        help: "use 'b' (block), 'c' (cyclic, block-cyclic) or 'u' (unstructured)",
        reference: Reference::Rejects,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::UNDISTRIBUTED_N, name: "undistributed-n", severity: Severity::Error, level: Level::Must, scope: Scope::Dimension, section: "4.1",
        quote: "'dist_type' : {'b', 'c', 'u'}",
        message: "`dist_type` 'n' was removed in version 0.10",
        help: "write `{}` for an undistributed dimension, or 'b' with `proc_grid_size` 1, `start` 0 and `stop` = `size`",
        reference: Reference::Rejects,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::MISSING_COMMON_KEY, name: "missing-common-key", severity: Severity::Error, level: Level::Must, scope: Scope::Dimension, section: "4.2",
        quote: "must define the following key-value pairs",
        message: "dimension {dim} has no `{key}`",
        help: "every dimension dictionary has `dist_type`, `size`, `proc_grid_size` and `proc_grid_rank`; only `{}` has none",
        reference: Reference::Rejects,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::NOT_AN_INTEGER, name: "not-an-integer", severity: Severity::Error, level: Level::Must, scope: Scope::Dimension, section: "4.2",
        quote: "'size' : int",
        message: "`{key}` is {found}, not an integer",
        help: "write a plain integer",
        reference: Reference::Rejects,
        notes: &[("numpy", "in Python, convert NumPy scalars with `int()`"), ("whole", "{value} is a whole number: write it without the decimal point")],
        page: "",
    },
    Rule {
        id: RuleId::NEGATIVE_SIZE, name: "negative-size", severity: Severity::Error, level: Level::Must, scope: Scope::Dimension, section: "4.2",
        quote: "'size' : int, greater than or equal to 0",
        message: "`size` is {size}; it is at least 0",
        help: "`size` is the number of global elements along this dimension",
        reference: Reference::Rejects,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::PROC_GRID_SIZE_BELOW_ONE, name: "proc-grid-size-below-one", severity: Severity::Error, level: Level::Must, scope: Scope::Dimension, section: "4.2",
        quote: "'proc_grid_size' : int, greater than or equal to 1",
        message: "`proc_grid_size` is {proc_grid_size}; it is at least 1",
        help: "it is the number of processes along this dimension, 1 when it is not distributed",
        reference: Reference::Rejects,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::PROC_GRID_RANK_OUT_OF_RANGE, name: "proc-grid-rank-out-of-range", severity: Severity::Error, level: Level::Must, scope: Scope::Dimension, section: "4.2",
        quote: "'proc_grid_rank' : int, greater than or equal to 0, less than 'proc_grid_size'",
        message: "`proc_grid_rank` is {proc_grid_rank}; with `proc_grid_size` {proc_grid_size} it lies in 0..{last}",
        help: "it is this process's coordinate along the dimension, counted from 0",
        reference: Reference::Accepts,
        notes: &[("one-based", "counted from 1? The first process has grid rank 0")],
        page: "",
    },
    Rule {
        id: RuleId::UNKNOWN_DIMENSION_KEY, name: "unknown-dimension-key", severity: Severity::Warning, level: Level::Interpretation, scope: Scope::Dimension, section: "4.3",
        quote: "",
        message: "dimension {dim} has an unknown key `{name}`",
        help: "remove it, or correct its spelling; a consumer ignores it",
        reference: Reference::Accepts,
        notes: &[("more", "{count} more unknown keys are not shown"), ("similar", "did you mean `{similar}`?")],
        page: "",
    },
    Rule {
        id: RuleId::KEY_OF_ANOTHER_DIST_TYPE, name: "key-of-another-dist-type", severity: Severity::Warning, level: Level::Interpretation, scope: Scope::Dimension, section: "4.3",
        quote: "",
        message: "`{key}` means nothing for dist_type '{dist_type}'",
        help: "remove it; it belongs to dist_type {owner}",
        reference: Reference::Accepts,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::NOT_A_BOOLEAN, name: "not-a-boolean", severity: Severity::Error, level: Level::Must, scope: Scope::Dimension, section: "5.1",
        quote: "'periodic' : bool, optional",
        message: "`{key}` is {found}, not a boolean",
        help: "write true or false",
        reference: Reference::Rejects,
        notes: &[("number", "{value} is a number: write {boolean}")],
        page: "",
    },
    Rule {
        id: RuleId::NULL_VALUE, name: "null-value", severity: Severity::Error, level: Level::Must, scope: Scope::Dimension, section: "4.2",
        quote: "",
        message: "`{key}` is null",
        help: "leave an optional key out, or give it a value",
        reference: Reference::Rejects,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::MISSING_BLOCK_KEY, name: "missing-block-key", severity: Severity::Error, level: Level::Must, scope: Scope::Dimension, section: "5.1",
        quote: "common, 'start', 'stop'",
        message: "the block dimension {dim} has no `{key}`",
        help: "a block is the global range [start, stop) of this process, padding included",
        reference: Reference::Rejects,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::NEGATIVE_START, name: "negative-start", severity: Severity::Error, level: Level::Must, scope: Scope::Dimension, section: "5.1",
        quote: "start : int, greater than or equal to zero",
        message: "`start` is {start}; it is at least 0",
        help: "global indices count from 0; shift the dimension so that its lowest index, boundary padding included, is 0",
        reference: Reference::Rejects,
        notes: &[("halo", "a ghost layer outside the domain is boundary padding: count it in `size` and let it start at 0")],
        page: "",
    },
    Rule {
        id: RuleId::STOP_BEFORE_START, name: "stop-before-start", severity: Severity::Error, level: Level::Must, scope: Scope::Dimension, section: "5.1",
        quote: "stop : int, greater than the start value",
        message: "`stop` ({stop}) is less than `start` ({start})",
        help: "`stop` is exclusive; an empty section has `stop` equal to `start`",
        reference: Reference::Rejects,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::STOP_BEYOND_SIZE, name: "stop-beyond-size", severity: Severity::Error, level: Level::Must, scope: Scope::Dimension, section: "5.1",
        quote: "less than or equal to the size value",
        message: "`stop` ({stop}) is greater than `size` ({size})",
        help: "`stop` is exclusive and at most `size`",
        reference: Reference::Rejects,
        notes: &[("inclusive", "`stop` is exclusive: the last index of a dimension of {size} is {last}, its `stop` is {size}")],
        page: "",
    },
    Rule {
        id: RuleId::BLOCK_EXTENT, name: "block-extent", severity: Severity::Error, level: Level::Must, scope: Scope::Dimension, section: "5.1",
        quote: "stop - start must be equal to buffer.shape[i]",
        message: "the block holds {held} indices (`stop` {stop} - `start` {start}), the buffer's extent is {extent}",
        help: "make `stop - start` equal to the buffer's extent: [start, stop) includes all padding",
        reference: Reference::Accepts,
        notes: &[("inclusive", "one too few: `stop` is exclusive"), ("one-based", "`start` counts from 0"), ("unpadded", "the difference is the padding, {padding}: since version 0.10 `start` and `stop` include communication padding")],
        page: "",
    },
    Rule {
        id: RuleId::PADDING_MALFORMED, name: "padding-malformed", severity: Severity::Error, level: Level::Must, scope: Scope::Dimension, section: "5.2",
        quote: "padding : 2-tuple of int",
        message: "`padding` is {found}, not two integers",
        help: "write [lo, hi]: the width below and the width above",
        reference: Reference::Rejects,
        notes: &[("scalar", "one width for both sides is written twice: [{value}, {value}]")],
        page: "",
    },
    Rule {
        id: RuleId::PADDING_NEGATIVE, name: "padding-negative", severity: Severity::Error, level: Level::Must, scope: Scope::Dimension, section: "5.2",
        quote: "each greater than or equal to zero",
        message: "`padding` is [{lo}, {hi}]; widths are at least 0",
        help: "write 0 for a side without padding",
        reference: Reference::Accepts,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::PADDING_EXCEEDS_SECTION, name: "padding-exceeds-section", severity: Severity::Error, level: Level::Must, scope: Scope::Dimension, section: "5.2",
        quote: "Padding represents extra allocation for an array",
        message: "the padding [{lo}, {hi}] is wider than the section of {held} indices",
        help: "[start, stop) includes the padding: widen the section, or correct `padding`",
        reference: Reference::Accepts,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::FIRST_BLOCK_START, name: "first-block-start", severity: Severity::Error, level: Level::Must, scope: Scope::Dimension, section: "5.1",
        quote: "adjacent processes ... shall have adjacent global index ranges",
        message: "grid rank 0 starts at {start}, so nobody owns the indices below",
        help: "the first process of a block dimension starts at 0",
        reference: Reference::Rejects,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::LAST_BLOCK_STOP, name: "last-block-stop", severity: Severity::Error, level: Level::Must, scope: Scope::Dimension, section: "5.1",
        quote: "Total number of global array elements along this dimension",
        message: "the last grid rank ({proc_grid_rank}) stops at {stop}, so nobody owns the indices from there to `size` {size}",
        help: "the last process of a block dimension stops at `size`",
        reference: Reference::Accepts,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::PADDING_PRESENCE, name: "padding-presence", severity: Severity::Error, level: Level::Must, scope: Scope::Array, section: "10.3",
        quote: "if the padding keyword is present in any dimension dictionary for a dimension of the distributed array, then the padding keyword shall be present on all processes",
        message: "dimension {dim} has `padding` on some processes only",
        help: "version 0.9 wants `padding` on all processes of a dimension or on none; write (0, 0) where there is none",
        reference: Reference::NotApplicable,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::EXTENT_0_9, name: "extent-0.9", severity: Severity::Error, level: Level::Must, scope: Scope::Dimension, section: "10.2",
        quote: "does not count towards the size of the array in this dimension",
        message: "the section owns {owned} indices and has communication padding {padding}, the buffer's extent is {extent}",
        help: "in version 0.9 [start, stop) is what is owned; communication padding lies outside of it and is part of the buffer",
        reference: Reference::NotApplicable,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::MISSING_START, name: "missing-start", severity: Severity::Error, level: Level::Must, scope: Scope::Dimension, section: "6.1",
        quote: "common, 'start'",
        message: "the cyclic dimension {dim} has no `start`",
        help: "`start` is the first global index of this process: `proc_grid_rank * block_size`",
        reference: Reference::Rejects,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::NEGATIVE_CYCLIC_START, name: "negative-cyclic-start", severity: Severity::Error, level: Level::Must, scope: Scope::Dimension, section: "6.1",
        quote: "start : int, greater than or equal to zero",
        message: "`start` is {start}; it is at least 0",
        help: "`start` is the first global index of this process: `proc_grid_rank * block_size`",
        reference: Reference::Rejects,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::BLOCK_SIZE_BELOW_ONE, name: "block-size-below-one", severity: Severity::Error, level: Level::Must, scope: Scope::Dimension, section: "6.1",
        quote: "block_size : int, greater than or equal to one",
        message: "`block_size` is {block_size}; it is at least 1",
        help: "leave it out for the plain cyclic distribution",
        reference: Reference::Rejects,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::CYCLIC_EXTENT, name: "cyclic-extent", severity: Severity::Error, level: Level::Interpretation, scope: Scope::Dimension, section: "6.2",
        quote: "",
        message: "the section owns {owned} indices (NUMROC), the buffer's extent is {extent}",
        help: "of `size` {size} dealt in blocks of {block_size} to {proc_grid_size} processes, a process that starts at {start} owns {owned}",
        reference: Reference::Accepts,
        notes: &[("distarray-partial-block", "known cause: DistArray 0.6 and the protocol's `utils.py` always give the last, partial block to grid rank 0; by the text it belongs to process (number of full blocks) mod `proc_grid_size`"), ("owned-stop", "the extent equals `size`: is this the buffer of the whole array?")],
        page: "",
    },
    Rule {
        id: RuleId::START_OFF_BLOCK, name: "start-off-block", severity: Severity::Error, level: Level::Must, scope: Scope::Dimension, section: "6.1",
        quote: "assigning global indices (or contiguous blocks of indices when block_size is greater than one) to processes in round-robin fashion",
        message: "`start` {start} is not a multiple of `block_size` {block_size}",
        help: "a process starts where one of the blocks starts: at `proc_grid_rank * block_size`",
        reference: Reference::Rejects,
        notes: &[("one-based", "counted from 1? Global indices start at 0")],
        page: "",
    },
    Rule {
        id: RuleId::START_BEYOND_CYCLE, name: "start-beyond-cycle", severity: Severity::Error, level: Level::Must, scope: Scope::Dimension, section: "6.1",
        quote: "assigning global indices ... to processes in round-robin fashion",
        message: "`start` {start} lies beyond the first round of {proc_grid_size} blocks of {block_size}",
        help: "the first round deals one block to each process: `start` is at most (`proc_grid_size` - 1) * `block_size`",
        reference: Reference::Rejects,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::ROTATED_START, name: "rotated-start", severity: Severity::Info, level: Level::Interpretation, scope: Scope::Dimension, section: "6.3",
        quote: "",
        message: "the dealing starts at grid rank {source}, not at 0",
        help: "fine, and the maps honour it; the 2014 validator and DistArray refuse it. For them, renumber the processes so that grid rank 0 holds index 0",
        reference: Reference::Rejects,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::EMPTY_START, name: "empty-start", severity: Severity::Warning, level: Level::Should, scope: Scope::Dimension, section: "6.4",
        quote: "",
        message: "this section is empty; its `start` is {start}, {emit} is preferred",
        help: "the 2014 validator and DistArray accept only `proc_grid_rank * block_size`",
        reference: Reference::Rejects,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::MISSING_INDICES, name: "missing-indices", severity: Severity::Error, level: Level::Must, scope: Scope::Dimension, section: "7.1",
        quote: "common, 'indices'",
        message: "the unstructured dimension {dim} has no `indices`",
        help: "list the global index of each local element, in local order",
        reference: Reference::Rejects,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::INDICES_MALFORMED, name: "indices-malformed", severity: Severity::Error, level: Level::Must, scope: Scope::Dimension, section: "7.1",
        quote: "indices : buffer (or buffer-compatible) of int",
        message: "`indices` {problem}",
        help: "`indices` is a flat list of integers",
        reference: Reference::Rejects,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::INDICES_REPEATED, name: "indices-repeated", severity: Severity::Error, level: Level::Must, scope: Scope::Dimension, section: "7.1",
        quote: "the values are locally unique",
        message: "index {index} appears at positions {first} and {second} of `indices`",
        help: "a process holds a global index once; remove the second",
        reference: Reference::Accepts,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::UNSTRUCTURED_EXTENT, name: "unstructured-extent", severity: Severity::Error, level: Level::Interpretation, scope: Scope::Dimension, section: "7.2",
        quote: "",
        message: "`indices` lists {owned} indices, the buffer's extent is {extent}",
        help: "one index for each local element, in local order",
        reference: Reference::Accepts,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::NEGATIVE_INDEX, name: "negative-index", severity: Severity::Hint, level: Level::Interpretation, scope: Scope::Dimension, section: "7.1",
        quote: "they can be negative, unordered, and non-contiguous",
        message: "`indices` holds the negative label {index}",
        help: "valid, but the array cannot be moved to a block or cyclic distribution, which needs the labels 0..size-1",
        reference: Reference::Accepts,
        notes: &[("from-end", "negative labels do not count from the end as in NumPy")],
        page: "",
    },
    Rule {
        id: RuleId::MISSING_RANK, name: "missing-rank", severity: Severity::Error, level: Level::Must, scope: Scope::Array, section: "8.2",
        quote: "the product of all 'proc_grid_size's for all dimensions shall equal the total number of processes",
        message: "the grid {grid} has {processes} processes; {missing} of them are not here: {ranks}",
        help: "export every rank, also those that own nothing; `--partial` checks an incomplete set",
        reference: Reference::Accepts,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::REPEATED_RANK, name: "repeated-rank", severity: Severity::Error, level: Level::Must, scope: Scope::Array, section: "8.2",
        quote: "An integer label that uniquely identifies a process",
        message: "rank {rank} is here more than once",
        help: "keep one export for each rank",
        reference: Reference::Accepts,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::TOO_MANY_RANKS, name: "too-many-ranks", severity: Severity::Error, level: Level::Must, scope: Scope::Array, section: "8.2",
        quote: "the product of all 'proc_grid_size's for all dimensions shall equal the total number of processes",
        message: "there are {count} exports, the grid {grid} has {processes} processes",
        help: "the product of the `proc_grid_size` is the number of processes",
        reference: Reference::Accepts,
        notes: &[("replicated", "a replicated array has no form in DAP 0.10: export it from one process"), ("stray", "left over from a run with more processes?")],
        page: "",
    },
    Rule {
        id: RuleId::RANK_ORDER, name: "rank-order", severity: Severity::Error, level: Level::Must, scope: Scope::Array, section: "8.1",
        quote: "Process ranks are assigned to their corresponding grid coordinate in \"C-order\"",
        message: "rank {rank} has the grid coordinate {coordinate}; in C order it has {expected}",
        help: "number the processes so that the last dimension's coordinate varies fastest",
        reference: Reference::Accepts,
        notes: &[("duplicate", "rank {other} has the same coordinate"), ("fortran-order", "all ranks fit column-major (Fortran) order: renumber them, or create the communicator with `MPI_Cart_create`, which is row-major"), ("permuted", "every grid coordinate is here once, in another order")],
        page: "",
    },
    Rule {
        id: RuleId::NDIM_DIFFERS, name: "ndim-differs", severity: Severity::Error, level: Level::Must, scope: Scope::Array, section: "8.3",
        quote: "one dictionary for each dimension of the distributed array",
        message: "the array has {ndim} dimensions here, {common} on the other ranks",
        help: "every process describes the same dimensions",
        reference: Reference::Accepts,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::SIZE_DIFFERS, name: "size-differs", severity: Severity::Error, level: Level::Must, scope: Scope::Array, section: "8.3",
        quote: "all processes with the same rank for dimension i must have the same values for other keys",
        message: "`size` is {value} here, {common} on the other ranks",
        help: "`size` is global: the same on all processes",
        reference: Reference::Accepts,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::PROC_GRID_SIZE_DIFFERS, name: "proc-grid-size-differs", severity: Severity::Error, level: Level::Must, scope: Scope::Array, section: "8.3",
        quote: "The total number of processes in the process grid in this dimension",
        message: "`proc_grid_size` is {value} here, {common} on the other ranks",
        help: "the process grid is global: the same on all processes",
        reference: Reference::Accepts,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::DIST_TYPE_DIFFERS, name: "dist-type-differs", severity: Severity::Error, level: Level::Must, scope: Scope::Array, section: "8.3",
        quote: "The distribution type; the primary way to determine the kind of distribution for this dimension",
        message: "`dist_type` is '{value}' here, '{common}' on the other ranks",
        help: "a dimension has one distribution type on all processes",
        reference: Reference::Accepts,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::DTYPE_DIFFERS, name: "dtype-differs", severity: Severity::Error, level: Level::Must, scope: Scope::Array, section: "8.3",
        quote: "A single logical array",
        message: "`dtype` is {value} here, {common} on the other ranks",
        help: "a distributed array has one item type on all processes, also where nothing is held",
        reference: Reference::Accepts,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::VERSION_DIFFERS, name: "version-differs", severity: Severity::Error, level: Level::Must, scope: Scope::Array, section: "8.3",
        quote: "",
        message: "the export is version {value}, the other ranks' are {common}",
        help: "0.9 and 0.10 give `start`, `stop` and `padding` other meanings: export every rank with the same version",
        reference: Reference::Accepts,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::SAME_GRID_RANK_DIFFERS, name: "same-grid-rank-differs", severity: Severity::Error, level: Level::Must, scope: Scope::Array, section: "8.4",
        quote: "all processes with the same rank for dimension i must have the same values for other keys in their respective dimension dictionaries",
        message: "grid rank {proc_grid_rank} has `{key}` {value} here, {common} on rank {other}",
        help: "processes with the same `proc_grid_rank` in a dimension have the same dictionary there; only outer padding may differ",
        reference: Reference::Accepts,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::BLOCKS_DO_NOT_ABUT, name: "blocks-do-not-abut", severity: Severity::Error, level: Level::Must, scope: Scope::Array, section: "5.1",
        quote: "the stop of a shall be equal the start of b",
        message: "grid rank {left} owns up to {left_end}, grid rank {right} owns from {right_start}: {gap}",
        help: "without padding, `stop` of one process is `start` of the next; with it, `stop` of the left = `start` of the right + both communication widths",
        reference: Reference::Accepts,
        notes: &[("distarray-client", "known cause: DistArray 0.6's client-side metadata does not widen `start` and `stop` by the communication padding (the bounds of version 0.9 under the name of 0.10)"), ("sum", "the owned counts sum to {sum}, `size` is {size}"), ("v09", "the bounds fit version 0.9, where communication padding lies outside [start, stop)")],
        page: "",
    },
    Rule {
        id: RuleId::PADDING_UNEQUAL, name: "padding-unequal", severity: Severity::Error, level: Level::Must, scope: Scope::Array, section: "5.2",
        quote: "Every communication padding width must equal its counterpart on its neighboring process",
        message: "grid rank {left} has {left_width} above, grid rank {right} has {right_width} below",
        help: "communication padding is as wide on both sides of an edge",
        reference: Reference::Accepts,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::PADDING_EXCEEDS_NEIGHBOUR, name: "padding-exceeds-neighbour", severity: Severity::Error, level: Level::Must, scope: Scope::Array, section: "5.2",
        quote: "it must be less than or equal to the number of indices owned by the neighboring process",
        message: "the communication padding of grid rank {proc_grid_rank} is {width} wide, its neighbour {neighbour} owns {owned}",
        help: "a halo is filled from one neighbour: use a narrower halo or fewer processes",
        reference: Reference::Accepts,
        notes: &[("empty", "next to an empty section the padding is 0")],
        page: "",
    },
    Rule {
        id: RuleId::BLOCK_SIZE_DIFFERS, name: "block-size-differs", severity: Severity::Error, level: Level::Must, scope: Scope::Array, section: "6.1",
        quote: "",
        message: "`block_size` is {value} here, {common} on the other grid ranks",
        help: "one block size deals the whole dimension",
        reference: Reference::Accepts,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::ROTATION_DIFFERS, name: "rotation-differs", severity: Severity::Error, level: Level::Must, scope: Scope::Array, section: "6.3",
        quote: "",
        message: "this `start` means that the dealing starts at grid rank {value}; on the other ranks at {common}",
        help: "`start` is ((`proc_grid_rank` - s) mod `proc_grid_size`) * `block_size` with the same s everywhere, normally 0",
        reference: Reference::Accepts,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::PERIODIC_DIFFERS, name: "periodic-differs", severity: Severity::Error, level: Level::Must, scope: Scope::Array, section: "5.3",
        quote: "Indicates whether this dimension is periodic",
        message: "`periodic` is {value} here, {common} on the other grid ranks",
        help: "a dimension is periodic on all processes or on none",
        reference: Reference::Accepts,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::ONE_TO_ONE_DIFFERS, name: "one-to-one-differs", severity: Severity::Error, level: Level::Must, scope: Scope::Array, section: "7.3",
        quote: "",
        message: "`one_to_one` is {value} here, {common} on the other grid ranks",
        help: "it speaks of the whole dimension: give it the same value on all processes",
        reference: Reference::Accepts,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::ONE_TO_ONE_BROKEN, name: "one-to-one-broken", severity: Severity::Error, level: Level::Must, scope: Scope::Array, section: "7.3",
        quote: "a global index shall be located in exactly one local indices buffer",
        message: "`one_to_one` is true, but index {index} is on grid ranks {first} and {second}",
        help: "remove the second copy, or set `one_to_one` to false",
        reference: Reference::Accepts,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::UNSTRUCTURED_SIZE, name: "unstructured-size", severity: Severity::Error, level: Level::Interpretation, scope: Scope::Array, section: "7.4",
        quote: "one can sum the result of the function num_owned_indices ... on every process",
        message: "the grid ranks hold {sum} indices, {distinct} of them distinct; `size` is {size}",
        help: "`size` is the number of indices held (or, with `one_to_one` false, of distinct ones)",
        reference: Reference::Accepts,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::OWNED_SUM, name: "owned-sum", severity: Severity::Error, level: Level::Must, scope: Scope::Array, section: "4.2",
        quote: "one can sum the result of the function num_owned_indices",
        message: "the owned counts sum to {sum}, `size` is {size}",
        help: "every global index has one owner",
        reference: Reference::Accepts,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::NOT_CHECKED, name: "not-checked", severity: Severity::Info, level: Level::Interpretation, scope: Scope::Array, section: "11.6",
        quote: "",
        message: "{present} of {processes} ranks are here; not checked: {what}",
        help: "name a directory, a bundle or one export per line to check all ranks together",
        reference: Reference::NotApplicable,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::GRID_TOO_LARGE, name: "grid-too-large", severity: Severity::Error, level: Level::Interpretation, scope: Scope::Array, section: "8.2",
        quote: "",
        message: "the process grid {grid} has more processes than a signed 64-bit integer can count",
        help: "check `proc_grid_size`: their product is the number of processes",
        reference: Reference::Accepts,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::OBJECT_DTYPE, name: "object-dtype", severity: Severity::Warning, level: Level::Lint, scope: Scope::Export, section: "3.3",
        quote: "",
        message: "`dtype` is object: the buffer holds pointers, which mean nothing outside this process",
        help: "export the values themselves, for example as fixed-width strings or a struct",
        reference: Reference::Accepts,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::VERSION_0_9, name: "version-0.9", severity: Severity::Info, level: Level::Lint, scope: Scope::Export, section: "10.1",
        quote: "",
        message: "this export is version 0.9; it is checked by the rules of 0.9",
        help: "0.9 bounds mean other indices than 0.10's when there is communication padding: export as 0.10.0",
        reference: Reference::Rejects,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::OVERLAPPING_STRIDES, name: "overlapping-strides", severity: Severity::Warning, level: Level::Lint, scope: Scope::Export, section: "3.3",
        quote: "",
        message: "`strides` make several elements share memory",
        help: "writing to one element changes others; copy the buffer, or export it read-only",
        reference: Reference::NotApplicable,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::DISGUISED_BLOCK, name: "disguised-block", severity: Severity::Hint, level: Level::Lint, scope: Scope::Dimension, section: "7.5",
        quote: "",
        message: "`indices` is the contiguous range {first}..{last}",
        help: "a block ('b') with `start` {first} says the same and is faster to map and to move",
        reference: Reference::Accepts,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::PERIODIC_OVERLAP, name: "periodic-overlap", severity: Severity::Warning, level: Level::Lint, scope: Scope::Dimension, section: "5.3",
        quote: "",
        message: "the periodic images [{lo}, {hi}] are wider than the {interior} indices between them",
        help: "a periodic dimension needs `size` >= lo + hi + max(lo, hi), or an image would be copied from another image",
        reference: Reference::NotApplicable,
        notes: &[],
        page: "",
    },
    Rule {
        id: RuleId::EMPTY_ARRAY, name: "empty-array", severity: Severity::Hint, level: Level::Lint, scope: Scope::Array, section: "9.1",
        quote: "",
        message: "the array has no elements: its shape is {shape}",
        help: "valid; mentioned because it is seldom meant",
        reference: Reference::NotApplicable,
        notes: &[],
        page: "",
    },
];
