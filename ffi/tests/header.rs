//! The header matches the library: codes and functions in `include/daparray.h` are made from the
//! Rust source, and this test fails if they differ. `UPDATE_SNAPSHOTS=1` writes them.

use std::fmt::Write as _;
use std::path::Path;

use dap_core::rules::{Rule, Scope};
use dap_ffi::Code;

const FILES: [&str; 13] = [
    "errors",
    "build",
    "lifetime",
    "local",
    "describe",
    "validate",
    "spec",
    "layout",
    "parts",
    "maps",
    "plan",
    "transfer",
    "scalapack",
];

/// The codes as an enumeration.
fn codes() -> String {
    let mut out = String::from(
        "/* Codes: below 1000 the number of a rule (304 is DAP304; pages in spec/rules); from 1000 on they\n * describe the call. */\nenum {\n  DAP_OK = 0,\n",
    );
    for (code, name) in Code::NAMED {
        let meaning = Rule::find(&code.to_string()).map_or(String::new(), |rule| format!(" /* {} */", rule.name));
        let _ = writeln!(out, "  DAP_E_{name} = {},{meaning}", code.0);
    }
    out.truncate(out.trim_end().len());
    out + "\n};\n"
}

/// A type of Rust in C.
fn c_type(rust: &str) -> String {
    if let Some(inner) = rust.strip_prefix("*const ") {
        // A pointer to a constant pointer.
        return if inner.starts_with('*') {
            format!("{}const *", c_type(inner))
        } else {
            format!("const {} *", c_type(inner))
        }
        .replace("  ", " ");
    }
    if let Some(inner) = rust.strip_prefix("*mut ") {
        let inner = c_type(inner);
        return if inner.ends_with('*') { inner + "*" } else { inner + " *" };
    }
    match rust {
        "i32" => "int32_t".into(),
        "i64" => "int64_t".into(),
        "usize" => "size_t".into(),
        // The only integers of type `int` are Fortran's communicator handles.
        "c_int" => "MPI_Fint".into(),
        "c_char" => "char".into(),
        "c_void" => "void".into(),
        "DLManagedTensorVersioned" => "struct DLManagedTensorVersioned".into(),
        "DapArray" | "DapDim" | "DapDimSpec" | "DapError" | "DapDType" | "DapLayout" | "DapPlan" | "DapMpiMove"
        | "DapMpiHalo" | "MPI_Comm" => rust.into(),
        other => panic!("no C type for {other}"),
    }
}

fn parameter(text: &str) -> String {
    let (name, rust) = text.split_once(": ").unwrap();
    if rust.starts_with("Option<unsafe extern \"C\" fn") {
        return format!("void (*{name})(void *owner)");
    }
    let c = c_type(rust);
    if c.ends_with('*') { format!("{c}{name}") } else { format!("{c} {name}") }
}

/// The declarations of the functions in one file.
fn declarations(source: &str) -> String {
    let mut out = String::new();
    for (before, after) in
        source.match_indices("#[unsafe(no_mangle)]\n").map(|(at, mark)| source.split_at(at + mark.len()))
    {
        let doc: Vec<&str> = before
            .trim_end_matches("#[unsafe(no_mangle)]\n")
            .lines()
            .rev()
            .map_while(|line| line.strip_prefix("///"))
            .collect();
        let doc: Vec<&str> = doc.iter().rev().map(|line| line.trim()).collect();
        assert!(!doc.is_empty(), "a function without a comment");
        let signature = after.split(" {\n").next().unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
        let (name, rest) = signature.split_once("fn ").unwrap().1.split_once('(').unwrap();
        let (parameters, result) = rest.rsplit_once(')').unwrap();
        // The only type with a comma or a bracket is the callback, whose parameter list is in
        // brackets.
        let parameters: Vec<String> = parameters
            .split(", ")
            .map(|p| p.trim().trim_end_matches(','))
            .filter(|p| !p.is_empty())
            .map(parameter)
            .collect();
        let parameters = if parameters.is_empty() { "void".to_owned() } else { parameters.join(", ") };
        let result = result.trim().strip_prefix("-> ").map_or_else(|| "void".to_owned(), c_type);
        let space = if result.ends_with('*') { "" } else { " " };
        let _ = write!(
            out,
            "{}\n{}\n",
            comment(&doc.join(" ").replace('`', "").replace("null", "NULL")),
            wrap(&format!("{result}{space}{name}({parameters});"))
        );
        out.push('\n');
    }
    out
}

/// A comment in lines of at most 100 characters, wherever the source breaks its lines.
fn comment(text: &str) -> String {
    let mut out = String::from("/*");
    let mut column = out.len();
    for word in text.split_whitespace().chain(["*/"]) {
        if column + 1 + word.len() > 100 {
            out += "\n  ";
            column = 2;
        }
        out += " ";
        out += word;
        column += 1 + word.len();
    }
    out
}

/// Lines of at most 120 characters, broken at commas.
fn wrap(text: &str) -> String {
    let indent = text.find('(').unwrap_or(0) + 1;
    let (mut out, mut column) = (String::new(), 0);
    for part in text.split_inclusive(", ") {
        if column + part.trim_end().len() > 120 {
            out.truncate(out.trim_end().len());
            let _ = write!(out, "\n{}", " ".repeat(indent));
            column = indent;
        }
        out += part;
        column += part.len();
    }
    out
}

fn replaced(header: &str, section: &str, text: &str) -> String {
    let begin = format!("/* --- generated: {section} --- */\n");
    let at = header.find(&begin).unwrap() + begin.len();
    let end = at + header[at..].find("/* --- end --- */").unwrap();
    format!("{}{text}{}", &header[..at], &header[end..])
}

#[test]
fn the_header_is_that_of_the_source() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = folder.join("include/daparray.h");
    let header = std::fs::read_to_string(&path).unwrap();
    let functions: String = FILES
        .iter()
        .map(|file| declarations(&std::fs::read_to_string(folder.join(format!("src/capi/{file}.rs"))).unwrap()))
        .collect();
    let made = replaced(&replaced(&header, "codes", &codes()), "functions", &functions);
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&path, made).unwrap();
        return;
    }
    assert!(made == header, "include/daparray.h is not what ffi/src says; write it with UPDATE_SNAPSHOTS=1");
}

#[test]
fn the_header_for_mpi_is_that_of_the_source() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("mpi");
    let path = folder.join("include/daparray_mpi.h");
    let header = std::fs::read_to_string(&path).unwrap();
    let functions: String = ["redistribute", "halo", "memory"]
        .iter()
        .map(|file| declarations(&std::fs::read_to_string(folder.join(format!("src/{file}.rs"))).unwrap()))
        .collect();
    let made = replaced(&header, "functions", &functions);
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&path, made).unwrap();
        return;
    }
    assert!(made == header, "daparray_mpi.h is not what ffi/mpi/src says; write it with UPDATE_SNAPSHOTS=1");
}

#[test]
fn every_file_with_functions_is_in_the_header() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/capi");
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let text = std::fs::read_to_string(entry.path()).unwrap();
        let name = entry.path().file_stem().unwrap().to_string_lossy().into_owned();
        assert_eq!(text.contains("no_mangle"), FILES.contains(&&*name), "{name}");
    }
}

#[test]
fn every_rule_about_structs_has_a_code() {
    let rules = Rule::all().iter().filter(|rule| rule.scope == Scope::Struct).map(|rule| i32::from(rule.id.number()));
    let codes = Code::NAMED.iter().map(|(code, _)| code.0).filter(|code| *code < 1000);
    assert_eq!(rules.collect::<Vec<_>>(), codes.collect::<Vec<_>>());
}

/// The names of the functions of `text` that take the rank of a process and can refuse it.
fn with_a_rank(text: &str) -> Vec<String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let functions = text.split(';').filter_map(|declaration| {
        let (before, parameters) = declaration.rsplit_once("int32_t dap_").map(|(_, rest)| rest.split_once('('))??;
        let takes = parameters
            .split(", ")
            .any(|parameter| matches!(parameter, "int64_t rank" | "int64_t from_rank" | "int64_t to_rank"));
        takes.then(|| format!("dap_{before}"))
    });
    functions.collect()
}

#[test]
fn every_function_with_a_rank_is_tested_without_it() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    let header = read("include/daparray.h");
    let functions = with_a_rank(header.split("/* --- generated: functions --- */").nth(1).unwrap());
    assert!(functions.len() >= 7, "{functions:?}");
    let (c, fortran) = (read("tests/native/ranks.c"), read("tests/native/ranks.f90"));
    for name in &functions {
        assert!(c.contains(&format!("CALL({name}, {name}(")), "{name} is missing in ranks.c");
        let name = if name == "dap_layout_global" { "dap_global" } else { name };
        assert!(fortran.contains(&format!("{name}(layout, ")), "{name} is missing in ranks.f90");
    }
}

#[test]
fn every_safety_comment_has_its_own_argument() {
    fn look(folder: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                look(&path, found);
            } else {
                let text = std::fs::read_to_string(&path).unwrap();
                let comments = text.split("// SAFETY: ").skip(1).map(|text| text.lines().next().unwrap_or_default());
                let empty = comments.filter(|comment| {
                    ["as above", "as for all", "as the caller", "the caller's promise"]
                        .iter()
                        .any(|by| comment.starts_with(by))
                });
                found.extend(empty.map(|comment| format!("{}: {comment}", path.display())));
            }
        }
    }
    let mut found = Vec::new();
    look(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    assert!(found.is_empty(), "{found:#?}");
}

/// The text of a file, by its path from the crate's folder.
fn text_of(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path))
        .unwrap_or_else(|why| panic!("{path}: {why}"))
}

/// The reference tables of the guide name every function of the headers and every procedure of the
/// Fortran modules.
#[test]
fn the_guide_is_complete() {
    let guide = text_of("../spec/guide/c.md");
    for header in ["include/daparray.h", "mpi/include/daparray_mpi.h"] {
        let text = text_of(header);
        let functions: Vec<&str> = text
            .lines()
            .filter(|line| {
                ["int32_t ", "void ", "const char *", "static inline "].iter().any(|start| line.starts_with(start))
            })
            .filter_map(|line| line.split_once("dap_")?.1.split_once('(').map(|(name, _)| name))
            // Inner helpers, and the twins for Fortran's communicators.
            .filter(|name| !name.ends_with('_') && !name.ends_with("_f"))
            .collect();
        assert!(functions.len() > 10, "{header}: {functions:?}");
        for name in functions {
            assert!(guide.contains(&format!("dap_{name}(")), "spec/guide/c.md does not name dap_{name}");
        }
    }
    let guide = text_of("../spec/guide/fortran.md");
    for module in [
        "fortran/daparray.f90",
        "fortran/daparray_layout.f90",
        "fortran/daparray_plan.f90",
        "mpi/fortran/daparray_mpi.f90",
    ] {
        let text = text_of(module);
        let names =
            text.lines().filter_map(|line| line.trim().strip_prefix("public :: ")).flat_map(|names| names.split(", "));
        // For the modules themselves, and their tests.
        let names: Vec<&str> =
            names.filter(|name| !["dap_c_text", "dap_error_of", "dap_sizes_agree"].contains(name)).collect();
        assert!(names.len() > 5, "{module}: {names:?}");
        for name in names.iter().filter(|name| !name.ends_with("_t")) {
            assert!(guide.contains(&format!("{name}(")), "spec/guide/fortran.md does not name {name}");
        }
    }
}
