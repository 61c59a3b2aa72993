//! Which parts of a policy the code of the functions that have it uses.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::calls::{calls, has_other_credentials};
use crate::aws::iam;
use crate::aws::permission_use::{
    acts_on_behalf, covers_action, is_delivery, is_indirect, is_polling, naming, serves, signing,
};
use crate::graph::access::{Access, Policy};
use crate::graph::{App, Call, FunctionRef, Origin, Reference, Statement, Subject};
use crate::rule::Abstention;
use crate::rule::prelude::*;
use crate::rules::code::{Judged, is_whole};
use crate::source::Span;
use crate::summary::{Action, Init, Summary};
use crate::template::Value;

/// A statement (or a policy template, which may be several) of one place, and what all functions that
/// have it use of it.
pub struct Usage {
    pub span: Span,
    /// Indices into the statements and the functions of the graph; at least one of each.
    statements: Vec<usize>,
    functions: Vec<usize>,
    /// Used actions, with the calls that use them.
    pub used: BTreeMap<String, Vec<Span>>,
    /// What the calls act on; `None` where that is not known of one of them.
    pub on: Option<BTreeSet<Reference>>,
    /// Actions as written, that are used in no way.
    pub unused: Vec<String>,
    /// Actions as written that may be used in ways which are no calls.
    pub indirect: bool,
}

impl Usage {
    /// Its first statement.
    pub fn statement<'a>(&self, app: &'a App<'a>) -> Option<&'a Statement> {
        app.graph.statements.get(*self.statements.first()?)
    }

    pub fn functions<'a>(&self, app: &'a App<'a>) -> Vec<FunctionRef<'a>> {
        self.functions.iter().filter_map(|index| app.function_at(*index)).collect()
    }
}

/// The places that grant something, where all functions that have it were followed to the end.
pub struct Usages {
    pub all: Vec<Usage>,
    abstentions: Vec<Abstention>,
}

/// The usages of an application; why those of some functions are not known is said for each rule.
pub fn usages(app: &App<'_>, found: &mut Found) -> Arc<Usages> {
    let usages = app.once(Usages::of);
    found.abstentions.extend(usages.abstentions.iter().cloned());
    usages
}

impl Usages {
    fn of(app: &App<'_>) -> Self {
        let mut places: BTreeMap<Span, Vec<(usize, &Statement)>> = BTreeMap::new();
        for (index, statement) in app.graph.statements.iter().enumerate() {
            let is_own = matches!(statement.origin, Origin::Written | Origin::PolicyTemplate(_));
            if is_own && statement.allow && !statement.not_action {
                places.entry(statement.span).or_default().push((index, statement));
            }
        }
        let mut found = Found::default();
        let mut followed: FxHashMap<usize, Option<Followed<'_>>> = FxHashMap::default();
        let mut all = Vec::new();
        for (span, statements) in places {
            let Some(functions) = holders(app, &statements) else { continue };
            for (index, function) in &functions {
                followed.entry(*index).or_insert_with(|| Followed::of(app, *function, &mut found));
            }
            let holding: Option<Vec<&Followed<'_>>> =
                functions.iter().map(|(index, _)| followed.get(index)?.as_ref()).collect();
            if let Some(holding) = holding {
                let functions = functions.into_iter().map(|(index, _)| index).collect();
                all.push(usage(span, &statements, functions, &holding));
            }
        }
        Self { all, abstentions: found.abstentions }
    }
}

/// The functions that have the statements; `None` where something else has them too.
fn holders<'a>(
    app: &'a App<'a>,
    statements: &[(usize, &Statement)],
) -> Option<Vec<(usize, FunctionRef<'a>)>> {
    let mut holders: Vec<(usize, FunctionRef<'a>)> = Vec::new();
    for (_, statement) in statements {
        let Subject::Function(id) = &statement.subject else { return None };
        let holder = app.numbered_function(statement.template, id)?;
        if !holders.iter().any(|(known, _)| *known == holder.0) {
            holders.push(holder);
        }
    }
    Some(holders)
}

/// A function all of whose calls are known.
struct Followed<'a> {
    judged: Judged<'a>,
    calls: Vec<Call<'a>>,
    /// Actions of the calls, by index of the call, with the policies that allow them.
    allowed: Vec<(usize, String, Vec<Policy>)>,
}

impl<'a> Followed<'a> {
    fn of(app: &'a App<'a>, function: FunctionRef<'a>, found: &mut Found) -> Option<Self> {
        let mut stop = |span: Span, why: &str| {
            found.abstain(span, format!("{why}, so what `{function}` needs is not known"));
        };
        let Some(summary) = function.summary() else {
            stop(function.span(), "its code was not read");
            return None;
        };
        if !is_whole(function) {
            stop(function.span(), "other templates are merged into this one");
            return None;
        }
        let judged = Judged { app, function, summary };
        if !judged.is_followed() {
            stop(judged.stop().unwrap_or(summary.entry), "the code was not followed to its end");
            return None;
        }
        let (calls, unknown) = calls(&judged);
        if let Some(effect) = unknown.first() {
            stop(effect.span, "which permission this call needs is not known");
            return None;
        }
        if let Some(call) = calls.iter().find(|call| call.needs.iter().any(|action| acts_on_behalf(action))) {
            stop(call.effect.span, "this call makes others act with its permissions");
            return None;
        }
        let runs_other = summary.effects.iter().any(|effect| effect.action == Action::Process);
        if runs_other || has_other_credentials(&judged, None) {
            stop(function.span(), "it runs other programs or has other credentials");
            return None;
        }
        let allowed = allowed(&Access::of_function(function), &calls);
        Some(Self { judged, calls, allowed })
    }

    /// Whether calls of a service may hide in code that is no call of an SDK.
    fn may_hide(&self, prefix: &str) -> bool {
        let is_of = |action: &String| action.split(':').next() == Some(prefix);
        let calls_it = self.calls.iter().any(|call| call.actions().any(is_of));
        let named = || self.judged.shows(naming(prefix));
        has_idle_client(self.judged.summary, prefix)
            || self.judged.shows(signing(prefix))
            || (!calls_it && (self.has_extension() || named()))
    }

    /// A layer of others, or a wrapper, may have work of its own.
    fn has_extension(&self) -> bool {
        let function = self.judged.function;
        let is_own = |layer: &Value| {
            let mentions = layer.mentions();
            mentions.iter().any(|mention| function.template().resource(&mention.name.text).is_some())
        };
        function.environment.iter().any(|(name, _)| name.text == "AWS_LAMBDA_EXEC_WRAPPER")
            || !function.layers.iter().all(is_own)
    }

    /// All that its calls need, whichever statement allows it.
    fn called(&self) -> impl Iterator<Item = String> + '_ {
        self.calls.iter().flat_map(Call::actions).cloned()
    }

    /// An action with the name of an operation that is called, although the call needs others or none.
    fn is_called_so(&self, action: &str) -> bool {
        self.calls.iter().any(|call| match &call.effect.action {
            Action::Aws { service, operation } => {
                let is_needed = call.needs.iter().any(|need| covers_action(action, need));
                !is_needed && covers_action(action, &format!("{}:{operation}", iam::prefix(service)))
            }
            _ => false,
        })
    }

    fn is_used_otherwise(&self, action: &str, used: &[String], called: &[String]) -> bool {
        let function = self.judged.function;
        let polls = function.event_sources().any(|event| is_polling(event.kind, action));
        let delivers =
            function.dead_letter.is_some() || function.on_failure.is_some() || function.on_success.is_some();
        let fails_to = || function.event_sources().any(|event| has_destination(&event.properties));
        polls || serves(action, used, called) || (is_delivery(action) && (delivers || fails_to()))
    }
}

/// Whether there is a client of a service that no call was seen of, where some value was not followed: it may
/// have been handed on there.
fn has_idle_client(summary: &Summary, prefix: &str) -> bool {
    let is_used = |init: &Init| {
        summary
            .effects
            .iter()
            .any(|effect| matches!(&effect.action, Action::Aws { service, .. } if *service == init.what))
    };
    let mut of_service =
        summary.inits.iter().filter(|init| iam::prefix(&init.what).eq_ignore_ascii_case(prefix));
    !summary.unknowns.is_empty() && of_service.any(|init| !is_used(init))
}

fn allowed(access: &Access<'_>, calls: &[Call<'_>]) -> Vec<(usize, String, Vec<Policy>)> {
    let mut all = Vec::new();
    for (index, call) in calls.iter().enumerate() {
        for action in call.actions() {
            let grants = access.grants(action, call.on);
            let policies = grants.iter().filter(|grant| grant.allow).map(|grant| grant.policy).collect();
            all.push((index, action.clone(), policies));
        }
    }
    all
}

fn has_destination(properties: &Value) -> bool {
    properties.get("DestinationConfig").is_some()
}

fn usage(
    span: Span,
    statements: &[(usize, &Statement)],
    functions: Vec<usize>,
    all: &[&Followed<'_>],
) -> Usage {
    let indices: BTreeSet<Policy> = statements.iter().map(|(index, _)| Policy::Statement(*index)).collect();
    let mut used: BTreeMap<String, Vec<Span>> = BTreeMap::new();
    let mut on = Some(BTreeSet::new());
    for function in all {
        for (index, action, policies) in &function.allowed {
            if !policies.iter().any(|policy| indices.contains(policy)) {
                continue;
            }
            let call = &function.calls[*index];
            used.entry(action.clone()).or_default().push(call.effect.span);
            match (call.on, &mut on) {
                (Some(target), Some(targets)) => {
                    targets.insert(target.clone());
                }
                _ => on = None,
            }
        }
    }
    let names: Vec<String> = used.keys().cloned().collect();
    let called: Vec<String> = all.iter().flat_map(|function| function.called()).collect();
    let mut written: Vec<String> =
        statements.iter().flat_map(|(_, statement)| &statement.actions).map(Value::text).collect();
    written.sort();
    written.dedup();
    let mut indirect = false;
    let mut unused = Vec::new();
    for action in written {
        let prefix = action.split(':').next().unwrap_or_default().to_lowercase();
        if names.iter().any(|used| covers_action(&action, used)) {
            // `s3:*`: beside the calls, what another service needs of it that is called.
            let is_other = |call: &&String| call.split(':').next() != Some(prefix.as_str());
            let others: Vec<String> = called.iter().filter(is_other).cloned().collect();
            indirect |= serves(&action, &[], &others);
            continue;
        }
        let otherwise = action == "*"
            || action.contains("${")
            || is_indirect(&action)
            || all.iter().any(|function| {
                function.may_hide(&prefix)
                    || function.is_called_so(&action)
                    || function.is_used_otherwise(&action, &names, &called)
            });
        if otherwise {
            indirect = true;
        } else {
            unused.push(action);
        }
    }
    let statements = statements.iter().map(|(index, _)| *index).collect();
    Usage { span, statements, functions, used, on, unused, indirect }
}
