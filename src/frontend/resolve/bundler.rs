//! What a bundler makes a handler's file of, as the scripts of `package.json` and its configuration say.

use serde_json::Value;

use super::conventions::CodeLanguage;
use super::paths::{file_name, upwards, without_extension};
use super::project::Project;
use crate::source::{SourceId, join, parent};

/// First parts of the names of files that configure or run a bundler.
const CONFIGURATIONS: &[&str] = &["webpack", "esbuild", "build", "rollup", "rolldown", "tsup", "vite", "ncc"];

/// The entry of which `path`, a module without ending, is made.
pub(super) fn entry(project: &Project<'_>, path: &str) -> Option<SourceId> {
    upwards(parent(path)).find_map(|folder| {
        in_scripts(project, folder, path).or_else(|| in_configurations(project, folder, path))
    })
}

/// `esbuild src/handler.ts --outfile=dist/index.js`, `ncc build src/handler.ts -o dist`
fn in_scripts(project: &Project<'_>, folder: &str, path: &str) -> Option<SourceId> {
    let manifest = project.file(&join(folder, "package.json"))?;
    let manifest: Value = serde_json::from_str(project.sources.text(manifest)).ok()?;
    let scripts = manifest.get("scripts")?.as_object()?.values().filter_map(Value::as_str);
    let commands = scripts.flat_map(|script| script.split(['&', ';', '|']));
    commands.filter(|command| builds(command, folder, path)).find_map(|command| {
        let words = command.split_whitespace().map(|word| word.trim_matches(['"', '\'']));
        words.filter_map(|word| code(project, folder, word)).next()
    })
}

/// Whether a command writes a module.
fn builds(command: &str, folder: &str, path: &str) -> bool {
    let words: Vec<&str> = command.split_whitespace().collect();
    let value = |names: &[&str]| {
        words.iter().enumerate().find_map(|(at, word)| match word.split_once('=') {
            Some((name, value)) if names.contains(&name) => Some(value),
            None if names.contains(word) => words.get(at + 1).copied(),
            _ => None,
        })
    };
    let calls = |program: &str| words.iter().any(|word| file_name(word) == program);
    if calls("esbuild") {
        return value(&["--outfile"]).is_some_and(|out| without_extension(&join(folder, out)) == path);
    }
    calls("ncc") && value(&["-o", "--out"]).is_some_and(|out| join(folder, &format!("{out}/index")) == path)
}

fn in_configurations(project: &Project<'_>, folder: &str, path: &str) -> Option<SourceId> {
    [folder.to_owned(), join(folder, "scripts")].iter().find_map(|at| {
        let configurations = project.sources.under(at).filter(|id| {
            let file = project.sources.path(*id);
            let first = file_name(file).split(['.', '-']).next().unwrap_or_default();
            parent(file) == at.as_str()
                && CONFIGURATIONS.contains(&first)
                && CodeLanguage::of_path(file) == Some(CodeLanguage::JavaScript)
        });
        configurations.into_iter().find_map(|id| {
            let text = project.sources.text(id);
            written(project, folder, text, path).or_else(|| named(project, folder, text, file_name(path)))
        })
    })
}

/// `entryPoints: ["src/handler.ts"], outfile: "dist/index.js"`
fn written(project: &Project<'_>, folder: &str, text: &str, path: &str) -> Option<SourceId> {
    let quoted: Vec<&str> = quoted(text).map(|(_, quoted)| quoted).collect();
    let is_written = |one: &&str| one.contains('.') && without_extension(&join(folder, one)) == path;
    let at = quoted.iter().position(is_written)?;
    let before = quoted[..at].iter().rev();
    before.chain(&quoted[at + 1..]).find_map(|one| code(project, folder, one))
}

/// `entry: { handler: "./src/handler.ts" }`
fn named(project: &Project<'_>, folder: &str, text: &str, name: &str) -> Option<SourceId> {
    quoted(text).find_map(|(at, quoted)| {
        let before = text[..at].trim_end_matches(['[', ' ', '\n', '\r', '\t']).strip_suffix(':')?.trim_end();
        let before = before.strip_suffix(['"', '\'', '`']).unwrap_or(before);
        let ends = |rest: &str| !rest.ends_with(|last: char| last.is_alphanumeric() || "_-$/".contains(last));
        before.strip_suffix(name).filter(|rest| ends(rest))?;
        code(project, folder, quoted)
    })
}

/// Texts in quotes, with the place of the quote.
fn quoted(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut rest = 0;
    std::iter::from_fn(move || {
        let at = rest + text[rest..].find(['"', '\'', '`'])?;
        let quote = &text[at..=at];
        let end = text[at + 1..].find([quote.chars().next()?, '\n']).map_or(text.len(), |end| at + 1 + end);
        rest = (end + 1).min(text.len());
        Some((at, &text[at + 1..end]))
    })
}

fn code(project: &Project<'_>, folder: &str, path: &str) -> Option<SourceId> {
    let path = join(folder, path);
    project.file(&path).filter(|_| CodeLanguage::of_path(&path) == Some(CodeLanguage::JavaScript))
}
