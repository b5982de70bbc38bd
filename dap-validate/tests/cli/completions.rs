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
    assert!(notes.contains("  dap\\-validate check run/           judge"), "{notes}");
    assert!(notes.trim_end().ends_with("\n.fi"), "{notes}");
    assert_eq!(notes.lines().filter(|line| line.starts_with(['.', '\''])).count(), 1, "{notes}");
    assert_eq!(files.run(&["man", "chekc"]).code, 2);
}
