//! Whether a module may export a handler in a way that was not seen.

use super::Bundle;
use crate::ir::{ExpressionKind, Module, walk};

impl Bundle {
    /// Whether the handler's name is anywhere in the entry module, or what that exports is not known.
    pub fn spells_handler(&self) -> bool {
        let entry = &self.program.entry;
        let (Some(module), Some(wanted)) = (self.program.modules.get(&entry.source), entry.export.last())
        else {
            return true;
        };
        spells(module, wanted)
    }
}

fn spells(module: &Module, wanted: &str) -> bool {
    let is_it = |name: &String| name == wanted;
    // `from x import *` binds the name `*`.
    let bound = module.locals.iter().any(|local| is_it(local) || local == "*");
    let mut mentioned = false;
    walk::statements(&module.body, &mut |expression| {
        mentioned |= match &expression.kind {
            ExpressionKind::Name(name) | ExpressionKind::String(name) => is_it(name),
            // `module.exports = made()`, `export * from`
            ExpressionKind::Exports => true,
            ExpressionKind::Member { object, name, .. } => {
                if matches!(object.kind, ExpressionKind::Exports) {
                    // An export of another name says nothing of this one.
                    mentioned |= is_it(name);
                    return false;
                }
                is_it(name)
            }
            _ => false,
        };
        true
    });
    bound || mentioned || !module.broken.is_empty()
}
