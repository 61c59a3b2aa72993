//! Policy templates that lack one of their parameters.

use crate::aws::policy_templates::policy_template;
use crate::finding::{Finding, list};
use crate::template::{Map, Resource, Value};

/// One finding for each policy template of a function or state machine that the transform refuses.
pub(super) fn incomplete(resource: &Resource) -> Vec<Finding> {
    let policies = resource.property("Policies").into_iter().flat_map(Value::items);
    // Under a condition the transform may never see it.
    policies.filter(|(_, when)| when.is_empty()).filter_map(|(policy, _)| lacking(policy)).collect()
}

fn lacking(policy: &Value) -> Option<Finding> {
    let [(name, arguments)] = policy.as_map()?.entries.as_slice() else { return None };
    let template = policy_template(&name.text)?;
    let nothing = Map::default();
    let given = if arguments.is_null() { &nothing } else { arguments.as_map()? };
    // A loop or a macro may give the others.
    if given.iter().any(|(key, _)| key.text.starts_with("Fn::")) {
        return None;
    }
    let missing: Vec<&str> =
        template.parameters.iter().map(String::as_str).filter(|name| given.get(name).is_none()).collect();
    let first = missing.first()?;
    let message = format!("`{}` needs {}", name.text, list(&missing));
    let finding = Finding::at(name.span, message);
    let foreign = given.iter().find(|(key, _)| !template.parameters.contains(&key.text));
    Some(match foreign {
        Some((key, _)) => finding
            .because(key.span, "it has no such parameter")
            .help(format!("write `{first}` in place of `{}`, with the value that it asks for", key.text)),
        None => finding.help(format!("give it `{first}`")),
    })
}
