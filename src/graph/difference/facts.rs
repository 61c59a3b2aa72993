//! A graph as facts that can be told apart by their words.

use std::collections::BTreeMap;

use petgraph::visit::EdgeRef;

use super::{Facts, Kind, Settings, State};
use crate::graph::model::{
    Function, Graph, Node, Origin, Reference, Relation, Statement, Subject, Target, TemplateId,
};
use crate::graph::services::{Dependency, How};
use crate::template::Value;

/// The facts of a graph by kind. With several templates, names tell which one they are of.
pub(super) fn facts(
    state: &State<'_>,
    several: bool,
    known_as: &dyn Fn(&str) -> String,
) -> BTreeMap<Kind, Facts> {
    let names = Names { state, graph: state.graph, several, known_as };
    BTreeMap::from([
        (Kind::Functions, names.functions()),
        (Kind::Routes, names.routes()),
        (Kind::Events, names.events()),
        (Kind::Edges, names.edges()),
        (Kind::Permissions, names.permissions()),
        (Kind::ForeignWrites, names.foreign_writes()),
    ])
}

struct Names<'a> {
    state: &'a State<'a>,
    graph: &'a Graph,
    several: bool,
    known_as: &'a dyn Fn(&str) -> String,
}

impl Names<'_> {
    /// A name in a template.
    fn of(&self, template: TemplateId, name: &str) -> String {
        match self.graph.templates.get(template.0) {
            Some(template) if self.several => format!("{name} ({})", (self.known_as)(&template.path)),
            _ => name.to_owned(),
        }
    }

    fn functions(&self) -> Facts {
        let named = |function: &Function| (self.of(function.template, &function.id.text), settings(function));
        self.graph.functions.iter().map(named).collect()
    }

    fn routes(&self) -> Facts {
        let routes = self.graph.routes.iter().map(|route| {
            let name = format!("{} {} of {}", route.method, route.path, text(&route.api));
            let auth = if route.auth.is_empty() { "none".to_owned() } else { route.auth.join(", ") };
            let settings = [("to".to_owned(), target(&route.target)), ("authorization".to_owned(), auth)];
            (self.of(route.template, &name), Settings::from(settings))
        });
        routes.collect()
    }

    fn events(&self) -> Facts {
        let events = self.graph.event_sources.iter().map(|event| {
            let source = event.source.as_ref().map(|source| format!(" {}", text(source)));
            let name =
                format!("{}{} runs {}", event.kind, source.unwrap_or_default(), subject(&event.subject));
            (self.of(event.template, &name), Settings::new())
        });
        events.collect()
    }

    /// Relations that are neither routes nor events nor mere references.
    fn edges(&self) -> Facts {
        let relations = &self.graph.relations;
        let edges = relations.edge_references().filter_map(|edge| {
            let verb = verb(edge.weight().relation)?;
            let (from, to) = (&relations[edge.source()], &relations[edge.target()]);
            if matches!(from, Node::Route(_)) {
                return None;
            }
            let name = format!("{} {verb} {}", self.node(from), self.node(to));
            Some((self.of_node(from, &name), Settings::new()))
        });
        edges.collect()
    }

    /// Writes to stores and channels of other services, and to what no template declares.
    fn foreign_writes(&self) -> Facts {
        let State { services, dependencies, .. } = self.state;
        let writes = |dependency: &&Dependency| matches!(dependency.how, How::Writes | How::Sends);
        let apart = |dependency: &&Dependency| services.are_apart(dependency.from, dependency.to);
        let told = dependencies.iter().filter(writes).filter(apart).filter_map(|dependency| {
            let (member, on) = (&dependency.member, &dependency.on.id);
            let owner = &services.all.get(dependency.to)?.name;
            let name = format!("{} {} {on} of service {owner}", member.id, dependency.how.name());
            Some((self.of(member.template, &name), Settings::new()))
        });
        let relations = &self.graph.relations;
        let outside = relations.edge_references().filter_map(|edge| {
            let (from, to) = (&relations[edge.source()], &relations[edge.target()]);
            let Node::Resource(template, id) = from else { return None };
            // Where its owner was found, it is told above.
            let is_told = |dependency: &Dependency| {
                writes(&dependency) && dependency.member.template == *template && dependency.member.id == *id
            };
            let writes = matches!(edge.weight().relation, Relation::Writes | Relation::Sends);
            let unowned = matches!(to, Node::External(_)) && !dependencies.iter().any(is_told);
            let verb = verb(edge.weight().relation)?;
            let name = format!("{id} {verb} {}", self.node(to));
            (writes && unowned).then(|| (self.of(*template, &name), Settings::new()))
        });
        told.chain(outside).collect()
    }

    fn permissions(&self) -> Facts {
        // What the platform adds comes and goes with functions and events, which are told themselves.
        let written = |origin: &Origin| *origin != Origin::Platform;
        let statements = self.graph.statements.iter().filter(|statement| written(&statement.origin));
        let statements = statements.flat_map(|statement| self.statement(statement));
        let policies = self.graph.managed_policies.iter().filter(|policy| written(&policy.origin));
        let policies = policies.map(|policy| {
            let name = format!("{} has policy {}", subject(&policy.subject), policy.arn);
            (self.of(policy.template, &name), Settings::new())
        });
        statements.chain(policies).collect()
    }

    /// One fact for each action on each resource.
    fn statement(&self, statement: &Statement) -> Vec<(String, Settings)> {
        let verb = if statement.allow { "may" } else { "must not" };
        let resource = |value: &Value| match self.graph.templates.get(statement.template.0) {
            Some(template) => text(&crate::graph::link::reference_in(template, value)).to_owned(),
            None => value.text(),
        };
        let (all_but, on_all_but) = (
            if statement.not_action { "all but " } else { "" },
            if statement.not_resource { "all but " } else { "" },
        );
        let condition = if statement.condition.is_some() { ", on a condition" } else { "" };
        let mut facts = Vec::new();
        for action in &statement.actions {
            for on in &statement.resources {
                let name = format!(
                    "{} {verb} {all_but}{} on {on_all_but}{}{condition}",
                    subject(&statement.subject),
                    action.text(),
                    resource(on),
                );
                facts.push((self.of(statement.template, &name), Settings::new()));
            }
        }
        facts
    }

    fn node(&self, node: &Node) -> String {
        match node {
            Node::Resource(_, id) => id.clone(),
            Node::Route(index) => {
                let route = self.graph.routes.get(*index);
                route.map(|route| format!("{} {}", route.method, route.path)).unwrap_or_default()
            }
            Node::Task(index) => {
                let task = self.graph.tasks.get(*index);
                task.map(|task| format!("{}.{}", task.state_machine, task.state.text)).unwrap_or_default()
            }
            Node::External(text) => text.clone(),
        }
    }

    fn of_node(&self, node: &Node, name: &str) -> String {
        home(self.graph, node).map_or_else(|| name.to_owned(), |template| self.of(template, name))
    }
}

/// The template a node belongs to.
pub(super) fn home(graph: &Graph, node: &Node) -> Option<TemplateId> {
    match node {
        Node::Resource(template, _) => Some(*template),
        Node::Route(index) => graph.routes.get(*index).map(|route| route.template),
        Node::Task(index) => graph.tasks.get(*index).map(|task| task.template),
        Node::External(_) => None,
    }
}

fn verb(relation: Relation) -> Option<&'static str> {
    Some(match relation {
        Relation::Calls => "calls",
        Relation::Invokes => "invokes",
        Relation::Reads => "reads",
        Relation::Writes => "writes",
        Relation::Sends => "sends to",
        Relation::FailsTo => "on failure sends to",
        Relation::Uses => "uses",
        Relation::Contains | Relation::Triggers | Relation::Assumes | Relation::References => return None,
    })
}

/// Settings whose values are lists, joined by `, `.
pub const LISTS: [&str; 3] = ["layers", "architectures", "environment"];

/// What a reader would call a change of the function.
fn settings(function: &Function) -> Settings {
    let values = [
        ("runtime", &function.runtime),
        ("handler", &function.handler),
        ("memory", &function.memory),
        ("timeout", &function.timeout),
        ("role", &function.role),
        ("reserved concurrency", &function.reserved_concurrency),
        ("provisioned concurrency", &function.provisioned_concurrency),
    ];
    let mut settings: Settings = values
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value.as_ref()?.text())))
        .collect();
    if let Some(condition) = &function.condition {
        settings.insert("condition".to_owned(), condition.text.clone());
    }
    let joined = |texts: Vec<String>| (!texts.is_empty()).then(|| texts.join(", "));
    let mut variables: Vec<String> = function.environment.iter().map(|(name, _)| name.text.clone()).collect();
    variables.sort();
    let texts = |values: &[Value]| values.iter().map(Value::text).collect();
    let lists = [texts(&function.layers), texts(&function.architectures), variables];
    let lists = LISTS.iter().zip(lists.map(joined));
    settings.extend(lists.filter_map(|(name, value)| Some(((*name).to_owned(), value?))));
    settings
}

fn text(reference: &Reference) -> &str {
    match reference {
        Reference::Resource(text) | Reference::Text(text) => text,
    }
}

fn subject(subject: &Subject) -> &str {
    match subject {
        Subject::Function(id) | Subject::StateMachine(id) => id,
    }
}

fn target(target: &Target) -> String {
    match target {
        Target::Function(function) => text(function).to_owned(),
        Target::Service { action, resource: Some(resource) } => format!("{action} on {}", text(resource)),
        Target::Service { action, resource: None } => action.clone(),
        Target::Http(url) => url.clone(),
        Target::Mock => "a mock".to_owned(),
        Target::None => "nothing".to_owned(),
    }
}
