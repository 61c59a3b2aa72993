//! What a function or block binds, found before it is lowered: `var`, `let`, functions, classes.

use super::tree::Node;
use super::{Lowering, tree};

impl<'t> Lowering<'t> {
    /// Binds the `var`s of a function, however deep in its blocks.
    pub(super) fn declare_vars(&mut self, statements: &[Node<'t>]) {
        let mut open: Vec<Node<'t>> = statements.iter().rev().copied().collect();
        while let Some(node) = open.pop() {
            match node.kind() {
                "variable_declaration" => self.each_declared(node, |lowering, name| {
                    lowering.scopes.declare_in_function(name);
                }),
                "for_in_statement" => {
                    if node.field("kind").is_some_and(|kind| kind.kind() == "var")
                        && let Some(left) = node.field("left")
                    {
                        self.each_bound(left, |lowering, name| lowering.scopes.declare_in_function(name));
                    }
                    open.extend(node.field("body"));
                }
                "statement_block" | "if_statement" | "else_clause" | "for_statement" | "while_statement"
                | "do_statement" | "try_statement" | "catch_clause" | "finally_clause"
                | "switch_statement" | "switch_body" | "switch_case" | "switch_default"
                | "labeled_statement" | "export_statement" | "ERROR" => {
                    open.extend(tree::children(node).into_iter().rev())
                }
                _ => {}
            }
        }
    }

    /// Binds what the statements of one block declare in it: in the function, for its outermost block.
    pub(super) fn declare_block(&mut self, statements: &[Node<'t>]) {
        self.declare_direct(statements, |lowering, name| lowering.scopes.declare_in_function(name));
    }

    /// Binds what the statements of an inner block declare in it.
    pub(super) fn declare_inner_block(&mut self, statements: &[Node<'t>]) {
        self.declare_direct(statements, |lowering, name| lowering.scopes.declare_in_block(name));
    }

    fn declare_direct(&mut self, statements: &[Node<'t>], declare: impl Fn(&mut Self, &'t str) + Copy) {
        for statement in statements {
            let declaration = match statement.kind() {
                "export_statement" => match statement.field("declaration") {
                    Some(declaration) => declaration,
                    None => continue,
                },
                "labeled_statement" => match statement.field("body") {
                    Some(body) => body,
                    None => continue,
                },
                _ => *statement,
            };
            self.declare_one(declaration, declare);
        }
    }

    fn declare_one(&mut self, node: Node<'t>, declare: impl Fn(&mut Self, &'t str) + Copy) {
        match node.kind() {
            "lexical_declaration" | "using_declaration" => self.each_declared(node, declare),
            "function_declaration"
            | "generator_function_declaration"
            | "function_expression"
            | "generator_function"
            | "class_declaration"
            | "abstract_class_declaration"
            | "class"
            | "enum_declaration" => {
                if let Some(name) = node.field("name") {
                    declare(self, self.text(name));
                }
            }
            "import_statement" => self.each_imported(node, declare),
            "import_alias" => {
                if let Some(name) = tree::first(node) {
                    declare(self, self.text(name));
                }
            }
            "expression_statement" | "internal_module" | "module" => {
                if let Some(name) = self.namespace_name(node) {
                    declare(self, name);
                }
            }
            _ => {}
        }
    }

    fn each_declared(&mut self, declaration: Node<'t>, declare: impl Fn(&mut Self, &'t str) + Copy) {
        for declarator in tree::children(declaration) {
            if let Some(name) = declarator.field("name") {
                self.each_bound(name, declare);
            }
        }
    }

    /// The names a pattern binds, in order.
    pub(super) fn each_bound(&mut self, pattern: Node<'t>, declare: impl Fn(&mut Self, &'t str) + Copy) {
        for bound in bound_nodes(pattern) {
            declare(self, self.text(bound));
        }
    }

    fn each_imported(&mut self, import: Node<'t>, declare: impl Fn(&mut Self, &'t str) + Copy) {
        if tree::is_type_only(import) {
            return;
        }
        let mut open = vec![import];
        while let Some(node) = open.pop() {
            match node.kind() {
                "identifier" => declare(self, self.text(node)),
                "import_specifier" if tree::is_type_only(node) => {}
                "import_specifier" => {
                    let bound = node.field("alias").or_else(|| node.field("name"));
                    if let Some(bound) = bound {
                        declare(self, self.text(bound));
                    }
                }
                "import_statement"
                | "import_clause"
                | "named_imports"
                | "namespace_import"
                | "import_require_clause" => open.extend(tree::children(node).into_iter().rev()),
                _ => {}
            }
        }
    }
}

/// The places where a pattern binds names, in order.
pub(super) fn bound_nodes(pattern: Node<'_>) -> Vec<Node<'_>> {
    let mut found = Vec::new();
    let mut open = vec![pattern];
    while let Some(node) = open.pop() {
        match node.kind() {
            "identifier" | "shorthand_property_identifier_pattern" => found.push(node),
            "pair_pattern" => open.extend(node.field("value")),
            "assignment_pattern" | "object_assignment_pattern" => open.extend(node.field("left")),
            "required_parameter" | "optional_parameter" => open.extend(node.field("pattern")),
            "object_pattern" | "array_pattern" | "rest_pattern" | "formal_parameters" => {
                open.extend(tree::children(node).into_iter().rev());
            }
            _ => {}
        }
    }
    found
}
