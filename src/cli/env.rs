//! `slslint env`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::formats::TextOrJson;
use super::{Colour, Exit, Failure, Scope, complain, print};
use crate::graph::environments::{Comparison, compare};
use crate::report::{self, Style};

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Arguments {
    #[command(subcommand)]
    what: Option<What>,

    #[command(flatten)]
    scope: Scope,

    /// How to write the comparison
    #[arg(long, value_enum, default_value_t = TextOrJson::Text)]
    format: TextOrJson,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Compare two environments
    Diff(Diff),
}

#[derive(Debug, Args)]
struct Diff {
    /// Name of an environment
    first: String,

    /// Name of another
    second: String,

    /// Folders or templates
    #[arg(default_value = ".", value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// How to write the comparison
    #[arg(long, value_enum, default_value_t = TextOrJson::Text)]
    format: TextOrJson,
}

pub fn run(arguments: Arguments) -> Result<Exit, Failure> {
    let (scope, names, format) = match arguments.what {
        None => (arguments.scope, Vec::new(), arguments.format),
        Some(What::Diff(diff)) => {
            let scope = Scope { paths: diff.paths, ..arguments.scope };
            (scope, vec![diff.first, diff.second], diff.format)
        }
    };
    let reading = scope.read()?;
    let Some(app) = reading.application(&scope)? else {
        return Ok(Exit::NothingToCheck);
    };
    let comparisons: Vec<Comparison> =
        app.templates().filter_map(|(_, template)| compare(template, &names)).collect();
    if comparisons.is_empty() {
        complain("no template has several environments; declare them in slslint.toml: [environments.prod]");
        return Ok(if names.is_empty() { Exit::NothingToCheck } else { Exit::Usage });
    }
    let style =
        Style { colours: Colour::Never.on(), root: reading.project.shown_root.clone(), ..Style::default() };
    print(&match format {
        TextOrJson::Text => report::environments_text(&comparisons, &style),
        TextOrJson::Json => format!("{:#}\n", report::environments_json(&comparisons)),
    });
    Ok(Exit::Clean)
}
