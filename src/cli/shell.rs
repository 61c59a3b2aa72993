//! `slslint completions` and `slslint man`: the command line as the shell and `man` know it.

use clap::{Args, Command};

use super::{Exit, Failure, print};
use crate::config::did_you_mean;

#[derive(Debug, Args)]
pub struct CompletionsArguments {
    /// The shell that will read them
    #[arg(value_enum)]
    shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
pub struct ManArguments {
    /// The command to describe [default: slslint itself]
    command: Option<String>,
}

pub fn completions(arguments: &CompletionsArguments, mut cli: Command) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut cli, "slslint", &mut script);
    print(&String::from_utf8_lossy(&script));
    Ok(Exit::Clean)
}

pub fn man(arguments: &ManArguments, mut cli: Command) -> Result<Exit, Failure> {
    // Gives subcommands their full names.
    cli.build();
    let described = match &arguments.command {
        None => cli,
        Some(name) => match cli.find_subcommand(name) {
            Some(found) => found.clone(),
            None => {
                let names: Vec<&str> = cli.get_subcommands().map(Command::get_name).collect();
                return Err(Failure(format!("no command is called `{name}`{}", did_you_mean(name, &names))));
            }
        },
    };
    let mut page = Vec::new();
    let source = concat!("slslint ", env!("CARGO_PKG_VERSION"));
    clap_mangen::Man::new(described)
        .source(source)
        .render(&mut page)
        .map_err(|error| Failure(error.to_string()))?;
    print(&String::from_utf8_lossy(&page));
    Ok(Exit::Clean)
}
