//! Queues, and what the functions need that they feed.

use super::known::facts_of;
use super::{About, Facts, Node, Place, Wanted};
use crate::aws::limits::limit;
use crate::graph::{
    App, EventSource, FunctionRef, Reference, Subject, TemplateId, of_template, takes_failures,
};
use crate::template::{Resource, Value};

pub(super) fn nodes(app: &App<'_>, _wanted: &Wanted<'_>) -> Vec<Node> {
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
    let place = Place::new(app, queue.id.text.clone(), queue.id.span, About::Resource(queue.id.text.clone()));
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
    of_template(&app.graph.event_sources, id).iter().filter_map(move |event| {
        let Subject::Function(function) = &event.subject else { return None };
        let feeds = event.kind == "sqs" && event.source.as_ref() == Some(&me);
        Some((app.function(id, function).filter(|_| feeds)?, event))
    })
}
