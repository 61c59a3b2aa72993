//! Questions that rules and reports ask the graph.

use std::any::{Any, TypeId};
use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rustc_hash::FxHashMap;

use super::access::{OfFunctions, Rights};
use super::forwarding::{Invocation, Trigger, Verdicts};
use super::model::{
    Api, EventSource, Function, Graph, ManagedPolicy, Reference, Route, StateMachine, Statement, Subject,
    Target, Task, TemplateId,
};
use super::packaging::Packaging;
use super::placed::{numbered, of_template};
use super::services::Services;
use super::waits::{Waits, waits};
use crate::evidence::enumerated;
use crate::source::{SourceId, Sources, Span};
use crate::summary::Summary;
use crate::template::environments::Deployments;
use crate::template::{Name, Resource, Skipped, Template, Value, World};

/// The application as rules see it.
#[derive(Debug)]
pub struct App<'a> {
    pub sources: &'a Sources,
    pub graph: Graph,
    pub services: Services,
    /// What files say about deployments.
    pub deployments: Deployments,
    /// Templates that were recognised and left out on purpose.
    pub skipped: Vec<Skipped>,
    packaging: OnceLock<Packaging>,
    rights: OfFunctions,
    verdicts: Verdicts,
    shared: Shared,
}

/// What several rules compute from an application, by type.
type Shared = Mutex<FxHashMap<TypeId, Arc<OnceLock<Arc<dyn Any + Send + Sync>>>>>;

impl<'a> App<'a> {
    pub fn new(
        sources: &'a Sources,
        graph: Graph,
        services: Services,
        deployments: Deployments,
        skipped: Vec<Skipped>,
    ) -> Self {
        let (verdicts, packaging, shared) = (Verdicts::default(), OnceLock::new(), Shared::default());
        let rights = OfFunctions::new(&graph);
        Self { sources, graph, services, deployments, skipped, packaging, rights, verdicts, shared }
    }
}

impl App<'_> {
    /// What is deployed for each function and layer; looked up when it is first asked for.
    pub fn packaging(&self) -> &Packaging {
        self.packaging.get_or_init(|| Packaging::of(&self.graph, self.sources))
    }

    /// What follows from the application alone, computed by the first rule that asks for its type.
    pub fn once<T: Any + Send + Sync>(&self, compute: impl Fn(&Self) -> T) -> Arc<T> {
        let of_type = {
            let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(shared.entry(TypeId::of::<T>()).or_default())
        };
        let known = Arc::clone(of_type.get_or_init(|| Arc::new(compute(self))));
        known.downcast().unwrap_or_else(|_| Arc::new(compute(self)))
    }

    /// Keeps what was of use on the way for as long as the application: to free it takes time that a run
    /// which ends soon can do without.
    pub fn keep<T: Any + Send + Sync>(&self, value: T) {
        let of_type = Arc::new(OnceLock::from(Arc::new(value) as Arc<dyn Any + Send + Sync>));
        self.shared.lock().unwrap_or_else(PoisonError::into_inner).insert(TypeId::of::<T>(), of_type);
    }

    pub fn templates(&self) -> impl Iterator<Item = (TemplateId, &Template)> {
        self.graph.templates.iter().enumerate().map(|(index, template)| (TemplateId(index), template))
    }

    pub fn template(&self, id: TemplateId) -> &Template {
        &self.graph.templates[id.0]
    }

    /// All resources of all templates, in order.
    pub fn resources(&self) -> impl Iterator<Item = (TemplateId, &Resource)> {
        self.templates()
            .flat_map(|(id, template)| template.resources.iter().map(move |resource| (id, resource)))
    }

    pub fn functions(&self) -> impl Iterator<Item = FunctionRef<'_>> {
        self.graph.functions.iter().map(|function| FunctionRef { app: self, function })
    }

    /// The functions of a template.
    pub fn functions_of(&self, template: TemplateId) -> impl Iterator<Item = FunctionRef<'_>> {
        let own = of_template(&self.graph.functions, template).iter();
        own.map(|function| FunctionRef { app: self, function })
    }

    /// The function at an index into those of the graph.
    pub fn function_at(&self, index: usize) -> Option<FunctionRef<'_>> {
        Some(FunctionRef { app: self, function: self.graph.functions.get(index)? })
    }

    pub fn function(&self, template: TemplateId, id: &str) -> Option<FunctionRef<'_>> {
        Some(self.numbered_function(template, id)?.1)
    }

    /// The same, with its index into the functions of the graph.
    pub fn numbered_function(&self, template: TemplateId, id: &str) -> Option<(usize, FunctionRef<'_>)> {
        let mut own = numbered(&self.graph.functions, template);
        let (index, function) = own.find(|(_, function)| function.id.text == id)?;
        Some((index, FunctionRef { app: self, function }))
    }

    pub fn state_machines(&self) -> impl Iterator<Item = &StateMachine> {
        self.graph.state_machines.iter()
    }

    pub fn api(&self, template: TemplateId, id: &str) -> Option<&Api> {
        of_template(&self.graph.apis, template).iter().find(|api| api.id == id)
    }

    /// The state machine of a task, and the state as its definition has it.
    pub fn state(&self, task: &Task) -> Option<(&StateMachine, &Value)> {
        let of_task = |machine: &&StateMachine| {
            machine.template == task.template && machine.id.text == task.state_machine
        };
        let machine = self.state_machines().find(of_task)?;
        Some((machine, state_at(machine.definition.as_ref()?, &task.state)?))
    }

    /// The condition under which a route is deployed: that of the resource that makes it.
    pub fn condition_of(&self, route: &Route) -> Option<&Name> {
        let makes = |resource: &&Resource| resource.id.span.to(resource.span).contains(route.span);
        self.template(route.template).resources.iter().find(makes)?.condition.as_ref()
    }

    /// Files of handlers that were read.
    pub fn handler_sources(&self) -> impl Iterator<Item = SourceId> + '_ {
        let files = self.graph.functions.iter().filter_map(|function| function.behaviour.file.as_deref());
        files.filter_map(|path| self.sources.find(path))
    }

    /// The path of the template whose file holds a span.
    pub fn template_path_at(&self, span: Span) -> Option<String> {
        let template = self.graph.templates.iter().find(|template| template.source == span.source)?;
        Some(template.path.clone())
    }
}

impl Graph {
    /// The path of the file that declares a function: its template, or the part of it that has it.
    pub fn declared_in<'a>(&'a self, function: &Function, sources: &'a Sources) -> &'a str {
        let template = &self.templates[function.template.0];
        match template.resource(&function.id.text) {
            Some(resource) if resource.declared_in != template.source => sources.path(resource.declared_in),
            _ => &template.path,
        }
    }
}

/// A handle to a function, from which its surroundings are reached.
#[derive(Clone, Copy)]
pub struct FunctionRef<'a> {
    app: &'a App<'a>,
    function: &'a Function,
}

impl fmt::Debug for FunctionRef<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "FunctionRef({})", self.function.id.text)
    }
}

impl fmt::Display for FunctionRef<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.function.id.text)
    }
}

impl Deref for FunctionRef<'_> {
    type Target = Function;

    fn deref(&self) -> &Function {
        self.function
    }
}

impl<'a> FunctionRef<'a> {
    /// Its logical id in the template: where findings about a function stand.
    pub fn span(&self) -> Span {
        self.function.id.span
    }

    pub fn template(&self) -> &'a Template {
        self.app.template(self.function.template)
    }

    /// The path of the file that declares it.
    pub fn declared_in(&self) -> &'a str {
        self.app.graph.declared_in(self.function, self.app.sources)
    }

    pub fn resource(&self) -> Option<&'a Resource> {
        self.template().resource(&self.function.id.text)
    }

    /// A property of its resource, after Globals.
    pub fn property(&self, name: &str) -> Option<&'a Value> {
        self.resource()?.property(name)
    }

    pub fn subject(&self) -> Subject {
        Subject::Function(self.function.id.text.clone())
    }

    /// Routes that reach it.
    pub fn routes(&self) -> impl Iterator<Item = &'a Route> + use<'a> {
        let function = self.function;
        of_template(&self.app.graph.routes, function.template).iter().filter(move |route| {
            matches!(&route.target, Target::Function(Reference::Resource(id)) if *id == function.id.text)
        })
    }

    pub fn event_sources(&self) -> impl Iterator<Item = &'a EventSource> + use<'a> {
        let function = self.function;
        of_template(&self.app.graph.event_sources, function.template)
            .iter()
            .filter(move |event| matches!(&event.subject, Subject::Function(id) if *id == function.id.text))
    }

    /// States of state machines that call it.
    pub fn tasks(&self) -> impl Iterator<Item = &'a Task> + use<'a> {
        let function = self.function;
        self.app.graph.tasks.iter().filter(move |task| {
            let here = task.template == function.template
                && matches!(&task.target, Some(Reference::Resource(id)) if *id == function.id.text);
            let is_it = |(template, id): &(TemplateId, String)| {
                *template == function.template && *id == function.id.text
            };
            here || task.elsewhere.as_ref().is_some_and(is_it)
        })
    }

    /// Everything that reaches it: routes, states, events.
    pub fn triggers(&self) -> impl Iterator<Item = Trigger<'a>> + use<'a> {
        let routes = self.routes().map(Trigger::Route);
        routes.chain(self.tasks().map(Trigger::Task)).chain(self.event_sources().map(Trigger::Event))
    }

    /// What invokes it where nothing in the templates does.
    pub fn invocation(&self) -> Option<Trigger<'a>> {
        if self.triggers().next().is_some() {
            return None;
        }
        let here = Reference::Resource(self.function.id.text.clone());
        let mut known = false;
        let mut awaited = false;
        for other in self.app.functions_of(self.function.template) {
            let effects = other.summary().map(|summary| summary.effects.as_slice()).unwrap_or_default();
            for (effect, _) in
                effects.iter().zip(&other.behaviour.targets).filter(|(_, to)| to.as_ref() == Some(&here))
            {
                known = true;
                awaited |= waits(&effect.input) != Waits::No;
            }
        }
        Some(Trigger::Invocation(Invocation { span: self.span(), awaited: awaited || !known }))
    }

    /// Errors of a function's own that the state of a task retries or catches by name.
    pub fn handled_errors(&self, task: &Task) -> Vec<Name> {
        let mut names = Vec::new();
        if let Some((_, state)) = self.app.state(task) {
            let handlers = ["Retry", "Catch"].iter().filter_map(|key| state.get(key)?.as_list()).flatten();
            for error in handlers.filter_map(|handler| handler.get("ErrorEquals")?.as_list()).flatten() {
                let known = |text: &&str| !text.starts_with("States.") && !text.starts_with("Lambda.");
                names.extend(
                    error.as_str().filter(known).map(|text| Name { text: text.to_owned(), span: error.span }),
                );
            }
        }
        names
    }

    pub fn statements(&self) -> impl Iterator<Item = &'a Statement> + use<'a> {
        let function = self.function;
        of_template(&self.app.graph.statements, function.template).iter().filter(
            move |statement| matches!(&statement.subject, Subject::Function(id) if *id == function.id.text),
        )
    }

    pub fn managed_policies(&self) -> impl Iterator<Item = &'a ManagedPolicy> + use<'a> {
        let function = self.function;
        of_template(&self.app.graph.managed_policies, function.template)
            .iter()
            .filter(move |policy| matches!(&policy.subject, Subject::Function(id) if *id == function.id.text))
    }

    /// Asks about some values in every world in which the function is deployed, and gives the first
    /// answer together with the worlds that have one.
    pub fn in_worlds<'v, T>(
        &self,
        values: impl IntoIterator<Item = &'v Value>,
        ask: impl FnMut(&[Value]) -> Option<T>,
    ) -> Option<Held<T>>
    where
        'a: 'v,
    {
        in_worlds(self.template(), self.function.condition.as_ref(), values, ask)
    }

    /// What was judged so far.
    pub(super) fn verdicts(&self) -> &'a Verdicts {
        &self.app.verdicts
    }

    /// The application that it is a part of.
    pub fn app(&self) -> &'a App<'a> {
        self.app
    }

    /// Where what it may do is kept.
    pub(super) fn rights(&self) -> Option<&'a OnceLock<Rights>> {
        self.app.rights.at(self.app.graph.functions.element_offset(self.function)?)
    }

    /// The facts, for as long as the graph lives.
    pub fn get(&self) -> &'a Function {
        self.function
    }

    /// What each effect of its summary acts on, in the order of the effects.
    pub fn targets(&self) -> &'a [Option<Reference>] {
        &self.function.behaviour.targets
    }

    /// What its code does, where the code could be read.
    pub fn summary(&self) -> Option<&'a Summary> {
        self.function.behaviour.summary.as_deref()
    }
}

/// The state that stands under this key, wherever in the definition.
fn state_at<'v>(value: &'v Value, name: &Name) -> Option<&'v Value> {
    if let Some(map) = value.as_map() {
        let found = map.iter().find(|(key, _)| *key == name).map(|(_, state)| state);
        return found.or_else(|| map.iter().find_map(|(_, inner)| state_at(inner, name)));
    }
    value.as_list()?.iter().find_map(|inner| state_at(inner, name))
}

/// An answer and the worlds it holds in.
#[derive(Clone, Debug, PartialEq)]
pub struct Held<T> {
    pub value: T,
    /// `None` where it holds in all of them.
    pub world: Option<String>,
}

/// Asks about some values of a template in every world that their parameters and conditions tell
/// apart, and in which `condition` holds.
pub fn in_worlds<'v, T>(
    template: &'v Template,
    condition: Option<&'v Name>,
    values: impl IntoIterator<Item = &'v Value>,
    mut ask: impl FnMut(&[Value]) -> Option<T>,
) -> Option<Held<T>> {
    let mut first = None;
    let mut held = Vec::new();
    let mut missed = Vec::new();
    each_world(template, condition, values, |world, known| match ask(known) {
        Some(answer) => {
            held.push(world.clone());
            first.get_or_insert(answer);
        }
        None => missed.push(world.clone()),
    });
    Some(Held { value: first?, world: where_held(template, &held, &missed) })
}

/// The same, and every different answer with the worlds that give it; in the order of the worlds.
pub fn answers<'v, T: PartialEq>(
    template: &'v Template,
    condition: Option<&'v Name>,
    values: impl IntoIterator<Item = &'v Value>,
    mut ask: impl FnMut(&[Value]) -> T,
) -> Vec<Held<T>> {
    let mut found: Vec<(T, Vec<World>)> = Vec::new();
    each_world(template, condition, values, |world, known| {
        let answer = ask(known);
        match found.iter_mut().find(|(same, _)| *same == answer) {
            Some((_, held)) => held.push(world.clone()),
            None => found.push((answer, vec![world.clone()])),
        }
    });
    let all: Vec<World> = found.iter().flat_map(|(_, held)| held.clone()).collect();
    let described = |(value, held): (T, Vec<World>)| {
        let missed: Vec<World> = all.iter().filter(|world| !held.contains(world)).cloned().collect();
        Held { value, world: where_held(template, &held, &missed) }
    };
    found.into_iter().map(described).collect()
}

fn each_world<'v>(
    template: &'v Template,
    condition: Option<&'v Name>,
    values: impl IntoIterator<Item = &'v Value>,
    mut visit: impl FnMut(&World, &[Value]),
) {
    let values: Vec<&Value> = values.into_iter().collect();
    let worlds = template.worlds(values.iter().copied(), condition).worlds;
    for world in worlds.iter().filter(|world| world.allows(condition)) {
        let known: Vec<Value> = values.iter().map(|value| value.evaluate(world, template)).collect();
        visit(world, &known);
    }
}

/// `None` where it holds in all worlds that were asked.
fn where_held(template: &Template, held: &[World], missed: &[World]) -> Option<String> {
    let texts: Vec<String> = held.iter().map(described).collect();
    if missed.is_empty() || texts.iter().any(String::is_empty) {
        return None;
    }
    let named = only_in(template, |world| {
        let among = |worlds: &[World]| worlds.iter().any(|one| one.agrees(world));
        match (among(held), among(missed)) {
            (true, false) => Some(true),
            (false, true) => Some(false),
            _ => None,
        }
    });
    Some(named.unwrap_or_else(|| format!("where {}", texts.join(" or "))))
}

/// `only in prod`: the environments that files deploy and in whose worlds a thing holds. `None` where
/// it cannot be told for one of them, or holds in all or in none.
pub fn only_in(template: &Template, holds: impl Fn(&World) -> Option<bool>) -> Option<String> {
    let mut names = Vec::new();
    let mut asked = 0;
    for environment in template.deployed_environments() {
        asked += 1;
        if holds(&template.world_of(environment))? {
            names.push(environment.name.as_str());
        }
    }
    if names.is_empty() || names.len() == asked {
        return None;
    }
    Some(format!("only in {}", enumerated(&names)))
}

/// A world by what tells it from the others: `Environment is prod`, `IsProd holds`.
pub fn described(world: &World) -> String {
    let mut parts: Vec<String> = world
        .parameters
        .iter()
        .filter_map(|(name, value)| Some(format!("{name} is {}", value.scalar()?)))
        .collect();
    if parts.is_empty() {
        let said = |(name, holds): (&String, &bool)| {
            format!("{name} {}", if *holds { "holds" } else { "does not hold" })
        };
        parts = world.conditions.iter().map(said).collect();
    }
    parts.join(" and ")
}
