//! What the code of a handler mentions, whether it runs or not: signs of services, names of variables.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::aws::permission_use::signs_in;
use crate::ir::{Expression, ExpressionKind, Module, Program, walk};

/// Both sorted.
pub(super) struct Mentions {
    /// See `Summary::signs`.
    pub signs: Vec<String>,
    /// See `Summary::variables`.
    pub variables: Vec<String>,
}

/// What modules mention: handlers share them, so each is looked at once. By where a module lies.
pub(super) struct Known(FxHashMap<usize, OnceLock<Mentions>>);

impl Known {
    pub(super) fn of(programs: &[&Program]) -> Self {
        let modules = programs.iter().flat_map(|program| program.modules.values());
        Self(modules.map(|module| (place(module), OnceLock::new())).collect())
    }

    /// What all modules of a program mention.
    pub(super) fn mentions(&self, program: &Program) -> Mentions {
        let known = program.modules.values().filter_map(|module| {
            let slot = self.0.get(&place(module))?;
            Some(slot.get_or_init(|| of_module(module)))
        });
        let (mut signs, mut variables) = (BTreeSet::new(), BTreeSet::new());
        for mentions in known {
            signs.extend(&mentions.signs);
            variables.extend(&mentions.variables);
        }
        let owned = |all: BTreeSet<&String>| all.into_iter().cloned().collect();
        Mentions { signs: owned(signs), variables: owned(variables) }
    }
}

fn place(module: &Arc<Module>) -> usize {
    Arc::as_ptr(module).addr()
}

fn of_module(module: &Module) -> Mentions {
    let mut words: FxHashSet<Cow<'_, str>> = FxHashSet::default();
    let mut variables: BTreeSet<Cow<'_, str>> = BTreeSet::new();
    walk::statements(&module.body, &mut |expression| {
        let word = word(expression);
        variables.extend(word.iter().filter(|word| is_in_capitals(word)).cloned());
        variables.extend(variable(expression).map(Cow::Borrowed));
        words.extend(word);
        true
    });
    // In any order: it is only asked what is in them.
    let signs = signs_in(words.iter().map(Cow::as_ref));
    Mentions { signs, variables: variables.into_iter().map(Cow::into_owned).collect() }
}

/// The name, text or import that an expression is.
fn word(expression: &Expression) -> Option<Cow<'_, str>> {
    match &expression.kind {
        ExpressionKind::String(text) => Some(text.into()),
        ExpressionKind::Name(name) => Some(name.into()),
        ExpressionKind::Import(import) => Some((&import.module).into()),
        ExpressionKind::Member { object, name, .. } => Some(match &object.kind {
            // `from utilities import parameters`
            ExpressionKind::Import(import) => format!("{}.{name}", import.module).into(),
            _ => name.into(),
        }),
        _ => None,
    }
}

pub(super) fn is_in_capitals(word: &str) -> bool {
    let of_name = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    !word.is_empty() && word.chars().all(of_name)
}

/// A variable that is read by its name: `process.env.name`, `os.environ["name"]`, `os.getenv("name")`.
fn variable(expression: &Expression) -> Option<&str> {
    let is_environment = |of: &Expression| matches!(last(of), Some("env" | "environ"));
    match &expression.kind {
        ExpressionKind::Member { object, name, .. } => is_environment(object).then_some(name.as_str()),
        ExpressionKind::Index { object, key, .. } if is_environment(object) => text(key),
        ExpressionKind::Call { callee, arguments, .. } => {
            let of_environment = match &callee.kind {
                ExpressionKind::Member { object, .. } => is_environment(object),
                _ => false,
            };
            let reads = of_environment || last(callee) == Some("getenv");
            text(&arguments.first().filter(|_| reads)?.value)
        }
        _ => None,
    }
}

/// The last part of a dotted name.
fn last(expression: &Expression) -> Option<&str> {
    match &expression.kind {
        ExpressionKind::Name(name) | ExpressionKind::Member { name, .. } => Some(name),
        _ => None,
    }
}

fn text(expression: &Expression) -> Option<&str> {
    match &expression.kind {
        ExpressionKind::String(text) => Some(text),
        _ => None,
    }
}
