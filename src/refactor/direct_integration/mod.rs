//! `direct-integration`: a route of a REST API calls the service itself.
//!
//! From a verdict that a handler only forwards, its paths become one tree of questions ([`decide`]), the
//! input of its call the template of the request ([`request`]), and its answers the templates of the
//! responses ([`answer`]). What cannot be said exactly is refused, or named as what differs.

mod answer;
mod bounds;
mod connection;
mod decide;
mod errors;
mod fill;
mod machine;
mod request;
mod role;
mod sources;
mod tokens;
mod validate;
mod velocity;

use serde_yaml::Value as Yaml;

use super::draft::{Draft, Place};
use super::moving::Move;
use super::placement::{self, Answer, Operation};
use super::written::{map, sub};
use super::{Kind, Offers, Options, Outcome, Refusal, unwritten};
use crate::aws::environment;
use crate::aws::mappings::{self, Mapping};
use crate::graph::forwarding::{self, Forwarding, Trigger, Verdict};
use crate::graph::{ApiKind, App, FunctionRef, Reference, Route, settled, specialise};
use crate::source::Span;
use crate::summary::{Condition, Effect, Shape, Summary, Symbol, Test};
use crate::template::Value;
use answer::Response;
use decide::Tree;
use fill::Fill;
use validate::Validation;
use velocity::{Velocity, is_plain};

pub const KIND: Kind = Kind {
    id: "direct-integration",
    summary: "a route of a REST API calls the service itself",
    rules: &["pass-through-function", "validating-pass-through"],
    offers: Offers::OfFunction(offer),
};

fn offer(app: &App<'_>, function: FunctionRef<'_>, options: Options) -> Option<Outcome> {
    let forwards = |route: &'_ Route| match forwarding::forwarding(function, Trigger::Route(route)) {
        Some(Verdict::Forwards(what)) => Some(what),
        _ => None,
    };
    let routes: Vec<(&Route, Forwarding)> =
        function.routes().filter_map(|route| Some((route, forwards(route)?))).collect();
    if routes.is_empty() {
        return None;
    }
    Some(move_all(app, function, &routes, options))
}

fn move_all(
    app: &App<'_>,
    function: FunctionRef<'_>,
    routes: &[(&Route, Forwarding)],
    options: Options,
) -> Outcome {
    let mut draft = Draft::new(app.sources);
    let mut moved = Vec::new();
    let mut refused = Vec::new();
    let mut differs = Vec::new();
    let mut calls = Vec::new();
    for (route, what) in routes {
        let mut trial = draft.clone();
        match move_one(&mut trial, app, function, route, what) {
            Ok(more) => {
                draft = trial;
                moved.push(Trigger::Route(route));
                more.into_iter().for_each(|text| add(&mut differs, text));
                add(&mut calls, format!("{}:{}", what.service, what.operation));
            }
            Err(refusal) => refused.push(refusal),
        }
    }
    if moved.is_empty() {
        return Err(refused);
    }
    let told: Vec<String> = moved.iter().map(Trigger::told).collect();
    let title = format!("let {} call {} itself", told.join(" and "), calls.join(" and "));
    Move { id: KIND.id, app, function, options }.offer(draft, &moved, title, differs)
}

/// Moves one route; gives what differs.
fn move_one(
    draft: &mut Draft<'_>,
    app: &App<'_>,
    function: FunctionRef<'_>,
    route: &Route,
    what: &Forwarding,
) -> Result<Vec<String>, Refusal> {
    placement::takes_call(route, what)?;
    let mapping = mappings::mapping(&what.service, &what.operation)
        .ok_or_else(|| Refusal::new(what.call, unwritten::of_call(what)))?;
    let mut mapper = Mapper::new(app, function, route, what, mapping)?;
    let tree = mapper.tree()?;
    let request = mapper.request(&tree)?;
    let responses = match route.api_kind {
        ApiKind::WebSocket => mapper.unanswered(&tree, &request)?,
        ApiKind::Rest | ApiKind::Http => mapper.responses(&tree)?,
    };
    let (role, role_yaml) = role::role(draft, &mapper)?;
    let integration = mapper.integration(&request, &responses, &role)?;
    let answers = responses.iter().flat_map(|response| {
        let headers: Vec<String> = response.headers.iter().map(|(name, _)| name.clone()).collect();
        let statuses = std::iter::once(response.status).chain(response.others.iter().copied());
        statuses.map(move |status| Answer { status, headers: headers.clone() })
    });
    let operation = Operation { integration, answers: merged(answers), checks: mapper.validated() };
    for text in placement::place(draft, app, function, route, &operation)? {
        mapper.differs(text);
    }
    let resources = Place::new(function.template().source, &["Resources"]);
    if !draft.has(&resources.key(&role)) {
        draft.insert(&resources, &role, &role_yaml, Some(&function.id.text))?;
    }
    Ok(mapper.differs)
}

/// One answer for each status, in order.
fn merged(answers: impl Iterator<Item = Answer>) -> Vec<Answer> {
    let mut found: Vec<Answer> = Vec::new();
    for answer in answers {
        match found.iter_mut().find(|known| known.status == answer.status) {
            Some(known) => answer.headers.into_iter().for_each(|name| add(&mut known.headers, name)),
            None => found.push(answer),
        }
    }
    found.sort_by_key(|answer| answer.status);
    found
}

fn add(list: &mut Vec<String>, text: String) {
    if !list.contains(&text) {
        list.push(text);
    }
}

/// What a request can be given besides its path and body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Given {
    Query,
    Header,
}

/// From the summary of a handler to the templates of an integration.
pub(super) struct Mapper<'a> {
    app: &'a App<'a>,
    function: FunctionRef<'a>,
    route: &'a Route,
    summary: &'a Summary,
    effect: &'a Effect,
    what: &'a Forwarding,
    mapping: &'static Mapping,
    python: bool,
    /// What is spoken of, for refusals.
    place: Span,
    fill: Fill,
    differs: Vec<String>,
    /// What the call needs of the request, with the variables that say whether it is there.
    needed: Vec<String>,
    /// Fields of the body, with the variables that say whether they are there.
    fields: Vec<(String, String)>,
    /// The call needs something that a request may lack.
    lacking: bool,
    /// A value of the request may be none that the call can take.
    unfit: bool,
    /// Members of the answer that are known to be there.
    present: Vec<String>,
    /// Lines before the request, and before an answer.
    setup: Velocity,
    items: Velocity,
    variables: usize,
    validation: Option<Validation>,
}

impl<'a> Mapper<'a> {
    fn new(
        app: &'a App<'a>,
        function: FunctionRef<'a>,
        route: &'a Route,
        what: &'a Forwarding,
        mapping: &'static Mapping,
    ) -> Result<Self, Refusal> {
        let unknown = || Refusal::new(what.call, "its code was not read");
        let summary = function.get().behaviour.summary.as_deref().ok_or_else(unknown)?;
        let effect = summary.effect(what.effect).ok_or_else(unknown)?;
        if let Some(inner) = summary.inner_routes.first() {
            return Err(Refusal::new(
                inner.span,
                "answers through a router, whose headers and errors are its own",
            ));
        }
        let sets = |name: &str| function.get().environment.iter().any(|(set, _)| set.text == name);
        let is_there = |name: &str| sets(name) || environment::is_given(name);
        let mut paths = specialise(summary, route);
        paths.retain(|path| {
            let deployed = |condition: &Condition| {
                forwarding::deployed(condition).is_none_or(|name| is_there(name) == condition.holds)
            };
            path.when.iter().all(|condition| deployed(condition))
        });
        let file = function.get().behaviour.file.as_deref().unwrap_or_default();
        Ok(Self {
            app,
            function,
            route,
            summary,
            effect,
            what,
            mapping,
            python: file.ends_with(".py"),
            validation: Validation::of(&paths, what.effect, file.ends_with(".py"))?,
            place: what.call,
            fill: Fill::default(),
            differs: Vec::new(),
            needed: Vec::new(),
            fields: Vec::new(),
            lacking: false,
            unfit: false,
            present: Vec::new(),
            setup: Velocity::default(),
            items: Velocity::default(),
            variables: 0,
        })
    }

    fn tree(&self) -> Result<Tree<'a>, Refusal> {
        let paths = specialise(self.summary, self.route);
        Tree::of(&paths, &|condition| self.settled(condition), self.summary.entry)
    }

    /// What is known of a question before the request.
    fn settled(&self, condition: &Condition) -> Option<bool> {
        if settled(condition, self.route).is_some() {
            return Some(condition.holds);
        }
        if let Some(passes) = self.validation.as_ref().and_then(|checks| checks.settles(condition)) {
            return Some(passes);
        }
        if let Some(name) = forwarding::deployed(condition) {
            return Some(self.variable(name).is_some() || environment::is_given(name));
        }
        let whole = |shape: &Shape| {
            let shape = match shape {
                Shape::Coded { value, .. } => value,
                shape => shape,
            };
            matches!(shape, Shape::Symbol(Symbol::Result(id, path)) if *id == self.what.effect && path.is_empty())
        };
        match &condition.test {
            // An SDK raises an error for anything else.
            Test::Equal(Shape::Symbol(Symbol::Result(id, path)), Shape::Number(status))
                if *id == self.what.effect && path.last().is_some_and(|last| last == "HTTPStatusCode") =>
            {
                Some(status == "200")
            }
            Test::Truthy(value) | Test::Present(value) if whole(value) => Some(true),
            Test::Has(value, member) if whole(value) && self.mapping.lists.contains(member) => Some(true),
            _ => None,
        }
    }

    fn cannot(&self, text: impl Into<String>) -> Refusal {
        Refusal::new(self.place, text)
    }

    fn differs(&mut self, text: impl Into<String>) {
        add(&mut self.differs, text.into());
    }

    /// A variable that the template sets.
    fn variable(&self, name: &str) -> Option<&'a Value> {
        self.function.get().environment.iter().find(|(set, _)| set.text == name).map(|(_, value)| value)
    }

    /// The request's template sends requests that the service turns down, for what the code would fail at.
    fn may_turn_down(&self) -> bool {
        self.lacking || self.unfit
    }

    /// A query parameter or header that must be there.
    fn need(&mut self, given: Given, name: &str) {
        let kind = if given == Given::Query { "querystring" } else { "header" };
        let flag =
            format!("has_{kind}_{}", name.replace(|letter: char| !letter.is_ascii_alphanumeric(), "_"));
        if !self.needed.contains(&flag) {
            self.setup.has(&flag, &format!("$input.params().{kind}"), name);
            self.needed.push(flag);
            self.lacking = true;
        }
    }

    /// The variable that says whether the body has a field.
    fn field_flag(&mut self, name: &str) -> String {
        self.reads_body();
        if let Some((_, flag)) = self.fields.iter().find(|(known, _)| known == name) {
            return flag.clone();
        }
        let flag = format!("has_{}", name.replace(|letter: char| !letter.is_ascii_alphanumeric(), "_"));
        let taken = self.fields.iter().any(|(_, known)| *known == flag);
        let flag = if taken { format!("{flag}{}", self.fields.len()) } else { flag };
        self.setup.has(&flag, "$input.path('$')", name);
        self.fields.push((name.to_owned(), flag.clone()));
        flag
    }

    /// A body that is not null: parts of nothing are an error, even those that may be missing.
    fn need_body(&mut self) {
        if self.validation.is_some() {
            return;
        }
        let flag = "has_body".to_owned();
        if !self.needed.contains(&flag) {
            self.setup.set(&flag, "'y'");
            self.setup.line("#if(\"$!input.path('$')\" == '')#set($has_body = 'n')#end");
            self.needed.push(flag);
            self.lacking = true;
        }
    }

    /// A field of the body that must be there.
    fn need_field(&mut self, name: &str) {
        let flag = self.field_flag(name);
        if self.validation.as_ref().is_some_and(|checks| checks.requires(name)) {
            return;
        }
        if !self.needed.contains(&flag) {
            self.needed.push(flag);
            self.lacking = true;
        }
    }

    fn reads_body(&mut self) {
        self.differs("every request has a body, of type application/json");
    }

    /// The table, as it is told.
    fn table(&self) -> String {
        match &self.what.target {
            Some(Reference::Resource(id)) => format!("`{id}`"),
            Some(Reference::Text(text)) => format!("`{text}`"),
            None => "the table".to_owned(),
        }
    }

    /// Whether every item has the attribute, as it is part of the key.
    fn is_key(&self, attribute: &str) -> bool {
        let Some(Reference::Resource(id)) = &self.what.target else { return false };
        let tables = self.app.graph.tables.iter();
        tables
            .filter(|table| table.template == self.function.get().template && table.id.text == *id)
            .any(|table| table.keys.iter().any(|key| key.name == attribute))
    }

    /// A question about the request, as a test of Velocity.
    fn asks_request(&mut self, condition: &Condition, out: &mut Velocity) -> Result<String, Refusal> {
        self.place = condition.span;
        let name = |shape: &Shape| query_parameter(shape).map(str::to_owned);
        self.variables += 1;
        let flag = format!("asked{}", self.variables);
        let of = |name: &str| format!("$input.params().querystring.get('{name}')");
        let query = "$input.params().querystring";
        match &condition.test {
            Test::Truthy(Shape::Symbol(Symbol::Event(path)))
            | Test::Present(Shape::Symbol(Symbol::Event(path)))
                if **path == ["queryStringParameters"] =>
            {
                out.set(&flag, "'n'");
                out.line(format!("#foreach($key in {query}.keySet())#set(${flag} = 'y')#end"));
                Ok(format!("${flag} == 'y'"))
            }
            Test::Has(Shape::Symbol(Symbol::Event(path)), key)
                if **path == ["queryStringParameters"] && is_plain(key) =>
            {
                out.has(&flag, query, key);
                Ok(format!("${flag} == 'y'"))
            }
            Test::Truthy(value) | Test::Present(value) => {
                let name = name(value).ok_or_else(|| self.cannot(ASKS))?;
                out.has(&flag, query, &name);
                let truthy = matches!(condition.test, Test::Truthy(_));
                Ok(match truthy {
                    true => format!("${flag} == 'y' && {} != ''", of(&name)),
                    false => format!("${flag} == 'y'"),
                })
            }
            test => self.compares(test, &flag, out),
        }
    }

    /// A comparison of a path or query parameter with constants.
    fn compares(&mut self, test: &Test, flag: &str, out: &mut Velocity) -> Result<String, Refusal> {
        let (value, constants) = match test {
            Test::Equal(value, constant) | Test::Equal(constant, value) if parameter(value).is_some() => {
                (value, vec![constant.clone()])
            }
            Test::OneOf(value, constants) => (value, constants.to_vec()),
            Test::StartsWith(value, prefix) => (value, vec![Shape::Symbol(Symbol::Name(prefix.clone()))]),
            _ => return Err(self.cannot(ASKS)),
        };
        let (place, name) = parameter(value).ok_or_else(|| self.cannot(ASKS))?;
        let map = format!("$input.params().{place}");
        let reference = format!("{map}.get('{name}')");
        let starts = matches!(test, Test::StartsWith(..));
        let mut tests = Vec::new();
        for constant in &constants {
            let Shape::Symbol(Symbol::Name(text)) = constant else { return Err(self.cannot(ASKS)) };
            let text = velocity::literal(text).ok_or_else(|| self.cannot(ASKS))?;
            tests.push(match starts {
                true => format!("{reference}.startsWith({text})"),
                false => format!("{reference} == {text}"),
            });
        }
        out.has(flag, &map, name);
        Ok(format!("${flag} == 'y' && ({})", tests.join(" || ")))
    }

    /// The value of `x-amazon-apigateway-integration`.
    fn integration(&self, request: &str, responses: &[Response], role: &str) -> Result<Yaml, Refusal> {
        let mut uri = self.mapping.uri.clone();
        if let Some(kind) = &self.mapping.kind {
            let resource = match &self.what.target {
                Some(Reference::Resource(id)) => self.function.template().resource(id),
                _ => None,
            };
            let Some(resource) = resource.filter(|resource| resource.is(kind)) else {
                return Err(Refusal::new(self.what.call, format!("acts on no `{kind}` of this template")));
            };
            uri = uri.replace("{queue}", &format!("${{AWS::AccountId}}/${{{}.QueueName}}", resource.id.text));
        }
        let mut entries = vec![
            ("type", Yaml::from("aws")),
            ("httpMethod", Yaml::from("POST")),
            ("uri", sub(&format!("arn:${{AWS::Partition}}:apigateway:${{AWS::Region}}:{uri}"))),
            ("credentials", super::written::get_att(role, "Arn")),
            ("passthroughBehavior", Yaml::from("never")),
        ];
        let mut headers: Vec<(String, Yaml)> = Vec::new();
        if self.mapping.form {
            headers.push(header("request", "Content-Type", "application/x-www-form-urlencoded"));
        }
        headers.extend(self.mapping.headers.iter().map(|(name, value)| header("request", name, value)));
        if !headers.is_empty() {
            entries.push(("requestParameters", map(headers)));
        }
        entries.push(("requestTemplates", map([("application/json", self.fill.yaml(request))])));
        let responses = responses.iter().map(|response| (response.on, self.response_yaml(response)));
        entries.push(("responses", map(responses)));
        Ok(map(entries))
    }

    fn response_yaml(&self, response: &Response) -> Yaml {
        let mut entries = vec![("statusCode", Yaml::from(response.status.to_string()))];
        if !response.headers.is_empty() {
            let headers = response.headers.iter().map(|(name, value)| {
                (format!("method.response.header.{name}"), Yaml::from(format!("'{value}'")))
            });
            entries.push(("responseParameters", map(headers)));
        }
        entries.push(("responseTemplates", map([("application/json", self.fill.yaml(&response.template))])));
        map(entries)
    }
}

const ASKS: &str = "asks something of the request that a mapping cannot answer once more when it answers";

fn header(side: &str, name: &str, value: &str) -> (String, Yaml) {
    (format!("integration.{side}.header.{name}"), Yaml::from(format!("'{value}'")))
}

/// The path or query parameter that a value is, with the map that has it.
fn parameter(shape: &Shape) -> Option<(&'static str, &str)> {
    match shape {
        Shape::Symbol(Symbol::Event(path)) => match &**path {
            [first, name] if first == "pathParameters" && is_plain(name) => Some(("path", name)),
            _ => query_parameter(shape).map(|name| ("querystring", name)),
        },
        shape => query_parameter(shape).map(|name| ("querystring", name)),
    }
}

/// The query parameter that a value is.
fn query_parameter(shape: &Shape) -> Option<&str> {
    match shape {
        Shape::Symbol(Symbol::Event(path)) => match &**path {
            [first, name] if first == "queryStringParameters" && is_plain(name) => Some(name),
            _ => None,
        },
        Shape::Default { value, .. } => query_parameter(value),
        _ => None,
    }
}
