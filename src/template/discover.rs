//! Finding the templates of a project by what is in the files.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::nested::{self, Nested};
use super::value::{Map, Value};
use super::{Template, assemble, convert, parse};
use crate::evidence::Problem;
use crate::source::{SourceId, Sources, normalize};

/// All templates of a project.
#[derive(Debug, Default)]
pub struct Templates {
    /// In the order of their paths.
    pub templates: Vec<Template>,
    /// Which of them deploys which.
    pub nested: Vec<Nested>,
    /// What was recognised and left out on purpose.
    pub skipped: Vec<Skipped>,
    pub problems: Vec<Problem>,
}

/// A file that is left out because it would be counted twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    pub path: String,
    pub why: String,
}

/// Folders that hold what tools and other people made.
const FOREIGN: [&str; 14] = [
    ".aws-sam",
    ".git",
    ".nox",
    ".serverless",
    ".terraform",
    ".tox",
    ".venv",
    "bower_components",
    "cdk.out",
    "node_modules",
    "site-packages",
    "third_party",
    "vendor",
    "venv",
];

const ENDINGS: [&str; 4] = [".yaml", ".yml", ".json", ".template"];

/// Files that become templates only when a text generator has run over them.
const GENERATED_FROM: [&str; 5] = [".erb", ".j2", ".jinja", ".jinja2", ".mustache"];

/// Lock files are large, and never templates.
const NEVER: [&str; 3] = ["package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml"];

/// Reads all templates among the sources.
///
/// Files are recognised by their content; `exclude` tells which paths are not looked at. With
/// `roots`, only these files and folders are searched, and what their templates deploy in turn;
/// a file that is named is read wherever it lies.
///
/// Fragments are joined with the template they are merged into, packaged and merged output is not
/// counted beside its source. One broken file is a problem, and the others are read.
pub fn parse_all(sources: &Sources, exclude: &(dyn Fn(&str) -> bool + Sync), roots: &[String]) -> Templates {
    let mut wanted: BTreeSet<SourceId> = candidates(sources, exclude, roots).collect();
    let mut read: BTreeMap<SourceId, Found> = BTreeMap::new();
    while !wanted.is_empty() {
        let ids: Vec<SourceId> = std::mem::take(&mut wanted).into_iter().collect();
        let found: Vec<Found> = ids.par_iter().map(|id| find(sources, *id)).collect();
        read.extend(ids.into_iter().zip(found));
        let templates = read.values().filter_map(|found| found.template.as_ref());
        let children = templates.flat_map(|template| nested::children(sources, template));
        wanted.extend(children.map(|(_, id)| id).filter(|id| !read.contains_key(id)));
    }
    let mut all = Templates::default();
    for found in read.into_values() {
        all.templates.extend(found.template);
        all.problems.extend(found.problems);
    }
    all.skipped = assemble::assemble(&mut all.templates, sources);
    all.templates.sort_by(|a, b| a.path.cmp(&b.path));
    all.nested = nested::link(sources, &all.templates);
    all.problems.sort();
    all.problems.dedup();
    all
}

#[derive(Default)]
struct Found {
    template: Option<Template>,
    problems: Vec<Problem>,
}

fn candidates<'s>(
    sources: &'s Sources,
    exclude: &'s (dyn Fn(&str) -> bool + Sync),
    roots: &[String],
) -> impl Iterator<Item = SourceId> + use<'s> {
    let roots: Vec<String> = roots.iter().map(|root| normalize(root)).collect();
    sources.ids().filter(move |id| {
        let path = sources.path(*id);
        if roots.iter().any(|root| root == path) {
            return true;
        }
        // What lies outside is there for those who refer to it.
        if path.starts_with("../") && !roots.iter().any(|root| root.starts_with("..")) {
            return false;
        }
        let inside = |root: &String| {
            root.is_empty() || path.strip_prefix(root.as_str()).is_some_and(|rest| rest.starts_with('/'))
        };
        if !roots.is_empty() && !roots.iter().any(inside) {
            return false;
        }
        let rest = roots.iter().filter(|root| inside(root)).map(|root| root.len()).max().unwrap_or(0);
        let name = path.rsplit('/').next().unwrap_or(path);
        let ending = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
        // A folder that is named may itself be one of those that are else left out.
        let foreign = path[rest..].split('/').any(|part| FOREIGN.contains(&part));
        !foreign && !NEVER.contains(&name) && (ending(&ENDINGS) || ending(&GENERATED_FROM)) && !exclude(path)
    })
}

fn find(sources: &Sources, id: SourceId) -> Found {
    let path = sources.path(id);
    if let Some(error) = sources.error(id) {
        // Other data may well be no text; a template should be.
        let named = path.rsplit('/').next().is_some_and(|name| name.contains("template"));
        let text = format!("the file cannot be read: {error}");
        let problems = named.then(|| Problem::of_file(path, text)).into_iter().collect();
        return Found { problems, ..Found::default() };
    }
    let text = sources.text(id);
    if !may_be_template(text) {
        return Found::default();
    }
    if GENERATED_FROM.iter().any(|ending| path.ends_with(ending)) || is_cookiecutter(path, text) {
        return generated(path);
    }
    let (value, mut problems) = convert::read(sources, id);
    let broken = value.as_ref().is_none_or(|value| value.as_map().is_none());
    if broken || !problems.is_empty() {
        if broken && (problems.is_empty() || !says_it_is_one(text)) {
            return Found::default();
        }
        if ["{%", "<%", "{{"].iter().any(|mark| at_line_start(text, mark)) {
            return generated(path);
        }
    }
    let Some(value) = value else { return Found { problems, ..Found::default() } };
    if !value.as_map().is_some_and(is_template) {
        let problems = if says_it_is_one(text) { problems } else { Vec::new() };
        return Found { problems, ..Found::default() };
    }
    let (template, found) = parse::of_file(sources, id, &value, !problems.is_empty());
    problems.extend(found);
    Found { template, problems }
}

/// A cheap look at the text, before it is parsed.
fn may_be_template(text: &str) -> bool {
    text.contains("AWSTemplateFormatVersion")
        || (text.contains("AWS::") && (text.contains("Resources") || text.contains("Transform")))
}

/// Whether the text speaks of itself as a template, so that its errors matter.
fn says_it_is_one(text: &str) -> bool {
    text.contains("AWSTemplateFormatVersion") || at_line_start(text, "Resources:")
}

fn at_line_start(text: &str, mark: &str) -> bool {
    text.lines().any(|line| line.trim_start().starts_with(mark))
}

fn is_cookiecutter(path: &str, text: &str) -> bool {
    let marked = |text: &str| {
        text.split("{{").skip(1).any(|rest| {
            let name = rest.trim_start_matches(['-', ' ']);
            name.starts_with("cookiecutter.")
        })
    };
    marked(path) || marked(text)
}

fn generated(path: &str) -> Found {
    let text = "this template is made by a text generator (Jinja, ERB, cookiecutter) and is not read";
    let help = "run the generator and check its output";
    Found { template: None, problems: vec![Problem::of_file(path, text).help(help)] }
}

/// Whether a root is that of a template, or of a part of one.
fn is_template(root: &Map) -> bool {
    let has_type =
        |value: &Value| value.get("Type").and_then(Value::as_str).is_some_and(|kind| kind.contains("::"));
    let resources = root.get("Resources");
    root.get("AWSTemplateFormatVersion").is_some()
        || resources.and_then(Value::as_map).is_some_and(|map| map.iter().any(|(_, value)| has_type(value)))
        || root.get("Transform").is_some_and(|value| value.text().contains("AWS::Serverless-"))
}

#[cfg(test)]
mod tests {
    use super::super::parse::tests::sources;
    use super::*;

    const FUNCTION: &str = "Resources: {F: {Type: AWS::Serverless::Function}}";

    fn paths(files: &[(&str, &str)], roots: &[&str]) -> (Vec<String>, Vec<String>) {
        let roots: Vec<String> = roots.iter().map(|root| (*root).to_owned()).collect();
        let all = parse_all(&sources(files), &|path| path.starts_with("out/"), &roots);
        let templates = all.templates.into_iter().map(|template| template.path).collect();
        (templates, all.problems.into_iter().map(|problem| problem.path).collect())
    }

    #[test]
    fn templates_are_known_by_their_content() {
        let files = [
            ("a.yaml", FUNCTION),
            ("b.yml", "on: push\njobs: {Resources: 'AWS::X'}"),
            ("c.json", r#"{"AWSTemplateFormatVersion": "2010-09-09"}"#),
            ("d/serverless.template", FUNCTION),
            ("e.yaml", "[Resources, AWS::"),
            ("broken.yaml", "Resources:\n  F: {Type: AWS::Serverless::Function\nX: ["),
            ("gen.yaml.j2", "Resources: {{ AWS::X }}"),
            ("jinja.yaml", "Resources:\n{% for x in y %}\n  A: {Type: AWS::X::Y}\n{% endfor %}"),
            ("{{cookiecutter.name}}/t.yaml", FUNCTION),
            ("node_modules/x/t.yaml", FUNCTION),
            ("out/t.yaml", FUNCTION),
            ("../t.yaml", FUNCTION),
        ];
        let (templates, problems) = paths(&files, &[]);
        assert_eq!(templates, ["a.yaml", "broken.yaml", "c.json", "d/serverless.template"]);
        let mut problems = problems;
        problems.dedup();
        assert_eq!(problems, ["broken.yaml", "gen.yaml.j2", "jinja.yaml", "{{cookiecutter.name}}/t.yaml"]);
    }

    #[test]
    fn roots_bring_what_they_deploy() {
        let root = "Transform: AWS::Serverless-2016-10-31
Resources: {N: {Type: AWS::Serverless::Application, Properties: {Location: ../shared/t.yaml}}}";
        let files = [("app/t.yaml", root), ("shared/t.yaml", FUNCTION), ("other/t.yaml", FUNCTION)];
        assert_eq!(paths(&files, &["app/t.yaml"]).0, ["app/t.yaml", "shared/t.yaml"]);
        assert_eq!(paths(&files, &["./other/"]).0, ["other/t.yaml"]);
        assert_eq!(paths(&[("node_modules/t.yaml", FUNCTION)], &["node_modules"]).0, ["node_modules/t.yaml"]);
    }
}
