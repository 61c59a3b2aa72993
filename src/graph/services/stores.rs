//! Which stores of data functions use, and whose a store is that another stack hands over.

use std::collections::BTreeMap;

use super::Member;
use crate::aws::arn::Arn;
use crate::aws::effects::{Effect, effect};
use crate::aws::services::{store, store_of_service};
use crate::evidence::{Certainty, Evidence};
use crate::graph::link::reference_in;
use crate::graph::model::{Function, Graph, Reference, Subject, TemplateId};
use crate::graph::of_template;
use crate::summary::Action;
use crate::template::{Intrinsic, Template, Value};

/// Stacks inside stacks, and values handed on, are followed this far.
const MAX_HOPS: usize = 6;

/// A store that functions share when it is the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Store {
    /// Declared in the project.
    Here(Member),
    /// Declared elsewhere; known by what the templates of one folder call it.
    Outside(String, String),
}

impl Store {
    /// The name it goes by: a logical id, or the text that stands for it.
    pub fn name(&self) -> &str {
        match self {
            Self::Here(member) => &member.id,
            Self::Outside(_, text) => text,
        }
    }
}

/// What a function does to a store, each with the first place that says so.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Use {
    pub reads: Option<Evidence>,
    pub writes: Option<Evidence>,
    /// The code says so; else its template.
    pub by_code: bool,
}

impl Use {
    pub fn evidence(&self) -> Option<&Evidence> {
        self.writes.as_ref().or(self.reads.as_ref())
    }

    /// "writes", "reads", "reads and writes".
    pub fn verb(&self) -> &'static str {
        match (&self.reads, &self.writes) {
            (Some(_), Some(_)) => "reads and writes",
            (None, Some(_)) => "writes",
            _ => "reads",
        }
    }

    fn note(&mut self, what: Effect, evidence: &Evidence) {
        let place = match what {
            Effect::Reads => &mut self.reads,
            _ => &mut self.writes,
        };
        place.get_or_insert_with(|| evidence.clone());
    }
}

/// The stores of a function: by its code where all of that is known, else by what its template lets it
/// do as well.
pub fn uses(graph: &Graph, folder: &str, function: &Function) -> BTreeMap<Store, Use> {
    let mut found = BTreeMap::new();
    let resolver = Resolver { graph };
    by_code(&resolver, folder, function, &mut found);
    let followed = function.behaviour.summary.as_ref().is_some_and(|summary| summary.is_followed());
    if !followed {
        by_policies(&resolver, folder, function, &mut found);
    }
    found
}

fn by_code(resolver: &Resolver<'_>, folder: &str, function: &Function, found: &mut BTreeMap<Store, Use>) {
    let Some(summary) = &function.behaviour.summary else { return };
    for (done, target) in summary.effects.iter().zip(&function.behaviour.targets) {
        let (Action::Aws { service, operation }, Some(target)) = (&done.action, target) else { continue };
        if store_of_service(service).is_none() {
            continue;
        }
        let what = effect(service, operation);
        if !matches!(what, Effect::Reads | Effect::Writes) {
            continue;
        }
        let store = match resolver.store_of(function, target) {
            Some(member) => Store::Here(member),
            None => match target {
                Reference::Text(text) => Store::Outside(folder.to_owned(), text.clone()),
                Reference::Resource(_) => continue,
            },
        };
        let text = format!("`{service}:{operation}` on `{}`", store.name());
        let evidence = Evidence { span: done.span, certainty: done.certainty, text };
        let used = found.entry(store).or_insert_with(|| Use { by_code: true, ..Use::default() });
        used.note(what, &evidence);
    }
}

fn by_policies(resolver: &Resolver<'_>, folder: &str, function: &Function, found: &mut BTreeMap<Store, Use>) {
    let me = Subject::Function(function.id.text.clone());
    let template = &resolver.graph.templates[function.template.0];
    let own = of_template(&resolver.graph.statements, function.template).iter();
    for statement in own.filter(|statement| statement.allow && statement.subject == me) {
        for resource in &statement.resources {
            let reference = reference_in(template, resource);
            let here = resolver.store(function.template, &reference);
            for action in &statement.actions {
                let action = action.text();
                let Some((prefix, operation)) = action.split_once(':') else { continue };
                if store_of_service(prefix).is_none() {
                    continue;
                }
                let store = match (&here, &reference) {
                    (Some(member), _) => Store::Here(member.clone()),
                    (None, Reference::Text(text)) if has_name(text) => {
                        Store::Outside(folder.to_owned(), bare(text).to_owned())
                    }
                    _ => continue,
                };
                let text = format!("its role allows `{action}` on `{}`", store.name());
                let evidence = Evidence { span: statement.span, certainty: Certainty::May, text };
                found.entry(store).or_default().note(effect(prefix, operation), &evidence);
            }
        }
    }
}

/// Whether an ARN names one thing: something is written out or open, and no `*` stands for all.
fn has_name(text: &str) -> bool {
    let name = bare(text);
    name != "*" && !name.is_empty() && !name.starts_with('*')
}

/// What an ARN names, without the kind before and the parts after it: `${Table}` of
/// `arn:aws:dynamodb:..:table/${Table}/index/*`.
fn bare(text: &str) -> &str {
    let Some(arn) = Arn::parse(text) else { return text };
    let name = arn.resource.strip_prefix("table/").unwrap_or(arn.resource);
    name.split('/').next().unwrap_or(name)
}

/// Follows values from stack to stack.
#[derive(Debug)]
pub struct Resolver<'g> {
    pub graph: &'g Graph,
}

impl Resolver<'_> {
    /// The store that a call of a function acts on, wherever it is declared.
    fn store_of(&self, function: &Function, target: &Reference) -> Option<Member> {
        if let Reference::Resource(id) = target {
            // What a nested stack gives is known by the stack's id only; the variable tells which.
            let outputs =
                function.environment.iter().filter_map(|(_, value)| match value.as_intrinsic()? {
                    Intrinsic::GetAtt { resource, .. } if resource.text == *id => Some(value),
                    _ => None,
                });
            let nested: Vec<Member> =
                outputs.filter_map(|value| self.valued(function.template, value, MAX_HOPS)).collect();
            if let [only] = nested.as_slice() {
                return self.is_store(only).then(|| only.clone());
            }
        }
        self.store(function.template, target)
    }

    /// The store that a reference in a template means.
    pub fn store(&self, template: TemplateId, reference: &Reference) -> Option<Member> {
        let member = self.resource(template, reference)?;
        self.is_store(&member).then_some(member)
    }

    /// The resource that a reference in a template means, wherever it is declared.
    pub fn resource(&self, template: TemplateId, reference: &Reference) -> Option<Member> {
        match reference {
            Reference::Resource(id) => Some(Member { template, id: id.clone() }),
            Reference::Text(text) => self.texted(template, text, MAX_HOPS),
        }
    }

    pub fn is_store(&self, member: &Member) -> bool {
        let resource =
            self.graph.templates.get(member.template.0).and_then(|found| found.resource(&member.id));
        resource.is_some_and(|resource| store(&resource.kind.text).is_some())
    }

    fn valued(&self, template: TemplateId, value: &Value, hops: usize) -> Option<Member> {
        let hops = hops.checked_sub(1)?;
        let known = self.graph.templates.get(template.0)?;
        if let Some(Intrinsic::GetAtt { resource, attribute }) = value.as_intrinsic()
            && let Some(output) = attribute.as_str().and_then(|name| name.strip_prefix("Outputs."))
        {
            let own = self.graph.applications.iter();
            let child = own.filter(|stack| stack.template == template && stack.id.text == resource.text);
            let child = child.filter_map(|stack| stack.location).next()?;
            return self.output(child, output, hops);
        }
        if let Some(Intrinsic::If { then, otherwise, .. }) = value.as_intrinsic() {
            // What is there in one environment only is what is meant.
            let either = [then, otherwise].map(|branch| self.valued(template, branch, hops));
            return match either {
                [Some(one), Some(other)] => (one == other).then_some(one),
                [one, other] => one.or(other),
            };
        }
        match reference_in(known, value) {
            Reference::Resource(id) => Some(Member { template, id }),
            Reference::Text(text) => self.texted(template, &text, hops),
        }
    }

    fn texted(&self, template: TemplateId, text: &str, hops: usize) -> Option<Member> {
        let text = bare(text);
        if let Some(name) = text.strip_prefix("${Fn::ImportValue(").and_then(|rest| rest.strip_suffix(")}")) {
            return self.exported(template, name, hops);
        }
        if let Some(name) = text.strip_prefix("{{resolve:ssm:").and_then(|rest| rest.strip_suffix("}}")) {
            return self.published(template, name.split(':').next().unwrap_or(name), hops);
        }
        let name = text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'))?;
        self.parameter(template, name, hops)
    }

    /// What a parameter stands for: what all stacks that nest this one pass, or what Systems Manager has.
    fn parameter(&self, template: TemplateId, name: &str, hops: usize) -> Option<Member> {
        let known = self.graph.templates.get(template.0)?.parameter(name)?;
        let nesting = self.graph.applications.iter().filter(|stack| stack.location == Some(template));
        let mut passed: Vec<Member> = Vec::new();
        for stack in nesting {
            let (_, value) = stack.parameters.iter().find(|(given, _)| given.text == name)?;
            passed.push(self.valued(stack.template, value, hops)?);
        }
        passed.dedup();
        match passed.as_slice() {
            [only] => Some(only.clone()),
            [] if known.kind.starts_with("AWS::SSM::Parameter::Value") => {
                self.published(template, &known.default.as_ref()?.text(), hops)
            }
            _ => None,
        }
    }

    fn output(&self, template: TemplateId, name: &str, hops: usize) -> Option<Member> {
        let outputs = &self.graph.templates.get(template.0)?.outputs;
        let value = outputs.iter().find(|output| output.name.text == name)?.value.as_ref()?;
        self.valued(template, value, hops)
    }

    /// What another template exports under a name.
    fn exported(&self, importer: TemplateId, name: &str, hops: usize) -> Option<Member> {
        let name = pattern(name)?;
        let exports = |template: &Template| -> Option<Value> {
            let exports = |export: &Value| pattern(&export.text()).as_ref() == Some(&name);
            let output =
                template.outputs.iter().find(|output| output.export.as_ref().is_some_and(exports))?;
            output.value.clone()
        };
        self.only_other(importer, exports, hops)
    }

    /// What another template puts into a parameter of Systems Manager.
    fn published(&self, reader: TemplateId, name: &str, hops: usize) -> Option<Member> {
        let name = pattern(name)?;
        let publishes = |template: &Template| -> Option<Value> {
            let named = |value: &Value| pattern(&value.text()).is_some_and(|path| are_one(&path, &name));
            let mut own = template.resources.iter().filter(|resource| resource.is("AWS::SSM::Parameter"));
            own.find(|resource| resource.property("Name").is_some_and(named))?.property("Value").cloned()
        };
        self.only_other(reader, publishes, hops)
    }

    /// The one template that has it; two are samples side by side, or a mistake.
    fn only_other(
        &self,
        asking: TemplateId,
        give: impl Fn(&Template) -> Option<Value>,
        hops: usize,
    ) -> Option<Member> {
        let templates = self.graph.templates.iter().enumerate();
        let mut given = templates
            .filter(|(index, _)| *index != asking.0)
            .filter_map(|(index, template)| Some((TemplateId(index), give(template)?)));
        let (template, value) = given.next()?;
        if given.next().is_some() {
            return None;
        }
        self.valued(template, &value, hops)
    }
}

/// A name with what differs between deployments left open: `${Stage}-orders` is `*-orders`. Names that
/// are open as a whole can be compared with nothing.
pub fn pattern(name: &str) -> Option<String> {
    let mut parts = name.split("${");
    let mut pattern = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        pattern.push('*');
        pattern.push_str(part.split_once('}').map_or("", |(_, rest)| rest));
    }
    pattern.chars().any(char::is_alphanumeric).then_some(pattern)
}

/// Whether two paths are the same in some environment: a part that is open as a whole can be any.
fn are_one(one: &str, other: &str) -> bool {
    let (mut one, mut other) = (one.split('/'), other.split('/'));
    let mut named = false;
    loop {
        match (one.next(), other.next()) {
            (None, None) => return named,
            (Some("*"), Some(_)) | (Some(_), Some("*")) => {}
            (Some(here), Some(there)) if here == there => named |= !here.is_empty(),
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_by_what_is_written_out() {
        assert_eq!(pattern("${AWS::StackName}-orders").as_deref(), Some("*-orders"));
        assert_eq!(pattern("${Stack}-orders"), pattern("${AWS::StackName}-orders"));
        assert_eq!(pattern("${Name}"), None);
    }

    #[test]
    fn paths_are_compared_part_by_part() {
        assert!(are_one("/shop/*/carts/Table", "/shop/dev/carts/Table"));
        assert!(are_one("*-orders", "*-orders"));
        assert!(!are_one("/shop/*/carts/Table", "/shop/dev/orders/Table"));
        assert!(!are_one("/shop/*/Table", "/shop/Table") && !are_one("*", "x"));
    }

    #[test]
    fn an_arn_names_its_last_part() {
        assert_eq!(bare("arn:aws:dynamodb:${AWS::Region}:1:table/${Table}/index/*"), "${Table}");
        assert_eq!(bare("arn:aws:s3:::${Bucket}/*"), "${Bucket}");
        assert_eq!(bare("${Table}"), "${Table}");
        assert!(!has_name("*") && !has_name("arn:aws:s3:::*") && has_name("arn:aws:s3:::uploads"));
    }
}
