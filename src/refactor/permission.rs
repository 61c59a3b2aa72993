//! Permissions for calls that a service makes in place of a function: exactly the action and the resource.

use serde_yaml::Value as Yaml;

use super::Refusal;
use super::draft::{Draft, Place};
use super::written::{get_att, list, map, of_value, reference, sub};
use crate::aws::iam;
use crate::aws::resource_arns::{self, Gives};
use crate::graph::access::{Access, Answer, Policy};
use crate::graph::{App, FunctionRef, Reference, StateMachine, Subject};
use crate::source::Span;
use crate::template::{Intrinsic, SubPart, Template, Value};

/// One call on one resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The service by its command line name.
    pub service: String,
    pub operation: String,
    pub target: Option<Reference>,
    /// What it acts on of the target, as it follows the ARN: nothing for the target itself, `/index/by-date`.
    /// Where it is not known, the call is allowed all that its action may act on.
    pub part: Option<String>,
}

impl Call {
    /// The actions it needs.
    ///
    /// # Errors
    /// Where they are not known.
    pub fn actions(&self) -> Result<Vec<String>, String> {
        let needs = iam::needs(&self.service, &self.operation);
        let needs = needs.filter(|needs| !needs.all.is_empty());
        let needs = needs.ok_or_else(|| {
            format!("which permission {}:{} needs is not known", self.service, self.operation)
        })?;
        Ok(needs.all.iter().map(ToString::to_string).collect())
    }

    /// A statement that allows it.
    ///
    /// # Errors
    /// Where the resource or the actions are not known.
    pub fn statement(&self, template: &Template) -> Result<Yaml, String> {
        let actions = self.actions()?;
        let anywhere = actions.iter().all(|action| resource_arns::is_anywhere(action));
        let resources = if anywhere {
            vec![Yaml::from("*")]
        } else {
            let suffixes = actions.iter().flat_map(|action| self.parts(action));
            let mut suffixes: Vec<&str> = suffixes.collect();
            suffixes.sort_unstable();
            suffixes.dedup();
            suffixes.iter().map(|suffix| self.arn(template, suffix)).collect::<Result<_, _>>()?
        };
        let one_or_all = |mut values: Vec<Yaml>| match values.len() {
            1 => values.remove(0),
            _ => list(values),
        };
        Ok(map([
            ("Effect", Yaml::from("Allow")),
            ("Action", one_or_all(actions.into_iter().map(Yaml::from).collect())),
            ("Resource", one_or_all(resources)),
        ]))
    }

    /// What an action is checked on of the target: of alternatives, the one that is meant.
    fn parts(&self, action: &str) -> Vec<&str> {
        let all = resource_arns::parts(action).iter().map(String::as_str);
        match &self.part {
            Some(part) if all.clone().any(str::is_empty) => vec![part.as_str()],
            _ => all.collect(),
        }
    }

    /// The same for the resources on which a function may make the call, where those are all written.
    pub fn as_granted(&self, app: &App<'_>, function: FunctionRef<'_>) -> Option<Yaml> {
        let actions = self.actions().ok()?;
        let [action] = actions.as_slice() else { return None };
        let access = Access::of_function(function);
        let mut resources = Vec::new();
        for grant in access.grants(action, None).iter().filter(|grant| grant.allow) {
            let Policy::Statement(index) = grant.policy else { return None };
            let statement = app.graph.statements.get(index)?;
            if statement.condition.is_some() || !statement.when.is_empty() || statement.not_resource {
                return None;
            }
            resources.extend(statement.resources.iter().map(of_value));
        }
        let resources = match resources.len() {
            0 => return None,
            1 => resources.remove(0),
            _ => list(resources),
        };
        let action = Yaml::from(action.as_str());
        Some(map([("Effect", Yaml::from("Allow")), ("Action", action), ("Resource", resources)]))
    }

    fn arn(&self, template: &Template, suffix: &str) -> Result<Yaml, String> {
        let unknown = || format!("what {}:{} acts on is not known", self.service, self.operation);
        let suffix = suffix.replace("{*}", "*");
        match self.target.as_ref().ok_or_else(unknown)? {
            Reference::Resource(id) => {
                let kind = template.resource(id).map(|resource| resource.kind.text.as_str());
                let kind = kind.and_then(resource_arns::resource_type).ok_or_else(unknown)?;
                Ok(match (kind.arns.first(), kind.r#ref, suffix.is_empty()) {
                    // What may stand beside its parts is spelled as these are.
                    (_, Gives::Arn, true) if self.part.is_some() => reference(id),
                    (Some(attribute), _, true) => get_att(id, attribute),
                    (Some(attribute), _, false) => sub(&format!("${{{id}.{attribute}}}{suffix}")),
                    (None, Gives::Arn, true) => reference(id),
                    (None, Gives::Arn, false) => sub(&format!("${{{id}}}{suffix}")),
                    (None, Gives::Name, _) => {
                        sub(&format!("{}{suffix}", arn_of(kind, &format!("${{{id}}}"))))
                    }
                    (None, Gives::Url, _) => return Err(unknown()),
                })
            }
            Reference::Text(text) if text.contains("${Fn::") || text.contains("://") => Err(unknown()),
            Reference::Text(text) if is_arn(text) => Ok(plain_or_sub(&format!("{text}{suffix}"))),
            Reference::Text(text) => {
                let kind = resource_arns::named_type(iam::prefix(&self.service)).ok_or_else(unknown)?;
                Ok(sub(&format!("{}{suffix}", arn_of(kind, text))))
            }
        }
    }
}

fn arn_of(kind: &resource_arns::ResourceType, name: &str) -> String {
    let account = "${AWS::Region}:${AWS::AccountId}";
    let arn = kind.arn.replace("{account}", account).replace("{name}", name).replace("{*}", "*");
    format!("arn:${{AWS::Partition}}:{arn}")
}

/// An ARN, or a parameter that holds one by its name.
fn is_arn(text: &str) -> bool {
    text.starts_with("arn:") || text.starts_with("${") && text.ends_with("Arn}")
}

fn plain_or_sub(text: &str) -> Yaml {
    if text.contains("${") { sub(text) } else { Yaml::from(text) }
}

/// A role that a service takes, with one policy.
pub fn role(service: &str, policy: &str, statements: impl IntoIterator<Item = Yaml>) -> Yaml {
    let trust = map([
        ("Effect", Yaml::from("Allow")),
        ("Principal", map([("Service", service)])),
        ("Action", Yaml::from("sts:AssumeRole")),
    ]);
    let document = |statements: Yaml| map([("Version", Yaml::from("2012-10-17")), ("Statement", statements)]);
    let policy = map([("PolicyName", Yaml::from(policy)), ("PolicyDocument", document(list(statements)))]);
    let properties =
        map([("AssumeRolePolicyDocument", document(list([trust]))), ("Policies", list([policy]))]);
    map([("Type", Yaml::from("AWS::IAM::Role")), ("Properties", properties)])
}

/// Lets a state machine make a call, unless it may already.
///
/// # Errors
/// Where its role is not in the template.
pub fn allow_machine(
    draft: &mut Draft<'_>,
    app: &App<'_>,
    machine: &StateMachine,
    call: &Call,
    instead_of: FunctionRef<'_>,
) -> Result<(), Refusal> {
    let template = app.template(machine.template);
    let refuse = |span: Span, text: String| Refusal::new(span, text);
    let actions = call.actions().map_err(|text| refuse(machine.id.span, text))?;
    let access = Access::of(&app.graph, machine.template, &Subject::StateMachine(machine.id.text.clone()));
    let may = |action: &String| matches!(access.may(action, call.target.as_ref()), Answer::Yes(_));
    if actions.iter().all(may) {
        return Ok(());
    }
    let known = call.statement(template);
    let statement = known
        .or_else(|text| call.as_granted(app, instead_of).ok_or_else(|| refuse(machine.id.span, text)))?;
    let (place, policy) = match &machine.role {
        None => {
            let place = Place::new(template.source, &["Resources", &machine.id.text, "Properties"]);
            (place, map([("Statement", list([statement]))]))
        }
        Some(role) => {
            let id = role_id(role)
                .filter(|id| template.resource(id).is_some_and(|role| role.is("AWS::IAM::Role")));
            let id = id.ok_or_else(|| refuse(role.span, "the role is not in this template".to_owned()))?;
            let document = map([("Version", Yaml::from("2012-10-17")), ("Statement", list([statement]))]);
            let policy = map([
                ("PolicyName", Yaml::from(format!("{}{}", machine.id.text, call.operation))),
                ("PolicyDocument", document),
            ]);
            (Place::new(template.source, &["Resources", id, "Properties"]), policy)
        }
    };
    let policies = place.key("Policies");
    if !draft.has(&policies) {
        return draft.insert(&place, "Policies", &list([policy]), None);
    }
    if holds(draft, &policies, &policy) {
        return Ok(());
    }
    draft.append(&policies, &policy)
}

/// Whether a step before has written the same policy.
fn holds(draft: &Draft<'_>, policies: &Place, policy: &Yaml) -> bool {
    let Some(written) = draft.value(policies).map(|value| value.to_json()) else { return false };
    let wanted = serde_json::to_value(super::written::long(policy)).ok();
    written.as_array().into_iter().flatten().any(|known| Some(known) == wanted.as_ref())
}

fn role_id(role: &Value) -> Option<&str> {
    match role.as_intrinsic()? {
        Intrinsic::GetAtt { resource, .. } => Some(&resource.text),
        Intrinsic::Sub(parts) => match parts.as_slice() {
            [SubPart::GetAtt(resource, _)] => Some(&resource.text),
            _ => None,
        },
        _ => None,
    }
}
