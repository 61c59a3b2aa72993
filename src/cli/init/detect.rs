//! What can be seen in a project.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::cli::files;
use crate::report::Report;

/// What a project is like.
#[derive(Debug)]
pub struct Seen {
    pub templates: usize,
    pub functions: usize,
    /// As the templates name them, in order.
    pub runtimes: Vec<String>,
    pub ci: Option<Ci>,
    pub hooks: bool,
    /// Globs of folders that hold templates for tests and examples.
    pub samples: Vec<String>,
}

/// Who runs checks for pull requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ci {
    Github,
    Gitlab,
}

/// Names of folders whose templates are rarely deployed.
const SAMPLES: [&str; 8] =
    ["test", "tests", "__tests__", "fixtures", "testdata", "examples", "samples", "docs"];

/// More templates than this in other folders make a folder of samples a part among others.
const MOST_GLOBS: usize = 5;

impl Seen {
    pub fn of(report: &Report<'_>, root: &Path) -> Self {
        let graph = &report.app.graph;
        let runtimes: BTreeSet<String> = graph
            .functions
            .iter()
            .filter_map(|function| function.runtime.as_ref()?.as_str().map(str::to_owned))
            .collect();
        let samples: BTreeSet<String> =
            graph.templates.iter().filter_map(|template| sample(&template.path)).collect();
        let top = files::repository(root).unwrap_or_else(|| root.to_owned());
        Self {
            templates: graph.templates.len(),
            functions: graph.functions.len(),
            runtimes: runtimes.into_iter().collect(),
            ci: ci(&top),
            hooks: top.join(".pre-commit-config.yaml").is_file(),
            samples: samples.into_iter().take(MOST_GLOBS).collect(),
        }
    }

    /// In a line.
    pub fn told(&self) -> String {
        let counted = |count: usize, noun: &str| {
            if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
        };
        let mut told =
            format!("{} with {}", counted(self.templates, "template"), counted(self.functions, "function"));
        if !self.runtimes.is_empty() {
            told += &format!(" ({})", self.runtimes.join(", "));
        }
        for (is_there, name) in [
            (self.ci == Some(Ci::Github), "GitHub"),
            (self.ci == Some(Ci::Gitlab), "GitLab"),
            (self.hooks, "pre-commit"),
        ] {
            if is_there {
                told += &format!(", {name}");
            }
        }
        told
    }
}

/// The glob of the folder of samples that a path lies in.
fn sample(path: &str) -> Option<String> {
    let folders: Vec<&str> = path.split('/').collect();
    let at = folders.iter().take(folders.len() - 1).position(|part| SAMPLES.contains(part))?;
    Some(format!("{}/**", folders[..=at].join("/")))
}

fn ci(top: &Path) -> Option<Ci> {
    if top.join(".github/workflows").is_dir() {
        return Some(Ci::Github);
    }
    if top.join(".gitlab-ci.yml").is_file() {
        return Some(Ci::Gitlab);
    }
    // Nothing runs yet, but where the repository lives is known.
    let config = fs::read_to_string(top.join(".git/config")).unwrap_or_default();
    let lives_at =
        |host: &str| config.lines().any(|line| line.trim().starts_with("url") && line.contains(host));
    if lives_at("github.com") {
        return Some(Ci::Github);
    }
    lives_at("gitlab").then_some(Ci::Gitlab)
}

#[cfg(test)]
mod tests {
    use super::sample;

    #[test]
    fn folders_of_tests_and_examples_are_known_by_name() {
        assert_eq!(sample("app/tests/a/template.yaml").as_deref(), Some("app/tests/**"));
        assert_eq!(sample("examples/template.yaml").as_deref(), Some("examples/**"));
        assert_eq!(sample("app/template.yaml"), None);
        assert_eq!(sample("tests"), None);
    }
}
