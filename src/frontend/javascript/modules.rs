//! Imports and exports of ES modules, and the forms TypeScript adds.

use super::tree::Node;
use super::{Lowering, SPINE, TOO_DEEP, assign, expression, member, name_pattern, place, tree, unknown};
use crate::ir::{Expression, ExpressionKind, Import, Pattern, Property, Statement, StatementKind};
use crate::source::Span;
use rustc_hash::{FxHashMap, FxHashSet};

impl<'t> Lowering<'t> {
    /// Imports run before everything else of their module.
    pub(super) fn imports(&mut self, statements: &[Node<'t>], out: &mut Vec<Statement>) {
        for statement in statements.iter().filter(|statement| statement.kind() == "import_statement") {
            self.import(*statement, out);
        }
    }

    fn import(&mut self, node: Node<'t>, out: &mut Vec<Statement>) {
        if tree::is_type_only(node) {
            return;
        }
        let parts = tree::children(node);
        if let Some(clause) = parts.iter().find(|part| part.kind() == "import_require_clause") {
            self.import_require(node, *clause, out);
            return;
        }
        let Some(source) = node.field("source") else { return };
        let Some(clause) = parts.into_iter().find(|part| part.kind() == "import_clause") else {
            let value = self.imported(source, false);
            out.push(Statement { span: self.span(node), kind: StatementKind::Expression(value) });
            return;
        };
        for part in tree::children(clause) {
            match part.kind() {
                "identifier" => {
                    let value = member(self.imported(source, true), "default", self.span(part));
                    self.bind_import(part, part, value, out);
                }
                "namespace_import" => {
                    let value = self.imported(source, false);
                    if let Some(bound) = tree::first(part) {
                        self.bind_import(part, bound, value, out);
                    }
                }
                "named_imports" => {
                    for specifier in tree::children(part) {
                        self.import_specifier(specifier, source, out);
                    }
                }
                _ => {}
            }
        }
    }

    fn import_specifier(&mut self, node: Node<'t>, source: Node<'t>, out: &mut Vec<Statement>) {
        let Some(own) = node.field("name").filter(|_| !tree::is_type_only(node)) else { return };
        let bound = node.field("alias").unwrap_or(own);
        let value = self.imported_member(source, own);
        self.bind_import(node, bound, value, out);
    }

    fn import_require(&mut self, node: Node<'t>, clause: Node<'t>, out: &mut Vec<Statement>) {
        let (Some(bound), Some(source)) = (tree::first(clause), clause.field("source")) else {
            return;
        };
        let value = self.imported(source, true);
        self.bind_import(node, bound, value, out);
        self.export_after(node, bound, out);
    }

    fn bind_import(&mut self, whole: Node<'t>, bound: Node<'t>, value: Expression, out: &mut Vec<Statement>) {
        let text = self.text(bound);
        let target = name_pattern(self.span(bound), self.scopes.peek(text).unwrap_or(text));
        out.push(assign(self.span(whole), target, value));
    }

    fn imported(&self, source: Node<'t>, interop: bool) -> Expression {
        let module = self.string_value(source);
        expression(self.span(source), ExpressionKind::Import(Import { module, interop }))
    }

    /// A member of a module under its exported name.
    fn imported_member(&self, source: Node<'t>, own: Node<'t>) -> Expression {
        let text = self.export_name(own);
        let interop = text == "default";
        let mut value = member(self.imported(source, interop), &text, self.span(own));
        // The name stands before the module's: the whole is where the name is.
        value.span = self.span(own);
        value
    }

    /// `import x = A.B`.
    pub(super) fn import_alias(&mut self, node: Node<'t>, out: &mut Vec<Statement>) {
        let parts = tree::children(node);
        let [bound, target] = parts.as_slice() else { return };
        let value = self.dotted(*target);
        let text = self.text(*bound);
        let pattern = name_pattern(self.span(*bound), self.scopes.peek(text).unwrap_or(text));
        out.push(assign(self.span(node), pattern, value));
    }

    pub(super) fn export_statement(&mut self, node: Node<'t>, out: &mut Vec<Statement>) {
        if tree::is_type_only(node) {
            return;
        }
        if let Some(source) = node.field("source") {
            self.re_export(node, source, out);
        } else if let Some(declaration) = node.field("declaration") {
            self.export_declaration(node, declaration, out);
        } else if let Some(value) = node.field("value") {
            let value = self.expression(value);
            let target = self.exported("default", self.default_span(node));
            out.push(assign(self.span(node), target, value));
        } else if tree::has_token(node, "=") {
            let value = self.only_child(node);
            let span = self.span(node);
            let keyword = Span::new(self.source, node.start_byte(), node.start_byte() + "export".len());
            out.push(assign(span, place(expression(keyword, ExpressionKind::Exports)), value));
        } else {
            self.export_list(node);
        }
    }

    fn export_declaration(&mut self, node: Node<'t>, declaration: Node<'t>, out: &mut Vec<Statement>) {
        let is_function =
            matches!(declaration.kind(), "function_declaration" | "generator_function_declaration");
        if matches!(declaration.kind(), "class_declaration" | "abstract_class_declaration") {
            let decorators = self.decorators(node);
            self.class_declaration(declaration, decorators, out);
        } else if !is_function {
            self.statement(declaration, out);
        }
        if tree::has_token(node, "default") {
            let Some(own) = declaration.field("name") else { return };
            let value = self.name(own);
            let target = self.exported("default", self.default_span(node));
            out.push(assign(self.span(node), target, value));
            return;
        }
        for bound in self.bound_by(declaration) {
            self.export_after(node, bound, out);
        }
    }

    /// The names a declaration binds.
    pub(super) fn bound_by(&mut self, declaration: Node<'t>) -> Vec<Node<'t>> {
        match declaration.kind() {
            "lexical_declaration" | "variable_declaration" | "using_declaration" => {
                let declarators = tree::children(declaration);
                declarators
                    .into_iter()
                    .filter_map(|declarator| declarator.field("name"))
                    .flat_map(super::hoist::bound_nodes)
                    .collect()
            }
            "import_alias" => tree::first(declaration).into_iter().collect(),
            "interface_declaration"
            | "type_alias_declaration"
            | "ambient_declaration"
            | "function_signature" => Vec::new(),
            _ => declaration.field("name").into_iter().collect(),
        }
    }

    /// Exports a name that was just bound by an `export` statement.
    fn export_after(&mut self, statement: Node<'t>, bound: Node<'t>, out: &mut Vec<Statement>) {
        if !tree::has_token(statement, "export") || !self.scopes.is_bound(self.text(bound)) {
            return;
        }
        let value = self.name(bound);
        let target = self.exported(self.text(bound), self.span(bound));
        out.push(assign(self.span(bound), target, value));
    }

    /// Variables that a module exports and may assign later: those of `let` and `var`.
    pub(super) fn live_exports(&self, statements: &[Node<'t>]) -> FxHashMap<&'t str, Vec<Node<'t>>> {
        let mut variables = FxHashSet::default();
        let mut live: FxHashMap<&'t str, Vec<Node<'t>>> = FxHashMap::default();
        for statement in statements {
            let declaration = statement.field("declaration");
            for bound in variable_names(declaration.unwrap_or(*statement)) {
                variables.insert(self.text(bound));
                if declaration.is_some() {
                    live.entry(self.text(bound)).or_default().push(bound);
                }
            }
        }
        if variables.is_empty() {
            return live;
        }
        for specifier in
            statements.iter().filter(|statement| is_export_list(**statement)).flat_map(specifiers)
        {
            let Some(own) = specifier.field("name") else { continue };
            let alias = specifier.field("alias").unwrap_or(own);
            if variables.contains(self.text(own)) {
                live.entry(self.text(own)).or_default().push(alias);
            }
        }
        live
    }

    /// The exports an assignment to `left` changes too.
    pub(super) fn followed(&self, left: Node<'t>) -> Vec<Pattern> {
        let text = self.text(left);
        match self.live.get(text) {
            Some(aliases) if left.kind() == "identifier" && self.scopes.is_of_module(text) => aliases
                .iter()
                .map(|alias| self.exported(&self.export_name(*alias), self.span(left)))
                .collect(),
            _ => Vec::new(),
        }
    }

    fn export_list(&mut self, node: Node<'t>) {
        let Some(clause) = tree::children(node).into_iter().find(|part| part.kind() == "export_clause")
        else {
            return;
        };
        for specifier in tree::children(clause) {
            let Some(own) = specifier.field("name") else { continue };
            if tree::is_type_only(specifier) || (self.typed && !self.scopes.is_bound(self.text(own))) {
                continue;
            }
            let alias = specifier.field("alias").unwrap_or(own);
            let value = self.name(own);
            let target = self.exported(&self.export_name(alias), self.span(alias));
            self.trailing_exports.push(assign(self.span(specifier), target, value));
        }
    }

    fn re_export(&mut self, node: Node<'t>, source: Node<'t>, out: &mut Vec<Statement>) {
        let span = self.span(node);
        for part in tree::children(node) {
            match part.kind() {
                "namespace_export" => {
                    let Some(own) = tree::first(part) else { continue };
                    let value = self.imported(source, false);
                    out.push(assign(span, self.exported(&self.export_name(own), self.span(own)), value));
                }
                "export_clause" => {
                    for specifier in tree::children(part) {
                        let Some(own) = specifier.field("name") else { continue };
                        if tree::is_type_only(specifier) {
                            continue;
                        }
                        let alias = specifier.field("alias").unwrap_or(own);
                        let value = self.imported_member(source, own);
                        let target = self.exported(&self.export_name(alias), self.span(alias));
                        out.push(assign(self.span(specifier), target, value));
                    }
                }
                _ => {}
            }
        }
        if tree::has_token(node, "*") {
            out.push(self.export_all(span, source));
        }
    }

    /// `export * from 'm'`: what the module exports itself wins.
    fn export_all(&self, span: Span, source: Node<'t>) -> Statement {
        let exports = expression(span, ExpressionKind::Exports);
        let all = vec![Property::Spread(self.imported(source, false)), Property::Spread(exports.clone())];
        assign(span, place(exports), expression(span, ExpressionKind::Object(all)))
    }

    fn exported(&self, name: &str, span: Span) -> Pattern {
        place(member(expression(span, ExpressionKind::Exports), name, span))
    }

    fn export_name(&self, node: Node<'t>) -> String {
        if node.kind() == "string" { self.string_value(node) } else { self.text(node).to_owned() }
    }

    fn default_span(&self, node: Node<'t>) -> Span {
        let keyword = node.all().find(|child| child.kind() == "default");
        keyword.map_or_else(|| self.span(node), |keyword| self.span(keyword))
    }

    /// `A.B.C` where types may stand.
    fn dotted(&mut self, node: Node<'t>) -> Expression {
        let mut names = Vec::new();
        let mut base = node;
        while matches!(base.kind(), "nested_identifier" | "member_expression")
            && let Some(property) = base.field("property")
            && let Some(object) = base.field("object")
        {
            names.push(property);
            base = object;
        }
        if names.len() > SPINE {
            return unknown(self.span(node), TOO_DEEP);
        }
        let value = self.name(base);
        names
            .into_iter()
            .rev()
            .fold(value, |value, property| member(value, self.text(property), self.span(property)))
    }
}

/// The names that a declaration binds as variables, not as constants.
fn variable_names(declaration: Node<'_>) -> Vec<Node<'_>> {
    let is_variable = match declaration.kind() {
        "variable_declaration" => true,
        "lexical_declaration" => declaration.child(0).is_some_and(|word| word.kind() == "let"),
        _ => false,
    };
    let declarators = if is_variable { tree::children(declaration) } else { Vec::new() };
    let names = declarators.into_iter().filter_map(|declarator| declarator.field("name"));
    names.flat_map(super::hoist::bound_nodes).collect()
}

fn is_export_list(statement: Node<'_>) -> bool {
    statement.kind() == "export_statement" && statement.field("source").is_none()
}

/// The parts of `export { a, b as c }`.
fn specifiers<'t>(export: &Node<'t>) -> Vec<Node<'t>> {
    let clause = tree::children(*export).into_iter().find(|part| part.kind() == "export_clause");
    clause.map(tree::children).unwrap_or_default()
}
