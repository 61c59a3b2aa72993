//! A readable account of one function: what reaches it, and what it does on each route.

use std::collections::{BTreeMap, BTreeSet};

use super::Style;
use crate::evidence::enumerated;
use crate::graph::forwarding::{Trigger, Verdict, forwarding};
use crate::graph::{App, FunctionRef, Reference, Route, SourceState, effects_on, specialise};
use crate::source::Span;
use crate::summary::{Action, EffectId, Outcome, Path, Shape, Summary, Times, print};

/// The account of a function, as lines for people.
pub fn account(app: &App<'_>, function: FunctionRef<'_>, style: &Style) -> String {
    let mut account = Account { app, function, style, text: String::new() };
    account.all();
    account.text
}

/// Answers of one place that are shown as they are.
const ANSWERS: usize = 2;

struct Account<'a> {
    app: &'a App<'a>,
    function: FunctionRef<'a>,
    style: &'a Style,
    text: String,
}

impl Account<'_> {
    fn line(&mut self, depth: usize, line: &str) {
        self.text.push_str(&"  ".repeat(depth));
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn place(&self, span: Span) -> String {
        let sources = self.app.sources;
        let position = sources.position(span.source, span.start);
        format!("{}:{}", self.style.path(sources.path(span.source)), position.line)
    }

    fn all(&mut self) {
        let function = self.function;
        self.line(0, &format!("{} ({})", function.id.text, self.place(function.span())));
        let behaviour = &function.behaviour;
        let handler = match &behaviour.state {
            SourceState::Found | SourceState::Inline => match (&behaviour.file, &behaviour.function) {
                (Some(file), Some(name)) => format!("handler {name} in {}", self.style.path(file)),
                (Some(file), None) => format!("code in {}", self.style.path(file)),
                _ => "handler in the template".to_owned(),
            },
            state => state.why().unwrap_or_default(),
        };
        self.line(1, &handler);
        if let Some(unread) = &behaviour.unread {
            self.line(1, &format!("nothing is known of its code: {}", unread.why()));
        }
        for event in function.event_sources() {
            let source =
                event.source.as_ref().map(|source| format!(" of {}", shown(source))).unwrap_or_default();
            self.line(1, &format!("runs on {}{source} ({})", event.kind, self.place(event.span)));
        }
        let routes: Vec<&Route> = function.routes().collect();
        let Some(summary) = function.summary() else {
            for route in routes {
                self.line(
                    1,
                    &format!("runs on {} {} ({})", route.method, route.path, self.place(route.span)),
                );
            }
            return;
        };
        self.init(summary);
        for route in &routes {
            self.line(1, &format!("on {} {} ({})", route.method, route.path, self.place(route.span)));
            self.calls(summary, &effects_on(summary, route));
            self.answers(summary, &specialise(summary, route));
            self.verdict(2, Trigger::Route(route));
        }
        for trigger in function.triggers().filter(|trigger| !matches!(trigger, Trigger::Route(_))) {
            let place = self.place(trigger.span());
            self.line(
                1,
                &match trigger {
                    Trigger::Task(task) => {
                        format!("as state {} of {} ({place})", task.state.text, task.state_machine)
                    }
                    Trigger::Event(event) => format!("on {} ({place})", event.kind),
                    Trigger::Route(_) | Trigger::Invocation(_) => continue,
                },
            );
            self.verdict(2, trigger);
        }
        if routes.is_empty() {
            self.line(1, "on each invocation");
            let all: Vec<&Path> = summary.paths.iter().collect();
            let mut effects: Vec<EffectId> =
                all.iter().flat_map(|path| path.effects.iter().copied()).collect();
            effects.sort();
            effects.dedup();
            self.calls(summary, &effects);
            self.answers(summary, &all);
            let nothing = function
                .invocation()
                .filter(|trigger| matches!(forwarding(function, *trigger), Some(Verdict::Constant(_))));
            if let Some(trigger) = nothing {
                self.verdict(2, trigger);
            }
        }
        self.unknowns(summary);
    }

    /// What happens once, and what it reads wherever it is called from.
    fn init(&mut self, summary: &Summary) {
        let at_init = |index: &usize| matches!(summary.effects[*index].times, Times::Init);
        let ids: Vec<EffectId> = (0..summary.effects.len())
            .filter(at_init)
            .filter_map(|index| u32::try_from(index).ok())
            .map(EffectId)
            .collect();
        if !ids.is_empty() {
            self.line(1, "when it is loaded");
            self.calls(summary, &ids);
        }
        for read in &summary.env_reads {
            let value = self.function.environment.iter().find(|(name, _)| name.text == read.name);
            let meaning = match value {
                Some((_, value)) => format!("{} in the template", value.text()),
                None if read.has_default => "not set; it has a default".to_owned(),
                None => "not set".to_owned(),
            };
            self.line(1, &format!("reads variable {} = {meaning} ({})", read.name, self.place(read.span)));
        }
        let mut seen: BTreeSet<String> = BTreeSet::new();
        for read in &summary.event_reads {
            let how = if read.required { "needs" } else { "reads" };
            let path = if read.path.is_empty() {
                "the whole event".to_owned()
            } else {
                format!("event.{}", read.path.join("."))
            };
            let line = format!("{how} {path} ({})", self.place(read.span));
            if seen.insert(line.clone()) {
                self.line(1, &line);
            }
        }
        for init in summary.inits.iter().filter(|init| !init.at_init && init.invariant) {
            self.line(
                1,
                &format!("builds a client for {} on each invocation ({})", init.what, self.place(init.span)),
            );
        }
    }

    fn calls(&mut self, summary: &Summary, effects: &[EffectId]) {
        // A place that is reached in several ways is one place.
        let mut seen: BTreeSet<String> = BTreeSet::new();
        for id in effects {
            let index = id.index();
            let Some(effect) = summary.effects.get(index) else { continue };
            if matches!(effect.action, Action::Telemetry | Action::Random | Action::Clock) {
                continue;
            }
            let target = match self.function.behaviour.targets.get(index).and_then(Option::as_ref) {
                Some(reference) => format!(" on {}", shown(reference)),
                None => match print::symbol(&effect.on) {
                    open if open == "?" => String::new(),
                    open => format!(" on {open}"),
                },
            };
            let times = match effect.times {
                Times::Once | Times::Init => "",
                Times::PerItemOf(_) => ", for each item",
                Times::Many => ", repeatedly",
            };
            let action = print::action(&effect.action);
            let line = format!("calls {action}{target}{times} ({})", self.place(effect.span));
            if seen.insert(line.clone()) {
                self.line(2, &line);
            }
        }
    }

    fn answers(&mut self, summary: &Summary, paths: &[&Path]) {
        let mut seen: Vec<String> = Vec::new();
        // How often each place answers, and with which status where there is no room for all.
        let mut more: BTreeMap<Span, (usize, BTreeSet<String>)> = BTreeMap::new();
        for path in paths {
            let answer = match &path.outcome {
                Outcome::Returns(shape, span) => {
                    format!("returns {} ({})", print::shape(shape), self.place(*span))
                }
                Outcome::Raises { class, span, .. } => {
                    format!("raises {} ({})", class.as_deref().unwrap_or("an error"), self.place(*span))
                }
                Outcome::Unknown => "ends in a place that was not followed".to_owned(),
            };
            if seen.contains(&answer) {
                continue;
            }
            if let Outcome::Returns(shape, span) = &path.outcome {
                let (count, statuses) = more.entry(*span).or_default();
                *count += 1;
                if *count > ANSWERS {
                    statuses.extend(status(shape));
                    seen.push(answer);
                    continue;
                }
            }
            self.line(2, &answer);
            seen.push(answer);
        }
        for (span, (count, statuses)) in more.into_iter().filter(|(_, (count, _))| *count > ANSWERS) {
            let statuses: Vec<String> = statuses.into_iter().collect();
            let with = match statuses.as_slice() {
                [] => String::new(),
                all => format!(", with status {}", enumerated(all)),
            };
            let plural = if count - ANSWERS == 1 { "" } else { "s" };
            let line =
                format!("returns {} other answer{plural}{with} ({})", count - ANSWERS, self.place(span));
            self.line(2, &line);
        }
        if summary.paths.is_empty() {
            self.line(2, "no path was followed to its end");
        }
    }

    /// Whether it is needed for this trigger, and what for.
    fn verdict(&mut self, depth: usize, trigger: Trigger<'_>) {
        match forwarding(self.function, trigger) {
            None => {}
            Some(Verdict::Forwards(what)) => {
                let needs = what.integration.needs.map(|needs| format!(" ({needs})")).unwrap_or_default();
                self.line(depth, &format!("could be {}{needs}", what.integration.name));
                for input in what.inputs.iter().filter(|input| !input.origin.is_empty()) {
                    self.line(depth + 1, &format!("{} from {}", input.member, input.origin));
                }
                for check in &what.checks {
                    self.line(
                        depth + 1,
                        &format!(
                            "once a request validator checks that {} ({})",
                            check.text,
                            self.place(check.span)
                        ),
                    );
                }
            }
            Some(Verdict::Constant(constant)) => {
                let needs = constant.integration.needs.map(|needs| format!(" ({needs})")).unwrap_or_default();
                self.line(depth, &format!("could be {}{needs}: it has no effect", constant.integration.name));
            }
            Some(Verdict::Needed(reasons)) => {
                for reason in reasons {
                    self.line(
                        depth,
                        &format!(
                            "needs the function because it {} ({})",
                            reason.text,
                            self.place(reason.span)
                        ),
                    );
                }
            }
        }
    }

    fn unknowns(&mut self, summary: &Summary) {
        for unknown in &summary.unknowns {
            let weight = if unknown.may_have_effects { "; calls may hide there" } else { "" };
            self.line(1, &format!("not followed: {}{weight} ({})", unknown.why, self.place(unknown.span)));
        }
    }
}

/// The status of an answer, where it is written out.
fn status(shape: &Shape) -> Option<String> {
    let Shape::Object { entries, .. } = shape else { return None };
    let (_, status) = entries.iter().find(|(key, _)| key == "statusCode")?;
    match status {
        Shape::Number(number) => Some(number.clone()),
        _ => None,
    }
}

fn shown(reference: &Reference) -> &str {
    match reference {
        Reference::Resource(id) => id,
        Reference::Text(text) => text,
    }
}
