//! Items of tables as JSON, of any depth, without recursion.
//!
//! Velocity's `#macro` recurses only so deep, and it is not known to be there at all in API Gateway. So
//! what is to be written stands on a stack: texts, keys, values with their type, whole items, lists of
//! items. The output is collected, so that a failure can still answer as a failed handler does.

use super::velocity::{Velocity, escaped};
use crate::aws::limits::limit;

/// The limit on how often one loop of a template goes round.
pub(super) const ROUNDS: &str = "apigateway.template_rounds";

/// How a number of a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Numbers {
    /// As a number of JSON.
    Plain,
    /// As a text.
    Texts,
    /// Not at all: the handler fails.
    Refused,
}

/// A part of what is written, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// JSON as it is.
    Text(String),
    /// A reference to a text; its escaped form goes between quotes.
    Escaped(String),
    /// A reference to what is JSON already.
    Json(String),
    /// A reference to a value with its type: `{"S": "x"}`.
    Value(String),
    /// A reference to an item: a map of such values.
    Item(String),
    /// A reference to a list of items.
    Items(String),
    /// A reference, and one to how it is written: `text` or `value`.
    Chosen { kind: String, value: String },
}

impl Token {
    /// Whether it needs the stack.
    pub(super) fn is_typed(&self) -> bool {
        matches!(self, Self::Value(_) | Self::Item(_) | Self::Items(_) | Self::Chosen { .. })
    }
}

/// Answers as a handler that fails.
pub(super) fn fail(out: &mut Velocity) {
    out.set("context.responseOverride.status", "502");
    out.line(FAILURE);
}

pub(super) const FAILURE: &str = "{\"message\": \"Internal server error\"}";

/// Writes the tokens into `$out`; `$bad` is `y` where that cannot be done.
pub(super) fn write(out: &mut Velocity, tokens: &[Token], numbers: Numbers) {
    for name in ["out", "kind", "type", "x", "y", "done", "map", "list", "name", "label"] {
        out.set(name, "''");
    }
    // What would read as part of a reference stands in a variable.
    for (name, text) in [("q", "\""), ("brace", "{"), ("bracket", "["), ("nil", "null")] {
        out.set(name, &format!("'{text}'"));
    }
    for (name, value) in [
        ("bad", "'n'"),
        ("kinds", "[]"),
        ("values", "[]"),
        ("names", "[]"),
        ("top", "0"),
        ("count", "0"),
        ("at", "0"),
    ] {
        out.set(name, value);
    }
    for token in tokens.iter().rev() {
        match token {
            Token::Text(text) => push(out, "text", &format!("'{text}'")),
            Token::Escaped(reference) => {
                out.set("y", &escaped(reference));
                push(out, "text", "$y");
            }
            Token::Json(reference) => push(out, "text", reference),
            Token::Value(reference) => push(out, "value", reference),
            Token::Item(reference) => push(out, "item", reference),
            Token::Items(reference) => push(out, "items", reference),
            Token::Chosen { kind, value } => push_as(out, kind, value),
        }
    }
    // One loop alone does not go round often enough.
    let rounds = format!("[1..{}]", limit(ROUNDS));
    out.each("outer", &rounds);
    out.open("$top > 0");
    out.each("inner", &rounds);
    out.open("$top > 0");
    step(out, numbers);
    out.close();
    out.close();
    out.close();
    out.close();
    out.open("$top > 0");
    out.set("bad", "'y'");
    out.close();
}

/// Takes one thing off the stack.
fn step(out: &mut Velocity, numbers: Numbers) {
    out.set("top", "$top - 1");
    out.set("kind", "$kinds.get($top)");
    out.set("x", "$values.get($top)");
    out.open("$kind == 'text'");
    out.set("out", "\"$out$x\"");
    out.or_if("$kind == 'key'");
    out.set("y", &escaped("$x"));
    out.set("out", "\"$out$q$y$q:\"");
    out.otherwise();
    out.set("type", "''");
    out.open("$kind == 'item'");
    out.set("type", "'M'");
    out.set("map", "$x");
    out.or_if("$kind == 'items'");
    out.set("type", "'L'");
    out.set("list", "$x");
    out.otherwise();
    out.line("#foreach($key in $x.keySet())#set($type = $key)#end");
    out.close();
    out.open("$type == 'S'");
    out.set("y", &escaped("$x.get('S')"));
    out.set("out", "\"$out$q$y$q\"");
    out.or_if("$type == 'N'");
    match numbers {
        Numbers::Refused => out.set("bad", "'y'"),
        Numbers::Plain => {
            out.set("y", "$x.get('N')");
            out.set("out", "\"$out$y\"");
        }
        Numbers::Texts => {
            out.set("y", "$x.get('N')");
            out.set("out", "\"$out$q$y$q\"");
        }
    }
    out.or_if("$type == 'BOOL'");
    out.set("y", "$x.get('BOOL')");
    out.set("out", "\"$out$y\"");
    out.or_if("$type == 'NULL'");
    out.set("out", "\"$out$nil\"");
    out.or_if("$type == 'M'");
    map(out);
    out.or_if("$type == 'L'");
    list(out);
    out.otherwise();
    out.set("bad", "'y'");
    out.close();
    out.close();
}

fn map(out: &mut Velocity) {
    out.open("$kind != 'item'");
    out.set("map", "$x.get('M')");
    out.close();
    out.set("out", "\"$out$brace\"");
    push(out, "text", "'}'");
    out.set("names", "[]");
    out.line("#foreach($key in $map.keySet())#set($done = $names.add($key))#end");
    out.set("count", "$names.size()");
    counted(out, |out| {
        out.set("name", "$names.get($at)");
        push(out, "value", "$map.get($name)");
        push(out, "key", "$name");
    });
}

fn list(out: &mut Velocity) {
    out.set("label", "'item'");
    out.open("$kind != 'items'");
    out.set("list", "$x.get('L')");
    out.set("label", "'value'");
    out.close();
    out.set("out", "\"$out$bracket\"");
    push(out, "text", "']'");
    out.set("count", "$list.size()");
    counted(out, |out| push_as(out, "$label", "$list.get($at)"));
}

/// Goes from the last to the first, with a comma between two.
fn counted(out: &mut Velocity, each: impl FnOnce(&mut Velocity)) {
    out.open(&format!("$count > {}", limit(ROUNDS)));
    out.set("bad", "'y'");
    out.or_if("$count > 0");
    out.each("round", "[1..$count]");
    out.set("at", "$count - $round");
    each(out);
    out.open("$at > 0");
    push(out, "text", "','");
    out.close();
    out.close();
    out.close();
}

fn push(out: &mut Velocity, kind: &str, value: &str) {
    push_as(out, &format!("'{kind}'"), value);
}

/// Puts something on the stack, over what was there before.
fn push_as(out: &mut Velocity, kind: &str, value: &str) {
    let add = format!("#set($done = $kinds.add({kind}))#set($done = $values.add({value}))");
    let set = format!("#set($done = $kinds.set($top, {kind}))#set($done = $values.set($top, {value}))");
    out.line(format!("#if($top == $kinds.size()){add}#{{else}}{set}#end"));
    out.set("top", "$top + 1");
}
