//! `slslint init`: the first files of a project, from what can be seen in it.

mod detect;
mod hook;
mod texts;

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use detect::{Ci, Seen};

use super::{Exit, Failure, NO_TEMPLATE, Scope, borrowed, complain, files, print, progress, store};
use crate::config::Config;
use crate::report::{Counts, Report};

#[derive(Debug, Args)]
pub struct Arguments {
    /// The folder of the project
    #[arg(default_value = ".", value_name = "PATH")]
    folder: PathBuf,

    /// Write files anew that are there already
    #[arg(long)]
    force: bool,
}

pub fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    if arguments.folder.is_file() {
        return Err(Failure(format!("{}: this is a file; name the folder", arguments.folder.display())));
    }
    let scope =
        Scope { paths: vec![arguments.folder.clone()], exclude: Vec::new(), config: None, no_cache: false };
    let project = files::place(&scope.paths)?.project(None);
    let store = scope.store(&project);
    let mut report = progress::during("looking around", &project.sources, || {
        crate::lint(&project.sources, &Config::default(), borrowed(&store))
    })
    .map_err(|error| Failure(error.text))?;
    store.iter().for_each(store::Disk::write);
    if report.app.graph.templates.is_empty() {
        complain(NO_TEMPLATE);
        return Ok(Exit::NothingToCheck);
    }
    report.group();
    let seen = Seen::of(&report, &project.root);
    let mut said = format!("found {}\n", seen.told());
    let writer = Writer { force: arguments.force };
    said += &writer.write(&project.root.join("slslint.toml"), &texts::configuration(&seen))?;
    // Hooks and workflows are about a repository, and stand at its top.
    let top = files::repository(&project.root).unwrap_or_else(|| project.root.clone());
    let checked = files::relative(&project.root, &top);
    said += &hook::add(&top, &checked)?;
    match seen.ci {
        Some(Ci::Github) => {
            let path = top.join(".github/workflows/slslint.yml");
            said += &writer.write(&path, &texts::workflow(&checked))?;
        }
        Some(Ci::Gitlab) => {
            said += "GitLab: add this job to .gitlab-ci.yml\n\n";
            said += &texts::gitlab(&checked);
        }
        None => {}
    }
    said += &next(&report, &arguments.folder);
    print(&said);
    Ok(Exit::Clean)
}

/// Writes files that are not there.
struct Writer {
    force: bool,
}

impl Writer {
    fn write(&self, path: &Path, text: &str) -> Result<String, Failure> {
        let name = files::for_people(path);
        if fs::read_to_string(path).is_ok_and(|there| there == text) {
            return Ok(format!("kept  {name}\n"));
        }
        if path.exists() && !self.force {
            return Ok(format!("kept  {name}, which is there; --force writes it anew\n"));
        }
        super::formats::write_file(path, text)?;
        Ok(format!("wrote {name}\n"))
    }
}

/// What to do now.
fn next(report: &Report<'_>, folder: &Path) -> String {
    let Counts { errors, warnings, infos, .. } = report.counts();
    let place = if folder == Path::new(".") { String::new() } else { format!(" {}", folder.display()) };
    if errors + warnings + infos == 0 {
        return format!("\nnothing is found now; `slslint check{place}` says so and what was read\n");
    }
    let found: Vec<String> = [(errors, "error"), (warnings, "warning"), (infos, "info")]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, noun)| {
            let plural = if count == 1 || noun == "info" { "" } else { "s" };
            format!("{count} {noun}{plural}")
        })
        .collect();
    format!(
        "\nnext: `slslint check{place}` shows what is found now ({})\n\
         then: mend it, or keep it apart with `slslint check{place} --write-baseline`, so that only new\n\
         \x20     findings are reported\n",
        found.join(", "),
    )
}
