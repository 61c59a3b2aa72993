//! `slslint check --fix`: refactorings for the findings of a check.

use super::settings::Settings;
use super::{Failure, complain, files, write};
use crate::edit::Applicability;
use crate::graph::FunctionRef;
use crate::refactor::series::{Wanted, series};
use crate::refactor::{Kind, Options};

/// Makes the refactorings that answer what a check finds, and tells which.
///
/// # Errors
/// A configuration that is not valid; a file that cannot be written.
pub fn apply(project: &files::Project, settings: &Settings, at_least: Applicability) -> Result<(), Failure> {
    let config = &settings.config;
    let report = crate::lint(&project.sources, config, None).map_err(|error| settings.failure(&error))?;
    let found: Vec<(String, Option<String>, Vec<String>)> = report
        .findings
        .iter()
        .map(|finding| (finding.rule.to_string(), finding.template.clone(), finding.functions.clone()))
        .collect();
    let answers = |kind: &Kind, function: FunctionRef<'_>| {
        found.iter().any(|(rule, template, functions)| {
            kind.rules.contains(&rule.as_str())
                && template.as_ref().is_none_or(|template| *template == function.template().path)
                && functions.contains(&function.id.text)
        })
    };
    let wanted = Wanted { options: Options::default(), at_least, is: &answers };
    let made = series::<Failure>(
        &project.sources,
        &|sources| match crate::analyse(sources, config, None) {
            Ok((app, _)) => Ok(app),
            Err(error) => Err(settings.failure(&error)),
        },
        &wanted,
    )?;
    write::all(&project.root, &made.files)?;
    for done in &made.done {
        complain(&format!("fixed: {}", done.offer.refactoring.title));
    }
    if made.held_back > 0 {
        complain(&format!("{} more with --unsafe-fixes; `slslint refactor` shows them", made.held_back));
    }
    Ok(())
}
