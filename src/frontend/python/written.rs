//! Import statements as they are written, for who changes them.

use std::ops::Range;

use tree_sitter::{Node, Parser};

/// An import statement and the bytes it takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WrittenImport {
    /// `from module import ...`, unless the module is relative; `at` is the module's name.
    From { module: String, at: Range<usize> },
    /// `import a, b.c as d`: modules with their aliases; `at` is the whole statement.
    Whole { names: Vec<(String, Option<String>)>, at: Range<usize> },
}

/// All import statements of a module, in no function's order but the text's.
pub fn imports(text: &str) -> Vec<WrittenImport> {
    let mut parser = Parser::new();
    if parser.set_language(&tree_sitter_python::LANGUAGE.into()).is_err() {
        return Vec::new();
    }
    let Some(tree) = parser.parse(text, None) else { return Vec::new() };
    let mut found = Vec::new();
    let mut left = vec![tree.root_node()];
    while let Some(node) = left.pop() {
        match node.kind() {
            "import_from_statement" => found.extend(from(node, text)),
            "import_statement" => found.push(whole(node, text)),
            _ => {
                let mut cursor = node.walk();
                left.extend(node.named_children(&mut cursor));
            }
        }
    }
    found.sort_by_key(|import| match import {
        WrittenImport::From { at, .. } | WrittenImport::Whole { at, .. } => at.start,
    });
    found
}

fn from(node: Node<'_>, text: &str) -> Option<WrittenImport> {
    let module = node.child_by_field_name("module_name")?;
    let is_relative = module.kind() != "dotted_name";
    (!is_relative).then(|| WrittenImport::From { module: spelled(module, text), at: module.byte_range() })
}

fn whole(node: Node<'_>, text: &str) -> WrittenImport {
    let mut cursor = node.walk();
    let name = |child: Node<'_>| match child.kind() {
        "dotted_name" => Some((spelled(child, text), None)),
        "aliased_import" => {
            let field = |name: &str| child.child_by_field_name(name).map(|one| spelled(one, text));
            Some((field("name")?, field("alias")))
        }
        _ => None,
    };
    WrittenImport::Whole {
        names: node.named_children(&mut cursor).filter_map(name).collect(),
        at: node.byte_range(),
    }
}

fn spelled(node: Node<'_>, text: &str) -> String {
    let written = text.get(node.byte_range()).unwrap_or_default();
    written.chars().filter(|letter| !letter.is_whitespace()).collect()
}
