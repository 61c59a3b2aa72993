//! Functions that set off themselves, by what they write.

use std::collections::BTreeSet;

use crate::aws::effects::is_condition;
use crate::aws::triggers::{self, Trigger};
use crate::graph::{EventSource, FunctionRef, Reference};
use crate::rule::prelude::*;
use crate::rules::code::{Judged, judged, list, name_functions, names_of};
use crate::source::Span;
use crate::summary::{Action, EffectId, Outcome, Shape, Symbol, Test};
use crate::template::Value;

rule! {
    /// ## What it does
    /// Finds cycles in which each function, on every path, writes to the queue, topic, table, bucket,
    /// stream or bus that sets off the next one, or invokes it. It stands at the event source. Where
    /// prefixes, filters or a branch of the code keep them apart, or may do so, there is no finding.
    ///
    /// ## Why it matters
    /// Once started it runs for ever, and every round is billed.
    ///
    /// ## Example
    /// A function with an `S3` event on a bucket, which writes its result to the same bucket.
    ///
    /// ## Use instead
    /// A second bucket (or a prefix of its own in `Filter` and key), a second queue, a condition.
    ///
    /// ## When to keep it
    /// Never, but for a function whose work is to keep itself going, with an end outside the code.
    pub CYCLIC_INVOCATION = {
        id: "cyclic-invocation",
        category: Structure,
        severity: Error,
        summary: "functions set off one another for ever",
        check,
    }
}

/// Cycles longer than this are not looked for.
const LONGEST: usize = 5;

fn check(app: &App<'_>, found: &mut Found) {
    let all: Vec<Judged<'_>> = judged(app).collect();
    let steps: Vec<Step> = all.iter().enumerate().flat_map(|(index, _)| steps(&all, index, found)).collect();
    let mut reported: BTreeSet<Vec<usize>> = BTreeSet::new();
    for start in 0..all.len() {
        let mut trail: Vec<&Step> = Vec::new();
        walk(&steps, start, start, &mut trail, &mut |cycle| {
            let mut members: Vec<usize> = cycle.iter().map(|step| step.from).collect();
            members.sort_unstable();
            if reported.insert(members) {
                found.push(finding(&all, cycle));
            }
        });
    }
}

/// One function surely sets off another.
struct Step {
    from: usize,
    to: usize,
    call: Span,
    /// The event source; the called function's id for a direct invocation.
    trigger: Span,
    through: String,
}

/// Cycles through `start` whose other members come after it, so each is met once.
fn walk<'s>(
    steps: &'s [Step],
    start: usize,
    at: usize,
    trail: &mut Vec<&'s Step>,
    found: &mut dyn FnMut(&[&'s Step]),
) {
    if trail.len() == LONGEST {
        return;
    }
    for step in steps.iter().filter(|step| step.from == at && step.to >= start) {
        trail.push(step);
        if step.to == start {
            found(trail);
        } else if !trail.iter().any(|before| before.from == step.to) {
            walk(steps, start, step.to, trail, found);
        }
        trail.pop();
    }
}

fn steps(all: &[Judged<'_>], from: usize, found: &mut Found) -> Vec<Step> {
    let judged = &all[from];
    let function = judged.function;
    // They come in the order of the templates.
    let start = all.partition_point(|other| other.function.template < function.template);
    let end = all.partition_point(|other| other.function.template <= function.template);
    let mut steps = Vec::new();
    for (index, effect) in judged.happening() {
        let Action::Aws { service, operation } = &effect.action else { continue };
        let Some(Reference::Resource(target)) = function.targets().get(index).and_then(Option::as_ref) else {
            continue;
        };
        let sure = is_sure(judged, index) && !is_conditional(&effect.input);
        let call = Write { service, operation, input: &effect.input };
        for (to, other) in (start..end).zip(&all[start..end]) {
            if call.invokes() && *target == other.function.id.text {
                match sure {
                    true => steps.push(Step {
                        from,
                        to,
                        call: effect.span,
                        trigger: other.function.span(),
                        through: target.clone(),
                    }),
                    false if from == to => found.abstain(effect.span, "it invokes itself on some paths only"),
                    false => {}
                }
            }
            let same =
                |event: &&EventSource| event.source.as_ref() == Some(&Reference::Resource(target.clone()));
            for event in other.function.event_sources().filter(same) {
                match call.sets_off(event) {
                    Some(true) if sure => {
                        steps.push(Step {
                            from,
                            to,
                            call: effect.span,
                            trigger: event.span,
                            through: target.clone(),
                        });
                    }
                    Some(true) | None if from == to => {
                        found.abstain(
                            effect.span,
                            format!("whether it sets off `{function}` again depends on what it writes"),
                        );
                    }
                    _ => {}
                }
            }
        }
    }
    steps
}

/// A write that is refused the second time ends the circle.
fn is_conditional(input: &Shape) -> bool {
    match input {
        Shape::Object { entries, .. } => entries.iter().any(|(key, _)| is_condition(key)),
        _ => false,
    }
}

/// Whether every path on which there is anything to do has the effect.
fn is_sure(judged: &Judged<'_>, index: usize) -> bool {
    let id = EffectId(u32::try_from(index).unwrap_or(u32::MAX));
    let is_idle = |path: &crate::summary::Path| {
        path.when.iter().any(|asked| matches!(asked.test, Test::Iterates(_)) && !asked.holds)
    };
    let mut paths = judged
        .feasible()
        .filter(|path| matches!(path.outcome, Outcome::Returns(..)))
        .filter(|path| !is_idle(path))
        .peekable();
    judged.is_followed() && paths.peek().is_some() && paths.all(|path| path.effects.contains(&id))
}

/// A call that may set off what its target triggers.
struct Write<'a> {
    service: &'a str,
    operation: &'a str,
    input: &'a Shape,
}

impl Write<'_> {
    fn invokes(&self) -> bool {
        triggers::is_invocation(self.service, self.operation)
    }

    /// Whether the event source passes it on; `None` where that depends on a filter or pattern.
    fn sets_off(&self, event: &EventSource) -> Option<bool> {
        let Some(trigger) = triggers::sets_off(self.service, self.operation, event.kind) else {
            return Some(false);
        };
        if trigger.is_of_events() {
            return self.is_heard(event, trigger);
        }
        let is_filtered = triggers::filters().iter().any(|key| event.properties.get(key).is_some());
        (!is_filtered).then_some(true)
    }

    /// Whether the source listens to what the call makes, under the key that it has.
    fn is_heard(&self, event: &EventSource, trigger: &Trigger) -> Option<bool> {
        let events = event.properties.get("Events")?.items();
        let mut events = events.iter().filter_map(|(event, _)| event.as_str());
        if !events.any(|event| trigger.is_heard_as(event)) {
            return Some(false);
        }
        let rules: Vec<&Value> = match event.properties.get("Filter") {
            None => return Some(true),
            Some(filter) => {
                filter.at(&["S3Key", "Rules"])?.items().into_iter().map(|(rule, _)| rule).collect()
            }
        };
        let key = self.member("Key")?;
        let fits = rules.iter().map(|rule| fits_rule(key, rule)).collect::<Vec<_>>();
        match (fits.contains(&Some(false)), fits.iter().all(Option::is_some)) {
            (true, _) => Some(false),
            (false, true) => Some(true),
            (false, false) => None,
        }
    }

    fn member(&self, name: &str) -> Option<&Shape> {
        let Shape::Object { entries, .. } = self.input else { return None };
        entries.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }
}

/// Whether a key has the prefix or suffix of a rule.
fn fits_rule(key: &Shape, rule: &Value) -> Option<bool> {
    let (name, wanted) = (rule.get("Name")?.as_str()?, rule.get("Value")?.as_str()?);
    let constant = |shape: &Shape| match shape {
        Shape::Symbol(Symbol::Name(text)) => Some(text.clone()),
        _ => None,
    };
    let parts: &[Shape] = match key {
        Shape::Text(parts) => parts,
        other => std::slice::from_ref(other),
    };
    if name.eq_ignore_ascii_case("prefix") {
        let start = constant(parts.first()?)?;
        return match start.len() >= wanted.len() || parts.len() == 1 {
            true => Some(start.starts_with(wanted)),
            false => (!wanted.starts_with(&start)).then_some(false),
        };
    }
    let end = constant(parts.last()?)?;
    match end.len() >= wanted.len() || parts.len() == 1 {
        true => Some(end.ends_with(wanted)),
        false => (!wanted.ends_with(&end)).then_some(false),
    }
}

fn finding(all: &[Judged<'_>], cycle: &[&Step]) -> Finding {
    let functions: Vec<FunctionRef<'_>> =
        cycle.iter().filter_map(|step| Some(all.get(step.from)?.function)).collect();
    let names = names_of(&functions);
    let (span, through) =
        cycle.first().map_or((functions[0].span(), ""), |step| (step.trigger, step.through.as_str()));
    let message = match names.as_slice() {
        [name] => format!("`{name}` sets itself off for ever through `{through}`"),
        names => format!("{} set off one another for ever", list(names)),
    };
    let mut finding = Finding::at(span, message);
    for step in cycle {
        let next = all.get(step.to).map_or("", |judged| judged.function.get().id.text.as_str());
        finding = finding
            .because(step.call, format!("writes to `{}` on every path", step.through))
            .because(step.trigger, format!("which sets off `{next}`"));
    }
    let help = "write somewhere else, keep the two apart by a prefix or filter, or end it with a condition";
    name_functions(finding.help(help), &functions)
}
