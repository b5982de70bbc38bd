//! `completions` and `man`: shell completions and manual pages, from the definition of the command
//! line.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::CommandFactory;
use clap::builder::{Resettable, StyledStr};
use clap_complete::Shell;

use crate::cli::{Cli, CompletionsArgs, ManArgs};
use crate::command::outcome::Failure;

const NAME: &str = "dap-validate";

/// Writes the completions of a shell.
pub(super) fn completions(args: &CompletionsArgs) -> Result<ExitCode, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), NAME, &mut script);
    let mut script = String::from_utf8_lossy(&script).into_owned();
    match args.shell {
        Shell::Bash => script = one_label(&script),
        Shell::Fish => script.push_str(&positional_values()),
        _ => {}
    }
    io::stdout().lock().write_all(script.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// The script with one spelling of the program's name in Bash's labels.
///
/// clap_complete 4.6 assigns `dap__validate__subcmd__check` to a variable and compares it with the
/// label `dap__subcmd__validate__subcmd__check`. For a program whose name has a dash, no label of a
/// command would match.
fn one_label(script: &str) -> String {
    script.replace(&NAME.replace('-', "__subcmd__"), &NAME.replace('-', "__"))
}

/// The values of positional arguments, which clap_complete 4.6 leaves out for fish.
fn positional_values() -> String {
    let program = Cli::command();
    let mut lines = String::new();
    for command in program.get_subcommands() {
        let values: Vec<String> = command
            .get_positionals()
            .flat_map(|argument| argument.get_possible_values())
            .map(|value| value.get_name().to_owned())
            .collect();
        if !values.is_empty() {
            let (function, name) = (NAME.replace('-', "_"), command.get_name());
            lines.push_str(&format!(
                "complete -c {NAME} -n \"__fish_{function}_using_subcommand {name}\" -f -a \"{}\"\n",
                values.join(" ")
            ));
        }
    }
    lines
}

/// Writes the manual page of the program, or of one of its commands.
pub(super) fn man(args: &ManArgs) -> Result<ExitCode, Failure> {
    let mut program = Cli::command();
    // Gives the commands their full names.
    program.build();
    let command = match &args.command {
        None => &program,
        Some(name) => program
            .find_subcommand(name)
            .ok_or_else(|| Failure::Usage(format!("there is no command `{name}`; `{NAME} --help` lists them")))?,
    };
    let source = format!("{NAME} {}", env!("CARGO_PKG_VERSION"));
    let notes = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone().after_help(Resettable::<StyledStr>::Reset))
        .source(source)
        .render(&mut page)?;
    if !notes.is_empty() {
        write!(page, ".SH NOTES\n.nf\n{}.fi\n", roff(&notes))?;
    }
    io::stdout().lock().write_all(&page)?;
    Ok(ExitCode::SUCCESS)
}

/// Lines without filling: clap_mangen would fill the lines of a table to paragraphs.
fn roff(text: &str) -> String {
    let line = |line: &str| {
        let escaped = line.replace('\\', "\\e").replace('-', "\\-");
        // A dot or an apostrophe at the beginning would be a request.
        if escaped.starts_with(['.', '\'']) { format!("\\&{escaped}\n") } else { escaped + "\n" }
    };
    text.lines().map(line).collect()
}
