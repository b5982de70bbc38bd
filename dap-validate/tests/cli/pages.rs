//! The sessions in the rules' pages: what an example prints is what the program prints.

use std::fs;
use std::path::Path;

use crate::files::{Files, block, export, run, valid};

/// The files that a page's example is about.
pub(crate) fn setting(rule: &str) -> Option<Files> {
    let files = Files::new(&format!("page-{rule}"));
    let [first, second] = valid();
    Some(match rule {
        "DAP001" => {
            let files = files.with("run/rank-0.json", first);
            std::os::unix::fs::symlink("/no-such-directory/rank-1.json", files.root().join("run/rank-1.json")).unwrap();
            files
        }
        "DAP008" => files.with("field_0.dnpy", b"\x93NUMPY\x01\x00\x76\x00"),
        "DAP009" => files.with(
            "run/rank-0.json",
            r#"{"__version__": "0.10.0",
 "buffer": {"dtype": "<f8", "shape": [5], "data": "rank-0.npy"},
 "dim_data": [{}]}"#,
        ),
        "DAP010" => files.with("out/metadata_0.json", first).with("out/metadata_1.json", second),
        "DAP198" => {
            let cyclic = |rank, start, extent| {
                let dim = format!(
                    r#"{{"dist_type": "c", "size": 3, "proc_grid_size": 3, "proc_grid_rank": {rank}, "start": {start}, "block_size": 2}}"#
                );
                export(&format!("[{extent}]"), &dim) + "\n"
            };
            files.with("empty.ndjson", cyclic(0, 0, 2) + &cyclic(1, 2, 1) + &cyclic(2, 3, 0))
        }
        "DAP199" => {
            files.with("rank-0.json", export("[5]", &block(5, 1, 0, 0, 5).replace(r#""dist_type": "b", "#, "")))
        }
        "DAP602" => {
            files.with("run/rank-0.json", first).with("run/rank-1.json", &second).with("run/rank-01.json", second)
        }
        "DAP622" => (0..4).fold(files, |files, rank| {
            let text = export("[5]", &block(20, 4, rank, 5 * rank, 5 * rank + 5));
            files.with(&format!("run/rank-{rank}.json"), text)
        }),
        // A file would have to change at the right moment.
        "DAP011" => return None,
        _ => panic!("{rule}: the files of the example are to be written here"),
    })
}

#[test]
fn examples_print_what_the_pages_show() {
    let mut sessions = 0;
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec/rules")).unwrap() {
        let path = entry.unwrap().path();
        let page = fs::read_to_string(&path).unwrap();
        let Some((_, example)) = page.split_once("## Example\n\n```console\n$ dap-validate ") else { continue };
        let session = example.split("```").next().unwrap();
        let (command, shown) = session.split_once('\n').unwrap();
        let rule = path.file_stem().unwrap().to_str().unwrap();
        let Some(files) = setting(rule) else { continue };
        let outcome = run(files.root(), &command.split(' ').collect::<Vec<_>>(), "");
        assert_eq!(outcome.stdout, shown, "{rule}");
        sessions += 1;
    }
    assert_eq!(sessions, 8);
}
