//! Statements of a table with their places filled.

use super::writer::Clause;
use crate::aws::Grant;
use crate::source::Span;
use crate::template::{Intrinsic, Map, Name, SubPart, Value, ValueKind};

/// The statement a grant becomes. `value` gives what stands in a place; a resource without a value is
/// left out, and so is a statement without resources.
pub(super) fn clause(grant: &Grant, span: Span, value: &dyn Fn(&str) -> Vec<Value>) -> Option<Clause> {
    if grant.when.iter().any(|place| value(place).is_empty()) {
        return None;
    }
    let resources: Vec<Value> = grant.resources.iter().flat_map(|text| filled(text, span, value)).collect();
    if resources.is_empty() {
        return None;
    }
    Some(Clause {
        allow: true,
        actions: grant.actions.iter().map(|action| Value::string(action, span)).collect(),
        resources,
        not_action: false,
        not_resource: false,
        condition: condition(grant, span, value),
        when: Vec::new(),
        span,
    })
}

/// `text` with its places filled; one value for each that its first place has.
pub(super) fn filled(text: &str, span: Span, value: &dyn Fn(&str) -> Vec<Value>) -> Vec<Value> {
    let pieces = pieces(text);
    let first = pieces.iter().find_map(|piece| match piece {
        Piece::Place(name) => Some(*name),
        _ => None,
    });
    match first {
        None => fill(&pieces, span, &|_| None).into_iter().collect(),
        Some(first) => value(first)
            .into_iter()
            .filter_map(|one| {
                let of = |name: &str| {
                    if name == first { Some(one.clone()) } else { value(name).into_iter().next() }
                };
                fill(&pieces, span, &of)
            })
            .collect(),
    }
}

fn condition(grant: &Grant, span: Span, value: &dyn Fn(&str) -> Vec<Value>) -> Option<Value> {
    if grant.condition.is_empty() {
        return None;
    }
    let name = |text: &str| Name { text: text.to_owned(), span };
    let keys = |keys: &std::collections::BTreeMap<String, String>| -> Map {
        keys.iter()
            .flat_map(|(key, text)| filled(text, span, value).into_iter().map(|value| (name(key), value)))
            .collect()
    };
    let operators: Map = grant
        .condition
        .iter()
        .map(|(operator, found)| (name(operator), Value { span, kind: ValueKind::Map(keys(found)) }))
        .collect();
    Some(Value { span, kind: ValueKind::Map(operators) })
}

enum Piece<'t> {
    Text(&'t str),
    /// `{Name}`.
    Place(&'t str),
    /// `${Name}` of CloudFormation.
    Symbol(&'t str),
}

fn pieces(mut text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    while let Some(open) = text.find('{') {
        let Some(close) = text[open..].find('}').map(|offset| open + offset) else { break };
        let symbol = text[..open].ends_with('$');
        let before = if symbol { &text[..open - 1] } else { &text[..open] };
        if !before.is_empty() {
            pieces.push(Piece::Text(before));
        }
        let name = &text[open + 1..close];
        pieces.push(if symbol { Piece::Symbol(name) } else { Piece::Place(name) });
        text = &text[close + 1..];
    }
    if !text.is_empty() {
        pieces.push(Piece::Text(text));
    }
    pieces
}

fn fill(pieces: &[Piece<'_>], span: Span, value: &dyn Fn(&str) -> Option<Value>) -> Option<Value> {
    let named = |text: &str| Name { text: text.to_owned(), span };
    if let [Piece::Place(name)] = pieces {
        return value(name);
    }
    if let [Piece::Text(text)] = pieces {
        return Some(Value::string(*text, span));
    }
    let parts: Option<Vec<SubPart>> = pieces
        .iter()
        .map(|piece| match piece {
            Piece::Text(text) => Some(SubPart::Text((*text).to_owned())),
            Piece::Symbol(name) => Some(SubPart::Ref(named(name))),
            Piece::Place(name) => Some(SubPart::Variable(named(name), value(name)?)),
        })
        .collect();
    Some(Value { span, kind: ValueKind::Intrinsic(Box::new(Intrinsic::Sub(parts?))) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;

    fn texts(text: &str, values: &[(&str, &str)]) -> Vec<String> {
        let span = Span::new(SourceId(0), 0, 0);
        let value = |name: &str| {
            let found = values.iter().filter(|(known, _)| *known == name);
            found.map(|(_, text)| Value::string(*text, span)).collect()
        };
        filled(text, span, &value).iter().map(Value::text).collect()
    }

    #[test]
    fn places_are_filled_and_symbols_stay() {
        assert_eq!(texts("*", &[]), ["*"]);
        assert_eq!(texts("{Arn}", &[("Arn", "a")]), ["a"]);
        assert_eq!(
            texts("arn:${AWS::Partition}:{A}/{B}", &[("A", "x"), ("B", "y")]),
            ["arn:${AWS::Partition}:x/y"]
        );
        assert_eq!(texts("{A}/*", &[("A", "x"), ("A", "y")]), ["x/*", "y/*"]);
        assert_eq!(texts("{A}/{B}", &[("A", "x")]), Vec::<String>::new());
        assert_eq!(texts("{A", &[]), ["{A"]);
    }
}
