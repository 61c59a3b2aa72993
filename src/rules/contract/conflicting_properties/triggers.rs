//! Triggers of a user pool that two events take.

use std::collections::BTreeMap;

use super::about;
use crate::finding::Finding;
use crate::rule::Found;
use crate::source::Span;
use crate::template::{Intrinsic, Map, Template, Value};

/// A user pool has one function for each trigger, under whatever conditions the functions stand.
pub(super) fn check(template: &Template, found: &mut Found) {
    let mut taken: BTreeMap<(String, String), Span> = BTreeMap::new();
    for pool in template.resources.iter().filter(|resource| resource.is("AWS::Cognito::UserPool")) {
        let own = pool.property("LambdaConfig").and_then(Value::as_map).into_iter().flat_map(Map::iter);
        taken.extend(own.map(|(trigger, _)| ((pool.id.text.clone(), trigger.text.clone()), trigger.span)));
    }
    for resource in template.resources.iter().filter(|resource| resource.is("AWS::Serverless::Function")) {
        let events = resource.property("Events").and_then(Value::as_map).into_iter().flat_map(Map::iter);
        for (_, event) in
            events.filter(|(_, event)| event.get("Type").and_then(Value::as_str) == Some("Cognito"))
        {
            let pool = event.at(&["Properties", "UserPool"]).and_then(Value::as_intrinsic);
            let Some(Intrinsic::Ref(pool)) = pool else { continue };
            let Some(triggers) = event.at(&["Properties", "Trigger"]) else { continue };
            for trigger in triggers.as_list().unwrap_or(std::slice::from_ref(triggers)) {
                let Some(name) = trigger.as_str() else { continue };
                let Some(first) = taken.insert((pool.text.clone(), name.to_owned()), trigger.span) else {
                    continue;
                };
                let finding =
                    Finding::at(trigger.span, format!("`{}` has a function for {name} already", pool.text))
                        .because(first, "here")
                        .help("a trigger of a user pool calls one function: let that one do both");
                found.push(about(finding, template, resource));
            }
        }
    }
}
