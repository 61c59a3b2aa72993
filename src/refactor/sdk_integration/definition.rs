//! Where the definition of a state machine is written, and how values of the template stand in it.

use serde_yaml::Value as Yaml;

use crate::graph::{App, StateMachine, Task};
use crate::refactor::Refusal;
use crate::refactor::draft::{Draft, Place, Step};
use crate::refactor::written::of_value;
use crate::template::{Intrinsic, Map, SubPart, Template, Value};

/// A definition that can be edited.
pub(super) struct Definition<'a> {
    template: &'a Template,
    machine: &'a StateMachine,
    writing: Writing,
    /// Of the text's `Fn::Sub`.
    variables: Vec<(String, Value)>,
    /// Substitutions of the definition.
    known: Vec<(String, Value)>,
    added: Vec<(String, Value)>,
}

/// What it is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Writing {
    /// As a part of the template, where intrinsic functions may stand.
    Inline,
    /// As a text that goes through `Fn::Sub`: placeholders are references.
    Sub,
    /// As a file or a text of its own: placeholders are substitutions of the definition.
    Apart,
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
        let source = task.span.source;
        let is_apart = source != template.source;
        if is_apart {
            let reads = |other: &&StateMachine| {
                other.definition.as_ref().is_some_and(|definition| definition.span.source == source)
            };
            if app.state_machines().filter(reads).count() > 1 {
                return refuse("stands in a definition that several state machines share");
            }
        }
        let properties = template.resource(&machine.id.text).map(|resource| &resource.own_properties);
        let is_text = place.keys().get(3) == Some(&"DefinitionString") && !is_apart;
        let text = properties.and_then(|all| all.get("DefinitionString")).filter(|_| is_text);
        let (writing, place) = match text {
            Some(text) => {
                let Some(inner) = draft.first_place_in(&place, task.span) else {
                    return refuse("stands in a definition that is a text put together of several");
                };
                (if text.as_intrinsic().is_some() { Writing::Sub } else { Writing::Apart }, inner)
            }
            None if is_apart => (Writing::Apart, place),
            None => (Writing::Inline, place),
        };
        if place.steps.last() != Some(&Step::Key(task.state.text.clone())) {
            return refuse("stands in a definition that cannot be edited");
        }
        let odd = |step: &Step| matches!(step, Step::Key(key) if key.starts_with("Fn::") && key != "Fn::Sub");
        if place.steps.iter().any(odd) {
            return refuse("stands in a definition that depends on a condition");
        }
        let known = properties
            .and_then(|properties| properties.get("DefinitionSubstitutions"))
            .and_then(Value::as_map)
            .map(|map: &Map| map.iter().map(|(name, value)| (name.text.clone(), value.clone())).collect())
            .unwrap_or_default();
        let variables = text.map(variables).unwrap_or_default();
        Ok((Self { template, machine, writing, variables, known, added: Vec::new() }, place))
    }

    /// How a value of the template is written in the definition.
    ///
    /// # Errors
    /// A value that cannot stand there.
    pub(super) fn leaf(&mut self, value: &Value) -> Result<Yaml, String> {
        let Some(intrinsic) = value.as_intrinsic().filter(|_| self.writing != Writing::Inline) else {
            return Ok(of_value(value));
        };
        if let Some(text) = self.as_written(value, intrinsic) {
            return Ok(Yaml::from(text));
        }
        let name = self.substitution(value);
        // What `Fn::Sub` is told to leave alone is left for the substitutions.
        let kept = if self.writing == Writing::Sub { "!" } else { "" };
        Ok(Yaml::from(format!("${{{kept}{name}}}")))
    }

    /// Whether `${` in a text of the definition begins a placeholder.
    pub(super) fn has_placeholders(&self) -> bool {
        self.writing != Writing::Inline
    }

    /// A text with placeholders as they stand in the definition already, or can stand there.
    fn as_written(&self, value: &Value, intrinsic: &Intrinsic) -> Option<String> {
        let is_sub = self.writing == Writing::Sub;
        let Intrinsic::Sub(parts) = intrinsic else {
            let is_reference = matches!(intrinsic, Intrinsic::Ref(_) | Intrinsic::GetAtt { .. });
            return (is_sub && is_reference).then(|| value.text()).filter(|text| !text.contains("${Fn::"));
        };
        let knows = |known: &[(String, Value)], name: &str, value: &Value| {
            known.iter().any(|(known, of)| known == name && of.same(value))
        };
        let part = |part: &SubPart| match part {
            SubPart::Text(text) => Some(text.clone()),
            SubPart::Ref(name) => is_sub.then(|| format!("${{{}}}", name.text)),
            SubPart::GetAtt(name, attribute) => is_sub.then(|| format!("${{{}.{attribute}}}", name.text)),
            SubPart::Variable(name, value) if knows(&self.variables, &name.text, value) => {
                Some(format!("${{{}}}", name.text))
            }
            SubPart::Variable(name, value) => knows(&self.known, &name.text, value)
                .then(|| format!("${{{}{}}}", if is_sub { "!" } else { "" }, name.text)),
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
                let after = ["DefinitionUri", "DefinitionS3Location", "DefinitionString"];
                let after = after.into_iter().find(|key| draft.has(&properties.key(key)));
                draft.insert(&properties, "DefinitionSubstitutions", &only, after)?;
            }
        }
        Ok(())
    }
}

/// What the second argument of `Fn::Sub` fills in, as far as the text speaks of it.
fn variables(text: &Value) -> Vec<(String, Value)> {
    let Some(Intrinsic::Sub(parts)) = text.as_intrinsic() else { return Vec::new() };
    let variable = |part: &SubPart| match part {
        SubPart::Variable(name, value) => Some((name.text.clone(), value.clone())),
        _ => None,
    };
    parts.iter().filter_map(variable).collect()
}

/// `CartsTable` for `!Ref CartsTable`, `QueueArn` for `!GetAtt Queue.Arn`.
fn named_after(value: &Value) -> String {
    let text = value.text();
    let name: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
    if name.is_empty() { "Value".to_owned() } else { name }
}
