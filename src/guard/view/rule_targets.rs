//! Targets of event rules.

use super::known::{facts_of, has};
use super::{About, Facts, Node, Place, Wanted};
use crate::graph::{App, Reference, TemplateId, reference_of};
use crate::template::{Resource, Value};

pub(super) fn nodes(app: &App<'_>, _wanted: &Wanted<'_>) -> Vec<Node> {
    let rules = app.resources().filter(|(_, resource)| resource.is("AWS::Events::Rule"));
    rules.flat_map(|(id, rule)| rule_nodes(app, id, rule)).collect()
}

fn rule_nodes(app: &App<'_>, id: TemplateId, rule: &Resource) -> Vec<Node> {
    let template = app.template(id);
    let targets = rule.property("Targets").map(Value::items).unwrap_or_default();
    let mut nodes = Vec::new();
    for (target, _) in targets {
        let Some(arn) = target.get("Arn") else { continue };
        let elsewhere = is_elsewhere(app, id, arn);
        let held = facts_of(template, rule.condition.as_ref(), [("target", Some(target))], |known| {
            let mut facts = Facts::default();
            if let Some(elsewhere) = elsewhere {
                facts.set_at("is_elsewhere", elsewhere, [arn.span]);
            }
            let queue = known.get("target").and_then(|target| has(target, &["DeadLetterConfig"]));
            facts.set_known("has_dead_letter_queue", queue);
            facts
        });
        let name = target.get("Id").and_then(Value::as_str).unwrap_or("Target");
        let place = Place::new(
            app,
            format!("{}.{name}", rule.id.text),
            target.span,
            About::Resource(rule.id.text.clone()),
        );
        nodes.extend(place.nodes(held));
    }
    nodes
}

/// Whether a target belongs to another stack: an ARN that names no resource of this one, or an import.
/// What a parameter brings may be of the same application.
fn is_elsewhere(app: &App<'_>, id: TemplateId, arn: &Value) -> Option<bool> {
    let text = arn.text();
    match reference_of(&app.graph, app.sources, id, &text) {
        Reference::Resource(_) => Some(false),
        Reference::Text(text) if text.starts_with("arn:") || text.starts_with("${Fn::ImportValue") => {
            Some(true)
        }
        Reference::Text(_) => None,
    }
}
