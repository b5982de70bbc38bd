//! `completions` and `man`: that they know every command and format.

use crate::files::Files;

#[test]
fn completions_for_every_shell() {
    let files = Files::new("completions");
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let outcome = files.run(&["completions", shell]);
        assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{shell}");
        // Elvish and PowerShell complete no values of options.
        let values: &[&str] = if ["elvish", "powershell"].contains(&shell) { &[] } else { &["sarif", "json-lines"] };
        for word in ["check", "diff", "fail-on"].iter().chain(values) {
            assert!(outcome.stdout.contains(word), "{shell}: {word}");
        }
    }
    let outcome = files.run(&["completions", "cmd"]);
    assert_eq!(outcome.code, 2);
    assert!(outcome.stderr.contains("bash, elvish, fish"), "{}", outcome.stderr);
}

/// The commands, and the long options of each, as their help lists them.
fn commands(files: &Files) -> Vec<(String, Vec<String>)> {
    let help = files.run(&["--help"]).stdout;
    let listed = help.split("Commands:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    let names = listed.lines().map(|line| line.split_whitespace().next().unwrap().to_owned());
    let options = |name: &str| {
        let help = files.run(&[name, "-h"]).stdout;
        // `  -o, --output <PATH>  Where to write`: the option comes first, and two blanks before
        // what it is for.
        let listed = help.lines().map(str::trim_start).filter(|line| line.starts_with('-'));
        let words = listed.flat_map(|line| line.split("  ").next().unwrap_or_default().split_whitespace());
        words.filter(|word| word.starts_with("--")).map(str::to_owned).collect::<Vec<String>>()
    };
    names.map(|name| (name.clone(), options(&name))).collect()
}

/// The completions of Bash behind these words, from the function that the script registers.
fn offered_by_bash(files: &Files, words: &[&str]) -> Vec<String> {
    let script = r#"
        source completions.bash
        function=$(complete -p dap-validate) && function=${function#*-F } && function=${function%% *}
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
        "$function" "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
        printf "%s\n" "${COMPREPLY[@]}"
    "#;
    let output = std::process::Command::new("bash")
        .args(["--norc", "-c", script, "bash", "dap-validate"])
        .args(words)
        .current_dir(files.root())
        .output()
        .unwrap();
    assert!(output.stderr.is_empty(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

fn offered_by_fish(files: &Files, words: &[&str]) -> Vec<String> {
    let script = "source completions.fish; complete -C (string join ' ' -- dap-validate $argv)";
    let output = std::process::Command::new("fish")
        .args(["--no-config", "-c", script])
        .args(words)
        .env("HOME", files.root())
        .current_dir(files.root())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| line.split('\t').next().unwrap().to_owned()).collect()
}

/// Behind each command its own options are offered, and no other command's; behind an option its
/// values.
#[test]
fn completions_behind_each_command() {
    type Offered = fn(&Files, &[&str]) -> Vec<String>;
    let files = Files::new("completed");
    for shell in ["bash", "fish"] {
        std::fs::write(files.root().join(format!("completions.{shell}")), files.run(&["completions", shell]).stdout)
            .unwrap();
    }
    let has_fish = std::process::Command::new("fish").arg("--version").output().is_ok();
    if !has_fish {
        eprintln!("skipped: fish is not installed, its completions are not called");
    }
    let shells: &[(&str, Offered)] = &[("bash", offered_by_bash), ("fish", offered_by_fish)];
    let commands = commands(&files);
    assert!(commands.len() > 11, "{commands:?}");
    for (shell, offered) in &shells[..if has_fish { 2 } else { 1 }] {
        let first = offered(&files, &[""]);
        for (command, options) in &commands {
            assert!(first.contains(command), "{shell}: {command} in {first:?}");
            let found = offered(&files, &[command, "--"]);
            assert!(options.contains(&"--help".to_owned()), "{command}: {options:?}");
            let missing: Vec<_> = options.iter().filter(|option| !found.contains(option)).collect();
            assert!(missing.is_empty(), "{shell} {command}: {missing:?} not in {found:?}");
            assert!(found.iter().all(|word| options.contains(word)), "{shell} {command}: {found:?}, not {options:?}");
            // Behind a path as well.
            assert_eq!(offered(&files, &[command, "x.ndjson", "--he"]), ["--help"], "{shell} {command}");
        }
        for (words, expected) in [
            (&["check", "--color", ""][..], &["auto", "always", "never"][..]),
            (&["check", "--fail-on", "w"], &["warning"]),
            (&["check", "--output-format", "sa"], &["sarif"]),
            (&["plot", "--theme", "d"], &["dark"]),
            (&["gen", "--format", "b"], &["bundle"]),
            (&["completions", "z"], &["zsh"]),
            (&["schema", "b"], &["bundle"]),
        ] {
            let found = offered(&files, words);
            assert!(expected.iter().all(|word| found.iter().any(|one| one == word)), "{shell} {words:?}: {found:?}");
            assert!(found.len() == expected.len(), "{shell} {words:?}: {found:?}");
        }
    }
}

#[test]
fn a_page_for_the_program_and_each_command() {
    let files = Files::new("man");
    let page = |args: &[&str]| {
        let outcome = files.run(&[&["man"], args].concat());
        assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{args:?}");
        outcome.stdout
    };
    let program = page(&[]);
    let commands: Vec<&str> = program
        .lines()
        .filter_map(|line| line.strip_prefix("dap\\-validate\\-").and_then(|rest| rest.strip_suffix("(1)")))
        .collect();
    assert!(commands.contains(&"check") && commands.contains(&"man") && commands.len() > 7, "{program}");
    for command in commands {
        let text = page(&[command]);
        assert!(text.contains(&format!(".TH dap-validate-{command} 1  \"dap-validate ")), "{text}");
    }
    // The examples keep their columns, and no line of theirs is taken for a request.
    let notes = program.split(".SH NOTES\n.nf\n").nth(1).unwrap();
    assert!(notes.contains("  dap\\-validate check run/           check"), "{notes}");
    assert!(notes.trim_end().ends_with("\n.fi"), "{notes}");
    assert_eq!(notes.lines().filter(|line| line.starts_with(['.', '\''])).count(), 1, "{notes}");
    assert_eq!(files.run(&["man", "chekc"]).code, 2);
}
