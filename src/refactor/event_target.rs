//! Sources of events that reach the target themselves instead of through a function that only hands
//! the events on: rules of EventBridge, pipes behind queues and streams, subscriptions of topics,
//! schedules.

mod grants;
mod pipe;
mod rule;
mod schedule;
mod subscription;

use serde_yaml::Value as Yaml;

use super::draft::{Draft, Place};
use super::moving::Move;
use super::unwritten::of_source;
use super::written::of_value;
use super::{Kind, Offers, Options, Outcome, Refusal};
use crate::graph::forwarding::{Forwarding, Trigger, Verdict, forwarding};
use crate::graph::{App, EventSource, FunctionRef, Reference};
use crate::summary::{Effect, Shape, Summary, Symbol};
use crate::template::{Resource, Value};

pub(super) const KIND: Kind = Kind {
    id: "event-target",
    summary: "the source of events reaches the target itself",
    rules: &["pass-through-event"],
    offers: Offers::OfFunction(offer),
};

fn offer(app: &App<'_>, function: FunctionRef<'_>, options: Options) -> Option<Outcome> {
    let forwards = |event| match forwarding(function, Trigger::Event(event))? {
        Verdict::Forwards(what) if what.checks.is_empty() => Some((event, what)),
        _ => None,
    };
    let events: Vec<(&EventSource, Forwarding)> = function.event_sources().filter_map(forwards).collect();
    let summary = function.summary().filter(|_| !events.is_empty())?;
    Some(moved(app, function, summary, &events, options))
}

fn moved(
    app: &App<'_>,
    function: FunctionRef<'_>,
    summary: &Summary,
    events: &[(&EventSource, Forwarding)],
    options: Options,
) -> Outcome {
    let moving = Move { id: KIND.id, app, function, options };
    let (draft, differs) = moving.all(events, |draft, (event, what)| {
        Hop::of(app, function, summary, event, what).and_then(|hop| hop.apply(draft))
    })?;
    let moved: Vec<Trigger<'_>> = events.iter().map(|(event, _)| Trigger::Event(event)).collect();
    let told: Vec<String> = moved.iter().map(Trigger::told).collect();
    let calls = events.first().map(|(_, what)| format!("{}:{}", what.service, what.operation));
    let title = format!(
        "{} {} {} without `{}`",
        told.join(" and "),
        if told.len() == 1 { "reaches" } else { "reach" },
        calls.unwrap_or_default(),
        function.id.text
    );
    moving.offer(draft, &moved, title, differs)
}

/// Whether events of a kind are led to targets at all.
pub(super) fn has_way(kind: &str) -> bool {
    way(kind).is_some()
}

/// Writes what leads events to a target; gives what differs.
type Way = fn(&Hop<'_>, &mut Draft<'_>) -> Result<Vec<String>, Refusal>;

fn way(kind: &str) -> Option<Way> {
    match kind {
        "eventbridge" => Some(rule::write),
        "sqs" | "dynamodb" | "kinesis" => Some(pipe::write),
        "sns" => Some(subscription::write),
        "schedule" => Some(schedule::write),
        _ => None,
    }
}

/// One way from a source to a target.
struct Hop<'h> {
    app: &'h App<'h>,
    function: FunctionRef<'h>,
    event: &'h EventSource,
    /// Id of the event in the function.
    name: &'h str,
    what: &'h Forwarding,
    /// Members of the call's input.
    members: &'h [(String, Shape)],
    effect: &'h Effect,
    is_python: bool,
}

/// What a queue, topic or state machine of the template is sent.
struct Sending<'h> {
    target: &'h Resource,
    sent: &'h Shape,
    /// The group of all messages.
    group: Option<&'h str>,
}

impl<'h> Hop<'h> {
    fn of(
        app: &'h App<'h>,
        function: FunctionRef<'h>,
        summary: &'h Summary,
        event: &'h EventSource,
        what: &'h Forwarding,
    ) -> Result<Self, Refusal> {
        let Some(name) = &event.event else {
            return Err(Refusal::new(event.span, "is written apart from the function"));
        };
        if let Some(condition) = &function.condition {
            return Err(Refusal::new(condition.span, "is only there where a condition holds"));
        }
        let odd = || Refusal::new(what.call, "makes a call that was not followed");
        let effect = summary.effect(what.effect).ok_or_else(odd)?;
        let Shape::Object { entries, open: false } = &effect.input else { return Err(odd()) };
        let is_python = function.behaviour.file.as_deref().is_some_and(|file| file.ends_with(".py"))
            || function.runtime.as_ref().is_some_and(|runtime| runtime.text().starts_with("python"));
        Ok(Self { app, function, event, name: &name.text, what, members: entries, effect, is_python })
    }

    fn apply(&self, draft: &mut Draft<'_>) -> Result<Vec<String>, Refusal> {
        let event = draft.first_place_of(self.event.span);
        let event = event.ok_or_else(|| Refusal::new(self.event.span, "is not written in this template"))?;
        let way = way(self.event.kind);
        let way = way.ok_or_else(|| Refusal::new(self.event.span, of_source(self.event, self.what)))?;
        let differs = way(self, draft)?;
        draft.prune(&event, 3)?;
        Ok(differs)
    }

    /// What is sent to one resource of the template.
    ///
    /// # Errors
    /// A target elsewhere; parts of the input that no target of events sets.
    fn sending(&self) -> Result<Sending<'h>, Refusal> {
        let target = match &self.what.target {
            Some(Reference::Resource(id)) => self.function.template().resource(id),
            _ => None,
        };
        let target = target.ok_or_else(|| self.refuse("sends to a target that is not in this template"))?;
        let mut sent = None;
        let mut group = None;
        for (member, value) in self.members {
            match (member.as_str(), value) {
                ("MessageBody" | "Message" | "input", value) => sent = Some(value),
                ("QueueUrl" | "TopicArn" | "TargetArn" | "stateMachineArn", _) => {}
                ("MessageGroupId", Shape::Symbol(Symbol::Name(text))) => group = Some(text.as_str()),
                (other, _) => {
                    return Err(self.refuse(format!("sets `{other}`, which this refactoring does not")));
                }
            }
        }
        let sent = sent.ok_or_else(|| self.refuse("sends nothing of the event"))?;
        Ok(Sending { target, sent, group })
    }

    fn refuse(&self, text: impl Into<String>) -> Refusal {
        Refusal::new(self.what.call, text)
    }

    /// A setting of the event, as it is written.
    fn setting(&self, name: &str) -> Option<&'h Value> {
        self.event.properties.get(name)
    }

    /// Settings of the event by the names they have in the resource.
    ///
    /// # Errors
    /// A setting that is not among those.
    fn settings(&self, known: &[(&str, &'static str)]) -> Result<Vec<(&'static str, Yaml)>, Refusal> {
        let mut found = Vec::new();
        for (name, value) in self.event.properties.as_map().into_iter().flat_map(|all| all.iter()) {
            let Some((_, as_named)) = known.iter().find(|(known, _)| *known == name.text) else {
                return Err(Refusal::new(name.span, format!("the event sets `{}`", name.text)));
            };
            if !as_named.is_empty() {
                found.push((*as_named, of_value(value)));
            }
        }
        Ok(found)
    }

    /// A logical id that is free, after the function and the event.
    fn free_id(&self, draft: &Draft<'_>, ending: &str) -> String {
        let wanted = format!("{}{}{ending}", self.function.id.text, self.name);
        let is_free = |id: &String| !draft.has(&self.resources().key(id));
        let numbered = std::iter::once(wanted.clone()).chain((2..100).map(|n| format!("{wanted}{n}")));
        numbered.into_iter().find(is_free).unwrap_or(wanted)
    }

    /// Adds a resource below the function.
    fn add(&self, draft: &mut Draft<'_>, id: &str, body: &Yaml, after: &str) -> Result<(), Refusal> {
        draft.insert(&self.resources(), id, body, Some(after))
    }

    fn resources(&self) -> Place {
        Place::new(self.function.template().source, &["Resources"])
    }

    /// Python writes JSON with spaces.
    fn layout(&self, sent: &Shape) -> Option<String> {
        (self.is_python && matches!(sent, Shape::Json(_)))
            .then(|| "JSON texts have no spaces behind `:` and `,`".to_owned())
    }
}
