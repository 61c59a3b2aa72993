//! Tasks of state machines that point to nothing.

use crate::aws::integrations::task_targets;
use crate::rule::prelude::*;
use crate::template::{Intrinsic, Map, Name, SubPart, Value};

rule! {
    /// ## What it does
    /// Finds tasks of a state machine that name what they call by a placeholder that nothing fills in.
    ///
    /// ## Why it matters
    /// The definition is refused, or the first execution that reaches the state fails.
    ///
    /// ## Example
    /// ```json
    /// "Charge": {"Type": "Task", "Resource": "${ChargeFunctionArn}", "End": true}
    /// ```
    /// where `DefinitionSubstitutions` has `ChargeArn` only.
    ///
    /// ## Use instead
    /// The name that `DefinitionSubstitutions` has, or an entry for this one.
    ///
    /// ## When to keep it
    /// When another tool fills in the placeholder before deployment: say so in a suppression.
    pub UNKNOWN_STATE_MACHINE_FUNCTION = {
        id: "unknown-state-machine-function",
        category: Contract,
        severity: Error,
        summary: "task of a state machine points to nothing",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    for machine in app.state_machines() {
        let template = app.template(machine.template);
        let (Some(resource), Some(definition)) = (template.resource(&machine.id.text), &machine.definition)
        else {
            continue;
        };
        let substitutions = resource.property("DefinitionSubstitutions").filter(|all| !all.is_null());
        let computed = |map: &Map| map.iter().any(|(key, _)| key.text.starts_with("Fn::"));
        if computed(&resource.properties)
            || substitutions.is_some_and(|all| all.as_map().is_none_or(computed))
        {
            found.abstain(machine.id.span, "what fills in the definition is computed");
            continue;
        }
        let mut tasks = Vec::new();
        states(definition, 0, &mut tasks);
        for (name, state) in tasks {
            let finding = wrong(name, state, substitutions.and_then(Value::as_map));
            found.extend(finding.map(|finding| {
                finding
                    .because(machine.id.span, "the state machine")
                    .resource(&template.path, &machine.id.text)
            }));
        }
    }
}

/// States inside each other; more is no definition.
const MAX_NESTING: usize = 50;

/// The tasks of a definition, also those in branches and maps.
fn states<'v>(definition: &'v Value, depth: usize, found: &mut Vec<(&'v Name, &'v Value)>) {
    if depth > MAX_NESTING {
        return;
    }
    for (name, state) in definition.get("States").and_then(Value::as_map).into_iter().flat_map(Map::iter) {
        if state.get("Type").and_then(Value::as_str) == Some("Task") {
            found.push((name, state));
        }
        let branches = state.get("Branches").and_then(Value::as_list).unwrap_or_default();
        let inner = ["Iterator", "ItemProcessor"].iter().filter_map(|key| state.get(key));
        branches.iter().chain(inner).for_each(|inner| states(inner, depth + 1, found));
    }
}

fn wrong(name: &Name, state: &Value, substitutions: Option<&Map>) -> Option<Finding> {
    let resource = state.get("Resource")?;
    let parameters = ["Parameters", "Arguments"].iter().filter_map(|key| state.get(key)?.as_map());
    let named = parameters.flat_map(|map| task_targets().iter().filter_map(|key| map.get(key)));
    for value in std::iter::once(resource).chain(named) {
        let Some(placeholder) = unfilled(value) else { continue };
        let help = match substitutions.and_then(|map| near(map, placeholder)) {
            Some(near) => format!("`DefinitionSubstitutions` has `{near}`: is it meant?"),
            None => format!("add `{placeholder}` to `DefinitionSubstitutions`"),
        };
        let message = format!("task `{}` calls `${{{placeholder}}}`, which nothing fills in", name.text);
        return Some(Finding::at(value.span, message).help(help));
    }
    None
}

/// The first placeholder that is still text after all substitutions.
fn unfilled(value: &Value) -> Option<&str> {
    match value.as_intrinsic() {
        Some(Intrinsic::Sub(parts)) => parts.iter().find_map(|part| match part {
            SubPart::Text(text) => placeholder(text),
            _ => None,
        }),
        Some(_) => None,
        None => placeholder(value.as_str()?),
    }
}

fn placeholder(text: &str) -> Option<&str> {
    let mut inside = text.split("${").skip(1).filter_map(|rest| Some(rest.split_once('}')?.0));
    let is_name = |name: &&str| {
        !name.is_empty() && name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
    };
    inside.find(is_name)
}

/// A substitution that differs in case only, or that one of the two names begins with.
fn near<'m>(substitutions: &'m Map, name: &str) -> Option<&'m str> {
    let lower = |text: &str| text.to_ascii_lowercase();
    let is_near =
        |known: &str| lower(known).starts_with(&lower(name)) || lower(name).starts_with(&lower(known));
    substitutions.iter().map(|(key, _)| key.text.as_str()).find(|known| is_near(known))
}

#[cfg(test)]
mod tests {
    use super::placeholder;

    #[test]
    fn placeholders_are_names_in_braces() {
        assert_eq!(placeholder("arn:${Partition}:x"), Some("Partition"));
        assert_eq!(placeholder("${AWS::Region}"), None);
        assert_eq!(placeholder("{% $x %}"), None);
    }
}
