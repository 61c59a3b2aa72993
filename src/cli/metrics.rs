//! `slslint metrics`.

use clap::Args;

use super::formats::TextOrJson;
use super::{Exit, Failure, Scope, print};
use crate::report::{metrics_json, metrics_text};

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    scope: Scope,

    /// How to write the numbers
    #[arg(long, value_enum, default_value_t = TextOrJson::Text)]
    format: TextOrJson,
}

pub fn run(arguments: Arguments) -> Result<Exit, Failure> {
    let reading = arguments.scope.read()?;
    let Some(app) = reading.application(&arguments.scope)? else {
        return Ok(Exit::NothingToCheck);
    };
    print(&match arguments.format {
        TextOrJson::Text => metrics_text(&app),
        TextOrJson::Json => format!("{:#}\n", metrics_json(&app)),
    });
    Ok(Exit::Clean)
}
