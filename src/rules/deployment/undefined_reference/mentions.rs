//! Names in intrinsic functions, `Condition` and `DependsOn`.

use super::about;
use super::names::{Meaning, Names};
use crate::finding::Finding;
use crate::graph::in_worlds;
use crate::template::{Intrinsic, Name, Resource, SubPart, Template, Value, ValueKind};

/// Every mention of a name that is nowhere, or is not there where the mention is.
pub(super) fn dangling(names: &Names<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    let template = names.template;
    for resource in &template.resources {
        let mut place =
            Place { names, when: Vec::new(), condition: resource.condition.as_ref(), found: Vec::new() };
        let known = resource.properties.iter().filter(|(key, _)| !is_macro(&key.text));
        known.for_each(|(_, value)| place.value(value));
        resource.condition.iter().for_each(|name| place.condition(name));
        resource.depends_on.iter().for_each(|name| place.depends_on(name));
        found.extend(place.found.into_iter().map(|finding| about(finding, template, resource)));
    }
    for output in &template.outputs {
        let mut place =
            Place { names, when: Vec::new(), condition: output.condition.as_ref(), found: Vec::new() };
        output.value.iter().chain(&output.export).for_each(|value| place.value(value));
        output.condition.iter().for_each(|name| place.condition(name));
        found.extend(place.found);
    }
    let mut place = Place { names, when: Vec::new(), condition: None, found: Vec::new() };
    template
        .conditions
        .iter()
        .filter(|(name, _)| !is_macro(&name.text))
        .for_each(|(_, value)| place.value(value));
    found.extend(place.found);
    found
}

fn is_macro(key: &str) -> bool {
    key.starts_with("Fn::")
}

/// Where a value stands: what must hold for it to count.
struct Place<'n, 'a> {
    names: &'n Names<'a>,
    /// The branches of `Fn::If` around it.
    when: Vec<(Name, bool)>,
    condition: Option<&'a Name>,
    found: Vec<Finding>,
}

impl<'a> Place<'_, 'a> {
    fn value(&mut self, value: &'a Value) {
        match &value.kind {
            ValueKind::List(items) => items.iter().for_each(|item| self.value(item)),
            // What a macro or a loop makes of its argument is not known here.
            ValueKind::Map(map) => {
                map.iter().filter(|(key, _)| !is_macro(&key.text)).for_each(|(_, value)| self.value(value));
            }
            ValueKind::Intrinsic(intrinsic) => self.intrinsic(intrinsic),
            _ => {}
        }
    }

    fn intrinsic(&mut self, intrinsic: &'a Intrinsic) {
        match intrinsic {
            Intrinsic::If { condition, then, otherwise } => {
                self.condition(condition);
                for (branch, holds) in [(then, true), (otherwise, false)] {
                    self.when.push((condition.clone(), holds));
                    self.value(branch);
                    self.when.pop();
                }
                return;
            }
            Intrinsic::Transform { .. } => return,
            Intrinsic::Other { name, .. } if !is_macro(&name.text) => return,
            Intrinsic::Ref(name) => self.name(name, "Ref"),
            Intrinsic::GetAtt { resource, .. } => self.resource(resource, "Fn::GetAtt"),
            Intrinsic::Condition(name) => self.condition(name),
            Intrinsic::FindInMap { map, default: None, .. } => self.mapping(map),
            Intrinsic::Sub(parts) => parts.iter().for_each(|part| match part {
                SubPart::Ref(name) => self.name(name, "Fn::Sub"),
                SubPart::GetAtt(name, _) => self.resource(name, "Fn::Sub"),
                SubPart::Text(_) | SubPart::Variable(..) => {}
            }),
            _ => {}
        }
        intrinsic.arguments().into_iter().for_each(|argument| self.value(argument));
    }

    fn name(&mut self, name: &'a Name, function: &str) {
        match self.names.meaning(&name.text) {
            Meaning::Unknown => self.undefined(name, function, "parameter or resource"),
            Meaning::Resource(resource) => self.present(name, resource),
            Meaning::Other => {}
        }
    }

    fn resource(&mut self, name: &'a Name, function: &str) {
        match self.names.resource(name.text.split('.').next().unwrap_or_default()) {
            Meaning::Unknown => self.undefined(name, function, "resource"),
            Meaning::Resource(resource) => self.present(name, resource),
            Meaning::Other => {}
        }
    }

    fn depends_on(&mut self, name: &'a Name) {
        // What is absent under a condition is no longer waited for.
        if matches!(self.names.resource(&name.text), Meaning::Unknown) {
            self.undefined(name, "DependsOn", "resource");
        }
    }

    fn condition(&mut self, name: &'a Name) {
        let conditions = &self.names.template.conditions;
        if conditions.iter().any(|(known, _)| known.text == name.text || is_macro(&known.text)) {
            return;
        }
        self.undefined(name, "Condition", "condition");
    }

    fn mapping(&mut self, map: &'a Value) {
        let Some(text) = map.as_str() else { return };
        let known = |(name, _): (&Name, &Value)| name.text == text || is_macro(&name.text);
        if !self.names.template.mappings.iter().any(known) {
            let name = Name { text: text.to_owned(), span: map.span };
            self.undefined(&name, "Fn::FindInMap", "mapping");
        }
    }

    fn undefined(&mut self, name: &Name, function: &str, what: &str) {
        if !is_name(&name.text) {
            return;
        }
        let message = format!("`{function}` names `{}`, and no {what} is called so", name.text);
        let finding = Finding::at(name.span, message);
        let near = self.names.near(&name.text).map_or_else(
            || format!("define `{}`, or name something that is there", name.text),
            |near| format!("`{near}` is there: is it meant?"),
        );
        self.found.push(finding.help(near));
    }

    /// Reports a resource that some world lacks in which it is spoken of.
    fn present(&mut self, name: &'a Name, resource: &'a Resource) {
        let Some(owner) = &resource.condition else { return };
        let Some(world) = self.absent(owner) else { return };
        let message = format!("`{}` is not there {world}", name.text);
        let finding = Finding::at(name.span, message)
            .because(resource.id.span, format!("it is there only where {} holds", owner.text))
            .help(format!("ask for it only inside `Fn::If` with {}", owner.text))
            .world(Some(world));
        self.found.push(finding);
    }

    /// The worlds that have this place and lack what `owner` is the condition of.
    fn absent(&self, owner: &Name) -> Option<String> {
        let template = self.names.template;
        let here = || {
            self.condition
                .into_iter()
                .map(|name| (name, true))
                .chain(self.when.iter().map(|(name, holds)| (name, *holds)))
        };
        if template.rules.is_some() || here().any(|(name, holds)| holds && name.text == owner.text) {
            return None;
        }
        let all: Vec<&Name> = here().map(|(name, _)| name).chain([owner]).collect();
        if !are_told_apart(template, &all) || template.worlds([], all.iter().copied()).capped {
            return None;
        }
        let values: Vec<Value> = all.iter().map(|name| asked(name)).collect();
        let held = in_worlds(template, self.condition, &values, |known| {
            let (owned, known) = known.split_last()?;
            let stands = known.iter().zip(here()).all(|(known, (_, wanted))| known.as_bool() == Some(wanted));
            (stands && owned.as_bool() == Some(false)).then_some(())
        })?;
        Some(held.world.unwrap_or_else(|| "in any deployment".to_owned()))
    }
}

fn asked(name: &Name) -> Value {
    Value { span: name.span, kind: ValueKind::Intrinsic(Box::new(Intrinsic::Condition(name.clone()))) }
}

/// Logical ids are alphanumeric; anything else is for a tool that runs before.
fn is_name(text: &str) -> bool {
    let text = text.strip_prefix("AWS::").unwrap_or(text);
    !text.is_empty() && text.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '.')
}

/// Whether worlds of these conditions are real: at most one of the conditions they are made of is left
/// open, so no two that hang together are taken as independent.
fn are_told_apart(template: &Template, conditions: &[&Name]) -> bool {
    let mut open: Vec<&str> = conditions.iter().map(|name| name.text.as_str()).collect();
    let mut seen: Vec<&str> = Vec::new();
    let mut unknown = 0;
    while let Some(name) = open.pop() {
        if seen.contains(&name) {
            continue;
        }
        seen.push(name);
        let Some(value) = template.condition(name) else { return false };
        let mut plain = true;
        value.walk(&mut |part| match part.as_intrinsic() {
            Some(Intrinsic::Condition(name)) => open.push(&name.text),
            Some(Intrinsic::Equals(left, right)) => plain &= is_plain(left) && is_plain(right),
            Some(
                Intrinsic::And(_)
                | Intrinsic::Or(_)
                | Intrinsic::Not(_)
                | Intrinsic::Ref(_)
                | Intrinsic::FindInMap { .. },
            )
            | None => {}
            Some(_) => plain = false,
        });
        unknown += usize::from(!plain);
    }
    unknown == 0 || unknown == 1 && seen.len() == 1
}

/// What worlds can compare: a parameter or a text.
fn is_plain(value: &Value) -> bool {
    value.scalar().is_some() || matches!(value.as_intrinsic(), Some(Intrinsic::Ref(_)))
}
