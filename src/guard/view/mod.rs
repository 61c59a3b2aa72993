//! The graph as Guard files see it: one object per node, known facts only.
//!
//! A part of the view is a mapping of nodes; `rules/README.md` lists the parts and their facts. What is
//! not known is left out, so a rule that asks whether a fact exists abstains. Where facts differ
//! between environments, a node has one object for each set of facts.

mod apis;
mod event_sources;
mod facts;
mod functions;
mod known;
mod queues;
mod roles;
mod rule_targets;
mod subscriptions;
mod tables;
mod templates;

use std::cell::RefCell;
use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use serde_json::{Map, Value as Json, json};

pub use facts::Facts;

use crate::graph::{App, Held};
use crate::source::Span;

/// One part of the view, with the places of everything in it.
#[derive(Debug, Default)]
pub struct View {
    pub document: Json,
    /// By their keys.
    pub nodes: BTreeMap<String, Node>,
    /// The keys in the document, with those of all nodes that are the same to the file: one of them stands
    /// for all.
    alike: BTreeMap<String, Vec<String>>,
}

/// A node of the view, in the worlds in which it has these facts.
#[derive(Debug)]
pub struct Node {
    pub place: Place,
    pub facts: Facts,
    /// The worlds; `None` for all of them.
    pub world: Option<String>,
}

/// What a node is called and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Its logical id where it is a resource.
    pub id: String,
    /// Path of the file that declares it: its template, or a part merged into that.
    pub template: String,
    /// Where findings about it are reported.
    pub span: Span,
    pub about: About,
}

/// What a finding about a node is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum About {
    /// These functions, by logical id.
    Functions(Vec<String>),
    Resource(String),
    Template,
}

impl View {
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The nodes that a key in the document stands for, with their keys.
    pub fn nodes_of(&self, key: &str) -> impl Iterator<Item = (&str, &Node)> {
        let keys = self.alike.get(key).into_iter().flatten();
        keys.filter_map(|key| Some((key.as_str(), self.nodes.get(key)?)))
    }
}

impl Place {
    fn new(app: &App<'_>, id: String, span: Span, about: About) -> Self {
        Self { id, template: app.sources.path(span.source).to_owned(), span, about }
    }

    fn nodes(&self, held: impl IntoIterator<Item = Held<Facts>>) -> Vec<Node> {
        let node = |held: Held<Facts>| Node { place: self.clone(), facts: held.value, world: held.world };
        held.into_iter().map(node).collect()
    }

    fn node(self, facts: Facts) -> Node {
        Node { place: self, facts, world: None }
    }
}

/// Which facts a Guard file speaks of; others need not be found.
#[derive(Debug)]
pub struct Wanted<'a> {
    /// The text of the file; `None` where it may take all facts at once.
    text: Option<&'a str>,
    /// Facts that were asked for, and whether the text has them.
    known: RefCell<FxHashMap<String, bool>>,
}

impl<'a> Wanted<'a> {
    pub fn new(text: Option<&'a str>) -> Self {
        Self { text, known: RefCell::default() }
    }

    fn has(&self, fact: &str) -> bool {
        let Some(text) = self.text else { return true };
        let known = self.known.borrow().get(fact).copied();
        known.unwrap_or_else(|| {
            let has = text.contains(fact);
            self.known.borrow_mut().insert(fact.to_owned(), has);
            has
        })
    }

    /// The facts that the file asks to exist; no check of the files that come with slslint can fail on a
    /// node that lacks one.
    fn needed(&self) -> Vec<&str> {
        let lines = self.text.into_iter().flat_map(str::lines).filter(|line| !line.starts_with('#'));
        lines.filter_map(|line| line.split_once(" exists")?.0.split_whitespace().last()).collect()
    }
}

/// Finds the nodes of a part.
type Part = fn(&App<'_>, &Wanted<'_>) -> Vec<Node>;

/// The parts of the view, by name.
const PARTS: [(&str, Part); 9] = [
    ("apis", apis::nodes),
    ("event_sources", event_sources::nodes),
    ("functions", functions::nodes),
    ("queues", queues::nodes),
    ("roles", roles::nodes),
    ("rule_targets", rule_targets::nodes),
    ("subscriptions", subscriptions::nodes),
    ("tables", tables::nodes),
    ("templates", templates::nodes),
];

/// Names of all parts.
pub fn parts() -> impl Iterator<Item = &'static str> {
    PARTS.iter().map(|(name, _)| *name)
}

/// The part of the view that has this name; empty for a name that does not exist. Nodes of which
/// nothing can be said are left out.
pub fn view(app: &App<'_>, part: &str, wanted: &Wanted<'_>) -> View {
    let Some((_, find)) = PARTS.iter().find(|(name, _)| *name == part) else { return View::default() };
    let mut view = View::default();
    let needed = wanted.needed();
    let tells = |node: &Node| !node.facts.is_empty() && needed.iter().all(|fact| node.facts.has(fact));
    for node in find(app, wanted).into_iter().filter(tells) {
        let key = free_key(&view.nodes, &node.place);
        view.nodes.insert(key, node);
    }
    let mut objects: Map<String, Json> = Map::new();
    let mut first: FxHashMap<String, &str> = FxHashMap::default();
    for (key, node) in &view.nodes {
        let object = node.facts.to_json(|fact| wanted.has(fact));
        // The files that come with slslint look at one node at a time.
        let stands = match wanted.text {
            Some(_) => *first.entry(object.to_string()).or_insert(key),
            None => key,
        };
        view.alike.entry(stands.to_owned()).or_default().push(key.clone());
        if stands == key {
            objects.insert(key.clone(), object);
        }
    }
    view.document = json!({ part: objects });
    view
}

/// The id, with the template and a number where it is taken. The engine names places by paths, so a key
/// holds no `/`.
fn free_key(taken: &BTreeMap<String, Node>, place: &Place) -> String {
    let long = format!("{} of {}", place.id, place.template);
    let numbered = (2..).map(|number| format!("{long} ({number})"));
    let mut keys = [place.id.clone(), long.clone()].into_iter().chain(numbered);
    let free = keys.by_ref().map(|key| key.replace('/', "|")).find(|key| !taken.contains_key(key));
    free.unwrap_or_default()
}
