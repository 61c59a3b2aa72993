//! The verdict on one function and one trigger.

use super::parts::parts_of_event;
use super::questions::{Question, deployed, question};
use super::values::{Origins, Role, Surroundings, is_records};
use super::{
    Answer, Check, Constant, Forwarding, Input, Reason, Trigger, Verdict, When, answers, errors, idle,
    piped::piped, reach,
};
use crate::aws::{direct, environment, iam, invocation, mappings, triggers};
use crate::graph::specialise::{Known, specialise};
use crate::graph::{EventSource, FunctionRef};
use crate::summary::{Action, Condition, Effect, EffectId, Path, Shape, Summary, Test, Times, print};

pub(super) fn judge(function: FunctionRef<'_>, summary: &Summary, trigger: Trigger<'_>) -> Verdict {
    if let Trigger::Route(route) = trigger
        && route.templated
    {
        let text = "is called through mapping templates, which make its event and the answer";
        return Verdict::Needed(vec![Reason::new(route.span, text)]);
    }
    let sets = |name: &str| function.environment.iter().any(|(set, _)| set.text == name);
    // The region is the one variable of the platform that a template knows as well.
    let is_set = |name: &str| sets(name) || environment::is_region(name);
    let is_there = |name: &str| sets(name) || environment::is_given(name);
    let mut reasons = not_followed(summary);
    reasons.extend(at_start(summary));
    let mut paths: Vec<&Path> = match trigger {
        Trigger::Route(route) => specialise(summary, route),
        Trigger::Task(_) | Trigger::Event(_) | Trigger::Invocation(_) => summary.paths.iter().collect(),
    };
    paths.retain(|path| can_be_deployed(path, &is_there));
    if paths.is_empty() {
        reasons.push(Reason::new(summary.entry, "was not followed to an end"));
        return Verdict::Needed(reasons);
    }
    let calls = calls(summary, &paths);
    let route = match trigger {
        Trigger::Route(route) => Some(Known::of(route)),
        Trigger::Task(_) | Trigger::Event(_) | Trigger::Invocation(_) => None,
    };
    let case = Case { function, summary, trigger, route, paths, is_set: &is_set };
    match calls.as_slice() {
        [] => case.constant(reasons),
        [(id, effect)] => case.forwards(*id, effect, reasons),
        [(_, first), (_, second), ..] => {
            let (one, two) = (print::action(&first.action), print::action(&second.action));
            let text = if one == two {
                format!("calls {one} in more than one place")
            } else {
                format!("calls both {one} and {two}")
            };
            reasons.push(Reason::new(second.span, text));
            Verdict::Needed(reasons)
        }
    }
}

struct Case<'a> {
    function: FunctionRef<'a>,
    summary: &'a Summary,
    trigger: Trigger<'a>,
    route: Option<Known<'a>>,
    paths: Vec<&'a Path>,
    is_set: &'a dyn Fn(&str) -> bool,
}

impl Case<'_> {
    fn constant(&self, mut reasons: Vec<Reason>) -> Verdict {
        let Some(language) = reach::language(self.trigger, None) else { return Verdict::Needed(reasons) };
        let around = Surroundings {
            language,
            trigger: reach::kind(self.trigger),
            call: None,
            is_set: self.is_set,
            tells: &|_| false,
        };
        let mut found = self.follow(around);
        reasons.append(&mut found.reasons);
        reasons.extend(
            found
                .checks
                .into_iter()
                .map(|check| Reason::new(check.span, format!("checks that {}", check.text))),
        );
        if let Trigger::Event(event) = self.trigger
            && (invocation::is_waiting(event.kind) || idle::is_enrichment(self.function, event))
        {
            reasons.push(Reason::new(event.span, format!("decides what {} does next", event.kind)));
        }
        reasons.extend(self.guards(true));
        reasons.extend(self.unseen());
        if !found.answers.iter().any(|answer| answer.when == When::Done) && reasons.is_empty() {
            reasons.push(Reason::new(self.summary.entry, "only fails"));
        }
        if !reasons.is_empty() {
            return Verdict::Needed(unique(reasons));
        }
        let integration = idle::integration(self.trigger, &found.answers);
        Verdict::Constant(Constant { answers: found.answers, integration })
    }

    fn forwards(&self, id: EffectId, effect: &Effect, mut reasons: Vec<Reason>) -> Verdict {
        let Action::Aws { service, operation } = &effect.action else {
            reasons.push(Reason::new(
                effect.span,
                format!("does more than call AWS (`{}`)", print::action(&effect.action)),
            ));
            return Verdict::Needed(unique(reasons));
        };
        reasons.extend(self.guards(false));
        reasons.extend(self.repeated(id, effect));
        reasons.extend(self.state(service, operation));
        let integration = reach::integration(self.trigger, service, operation);
        let language = reach::language(self.trigger, Some((service, operation)));
        let (Ok(integration), Some(language)) = (&integration, language) else {
            reasons.extend(integration.err());
            return Verdict::Needed(unique(reasons));
        };
        let sees_ends = reach::sees_ends(self.trigger, service, operation);
        let outcome = mappings::mapping(service, operation).and_then(|mapping| mapping.outcome.as_ref());
        let tells = |test: &Test| {
            let ends = || errors::named_outcomes(test, id, &outcome?.member);
            sees_ends && (errors::named_errors(test, id, &self.summary.imports).is_some() || ends().is_some())
        };
        let around = Surroundings {
            language,
            trigger: reach::kind(self.trigger),
            call: Some(id),
            is_set: self.is_set,
            tells: &tells,
        };
        let (inputs, mut not) = inputs(effect, around);
        reasons.append(&mut not);
        reasons.extend(self.event_parts(effect));
        let mut found = self.follow(around);
        reasons.append(&mut found.reasons);
        let done = found.answers.iter().any(|answer| answer.when == When::Done);
        if !done && reasons.is_empty() {
            reasons.push(Reason::new(effect.span, "never answers after the call"));
        }
        if !reasons.is_empty() {
            return Verdict::Needed(unique(reasons));
        }
        let target = self.function.behaviour.targets.get(id.index()).cloned().flatten();
        Verdict::Forwards(Forwarding {
            effect: id,
            service: service.clone(),
            operation: operation.clone(),
            target,
            call: effect.span,
            inputs,
            answers: found.answers,
            checks: found.checks,
            integration: integration.clone(),
        })
    }

    /// Signs of calls that were not seen: values that were not followed, clients that nothing uses.
    fn unseen(&self) -> Vec<Reason> {
        let lost = self.summary.unknowns.iter();
        let mut reasons: Vec<Reason> = lost
            .map(|unknown| Reason::new(unknown.span, format!("was not followed here: {}", unknown.why)))
            .collect();
        if !self.summary.effects.iter().any(counts) {
            let idle = self.summary.inits.iter();
            reasons.extend(idle.map(|init| {
                Reason::new(init.span, format!("has a client for {}, of which no use was seen", init.what))
            }));
        }
        reasons
    }

    /// Packages that do more than the code shows; or only those that make calls of their own.
    fn guards(&self, calling: bool) -> Vec<Reason> {
        let said = |module: &str| {
            let guard = direct::guard(module).filter(|guard| guard.calls || !calling)?;
            Some(Reason::new(self.summary.entry, format!("{} `{module}`", guard.does)))
        };
        self.summary
            .imports
            .iter()
            .filter(|import| !import.local)
            .filter_map(|import| said(&import.module))
            .collect()
    }

    fn repeated(&self, id: EffectId, effect: &Effect) -> Option<Reason> {
        let is_batch = matches!(self.trigger, Trigger::Event(_));
        let twice = self.paths.iter().any(|path| path.effects.iter().filter(|one| **one == id).count() > 1);
        match &effect.times {
            Times::Once if !twice => None,
            Times::PerItemOf(of) if is_batch && is_records(of) => None,
            _ => Some(Reason::new(
                effect.span,
                format!("calls {} more than once", print::action(&effect.action)),
            )),
        }
    }

    /// What the state of a task asks of its function, beyond calling it.
    fn state(&self, service: &str, operation: &str) -> Option<Reason> {
        let Trigger::Task(task) = self.trigger else { return None };
        if task.resource.ends_with(".waitForTaskToken") {
            return Some(Reason::new(task.span, "sends back a token that the state waits for"));
        }
        if let Some(name) = self.function.handled_errors(task).into_iter().next() {
            return Some(Reason::new(name.span, format!("raises `{}`, which the state handles", name.text)));
        }
        let much = direct::may_answer_much(service, operation);
        let text = || {
            format!(
                "calls {}:{operation}, whose answer may be larger than a state can hold",
                iam::prefix(service)
            )
        };
        much.then(|| Reason::new(task.span, text()))
    }

    /// Parts of the event that the way without a function does not have.
    fn event_parts(&self, effect: &Effect) -> Option<Reason> {
        let Trigger::Event(event) = self.trigger else { return None };
        let Action::Aws { service, operation } = &effect.action else { return None };
        let reach = reach::reached(event, service, operation)?;
        let members = match &effect.input {
            Shape::Object { entries, .. } => &**entries,
            _ => &[],
        };
        let unset = members.iter().find(|(name, _)| !direct::is_settable(service, operation, name));
        if let Some((name, _)) = unset.filter(|_| !reach.is_fixed()) {
            let text = format!("sets `{name}`, which {} cannot", reach.how);
            return Some(Reason::new(effect.span, text));
        }
        if reach.is_rule() && direct::makes_event(service, operation) {
            let text = "makes an event of its own, where a rule hands on the one that it was given";
            return Some(Reason::new(effect.span, text));
        }
        if reach.is_piped()
            && let Err(text) = piped(event.kind, service, operation, &effect.input)
        {
            return Some(Reason::new(effect.span, text));
        }
        let mut chosen = Vec::new();
        let settled = members.iter().filter(|(name, _)| direct::is_settled(name));
        settled.for_each(|(_, value)| parts_of_event(value, &mut chosen));
        if !chosen.is_empty() {
            return Some(Reason::new(effect.span, "chooses by the event what it calls"));
        }
        let mut parts = Vec::new();
        parts_of_event(&effect.input, &mut parts);
        let whole = |path: &Vec<String>| {
            let path: Vec<&str> = path.iter().map(String::as_str).collect();
            matches!(
                path.as_slice(),
                [] | ["Records"]
                    | ["Records", "*" | "0"]
                    | ["Records", "*" | "0", "Sns"]
                    | ["Records", "*" | "0", "Sns", "Message"]
            )
        };
        let of_one = parts.iter().any(|path| path.get(1).is_some_and(|index| index == "0"));
        let said = if reach.is_fixed() && !parts.is_empty() {
            "uses the event, which a schedule only knows when it is deployed"
        } else if reach.is_whole() && !parts.iter().all(whole) {
            "takes the event apart"
        } else if of_one && !triggers::is_single(event.kind) && !is_single(event) {
            "only looks at the first record"
        } else {
            return None;
        };
        Some(Reason::new(effect.span, said))
    }

    /// Whether the trigger alone answers what a branch asks.
    fn is_settled(&self, condition: &Condition) -> bool {
        self.route.as_ref().is_some_and(|route| route.answer(condition).is_some())
    }

    /// Follows every path to its end.
    fn follow(&self, around: Surroundings<'_>) -> Followed {
        let mut found = Followed::default();
        let mut checks: Vec<(Check, &Test)> = Vec::new();
        let mut ends = Vec::new();
        for path in &self.paths {
            let when = when(path, around.call);
            let end = answers::end(path, when, self.function, self.trigger, around);
            for condition in path.when.iter().filter(|condition| !self.is_settled(condition)) {
                match question(condition, &around) {
                    // Whatever a consumer asks, it does nothing.
                    _ if around.call.is_none() && !idle::is_awaited(self.trigger) => {}
                    Question::Logic(text) => found.reasons.push(Reason::new(condition.span, text)),
                    Question::Request
                        if matches!(self.trigger, Trigger::Event(_)) && around.call.is_some() =>
                    {
                        found
                            .reasons
                            .push(Reason::new(condition.span, "looks at events before it hands them on"));
                    }
                    Question::Check(text) => {
                        let check = (Check { span: condition.span, text }, &condition.test);
                        if !checks.contains(&check) {
                            checks.push(check);
                        }
                    }
                    Question::Inside if around.call.is_some() => {
                        found.reasons.push(Reason::new(condition.span, "branches on a value of its own"));
                    }
                    _ => {}
                }
            }
            found.reasons.extend(end.reasons.iter().cloned());
            found.answers.extend(end.answer.clone());
            ends.push((*path, when, end.refuses));
        }
        for (check, test) in checks {
            if !turns_down(test, &ends) {
                found
                    .reasons
                    .push(Reason::new(check.span, format!("decides what to do by whether {}", check.text)));
            } else if !found.checks.contains(&check) {
                found.checks.push(check);
            }
        }
        found.answers.sort_by(|a, b| (a.when, a.span, &a.origin).cmp(&(b.when, b.span, &b.origin)));
        found.answers.dedup();
        found
    }
}

#[derive(Default)]
struct Followed {
    answers: Vec<Answer>,
    checks: Vec<Check>,
    reasons: Vec<Reason>,
}

/// Whether one answer to a question always ends in a refusal.
fn turns_down(test: &Test, ends: &[(&Path, When, bool)]) -> bool {
    let side = |holds: bool| {
        let mut paths = ends.iter().filter(move |(path, ..)| {
            path.when.iter().any(|condition| condition.test == *test && condition.holds == holds)
        });
        paths.all(|(_, when, refuses)| *when == When::Rejected && *refuses)
    };
    side(true) || side(false)
}

fn when(path: &Path, call: Option<EffectId>) -> When {
    let raised = path.when.iter().any(|condition| condition.holds && matches!(condition.test, Test::Raised));
    let failed = |id: EffectId| {
        path.when
            .iter()
            .any(|condition| condition.holds && matches!(&condition.test, Test::Failed(of, _) if *of == id))
    };
    match call {
        _ if raised => When::Failed,
        None => When::Done,
        Some(id) if !path.effects.contains(&id) => When::Rejected,
        Some(id) if failed(id) => When::Failed,
        Some(_) => When::Done,
    }
}

/// Places behind which a call could hide, or a path that was left out.
fn not_followed(summary: &Summary) -> Vec<Reason> {
    let unknown =
        summary.unknowns.iter().filter(|unknown| unknown.may_have_effects || unknown.span == summary.entry);
    unknown
        .map(|unknown| Reason::new(unknown.span, format!("was not followed here: {}", unknown.why)))
        .collect()
}

/// Calls when the module loads.
fn at_start(summary: &Summary) -> impl Iterator<Item = Reason> {
    let at_start = summary.effects.iter().filter(|effect| effect.times == Times::Init && counts(effect));
    at_start.map(|effect| {
        Reason::new(effect.span, format!("calls {} when it starts", print::action(&effect.action)))
    })
}

/// Logs, metrics and traces do not count, nor what time and chance there is.
fn counts(effect: &Effect) -> bool {
    !matches!(effect.action, Action::Telemetry | Action::Random | Action::Clock)
}

/// Effects that some of the paths reach, each once.
fn calls<'s>(summary: &'s Summary, paths: &[&Path]) -> Vec<(EffectId, &'s Effect)> {
    let mut ids: Vec<EffectId> = paths.iter().flat_map(|path| path.effects.iter().copied()).collect();
    ids.sort();
    ids.dedup();
    let effect = |id: EffectId| Some((id, summary.effect(id)?));
    ids.into_iter()
        .filter_map(effect)
        .filter(|(_, effect)| counts(effect) && effect.times != Times::Init)
        .collect()
}

/// Whether a function is given one record at a time.
fn is_single(event: &EventSource) -> bool {
    event.properties.get("BatchSize").is_some_and(|size| size.text() == "1")
}

/// Whether a path can be taken with the variables that the template sets.
fn can_be_deployed(path: &Path, is_there: &dyn Fn(&str) -> bool) -> bool {
    path.when.iter().all(|condition| deployed(condition).is_none_or(|name| is_there(name) == condition.holds))
}

/// Where each part of the input comes from.
fn inputs(effect: &Effect, around: Surroundings<'_>) -> (Vec<Input>, Vec<Reason>) {
    let mut found = Vec::new();
    let mut reasons = Vec::new();
    let mut take = |member: String, shape: &Shape| {
        let mut origins = Origins::new(around, Role::Input, effect.span);
        origins.value(shape);
        found.push(Input { member, origin: origins.origins.join(", ") });
        reasons.append(&mut origins.reasons);
    };
    match &effect.input {
        Shape::Object { entries, open: false } => {
            for (name, value) in entries.iter() {
                match inner(value) {
                    Some(parts) => {
                        parts.iter().for_each(|(part, value)| take(format!("{name}.{part}"), value))
                    }
                    None => take(name.clone(), value),
                }
            }
        }
        other => take("input".to_owned(), other),
    }
    (found, reasons)
}

/// Entries of a key or an item, each of which has an origin of its own.
fn inner(value: &Shape) -> Option<&[(String, Shape)]> {
    match value {
        Shape::Coded { coding, value } if coding == "marshall" => inner(value),
        Shape::Object { entries, open: false } if entries.iter().all(|(name, _)| name != "...") => {
            Some(entries)
        }
        _ => None,
    }
}

fn unique(mut reasons: Vec<Reason>) -> Vec<Reason> {
    reasons.sort();
    reasons.dedup();
    reasons
}
