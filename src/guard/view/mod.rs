//! The graph as Guard files see it: one object per node, known facts only.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use crate::graph::{App, FunctionRef};
use crate::source::Span;

/// One part of the view, with the places of everything in it.
#[derive(Debug, Default)]
pub struct View {
    pub document: Json,
    /// By the key in the document.
    pub nodes: BTreeMap<String, Node>,
}

/// A node of the view.
#[derive(Debug)]
pub struct Node {
    pub id: String,
    pub template: String,
    pub is_function: bool,
    /// Its logical id in the template.
    pub span: Span,
    pub facts: Map<String, Json>,
    /// Where a fact is written.
    pub spans: BTreeMap<String, Span>,
}

impl View {
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }
}

/// The part of the view that has this name; empty for a name that does not exist.
pub fn view(app: &App<'_>, part: &str) -> View {
    let nodes: Vec<Node> = match part {
        "functions" => app.functions().map(function).collect(),
        _ => Vec::new(),
    };
    let mut view = View::default();
    for node in nodes {
        let key = match view.nodes.contains_key(&node.id) {
            false => node.id.clone(),
            true => format!("{} of {}", node.id, node.template),
        };
        view.nodes.insert(key, node);
    }
    let objects: Map<String, Json> =
        view.nodes.iter().map(|(key, node)| (key.clone(), Json::Object(node.facts.clone()))).collect();
    view.document = json!({ part: objects });
    view
}

fn function(function: FunctionRef<'_>) -> Node {
    let mut facts = Map::new();
    let mut spans = BTreeMap::new();
    if let Some(count) = layer_count(function) {
        facts.insert("layer_count".into(), json!(count));
        spans.extend(function.property("Layers").map(|layers| ("layer_count".to_owned(), layers.span)));
    }
    Node {
        id: function.id.text.clone(),
        template: function.template().path.clone(),
        is_function: true,
        span: function.span(),
        facts,
        spans,
    }
}

/// The most layers it has in any world.
fn layer_count(function: FunctionRef<'_>) -> Option<usize> {
    let layers = function.property("Layers")?;
    let mut most = None;
    let _ = function.in_worlds([layers], |known| {
        let items = known[0].as_list()?;
        let unknown = items.iter().any(|item| !item.is_literal() && item.branches().len() > 1);
        if !unknown {
            most = most.max(Some(items.iter().filter(|item| !item.is_no_value()).count()));
        }
        None::<()>
    });
    most
}
