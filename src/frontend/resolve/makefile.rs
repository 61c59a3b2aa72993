//! What a make target builds a function from.

use super::conventions::CodeLanguage;
use super::places::places;
use super::project::Project;
use super::{HandlerSpec, How};
use crate::source::{SourceId, join, parent};

/// Files and folders, from the root, that the target `build-<LogicalId>` names.
pub(super) fn inputs(spec: &HandlerSpec, project: &Project<'_>) -> Vec<String> {
    let Some((makefile, recipe)) = recipe(spec, project) else { return Vec::new() };
    let folder = project.sources.folder(makefile);
    let mut inputs = Vec::new();
    let mut at = folder.to_owned();
    for line in recipe {
        let mut words = line.split(|letter: char| letter.is_whitespace() || ";&|(){}\"'=".contains(letter));
        while let Some(word) = words.next() {
            if word == "cd" {
                if let Some(to) = words.next().map(|to| join(&at, to)).filter(|to| project.has_folder(to)) {
                    inputs.push(to.clone());
                    at = to;
                }
                continue;
            }
            let path = join(&at, word);
            let is_path = word.len() > 1 && word.contains(['/', '.']) && !word.starts_with('-') && path != at;
            if is_path && (project.file(&path).is_some() || project.has_folder(&path)) {
                inputs.push(path);
            }
        }
        if !line.trim_end().ends_with('\\') && line.contains("cd ") {
            // Each line of a recipe runs in a shell of its own.
            folder.clone_into(&mut at);
        }
    }
    inputs.dedup();
    inputs
}

/// The language of the programs the target calls.
pub(super) fn language(spec: &HandlerSpec, project: &Project<'_>) -> Option<CodeLanguage> {
    let (_, recipe) = recipe(spec, project)?;
    let text = recipe.join("\n");
    let programs = [
        ("go build", CodeLanguage::Go),
        ("cargo ", CodeLanguage::Rust),
        ("dotnet ", CodeLanguage::DotNet),
        ("gradle", CodeLanguage::Java),
        ("mvn ", CodeLanguage::Java),
    ];
    programs.iter().find(|(program, _)| text.contains(program)).map(|(_, language)| *language)
}

/// The value of `--bin` in the recipe.
pub(super) fn binary(spec: &HandlerSpec, project: &Project<'_>) -> Option<String> {
    let (_, recipe) = recipe(spec, project)?;
    let text = recipe.join(" ");
    let (_, after) = text.split_once("--bin")?;
    after.trim_start_matches(['=', ' ']).split_whitespace().next().map(str::to_owned)
}

/// The first of these files or folders that holds a handler, by a way of looking.
pub(super) fn find<'a>(
    spec: &HandlerSpec,
    project: &Project<'a>,
    look: impl Fn(&str) -> Option<SourceId>,
) -> Option<(SourceId, How)> {
    inputs(spec, project).iter().find_map(|path| look(path)).map(|source| (source, How::Makefile))
}

fn recipe(spec: &HandlerSpec, project: &Project<'_>) -> Option<(SourceId, Vec<String>)> {
    let method = spec.build.as_ref()?.method.as_deref()?;
    if method != "makefile" {
        return None;
    }
    let target = format!("build-{}:", spec.logical_id);
    places(spec, project)
        .iter()
        .flat_map(|place| [place.folder.clone(), parent(&place.folder).to_owned()])
        .find_map(|folder| {
            let makefile = project.file(&join(&folder, "Makefile"))?;
            let mut lines =
                project.sources.text(makefile).lines().skip_while(|line| !line.starts_with(&target));
            lines.next()?;
            let recipe =
                lines.take_while(|line| line.starts_with(['\t', ' ']) || line.is_empty()).map(str::to_owned);
            Some((makefile, recipe.collect()))
        })
}
