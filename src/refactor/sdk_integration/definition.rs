//! Where the definition of a state machine is written, and how values of the template stand in it.

use serde_yaml::Value as Yaml;

use crate::graph::{App, StateMachine, Task};
use crate::refactor::Refusal;
use crate::refactor::draft::{Draft, Place, Step};
use crate::refactor::written::of_value;
use crate::template::{Intrinsic, Map, SubPart, Template, Value, ValueKind};

/// A definition that can be edited.
pub(super) struct Definition<'a> {
    template: &'a Template,
    machine: &'a StateMachine,
    /// It is written in the template, where intrinsic functions may stand.
    is_inline: bool,
    known: Vec<(String, Value)>,
    added: Vec<(String, Value)>,
}

impl<'a> Definition<'a> {
    /// The definition and the place of a state in it.
    ///
    /// # Errors
    /// A definition that cannot be edited.
    pub(super) fn of(
        draft: &Draft<'_>,
        app: &'a App<'_>,
        machine: &'a StateMachine,
        task: &Task,
    ) -> Result<(Self, Place), Refusal> {
        let refuse = |text: &str| Err(Refusal::new(task.span, text));
        let template = app.template(machine.template);
        let Some(place) = draft.first_place_of(task.span) else {
            return refuse("stands in a definition that cannot be edited");
        };
        if place.steps.last() != Some(&Step::Key(task.state.text.clone())) {
            return refuse("stands in a definition that is a text in the template");
        }
        let source = task.span.source;
        let is_inline = source == template.source;
        if !is_inline {
            let reads = |other: &&StateMachine| {
                other.definition.as_ref().is_some_and(|definition| definition.span.source == source)
            };
            if app.state_machines().filter(reads).count() > 1 {
                return refuse("stands in a definition that several state machines share");
            }
        }
        let odd = place.steps.iter().any(|step| matches!(step, Step::Key(key) if key.starts_with("Fn::")));
        if odd {
            return refuse("stands in a definition that depends on a condition");
        }
        let properties = template.resource(&machine.id.text).map(|resource| &resource.own_properties);
        let known = properties
            .and_then(|properties| properties.get("DefinitionSubstitutions"))
            .and_then(Value::as_map)
            .map(|map: &Map| map.iter().map(|(name, value)| (name.text.clone(), value.clone())).collect())
            .unwrap_or_default();
        Ok((Self { template, machine, is_inline, known, added: Vec::new() }, place))
    }

    /// How a value of the template is written in the definition.
    ///
    /// # Errors
    /// A value that cannot stand there.
    pub(super) fn leaf(&mut self, value: &Value) -> Result<Yaml, String> {
        if self.is_inline {
            return Ok(of_value(value));
        }
        match &value.kind {
            ValueKind::Intrinsic(intrinsic) => {
                if let Intrinsic::Sub(parts) = &**intrinsic
                    && let Some(text) = self.as_written(parts)
                {
                    return Ok(Yaml::from(text));
                }
                Ok(Yaml::from(format!("${{{}}}", self.substitution(value))))
            }
            _ => Ok(of_value(value)),
        }
    }

    /// A text with substitutions that have been made in it.
    fn as_written(&self, parts: &[SubPart]) -> Option<String> {
        let part = |part: &SubPart| match part {
            SubPart::Text(text) => Some(text.clone()),
            SubPart::Variable(name, value) => {
                let known = self.known.iter().any(|(known, of)| *known == name.text && of.same(value));
                known.then(|| format!("${{{}}}", name.text))
            }
            _ => None,
        };
        parts.iter().map(part).collect()
    }

    /// The name of the substitution that has a value; a new one where there is none.
    fn substitution(&mut self, value: &Value) -> String {
        let mut all = self.known.iter().chain(&self.added);
        if let Some((name, _)) = all.find(|(_, known)| known.same(value)) {
            return name.clone();
        }
        let wanted = named_after(value);
        let is_free = |name: &String| !self.known.iter().chain(&self.added).any(|(known, _)| known == name);
        let numbered = std::iter::once(wanted.clone()).chain((2..).map(|number| format!("{wanted}{number}")));
        let name = numbered.take(1_000).find(is_free).unwrap_or(wanted);
        self.added.push((name.clone(), value.clone()));
        name
    }

    /// Adds the substitutions that are new.
    ///
    /// # Errors
    /// Where the layout of the template is too unusual.
    pub(super) fn finish(self, draft: &mut Draft<'_>) -> Result<(), Refusal> {
        let properties =
            Place::new(self.template.source, &["Resources", &self.machine.id.text, "Properties"]);
        let place = properties.key("DefinitionSubstitutions");
        for (name, value) in &self.added {
            if draft.has(&place) {
                if !draft.has(&place.key(name)) {
                    draft.insert(&place, name, &of_value(value), None)?;
                }
            } else {
                let only = crate::refactor::written::map([(name.as_str(), of_value(value))]);
                let after = Some("DefinitionUri").filter(|key| draft.has(&properties.key(key)));
                draft.insert(&properties, "DefinitionSubstitutions", &only, after)?;
            }
        }
        Ok(())
    }
}

/// `CartsTable` for `!Ref CartsTable`, `QueueArn` for `!GetAtt Queue.Arn`.
fn named_after(value: &Value) -> String {
    let text = value.text();
    let name: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
    if name.is_empty() { "Value".to_owned() } else { name }
}
