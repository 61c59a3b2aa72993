//! Taking a function away when nothing reaches it any more, with all that is only there for it.
//!
//! What speaks of the function is looked for in the text as the refactoring leaves it, and goes where it
//! has no other purpose: permissions to invoke it, outputs, substitutions, its log group and role. Where
//! anything else speaks of it, the function is still needed.

mod code;
pub(super) mod mentions;
mod permissions;

use std::collections::BTreeSet;

use super::draft::{Draft, Place, Step};
use super::{Options, Refusal};
use crate::aws::companions;
use crate::graph::forwarding::Trigger;
use crate::graph::{App, FunctionRef, Node, Reference, Relation, TemplateId};
use crate::source::{SourceId, Span};
use crate::template::{Template, Value};

/// What became of a function after its triggers were moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    Retired(Retired),
    /// It stays, and why: "`GET /carts` reaches it too".
    Kept(String),
}

/// All that went with a function.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Retired {
    /// Logical ids, the function's first.
    pub resources: Vec<String>,
    pub outputs: Vec<String>,
    /// Files of code that nothing else uses.
    pub files: Vec<SourceId>,
    /// Lines of code in these files.
    pub lines: usize,
}

/// Takes the function out of a draft in which the triggers `moved` no longer reach it.
///
/// # Errors
/// What still needs the function.
pub fn retire(
    draft: &mut Draft<'_>,
    app: &App<'_>,
    function: FunctionRef<'_>,
    moved: &[Trigger<'_>],
    options: Options,
) -> Result<Fate, Vec<Refusal>> {
    let mut others = function.triggers().filter(|trigger| !moved.iter().any(|one| one.is(trigger)));
    let kept = match others.next() {
        _ if options.keep_function => Some("as asked".to_owned()),
        other => other.map(|other| format!("{} reaches it too", other.told())),
    };
    if let Some(why) = kept {
        let gone = permissions::revoke(draft, app, function, moved);
        let gone = gone.iter().map(|id| format!("; `{id}` goes, as no route needs it now"));
        return Ok(Fate::Kept(why + &gone.collect::<String>()));
    }
    let needs = needed_elsewhere(app, function);
    if !needs.is_empty() {
        return Err(needs);
    }
    let template = function.template();
    let mut work = Work { draft, app, template, function, gone: Retired::default(), left: BTreeSet::new() };
    work.resource(&function.id.text)?;
    work.belongings()?;
    let (files, lines) = code::only_of(app, function);
    let mut gone = work.gone;
    files.iter().for_each(|file| draft.delete(*file));
    gone.files = files;
    gone.lines = lines;
    Ok(Fate::Retired(gone))
}

/// Takes away what lets a state machine invoke a function that it no longer calls.
///
/// # Errors
/// Where the layout of the place is too unusual.
pub fn release(
    draft: &mut Draft<'_>,
    app: &App<'_>,
    function: FunctionRef<'_>,
    machine: &str,
) -> Result<(), Vec<Refusal>> {
    let template = function.template();
    let work = Work { draft, app, template, function, gone: Retired::default(), left: BTreeSet::new() };
    let id = &function.id.text;
    // A place that cannot go is passed over: retiring the function tells what it is.
    let mut passed = 0;
    loop {
        let mentions = mentions::all(work.draft, template, id);
        let own = |place: &&Place| place.keys().starts_with(&["Resources", machine]);
        let Some(mention) = mentions.iter().filter(own).nth(passed) else { return Ok(()) };
        match work.prune(id, mention) {
            Ok(Prune::Place(place)) => work.draft.prune(&place, PROPERTIES)?,
            _ => passed += 1,
        }
    }
}

/// Callers that the graph knows, besides the triggers.
fn needed_elsewhere(app: &App<'_>, function: FunctionRef<'_>) -> Vec<Refusal> {
    let id = &function.id;
    let mut needs = Vec::new();
    let relations = &app.graph.relations;
    let own = Node::Resource(function.template, id.text.clone());
    let index = relations.node_indices().find(|index| relations[*index] == own);
    for edge in index.into_iter().flat_map(|index| relations.edges_directed(index, petgraph::Incoming)) {
        use petgraph::visit::EdgeRef;
        if edge.weight().relation == Relation::Invokes
            && let Node::Resource(_, caller) = &relations[edge.source()]
        {
            needs.push(Refusal::new(edge.weight().evidence.span, format!("`{caller}` invokes it")));
        }
    }
    let is_own = |reference: &Reference| matches!(reference, Reference::Resource(name) if *name == id.text);
    let here = |template| template == function.template;
    for url in app.graph.function_urls.iter().filter(|url| here(url.template) && is_own(&url.function)) {
        needs.push(Refusal::new(url.span, "it has a URL of its own"));
    }
    for source in app.graph.data_sources.iter().filter(|source| here(source.template)) {
        if source.target.as_ref().is_some_and(is_own) {
            needs.push(Refusal::new(source.span, format!("the data source `{}` uses it", source.name)));
        }
    }
    let failing = app.graph.functions.iter().filter(|other| here(other.template));
    for other in failing.filter(|other| other.id.text != id.text) {
        for target in [&other.on_success, &other.on_failure, &other.dead_letter].into_iter().flatten() {
            if target.mentions().iter().any(|mention| mention.name.text == id.text) {
                needs.push(Refusal::new(target.span, format!("`{}` hands on to it", other.id.text)));
            }
        }
    }
    needs
}

struct Work<'d, 'a, 'f> {
    draft: &'d mut Draft<'a>,
    app: &'f App<'f>,
    template: &'f Template,
    function: FunctionRef<'f>,
    gone: Retired,
    /// Resources that what is gone spoke of.
    left: BTreeSet<String>,
}

/// What to take away for a mention.
enum Prune {
    Place(Place),
    Output(String),
    Resource(String),
}

/// Steps of `Resources/Id/Properties`, which stay.
const PROPERTIES: usize = 3;

impl Work<'_, '_, '_> {
    /// Takes a resource away, and first what speaks of it.
    fn resource(&mut self, id: &str) -> Result<(), Vec<Refusal>> {
        let place = self.place(&["Resources", id]);
        let Some(value) = self.draft.value(&place) else {
            return Err(
                Refusal::new(self.span_of(id), format!("`{id}` is not written in this template")).into()
            );
        };
        self.gone.resources.push(id.to_owned());
        let spoken = value.mentions().into_iter().map(|mention| mention.name.text);
        self.left.extend(spoken.filter(|name| name != id));
        while let Some(mention) = mentions::next(self.draft, self.template, id) {
            match self.prune(id, &mention)? {
                Prune::Place(place) => self.draft.prune(&place, PROPERTIES)?,
                Prune::Output(name) => {
                    self.draft.prune(&self.place(&["Outputs", &name]), 0)?;
                    self.gone.outputs.push(name);
                }
                Prune::Resource(other) => self.resource(&other)?,
            }
        }
        self.draft.prune(&place, 0)?;
        Ok(())
    }

    /// Takes away what only this function used.
    fn belongings(&mut self) -> Result<(), Vec<Refusal>> {
        while let Some(id) = self.left.pop_first() {
            let is_belonging = self.kind(&id).is_some_and(|kind| companions::belongs(&kind));
            if is_belonging && mentions::next(self.draft, self.template, &id).is_none() {
                self.resource(&id)?;
            }
        }
        Ok(())
    }

    fn prune(&self, id: &str, mention: &Place) -> Result<Prune, Vec<Refusal>> {
        let keys = mention.keys();
        let whole = mention.source == self.template.source;
        match keys.as_slice() {
            ["Outputs", name, ..] if whole => self.output(name),
            ["Resources", owner, ..] if whole => self.in_resource(id, owner, mention),
            _ => Err(self.needed(mention, format!("`{}` is spoken of here", id))),
        }
    }

    fn output(&self, name: &str) -> Result<Prune, Vec<Refusal>> {
        let span = self.template.outputs.iter().find(|output| output.name.text == name);
        let refuse = |text: String| {
            Err(vec![Refusal::new(
                span.map_or_else(|| self.function.span(), |output| output.name.span),
                text,
            )])
        };
        if self.draft.has(&self.place(&["Outputs", name, "Export"])) {
            return refuse(format!("the output `{name}` is exported to other stacks"));
        }
        let attribute = format!("Outputs.{name}");
        let asks = |value: &Value| {
            value.mentions().iter().any(|mention| mention.attribute.as_deref() == Some(attribute.as_str()))
        };
        let used = self
            .app
            .resources()
            .any(|(_, resource)| resource.properties.iter().any(|(_, value)| asks(value)));
        if used {
            return refuse(format!("the output `{name}` is used by another template"));
        }
        Ok(Prune::Output(name.to_owned()))
    }

    fn in_resource(&self, id: &str, owner: &str, mention: &Place) -> Result<Prune, Vec<Refusal>> {
        let kind = self.kind(owner).unwrap_or_default();
        if companions::goes_along(&kind) {
            return Ok(Prune::Resource(owner.to_owned()));
        }
        let keys: Vec<&str> = mention
            .steps
            .iter()
            .map(|step| match step {
                Step::Key(key) => key.as_str(),
                Step::Item(_) | Step::Text => "*",
            })
            .collect();
        let upto = |count: usize| Place { source: mention.source, steps: mention.steps[..count].to_vec() };
        match &keys[2..] {
            ["DependsOn", ..] => Ok(Prune::Place(mention.clone())),
            ["Connectors", _, ..] => Ok(Prune::Place(upto(4))),
            ["Properties", "DefinitionSubstitutions", name, ..] => {
                if self.is_filled(owner, name) {
                    return Err(self.needed(mention, format!("`{owner}` still calls it")));
                }
                Ok(Prune::Place(upto(5)))
            }
            ["Properties", "Environment", "Variables", name, ..] => {
                if !is_idle(self.app, self.function.template, owner, name) {
                    return Err(self.needed(mention, format!("`{owner}` is given it as `{name}`")));
                }
                Ok(Prune::Place(upto(6)))
            }
            ["Properties", "Roles", ..] if kind == "AWS::IAM::Policy" => {
                Ok(Prune::Resource(owner.to_owned()))
            }
            ["Properties", rest @ ..] => self.in_policy(owner, &kind, rest, mention).unwrap_or_else(|| {
                let what = if kind == "AWS::CloudWatch::Alarm" { "watches" } else { "speaks of" };
                Err(self.needed(mention, format!("`{owner}` {what} `{id}`")))
            }),
            _ => Err(self.needed(mention, format!("`{owner}` speaks of `{id}`"))),
        }
    }

    /// A permission to use it. `None` where the mention is no such thing.
    fn in_policy(
        &self,
        owner: &str,
        kind: &str,
        keys: &[&str],
        mention: &Place,
    ) -> Option<Result<Prune, Vec<Refusal>>> {
        let upto = |count: usize| Place { source: mention.source, steps: mention.steps[..count].to_vec() };
        // From here on `keys` begin behind `Resources/Owner/Properties`.
        let (policy, inside) = match keys {
            ["Policies", "*", rest @ ..] => (Some(upto(PROPERTIES + 2)), rest),
            ["Policies", rest @ ..] => (Some(upto(PROPERTIES + 1)), rest),
            rest if matches!(kind, "AWS::IAM::Policy" | "AWS::IAM::ManagedPolicy") => (None, rest),
            _ => return None,
        };
        let whole = || policy.clone().map_or_else(|| Prune::Resource(owner.to_owned()), Prune::Place);
        let Some(at) = inside.iter().position(|key| *key == "Statement") else {
            // A policy template, by its parameters.
            return inside.first().is_some_and(|name| name.ends_with("Policy")).then(|| Ok(whole()));
        };
        let start = mention.steps.len() - inside.len();
        let of_list = inside.get(at + 1) == Some(&"*");
        let statement = upto(start + at + 1 + usize::from(of_list));
        let rest = &inside[at + 1 + usize::from(of_list)..];
        let only = |place: &Place| self.draft.at(place, |_, node| node.items().len() == 1) == Some(true);
        match rest {
            ["Resource", "*", ..] if !only(&statement.key("Resource")) => {
                Some(Ok(Prune::Place(upto(statement.steps.len() + 2))))
            }
            ["Resource", ..] if !of_list || only(&upto(start + at + 1)) => Some(Ok(whole())),
            ["Resource", ..] => Some(Ok(Prune::Place(statement))),
            _ => None,
        }
    }

    /// Whether a definition still has the placeholder.
    fn is_filled(&self, machine: &str, name: &str) -> bool {
        let placeholder = format!("${{{name}}}");
        let machine = self.app.state_machines().find(|known| known.id.text == machine);
        let definition = machine.and_then(|machine| machine.definition.as_ref());
        definition.is_none_or(|definition| self.draft.text(definition.span.source).contains(&placeholder))
    }

    fn kind(&self, id: &str) -> Option<String> {
        let kind = self.draft.value(&self.place(&["Resources", id, "Type"]))?;
        kind.as_str().map(str::to_owned)
    }

    fn place(&self, keys: &[&str]) -> Place {
        Place::new(self.template.source, keys)
    }

    fn span_of(&self, id: &str) -> Span {
        self.template.resource(id).map_or_else(|| self.function.span(), |resource| resource.id.span)
    }

    fn needed(&self, mention: &Place, text: String) -> Vec<Refusal> {
        Refusal::new(self.draft.first_span(mention), text).into()
    }
}

/// Whether a function does not read one of its variables.
pub fn is_idle(app: &App<'_>, template: TemplateId, function: &str, variable: &str) -> bool {
    let function = app.function(template, function);
    let Some(summary) = function.and_then(|function| function.summary()) else { return false };
    let reads = |name: &str| name == variable || name == crate::summary::EnvRead::ANY;
    summary.is_followed() && !summary.env_reads.iter().any(|read| reads(&read.name))
}

#[cfg(test)]
mod tests;
