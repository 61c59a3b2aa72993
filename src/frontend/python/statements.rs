//! Statements.

use ruff_python_ast::{
    ExceptHandler, ExceptHandlerExceptHandler, Expr, Operator, Stmt, StmtAssert, StmtAugAssign, StmtIf,
    StmtTypeAlias, StmtWith,
};
use ruff_text_size::{Ranged, TextRange};

use super::expressions::{arithmetic, is_constant};
use super::{Lowering, TOO_DEEP, call, is_missing, name, unknown};
use crate::ir::{
    Argument, ArgumentKind, Catch, Element, Expression, ExpressionKind, Pattern, PatternKind, Statement,
    StatementKind, UnaryOperator,
};
use crate::source::Span;

impl Lowering<'_> {
    /// The statements of a file. Of a broken file, `broken` gets what is left out here.
    pub(super) fn module(
        &mut self,
        suite: &[Stmt],
        is_broken: bool,
        body: &mut Vec<Statement>,
        broken: &mut Vec<Span>,
    ) {
        let mut rest = suite;
        while let [statement, after @ ..] = rest {
            // Indented code at the top level has lost the `def` or `if` that it belongs to.
            if is_broken && self.is_indented(statement) {
                broken.push(self.span(statement));
                rest = after;
            } else {
                rest = self.statements(rest, body);
            }
        }
    }

    fn is_indented(&self, statement: &Stmt) -> bool {
        let before = self.text.get(..statement.start().to_usize()).unwrap_or_default();
        let margin = before.trim_end_matches([' ', '\t']);
        margin.len() < before.len() && (margin.is_empty() || margin.ends_with('\n'))
    }

    pub(super) fn block(&mut self, block: &[Stmt]) -> Vec<Statement> {
        let mut body = Vec::new();
        self.block_into(block, &mut body);
        body
    }

    pub(super) fn block_into(&mut self, block: &[Stmt], out: &mut Vec<Statement>) {
        let done = self.deeper(super::BLOCK_LEVELS, |this| {
            let mut rest = block;
            while !rest.is_empty() {
                rest = this.statements(rest, out);
            }
        });
        if done.is_none() {
            out.extend(self.cut(block));
        }
    }

    /// What stands for a block that is too deep.
    pub(super) fn cut(&self, block: &[Stmt]) -> Option<Statement> {
        let range = TextRange::new(block.first()?.start(), block.last()?.end());
        Some(Statement { span: self.span(range), kind: StatementKind::Unknown(TOO_DEEP) })
    }

    /// The first of some statements; gives those after it. `print x` of Python 2 is two of them.
    pub(super) fn statements<'s>(&mut self, suite: &'s [Stmt], out: &mut Vec<Statement>) -> &'s [Stmt] {
        let [first, rest @ ..] = suite else { return suite };
        if let Stmt::Expr(word) = first
            && let Some(callee @ ("print" | "exec")) = word.value.as_name_expr().map(|word| self.text(word))
            && let [Stmt::Expr(operands), rest @ ..] = rest
            && self.follows(word.range(), operands.range())
        {
            self.understood.insert(operands.start());
            let callee = name(self.span(word), callee);
            let span = self.span(TextRange::new(word.start(), operands.end()));
            let arguments = self.operands(&operands.value);
            let kind = StatementKind::Expression(call(span, callee, arguments));
            out.push(Statement { span, kind });
            return rest;
        }
        self.statement(first, out);
        rest
    }

    /// Whether only blanks lie between two parts of a line.
    fn follows(&self, word: TextRange, operands: TextRange) -> bool {
        let between = self.text.get(word.end().to_usize()..operands.start().to_usize());
        between.is_some_and(|between| !between.is_empty() && between.trim_matches([' ', '\t']).is_empty())
    }

    fn operands(&mut self, operands: &Expr) -> Vec<Argument> {
        let operands = match operands {
            Expr::Tuple(tuple) if !tuple.parenthesized => tuple.elts.as_slice(),
            one => std::slice::from_ref(one),
        };
        operands.iter().map(|one| positional(self.expression(one))).collect()
    }

    fn statement(&mut self, statement: &Stmt, out: &mut Vec<Statement>) {
        let span = self.statement_span(statement);
        self.inside(span, |this| this.statement_kind(statement, span, out));
    }

    fn statement_kind(&mut self, statement: &Stmt, span: Span, out: &mut Vec<Statement>) {
        let kind = match statement {
            Stmt::Expr(statement) => match self.expression_statement(&statement.value, span) {
                Some(kind) => kind,
                None => return,
            },
            Stmt::Assign(assign) => {
                let value = self.expression(&assign.value);
                return self.assign(&assign.targets, value, span, out);
            }
            Stmt::AnnAssign(assign) => match &assign.value {
                Some(value) => {
                    let value = self.expression(value);
                    return self.assign(std::slice::from_ref(&assign.target), value, span, out);
                }
                // `name: type` alone makes the name local and no more.
                None => {
                    if let Expr::Name(target) = &*assign.target {
                        self.scopes.bind(self.text(target));
                    }
                    return;
                }
            },
            Stmt::AugAssign(assign) => self.augmented_assignment(assign, span),
            Stmt::If(branch) => self.if_statement(branch, span),
            Stmt::Return(result) => {
                StatementKind::Return(result.value.as_ref().map(|value| self.expression(value)))
            }
            Stmt::FunctionDef(function) => {
                let value = self.function(function, None);
                return self.define(&function.name, value, span, out);
            }
            Stmt::ClassDef(class) => {
                let value = self.class(class, out);
                return self.define(&class.name, value, span, out);
            }
            Stmt::For(each) => {
                let iterable = self.expression(&each.iter);
                let mut body = Vec::new();
                let pattern = self.target_with(&each.target, &mut body);
                self.block_into(&each.body, &mut body);
                StatementKind::ForEach { pattern, iterable, body, otherwise: self.block(&each.orelse) }
            }
            Stmt::While(each) => StatementKind::While {
                test: self.expression(&each.test),
                body: self.block(&each.body),
                update: Vec::new(),
                otherwise: self.block(&each.orelse),
                at_least_once: false,
            },
            Stmt::Try(tried) => {
                let body = self.block(&tried.body);
                let handlers =
                    tried.handlers.iter().map(|ExceptHandler::ExceptHandler(handler)| self.catch(handler));
                let catches = handlers.collect();
                let otherwise = self.block(&tried.orelse);
                StatementKind::Try { body, catches, otherwise, finally: self.block(&tried.finalbody) }
            }
            Stmt::With(with) => return self.with_statement(with, span, out),
            // `raise error from cause` is `raise error`.
            Stmt::Raise(raise) => {
                StatementKind::Raise(raise.exc.as_ref().map(|error| self.expression(error)))
            }
            Stmt::Import(import) => return self.import_statement(import, span, out),
            Stmt::ImportFrom(import) => return self.import_from_statement(import, span, out),
            Stmt::Assert(assert) => self.assert_statement(assert, span),
            Stmt::Delete(delete) => {
                return delete.targets.iter().for_each(|place| self.delete(place, span, out));
            }
            Stmt::Match(matched) => return self.match_statement(matched, span, out),
            Stmt::Global(global) => {
                return global.names.iter().for_each(|name| self.scopes.global(self.text(name)));
            }
            Stmt::Nonlocal(nonlocal) => {
                return nonlocal.names.iter().for_each(|name| self.scopes.nonlocal(self.text(name)));
            }
            Stmt::TypeAlias(alias) => match self.type_alias(alias, span) {
                Some(kind) => kind,
                None => return,
            },
            Stmt::Break(_) => StatementKind::Break,
            Stmt::Continue(_) => StatementKind::Continue,
            Stmt::Pass(_) => return,
            Stmt::IpyEscapeCommand(_) => StatementKind::Unknown("unknown statement"),
        };
        out.push(Statement { span, kind });
    }

    fn expression_statement(&mut self, value: &Expr, span: Span) -> Option<StatementKind> {
        match value {
            Expr::EllipsisLiteral(_) => None,
            // What is missing, or only begun.
            missing if is_missing(missing) => None,
            // `yield from x` as a statement gives each item of `x`.
            Expr::YieldFrom(yielded) => {
                let iterable = self.expression(&yielded.value);
                self.scopes.mark_generator();
                let item = self.scopes.temporary("item");
                let value = Some(Box::new(name(iterable.span, item.clone())));
                let yields = Expression { span, kind: ExpressionKind::Yield(value) };
                Some(StatementKind::ForEach {
                    pattern: Pattern { span: iterable.span, kind: PatternKind::Name(item) },
                    iterable,
                    body: vec![Statement { span, kind: StatementKind::Expression(yields) }],
                    otherwise: Vec::new(),
                })
            }
            // `print >>file, x` of Python 2.
            Expr::Tuple(tuple)
                if let Some(Expr::BinOp(shift)) = tuple.elts.first()
                    && shift.op == Operator::RShift
                    && self.text(&*shift.left) == "print" =>
            {
                let callee = name(self.span(&*shift.left), "print");
                let operands = std::iter::once(&*shift.right).chain(tuple.elts.iter().skip(1));
                let arguments = operands.map(|one| positional(self.expression(one))).collect();
                Some(StatementKind::Expression(call(span, callee, arguments)))
            }
            value => Some(StatementKind::Expression(self.expression(value))),
        }
    }

    fn if_statement(&mut self, branch: &StmtIf, whole: Span) -> StatementKind {
        let test = self.expression(&branch.test);
        let then = self.block(&branch.body);
        let depth = self.depth;
        let mut tests = Vec::new();
        let mut otherwise = Vec::new();
        for clause in &branch.elif_else_clauses {
            // Each `elif` is one level deeper in the common form.
            self.depth += 1;
            let span = self.clause_span(clause, &clause.body);
            if self.depth >= super::DEEPEST {
                otherwise = vec![Statement { span, kind: StatementKind::Unknown(TOO_DEEP) }];
                break;
            }
            match &clause.test {
                Some(test) => tests.push((span, self.expression(test), self.block(&clause.body))),
                None => otherwise = self.block(&clause.body),
            }
        }
        self.depth = depth;
        for (span, test, then) in tests.into_iter().rev() {
            let span = Span { end: whole.end, ..span };
            otherwise = vec![Statement { span, kind: StatementKind::If { test, then, otherwise } }];
        }
        StatementKind::If { test, then, otherwise }
    }

    fn catch(&mut self, handler: &ExceptHandlerExceptHandler) -> Catch {
        let span = self.clause_span(handler, &handler.body);
        let mut pattern = handler.name.as_ref().map(|alias| self.bound(alias));
        let types = match handler.type_.as_deref() {
            None => Vec::new(),
            // `except Error, name` of Python 2.
            Some(Expr::Tuple(tuple))
                if let [error, Expr::Name(alias)] = tuple.elts.as_slice()
                    && !tuple.parenthesized
                    && self.text(alias).starts_with(|letter: char| letter.is_lowercase()) =>
            {
                pattern = Some(self.target(&tuple.elts[1]));
                vec![self.expression(error)]
            }
            Some(one) => match self.expression(one) {
                Expression { kind: ExpressionKind::List(items), .. } if one.is_tuple_expr() => items
                    .into_iter()
                    .map(|item| match item {
                        Element::One(item) | Element::Spread(item) => item,
                    })
                    .collect(),
                one => vec![one],
            },
        };
        Catch { span, types, pattern, body: self.block(&handler.body) }
    }

    /// `with a as x, b as y:` is a `with` in a `with`.
    fn with_statement(&mut self, with: &StmtWith, span: Span, out: &mut Vec<Statement>) {
        if with.items.len() > super::DEEPEST.saturating_sub(self.depth) as usize {
            out.push(Statement { span, kind: StatementKind::Unknown(TOO_DEEP) });
            return;
        }
        let depth = self.depth;
        let mut heads = Vec::new();
        for item in &with.items {
            self.depth += 1;
            let mut before = Vec::new();
            let value = self.expression(&item.context_expr);
            let pattern = item.optional_vars.as_ref().map(|alias| self.target_with(alias, &mut before));
            heads.push((value, pattern, before));
        }
        let mut body = self.block(&with.body);
        self.depth = depth;
        for (value, pattern, mut before) in heads.into_iter().rev() {
            before.append(&mut body);
            body = vec![Statement { span, kind: StatementKind::With { value, pattern, body: before } }];
        }
        out.append(&mut body);
    }

    /// `assert test, message` raises where the test fails.
    fn assert_statement(&mut self, assert: &StmtAssert, span: Span) -> StatementKind {
        let operand = Box::new(self.expression(&assert.test));
        let message = assert.msg.as_ref().map(|message| positional(self.expression(message)));
        let error = call(span, name(span, "AssertionError"), message.into_iter().collect());
        let test_span = operand.span;
        StatementKind::If {
            test: Expression {
                span: test_span,
                kind: ExpressionKind::Unary { operator: UnaryOperator::Not, operand },
            },
            then: vec![Statement { span, kind: StatementKind::Raise(Some(error)) }],
            otherwise: Vec::new(),
        }
    }

    fn delete(&mut self, place: &Expr, span: Span, out: &mut Vec<Statement>) {
        if let Expr::Tuple(_) | Expr::List(_) = place {
            let places = place.as_tuple_expr().map(|tuple| tuple.elts.as_slice());
            let places = places.or(place.as_list_expr().map(|list| list.elts.as_slice())).unwrap_or_default();
            self.nested(|this| places.iter().for_each(|place| this.delete(place, span, out)));
            return;
        }
        if let Expr::Name(name) = place {
            self.scopes.bind(self.text(name));
        }
        let place = self.expression(place);
        out.push(Statement { span, kind: StatementKind::Delete(place) });
    }

    fn type_alias(&mut self, alias: &StmtTypeAlias, span: Span) -> Option<StatementKind> {
        let bound = Some(self.text(&*alias.name)).filter(|name| !name.is_empty())?;
        let end = alias.type_params.as_ref().map_or(alias.name.end(), |parameters| parameters.end());
        let written = self.span(TextRange::new(alias.name.start(), end));
        let target = Pattern { span: written, kind: PatternKind::Name(self.scopes.bind(bound)) };
        Some(StatementKind::Assign { target, value: unknown(span, "type alias") })
    }

    /// Several targets get the value by way of a name, so that it is evaluated once.
    fn assign(&mut self, targets: &[Expr], value: Expression, span: Span, out: &mut Vec<Statement>) {
        let mut targets: Vec<&Expr> = targets.iter().collect();
        let mut value = value;
        if targets.len() > 1 && !is_constant(&value) {
            let pattern = match targets.iter().position(|target| target.is_name_expr()) {
                Some(first) => {
                    let target = targets.remove(first);
                    self.target(target)
                }
                None => Pattern { span, kind: PatternKind::Name(self.scopes.temporary("value")) },
            };
            let shared = match &pattern.kind {
                PatternKind::Name(shared) => name(pattern.span, shared.clone()),
                _ => value.clone(),
            };
            out.push(Statement { span, kind: StatementKind::Assign { target: pattern, value } });
            value = shared;
        }
        for target in targets {
            let mut parts = Vec::new();
            let target = self.target_with(target, &mut parts);
            out.push(Statement { span, kind: StatementKind::Assign { target, value: value.clone() } });
            out.append(&mut parts);
        }
    }

    /// `a += b` is `a = a + b`.
    fn augmented_assignment(&mut self, assign: &StmtAugAssign, span: Span) -> StatementKind {
        let right = self.expression(&assign.value);
        let target = self.target(&assign.target);
        let place = self.expression(&assign.target);
        let kind = match arithmetic(assign.op) {
            Some(operator) => {
                ExpressionKind::Binary { operator, left: Box::new(place), right: Box::new(right) }
            }
            None => ExpressionKind::Unknown("matrix product"),
        };
        StatementKind::Assign { target, value: Expression { span, kind } }
    }
}

pub(super) fn positional(value: Expression) -> Argument {
    Argument { kind: ArgumentKind::Positional, value }
}
