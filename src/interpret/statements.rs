//! Statements: what a block does, and how it ends.

use super::domain::{Eval, FrameId, Raised, Stop, Value};
use super::engine::{Engine, Guard, Takes};
use super::shape::{self, computed};
use crate::aws::errors::{self, ErrorKind};
use crate::ir::{Catch, Expression, ExpressionKind, Pattern, PatternKind, Statement, StatementKind, walk};
use crate::source::Span;
use crate::summary::{Shape, Test};

/// Known lists up to this length are walked item by item.
const MOST_UNROLLED: usize = 24;

/// How a statement ends, where no error is raised.
#[derive(Clone, Debug)]
pub(super) enum Flow<'p> {
    Next,
    Return(Value<'p>),
    Break,
    Continue,
}

/// What a loop walks over.
pub(super) struct Items<'p> {
    pub known: Vec<Value<'p>>,
    /// Stands for any number of further items: the list they are of, and one of them.
    pub more: Option<(Option<Shape>, Value<'p>)>,
}

impl<'p> Engine<'p> {
    pub(super) fn block(&mut self, frame: FrameId, statements: &'p [Statement]) -> Eval<'p, Flow<'p>> {
        let (mut standing, first) = self.stand();
        for (index, statement) in statements.iter().enumerate().skip(first) {
            self.stand_before(&mut standing, index, statement.span);
            let flow = self.statement(frame, statement);
            self.stand_after(&mut standing, index, statement.span);
            match flow? {
                Flow::Next => {}
                flow => return Ok(flow),
            }
        }
        Ok(Flow::Next)
    }

    fn statement(&mut self, frame: FrameId, statement: &'p Statement) -> Eval<'p, Flow<'p>> {
        self.step()?;
        match &statement.kind {
            StatementKind::Expression(expression) => {
                self.run_alone(frame, expression)?;
            }
            StatementKind::Assign { target, value } => {
                let since = self.stands_for(value);
                let value = self.eval(frame, value)?;
                self.bind(frame, target, value)?;
                self.keep_since(frame, target, since);
            }
            StatementKind::Delete(expression) => self.delete(frame, expression)?,
            StatementKind::If { test, then, otherwise } => {
                if self.skimming.is_some() {
                    return self.skim_branches(frame, test, then, otherwise);
                }
                if self.adds_nothing(frame, test, then, otherwise)?
                    || self.gathers(frame, test, then, otherwise)?
                {
                    return Ok(Flow::Next);
                }
                let branch = if self.test(frame, test)? { then } else { otherwise };
                return self.block(frame, branch);
            }
            StatementKind::ForEach { pattern, iterable, body, otherwise, .. } => {
                return self.for_each(frame, pattern, iterable, body, otherwise);
            }
            StatementKind::While { test, body, update, otherwise, at_least_once } => {
                return self.while_loop(frame, test, body, update, otherwise, *at_least_once);
            }
            StatementKind::Try { body, catches, otherwise, finally } => {
                return self.try_block(frame, body, catches, otherwise, finally, statement.span);
            }
            StatementKind::With { value, pattern, body } => {
                return self.with_block(frame, value, pattern.as_ref(), body);
            }
            StatementKind::Return(value) => {
                let returned = match value {
                    Some(value) => self.eval(frame, value)?,
                    None => Value::null(),
                };
                if self.run.stack.len() <= 1 {
                    self.run.trail.returned = Some(value.as_ref().map_or(statement.span, |value| value.span));
                }
                return Ok(Flow::Return(returned));
            }
            StatementKind::Raise(value) => return Err(self.raise(frame, value.as_ref(), statement.span)?),
            StatementKind::Break => return Ok(Flow::Break),
            StatementKind::Continue => return Ok(Flow::Continue),
            StatementKind::Unknown(why) => {
                self.unknown(statement.span, *why, true);
            }
        }
        Ok(Flow::Next)
    }

    /// A branch that only logs is no branch: both sides run, without a question.
    fn adds_nothing(
        &mut self,
        frame: FrameId,
        test: &'p Expression,
        then: &'p [Statement],
        otherwise: &'p [Statement],
    ) -> Eval<'p, bool> {
        if !then.iter().chain(otherwise).all(|statement| self.only_logs(frame, statement)) {
            return Ok(false);
        }
        if !super::expressions::is_plain(test) {
            return Ok(false);
        }
        // `if __name__ == "__main__": print(run())`: what is known while a module loads is no question.
        if self.run.at_init && self.eval(frame, test)?.as_shape().and_then(super::trail::truth).is_some() {
            return Ok(false);
        }
        self.block(frame, then)?;
        self.block(frame, otherwise)?;
        Ok(true)
    }

    pub(super) fn only_logs(&self, frame: FrameId, statement: &Statement) -> bool {
        let StatementKind::Expression(Expression { kind: ExpressionKind::Call { callee, .. }, .. }) =
            &statement.kind
        else {
            return false;
        };
        let mut root = &**callee;
        while let ExpressionKind::Member { object, .. } = &root.kind {
            root = object;
        }
        let ExpressionKind::Name(name) = &root.kind else { return false };
        match self.lookup_quietly(frame, name) {
            Some(Value::Extern(external)) => super::library::is_telemetry(&external.path),
            None => super::library::is_telemetry(name),
            _ => false,
        }
    }

    fn for_each(
        &mut self,
        frame: FrameId,
        pattern: &'p Pattern,
        iterable: &'p Expression,
        body: &'p [Statement],
        otherwise: &'p [Statement],
    ) -> Eval<'p, Flow<'p>> {
        let value = self.eval(frame, iterable)?;
        let value = self.settle(value)?;
        let value = self.walked(value, iterable.span)?;
        let items = self.items(&value, iterable.span);
        let (mut standing, first) = self.stand();
        for (index, item) in items.known.into_iter().enumerate().skip(first) {
            self.stand_before(&mut standing, index, pattern.span);
            self.step()?;
            let flow = self.bind(frame, pattern, item).and_then(|()| self.block(frame, body));
            self.stand_after(&mut standing, index, pattern.span);
            match flow? {
                Flow::Next | Flow::Continue => {}
                Flow::Break => return Ok(Flow::Next),
                flow @ Flow::Return(_) => return Ok(flow),
            }
        }
        if let Some((of, item)) = items.more {
            self.loosen(frame, body, pattern.span);
            self.enter_loop(of);
            let flow = self.bind(frame, pattern, item).and_then(|()| self.block(frame, body));
            self.leave_loop();
            match flow? {
                Flow::Next | Flow::Continue => {}
                Flow::Break => return Ok(Flow::Next),
                flow @ Flow::Return(_) => return Ok(flow),
            }
        }
        self.block(frame, otherwise)
    }

    /// The items of a value. Long lists are summarised.
    pub(super) fn items(&mut self, value: &Value<'p>, span: Span) -> Items<'p> {
        let mut items = self.all_items(value, span);
        if items.known.len() > MOST_UNROLLED && !self.are_cases(&items.known) {
            let of = self.shape_of(value);
            let item = items
                .known
                .iter()
                .map(|item| self.shape_of(item))
                .reduce(|left, right| shape::join(&left, &right));
            let item = item.map_or_else(Value::unknown, Value::shape);
            // Functions and clients have no shape: the first of them stands for all.
            let item = items.known.drain(..).find(|item| item.as_shape().is_none()).unwrap_or(item);
            items.more = Some((Some(of), item));
        }
        items
    }

    fn while_loop(
        &mut self,
        frame: FrameId,
        test: &'p Expression,
        body: &'p [Statement],
        update: &'p [Statement],
        otherwise: &'p [Statement],
        at_least_once: bool,
    ) -> Eval<'p, Flow<'p>> {
        self.loosen(frame, body, test.span);
        self.loosen(frame, update, test.span);
        self.enter_loop(None);
        let flow = self.turn(frame, test, body, update, at_least_once);
        self.leave_loop();
        match flow? {
            Flow::Break => Ok(Flow::Next),
            flow @ Flow::Return(_) => Ok(flow),
            Flow::Next | Flow::Continue => self.block(frame, otherwise),
        }
    }

    /// One turn of a loop stands for all.
    fn turn(
        &mut self,
        frame: FrameId,
        test: &'p Expression,
        body: &'p [Statement],
        update: &'p [Statement],
        at_least_once: bool,
    ) -> Eval<'p, Flow<'p>> {
        if !at_least_once && !self.test(frame, test)? {
            return Ok(Flow::Next);
        }
        match self.block(frame, body)? {
            Flow::Next | Flow::Continue => {}
            flow => return Ok(flow),
        }
        self.block(frame, update)?;
        if at_least_once && !matches!(test.kind, ExpressionKind::Bool(_)) {
            self.eval(frame, test)?;
        }
        Ok(Flow::Next)
    }

    /// Constants that a loop changes are no constants in it.
    pub(super) fn loosen(&mut self, frame: FrameId, body: &'p [Statement], span: Span) {
        let mut names = Vec::new();
        assigned(body, &mut names);
        for name in names {
            let Some(Value::Shape(before)) = self.lookup_quietly(frame, name) else { continue };
            if !shape::is_constant(&before) {
                continue;
            }
            let changed = computed("changed in loop", Vec::new(), span);
            self.assign(frame, name, Value::shape(shape::join(&before, &changed)));
        }
    }

    fn try_block(
        &mut self,
        frame: FrameId,
        body: &'p [Statement],
        catches: &'p [Catch],
        otherwise: &'p [Statement],
        finally: &'p [Statement],
        span: Span,
    ) -> Eval<'p, Flow<'p>> {
        if self.skimming.is_some() {
            return self.skim_try(frame, body, catches, [otherwise, finally]);
        }
        let mut types = Vec::new();
        for catch in catches {
            let mut of_clause = Vec::new();
            for class in &catch.types {
                of_clause.push(self.eval(frame, class)?);
            }
            types.push(of_clause);
        }
        let clauses: Vec<Takes> = types.iter().map(|types| self.takes(types)).collect();
        let depth = self.run.guards.len();
        let marks = (self.run.loops.len(), self.run.stack.len(), self.run.yields.len(), self.run.cached);
        self.run.guards.push(Guard { offered: vec![false; clauses.len()], clauses });
        let mut result = self.block(frame, body);
        let guard = self.run.guards.pop();
        if result.is_ok()
            && let Some(guard) = guard
            && let Some(raised) = self.something_raised(&guard, depth, body, span)
        {
            result = Err(Stop::Raise(Box::new(raised)));
        }
        let result = match result {
            Ok(Flow::Next) => self.block(frame, otherwise),
            Ok(flow) => Ok(flow),
            Err(Stop::Raise(raised)) => {
                self.run.loops.truncate(marks.0);
                self.run.stack.truncate(marks.1);
                self.run.yields.truncate(marks.2);
                self.run.cached = marks.3;
                match self.clause_for(&raised, depth, &types) {
                    Some(clause) => self.catch(frame, &catches[clause], *raised),
                    None => Err(Stop::Raise(raised)),
                }
            }
            Err(stop) => Err(stop),
        };
        if matches!(result, Err(Stop::Exhausted)) {
            return result;
        }
        match self.block(frame, finally)? {
            Flow::Next => result,
            flow => Ok(flow),
        }
    }

    fn catch(&mut self, frame: FrameId, catch: &'p Catch, raised: Raised<'p>) -> Eval<'p, Flow<'p>> {
        if let Some(pattern) = &catch.pattern {
            self.bind(frame, pattern, raised.value.clone())?;
        }
        self.run.errors.push(raised);
        let flow = self.block(frame, &catch.body);
        self.run.errors.pop();
        flow
    }

    /// What clauses of these classes take; without classes all.
    fn takes(&mut self, types: &[Value<'p>]) -> Takes {
        if types.is_empty() {
            return Takes::All;
        }
        let mut names = Vec::new();
        let mut thrown_only = true;
        for class in types {
            match class {
                Value::Extern(external) => {
                    let name = external.path.rsplit('.').next().unwrap_or(&external.path).to_owned();
                    match errors::kind(&name) {
                        ErrorKind::Any => return Takes::All,
                        ErrorKind::Import => {}
                        _ => {
                            thrown_only = false;
                            names.push(name);
                        }
                    }
                }
                Value::Object(_) => {}
                _ => return Takes::All,
            }
        }
        if thrown_only {
            return Takes::Thrown;
        }
        if names.iter().all(|name| errors::kind(name) == ErrorKind::Value) {
            return Takes::Values(names);
        }
        // Calls come first: what else the clause takes is no cause of theirs.
        names.sort_by_key(|name| errors::kind(name) == ErrorKind::Value);
        Takes::Calls(names)
    }

    /// A clause that no call could lead to is entered once without a known cause.
    fn something_raised(
        &mut self,
        guard: &Guard,
        depth: usize,
        body: &'p [Statement],
        span: Span,
    ) -> Option<Raised<'p>> {
        if body.iter().all(is_import) {
            return None;
        }
        for (clause, takes) in guard.clauses.iter().enumerate() {
            if guard.offered[clause] || *takes == Takes::Thrown {
                continue;
            }
            if self.decide(Test::Raised, span) {
                let class = match takes {
                    Takes::Values(classes) | Takes::Calls(classes) => {
                        classes.first().map(|class| class.as_str().into())
                    }
                    _ => None,
                };
                return Some(Raised {
                    class,
                    value: Value::shape(computed("error", Vec::new(), span)),
                    message: None,
                    span,
                    clause: Some((depth, clause)),
                });
            }
        }
        None
    }

    fn clause_for(&mut self, raised: &Raised<'p>, depth: usize, types: &[Vec<Value<'p>>]) -> Option<usize> {
        if let Some((at, clause)) = raised.clause {
            return (at == depth).then_some(clause);
        }
        let mut names = self.class_names(&raised.value);
        names.extend(raised.class.as_deref().map(str::to_owned));
        types.iter().position(|types| {
            types.is_empty()
                || types.iter().any(|class| match class {
                    Value::Extern(external) => {
                        let name = external.path.rsplit('.').next().unwrap_or(&external.path);
                        errors::kind(name) == ErrorKind::Any || names.iter().any(|have| have == name)
                    }
                    Value::Object(loc) => self.instance_is(&raised.value, *loc),
                    _ => true,
                })
        })
    }

    fn raise(&mut self, frame: FrameId, value: Option<&'p Expression>, span: Span) -> Eval<'p, Stop<'p>> {
        let Some(expression) = value else {
            let again = self.run.errors.last().cloned();
            return Ok(Stop::Raise(Box::new(again.map_or_else(
                || Raised { class: None, value: Value::unknown(), message: None, span, clause: None },
                |raised| Raised { clause: None, ..raised },
            ))));
        };
        let value = self.eval(frame, expression)?;
        if let Some(again) = self.run.errors.iter().rev().find(|raised| raised.value.same(&value)) {
            return Ok(Stop::Raise(Box::new(Raised { clause: None, span, ..again.clone() })));
        }
        Ok(Stop::Raise(Box::new(self.raised(value, span)?)))
    }

    /// An error made of a value: an instance, a class, or anything.
    pub(super) fn raised(&mut self, value: Value<'p>, span: Span) -> Eval<'p, Raised<'p>> {
        let value = match value {
            Value::Object(loc) if self.is_class(loc) => {
                self.instantiate(loc, super::domain::Arguments::default(), span)?
            }
            value => value,
        };
        let class = self.class_names(&value).into_iter().next().map(|name| name.as_str().into());
        let message = match &value {
            Value::Extern(external) => external.arguments.first().map(|first| self.shape_of(&first)),
            Value::Object(loc) => {
                self.run.heap.get(*loc).entry("message").cloned().map(|message| self.shape_of(&message))
            }
            _ => None,
        };
        Ok(Raised { class, value, message, span, clause: None })
    }

    fn with_block(
        &mut self,
        frame: FrameId,
        value: &'p Expression,
        pattern: Option<&'p Pattern>,
        body: &'p [Statement],
    ) -> Eval<'p, Flow<'p>> {
        let manager = self.eval(frame, value)?;
        let entered = self.enter(&manager, value.span)?;
        if let Some(pattern) = pattern {
            self.bind(frame, pattern, entered)?;
        }
        let flow = self.block(frame, body)?;
        self.leave(&manager, value.span)?;
        Ok(flow)
    }

    fn delete(&mut self, frame: FrameId, expression: &'p Expression) -> Eval<'p, ()> {
        let (object, key) = match &expression.kind {
            ExpressionKind::Member { object, name, .. } => (object, Some(name.clone())),
            ExpressionKind::Index { object, key, .. } => {
                let key = self.eval(frame, key)?;
                (object, self.key_of(&key))
            }
            _ => return Ok(()),
        };
        let object = self.eval(frame, object)?;
        match (object, key) {
            (Value::Object(loc), Some(key)) => {
                self.run.heap.change(loc).entries.retain(|(name, _)| **name != *key);
            }
            (Value::Shape(whole), _) => self.run.changed.push(((*whole).clone(), expression.span)),
            _ => {}
        }
        Ok(())
    }
}

fn is_import(statement: &Statement) -> bool {
    let StatementKind::Assign { value, .. } = &statement.kind else { return false };
    match &value.kind {
        ExpressionKind::Import(_) => true,
        ExpressionKind::Member { object, .. } => matches!(object.kind, ExpressionKind::Import(_)),
        _ => false,
    }
}

/// Names that a body assigns.
fn assigned<'p>(body: &'p [Statement], names: &mut Vec<&'p str>) {
    walk::own_statements(body, &mut |statement| match &statement.kind {
        StatementKind::Assign { target, .. } => bound(target, names),
        StatementKind::Expression(Expression { kind: ExpressionKind::Assign { target, .. }, .. }) => {
            bound(target, names);
        }
        _ => {}
    });
}

fn bound<'p>(pattern: &'p Pattern, names: &mut Vec<&'p str>) {
    match &pattern.kind {
        PatternKind::Name(name) if !names.contains(&name.as_str()) => names.push(name),
        PatternKind::Name(_) | PatternKind::Place(_) => {}
        PatternKind::List { items, rest } => {
            items.iter().flatten().for_each(|item| bound(item, names));
            if let Some(rest) = rest {
                bound(rest, names);
            }
        }
        PatternKind::Object { entries, rest } => {
            entries.iter().for_each(|(_, pattern)| bound(pattern, names));
            if let Some(rest) = rest {
                bound(rest, names);
            }
        }
        PatternKind::Default { pattern, .. } => bound(pattern, names),
    }
}
