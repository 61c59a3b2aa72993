//! Web frameworks that route requests inside a function: what they call their methods and parts.
//!
//! Source: `routers.yaml`, which names its own.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;
use serde::Deserialize;

/// What is particular to a framework.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Framework {
    #[serde(default)]
    pub gives: Gives,
    /// What runs for many routes runs for those that come after it, and a path can be opened for methods to
    /// follow.
    #[serde(default)]
    pub ordered: bool,
    /// It is given its routes as objects when it is made.
    #[serde(default)]
    pub listed: bool,
    /// A parameter of a handler that nothing else gives is one of the query.
    #[serde(default)]
    pub queries: bool,
}

/// What the handler of a route is given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Gives {
    /// A request and a response.
    Exchange,
    /// One object with both.
    Context,
    /// The event and the context of the function.
    Event,
    /// What its parameters name.
    #[default]
    Named,
}

/// What a method of a router does, beside those that are called like a method of HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// Serves a request.
    Serves,
    /// Opens a path, or takes a route as an object.
    Opens,
    /// Takes a resolver of GraphQL.
    Resolves,
    /// Takes another router, a plugin or what runs around.
    Mounts,
    /// Takes a path and its handler.
    Adds,
    /// Takes a class of views and its path.
    AddsClass,
    /// Takes a handler of an event of CloudFormation.
    AnswersEvent,
    /// Takes what runs around all routes.
    Surrounds,
    /// The same, behind the name of the moment.
    Hooks,
    AnswersErrors,
    /// Takes a function that is given the application.
    Configures,
    Nothing,
}

/// What routes as objects call their parts.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listed {
    /// The list, where it stands in an object of options.
    pub routes: String,
    pub method: String,
    /// The first that is there.
    pub path: Vec<String>,
    pub handler: String,
}

/// The framework of that name, as `libraries.yaml` gives it.
pub fn framework(name: &str) -> Option<&'static Framework> {
    TABLE.frameworks.get(name)
}

/// The method of HTTP that a method of a router stands for.
pub fn verb(name: &str) -> Option<&'static str> {
    TABLE.verbs.get(name).map(String::as_str)
}

/// Whether a route is one of HTTP, by its method.
pub fn is_of_http(method: &str) -> bool {
    TABLE.verbs.values().any(|known| known == method)
}

/// What a method of a router does.
pub fn method(name: &str) -> Option<Method> {
    METHODS.get(name).copied()
}

/// Methods that a class of views may have.
pub fn views() -> &'static [String] {
    &TABLE.views
}

/// Settings below which path a router serves.
pub fn prefixes() -> &'static [String] {
    &TABLE.prefixes
}

/// The same as members of an object of options, first present first.
pub fn options() -> &'static [String] {
    &TABLE.options
}

pub fn listed() -> &'static Listed {
    &TABLE.listed
}

/// Whether a member of a router is the router.
pub fn is_itself(member: &str) -> bool {
    TABLE.itself.iter().any(|known| known == member)
}

/// Whether a member of a router is the event that it serves.
pub fn is_event(member: &str) -> bool {
    TABLE.event.iter().any(|known| known == member)
}

/// The type of event that a decorator of a custom resource takes a function for.
pub fn event_type(decorator: &str) -> Option<&'static str> {
    TABLE.events.get(decorator).map(String::as_str)
}

/// Whether a decorator makes a class a controller.
pub fn is_controller(decorator: &str) -> bool {
    TABLE.controllers.iter().any(|known| known == decorator)
}

/// The method of HTTP that a decorator gives a method of a controller.
pub fn controller_method(decorator: &str) -> Option<&'static str> {
    let name = decorator.strip_prefix("http").unwrap_or(decorator);
    TABLE.controller_methods.get(name).map(String::as_str)
}

/// The parts of the event that tell whether a route is the one: that with its method, that with its path.
pub fn asked(method: &str) -> [&'static str; 2] {
    let parts = TABLE.asked.get(method).or_else(|| TABLE.asked.get("*"));
    parts.map_or(["", ""], |[method, path]| [method, path])
}

/// Members of a request, and the part of the event each gives; nothing for the event itself.
pub fn request(gives: Gives) -> &'static [(String, String)] {
    TABLE.request.get(&gives).map_or(&[], Vec::as_slice)
}

#[derive(Default, Deserialize)]
struct Table {
    frameworks: FxHashMap<String, Framework>,
    verbs: FxHashMap<String, String>,
    methods: FxHashMap<Method, String>,
    views: Vec<String>,
    prefixes: Vec<String>,
    options: Vec<String>,
    listed: Listed,
    itself: Vec<String>,
    event: Vec<String>,
    events: FxHashMap<String, String>,
    controllers: Vec<String>,
    controller_methods: FxHashMap<String, String>,
    asked: FxHashMap<String, [String; 2]>,
    request: FxHashMap<Gives, Vec<(String, String)>>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| super::table(include_str!("routers.yaml")));

static METHODS: LazyLock<FxHashMap<&'static str, Method>> = LazyLock::new(|| {
    let names = |(method, names): (&Method, &'static String)| {
        let method = *method;
        names.split(' ').map(move |name| (name, method))
    };
    TABLE.methods.iter().flat_map(names).collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_reads() {
        assert!(framework("express").is_some_and(|known| known.ordered && known.gives == Gives::Exchange));
        assert!(framework("fastapi").is_some_and(|known| known.queries && known.gives == Gives::Named));
        assert!(framework("promise").is_none());
        assert_eq!((verb("del"), method("include_router")), (Some("DELETE"), Some(Method::Mounts)));
        assert!(is_of_http("ANY") && !is_of_http("Query"));
        assert_eq!(asked("Query"), ["parentTypeName", "fieldName"]);
        assert_eq!(asked("GET"), ["httpMethod", "path"]);
        assert_eq!(controller_method("httpGet"), Some("GET"));
        assert_eq!(request(Gives::Exchange).len(), 9);
        let named = TABLE.methods.values().map(|names| names.split(' ').count()).sum::<usize>();
        assert_eq!(named, METHODS.len(), "no method does two things");
    }
}
