//! Whether a function can be merged with anything, and what of it counts.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use super::permissions::{Grant, grants};
use crate::aws::companions;
use crate::aws::effects::{Effect, effect};
use crate::aws::merging::is_telemetry;
use crate::evidence::Evidence;
use crate::graph::forwarding::{Trigger, Verdict, forwarding};
use crate::graph::model::{ApiKind, Code, Edge, Graph, Node, Reference, Relation, Route, TemplateId};
use crate::graph::query::{App, FunctionRef};
use crate::graph::services::{nouns, uses};
use crate::graph::specialise::specialise;
use crate::source::{SourceId, parent};
use crate::summary::{Action, Summary};

/// A function that only serves routes of one API.
#[derive(Clone, Debug)]
pub struct Candidate<'a> {
    /// Into the functions of the graph.
    pub(super) index: usize,
    pub function: FunctionRef<'a>,
    pub summary: &'a Summary,
    pub routes: Vec<&'a Route>,
    /// What it calls, by name, with the first place of each.
    pub resources: BTreeMap<String, Touch>,
    /// Packages that its code imports.
    pub packages: BTreeSet<String>,
    /// Local modules without the handler's own.
    pub modules: BTreeSet<SourceId>,
    /// What it may do; looked up when it is first asked for.
    grants: OnceCell<Vec<Grant>>,
    /// What its routes begin with.
    pub heads: BTreeSet<Head<'a>>,
}

/// What a path begins with, as far as the first part that says what it is about: the fixed parts before it,
/// and its words, so that `/get-user` and `/put-user` begin alike.
pub type Head<'a> = (Vec<&'a str>, Vec<String>);

#[derive(Clone, Debug)]
pub struct Touch {
    pub verbs: BTreeSet<&'static str>,
    pub evidence: Evidence,
}

impl Candidate<'_> {
    pub(super) fn grants(&self, app: &App<'_>) -> &[Grant] {
        self.grants.get_or_init(|| grants(app, self.function))
    }
}

fn head(path: &str) -> Head<'_> {
    let fixed: Vec<&str> =
        path.split('/').filter(|part| !part.is_empty() && !part.contains(['{', '$', '*'])).collect();
    match fixed.iter().position(|part| !nouns(part).is_empty()) {
        Some(at) => (fixed[..at].to_vec(), nouns(fixed[at])),
        None => (fixed.into_iter().take(1).collect(), Vec::new()),
    }
}

/// What points at each resource, in the order of the edges.
pub struct Incoming<'g>(FxHashMap<(TemplateId, &'g str), Vec<(&'g Node, &'g Edge)>>);

impl<'g> Incoming<'g> {
    pub fn of(graph: &'g Graph) -> Self {
        let relations = &graph.relations;
        let mut found: FxHashMap<_, Vec<_>> = FxHashMap::default();
        for edge in relations.raw_edges() {
            if let Node::Resource(template, id) = &relations[edge.target()] {
                let from = (&relations[edge.source()], &edge.weight);
                found.entry((*template, id.as_str())).or_default().push(from);
            }
        }
        Self(found)
    }

    fn to<'f>(&'f self, function: FunctionRef<'f>) -> &'f [(&'f Node, &'f Edge)] {
        self.0.get(&(function.template, function.get().id.text.as_str())).map_or(&[], Vec::as_slice)
    }
}

/// # Errors
/// Why it stays as it is, as the end of "it stays because it ...".
pub fn candidate<'a>(
    app: &'a App<'a>,
    incoming: &Incoming<'_>,
    index: usize,
    function: FunctionRef<'a>,
) -> Result<Candidate<'a>, String> {
    let said = |text: &str| Err(text.to_owned());
    let routes: Vec<&Route> = function.routes().collect();
    let Some(first) = routes.first() else { return said("is behind no API") };
    if let Some(other) = other_trigger(app, incoming, function) {
        return Err(other);
    }
    if routes.iter().any(|route| route.api != first.api || route.api_kind != first.api_kind) {
        return said("serves several APIs");
    }
    if first.api_kind == ApiKind::WebSocket || routes.iter().any(|route| route.patience.streams) {
        return said("keeps a connection or streams its answers");
    }
    if routes
        .iter()
        .any(|route| route.path.contains("+}") || route.path.starts_with('$') || route.path == "/*")
    {
        return said("takes all paths already");
    }
    let Some(summary) = function.summary() else { return said("has code that was not read") };
    if !matches!(function.code, Code::Package(_)) {
        return said("is an image or has its code in the template");
    }
    if !summary.inner_routes.is_empty() || tells_apart(summary, &routes) {
        return said("has a router of its own already");
    }
    if function.reserved_concurrency.is_some() || function.provisioned_concurrency.is_some() {
        return said("has concurrency set aside for it alone");
    }
    let passes = |route: &&Route| match forwarding(function, Trigger::Route(route)) {
        Some(Verdict::Forwards(what)) => what.checks.is_empty(),
        Some(Verdict::Constant(_)) => true,
        _ => false,
    };
    if routes.iter().all(passes) {
        return said("only passes on what it gets: a direct integration does without a function");
    }
    let own = function.behaviour.modules.first().copied();
    Ok(Candidate {
        index,
        function,
        summary,
        heads: routes.iter().map(|route| head(&route.path)).collect(),
        routes,
        resources: resources(app, function, summary),
        packages: summary
            .imports
            .iter()
            .filter(|import| !import.local)
            .map(|import| import.module.clone())
            .collect(),
        modules: function.behaviour.modules.iter().copied().filter(|module| Some(*module) != own).collect(),
        grants: OnceCell::new(),
    })
}

/// Whether the code does one thing on one route and another on another.
fn tells_apart(summary: &Summary, routes: &[&Route]) -> bool {
    let taken =
        |route: &Route| specialise(summary, route).into_iter().map(std::ptr::from_ref).collect::<Vec<_>>();
    let mut taken = routes.iter().map(|route| taken(route));
    taken.next().is_some_and(|first| taken.any(|other| other != first))
}

/// Something besides routes that invokes it, or speaks of it in a way that may.
fn other_trigger(app: &App<'_>, incoming: &Incoming<'_>, function: FunctionRef<'_>) -> Option<String> {
    if let Some(event) = function.event_sources().next() {
        return Some(format!("is triggered by {} too", event.kind));
    }
    if authorizes(app, function) {
        return Some("is an authorizer too".to_owned());
    }
    for (from, edge) in incoming.to(function) {
        match (edge.relation, from) {
            (Relation::Triggers, Node::Route(_)) => {}
            (Relation::References, Node::Resource(template, id)) => {
                let resource = app.template(*template).resource(id)?;
                if !companions::is_harmless_of_route(&resource.kind.text) {
                    return Some(format!("is used by `{id}` too"));
                }
            }
            (_, Node::Resource(_, id)) => return Some(format!("is used by `{id}` too")),
            _ => return Some("is invoked otherwise too".to_owned()),
        }
    }
    None
}

fn authorizes(app: &App<'_>, function: FunctionRef<'_>) -> bool {
    let own = app.graph.apis.iter().filter(|api| api.template == function.template);
    let auths = own.filter_map(|api| function.template().resource(&api.id)?.property("Auth"));
    let globals = function.template().globals.iter();
    auths
        .chain(globals)
        .flat_map(|value| value.mentions())
        .any(|mention| mention.name.text == function.id.text)
}

/// Everything it calls that has a name, and stores that only its role tells of.
fn resources(app: &App<'_>, function: FunctionRef<'_>, summary: &Summary) -> BTreeMap<String, Touch> {
    let mut found: BTreeMap<String, Touch> = BTreeMap::new();
    let mut add = |name: &str, verb: &'static str, evidence: Evidence| {
        let touch = Touch { verbs: BTreeSet::new(), evidence };
        found.entry(name.to_owned()).or_insert(touch).verbs.insert(verb);
    };
    for (done, target) in summary.effects.iter().zip(function.targets()) {
        let (Action::Aws { service, operation }, Some(Reference::Resource(name) | Reference::Text(name))) =
            (&done.action, target)
        else {
            continue;
        };
        if is_telemetry(service) {
            continue;
        }
        let verb = match effect(service, operation) {
            Effect::Reads => "reads",
            Effect::Writes => "writes",
            Effect::Sends => "sends to",
            Effect::Invokes => "invokes",
        };
        let text = format!("`{function}` {verb} `{name}`");
        add(name, verb, Evidence { span: done.span, certainty: done.certainty, text });
    }
    let folder = parent(&app.template(function.template).path);
    for (store, used) in uses(&app.graph, folder, function.get()) {
        for (verb, evidence) in [("reads", &used.reads), ("writes", &used.writes)] {
            if let Some(evidence) = evidence.as_ref().filter(|_| !used.by_code) {
                add(store.name(), verb, evidence.clone());
            }
        }
    }
    found
}
