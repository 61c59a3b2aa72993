//! Connectors, and the permissions they become.

use super::attached::Holders;
use super::expand;
use super::writer::{Holder, Writer};
use crate::aws::Grant;
use crate::aws::connectors::{Answer, Kind, Side, end, plain, profile, role_place};
use crate::graph::link::Scope;
use crate::graph::link::reference::{IMPLICIT_HTTP_API, IMPLICIT_REST_API};
use crate::graph::model::{Origin, Reference};
use crate::source::Span;
use crate::template::{Intrinsic, Map, Name, Value, ValueKind};

pub(super) fn link(scope: &Scope<'_>, writer: &mut Writer<'_>, holders: &Holders<'_, '_>) {
    for resource in &scope.template.resources {
        if resource.is("AWS::Serverless::Connector") {
            let source = resource.property("Source").and_then(Value::as_map).cloned();
            let connector = Written { id: resource.id.text.clone(), span: resource.id.span, scope, holders };
            connector.link(writer, &source.unwrap_or_default(), &resource.properties);
        }
        let embedded = resource.connectors.as_ref().and_then(Value::as_map).into_iter().flat_map(Map::iter);
        for (name, body) in embedded {
            let Some(properties) = body.get("Properties").and_then(Value::as_map) else { continue };
            let id = format!("{}{}", resource.id.text, name.text);
            let connector = Written { id, span: name.span, scope, holders };
            let own = (
                Name { text: "Id".to_owned(), span: name.span },
                Value::string(&resource.id.text, name.span),
            );
            let qualified =
                properties.get("SourceReference").and_then(Value::as_map).into_iter().flat_map(Map::iter);
            let source = qualified.map(|(name, value)| (name.clone(), value.clone())).chain([own]).collect();
            connector.link(writer, &source, properties);
        }
    }
}

struct Written<'a> {
    id: String,
    span: Span,
    scope: &'a Scope<'a>,
    holders: &'a Holders<'a, 'a>,
}

impl Written<'_> {
    fn link(&self, writer: &mut Writer<'_>, source: &Map, properties: &Map) {
        let mut permissions: Vec<String> = Vec::new();
        for (permission, _) in properties.get("Permissions").into_iter().flat_map(Value::items) {
            let text = permission.text();
            if !permissions.contains(&text) {
                permissions.push(text);
            }
        }
        let Some(source) = End::new(self.scope, source) else { return };
        for (destination, _) in properties.get("Destination").into_iter().flat_map(Value::items) {
            let Some(destination) = destination.as_map().and_then(|map| End::new(self.scope, map)) else {
                continue;
            };
            self.join(writer, &source, &destination, &permissions);
        }
    }

    fn join(&self, writer: &mut Writer<'_>, source: &End<'_>, destination: &End<'_>, permissions: &[String]) {
        writer.connector(
            source.reference(self),
            destination.reference(self),
            permissions.to_vec(),
            self.span,
        );
        let Some(profile) = profile(&source.kind, &destination.kind) else { return };
        let (changed, other) = match profile.side {
            Side::Source => (source, destination),
            Side::Destination => (destination, source),
        };
        let read = permissions.iter().any(|permission| permission == "Read").then_some(&profile.read);
        let write = permissions.iter().any(|permission| permission == "Write").then_some(&profile.write);
        let value = |place: &str| match place.split_once('.') {
            Some(("Source", attribute)) => source.attribute(attribute, self.span).into_iter().collect(),
            Some(("Destination", attribute)) => {
                destination.attribute(attribute, self.span).into_iter().collect()
            }
            _ => Vec::new(),
        };
        let holders = changed.holders(self, other);
        for grant in read.into_iter().chain(write).flatten() {
            match profile.grant {
                Kind::Role => self.statement(writer, &holders, grant, &value),
                Kind::Invoke => self.invoke(writer, changed, grant, &value),
                Kind::QueuePolicy => self.resource_policy(writer, changed, "QueueUrl", grant),
                Kind::TopicPolicy => self.resource_policy(writer, changed, "Arn", grant),
            }
        }
    }

    fn statement(
        &self,
        writer: &mut Writer<'_>,
        holders: &[Holder],
        grant: &Grant,
        value: &dyn Fn(&str) -> Vec<Value>,
    ) {
        let Some(clause) = expand::clause(grant, self.span, value) else { return };
        for holder in holders {
            writer.statement(holder, &clause, &Origin::Connector(self.id.clone()));
        }
    }

    fn invoke(
        &self,
        writer: &mut Writer<'_>,
        function: &End<'_>,
        grant: &Grant,
        value: &dyn Fn(&str) -> Vec<Value>,
    ) {
        let Some(arn) = function.attribute("Arn", self.span) else { return };
        let principal = grant.principal.as_deref().unwrap_or_default();
        for text in &grant.resources {
            for source in expand::filled(text, self.span, value) {
                let source = self.scope.reference(&source);
                writer.invoke(self.scope.reference(&arn), principal, Some(source), self.span);
            }
        }
    }

    fn resource_policy(&self, writer: &mut Writer<'_>, target: &End<'_>, attribute: &str, grant: &Grant) {
        let Some(target) = target.attribute(attribute, self.span) else { return };
        let principal = grant.principal.as_deref().unwrap_or_default();
        writer.resource_policy(
            self.scope.reference(&target),
            true,
            principal,
            grant.actions.clone(),
            self.span,
        );
    }
}

/// One end of a connector: a resource by its id, or by its type and attributes.
struct End<'a> {
    id: Option<String>,
    kind: String,
    given: &'a Map,
}

impl<'a> End<'a> {
    fn new(scope: &Scope<'_>, given: &'a Map) -> Option<Self> {
        let id = given.get("Id").and_then(Value::as_str).map(str::to_owned);
        let kind = match id.as_deref() {
            Some(id) => match scope.template.resource(id) {
                Some(resource) => resource.kind.text.clone(),
                None if id == IMPLICIT_REST_API => "AWS::Serverless::Api".to_owned(),
                None if id == IMPLICIT_HTTP_API => "AWS::Serverless::HttpApi".to_owned(),
                None => String::new(),
            },
            None => given.get("Type")?.text(),
        };
        Some(Self { id, kind: plain(&kind).to_owned(), given })
    }

    fn attribute(&self, name: &str, span: Span) -> Option<Value> {
        if let Some(given) = self.given.get(name) {
            return Some(given.clone());
        }
        let resource = Name { text: self.id.clone()?, span };
        let intrinsic = match end(&self.kind, name)? {
            Answer::Ref => Intrinsic::Ref(resource),
            Answer::Attribute(attribute) => {
                Intrinsic::GetAtt { resource, attribute: Value::string(attribute, span) }
            }
            Answer::Text(text) => return Some(Value::string(text, span)),
        };
        Some(Value { span, kind: ValueKind::Intrinsic(Box::new(intrinsic)) })
    }

    fn reference(&self, connector: &Written<'_>) -> Reference {
        if let Some(id) = &self.id {
            return match connector.scope.reference_of(&format!("${{{id}}}")) {
                Reference::Text(_) => Reference::Text(id.clone()),
                known => known,
            };
        }
        let names = ["Arn", "QueueUrl", "ResourceId", "Name", "RoleName"];
        let named = names.iter().find_map(|name| self.given.get(name));
        named.map_or_else(|| Reference::Text(self.kind.clone()), |value| connector.scope.reference(value))
    }

    /// Who runs under this end's role.
    fn holders(&self, connector: &Written<'_>, other: &Self) -> Vec<Holder> {
        let (scope, holders) = (connector.scope, connector.holders);
        let Some(id) = &self.id else {
            let role = self.given.get("RoleName");
            return role.map(|role| holders.named(scope, role)).unwrap_or_default();
        };
        let Some(place) = role_place(&self.kind) else {
            return holders.roles_of(id).into_iter().flat_map(|role| holders.of_role(role)).collect();
        };
        let Some(resource) = scope.template.resource(id) else { return Vec::new() };
        let Some(list) = &place.list else {
            return resource.property(&place.role).map(|role| holders.named(scope, role)).unwrap_or_default();
        };
        let aim = other.reference(connector);
        let items = resource.property(list).into_iter().flat_map(Value::items).map(|(item, _)| item);
        let meant = items.filter(|item| {
            let named = place.names.as_ref().and_then(|names| item.get(names));
            named.is_some_and(|value| scope.reference(value) == aim)
        });
        meant.filter_map(|item| item.get(&place.role)).flat_map(|role| holders.named(scope, role)).collect()
    }
}
