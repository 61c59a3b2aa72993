//! From the common form of code to its outline.

use std::collections::BTreeSet;
use std::hash::Hasher;
use std::mem;

use rustc_hash::{FxHashMap, FxHashSet, FxHasher};

use super::{Block, Kind, Named, Outline, Piece};
use crate::ir::{
    Argument, ArgumentKind, Catch, Class, Element, Expression, ExpressionKind, Function, Module, Pattern,
    PatternKind, Property, Statement, StatementKind,
};

/// The outline of a module; empty where a part of it could not be read. `text` is its whole text.
pub fn of(module: &Module, text: &str) -> Outline {
    if !module.broken.is_empty() {
        return Outline::default();
    }
    let mut writer = Writer {
        text,
        outline: Outline::default(),
        numbers: FxHashMap::default(),
        hash: FxHasher::default(),
        weight: 0,
        scopes: Vec::new(),
        depth: 0,
        imported: FxHashSet::default(),
        own: module.locals.iter().map(String::as_str).collect(),
        defined: FxHashSet::default(),
        uses: BTreeSet::new(),
        binds: BTreeSet::new(),
    };
    for statement in &module.body {
        if let StatementKind::Assign { target, value } = &statement.kind {
            let set = match &value.kind {
                _ if import_of(value).is_some() => &mut writer.imported,
                ExpressionKind::Function(_) | ExpressionKind::Class(_) => &mut writer.defined,
                _ => continue,
            };
            names_of(target, set);
        }
    }
    let _ = writer.block(&module.body);
    writer.outline
}

/// The module that a value is imported from.
fn import_of(value: &Expression) -> Option<&str> {
    match &value.kind {
        ExpressionKind::Import(import) => Some(&import.module),
        ExpressionKind::Member { object, .. } => import_of(object),
        _ => None,
    }
}

fn names_of<'m>(pattern: &'m Pattern, names: &mut FxHashSet<&'m str>) {
    match &pattern.kind {
        PatternKind::Name(name) => {
            names.insert(name);
        }
        PatternKind::Place(_) => {}
        PatternKind::List { items, rest } => {
            items.iter().flatten().chain(rest.as_deref()).for_each(|item| names_of(item, names));
        }
        PatternKind::Object { entries, rest } => {
            entries.iter().map(|(_, bound)| bound).chain(rest.as_deref()).for_each(|item| {
                names_of(item, names);
            });
        }
        PatternKind::Default { pattern, .. } => names_of(pattern, names),
    }
}

struct Writer<'m> {
    text: &'m str,
    outline: Outline,
    numbers: FxHashMap<&'m str, u32>,
    /// Of the statement at hand, and its weight so far.
    hash: FxHasher,
    weight: u32,
    /// Names bound by the functions around, innermost last.
    scopes: Vec<FxHashSet<&'m str>>,
    /// Of statements in each other.
    depth: usize,
    /// Names of the module that are imports, all that it binds, and those that are functions and classes.
    imported: FxHashSet<&'m str>,
    own: FxHashSet<&'m str>,
    defined: FxHashSet<&'m str>,
    /// Of the module's statement at hand.
    uses: BTreeSet<u32>,
    binds: BTreeSet<u32>,
}

impl<'m> Writer<'m> {
    /// Writes a block of statements and gives a hash of all of them.
    fn block(&mut self, body: &'m [Statement]) -> u64 {
        let mut pieces = Vec::with_capacity(body.len());
        for statement in body {
            if is_silent(statement) {
                continue;
            }
            let kind = self.kind(statement);
            pieces.push(self.piece(statement.span.range(), kind, |writer| writer.statement(statement)));
        }
        self.close(pieces)
    }

    fn close(&mut self, mut pieces: Vec<Piece>) -> u64 {
        let mut all = FxHasher::default();
        pieces.iter().for_each(|piece| all.write_u64(piece.hash));
        pieces.sort_by_key(|piece| (piece.start, piece.end));
        self.outline.blocks.push(Block { pieces });
        all.finish()
    }

    fn piece(&mut self, range: std::ops::Range<usize>, kind: Kind, write: impl FnOnce(&mut Self)) -> Piece {
        let clamp = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let around = mem::take(&mut self.hash);
        let weighed = mem::take(&mut self.weight);
        let (names, literals) = (self.outline.occurrences.len(), self.outline.literals.len());
        let outermost = self.scopes.is_empty() && self.depth == 0;
        self.depth += 1;
        write(self);
        self.depth -= 1;
        let hash = mem::replace(&mut self.hash, around).finish();
        let weight = mem::replace(&mut self.weight, weighed);
        self.hash.write_u64(hash);
        let own = !matches!(kind, Kind::Import(_) | Kind::Constant);
        self.weight += if own { weight } else { 0 };
        let (uses, binds) = match outermost {
            true => (mem::take(&mut self.uses), mem::take(&mut self.binds)),
            false => Default::default(),
        };
        Piece {
            start: clamp(range.start),
            end: clamp(range.end),
            hash,
            weight: if own { weight } else { 0 },
            names: (clamp(names), clamp(self.outline.occurrences.len())),
            literals: (clamp(literals), clamp(self.outline.literals.len())),
            binds: binds.into_iter().collect(),
            uses: uses.into_iter().collect(),
            kind,
        }
    }

    fn kind(&mut self, statement: &'m Statement) -> Kind {
        let StatementKind::Assign { target, value } = &statement.kind else { return Kind::Other };
        if let Some(module) = import_of(value) {
            return Kind::Import(module.to_owned());
        }
        match (&target.kind, &value.kind) {
            (PatternKind::Name(name), ExpressionKind::Function(_) | ExpressionKind::Class(_)) => {
                Kind::Definition(self.number(name))
            }
            _ if is_constant(value) || is_setting(value) => Kind::Constant,
            _ => Kind::Other,
        }
    }

    fn number(&mut self, name: &'m str) -> u32 {
        let next = u32::try_from(self.outline.names.len()).unwrap_or(u32::MAX);
        let number = *self.numbers.entry(name).or_insert(next);
        if number == next {
            let definition = self.defined.contains(name);
            self.outline.names.push(Named { text: name.to_owned(), definition });
        }
        number
    }

    fn mark(&mut self, mark: u8) {
        self.hash.write_u8(mark);
    }

    fn exact(&mut self, mark: u8, text: &str) {
        self.mark(mark);
        self.hash.write(text.as_bytes());
        self.hash.write_usize(text.len());
        self.weight += 1;
    }

    fn literal(&mut self, mark: u8, text: &str) {
        self.mark(mark);
        self.weight += 1;
        let mut hash = FxHasher::default();
        hash.write(text.as_bytes());
        let hash = hash.finish();
        self.outline.literals.push((hash ^ (hash >> 32)) as u32);
    }

    fn name(&mut self, name: &'m str) {
        let inner = self.scopes.iter().any(|names| names.contains(name));
        let number = self.number(name);
        if !inner {
            self.uses.insert(number);
        }
        if inner || self.own.contains(name) && !self.imported.contains(name) {
            self.mark(1);
            self.weight += 1;
            self.outline.occurrences.push(number);
        } else {
            self.exact(2, name);
        }
    }

    fn statement(&mut self, statement: &'m Statement) {
        match &statement.kind {
            StatementKind::Expression(value) => {
                self.mark(10);
                self.expression(value);
            }
            StatementKind::Delete(value) => {
                self.mark(11);
                self.expression(value);
            }
            StatementKind::Assign { target, value } => {
                self.mark(12);
                self.weight += 1;
                self.bind(target);
                self.expression(value);
            }
            StatementKind::If { test, then, otherwise } => {
                self.mark(13);
                self.weight += 1;
                self.expression(test);
                self.blocks([then, otherwise]);
            }
            StatementKind::ForEach { pattern, iterable, body, otherwise } => {
                self.mark(14);
                self.weight += 1;
                self.bind(pattern);
                self.expression(iterable);
                self.blocks([body, otherwise]);
            }
            StatementKind::While { test, body, update, otherwise, at_least_once } => {
                self.mark(if *at_least_once { 15 } else { 16 });
                self.weight += 1;
                self.expression(test);
                self.blocks([body, update, otherwise]);
            }
            StatementKind::Try { body, catches, otherwise, finally } => {
                self.mark(17);
                self.weight += 1;
                self.blocks([body]);
                catches.iter().for_each(|catch| self.catch(catch));
                self.blocks([otherwise, finally]);
            }
            StatementKind::With { value, pattern, body } => {
                self.mark(18);
                self.weight += 1;
                self.expression(value);
                pattern.iter().for_each(|pattern| self.bind(pattern));
                self.blocks([body]);
            }
            StatementKind::Return(value) => {
                self.mark(19);
                self.weight += 1;
                self.some(value.as_ref());
            }
            StatementKind::Raise(value) => {
                self.mark(20);
                self.weight += 1;
                self.some(value.as_ref());
            }
            StatementKind::Break => self.mark(21),
            StatementKind::Continue => self.mark(22),
            StatementKind::Unknown(_) => self.unread(statement.span.range()),
        }
    }

    fn blocks<const N: usize>(&mut self, blocks: [&'m Vec<Statement>; N]) {
        for block in blocks {
            self.mark(23);
            if !block.is_empty() {
                let _ = self.block(block);
            }
        }
    }

    fn catch(&mut self, catch: &'m Catch) {
        self.mark(24);
        catch.types.iter().for_each(|class| self.expression(class));
        catch.pattern.iter().for_each(|pattern| self.bind(pattern));
        self.blocks([&catch.body]);
    }

    /// What was not translated is the same only where its text is.
    fn unread(&mut self, range: std::ops::Range<usize>) {
        let text = self.text.get(range).unwrap_or_default();
        self.exact(25, text);
    }

    fn bind(&mut self, pattern: &'m Pattern) {
        match &pattern.kind {
            PatternKind::Name(name) => {
                self.name(name);
                if self.scopes.is_empty() {
                    let number = self.number(name);
                    self.binds.insert(number);
                }
            }
            PatternKind::Place(place) => self.expression(place),
            PatternKind::List { items, rest } => {
                self.mark(30);
                for item in items {
                    self.mark(31);
                    item.iter().for_each(|item| self.bind(item));
                }
                rest.iter().for_each(|rest| self.bind(rest));
            }
            PatternKind::Object { entries, rest } => {
                self.mark(32);
                for (key, bound) in entries {
                    self.key(key);
                    self.bind(bound);
                }
                rest.iter().for_each(|rest| self.bind(rest));
            }
            PatternKind::Default { pattern, default } => {
                self.mark(33);
                self.bind(pattern);
                self.expression(default);
            }
        }
    }

    /// A key in braces: it names a part of something, like a member.
    fn key(&mut self, key: &'m Expression) {
        match &key.kind {
            ExpressionKind::String(text) => self.exact(34, text),
            _ => self.expression(key),
        }
    }

    fn some(&mut self, value: Option<&'m Expression>) {
        self.mark(u8::from(value.is_some()));
        value.iter().for_each(|value| self.expression(value));
    }

    fn all(&mut self, mark: u8, values: &[&'m Expression]) {
        self.mark(mark);
        values.iter().for_each(|value| self.expression(value));
    }

    fn expression(&mut self, of: &'m Expression) {
        if is_table(of) {
            // A table is one literal, whatever is in it.
            self.literal(40, self.text.get(of.span.range()).unwrap_or_default());
            return;
        }
        match &of.kind {
            ExpressionKind::Null => self.exact(41, ""),
            ExpressionKind::Bool(value) => self.exact(42, if *value { "true" } else { "" }),
            ExpressionKind::Number(text) => self.literal(43, text),
            ExpressionKind::String(text) => self.literal(44, text),
            ExpressionKind::Regex(text) => self.literal(45, text),
            ExpressionKind::Name(name) => self.name(name),
            ExpressionKind::Import(import) => self.exact(46, &import.module),
            ExpressionKind::Exports => self.mark(47),
            ExpressionKind::This => self.exact(48, ""),
            ExpressionKind::Super => self.exact(49, ""),
            ExpressionKind::Unknown(_) => self.unread(of.span.range()),
            ExpressionKind::Template(parts) => {
                self.mark(50);
                parts.iter().for_each(|part| self.expression(part));
            }
            ExpressionKind::Member { object, name, .. } => {
                self.mark(51);
                self.expression(object);
                // The name of a variable is a text, in Python and here.
                if is_environment(object) { self.literal(44, name) } else { self.exact(52, name) }
            }
            ExpressionKind::Index { object, key, .. } => self.all(53, &[object, key]),
            ExpressionKind::Slice { object, bounds } => {
                self.all(54, &[object]);
                bounds.iter().for_each(|bound| self.some(bound.as_ref()));
            }
            ExpressionKind::Call { callee, arguments, new, .. } => {
                self.mark(if *new { 55 } else { 56 });
                self.weight += 1;
                self.expression(callee);
                arguments.iter().for_each(|argument| self.argument(argument));
                self.mark(57);
            }
            ExpressionKind::List(elements) => {
                self.mark(58);
                for element in elements {
                    let (mark, value) = match element {
                        Element::One(value) => (59, value),
                        Element::Spread(value) => (60, value),
                    };
                    self.all(mark, &[value]);
                }
                self.mark(61);
            }
            ExpressionKind::Object(properties) => {
                self.mark(62);
                for property in properties {
                    match property {
                        Property::Pair(key, value) => {
                            self.key(key);
                            self.expression(value);
                        }
                        Property::Spread(value) => self.all(63, &[value]),
                    }
                }
                self.mark(64);
            }
            ExpressionKind::Function(function) => self.function(function),
            ExpressionKind::Class(class) => self.class(class),
            ExpressionKind::Unary { operator, operand } => {
                self.exact(65, "");
                self.mark(*operator as u8);
                self.expression(operand);
            }
            ExpressionKind::Binary { operator, left, right } => {
                self.exact(66, "");
                self.all(*operator as u8, &[left, right]);
            }
            ExpressionKind::Logical { operator, left, right } => {
                self.exact(67, "");
                self.all(*operator as u8, &[left, right]);
            }
            ExpressionKind::Conditional { test, then, otherwise } => {
                self.exact(68, "");
                self.all(68, &[test, then, otherwise]);
            }
            ExpressionKind::Comprehension { element, clauses, dictionary } => {
                self.exact(if *dictionary { 69 } else { 70 }, "");
                for clause in clauses {
                    self.expression(&clause.iterable);
                    self.bind(&clause.pattern);
                    clause.conditions.iter().for_each(|condition| self.all(71, &[condition]));
                }
                self.expression(element);
            }
            ExpressionKind::Assign { target, value } => {
                self.exact(72, "");
                self.bind(target);
                self.expression(value);
            }
            ExpressionKind::Await(value) => self.all(73, &[value]),
            ExpressionKind::Yield(value) => {
                self.exact(74, "");
                self.some(value.as_deref());
            }
        }
    }

    fn argument(&mut self, argument: &'m Argument) {
        match &argument.kind {
            ArgumentKind::Positional => self.mark(80),
            ArgumentKind::Named(name) => self.exact(81, name),
            ArgumentKind::Spread => self.mark(82),
            ArgumentKind::SpreadNamed => self.mark(83),
        }
        self.expression(&argument.value);
    }

    fn function(&mut self, function: &'m Function) {
        self.mark(90);
        self.mark(u8::from(function.is_async) + 2 * u8::from(function.is_generator));
        self.weight += 1;
        function.decorators.iter().for_each(|decorator| self.expression(decorator));
        self.scopes.push(function.locals.iter().map(String::as_str).collect());
        for parameter in &function.parameters {
            self.mark(91 + parameter.kind as u8);
            self.bind(&parameter.pattern);
            self.some(parameter.default.as_ref());
        }
        let _ = self.block(&function.body);
        self.scopes.pop();
    }

    fn class(&mut self, class: &'m Class) {
        self.mark(100);
        self.weight += 1;
        class.decorators.iter().chain(&class.bases).for_each(|value| self.expression(value));
        self.scopes.push(FxHashSet::default());
        let mut pieces = Vec::with_capacity(class.members.len());
        for member in &class.members {
            let kind =
                if member.value.as_ref().is_none_or(is_constant) { Kind::Constant } else { Kind::Other };
            pieces.push(self.piece(member.span.range(), kind, |writer| {
                writer.exact(101, &member.name);
                writer.mark(member.kind as u8);
                writer.some(member.value.as_ref());
            }));
        }
        let _ = self.close(pieces);
        self.scopes.pop();
    }
}

/// Statements that say nothing a copy would have to repeat: documentation, exports of what is defined
/// elsewhere, the part of a script that runs by hand.
fn is_silent(statement: &Statement) -> bool {
    match &statement.kind {
        StatementKind::Expression(value) => matches!(value.kind, ExpressionKind::String(_)),
        StatementKind::Assign { target, value } => {
            let PatternKind::Place(place) = &target.kind else { return false };
            matches!(&place.kind, ExpressionKind::Member { object, .. } if matches!(object.kind, ExpressionKind::Exports))
                && matches!(value.kind, ExpressionKind::Name(_))
        }
        StatementKind::If { test, .. } => match &test.kind {
            ExpressionKind::Binary { left, .. } => {
                matches!(&left.kind, ExpressionKind::Name(name) if name == "__name__")
            }
            _ => false,
        },
        _ => false,
    }
}

/// A variable of the environment, with or without a default: `os.environ["A"]`, `os.getenv("A", "b")`,
/// `process.env.A ?? "b"`.
fn is_setting(of: &Expression) -> bool {
    match &of.kind {
        ExpressionKind::Member { object, name, .. } => {
            is_environment(object) || is_environment(of) || name == "environ" && is_named(object, "os")
        }
        ExpressionKind::Index { object, key, .. } => is_setting(object) && is_constant(key),
        ExpressionKind::Call { callee, arguments, .. } => {
            let read = match &callee.kind {
                ExpressionKind::Member { object, name, .. } => match name.as_str() {
                    "getenv" => is_named(object, "os"),
                    "get" => is_setting(object),
                    _ => false,
                },
                ExpressionKind::Name(name) => {
                    matches!(name.as_str(), "getenv" | "int" | "Number" | "parseInt")
                }
                _ => false,
            };
            read && arguments
                .iter()
                .all(|argument| is_constant(&argument.value) || is_setting(&argument.value))
        }
        ExpressionKind::Logical { left, right, .. } => {
            is_setting(left) && (is_constant(right) || is_setting(right))
        }
        _ => false,
    }
}

fn is_named(of: &Expression, name: &str) -> bool {
    matches!(&of.kind, ExpressionKind::Name(known) if known == name)
}

/// `process.env`
fn is_environment(of: &Expression) -> bool {
    matches!(&of.kind, ExpressionKind::Member { object, name, .. }
        if name == "env" && is_named(object, "process"))
}

/// Literals, and lists and objects of nothing else.
fn is_constant(of: &Expression) -> bool {
    match &of.kind {
        ExpressionKind::Null
        | ExpressionKind::Bool(_)
        | ExpressionKind::Number(_)
        | ExpressionKind::String(_)
        | ExpressionKind::Regex(_) => true,
        ExpressionKind::Unary { operand, .. } => is_constant(operand),
        _ => is_table(of),
    }
}

/// A list or object of constants with something in it.
fn is_table(of: &Expression) -> bool {
    match &of.kind {
        ExpressionKind::List(elements) => {
            !elements.is_empty()
                && elements.iter().all(|element| matches!(element, Element::One(value) if is_constant(value)))
        }
        ExpressionKind::Object(properties) => {
            !properties.is_empty()
                && properties.iter().all(|property| {
                    matches!(property, Property::Pair(key, value) if is_constant(key) && is_constant(value))
                })
        }
        _ => false,
    }
}
