//! `slslint diff`: what a change does to the architecture.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::git::Revision;
use super::{Exit, Failure, NO_TEMPLATE, Scope, borrowed, complain, print, progress, store};
use crate::graph::difference::{Difference, picture};
use crate::report::{difference_json, difference_markdown, difference_text};
use crate::source::join;

#[derive(Debug, Args)]
pub struct Arguments {
    /// What to compare with: a branch, a tag, a commit; the last commit in common with it counts
    #[arg(value_name = "REV")]
    revision: String,

    #[command(flatten)]
    scope: Scope,

    /// How to write the difference
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,

    /// Write it to a file instead of standard output
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A line for each thing that came, went or changed
    Text,
    /// For a pull request: a picture and lists
    Markdown,
    /// The published JSON form; `slslint schema diff` prints its schema
    Json,
}

pub fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let reading = arguments.scope.read()?;
    let (project, settings) = (&reading.project, &reading.settings);
    let revision = Revision::base(&project.root, &arguments.revision)?;
    revision.note.iter().for_each(|note| complain(note));
    let renames = revision.renames()?;
    let sources = revision.sources(&project.root, &project.sources, &[])?;
    let store = arguments.scope.store(project);
    let linked = |sources, what: &str| {
        progress::during(what, sources, || crate::analyse(sources, &settings.config, borrowed(&store)))
            .map_err(|error| settings.failure(&error))
    };
    let (after, _) = linked(&project.sources, "reading the present")?;
    let (before, _) = linked(&sources, &format!("reading {}", revision.name))?;
    store.iter().for_each(store::Disk::write);
    if after.graph.templates.is_empty() && before.graph.templates.is_empty() {
        complain(NO_TEMPLATE);
        return Ok(Exit::NothingToCheck);
    }
    let root = &settings.config.root;
    let renamed = |path: &str| {
        let now = renames.get(&join(root, path));
        let below = now.and_then(|now| {
            if root.is_empty() { Some(now.as_str()) } else { now.strip_prefix(&format!("{root}/")) }
        });
        below.unwrap_or(path).to_owned()
    };
    let difference = Difference::of(&before.graph, &after.graph, &renamed);
    let since = &revision.name;
    let text = match arguments.format {
        Format::Text => difference_text(&difference, since),
        Format::Markdown => {
            let picture = picture(&before.graph, &after.graph, &renamed);
            difference_markdown(&difference, since, picture.as_deref())
        }
        Format::Json => difference_json(&difference, since),
    };
    match &arguments.output {
        Some(path) => super::formats::write_file(path, &text)?,
        None => print(&text),
    }
    Ok(Exit::Clean)
}
