//! `slslint schema`: what the published JSON looks like, for those who read it by program.

use clap::{Args, ValueEnum};

use super::{Exit, Failure, print};

#[derive(Debug, Args)]
pub struct Arguments {
    /// Whose output
    #[arg(value_enum)]
    of: Of,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Of {
    /// `slslint check --format json`
    Check,
    /// `slslint graph --format json`
    Graph,
}

pub fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    print(match arguments.of {
        Of::Check => include_str!("../../docs/schema/check.json"),
        Of::Graph => include_str!("../../docs/schema/graph.json"),
    });
    Ok(Exit::Clean)
}
