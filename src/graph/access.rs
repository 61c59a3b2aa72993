//! May this function make that call? Answered from its role as the template writes it.

use std::borrow::Cow;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::arn::{Covers, checked, covers, lower, written_out};
use super::calls::Call;
use super::model::{Graph, ManagedPolicy, Origin, Reference, Statement, Subject, TemplateId};
use super::placed::numbered;
use super::query::FunctionRef;
use super::roles::{Role, roles_of};
use crate::aws::managed_policies::{self, contents};
use crate::aws::resource_arns::{is_allowed_by_target, is_anywhere, is_free};
use crate::evidence::{Certainty, Evidence};
use crate::template::{Name, Resource, Template, Value};

/// The answer to one question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// With what allows it; nothing where the call needs no permission.
    Yes(Vec<Evidence>),
    /// Nothing allows it, or (then it is given) something forbids it.
    No(Option<Evidence>),
    /// Why it cannot be said, as a sentence without a full stop.
    Unknown(String),
}

/// A policy that speaks of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    pub policy: Policy,
    pub allow: bool,
    /// Why it may not apply after all.
    pub unless: Option<String>,
}

/// Where a grant is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Policy {
    /// Index into [`Graph::statements`].
    Statement(usize),
    /// Index into [`Graph::managed_policies`].
    Managed(usize),
}

/// What one function or state machine may do.
#[derive(Debug)]
pub struct Access<'g> {
    graph: &'g Graph,
    template: Option<&'g Template>,
    rights: Cow<'g, Rights>,
}

/// What the policies say.
#[derive(Clone, Debug)]
pub(super) struct Rights {
    /// In the order of the graph.
    clauses: Vec<Clause>,
    /// Ids of its roles.
    roles: Vec<String>,
    /// Why there may be permissions that are not seen here.
    hidden: Option<String>,
    /// A boundary may take permissions away.
    bounded: bool,
    /// What speaks of all that calls of its own code need; several rules ask for that.
    own: FxHashMap<(String, Option<Reference>), Vec<Grant>>,
}

/// The rights of the functions of a graph, in its order, each worked out when it is first asked for.
#[derive(Debug)]
pub struct OfFunctions(Box<[OnceLock<Rights>]>);

impl OfFunctions {
    pub(super) fn new(graph: &Graph) -> Self {
        Self(graph.functions.iter().map(|_| OnceLock::new()).collect())
    }

    pub(super) fn at(&self, index: usize) -> Option<&OnceLock<Rights>> {
        self.0.get(index)
    }
}

impl<'g> Access<'g> {
    pub fn of(graph: &'g Graph, id: TemplateId, subject: &Subject) -> Self {
        let template = graph.templates.get(id.0);
        Self { graph, template, rights: Cow::Owned(Rights::of(graph, template, id, subject)) }
    }

    /// What a function may do; several rules ask the same of it.
    pub fn of_function(function: FunctionRef<'g>) -> Self {
        let graph = &function.app().graph;
        let template = graph.templates.get(function.template.0);
        let compute = || Rights::of_function(graph, template, function);
        let rights = match function.rights() {
            Some(known) => Cow::Borrowed(known.get_or_init(compute)),
            None => Cow::Owned(compute()),
        };
        Self { graph, template, rights }
    }

    /// Whether it may do `action` (`dynamodb:PutItem`) on a resource, or on any where that is not known.
    pub fn may(&self, action: &str, on: Option<&Reference>) -> Answer {
        if is_free(action) {
            return Answer::Yes(Vec::new());
        }
        let grants = self.grants(action, on);
        let (allows, denies): (Vec<&Grant>, Vec<&Grant>) = grants.iter().partition(|grant| grant.allow);
        if let Some(denial) =
            denies.iter().find(|grant| grant.unless.is_none() && self.when(grant.policy).is_empty())
        {
            return Answer::No(self.evidence(denial, action));
        }
        let certain: Vec<&Grant> = allows.iter().copied().filter(|grant| grant.unless.is_none()).collect();
        let guards: Vec<&[(Name, bool)]> = certain.iter().map(|grant| self.when(grant.policy)).collect();
        let doubt = if !denies.is_empty() {
            Some("a statement may deny it".to_owned())
        } else if self.rights.bounded && !certain.is_empty() {
            Some("a permissions boundary may take it away".to_owned())
        } else {
            None
        };
        match doubt {
            None if always(&guards) => {
                Answer::Yes(certain.iter().filter_map(|grant| self.evidence(grant, action)).collect())
            }
            None if is_allowed_by_target(action) => {
                Answer::Unknown("the policy of what it is called on may allow it".to_owned())
            }
            doubt => self.doubtful(on, doubt, &allows, &guards),
        }
    }

    fn doubtful(
        &self,
        on: Option<&Reference>,
        doubt: Option<String>,
        allows: &[&Grant],
        guards: &[&[(Name, bool)]],
    ) -> Answer {
        let some = |reason: Option<String>| reason.map(Answer::Unknown);
        let condition = guards.iter().flat_map(|guard| guard.iter()).next();
        let condition = condition.map(|(name, _)| format!("it depends on the condition `{}`", name.text));
        let open = allows.iter().find_map(|grant| grant.unless.clone());
        let elsewhere = || {
            on.filter(|on| self.is_shared(on)).map(|_| "the resource's own policy may allow it".to_owned())
        };
        some(doubt)
            .or_else(|| some(condition))
            .or_else(|| some(open))
            .or_else(|| some(self.rights.hidden.clone()))
            .or_else(|| some(elsewhere()))
            .unwrap_or(Answer::No(None))
    }

    /// Everything that speaks of a call, in the order of the graph: certain or not, for or against.
    pub fn grants(&self, action: &str, on: Option<&Reference>) -> Cow<'_, [Grant]> {
        match self.rights.known(action, on) {
            Some(known) => Cow::Borrowed(known),
            None => Cow::Owned(self.rights.grants(self.template, action, on)),
        }
    }

    fn when(&self, policy: Policy) -> &[(Name, bool)] {
        match policy {
            Policy::Statement(index) => {
                self.graph.statements.get(index).map_or(&[], |found| found.when.as_slice())
            }
            Policy::Managed(index) => {
                self.graph.managed_policies.get(index).map_or(&[], |found| found.when.as_slice())
            }
        }
    }

    fn evidence(&self, grant: &Grant, action: &str) -> Option<Evidence> {
        let does = if grant.allow { "allows" } else { "denies" };
        let (span, who) = match grant.policy {
            Policy::Statement(index) => {
                self.graph.statements.get(index).map(|found| (found.span, of_origin(&found.origin)))
            }
            Policy::Managed(index) => {
                let found = self.graph.managed_policies.get(index);
                found.map(|found| (found.span, format!("the managed policy `{}`", last(&found.arn))))
            }
        }?;
        let certainty = if self.when(grant.policy).is_empty() { Certainty::Must } else { Certainty::May };
        Some(Evidence { span, certainty, text: format!("{who} {does} `{action}`") })
    }

    /// A policy of the resource itself speaks of one of the roles, or of everyone.
    fn is_shared(&self, on: &Reference) -> bool {
        let (Some(template), Reference::Resource(id)) = (self.template, on) else { return false };
        let open = self
            .graph
            .resource_policies
            .iter()
            .any(|policy| policy.allow && policy.resource == *on && policy.principal == "*");
        let mentions = |value: &Value, id: &str| value.mentions().iter().any(|found| found.name.text == *id);
        let speaks = |resource: &Resource| {
            let is_own = resource.id.text == *id;
            let is_policy =
                resource.kind.text.ends_with("Policy") && !resource.kind.text.starts_with("AWS::IAM::");
            let mut values = resource.properties.iter().map(|(_, value)| value);
            let names = |id: &str| resource.properties.iter().any(|(_, value)| mentions(value, id));
            (is_own || (is_policy && names(id)))
                && values.any(|value| self.rights.roles.iter().any(|role| mentions(value, role)))
        };
        open || template.resources.iter().any(speaks)
    }
}

impl Rights {
    fn of(graph: &Graph, template: Option<&Template>, id: TemplateId, subject: &Subject) -> Self {
        let own = template.map(|template| roles_of(template, subject)).unwrap_or_default();
        let outside = own.iter().find_map(|found| match &found.role {
            Role::Outside(text) => Some(format!("the role `{text}` is not in the template")),
            Role::Generated(_) | Role::Written(_) => None,
        });
        let managed: Vec<_> =
            numbered(&graph.managed_policies, id).filter(|(_, policy)| policy.subject == *subject).collect();
        let statements =
            numbered(&graph.statements, id).filter(|(_, statement)| statement.subject == *subject);
        let unread = managed.iter().find(|(_, policy)| !is_read(template, policy));
        let unread =
            unread.map(|(_, policy)| format!("what the managed policy `{}` allows is not known", policy.arn));
        let none = own.is_empty().then(|| "it has no role in the template".to_owned());
        Self {
            clauses: clauses(template, statements, managed),
            bounded: own.iter().any(|found| bounded(template, &found.role, found.resource)),
            roles: own.iter().filter_map(|found| found.role.id()).map(str::to_owned).collect(),
            hidden: none.or(outside).or(unread),
            own: FxHashMap::default(),
        }
    }

    fn of_function(graph: &Graph, template: Option<&Template>, function: FunctionRef<'_>) -> Self {
        let mut rights = Self::of(graph, template, function.template, &function.subject());
        let effects = function.summary().into_iter().flat_map(|summary| summary.effects.iter().enumerate());
        for call in effects.filter_map(|(index, effect)| Call::of(function, index, effect)) {
            for action in &call.needs {
                if rights.known(action, call.on).is_none() {
                    let grants = rights.grants(template, action, call.on);
                    rights.own.insert((action.clone(), call.on.cloned()), grants);
                }
            }
        }
        rights
    }

    fn known(&self, action: &str, on: Option<&Reference>) -> Option<&[Grant]> {
        self.own.get(&(action.to_owned(), on.cloned())).map(Vec::as_slice)
    }

    fn grants(&self, template: Option<&Template>, action: &str, on: Option<&Reference>) -> Vec<Grant> {
        let targets = match template {
            Some(template) if !is_anywhere(action) => checked(template, action, on),
            _ => Vec::new(),
        };
        let question = Question { template, action, lower: action.to_ascii_lowercase(), targets };
        let speaks = |clause: &Clause| {
            let unless = question.unless(&clause.terms)?;
            Some(Grant { policy: clause.policy, allow: clause.allow, unless })
        };
        self.clauses.iter().filter_map(speaks).collect()
    }
}

/// A call as policies see it.
struct Question<'a> {
    template: Option<&'a Template>,
    action: &'a str,
    lower: String,
    /// ARNs it is checked on; none where that is `*`.
    targets: Vec<String>,
}

/// A statement of a policy, own or managed.
#[derive(Clone, Debug)]
struct Clause {
    policy: Policy,
    allow: bool,
    terms: Terms,
}

fn clauses<'g>(
    template: Option<&Template>,
    own: impl Iterator<Item = (usize, &'g Statement)>,
    managed: Vec<(usize, &ManagedPolicy)>,
) -> Vec<Clause> {
    let own = own.map(|(index, statement)| Clause {
        policy: Policy::Statement(index),
        allow: statement.allow,
        terms: Terms::of(template, statement),
    });
    let managed = managed.into_iter().flat_map(|(index, policy)| {
        contents(&policy.arn).unwrap_or_default().iter().map(move |statement| Clause {
            policy: Policy::Managed(index),
            allow: !statement.deny,
            terms: Terms::of_managed(statement),
        })
    });
    own.chain(managed).collect()
}

/// What a statement says, as texts.
#[derive(Clone, Debug)]
struct Terms {
    /// As [`lower`] writes them.
    actions: Vec<String>,
    resources: Vec<String>,
    not_action: bool,
    not_resource: bool,
    conditional: bool,
}

impl Terms {
    fn of(template: Option<&Template>, statement: &Statement) -> Self {
        let resources = statement.resources.iter().map(Value::text);
        Self {
            actions: statement.actions.iter().map(|action| lower(action.text())).collect(),
            resources: resources
                .map(|text| match template {
                    Some(template) => written_out(template, &text),
                    None => text,
                })
                .collect(),
            not_action: statement.not_action,
            not_resource: statement.not_resource,
            conditional: statement.condition.is_some(),
        }
    }

    fn of_managed(statement: &managed_policies::Statement) -> Self {
        let partition = |text: &String| text.replace("arn:aws:", "arn:${AWS::Partition}:");
        let resources = statement.resources.iter().chain(&statement.not_resources);
        Self {
            actions: statement.actions.iter().chain(&statement.not_actions).cloned().map(lower).collect(),
            resources: resources.map(partition).collect(),
            not_action: !statement.not_actions.is_empty(),
            not_resource: !statement.not_resources.is_empty(),
            conditional: statement.condition,
        }
    }
}

impl Question<'_> {
    /// `None` where the statement does not speak of the call; else why it may not apply.
    fn unless(&self, terms: &Terms) -> Option<Option<String>> {
        let best =
            terms.actions.iter().map(|pattern| covers(pattern, &self.lower)).max().unwrap_or(Covers::No);
        let action = if terms.not_action { best.not() } else { best };
        if action == Covers::No {
            return None;
        }
        let best = terms.resources.iter().map(|pattern| self.on(pattern)).max().unwrap_or(Covers::No);
        let resource = if terms.not_resource { best.not() } else { best };
        match (action, resource) {
            (_, Covers::No) => None,
            (Covers::Yes, Covers::Yes) if !terms.conditional => Some(None),
            (Covers::Yes, Covers::Yes) => Some(Some("the statement has a condition".to_owned())),
            (Covers::Yes, _) => {
                Some(Some(format!("it depends on which resource `{}` is called", self.action)))
            }
            _ => Some(Some("the statement's actions are not known".to_owned())),
        }
    }

    /// Whether a statement's resource covers what the call is checked on.
    fn on(&self, pattern: &str) -> Covers {
        if pattern == "*" {
            return Covers::Yes;
        }
        if self.template.is_none() {
            return Covers::Maybe;
        }
        let Some((first, others)) = self.targets.split_first() else {
            // Checked on `*`, or on a name for all there is in the account (`arn:aws:s3:::*`).
            let is_open = pattern.contains("${") && !pattern.starts_with("arn:");
            return if is_open || self.is_account_wide(pattern) { Covers::Maybe } else { Covers::No };
        };
        match covers(pattern, first) {
            Covers::No if others.iter().any(|other| covers(pattern, other) > Covers::No) => Covers::Maybe,
            answer => answer,
        }
    }

    /// Whether a pattern may stand for all resources of the action's service.
    fn is_account_wide(&self, pattern: &str) -> bool {
        let service = self.action.split(':').next().unwrap_or_default();
        pattern.starts_with("arn:") && pattern.contains(&format!(":{service}:")) && pattern.ends_with('*')
    }
}

/// Whether the contents of a managed policy are known here.
fn is_read(template: Option<&Template>, policy: &ManagedPolicy) -> bool {
    let id = policy.arn.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
    let written =
        id.and_then(|id| template?.resource(id)).is_some_and(|found| found.is("AWS::IAM::ManagedPolicy"));
    written || contents(&policy.arn).is_some()
}

fn bounded(template: Option<&Template>, role: &Role, resource: &Resource) -> bool {
    let holder = match role {
        Role::Generated(id) if *id == format!("{}Role", resource.id.text) => Some(resource),
        Role::Generated(id) => template.and_then(|template| template.resource(id.strip_suffix("Role")?)),
        Role::Written(id) => template.and_then(|template| template.resource(id)),
        Role::Outside(_) => None,
    };
    let boundary = holder.and_then(|holder| holder.property("PermissionsBoundary"));
    boundary.is_some_and(|boundary| !boundary.is_null() && !boundary.is_no_value())
}

/// Whether under every choice of conditions at least one of the guards holds.
fn always(guards: &[&[(Name, bool)]]) -> bool {
    const MAX_CONDITIONS: usize = 6;
    if guards.iter().any(|guard| guard.is_empty()) {
        return true;
    }
    let mut names: Vec<&str> =
        guards.iter().flat_map(|guard| guard.iter()).map(|(name, _)| name.text.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    if guards.is_empty() || names.len() > MAX_CONDITIONS {
        return false;
    }
    (0_usize..1 << names.len()).all(|world| {
        let is_true = |name: &str| {
            names.iter().position(|known| *known == name).is_some_and(|bit| world >> bit & 1 == 1)
        };
        guards.iter().any(|guard| guard.iter().all(|(name, holds)| is_true(&name.text) == *holds))
    })
}

fn of_origin(origin: &Origin) -> String {
    match origin {
        Origin::Written => "this statement".to_owned(),
        Origin::PolicyTemplate(name) => format!("`{name}`"),
        Origin::Connector(name) => format!("the connector `{name}`"),
        Origin::Platform => "a statement the platform adds".to_owned(),
    }
}

fn last(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap_or(arn)
}

#[cfg(test)]
mod tests;
