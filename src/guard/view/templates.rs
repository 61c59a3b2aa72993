//! Templates: what many of their functions lack, said once.

use super::facts::listed;
use super::{About, Facts, Node, Place, Wanted};
use crate::graph::{App, FunctionRef, TemplateId};
use crate::template::{Resource, Template, Value};

pub(super) fn nodes(app: &App<'_>, _wanted: &Wanted<'_>) -> Vec<Node> {
    let templates = app.templates().filter(|(_, template)| template.is_whole());
    templates.filter_map(|(id, template)| node(app, id, template)).collect()
}

fn node(app: &App<'_>, id: TemplateId, template: &Template) -> Option<Node> {
    let forever: Vec<FunctionRef<'_>> = app
        .functions()
        .filter(|function| function.template == id && keeps_for_ever(template, function))
        .collect();
    let first = forever.first()?;
    let names: Vec<String> = forever.iter().map(|function| function.id.text.clone()).collect();
    let mut facts = Facts::default();
    facts.set("function_count_without_log_retention", names.len());
    facts.set_at(
        "functions_without_log_retention",
        listed(&names),
        forever.iter().map(|one| one.span()).take(2),
    );
    let place = Place::new(app, template.path.clone(), first.span(), About::Template);
    Some(place.node(facts))
}

/// Whether nothing says how long the function's logs are kept. A group it names is looked after where
/// that group is.
fn keeps_for_ever(template: &Template, function: &FunctionRef<'_>) -> bool {
    if let Some(group) = function.property("LoggingConfig").and_then(|config| config.get("LogGroup")) {
        let mentions = group.mentions();
        let written = mentions.iter().find_map(|mention| template.resource(&mention.name.text));
        return written.is_some_and(|group| group.is("AWS::Logs::LogGroup") && !has_retention(group));
    }
    let mut groups = template.resources.iter().filter(|resource| resource.is("AWS::Logs::LogGroup"));
    !groups.any(|group| has_retention(group) && is_of(group, function))
}

fn has_retention(group: &Resource) -> bool {
    group.property("RetentionInDays").is_some_and(|days| !days.is_no_value())
}

fn is_of(group: &Resource, function: &FunctionRef<'_>) -> bool {
    let Some(name) = group.property("LogGroupName") else { return false };
    let by_id = name.mentions().iter().any(|mention| mention.name.text == function.id.text);
    let by_name = function.property("FunctionName").map(Value::text);
    by_id || by_name.is_some_and(|given| name.text().ends_with(&format!("/{given}")))
}
