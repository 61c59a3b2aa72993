//! What the open symbols of a summary mean in the template that deploys it.

use crate::aws::physical_names::physical_name;
use crate::graph::{self, Behaviour, Function, Graph, Reference, TemplateId};
use crate::source::Sources;
use crate::summary::Symbol;
use crate::template::{Template, Value};

/// What each effect of the summary acts on, in the order of its effects.
pub fn targets(
    graph: &Graph,
    sources: &Sources,
    function: usize,
    behaviour: &Behaviour,
) -> Vec<Option<Reference>> {
    let Some(summary) = &behaviour.summary else { return Vec::new() };
    let function = &graph.functions[function];
    let linker = Linker { graph, sources, function, template: &graph.templates[function.template.0] };
    summary.effects.iter().map(|effect| linker.target(&effect.on)).collect()
}

struct Linker<'a> {
    graph: &'a Graph,
    sources: &'a Sources,
    function: &'a Function,
    template: &'a Template,
}

impl Linker<'_> {
    fn target(&self, symbol: &Symbol) -> Option<Reference> {
        let text = self.text(symbol)?;
        Some(self.meaning(&text))
    }

    /// The symbol in `Fn::Sub` style; `None` where a part of it is known at run time only.
    fn text(&self, symbol: &Symbol) -> Option<String> {
        match symbol {
            Symbol::Name(name) => Some(name.clone()),
            Symbol::Env(name) => self.variable(name).map(Value::text),
            Symbol::Text(parts) => parts.iter().map(|part| self.text(part)).collect(),
            Symbol::Event(_) | Symbol::Context(_) | Symbol::Result(..) | Symbol::Unknown => None,
        }
    }

    fn variable(&self, name: &str) -> Option<&Value> {
        self.function.environment.iter().find(|(known, _)| known.text == name).map(|(_, value)| value)
    }

    /// The resource that a text refers to, or whose physical name it is.
    fn meaning(&self, text: &str) -> Reference {
        let id: TemplateId = self.function.template;
        match graph::reference_of(self.graph, self.sources, id, text) {
            Reference::Text(text) => match self.named(&text) {
                Some(resource) => Reference::Resource(resource),
                None => Reference::Text(text),
            },
            resource => resource,
        }
    }

    fn named(&self, text: &str) -> Option<String> {
        let world = self.template.world([]);
        let mut named = self.template.resources.iter().filter(|resource| {
            let name =
                physical_name(&resource.kind.text).and_then(|naming| resource.property(&naming.property));
            name.is_some_and(|name| {
                name.text() == text
                    || name.evaluate(&world, self.template).scalar().is_some_and(|name| name == text)
            })
        });
        let first = named.next()?;
        named.next().is_none().then(|| first.id.text.clone())
    }
}
