//! The `Policies` of a SAM resource, and policy documents.

use super::expand;
use super::writer::{Clause, Holder, When, Writer};
use crate::aws::policy_templates::policy_template;
use crate::graph::link::Scope;
use crate::graph::model::Origin;
use crate::source::Span;
use crate::template::{Branch, Intrinsic, Map, Name, SubPart, Value, ValueKind};

/// Names and ARNs of managed policies, documents, and policy templates, one or a list of them.
pub(super) fn policies(scope: &Scope<'_>, writer: &mut Writer<'_>, holder: &Holder, policies: &Value) {
    for (policy, when) in policies.items() {
        match &policy.kind {
            ValueKind::Map(map) => match (map.get("Statement"), map.entries.as_slice()) {
                (Some(_), _) => document(scope, writer, holder, policy, &when, &Origin::Written),
                (None, [(name, arguments)]) => {
                    template(writer, holder, &name.text, arguments, &when);
                }
                _ => {}
            },
            ValueKind::String(_) | ValueKind::Intrinsic(_) => managed(scope, writer, holder, policy, &when),
            _ => {}
        }
    }
}

/// A managed policy by name or ARN. The statements of one in this template are listed as well.
pub(super) fn managed(
    scope: &Scope<'_>,
    writer: &mut Writer<'_>,
    holder: &Holder,
    policy: &Value,
    when: &When,
) {
    writer.managed(holder, policy.text(), when, Origin::Written, policy.span);
    let reference = scope.reference(policy);
    let Some(resource) = scope.resource(&reference).filter(|found| found.is("AWS::IAM::ManagedPolicy"))
    else {
        return;
    };
    if let Some(found) = resource.property("PolicyDocument") {
        document(scope, writer, holder, found, when, &Origin::Written);
    }
}

/// The statements of a policy document.
pub(super) fn document(
    scope: &Scope<'_>,
    writer: &mut Writer<'_>,
    holder: &Holder,
    document: &Value,
    when: &When,
    origin: &Origin,
) {
    let holder = Holder { subject: holder.subject.clone(), when: [&holder.when[..], when].concat() };
    for (statement, when) in statements(document) {
        let clause = statement.as_map().and_then(|map| clause(scope, statement, map, when));
        clause.iter().for_each(|clause| writer.statement(&holder, clause, origin));
    }
}

/// The statements of a policy document, each branch of `Fn::If` on its own.
pub(super) fn statements(document: &Value) -> Vec<Branch<'_>> {
    let mut statements = Vec::new();
    for (document, outer) in document.branches() {
        let items = document.get("Statement").into_iter().flat_map(Value::items);
        statements.extend(items.map(|(statement, inner)| (statement, [&outer[..], &inner[..]].concat())));
    }
    statements
}

/// What one statement says; `None` without actions.
pub(super) fn clause(scope: &Scope<'_>, statement: &Value, map: &Map, when: When) -> Option<Clause> {
    let values = |plain: &str, negated: &str| {
        let (found, not) = match map.get(plain) {
            Some(found) => (found, false),
            None => (map.get(negated)?, true),
        };
        let items = found.items().into_iter().map(|(item, _)| item).filter(|item| !item.is_null());
        Some((items.cloned().collect::<Vec<_>>(), not))
    };
    let (actions, not_action) = values("Action", "NotAction")?;
    let (resources, not_resource) = values("Resource", "NotResource").unwrap_or_default();
    let effect = map.get("Effect").and_then(|effect| literal(scope, effect));
    Some(Clause {
        allow: !effect.is_some_and(|effect| effect.eq_ignore_ascii_case("Deny")),
        actions,
        resources,
        not_action,
        not_resource,
        condition: map
            .get("Condition")
            .filter(|condition| !condition.is_null() && !condition.is_no_value())
            .cloned(),
        when,
        span: statement.span,
    })
}

/// A SAM policy template. One that is not known grants nothing.
fn template(writer: &mut Writer<'_>, holder: &Holder, name: &str, arguments: &Value, when: &When) {
    let Some(template) = policy_template(name) else { return };
    let origin = Origin::PolicyTemplate(name.to_owned());
    for (arguments, inner) in arguments.branches() {
        // An argument with another name was meant for one of those that are missing.
        let is_misnamed = arguments
            .as_map()
            .is_some_and(|map| map.iter().any(|(name, _)| !template.parameters.contains(&name.text)));
        let value = |place: &str| match arguments.get(place) {
            Some(given) => vec![given.clone()],
            None if is_misnamed => vec![unknown(place, arguments.span)],
            None => Vec::new(),
        };
        for grant in &template.grants {
            let Some(mut clause) = expand::clause(grant, arguments.span, &value) else { continue };
            clause.when = [&when[..], &inner[..]].concat();
            writer.statement(holder, &clause, &origin);
        }
    }
}

/// A value that is not known.
fn unknown(name: &str, span: Span) -> Value {
    let name = Name { text: name.to_owned(), span };
    Value { span, kind: ValueKind::Intrinsic(Box::new(Intrinsic::Sub(vec![SubPart::Ref(name)]))) }
}

/// The text of a literal, or of a parameter with a default.
pub(super) fn literal(scope: &Scope<'_>, value: &Value) -> Option<String> {
    if let Some(text) = value.scalar() {
        return Some(text.into_owned());
    }
    let text = value.text();
    let name = text.strip_prefix("${")?.strip_suffix('}')?;
    let default = scope.template.parameter(name)?.default.as_ref()?;
    default.scalar().map(std::borrow::Cow::into_owned)
}
