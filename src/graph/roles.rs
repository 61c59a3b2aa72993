//! Which role each function and state machine runs under.

use super::model::Subject;
use crate::aws::platform::{self, HolderKind};
use crate::template::{Intrinsic, MentionKind, Name, Resource, Template, Value};

/// One function or state machine, and one role it may run under.
#[derive(Clone, Debug)]
pub(super) struct Assumption<'t> {
    pub subject: Subject,
    pub resource: &'t Resource,
    pub role: Role,
    /// Conditions under which it is this role.
    pub when: Vec<(Name, bool)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Made by the platform, with this id.
    Generated(String),
    /// A resource of the template.
    Written(String),
    /// Anything else, as text.
    Outside(String),
}

impl Role {
    /// Its id in the template, before or after translation.
    pub fn id(&self) -> Option<&str> {
        match self {
            Self::Generated(id) | Self::Written(id) => Some(id),
            Self::Outside(_) => None,
        }
    }
}

/// In the order of the template; several for one subject where `Fn::If` chooses.
pub(super) fn roles(template: &Template) -> Vec<Assumption<'_>> {
    template.resources.iter().flat_map(|resource| of_resource(template, resource)).collect()
}

/// Those of one function or state machine.
pub(super) fn roles_of<'t>(template: &'t Template, subject: &Subject) -> Vec<Assumption<'t>> {
    let (Subject::Function(id) | Subject::StateMachine(id)) = subject;
    let mut own = template.resource(id).map_or_else(Vec::new, |resource| of_resource(template, resource));
    own.retain(|found| found.subject == *subject);
    own
}

/// The id of the role that is generated for a resource.
fn generated_id(resource: &str) -> String {
    format!("{resource}Role")
}

fn of_resource<'t>(template: &'t Template, resource: &'t Resource) -> Vec<Assumption<'t>> {
    let Some(holder) = platform::holder(&resource.kind.text) else { return Vec::new() };
    let id = resource.id.text.clone();
    let subject = match holder.subject {
        HolderKind::Function => Subject::Function(id),
        HolderKind::StateMachine => Subject::StateMachine(id),
    };
    let mut choices = Vec::new();
    match resource.property(&holder.property).filter(|role| !role.is_null()) {
        Some(role) => choose(role, &mut Vec::new(), &mut choices),
        None => choices.push((None, Vec::new())),
    }
    let role = |value: Option<&Value>| match value {
        Some(value) => Some(named(template, value)),
        None => holder.generated.then(|| Role::Generated(generated_id(&resource.id.text))),
    };
    choices
        .into_iter()
        .filter_map(|(value, when)| {
            Some(Assumption { subject: subject.clone(), resource, role: role(value)?, when })
        })
        .collect()
}

/// The branches of a value; `None` is `AWS::NoValue`.
type Choice<'v> = (Option<&'v Value>, Vec<(Name, bool)>);

fn choose<'v>(value: &'v Value, when: &mut Vec<(Name, bool)>, found: &mut Vec<Choice<'v>>) {
    match value.as_intrinsic() {
        Some(Intrinsic::If { condition, then, otherwise }) => {
            for (branch, holds) in [(then, true), (otherwise, false)] {
                when.push((condition.clone(), holds));
                choose(branch, when, found);
                when.pop();
            }
        }
        _ if value.is_no_value() => found.push((None, when.clone())),
        _ => found.push((Some(value), when.clone())),
    }
}

/// The role a value names: by reference, by an ARN or name that mentions one, or by its given name.
pub(super) fn named(template: &Template, value: &Value) -> Role {
    let text = value.text();
    let mentioned = value
        .mentions()
        .into_iter()
        .filter(|mention| mention.kind != MentionKind::Condition)
        .find_map(|mention| by_id(template, &mention.name.text));
    mentioned.or_else(|| by_name(template, &text)).unwrap_or(Role::Outside(text))
}

fn by_id(template: &Template, id: &str) -> Option<Role> {
    match template.resource(id) {
        Some(resource) => resource.is("AWS::IAM::Role").then(|| Role::Written(id.to_owned())),
        None => {
            let owner = template.resource(id.strip_suffix("Role")?)?;
            let holder = platform::holder(&owner.kind.text)?;
            holder.generated.then(|| Role::Generated(id.to_owned()))
        }
    }
}

/// `arn:...:role/NAME` or `NAME`, where a role of the template is called so.
fn by_name(template: &Template, text: &str) -> Option<Role> {
    let name = text.rsplit('/').next()?;
    let called = |resource: &&Resource| {
        resource.is("AWS::IAM::Role")
            && resource.property("RoleName").is_some_and(|given| given.text() == name)
    };
    let role = template.resources.iter().find(called)?;
    Some(Role::Written(role.id.text.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::testing::template;

    fn found(text: &str) -> Vec<(Role, Vec<bool>)> {
        let template = template(text);
        let roles = roles(&template);
        roles
            .into_iter()
            .map(|found| (found.role, found.when.iter().map(|(_, holds)| *holds).collect()))
            .collect()
    }

    #[test]
    fn a_role_is_generated_where_none_is_given() {
        assert_eq!(
            found("Resources:\n  F:\n    Type: AWS::Serverless::Function\n"),
            [(Role::Generated("FRole".to_owned()), vec![])]
        );
        assert_eq!(found("Resources:\n  F:\n    Type: AWS::Lambda::Function\n"), []);
    }

    #[test]
    fn a_condition_may_choose_between_a_given_and_a_generated_role() {
        let text = "\
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      Role: !If [Own, !Ref 'AWS::NoValue', !GetAtt R.Arn]
  R:
    Type: AWS::IAM::Role
";
        assert_eq!(
            found(text),
            [(Role::Generated("FRole".to_owned()), vec![true]), (Role::Written("R".to_owned()), vec![false])]
        );
    }

    #[test]
    fn roles_are_known_by_their_name_and_across_functions() {
        let text = "\
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      Role: !Sub arn:aws:iam::${AWS::AccountId}:role/mine
  G:
    Type: AWS::Serverless::Function
    Properties:
      Role: !GetAtt HRole.Arn
  H:
    Type: AWS::Serverless::Function
  I:
    Type: AWS::Serverless::Function
    Properties:
      Role: arn:aws:iam::123456789012:role/other
  R:
    Type: AWS::IAM::Role
    Properties:
      RoleName: mine
";
        let roles: Vec<_> = found(text).into_iter().map(|(role, _)| role).collect();
        assert_eq!(roles[0], Role::Written("R".to_owned()));
        assert_eq!(roles[1], Role::Generated("HRole".to_owned()));
        assert!(matches!(&roles[3], Role::Outside(text) if text.ends_with("/other")));
    }
}
