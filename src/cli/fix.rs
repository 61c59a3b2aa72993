//! `slslint check --fix`: refactorings for the findings of a check.

use super::settings::Settings;
use super::{Failure, complain, files, write};
use crate::edit::Applicability;
use crate::refactor::answers::is_about;
use crate::refactor::series::{Wanted, series};
use crate::refactor::{Kind, Options, Subject};

/// Makes the refactorings that answer what a check finds, and tells which.
///
/// # Errors
/// A configuration that is not valid; a file that cannot be written.
pub fn apply(project: &files::Project, settings: &Settings, at_least: Applicability) -> Result<(), Failure> {
    let config = &settings.config;
    let report = crate::lint(&project.sources, config, None).map_err(|error| settings.failure(&error))?;
    let answers = |kind: &Kind, subject: &Subject| {
        report.findings.iter().any(|finding| {
            kind.rules.contains(&finding.rule.as_ref()) && is_about(finding, subject, &project.sources)
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
