//! Calls that the function's role does not allow.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use super::calls::{calls, has_other_credentials, shown};
use crate::aws::resource_arns::is_anywhere;
use crate::graph::access::{Access, Answer};
use crate::graph::{Call, FunctionRef, Reference};
use crate::rule::prelude::*;
use crate::rules::code::{Judged, judged, list, name_functions, names_of};
use crate::source::Span;
use crate::summary::{Action, Effect, Symbol};

rule! {
    /// ## What it does
    /// Finds AWS calls in handlers that no statement, policy template, connector or managed policy of
    /// the function's role allows. It stands at the function, or at the role where the template writes
    /// it out, as that is the place to mend.
    ///
    /// A warning where the code names what it acts on, which is no resource of the template, and the role
    /// allows the same call on others: the name may be that of one of them.
    ///
    /// ## Why it matters
    /// The call fails with `AccessDenied` as soon as the path is taken.
    ///
    /// ## Example
    /// ```yaml
    /// Policies:
    ///   - DynamoDBReadPolicy:
    ///       TableName: !Ref Orders
    /// ```
    /// on a function that calls `table.put_item(...)`.
    ///
    /// ## Use instead
    /// The policy template or statement that allows the call on this one resource.
    ///
    /// ## When to keep it
    /// When a policy that is not in the template (of an account, a bucket elsewhere, another stack)
    /// allows the call.
    pub MISSING_PERMISSION = {
        id: "missing-permission",
        category: Permissions,
        severity: Error,
        summary: "handler makes a call that its role does not allow",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    // One role may serve many functions: what it lacks is said once.
    let mut lacks: BTreeMap<Span, Vec<Lack<'_>>> = BTreeMap::new();
    for judged in judged(app) {
        for lack in lacking(&judged, found) {
            lacks.entry(lack.place).or_default().push(lack);
        }
    }
    found.extend(lacks.values().filter_map(|lacks| finding(app, lacks)));
}

/// A call that is not allowed.
struct Lack<'a> {
    function: FunctionRef<'a>,
    /// Where the role or the function is written.
    place: Span,
    action: String,
    on: Option<Reference>,
    effect: &'a Effect,
    denied: Option<crate::evidence::Evidence>,
    /// It is called on a name of the code's own, and allowed on something else.
    elsewhere: bool,
}

fn lacking<'a>(judged: &Judged<'a>, found: &mut Found) -> Vec<Lack<'a>> {
    let function = judged.function;
    let (calls, unknown) = calls(judged);
    for effect in unknown {
        found.abstain(effect.span, "which permission this call needs is not known");
    }
    if calls.is_empty() {
        return Vec::new();
    }
    let access = Access::of_function(function);
    // Where not all paths were followed, what cannot happen is among the calls.
    let ruled_out = if judged.summary.all_paths { BTreeSet::new() } else { judged.ruled_out() };
    let mut at: FxHashMap<Span, Vec<&Call<'_>>> = FxHashMap::default();
    calls.iter().for_each(|call| at.entry(call.effect.span).or_default().push(call));
    let mut lacks = Vec::new();
    for call in &calls {
        if is_unnamed(call) {
            found.abstain(call.effect.span, "the name it is called with is empty");
            continue;
        }
        if is_text(call) && ruled_out.contains(&call.index) {
            found.abstain(call.effect.span, "no path that was followed and can be taken leads here");
            continue;
        }
        if judged.is_never_named(call.effect) {
            found.abstain(call.effect.span, "the variable that names what it is called on is not set");
            continue;
        }
        if let Action::Aws { service, .. } = &call.effect.action
            && has_other_credentials(judged, Some(service))
        {
            let why = format!("the client of `{service}` may have other credentials than the role");
            found.abstain(call.effect.span, why);
            continue;
        }
        if is_variant(judged, &access, call, at.get(&call.effect.span).map_or(&[], Vec::as_slice)) {
            found.abstain(call.effect.span, "which of several names this call is made with is not known");
            continue;
        }
        for action in &call.needs {
            match access.may(action, call.on) {
                Answer::Yes(_) => {}
                Answer::Unknown(why) => {
                    found.abstain(call.effect.span, format!("whether `{action}` is allowed: {why}"))
                }
                Answer::No(_) if judged.is_off_routes(call.index) => {
                    found.abstain(call.effect.span, "no route of the function leads here");
                }
                Answer::No(denied) => lacks.push(Lack {
                    function,
                    place: place(function),
                    action: action.clone(),
                    on: call.on.filter(|_| !is_anywhere(action)).cloned(),
                    effect: call.effect,
                    elsewhere: denied.is_none() && is_elsewhere(&access, action, call),
                    denied,
                }),
            }
        }
    }
    lacks
}

/// A variable for its target is set to nothing: the code that is there asks, or no deployment has it yet.
fn is_unnamed(call: &Call<'_>) -> bool {
    matches!(call.on, Some(Reference::Text(text)) if text.is_empty())
}

/// The code itself names what it acts on, and that is no resource of the template; on something else the role
/// allows the action.
fn is_elsewhere(access: &Access<'_>, action: &str, call: &Call<'_>) -> bool {
    let is_written = matches!(call.effect.on, Symbol::Name(_));
    is_written && is_text(call) && !matches!(access.may(action, None), Answer::No(_))
}

/// Its target is a name, and no resource of the template.
fn is_text(call: &Call<'_>) -> bool {
    matches!(call.on, Some(Reference::Text(_)))
}

/// The call is there once more with another target, where it is allowed, and not all paths were followed:
/// this one may have the name that stands by for runs elsewhere (`process.env.QUEUE ? process.env.QUEUE : ""`).
/// `here`: all calls of its place.
fn is_variant(judged: &Judged<'_>, access: &Access<'_>, call: &Call<'_>, here: &[&Call<'_>]) -> bool {
    let is_allowed = |other: &Call<'_>| {
        other.needs.iter().all(|action| matches!(access.may(action, other.on), Answer::Yes(_)))
    };
    let is_other = |other: &&&Call<'_>| other.on != call.on && other.needs == call.needs;
    !judged.summary.all_paths && is_text(call) && here.iter().filter(is_other).any(|other| is_allowed(other))
}

/// The role's id where the template writes the role, else the function's.
fn place(function: FunctionRef<'_>) -> Span {
    let role = function.role.as_ref().and_then(|role| {
        let mentions = role.mentions();
        mentions.iter().find_map(|mention| function.template().resource(&mention.name.text))
    });
    role.filter(|role| role.is("AWS::IAM::Role")).map_or(function.span(), |role| role.id.span)
}

fn finding(app: &App<'_>, lacks: &[Lack<'_>]) -> Option<Finding> {
    const SITES: usize = 6;
    let first = lacks.first()?;
    let mut functions: Vec<FunctionRef<'_>> = Vec::new();
    let mut needs: BTreeMap<Option<&Reference>, BTreeSet<&str>> = BTreeMap::new();
    // A name that stands by for a variable which is set says nothing new.
    let on_resources: BTreeSet<(Span, &str)> =
        lacks.iter().filter(|lack| is_resource(lack)).map(|lack| (lack.effect.span, &*lack.action)).collect();
    let stands_by = |lack: &Lack<'_>| {
        matches!(lack.on, Some(Reference::Text(_)))
            && on_resources.contains(&(lack.effect.span, lack.action.as_str()))
    };
    for lack in lacks.iter().filter(|lack| !stands_by(lack)) {
        if !functions.iter().any(|known| known.span() == lack.function.span()) {
            functions.push(lack.function);
        }
        needs.entry(lack.on.as_ref()).or_default().insert(&lack.action);
    }
    let names = names_of(&functions);
    let (verb, whose) = if names.len() == 1 { ("calls", "its role") } else { ("call", "their role") };
    let mut finding = Finding::at(
        first.place,
        format!("{} {verb} {}, which {whose} does not allow", list(&names), told(&needs)),
    );
    let mut sites: Vec<Span> = Vec::new();
    for lack in lacks {
        if sites.len() < SITES && !sites.contains(&lack.effect.span) {
            sites.push(lack.effect.span);
            finding = finding.because_it(
                lack.effect.certainty,
                lack.effect.span,
                format!("needs `{}`", lack.action),
            );
        }
    }
    finding = match &first.denied {
        Some(denied) => finding.because(denied.span, denied.text.clone()),
        None => match first.function.property("Policies") {
            Some(policies) => finding.because(policies.span, "none of these policies allows it"),
            None if first.function.role.is_some() => {
                finding.because(first.place, "no policy of this role allows it")
            }
            None => finding.because(first.function.span(), "it has no policies"),
        },
    };
    let statements: Vec<String> = needs
        .iter()
        .map(|(on, actions)| {
            let actions: Vec<&str> = actions.iter().copied().collect();
            format!("`{}` on {}", actions.join("`, `"), resource(app, first.function, *on))
        })
        .collect();
    let mut finding = name_functions(finding.help(format!("allow {}", statements.join("; "))), &functions);
    if lacks.iter().all(|lack| lack.elsewhere || stands_by(lack)) {
        finding = finding.at_most(crate::finding::Severity::Warning);
    }
    // Where nobody has policies, that they are missing is one fact.
    let is_bare = first.denied.is_none()
        && first.function.role.is_none()
        && first.function.property("Policies").is_none();
    Some(if is_bare { finding.one_of_template("", &first.function.id.text) } else { finding })
}

fn is_resource(lack: &Lack<'_>) -> bool {
    matches!(lack.on, Some(Reference::Resource(_)))
}

/// "`a:B` on `C`; `d:E` on `F`; and more on 2 others".
fn told(needs: &BTreeMap<Option<&Reference>, BTreeSet<&str>>) -> String {
    const SHOWN: usize = 2;
    let one = |(on, actions): (&Option<&Reference>, &BTreeSet<&str>)| {
        let actions: Vec<&str> = actions.iter().copied().collect();
        let on = on.map_or_else(String::new, |on| format!(" on `{}`", shown(on)));
        format!("{}{on}", list(&actions))
    };
    let mut told: Vec<String> = needs.iter().take(SHOWN).map(one).collect();
    match needs.len().saturating_sub(SHOWN) {
        0 => {}
        1 => told.push("and more on 1 other".to_owned()),
        count => told.push(format!("and more on {count} others")),
    }
    told.join("; ")
}

/// What the statement to add would name.
fn resource(app: &App<'_>, function: FunctionRef<'_>, on: Option<&Reference>) -> String {
    match on {
        Some(Reference::Resource(id)) => match app.template(function.template).resource(id) {
            Some(resource) => format!("`{id}` (`{}`)", resource.kind.text),
            None => format!("`{id}`"),
        },
        Some(Reference::Text(text)) => format!("`{text}`"),
        None => "the resource it is called on".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use crate::config::Config;
    use crate::finding::Severity;
    use crate::source::Sources;

    /// What a call on a table is worth to the rule, for a function that may read the table `Orders`.
    fn severity(call: &str) -> Severity {
        let template = "Transform: AWS::Serverless-2016-10-31
Resources:
  Orders: {Type: AWS::Serverless::SimpleTable}
  Carts: {Type: AWS::Serverless::SimpleTable}
  Work:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      Environment: {Variables: {CARTS: !Ref Carts}}
      Policies:
        - DynamoDBReadPolicy: {TableName: !Ref Orders}
";
        let code = format!(
            "import os\nimport boto3\ntables = boto3.resource('dynamodb')\n\ndef handler(event, context):\n    return {call}\n"
        );
        let files = [("template.yaml", template.to_owned()), ("app.py", code)];
        let sources = Sources::in_memory(files.map(|(path, text)| (path.to_owned(), text)).into());
        let report = crate::lint(&sources, &Config::default(), None).expect("the configuration is right");
        let mut found = report.findings.iter().filter(|finding| finding.rule == "missing-permission");
        found.next().unwrap_or_else(|| panic!("{:#?}", report.findings)).severity
    }

    #[test]
    fn a_name_alone_may_be_that_of_what_is_allowed() {
        assert_eq!(severity("tables.Table('orders').get_item(Key={'id': '1'})"), Severity::Warning);
        assert_eq!(severity("tables.Table('orders').put_item(Item={'id': '1'})"), Severity::Error);
        assert_eq!(severity("tables.Table(os.environ['CARTS']).get_item(Key={'id': '1'})"), Severity::Error);
    }
}
