//! What a rule has to say about an application.

mod fingerprint;
mod grouping;

use std::borrow::Cow;

pub use fingerprint::{digest, stamp};
pub use grouping::{Cause, group, list};

use crate::edit::Refactoring;
use crate::evidence::{Certainty, Evidence};
use crate::source::Span;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Advice; leaving it is a valid answer.
    Info,
    Warning,
    /// It fails, or will not deploy.
    Error,
}

impl Severity {
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Info, Self::Warning, Self::Error].into_iter().find(|severity| severity.name() == name)
    }
}

/// Puts findings in the order they are reported in.
pub fn sort(findings: &mut [Finding]) {
    findings.sort_by(|a, b| (a.span, &a.rule, &a.message).cmp(&(b.span, &b.rule, &b.message)));
}

/// One finding. A rule states what it saw; `rule` and `severity` are stamped by [`crate::rule::run`].
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    pub rule: Cow<'static, str>,
    pub severity: Severity,
    /// It is no more than this, where its rule would have it weigh more.
    pub at_most: Option<Severity>,
    /// Where it is reported.
    pub span: Span,
    /// Starts lower-case or with a name, without a full stop.
    pub message: String,
    /// What was seen, in the order it should be read. May lie in other files.
    pub evidence: Vec<Evidence>,
    pub help: Option<String>,
    /// A change that can be made, looked for by [`crate::report::Report::look_for_changes`].
    pub refactoring: Option<Refactoring>,
    /// Path of the template it belongs to.
    pub template: Option<String>,
    /// Logical ids of the functions it is about, in that template.
    pub functions: Vec<String>,
    /// The logical id it is about, where that is no function.
    pub resource: Option<String>,
    /// The worlds it holds in, where that is not all: "where IsProd", "only in production".
    pub world: Option<String>,
    /// What it shares with others, so that one can speak for all.
    pub cause: Option<Cause>,
    /// A hash of the code it is about, where that tells a copy of it: in another template its reasons and
    /// advice may count other things.
    pub code: Option<u64>,
    /// What it is recognised by from one run to the next; stamped by [`crate::lint`].
    pub fingerprint: String,
}

impl Finding {
    /// A finding at a place.
    pub fn at(span: Span, message: impl Into<String>) -> Self {
        Self {
            rule: Cow::Borrowed(""),
            severity: Severity::Info,
            at_most: None,
            span,
            message: message.into(),
            evidence: Vec::new(),
            help: None,
            refactoring: None,
            template: None,
            functions: Vec::new(),
            resource: None,
            world: None,
            cause: None,
            code: None,
            fingerprint: String::new(),
        }
    }

    /// Adds a reason that holds on every path.
    #[must_use]
    pub fn because(self, span: Span, text: impl Into<String>) -> Self {
        self.because_it(Certainty::Must, span, text)
    }

    /// Adds a reason with its certainty.
    #[must_use]
    pub fn because_it(mut self, certainty: Certainty, span: Span, text: impl Into<String>) -> Self {
        self.evidence.push(Evidence { span, certainty, text: text.into() });
        self
    }

    /// Lets it weigh less than its rule has it.
    #[must_use]
    pub fn at_most(mut self, severity: Severity) -> Self {
        self.at_most = Some(severity);
        self
    }

    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// What says the same of the same code in another template is a copy of it.
    #[must_use]
    pub fn about_code(mut self, hash: u64) -> Self {
        self.code = Some(hash);
        self
    }

    /// Names a function it is about, and the path of the template that declares it.
    #[must_use]
    pub fn function(mut self, template: &str, id: &str) -> Self {
        self.template = Some(template.to_owned());
        self.functions.push(id.to_owned());
        self
    }

    /// Names a resource it is about that is no function.
    #[must_use]
    pub fn resource(mut self, template: &str, id: &str) -> Self {
        self.template = Some(template.to_owned());
        self.resource = Some(id.to_owned());
        self
    }

    #[must_use]
    pub fn world(mut self, world: Option<String>) -> Self {
        self.world = world;
        self
    }

    /// As certain as its weakest evidence.
    pub fn certainty(&self) -> Certainty {
        self.evidence.iter().map(|evidence| evidence.certainty).min().unwrap_or(Certainty::Must)
    }
}
