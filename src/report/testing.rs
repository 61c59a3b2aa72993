//! Reports for the tests of formats, with words and paths that are awkward to write.

use std::borrow::Cow;

use super::Report;
use crate::finding::{Finding, Severity};
use crate::graph::App;
use crate::rule::{Category, Meta, Profile};
use crate::source::{Sources, Span};

pub const PATH: &str = "a b/100%,é:1.yaml";

pub fn sources() -> Sources {
    let texts = [(PATH, "one: 1\ntwo: |\n  2\n"), ("app.py", "call(<x>)\n")];
    Sources::in_memory(texts.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect())
}

/// One finding per severity, with evidence in another file.
pub fn report<'a>(sources: &'a Sources, severities: &[Severity]) -> Report<'a> {
    let span = |path: &str, start, end| Span::new(sources.find(path).expect("given"), start, end);
    let finding = |severity: &Severity| Finding {
        rule: Cow::Borrowed("some-rule"),
        severity: *severity,
        ..Finding::at(span(PATH, 7, 18), "`two` is <2> | 100% of [it]")
            .because(span("app.py", 0, 9), "called *here*, `a|b`")
            .help("make it 3")
    };
    let meta = Meta {
        id: Cow::Borrowed("some-rule"),
        category: Category::Structure,
        severity: Severity::Warning,
        profile: Profile::Default,
        summary: Cow::Borrowed("two is two"),
        docs: Cow::Borrowed(" ## What it does\n Sees it.\n"),
    };
    let mut findings: Vec<Finding> = severities.iter().map(finding).collect();
    crate::finding::stamp(&mut findings, sources, str::to_owned);
    Report {
        app: App::new(
            sources,
            crate::graph::link(Vec::new(), sources).0,
            crate::graph::services::Services::default(),
            crate::template::environments::Deployments::default(),
            Vec::new(),
        ),
        findings,
        suppressed: 0,
        baseline: None,
        older: None,
        abstentions: Vec::new(),
        problems: Vec::new(),
        rules: vec![meta],
    }
}
