//! `slslint metrics`.

use clap::{Args, ValueEnum};

use super::{Exit, Failure, Scope, print};
use crate::report::{metrics_json, metrics_text};

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    scope: Scope,

    /// How to write the numbers
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A table, and what belongs to each service and why
    Text,
    /// The same as JSON
    Json,
}

pub fn run(arguments: Arguments) -> Result<Exit, Failure> {
    let reading = arguments.scope.read()?;
    let Some(app) = reading.application(&arguments.scope)? else {
        return Ok(Exit::NothingToCheck);
    };
    print(&match arguments.format {
        Format::Text => metrics_text(&app),
        Format::Json => format!("{:#}\n", metrics_json(&app)),
    });
    Ok(Exit::Clean)
}
