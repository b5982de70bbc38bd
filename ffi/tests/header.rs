//! The header says what the library has: codes and functions in `include/daparray.h` are made from the Rust source, and this
//! test fails when they drift. `UPDATE_SNAPSHOTS=1` writes them.

use std::fmt::Write as _;
use std::path::Path;

use dap_core::rules::{Rule, Scope};
use daparray::Code;

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
        "/* Codes: below 1000 the number of a rule (304 is DAP304; pages in spec/rules), from 1000 on about the call. */\nenum {\n  DAP_OK = 0,\n",
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
        // Of all integers only Fortran's numbers of communicators are `int`s.
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
        // The one type with a comma or a bracket is the callback, whose own parameter list is in brackets.
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
            "/* {} */\n{}\n",
            doc.join("\n   ").replace('`', "").replace("null", "NULL"),
            wrap(&format!("{result}{space}{name}({parameters});"))
        );
        out.push('\n');
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
