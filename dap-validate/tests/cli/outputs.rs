//! Every option that names a file to write: refused alike where the file cannot be written, before
//! anything is read for it.

use crate::files::{Files, Outcome, valid};

/// A command whose output goes to `FILE`; the names that its format asks for, and what the files
/// are for.
struct Output {
    args: &'static [&'static str],
    extension: &'static str,
    /// The picture's format is the name's ending.
    picture: bool,
    /// `-` is standard output.
    stdout: bool,
}

const fn output(args: &'static [&'static str], extension: &'static str, picture: bool, stdout: bool) -> Output {
    Output { args, extension, picture, stdout }
}

const OUTPUTS: [Output; 16] = [
    output(&["check", "run", "--output-format", "full=FILE"], "txt", false, true),
    output(&["check", "run", "--output-format", "concise=FILE"], "txt", false, true),
    output(&["check", "run", "--output-format", "json=FILE"], "json", false, true),
    output(&["check", "run", "--output-format", "json-lines=FILE"], "x", false, true),
    output(&["check", "run", "--output-format", "github=FILE"], "x", false, true),
    output(&["check", "run", "--output-format", "sarif=FILE"], "x", false, true),
    output(&["check", "run", "--output-format", "junit=FILE"], "x", false, true),
    output(&["check", "run", "--output-format", "markdown=FILE"], "md", false, true),
    output(&["check", "run", "--output-format", "html=FILE"], "html", false, true),
    output(&["show", "run", "--svg", "FILE"], "svg", true, false),
    output(&["plot", "run", "-o", "FILE"], "svg", true, true),
    output(&["plot", "run", "--output=FILE"], "SVG", true, true),
    output(&["plan", "run", "run", "-o", "FILE"], "Svg", true, false),
    output(&["gen", "--shape", "4", "-o", "FILE"], "ndjson", false, true),
    output(&["gen", "--shape", "4", "--format", "bundle", "-o", "FILE"], "json", false, true),
    output(&["convert", "numpy.json", "--format", "bundle", "-o", "FILE"], "json", false, true),
];

fn files(test: &str) -> Files {
    let [first, second] = valid();
    Files::new(test)
        .with("run/rank-0.json", first)
        .with("run/rank-1.json", second)
        .with("numpy.json", r#"[{"typestr": "<f8", "shape": [3], "axis": 0}]"#)
        .with("folder.svg/x", "")
        .with("folder/x", "")
}

fn run(files: &Files, output: &Output, file: &str) -> Outcome {
    let args: Vec<String> = output.args.iter().map(|arg| arg.replace("FILE", file)).collect();
    files.run(&args.iter().map(String::as_str).collect::<Vec<_>>())
}

#[test]
fn each_is_written() {
    let files = files("outputs-written");
    for output in &OUTPUTS {
        let name = format!("made.{}", output.extension);
        let _ = std::fs::remove_file(files.root().join(&name));
        let outcome = run(&files, output, &name);
        assert_eq!(outcome.code, 0, "{:?}: {}", output.args, outcome.stderr);
        assert!(!files.read(&name).is_empty(), "{:?}", output.args);
        let dash = run(&files, output, "-");
        assert!(!files.root().join("-").exists(), "{:?}", output.args);
        if output.stdout {
            assert_eq!((dash.code, dash.stdout), (0, files.read(&name)), "{:?}: {}", output.args, dash.stderr);
        } else {
            assert_eq!((dash.code, dash.stdout.as_str()), (2, ""), "{:?}", output.args);
            assert!(dash.stderr.contains("standard output has the text already"), "{}", dash.stderr);
        }
    }
}

#[test]
fn each_is_refused_before_anything_is_read() {
    let files = files("outputs-refused");
    for output in &OUTPUTS {
        let extension = output.extension;
        for (file, words) in [
            (format!("none/out.{extension}"), "there is no directory none; make it first"),
            (if output.picture { "folder.svg" } else { "folder" }.to_owned(), "it is a directory; name a file in it"),
            (format!("out.{extension}.gz"), if output.picture { "does not end in" } else { "nothing is compressed" }),
        ] {
            let outcome = run(&files, output, &file);
            assert_eq!((outcome.code, outcome.stdout.as_str()), (2, ""), "{:?} {file}", output.args);
            assert!(outcome.stderr.contains(words), "{:?} {file}: {}", output.args, outcome.stderr);
        }
        for file in if output.picture { &["out.gif", "out.pdf", "out.svgz", "out.svg.bak"][..] } else { &[] } {
            let outcome = run(&files, output, file);
            assert_eq!((outcome.code, outcome.stdout.as_str()), (2, ""), "{:?} {file}", output.args);
            assert!(outcome.stderr.contains("does not end in `.svg`"), "{:?}: {}", output.args, outcome.stderr);
            assert!(!files.root().join(file).exists());
        }
    }
    // Without an ending a name says no format, but --svg does.
    assert_eq!(files.run(&["plot", "run", "-o", "picture"]).code, 2);
    assert_eq!(files.run(&["show", "run", "--svg", "picture"]).code, 0);
}

#[test]
fn endings_in_letters_of_any_case() {
    let files = files("outputs-case");
    for name in ["p.svg", "p.SVG", "p.Svg", "p.png", "p.PNG", "p.Png"] {
        let is_png = name.to_ascii_lowercase().ends_with("png");
        let expected = if cfg!(feature = "png") || !is_png { 0 } else { 2 };
        for args in [&["plot", "run", "-o", name][..], &["plan", "run", "run", "-o", name]] {
            let _ = std::fs::remove_file(files.root().join(name));
            let outcome = files.run(args);
            assert_eq!(outcome.code, expected, "{args:?}: {}", outcome.stderr);
            if expected == 0 {
                let bytes = std::fs::read(files.root().join(name)).unwrap();
                assert!(bytes.starts_with(if is_png { b"\x89PNG" } else { b"<svg" }), "{args:?}");
            }
        }
        let shown = files.run(&["show", "run", "--svg", name]);
        assert_eq!(shown.code, if is_png { 2 } else { 0 }, "{name}: {}", shown.stderr);
    }
}
