//! From templates to the graph: what the application would contain once deployed.
//!
//! One file per area; each reads one template through its [`Scope`] and adds to the lists of the
//! graph. Relations come last, when all lists are full and handlers are linked.

mod apis;
mod authorization;
mod events;
mod functions;
mod graphql;
mod integration;
mod openapi;
mod permissions;
mod plain_apis;
mod plain_events;
mod reference;
mod relations;
mod state_machines;
mod stores;

use super::model::{Graph, Reference, TemplateId};
pub(super) use reference::reference_in;
pub use relations::link as relate;

use crate::evidence::Problem;
use crate::source::{self, SourceId, Sources};
use crate::template::{Nested, Template, Value, nested_stacks};

/// One template while it is linked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scope<'a> {
    pub id: TemplateId,
    pub template: &'a Template,
    /// Which template of this run deploys which.
    pub nested: &'a [Nested],
    pub sources: &'a Sources,
}

/// What a text in `Fn::Sub` style points at, as seen from a template.
pub fn reference_of(graph: &Graph, sources: &Sources, id: TemplateId, text: &str) -> Reference {
    let templates = &graph.templates;
    Scope { id, template: &templates[id.0], nested: &[], sources }.reference_of(text)
}

/// Links templates to one graph. Values are kept as written; handlers are linked later, and then all is
/// [related](relate).
///
/// Problems: definitions that are named and cannot be read.
pub fn link(templates: Vec<Template>, sources: &Sources) -> (Graph, Vec<Problem>) {
    let mut graph = Graph::default();
    let mut problems = Vec::new();
    let nested = nested_stacks(sources, &templates);
    for (index, template) in templates.iter().enumerate() {
        let scope = Scope { id: TemplateId(index), template, nested: &nested, sources };
        functions::link(&scope, &mut graph);
        apis::link(&scope, &mut graph, &mut problems);
        plain_apis::link(&scope, &mut graph, &mut problems);
        events::link(&scope, &mut graph);
        plain_events::link(&scope, &mut graph);
        state_machines::link(&scope, &mut graph, &mut problems);
        stores::link(&scope, &mut graph);
        graphql::link(&scope, &mut graph);
        permissions::link(&scope, &mut graph);
    }
    graph.templates = templates;
    (graph, problems)
}

impl Scope<'_> {
    /// The file a property names, relative to the template or, of a part that was joined to it, to the
    /// part. Objects in a bucket and what lies behind a URL are no files.
    ///
    /// Problems: the file is not there.
    fn local_file(&self, location: &Value, problems: &mut Vec<Problem>) -> Option<SourceId> {
        let path = location.as_str().filter(|path| !path.contains("://") && !path.starts_with("arn:"))?;
        let written = location.span.source;
        let places = [self.template.source, written];
        let found = places
            .into_iter()
            .find_map(|place| self.sources.find(&source::join(self.sources.folder(place), path)));
        if found.is_none() {
            let text = format!("the file `{path}` is not there, so what it defines is not known");
            problems.push(Problem::at(self.sources.path(written), location.span, text));
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::graph::model::{EventSource, Reference, Route, Subject, Target};
    use crate::template::parse;

    /// The graph of one template, `template.yaml`, with further files beside it.
    pub(super) fn linked(template: &str, files: &[(&str, &str)]) -> (Graph, Vec<Problem>) {
        let (sources, templates) = read(template, files);
        link(templates, &sources)
    }

    /// Calls `test` with the scope of one template.
    pub(super) fn scoped(template: &str, test: impl FnOnce(&Scope<'_>)) {
        let (sources, templates) = read(template, &[]);
        test(&Scope { id: TemplateId(0), template: &templates[0], nested: &[], sources: &sources });
    }

    /// `GET /items -> Work [Authorizer]`, with the API in front.
    pub(super) fn routes(graph: &Graph) -> Vec<String> {
        let target = |target: &Target| match target {
            Target::Function(function) => text(Some(function)),
            Target::Service { action, resource } => format!("{action} {}", text(resource.as_ref())),
            Target::Http(url) => url.clone(),
            Target::Mock => "mock".to_owned(),
            Target::None => "nothing".to_owned(),
        };
        let line = |route: &Route| {
            let (api, auth) = (text(Some(&route.api)), route.auth.join(" "));
            format!("{api}: {} {} -> {} [{auth}]", route.method, route.path, target(&route.target))
        };
        graph.routes.iter().map(line).collect()
    }

    /// `Work sqs Queue`.
    pub(super) fn event_sources(graph: &Graph) -> Vec<String> {
        let line = |event: &EventSource| {
            let (Subject::Function(id) | Subject::StateMachine(id)) = &event.subject;
            format!("{id} {} {}", event.kind, text(event.source.as_ref()))
        };
        graph.event_sources.iter().map(line).collect()
    }

    pub(super) fn text(reference: Option<&Reference>) -> String {
        match reference {
            Some(Reference::Resource(text) | Reference::Text(text)) => text.clone(),
            None => "-".to_owned(),
        }
    }

    fn read(template: &str, files: &[(&str, &str)]) -> (Sources, Vec<Template>) {
        let mut texts: BTreeMap<String, String> =
            files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
        texts.insert("template.yaml".to_owned(), template.to_owned());
        let sources = Sources::in_memory(texts);
        let id = sources.find("template.yaml").expect("it was given");
        let (template, problems) = parse(&sources, id);
        assert_eq!(problems, []);
        (sources, vec![template.expect("it is a template")])
    }
}
