//! Tables, and what keeps their data.

use super::known::facts_of;
use super::{About, Facts, Node, Place, Wanted};
use crate::graph::{App, Table};
use crate::template::{Resource, Value};

pub(super) fn nodes(app: &App<'_>, _wanted: &Wanted<'_>) -> Vec<Node> {
    app.graph.tables.iter().filter_map(|table| node(app, table)).collect()
}

/// Protection that any environment has counts: development often goes without on purpose.
fn node(app: &App<'_>, table: &Table) -> Option<Node> {
    let template = app.template(table.template);
    let resource = template.resource(&table.id.text)?;
    let mut facts = Facts::default();
    facts.set("has_point_in_time_recovery", table.point_in_time_recovery);
    facts.set("is_kept", is_kept(app, table, resource));
    // Items that expire are not kept for ever anyway.
    facts.set("expires", resource.property("TimeToLiveSpecification").is_some());
    let place = Place::new(app, table.id.text.clone(), table.id.span, About::Resource(table.id.text.clone()));
    Some(place.node(facts))
}

/// Whether the table stays when its stack goes, or cannot be deleted at all.
fn is_kept(app: &App<'_>, table: &Table, resource: &Resource) -> bool {
    let template = app.template(table.template);
    let settings = [
        ("protection", resource.property("DeletionProtectionEnabled")),
        ("policy", resource.deletion_policy.as_ref()),
    ];
    let held = facts_of(template, resource.condition.as_ref(), settings, |known| {
        let protected = known.get("protection").is_some_and(|on| on.as_bool() != Some(false));
        let kept = known.get("policy").is_some_and(|policy| policy.as_str() != Some("Delete"));
        let mut facts = Facts::default();
        if protected || kept {
            facts.set("is_kept", true);
        }
        facts
    });
    let replicas = resource.property("Replicas");
    let of_replicas = replicas.is_some_and(|all| {
        let mut found = false;
        all.walk(&mut |value: &Value| {
            found |= value.get("DeletionProtectionEnabled").is_some_and(|on| on.as_bool() != Some(false));
        });
        found
    });
    of_replicas || held.iter().any(|held| !held.value.is_empty())
}
