//! What a value points at: a resource of the template, or a text for what is outside.

use super::Scope;
use crate::aws::arn::Arn;
use crate::aws::resource_arns::resource_type;
use crate::aws::resource_types::{self, Role};
use crate::graph::model::{Reference, Subject};
use crate::template::{Map, Resource, Template, Value, ValueKind};

/// The APIs that SAM makes for events that name none.
pub(super) const IMPLICIT_REST_API: &str = "ServerlessRestApi";
pub(super) const IMPLICIT_HTTP_API: &str = "ServerlessHttpApi";

/// Aliases of aliases of functions; a template has at most two.
const MAX_HOPS: usize = 5;

/// What `value` points at in its template: the resource that it is a reference to, or the only one
/// that its text mentions; else the text itself. `Fn::If` inside is not taken apart.
pub(in crate::graph) fn reference_in(template: &Template, value: &Value) -> Reference {
    reached(template, &value.text(), MAX_HOPS)
}

fn reached(template: &Template, text: &str, hops: usize) -> Reference {
    let lone = lone_placeholder(text);
    if let Some(id) = lone.filter(|id| knows(template, id)) {
        return meant(template, id, hops);
    }
    if let Some(function) = lone.and_then(|id| published_by(template, id)) {
        return Reference::Resource(function);
    }
    if lone.is_none() && !CHOICES.iter().any(|choice| text.contains(choice)) {
        let mut ids: Vec<&str> = placeholders(text).filter(|id| knows(template, id)).collect();
        ids.sort_unstable();
        ids.dedup();
        if let [id] = ids.as_slice() {
            return meant(template, id, hops);
        }
    }
    by_arn(template, text).unwrap_or_else(|| Reference::Text(text.to_owned()))
}

/// The resource whose name an ARN ends in. Names with open parts must be written alike.
fn by_arn(template: &Template, text: &str) -> Option<Reference> {
    let arn = Arn::parse(text)?;
    let mut named = named(template, arn.service).filter(|(_, tail)| {
        let rest = arn.resource.strip_prefix(tail.as_str());
        rest.is_some_and(|qualifier| qualifier.is_empty() || qualifier.starts_with(':'))
    });
    named.next().map(|(resource, _)| Reference::Resource(resource.id.text.clone()))
}

/// Resources of a service that have a name, with the end of their ARN: `function:NAME`.
fn named<'t>(template: &'t Template, service: &str) -> impl Iterator<Item = (&'t Resource, String)> {
    template.resources.iter().filter_map(move |resource| {
        let row = resource_type(&resource.kind.text)?;
        let tail = row.arn.strip_prefix(service)?.strip_prefix(':')?;
        let tail = tail.strip_prefix("{account}:").or_else(|| tail.strip_prefix("::"))?;
        let name = property(&resource.properties, &[row.name.as_deref()?])?;
        Some((resource, tail.replace("{name}", &name.text())))
    })
}

/// An alias or a version stands for its function.
fn meant(template: &Template, id: &str, hops: usize) -> Reference {
    let target = template.resource(id).and_then(|resource| {
        let property = resource_types::stands_for(&resource.kind.text)?;
        resource.property(property)
    });
    match target {
        Some(value) if hops > 0 => reached(template, &value.text(), hops - 1),
        _ => Reference::Resource(id.to_owned()),
    }
}

/// The SAM function whose alias has this generated id: `WorkAliaslive`.
fn published_by(template: &Template, id: &str) -> Option<String> {
    let publishes = |resource: &&Resource| {
        let alias = property(&resource.properties, &["AutoPublishAlias"]).map(Value::text);
        let rest = id.strip_prefix(resource.id.text.as_str()).and_then(|rest| rest.strip_prefix("Alias"));
        rest.is_some_and(|rest| {
            alias.is_some_and(|alias| alias.chars().filter(char::is_ascii_alphanumeric).eq(rest.chars()))
        })
    };
    template.resources.iter().find(publishes).map(|resource| resource.id.text.clone())
}

fn knows(template: &Template, id: &str) -> bool {
    [IMPLICIT_REST_API, IMPLICIT_HTTP_API].contains(&id) || template.resource(id).is_some()
}

impl<'a> Scope<'a> {
    /// What `value` points at, see [`reference_in`].
    pub(super) fn reference(&self, value: &Value) -> Reference {
        reference_in(self.template, value)
    }

    /// The same for a text in `Fn::Sub` style.
    pub(super) fn reference_of(&self, text: &str) -> Reference {
        reached(self.template, text, MAX_HOPS)
    }

    /// The only resource of a service whose name stands in quotes in a text, such as the template of a
    /// request.
    pub(super) fn quoted_in(&self, service: &str, text: &str) -> Option<Reference> {
        let quoted = |tail: &str| {
            let name = tail.rsplit([':', '/']).next().unwrap_or(tail);
            text.contains(&format!("\"{name}\""))
        };
        let mut found = named(self.template, service).filter(|(_, tail)| quoted(tail));
        let (resource, _) = found.next()?;
        found.next().is_none().then(|| Reference::Resource(resource.id.text.clone()))
    }

    /// The resource a reference stands for.
    pub(super) fn resource(&self, reference: &Reference) -> Option<&'a Resource> {
        match reference {
            Reference::Resource(id) => self.template.resource(id),
            Reference::Text(_) => None,
        }
    }

    /// The function or state machine a reference stands for.
    pub(super) fn subject(&self, reference: &Reference) -> Option<Subject> {
        subject(self.resource(reference)?)
    }
}

/// A resource as something that runs.
pub(super) fn subject(resource: &Resource) -> Option<Subject> {
    let id = resource.id.text.clone();
    match resource_types::role(&resource.kind.text)? {
        Role::Function => Some(Subject::Function(id)),
        Role::StateMachine => Some(Subject::StateMachine(id)),
        _ => None,
    }
}

/// Every value that stands at `path`, through every branch of `Fn::If` on the way; `AWS::NoValue` and
/// null are none.
pub(super) fn reach<'v>(properties: &'v Map, path: &[&str]) -> Vec<&'v Value> {
    let Some((key, rest)) = path.split_first() else { return Vec::new() };
    let Some(value) = properties.get(key) else { return Vec::new() };
    reach_in(value, rest)
}

/// The same below a value.
pub(super) fn reach_in<'v>(value: &'v Value, path: &[&str]) -> Vec<&'v Value> {
    let branches = value.branches().into_iter().map(|(branch, _)| branch).filter(|value| !value.is_null());
    match path {
        [] => branches.collect(),
        path => branches.filter_map(Value::as_map).flat_map(|map| reach(map, path)).collect(),
    }
}

/// The value at `path` as it is written: `Fn::If` around it stays; one around a mapping on the way is
/// looked into, and the first branch that has the value gives it.
pub(super) fn property<'v>(properties: &'v Map, path: &[&str]) -> Option<&'v Value> {
    let (key, rest) = path.split_first()?;
    let value = properties.get(key).filter(|value| !value.is_null() && !value.is_no_value())?;
    if rest.is_empty() {
        return Some(value);
    }
    value.branches().into_iter().filter_map(|(branch, _)| branch.as_map()).find_map(|map| property(map, rest))
}

/// Items of a list, through `Fn::If`; what is no list is its own only item.
pub(super) fn items(value: Option<&Value>) -> Vec<&Value> {
    value.into_iter().flat_map(Value::items).map(|(item, _)| item).filter(|item| !item.is_null()).collect()
}

/// Whether a switch is on: `true`, `"true"`. An intrinsic counts as off.
pub(super) fn is_on(value: Option<&Value>) -> bool {
    value.and_then(Value::as_bool).unwrap_or(false)
}

/// A list written as a list, else the value as its own only item.
pub(super) fn listed(value: Option<&Value>) -> Vec<Value> {
    match value {
        None => Vec::new(),
        Some(Value { kind: ValueKind::List(items), .. }) => items.clone(),
        Some(value) => vec![value.clone()],
    }
}

/// Functions whose text mentions things that need not be meant.
const CHOICES: [&str; 3] = ["${Fn::If", "${Fn::Select", "${Fn::Split"];

/// The name in a text that is nothing but `${Name}` or `${Name.Attribute}`.
fn lone_placeholder(text: &str) -> Option<&str> {
    let inside = text.strip_prefix("${")?.strip_suffix('}')?;
    let plain = inside.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '.');
    plain.then(|| name(inside))
}

/// Names in `${Name}` and `${Name.Attribute}`.
fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    text.split("${").skip(1).filter_map(|rest| Some(name(rest.split_once('}')?.0.trim())))
}

fn name(inside: &str) -> &str {
    inside.split('.').next().unwrap_or(inside)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::link::tests::scoped;

    const TEMPLATE: &str = "
Resources:
  Queue: {Type: AWS::SQS::Queue}
  Other: {Type: AWS::SQS::Queue}
  Work: {Type: AWS::Lambda::Function}
  Live: {Type: AWS::Lambda::Alias, Properties: {FunctionName: !Ref Work}}
  Sam: {Type: AWS::Serverless::Function, Properties: {AutoPublishAlias: live-1}}
  Named: {Type: AWS::Lambda::Function, Properties: {FunctionName: !Sub '${Stage}-named'}}
";

    #[test]
    fn references_arns_and_aliases_mean_resources() {
        scoped(TEMPLATE, |scope| {
            let resource = |id: &str| Reference::Resource(id.to_owned());
            assert_eq!(scope.reference_of("${Queue.Arn}"), resource("Queue"));
            assert_eq!(scope.reference_of("arn:aws:sqs:${AWS::Region}:1:${Queue}"), resource("Queue"));
            assert_eq!(scope.reference_of("${Live}"), resource("Work"));
            assert_eq!(scope.reference_of("${SamAliaslive1}"), resource("Sam"));
            assert_eq!(scope.reference_of("${Sam.Alias}"), resource("Sam"));
            assert_eq!(scope.reference_of("${Queue}-${Other}"), Reference::Text("${Queue}-${Other}".into()));
            assert_eq!(
                scope.reference_of("arn:aws:lambda:a:1:function:${Stage}-named:live"),
                resource("Named")
            );
            let other = "arn:aws:lambda:a:1:function:${Stage}-named-too";
            assert_eq!(scope.reference_of(other), Reference::Text(other.into()));
            assert_eq!(scope.reference_of("Queue"), Reference::Text("Queue".into()));
            assert_eq!(scope.reference_of("${Parameter}"), Reference::Text("${Parameter}".into()));
        });
    }
}
