//! Refactorings one after the other, each of what the one before left behind.

use std::collections::{BTreeMap, BTreeSet};

use similar::TextDiff;

use super::{CATALOGUE, Kind, Offer, Options, Proposal, Refusal, Subject};
use crate::edit::{Applicability, SourceChange};
use crate::graph::App;
use crate::source::Sources;

/// A refactoring that was made.
#[derive(Clone, Debug)]
pub struct Done {
    pub kind: &'static str,
    pub subject: Subject,
    pub offer: Offer,
}

/// A refactoring that could not be made, and why.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Refused {
    pub kind: &'static str,
    pub subject: Subject,
    pub reasons: Vec<Reason>,
}

/// A place in the files as they are in the end.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reason {
    pub path: String,
    pub line: usize,
    pub column: usize,
    pub text: String,
}

/// A changed file: what it was, and what it is. `None` where it is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    pub path: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

impl File {
    /// The difference in the form of `diff -u`. `shown` is how a path is written.
    pub fn diff(&self, shown: &dyn Fn(&str) -> String) -> String {
        let name = |side: &str, there: bool| match there {
            true => format!("{side}/{}", shown(&self.path)),
            false => "/dev/null".to_owned(),
        };
        let (before, after) =
            (self.before.as_deref().unwrap_or_default(), self.after.as_deref().unwrap_or_default());
        TextDiff::from_lines(before, after)
            .unified_diff()
            .header(&name("a", self.before.is_some()), &name("b", self.after.is_some()))
            .to_string()
    }
}

#[derive(Debug, Default)]
pub struct Series {
    pub done: Vec<Done>,
    pub refused: Vec<Refused>,
    /// Refactorings that could be made, but are less sure than was wanted.
    pub held_back: usize,
    /// In the order of their paths.
    pub files: Vec<File>,
}

impl Series {
    /// The difference in the form of `diff -u`. `shown` is how a path is written.
    pub fn diff(&self, shown: &dyn Fn(&str) -> String) -> String {
        self.files.iter().map(|file| file.diff(shown)).collect()
    }
}

/// Which refactorings are made.
pub struct Wanted<'w> {
    pub options: Options,
    pub at_least: Applicability,
    pub is: &'w dyn Fn(&Kind, &Subject) -> bool,
}

impl std::fmt::Debug for Wanted<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Wanted").field("options", &self.options).finish_non_exhaustive()
    }
}

/// Makes every refactoring that is wanted and offered.
///
/// # Errors
/// Those of `analyse`.
pub fn series<E>(
    first: &Sources,
    analyse: &dyn for<'s> Fn(&'s Sources) -> Result<App<'s>, E>,
    wanted: &Wanted<'_>,
) -> Result<Series, E> {
    let mut texts: BTreeMap<String, Option<String>> = BTreeMap::new();
    let mut made: BTreeSet<(&str, Subject)> = BTreeSet::new();
    let mut series = Series::default();
    loop {
        let sources = first.changed(texts.clone());
        let app = analyse(&sources)?;
        let (next, left) = next(&app, wanted, &made);
        let Some(next) = next else {
            series.refused = left.refused;
            series.held_back = left.held_back;
            break;
        };
        made.insert((next.kind, next.subject.clone()));
        texts.extend(changed(&sources, &next.offer.refactoring.change));
        series.done.push(next);
    }
    series.files = files(first, texts);
    Ok(series)
}

/// What new texts make of the files there are; those that stay as they are are left out.
pub fn files(sources: &Sources, texts: BTreeMap<String, Option<String>>) -> Vec<File> {
    let file = |(path, after): (String, Option<String>)| {
        let before = sources.find(&path).map(|id| sources.text(id).to_owned());
        File { path, before, after }
    };
    texts.into_iter().map(file).filter(|file| file.before != file.after).collect()
}

/// The texts that a change makes, by path.
pub fn changed(sources: &Sources, change: &SourceChange) -> BTreeMap<String, Option<String>> {
    let edited =
        change.apply(sources).into_iter().map(|(id, text)| (sources.path(id).to_owned(), Some(text)));
    let new = change.create.iter().map(|(path, text)| (path.clone(), Some(text.clone())));
    let gone = change.delete.iter().map(|id| (sources.path(*id).to_owned(), None));
    edited.chain(new).chain(gone).collect()
}

fn next(app: &App<'_>, wanted: &Wanted<'_>, made: &BTreeSet<(&str, Subject)>) -> (Option<Done>, Series) {
    let mut left = Series::default();
    for kind in CATALOGUE {
        let asked =
            |subject: &Subject| (wanted.is)(kind, subject) && !made.contains(&(kind.id, subject.clone()));
        for Proposal { subject, outcome } in kind.proposals(app, wanted.options, &asked) {
            match outcome {
                Ok(offer) if offer.refactoring.applicability >= wanted.at_least => {
                    return (Some(Done { kind: kind.id, subject, offer }), left);
                }
                Ok(_) => left.held_back += 1,
                Err(refusals) => {
                    let reasons = refusals.into_iter().map(|refusal| reason(app, refusal)).collect();
                    left.refused.push(Refused { kind: kind.id, subject, reasons });
                }
            }
        }
    }
    (None, left)
}

/// Where a refusal is about, for the reader.
pub fn reason(app: &App<'_>, Refusal { span, text }: Refusal) -> Reason {
    let place = app.sources.position(span.source, span.start);
    let path = app.sources.path(span.source).to_owned();
    Reason { path, line: place.line, column: place.column, text }
}
