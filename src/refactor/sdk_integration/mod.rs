//! States of state machines that call a service themselves instead of a function that only makes the
//! call.

mod attributes;
mod call;
mod definition;
mod errors;
pub(super) mod fixed;
mod language;
mod result;
mod shapes;
mod value;

use serde_yaml::Value as Yaml;

use super::draft::{Draft, Place};
use super::moving::Move;
use super::permission::{Call, allow_machine};
use super::retire::release;
use super::{Kind, Offers, Options, Outcome, Refusal};
use crate::aws::direct;
use crate::graph::forwarding::{Forwarding, Trigger, Verdict, forwarding};
use crate::graph::{App, FunctionRef, Task};
use crate::source::Span;
use crate::summary::{Effect, Outcome as End, Shape, Summary, Symbol, Test};
use crate::template::Value;
use definition::Definition;
use language::Language;
use result::{Around, Form};
use shapes::Shapes;
use value::Expr;

pub(super) const KIND: Kind = Kind {
    id: "sdk-integration",
    summary: "a state calls the service itself",
    rules: &["pass-through-task"],
    offers: Offers::OfFunction(offer),
};

fn offer(app: &App<'_>, function: FunctionRef<'_>, options: Options) -> Option<Outcome> {
    let forwards = |task| match forwarding(function, Trigger::Task(task))? {
        Verdict::Forwards(what) if what.checks.is_empty() => Some((task, what)),
        _ => None,
    };
    let tasks: Vec<(&Task, Forwarding)> = function.tasks().filter_map(forwards).collect();
    let summary = function.summary().filter(|_| !tasks.is_empty())?;
    Some(rewritten(app, function, summary, &tasks, options))
}

/// Why a state keeps its function.
pub(super) fn refused(function: FunctionRef<'_>, task: &Task, what: &Forwarding) -> Option<String> {
    let (app, summary) = (function.app(), function.summary()?);
    let mut draft = Draft::new(app.sources);
    let refusal = Rewriting { app, function, summary, task, what }.apply(&mut draft).err()?;
    Some(refusal.text)
}

fn rewritten(
    app: &App<'_>,
    function: FunctionRef<'_>,
    summary: &Summary,
    tasks: &[(&Task, Forwarding)],
    options: Options,
) -> Outcome {
    let moving = Move { id: KIND.id, app, function, options };
    let (mut draft, differs) = moving
        .all(tasks, |draft, (task, what)| Rewriting { app, function, summary, task, what }.apply(draft))?;
    for (task, _) in tasks {
        release(&mut draft, app, function, &task.state_machine)?;
    }
    let moved: Vec<Trigger<'_>> = tasks.iter().map(|(task, _)| Trigger::Task(task)).collect();
    let states: Vec<String> =
        tasks.iter().map(|(task, _)| format!("`{}` of `{}`", task.state.text, task.state_machine)).collect();
    let calls = tasks.first().map(|(_, what)| format!("{}:{}", what.service, what.operation));
    let title = format!(
        "{} {} {} without `{}`",
        states.join(" and "),
        if states.len() == 1 { "calls" } else { "call" },
        calls.unwrap_or_default(),
        function.id.text
    );
    moving.offer(draft, &moved, title, differs)
}

/// One state on its way.
struct Rewriting<'r> {
    app: &'r App<'r>,
    function: FunctionRef<'r>,
    summary: &'r Summary,
    task: &'r Task,
    what: &'r Forwarding,
}

impl Rewriting<'_> {
    /// Writes the state anew; gives what may behave differently.
    fn apply(&self, draft: &mut Draft<'_>) -> Result<Vec<String>, Refusal> {
        let at_state = |text: String| Refusal::new(self.task.span, text);
        let at_call = |text: String| Refusal::new(self.what.call, text);
        if self.task.template != self.function.template {
            let path = &self.app.template(self.task.template).path;
            let text = format!("stands in `{path}`, where what the function acts on has no name");
            return Err(at_state(text));
        }
        let (machine, state) = self
            .app
            .state(self.task)
            .ok_or_else(|| at_state("stands in a definition that was not read".to_owned()))?;
        let whole = machine.definition.as_ref().unwrap_or(state);
        let effect = self.effect()?;
        let language = Language::of(whole, state);
        let (form, event) = self.event(state, language).map_err(at_state)?;
        let shapes = Shapes { function: self.function, event: &event, call: self.what.effect };
        let arguments = call::arguments(self.app, shapes, self.what, effect).map_err(at_call)?;
        let ends = Ends::of(self.summary, self.what);
        let (answer, span) = ends.answer.map_err(|(span, text)| Refusal::new(span, text))?;
        let answer = shapes.value(&answer).and_then(told_by_service);
        let handlers = errors::handlers(state, language, &event, ends.handles_itself).map_err(at_state)?;

        let (mut definition, place) = Definition::of(draft, self.app, machine, self.task)?;
        let is_placeholder =
            |part: &Expr| matches!(part, Expr::Constant(value) if value.to_string().contains("${"));
        if definition.has_placeholders() && arguments.members.any(&is_placeholder) {
            return Err(at_call(
                "holds a constant that the definition would read as a placeholder".to_owned(),
            ));
        }
        let around = Around { definition: whole, state, name: &self.task.state.text, language, form };
        let mut leaf = |value: &Value| definition.leaf(value);
        let handed = around.handed(&answer, &mut leaf).map_err(|text| Refusal::new(span, text))?;
        let (_, written) = language.entry("", &arguments.members, &mut leaf).map_err(at_call)?;
        definition.finish(draft)?;
        self.write(draft, &place, language, written, &handed.keys)?;
        self.handlers(draft, &place, &handlers)?;
        let call = Call {
            service: self.what.service.clone(),
            operation: self.what.operation.clone(),
            target: self.what.target.clone(),
            part: None,
        };
        allow_machine(draft, self.app, machine, &call, self.function)?;
        Ok(arguments.differs.into_iter().chain(handed.differs).chain(handlers.differs).collect())
    }

    fn effect(&self) -> Result<&Effect, Refusal> {
        let effect = self.summary.effect(self.what.effect);
        effect.ok_or_else(|| Refusal::new(self.what.call, "makes a call that was not followed"))
    }

    /// What the state gives the function as its event.
    fn event(&self, state: &Value, language: Language) -> Result<(Form, Expr), String> {
        let input = Expr::Input(Vec::new());
        let given = state.get(language.arguments());
        if !self.task.resource.contains(":states:::") {
            let event = given.map_or(Ok(input.clone()), |given| language.read(given, &input))?;
            return Ok((Form::Direct, event));
        }
        if !self.task.resource.ends_with(":states:::lambda:invoke") {
            return Err(format!("invokes the function as `{}`", self.task.resource));
        }
        let none = Expr::Object(Vec::new());
        let given = given.map_or(Ok(none.clone()), |given| language.read(given, &input))?;
        let Expr::Object(entries) = given else {
            return Err("invokes the function with arguments that are computed".to_owned());
        };
        let of = |name: &str| entries.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
        match of("InvocationType") {
            Some(Expr::Constant(kind)) if kind != "RequestResponse" => {
                return Err("does not wait for the function".to_owned());
            }
            _ => {}
        }
        Ok((Form::Invoke, of("Payload").unwrap_or(none)))
    }

    fn write(
        &self,
        draft: &mut Draft<'_>,
        place: &Place,
        language: Language,
        arguments: Yaml,
        keys: &result::Keys,
    ) -> Result<(), Refusal> {
        let resource = direct::task_resource(&self.what.service, &self.what.operation);
        draft.replace(place, "Resource", &Yaml::from(resource))?;
        let key = language.arguments();
        if draft.has(&place.key(key)) {
            draft.replace(place, key, &arguments)?;
        } else {
            draft.insert(place, key, &arguments, Some("Resource"))?;
        }
        let mut after = key;
        for (key, value) in keys {
            let is_there = draft.has(&place.key(key));
            match value {
                Some(value) if is_there => draft.replace(place, key, value)?,
                Some(value) => draft.insert(place, key, value, Some(after))?,
                None if is_there => draft.remove(place, key)?,
                None => {}
            }
            if value.is_some() {
                after = key;
            }
        }
        Ok(())
    }

    fn handlers(
        &self,
        draft: &mut Draft<'_>,
        place: &Place,
        handlers: &errors::Handlers,
    ) -> Result<(), Refusal> {
        let retry = place.key("Retry");
        for (retrier, name) in handlers.names.iter().rev() {
            draft.remove_item(&retry.item(*retrier).key("ErrorEquals"), *name)?;
        }
        for retrier in handlers.dead.iter().rev() {
            draft.prune(&retry.item(*retrier), place.steps.len())?;
        }
        Ok(())
    }
}

/// How the handler ends.
struct Ends {
    /// The one answer where the call goes well, and its place; or what stands in the way, and where.
    answer: Result<(Shape, Span), (Span, String)>,
    /// It answers where the call fails.
    handles_itself: bool,
}

impl Ends {
    fn of(summary: &Summary, what: &Forwarding) -> Self {
        let mut found: Option<(&Shape, Span)> = None;
        let mut odd = None;
        let mut handles_itself = false;
        for path in &summary.paths {
            let End::Returns(shape, span) = &path.outcome else { continue };
            if path.when.iter().any(|condition| condition.holds && is_failure(&condition.test)) {
                handles_itself = true;
                continue;
            }
            if let Some(condition) = path.when.iter().find(|condition| !is_settled(&condition.test)) {
                odd.get_or_insert((condition.span, "branches before it answers".to_owned()));
            }
            match found {
                Some((known, _)) if known != shape => {
                    odd.get_or_insert((*span, "has several answers".to_owned()));
                }
                _ => found = Some((shape, *span)),
            }
        }
        let answer = match (odd, found) {
            (Some(odd), _) => Err(odd),
            (None, Some((shape, span))) => Ok((shape.clone(), span)),
            (None, None) => Err((what.call, "never answers".to_owned())),
        };
        Self { answer, handles_itself }
    }
}

fn is_failure(test: &Test) -> bool {
    matches!(test, Test::Failed(..) | Test::Raised)
}

/// Whether the deployment alone, or that the call goes well, answers the question.
fn is_settled(test: &Test) -> bool {
    let of_env = |shape: &Shape| matches!(shape, Shape::Symbol(Symbol::Env(_)));
    match test {
        Test::Failed(..) | Test::Raised => true,
        Test::Truthy(shape) | Test::Present(shape) => of_env(shape),
        _ => false,
    }
}

/// Parts of the answer by the names that states know; all of it has other metadata.
fn told_by_service(value: Expr) -> Result<Expr, String> {
    match value {
        Expr::Answer(path) => match path.split_first() {
            None => Err("answers with all that the call gives, its metadata included".to_owned()),
            Some((first, rest)) => {
                let first = call::capital(first);
                Ok(Expr::Answer(std::iter::once(first).chain(rest.iter().cloned()).collect()))
            }
        },
        Expr::Object(entries) => {
            let entry = |(name, value): (String, Expr)| Ok((name, told_by_service(value)?));
            Ok(Expr::Object(entries.into_iter().map(entry).collect::<Result<_, String>>()?))
        }
        Expr::List(items) => {
            Ok(Expr::List(items.into_iter().map(told_by_service).collect::<Result<_, _>>()?))
        }
        Expr::JsonText(_) => Err("answers with a text it makes".to_owned()),
        other => Ok(other),
    }
}
