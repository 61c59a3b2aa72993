//! Calls that no path has made, although the code before them ran.
//!
//! Where some paths were left out, what these would have done is not known. Sides of a branch are all
//! taken before paths are left out, where the branch asks something of the outside. One that asks what
//! the code itself has noted before (`if done:`) has sides that only some combinations of others open;
//! and what follows a call is only reached where the call does not fail on all paths that were run.

use rustc_hash::{FxHashMap, FxHashSet};

use super::library;
use crate::aws::libraries;
use crate::ir::{Expression, ExpressionKind, Function, PatternKind, Program, Statement, StatementKind, walk};
use crate::source::{SourceId, Span};

/// What has run.
#[derive(Debug, Default)]
pub(super) struct Reached<'p> {
    functions: FxHashMap<Span, &'p Function>,
    modules: FxHashSet<SourceId>,
    calls: FxHashSet<Span>,
}

impl<'p> Reached<'p> {
    pub(super) fn function(&mut self, function: &'p Function) {
        self.functions.insert(function.span, function);
    }

    pub(super) fn module(&mut self, source: SourceId) {
        self.modules.insert(source);
    }

    pub(super) fn call(&mut self, span: Span) {
        self.calls.insert(span);
    }

    /// The first call that was not made, may have effects, and might be made on a path that was left out.
    pub(super) fn first_missed(&self, program: &'p Program) -> Option<Span> {
        let bodies = self.functions.values().map(|function| &function.body);
        let modules = self.modules.iter().filter_map(|source| program.modules.get(source));
        let missed = bodies.chain(modules.map(|module| &module.body)).filter_map(|body| {
            let mut search = Search { reached: self, noted: noted(body), first: None };
            search.block(body, Way { open: false, entered: true });
            search.first
        });
        missed.min()
    }
}

/// The names that get a value in more than one place.
fn noted(body: &[Statement]) -> FxHashSet<&str> {
    let mut all: Vec<&str> = Vec::new();
    walk::own_statements(body, &mut |statement| {
        if let StatementKind::Assign { target, .. } = &statement.kind
            && let PatternKind::Name(name) = &target.kind
        {
            all.push(name);
        }
    });
    all.sort_unstable();
    all.chunk_by(|one, other| one == other).filter(|same| same.len() > 1).map(|same| same[0]).collect()
}

/// The search through one body.
struct Search<'r, 'p> {
    reached: &'r Reached<'p>,
    noted: FxHashSet<&'p str>,
    first: Option<Span>,
}

/// What is known of the way to a statement.
#[derive(Clone, Copy)]
struct Way {
    /// A branch that asks for something noted leads here, and might have led elsewhere.
    open: bool,
    /// Code right before it ran.
    entered: bool,
}

impl<'p> Search<'_, 'p> {
    fn block(&mut self, body: &'p [Statement], mut way: Way) {
        for statement in body {
            let asks = match &statement.kind {
                StatementKind::If { test, .. } | StatementKind::While { test, .. } => self.asks(test),
                _ => false,
            };
            let (made, missed) = self.calls(statement);
            if way.open || way.entered {
                self.first = [self.first, missed].into_iter().flatten().min();
            }
            way.entered |= made;
            // What a `try` or `with` runs first, runs with what is around it.
            let runs_on = matches!(statement.kind, StatementKind::Try { .. } | StatementKind::With { .. });
            for (index, inner) in walk::blocks(&statement.kind).enumerate() {
                let entered = way.entered && runs_on && index == 0;
                self.block(inner, Way { open: way.open || asks, entered });
            }
            // The other side goes on after the branch.
            if !runs_on && walk::blocks(&statement.kind).any(|inner| inner.last().is_some_and(leaves)) {
                way = Way { open: way.open || asks, entered: false };
            }
        }
    }

    fn asks(&self, test: &'p Expression) -> bool {
        let mut asks = false;
        walk::expression(test, &mut |expression| {
            asks |=
                matches!(&expression.kind, ExpressionKind::Name(name) if self.noted.contains(name.as_str()));
            true
        });
        asks
    }

    /// Whether calls of a statement were made, and the first that was not; those of inner blocks are met
    /// there, and those that an operator may skip nowhere.
    fn calls(&self, statement: &'p Statement) -> (bool, Option<Span>) {
        let (mut made, mut missed): (bool, Option<Span>) = (false, None);
        let mut waiting: Vec<&'p Expression> = match &statement.kind {
            StatementKind::Expression(value)
            | StatementKind::Assign { value, .. }
            | StatementKind::Return(Some(value))
            | StatementKind::Raise(Some(value))
            | StatementKind::If { test: value, .. }
            | StatementKind::While { test: value, .. }
            | StatementKind::ForEach { iterable: value, .. }
            | StatementKind::With { value, .. } => vec![value],
            _ => Vec::new(),
        };
        while let Some(next) = waiting.pop() {
            walk::expression(next, &mut |expression| match &expression.kind {
                // Code of functions is looked at where these ran.
                ExpressionKind::Function(_) | ExpressionKind::Class(_) => false,
                ExpressionKind::Logical { left: first, .. }
                | ExpressionKind::Conditional { test: first, .. } => {
                    waiting.push(first);
                    false
                }
                ExpressionKind::Comprehension { clauses, .. } => {
                    waiting.extend(clauses.first().map(|clause| &clause.iterable));
                    false
                }
                ExpressionKind::Call { optional: true, .. } => false,
                ExpressionKind::Call { callee, .. } => {
                    if matches!(callee.kind, ExpressionKind::Member { optional: true, .. }) {
                        return false;
                    }
                    let span = expression.span;
                    let is_made = self.reached.calls.contains(&span);
                    made |= is_made;
                    if !is_made && !has_no_effect(callee) {
                        missed = Some(missed.map_or(span, |first| first.min(span)));
                    }
                    true
                }
                _ => true,
            });
        }
        (made, missed)
    }
}

fn leaves(statement: &Statement) -> bool {
    matches!(
        statement.kind,
        StatementKind::Return(_) | StatementKind::Raise(_) | StatementKind::Break | StatementKind::Continue
    )
}

/// Whether a call is one of a log, or makes an error.
fn has_no_effect(callee: &Expression) -> bool {
    let Some(path) = dotted(callee) else { return false };
    let last = path.rsplit('.').next().unwrap_or(&path);
    library::is_telemetry(&path) || library::is_error(last) || libraries::is_pure(&path)
}

fn dotted(expression: &Expression) -> Option<String> {
    match &expression.kind {
        ExpressionKind::Name(name) => Some(name.clone()),
        ExpressionKind::Member { object, name, .. } => Some(format!("{}.{name}", dotted(object)?)),
        _ => None,
    }
}
