//! Which findings a refactoring answers.

use std::cell::Cell;

use super::{CATALOGUE, Offer, Offers, Options, Proposal, Subject};
use crate::finding::Finding;
use crate::graph::App;
use crate::source::Sources;

/// Bytes of templates that are rewritten on trial: a change of one function is checked by reading its whole
/// template again, so that in a large one a change for each of hundreds would take minutes.
const MOST_BYTES: usize = 400_000;

/// Gives each finding the first refactoring that can be made of what it is about; those that come after
/// [`MOST_BYTES`] go without.
pub fn attach(app: &App<'_>, findings: &mut [Finding]) {
    let spent = Cell::new(0);
    for kind in CATALOGUE {
        let is_open =
            |finding: &Finding| finding.refactoring.is_none() && kind.rules.contains(&finding.rule.as_ref());
        if !findings.iter().any(is_open) {
            continue;
        }
        let answered = |finding: &Finding, subject: &Subject| {
            is_open(finding) && is_about(finding, subject, app.sources)
        };
        let asked = |subject: &Subject| {
            let is_asked =
                spent.get() < MOST_BYTES && findings.iter().any(|finding| answered(finding, subject));
            if is_asked {
                let source = app.sources.find(&subject.path);
                spent.set(spent.get() + source.map_or(0, |source| app.sources.text(source).len()));
            }
            is_asked
        };
        let offered = |Proposal { subject, outcome }: Proposal| Some((subject, outcome.ok()?));
        let offers: Vec<(Subject, Offer)> =
            kind.proposals(app, Options::default(), &asked).filter_map(offered).collect();
        for finding in findings.iter_mut() {
            let offer = offers.iter().find(|(subject, _)| answered(finding, subject));
            if let Some((_, offer)) = offer {
                finding.refactoring = Some(offer.refactoring.clone());
            }
        }
    }
}

/// Whether a finding is about the subject of a refactoring. That its rule is one of those which the
/// refactoring answers is for the caller to ask.
pub fn is_about(finding: &Finding, subject: &Subject, sources: &Sources) -> bool {
    if subject.functions.is_empty() {
        return sources.path(finding.span.source) == subject.path;
    }
    // A subject that is a file of code, for which functions are asked, is what the finding stands in.
    let elsewhere = sources.find(&subject.name).is_some_and(|file| file != finding.span.source);
    !elsewhere
        && finding.template.as_ref().is_none_or(|template| *template == subject.path)
        && finding.functions.iter().any(|function| subject.functions.contains(function))
}

/// What to ask `slslint refactor` for to get the refactoring of a finding. That there is one for its rule
/// does not say that it can be made.
pub fn asked_by(finding: &Finding) -> Option<&str> {
    let made = finding.refactoring.as_ref().and_then(|refactoring| super::kind(refactoring.id));
    let kind = made.or_else(|| super::answering(&finding.rule).next())?;
    match (kind.offers, finding.functions.as_slice()) {
        (Offers::OfFunction(_), [function, ..]) => Some(function),
        _ => Some(kind.id),
    }
}
