//! TOML as the same spanned values that YAML and JSON become.

use ::toml::Spanned;
use ::toml::de::{DeTable, DeValue};

use super::value::{Map, Name, Value, ValueKind};
use crate::source::{SourceId, Span};

/// Reads a file as far as it can be read.
pub fn parse(source: SourceId, text: &str) -> Value {
    let (table, _) = DeTable::parse_recoverable(text);
    let span = Span::new(source, 0, text.len());
    Value { span, kind: ValueKind::Map(map(source, table.get_ref())) }
}

/// Entries in the order of the text.
fn map(source: SourceId, table: &DeTable<'_>) -> Map {
    let mut entries: Vec<(Name, Value)> = table
        .iter()
        .map(|(key, entry)| {
            let name = Name { text: key.get_ref().to_string(), span: place(source, key) };
            (name, value(source, entry))
        })
        .collect();
    entries.sort_by_key(|(name, _)| name.span.start);
    Map { entries }
}

fn value(source: SourceId, spanned: &Spanned<DeValue<'_>>) -> Value {
    let kind = match spanned.get_ref() {
        DeValue::String(text) => ValueKind::String(text.to_string()),
        DeValue::Integer(number) => ValueKind::Number(number.to_string()),
        DeValue::Float(number) => ValueKind::Number(number.to_string()),
        DeValue::Boolean(value) => ValueKind::Bool(*value),
        DeValue::Datetime(time) => ValueKind::String(time.to_string()),
        DeValue::Array(items) => ValueKind::List(items.iter().map(|item| value(source, item)).collect()),
        DeValue::Table(table) => ValueKind::Map(map(source, table)),
    };
    Value { span: place(source, spanned), kind }
}

fn place<T>(source: SourceId, spanned: &Spanned<T>) -> Span {
    let range = spanned.span();
    Span::new(source, range.start, range.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_have_the_places_of_their_headers() {
        let text = "version = 0.1\n[prod.deploy.parameters]\nregion = \"eu-west-1\"\nlist = ['a', 'b']\n";
        let root = parse(SourceId(0), text);
        let (name, prod) = root.as_map().and_then(|map| map.entry("prod")).expect("it is there");
        assert_eq!(&text[name.span.range()], "prod");
        let region = prod.at(&["deploy", "parameters", "region"]).expect("it is there");
        assert_eq!((region.as_str(), &text[region.span.range()]), (Some("eu-west-1"), "\"eu-west-1\""));
        let list = prod.at(&["deploy", "parameters", "list"]).and_then(Value::as_list);
        assert_eq!(list.map(<[Value]>::len), Some(2));
    }
}
