//! Every span of a summary: all that ties it to the files it was made from.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::{
    Condition, Effect, EnvRead, EventRead, Init, InnerRoute, Outcome, Parts, Path, Shape, Summary, Test,
    Times, Unknown,
};
use crate::source::Span;

impl Summary {
    /// Visits every span. Nothing is passed over: a field that is added must be named here.
    pub fn spans_mut(&mut self, visit: &mut dyn FnMut(&mut Span)) {
        let Self {
            entry,
            effects,
            paths,
            all_paths: _,
            env_reads,
            event_reads,
            inner_routes,
            inits,
            imports: _,
            signs: _,
            variables: _,
            unknowns,
        } = self;
        visit(entry);
        for Effect { action: _, on: _, input, times, certainty: _, let_go: _, span, stack } in effects {
            shape(input, visit);
            if let Times::PerItemOf(of) = times {
                shape(of, visit);
            }
            visit(span);
            stack.iter_mut().for_each(&mut *visit);
        }
        // A shared condition is changed once, and stays shared.
        let mut shared: FxHashMap<*const Condition, [Arc<Condition>; 2]> = FxHashMap::default();
        for Path { when, effects: _, outcome } in paths {
            for asked in when {
                if let Some(own) = Arc::get_mut(asked) {
                    condition(own, visit);
                    continue;
                }
                let [_, changed] = shared.entry(Arc::as_ptr(asked)).or_insert_with(|| {
                    let mut changed = Condition::clone(asked);
                    condition(&mut changed, visit);
                    [Arc::clone(asked), Arc::new(changed)]
                });
                *asked = Arc::clone(changed);
            }
            match outcome {
                Outcome::Returns(value, span) => {
                    shape(value, visit);
                    visit(span);
                }
                Outcome::Raises { class: _, message, span } => {
                    message.iter_mut().for_each(|message| shape(message, visit));
                    visit(span);
                }
                Outcome::Unknown => {}
            }
        }
        env_reads
            .iter_mut()
            .for_each(|EnvRead { name: _, has_default: _, certainty: _, at_init: _, span }| visit(span));
        event_reads
            .iter_mut()
            .for_each(|EventRead { path: _, required: _, has_default: _, certainty: _, span }| visit(span));
        inner_routes.iter_mut().for_each(|InnerRoute { method: _, path: _, span, effects: _ }| visit(span));
        inits
            .iter_mut()
            .for_each(|Init { what: _, at_init: _, invariant: _, own_credentials: _, span }| visit(span));
        unknowns.iter_mut().for_each(|Unknown { span, why: _, may_have_effects: _ }| visit(span));
    }
}

fn condition(Condition { test, holds: _, span }: &mut Condition, visit: &mut dyn FnMut(&mut Span)) {
    self::test(test, visit);
    visit(span);
}

fn test(test: &mut Test, visit: &mut dyn FnMut(&mut Span)) {
    match test {
        Test::Truthy(value)
        | Test::Present(value)
        | Test::Has(value, _)
        | Test::StartsWith(value, _)
        | Test::Iterates(value) => shape(value, visit),
        Test::Equal(left, right) => {
            shape(left, visit);
            shape(right, visit);
        }
        Test::OneOf(value, ones) => {
            shape(value, visit);
            all_shared(ones, visit);
        }
        Test::Other(values) => all_shared(values, visit),
        Test::Failed(..) | Test::Raised => {}
    }
}

fn shape(value: &mut Shape, visit: &mut dyn FnMut(&mut Span)) {
    match value {
        Shape::Text(parts) | Shape::List(parts) | Shape::Choice(parts) => {
            all_shared(parts, visit);
        }
        Shape::Object { entries, open: _ } if entries.iter().any(|(_, value)| has_span(value)) => {
            Arc::make_mut(entries).iter_mut().for_each(|(_, value)| shape(value, visit));
        }
        Shape::Json(value) | Shape::Parsed(value) | Shape::Coded { coding: _, value } => shared(value, visit),
        Shape::Default { value, default } => {
            shared(value, visit);
            shared(default, visit);
        }
        Shape::Each { of, item } => {
            shared(of, visit);
            shared(item, visit);
        }
        Shape::Item { of, path: _ } | Shape::Part { of, path: _ } => shared(of, visit),
        Shape::Computed { operation: _, from, span } => {
            all_shared(from, visit);
            visit(span);
        }
        Shape::Unknown
        | Shape::Null
        | Shape::Bool(_)
        | Shape::Number(_)
        | Shape::Symbol(_)
        | Shape::Object { .. }
        | Shape::RandomId
        | Shape::Now(_) => {}
    }
}

/// A value that others are made of too is copied where it has a span, and only there.
fn shared(value: &mut Arc<Shape>, visit: &mut dyn FnMut(&mut Span)) {
    if has_span(value) {
        shape(Arc::make_mut(value), visit);
    }
}

fn all_shared(values: &mut Parts, visit: &mut dyn FnMut(&mut Span)) {
    if values.iter().any(has_span) {
        Arc::make_mut(values).iter_mut().for_each(|value| shape(value, visit));
    }
}

fn has_span(value: &Shape) -> bool {
    matches!(value, Shape::Computed { .. }) || !value.all_parts(|part| !has_span(part))
}
