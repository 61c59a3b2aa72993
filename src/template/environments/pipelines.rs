//! Deployments in files of other build services, in makefiles and in shell scripts.

use super::deploying::{Deployment, Origin, Script, Surroundings, deployments_of_script};
use super::said::{Said, Scope, whole};
use crate::source::{SourceId, Sources, Span};
use crate::template::convert;
use crate::template::value::{Map, Value};

/// What a file is, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// AWS CodeBuild. <https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html>
    Buildspec,
    /// <https://docs.gitlab.com/ci/yaml/>
    Gitlab,
    Makefile,
    Shell,
}

pub(super) fn kind(name: &str) -> Option<Kind> {
    let yaml = name.ends_with(".yml") || name.ends_with(".yaml");
    match name {
        ".gitlab-ci.yml" => Some(Kind::Gitlab),
        "Makefile" | "makefile" | "GNUmakefile" => Some(Kind::Makefile),
        _ if yaml && name.contains("buildspec") => Some(Kind::Buildspec),
        _ if name.ends_with(".mk") => Some(Kind::Makefile),
        _ if name.ends_with(".sh") => Some(Kind::Shell),
        _ => None,
    }
}

pub(super) fn deployments(kind: Kind, source: SourceId, around: &Surroundings<'_>) -> Vec<Deployment> {
    let sources = around.sources;
    if !mentions_deployment(sources.text(source)) {
        return Vec::new();
    }
    match kind {
        Kind::Buildspec => buildspec(sources, source, around),
        Kind::Gitlab => gitlab(sources, source, around),
        Kind::Makefile => makefile(sources, source, around),
        Kind::Shell => {
            let text = sources.text(source);
            script(text, whole(sources, source), &Scope::default(), Origin::Script, around)
        }
    }
}

fn mentions_deployment(text: &str) -> bool {
    text.contains("sam deploy") || text.contains("cloudformation deploy")
}

fn script(
    text: &str,
    span: Span,
    scope: &Scope,
    origin: Origin,
    around: &Surroundings<'_>,
) -> Vec<Deployment> {
    let folder = around.sources.folder(span.source);
    let script = Script { text, span, folder, top: folder };
    deployments_of_script(script, scope, &mut None, origin, around)
}

fn buildspec(sources: &Sources, source: SourceId, around: &Surroundings<'_>) -> Vec<Deployment> {
    let Some(root) = convert::read(sources, source).0 else { return Vec::new() };
    let scope = Scope::default().with_map("env", root.at(&["env", "variables"]));
    let phases = root.get("phases").and_then(Value::as_map).into_iter().flat_map(Map::iter);
    let lists = phases.filter_map(|(_, phase)| phase.get("commands"));
    lines(lists).into_iter().flat_map(|line| command(line, &scope, Origin::Pipeline(None), around)).collect()
}

fn gitlab(sources: &Sources, source: SourceId, around: &Surroundings<'_>) -> Vec<Deployment> {
    let Some(root) = convert::read(sources, source).0 else { return Vec::new() };
    let scope = Scope::default().with_map("env", root.get("variables"));
    let mut found = Vec::new();
    for (_, job) in root.as_map().into_iter().flat_map(Map::iter).filter(|(_, job)| job.as_map().is_some()) {
        let scope = scope.with_map("env", job.get("variables"));
        let environment = job.get("environment").map(|value| value.get("name").unwrap_or(value));
        let origin = Origin::Pipeline(environment.and_then(Said::of));
        let lists = ["before_script", "script", "after_script"].iter().filter_map(|key| job.get(key));
        for line in lines(lists) {
            found.extend(command(line, &scope, origin.clone(), around));
        }
    }
    found
}

/// The texts of some lists, nested ones included.
fn lines<'v>(lists: impl Iterator<Item = &'v Value>) -> Vec<&'v Value> {
    let mut found = Vec::new();
    for list in lists {
        list.walk(&mut |value| found.extend(value.as_str().map(|_| value)));
    }
    found
}

fn command(line: &Value, scope: &Scope, origin: Origin, around: &Surroundings<'_>) -> Vec<Deployment> {
    line.as_str().map(|text| script(text, line.span, scope, origin, around)).unwrap_or_default()
}

/// The recipes of a makefile: lines that begin with a tab. Make's own variables stay open.
fn makefile(sources: &Sources, source: SourceId, around: &Surroundings<'_>) -> Vec<Deployment> {
    let text = sources.text(source);
    let mut found = Vec::new();
    let mut at = 0;
    let mut recipe: Option<usize> = None;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let begins = *recipe.get_or_insert(start);
        if line.trim_end().ends_with('\\') {
            continue;
        }
        recipe = None;
        let whole = &text[begins..at];
        if let Some(command) = whole.strip_prefix('\t') {
            let command = command.trim_start_matches(['@', '-', '+']);
            let span = Span::new(source, at - command.len(), at);
            found.extend(script(command, span, &Scope::default(), Origin::Script, around));
        }
    }
    found
}
