//! `gen`: what it writes is right, or wrong in one way.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::files::Files;

/// Arrays of all kinds; the last one has a dimension of each type.
const RECIPES: [&str; 12] = [
    "--shape ()",
    "--shape 12",
    "--shape 100,100 --dist b,c:4 --grid 4,2 --halo 1 --boundary 1,2 --periodic 0",
    "--shape 7,5 --dist c,c:3 --grid 3,4 --rotate 0:2 --rotate 1:1 --order F",
    "--shape 20 --grid 7 --balanced --dtype >i2",
    "--shape 20 --grid 6 --irregular --seed 3",
    "--shape 60 --grid 6 --irregular --halo 2 --boundary 3,0 --seed 4",
    "--shape 30 --dist u --grid 4 --seed 9",
    "--shape 30,4 --dist u,b --grid 4,2 --irregular --version 0.10.7",
    "--shape 12 --grid 3 --version 0.9.0 --halo 1 --periodic 0",
    "--shape 0,3 --grid 2,2 --dist b,c",
    "--shape 24,9,8 --grid 2,3,2 --dist c:2,b,u --halo 1:1 --boundary 0,1 --order F",
];

fn generate(files: &Files, options: &str) -> String {
    let args: Vec<&str> = ["gen"].into_iter().chain(options.split_whitespace()).collect();
    let outcome = files.run(&args);
    assert_eq!((outcome.code, &*outcome.stderr), (0, ""), "gen {options}");
    outcome.stdout
}

/// The rules that the exports break, 0.9's notice and what is rightly said of a right array aside.
fn found(files: &Files, text: &str) -> BTreeSet<String> {
    let outcome = files.run_with_input(&["check", "-", "--output-format", "json"], text);
    let report: Value = serde_json::from_str(&outcome.stdout).unwrap();
    let rules = report["diagnostics"].as_array().unwrap().iter().map(|d| d["rule"].as_str().unwrap().to_owned());
    rules.filter(|rule| !["DAP902", "DAP407", "DAP906"].contains(&&**rule)).collect()
}

fn breakable(files: &Files) -> Vec<(String, String)> {
    let list = files.run(&["gen", "--break", "list"]).stdout;
    let words = |line: &str| {
        let mut words = line.split_whitespace();
        let id = words.next()?.to_owned();
        words.next()?;
        Some((id, words.collect::<Vec<_>>().join(" ")))
    };
    list.lines().skip(1).filter_map(words).collect()
}

#[test]
fn recipes_are_valid() {
    let files = Files::new("gen-valid");
    for recipe in RECIPES {
        let text = generate(&files, recipe);
        assert_eq!(found(&files, &text), BTreeSet::new(), "{recipe}\n{text}");
        assert_eq!(text, generate(&files, recipe), "the same each time");
    }
    let seeds = ["--seed 1", "--seed 2"].map(|seed| generate(&files, &format!("--shape 30 --dist u {seed}")));
    assert_ne!(seeds[0], seeds[1]);
}

#[test]
fn a_broken_recipe_breaks_its_rule_only() {
    let files = Files::new("gen-broken");
    let mut broken = BTreeSet::new();
    let rules: Vec<String> =
        breakable(&files).into_iter().filter(|(_, how)| how.contains("recipe")).map(|(id, _)| id).collect();
    assert!(rules.len() > 25, "{rules:?}");
    for recipe in [RECIPES[0], RECIPES[2], RECIPES[3], RECIPES[9], RECIPES[11], "--shape 30 --dist u --grid 4"] {
        for rule in &rules {
            for everywhere in ["", " --everywhere"] {
                let options = format!("{recipe} --break {rule}{everywhere}");
                let args: Vec<&str> = ["gen"].into_iter().chain(options.split_whitespace()).collect();
                let outcome = files.run(&args);
                if outcome.code == 2 {
                    assert_eq!(outcome.stdout, "", "nothing is written when something is refused");
                    let needs = ["the array needs", "not every rank"].iter().any(|why| outcome.stderr.contains(why));
                    assert!(needs, "{}", outcome.stderr);
                    continue;
                }
                assert_eq!(found(&files, &outcome.stdout), BTreeSet::from([rule.clone()]), "gen {options}");
                broken.insert(rule.clone());
            }
        }
    }
    assert_eq!(broken, rules.into_iter().collect(), "each can be broken in one of these arrays");
}

#[test]
fn an_example_breaks_its_rule_only() {
    let files = Files::new("gen-example");
    let mut count = 0;
    for (rule, how) in breakable(&files) {
        if how == "-" {
            let outcome = files.run(&["gen", "--break", &rule]);
            assert_eq!(outcome.code, 2);
            assert!(outcome.stderr.contains("no export breaks it"), "{}", outcome.stderr);
            continue;
        }
        // Not errors, or of the profile `strict`.
        if ["DAP407", "DAP408", "DAP902", "DAP906"].contains(&&*rule) {
            continue;
        }
        let text = generate(&files, &format!("--break {rule}"));
        assert_eq!(found(&files, &text), BTreeSet::from([rule]), "{text}");
        count += 1;
    }
    assert!(count > 70);
}

#[test]
fn the_same_array_in_each_form() {
    let files = Files::new("gen-forms");
    let recipe = "--shape 9,9 --grid 3,1 --halo 0:1 ";
    let lines = generate(&files, &format!("{recipe} -o lines.ndjson"));
    assert_eq!(lines, "", "it goes into the file");
    generate(&files, &format!("{recipe} --format bundle -o bundle.json"));
    generate(&files, &format!("{recipe} --format directory -o run"));
    let lines: Vec<Value> =
        files.read("lines.ndjson").lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let bundle: Value = serde_json::from_str(&files.read("bundle.json")).unwrap();
    assert_eq!(bundle["ranks"].as_array(), Some(&lines));
    for (rank, line) in lines.iter().enumerate() {
        let file: Value = serde_json::from_str(&files.read(&format!("run/rank-{rank}.json"))).unwrap();
        assert_eq!(file, *line);
    }
    for path in ["lines.ndjson", "bundle.json", "run"] {
        assert_eq!(files.run(&["check", path]).code, 0, "{path}");
    }
    let again = files.run(&["gen", "--shape", "4", "--format", "directory", "-o", "run"]);
    assert_eq!(again.code, 2);
    assert!(again.stderr.contains("is not empty"), "{}", again.stderr);
}

#[test]
fn what_makes_no_sense_is_refused() {
    let files = Files::new("gen-refused");
    for (options, why) in [
        ("", "--shape"),
        ("--shape 4,4 --grid 2", "--shape has 2 dimensions, but --grid has 1"),
        ("--shape 4 --dist b,c", "--dist has 2"),
        ("--shape 4 --grid 0", "`proc_grid_size` is 0, at least 1"),
        ("--shape=-4", "`size` is -4, at least 0"),
        ("--shape 4 --dist x", "b (block)"),
        ("--shape 4 --dist c:0", "dimension 0: the value is too small: `block_size` is 0"),
        ("--shape 4 --dist c --halo 1", "--halo: this array has no block dimension"),
        ("--shape 4 --dist c --periodic 0", "--periodic: dimension 0 is not a block"),
        ("--shape 4 --halo 3:1", "--halo: dimension 3 is not a block"),
        ("--shape 4 --rotate 1", "--rotate: this array has no cyclic dimension"),
        ("--shape 4 --dist c --rotate 1", "`proc_grid_rank` is 1, at most 0"),
        ("--shape 8 --grid 4 --halo 3", "communication padding must not be wider"),
        ("--shape 8 --grid 4 --boundary 3", "write the widths at both ends"),
        ("--shape 8 --version 1.0.0", "0.10.0 or 0.9.0"),
        ("--shape 8 --dtype <f7", "<f7"),
        ("--shape 8 --dtype &<d", "pointer"),
        ("--shape 4000000000,4000000000 --dtype <f8", "beyond 64-bit"),
        ("--shape 8 --dist u --shape 999999999999", "used multiple times"),
        ("--shape 999999999999 --dist u", "lists its indices"),
        ("--shape 8 --version 0.9.0 --periodic 0 --boundary 1,1", "only version 0.10"),
        ("--shape 8 --format directory", "-o PATH"),
        ("--shape 8 -o missing/file.ndjson", "there is no directory missing; make it first"),
        ("--shape 8 --break DAP9999", "no such rule"),
        ("--shape 8 --break DAP612", "without --shape writes the example"),
        ("--break DAP305 --everywhere", "--shape"),
        ("--break DAP013 --format bundle", "is a document of all ranks already"),
    ] {
        let args: Vec<&str> = ["gen"].into_iter().chain(options.split_whitespace()).collect();
        let outcome = files.run(&args);
        assert_eq!((outcome.code, &*outcome.stdout), (2, ""), "gen {options}");
        assert!(outcome.stderr.contains(why), "gen {options}: {}", outcome.stderr);
    }
}
