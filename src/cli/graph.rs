//! `slslint graph`.

use clap::{Args, ValueEnum};

use super::{Exit, Failure, Scope, print};

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    scope: Scope,

    /// How to write the graph
    #[arg(long, value_enum, default_value_t = Format::Json)]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// The published JSON form
    Json,
    /// A Mermaid flowchart
    Mermaid,
    /// Graphviz
    Dot,
}

pub fn run(arguments: Arguments) -> Result<Exit, Failure> {
    let reading = arguments.scope.read()?;
    let Some(app) = reading.application(&arguments.scope)? else {
        return Ok(Exit::NothingToCheck);
    };
    print(&match arguments.format {
        Format::Json => format!("{:#}\n", crate::graph::graph_json(&app.graph, app.sources)),
        Format::Mermaid => crate::graph::mermaid(&app.graph),
        Format::Dot => crate::graph::dot(&app.graph),
    });
    Ok(Exit::Clean)
}
