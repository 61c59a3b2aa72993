//! A summary as text for people: what the handler reads, calls and answers, each with its line.

use std::fmt::Write;

use super::{Action, Condition, Effect, Outcome, Path, Shape, Summary, Symbol, Test, Times};
use crate::evidence::Certainty;
use crate::source::{Sources, Span};

/// One line per thing. Lines of the entry's own file are plain numbers, others have the path before.
pub fn summary(summary: &Summary, sources: &Sources) -> String {
    let mut out = Printer { sources, summary, text: String::new() };
    out.all();
    out.text
}

struct Printer<'a> {
    sources: &'a Sources,
    summary: &'a Summary,
    text: String,
}

impl Printer<'_> {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn place(&self, span: Span) -> String {
        let line = self.sources.position(span.source, span.start).line;
        if span.source == self.summary.entry.source {
            line.to_string()
        } else {
            format!("{}:{line}", self.sources.path(span.source))
        }
    }

    fn all(&mut self) {
        let summary = self.summary;
        self.line(&format!("entry at {}", self.place(summary.entry)));
        for (index, effect) in summary.effects.iter().enumerate() {
            self.effect(index, effect);
        }
        for path in &summary.paths {
            self.path(path);
        }
        for route in &summary.inner_routes {
            let effects: Vec<String> = route.effects.iter().map(|id| id.0.to_string()).collect();
            self.line(&format!(
                "route {} {} at {} [{}]",
                route.method,
                route.path,
                self.place(route.span),
                effects.join(" ")
            ));
        }
        for read in &summary.env_reads {
            let default = if read.has_default { " default" } else { "" };
            let init = if read.at_init { " init" } else { "" };
            self.line(&format!(
                "env {} at {}{default} {}{init}",
                read.name,
                self.place(read.span),
                certainty(read.certainty)
            ));
        }
        for read in &summary.event_reads {
            let required = if read.required { " required" } else { "" };
            self.line(&format!(
                "event {} at {}{required} {}",
                read.path.join("."),
                self.place(read.span),
                certainty(read.certainty)
            ));
        }
        for init in &summary.inits {
            let when = match (init.at_init, init.invariant) {
                (true, _) => " init",
                (false, true) => " each time",
                (false, false) => "",
            };
            self.line(&format!("init {} at {}{when}", init.what, self.place(init.span)));
        }
        for unknown in &summary.unknowns {
            let effects = if unknown.may_have_effects { " (may have effects)" } else { "" };
            self.line(&format!("unknown at {}: {}{effects}", self.place(unknown.span), unknown.why));
        }
    }

    fn effect(&mut self, index: usize, effect: &Effect) {
        let times = match &effect.times {
            Times::Once => String::new(),
            Times::PerItemOf(of) => format!(" per item of {}", shape(of)),
            Times::Many => " many".to_owned(),
            Times::Init => " init".to_owned(),
        };
        let on =
            if effect.on == Symbol::Unknown { String::new() } else { format!(" on {}", symbol(&effect.on)) };
        let place = self.place(effect.span);
        self.line(&format!(
            "effect {index}: {}{on} at {place} {}{times}",
            action(&effect.action),
            certainty(effect.certainty)
        ));
        if effect.input != Shape::Unknown {
            self.line(&format!("  input {}", shape(&effect.input)));
        }
    }

    fn path(&mut self, path: &Path) {
        let effects: Vec<String> = path.effects.iter().map(|id| id.0.to_string()).collect();
        let conditions: Vec<String> = path.when.iter().map(|asked| condition(asked)).collect();
        let when =
            if conditions.is_empty() { String::new() } else { format!(" when {}", conditions.join(" and ")) };
        self.line(&format!("path [{}]{when}", effects.join(" ")));
        let outcome = match &path.outcome {
            Outcome::Returns(value, span) => format!("  returns {} at {}", shape(value), self.place(*span)),
            Outcome::Raises { class, message, span } => {
                let message =
                    message.as_ref().map_or_else(String::new, |message| format!(" {}", shape(message)));
                format!("  raises {}{message} at {}", class.as_deref().unwrap_or("?"), self.place(*span))
            }
            Outcome::Unknown => "  ends unknown".to_owned(),
        };
        self.line(&outcome);
    }
}

fn certainty(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::Must => "must",
        Certainty::May => "may",
    }
}

pub fn action(action: &Action) -> String {
    match action {
        Action::Aws { service, operation } => format!("{service}:{operation}"),
        Action::Http { method } => format!("http {}", method.as_deref().unwrap_or("?")),
        Action::Database(kind) => format!("database {kind}"),
        Action::Email => "email".to_owned(),
        Action::FileRead => "file read".to_owned(),
        Action::FileWrite => "file write".to_owned(),
        Action::Process => "process".to_owned(),
        Action::Sleep(Some(seconds)) => format!("sleep {seconds} s"),
        Action::Sleep(None) => "sleep".to_owned(),
        Action::Telemetry => "telemetry".to_owned(),
        Action::Random => "random".to_owned(),
        Action::Clock => "clock".to_owned(),
    }
}

pub fn symbol(symbol: &Symbol) -> String {
    let path = |root: &str, path: &[String]| {
        path.iter().fold(root.to_owned(), |mut text, part| {
            let _ = write!(text, ".{part}");
            text
        })
    };
    match symbol {
        Symbol::Name(name) => format!("'{name}'"),
        Symbol::Env(name) => format!("env {name}"),
        Symbol::Text(parts) => {
            format!("text({})", parts.iter().map(self::symbol).collect::<Vec<_>>().join(" "))
        }
        Symbol::Event(parts) => path("event", parts),
        Symbol::Context(parts) => path("context", parts),
        Symbol::Result(id, parts) => path(&format!("result {}", id.0), parts),
        Symbol::Unknown => "?".to_owned(),
    }
}

fn shapes(shapes: &[Shape], between: &str) -> String {
    shapes.iter().map(shape).collect::<Vec<_>>().join(between)
}

/// A shape in short.
pub fn shape(value: &Shape) -> String {
    match value {
        Shape::Unknown => "?".to_owned(),
        Shape::Null => "null".to_owned(),
        Shape::Bool(value) => value.to_string(),
        Shape::Number(number) => number.clone(),
        Shape::Symbol(value) => symbol(value),
        Shape::Text(parts) => format!("text({})", shapes(parts, " ")),
        Shape::List(items) => format!("[{}]", shapes(items, ", ")),
        Shape::Object { entries, open } => {
            let mut parts: Vec<String> = entries
                .iter()
                .map(|(name, value)| {
                    if name == "..." {
                        format!("...{}", shape(value))
                    } else {
                        format!("{name}: {}", shape(value))
                    }
                })
                .collect();
            if *open {
                parts.push("?".to_owned());
            }
            format!("{{{}}}", parts.join(", "))
        }
        Shape::Json(value) => format!("json({})", shape(value)),
        Shape::Parsed(value) => format!("parsed({})", shape(value)),
        Shape::Coded { coding, value } => format!("{coding}({})", shape(value)),
        Shape::Choice(choices) => format!("({})", shapes(choices, " | ")),
        Shape::Default { value, default } => format!("({} or {})", shape(value), shape(default)),
        Shape::Each { of, item } => format!("each({}: {})", shape(of), shape(item)),
        Shape::Item { of, path } => {
            format!("item({}){}", shape(of), path.iter().map(|part| format!(".{part}")).collect::<String>())
        }
        Shape::Part { of, path } => {
            format!("{}{}", shape(of), path.iter().map(|part| format!(".{part}")).collect::<String>())
        }
        Shape::RandomId => "random id".to_owned(),
        Shape::Now(form) => format!("now({form})"),
        Shape::Computed { operation, from, .. } => format!("<{operation}>({})", shapes(from, ", ")),
    }
}

fn condition(condition: &Condition) -> String {
    let text = match &condition.test {
        Test::Truthy(value) => format!("truthy {}", shape(value)),
        Test::Present(value) => format!("present {}", shape(value)),
        Test::Has(value, key) => format!("has {} '{key}'", shape(value)),
        Test::Equal(left, right) => format!("{} == {}", shape(left), shape(right)),
        Test::OneOf(value, ones) => format!("{} one of [{}]", shape(value), shapes(ones, ", ")),
        Test::StartsWith(value, prefix) => format!("{} starts with '{prefix}'", shape(value)),
        Test::Failed(id, classes) => {
            format!("failed {}{}", id.0, classes.iter().map(|class| format!(" {class}")).collect::<String>())
        }
        Test::Raised => "raised".to_owned(),
        Test::Iterates(value) => format!("iterates {}", shape(value)),
        Test::Other(values) => format!("other({})", shapes(values, ", ")),
    };
    if condition.holds { text } else { format!("not {text}") }
}
