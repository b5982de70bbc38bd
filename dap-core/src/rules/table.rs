//! The table of rules, generated from `spec/rules` by `cargo run -p dap-spec`.
//! Edit the pages, not this file.

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
    /// DAP119, *data-malformed*.
    pub const DATA_MALFORMED: Self = Self(119);
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
    /// DAP624, *array-too-large*.
    pub const ARRAY_TOO_LARGE: Self = Self(624);
    /// DAP701, *struct-version*.
    pub const STRUCT_VERSION: Self = Self(701);
    /// DAP702, *null-pointer*.
    pub const NULL_POINTER: Self = Self(702);
    /// DAP703, *misaligned-pointer*.
    pub const MISALIGNED_POINTER: Self = Self(703);
    /// DAP704, *struct-released*.
    pub const STRUCT_RELEASED: Self = Self(704);
    /// DAP705, *unknown-flags*.
    pub const UNKNOWN_FLAGS: Self = Self(705);
    /// DAP706, *struct-protocol*.
    pub const STRUCT_PROTOCOL: Self = Self(706);
    /// DAP707, *ndim-out-of-range*.
    pub const NDIM_OUT_OF_RANGE: Self = Self(707);
    /// DAP708, *block-count*.
    pub const BLOCK_COUNT: Self = Self(708);
    /// DAP709, *mesh-unknown*.
    pub const MESH_UNKNOWN: Self = Self(709);
    /// DAP710, *struct-dist-type*.
    pub const STRUCT_DIST_TYPE: Self = Self(710);
    /// DAP711, *index-count*.
    pub const INDEX_COUNT: Self = Self(711);
    /// DAP712, *global-shape-differs*.
    pub const GLOBAL_SHAPE_DIFFERS: Self = Self(712);
    /// DAP713, *tensor-taken*.
    pub const TENSOR_TAKEN: Self = Self(713);
    /// DAP714, *tensor-version*.
    pub const TENSOR_VERSION: Self = Self(714);
    /// DAP715, *tensor-device*.
    pub const TENSOR_DEVICE: Self = Self(715);
    /// DAP716, *tensor-dtype*.
    pub const TENSOR_DTYPE: Self = Self(716);
    /// DAP717, *tensor-malformed*.
    pub const TENSOR_MALFORMED: Self = Self(717);
    /// DAP718, *memory-read-only*.
    pub const MEMORY_READ_ONLY: Self = Self(718);
    /// DAP719, *inexpressible*.
    pub const INEXPRESSIBLE: Self = Self(719);
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
    /// DAP907, *counted-from-one*.
    pub const COUNTED_FROM_ONE: Self = Self(907);
}

#[rustfmt::skip]
pub(super) static RULES: [Rule; 121] = [
    Rule {
        id: RuleId::CANNOT_READ, name: "cannot-read", severity: Severity::Error, level: Level::Must, scope: Scope::File, section: "11.1",
        quote: "",
        message: "cannot read this file: {problem}",
        help: "check the path and its permissions: a set is checked only when every rank's file can be read",
        reference: Reference::NotApplicable,
        notes: &[],
        page: "## What it checks\n\nEvery file or directory named on the command line must open and be readable, and so must every\nrank's file inside a directory.\n\n## Why it matters\n\nA set is checked across its ranks: neighbouring blocks must abut, and owned counts must add up. One\nrank that cannot be read leaves those checks open, so the whole set gets no verdict. On a cluster,\nthe usual causes are a file that one node has not written back yet, or a directory that only its\nowner may list.\n\n## Example\n\n```console\n$ dap-validate check --output-format concise run/\nrun/rank-1.json: error DAP001 cannot-read: cannot read this file: it is a link to `/no-such-directory/rank-1.json`, which does not exist (rank 1)\nchecked 1 array: 0 valid, 1 invalid (1 error)\n```\n\nRank 1's file is a link into a scratch directory that this machine does not have.\n\n## Use instead\n\n```console\n$ cp -L run/*.json /archive/run/ && dap-validate check /archive/run/\n```\n\nCopy the files themselves on a machine that can read them, or check the set there.",
    },
    Rule {
        id: RuleId::INVALID_JSON, name: "invalid-json", severity: Severity::Error, level: Level::Must, scope: Scope::File, section: "11.1",
        quote: "",
        message: "not valid JSON: {problem}",
        help: "write exports with a JSON library, for example Python's `json.dumps(..., allow_nan=False)`, or with `dap_dump.py`",
        reference: Reference::NotApplicable,
        notes: &[],
        page: "## What it checks\n\nThe text must be JSON as RFC 8259 defines it: UTF-8, double quotes, no comments, no trailing comma,\nevery brace and bracket closed, every surrogate pair complete.\n\nSome mistakes have a rule of their own and are reported there: Python literals (DAP005), text after\nthe document (DAP006).\n\n## Why it matters\n\nNothing after the mistake can be trusted, so the rest of this file is not checked. The commonest\ncause is a writer that was stopped half-way by a job's time limit or a full disk. Such a file looks\nfine at the top. Write to a temporary name and rename it when it is complete.\n\n## Example\n\n```text\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1,\n```\n\nThe file ends inside the dimension dictionary.\n\n## Use instead\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 10}]}\n```",
    },
    Rule {
        id: RuleId::DUPLICATE_KEY, name: "duplicate-key", severity: Severity::Error, level: Level::Interpretation, scope: Scope::File, section: "11.1",
        quote: "",
        message: "the key `{key}` appears more than once in this object",
        help: "keep one of the two: readers disagree about which one counts",
        reference: Reference::NotApplicable,
        notes: &[],
        page: "## What it checks\n\nNo object may contain the same key twice, at any depth.\n\n## Why it matters\n\nJSON does not define the meaning of a repeated key, and readers differ: most keep the last value,\nsome the first, some refuse. Two consumers of one file may then see two different arrays. Python\ndictionaries cannot hold a key twice, so the cause is nearly always text that was pasted together by\nhand or by a template.\n\n## Example\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 10, \"padding\": [0, 0], \"padding\": [1, 1]}]}\n```\n\n`padding` is written twice: is the array padded or not?\n\n## Use instead\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 10, \"padding\": [1, 1]}]}\n```",
    },
    Rule {
        id: RuleId::INTEGER_OUT_OF_RANGE, name: "integer-out-of-range", severity: Severity::Error, level: Level::Interpretation, scope: Scope::File, section: "11.1",
        quote: "",
        message: "`{key}` is {value}, which does not fit a signed 64-bit integer",
        help: "every integer of an export lies between -9223372036854775808 and 9223372036854775807",
        reference: Reference::Accepts,
        notes: &[],
        page: "## What it checks\n\nEvery integer must lie in -2^63 .. 2^63 - 1, the range of a signed 64-bit integer.\n\n## Why it matters\n\nPython's integers have no limit, but the integers of C, Fortran and Rust have one, and so has MPI's\n`MPI_Aint`. A reader that wraps around gets a negative size; a reader that converts to a double\nloses the last digits above 2^53. The value 18446744073709551615 is common: it is -1 stored in an\nunsigned 64-bit field, often meant as \"not set\".\n\n## Example\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 18446744073709551615, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 10}]}\n```\n\n`size` is 2^64 - 1, which is -1 read as an unsigned integer.\n\n## Use instead\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 10}]}\n```",
    },
    Rule {
        id: RuleId::PYTHON_LITERAL, name: "python-literal", severity: Severity::Error, level: Level::Must, scope: Scope::File, section: "11.1",
        quote: "",
        message: "{found} is Python, not JSON",
        help: "write the export with `json.dumps(..., allow_nan=False)` instead of `str()` or `repr()`",
        reference: Reference::NotApplicable,
        notes: &[("nan", "JSON has no NaN and no Infinity; no key of an export takes one"), ("numpy", "`repr` of a NumPy value, as NumPy 2 prints it: make it a plain number with `int(x)` or `x.item()`, an array a list with `x.tolist()`, and write the export with `json.dumps`")],
        page: "## What it checks\n\nThe text must not contain Python's spelling: `True`, `False`, `None`, single quotes, or tuples in\nparentheses. NumPy's scalars and arrays (`np.int64(3)`, `array([0, 2])`) are Python too, and so are\nthe `NaN` and `Infinity` that Python's `json` writes by default.\n\n## Why it matters\n\nThe output of `print(array.__distarray__())` looks like JSON and is easily saved as JSON, but no\nJSON reader opens it. `json.dumps` spells every value correctly; `allow_nan=False` makes it refuse\nvalues that JSON cannot express.\n\n## Example\n\n```text\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 10, \"periodic\": False}]}\n```\n\n`False` is Python; JSON has `false`.\n\n## Use instead\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 10, \"periodic\": false}]}\n```",
    },
    Rule {
        id: RuleId::TRAILING_TEXT, name: "trailing-text", severity: Severity::Error, level: Level::Must, scope: Scope::File, section: "11.1",
        quote: "",
        message: "there is text after the end of the document",
        help: "a file holds one JSON document; for one export per line, name the file `.ndjson`",
        reference: Reference::NotApplicable,
        notes: &[("documents", "another document begins here: write each export on one line (no `indent`) in a file named `.ndjson`, or all of them in one document, `{\"ranks\": [...]}`")],
        page: "## What it checks\n\nA `.json` file must end with its document: only white space may follow.\n\n## Why it matters\n\nThe text after the document is either a second export, which would go unread, or the rest of an\nolder, longer file that was overwritten without being truncated. In the second case, the part before\nit may be stale too.\n\n## Example\n\n```text\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 10}]}\n  \"start\": 1000, \"stop\": 2000}]}\n```\n\nThe last line is left over from an earlier export with longer numbers.\n\n## Use instead\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 10}]}\n```\n\nSeveral exports may share one file: one export on each line, in rank order, in a file named\n`.ndjson`.",
    },
    Rule {
        id: RuleId::NESTED_TOO_DEEP, name: "nested-too-deep", severity: Severity::Error, level: Level::Interpretation, scope: Scope::File, section: "11.1",
        quote: "",
        message: "values are nested deeper than {limit} levels",
        help: "an export needs four levels; look at what wrote this value",
        reference: Reference::NotApplicable,
        notes: &[],
        page: "## What it checks\n\nLists and dictionaries may be nested up to a fixed depth only. An export needs four levels (export,\n`dim_data`, dimension, `padding`). A bundle needs two more, and a struct `dtype` one for each struct\ninside another.\n\n## Why it matters\n\nA recursive reader uses stack for each level, so a file of nothing but opening brackets can crash\nit. The checker stops at a fixed depth instead. A real export comes near this depth only when a data\nstructure that contains itself was written out.\n\n## Example\n\n```text\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]},\n \"dim_data\":\n[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\n]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}\n```\n\n`dim_data` is a list in a list in a list, 100 deep.\n\n## Use instead\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 10}]}\n```",
    },
    Rule {
        id: RuleId::MALFORMED_DNPY, name: "malformed-dnpy", severity: Severity::Error, level: Level::Must, scope: Scope::File, section: "11.5",
        quote: "",
        message: "not a readable .dnpy file: {problem}",
        help: "write it with DistArray's `save_dnpy`; the layout is in section 11.5 of spec/protocol.md",
        reference: Reference::NotApplicable,
        notes: &[],
        page: "## What it checks\n\nA `.dnpy` file, DistArray's own format, must be complete. It holds the six bytes `\\x93DARRY`, two\nversion bytes, and the header's length as a little-endian 16-bit integer. A Python literal with\n`__version__` and `dim_data` follows, and then a complete `.npy` file with the buffer.\n\n## Why it matters\n\nThe header gives the position of the data. If it is damaged, a reader either fails or takes header\nbytes for numbers. The usual causes are a plain `.npy` file renamed to `.dnpy`, and a copy that was\ncut short.\n\n## Example\n\n```console\n$ dap-validate check --output-format concise field_0.dnpy\nfield_0.dnpy:1:1: error DAP008 malformed-dnpy: not a readable .dnpy file: it begins with `\\x93NUMPY`, not with `\\x93DARRY` (rank 0)\nchecked 1 array: 0 valid, 1 invalid (1 error)\n```\n\nThis is an ordinary `.npy` file: it holds the numbers and nothing about their distribution.\n\n## Use instead\n\n```console\n$ python -c \"from field import context, field; context.save_dnpy('field', field)\"\n$ dap-validate check field_0.dnpy field_1.dnpy\n```\n\nSave the distributed array itself; each process writes its own `<name>_<rank>.dnpy`.",
    },
    Rule {
        id: RuleId::DATA_FILE, name: "data-file", severity: Severity::Error, level: Level::Must, scope: Scope::File, section: "11.2",
        quote: "",
        message: "the buffer's data file `{file}` {problem}",
        help: "`data` is relative to the JSON file; write both again together (`dap_dump.py --data`)",
        reference: Reference::NotApplicable,
        notes: &[],
        page: "## What it checks\n\nThe file named by the buffer's `data` must exist beside the JSON file, be readable, and hold the\nbuffer. A `.npy` file must have the `dtype` and `shape` that the export states. A raw file must be\nlong enough for `shape` and `strides` from `offset` on.\n\n## Why it matters\n\nThe dictionary and the data are two files and can diverge: one is copied and the other is not, or\nonly one is written again after a change. A consumer that maps the data file with the dictionary's\nshape then reads past its end, or reads the right number of wrong values.\n\n## Example\n\n```console\n$ dap-validate check --output-format concise run/\nrun/rank-0.json:2:51: error DAP009 data-file: the buffer's data file `rank-0.npy` does not exist (rank 0)\nchecked 1 array: 0 valid, 1 invalid (1 error)\n```\n\nThe JSON files were copied to `run/` without the `.npy` files they name.\n\n## Use instead\n\n```console\n$ mpirun -n 4 python dap_dump.py --data heat:make run && dap-validate check run/\n```\n\nWrite both together, and keep them in one directory.",
    },
    Rule {
        id: RuleId::NO_EXPORT, name: "no-export", severity: Severity::Error, level: Level::Must, scope: Scope::File, section: "11.1",
        quote: "",
        message: "{what} holds no export",
        help: "an all-rank set is a directory of `rank-<r>.json` files, a bundle, one export per line, or `<name>_<r>.dnpy` files",
        reference: Reference::NotApplicable,
        notes: &[("look-alike", "there is `{found}`; as an export of a rank it would be named `{expected}`"), ("npy", "`{found}` has the items of one rank and nothing of the distribution: write an export beside it, `rank-<r>.json`, whose `buffer` has `\"data\": \"{found}\"`"), ("whole", "there is `{found}`: if it holds the exports, name the file itself")],
        page: "## What it checks\n\nThe input named on the command line must hold at least one export: a directory has `rank-<r>.json`\nor `<name>_<r>.dnpy` files, a bundle's `ranks` is not empty, and a file of one export per line has a\nline.\n\n## Why it matters\n\nA check of nothing would otherwise succeed. A build would then stay green on the day that the\nexporting step stops writing its files, or starts writing them elsewhere.\n\n## Example\n\n```console\n$ dap-validate check --output-format concise out/\nout/: error DAP010 no-export: the directory holds no export\nchecked 1 array: 0 valid, 1 invalid (1 error)\n```\n\nThe program wrote `out/metadata_0.json` and so on. Without `--output-format concise` the report\ngives the names that these files need.\n\n## Use instead\n\n```console\n$ ls out/\nrank-0.json  rank-1.json\n$ dap-validate check out/\n```",
    },
    Rule {
        id: RuleId::CHANGED_WHILE_READ, name: "changed-while-read", severity: Severity::Error, level: Level::Must, scope: Scope::File, section: "11.1",
        quote: "",
        message: "the file changed while it was being read: {problem}",
        help: "check exports after their writer has finished",
        reference: Reference::NotApplicable,
        notes: &[],
        page: "## What it checks\n\nA file must keep its length and content while it is read. The checker reads large files in pieces,\nfrom several threads, and reads a place again when it shows that line.\n\n## Why it matters\n\nIf the writer is still at work, the verdict would mix two states of the array: the first half of the\nranks from this time step, the second half from the next. Such a verdict could wrongly accept or\nwrongly reject.\n\n## Example\n\n```console\n$ dap-validate check --output-format concise run.ndjson\nrun.ndjson: error DAP011 changed-while-read: the file changed while it was being read: it was 4096 bytes long and is now 512\nchecked 1 array: 0 valid, 1 invalid (1 error)\n```\n\nThe simulation started to write its next export over this one.\n\n## Use instead\n\n```console\n$ mv run.ndjson.part run.ndjson && dap-validate check run.ndjson\n```\n\nWrite to another name and rename it at the end; a reader then sees the old file or the new one,\nnever half of each.",
    },
    Rule {
        id: RuleId::BLANK_LINE, name: "blank-line", severity: Severity::Error, level: Level::Must, scope: Scope::File, section: "11.4",
        quote: "",
        message: "the line for rank {rank} is blank",
        help: "in a file of one export per line the line number is the rank: write every rank's export, also when it owns nothing",
        reference: Reference::NotApplicable,
        notes: &[],
        page: "## What it checks\n\nNo line may be blank in a file of one export per line. The line number is the rank, counted from 0,\nso a blank line is a rank without an export. A newline at the end of the file is fine.\n\n## Why it matters\n\nSkipping the line would silently renumber every rank after it, and a good array would be reported as\none with its processes in the wrong order. A blank line usually means that a process printed nothing\nbecause it owns nothing; such a process still has an export, with an empty section.\n\n## Example\n\n```ndjson\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [2]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 4, \"proc_grid_size\": 3, \"proc_grid_rank\": 0, \"start\": 0, \"stop\": 2}]}\n\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [2]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 4, \"proc_grid_size\": 3, \"proc_grid_rank\": 2, \"start\": 2, \"stop\": 4}]}\n```\n\nLine 1, the export of rank 1, is blank.\n\n## Use instead\n\n```ndjson\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [2]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 4, \"proc_grid_size\": 3, \"proc_grid_rank\": 0, \"start\": 0, \"stop\": 2}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [0]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 4, \"proc_grid_size\": 3, \"proc_grid_rank\": 1, \"start\": 2, \"stop\": 2}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [2]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 4, \"proc_grid_size\": 3, \"proc_grid_rank\": 2, \"start\": 2, \"stop\": 4}]}\n```\n\nRank 1 states that it owns nothing: `start` equals `stop`.",
    },
    Rule {
        id: RuleId::NOT_A_BUNDLE, name: "not-a-bundle", severity: Severity::Error, level: Level::Must, scope: Scope::File, section: "11.3",
        quote: "",
        message: "`ranks` is {found}, not a list of exports",
        help: "a bundle is `{\"ranks\": [export of rank 0, export of rank 1, ...]}`",
        reference: Reference::NotApplicable,
        notes: &[],
        page: "## What it checks\n\nThe key `ranks` makes a document a bundle. Its value must be a list: the export of rank 0, the\nexport of rank 1, and so on.\n\n## Why it matters\n\nThe position in the list is the rank. In a dictionary of ranks the order depends on the writer (\"10\"\nsorts before \"2\"), so the checker does not guess.\n\n## Example\n\n```json\n{\"ranks\": {\n \"0\": {\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [5]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 2, \"proc_grid_rank\": 0, \"start\": 0, \"stop\": 5}]},\n \"1\": {\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [5]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 2, \"proc_grid_rank\": 1, \"start\": 5, \"stop\": 10}]}\n}}\n```\n\n`ranks` is a dictionary with the ranks as keys.\n\n## Use instead\n\n```json\n{\"ranks\": [\n {\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [5]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 2, \"proc_grid_rank\": 0, \"start\": 0, \"stop\": 5}]},\n {\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [5]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 2, \"proc_grid_rank\": 1, \"start\": 5, \"stop\": 10}]}\n]}\n```",
    },
    Rule {
        id: RuleId::EXPORT_NOT_A_DICTIONARY, name: "export-not-a-dictionary", severity: Severity::Error, level: Level::Must, scope: Scope::Export, section: "3.1",
        quote: "returns a dictionary with three keys",
        message: "this export is {found}, not a dictionary",
        help: "return `{'__version__': ..., 'buffer': ..., 'dim_data': ...}` from `__distarray__()`",
        reference: Reference::Rejects,
        notes: &[("encoded", "the string is JSON itself: it was encoded twice"), ("list", "a list of all ranks' exports? Write it as `{\"ranks\": [...]}`, or one export per line")],
        page: "## What it checks\n\nAn export must be a dictionary. In a file it is a JSON object; in Python it is the return value of\n`__distarray__()`.\n\n## Why it matters\n\nA consumer looks the three parts up by name. A tuple, a list or a custom object has no\n`[\"dim_data\"]`, and the consumer fails with a `TypeError` far from the cause.\n\n## Example\n\n```json\n[\"0.10.0\",\n {\"dtype\": \"<f8\", \"shape\": [10]},\n [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0, \"start\": 0, \"stop\": 10}]]\n```\n\nThe three parts are here, but in a list, without their names.\n\n## Use instead\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 10}]}\n```",
    },
    Rule {
        id: RuleId::MISSING_EXPORT_KEY, name: "missing-export-key", severity: Severity::Error, level: Level::Must, scope: Scope::Export, section: "3.1",
        quote: "returns a dictionary with three keys: '__version__', 'buffer', and 'dim_data'",
        message: "the export has no `{key}`",
        help: "add it: an export has exactly `__version__`, `buffer` and `dim_data`",
        reference: Reference::Rejects,
        notes: &[("looks-0.9", "bounds and padding fit the buffer by version 0.9 only, so the rules of 0.9 are used")],
        page: "## What it checks\n\nThe export must have all three keys: `__version__`, `buffer` and `dim_data`.\n\n## Why it matters\n\nEach key holds something that no other key holds: the version whose rules apply, the data, and the\nposition of this section in the global array. Without `__version__` the meaning of `stop` is open,\nbecause 0.9 and 0.10 differ on it. A zero-dimensional array has a `dim_data` too: the empty\nsequence.\n\n## Example\n\n```json\n{\"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0, \"start\": 0, \"stop\": 10}]}\n```\n\nThe version is missing.\n\n## Use instead\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 10}]}\n```",
    },
    Rule {
        id: RuleId::UNKNOWN_EXPORT_KEY, name: "unknown-export-key", severity: Severity::Error, level: Level::Interpretation, scope: Scope::Export, section: "3.1",
        quote: "returns a dictionary with three keys",
        message: "unknown key `{name}`: an export has three keys",
        help: "remove it: an export has exactly `__version__`, `buffer` and `dim_data`",
        reference: Reference::Rejects,
        notes: &[("more", "{count:more unknown key is:more unknown keys are} not shown"), ("similar", "did you mean `{similar}`?")],
        page: "## What it checks\n\nThe export must have no key besides `__version__`, `buffer` and `dim_data`.\n\n## Why it matters\n\nThe protocol defines a dictionary with three keys, and its 2014 validator refuses a fourth. Strict\nconsumers therefore refuse an export with an extra key. The extra key may also be a misspelling of\none of the three. The protocol has no place for names, units or time steps: hand those over beside\nthe export.\n\n## Example\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 10}],\n \"rank\": 0}\n```\n\n`rank` is a fourth key; the process's position is in `proc_grid_rank`.\n\n## Use instead\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 10}]}\n```",
    },
    Rule {
        id: RuleId::VERSION_MALFORMED, name: "version-malformed", severity: Severity::Error, level: Level::Must, scope: Scope::Export, section: "3.2",
        quote: "a string of the form 'major.minor.patch'",
        message: "`__version__` is {found}, not a string of the form \"major.minor.patch\"",
        help: "write \"0.10.0\"",
        reference: Reference::Accepts,
        notes: &[("looks-0.9", "bounds and padding fit the buffer by version 0.9 only, so the rules of 0.9 are used")],
        page: "## What it checks\n\n`__version__` must be a string of three numbers with two dots: \"major.minor.patch\".\n\n## Why it matters\n\nConsumers compare the version before they read anything else. Code written for three parts fails on\ntwo parts, or on a number (in JSON and in Python, 0.10 is 0.1). The 2014 validator is lenient here:\nit reads \"0.10\" as 0.10.0.\n\n## Example\n\n```json\n{\"__version__\": \"0.10\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 10}]}\n```\n\nThe patch number is missing.\n\n## Use instead\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 10}]}\n```",
    },
    Rule {
        id: RuleId::VERSION_UNSUPPORTED, name: "version-unsupported", severity: Severity::Error, level: Level::Interpretation, scope: Scope::Export, section: "3.2",
        quote: "versions that differ in the major version number may break backwards compatibility",
        message: "version {version} of the protocol is not supported",
        help: "this checker knows 0.9 and 0.10; export the array as 0.10.0",
        reference: Reference::Rejects,
        notes: &[],
        page: "## What it checks\n\nThe major version must be 0 and the minor version at least 9. These are the versions of the protocol\nthat the checker knows.\n\n## Why it matters\n\nA new major version may give the same keys another meaning; even the step from 0.9 to 0.10 changed\nthe meaning of `stop`. Reading an unknown version by known rules would place data at the wrong\nindices without any error.\n\n## Example\n\n```json\n{\"__version__\": \"1.0.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 10}]}\n```\n\nThere is no version 1 of the protocol; perhaps this is the version of the library.\n\n## Use instead\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 10}]}\n```",
    },
    Rule {
        id: RuleId::VERSION_NEWER, name: "version-newer", severity: Severity::Warning, level: Level::Interpretation, scope: Scope::Export, section: "3.2",
        quote: "versions of the protocol that differ in the minor version number shall be backwards compatible",
        message: "version {version} is newer than this checker; it is checked as 0.10",
        help: "additions of the newer version are not checked; export as 0.10.0 if nothing needs them",
        reference: Reference::Rejects,
        notes: &[],
        page: "## What it checks\n\nThe minor version should be at most 10, because 0.10 is the newest published version. An export with\na newer minor version is checked by the rules of 0.10, because the protocol promises that minor\nversions stay compatible.\n\n## Why it matters\n\nThe promise was broken once, from 0.9 to 0.10, so it is worth a warning. Additions of the newer\nversion are not checked here, and the 2014 validator accepts only 0.10.0.\n\n## Example\n\n```json\n{\"__version__\": \"0.11.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 10}]}\n```\n\nNothing in this export needs more than 0.10.\n\n## Use instead\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 10}]}\n```",
    },
    Rule {
        id: RuleId::DIM_DATA_NOT_A_SEQUENCE, name: "dim-data-not-a-sequence", severity: Severity::Error, level: Level::Must, scope: Scope::Export, section: "3.4",
        quote: "shall be a tuple of dictionaries",
        message: "`dim_data` is {found}, not a sequence of dictionaries",
        help: "give one dictionary per dimension, also for a single dimension: `({...},)`",
        reference: Reference::Rejects,
        notes: &[("one-dict", "a lone dictionary is not a sequence: write `[{...}]`, in Python `({...},)` with the comma")],
        page: "## What it checks\n\n`dim_data` must be a sequence: a list in JSON, a tuple in Python. It has one dictionary for each\ndimension, in order; for a zero-dimensional array it is empty.\n\n## Why it matters\n\nFor one dimension, the parentheses or brackets are easily forgotten: in Python `({...})` is the\ndictionary itself, and only `({...},)` is a tuple. A consumer that loops over the dictionary gets\nits keys as strings.\n\n## Example\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]},\n \"dim_data\": {\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n              \"start\": 0, \"stop\": 10}}\n```\n\n`dim_data` is the dictionary itself, not a list that holds it.\n\n## Use instead\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 10}]}\n```",
    },
    Rule {
        id: RuleId::DIM_DICT_NOT_A_DICTIONARY, name: "dim-dict-not-a-dictionary", severity: Severity::Error, level: Level::Must, scope: Scope::Dimension, section: "3.4",
        quote: "a tuple of dictionaries, called \"dimension dictionaries\"",
        message: "dimension {dim} is described by {found}, not by a dictionary",
        help: "an undistributed dimension is described by the empty dictionary `{}`",
        reference: Reference::Rejects,
        notes: &[],
        page: "## What it checks\n\nEvery item of `dim_data` must be a dictionary. A dimension that is not distributed is described by\nthe empty dictionary `{}`, the only short form that the protocol has.\n\n## Why it matters\n\nProducers write `null`, \"n\" or a bare number for a dimension that is not distributed, but a consumer\nasks each item for its `dist_type` and fails.\n\n## Example\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [4, 10]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 4, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 4},\n              null]}\n```\n\nThe second dimension, not distributed, is described by `null`.\n\n## Use instead\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [4, 10]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 4, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 4},\n              {}]}\n```",
    },
    Rule {
        id: RuleId::NDIM_MISMATCH, name: "ndim-mismatch", severity: Severity::Error, level: Level::Must, scope: Scope::Export, section: "3.4",
        quote: "must match the number of dimensions of the associated buffer object",
        message: "`dim_data` has length {described}, but the buffer's number of dimensions is {ndim}",
        help: "give one dictionary for each dimension of the buffer, `{}` for those that are not distributed",
        reference: Reference::Rejects,
        notes: &[("alias", "an undistributed dimension still needs its dictionary: `{}`")],
        page: "## What it checks\n\n`dim_data` must have one dictionary for each dimension of the buffer:\n`len(dim_data) == buffer.ndim`.\n\n## Why it matters\n\nDictionary i describes dimension i of the buffer. If one is missing, a consumer cannot tell which,\nand either fails or uses the extents of one dimension for another. One common cause is a flattened\nbuffer under a two-dimensional description (an example in the protocol's own document has that).\nAnother is a description that skips the dimensions that are not distributed.\n\n## Example\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [4, 10]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 4, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 4}]}\n```\n\nThe buffer has two dimensions and only the first is described.\n\n## Use instead\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [4, 10]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 4, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 4},\n              {}]}\n```",
    },
    Rule {
        id: RuleId::BUFFER_NOT_DESCRIBED, name: "buffer-not-described", severity: Severity::Error, level: Level::Must, scope: Scope::Export, section: "3.3",
        quote: "compatible with the PEP-3118 buffer protocol",
        message: "the buffer is {found}, not a dictionary with `dtype` and `shape`",
        help: "describe the buffer as `{\"dtype\": \"<f8\", \"shape\": [...]}`; `dap_dump.py` does it",
        reference: Reference::Rejects,
        notes: &[],
        page: "## What it checks\n\n`buffer` must be a dictionary with the buffer's `dtype` and `shape`. In Python, `buffer` is an\nobject with the PEP-3118 buffer interface, such as a NumPy array; an export file holds its\ndescription instead of the bytes.\n\n## Why it matters\n\nThe checks need the extents and the item type, not the numbers. A list of numbers states neither:\n`[]` could be an empty section of any shape and type. In Python, a plain list has no buffer\ninterface, so consumers cannot use it without a copy.\n\n## Example\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": [0.5, 0.25, 0.125],\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 3, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 3}]}\n```\n\n`buffer` is a list of numbers.\n\n## Use instead\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [3]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 3, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 3}]}\n```\n\n`dap_dump.py` writes this description for anything with `__distarray__`.",
    },
    Rule {
        id: RuleId::MISSING_BUFFER_KEY, name: "missing-buffer-key", severity: Severity::Error, level: Level::Must, scope: Scope::Export, section: "3.3",
        quote: "compatible with the PEP-3118 buffer protocol",
        message: "the buffer has no `{key}`",
        help: "describe the buffer as `{\"dtype\": \"<f8\", \"shape\": [...]}`; `dap_dump.py` does it",
        reference: Reference::NotApplicable,
        notes: &[],
        page: "## What it checks\n\nThe buffer's description must have `dtype` and `shape`.\n\n## Why it matters\n\nWithout `shape`, no extent can be compared with `start` and `stop`. Without `dtype`, the number of\nbytes of an element is unknown, and so is whether all ranks hold the same type.\n\n## Example\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"shape\": [10]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 10}]}\n```\n\nThe item type is missing.\n\n## Use instead\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 10}]}\n```",
    },
    Rule {
        id: RuleId::SHAPE_MALFORMED, name: "shape-malformed", severity: Severity::Error, level: Level::Must, scope: Scope::Export, section: "3.3",
        quote: "compatible with the PEP-3118 buffer protocol",
        message: "`shape` is {found}, not a list of integers that are at least 0",
        help: "write the buffer's extents, one for each dimension",
        reference: Reference::NotApplicable,
        notes: &[],
        page: "## What it checks\n\n`shape` must be a list of integers, each at least 0, one for each dimension. A zero-dimensional\nbuffer has the empty list.\n\n## Why it matters\n\nThe rules compare the extents given here. For a one-dimensional array, a single number is a common\nmistake, because NumPy's own functions accept it.\n\n## Example\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": 10},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 10}]}\n```\n\nThe shape is a number, not a list of one number.\n\n## Use instead\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 10}]}\n```",
    },
    Rule {
        id: RuleId::STRIDES_MALFORMED, name: "strides-malformed", severity: Severity::Error, level: Level::Must, scope: Scope::Export, section: "3.3",
        quote: "compatible with the PEP-3118 buffer protocol",
        message: "`strides` {problem}",
        help: "write one integer in bytes for each dimension, or leave `strides` out for C order",
        reference: Reference::NotApplicable,
        notes: &[],
        page: "## What it checks\n\nIf `strides` is present, it must be a list of integers with one entry for each dimension: the\ndistance in bytes from one element to the next. Negative strides and zero are allowed.\n\n## Why it matters\n\nStrides that do not match the shape make every address computed from them wrong. Two mistakes are\ncommon: strides counted in elements (as in DLPack or Fortran descriptors), and strides of the array\nbefore a dimension was sliced away.\n\n## Example\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [4, 10], \"strides\": [80]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 4, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 4},\n              {}]}\n```\n\nThe buffer has two dimensions and one stride.\n\n## Use instead\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [4, 10], \"strides\": [80, 8]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 4, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 4},\n              {}]}\n```\n\nLeave `strides` out when the buffer is in C order.",
    },
    Rule {
        id: RuleId::DTYPE_UNKNOWN, name: "dtype-unknown", severity: Severity::Error, level: Level::Must, scope: Scope::Export, section: "3.3",
        quote: "compatible with the PEP-3118 buffer protocol",
        message: "`dtype` is not understood: {problem}",
        help: "use a NumPy typestr such as \"<f8\", a PEP-3118 format such as \"d\", or a list of fields",
        reference: Reference::NotApplicable,
        notes: &[],
        page: "## What it checks\n\n`dtype` must be a known item type, in one of these forms:\n\n- a NumPy typestr: byte order, kind and size in bytes, such as \"<f8\", \">i4\", \"|b1\", \"<c16\";\n- a PEP-3118 format such as \"d\" or \"<i\";\n- a list of fields `[name, type]` or `[name, type, shape]` for a struct, or NumPy's dictionary of\n  `names` and `formats`, which can leave gaps between fields.\n\n## Why it matters\n\nThe item type gives the element's size, its byte order and the meaning of its bits. Names of one\nlanguage, such as Fortran's \"real(8)\" or C's \"double\", mean nothing to a consumer in another.\n\n## Example\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f3\", \"shape\": [10]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 10}]}\n```\n\nNo floating-point type has 3 bytes.\n\n## Use instead\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 10}]}\n```",
    },
    Rule {
        id: RuleId::DTYPE_WITHOUT_FORMAT, name: "dtype-without-format", severity: Severity::Error, level: Level::Must, scope: Scope::Export, section: "3.3",
        quote: "compatible with the PEP-3118 buffer protocol",
        message: "`dtype` {dtype} ({meaning}) has no PEP-3118 format, so no buffer can carry it",
        help: "export the data as 64-bit integers (`a.view('i8')`) and send the unit separately",
        reference: Reference::Crashes,
        notes: &[],
        page: "## What it checks\n\nThe item type must have a PEP-3118 format. NumPy's dates and time spans (kinds `M` and `m`, such as\n\"<M8[ns]\") have none.\n\n## Why it matters\n\nThe protocol hands data over as a PEP-3118 buffer, and NumPy cannot make one from an array of dates:\n`memoryview(a)` raises `ValueError`. No consumer can receive such an array, and the 2014 validator\ncrashes on it.\n\n## Example\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<M8[ns]\", \"shape\": [10]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 10}]}\n```\n\nDates in nanoseconds have no buffer format.\n\n## Use instead\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<i8\", \"shape\": [10]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 10}]}\n```\n\nThe buffer holds the same 8 bytes as integers; send the unit to the consumer separately.",
    },
    Rule {
        id: RuleId::BUFFER_TOO_LARGE, name: "buffer-too-large", severity: Severity::Error, level: Level::Interpretation, scope: Scope::Export, section: "3.3",
        quote: "",
        message: "the buffer would hold more bytes than a signed 64-bit integer can count",
        help: "check `shape` and `strides`; no process can hold this",
        reference: Reference::NotApplicable,
        notes: &[],
        page: "## What it checks\n\nThe buffer's size in bytes, the product of the extents and the item size, must fit a signed 64-bit\ninteger.\n\n## Why it matters\n\nNo process holds that much memory, so an extent is wrong: an uninitialised variable, a byte-swapped\ninteger, or the global shape of a very large array in place of the local one. A consumer that\nmultiplies without a check allocates a small buffer and writes past its end.\n\n## Example\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [2305843009213693952]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 2305843009213693952, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 2305843009213693952}]}\n```\n\n2^61 elements of 8 bytes are 2^64 bytes.\n\n## Use instead\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 10}]}\n```",
    },
    Rule {
        id: RuleId::UNKNOWN_BUFFER_KEY, name: "unknown-buffer-key", severity: Severity::Warning, level: Level::Interpretation, scope: Scope::Export, section: "3.3",
        quote: "",
        message: "the buffer has an unknown key `{name}`",
        help: "remove it, or correct it: a buffer has `dtype`, `shape`, and optionally `strides`, `data` and `offset`",
        reference: Reference::NotApplicable,
        notes: &[("more", "{count:more unknown key is:more unknown keys are} not shown"), ("similar", "did you mean `{similar}`?")],
        page: "## What it checks\n\nThe buffer's description must have no keys besides `dtype`, `shape`, `strides`, `data` and `offset`.\n\n## Why it matters\n\nThe key is ignored, and its author may expect an effect: `order` does not make the buffer\ncolumn-major, and `stride` does not set the strides.\n\n## Example\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [4, 10], \"order\": \"F\"},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 4, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 4},\n              {}]}\n```\n\n`order` is not a key of the description; this buffer is read as C order.\n\n## Use instead\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [4, 10], \"strides\": [8, 32]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 4, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 4},\n              {}]}\n```\n\nColumn-major order is expressed with `strides`.",
    },
    Rule {
        id: RuleId::STRIDES_OUTSIDE_MEMORY, name: "strides-outside-memory", severity: Severity::Error, level: Level::Must, scope: Scope::Export, section: "3.3",
        quote: "compatible with the PEP-3118 buffer protocol",
        message: "`strides` reach addresses outside the range of a signed 64-bit integer",
        help: "check `strides`: they are in bytes",
        reference: Reference::NotApplicable,
        notes: &[],
        page: "## What it checks\n\nThe addresses reached by `shape` and `strides` must fit a signed 64-bit integer. Dimension i reaches\n`(shape[i] - 1) * strides[i]` bytes away from the first element, in either direction.\n\n## Why it matters\n\nMemory has no such addresses, so a stride is wrong. Code that adds without a check wraps around and\nreads or writes somewhere else in the process.\n\n## Example\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [3], \"strides\": [4611686018427387904]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 3, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 3}]}\n```\n\nThe third element would lie 2 * 2^62 = 2^63 bytes after the first.\n\n## Use instead\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [3], \"strides\": [8]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 3, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 3}]}\n```",
    },
    Rule {
        id: RuleId::DATA_MALFORMED, name: "data-malformed", severity: Severity::Error, level: Level::Must, scope: Scope::Export, section: "11.1",
        quote: "",
        message: "`{key}` is {found}, not {expected}",
        help: "`data` is the name of a file, a string; `offset` is the position of its first item in bytes, an integer that is at least 0",
        reference: Reference::NotApplicable,
        notes: &[],
        page: "## What it checks\n\n`data` is the name of the data file and must be a string. `offset` must be an integer of at least 0.\n\n## Why it matters\n\n`offset` is added to an address, and the file named by `data` is opened. A reader that takes `\"8\"`\nfor 0, or ignores a name that is not a string, reads other bytes than the writer meant, and every\nelement is wrong.\n\n## Example\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10], \"offset\": \"8\"},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 10}]}\n```\n\n`offset` is a string.\n\n## Use instead\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10], \"offset\": 8},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 10}]}\n```",
    },
    Rule {
        id: RuleId::REFERENCE_REJECTS, name: "reference-rejects", severity: Severity::Error, level: Level::Reference, scope: Scope::Export, section: "13",
        quote: "",
        message: "the 2014 validator rejects this export: {message}",
        help: "shown by the profile `reference-0.10` only, for comparison; the default profile checks by the protocol's text",
        reference: Reference::Rejects,
        notes: &[],
        page: "## What it checks\n\nThe rule checks nothing by itself: it repeats the message of the protocol's own 2014 validator when\nthat validator rejects an export. Only the profile `reference-0.10` shows it, which puts that\nverdict in place of this project's own.\n\n## Why it matters\n\nExisting libraries were tested with the 2014 validator, so its differences from the text matter. It\nrefuses some valid exports: a cyclic section that is empty because `start` equals `size`, and lists\nwhere it wants tuples. It never checks the buffer's extent, the widths of padding, or anything\nacross ranks. Each rule's `reference` field gives its result for that rule's example.\n\n## Example\n\n```console\n$ dap-validate check --output-format concise --profile reference-0.10 empty.ndjson\nempty.ndjson:3:1: error DAP198 reference-rejects: the 2014 validator rejects this export: proc_grid_rank * block_size != start for dimension 0 (rank 2)\nchecked 1 array: 0 valid, 1 invalid (1 error)\n```\n\nThe export is valid by the text: `size` is 3, so a section that starts at 3 is empty.\n\n## Use instead\n\n```console\n$ dap-validate check empty.ndjson\n```\n\nCheck by the protocol's text, which is the default.",
    },
    Rule {
        id: RuleId::REFERENCE_CRASHES, name: "reference-crashes", severity: Severity::Error, level: Level::Reference, scope: Scope::Export, section: "13",
        quote: "",
        message: "the 2014 validator crashes on this export: {message}",
        help: "shown by the profile `reference-0.10` only, for comparison; the default profile checks by the protocol's text",
        reference: Reference::Crashes,
        notes: &[],
        page: "## What it checks\n\nThe rule checks nothing by itself: it reports that the protocol's own 2014 validator ends with a\nPython exception on this export, where it ought to return a verdict. Only the profile\n`reference-0.10` shows it.\n\n## Why it matters\n\nA program that calls the 2014 validator stops there, without a word about the cause. A dimension\ndictionary without `dist_type` ends in a `KeyError`, a string in place of `size` in a `TypeError`.\nThe rules of the default profile name the mistake and its place.\n\n## Example\n\n```console\n$ dap-validate check --output-format concise --profile reference-0.10 rank-0.json\nrank-0.json:1:1: error DAP199 reference-crashes: the 2014 validator crashes on this export: KeyError: 'dist_type' (rank 0)\nchecked 1 array: 0 valid, 1 invalid (1 error)\n```\n\nThe only dimension dictionary has no `dist_type`; by the default profile this is DAP201.\n\n## Use instead\n\n```console\n$ dap-validate check rank-0.json\n```\n\nCheck by the protocol's text, which is the default.",
    },
    Rule {
        id: RuleId::MISSING_DIST_TYPE, name: "missing-dist-type", severity: Severity::Error, level: Level::Must, scope: Scope::Dimension, section: "4.1",
        quote: "All dimension dictionaries shall have a 'dist_type' key",
        message: "dimension {dim} has no `dist_type`",
        help: "add 'b' (block), 'c' (cyclic) or 'u' (unstructured); for an undistributed dimension write `{}`",
        reference: Reference::Crashes,
        notes: &[],
        page: "## What it checks\n\nA dimension dictionary must have the key `dist_type`. Only the empty dictionary `{}`, the short form\nfor an undistributed dimension, has none.\n\n## Why it matters\n\n`dist_type` determines the meaning of all other keys: with `start` alone, a dimension could be block\nor cyclic. A consumer reads it first; the 2014 validator ends with a `KeyError`.\n\n## Example\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]},\n \"dim_data\": [{\"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0, \"start\": 0, \"stop\": 10}]}\n```\n\n`start` and `stop` suggest a block, but no `dist_type` states it.\n\n## Use instead\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 10}]}\n```",
    },
    Rule {
        id: RuleId::UNKNOWN_DIST_TYPE, name: "unknown-dist-type", severity: Severity::Error, level: Level::Must, scope: Scope::Dimension, section: "4.1",
        quote: "'dist_type' : {'b', 'c', 'u'}",
        message: "`dist_type` is {found}; it must be 'b', 'c' or 'u'",
        help: "use 'b' (block), 'c' (cyclic, block-cyclic) or 'u' (unstructured)",
        reference: Reference::Rejects,
        notes: &[],
        page: "## What it checks\n\n`dist_type` must be one of 'b' (block), 'c' (cyclic and block-cyclic) and 'u' (unstructured).\n\n## Why it matters\n\nA consumer chooses its index maps by this letter, so it cannot read \"block\", 'B' or 'i'. The\nprotocol may add letters in later versions; none has been added so far.\n\n## Example\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]},\n \"dim_data\": [{\"dist_type\": \"block\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 10}]}\n```\n\n\"block\" is spelt out; the value is one letter.\n\n## Use instead\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 10}]}\n```",
    },
    Rule {
        id: RuleId::UNDISTRIBUTED_N, name: "undistributed-n", severity: Severity::Error, level: Level::Must, scope: Scope::Dimension, section: "4.1",
        quote: "'dist_type' : {'b', 'c', 'u'}",
        message: "`dist_type` is 'n', which version 0.10 removed",
        help: "write `{}` for an undistributed dimension, or 'b' with `proc_grid_size` 1, `start` 0 and `stop` = `size`",
        reference: Reference::Rejects,
        notes: &[],
        page: "## What it checks\n\n`dist_type` must not be 'n'. Version 0.9 had this letter for a dimension that is not distributed;\n0.10 removed it.\n\n## Why it matters\n\nA consumer of 0.10 knows three letters and refuses a fourth. Real producers still write 'n', often\nbecause a library still uses the letter internally and its export repeats it.\n\n## Example\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]},\n \"dim_data\": [{\"dist_type\": \"n\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0}]}\n```\n\nA one-dimensional array on a single process, described as in 0.9.\n\n## Use instead\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]},\n \"dim_data\": [{}]}\n```\n\n`{}` stands for a block from 0 to the buffer's extent on a grid of one process.",
    },
    Rule {
        id: RuleId::MISSING_COMMON_KEY, name: "missing-common-key", severity: Severity::Error, level: Level::Must, scope: Scope::Dimension, section: "4.2",
        quote: "must define the following key-value pairs",
        message: "dimension {dim} has no `{key}`",
        help: "every dimension dictionary has `dist_type`, `size`, `proc_grid_size` and `proc_grid_rank`; only `{}` has none",
        reference: Reference::Rejects,
        notes: &[],
        page: "## What it checks\n\nA dimension dictionary must have the four keys common to all distribution types: `dist_type` (see\nDAP201), `size`, `proc_grid_size` and `proc_grid_rank`.\n\n## Why it matters\n\nThese keys place the section in the global array: the length of the dimension, the number of\nprocesses along it, and the coordinate of this process. Without them no consumer can find a\nneighbour or translate an index. The keys are needed on a single process too, unless the dictionary\nis `{}`.\n\n## Example\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"start\": 0, \"stop\": 10}]}\n```\n\n`proc_grid_rank` was left out because there is only one process.\n\n## Use instead\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 10}]}\n```",
    },
    Rule {
        id: RuleId::NOT_AN_INTEGER, name: "not-an-integer", severity: Severity::Error, level: Level::Must, scope: Scope::Dimension, section: "4.2",
        quote: "'size' : int",
        message: "`{key}` is {found}, not an integer",
        help: "write a plain integer",
        reference: Reference::Rejects,
        notes: &[("numpy", "in Python, convert NumPy scalars with `int()`"), ("whole", "{value} is a whole number: write it without the decimal point")],
        page: "## What it checks\n\n`size`, `proc_grid_size`, `proc_grid_rank`, `start`, `stop` and `block_size` must be integers: no\nstrings, no booleans, no numbers with a decimal point, not even 10.0. (DAP306 checks `padding`,\nDAP502 checks `indices`.)\n\n## Why it matters\n\nPython accepts 10.0 for 10 in a comparison, but not as an index or a slice bound, so the failure\ncomes later and elsewhere. C and Fortran consumers expect an integer and have no field for anything\nelse. The usual source of floats is `/` in place of `//`: `n / nprocs` is a float even when the\ndivision is exact.\n\n## Example\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 10.0}]}\n```\n\n`stop` is a float.\n\n## Use instead\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 10}]}\n```",
    },
    Rule {
        id: RuleId::NEGATIVE_SIZE, name: "negative-size", severity: Severity::Error, level: Level::Must, scope: Scope::Dimension, section: "4.2",
        quote: "'size' : int, greater than or equal to 0",
        message: "`size` is {size}; it must be at least 0",
        help: "`size` is the number of global elements along this dimension",
        reference: Reference::Accepts,
        notes: &[],
        page: "## What it checks\n\n`size`, the number of global elements along the dimension, must be at least 0.\n\n## Why it matters\n\nA consumer allocates by `size`, loops up to it and divides it among processes. A negative value is\nnearly always a marker for \"not known yet\" that was never replaced, or a 32-bit overflow. The 2014\nvalidator contains a check for it that is never called.\n\n## Example\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [4]},\n \"dim_data\": [{\"dist_type\": \"c\", \"size\": -1, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0}]}\n```\n\n`size` still has its initial value.\n\n## Use instead\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [4]},\n \"dim_data\": [{\"dist_type\": \"c\", \"size\": 4, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0}]}\n```",
    },
    Rule {
        id: RuleId::PROC_GRID_SIZE_BELOW_ONE, name: "proc-grid-size-below-one", severity: Severity::Error, level: Level::Must, scope: Scope::Dimension, section: "4.2",
        quote: "'proc_grid_size' : int, greater than or equal to 1",
        message: "`proc_grid_size` is {proc_grid_size}; it must be at least 1",
        help: "it is the number of processes along this dimension, 1 when it is not distributed",
        reference: Reference::Rejects,
        notes: &[],
        page: "## What it checks\n\n`proc_grid_size`, the number of processes along the dimension, must be at least 1.\n\n## Why it matters\n\nThe product over all dimensions is the number of processes, so a 0 makes the whole grid empty. In a\ncyclic dimension, the owner is computed with a division by it. `MPI_Dims_create` reads 0 as \"choose\na value\": such a 0 may be the request instead of the answer.\n\n## Example\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 0, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 10}]}\n```\n\nThe grid has no process along this dimension.\n\n## Use instead\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 10}]}\n```",
    },
    Rule {
        id: RuleId::PROC_GRID_RANK_OUT_OF_RANGE, name: "proc-grid-rank-out-of-range", severity: Severity::Error, level: Level::Must, scope: Scope::Dimension, section: "4.2",
        quote: "'proc_grid_rank' : int, greater than or equal to 0, less than 'proc_grid_size'",
        message: "`proc_grid_rank` is {proc_grid_rank}; with `proc_grid_size` {proc_grid_size} it must {range}",
        help: "it is this process's coordinate along the dimension, counted from 0",
        reference: Reference::Rejects,
        notes: &[("one-based", "counted from 1? The first process has grid rank 0")],
        page: "## What it checks\n\nThe grid rank must satisfy 0 <= `proc_grid_rank` < `proc_grid_size`.\n\n## Why it matters\n\nThe grid rank is this process's coordinate along the dimension. A coordinate outside of the grid has\nno section and no neighbours, and a consumer that indexes a table of processes with it reads past\nthe end. Fortran programs count from 1. A negative rank (`MPI_PROC_NULL` is one in most MPI\nlibraries) passes the 2014 validator.\n\n## Example\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 1,\n               \"start\": 0, \"stop\": 10}]}\n```\n\nWith one process the only grid rank is 0.\n\n## Use instead\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 10}]}\n```",
    },
    Rule {
        id: RuleId::UNKNOWN_DIMENSION_KEY, name: "unknown-dimension-key", severity: Severity::Warning, level: Level::Interpretation, scope: Scope::Dimension, section: "4.3",
        quote: "",
        message: "dimension {dim} has an unknown key `{name}`",
        help: "remove it, or correct its spelling; a consumer ignores it",
        reference: Reference::Accepts,
        notes: &[("more", "{count:more unknown key is:more unknown keys are} not shown"), ("similar", "did you mean `{similar}`?")],
        page: "## What it checks\n\nA dimension dictionary should have no keys besides those of the protocol. This is a warning: the\nprotocol does not forbid other keys, and consumers ignore unknown ones.\n\n## Why it matters\n\nA misspelt key is ignored, so the real key keeps its default: with `peroidic` a periodic dimension\nis not periodic, and with `blocksize` a block-cyclic dimension is cyclic. When a known key is close,\nthe message names it.\n\n## Example\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 10, \"peroidic\": true}]}\n```\n\n`peroidic` is a typo for `periodic`, which therefore stays false.\n\n## Use instead\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 10, \"periodic\": true}]}\n```",
    },
    Rule {
        id: RuleId::KEY_OF_ANOTHER_DIST_TYPE, name: "key-of-another-dist-type", severity: Severity::Warning, level: Level::Interpretation, scope: Scope::Dimension, section: "4.3",
        quote: "",
        message: "`{key}` means nothing for dist_type '{dist_type}'",
        help: "remove it; it belongs to dist_type {owner}",
        reference: Reference::Accepts,
        notes: &[],
        page: "## What it checks\n\nA key must be used with the distribution type it belongs to: `stop`, `padding` and `periodic` with\n'b', `block_size` with 'c', `indices` and `one_to_one` with 'u', `start` with 'b' and 'c'.\n\n## Why it matters\n\nThe key is ignored. Either it is a leftover that misleads a reader of the export, or `dist_type` is\nthe wrong letter and the whole section is misread.\n\n## Example\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 10, \"block_size\": 2}]}\n```\n\nA block has no `block_size`; was 'c' meant?\n\n## Use instead\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 10}]}\n```",
    },
    Rule {
        id: RuleId::NOT_A_BOOLEAN, name: "not-a-boolean", severity: Severity::Error, level: Level::Must, scope: Scope::Dimension, section: "5.1",
        quote: "periodic : bool, optional",
        message: "`{key}` is {found}, not a boolean",
        help: "write true or false",
        reference: Reference::Accepts,
        notes: &[("number", "{value} is a number: write {boolean}")],
        page: "## What it checks\n\n`periodic` and `one_to_one` must be booleans: `true` or `false`, not 0, 1 or \"yes\".\n\n## Why it matters\n\nNumbers in place of booleans work in Python until the code tests `is True`, and the string \"no\" is\ntrue. In C and Fortran the two types always differ. The 2014 validator checks `one_to_one`; its\ncheck of `periodic` is never called.\n\n## Example\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 10, \"periodic\": 1}]}\n```\n\n`periodic` is the number 1.\n\n## Use instead\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 10, \"periodic\": true}]}\n```",
    },
    Rule {
        id: RuleId::NULL_VALUE, name: "null-value", severity: Severity::Error, level: Level::Must, scope: Scope::Dimension, section: "4.2",
        quote: "",
        message: "`{key}` is null",
        help: "leave an optional key out, or give it a value",
        reference: Reference::Rejects,
        notes: &[],
        page: "## What it checks\n\nNo key of a dimension dictionary may be null (`None` in Python).\n\n## Why it matters\n\nAn optional key has its default only when it is absent. `dim_dict.get(\"padding\", (0, 0))` returns\n`None` when the key is there with that value, and the consumer fails on `None[0]`.\n\n## Example\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 10, \"padding\": null}]}\n```\n\n`padding` is null, meaning that there is none.\n\n## Use instead\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 10}]}\n```",
    },
    Rule {
        id: RuleId::MISSING_BLOCK_KEY, name: "missing-block-key", severity: Severity::Error, level: Level::Must, scope: Scope::Dimension, section: "5.1",
        quote: "common, 'start', 'stop'",
        message: "the block dimension {dim} has no `{key}`",
        help: "a block is the global range [start, stop) of this process, padding included",
        reference: Reference::Rejects,
        notes: &[],
        page: "## What it checks\n\nA block dimension must have both `start` and `stop`: the process holds the global indices from\n`start` up to, not including, `stop`.\n\n## Why it matters\n\nBlocks may be irregular, so the bounds cannot be computed from `size` and the grid. One bound and\nthe buffer's extent would be enough in theory, but then no bound could be checked against the\nbuffer.\n\n## Example\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0}]}\n```\n\n`stop` is missing; the buffer alone would determine it.\n\n## Use instead\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 10}]}\n```",
    },
    Rule {
        id: RuleId::NEGATIVE_START, name: "negative-start", severity: Severity::Error, level: Level::Must, scope: Scope::Dimension, section: "5.1",
        quote: "start : int, greater than or equal to zero",
        message: "`start` is {start}; it must be at least 0",
        help: "global indices count from 0; shift the dimension so that its lowest index, boundary padding included, is 0",
        reference: Reference::Rejects,
        notes: &[("halo", "a ghost layer outside the domain is boundary padding: count it in `size` and let it start at 0")],
        page: "## What it checks\n\nA block's `start` must be at least 0.\n\n## Why it matters\n\nGlobal indices count from 0. Stencil codes often start the domain at 0 and give the ghost layer\noutside of it negative indices. In the protocol that layer is boundary padding, part of the global\narray and counted in `size`. A NumPy consumer would read -1 as the last element.\n\n## Example\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [11]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": -1, \"stop\": 10, \"padding\": [1, 0]}]}\n```\n\nOne layer of ghost cells below the domain has the index -1.\n\n## Use instead\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [11]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 11, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 11, \"padding\": [1, 0]}]}\n```\n\nThe ghost layer is index 0 and the domain 1 to 10.",
    },
    Rule {
        id: RuleId::STOP_BEFORE_START, name: "stop-before-start", severity: Severity::Error, level: Level::Must, scope: Scope::Dimension, section: "5.1",
        quote: "stop : int, greater than the start value",
        message: "`stop` ({stop}) is less than `start` ({start})",
        help: "`stop` is exclusive; an empty section has `stop` equal to `start`",
        reference: Reference::Rejects,
        notes: &[],
        page: "## What it checks\n\n`stop` must not be less than `start`. Equal bounds are valid: the section is empty. (The protocol\nasks for \"greater\" in one place and allows equality for empty sections in another; this rule follows\nthe latter.)\n\n## Why it matters\n\n`stop - start` is the extent of the local section, and a negative extent breaks every allocation and\nloop. A common cause is the ceiling rule `start = rank * ceil(n / nprocs)`. With more blocks than\nthe array fills, the last processes get nothing, and the program cut only their `stop` at the end of\nthe array.\n\n## Example\n\n```ndjson\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [2]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 5, \"proc_grid_size\": 4, \"proc_grid_rank\": 0, \"start\": 0, \"stop\": 2}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [2]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 5, \"proc_grid_size\": 4, \"proc_grid_rank\": 1, \"start\": 2, \"stop\": 4}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [1]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 5, \"proc_grid_size\": 4, \"proc_grid_rank\": 2, \"start\": 4, \"stop\": 5}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [0]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 5, \"proc_grid_size\": 4, \"proc_grid_rank\": 3, \"start\": 6, \"stop\": 5}]}\n```\n\n5 elements are split into blocks of 2 on 4 processes: rank 3 starts at 6 and stops at 5.\n\n## Use instead\n\n```ndjson\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [2]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 5, \"proc_grid_size\": 4, \"proc_grid_rank\": 0, \"start\": 0, \"stop\": 2}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [2]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 5, \"proc_grid_size\": 4, \"proc_grid_rank\": 1, \"start\": 2, \"stop\": 4}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [1]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 5, \"proc_grid_size\": 4, \"proc_grid_rank\": 2, \"start\": 4, \"stop\": 5}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [0]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 5, \"proc_grid_size\": 4, \"proc_grid_rank\": 3, \"start\": 5, \"stop\": 5}]}\n```\n\nCut both bounds: `start = min(rank * block, n)`, `stop = min(start + block, n)`.",
    },
    Rule {
        id: RuleId::STOP_BEYOND_SIZE, name: "stop-beyond-size", severity: Severity::Error, level: Level::Must, scope: Scope::Dimension, section: "5.1",
        quote: "less than or equal to the size value",
        message: "`stop` ({stop}) is greater than `size` ({size})",
        help: "`stop` is exclusive and at most `size`",
        reference: Reference::Rejects,
        notes: &[("inclusive", "`stop` is exclusive: the last index of a dimension of {size} is {last}, its `stop` is {size}"), ("one-based", "counted from 1? Global indices start at 0: subtract 1 from `start` and from `stop` on every rank")],
        page: "## What it checks\n\nA block's `stop` must be at most `size`. `stop` is exclusive, so the last process stops exactly at\n`size`.\n\n## Why it matters\n\nThe section would hold global indices that the array does not have. A consumer that gathers into an\narray of `size` elements writes past its end. The usual cause is a last block that was not cut, or a\nbuffer that was rounded up to the same length on every process.\n\n## Example\n\n```ndjson\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [3]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 5, \"proc_grid_size\": 2, \"proc_grid_rank\": 0, \"start\": 0, \"stop\": 3}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [3]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 5, \"proc_grid_size\": 2, \"proc_grid_rank\": 1, \"start\": 3, \"stop\": 6}]}\n```\n\n5 elements are split into blocks of 3: the second block reaches index 5, which does not exist.\n\n## Use instead\n\n```ndjson\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [3]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 5, \"proc_grid_size\": 2, \"proc_grid_rank\": 0, \"start\": 0, \"stop\": 3}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [2]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 5, \"proc_grid_size\": 2, \"proc_grid_rank\": 1, \"start\": 3, \"stop\": 5}]}\n```\n\nCut the last block, and export a view of the part of the buffer that is in use.",
    },
    Rule {
        id: RuleId::BLOCK_EXTENT, name: "block-extent", severity: Severity::Error, level: Level::Must, scope: Scope::Dimension, section: "5.1",
        quote: "stop - start must be equal to buffer.shape[i]",
        message: "the block holds {held:index:indices} (`stop` {stop} - `start` {start}), but the buffer's extent is {extent}",
        help: "make `stop - start` equal to the buffer's extent: [start, stop) includes all padding",
        reference: Reference::Accepts,
        notes: &[("ghosts", "every side with a neighbour has {width:item:items} more: ghost cells that are not declared? Give their width as `padding`, and widen `start` and `stop` by it"), ("ghosts-outside", "every buffer has {width:item:items} more on each side, also at the ends of the array: ghost cells that are not declared? Give their width as `padding`; at the ends of the array, `size` counts them too"), ("inclusive", "one too few: `stop` is exclusive"), ("one-based", "counted from 1, the last index included? Global indices start at 0 and `stop` is exclusive: subtract 1 from `start` on every rank"), ("unpadded", "the difference is the padding, {padding}: since version 0.10 `start` and `stop` include communication padding"), ("wrap", "the difference is a halo that wraps round: since version 0.10 the outer padding of a periodic dimension is counted in `size`, `start` and `stop`")],
        page: "## What it checks\n\nA block dimension's range must be as long as the buffer: `stop - start == buffer.shape[i]`. The\nrange [start, stop) includes all padding, on both sides.\n\n## Why it matters\n\nA consumer finds the element of global index g at the local index `g - start`. If the buffer is\nlonger than the range, this is the wrong element, usually shifted by the width of the halo. If the\nbuffer is shorter, the last elements lie outside of it. The 2014 validator never compares the two.\n\n## Example\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [12]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 10, \"padding\": [1, 1]}]}\n```\n\nThe buffer has one more element on each side, and the range does not count them.\n\n## Use instead\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [12]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 12, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 12, \"padding\": [1, 1]}]}\n```\n\nThe outer ends of an array are boundary padding, so `size` counts them too.",
    },
    Rule {
        id: RuleId::PADDING_MALFORMED, name: "padding-malformed", severity: Severity::Error, level: Level::Must, scope: Scope::Dimension, section: "5.2",
        quote: "padding : 2-tuple of int",
        message: "`padding` is {found}, not two integers",
        help: "write [lo, hi]: the width below and the width above",
        reference: Reference::Rejects,
        notes: &[("scalar", "one width for both sides is written twice: [{value}, {value}]")],
        page: "## What it checks\n\n`padding` must be a pair of integers: the width of the padding below and the width above. In Python\nit is a tuple. A list, the only sequence that JSON has, is accepted here and refused by the 2014\nvalidator.\n\n## Why it matters\n\nConsumers unpack it as `lo, hi = padding`. Many libraries use a single number for the same width on\nboth sides; here it fails.\n\n## Example\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 10, \"padding\": 1}]}\n```\n\nOne number stands for both sides.\n\n## Use instead\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 10, \"padding\": [1, 1]}]}\n```",
    },
    Rule {
        id: RuleId::PADDING_NEGATIVE, name: "padding-negative", severity: Severity::Error, level: Level::Must, scope: Scope::Dimension, section: "5.2",
        quote: "each greater than or equal to zero",
        message: "`padding` is [{lo}, {hi}]; widths must be at least 0",
        help: "write 0 for a side without padding",
        reference: Reference::Accepts,
        notes: &[],
        page: "## What it checks\n\nBoth widths in `padding` must be at least 0.\n\n## Why it matters\n\nThe owned range is the section less these widths. With a negative width, a process would own more\nthan it holds, and a halo exchange would copy from outside of the buffer. The 2014 validator does\nnot check it.\n\n## Example\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 10, \"padding\": [-1, 1]}]}\n```\n\n-1 was meant as an offset; `padding` has widths.\n\n## Use instead\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 10, \"padding\": [1, 1]}]}\n```",
    },
    Rule {
        id: RuleId::PADDING_EXCEEDS_SECTION, name: "padding-exceeds-section", severity: Severity::Error, level: Level::Must, scope: Scope::Dimension, section: "5.2",
        quote: "Padding represents extra allocation for an array",
        message: "the padding [{lo}, {hi}] is wider than the section of {held:index:indices}",
        help: "[start, stop) includes the padding: widen the section, or correct `padding`",
        reference: Reference::Accepts,
        notes: &[],
        page: "## What it checks\n\nThe two widths of `padding` must fit in the section: `lo + hi <= stop - start`.\n\n## Why it matters\n\nThe range [start, stop) includes the padding. If the padding is wider than the range, the interior\nhas a negative length, and every loop over it, every count of owned elements and every halo exchange\ngoes wrong. Often the range is the interior alone, without its padding.\n\n## Example\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [3]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 3, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 3, \"padding\": [2, 2]}]}\n```\n\nThe padding of 4 elements exceeds the section of 3.\n\n## Use instead\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [7]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 7, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 7, \"padding\": [2, 2]}]}\n```\n\nAn interior of 3 with its padding of 4 is a section of 7.",
    },
    Rule {
        id: RuleId::FIRST_BLOCK_START, name: "first-block-start", severity: Severity::Error, level: Level::Must, scope: Scope::Dimension, section: "5.1",
        quote: "The start index (inclusive and 0-based) of the global index space available on this process",
        message: "grid rank 0 starts at {start}, not at 0",
        help: "the first process of a block dimension starts at 0",
        reference: Reference::Rejects,
        notes: &[("one-based", "counted from 1? Global indices start at 0")],
        page: "## What it checks\n\nIn a block dimension, the process with grid rank 0 must start at 0.\n\n## Why it matters\n\nOtherwise no process owns the indices below its `start`, although `size` counts them. A gather\nleaves them uninitialised, and a search for their owner finds none. The usual causes are a slice\nthat keeps the bounds of the whole array, and indices that count from 1.\n\n## Example\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [9]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 1, \"stop\": 10}]}\n```\n\nThis is the view `a[1:]` with the indices of `a`.\n\n## Use instead\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [9]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 9, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 9}]}\n```\n\nA slice is an array of its own and counts from 0.",
    },
    Rule {
        id: RuleId::LAST_BLOCK_STOP, name: "last-block-stop", severity: Severity::Error, level: Level::Must, scope: Scope::Dimension, section: "5.1",
        quote: "Total number of global array elements along this dimension",
        message: "the last grid rank ({proc_grid_rank}) stops at {stop}, not at `size` {size}",
        help: "the last process of a block dimension stops at `size`",
        reference: Reference::Accepts,
        notes: &[],
        page: "## What it checks\n\nIn a block dimension, the process with the last grid rank, `proc_grid_size - 1`, must stop at\n`size`.\n\n## Why it matters\n\nOtherwise no process owns the indices from there to the end. The usual cause is `n // nprocs`\nelements for each process without the remainder: the array silently lacks its last elements. The\n2014 validator does not notice.\n\n## Example\n\n```ndjson\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [3]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 3, \"proc_grid_rank\": 0, \"start\": 0, \"stop\": 3}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [3]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 3, \"proc_grid_rank\": 1, \"start\": 3, \"stop\": 6}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [3]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 3, \"proc_grid_rank\": 2, \"start\": 6, \"stop\": 9}]}\n```\n\nThe last `stop` is 3 * (10 // 3) = 9, so no rank holds index 9.\n\n## Use instead\n\n```ndjson\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [3]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 3, \"proc_grid_rank\": 0, \"start\": 0, \"stop\": 3}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [3]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 3, \"proc_grid_rank\": 1, \"start\": 3, \"stop\": 6}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [4]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 3, \"proc_grid_rank\": 2, \"start\": 6, \"stop\": 10}]}\n```",
    },
    Rule {
        id: RuleId::PADDING_PRESENCE, name: "padding-presence", severity: Severity::Error, level: Level::Must, scope: Scope::Array, section: "10.3",
        quote: "Padding is an all-or-nothing attribute",
        message: "dimension {dim} has `padding` on some processes only",
        help: "version 0.9 requires `padding` on all processes of a dimension or on none; write (0, 0) where there is none",
        reference: Reference::Rejects,
        notes: &[],
        page: "## What it checks\n\nIn version 0.9, either every process has `padding` in a dimension or none has. (0.10 dropped this\nrequirement: there, a missing `padding` is `(0, 0)`.)\n\n## Why it matters\n\n0.9 lets a consumer find out from one process whether a dimension is padded on any process. If that\nprocess has no `padding`, the consumer plans no halo exchange, while its neighbour waits for one.\n\n## Example\n\n```ndjson\n{\"__version__\": \"0.9.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [5]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 2, \"proc_grid_rank\": 0, \"start\": 0, \"stop\": 5, \"padding\": [1, 0]}]}\n{\"__version__\": \"0.9.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [5]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 2, \"proc_grid_rank\": 1, \"start\": 5, \"stop\": 10}]}\n```\n\nRank 0 has boundary padding; rank 1 leaves the key out because it has none.\n\n## Use instead\n\n```ndjson\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [5]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 2, \"proc_grid_rank\": 0, \"start\": 0, \"stop\": 5, \"padding\": [1, 0]}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [5]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 2, \"proc_grid_rank\": 1, \"start\": 5, \"stop\": 10}]}\n```\n\nUnder version 0.10 the same dictionaries are valid. In 0.9, give rank 1 `\"padding\": [0, 0]`.",
    },
    Rule {
        id: RuleId::EXTENT_0_9, name: "extent-0.9", severity: Severity::Error, level: Level::Must, scope: Scope::Dimension, section: "10.2",
        quote: "do not count towards the size of the array in this dimension",
        message: "the section owns {owned:index:indices} and has communication padding {padding}, but the buffer's extent is {extent}",
        help: "in version 0.9 [start, stop) is the owned range; communication padding lies outside of it and is part of the buffer",
        reference: Reference::Rejects,
        notes: &[("ghosts", "every side with a neighbour has {width:item:items} more: ghost cells that are not declared? Give their width as `padding`"), ("ghosts-outside", "every buffer has {width:item:items} more on each side, also at the ends of the array: ghost cells that are not declared? Give their width as `padding`; at the ends of the array, `size` counts them too")],
        page: "## What it checks\n\nIn version 0.9, the buffer must be as long as the owned range plus the communication padding:\n`buffer.shape[i] == (stop - start) + communication widths`. In 0.9 the range [start, stop) is the\nowned range only. Padding on an inner edge of the grid, or on any edge of a periodic dimension, is\ncommunication padding and lies outside of the range. Padding at the outer ends of a dimension that\nis not periodic lies inside.\n\n## Why it matters\n\nThe local index of a global index is `g - start + lo` in 0.9 (with `lo` the communication width\nbelow) and `g - start` in 0.10. If the extent does not fit, the producer mixed the two forms, and\nevery element is read one halo width away from its place.\n\n## Example\n\n```ndjson\n{\"__version__\": \"0.9.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [9]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 18, \"proc_grid_size\": 2, \"proc_grid_rank\": 0, \"start\": 0, \"stop\": 9, \"padding\": [1, 1]}]}\n{\"__version__\": \"0.9.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [9]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 18, \"proc_grid_size\": 2, \"proc_grid_rank\": 1, \"start\": 9, \"stop\": 18, \"padding\": [1, 1]}]}\n```\n\nEach process owns 9 elements and declares a halo of 1 on its inner edge, but the buffer has no room\nfor it.\n\n## Use instead\n\n```ndjson\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 18, \"proc_grid_size\": 2, \"proc_grid_rank\": 0, \"start\": 0, \"stop\": 10, \"padding\": [1, 1]}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 18, \"proc_grid_size\": 2, \"proc_grid_rank\": 1, \"start\": 8, \"stop\": 18, \"padding\": [1, 1]}]}\n```\n\nThe buffer has room for the halo, as version 0.10, where the range includes it. (In 0.9 the ranges\nstay [0, 9) and [9, 18), with buffers of 10.)",
    },
    Rule {
        id: RuleId::MISSING_START, name: "missing-start", severity: Severity::Error, level: Level::Must, scope: Scope::Dimension, section: "6.1",
        quote: "common, 'start'",
        message: "the cyclic dimension {dim} has no `start`",
        help: "`start` is the first global index of this process: `proc_grid_rank * block_size`",
        reference: Reference::Rejects,
        notes: &[],
        page: "## What it checks\n\nA cyclic dimension must have `start`, the first global index of this process:\n`proc_grid_rank * block_size`.\n\n## Why it matters\n\nWith `start`, `size`, `proc_grid_size` and `block_size` a consumer lists the indices of the process;\nfor a block size of 1 they are the slice `start:size:proc_grid_size`. `start` may differ from the\nusual value (DAP407), so it cannot be left out.\n\n## Example\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [6]},\n \"dim_data\": [{\"dist_type\": \"c\", \"size\": 6, \"proc_grid_size\": 1, \"proc_grid_rank\": 0}]}\n```\n\n`start` is missing.\n\n## Use instead\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [6]},\n \"dim_data\": [{\"dist_type\": \"c\", \"size\": 6, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0}]}\n```",
    },
    Rule {
        id: RuleId::NEGATIVE_CYCLIC_START, name: "negative-cyclic-start", severity: Severity::Error, level: Level::Must, scope: Scope::Dimension, section: "6.1",
        quote: "start : int, greater than or equal to zero",
        message: "`start` is {start}; it must be at least 0",
        help: "`start` is the first global index of this process: `proc_grid_rank * block_size`",
        reference: Reference::Rejects,
        notes: &[],
        page: "## What it checks\n\nA cyclic dimension's `start` must be at least 0.\n\n## Why it matters\n\nGlobal indices count from 0. In the slice `start:size:proc_grid_size` a negative start counts from\nthe end of the array, so a NumPy consumer selects one wrong element and no error is raised.\n\n## Example\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [6]},\n \"dim_data\": [{\"dist_type\": \"c\", \"size\": 6, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": -1}]}\n```\n\n-1 stands for \"not set\" here.\n\n## Use instead\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [6]},\n \"dim_data\": [{\"dist_type\": \"c\", \"size\": 6, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0}]}\n```",
    },
    Rule {
        id: RuleId::BLOCK_SIZE_BELOW_ONE, name: "block-size-below-one", severity: Severity::Error, level: Level::Must, scope: Scope::Dimension, section: "6.1",
        quote: "block_size : int, greater than or equal to one",
        message: "`block_size` is {block_size}; it must be at least 1",
        help: "leave it out for the plain cyclic distribution",
        reference: Reference::Rejects,
        notes: &[],
        page: "## What it checks\n\n`block_size` must be at least 1. When it is absent it is 1: the plain cyclic distribution.\n\n## Why it matters\n\nIndices are distributed cyclically to the processes in blocks of this size. The owner of g is\n`(g // block_size) % proc_grid_size`, so 0 is a division by zero. As a request to a library, 0 may\nmean \"choose a value\"; an export states the value that was chosen.\n\n## Example\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [6]},\n \"dim_data\": [{\"dist_type\": \"c\", \"size\": 6, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"block_size\": 0}]}\n```\n\n0 stands for the default, which is expressed by leaving the key out.\n\n## Use instead\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [6]},\n \"dim_data\": [{\"dist_type\": \"c\", \"size\": 6, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0}]}\n```",
    },
    Rule {
        id: RuleId::CYCLIC_EXTENT, name: "cyclic-extent", severity: Severity::Error, level: Level::Interpretation, scope: Scope::Dimension, section: "6.2",
        quote: "selects the global indices that are owned by this local array",
        message: "the buffer's extent is {extent}, but the cyclic distribution gives this process {owned:index:indices}",
        help: "`size` {size}, distributed cyclically in blocks of {block_size} over {proc_grid_size} processes, gives {owned} to the process that starts at {start} (ScaLAPACK's NUMROC)",
        reference: Reference::Accepts,
        notes: &[("distarray-partial-block", "known cause: DistArray 0.6 and the protocol's `utils.py` always give the last, partial block to grid rank 0; by the text it belongs to grid rank (number of full blocks) mod `proc_grid_size`"), ("owned-stop", "the extent equals `size`: is this the buffer of the whole array?")],
        page: "## What it checks\n\nThe buffer must hold exactly the elements that the cyclic distribution assigns to the process. With\nn = `size`, b = `block_size`, P = `proc_grid_size` and k = `start / b`, the process's position in\nthe cycle, their number is ScaLAPACK's NUMROC:\n\n    full  = n div b                     # full blocks in all\n    owned = (full div P) * b\n          + b           if k <  full mod P\n          + n mod b     if k == full mod P   # the last, partial block\n\nThe protocol demands equal extents for block dimensions only; for cyclic dimensions the rule follows\nfrom the meaning of `start`.\n\n## Why it matters\n\nIf the buffer is longer than the owned count, a consumer sees elements that have no global index; if\nit is shorter, the consumer reads past the end. DistArray 0.6 and the protocol's own `utils.py`\nalways give the last, partial block to grid rank 0. Their block-cyclic arrays therefore disagree\nwith ScaLAPACK, and with this rule, unless the block size divides the size or rank 0 comes next in\nthe cycle.\n\n## Example\n\n```ndjson\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [5]}, \"dim_data\": [{\"dist_type\": \"c\", \"size\": 7, \"proc_grid_size\": 2, \"proc_grid_rank\": 0, \"start\": 0, \"block_size\": 2}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [2]}, \"dim_data\": [{\"dist_type\": \"c\", \"size\": 7, \"proc_grid_size\": 2, \"proc_grid_rank\": 1, \"start\": 2, \"block_size\": 2}]}\n```\n\n7 elements form blocks of 2: 0-1, 2-3, 4-5 and the partial block 6, which belongs to rank 1; here\nrank 0 has it.\n\n## Use instead\n\n```ndjson\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [4]}, \"dim_data\": [{\"dist_type\": \"c\", \"size\": 7, \"proc_grid_size\": 2, \"proc_grid_rank\": 0, \"start\": 0, \"block_size\": 2}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [3]}, \"dim_data\": [{\"dist_type\": \"c\", \"size\": 7, \"proc_grid_size\": 2, \"proc_grid_rank\": 1, \"start\": 2, \"block_size\": 2}]}\n```",
    },
    Rule {
        id: RuleId::START_OFF_BLOCK, name: "start-off-block", severity: Severity::Error, level: Level::Must, scope: Scope::Dimension, section: "6.1",
        quote: "assigning global indices (or contiguous blocks of indices when block_size is greater than one) to processes in round-robin fashion",
        message: "`start` {start} is not a multiple of `block_size` {block_size}",
        help: "a process starts where one of the blocks starts: at `proc_grid_rank * block_size`",
        reference: Reference::Rejects,
        notes: &[("one-based", "counted from 1? Global indices start at 0")],
        page: "## What it checks\n\n`start` of a cyclic dimension must be a multiple of `block_size`: a process begins with a whole\nblock.\n\n## Why it matters\n\nThe first index of every block is a multiple of the block size. Any other `start` lies in the middle\nof a block, and the maps from global to local index have no meaning there. Usually the\nmultiplication was forgotten and `start` is the grid rank.\n\n## Example\n\n```ndjson\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [4]}, \"dim_data\": [{\"dist_type\": \"c\", \"size\": 8, \"proc_grid_size\": 2, \"proc_grid_rank\": 0, \"start\": 0, \"block_size\": 2}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [4]}, \"dim_data\": [{\"dist_type\": \"c\", \"size\": 8, \"proc_grid_size\": 2, \"proc_grid_rank\": 1, \"start\": 1, \"block_size\": 2}]}\n```\n\nRank 1 starts at 1, in the middle of rank 0's block 0-1.\n\n## Use instead\n\n```ndjson\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [4]}, \"dim_data\": [{\"dist_type\": \"c\", \"size\": 8, \"proc_grid_size\": 2, \"proc_grid_rank\": 0, \"start\": 0, \"block_size\": 2}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [4]}, \"dim_data\": [{\"dist_type\": \"c\", \"size\": 8, \"proc_grid_size\": 2, \"proc_grid_rank\": 1, \"start\": 2, \"block_size\": 2}]}\n```\n\n`start` is `proc_grid_rank * block_size`.",
    },
    Rule {
        id: RuleId::START_BEYOND_CYCLE, name: "start-beyond-cycle", severity: Severity::Error, level: Level::Must, scope: Scope::Dimension, section: "6.1",
        quote: "assigning global indices (or contiguous blocks of indices when block_size is greater than one) to processes in round-robin fashion",
        message: "`start` {start} lies beyond the first cycle of {proc_grid_size} blocks of {block_size}",
        help: "the first cycle gives one block to each process: `start` is at most (`proc_grid_size` - 1) * `block_size`",
        reference: Reference::Rejects,
        notes: &[("one-based", "counted from 1? Global indices start at 0")],
        page: "## What it checks\n\n`start` of a cyclic dimension must lie in the first cycle:\n`start <= (proc_grid_size - 1) * block_size`. Each process gets one block in the first cycle, and\n`start` is the first index of that block.\n\n## Why it matters\n\nA `start` beyond the first cycle means that the first cycle skipped this process, which a\nround-robin distribution never does. It is often the start that the process would have in a block\ndistribution; then `dist_type` may be the wrong letter.\n\n## Example\n\n```ndjson\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [3]}, \"dim_data\": [{\"dist_type\": \"c\", \"size\": 6, \"proc_grid_size\": 2, \"proc_grid_rank\": 0, \"start\": 0}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [3]}, \"dim_data\": [{\"dist_type\": \"c\", \"size\": 6, \"proc_grid_size\": 2, \"proc_grid_rank\": 1, \"start\": 3}]}\n```\n\nRank 1 of 2 starts at 3, but indices 0 and 1 are the first cycle.\n\n## Use instead\n\n```ndjson\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [3]}, \"dim_data\": [{\"dist_type\": \"c\", \"size\": 6, \"proc_grid_size\": 2, \"proc_grid_rank\": 0, \"start\": 0}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [3]}, \"dim_data\": [{\"dist_type\": \"c\", \"size\": 6, \"proc_grid_size\": 2, \"proc_grid_rank\": 1, \"start\": 1}]}\n```\n\nRank 1 holds 1, 3 and 5. If it holds 3, 4 and 5, the dimension is a block.",
    },
    Rule {
        id: RuleId::ROTATED_START, name: "rotated-start", severity: Severity::Info, level: Level::Interpretation, scope: Scope::Dimension, section: "6.3",
        quote: "",
        message: "the cyclic distribution starts at grid rank {source}, not at 0",
        help: "this is valid, and the maps support it; the 2014 validator refuses it, and DistArray refuses or misreads it. For these, renumber the processes so that grid rank 0 holds index 0",
        reference: Reference::Rejects,
        notes: &[],
        page: "## What it checks\n\nThe rule reports a cyclic dimension that starts at another process than grid rank 0. The export is\nvalid: `start = ((proc_grid_rank - s) mod proc_grid_size) * block_size` with the same s on every\nprocess fits the text. This is a note for information.\n\n## Why it matters\n\nScaLAPACK calls s the source process (RSRC, CSRC), and slices of cyclic arrays have it naturally.\nThe maps of this project support it, but the 2014 validator requires\n`start == proc_grid_rank * block_size` and refuses the array.\n\n## Example\n\n```ndjson\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [2]}, \"dim_data\": [{\"dist_type\": \"c\", \"size\": 5, \"proc_grid_size\": 2, \"proc_grid_rank\": 0, \"start\": 1}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [3]}, \"dim_data\": [{\"dist_type\": \"c\", \"size\": 5, \"proc_grid_size\": 2, \"proc_grid_rank\": 1, \"start\": 0}]}\n```\n\nGrid rank 1 holds index 0, so the distribution starts there (s = 1).\n\n## Use instead\n\n```ndjson\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [3]}, \"dim_data\": [{\"dist_type\": \"c\", \"size\": 5, \"proc_grid_size\": 2, \"proc_grid_rank\": 0, \"start\": 0}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [2]}, \"dim_data\": [{\"dist_type\": \"c\", \"size\": 5, \"proc_grid_size\": 2, \"proc_grid_rank\": 1, \"start\": 1}]}\n```\n\nFor consumers that refuse it, move the data so that grid rank 0 holds index 0.",
    },
    Rule {
        id: RuleId::EMPTY_START, name: "empty-start", severity: Severity::Warning, level: Level::Should, scope: Scope::Dimension, section: "6.4",
        quote: "With the 'b' or 'c' dist_type: start == size",
        message: "this section is empty; its `start` is {start}, {emit} is preferred",
        help: "the 2014 validator and DistArray accept only `proc_grid_rank * block_size`",
        reference: Reference::Rejects,
        notes: &[],
        page: "## What it checks\n\n`start` should be `proc_grid_rank * block_size` also on a process that owns nothing of a cyclic\ndimension, even though the value may lie beyond `size`. The value limited to the end,\n`min(proc_grid_rank * block_size, size)`, is valid too: this is a recommendation, checked by the\nprofile `strict`.\n\n## Why it matters\n\nThe protocol defines `start == size` as an empty section, and its 2014 validator refuses exactly\nthat unless it equals `proc_grid_rank * block_size`. Every reader accepts the unlimited value, and\nit needs no special case in the producer.\n\n## Example\n\n```ndjson\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [2]}, \"dim_data\": [{\"dist_type\": \"c\", \"size\": 3, \"proc_grid_size\": 3, \"proc_grid_rank\": 0, \"start\": 0, \"block_size\": 2}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [1]}, \"dim_data\": [{\"dist_type\": \"c\", \"size\": 3, \"proc_grid_size\": 3, \"proc_grid_rank\": 1, \"start\": 2, \"block_size\": 2}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [0]}, \"dim_data\": [{\"dist_type\": \"c\", \"size\": 3, \"proc_grid_size\": 3, \"proc_grid_rank\": 2, \"start\": 3, \"block_size\": 2}]}\n```\n\nRank 2 is empty and has `start` 3, limited to `size`.\n\n## Use instead\n\n```ndjson\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [2]}, \"dim_data\": [{\"dist_type\": \"c\", \"size\": 3, \"proc_grid_size\": 3, \"proc_grid_rank\": 0, \"start\": 0, \"block_size\": 2}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [1]}, \"dim_data\": [{\"dist_type\": \"c\", \"size\": 3, \"proc_grid_size\": 3, \"proc_grid_rank\": 1, \"start\": 2, \"block_size\": 2}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [0]}, \"dim_data\": [{\"dist_type\": \"c\", \"size\": 3, \"proc_grid_size\": 3, \"proc_grid_rank\": 2, \"start\": 4, \"block_size\": 2}]}\n```",
    },
    Rule {
        id: RuleId::MISSING_INDICES, name: "missing-indices", severity: Severity::Error, level: Level::Must, scope: Scope::Dimension, section: "7.1",
        quote: "common, 'indices'",
        message: "the unstructured dimension {dim} has no `indices`",
        help: "list the global index of each local element, in local order",
        reference: Reference::Rejects,
        notes: &[],
        page: "## What it checks\n\nAn unstructured dimension must have `indices`, the global index of each local element.\n\n## Why it matters\n\nIn an unstructured dimension no other key identifies the elements: their order has no pattern to\ncompute the indices from. A process that holds nothing has an empty list.\n\n## Example\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [4]},\n \"dim_data\": [{\"dist_type\": \"u\", \"size\": 4, \"proc_grid_size\": 1, \"proc_grid_rank\": 0}]}\n```\n\nThe four elements have no global indices.\n\n## Use instead\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [4]},\n \"dim_data\": [{\"dist_type\": \"u\", \"size\": 4, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"indices\": [2, 0, 3, 1]}]}\n```",
    },
    Rule {
        id: RuleId::INDICES_MALFORMED, name: "indices-malformed", severity: Severity::Error, level: Level::Must, scope: Scope::Dimension, section: "7.1",
        quote: "indices : buffer (or buffer-compatible) of int",
        message: "`indices` {problem}",
        help: "`indices` is a flat list of integers",
        reference: Reference::Accepts,
        notes: &[],
        page: "## What it checks\n\n`indices` must be a flat list of integers; in Python, a one-dimensional buffer of integers such as a\nNumPy array.\n\n## Why it matters\n\nConsumers use the values as lookup keys, and floats cannot serve as keys: 2.0 is not a valid index,\nand above 2^53 neighbouring labels become equal. Floats appear when an index array is made with\n`np.zeros` or read from a text file. The 2014 validator accepts any buffer, whatever its values.\n\n## Example\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [4]},\n \"dim_data\": [{\"dist_type\": \"u\", \"size\": 4, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"indices\": [2.0, 0.0, 3.0, 1.0]}]}\n```\n\nThe indices are floating-point numbers.\n\n## Use instead\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [4]},\n \"dim_data\": [{\"dist_type\": \"u\", \"size\": 4, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"indices\": [2, 0, 3, 1]}]}\n```",
    },
    Rule {
        id: RuleId::INDICES_REPEATED, name: "indices-repeated", severity: Severity::Error, level: Level::Must, scope: Scope::Dimension, section: "7.1",
        quote: "the values are locally unique",
        message: "index {index} appears at positions {first} and {second} of `indices`, counted from 0",
        help: "a process holds a global index once; remove the second",
        reference: Reference::Accepts,
        notes: &[],
        page: "## What it checks\n\nNo global index may appear twice in the `indices` of one process. (It may appear on two processes,\nunless `one_to_one` is true.)\n\n## Why it matters\n\nThe map from global to local index would have two answers: one local element gets the updates, the\nother becomes stale. The usual cause is ghost nodes that are appended to the owned nodes without a\ncheck for duplicates.\n\n## Example\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [4]},\n \"dim_data\": [{\"dist_type\": \"u\", \"size\": 4, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"indices\": [2, 0, 3, 0]}]}\n```\n\nIndex 0 is at positions 1 and 3.\n\n## Use instead\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [4]},\n \"dim_data\": [{\"dist_type\": \"u\", \"size\": 4, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"indices\": [2, 0, 3, 1]}]}\n```",
    },
    Rule {
        id: RuleId::UNSTRUCTURED_EXTENT, name: "unstructured-extent", severity: Severity::Error, level: Level::Interpretation, scope: Scope::Dimension, section: "7.2",
        quote: "Global indices available on this process",
        message: "the buffer's extent is {extent}, but `indices` lists {owned:index:indices}",
        help: "give one index for each local element, in local order",
        reference: Reference::Accepts,
        notes: &[],
        page: "## What it checks\n\nThe buffer must have one element for each index: `len(indices) == buffer.shape[i]`. The protocol\ndemands equal extents for block dimensions only; here the rule follows from the meaning of\n`indices`.\n\n## Why it matters\n\nLocal element k has the global index `indices[k]`. If the buffer is longer, its last elements have\nno global index; if it is shorter, a consumer reads past its end. A common cause is ghost elements\nthat are in the buffer and not in the list.\n\n## Example\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [5]},\n \"dim_data\": [{\"dist_type\": \"u\", \"size\": 4, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"indices\": [2, 0, 3, 1]}]}\n```\n\nThe buffer has five elements, the list four indices.\n\n## Use instead\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [4]},\n \"dim_data\": [{\"dist_type\": \"u\", \"size\": 4, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"indices\": [2, 0, 3, 1]}]}\n```\n\nExport a view of the first four, or list the fifth element's index too.",
    },
    Rule {
        id: RuleId::NEGATIVE_INDEX, name: "negative-index", severity: Severity::Hint, level: Level::Interpretation, scope: Scope::Dimension, section: "7.1",
        quote: "they can be negative, unordered, and non-contiguous",
        message: "`indices` holds the negative label {index}",
        help: "this is valid, but the array cannot be moved to a block or cyclic distribution, which needs the labels 0..size-1",
        reference: Reference::Accepts,
        notes: &[("from-end", "negative labels do not count from the end as in NumPy")],
        page: "## What it checks\n\nThe rule reports a negative label in `indices`. The protocol allows it; this is a hint.\n\n## Why it matters\n\nA negative label is a name like any other. It does not count from the end, although NumPy would read\nit so. An array with such labels can be moved to another unstructured distribution, but not to a\nblock or cyclic one, which needs exactly the labels 0 to size - 1. The protocol does not define -1\nas a mark for \"unused\".\n\n## Example\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [3]},\n \"dim_data\": [{\"dist_type\": \"u\", \"size\": 3, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"indices\": [-1, 4, 2]}]}\n```\n\n-1 is the name of an element here, not the last one.\n\n## Use instead\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [3]},\n \"dim_data\": [{\"dist_type\": \"u\", \"size\": 3, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"indices\": [2, 0, 1]}]}\n```",
    },
    Rule {
        id: RuleId::MISSING_RANK, name: "missing-rank", severity: Severity::Error, level: Level::Must, scope: Scope::Array, section: "8.2",
        quote: "shall equal the total number of processes",
        message: "{missing} of {processes:rank:ranks} missing: {ranks} (process grid {grid})",
        help: "export every rank, also ranks that own nothing; `--partial` checks an incomplete set",
        reference: Reference::Accepts,
        notes: &[("look-alike", "there is `{found}`; as an export of a rank it would be named `{expected}`")],
        page: "## What it checks\n\nEvery process of the grid must be present. The number of processes is the product of the\n`proc_grid_size` of all dimensions. A directory, a bundle or a file of one export per line is\nexpected to hold all of them.\n\n## Why it matters\n\nThe section of the missing process is unknown, so neither the neighbours' edges nor the sum of the\nowned counts can be checked. A consumer that waits for the missing export waits forever. Often the\nmissing process owns nothing and therefore wrote nothing; it has an export as well. Or its file does\nnot follow the naming of the others: the report names a file of the directory that looks like it.\n\n## Example\n\n```ndjson\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [2]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 6, \"proc_grid_size\": 3, \"proc_grid_rank\": 0, \"start\": 0, \"stop\": 2}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [2]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 6, \"proc_grid_size\": 3, \"proc_grid_rank\": 1, \"start\": 2, \"stop\": 4}]}\n```\n\nThe grid has 3 processes; rank 2 is missing.\n\n## Use instead\n\n```ndjson\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [2]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 6, \"proc_grid_size\": 3, \"proc_grid_rank\": 0, \"start\": 0, \"stop\": 2}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [2]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 6, \"proc_grid_size\": 3, \"proc_grid_rank\": 1, \"start\": 2, \"stop\": 4}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [2]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 6, \"proc_grid_size\": 3, \"proc_grid_rank\": 2, \"start\": 4, \"stop\": 6}]}\n```\n\nTo check an incomplete set as far as it goes, use `--partial`.",
    },
    Rule {
        id: RuleId::REPEATED_RANK, name: "repeated-rank", severity: Severity::Error, level: Level::Must, scope: Scope::Array, section: "8.2",
        quote: "An integer label that uniquely identifies a process",
        message: "rank {rank} is present more than once",
        help: "keep one export for each rank",
        reference: Reference::Accepts,
        notes: &[("files", "`{first}` and `{second}` are both taken for this rank's export")],
        page: "## What it checks\n\nNo rank may be present twice: no two files of a set may give the same rank.\n\n## Why it matters\n\nOne of the two is from another run or another time step, and the checker cannot tell which one is\ncurrent. A directory that was not emptied before the next run is the usual cause.\n\n## Example\n\n```console\n$ dap-validate check --output-format concise run/\nrun/rank-1.json:1:1: error DAP602 repeated-rank: rank 1 is present more than once (rank 1)\nchecked 1 array: 0 valid, 1 invalid (1 error)\n```\n\n`run/` holds both `rank-1.json` and a `rank-01.json` from an older script.\n\n## Use instead\n\n```console\n$ rm run/rank-01.json && dap-validate check run/\n```\n\nStart each run in an empty directory.",
    },
    Rule {
        id: RuleId::TOO_MANY_RANKS, name: "too-many-ranks", severity: Severity::Error, level: Level::Must, scope: Scope::Array, section: "8.2",
        quote: "shall equal the total number of processes",
        message: "{count}, up to rank {last}; the process grid {grid} has {room}",
        help: "the product of the `proc_grid_size` is the number of processes, and the first of them is rank 0",
        reference: Reference::Accepts,
        notes: &[("one-based", "counted from 1? Every export has the coordinate of the rank before: the first file is `rank-0.json`"), ("replicated", "a replicated array has no form in DAP 0.10: export it from one process"), ("stray", "left over from a run with more processes?"), ("sub-communicator", "an array of a sub-communicator? Its exports are in order, but named by ranks of a larger communicator: name each file by the rank in the array's own communicator, from `rank-0.json` on"), ("sub-communicators", "{arrays} arrays in one place, one for each sub-communicator? The grid coordinates repeat: keep the exports of each array in a folder of its own, named by the rank in its communicator")],
        page: "## What it checks\n\nNo rank may lie beyond the grid: the number of processes is the product of the `proc_grid_size` of\nall dimensions, and they are numbered from 0.\n\n## Why it matters\n\nEvery process has one place in the grid, so surplus processes have no place. Four causes are common:\nfiles left over from a run with more processes; an array that is replicated, each process holding\nall of it on a \"grid\" of one; an array of a sub-communicator that all processes exported; and files\nnumbered from 1 as in Fortran, while ranks count from 0.\n\n## Example\n\n```ndjson\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0, \"start\": 0, \"stop\": 10}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0, \"start\": 0, \"stop\": 10}]}\n```\n\nThe set has two processes, and each describes a grid of one process.\n\n## Use instead\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 10}]}\n```\n\nA replicated array has no form in DAP 0.10: export one copy of it.",
    },
    Rule {
        id: RuleId::RANK_ORDER, name: "rank-order", severity: Severity::Error, level: Level::Must, scope: Scope::Array, section: "8.1",
        quote: "Process ranks are assigned to their corresponding grid coordinate in \"C-order\"",
        message: "rank {rank} has the grid coordinate {coordinate}; in C order it has {expected}",
        help: "every process has a coordinate of its own, numbered in C order: the last dimension's varies fastest",
        reference: Reference::Accepts,
        notes: &[("duplicate", "rank {other} has the same coordinate"), ("fortran-order", "all ranks fit column-major (Fortran) order: renumber them, or create the communicator with `MPI_Cart_create`, which is row-major"), ("permuted", "every grid coordinate is present once, in another order"), ("text-order", "the exports are in the order of numbers sorted as text (0, 1, 10, 11, 2): put them in the order of their ranks, for example with `sort -V`, or check the folder of the files itself")],
        page: "## What it checks\n\nRanks must be numbered in C order of their grid coordinates, the last dimension fastest:\n`rank = (r0 * P1 + r1) * P2 + r2` for a grid of P0 x P1 x P2 processes and the coordinate (r0, r1,\nr2).\n\n## Why it matters\n\nA consumer computes a neighbour's rank from its coordinate, because the export does not list the\nprocesses. In another order it communicates with the wrong process: halos come from the other side\nof the domain, and a transposed grid transposes the blocks. `MPI_Cart_create` numbers in C order.\nCommon causes of another order are a grid numbered by hand in column-major (Fortran) order, and the\nuse of the old communicator's ranks after `MPI_Cart_create` reordered them.\n\n## Example\n\n```ndjson\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [2, 2]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 4, \"proc_grid_size\": 2, \"proc_grid_rank\": 0, \"start\": 0, \"stop\": 2}, {\"dist_type\": \"b\", \"size\": 4, \"proc_grid_size\": 2, \"proc_grid_rank\": 0, \"start\": 0, \"stop\": 2}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [2, 2]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 4, \"proc_grid_size\": 2, \"proc_grid_rank\": 1, \"start\": 2, \"stop\": 4}, {\"dist_type\": \"b\", \"size\": 4, \"proc_grid_size\": 2, \"proc_grid_rank\": 0, \"start\": 0, \"stop\": 2}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [2, 2]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 4, \"proc_grid_size\": 2, \"proc_grid_rank\": 0, \"start\": 0, \"stop\": 2}, {\"dist_type\": \"b\", \"size\": 4, \"proc_grid_size\": 2, \"proc_grid_rank\": 1, \"start\": 2, \"stop\": 4}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [2, 2]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 4, \"proc_grid_size\": 2, \"proc_grid_rank\": 1, \"start\": 2, \"stop\": 4}, {\"dist_type\": \"b\", \"size\": 4, \"proc_grid_size\": 2, \"proc_grid_rank\": 1, \"start\": 2, \"stop\": 4}]}\n```\n\nRank 1 has the coordinate (1, 0) and rank 2 has (0, 1): the first dimension varies fastest.\n\n## Use instead\n\n```ndjson\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [2, 2]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 4, \"proc_grid_size\": 2, \"proc_grid_rank\": 0, \"start\": 0, \"stop\": 2}, {\"dist_type\": \"b\", \"size\": 4, \"proc_grid_size\": 2, \"proc_grid_rank\": 0, \"start\": 0, \"stop\": 2}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [2, 2]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 4, \"proc_grid_size\": 2, \"proc_grid_rank\": 0, \"start\": 0, \"stop\": 2}, {\"dist_type\": \"b\", \"size\": 4, \"proc_grid_size\": 2, \"proc_grid_rank\": 1, \"start\": 2, \"stop\": 4}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [2, 2]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 4, \"proc_grid_size\": 2, \"proc_grid_rank\": 1, \"start\": 2, \"stop\": 4}, {\"dist_type\": \"b\", \"size\": 4, \"proc_grid_size\": 2, \"proc_grid_rank\": 0, \"start\": 0, \"stop\": 2}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [2, 2]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 4, \"proc_grid_size\": 2, \"proc_grid_rank\": 1, \"start\": 2, \"stop\": 4}, {\"dist_type\": \"b\", \"size\": 4, \"proc_grid_size\": 2, \"proc_grid_rank\": 1, \"start\": 2, \"stop\": 4}]}\n```",
    },
    Rule {
        id: RuleId::NDIM_DIFFERS, name: "ndim-differs", severity: Severity::Error, level: Level::Must, scope: Scope::Array, section: "8.3",
        quote: "one dictionary for each dimension of the distributed array",
        message: "the array has {value:dimension:dimensions} here, {common} on the other ranks",
        help: "every process describes the same dimensions",
        reference: Reference::Accepts,
        notes: &[],
        page: "## What it checks\n\nAll processes must describe the same number of dimensions.\n\n## Why it matters\n\nThe processes hold sections of one array. If the numbers differ, one process removed a dimension of\nlength 1 or exported another array, and the grid coordinates of the ranks cannot be compared any\nmore.\n\n## Example\n\n```ndjson\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [2]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 6, \"proc_grid_size\": 3, \"proc_grid_rank\": 0, \"start\": 0, \"stop\": 2}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [2]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 6, \"proc_grid_size\": 3, \"proc_grid_rank\": 1, \"start\": 2, \"stop\": 4}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [2, 1]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 6, \"proc_grid_size\": 3, \"proc_grid_rank\": 2, \"start\": 4, \"stop\": 6}, {}]}\n```\n\nRank 2 kept a second dimension of length 1.\n\n## Use instead\n\n```ndjson\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [2]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 6, \"proc_grid_size\": 3, \"proc_grid_rank\": 0, \"start\": 0, \"stop\": 2}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [2]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 6, \"proc_grid_size\": 3, \"proc_grid_rank\": 1, \"start\": 2, \"stop\": 4}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [2]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 6, \"proc_grid_size\": 3, \"proc_grid_rank\": 2, \"start\": 4, \"stop\": 6}]}\n```",
    },
    Rule {
        id: RuleId::SIZE_DIFFERS, name: "size-differs", severity: Severity::Error, level: Level::Must, scope: Scope::Array, section: "8.3",
        quote: "all processes with the same rank for dimension i must have the same values for other keys",
        message: "`size` is {value} here, {common} on the other ranks",
        help: "`size` is global: the same on all processes",
        reference: Reference::Accepts,
        notes: &[],
        page: "## What it checks\n\n`size` of a dimension must be the same on all processes.\n\n## Why it matters\n\n`size` is the length of the whole dimension. Two values describe two different arrays: a gather\nallocates too little on one process and waits for too much on the other. Often `size` is the length\nof the local section by mistake.\n\n## Example\n\n```ndjson\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [4]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 4, \"proc_grid_size\": 3, \"proc_grid_rank\": 0, \"start\": 0, \"stop\": 4}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [4]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 12, \"proc_grid_size\": 3, \"proc_grid_rank\": 1, \"start\": 4, \"stop\": 8}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [4]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 12, \"proc_grid_size\": 3, \"proc_grid_rank\": 2, \"start\": 8, \"stop\": 12}]}\n```\n\nRank 0 gives the length of its own section, 4, in place of 12.\n\n## Use instead\n\n```ndjson\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [4]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 12, \"proc_grid_size\": 3, \"proc_grid_rank\": 0, \"start\": 0, \"stop\": 4}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [4]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 12, \"proc_grid_size\": 3, \"proc_grid_rank\": 1, \"start\": 4, \"stop\": 8}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [4]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 12, \"proc_grid_size\": 3, \"proc_grid_rank\": 2, \"start\": 8, \"stop\": 12}]}\n```",
    },
    Rule {
        id: RuleId::PROC_GRID_SIZE_DIFFERS, name: "proc-grid-size-differs", severity: Severity::Error, level: Level::Must, scope: Scope::Array, section: "8.3",
        quote: "The total number of processes in the process grid in this dimension",
        message: "`proc_grid_size` is {value} here, {common} on the other ranks",
        help: "the process grid is global: the same on all processes",
        reference: Reference::Accepts,
        notes: &[("stale", "left over from an earlier run on another number of processes? The other ranks' grid has no such rank")],
        page: "## What it checks\n\n`proc_grid_size` of a dimension must be the same on all processes.\n\n## Why it matters\n\n`proc_grid_size` gives the shape of the process grid, from which ranks, coordinates and neighbours\nare computed. With two shapes, two processes compute different neighbours; a halo exchange then\nwaits for a message that is never sent.\n\n## Example\n\n```ndjson\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [2]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 6, \"proc_grid_size\": 2, \"proc_grid_rank\": 0, \"start\": 0, \"stop\": 2}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [2]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 6, \"proc_grid_size\": 3, \"proc_grid_rank\": 1, \"start\": 2, \"stop\": 4}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [2]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 6, \"proc_grid_size\": 3, \"proc_grid_rank\": 2, \"start\": 4, \"stop\": 6}]}\n```\n\nRank 0 states 2 processes, the others 3.\n\n## Use instead\n\n```ndjson\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [2]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 6, \"proc_grid_size\": 3, \"proc_grid_rank\": 0, \"start\": 0, \"stop\": 2}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [2]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 6, \"proc_grid_size\": 3, \"proc_grid_rank\": 1, \"start\": 2, \"stop\": 4}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [2]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 6, \"proc_grid_size\": 3, \"proc_grid_rank\": 2, \"start\": 4, \"stop\": 6}]}\n```",
    },
    Rule {
        id: RuleId::DIST_TYPE_DIFFERS, name: "dist-type-differs", severity: Severity::Error, level: Level::Must, scope: Scope::Array, section: "8.3",
        quote: "The distribution type; the primary way to determine the kind of distribution for this dimension",
        message: "`dist_type` is '{value}' here, '{common}' on the other ranks",
        help: "a dimension has one distribution type on all processes",
        reference: Reference::Accepts,
        notes: &[],
        page: "## What it checks\n\n`dist_type` of a dimension must be the same on all processes.\n\n## Why it matters\n\nA dimension is distributed in one way. If one process reads it as block and another as cyclic, each\ncomputes other owners for the same index, and elements are missing or held twice.\n\n## Example\n\n```ndjson\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [2]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 6, \"proc_grid_size\": 3, \"proc_grid_rank\": 0, \"start\": 0, \"stop\": 2}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [2]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 6, \"proc_grid_size\": 3, \"proc_grid_rank\": 1, \"start\": 2, \"stop\": 4}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [2]}, \"dim_data\": [{\"dist_type\": \"c\", \"size\": 6, \"proc_grid_size\": 3, \"proc_grid_rank\": 2, \"start\": 2}]}\n```\n\nRank 2 states cyclic, the others block.\n\n## Use instead\n\n```ndjson\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [2]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 6, \"proc_grid_size\": 3, \"proc_grid_rank\": 0, \"start\": 0, \"stop\": 2}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [2]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 6, \"proc_grid_size\": 3, \"proc_grid_rank\": 1, \"start\": 2, \"stop\": 4}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [2]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 6, \"proc_grid_size\": 3, \"proc_grid_rank\": 2, \"start\": 4, \"stop\": 6}]}\n```",
    },
    Rule {
        id: RuleId::DTYPE_DIFFERS, name: "dtype-differs", severity: Severity::Error, level: Level::Interpretation, scope: Scope::Array, section: "8.3",
        quote: "A single logical array",
        message: "`dtype` is {value} here, {common} on the other ranks",
        help: "a distributed array has one item type on all processes, also on ranks that hold nothing",
        reference: Reference::Accepts,
        notes: &[],
        page: "## What it checks\n\nThe item type (`dtype`) must be the same on all processes, byte order included, also on processes\nthat hold nothing.\n\n## Why it matters\n\nThe length of a message between two processes is a count of elements of one type. If the types\ndiffer, 8-byte numbers are received as pairs of 4-byte ones, or the receiver's buffer overflows. The\nusual cause is an empty section that was made with the default type.\n\n## Example\n\n```ndjson\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<i4\", \"shape\": [1]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 2, \"proc_grid_size\": 3, \"proc_grid_rank\": 0, \"start\": 0, \"stop\": 1}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<i4\", \"shape\": [1]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 2, \"proc_grid_size\": 3, \"proc_grid_rank\": 1, \"start\": 1, \"stop\": 2}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [0]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 2, \"proc_grid_size\": 3, \"proc_grid_rank\": 2, \"start\": 2, \"stop\": 2}]}\n```\n\nRank 2 holds nothing, in a buffer of the default type.\n\n## Use instead\n\n```ndjson\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<i4\", \"shape\": [1]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 2, \"proc_grid_size\": 3, \"proc_grid_rank\": 0, \"start\": 0, \"stop\": 1}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<i4\", \"shape\": [1]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 2, \"proc_grid_size\": 3, \"proc_grid_rank\": 1, \"start\": 1, \"stop\": 2}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<i4\", \"shape\": [0]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 2, \"proc_grid_size\": 3, \"proc_grid_rank\": 2, \"start\": 2, \"stop\": 2}]}\n```",
    },
    Rule {
        id: RuleId::VERSION_DIFFERS, name: "version-differs", severity: Severity::Error, level: Level::Must, scope: Scope::Array, section: "8.3",
        quote: "",
        message: "the export is version {value}, the other ranks are {common}",
        help: "0.9 and 0.10 give `start`, `stop` and `padding` other meanings: export every rank with the same version",
        reference: Reference::Rejects,
        notes: &[],
        page: "## What it checks\n\nAll processes must export the same version of the protocol.\n\n## Why it matters\n\nWith communication padding, the same numbers mean different sections in 0.9 and 0.10: in 0.9 the\npadding lies outside of [start, stop), in 0.10 inside. Neighbours of different versions cannot be\ncompared. The usual cause is two nodes with different installations of one library.\n\n## Example\n\n```ndjson\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [2]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 6, \"proc_grid_size\": 3, \"proc_grid_rank\": 0, \"start\": 0, \"stop\": 2}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [2]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 6, \"proc_grid_size\": 3, \"proc_grid_rank\": 1, \"start\": 2, \"stop\": 4}]}\n{\"__version__\": \"0.9.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [2]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 6, \"proc_grid_size\": 3, \"proc_grid_rank\": 2, \"start\": 4, \"stop\": 6}]}\n```\n\nRank 2 exports version 0.9.0, the others 0.10.0.\n\n## Use instead\n\n```ndjson\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [2]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 6, \"proc_grid_size\": 3, \"proc_grid_rank\": 0, \"start\": 0, \"stop\": 2}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [2]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 6, \"proc_grid_size\": 3, \"proc_grid_rank\": 1, \"start\": 2, \"stop\": 4}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [2]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 6, \"proc_grid_size\": 3, \"proc_grid_rank\": 2, \"start\": 4, \"stop\": 6}]}\n```",
    },
    Rule {
        id: RuleId::SAME_GRID_RANK_DIFFERS, name: "same-grid-rank-differs", severity: Severity::Error, level: Level::Must, scope: Scope::Array, section: "8.4",
        quote: "all processes with the same rank for dimension i must have the same values for other keys in their respective dimension dictionaries",
        message: "grid rank {proc_grid_rank} has `{key}` {value} here, {common} on rank {other}",
        help: "processes with the same `proc_grid_rank` in a dimension have the same dictionary there; only outer padding may differ",
        reference: Reference::Accepts,
        notes: &[],
        page: "## What it checks\n\nProcesses with the same `proc_grid_rank` in a dimension must have the same dictionary there. Only\n`padding` at the outer ends of the grid may differ.\n\n## Why it matters\n\nThe protocol describes each dimension by itself. The sections are all combinations of one range from\neach dimension, so each cut passes through the whole array. A partition with other cuts in each row\nof processes (a k-d tree, load balancing by rows) is not of this form. A consumer that reads the\ncuts from one process of the row places the other sections wrongly.\n\n## Example\n\n```ndjson\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [3, 2]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 6, \"proc_grid_size\": 2, \"proc_grid_rank\": 0, \"start\": 0, \"stop\": 3}, {\"dist_type\": \"b\", \"size\": 4, \"proc_grid_size\": 2, \"proc_grid_rank\": 0, \"start\": 0, \"stop\": 2}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [2, 2]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 6, \"proc_grid_size\": 2, \"proc_grid_rank\": 0, \"start\": 0, \"stop\": 2}, {\"dist_type\": \"b\", \"size\": 4, \"proc_grid_size\": 2, \"proc_grid_rank\": 1, \"start\": 2, \"stop\": 4}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [3, 2]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 6, \"proc_grid_size\": 2, \"proc_grid_rank\": 1, \"start\": 3, \"stop\": 6}, {\"dist_type\": \"b\", \"size\": 4, \"proc_grid_size\": 2, \"proc_grid_rank\": 0, \"start\": 0, \"stop\": 2}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [4, 2]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 6, \"proc_grid_size\": 2, \"proc_grid_rank\": 1, \"start\": 2, \"stop\": 6}, {\"dist_type\": \"b\", \"size\": 4, \"proc_grid_size\": 2, \"proc_grid_rank\": 1, \"start\": 2, \"stop\": 4}]}\n```\n\nThe first dimension is cut at 3 by ranks 0 and 2, and at 2 by ranks 1 and 3.\n\n## Use instead\n\n```ndjson\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [3, 2]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 6, \"proc_grid_size\": 2, \"proc_grid_rank\": 0, \"start\": 0, \"stop\": 3}, {\"dist_type\": \"b\", \"size\": 4, \"proc_grid_size\": 2, \"proc_grid_rank\": 0, \"start\": 0, \"stop\": 2}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [3, 2]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 6, \"proc_grid_size\": 2, \"proc_grid_rank\": 0, \"start\": 0, \"stop\": 3}, {\"dist_type\": \"b\", \"size\": 4, \"proc_grid_size\": 2, \"proc_grid_rank\": 1, \"start\": 2, \"stop\": 4}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [3, 2]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 6, \"proc_grid_size\": 2, \"proc_grid_rank\": 1, \"start\": 3, \"stop\": 6}, {\"dist_type\": \"b\", \"size\": 4, \"proc_grid_size\": 2, \"proc_grid_rank\": 0, \"start\": 0, \"stop\": 2}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [3, 2]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 6, \"proc_grid_size\": 2, \"proc_grid_rank\": 1, \"start\": 3, \"stop\": 6}, {\"dist_type\": \"b\", \"size\": 4, \"proc_grid_size\": 2, \"proc_grid_rank\": 1, \"start\": 2, \"stop\": 4}]}\n```",
    },
    Rule {
        id: RuleId::BLOCKS_DO_NOT_ABUT, name: "blocks-do-not-abut", severity: Severity::Error, level: Level::Must, scope: Scope::Array, section: "5.1",
        quote: "the stop of a shall be equal the start of b",
        message: "{gap}: grid rank {left} owns {left_range}, grid rank {right} owns {right_range}",
        help: "without padding, `stop` of one process is `start` of the next; with it, `stop` of the left = `start` of the right + both communication widths",
        reference: Reference::Accepts,
        notes: &[("distarray-client", "known cause: DistArray 0.6's client-side metadata does not widen `start` and `stop` by the communication padding (the bounds of version 0.9 under the name of 0.10)"), ("local-size", "every process owns 0 to `size`: is that the size of its own part? `size` is the whole dimension's, `start` and `stop` are global"), ("sum", "the owned counts sum to {sum}, `size` is {size}")],
        page: "## What it checks\n\nNeighbouring blocks must fit together without gap or overlap in their owned ranges. For the grid\nranks i and i+1, with `hi` the upper padding of i and `lo` the lower padding of i+1:\n\n    stop of i == start of i+1 + hi + lo\n\nWithout padding this is `stop == start`. With a halo of width w on each side, the ranges overlap by\n2w.\n\n## Why it matters\n\nIn a gap, no process owns the elements. In an overlap, two processes own the same elements and count\nthem twice, in a sum for example. In both cases a halo exchange copies from the wrong place. One\nknown producer of such bounds is DistArray 0.6's client-side metadata, which declares communication\npadding beside bounds that do not include it.\n\n## Example\n\n```ndjson\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [5]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 2, \"proc_grid_rank\": 0, \"start\": 0, \"stop\": 5, \"padding\": [0, 1]}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [5]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 2, \"proc_grid_rank\": 1, \"start\": 5, \"stop\": 10, \"padding\": [1, 0]}]}\n```\n\nWithout the padding, rank 0 owns 0 to 3 and rank 1 owns 6 to 9: no rank owns 4 and 5.\n\n## Use instead\n\n```ndjson\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [6]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 2, \"proc_grid_rank\": 0, \"start\": 0, \"stop\": 6, \"padding\": [0, 1]}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [6]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 2, \"proc_grid_rank\": 1, \"start\": 4, \"stop\": 10, \"padding\": [1, 0]}]}\n```\n\nThe ranges overlap by two: rank 0 owns index 4 and rank 1 owns index 5, and each holds the other's\nelement as its halo.",
    },
    Rule {
        id: RuleId::PADDING_UNEQUAL, name: "padding-unequal", severity: Severity::Error, level: Level::Must, scope: Scope::Array, section: "5.2",
        quote: "Every communication padding width must equal its counterpart on its neighboring process",
        message: "between grid ranks {left} and {right} the communication padding is {left_width} wide on one side and {right_width} on the other",
        help: "communication padding is equally wide on both sides of an edge",
        reference: Reference::Accepts,
        notes: &[],
        page: "## What it checks\n\nCommunication padding must be equally wide on both sides of an edge: the upper width of grid rank i\nequals the lower width of grid rank i+1.\n\n## Why it matters\n\nIn a halo exchange, the number of layers that a side sends is the width of the other side's halo. A\nprocess knows only its own width. With two different widths one side sends more than the other\nreceives: a truncated message at best, an overrun buffer at worst.\n\n## Example\n\n```ndjson\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [6]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 2, \"proc_grid_rank\": 0, \"start\": 0, \"stop\": 6, \"padding\": [0, 1]}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [7]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 2, \"proc_grid_rank\": 1, \"start\": 3, \"stop\": 10, \"padding\": [2, 0]}]}\n```\n\nThe halo is 1 wide on rank 0 and 2 wide on rank 1.\n\n## Use instead\n\n```ndjson\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [6]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 2, \"proc_grid_rank\": 0, \"start\": 0, \"stop\": 6, \"padding\": [0, 1]}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [6]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 2, \"proc_grid_rank\": 1, \"start\": 4, \"stop\": 10, \"padding\": [1, 0]}]}\n```",
    },
    Rule {
        id: RuleId::PADDING_EXCEEDS_NEIGHBOUR, name: "padding-exceeds-neighbour", severity: Severity::Error, level: Level::Must, scope: Scope::Array, section: "5.2",
        quote: "it must be less than or equal to the number of indices owned by the neighboring process",
        message: "grid rank {proc_grid_rank} has communication padding {width} wide towards grid rank {neighbour}, which owns {owned:index:indices}",
        help: "a halo is filled from one neighbour: use a narrower halo or fewer processes",
        reference: Reference::Accepts,
        notes: &[("empty", "next to an empty section the padding is 0")],
        page: "## What it checks\n\nCommunication padding must be at most as wide as the neighbour's owned range: a halo is a copy of\nthe adjacent process's own elements only.\n\n## Why it matters\n\nA part of a wider halo would have to come from the neighbour's neighbour, or from the neighbour's\nown halo, which is filled in the same exchange and may still be old. The usual cause is a dimension\nthat is spread over too many processes for the stencil. Next to an empty section the padding is 0.\n\n## Example\n\n```ndjson\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [6]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 3, \"proc_grid_rank\": 0, \"start\": 0, \"stop\": 6, \"padding\": [0, 2]}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [5]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 3, \"proc_grid_rank\": 1, \"start\": 2, \"stop\": 7, \"padding\": [2, 2]}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [7]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 3, \"proc_grid_rank\": 2, \"start\": 3, \"stop\": 10, \"padding\": [2, 0]}]}\n```\n\nRank 1 owns only index 4, but both its neighbours have a halo of 2 towards it.\n\n## Use instead\n\n```ndjson\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [5]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 3, \"proc_grid_rank\": 0, \"start\": 0, \"stop\": 5, \"padding\": [0, 1]}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [3]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 3, \"proc_grid_rank\": 1, \"start\": 3, \"stop\": 6, \"padding\": [1, 1]}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [6]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 3, \"proc_grid_rank\": 2, \"start\": 4, \"stop\": 10, \"padding\": [1, 0]}]}\n```\n\nThe halo is narrower; a wider halo is possible if rank 1 gets more elements.",
    },
    Rule {
        id: RuleId::BLOCK_SIZE_DIFFERS, name: "block-size-differs", severity: Severity::Error, level: Level::Must, scope: Scope::Array, section: "6.1",
        quote: "Indicates the size of contiguous blocks of indices for this dimension",
        message: "`block_size` is {value} here, {common} on the other grid ranks",
        help: "the whole dimension has one block size",
        reference: Reference::Accepts,
        notes: &[],
        page: "## What it checks\n\n`block_size` of a cyclic dimension must be the same on all processes. An absent key means 1.\n\n## Why it matters\n\nOne block size describes the whole cyclic dimension. With two block sizes, two processes compute\nother owners for the same index: some elements are held twice and others by no process, even when\nall counts look right.\n\n## Example\n\n```ndjson\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [4]}, \"dim_data\": [{\"dist_type\": \"c\", \"size\": 8, \"proc_grid_size\": 2, \"proc_grid_rank\": 0, \"start\": 0, \"block_size\": 2}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [4]}, \"dim_data\": [{\"dist_type\": \"c\", \"size\": 8, \"proc_grid_size\": 2, \"proc_grid_rank\": 1, \"start\": 1}]}\n```\n\nRank 1 leaves `block_size` out, so it is 1 there: both hold 1 and 5, and no rank holds 2 and 6.\n\n## Use instead\n\n```ndjson\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [4]}, \"dim_data\": [{\"dist_type\": \"c\", \"size\": 8, \"proc_grid_size\": 2, \"proc_grid_rank\": 0, \"start\": 0, \"block_size\": 2}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [4]}, \"dim_data\": [{\"dist_type\": \"c\", \"size\": 8, \"proc_grid_size\": 2, \"proc_grid_rank\": 1, \"start\": 2, \"block_size\": 2}]}\n```",
    },
    Rule {
        id: RuleId::ROTATION_DIFFERS, name: "rotation-differs", severity: Severity::Error, level: Level::Must, scope: Scope::Array, section: "6.3",
        quote: "assigning global indices (or contiguous blocks of indices when block_size is greater than one) to processes in round-robin fashion",
        message: "this `start` means that the cyclic distribution starts at grid rank {value}; on the other ranks it starts at {common}",
        help: "`start` is ((`proc_grid_rank` - s) mod `proc_grid_size`) * `block_size` with the same s everywhere, normally 0",
        reference: Reference::Rejects,
        notes: &[],
        page: "## What it checks\n\nAll processes of a cyclic dimension must agree on the grid rank that the distribution starts at. The\nprocess whose `start` is 0 comes first, and the others follow in the order of their grid ranks:\n`start = ((proc_grid_rank - s) mod proc_grid_size) * block_size` with the same s everywhere,\nnormally 0.\n\n## Why it matters\n\nIf two processes state different starting ranks, some indices have two owners and others none. A\nsingle process cannot detect it, because each `start` is possible on its own.\n\n## Example\n\n```ndjson\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [2]}, \"dim_data\": [{\"dist_type\": \"c\", \"size\": 6, \"proc_grid_size\": 3, \"proc_grid_rank\": 0, \"start\": 0}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [2]}, \"dim_data\": [{\"dist_type\": \"c\", \"size\": 6, \"proc_grid_size\": 3, \"proc_grid_rank\": 1, \"start\": 1}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [2]}, \"dim_data\": [{\"dist_type\": \"c\", \"size\": 6, \"proc_grid_size\": 3, \"proc_grid_rank\": 2, \"start\": 1}]}\n```\n\nRanks 1 and 2 both start at 1; no rank starts at 2.\n\n## Use instead\n\n```ndjson\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [2]}, \"dim_data\": [{\"dist_type\": \"c\", \"size\": 6, \"proc_grid_size\": 3, \"proc_grid_rank\": 0, \"start\": 0}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [2]}, \"dim_data\": [{\"dist_type\": \"c\", \"size\": 6, \"proc_grid_size\": 3, \"proc_grid_rank\": 1, \"start\": 1}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [2]}, \"dim_data\": [{\"dist_type\": \"c\", \"size\": 6, \"proc_grid_size\": 3, \"proc_grid_rank\": 2, \"start\": 2}]}\n```",
    },
    Rule {
        id: RuleId::PERIODIC_DIFFERS, name: "periodic-differs", severity: Severity::Error, level: Level::Must, scope: Scope::Array, section: "5.3",
        quote: "Indicates whether this dimension is periodic",
        message: "`periodic` is {value} here, {common} on the other grid ranks",
        help: "a dimension is periodic on all processes or on none",
        reference: Reference::Accepts,
        notes: &[],
        page: "## What it checks\n\n`periodic` of a dimension must be the same on all processes. An absent key means false.\n\n## Why it matters\n\nIn a periodic dimension, the first and the last process exchange data with each other. If one of\nthem treats the dimension as not periodic, the other waits for a message that is never sent.\nProcesses in the middle need the key too: a consumer may ask any of them.\n\n## Example\n\n```ndjson\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [5]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 2, \"proc_grid_rank\": 0, \"start\": 0, \"stop\": 5, \"periodic\": true}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [5]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 2, \"proc_grid_rank\": 1, \"start\": 5, \"stop\": 10}]}\n```\n\nOnly rank 0 states that the dimension is periodic.\n\n## Use instead\n\n```ndjson\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [5]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 2, \"proc_grid_rank\": 0, \"start\": 0, \"stop\": 5, \"periodic\": true}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [5]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 2, \"proc_grid_rank\": 1, \"start\": 5, \"stop\": 10, \"periodic\": true}]}\n```",
    },
    Rule {
        id: RuleId::ONE_TO_ONE_DIFFERS, name: "one-to-one-differs", severity: Severity::Error, level: Level::Must, scope: Scope::Array, section: "7.3",
        quote: "If not present, shall be equivalent to being present with a False value",
        message: "`one_to_one` is {value} here, {common} on the other grid ranks",
        help: "`one_to_one` describes the whole dimension: give it the same value on all processes",
        reference: Reference::Accepts,
        notes: &[],
        page: "## What it checks\n\n`one_to_one` of an unstructured dimension must be the same on all processes. An absent key means\nfalse.\n\n## Why it matters\n\nIt is a promise about all processes: no index is held twice. A consumer that reads `true` sends an\nupdate to the one holder it finds; a consumer that reads `false` looks for more holders. If the\nvalues differ, copies become stale.\n\n## Example\n\n```ndjson\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [2]}, \"dim_data\": [{\"dist_type\": \"u\", \"size\": 4, \"proc_grid_size\": 2, \"proc_grid_rank\": 0, \"indices\": [3, 0], \"one_to_one\": true}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [2]}, \"dim_data\": [{\"dist_type\": \"u\", \"size\": 4, \"proc_grid_size\": 2, \"proc_grid_rank\": 1, \"indices\": [2, 1]}]}\n```\n\nRank 0 promises it, rank 1 does not.\n\n## Use instead\n\n```ndjson\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [2]}, \"dim_data\": [{\"dist_type\": \"u\", \"size\": 4, \"proc_grid_size\": 2, \"proc_grid_rank\": 0, \"indices\": [3, 0], \"one_to_one\": true}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [2]}, \"dim_data\": [{\"dist_type\": \"u\", \"size\": 4, \"proc_grid_size\": 2, \"proc_grid_rank\": 1, \"indices\": [2, 1], \"one_to_one\": true}]}\n```",
    },
    Rule {
        id: RuleId::ONE_TO_ONE_BROKEN, name: "one-to-one-broken", severity: Severity::Error, level: Level::Must, scope: Scope::Array, section: "7.3",
        quote: "a global index shall be located in exactly one local indices buffer",
        message: "`one_to_one` is true, but index {index} is on grid ranks {first} and {second}",
        help: "remove the second copy, or set `one_to_one` to false",
        reference: Reference::Accepts,
        notes: &[],
        page: "## What it checks\n\nWith `one_to_one` true, no global index may be held by two grid ranks. (Processes with the same grid\nrank in this dimension hold the same indices; they count once.)\n\n## Why it matters\n\nThe consumer relies on the promise: it keeps one holder for each index, so the second copy never\ngets an update, and sums count the element twice. The usual cause is mesh nodes on the border\nbetween two parts that both parts hold.\n\n## Example\n\n```ndjson\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [3]}, \"dim_data\": [{\"dist_type\": \"u\", \"size\": 6, \"proc_grid_size\": 2, \"proc_grid_rank\": 0, \"indices\": [4, 0, 2], \"one_to_one\": true}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [3]}, \"dim_data\": [{\"dist_type\": \"u\", \"size\": 6, \"proc_grid_size\": 2, \"proc_grid_rank\": 1, \"indices\": [1, 4, 3], \"one_to_one\": true}]}\n```\n\nBoth ranks hold index 4.\n\n## Use instead\n\n```ndjson\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [3]}, \"dim_data\": [{\"dist_type\": \"u\", \"size\": 6, \"proc_grid_size\": 2, \"proc_grid_rank\": 0, \"indices\": [4, 0, 2], \"one_to_one\": true}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [3]}, \"dim_data\": [{\"dist_type\": \"u\", \"size\": 6, \"proc_grid_size\": 2, \"proc_grid_rank\": 1, \"indices\": [1, 5, 3], \"one_to_one\": true}]}\n```\n\nIf the copy is intended, leave `one_to_one` out.",
    },
    Rule {
        id: RuleId::UNSTRUCTURED_SIZE, name: "unstructured-size", severity: Severity::Error, level: Level::Interpretation, scope: Scope::Array, section: "7.4",
        quote: "one can sum the result of the function num_owned_indices",
        message: "the grid ranks hold {sum:index:indices}, {distinct} of them distinct; `size` is {size}",
        help: "`size` is the number of indices held (or, with `one_to_one` false, of distinct ones)",
        reference: Reference::Accepts,
        notes: &[],
        page: "## What it checks\n\n`size` of an unstructured dimension must be the number of indices held, summed over the grid ranks.\nWhen `one_to_one` is false, the number of distinct indices is accepted too: the protocol asks for\nthe sum, as Trilinos' Epetra counts, and users of DistArray give the length of the dimension.\n\n## Why it matters\n\nA consumer that collects the array allocates `size` elements. If it is too large, the rest stays\nuninitialised; if it is too small, the last elements are written past the end. The usual mistake is\n\"highest label + 1\", which is the size only when no label is left out.\n\n## Example\n\n```ndjson\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [3]}, \"dim_data\": [{\"dist_type\": \"u\", \"size\": 10, \"proc_grid_size\": 2, \"proc_grid_rank\": 0, \"indices\": [4, 0, 9]}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [3]}, \"dim_data\": [{\"dist_type\": \"u\", \"size\": 10, \"proc_grid_size\": 2, \"proc_grid_rank\": 1, \"indices\": [9, 2, 7]}]}\n```\n\n6 indices are held, 5 of them distinct; `size` is 10.\n\n## Use instead\n\n```ndjson\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [3]}, \"dim_data\": [{\"dist_type\": \"u\", \"size\": 6, \"proc_grid_size\": 2, \"proc_grid_rank\": 0, \"indices\": [4, 0, 9]}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [3]}, \"dim_data\": [{\"dist_type\": \"u\", \"size\": 6, \"proc_grid_size\": 2, \"proc_grid_rank\": 1, \"indices\": [9, 2, 7]}]}\n```\n\n5 would be valid as well, since index 9 is held twice.",
    },
    Rule {
        id: RuleId::OWNED_SUM, name: "owned-sum", severity: Severity::Error, level: Level::Must, scope: Scope::Array, section: "4.2",
        quote: "one can sum the result of the function num_owned_indices",
        message: "the owned counts sum to {sum}, `size` is {size}",
        help: "every global index has one owner",
        reference: Reference::Rejects,
        notes: &[],
        page: "## What it checks\n\nThe owned counts of all grid ranks must add up to `size` along each dimension. A block owns\n`stop - start` less its communication padding, a cyclic section the NUMROC count (see DAP404).\n\nGaps and overlaps with a more specific cause are reported by other rules: DAP612 for blocks that do\nnot meet, DAP616 for a cyclic distribution with two starting ranks.\n\n## Why it matters\n\nEvery global element has one owner. If the sum is too small, some element has no owner and its value\nexists nowhere; if it is too large, some element is counted twice in every sum, norm or output file.\nA single process cannot see this, and the 2014 validator never checks it.\n\n## Example\n\n```ndjson\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [0]}, \"dim_data\": [{\"dist_type\": \"c\", \"size\": 2, \"proc_grid_size\": 3, \"proc_grid_rank\": 0, \"start\": 2}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [0]}, \"dim_data\": [{\"dist_type\": \"c\", \"size\": 2, \"proc_grid_size\": 3, \"proc_grid_rank\": 1, \"start\": 2}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [0]}, \"dim_data\": [{\"dist_type\": \"c\", \"size\": 2, \"proc_grid_size\": 3, \"proc_grid_rank\": 2, \"start\": 2}]}\n```\n\nAll three ranks have `start` equal to `size`, which means that they are empty: 0 + 0 + 0 is not 2.\n\n## Use instead\n\n```ndjson\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [1]}, \"dim_data\": [{\"dist_type\": \"c\", \"size\": 2, \"proc_grid_size\": 3, \"proc_grid_rank\": 0, \"start\": 0}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [1]}, \"dim_data\": [{\"dist_type\": \"c\", \"size\": 2, \"proc_grid_size\": 3, \"proc_grid_rank\": 1, \"start\": 1}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [0]}, \"dim_data\": [{\"dist_type\": \"c\", \"size\": 2, \"proc_grid_size\": 3, \"proc_grid_rank\": 2, \"start\": 2}]}\n```\n\nRank 0 owns index 0 and rank 1 owns index 1; only rank 2 is empty.",
    },
    Rule {
        id: RuleId::NOT_CHECKED, name: "not-checked", severity: Severity::Info, level: Level::Interpretation, scope: Scope::Array, section: "11.6",
        quote: "",
        message: "{present} of {processes} ranks are present: gaps, overlaps and sums across all ranks are not checked",
        help: "name a directory, a bundle or one export per line to check all ranks together",
        reference: Reference::NotApplicable,
        notes: &[],
        page: "## What it checks\n\nThe rule reports a set that is not complete enough for the rules across ranks. Files named one by\none, or a set checked with `--partial`, may be a part of the grid; this note then names the checks\nthat were not made.\n\n## Why it matters\n\nA clean verdict on two of four ranks covers neither the edges to the other two nor the sum of the\nowned counts. The note keeps \"no findings\" from being read as \"valid array\".\n\n## Example\n\n```console\n$ dap-validate check --output-format concise run/rank-0.json run/rank-1.json\nrun/rank-0.json and 1 more: info DAP622 not-checked: 2 of 4 ranks are present: gaps, overlaps and sums across all ranks are not checked (rank 0)\nchecked 1 array: 1 valid, 0 invalid (1 info)\n```\n\nThe command names two files of a set of four.\n\n## Use instead\n\n```console\n$ dap-validate check run/\n```\n\nThe command names the directory, so all ranks are checked together.",
    },
    Rule {
        id: RuleId::GRID_TOO_LARGE, name: "grid-too-large", severity: Severity::Error, level: Level::Interpretation, scope: Scope::Array, section: "8.2",
        quote: "",
        message: "the process grid {grid} has more processes than a signed 64-bit integer can count",
        help: "check `proc_grid_size`: their product is the number of processes",
        reference: Reference::Accepts,
        notes: &[],
        page: "## What it checks\n\nThe number of processes, the product of the `proc_grid_size` of all dimensions, must fit a signed\n64-bit integer.\n\n## Why it matters\n\nNo machine has that many processes, so a `proc_grid_size` is wrong: not initialised, written in\nanother byte order, or the array's `size` in its place. Code that multiplies without a check wraps\naround to a small or negative number of processes and allocates its tables by it.\n\n## Example\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [4, 4]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 4, \"proc_grid_size\": 4294967296, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 4},\n              {\"dist_type\": \"b\", \"size\": 4, \"proc_grid_size\": 4294967296, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 4}]}\n```\n\n2^32 by 2^32 processes are 2^64.\n\n## Use instead\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [4, 4]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 4, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 4},\n              {\"dist_type\": \"b\", \"size\": 4, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 4}]}\n```",
    },
    Rule {
        id: RuleId::ARRAY_TOO_LARGE, name: "array-too-large", severity: Severity::Error, level: Level::Interpretation, scope: Scope::Array, section: "9.4",
        quote: "",
        message: "the array {problem}",
        help: "check every `size`: their product is the number of elements",
        reference: Reference::Accepts,
        notes: &[],
        page: "## What it checks\n\nThe number of elements of the whole array, the product of all `size`, must fit a signed 64-bit\ninteger. The array must have at most the 64 dimensions that a buffer of PEP 3118 can have. The rule\nis checked only when no other rule finds an error.\n\n## Why it matters\n\nA consumer computes offsets and counts with 64-bit integers. A product that wraps becomes a small or\nnegative number, and allocations and copies by it are wrong. Most often a `size` was computed\nwrongly, or carries an uninitialised value.\n\n## Example\n\n```ndjson\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"|u1\", \"shape\": [4611686018427387904, 1]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 4611686018427387904, \"proc_grid_size\": 1, \"proc_grid_rank\": 0, \"start\": 0, \"stop\": 4611686018427387904}, {\"dist_type\": \"b\", \"size\": 2, \"proc_grid_size\": 2, \"proc_grid_rank\": 0, \"start\": 0, \"stop\": 1}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"|u1\", \"shape\": [4611686018427387904, 1]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 4611686018427387904, \"proc_grid_size\": 1, \"proc_grid_rank\": 0, \"start\": 0, \"stop\": 4611686018427387904}, {\"dist_type\": \"b\", \"size\": 2, \"proc_grid_size\": 2, \"proc_grid_rank\": 1, \"start\": 1, \"stop\": 2}]}\n```\n\nEach process holds 2^62 bytes, which fit; both together hold 2^63, which do not.\n\n## Use instead\n\n```ndjson\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"|u1\", \"shape\": [2305843009213693952, 1]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 2305843009213693952, \"proc_grid_size\": 1, \"proc_grid_rank\": 0, \"start\": 0, \"stop\": 2305843009213693952}, {\"dist_type\": \"b\", \"size\": 2, \"proc_grid_size\": 2, \"proc_grid_rank\": 0, \"start\": 0, \"stop\": 1}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"|u1\", \"shape\": [2305843009213693952, 1]}, \"dim_data\": [{\"dist_type\": \"b\", \"size\": 2305843009213693952, \"proc_grid_size\": 1, \"proc_grid_rank\": 0, \"start\": 0, \"stop\": 2305843009213693952}, {\"dist_type\": \"b\", \"size\": 2, \"proc_grid_size\": 2, \"proc_grid_rank\": 1, \"start\": 1, \"stop\": 2}]}\n```",
    },
    Rule {
        id: RuleId::STRUCT_VERSION, name: "struct-version", severity: Severity::Error, level: Level::Must, scope: Scope::Struct, section: "4",
        quote: "",
        message: "the struct has layout version {found}, but this reader knows {expected}",
        help: "the owner can only call `release`; build both sides with headers of one major version",
        reference: Reference::NotApplicable,
        notes: &[],
        page: "## What it checks\n\nThe struct's layout must be of the major version that the reader was compiled for. The version is\nread first, and no other field is read if it differs. Another minor version is read: it uses\nreserved fields and flags only.\n\n## Why it matters\n\nThe prefix (version, `private_data`, `release`, `flags`) never changes; behind it, another major\nversion may have other fields. A reader that went on would follow values that are not pointers.\n\n## Example\n\n```c\narray.version.major = 1;\ncode = dap_array_validate(&array, &error);\n```\n\nThe struct has a later layout than this library's 0.1.\n\n## Use instead\n\n```c\narray.version.minor = 9;\ncode = dap_array_validate(&array, &error);\n```",
    },
    Rule {
        id: RuleId::NULL_POINTER, name: "null-pointer", severity: Severity::Error, level: Level::Must, scope: Scope::Struct, section: "2",
        quote: "",
        message: "`{what}` is null",
        help: "give the pointer; a pointer may be NULL only if the header says so",
        reference: Reference::NotApplicable,
        notes: &[],
        page: "## What it checks\n\nA required pointer must not be NULL. These are the struct itself, `blocks`, `dims`, `global_shape`\nif there are dimensions, `indices` if there are any, the tensor's `shape`, and each argument of a\nfunction that the header does not call optional.\n\n## Why it matters\n\nThe alternative is a segmentation fault in another library, without any message about the pointer.\n\n## Example\n\n```c\narray.global_shape = NULL;\ncode = dap_array_validate(&array, &error);\n```\n\nThe pointer to the extents of the whole array is missing.\n\n## Use instead\n\n```c\nint64_t shape[2] = {4, 3};\narray.global_shape = shape;\ncode = dap_array_validate(&array, &error);\n```",
    },
    Rule {
        id: RuleId::MISALIGNED_POINTER, name: "misaligned-pointer", severity: Severity::Error, level: Level::Must, scope: Scope::Struct, section: "2.4",
        quote: "",
        message: "`{what}` is not aligned to {expected} bytes",
        help: "place the item at index 0 at a multiple of its own type's alignment; copy the items if this is impossible",
        reference: Reference::NotApplicable,
        notes: &[],
        page: "## What it checks\n\nPointers to structs and lists must be aligned to their types, and the item at index 0 must be\naligned to its own type (`double`: 8 bytes). No larger alignment is promised: not the 256 bytes of\nDLPack's older documents, and none for vector instructions.\n\n## Why it matters\n\nAt other addresses, compilers' instructions trap or silently read other data. Misaligned items come\nfrom packed records and from headers of odd lengths in front of the data.\n\n## Example\n\n```c\nchar *packed = (char *)items + 4;\ndims[1] = dap_dim_whole(1);\ncode = dap_array_from_memory(2, dims, packed, float64, NULL, NULL, 0, NULL, NULL, &other, &error);\n```\n\nThe first double begins in the middle of an aligned one.\n\n## Use instead\n\n```c\ndims[1] = dap_dim_whole(1);\ncode = dap_array_from_memory(2, dims, items + 1, float64, NULL, NULL, 0, NULL, NULL, &other, &error);\n```",
    },
    Rule {
        id: RuleId::STRUCT_RELEASED, name: "struct-released", severity: Severity::Error, level: Level::Must, scope: Scope::Struct, section: "3",
        quote: "",
        message: "the struct has been released, or moved away",
        help: "use the struct that it was moved to; a released struct must be created anew",
        reference: Reference::NotApplicable,
        notes: &[],
        page: "## What it checks\n\n`release` must not be NULL. A NULL `release` marks a struct that owns nothing: it was released, or\nits content was moved to another struct.\n\n## Why it matters\n\nThe memory behind a released struct is gone. Every release and every move leaves this mark, which\nmakes a second release harmless.\n\n## Example\n\n```c\ndap_release(&array);\ncode = dap_array_validate(&array, &error);\n```\n\nThe struct is used after its release.\n\n## Use instead\n\n```c\ndap_move(&array, &other);\ncode = dap_array_validate(&other, &error);\n```",
    },
    Rule {
        id: RuleId::UNKNOWN_FLAGS, name: "unknown-flags", severity: Severity::Error, level: Level::Must, scope: Scope::Struct, section: "4",
        quote: "",
        message: "`{what}` has bits that this reader does not know: {found}",
        help: "do not set bits that no version of spec/abi.md defines; update the reader if a later one does",
        reference: Reference::NotApplicable,
        notes: &[],
        page: "## What it checks\n\nThe bits 32 to 62 of a struct's `flags` must be known to the reader, and bit 63 must not be set. A\ndimension's `flags` may contain only `DAP_DIM_PERIODIC` and `DAP_DIM_ONE_TO_ONE`. A reader may\nignore bits 0 to 30 of a struct's `flags`.\n\n## Why it matters\n\nA must-understand bit states that the other fields have another meaning than before. A reader that\nignores it computes with the wrong numbers.\n\n## Example\n\n```c\narray.flags |= UINT64_C(1) << 32;\ncode = dap_array_validate(&array, &error);\n```\n\nNo version defines bit 32.\n\n## Use instead\n\n```c\narray.flags |= 1;\ncode = dap_array_validate(&array, &error);\n```",
    },
    Rule {
        id: RuleId::STRUCT_PROTOCOL, name: "struct-protocol", severity: Severity::Error, level: Level::Must, scope: Scope::Struct, section: "2.1",
        quote: "",
        message: "the protocol's version is {found}; it must be {expected} (0.10)",
        help: "write `protocol` as major * 100000 + minor * 100 + patch: 1000 to 1099; restate an array of version 0.9",
        reference: Reference::NotApplicable,
        notes: &[],
        page: "## What it checks\n\nThe dimensions must be written in version 0.10 of the protocol, with any patch.\n\n## Why it matters\n\nIn 0.9 `start` and `stop` leave communication padding out, in 0.10 they include it. If the structs\ncarried both, every reader would need both meanings, and a reader without one of them would be off\nby the halo.\n\n## Example\n\n```c\narray.protocol = 900;\ncode = dap_array_validate(&array, &error);\n```\n\nThe producer restates an array of version 0.9 as 0.10; the structs do not carry 0.9.\n\n## Use instead\n\n```c\narray.protocol = 1001;\ncode = dap_array_validate(&array, &error);\n```",
    },
    Rule {
        id: RuleId::NDIM_OUT_OF_RANGE, name: "ndim-out-of-range", severity: Severity::Error, level: Level::Must, scope: Scope::Struct, section: "2.1",
        quote: "",
        message: "`ndim` is {found}; it must be 0 to {expected}",
        help: "arrays have 0 to 64 dimensions; was the struct ever filled?",
        reference: Reference::NotApplicable,
        notes: &[],
        page: "## What it checks\n\nThe number of dimensions must be 0 to 64. It is checked before the lists of that length are read.\n\n## Why it matters\n\nThis check is the first to fail on a struct that was never filled, and on a pointer to something\nelse.\n\n## Example\n\n```c\narray.ndim = -1;\ncode = dap_array_validate(&array, &error);\n```\n\nThe number of dimensions is negative.\n\n## Use instead\n\n```c\ncode = dap_array_from_memory(0, NULL, items, float64, NULL, NULL, 0, NULL, NULL, &other, &error);\n```",
    },
    Rule {
        id: RuleId::BLOCK_COUNT, name: "block-count", severity: Severity::Error, level: Level::Must, scope: Scope::Struct, section: "2.1",
        quote: "",
        message: "`n_blocks` is {found}; it must be 1, or 0 for a process outside of the grid",
        help: "give one block for each process; a rank that holds nothing has one block with an extent of 0",
        reference: Reference::NotApplicable,
        notes: &[],
        page: "## What it checks\n\nThere must be one block, or none for a process outside of the process grid. The field is a count\nbecause a later version of the protocol may allow several.\n\n## Why it matters\n\nVersion 0.10 has one section for each process. A reader that used only the first of several blocks\nwould silently lose the others.\n\n## Example\n\n```c\narray.n_blocks = 2;\ncode = dap_array_validate(&array, &error);\n```\n\nThe struct has two local buffers.\n\n## Use instead\n\n```c\ndims[0] = dap_dim_block(4, 3, 2, 4, 4);\ncode = dap_array_from_memory(2, dims, NULL, float64, NULL, NULL, 0, NULL, NULL, &other, &error);\n```",
    },
    Rule {
        id: RuleId::MESH_UNKNOWN, name: "mesh-unknown", severity: Severity::Error, level: Level::Must, scope: Scope::Struct, section: "2.1",
        quote: "",
        message: "`mesh` is not null; it must be null, because version 0.10 of the protocol has only the plain grid",
        help: "leave `mesh` NULL: ranks are placed on the process grid in C order",
        reference: Reference::NotApplicable,
        notes: &[],
        page: "## What it checks\n\n`mesh` must be NULL; it is reserved for other ways to place processes.\n\n## Why it matters\n\nA mesh would change the coordinates of the ranks. A reader that ignored it would look for elements\non the wrong process.\n\n## Example\n\n```c\narray.mesh = items;\ncode = dap_array_validate(&array, &error);\n```\n\nThe mesh is of no known kind.\n\n## Use instead\n\n```c\narray.mesh = NULL;\ncode = dap_array_validate(&array, &error);\n```",
    },
    Rule {
        id: RuleId::STRUCT_DIST_TYPE, name: "struct-dist-type", severity: Severity::Error, level: Level::Must, scope: Scope::Struct, section: "2.3",
        quote: "",
        message: "`dist_type` is {found}; it must be 98 ('b'), 99 ('c') or 117 ('u')",
        help: "write undistributed dimensions as a block on one process: `dap_dim_whole(size)`",
        reference: Reference::NotApplicable,
        notes: &[],
        page: "## What it checks\n\nA dimension's type must be block, cyclic or unstructured. Dictionaries may use the letter `n` or the\nempty dictionary for an undistributed dimension. The structs have neither: such a dimension is a\nblock.\n\n## Why it matters\n\nThe type determines which of the other fields have a meaning.\n\n## Example\n\n```c\ndims[1].dist_type = 'n';\ncode = dap_array_from_memory(2, dims, items, float64, NULL, NULL, 0, NULL, NULL, &other, &error);\n```\n\nThe type is an alias that dictionaries know.\n\n## Use instead\n\n```c\ndims[1] = dap_dim_whole(3);\ncode = dap_array_from_memory(2, dims, items, float64, NULL, NULL, 0, NULL, NULL, &other, &error);\n```",
    },
    Rule {
        id: RuleId::INDEX_COUNT, name: "index-count", severity: Severity::Error, level: Level::Must, scope: Scope::Struct, section: "2.3",
        quote: "",
        message: "`n_indices` is {found}; it must be 0 to {expected}",
        help: "`n_indices` is the buffer's extent along the dimension: one global index for each place",
        reference: Reference::NotApplicable,
        notes: &[],
        page: "## What it checks\n\n`n_indices` of an unstructured dimension must be the buffer's extent along it.\n\n## Why it matters\n\nThe count determines the part of the list that is read. With a wrong count a reader reads beyond the\nlist, so the count is first compared with the buffer.\n\n## Example\n\n```c\nint64_t mine[2] = {3, 1};\nint64_t shape[2] = {2, 3};\ndims[0] = dap_dim_unstructured(4, 2, 1, 1000, mine);\ncode = dap_array_from_memory(2, dims, items, float64, shape, NULL, 0, NULL, NULL, &other, &error);\n```\n\nThe dimension has a thousand indices for a buffer of two rows.\n\n## Use instead\n\n```c\nint64_t mine[2] = {3, 1};\nint64_t shape[2] = {2, 3};\ndims[0] = dap_dim_unstructured(4, 2, 1, 2, mine);\ncode = dap_array_from_memory(2, dims, items, float64, shape, NULL, 0, NULL, NULL, &other, &error);\n```",
    },
    Rule {
        id: RuleId::GLOBAL_SHAPE_DIFFERS, name: "global-shape-differs", severity: Severity::Error, level: Level::Must, scope: Scope::Struct, section: "2.1",
        quote: "",
        message: "`global_shape` is {expected}, but the dimension's `size` is {found}",
        help: "set `global_shape[d]` to `dims[d].size`",
        reference: Reference::NotApplicable,
        notes: &[],
        page: "## What it checks\n\n`global_shape` and the dimensions' `size` both state the extents of the whole array, and must be\nequal.\n\n## Why it matters\n\nThe extents are stated twice for readers that do not need the dimensions. If they differ, one of the\ntwo is wrong, and the reader cannot tell which.\n\n## Example\n\n```c\nint64_t shape[2] = {2, 3};\narray.global_shape = shape;\ncode = dap_array_validate(&array, &error);\n```\n\nThe struct has the local shape in place of the global one.\n\n## Use instead\n\n```c\nint64_t shape[2] = {4, 3};\narray.global_shape = shape;\ncode = dap_array_validate(&array, &error);\n```",
    },
    Rule {
        id: RuleId::TENSOR_TAKEN, name: "tensor-taken", severity: Severity::Error, level: Level::Must, scope: Scope::Struct, section: "3",
        quote: "",
        message: "the tensor has been taken by another reader",
        help: "take it once; the rest of the struct describes the array, and can still be checked and written as JSON",
        reference: Reference::NotApplicable,
        notes: &[],
        page: "## What it checks\n\nThe local buffer must still be in the struct if a function needs it. Taking the buffer sets the\npointer to NULL.\n\n## Why it matters\n\nThe tensor belongs to the reader that took it, and may no longer exist.\n\n## Example\n\n```c\nstruct DLManagedTensorVersioned *mine;\ndap_array_take_tensor(&array, &mine, &error);\nmine->deleter(mine);\ncode = dap_array_local(&array, NULL, NULL, NULL, NULL, &error);\n```\n\nThe local buffer is used from a struct without one.\n\n## Use instead\n\n```c\nstruct DLManagedTensorVersioned *mine;\ndap_array_take_tensor(&array, &mine, &error);\nmine->deleter(mine);\ncode = dap_array_validate(&array, &error);\n```",
    },
    Rule {
        id: RuleId::TENSOR_VERSION, name: "tensor-version", severity: Severity::Error, level: Level::Must, scope: Scope::Struct, section: "4",
        quote: "",
        message: "the tensor cannot be read: {what}",
        help: "give a DLManagedTensorVersioned of DLPack 1.x, with the flags of that version only",
        reference: Reference::NotApplicable,
        notes: &[],
        page: "## What it checks\n\nThe tensor must be of a known major version of DLPack, and must set only known flags.\n\n## Why it matters\n\nAs in the struct itself, other versions may have other fields.\n\n## Example\n\n```c\nDLManagedTensorVersioned tensor = {{2, 0}, NULL, NULL, 0, {items, {kDLCPU, 0}, 2, {kDLFloat, 64, 1}, shape, NULL, 0}};\ncode = dap_array_from_dlpack(2, dims, &tensor, &other, &error);\n```\n\nThe tensor is of DLPack 2.0.\n\n## Use instead\n\n```c\nDLManagedTensorVersioned tensor = {{1, 0}, NULL, NULL, 0, {items, {kDLCPU, 0}, 2, {kDLFloat, 64, 1}, shape, NULL, 0}};\ncode = dap_array_from_dlpack(2, dims, &tensor, &other, &error);\n```",
    },
    Rule {
        id: RuleId::TENSOR_DEVICE, name: "tensor-device", severity: Severity::Error, level: Level::Must, scope: Scope::Struct, section: "2.4",
        quote: "",
        message: "the memory cannot be reached: {what}",
        help: "copy the items to the host's memory first; DAP 0.10 supports no other memory",
        reference: Reference::NotApplicable,
        notes: &[],
        page: "## What it checks\n\nThe tensor's memory must be the processor's (`kDLCPU`). This is checked before any of the memory is\nread.\n\n## Why it matters\n\nThe processor cannot read from an address in a GPU's memory.\n\n## Example\n\n```c\nDLManagedTensorVersioned tensor = {{1, 0}, NULL, NULL, 0, {items, {kDLCUDA, 0}, 2, {kDLFloat, 64, 1}, shape, NULL, 0}};\ncode = dap_array_from_dlpack(2, dims, &tensor, &other, &error);\n```\n\nThe memory is a GPU's.\n\n## Use instead\n\n```c\nDLManagedTensorVersioned tensor = {{1, 0}, NULL, NULL, 0, {items, {kDLCPU, 0}, 2, {kDLFloat, 64, 1}, shape, NULL, 0}};\ncode = dap_array_from_dlpack(2, dims, &tensor, &other, &error);\n```",
    },
    Rule {
        id: RuleId::TENSOR_DTYPE, name: "tensor-dtype", severity: Severity::Error, level: Level::Must, scope: Scope::Struct, section: "2.4",
        quote: "",
        message: "the item type does not fit: {what}",
        help: "use integers, floats, complex numbers or booleans of whole bytes with `lanes` 1; the tensor's type must be the array's",
        reference: Reference::NotApplicable,
        notes: &[],
        page: "## What it checks\n\nItems must be of a type that the structs carry, and tensor and array must state the same type.\n\n## Why it matters\n\nThe array's type is the same on all ranks, also on ranks that hold nothing. A tensor of another type\nwould be read in items of the wrong size.\n\n## Example\n\n```c\nDapDType vector = {DAP_DTYPE_FLOAT, 64, 4};\ncode = dap_array_from_memory(2, dims, items, vector, NULL, NULL, 0, NULL, NULL, &other, &error);\n```\n\nEach item consists of four numbers.\n\n## Use instead\n\n```c\ncode = dap_array_from_memory(2, dims, items, float64, NULL, NULL, 0, NULL, NULL, &other, &error);\n```",
    },
    Rule {
        id: RuleId::TENSOR_MALFORMED, name: "tensor-malformed", severity: Severity::Error, level: Level::Must, scope: Scope::Struct, section: "2.4",
        quote: "",
        message: "the tensor does not fit: {what}",
        help: "give one extent for each dimension, each 0 or more, and strides in items that stay within the memory",
        reference: Reference::NotApplicable,
        notes: &[],
        page: "## What it checks\n\nThe tensor must have the array's number of dimensions. Extents must not be negative, and extents and\nstrides must stay within the range of memory. No two items may share memory that may be written.\n\n## Why it matters\n\nAll reads and writes compute their addresses from these numbers.\n\n## Example\n\n```c\nint64_t strides[2] = {0, 1};\ncode = dap_array_from_memory(2, dims, items, float64, NULL, strides, 0, NULL, NULL, &other, &error);\n```\n\nBoth rows are the same three numbers, and may be written.\n\n## Use instead\n\n```c\nint64_t strides[2] = {0, 1};\nint32_t read_only = 1;\ncode = dap_array_from_memory(2, dims, items, float64, NULL, strides, read_only, NULL, NULL, &other, &error);\n```",
    },
    Rule {
        id: RuleId::MEMORY_READ_ONLY, name: "memory-read-only", severity: Severity::Error, level: Level::Must, scope: Scope::Struct, section: "2.4",
        quote: "",
        message: "the memory may only be read",
        help: "write to memory that is yours: copy the items, or ask the producer for an array that may be written",
        reference: Reference::NotApplicable,
        notes: &[],
        page: "## What it checks\n\nA function that writes, such as `dap_plan_unpack`, must be given memory that may be written.\n\n## Why it matters\n\nRead-only memory may belong to a file or another process, or may be shared by several items. Its\nproducer relies on unchanged content.\n\n## Example\n\n```c\nDapDim line = dap_dim_whole(6);\nDapLayout *layout;\nDapPlan *plan;\nconst DapArray *arrays = &other;\ndap_array_from_memory(1, &line, items, float64, NULL, NULL, 1, NULL, NULL, &other, &error);\ndap_layout_from_arrays(1, &arrays, &layout, NULL, 0, NULL, &error);\ndap_plan_new(layout, -1, layout, 0, &plan, &error);\ncode = dap_plan_unpack(plan, 0, items, sizeof items, DAP_ORDER_C, &other, &error);\ndap_plan_free(plan);\ndap_layout_free(layout);\n```\n\nThe program unpacks received elements into an array that was made with `read_only` 1.\n\n## Use instead\n\n```c\nDapDim line = dap_dim_whole(6);\ndouble target[6];\nDapLayout *layout;\nDapPlan *plan;\nconst DapArray *arrays = &other;\ndap_array_from_memory(1, &line, target, float64, NULL, NULL, 0, NULL, NULL, &other, &error);\ndap_layout_from_arrays(1, &arrays, &layout, NULL, 0, NULL, &error);\ndap_plan_new(layout, -1, layout, 0, &plan, &error);\ncode = dap_plan_unpack(plan, 0, items, sizeof items, DAP_ORDER_C, &other, &error);\ndap_plan_free(plan);\ndap_layout_free(layout);\n```",
    },
    Rule {
        id: RuleId::INEXPRESSIBLE, name: "inexpressible", severity: Severity::Error, level: Level::Must, scope: Scope::Struct, section: "2.4",
        quote: "",
        message: "the structs cannot express it: {what}",
        help: "hand it over as a dictionary, by `__distarray__`, which can express it; or convert the items first",
        reference: Reference::NotApplicable,
        notes: &[],
        page: "## What it checks\n\nThe exported array must be expressible in the structs: items that DLPack has a type for, in the\nmachine's byte order, strides of whole items, and a distribution of version 0.10.\n\n## Why it matters\n\nA struct that stated something similar would be read literally, and wrongly. Byte orders of other\nmachines, records, strings and `long double` can be exported as a dictionary with a PEP-3118 buffer.\n\n## Example\n\n```python\nimport daparray, numpy\n\nswapped = numpy.zeros(4, numpy.dtype(float).newbyteorder())\nsection = daparray.Layout([daparray.Block(4)]).section(0, swapped)\nsection.__distarray_c__()\n```\n\nThe items are in the other byte order.\n\n## Use instead\n\n```python\nimport daparray, numpy\n\nswapped = numpy.zeros(4, numpy.dtype(float).newbyteorder())\nsection = daparray.Layout([daparray.Block(4)]).section(0, swapped)\nsection.__distarray__()\n```",
    },
    Rule {
        id: RuleId::OBJECT_DTYPE, name: "object-dtype", severity: Severity::Warning, level: Level::Lint, scope: Scope::Export, section: "3.3",
        quote: "",
        message: "`dtype` is object: the buffer holds pointers, which mean nothing outside this process",
        help: "export the values themselves, for example as fixed-width strings or a struct",
        reference: Reference::Accepts,
        notes: &[],
        page: "## What it checks\n\nThe rule reports the item type object (\"|O\"): the buffer holds pointers to Python objects.\n\n## Why it matters\n\nA pointer means nothing in another process, and nothing to another language even in the same\nprocess; sending such a buffer sends addresses. Even a Python consumer in the same process has to\nhandle reference counts. The usual cause is an array made by accident from rows of different\nlengths, or from strings.\n\n## Example\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"|O\", \"shape\": [10]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 10}]}\n```\n\nAn array of Python objects.\n\n## Use instead\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"|S16\", \"shape\": [10]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 10}]}\n```\n\nUse strings of a fixed width for text, numbers for numbers, and a struct for records.",
    },
    Rule {
        id: RuleId::VERSION_0_9, name: "version-0.9", severity: Severity::Info, level: Level::Lint, scope: Scope::Export, section: "10.1",
        quote: "",
        message: "this export is version 0.9; it is checked by the rules of 0.9",
        help: "with communication padding, 0.9 bounds mean other indices than 0.10 bounds: export as 0.10.0",
        reference: Reference::Rejects,
        notes: &[],
        page: "## What it checks\n\nThe rule reports an export of version 0.9, which is then checked by the rules of 0.9.\n\n## Why it matters\n\n0.10 changed the meaning of the bounds: in 0.9 a block's `start` and `stop` leave communication\npadding out, in 0.10 they include it. A consumer that reads 0.9 as 0.10 places every element one\nhalo width off. The 2014 validator accepts 0.10.0 only.\n\n## Example\n\n```json\n{\"__version__\": \"0.9.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 10}]}\n```\n\nThis block has no padding, so it means the same in both versions.\n\n## Use instead\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 10}]}\n```",
    },
    Rule {
        id: RuleId::OVERLAPPING_STRIDES, name: "overlapping-strides", severity: Severity::Warning, level: Level::Lint, scope: Scope::Export, section: "3.3",
        quote: "",
        message: "`strides` make several elements share memory",
        help: "writing to one element changes others; copy the buffer, or export it read-only",
        reference: Reference::Accepts,
        notes: &[("items", "counted in items? `strides` are in bytes: [{bytes}]")],
        page: "## What it checks\n\nThe rule reports `strides` with which two elements of the buffer share memory, for example a stride\nof 0 along a dimension that is longer than 1. Strides counted in items instead of bytes usually have\nthis effect too.\n\n## Why it matters\n\nReading is fine; NumPy's `broadcast_to` repeats a row in this way at no cost. But the protocol\nshares data that is updated, and a write to one element then changes others. A halo exchange or a\nredistribution into such a buffer leaves the value that was written last.\n\n## Example\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [3, 4], \"strides\": [0, 8]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 3, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 3},\n              {}]}\n```\n\nAll three rows are the same 4 numbers in memory.\n\n## Use instead\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [3, 4], \"strides\": [32, 8]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 3, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 3},\n              {}]}\n```\n\nA copy has memory of its own for each row; a read-only view is the alternative.",
    },
    Rule {
        id: RuleId::DISGUISED_BLOCK, name: "disguised-block", severity: Severity::Hint, level: Level::Lint, scope: Scope::Array, section: "7.5",
        quote: "",
        message: "`indices` is the contiguous range {first} to {last}",
        help: "a block ('b') with `start` {first} and `stop` {stop} describes the same elements and is faster to map and to move; the same holds on every rank",
        reference: Reference::Accepts,
        notes: &[],
        page: "## What it checks\n\nThe rule reports a dimension in which the `indices` of every process are a contiguous, ascending\nrange, and the ranges follow each other from 0 to `size`: the dimension could be a block dimension.\nRanges that no block could have, such as ranges counted from 1 (DAP907), are not reported.\n\n## Why it matters\n\nThe export is valid, but it lists n numbers for information that two numbers hold. A block is looked\nup by arithmetic, moved as one piece and described in a few bytes. An unstructured dimension needs a\nsearch or a hash table for each index, and its list needs memory comparable to the data.\n\n## Example\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [4]},\n \"dim_data\": [{\"dist_type\": \"u\", \"size\": 4, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"indices\": [0, 1, 2, 3]}]}\n```\n\n`indices` counts from 0 to 3.\n\n## Use instead\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [4]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 4, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 4}]}\n```\n\nIf some other rank's indices are scattered, the dimension stays unstructured on all of them.",
    },
    Rule {
        id: RuleId::PERIODIC_OVERLAP, name: "periodic-overlap", severity: Severity::Warning, level: Level::Lint, scope: Scope::Dimension, section: "5.3",
        quote: "",
        message: "the periodic images [{lo}, {hi}] do not fit: {interior} of the {size} indices lie between them",
        help: "a periodic dimension needs `size` >= lo + hi + max(lo, hi), or an image would be copied from another image",
        reference: Reference::Accepts,
        notes: &[],
        page: "## What it checks\n\nThe rule reports a periodic dimension that is too short for its images. With the outer padding (lo,\nhi), an index i below lo is an image of index `i + size - lo - hi`, and index `size - hi + j` is an\nimage of `lo + j`. The sources of all images are interior elements if the interior is at least as\nlong as the wider padding: `size - lo - hi >= max(lo, hi)`.\n\n## Why it matters\n\nOtherwise an image is a copy of another image, and one exchange is not enough to update it; its\nvalue depends on the order of the copies. Small test grids with wide stencils are the usual case.\n\n## Example\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [5]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 5, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 5, \"padding\": [2, 2], \"periodic\": true}]}\n```\n\nThere is one interior element, and there are two images on each side.\n\n## Use instead\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [8]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 8, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 8, \"padding\": [2, 2], \"periodic\": true}]}\n```\n\nThere are four interior elements.",
    },
    Rule {
        id: RuleId::EMPTY_ARRAY, name: "empty-array", severity: Severity::Hint, level: Level::Lint, scope: Scope::Array, section: "9.1",
        quote: "With any dist_type: size == 0",
        message: "the array has no elements: its shape is {shape}",
        help: "this is valid; it is reported because it is seldom intended",
        reference: Reference::Accepts,
        notes: &[],
        page: "## What it checks\n\nThe rule reports a dimension with `size` 0, which leaves the whole array without elements.\n\n## Why it matters\n\nThe protocol allows it, and slicing can produce it. More often a selection was empty or a length was\nnever set, and the program continues without data: sums are 0, minima raise errors, files are\nwritten empty.\n\n## Example\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [0]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 0, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 0}]}\n```\n\n`size` is 0.\n\n## Use instead\n\n```json\n{\"__version__\": \"0.10.0\",\n \"buffer\": {\"dtype\": \"<f8\", \"shape\": [10]},\n \"dim_data\": [{\"dist_type\": \"b\", \"size\": 10, \"proc_grid_size\": 1, \"proc_grid_rank\": 0,\n               \"start\": 0, \"stop\": 10}]}\n```",
    },
    Rule {
        id: RuleId::COUNTED_FROM_ONE, name: "counted-from-one", severity: Severity::Hint, level: Level::Lint, scope: Scope::Array, section: "7.1",
        quote: "",
        message: "the indices lie between 1 and `size` {size}: are they counted from 1?",
        help: "global indices start at 0: if these are positions, subtract 1 from each; as labels they are valid",
        reference: Reference::Accepts,
        notes: &[],
        page: "## What it checks\n\nThe rule reports `indices` of an unstructured dimension that look as if they were counted from 1, as\nin Fortran, Julia and MATLAB: none is below 1, none is above `size`, and `size` itself is among\nthem.\n\n## Why it matters\n\nThe protocol allows any labels, so the export is valid. But an array whose labels are 1 to `size`\ncannot be moved to a block or a cyclic distribution, whose indices are 0 to `size` - 1. Beside\nanother array that counts from 0, every element is off by one.\n\n## Example\n\n```ndjson\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [3]}, \"dim_data\": [{\"dist_type\": \"u\", \"size\": 6, \"proc_grid_size\": 2, \"proc_grid_rank\": 0, \"indices\": [1, 2, 3]}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [3]}, \"dim_data\": [{\"dist_type\": \"u\", \"size\": 6, \"proc_grid_size\": 2, \"proc_grid_rank\": 1, \"indices\": [6, 5, 4]}]}\n```\n\nThere is no index 0, and index 6 does not exist in a dimension of 6.\n\n## Use instead\n\n```ndjson\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [3]}, \"dim_data\": [{\"dist_type\": \"u\", \"size\": 6, \"proc_grid_size\": 2, \"proc_grid_rank\": 0, \"indices\": [0, 1, 2]}]}\n{\"__version__\": \"0.10.0\", \"buffer\": {\"dtype\": \"<f8\", \"shape\": [3]}, \"dim_data\": [{\"dist_type\": \"u\", \"size\": 6, \"proc_grid_size\": 2, \"proc_grid_rank\": 1, \"indices\": [5, 4, 3]}]}\n```",
    },
];
