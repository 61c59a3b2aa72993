//! What the rules on forwarding functions have in common: whom they ask, and how they say it.

use std::collections::BTreeSet;

use crate::finding::Severity;
use crate::graph::forwarding::{Answer, Constant, Forwarding, Trigger, Verdict, When, forwarding};
use crate::graph::{App, FunctionRef, Reference};
use crate::refactor::{in_short, unwritten};
use crate::rule::prelude::*;
use crate::source::Span;

/// A function that only forwards, and what reaches it by the same way through its code.
pub(super) struct Forward<'a> {
    pub function: FunctionRef<'a>,
    pub triggers: Vec<Trigger<'a>>,
    pub what: Forwarding,
}

/// Functions that only forward what reaches them by triggers of one kind.
pub(super) fn forwards<'a>(app: &'a App<'a>, kind: fn(&Trigger<'_>) -> bool) -> Vec<Forward<'a>> {
    let mut found: Vec<Forward<'a>> = Vec::new();
    for (function, trigger, verdict) in verdicts(app, kind) {
        let Verdict::Forwards(what) = verdict else { continue };
        let same = |known: &&mut Forward<'a>| {
            known.function.span() == function.span()
                && known.what == what
                && together(&known.triggers, trigger)
        };
        match found.iter_mut().find(same) {
            Some(known) => known.triggers.push(trigger),
            None => found.push(Forward { function, triggers: vec![trigger], what }),
        }
    }
    found
}

/// A function that only knows one answer, for what reaches it.
pub(super) struct Known<'a> {
    pub function: FunctionRef<'a>,
    pub triggers: Vec<Trigger<'a>>,
    pub what: Constant,
}

pub(super) fn constants<'a>(app: &'a App<'a>) -> Vec<Known<'a>> {
    let mut found: Vec<Known<'a>> = Vec::new();
    let unknown = app.functions().filter_map(|function| {
        let trigger = function.invocation()?;
        Some((function, trigger, forwarding(function, trigger)?))
    });
    for (function, trigger, verdict) in verdicts(app, |_| true).chain(unknown) {
        let Verdict::Constant(what) = verdict else { continue };
        let same = |known: &&mut Known<'a>| {
            known.function.span() == function.span()
                && known.what == what
                && together(&known.triggers, trigger)
        };
        match found.iter_mut().find(same) {
            Some(known) => known.triggers.push(trigger),
            None => found.push(Known { function, triggers: vec![trigger], what }),
        }
    }
    found
}

/// States are changed one by one, in a file of their own; routes and events stand by their function.
fn together(known: &[Trigger<'_>], other: Trigger<'_>) -> bool {
    match (known.first(), other) {
        (Some(Trigger::Route(_)), Trigger::Route(_)) => true,
        (Some(Trigger::Event(known)), Trigger::Event(other)) => known.kind == other.kind,
        _ => false,
    }
}

fn verdicts<'a>(
    app: &'a App<'a>,
    kind: fn(&Trigger<'_>) -> bool,
) -> impl Iterator<Item = (FunctionRef<'a>, Trigger<'a>, Verdict)> {
    app.functions().flat_map(move |function| {
        let judged = move |trigger| Some((function, trigger, forwarding(function, trigger)?));
        function.triggers().filter(move |trigger| kind(trigger)).filter_map(judged)
    })
}

/// What reaches a function, as a list: "`GET /a` and `GET /b`".
pub(super) fn all(triggers: &[Trigger<'_>]) -> String {
    let mut told: Vec<String> = triggers.iter().map(Trigger::told).collect();
    // Two APIs may have routes of one name.
    let mut seen = BTreeSet::new();
    told.retain(|told| seen.insert(told.clone()));
    match told.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [first, second] => format!("{first} and {second}"),
        [first, rest @ ..] => format!("{first} and {} others", rest.len()),
    }
}

/// A finding with the call, where its input comes from, and where the answer does. The help says what to do
/// `first`, what to use and what that gains and loses.
pub(super) fn finding(forward: &Forward<'_>, message: String, first: &str) -> Finding {
    let why = |trigger| unwritten(forward.function, trigger, &forward.what);
    let why: Option<Vec<String>> = forward.triggers.iter().map(why).collect();
    let help = format!("{first}{}", receipt(forward));
    advice(explained(forward, message).help(help), why.and_then(|why| why.into_iter().next()))
}

fn explained(forward: &Forward<'_>, message: String) -> Finding {
    let Forward { function, triggers, what } = forward;
    let place = triggers.first().map_or_else(|| function.span(), Trigger::span);
    let mut finding = Finding::at(place, message).function(&function.template().path, &function.id.text);
    let on = match &what.target {
        Some(Reference::Resource(id) | Reference::Text(id)) => format!(" on `{id}`"),
        None => String::new(),
    };
    let inputs: Vec<String> = what
        .inputs
        .iter()
        .filter(|input| !input.origin.is_empty() && input.origin != "a constant")
        .map(|input| format!("`{}` is {}", input.member, input.origin))
        .collect();
    let inputs =
        if inputs.is_empty() { "all of its input is constant".to_owned() } else { inputs.join(", ") };
    finding = finding
        .because(what.call, format!("its only call, {}:{}{on}: {inputs}", what.service, what.operation));
    for trigger in triggers.iter().skip(1) {
        finding = finding.because(trigger.span(), format!("{} too", trigger.told()));
    }
    let mut cited: Vec<(Span, When)> = Vec::new();
    for answer in &what.answers {
        // A place that answers failures of several kinds is one place.
        if !cited.contains(&(answer.span, answer.when)) {
            cited.push((answer.span, answer.when));
            finding = finding.because(answer.span, answered(answer));
        }
    }
    for check in &what.checks {
        finding = finding.because(check.span, format!("checks whether {}", check.text));
    }
    finding
}

pub(super) fn answered(answer: &Answer) -> String {
    let origin = &answer.origin;
    match answer.when {
        When::Done => format!("answers with {origin}"),
        When::Failed => format!("where that fails: {origin}"),
        When::Rejected => format!("where the request is not let through: {origin}"),
    }
}

/// What to use, and what that gains and loses.
fn receipt(forward: &Forward<'_>) -> String {
    let integration = &forward.what.integration;
    let needs = integration.needs.as_ref().map(|needs| format!(" ({needs})")).unwrap_or_default();
    format!("use {}{needs}; that {}", integration.name, in_short(forward.function))
}

/// Advice where no refactoring writes what would replace the function; the help says why.
pub(super) fn advice(finding: Finding, unwritten: Option<String>) -> Finding {
    let Some(why) = unwritten else { return finding };
    let help = finding.help.clone().unwrap_or_default();
    finding.help(format!("{help}; nothing is written for you, as it {why}")).at_most(Severity::Info)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::source::Sources;

    const GET_ITEM: [&str; 2] =
        ["boto3.client('dynamodb').get_item(TableName='t', Key={'id': {'S': given}})", "Item"];
    const GET_USER: [&str; 2] =
        ["boto3.client('cognito-idp').admin_get_user(UserPoolId='p', Username=given)", "UserStatus"];

    /// Severity and help of the only finding about a function that makes this call.
    fn told([call, part]: [&str; 2], given: &str, events: &str) -> (Severity, String) {
        let code = format!(
            "import boto3\n\ndef handler(event, context):\n    given = {given}\n    answer = {call}\n    return {{'statusCode': 200, 'body': answer['{part}']}}\n"
        );
        told_of(&code, &format!("      Events:\n        One: {events}\n"))
    }

    /// The same for a function of some code, with more of its template.
    fn told_of(code: &str, more: &str) -> (Severity, String) {
        let template = format!(
            "Transform: AWS::Serverless-2016-10-31
Resources:
  Files: {{Type: AWS::S3::Bucket}}
  Work:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      Timeout: 10
{more}"
        );
        let code = code.to_owned();
        let files = [("template.yaml", template), ("app.py", code)];
        let sources = Sources::in_memory(files.map(|(path, text)| (path.to_owned(), text)).into());
        let report = crate::lint(&sources, &Config::default(), None).expect("the configuration is right");
        let mut found = report.findings.iter().filter(|finding| finding.rule.starts_with("pass-through"));
        let finding = found.next().unwrap_or_else(|| panic!("{:#?}", report.findings));
        assert!(found.next().is_none());
        (finding.severity, finding.help.clone().unwrap_or_default())
    }

    #[test]
    fn what_nobody_writes_is_advice() {
        let route = "{Type: Api, Properties: {Path: '/x/{id}', Method: get}}";
        let id = "event['pathParameters']['id']";
        let (severity, help) = told(GET_ITEM, id, route);
        assert_eq!((severity, help.contains("nothing is written")), (Severity::Warning, false), "{help}");
        let (severity, help) = told(GET_USER, id, route);
        assert_eq!(severity, Severity::Info);
        let why = "nothing is written for you, as it calls cognito-idp:AdminGetUser, for which this \
                   refactoring has no mapping";
        assert!(help.ends_with(why), "{help}");
    }

    #[test]
    fn a_state_whose_refactoring_refuses_is_advice() {
        let machine = "  Machine:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition:
        StartAt: Read
        States:
          Read: {Type: Task, Resource: !GetAtt Work.Arn, End: true}
";
        let code = |answer: &str| {
            format!(
                "import boto3\n\ndef handler(event, context):\n    {}\n    return {answer}\n",
                "answer = boto3.client('sqs').send_message(QueueUrl='q', MessageBody=event['text'])"
            )
        };
        let (severity, help) = told_of(&code("{'id': answer['MessageId']}"), machine);
        assert_eq!((severity, help.contains("nothing is written")), (Severity::Warning, false), "{help}");
        let (severity, help) = told_of(&code("answer"), machine);
        assert_eq!(severity, Severity::Info, "{help}");
        assert!(help.contains("; nothing is written for you, as it answers with all"), "{help}");
    }
}
