//! What TypeScript adds at run time: enums and namespaces. What it adds for the compiler is dropped.

use super::tree::Node;
use super::{BROKEN, Lowering, assign, expression, name_pattern, number, string, tree, unknown};
use crate::ir::{Expression, ExpressionKind, Function, Property, Statement, StatementKind, UnaryOperator};
use crate::source::Span;

impl<'t> Lowering<'t> {
    pub(super) fn typed_statement(&mut self, node: Node<'t>, out: &mut Vec<Statement>) {
        match node.kind() {
            "enum_declaration" => self.enumeration(node, out),
            "internal_module" | "module" => self.namespace_statement(node, out),
            "import_alias" => self.import_alias(node, out),
            // Lowered before the other statements, or without a trace at run time.
            "import_statement"
            | "function_declaration"
            | "generator_function_declaration"
            | "empty_statement"
            | "debugger_statement"
            | "interface_declaration"
            | "type_alias_declaration"
            | "ambient_declaration"
            | "function_signature" => {}
            _ => {
                let kind = StatementKind::Unknown("unfamiliar statement");
                out.push(Statement { span: self.span(node), kind });
            }
        }
    }

    /// `enum E { A, B = 'b' }` is an object; numbers lead back to their names.
    fn enumeration(&mut self, node: Node<'t>, out: &mut Vec<Statement>) {
        let (Some(own), Some(body)) = (node.field("name"), node.field("body")) else {
            return;
        };
        let mut properties = Vec::new();
        let mut next = Some(0);
        for child in tree::children(body) {
            let key_node = child.field("name").unwrap_or(child);
            let key = self.key(key_node);
            let value = match (child.field("value"), next) {
                (Some(value), _) => self.expression(value),
                (None, Some(next)) => enum_number(key.span, next),
                (None, None) => unknown(self.span(child), "computed member of an enum"),
            };
            let own_number = value_of(&value);
            next = own_number.and_then(|own| own.checked_add(1));
            let back =
                own_number.map(|own| Property::Pair(string(value.span, &own.to_string()), key.clone()));
            properties.push(Property::Pair(key, value));
            properties.extend(back);
        }
        let text = self.text(own);
        let target = name_pattern(self.span(own), self.scopes.peek(text).unwrap_or(text));
        let value = expression(self.span(node), ExpressionKind::Object(properties));
        out.push(assign(self.span(node), target, value));
    }

    pub(super) fn namespace_statement(&mut self, node: Node<'t>, out: &mut Vec<Statement>) {
        let Some(text) = self.namespace_name(node) else { return };
        let own = node.field("name").map_or_else(|| self.span(node), |own| self.span(own));
        let value = self.namespace(node);
        let target = name_pattern(own, self.scopes.peek(text).unwrap_or(text));
        out.push(assign(self.span(node), target, value));
    }

    /// The name a namespace binds, of its node or of the statement around it.
    pub(super) fn namespace_name(&self, node: Node<'t>) -> Option<&'t str> {
        let module = match node.kind() {
            "expression_statement" => tree::first(node).filter(|inner| inner.kind() == "internal_module")?,
            _ => node,
        };
        module.field("name").filter(|own| own.kind() == "identifier").map(|own| self.text(own))
    }

    /// A namespace is a function called at once that gives what it exports.
    pub(super) fn namespace(&mut self, node: Node<'t>) -> Expression {
        let span = self.span(node);
        let Some(block) = node.field("body") else { return unknown(span, BROKEN) };
        let statements = tree::statements(block);
        self.scopes.enter_function();
        self.declare_vars(&statements);
        self.declare_block(&statements);
        let plain: Vec<Node<'t>> =
            statements.iter().map(|statement| statement.field("declaration").unwrap_or(*statement)).collect();
        let mut body = Vec::new();
        self.block(&plain, &mut body);
        let mut exported = Vec::new();
        for statement in statements.iter().filter(|statement| statement.kind() == "export_statement") {
            let Some(declaration) = statement.field("declaration") else { continue };
            for bound in self.bound_by(declaration) {
                let key = string(self.span(bound), self.text(bound));
                exported.push(Property::Pair(key, self.name(bound)));
            }
        }
        let end = Span { start: span.end, ..span };
        let result = expression(end, ExpressionKind::Object(exported));
        body.push(Statement { span: end, kind: StatementKind::Return(Some(result)) });
        let locals = self.scopes.leave_function();
        let function = Function {
            span,
            name: None,
            parameters: Vec::new(),
            locals,
            body,
            is_async: false,
            is_generator: false,
            decorators: Vec::new(),
            own_this: true,
        };
        let callee = Box::new(expression(span, ExpressionKind::Function(Box::new(function))));
        let call = ExpressionKind::Call { callee, arguments: Vec::new(), new: false, optional: false };
        expression(span, call)
    }
}

fn enum_number(span: Span, value: i64) -> Expression {
    match usize::try_from(value) {
        Ok(value) => number(span, value),
        Err(_) => {
            let operand =
                Box::new(expression(span, ExpressionKind::Number(value.unsigned_abs().to_string())));
            expression(span, ExpressionKind::Unary { operator: UnaryOperator::Minus, operand })
        }
    }
}

/// The whole number an expression is written as.
fn value_of(value: &Expression) -> Option<i64> {
    match &value.kind {
        ExpressionKind::Number(text) => text.parse().ok(),
        ExpressionKind::Unary { operator: UnaryOperator::Minus, operand } => {
            value_of(operand).and_then(i64::checked_neg)
        }
        _ => None,
    }
}
