//! `slslint graph`.

use clap::{Args, ValueEnum};

use super::store::Disk;
use super::{Exit, Failure, Scope, borrowed, complain, configuration, files, print};

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
    let project = files::project(&arguments.scope.paths)?;
    let mut config = configuration(&arguments.scope, &project)?;
    config.paths = project.asked.clone();
    let store = arguments.scope.store(&project);
    let (app, problems) =
        crate::analyse(&project.sources, &config, borrowed(&store)).map_err(|error| Failure(error.text))?;
    store.iter().for_each(Disk::write);
    for problem in &problems {
        complain(&format!("{}: {}", files::shown(&project, &problem.path), problem.text));
    }
    if app.graph.templates.is_empty() {
        complain("no template was found; name a template or a folder that holds one");
        return Ok(Exit::NothingToCheck);
    }
    print(&match arguments.format {
        Format::Json => format!("{:#}\n", crate::graph::graph_json(&app.graph, app.sources)),
        Format::Mermaid => crate::graph::mermaid(&app.graph),
        Format::Dot => crate::graph::dot(&app.graph),
    });
    Ok(Exit::Clean)
}
