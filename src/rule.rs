//! The interface of a rule, and how rules are run.

use std::borrow::Cow;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use rayon::prelude::*;

use crate::evidence::Problem;
use crate::finding::{Finding, Severity};
use crate::graph::App;
use crate::source::Span;

/// What every rule module needs.
pub mod prelude {
    pub use super::Found;
    pub use crate::evidence::Certainty;
    pub use crate::finding::Finding;
    pub use crate::graph::App;
    pub(crate) use crate::rule::rule;
}

/// A rule is a pure function from an application to findings.
pub trait Rule: Sync + Send {
    fn meta(&self) -> &Meta;
    fn check(&self, app: &App<'_>, found: &mut Found);
}

/// What is said of a rule wherever it is named: `slslint rules`, `slslint explain`, reports.
#[derive(Clone, Debug)]
pub struct Meta {
    pub id: Cow<'static, str>,
    pub category: Category,
    pub severity: Severity,
    pub profile: Profile,
    /// Half a sentence: "function only forwards a request to one AWS call".
    pub summary: Cow<'static, str>,
    /// Markdown, with the headings that `tests/tidy.rs` asks for.
    pub docs: Cow<'static, str>,
}

impl Meta {
    /// The documentation without the space that follows `///`.
    pub fn documentation(&self) -> String {
        self.docs.lines().map(|line| format!("{}\n", line.strip_prefix(' ').unwrap_or(line))).collect()
    }
}

/// The folder a rule lives in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Category {
    Structure,
    Reuse,
    Deployment,
    Permissions,
    Contract,
    Reliability,
    Suppression,
}

/// Who should see a rule without asking for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Profile {
    /// Nearly every reader would act on it.
    Default,
    /// Right, but arguable or often deliberate.
    Pedantic,
    /// New; may change.
    Preview,
}

impl Category {
    pub const ALL: [Self; 7] = [
        Self::Structure,
        Self::Reuse,
        Self::Deployment,
        Self::Permissions,
        Self::Contract,
        Self::Reliability,
        Self::Suppression,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Structure => "structure",
            Self::Reuse => "reuse",
            Self::Deployment => "deployment",
            Self::Permissions => "permissions",
            Self::Contract => "contract",
            Self::Reliability => "reliability",
            Self::Suppression => "suppression",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|category| category.name() == name)
    }
}

impl Profile {
    pub fn name(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Pedantic => "pedantic",
            Self::Preview => "preview",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Default, Self::Pedantic, Self::Preview].into_iter().find(|profile| profile.name() == name)
    }
}

/// What a rule found, and where it held back.
#[derive(Debug, Default)]
pub struct Found {
    pub findings: Vec<Finding>,
    pub abstentions: Vec<Abstention>,
    pub problems: Vec<Problem>,
}

/// A rule met a value or a path it could not know, so it says nothing about this place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Abstention {
    pub rule: Cow<'static, str>,
    pub span: Span,
    pub why: String,
}

impl Found {
    pub fn push(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    pub fn abstain(&mut self, span: Span, why: impl Into<String>) {
        self.abstentions.push(Abstention { rule: Cow::Borrowed(""), span, why: why.into() });
    }
}

impl Extend<Finding> for Found {
    fn extend<T: IntoIterator<Item = Finding>>(&mut self, findings: T) {
        self.findings.extend(findings);
    }
}

/// A rule written in Rust; made by [`rule!`].
pub struct Native {
    pub meta: Meta,
    pub check: fn(&App<'_>, &mut Found),
}

impl fmt::Debug for Native {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Native({})", self.meta.id)
    }
}

impl Rule for Native {
    fn meta(&self) -> &Meta {
        &self.meta
    }

    fn check(&self, app: &App<'_>, found: &mut Found) {
        (self.check)(app, found);
    }
}

/// Declares a rule: its documentation, its metadata, its `check`.
macro_rules! rule {
    (
        $(#[doc = $doc:literal])*
        pub $name:ident = {
            id: $id:literal,
            category: $category:ident,
            severity: $severity:ident,
            $(profile: $profile:ident,)?
            summary: $summary:literal,
            check $(,)?
        }
    ) => {
        $(#[doc = $doc])*
        pub static $name: $crate::rule::Native = $crate::rule::Native {
            meta: $crate::rule::Meta {
                id: std::borrow::Cow::Borrowed($id),
                category: $crate::rule::Category::$category,
                severity: $crate::finding::Severity::$severity,
                profile: $crate::rule::rule!(@profile $($profile)?),
                summary: std::borrow::Cow::Borrowed($summary),
                docs: std::borrow::Cow::Borrowed(concat!($($doc, "\n"),*)),
            },
            check,
        };
    };
    (@profile) => { $crate::rule::Profile::Default };
    (@profile $profile:ident) => { $crate::rule::Profile::$profile };
}
pub(crate) use rule;

/// Runs rules over an application, in parallel; the result is in a fixed order.
///
/// A panic in one rule becomes a problem that names it; the others go on.
pub fn run(rules: &[&dyn Rule], app: &App<'_>) -> Found {
    let mut all = Found::default();
    let each: Vec<Found> = rules.par_iter().map(|rule| run_one(*rule, app)).collect();
    for found in each {
        all.findings.extend(found.findings);
        all.abstentions.extend(found.abstentions);
        all.problems.extend(found.problems);
    }
    all.findings.sort_by(|a, b| (a.span, &a.rule, &a.message).cmp(&(b.span, &b.rule, &b.message)));
    all.abstentions.sort();
    all
}

fn run_one(rule: &dyn Rule, app: &App<'_>) -> Found {
    let meta = rule.meta();
    let mut found = Found::default();
    let outcome = catch_unwind(AssertUnwindSafe(|| rule.check(app, &mut found)));
    if outcome.is_err() {
        let text = format!("rule {} failed and was left out", meta.id);
        let help = "this is a fault of slslint; please report it with the template";
        return Found { problems: vec![Problem::of_file("", text).help(help)], ..Found::default() };
    }
    for finding in &mut found.findings {
        finding.rule = meta.id.clone();
        finding.severity = finding.at_most.map_or(meta.severity, |most| most.min(meta.severity));
        finding.template = finding.template.take().or_else(|| app.template_path_at(finding.span));
    }
    for abstention in &mut found.abstentions {
        abstention.rule = meta.id.clone();
    }
    found
}
