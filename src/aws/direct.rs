//! What gateways, state machines and event sources can call themselves, and what their mappings can
//! say.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::glob::any;

/// A place a mapping can stand in: its language and what it can say beyond selecting and renaming.
#[derive(Debug, Default, Deserialize)]
pub struct Language {
    /// As it is told to people: "a mapping template".
    pub name: String,
    /// Forms of the time of the request.
    times: Vec<String>,
    /// Whether it has an id that no other request has.
    pub random: bool,
    /// Parts of the request that the mapping of the answer still sees, by their first key.
    echo: Option<Vec<String>>,
}

impl Language {
    /// Whether it can say the time of the request in this form.
    pub fn has_time(&self, form: &str) -> bool {
        self.times.iter().any(|known| known == form)
    }

    /// Whether the mapping of the answer sees this part of the request.
    pub fn echoes(&self, part: &str) -> bool {
        self.echo.as_ref().is_none_or(|parts| parts.iter().any(|known| known == part))
    }
}

/// By the kind of trigger: `rest`, `http`, `websocket`, `task`; or as a row of `reach` names it.
pub fn language(trigger: &str) -> Option<&'static Language> {
    TABLE.languages.get(trigger)
}

/// Whether the mapping of a trigger can read this part of the event. `None` where all parts can be.
pub fn reads(trigger: &str, part: &str) -> Option<bool> {
    Some(TABLE.requests.get(trigger)?.iter().any(|known| known == part))
}

/// Whether no integration has the endpoint or protocol of this call.
pub fn is_out_of_reach(service: &str, operation: &str) -> bool {
    any(&TABLE.out_of_reach, &call(service, operation))
}

/// Whether the answer may be larger than what a state machine hands on.
pub fn may_answer_much(service: &str, operation: &str) -> bool {
    any(&TABLE.large_answers, &call(service, operation))
}

/// The subtype of the first-class integration of HTTP APIs: `SQS-SendMessage`.
pub fn http_subtype(service: &str, operation: &str) -> Option<String> {
    let row = TABLE.http_api.iter().any(|known| *known == call(service, operation));
    row.then(|| {
        format!("{}-{operation}", TABLE.http_api_services.get(service).map_or(service, String::as_str))
    })
}

/// The resource of a task that makes a call: `arn:aws:states:::dynamodb:getItem`.
pub fn task_resource(service: &str, operation: &str) -> String {
    let action = lower(operation);
    if any(&TABLE.optimised, &call(service, operation)) {
        return format!("arn:aws:states:::{}:{action}", super::iam::prefix(service));
    }
    let name = TABLE.sdk_services.get(service).cloned().unwrap_or_else(|| service.replace('-', ""));
    format!("arn:aws:states:::aws-sdk:{name}:{action}")
}

/// The action of a universal target of EventBridge Scheduler: `dynamodb:updateItem`. `None` where the name
/// of the service there is not that of the command line.
pub fn scheduled(service: &str, operation: &str) -> Option<String> {
    let plain = !TABLE.sdk_services.contains_key(service) && !service.contains('-');
    plain.then(|| format!("{service}:{}", lower(operation)))
}

/// How an event source reaches a call without a function.
#[derive(Debug, Deserialize)]
pub struct Reach {
    from: Vec<String>,
    to: Vec<String>,
    language: String,
    /// As it is told to people: "a target of the rule".
    #[serde(rename = "as")]
    pub how: String,
}

impl Reach {
    pub fn language(&self) -> Option<&'static Language> {
        language(&self.language)
    }

    /// The input is settled when the trigger is deployed.
    pub fn is_fixed(&self) -> bool {
        self.language == "schedule"
    }

    /// It is a rule of EventBridge, or an action of one.
    pub fn is_rule(&self) -> bool {
        self.language == "rule"
    }

    /// It is a pipe, which hands records on.
    pub fn is_piped(&self) -> bool {
        self.language == "pipe"
    }

    /// The event can only be handed on as it is.
    pub fn is_whole(&self) -> bool {
        self.language == "subscription"
    }
}

/// How a source of this kind reaches a call; a call for several records counts as the one for one.
pub fn reach(kind: &str, service: &str, operation: &str) -> Option<&'static Reach> {
    let call = call(service, operation);
    let call = TABLE.batches.get(&call).unwrap_or(&call);
    let row =
        TABLE.reach.iter().find(|row| row.from.iter().any(|from| from == kind) && any(&row.to, call))?;
    (!row.is_fixed() || !any(&TABLE.unscheduled, call)).then_some(row)
}

/// A record as a pipe hands it on.
#[derive(Debug, Deserialize)]
pub struct Record {
    /// The member with a text, which a pipe decodes and reads as JSON.
    pub text: Option<String>,
    /// Where a function finds members that a pipe has at the top.
    pub below: Option<String>,
    /// How the text is coded in the event of a function.
    pub coding: Option<String>,
}

/// The records of a kind of source, where it is known how a pipe hands them on.
pub fn record(kind: &str) -> Option<&'static Record> {
    TABLE.records.get(kind)
}

/// Where the input of a call has what a target is given of an event.
pub fn payload(service: &str, operation: &str) -> Option<&'static [String]> {
    TABLE.payloads.get(&call(service, operation)).map(Vec::as_slice)
}

/// Whether a call makes an event of its own, where a rule would hand on the one it was given.
pub fn makes_event(service: &str, operation: &str) -> bool {
    TABLE.own_events.contains(&call(service, operation))
}

/// Whether a pipe hands a list of records to the target of this call.
pub fn is_listed(service: &str, operation: &str) -> bool {
    TABLE.lists.contains(&call(service, operation))
}

/// How many records a pipe hands to the target of a call at most.
pub fn batch_limit(service: &str, operation: &str) -> Option<u32> {
    TABLE.batch_limits.get(&call(service, operation)).copied()
}

/// Whether a call is one for several records.
pub fn is_batch(service: &str, operation: &str) -> bool {
    TABLE.batches.contains_key(&call(service, operation))
}

/// Whether a target of events can set this part of a call's input.
pub fn is_settable(service: &str, operation: &str, member: &str) -> bool {
    let members = TABLE.members.get(&call(service, operation));
    members.is_none_or(|members| members.iter().any(|known| known == member))
}

/// Whether a target of events has this part of the input from its deployment.
pub fn is_settled(member: &str) -> bool {
    TABLE.settled.iter().any(|known| known == member)
}

/// Whether a task takes an object for this member and makes a JSON text of it.
pub fn takes_object(service: &str, operation: &str, member: &str) -> bool {
    any(&TABLE.takes_object, &format!("{service}:{operation}:{member}"))
}

/// Whether a task takes nothing but an object for this member.
pub fn wants_object(service: &str, operation: &str, member: &str) -> bool {
    any(&TABLE.wants_object, &format!("{service}:{operation}:{member}"))
}

/// Whether a member holds bytes.
pub fn is_binary(service: &str, operation: &str, member: &str) -> bool {
    any(&TABLE.binary, &format!("{service}:{operation}:{member}"))
}

/// Whether an operation on a text leaves a part of it, or writes it otherwise.
pub fn takes_a_part(operation: &str) -> bool {
    TABLE.parts_of_texts.iter().any(|known| known == operation)
}

/// Whether the parts of a member have names that the caller chooses.
pub fn is_map(member: &str) -> bool {
    TABLE.maps.iter().any(|known| known == member)
}

/// A package that does more than the code of a handler shows.
#[derive(Debug, Deserialize)]
pub struct Guard {
    packages: Vec<String>,
    /// "checks the request with"
    pub does: String,
    /// It makes calls of its own.
    #[serde(default)]
    pub calls: bool,
}

pub fn guard(package: &str) -> Option<&'static Guard> {
    TABLE.guards.iter().find(|row| any(&row.packages, package))
}

/// Whether a service names the error in the body of its answer, as `__type`.
pub fn names_errors(service: &str) -> bool {
    any(&TABLE.named_errors, service)
}

/// Whether a part of an error is its name; `imports` says whether the code imports a package.
pub fn is_error_name(path: &[String], imports: impl Fn(&str) -> bool) -> bool {
    let known = TABLE.error_names.iter().find(|known| known.path == path);
    known.is_some_and(|known| known.package.as_deref().is_none_or(imports))
}

/// The error that a class of a package stands for.
pub fn error_of_class(class: &str) -> Option<String> {
    let (package, name) = class.rsplit_once('.')?;
    let named = any(&TABLE.error_packages, package) && !any(&TABLE.error_parents, name);
    named.then(|| name.to_owned())
}

/// A part of an error that is its name.
#[derive(Debug, Deserialize)]
struct ErrorName {
    path: Vec<String>,
    /// In the errors of this package.
    package: Option<String>,
}

/// `getItem` for `GetItem`.
fn lower(operation: &str) -> String {
    let mut action = operation.to_owned();
    if let Some(first) = action.get_mut(..1) {
        first.make_ascii_lowercase();
    }
    action
}

fn call(service: &str, operation: &str) -> String {
    format!("{service}:{operation}")
}

#[derive(Default, Deserialize)]
struct Table {
    out_of_reach: Vec<String>,
    large_answers: Vec<String>,
    batches: BTreeMap<String, String>,
    http_api: Vec<String>,
    http_api_services: BTreeMap<String, String>,
    optimised: Vec<String>,
    sdk_services: BTreeMap<String, String>,
    languages: BTreeMap<String, Language>,
    requests: BTreeMap<String, Vec<String>>,
    reach: Vec<Reach>,
    members: BTreeMap<String, Vec<String>>,
    settled: Vec<String>,
    payloads: BTreeMap<String, Vec<String>>,
    records: BTreeMap<String, Record>,
    lists: Vec<String>,
    own_events: Vec<String>,
    batch_limits: BTreeMap<String, u32>,
    unscheduled: Vec<String>,
    guards: Vec<Guard>,
    takes_object: Vec<String>,
    wants_object: Vec<String>,
    binary: Vec<String>,
    maps: Vec<String>,
    parts_of_texts: Vec<String>,
    named_errors: Vec<String>,
    error_names: Vec<ErrorName>,
    error_packages: Vec<String>,
    error_parents: Vec<String>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| super::table(include_str!("direct.yaml")));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_have_the_names_of_their_integrations() {
        assert_eq!(
            http_subtype("stepfunctions", "StartExecution").as_deref(),
            Some("StepFunctions-StartExecution")
        );
        assert_eq!(http_subtype("dynamodb", "GetItem"), None);
        assert_eq!(task_resource("dynamodb", "GetItem"), "arn:aws:states:::dynamodb:getItem");
        assert_eq!(
            task_resource("stepfunctions", "StartExecution"),
            "arn:aws:states:::states:startExecution"
        );
        assert_eq!(
            task_resource("cognito-idp", "AdminGetUser"),
            "arn:aws:states:::aws-sdk:cognitoidentityprovider:adminGetUser"
        );
    }

    #[test]
    fn sources_reach_what_the_table_says() {
        assert!(
            reach("sqs", "sns", "PublishBatch").is_some() && reach("sqs", "dynamodb", "PutItem").is_none()
        );
        assert!(reach("schedule", "ec2", "StopInstances").is_some_and(Reach::is_fixed));
        assert!(
            reach("schedule", "dynamodb", "Scan").is_none()
                && reach("cognito", "sqs", "SendMessage").is_none()
        );
    }

    #[test]
    fn languages_say_what_the_table_says() {
        let rest = language("rest").expect("the table has it");
        assert!(
            rest.has_time("epoch")
                && !rest.has_time("iso")
                && rest.echoes("pathParameters")
                && !rest.echoes("body")
        );
        assert_eq!(
            (reads("rest", "body"), reads("rest", "isBase64Encoded"), reads("task", "any")),
            (Some(true), Some(false), None)
        );
        let words = |path: &[&str]| path.iter().map(|part| (*part).to_owned()).collect::<Vec<_>>();
        assert!(is_error_name(&words(&["response", "Error", "Code"]), |_| false));
        assert!(!is_error_name(&words(&["code"]), |_| false) && is_error_name(&words(&["code"]), |_| true));
        assert_eq!(
            error_of_class("@aws-sdk/client-dynamodb.ConditionalCheckFailedException").as_deref(),
            Some("ConditionalCheckFailedException")
        );
        assert_eq!(error_of_class("@aws-sdk/client-dynamodb.DynamoDBServiceException"), None);
        assert!(guard("aws_lambda_powertools.utilities.validation").is_some() && guard("boto3").is_none());
    }
}
