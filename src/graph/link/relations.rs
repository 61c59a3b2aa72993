//! The relations among all that was linked.

use petgraph::graph::{DiGraph, NodeIndex};
use rustc_hash::{FxHashMap, FxHashSet};

use super::reference::reference_in;
use crate::aws::effects::{self, effect};
use crate::evidence::{Certainty, Evidence};
use crate::graph::model::{
    Edge, Function, Graph, Node, Reference, Relation, Route, Subject, Target, Task, TemplateId,
};
use crate::graph::of_template;
use crate::graph::roles::roles;
use crate::graph::services::{Member, Resolver};
use crate::source::Span;
use crate::summary::Action;
use crate::template::{MentionKind, Resource, Value};

/// Ties the lists of the graph together. What handlers do counts once they are linked.
pub fn link(graph: &mut Graph) {
    let elsewhere: Vec<_> = graph.tasks.iter().map(|task| elsewhere(graph, task)).collect();
    graph.tasks.iter_mut().zip(elsewhere).for_each(|(task, found)| task.elsewhere = found);
    let mut tie = Tie::default();
    tie.resources(graph);
    tie.routes(graph);
    tie.events(graph);
    tie.state_machines(graph);
    for function in &graph.functions {
        tie.function(graph, function);
    }
    tie.roles(graph);
    tie.data_sources(graph);
    tie.references(graph);
    graph.relations = tie.relations;
}

/// The graph while it grows. Nodes and edges come in the order of the lists, each once.
#[derive(Default)]
struct Tie {
    relations: DiGraph<Node, Edge>,
    known: FxHashMap<Node, NodeIndex>,
    tied: FxHashSet<(NodeIndex, NodeIndex, Relation)>,
}

impl Tie {
    fn node(&mut self, node: Node) -> NodeIndex {
        if let Some(index) = self.known.get(&node) {
            return *index;
        }
        let index = self.relations.add_node(node.clone());
        self.known.insert(node, index);
        index
    }

    fn edge(&mut self, from: Node, relation: Relation, to: Node, evidence: Evidence) {
        let (from, to) = (self.node(from), self.node(to));
        if self.tied.insert((from, to, relation)) {
            self.relations.add_edge(from, to, Edge { relation, evidence });
        }
    }

    fn resources(&mut self, graph: &Graph) {
        for (index, template) in graph.templates.iter().enumerate() {
            for resource in &template.resources {
                self.node(Node::Resource(TemplateId(index), resource.id.text.clone()));
            }
        }
        for api in &graph.apis {
            self.node(Node::Resource(api.template, api.id.clone()));
        }
    }

    fn routes(&mut self, graph: &Graph) {
        for (index, route) in graph.routes.iter().enumerate() {
            let node = Node::Route(index);
            let api = place(graph, route.template, &route.api);
            self.edge(api, Relation::Contains, node.clone(), must(route.span, "the API has this route"));
            let Some((relation, target)) = reached(graph, route) else { continue };
            self.edge(node, relation, target, must(route.span, "the route leads there"));
        }
    }

    fn events(&mut self, graph: &Graph) {
        for event in &graph.event_sources {
            let Some(source) = &event.source else { continue };
            let (from, to) = (place(graph, event.template, source), subject(event.template, &event.subject));
            let text = format!("an event of kind `{}`", event.kind);
            self.edge(from, Relation::Triggers, to, must(event.span, text));
        }
        for url in &graph.function_urls {
            let from = Node::External("function URL".to_owned());
            self.edge(
                from,
                Relation::Triggers,
                place(graph, url.template, &url.function),
                must(url.span, "a function URL"),
            );
        }
    }

    fn state_machines(&mut self, graph: &Graph) {
        for (index, task) in graph.tasks.iter().enumerate() {
            let (machine, node) =
                (Node::Resource(task.template, task.state_machine.clone()), Node::Task(index));
            self.edge(
                machine,
                Relation::Contains,
                node.clone(),
                must(task.span, "the state machine has this state"),
            );
            let Some(target) = &task.target else { continue };
            let relation = if runs(graph, task, target) { Relation::Invokes } else { Relation::Calls };
            let to = match &task.elsewhere {
                Some((template, id)) => Node::Resource(*template, id.clone()),
                None => place(graph, task.template, target),
            };
            self.edge(node, relation, to, must(task.span, "the state calls it"));
        }
    }

    fn function(&mut self, graph: &Graph, function: &Function) {
        let from = || Node::Resource(function.template, function.id.text.clone());
        let ends = [&function.dead_letter, &function.on_failure].into_iter().flatten();
        let named = function
            .layers
            .iter()
            .map(|layer| (layer, Relation::Uses, "the function has this layer"))
            .chain(ends.map(|target| (target, Relation::FailsTo, "failed invocations go there")))
            .chain(function.on_success.iter().map(|target| (target, Relation::Sends, "results go there")));
        for (value, relation, text) in named {
            for to in aims(graph, function.template, value) {
                self.edge(from(), relation, to, must(value.span, text));
            }
        }
        let Some(summary) = &function.behaviour.summary else { return };
        for (done, target) in summary.effects.iter().zip(&function.behaviour.targets) {
            let (Action::Aws { service, operation }, Some(target)) = (&done.action, target) else { continue };
            let relation = match effect(service, operation) {
                effects::Effect::Invokes => Relation::Invokes,
                effects::Effect::Sends => Relation::Sends,
                effects::Effect::Reads => Relation::Reads,
                effects::Effect::Writes => Relation::Writes,
            };
            let text = format!("`{service}:{operation}` is called");
            let evidence = Evidence { span: done.span, certainty: done.certainty, text };
            self.edge(from(), relation, place(graph, function.template, target), evidence);
        }
    }

    fn roles(&mut self, graph: &Graph) {
        for (index, template) in graph.templates.iter().enumerate() {
            for found in roles(template) {
                let Some(role) = found.role.id().filter(|id| template.resource(id).is_some()) else {
                    continue;
                };
                let certainty = if found.when.is_empty() { Certainty::Must } else { Certainty::May };
                let evidence = Evidence {
                    span: found.resource.id.span,
                    certainty,
                    text: "it runs under this role".into(),
                };
                let (from, to) = (subject(TemplateId(index), &found.subject), role.to_owned());
                self.edge(from, Relation::Assumes, Node::Resource(TemplateId(index), to), evidence);
            }
        }
    }

    fn data_sources(&mut self, graph: &Graph) {
        for source in &graph.data_sources {
            let Some(target) = &source.target else { continue };
            let (from, to) =
                (place(graph, source.template, &source.api), place(graph, source.template, target));
            let text = format!("the data source `{}`", source.name);
            let own = of_template(&graph.functions, source.template);
            let is_function =
                own.iter().any(|function| *target == Reference::Resource(function.id.text.clone()));
            let relation = if is_function { Relation::Triggers } else { Relation::Calls };
            self.edge(from, relation, to, must(source.span, text));
        }
    }

    /// Every `Ref`, `GetAtt`, `Sub` and `DependsOn` between resources.
    fn references(&mut self, graph: &Graph) {
        for (index, template) in graph.templates.iter().enumerate() {
            let id = TemplateId(index);
            for resource in &template.resources {
                for (name, span, text) in mentioned(resource) {
                    let reference = match template.parameter(&name) {
                        Some(_) => Reference::Text(format!("${{{name}}}")),
                        None => Reference::Resource(name),
                    };
                    let (from, to) =
                        (Node::Resource(id, resource.id.text.clone()), place(graph, id, &reference));
                    if from != to && self.known.contains_key(&to) && matches!(to, Node::Resource(..)) {
                        self.edge(from, Relation::References, to, must(span, text));
                    }
                }
            }
        }
    }
}

fn mentioned(resource: &Resource) -> Vec<(String, Span, &'static str)> {
    let values = resource.properties.iter().map(|(_, value)| value).chain(&resource.connectors);
    let mentions = values.flat_map(Value::mentions).filter(|found| found.kind != MentionKind::Condition);
    let named = mentions.map(|found| (found.name.text, found.name.span, "it is named here"));
    let after =
        resource.depends_on.iter().map(|name| (name.text.clone(), name.span, "it must be there first"));
    named.chain(after).collect()
}

fn reached(graph: &Graph, route: &Route) -> Option<(Relation, Node)> {
    match &route.target {
        Target::Function(function) => Some((Relation::Triggers, place(graph, route.template, function))),
        Target::Service { action, resource } => {
            let outside = || Node::External(action.clone());
            Some((
                Relation::Calls,
                resource.as_ref().map_or_else(outside, |found| place(graph, route.template, found)),
            ))
        }
        Target::Http(url) => Some((Relation::Calls, Node::External(url.clone()))),
        Target::Mock | Target::None => None,
    }
}

/// The function of another template that a state calls.
fn elsewhere(graph: &Graph, task: &Task) -> Option<(TemplateId, String)> {
    let Some(Reference::Text(text)) = &task.target else { return None };
    let named = Reference::Text(unqualified(text).to_owned());
    let Member { template, id } = (Resolver { graph }).resource(task.template, &named)?;
    let is_it = |function: &Function| function.id.text == id;
    of_template(&graph.functions, template).iter().any(is_it).then_some((template, id))
}

/// A name or an ARN of a function without its alias or version: `${Name}` of
/// `arn:aws:lambda:...:function:${Name}:live`.
fn unqualified(text: &str) -> &str {
    let name = text.rsplit_once(":function:").map_or(text, |(_, name)| name);
    match name.split_once("}:") {
        Some((before, _)) if !before.contains("${Fn::") => &name[..=before.len()],
        _ => name.rsplit_once(")}:").map_or(name, |(before, _)| &name[..before.len() + 2]),
    }
}

/// Whether a state's target is a function or a state machine.
fn runs(graph: &Graph, task: &Task, target: &Reference) -> bool {
    if task.elsewhere.is_some() {
        return true;
    }
    let Node::Resource(template, id) = place(graph, task.template, target) else { return false };
    let is_function = |function: &Function| function.id.text == id;
    let mut machines = of_template(&graph.state_machines, template).iter();
    of_template(&graph.functions, template).iter().any(is_function)
        || machines.any(|machine| machine.id.text == id)
}

/// A resource of this template, or of another that hands it on; else what is written.
fn place(graph: &Graph, template: TemplateId, reference: &Reference) -> Node {
    match reference {
        Reference::Resource(id) => Node::Resource(template, id.clone()),
        Reference::Text(text) => match (Resolver { graph }).resource(template, reference) {
            Some(Member { template, id }) => Node::Resource(template, id),
            None => Node::External(text.clone()),
        },
    }
}

/// What a value points at, one for each branch of `Fn::If`.
fn aims(graph: &Graph, id: TemplateId, value: &Value) -> Vec<Node> {
    let Some(template) = graph.templates.get(id.0) else { return Vec::new() };
    value
        .branches()
        .into_iter()
        .map(|(branch, _)| place(graph, id, &reference_in(template, branch)))
        .collect()
}

fn subject(template: TemplateId, subject: &Subject) -> Node {
    match subject {
        Subject::Function(id) | Subject::StateMachine(id) => Node::Resource(template, id.clone()),
    }
}

fn must(span: Span, text: impl Into<String>) -> Evidence {
    Evidence { span, certainty: Certainty::Must, text: text.into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::testing::graph;

    const TEMPLATE: &str = "Transform: AWS::Serverless-2016-10-31
Resources:
  Work:
    Type: AWS::Serverless::Function
    Properties:
      Layers: [!Ref Deps, 'arn:aws:lambda:eu-west-1:1:layer:x:1']
      Role: !GetAtt Own.Arn
      DeadLetterQueue: {Type: SQS, TargetArn: !GetAtt Failed.Arn}
      Environment: {Variables: {TABLE: !Ref Orders}}
      Events:
        Get: {Type: Api, Properties: {Path: /x, Method: get}}
        Jobs: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn}}
  Deps: {Type: AWS::Serverless::LayerVersion}
  Own: {Type: AWS::IAM::Role}
  Failed: {Type: AWS::SQS::Queue}
  Jobs: {Type: AWS::SQS::Queue, DependsOn: Failed}
  Orders: {Type: AWS::DynamoDB::Table}
";

    fn edges() -> Vec<(String, Relation, String)> {
        let graph = graph(TEMPLATE);
        let name = |node: &Node| match node {
            Node::Resource(_, id) => id.clone(),
            Node::Route(index) => format!("{} {}", graph.routes[*index].method, graph.routes[*index].path),
            Node::Task(index) => graph.tasks[*index].state.text.clone(),
            Node::External(text) => text.clone(),
        };
        let relations = &graph.relations;
        relations
            .edge_indices()
            .filter_map(|edge| {
                let (from, to) = relations.edge_endpoints(edge)?;
                Some((name(&relations[from]), relations[edge].relation, name(&relations[to])))
            })
            .collect()
    }

    #[test]
    fn lists_and_references_become_edges() {
        let found = edges();
        let has = |from: &str, relation, to: &str| {
            assert!(
                found.contains(&(from.to_owned(), relation, to.to_owned())),
                "{from} {relation:?} {to}: {found:?}"
            );
        };
        has("ServerlessRestApi", Relation::Contains, "GET /x");
        has("GET /x", Relation::Triggers, "Work");
        has("Jobs", Relation::Triggers, "Work");
        has("Work", Relation::Uses, "Deps");
        has("Work", Relation::Uses, "arn:aws:lambda:eu-west-1:1:layer:x:1");
        has("Work", Relation::FailsTo, "Failed");
        has("Work", Relation::Assumes, "Own");
        has("Work", Relation::References, "Orders");
        has("Jobs", Relation::References, "Failed");
        assert!(!found.contains(&("Work".to_owned(), Relation::References, "Work".to_owned())));
    }

    #[test]
    fn a_function_goes_by_its_name_without_a_qualifier() {
        for (text, name) in [
            ("${Work}", "${Work}"),
            ("${WorkArn}:$LATEST", "${WorkArn}"),
            ("${Fn::ImportValue(${Stack}:Work)}:live", "${Fn::ImportValue(${Stack}:Work)}"),
            ("${Fn::ImportValue(${Stack}:Work)}", "${Fn::ImportValue(${Stack}:Work)}"),
            ("arn:aws:lambda:${AWS::Region}:1:function:${Work}:1", "${Work}"),
        ] {
            assert_eq!(unqualified(text), name);
        }
    }

    #[test]
    fn edges_come_once_and_in_one_order() {
        let mut unique = edges();
        assert_eq!(unique, edges());
        let all = unique.len();
        unique.sort();
        unique.dedup();
        assert_eq!(unique.len(), all);
    }
}
