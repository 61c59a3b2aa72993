//! `requirements.txt`, as pip reads it; also what pip-compile and `pip freeze` write.
//!
//! Source: pip.pypa.io/en/stable/reference/requirements-file-format.

use super::{Dependency, Manifest, Registry, names, place};
use crate::source::{SourceId, Sources, join};

/// Files that include files that include files.
const DEPTH: usize = 5;

/// From how many pinned lines on a file looks like what `pip freeze` wrote.
const FROZEN: usize = 12;

pub fn read(sources: &Sources, source: SourceId) -> Manifest {
    let mut manifest = Manifest::new(Registry::Pypi, source);
    add(sources, source, &mut manifest, DEPTH);
    let pinned = manifest.declared.iter().filter(|dependency| dependency.version.is_some()).count();
    manifest.is_generated |= pinned >= FROZEN && pinned == manifest.declared.len();
    manifest
}

fn add(sources: &Sources, source: SourceId, manifest: &mut Manifest, depth: usize) {
    let text = sources.text(source);
    manifest.is_generated |= text.contains("pip-compile")
        || text.contains("uv pip compile")
        || text.lines().any(|line| line.trim_start().starts_with("# via") || line.contains("--hash="));
    let mut goes_on = false;
    for line in text.lines() {
        let is_rest = goes_on;
        goes_on = line.trim_end().ends_with('\\');
        let line = without_comment(line).trim().trim_end_matches('\\').trim();
        if is_rest || line.is_empty() {
            continue;
        }
        if let Some(path) = included(line) {
            let path = join(sources.folder(source), path);
            match sources.find(&path).filter(|_| depth > 0) {
                Some(other) => add(sources, other, manifest, depth - 1),
                None => manifest.is_open = true,
            }
            continue;
        }
        match requirement(line) {
            Some((name, rest)) => {
                manifest.declared.push(dependency(name, rest, place::part(source, text, name)));
            }
            None => manifest.is_open = true,
        }
    }
}

fn without_comment(line: &str) -> &str {
    if line.trim_start().starts_with('#') {
        return "";
    }
    line.find(" #").or_else(|| line.find("\t#")).map_or(line, |at| &line[..at])
}

/// The file of `-r file`.
fn included(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("--requirement").or_else(|| line.strip_prefix("-r"))?;
    Some(rest.trim_start_matches(['=', ' ', '\t']))
}

/// Name and what follows it; `None` for options, paths and URLs.
fn requirement(line: &str) -> Option<(&str, &str)> {
    let end = line.find(|letter: char| !(letter.is_ascii_alphanumeric() || "-_.".contains(letter)));
    let (name, rest) = line.split_at(end.unwrap_or(line.len()));
    let rest = rest.trim_start();
    let is_name = name.starts_with(|letter: char| letter.is_ascii_alphanumeric());
    let is_version = rest.is_empty() || rest.starts_with(['=', '<', '>', '~', '!', '[', ';', '(']);
    let is_file = [".whl", ".zip", ".tar.gz"].iter().any(|ending| name.ends_with(ending));
    (is_name && is_version && !is_file).then_some((name, rest))
}

fn dependency(name: &str, rest: &str, span: crate::source::Span) -> Dependency {
    let (extras, rest) = match rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((extras, rest)) => (!extras.trim().is_empty(), rest.trim_start()),
        None => (false, rest),
    };
    let (versions, marker) = rest.split_once(';').unwrap_or((rest, ""));
    let versions = versions.split("--").next().unwrap_or_default().trim().trim_matches(['(', ')']);
    let exact = versions.strip_prefix("===").or_else(|| versions.strip_prefix("==")).map(str::trim);
    let version = exact.filter(|version| !version.contains([',', '*'])).map(str::to_owned);
    Dependency {
        extras,
        is_conditional: !marker.trim().is_empty(),
        ..Dependency::new(names::pypi(name), version, span)
    }
}
