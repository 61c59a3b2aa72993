//! From templates to the graph: what the application would contain once deployed.
//!
//! One file per area; each reads one template through its [`Scope`] and adds to the lists of the
//! graph. Relations come last, when all lists are full.

mod permissions;
mod relations;

use super::model::{Graph, TemplateId};
use crate::evidence::Problem;
use crate::source::Sources;
use crate::template::Template;

/// One template while it is linked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scope<'a> {
    pub id: TemplateId,
    pub template: &'a Template,
    /// All templates of this run, for nested applications.
    pub templates: &'a [Template],
    pub sources: &'a Sources,
}

/// Links templates to one graph. Values are kept as written; handlers are linked later.
///
/// Problems: definitions that are named and cannot be read.
pub fn link(templates: Vec<Template>, sources: &Sources) -> (Graph, Vec<Problem>) {
    let mut graph = Graph::default();
    let mut problems = Vec::new();
    for (index, template) in templates.iter().enumerate() {
        let scope = Scope { id: TemplateId(index), template, templates: &templates, sources };
        permissions::link(&scope, &mut graph, &mut problems);
    }
    graph.templates = templates;
    relations::link(&mut graph);
    (graph, problems)
}
