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
    /// `slslint metrics --format json`
    Metrics,
    /// `slslint env --format json`
    Env,
    /// `slslint refactor --format json`
    Refactor,
    /// `slslint.toml`, and `[tool.slslint]` of pyproject.toml, for editors
    Config,
}

pub fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    print(match arguments.of {
        Of::Check => include_str!("../../docs/schema/check.json"),
        Of::Graph => include_str!("../../docs/schema/graph.json"),
        Of::Diff => include_str!("../../docs/schema/diff.json"),
        Of::Metrics => include_str!("../../docs/schema/metrics.json"),
        Of::Env => include_str!("../../docs/schema/env.json"),
        Of::Refactor => include_str!("../../docs/schema/refactor.json"),
        Of::Config => include_str!("../../docs/schema/config.json"),
    });
    Ok(Exit::Clean)
}
