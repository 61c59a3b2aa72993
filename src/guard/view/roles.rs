//! Roles that functions run under.

use std::collections::{BTreeMap, BTreeSet};

use super::facts::listed;
use super::{About, Facts, Node, Place, Wanted};
use crate::aws::platform::is_given;
use crate::graph::{App, FunctionRef, Reference, TemplateId, reference_of};
use crate::summary::Action;
use crate::template::Value;

pub(super) fn nodes(app: &App<'_>, _wanted: &Wanted<'_>) -> Vec<Node> {
    let mut holders: BTreeMap<(TemplateId, Reference), Vec<(FunctionRef<'_>, &Value)>> = BTreeMap::new();
    for (function, declared) in app.functions().zip(&app.graph.functions) {
        let Some(role) = &declared.role else { continue };
        // A role that only some environments have need not be shared in the others.
        if let [(value, when)] = role.branches().as_slice()
            && when.is_empty()
        {
            let reference = reference_of(&app.graph, app.sources, function.template, &value.text());
            if matches!(&reference, Reference::Text(text) if is_given(text)) {
                continue;
            }
            holders.entry((function.template, reference)).or_default().push((function, value));
        }
    }
    holders.iter().map(|((id, role), holders)| node(app, *id, role, holders)).collect()
}

fn node(app: &App<'_>, id: TemplateId, role: &Reference, holders: &[(FunctionRef<'_>, &Value)]) -> Node {
    let template = app.template(id);
    let mut facts = Facts::default();
    let names: Vec<String> = holders.iter().map(|(function, _)| function.id.text.clone()).collect();
    let spans = holders.iter().map(|(function, _)| function.span()).take(2);
    facts.set_at("functions", listed(&names), spans);
    facts.set("function_count", names.len());
    let called: Option<BTreeSet<BTreeSet<&str>>> =
        holders.iter().map(|(function, _)| called_services(function)).collect();
    facts.set_known("services_differ", called.map(|called| called.len() > 1));
    let written = match role {
        Reference::Resource(id) => template.resource(id),
        Reference::Text(_) => None,
    };
    let (Reference::Resource(name) | Reference::Text(name)) = role;
    let parameter = name.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
    let place = Place::new(
        app,
        parameter.filter(|name| !name.contains('}')).unwrap_or(name).to_owned(),
        written.map_or(holders[0].1.span, |role| role.id.span),
        About::Functions(names),
    );
    place.node(facts)
}

/// The services of AWS that a function calls; `None` where its code was not read.
fn called_services<'a>(function: &FunctionRef<'a>) -> Option<BTreeSet<&'a str>> {
    let services = function.summary()?.effects.iter().filter_map(|effect| match &effect.action {
        Action::Aws { service, .. } => Some(service.as_str()),
        _ => None,
    });
    Some(services.collect())
}
