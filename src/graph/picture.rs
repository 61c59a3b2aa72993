//! What a picture of the graph shows: who reaches what, without mere references.

use petgraph::graph::NodeIndex;
use petgraph::visit::EdgeRef;

use super::model::{Graph, Node, Relation, TemplateId};
use crate::aws::pictures::{is_channel, is_store};
use crate::aws::resource_types::{Role, role};

/// The parts of a picture, in the order of the graph.
#[derive(Debug, Default)]
pub(super) struct Picture {
    /// One per template.
    pub groups: Vec<Group>,
    /// What lies outside all templates.
    pub outside: Vec<Item>,
    pub arrows: Vec<Arrow>,
}

#[derive(Debug)]
pub(super) struct Group {
    pub title: String,
    pub items: Vec<Item>,
}

#[derive(Debug)]
pub(super) struct Item {
    /// Unique in the picture, letters and digits.
    pub key: String,
    pub label: String,
    pub shape: Shape,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Function,
    StateMachine,
    Api,
    Route,
    Task,
    Store,
    Channel,
    Other,
    Outside,
}

#[derive(Debug)]
pub(super) struct Arrow {
    pub from: String,
    pub to: String,
    /// Empty where the relation speaks for itself.
    pub label: &'static str,
}

/// How a language of pictures writes them.
pub(super) struct Syntax {
    /// The line that begins the part of a template, by its number and title.
    pub begin: fn(usize, &str) -> String,
    pub end: &'static str,
    pub node: fn(&Item) -> String,
    pub arrow: fn(&Arrow) -> String,
}

impl Picture {
    /// Its lines: a part for each template that has something in it, what lies outside, and the arrows.
    pub fn written(&self, syntax: &Syntax) -> String {
        let mut out = String::new();
        let mut line = |depth: usize, text: &str| out.extend(["  ".repeat(depth).as_str(), text, "\n"]);
        for (index, group) in self.groups.iter().enumerate().filter(|(_, group)| !group.items.is_empty()) {
            line(1, &(syntax.begin)(index, &group.title));
            group.items.iter().for_each(|item| line(2, &(syntax.node)(item)));
            line(1, syntax.end);
        }
        self.outside.iter().for_each(|item| line(1, &(syntax.node)(item)));
        self.arrows.iter().for_each(|arrow| line(1, &(syntax.arrow)(arrow)));
        out
    }

    pub fn of(graph: &Graph) -> Self {
        let relations = &graph.relations;
        let edges = || relations.edge_references().filter(|edge| shown(edge.weight().relation));
        let mut drawn = vec![false; relations.node_count()];
        for edge in edges() {
            drawn[edge.source().index()] = true;
            drawn[edge.target().index()] = true;
        }
        let mut picture = Self::default();
        for template in &graph.templates {
            picture.groups.push(Group { title: template.path.clone(), items: Vec::new() });
        }
        for index in relations.node_indices() {
            let node = &relations[index];
            let item = item(graph, index, node);
            if !drawn[index.index()] && !stands_alone(item.shape) {
                continue;
            }
            match home(graph, node).and_then(|home| picture.groups.get_mut(home.0)) {
                Some(group) => group.items.push(item),
                None => picture.outside.push(item),
            }
        }
        picture.arrows = edges()
            .map(|edge| Arrow {
                from: key(edge.source()),
                to: key(edge.target()),
                label: verb(edge.weight().relation),
            })
            .collect();
        picture
    }
}

/// References, roles and layers would hide the rest.
fn shown(relation: Relation) -> bool {
    !matches!(relation, Relation::References | Relation::Assumes | Relation::Uses)
}

/// Worth a place even where nothing leads to it.
fn stands_alone(shape: Shape) -> bool {
    matches!(shape, Shape::Function | Shape::StateMachine)
}

fn verb(relation: Relation) -> &'static str {
    match relation {
        Relation::Contains | Relation::Triggers => "",
        Relation::Calls => "calls",
        Relation::Invokes => "invokes",
        Relation::Reads => "reads",
        Relation::Writes => "writes",
        Relation::Sends => "sends",
        Relation::FailsTo => "on failure",
        Relation::Uses => "uses",
        Relation::Assumes => "runs as",
        Relation::References => "names",
    }
}

fn key(index: NodeIndex) -> String {
    format!("n{}", index.index())
}

fn home(graph: &Graph, node: &Node) -> Option<TemplateId> {
    match node {
        Node::Resource(template, _) => Some(*template),
        Node::Route(index) => graph.routes.get(*index).map(|route| route.template),
        Node::Task(index) => graph.tasks.get(*index).map(|task| task.template),
        Node::External(_) => None,
    }
}

fn item(graph: &Graph, index: NodeIndex, node: &Node) -> Item {
    let (label, shape) = match node {
        Node::Resource(template, id) => {
            let resource = graph.templates.get(template.0).and_then(|template| template.resource(id));
            // The implicit APIs are no resources of the template.
            (id.clone(), resource.map_or(Shape::Api, |resource| shape(&resource.kind.text)))
        }
        Node::Route(index) => (route(graph, *index), Shape::Route),
        Node::Task(index) => {
            let state = graph.tasks.get(*index).map(|task| task.state.text.clone());
            (state.unwrap_or_default(), Shape::Task)
        }
        Node::External(text) => (text.clone(), Shape::Outside),
    };
    Item { key: key(index), label, shape }
}

fn route(graph: &Graph, index: usize) -> String {
    graph.routes.get(index).map(|route| format!("{} {}", route.method, route.path)).unwrap_or_default()
}

fn shape(kind: &str) -> Shape {
    match role(kind) {
        Some(Role::Function) => Shape::Function,
        Some(Role::StateMachine) => Shape::StateMachine,
        Some(
            Role::RestApi | Role::HttpApi | Role::WebSocketApi | Role::HttpOrWebSocketApi | Role::GraphqlApi,
        ) => Shape::Api,
        Some(Role::Table) => Shape::Store,
        _ if is_store(kind) => Shape::Store,
        _ if is_channel(kind) => Shape::Channel,
        _ => Shape::Other,
    }
}
