//! Texts of a template, each with the place it is written at.

use std::collections::BTreeMap;

use crate::finding::Finding;
use crate::graph::{App, FunctionRef};
use crate::rules::code::name_functions;
use crate::source::{SourceId, Span};
use crate::summary::Summary;
use crate::template::{Intrinsic, Resource, Template, Value, ValueKind};

/// A text in `Fn::Sub` style.
pub struct Literal {
    pub text: String,
    pub span: Span,
    /// Logical id of the resource it belongs to, if any.
    pub resource: Option<String>,
}

/// Texts of resources, Globals and outputs. Mappings, parameters and metadata are where values that
/// differ belong, and are left out.
pub fn literals(template: &Template) -> Vec<Literal> {
    let mut found = Vec::new();
    for resource in &template.resources {
        let own = of_resource(resource);
        own.for_each(|value| collect(value, Some(&resource.id.text), &mut found));
    }
    template.globals.iter().for_each(|value| collect(value, None, &mut found));
    template
        .outputs
        .iter()
        .filter_map(|output| output.value.as_ref())
        .for_each(|value| collect(value, None, &mut found));
    found
}

/// Who is trusted is meant to be written out: a partner's account, a role of another team.
const PRINCIPAL: &str = "Principal";

/// Whether an account that a template writes out may be its own. Where it says `${AWS::AccountId}`
/// elsewhere, it names others' accounts by their numbers, unless files deploy it to that one or it has a
/// role that something of the template runs under: such a role is of the same account.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html>
pub fn may_be_own(template: &Template, account: &str) -> bool {
    let is_deployed = template.environments.iter().any(|environment| environment.accounts.contains(account));
    let role_of = format!(":iam::{account}:role/");
    let runs_as = |resource: &Resource| {
        ["Role", "RoleArn", "ServiceRole", "ExecutionRoleArn"]
            .iter()
            .any(|name| resource.property(name).is_some_and(|role| role.text().contains(&role_of)))
    };
    let says_own = |literal: &Literal| literal.text.contains("${AWS::AccountId}");
    is_deployed || template.resources.iter().any(runs_as) || !literals(template).iter().any(says_own)
}

/// One finding for all texts of a template in which the same thing is written out: at the first of
/// them, with some of the others. `named` gives the thing, and the message if it is the first.
pub fn grouped(
    template: &Template,
    named: impl Fn(&Literal) -> Option<(String, String)>,
    help: &str,
) -> Vec<Finding> {
    let mut places: BTreeMap<String, Vec<(Literal, String)>> = BTreeMap::new();
    for literal in literals(template) {
        if let Some((thing, message)) = named(&literal) {
            let same = places.entry(thing).or_default();
            // Globals are merged into many resources: one place is one place.
            if same.iter().all(|(other, _)| other.span != literal.span) {
                same.push((literal, message));
            }
        }
    }
    places.values().filter_map(|same| group(template, same, help)).collect()
}

/// The same for texts that handlers write out: one finding per file of code.
pub fn in_code(app: &App<'_>, named: impl Fn(&Literal) -> Option<(String, String)>) -> Vec<Finding> {
    type Place<'a> = (Literal, String, Vec<FunctionRef<'a>>);
    let mut places: BTreeMap<(SourceId, String), Place<'_>> = BTreeMap::new();
    for function in app.functions() {
        let constants = function.summary().map(Summary::constants).unwrap_or_default();
        for (text, call) in constants.into_iter().filter(|(text, _)| text.contains("arn:")) {
            let mut literal = Literal { text: text.to_owned(), span: call, resource: None };
            let Some((thing, message)) = named(&literal) else { continue };
            // A text that is put together is written nowhere, but for what it is reported for.
            let place = written(app, function, text).or_else(|| written(app, function, &thing));
            literal.span = place.unwrap_or(call);
            let span = literal.span;
            let place = places.entry((span.source, thing)).or_insert_with(|| (literal, message, Vec::new()));
            if place.2.iter().all(|known| known.id != function.id) {
                place.2.push(function);
            }
        }
    }
    let finding = |(literal, message, functions): Place<'_>| {
        let finding = Finding::at(literal.span, message).help(CODE_HELP);
        name_functions(finding, &functions)
    };
    places.into_values().map(finding).collect()
}

const CODE_HELP: &str = "let the template pass it in a variable: `TABLE_NAME: !Ref Table`";

/// Where the code of a function writes a text.
fn written(app: &App<'_>, function: FunctionRef<'_>, text: &str) -> Option<Span> {
    function.behaviour.modules.iter().find_map(|module| {
        let at = app.sources.text(*module).find(text)?;
        Some(Span::new(*module, at, at + text.len()))
    })
}

fn group(template: &Template, same: &[(Literal, String)], help: &str) -> Option<Finding> {
    let ((first, message), rest) = same.split_first()?;
    let times = match rest.len() {
        0 => String::new(),
        1 => ", here and in one more place".to_owned(),
        count => format!(", here and in {count} more places"),
    };
    let mut finding = Finding::at(first.span, format!("{message}{times}")).help(help);
    for (other, _) in rest.iter().take(EVIDENCE) {
        finding = finding.because(other.span, "and here");
    }
    Some(match &first.resource {
        Some(id) => finding.resource(&template.path, id),
        None => finding,
    })
}

/// More places than these say nothing new.
const EVIDENCE: usize = 3;

fn of_resource(resource: &Resource) -> impl Iterator<Item = &Value> {
    let descriptions =
        ["Description", "AlarmDescription", "Comment", "DefinitionBody", "Definition", "DefinitionString"];
    resource
        .own_properties
        .iter()
        .filter(move |(name, _)| !descriptions.contains(&name.text.as_str()))
        .map(|(_, value)| value)
}

fn collect(value: &Value, resource: Option<&String>, found: &mut Vec<Literal>) {
    let mut add = |text: String| found.push(Literal { text, span: value.span, resource: resource.cloned() });
    match &value.kind {
        ValueKind::String(text) => add(text.clone()),
        ValueKind::Number(text) => add(text.clone()),
        ValueKind::List(items) => items.iter().for_each(|item| collect(item, resource, found)),
        ValueKind::Map(map) => {
            let parts = map.iter().filter(|(name, _)| name.text != PRINCIPAL);
            parts.for_each(|(_, value)| collect(value, resource, found));
        }
        ValueKind::Intrinsic(intrinsic) => match &**intrinsic {
            Intrinsic::Sub(_) | Intrinsic::Join { .. } => add(value.text()),
            Intrinsic::Equals(..) => {}
            _ => intrinsic.arguments().into_iter().for_each(|argument| collect(argument, resource, found)),
        },
        ValueKind::Null | ValueKind::Bool(_) => {}
    }
}
