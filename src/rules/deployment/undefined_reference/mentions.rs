//! Names in intrinsic functions, `Condition` and `DependsOn`.

use std::collections::{BTreeMap, BTreeSet};

use super::names::{Meaning, Names};
use super::{about, events};
use crate::finding::Finding;
use crate::graph::described;
use crate::template::{Intrinsic, Name, Resource, SubPart, Template, Value, ValueKind, World};

/// Every mention of a name that is nowhere, or is not there where the mention is.
pub(super) fn dangling(names: &Names<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    let template = names.template;
    for resource in &template.resources {
        let mut place = Place::under(names, resource.condition.as_ref());
        let known = resource.properties.iter().filter(|(key, _)| !is_macro(&key.text));
        known.for_each(|(_, value)| place.value(value));
        resource.condition.iter().for_each(|name| place.condition(name));
        resource.depends_on.iter().for_each(|name| place.depends_on(name));
        found.extend(place.findings().into_iter().map(|finding| about(finding, template, resource)));
    }
    for output in &template.outputs {
        let mut place = Place::under(names, output.condition.as_ref());
        output.value.iter().chain(&output.export).for_each(|value| place.value(value));
        output.condition.iter().for_each(|name| place.condition(name));
        found.extend(place.findings());
    }
    let mut place = Place { of_conditions: true, ..Place::under(names, None) };
    template
        .conditions
        .iter()
        .filter(|(name, _)| !is_macro(&name.text))
        .for_each(|(_, value)| place.value(value));
    found.extend(place.findings());
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
    /// It is in the `Conditions` section, where `Condition` names one.
    of_conditions: bool,
    found: Vec<Finding>,
    /// What is absent in some worlds, by resource: one finding says it all.
    absent: BTreeMap<&'a str, Finding>,
}

impl<'n, 'a> Place<'n, 'a> {
    fn under(names: &'n Names<'a>, condition: Option<&'a Name>) -> Self {
        let (found, absent) = (Vec::new(), BTreeMap::new());
        Self { names, when: Vec::new(), condition, of_conditions: false, found, absent }
    }

    fn findings(self) -> Vec<Finding> {
        self.found.into_iter().chain(self.absent.into_values()).collect()
    }

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
            Intrinsic::Condition(name) if self.of_conditions => self.condition(name),
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
        let mut replaced = self.names.template.replaced.iter();
        if let Some(lost) = replaced.find(|known| known.text == name.text) {
            let message = format!(
                "`{function}` names `{}`, whose section another of the same name replaces",
                name.text
            );
            let finding = Finding::at(name.span, message)
                .because(lost.span, "lost here")
                .help("put the two sections into one");
            self.found.push(finding.one_of("replaced", &name.text));
            return;
        }
        let message = format!("`{function}` names `{}`, and no {what} is called so", name.text);
        let finding = Finding::at(name.span, message);
        let near = self.names.near(&name.text).map_or_else(
            || format!("define `{}`, or name something that is there", name.text),
            |near| format!("`{near}` is there: is it meant?"),
        );
        self.found.push(finding.help(near).one_of(&name.text, &name.text));
    }

    /// Reports a resource that some world lacks in which it is spoken of.
    fn present(&mut self, name: &'a Name, resource: &'a Resource) {
        // What an event names is merged into it, or left out with it.
        if resource.condition.is_none() || events::is_in_one(self.names.template, name.span) {
            return;
        }
        let Some(owner) = &resource.condition else { return };
        let Some(world) = self.absent(owner) else { return };
        if let Some(finding) = self.absent.remove(resource.id.text.as_str()) {
            self.absent.insert(&resource.id.text, finding.because(name.span, "here, too"));
            return;
        }
        let message = format!("`{}` is not there", name.text);
        let finding = Finding::at(name.span, message)
            .because(resource.id.span, format!("it is there only where {} holds", owner.text))
            .help(format!("ask for it only inside `Fn::If` with {}", owner.text))
            .world(world);
        self.absent.insert(&resource.id.text, finding);
    }

    /// The worlds that have this place and lack what `owner` is the condition of; `Some(None)` for all.
    fn absent(&self, owner: &Name) -> Option<Option<String>> {
        let template = self.names.template;
        let branches = self.when.iter().map(|(name, holds)| (name, *holds));
        let here: Vec<(&Name, bool)> =
            self.condition.map(|name| (name, true)).into_iter().chain(branches).collect();
        // Rules of the template may forbid exactly these worlds.
        if template.rules.is_some() || here.iter().any(|(name, holds)| *holds && name.text == owner.text) {
            return None;
        }
        let all: Vec<&Name> = here.iter().map(|(name, _)| *name).chain([owner]).collect();
        let choices = Choices::of(template, &all)?;
        let worlds = template.worlds([], all.iter().copied());
        if worlds.capped {
            return None;
        }
        let lacks = |world: &&World| {
            here.iter().all(|(name, holds)| world.holds(&name.text) == Some(*holds))
                && world.holds(&owner.text) == Some(false)
                && choices.are_meant(world)
        };
        let lacking: BTreeSet<String> = worlds.worlds.iter().filter(lacks).map(described).collect();
        let shown: Vec<String> = lacking.iter().take(MAX_SHOWN).cloned().collect();
        if lacking.is_empty() || lacking.contains("") {
            return lacking.contains("").then_some(None);
        }
        let rest = if lacking.len() > shown.len() { ", or in other ways" } else { "" };
        Some(Some(format!("where {}{rest}", shown.join(", or where "))))
    }
}

/// Worlds that a finding names one by one.
const MAX_SHOWN: usize = 2;

/// Logical ids are alphanumeric; anything else is for a tool that runs before.
fn is_name(text: &str) -> bool {
    let text = text.strip_prefix("AWS::").unwrap_or(text);
    !text.is_empty() && text.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '.')
}

/// What some conditions compare parameters with.
struct Choices<'t> {
    compared: BTreeMap<&'t str, BTreeSet<String>>,
}

impl<'t> Choices<'t> {
    /// `None` where worlds of these conditions need not be real: two conditions that hang together
    /// could be taken as independent, because worlds cannot compare what they ask.
    fn of(template: &'t Template, conditions: &[&'t Name]) -> Option<Self> {
        let mut open: Vec<&str> = conditions.iter().map(|name| name.text.as_str()).collect();
        let mut seen: Vec<&str> = Vec::new();
        let mut compared: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        let mut unclear = 0;
        while let Some(name) = open.pop() {
            if seen.contains(&name) {
                continue;
            }
            seen.push(name);
            let mut plain = true;
            template.condition(name)?.walk(&mut |part| match part.as_intrinsic() {
                Some(Intrinsic::Condition(name)) => open.push(&name.text),
                Some(Intrinsic::Equals(left, right)) => match comparison(left, right) {
                    Some((name, text)) => {
                        compared.entry(name).or_default().insert(text);
                    }
                    None => plain = false,
                },
                Some(Intrinsic::And(_) | Intrinsic::Or(_) | Intrinsic::Not(_) | Intrinsic::Ref(_)) | None => {
                }
                Some(_) => plain = false,
            });
            unclear += usize::from(!plain);
        }
        for (name, texts) in &mut compared {
            let default = template.parameter(name).and_then(|parameter| parameter.known_default()?.scalar());
            texts.extend(default.map(|default| default.into_owned()));
        }
        (unclear == 0 || seen.len() == 1).then_some(Self { compared })
    }

    /// Whether every parameter has a value that someone may give it: of one that is compared with
    /// several texts only these count, although it could be anything.
    fn are_meant(&self, world: &World) -> bool {
        self.compared.iter().all(|(name, texts)| texts.len() < 2 || world.parameters.contains_key(*name))
    }
}

/// A name and the text that it is compared with.
fn comparison<'v>(left: &'v Value, right: &'v Value) -> Option<(&'v str, String)> {
    let name = |value: &'v Value| match value.as_intrinsic()? {
        Intrinsic::Ref(name) => Some(name.text.as_str()),
        _ => None,
    };
    let text = |value: &Value| value.scalar().map(|text| text.into_owned());
    name(left).zip(text(right)).or_else(|| name(right).zip(text(left)))
}
