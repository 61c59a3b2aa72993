//! A lowered module with the imports found in it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::walk::{Visitor, walk};
use crate::ir::{Expression, ExpressionKind, Module};

/// A module and what it imports.
#[derive(Debug)]
pub(super) struct Lowered {
    pub module: Arc<Module>,
    /// Texts of imports, with the members that are taken from each at once: `from a import b` and
    /// `import * as a` are `a` with `b` and `a` with nothing. Deeper members are dotted.
    pub imports: BTreeMap<String, BTreeSet<String>>,
}

impl Lowered {
    pub fn new(mut module: Module) -> Self {
        let mut collected = Imports::default();
        walk(&mut module, &mut collected);
        Self { module: Arc::new(module), imports: collected.0 }
    }
}

#[derive(Default)]
struct Imports(BTreeMap<String, BTreeSet<String>>);

impl Visitor for Imports {
    fn expression(&mut self, expression: &mut Expression) {
        match &expression.kind {
            ExpressionKind::Import(import) => {
                self.0.entry(import.module.clone()).or_default();
            }
            ExpressionKind::Member { .. } => {
                if let Some((module, member)) = member_of_import(expression) {
                    self.0.entry(module.to_owned()).or_default().insert(member);
                }
            }
            _ => {}
        }
    }
}

/// The import below a chain of members, and the chain: `a` and `b.c` for `import("a").b.c`.
fn member_of_import(expression: &Expression) -> Option<(&str, String)> {
    let mut names = Vec::new();
    let mut at = expression;
    loop {
        match &at.kind {
            ExpressionKind::Member { object, name, .. } => {
                names.push(name.as_str());
                at = object;
            }
            ExpressionKind::Import(import) => {
                names.reverse();
                return Some((&import.module, names.join(".")));
            }
            // A chain on anything else is read once per member: keep that linear.
            _ => return None,
        }
        if names.len() > 8 {
            return None;
        }
    }
}
