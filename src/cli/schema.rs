//! `slslint schema`: what the published JSON and the configuration look like, for programs.

use clap::{Args, ValueEnum};

use super::{Exit, Failure, print};

#[derive(Debug, Args)]
pub struct Arguments {
    /// Whose output, or the configuration
    #[arg(value_enum)]
    of: Of,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Of {
    /// `slslint check --format json`
    Check,
    /// `slslint graph --format json`
    Graph,
    /// `slslint diff --format json`
    Diff,
    /// `slslint.toml`, and `[tool.slslint]` of pyproject.toml, for editors
    Config,
}

pub fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    print(match arguments.of {
        Of::Check => include_str!("../../docs/schema/check.json"),
        Of::Graph => include_str!("../../docs/schema/graph.json"),
        Of::Diff => include_str!("../../docs/schema/diff.json"),
        Of::Config => include_str!("../../docs/schema/config.json"),
    });
    Ok(Exit::Clean)
}
