//! What several rules ask of a function's code: was all of it followed, what can happen, what it
//! mentions.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::aws::{environment, event_shapes};
use crate::finding::Finding;
pub use crate::finding::list;
use crate::graph::{ApiKind, App, Code, Function, FunctionRef, Reference, Route, of_template, settled};
use crate::source::Span;
use crate::summary::{
    Action, Condition, Effect, EnvRead, Outcome, Path, Shape, Summary, Symbol, Test, Times,
};
use crate::template::{Dialect, Resource, Value};

/// A function whose code and settings can be compared.
#[derive(Clone, Copy)]
pub struct Judged<'a> {
    pub app: &'a App<'a>,
    pub function: FunctionRef<'a>,
    pub summary: &'a Summary,
}

/// Functions whose code was read, in templates that say all of their settings.
pub fn judged<'a>(app: &'a App<'a>) -> impl Iterator<Item = Judged<'a>> {
    app.functions().filter_map(move |function| {
        let summary = function.summary()?;
        is_whole(function).then_some(Judged { app, function, summary })
    })
}

/// Whether what the template says of a function is all there is: no part is merged in at build time
/// or by a macro.
pub fn is_whole(function: FunctionRef<'_>) -> bool {
    let template = function.template();
    let own = |transform: &Value| transform.as_str().is_some_and(|name| name.starts_with("AWS::"));
    template.dialect != Dialect::Fragment && template.transforms.iter().all(own)
}

impl<'a> Judged<'a> {
    /// Nothing that could have an effect was left unfollowed.
    pub fn is_followed(&self) -> bool {
        !self.summary.paths.is_empty() && self.stop().is_none()
    }

    /// The first place that was not followed.
    pub fn stop(&self) -> Option<Span> {
        self.summary.unknowns.iter().find(|unknown| unknown.may_have_effects).map(|unknown| unknown.span)
    }

    /// Whether the code imports a package.
    pub fn imports(&self, is_wanted: fn(&str) -> bool) -> bool {
        self.summary.imports.iter().any(|import| !import.local && is_wanted(&import.module))
    }

    /// Whether the code has one of these signs of calls that are none of an SDK.
    pub fn shows<'s>(&self, mut signs: impl Iterator<Item = &'s str>) -> bool {
        signs.any(|sign| self.summary.signs.binary_search_by(|known| known.as_str().cmp(sign)).is_ok())
    }

    /// Whether a name that may be a variable's is anywhere in the code.
    pub fn spells(&self, variable: &str) -> bool {
        self.summary.variables.binary_search_by(|known| known.as_str().cmp(variable)).is_ok()
            || self.summary.env_reads.iter().any(|read| read.name == variable)
    }

    /// What its paths return.
    pub fn answers(&self) -> impl Iterator<Item = &'a Shape> {
        self.summary.paths.iter().filter_map(|path| match &path.outcome {
            Outcome::Returns(shape, _) => Some(shape),
            Outcome::Raises { .. } | Outcome::Unknown => None,
        })
    }

    /// Effects that some path can have as this function is deployed, with their places in the summary.
    pub fn happening(&self) -> Vec<(usize, &'a Effect)> {
        if !self.summary.all_paths {
            return self.summary.effects.iter().enumerate().collect();
        }
        let happens = |effect: &Effect, (is_listed, is_possible): (bool, bool)| {
            effect.times == Times::Init || is_possible || !is_listed
        };
        let all = self.summary.effects.iter().zip(self.met()).enumerate();
        all.filter(|(_, (effect, met))| happens(effect, *met))
            .map(|(index, (effect, _))| (index, effect))
            .collect()
    }

    /// Effects that are on paths which cannot be taken as this function is deployed, and on no other that
    /// was followed, by place.
    pub fn ruled_out(&self) -> BTreeSet<usize> {
        let all = self.summary.effects.iter().zip(self.met()).enumerate();
        all.filter(|(_, (effect, met))| effect.times != Times::Init && *met == (true, false))
            .map(|(index, _)| index)
            .collect()
    }

    /// Of each effect, whether some path has it, and some path that can be taken.
    fn met(&self) -> Vec<(bool, bool)> {
        let mut met = vec![(false, false); self.summary.effects.len()];
        // Paths share what they ask.
        let mut allowed: FxHashMap<*const Condition, bool> = FxHashMap::default();
        for path in &self.summary.paths {
            let mut allows = |asked: &Arc<Condition>| {
                let allows = || self.allows(&asked.test, asked.holds);
                *allowed.entry(Arc::as_ptr(asked)).or_insert_with(allows)
            };
            let is_feasible = path.when.iter().all(&mut allows);
            for id in &path.effects {
                if let Some((is_listed, is_possible)) = met.get_mut(id.index()) {
                    *is_listed = true;
                    *is_possible |= is_feasible;
                }
            }
        }
        met
    }

    /// Only routes invoke it, and none of them leads to this effect.
    pub fn is_off_routes(&self, index: usize) -> bool {
        let routes: Vec<&Route> = self.function.routes().collect();
        if routes.is_empty() || !self.summary.inner_routes.is_empty() || !self.only_routes() {
            return false;
        }
        let has = |path: &&Path| path.effects.iter().any(|id| id.index() == index);
        let paths: Vec<&Path> = self.summary.paths.iter().filter(has).collect();
        let Some((first, others)) = paths.split_first() else { return false };
        let excludes = |asked: &Condition, route: &Route| {
            settled(asked, route).is_some_and(|answer| answer != asked.holds)
        };
        if self.summary.all_paths {
            let is_taken =
                |path: &&Path, route: &&Route| !path.when.iter().any(|asked| excludes(asked, route));
            return !routes.iter().any(|route| paths.iter().any(|path| is_taken(path, route)));
        }
        // Paths were left out: they have the branch that all known ones have, if it is one between two sides
        // and not a choice among many.
        let never = |asked: &Condition| routes.iter().all(|route| excludes(asked, route));
        first.when.iter().any(|asked| {
            never(asked)
                && others.iter().all(|path| path.when.contains(asked))
                && self.conditions_at(asked.span).all(|other| other.test == asked.test)
        })
    }

    fn conditions_at(&self, span: Span) -> impl Iterator<Item = &'a Arc<Condition>> {
        let all = self.summary.paths.iter().flat_map(|path| &path.when);
        all.filter(move |asked| asked.span == span)
    }

    /// Paths that can be taken as this function is deployed.
    pub fn feasible(&self) -> impl Iterator<Item = &'a Path> {
        let paths = self.summary.paths.iter();
        paths.filter(move |path| path.when.iter().all(|asked| self.allows(&asked.test, asked.holds)))
    }

    /// Whether an answer can be, given the variables and routes of the template.
    fn allows(&self, test: &Test, holds: bool) -> bool {
        let answer = match test {
            Test::Equal(left, right) => match (self.constant(left), self.constant(right)) {
                (Some(left), Some(right)) => Some(left == right),
                (None, Some(constant)) => self.asked_of_route(left, &[constant]),
                (Some(constant), None) => self.asked_of_route(right, &[constant]),
                (None, None) => None,
            },
            Test::OneOf(value, options) => {
                let options: Option<Vec<Constant<'_>>> =
                    options.iter().map(|option| self.constant(option)).collect();
                match (self.constant(value), options) {
                    (Some(value), Some(options)) => Some(options.contains(&value)),
                    (None, Some(options)) => self.asked_of_route(value, &options),
                    _ => None,
                }
            }
            Test::Truthy(value) => match self.constant(value) {
                Some(Constant::Text(text)) => Some(!text.is_empty()),
                Some(Constant::Nothing) => Some(false),
                None => self.is_never_empty(value).then_some(true),
            },
            Test::Present(value) => {
                let is_there = self.constant(value).map(|value| value != Constant::Nothing);
                is_there.or_else(|| self.is_never_empty(value).then_some(true))
            }
            _ => None,
        };
        answer.is_none_or(|answer| answer == holds)
    }

    fn constant<'s>(&'s self, shape: &'s Shape) -> Option<Constant<'s>> {
        match shape {
            Shape::Symbol(Symbol::Name(text)) => Some(Constant::Text(text.as_str().into())),
            Shape::Null => Some(Constant::Nothing),
            Shape::Symbol(Symbol::Env(name)) => self.variable(name),
            Shape::Coded { coding, value } => match (self.constant(value)?, coding.as_str()) {
                (Constant::Text(text), "lower") => Some(Constant::Text(text.to_lowercase().into())),
                (Constant::Text(text), "string") => Some(Constant::Text(text)),
                _ => None,
            },
            Shape::Default { value, default } => match self.constant(value)? {
                Constant::Nothing => self.constant(default),
                text => Some(text),
            },
            _ => None,
        }
    }

    /// A variable that has some text in every deployment: of the name of a resource there is always one.
    fn is_never_empty(&self, shape: &Shape) -> bool {
        let Shape::Symbol(Symbol::Env(name)) = shape else { return false };
        let Some((_, value)) = self.function.environment.iter().find(|(known, _)| known.text == *name) else {
            return false;
        };
        let is_resource = |value: &Value| {
            let mut mentions = value.mentions().into_iter();
            mentions.any(|mention| self.function.template().resource(&mention.name.text).is_some())
        };
        let branches = value.branches();
        branches
            .iter()
            .all(|(branch, _)| branch.scalar().is_some_and(|text| !text.is_empty()) || is_resource(branch))
    }

    /// What the call acts on is named by a variable that no deployment sets, without a default.
    pub fn is_never_named(&self, effect: &Effect) -> bool {
        let Symbol::Env(name) = &effect.on else { return false };
        let is_bare = |shape: &Shape| matches!(shape, Shape::Symbol(symbol) if *symbol == effect.on);
        let Shape::Object { entries, .. } = &effect.input else { return false };
        entries.iter().any(|(_, shape)| is_bare(shape)) && self.variable(name) == Some(Constant::Nothing)
    }

    /// A variable that is the same text in every deployment.
    fn variable(&self, name: &str) -> Option<Constant<'_>> {
        match self.function.environment.iter().find(|(known, _)| known.text == name) {
            Some((_, value)) => value.is_literal().then(|| value.scalar())?.map(Constant::Text),
            None if environment::is_local(name) => Some(Constant::Nothing),
            None => (self.sets_all_variables() && !environment::is_given(name)).then_some(Constant::Nothing),
        }
    }

    /// What a question about the request's method is answered with, where only routes reach the function.
    fn asked_of_route(&self, value: &Shape, options: &[Constant<'_>]) -> Option<bool> {
        let Shape::Symbol(Symbol::Event(path)) = value else { return None };
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        let is_method = matches!(
            path.as_slice(),
            ["httpMethod"] | ["requestContext", "httpMethod"] | ["requestContext", "http", "method"]
        );
        if !is_method || !self.only_routes() {
            return None;
        }
        let methods: BTreeSet<&str> = self.function.routes().map(|route| route.method.as_str()).collect();
        if methods.contains("ANY") || methods.is_empty() {
            return None;
        }
        let asked = |method: &str| options.contains(&Constant::Text(method.into()));
        if methods.iter().all(|method| asked(method)) {
            return Some(true);
        }
        (!methods.iter().any(|method| asked(method))).then_some(false)
    }

    /// Only APIs are known to invoke it.
    pub fn only_routes(&self) -> bool {
        self.function.event_sources().next().is_none() && !self.is_called_otherwise()
    }

    /// It serves a custom resource, and so runs once per deployment.
    pub fn is_custom_resource(&self) -> bool {
        let is_token = |resource: &Resource| {
            let is_custom = resource.kind.text.starts_with("Custom::")
                || resource.is("AWS::CloudFormation::CustomResource");
            let token = resource.property("ServiceToken").filter(|_| is_custom);
            token.is_some_and(|token| mentions(token, &self.function.id.text))
        };
        self.summary.event_reads.iter().any(|read| event_shapes::is_of_custom_resource(&read.path))
            || self.imports(event_shapes::serves_custom_resources)
            || self.answers().any(|answer| has_entry(answer, event_shapes::answers_custom_resource))
            || self.function.template().resources.iter().any(is_token)
    }

    /// A package gives the handler another event than the function gets, or its answer another form.
    pub fn is_wrapped(&self) -> bool {
        self.imports(event_shapes::is_wrapper)
    }

    /// Something other than routes and event sources invokes it: a state machine, a GraphQL API, a URL,
    /// a WebSocket API, an authorizer, another function.
    pub fn is_called_otherwise(&self) -> bool {
        let (graph, function) = (&self.app.graph, self.function);
        let me = Reference::Resource(function.id.text.clone());
        let is_me = |target: &Option<Reference>| target.as_ref() == Some(&me);
        let here = |template| template == function.template;
        graph.tasks.iter().any(|task| here(task.template) && is_me(&task.target))
            || graph.data_sources.iter().any(|source| here(source.template) && is_me(&source.target))
            || graph.function_urls.iter().any(|url| here(url.template) && url.function == me)
            || function.routes().any(|route| route.api_kind == ApiKind::WebSocket)
            || of_template(&graph.apis, function.template).iter().any(|api| self.authorizes(&api.id))
            || of_template(&graph.functions, function.template).iter().any(|other| invokes(other, &me))
    }

    fn authorizes(&self, api: &str) -> bool {
        let auth = self.function.template().resource(api).and_then(|api| api.property("Auth"));
        auth.is_some_and(|auth| mentions(auth, &self.function.id.text))
    }

    /// Whether the template says all variables that the code will see.
    pub fn sets_all_variables(&self) -> bool {
        let function = self.function;
        let is_plain = |value: Option<&Value>| {
            value.is_none_or(|value| value.branches().iter().all(|(branch, _)| branch.as_map().is_some()))
        };
        let environment = function.property("Environment");
        let variables = environment.and_then(|environment| environment.get("Variables"));
        let build = function.resource().and_then(|resource| resource.metadata.as_ref());
        let defines = build.and_then(|metadata| metadata.at(&["BuildProperties", "Define"])).is_some();
        let wrapped = function.environment.iter().any(|(name, _)| name.text == "AWS_LAMBDA_EXEC_WRAPPER");
        is_plain(environment)
            && is_plain(variables)
            && !defines
            && !wrapped
            && !matches!(function.code, Code::Image(_))
            && !self.has_reader()
            && !self.has_setter()
    }

    /// Something of the template may set variables when the function is there: a custom resource that
    /// breaks a circle of references.
    fn has_setter(&self) -> bool {
        let statements = of_template(&self.app.graph.statements, self.function.template);
        let names = |action: &Value| action.scalar().is_some_and(|action| environment::is_setter(&action));
        statements.iter().any(|statement| statement.allow && statement.actions.iter().any(names))
    }

    /// Uses a package that reads or sets variables by names that are not in the code.
    pub fn has_reader(&self) -> bool {
        self.imports(environment::is_reader)
    }

    pub fn reads_any_variable(&self) -> bool {
        self.summary.env_reads.iter().any(|read| read.name == EnvRead::ANY)
    }
}

fn mentions(value: &Value, id: &str) -> bool {
    value.mentions().iter().any(|mention| mention.name.text == id)
}

/// Whether an answer has one of these entries.
pub fn has_entry(answer: &Shape, is_wanted: fn(&str) -> bool) -> bool {
    match answer {
        Shape::Object { entries, .. } => entries.iter().any(|(key, _)| is_wanted(key)),
        Shape::Choice(choices) => choices.iter().any(|choice| has_entry(choice, is_wanted)),
        Shape::Default { value, default } => has_entry(value, is_wanted) || has_entry(default, is_wanted),
        _ => false,
    }
}

fn invokes(function: &Function, target: &Reference) -> bool {
    let Some(summary) = &function.behaviour.summary else { return false };
    summary.effects.iter().zip(&function.behaviour.targets).any(|(effect, on)| {
        matches!(&effect.action, Action::Aws { service, .. } if service == "lambda")
            && on.as_ref() == Some(target)
    })
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Constant<'s> {
    Text(Cow<'s, str>),
    /// Null, or a variable that is not set.
    Nothing,
}

/// What they are called, each name once: templates of several environments declare the same functions.
pub fn names_of<'f>(functions: &'f [FunctionRef<'_>]) -> Vec<&'f str> {
    let mut names: Vec<&str> = Vec::new();
    for function in functions {
        if !names.contains(&function.id.text.as_str()) {
            names.push(&function.id.text);
        }
    }
    names
}

/// The functions of one template that a finding is about.
pub fn name_functions(mut finding: Finding, functions: &[FunctionRef<'_>]) -> Finding {
    for function in functions {
        if !finding.functions.contains(&function.id.text) {
            finding = finding.function(&function.template().path, &function.id.text);
        }
    }
    finding
}

/// The same for functions of several templates, of which a finding names those of the first.
pub fn name_functions_of_first(finding: Finding, functions: &[FunctionRef<'_>]) -> Finding {
    let first = functions.first().map(|function| function.template);
    let of_first: Vec<FunctionRef<'_>> =
        functions.iter().copied().filter(|function| Some(function.template) == first).collect();
    name_functions(finding, &of_first)
}
