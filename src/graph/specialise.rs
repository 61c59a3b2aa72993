//! What a handler does on one route: the paths whose conditions the route can satisfy.
//!
//! A function that is a small router is judged per route, so a switch on the method does not make a
//! plain `GetItem` look complicated.

use super::model::{ApiKind, Route};
use crate::summary::{Condition, EffectId, InnerRoute, Path, Shape, Summary, Symbol, Test};

/// The paths of a summary that a request on this route can take, in order.
pub fn specialise<'s>(summary: &'s Summary, route: &Route) -> Vec<&'s Path> {
    let known = Known::of(route);
    let can_hold = |asked: &Condition| known.answer(asked).is_none_or(|answer| answer == asked.holds);
    summary.paths.iter().filter(|path| path.when.iter().all(|asked| can_hold(asked))).collect()
}

/// What a branch asks, where the route alone answers it.
pub fn settled(condition: &Condition, route: &Route) -> Option<bool> {
    Known::of(route).answer(condition)
}

/// The effects that a request on this route can reach. Where the function has a router of its own,
/// those of the inner routes that take the request; module initialisation is not repeated.
pub fn effects_on(summary: &Summary, route: &Route) -> Vec<EffectId> {
    let of_paths = specialise(summary, route).into_iter().flat_map(|path| path.effects.iter().copied());
    let mut effects: Vec<EffectId> = of_paths.collect();
    let taken: Vec<&InnerRoute> = summary.inner_routes.iter().filter(|inner| takes(inner, route)).collect();
    if !taken.is_empty() {
        let routed = |id: &EffectId| summary.inner_routes.iter().any(|inner| inner.effects.contains(id));
        let of_taken = |id: &EffectId| taken.iter().any(|inner| inner.effects.contains(id));
        effects.retain(|id| !routed(id) || of_taken(id));
    }
    effects.sort();
    effects.dedup();
    effects
}

/// Whether an inner route answers requests of an outer one.
fn takes(inner: &InnerRoute, route: &Route) -> bool {
    let method = inner.method == "ANY" || route.method == "ANY" || inner.method == route.method;
    method && paths_meet(&inner.path, &route.path)
}

/// Whether a path of the one pattern can be one of the other: `{proxy+}` takes any rest, `{id}` any
/// part.
fn paths_meet(inner: &str, outer: &str) -> bool {
    let mut inner = inner.trim_matches('/').split('/');
    let mut outer = outer.trim_matches('/').split('/');
    loop {
        let (one, other) = (inner.next(), outer.next());
        let rest = |part: &str| part.starts_with('{') && part.ends_with("+}") || part == "$default";
        match (one, other) {
            (None, None) => return true,
            (Some(one), Some(other)) if rest(one) || rest(other) => return true,
            (Some(part), None) | (None, Some(part)) => return rest(part),
            (Some(one), Some(other)) => {
                let open = one.starts_with('{') || other.starts_with('{');
                if !open && one != other {
                    return false;
                }
            }
        }
    }
}

/// What a route alone says of its requests.
pub(super) struct Known<'r> {
    route: &'r Route,
    facts: Vec<(&'static [&'static str], String)>,
}

impl<'r> Known<'r> {
    pub(super) fn of(route: &'r Route) -> Self {
        Self { route, facts: facts(route) }
    }

    /// What a branch asks, where the route settles it.
    pub(super) fn answer(&self, condition: &Condition) -> Option<bool> {
        answer(condition, &self.facts, self.route)
    }
}

/// What the event of a route is known to hold: path of the field, value.
fn facts(route: &Route) -> Vec<(&'static [&'static str], String)> {
    let method = route.method.clone();
    let key = if route.path == "$default" { route.path.clone() } else { format!("{method} {}", route.path) };
    let mut facts: Vec<(&'static [&'static str], String)> = match route.api_kind {
        ApiKind::Rest => vec![
            (&["resource"], route.path.clone()),
            (&["requestContext", "resourcePath"], route.path.clone()),
            (&["httpMethod"], method.clone()),
            (&["requestContext", "httpMethod"], method.clone()),
        ],
        ApiKind::Http => vec![
            (&["routeKey"], key.clone()),
            (&["requestContext", "routeKey"], key),
            (&["requestContext", "http", "method"], method.clone()),
            // Payload format 1.0 of HTTP APIs has the fields of REST APIs.
            (&["httpMethod"], method.clone()),
            (&["resource"], route.path.clone()),
        ],
        ApiKind::WebSocket => vec![(&["requestContext", "routeKey"], route.path.clone())],
    };
    if !route.path.contains('{') && route.path != "$default" {
        facts.push((&["path"], route.path.clone()));
    }
    // Any method may come: nothing is known of it.
    facts.retain(|(_, value)| *value != "ANY" && !value.starts_with("ANY "));
    facts
}

fn answer(condition: &Condition, facts: &[(&'static [&'static str], String)], route: &Route) -> Option<bool> {
    let known = |shape: &Shape| known(shape, facts, route.api_kind);
    match &condition.test {
        Test::Equal(left, Shape::Symbol(Symbol::Name(text)))
        | Test::Equal(Shape::Symbol(Symbol::Name(text)), left) => {
            known(left).map(|value| value == *text).or_else(|| takes_path(left, text, route))
        }
        Test::OneOf(value, choices) => known(value).and_then(|value| {
            let texts: Option<Vec<&str>> = choices.iter().map(text).collect();
            Some(texts?.contains(&value.as_str()))
        }),
        Test::StartsWith(value, start) => known(value).map(|value| value.starts_with(start)),
        Test::Other(asked) => ending(asked).and_then(|(value, end)| Some(known(value)?.ends_with(end))),
        Test::Truthy(value) | Test::Present(value) => {
            known(value).map(|_| true).or_else(|| parameter(value).and_then(|name| declares(route, name)))
        }
        Test::Has(value, key) if is_parameters(value) => declares(route, key),
        _ => None,
    }
}

/// The value whose text is asked to end with a text (`path.endsWith("/login")`), and that.
fn ending(asked: &[Shape]) -> Option<(&Shape, &str)> {
    let [Shape::Computed { operation, from, .. }] = asked else { return None };
    let [value, end] = &**from else { return None };
    Some((value, text(end)?)).filter(|_| operation == "ends with")
}

/// The text of a value that the route settles; also of texts put together from such values.
fn known(shape: &Shape, facts: &[(&'static [&'static str], String)], kind: ApiKind) -> Option<String> {
    let known = |shape: &Shape| known(shape, facts, kind);
    match shape {
        Shape::Symbol(Symbol::Event(path)) => {
            facts.iter().find(|(field, _)| **field == **path).map(|(_, value)| value.clone())
        }
        Shape::Symbol(Symbol::Name(text)) => Some(text.clone()),
        Shape::Text(parts) => parts.iter().map(known).collect(),
        Shape::Coded { coding, value } => {
            let text = known(value)?;
            match coding.as_str() {
                "string" | "optional" => Some(text),
                "trim" => Some(text.trim().to_owned()),
                "upper" => Some(text.to_uppercase()),
                "lower" => Some(text.to_lowercase()),
                _ => None,
            }
        }
        // What is there needs no default. The events of HTTP APIs have one of two forms, and lack the other's
        // fields: there the default may be what counts.
        Shape::Default { value, default } => {
            let (text, other) = (known(value)?, known(default));
            let counts =
                kind == ApiKind::Rest || other.is_some_and(|other| other.is_empty() || other == text);
            Some(text).filter(|text| counts && !text.is_empty())
        }
        Shape::Part { of, path } => {
            let (Shape::Computed { operation, from, .. }, [index]) = (&**of, &**path) else {
                return None;
            };
            let ([value, Shape::Symbol(Symbol::Name(separator))], "split") = (&**from, operation.as_str())
            else {
                return None;
            };
            let whole = known(value).filter(|_| !separator.is_empty())?;
            whole.split(separator.as_str()).nth(index.parse().ok()?).map(str::to_owned)
        }
        _ => None,
    }
}

/// Whether the path of a request is one of a router's pattern, where the route settles that.
fn takes_path(value: &Shape, pattern: &str, route: &Route) -> Option<bool> {
    let Shape::Symbol(Symbol::Event(field)) = value else { return None };
    if !matches!(field.last().map(String::as_str), Some("path" | "rawPath"))
        || route.api_kind == ApiKind::WebSocket
    {
        return None;
    }
    let same = |a: &str, b: &str| {
        let open = |part: &str| part.starts_with('{') && !part.ends_with("+}");
        let (mut a, mut b) = (a.trim_matches('/').split('/'), b.trim_matches('/').split('/'));
        loop {
            match (a.next(), b.next()) {
                (None, None) => return true,
                (Some(a), Some(b)) if a == b && !a.ends_with("+}") || open(a) && open(b) => {}
                _ => return false,
            }
        }
    };
    if !paths_meet(pattern, &route.path) {
        return Some(false);
    }
    same(pattern, &route.path).then_some(true)
}

fn text(shape: &Shape) -> Option<&str> {
    match shape {
        Shape::Symbol(Symbol::Name(text)) => Some(text),
        _ => None,
    }
}

/// The path parameter that a value is.
fn parameter(shape: &Shape) -> Option<&str> {
    match shape {
        Shape::Symbol(Symbol::Event(path)) => match &**path {
            [parameters, name] if parameters == "pathParameters" => Some(name),
            _ => None,
        },
        _ => None,
    }
}

/// `event.pathParameters`, also where nothing stands in for it: `or {}`.
fn is_parameters(shape: &Shape) -> bool {
    match shape {
        Shape::Symbol(Symbol::Event(path)) => path.len() == 1 && path[0] == "pathParameters",
        Shape::Default { value, default } => is_parameters(value) && is_empty(default),
        _ => false,
    }
}

fn is_empty(shape: &Shape) -> bool {
    matches!(shape, Shape::Object { entries, open: false } if entries.is_empty()) || *shape == Shape::Null
}

/// Path parameters are all there, or not declared. With `$default` nothing is known.
fn declares(route: &Route, name: &str) -> Option<bool> {
    if route.path == "$default" || route.api_kind == ApiKind::WebSocket {
        return None;
    }
    Some(route.path.contains(&format!("{{{name}}}")) || route.path.contains(&format!("{{{name}+}}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::{Reference, Target, TemplateId};
    use crate::source::{SourceId, Span};
    use crate::summary::Outcome;
    use std::sync::Arc;

    fn route(kind: ApiKind, method: &str, path: &str) -> Route {
        Route {
            template: TemplateId(0),
            api: Reference::Resource("Api".into()),
            api_kind: kind,
            method: method.into(),
            path: path.into(),
            target: Target::None,
            auth: Vec::new(),
            span: Span::new(SourceId(0), 0, 0),
            event: None,
            patience: crate::graph::Patience::default(),
            templated: false,
        }
    }

    fn event(path: &[&str]) -> Shape {
        Shape::Symbol(Symbol::Event(path.iter().map(|part| (*part).to_owned()).collect()))
    }

    fn name(text: &str) -> Shape {
        Shape::Symbol(Symbol::Name(text.to_owned()))
    }

    fn when(test: Test, holds: bool) -> Condition {
        Condition { test, holds, span: Span::new(SourceId(0), 0, 0) }
    }

    #[test]
    fn what_is_made_of_the_route_is_known() {
        let coded =
            |coding: &str, value: Shape| Shape::Coded { coding: coding.to_owned(), value: value.into() };
        let method = Shape::Default { value: event(&["httpMethod"]).into(), default: name("").into() };
        let span = Span::new(SourceId(0), 0, 0);
        let from = [event(&["routeKey"]), name(" ")].into();
        let split = Shape::Computed { operation: "split".to_owned(), from, span };
        let word = |index: &str| Shape::Part { of: split.clone().into(), path: [index.to_owned()].into() };
        let is = |value: Shape, text: &str| is_known(Test::Equal(value, name(text)));
        fn is_known(test: Test) -> Option<bool> {
            Known::of(&route(ApiKind::Http, "GET", "/carts/{id}")).answer(&when(test, true))
        }
        assert_eq!(is(coded("lower", method.clone()), "get"), Some(true));
        assert_eq!(is(coded("upper", method), "POST"), Some(false));
        assert_eq!(is(word("0"), "GET"), Some(true));
        assert_eq!(is(word("1"), "/carts"), Some(false));
        assert_eq!(is(word("2"), "/carts"), None);
        assert_eq!(is_known(Test::Truthy(word("1"))), Some(true));
    }

    fn summary(conditions: Vec<Vec<Condition>>) -> Summary {
        let span = Span::new(SourceId(0), 0, 0);
        let path = |(index, when): (usize, Vec<Condition>)| Path {
            when: when.into_iter().map(Arc::new).collect(),
            effects: vec![EffectId(u32::try_from(index).expect("it is small"))],
            outcome: Outcome::Returns(Shape::Null, span),
        };
        Summary {
            entry: span,
            effects: Vec::new(),
            paths: conditions.into_iter().enumerate().map(path).collect(),
            all_paths: true,
            env_reads: Vec::new(),
            event_reads: Vec::new(),
            inner_routes: Vec::new(),
            inits: Vec::new(),
            imports: Vec::new(),
            signs: Vec::new(),
            variables: Vec::new(),
            unknowns: Vec::new(),
        }
    }

    #[test]
    fn a_switch_on_the_method_keeps_the_paths_of_the_route() {
        let method = |text: &str, holds| when(Test::Equal(event(&["httpMethod"]), name(text)), holds);
        let summary = summary(vec![
            vec![method("GET", true)],
            vec![method("GET", false), method("POST", true)],
            vec![method("GET", false), method("POST", false)],
        ]);
        let effects = |method| effects_on(&summary, &route(ApiKind::Rest, method, "/carts/{id}"));
        assert_eq!(effects("GET"), [EffectId(0)]);
        assert_eq!(effects("POST"), [EffectId(1)]);
        assert_eq!(effects("DELETE"), [EffectId(2)]);
        assert_eq!(effects("ANY").len(), 3);
    }

    #[test]
    fn what_a_rest_api_hands_on_needs_no_default() {
        let method = Shape::Default { value: event(&["httpMethod"]).into(), default: name("GET").into() };
        let summary = summary(vec![
            vec![when(Test::Equal(method.clone(), name("GET")), true)],
            vec![when(Test::Equal(method, name("GET")), false)],
        ]);
        assert_eq!(effects_on(&summary, &route(ApiKind::Rest, "POST", "/carts")), [EffectId(1)]);
        assert_eq!(effects_on(&summary, &route(ApiKind::Http, "POST", "/carts")).len(), 2);
    }

    #[test]
    fn route_keys_and_declared_parameters_decide() {
        let summary = summary(vec![
            vec![when(Test::Equal(event(&["routeKey"]), name("GET /carts/{id}")), true)],
            vec![when(Test::Truthy(event(&["pathParameters", "id"])), false)],
            vec![when(Test::Truthy(event(&["queryStringParameters", "id"])), false)],
        ]);
        assert_eq!(
            effects_on(&summary, &route(ApiKind::Http, "GET", "/carts/{id}")),
            [EffectId(0), EffectId(2)]
        );
        assert_eq!(effects_on(&summary, &route(ApiKind::Http, "GET", "/carts")), [EffectId(1), EffectId(2)]);
    }

    #[test]
    fn inner_routes_take_what_their_pattern_meets() {
        assert!(paths_meet("/carts/{id}", "/{proxy+}"));
        assert!(paths_meet("/carts/{id}", "/carts/{cartId}"));
        assert!(paths_meet("/", "/"));
        assert!(!paths_meet("/carts", "/carts/{id}"));
        assert!(!paths_meet("/orders/{id}", "/carts/{id}"));
    }
}
