//! Statements.

use tree_sitter::Node;

use super::grammar::{Child, Field, Kind, field, named};
use super::recovery::is_statement;
use super::{Lowering, TOO_DEEP, name};
use crate::ir::{
    Argument, ArgumentKind, BinaryOperator, Catch, Expression, ExpressionKind, Pattern, PatternKind,
    Statement, StatementKind, UnaryOperator,
};
use crate::source::Span;

impl<'t> Lowering<'t> {
    /// The statements of a file that begin before `end`. Of a broken file, `broken` gets what is left
    /// out here.
    pub(super) fn module(
        &mut self,
        root: Node<'t>,
        end: usize,
        body: &mut Vec<Statement>,
        broken: &mut Vec<Span>,
    ) {
        let is_broken = root.has_error();
        for child in self.children(root) {
            if child.node.start_byte() >= end {
                return;
            }
            // Indented code at the top level has lost the `def` or `if` that it belongs to.
            let is_lost = is_broken && (!is_statement(child.kind) || self.is_indented(child.node));
            if is_lost && child.node.is_named() {
                broken.push(self.span(child.node));
            } else {
                self.statement(child, body);
            }
        }
    }

    fn is_indented(&self, node: Node<'_>) -> bool {
        let before = self.text.get(..node.start_byte()).unwrap_or_default();
        let margin = before.trim_end_matches([' ', '\t']);
        margin.len() < before.len() && (margin.is_empty() || margin.ends_with('\n'))
    }

    /// The statements of a clause: what its `block` holds.
    pub(super) fn block(&mut self, node: Node<'t>) -> Vec<Statement> {
        let mut body = Vec::new();
        self.block_into(node, &mut body);
        body
    }

    pub(super) fn block_into(&mut self, node: Node<'t>, out: &mut Vec<Statement>) {
        let done = self.deeper(super::BLOCK_LEVELS, |this| {
            for child in this.children(node) {
                this.statement(child, out);
            }
        });
        if done.is_none() {
            out.push(Statement { span: self.span(node), kind: StatementKind::Unknown(TOO_DEEP) });
        }
    }

    /// The block among the children of a clause, in a field or not.
    pub(super) fn body_of(&mut self, children: &[Child<'t>]) -> Vec<Statement> {
        match children.iter().find(|child| child.kind == Kind::Block) {
            Some(block) => self.block(block.node),
            None => Vec::new(),
        }
    }

    pub(super) fn statement(&mut self, child: Child<'t>, out: &mut Vec<Statement>) {
        let node = child.node;
        let span = self.span(node);
        let kind = match child.kind {
            Kind::ExpressionStatement => return self.expression_statement(node, out),
            Kind::IfStatement => self.if_statement(node),
            Kind::ReturnStatement => StatementKind::Return(self.only_expression(node)),
            Kind::FunctionDefinition | Kind::ClassDefinition | Kind::DecoratedDefinition => {
                return self.definition(node, out);
            }
            Kind::ForStatement => self.for_statement(node),
            Kind::TryStatement => self.try_statement(node),
            Kind::WithStatement => return self.with_statement(node, out),
            Kind::RaiseStatement => self.raise_statement(node),
            Kind::ImportStatement => return self.import_statement(node, out),
            Kind::ImportFromStatement => return self.import_from_statement(node, out),
            Kind::WhileStatement => self.while_statement(node),
            Kind::AssertStatement => self.assert_statement(node),
            Kind::DeleteStatement => return self.delete_statement(node, out),
            Kind::BreakStatement => StatementKind::Break,
            Kind::ContinueStatement => StatementKind::Continue,
            Kind::MatchStatement => return self.match_statement(node, out),
            Kind::GlobalStatement | Kind::NonlocalStatement => return self.scope_statement(child),
            Kind::PrintStatement => self.call_statement(node, "print"),
            Kind::ExecStatement => self.call_statement(node, "exec"),
            Kind::TypeAliasStatement => return self.type_alias(node, out),
            Kind::PassStatement | Kind::FutureImportStatement => return,
            _ if !node.is_named() => return,
            _ => StatementKind::Unknown("unknown statement"),
        };
        out.push(Statement { span, kind });
    }

    /// The only expression of `return`, `await` and the like.
    pub(super) fn only_expression(&mut self, node: Node<'t>) -> Option<Expression> {
        let child = named(&self.children(node)).next()?;
        Some(self.expression(child.node))
    }

    fn expression_statement(&mut self, node: Node<'t>, out: &mut Vec<Statement>) {
        let span = self.span(node);
        let children = self.children(node);
        let Some(first) = children.first().copied() else { return };
        let kind = match first.kind {
            Kind::Assignment => return self.assignment(first.node, span, out),
            Kind::AugmentedAssignment => return self.augmented_assignment(first.node, span, out),
            Kind::Ellipsis if children.len() == 1 => return,
            Kind::Yield => match self.yield_from(first.node, span) {
                Some(kind) => kind,
                None => StatementKind::Expression(self.expression(first.node)),
            },
            _ if children.len() == 1 => StatementKind::Expression(self.expression(first.node)),
            _ => StatementKind::Expression(Expression { span, kind: self.list_of(&children) }),
        };
        out.push(Statement { span, kind });
    }

    /// `yield from x` as a statement gives each item of `x`.
    fn yield_from(&mut self, node: Node<'t>, span: Span) -> Option<StatementKind> {
        let children = self.children(node);
        children.iter().find(|child| child.kind == Kind::From)?;
        let iterable = self.expression(named(&children).next()?.node);
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

    fn if_statement(&mut self, node: Node<'t>) -> StatementKind {
        let children = self.children(node);
        let test = self.condition(&children, node);
        let then = self.body_of(&children);
        // Each `elif` is one level deeper in the common form.
        let clauses: Vec<_> =
            children.iter().filter(|child| child.field == Field::Alternative).copied().collect();
        let depth = self.depth;
        let mut tests = Vec::new();
        let mut otherwise = Vec::new();
        for clause in clauses {
            let span = self.span(clause.node);
            let parts = self.children(clause.node);
            self.depth += 1;
            if self.depth >= super::DEEPEST {
                otherwise = vec![Statement { span, kind: StatementKind::Unknown(TOO_DEEP) }];
                break;
            } else if clause.kind == Kind::ElifClause {
                let test = self.condition(&parts, clause.node);
                tests.push((span, test, self.body_of(&parts)));
            } else {
                otherwise = self.body_of(&parts);
            }
        }
        self.depth = depth;
        let end = self.span(node);
        for (span, test, then) in tests.into_iter().rev() {
            let span = Span { end: end.end, ..span };
            otherwise = vec![Statement { span, kind: StatementKind::If { test, then, otherwise } }];
        }
        StatementKind::If { test, then, otherwise }
    }

    fn condition(&mut self, children: &[Child<'t>], node: Node<'t>) -> Expression {
        match field(children, Field::Condition) {
            Some(child) => self.expression(child.node),
            None => super::unknown(self.span(node), "broken code"),
        }
    }

    /// The body of the `else` of a loop.
    fn otherwise_of(&mut self, children: &[Child<'t>], kind: Kind) -> Vec<Statement> {
        match children.iter().find(|child| child.kind == kind) {
            Some(clause) => {
                let parts = self.children(clause.node);
                self.body_of(&parts)
            }
            None => Vec::new(),
        }
    }

    fn for_statement(&mut self, node: Node<'t>) -> StatementKind {
        let children = self.children(node);
        let iterable = self.field_expression(&children, Field::Right, node);
        let mut body = Vec::new();
        let pattern = match field(&children, Field::Left) {
            Some(left) => self.target_with(left.node, &mut body),
            None => {
                Pattern { span: self.span(node), kind: PatternKind::List { items: Vec::new(), rest: None } }
            }
        };
        if let Some(block) = field(&children, Field::Body) {
            self.block_into(block.node, &mut body);
        }
        let otherwise = self.otherwise_of(&children, Kind::ElseClause);
        StatementKind::ForEach { pattern, iterable, body, otherwise }
    }

    fn while_statement(&mut self, node: Node<'t>) -> StatementKind {
        let children = self.children(node);
        let test = self.condition(&children, node);
        let body = self.body_of(&children);
        let otherwise = self.otherwise_of(&children, Kind::ElseClause);
        StatementKind::While { test, body, update: Vec::new(), otherwise, at_least_once: false }
    }

    fn try_statement(&mut self, node: Node<'t>) -> StatementKind {
        let children = self.children(node);
        let body = self.body_of(&children);
        let catches = children
            .iter()
            .filter(|child| child.kind == Kind::ExceptClause)
            .map(|child| self.catch(child.node));
        let catches = catches.collect();
        let otherwise = self.otherwise_of(&children, Kind::ElseClause);
        let finally = self.otherwise_of(&children, Kind::FinallyClause);
        StatementKind::Try { body, catches, otherwise, finally }
    }

    fn catch(&mut self, node: Node<'t>) -> Catch {
        let children = self.children(node);
        let mut types = Vec::new();
        let mut pattern = field(&children, Field::Alias).map(|alias| self.target(alias.node));
        for child in children.iter().filter(|child| child.field == Field::Value) {
            let mut value = *child;
            if value.kind == Kind::AsPattern {
                let parts = self.children(value.node);
                pattern = field(&parts, Field::Alias).map(|alias| self.target(alias.node));
                let Some(inner) = named(&parts).next() else { continue };
                value = inner;
            }
            match self.expression(value.node) {
                Expression { kind: ExpressionKind::List(items), .. } if value.kind == Kind::Tuple => {
                    types.extend(items.into_iter().map(|item| match item {
                        crate::ir::Element::One(item) | crate::ir::Element::Spread(item) => item,
                    }));
                }
                one => types.push(one),
            }
        }
        Catch { span: self.span(node), types, pattern, body: self.body_of(&children) }
    }

    /// `with a as x, b as y:` is a `with` in a `with`.
    fn with_statement(&mut self, node: Node<'t>, out: &mut Vec<Statement>) {
        let span = self.span(node);
        let children = self.children(node);
        let mut items = Vec::new();
        for clause in children.iter().filter(|child| child.kind == Kind::WithClause) {
            for item in self.children(clause.node) {
                if item.kind == Kind::WithItem {
                    self.with_items(item.node, &mut items);
                }
            }
        }
        let room = super::DEEPEST.saturating_sub(self.depth) as usize;
        if items.len() > room {
            out.push(Statement { span, kind: StatementKind::Unknown(TOO_DEEP) });
            return;
        }
        let depth = self.depth;
        let mut heads = Vec::new();
        for item in items {
            self.depth += 1;
            let mut before = Vec::new();
            let head = match item.kind {
                Kind::AsPattern => {
                    let parts = self.children(item.node);
                    let value = self.first_expression(&parts, item.node);
                    let alias = field(&parts, Field::Alias);
                    (value, alias.map(|alias| self.target_with(alias.node, &mut before)))
                }
                _ => (self.expression(item.node), None),
            };
            heads.push((head, before));
        }
        let mut body = self.body_of(&children);
        self.depth = depth;
        for ((value, pattern), mut before) in heads.into_iter().rev() {
            before.append(&mut body);
            body = vec![Statement { span, kind: StatementKind::With { value, pattern, body: before } }];
        }
        out.append(&mut body);
    }

    /// The items in a `with` clause; in parentheses they look like a tuple.
    fn with_items(&mut self, node: Node<'t>, items: &mut Vec<Child<'t>>) {
        let Some(value) = field(&self.children(node), Field::Value) else { return };
        if matches!(value.kind, Kind::Tuple | Kind::ParenthesizedExpression) {
            let parts = self.children(value.node);
            if named(&parts).any(|part| part.kind == Kind::AsPattern) {
                items.extend(named(&parts));
                return;
            }
        }
        items.push(value);
    }

    /// `raise error from cause` is `raise error`.
    fn raise_statement(&mut self, node: Node<'t>) -> StatementKind {
        let children = self.children(node);
        let value = named(&children).find(|child| child.field != Field::Cause);
        StatementKind::Raise(value.map(|value| self.expression(value.node)))
    }

    /// `assert test, message` raises where the test fails.
    fn assert_statement(&mut self, node: Node<'t>) -> StatementKind {
        let span = self.span(node);
        let children = self.children(node);
        let mut parts = named(&children);
        let test = match parts.next() {
            Some(test) => self.expression(test.node),
            None => super::unknown(span, "broken code"),
        };
        let message = parts
            .next()
            .map(|message| Argument { kind: ArgumentKind::Positional, value: self.expression(message.node) });
        let error = call(span, name(span, "AssertionError"), message.into_iter().collect());
        let operand = Box::new(test);
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

    fn delete_statement(&mut self, node: Node<'t>, out: &mut Vec<Statement>) {
        let span = self.span(node);
        let mut places: Vec<_> = named(&self.children(node)).rev().collect();
        while let Some(place) = places.pop() {
            if matches!(
                place.kind,
                Kind::ExpressionList | Kind::Tuple | Kind::List | Kind::ParenthesizedExpression
            ) {
                places.extend(named(&self.children(place.node)).rev());
                continue;
            }
            if place.kind == Kind::Identifier {
                self.scopes.bind(self.text(place.node));
            }
            let place = self.expression(place.node);
            out.push(Statement { span, kind: StatementKind::Delete(place) });
        }
    }

    fn scope_statement(&mut self, statement: Child<'t>) {
        for child in named(&self.children(statement.node)) {
            let name = self.text(child.node);
            match statement.kind {
                Kind::GlobalStatement => self.scopes.global(name),
                _ => self.scopes.nonlocal(name),
            }
        }
    }

    /// The statements that became functions: `print x`, `exec code`.
    fn call_statement(&mut self, node: Node<'t>, callee: &str) -> StatementKind {
        let span = self.span(node);
        let children = self.children(node);
        let mut arguments = Vec::new();
        for child in named(&children) {
            let value = match child.kind {
                Kind::Chevron => self.only_expression(child.node),
                _ => Some(self.expression(child.node)),
            };
            arguments.extend(value.map(|value| Argument { kind: ArgumentKind::Positional, value }));
        }
        let token = children.first().map_or(span, |token| self.span(token.node));
        StatementKind::Expression(call(span, name(token, callee), arguments))
    }

    fn type_alias(&mut self, node: Node<'t>, out: &mut Vec<Statement>) {
        let span = self.span(node);
        let Some(left) = field(&self.children(node), Field::Left) else { return };
        let Some(first) = self.text(left.node).split(['[', ' ']).next().filter(|name| !name.is_empty())
        else {
            return;
        };
        let target = Pattern { span: self.span(left.node), kind: PatternKind::Name(self.scopes.bind(first)) };
        let value = super::unknown(span, "type alias");
        out.push(Statement { span, kind: StatementKind::Assign { target, value } });
    }

    /// `a = b = value`, with or without types.
    fn assignment(&mut self, node: Node<'t>, span: Span, out: &mut Vec<Statement>) {
        let mut targets = Vec::new();
        let mut node = node;
        let value = loop {
            let children = self.children(node);
            targets.extend(field(&children, Field::Left));
            match field(&children, Field::Right) {
                Some(right) if right.kind == Kind::Assignment => node = right.node,
                Some(right) => break Some(right),
                None => break None,
            }
        };
        let Some(value) = value else {
            // `name: type` alone makes the name local and no more.
            for target in targets {
                if target.kind == Kind::Identifier {
                    self.scopes.bind(self.text(target.node));
                }
            }
            return;
        };
        if value.kind == Kind::AugmentedAssignment {
            let value = super::unknown(self.span(value.node), "assignment in an assignment");
            return self.assign(targets, value, span, out);
        }
        let value = self.expression(value.node);
        self.assign(targets, value, span, out);
    }

    /// Several targets get the value by way of a name, so that it is evaluated once.
    fn assign(
        &mut self,
        mut targets: Vec<Child<'t>>,
        value: Expression,
        span: Span,
        out: &mut Vec<Statement>,
    ) {
        let mut value = value;
        if targets.len() > 1 && !is_constant(&value) {
            let first = targets.iter().position(|target| target.kind == Kind::Identifier);
            let pattern = match first {
                Some(first) => {
                    let target = targets.remove(first);
                    self.target(target.node)
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
            let target = self.target_with(target.node, &mut parts);
            out.push(Statement { span, kind: StatementKind::Assign { target, value: value.clone() } });
            out.append(&mut parts);
        }
    }

    /// `a += b` is `a = a + b`.
    fn augmented_assignment(&mut self, node: Node<'t>, span: Span, out: &mut Vec<Statement>) {
        let children = self.children(node);
        let Some(left) = field(&children, Field::Left) else { return };
        let operator = field(&children, Field::Operator).and_then(|operator| augmented(operator.kind));
        let right = self.field_expression(&children, Field::Right, node);
        let target = self.target(left.node);
        let place = self.expression(left.node);
        let kind = match operator {
            Some(operator) => {
                ExpressionKind::Binary { operator, left: Box::new(place), right: Box::new(right) }
            }
            None => ExpressionKind::Unknown("matrix product"),
        };
        let value = Expression { span, kind };
        out.push(Statement { span, kind: StatementKind::Assign { target, value } });
    }
}

pub(super) fn call(span: Span, callee: Expression, arguments: Vec<Argument>) -> Expression {
    let callee = Box::new(callee);
    Expression { span, kind: ExpressionKind::Call { callee, arguments, new: false, optional: false } }
}

/// Whether evaluating an expression again gives the same and does nothing.
pub(super) fn is_constant(value: &Expression) -> bool {
    matches!(
        value.kind,
        ExpressionKind::Null
            | ExpressionKind::Bool(_)
            | ExpressionKind::Number(_)
            | ExpressionKind::String(_)
            | ExpressionKind::Name(_)
    )
}

fn augmented(kind: Kind) -> Option<BinaryOperator> {
    Some(match kind {
        Kind::PlusEquals => BinaryOperator::Add,
        Kind::MinusEquals => BinaryOperator::Subtract,
        Kind::StarEquals => BinaryOperator::Multiply,
        Kind::SlashEquals => BinaryOperator::Divide,
        Kind::DoubleSlashEquals => BinaryOperator::FloorDivide,
        Kind::PercentEquals => BinaryOperator::Modulo,
        Kind::DoubleStarEquals => BinaryOperator::Power,
        Kind::ShiftRightEquals => BinaryOperator::ShiftRight,
        Kind::ShiftLeftEquals => BinaryOperator::ShiftLeft,
        Kind::AmpersandEquals => BinaryOperator::BitAnd,
        Kind::CaretEquals => BinaryOperator::BitXor,
        Kind::BarEquals => BinaryOperator::BitOr,
        _ => return None,
    })
}
