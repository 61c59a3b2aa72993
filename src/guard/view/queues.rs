//! Queues, and what the functions need that they feed.

use super::known::{facts_of, mentions_key};
use super::{About, Facts, Node, Place, Wanted};
use crate::aws::limits::limit;
use crate::graph::{App, EventSource, FunctionRef, Reference, Subject, TemplateId};
use crate::template::{Resource, Template, Value};

pub(super) fn nodes(app: &App<'_>, _wanted: Wanted<'_>) -> Vec<Node> {
    let queues = app.resources().filter(|(_, resource)| resource.is("AWS::SQS::Queue"));
    queues.flat_map(|(id, queue)| queue_nodes(app, id, queue)).collect()
}

fn queue_nodes(app: &App<'_>, id: TemplateId, queue: &Resource) -> Vec<Node> {
    let template = app.template(id);
    let fed: Vec<(FunctionRef<'_>, &EventSource)> = consumers(app, id, queue).collect();
    let is_dead_letter_queue = takes_failures(template, queue);
    let own =
        [("redrive", queue.property("RedrivePolicy")), ("visibility", queue.property("VisibilityTimeout"))];
    let of_functions = fed.iter().flat_map(|(function, event)| {
        [
            ("timeout", function.timeout.as_ref()),
            ("window", event.properties.get("MaximumBatchingWindowInSeconds")),
        ]
    });
    let held = facts_of(template, queue.condition.as_ref(), own.into_iter().chain(of_functions), |known| {
        let mut facts = Facts::default();
        facts.set("is_dead_letter_queue", is_dead_letter_queue);
        facts.set_known("has_redrive", known.is_set("redrive"));
        let default = limit("sqs.visibility_timeout_default");
        facts.set_known("visibility_timeout", known.number("visibility", Some(default)));
        facts.show("visibility_timeout", known.span("visibility"));
        if let Some((function, event)) = fed.first() {
            facts.set_at("consumer", function.id.text.clone(), [event.span]);
            let timeouts: Option<Vec<u64>> = match known.all("timeout").next() {
                None => template.is_whole().then(|| vec![limit("lambda.timeout_default")]),
                Some(_) => known.all("timeout").map(whole_number).collect(),
            };
            let windows: Option<Vec<u64>> = known.all("window").map(whole_number).collect();
            let longest = timeouts.and_then(|all| all.into_iter().max());
            let window = windows.map(|all| all.into_iter().max().unwrap_or(0));
            if let (Some(longest), Some(window)) = (longest, window) {
                let needed = limit("sqs.visibility_timeout_factor") * longest + window;
                facts.set_at("needed_visibility_timeout", needed, known.all("timeout").map(|one| one.span));
                facts.set("longest_timeout", longest);
            }
        }
        facts
    });
    let place = Place {
        id: queue.id.text.clone(),
        template: template.path.clone(),
        span: queue.id.span,
        about: About::Resource(queue.id.text.clone()),
    };
    place.nodes(held)
}

fn whole_number(value: &Value) -> Option<u64> {
    value.as_i64().map(i64::unsigned_abs)
}

/// Functions that poll the queue, with the event that says so.
fn consumers<'a>(
    app: &'a App<'a>,
    id: TemplateId,
    queue: &Resource,
) -> impl Iterator<Item = (FunctionRef<'a>, &'a EventSource)> {
    let me = Reference::Resource(queue.id.text.clone());
    app.graph.event_sources.iter().filter_map(move |event| {
        let Subject::Function(function) = &event.subject else { return None };
        let feeds = event.template == id && event.kind == "sqs" && event.source.as_ref() == Some(&me);
        Some((app.function(id, function).filter(|_| feeds)?, event))
    })
}

/// Settings whose value is where failed messages and events go.
const FAILURE_SETTINGS: [&str; 6] = [
    "RedrivePolicy",
    "DeadLetterConfig",
    "DeadLetterQueue",
    "OnFailure",
    "deadLetterTargetArn",
    "SqsRedrivePolicy",
];

/// Words in the id of a queue that takes what failed in other templates.
const FAILURE_WORDS: [&str; 3] = ["dlq", "deadletter", "dead_letter"];

/// Whether the queue is itself a dead letter queue.
fn takes_failures(template: &Template, queue: &Resource) -> bool {
    let id = queue.id.text.to_ascii_lowercase();
    let named = FAILURE_WORDS.iter().any(|word| id.contains(word));
    let own = queue.property("RedriveAllowPolicy").is_some();
    let sent_there = template.resources.iter().filter(|other| other.id.text != queue.id.text).any(|other| {
        other.properties.iter().any(|(name, value)| {
            if FAILURE_SETTINGS.contains(&name.text.as_str()) {
                return names(value, queue);
            }
            mentions_key(value, &FAILURE_SETTINGS) && {
                let mut found = false;
                value.walk(&mut |value| {
                    let settings = value.as_map().into_iter().flat_map(|map| map.iter());
                    found |= settings
                        .filter(|(name, _)| FAILURE_SETTINGS.contains(&name.text.as_str()))
                        .any(|(_, value)| names(value, queue));
                });
                found
            }
        })
    });
    named || own || sent_there
}

fn names(value: &Value, queue: &Resource) -> bool {
    value.mentions().iter().any(|mention| mention.name.text == queue.id.text)
}
