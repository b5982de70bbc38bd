//! The generated files match the pages, and the pages are complete.

use dap_spec::{outputs, read_pages, workspace_root};

#[test]
fn generated_files_have_not_drifted() {
    let root = workspace_root();
    let pages = read_pages(&root.join("spec/rules")).unwrap();
    for output in outputs(&pages).unwrap() {
        let checked_in = std::fs::read_to_string(root.join(output.path)).unwrap_or_default();
        assert!(checked_in == output.text, "{} has drifted: run `cargo run -p dap-spec`", output.path);
    }
}

#[test]
fn every_page_has_its_sections() {
    for page in read_pages(&workspace_root().join("spec/rules")).unwrap() {
        for section in ["## What it checks", "## Why it matters", "## Example", "## Use instead"] {
            assert!(page.page.contains(section), "{}: no section `{section}`", page.id);
        }
    }
}

#[test]
fn every_section_exists() {
    let root = workspace_root();
    let text = |name: &str| std::fs::read_to_string(root.join("spec").join(name)).unwrap();
    let (protocol, abi) = (text("protocol.md"), text("abi.md"));
    for page in read_pages(&root.join("spec/rules")).unwrap() {
        let heading = |line: &str| {
            line.starts_with('#') && line.trim_start_matches('#').trim().split([' ', '.']).next().is_some()
        };
        let (document, name) = if page.scope == "struct" { (&abi, "abi.md") } else { (&protocol, "protocol.md") };
        let found = document.lines().filter(|line| heading(line)).any(|line| {
            let number = line.trim_start_matches('#').split_whitespace().next().unwrap_or_default();
            number.trim_end_matches('.') == page.section
        });
        assert!(found, "{}: section {} is not in spec/{name}", page.id, page.section);
    }
}
