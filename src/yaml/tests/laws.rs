//! What holds for every node of every text.

use proptest::prelude::*;

use super::*;

/// The text of a node, moved to the column it had, so that its lines keep their indentation.
fn alone(text: &str, span: Span) -> String {
    let start = span.start as usize;
    let line = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let column = text[line..start].chars().count();
    format!("{}{}", " ".repeat(column), &text[span.range()])
}

fn check_spans(text: &str) {
    let (document, _) = parse(SourceId(0), "t.yaml", text);
    for node in nodes(&document) {
        let slice = text.get(node.span().range()).expect("a span lies in the text, between characters");
        assert!(node.full_span().contains(node.span()));
        if let (Some(tag), Some(span)) = (node.tag(), node.tag_span()) {
            assert_eq!(&text[span.range()], tag);
            assert!(span.end <= node.span().start);
        }
        let mut last = node.span().start;
        let parts = node.items().chain(node.entries_as_written().flat_map(|(key, value)| [key, value]));
        for part in parts {
            let span = part.alias_span().unwrap_or(part.full_span());
            assert!(last <= span.start && span.end <= node.span().end, "{part:?} in {node:?} {slice:?}");
            last = span.end;
        }
    }
}

#[test]
fn spans_nest_in_order() {
    for text in SAMPLES {
        check_spans(text);
        check_spans(&text.replace('\n', "\r\n"));
        check_spans(&format!("\u{feff}{text}"));
    }
}

#[test]
fn the_text_of_a_node_reads_as_the_node() {
    for text in SAMPLES {
        let document = read(text);
        for node in nodes(&document) {
            let block = matches!(node.style(), Some(Style::Literal | Style::Folded));
            let slice = &text[node.span().range()];
            if slice.contains('*') && text == ANCHORS || block && node.tag().is_none() {
                continue;
            }
            let again = read(&alone(text, node.full_span()));
            assert_eq!(again.root().map_or(Data::Null, data).trimmed(), data(node).trimmed(), "{slice}");
        }
    }
}

impl Data {
    /// Without white space at the end of texts: the last line break of a block lies outside its span.
    fn trimmed(self) -> Self {
        match self {
            Self::String(text) => Self::String(text.trim_end().to_owned()),
            Self::Sequence(items) => Self::Sequence(items.into_iter().map(Self::trimmed).collect()),
            Self::Mapping(entries) => {
                Self::Mapping(entries.into_iter().map(|(key, value)| (key, value.trimmed())).collect())
            }
            Self::Tagged(tag, inner) => Self::Tagged(tag, Box::new(inner.trimmed())),
            other => other,
        }
    }
}

#[test]
fn a_key_stands_where_its_span_says() {
    for text in SAMPLES {
        for (key, _) in nodes(&read(text)).flat_map(Node::entries_as_written) {
            let slice = &text[key.span().range()];
            match key.style() {
                Some(Style::Plain) => assert_eq!(Some(slice), key.scalar().or(Some(""))),
                Some(Style::SingleQuoted) => assert!(slice.starts_with('\'') && slice.ends_with('\'')),
                Some(Style::DoubleQuoted) => assert!(slice.starts_with('"') && slice.ends_with('"')),
                other => panic!("{other:?} at {slice}"),
            }
        }
    }
}

#[test]
fn a_literal_block_is_its_lines() {
    for text in SAMPLES {
        for node in nodes(&read(text)).filter(|node| node.style() == Some(Style::Literal)) {
            let slice = alone(text, node.span());
            let indent = slice.len() - slice.trim_start().len();
            let lines: Vec<&str> = slice.lines().map(|line| line.get(indent..).unwrap_or("")).collect();
            assert_eq!(lines.join("\n"), node.as_str().expect("it is text").trim_end());
        }
    }
}

#[test]
fn an_empty_block_stands_behind_its_header() {
    for text in ["a: |", "a: |\n", "a: |\n\n", "a: >-\n\nb: 1\n", "a: |+\n\n# c\n", "- |\n- x\n"] {
        let header = text.find(['\n']).unwrap_or(text.len());
        let document = read(text);
        let block =
            nodes(&document).find(|node| matches!(node.style(), Some(Style::Literal | Style::Folded)));
        assert_eq!(block.expect("there is one").span().range(), header..header, "{text:?}");
    }
}

#[test]
fn line_breaks_marks_and_comments_do_not_change_values() {
    for text in SAMPLES {
        let expected = value(text);
        assert_eq!(value(&text.replace('\n', "\r\n")), expected);
        assert_eq!(value(&format!("\u{feff}{text}")), expected);
        assert_eq!(value(&format!("# é漢😀\n---\n{text}")), expected);
        assert_eq!(value(&format!("\u{feff}# é\r\n{text}...\n")), expected);
    }
}

fn serde_data(value: &serde_yaml::Value) -> Data {
    use serde_yaml::Value;
    match value {
        Value::Null => Data::Null,
        Value::Bool(value) => Data::Bool(*value),
        Value::Number(number) => Data::Number(number.as_f64().expect("a number has a value")),
        Value::String(text) => Data::String(text.clone()),
        Value::Sequence(items) => Data::Sequence(items.iter().map(serde_data).collect()),
        Value::Mapping(entries) => {
            Data::Mapping(entries.iter().map(|(key, value)| (serde_data(key), serde_data(value))).collect())
        }
        Value::Tagged(tagged) => Data::Tagged(tagged.tag.to_string(), Box::new(serde_data(&tagged.value))),
    }
}

#[test]
fn values_are_those_of_another_reader() {
    for text in SAMPLES.into_iter().filter(|text| *text != ANCHORS) {
        // It makes null of a tag without content, where PyYAML makes an empty text.
        let text = text.replace("      Tagged: !Ref\n", "");
        let other: serde_yaml::Value = serde_yaml::from_str(&text).expect("the sample is good YAML");
        assert_eq!(value(&text), serde_data(&other));
    }
}

/// Trees of text, numbers, lists and maps with distinct keys.
pub(in super::super) fn trees() -> impl Strategy<Value = serde_json::Value> {
    let text = prop_oneof!["[a-z:# ,'\\[{\"-]{0,8}", "[ -~é漢😀]{0,12}", Just("null".to_owned())];
    // The printer follows YAML 1.2 and leaves words like `on` unquoted.
    let is_text = |text: &String| scalar::resolve(text) == Class::String || text.is_empty() || text == "null";
    let text = text.prop_filter("reads as text", is_text);
    let leaf = prop_oneof![
        text.prop_map(serde_json::Value::from),
        any::<i32>().prop_map(serde_json::Value::from),
        any::<bool>().prop_map(serde_json::Value::from),
        Just(serde_json::Value::Null),
    ];
    leaf.prop_recursive(5, 40, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(serde_json::Value::from),
            prop::collection::btree_map("[a-z ]{0,6}".prop_filter("reads as text", is_text), inner, 0..5)
                .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
        ]
    })
}

fn json_data(value: &serde_json::Value) -> Data {
    match value {
        serde_json::Value::Null => Data::Null,
        serde_json::Value::Bool(value) => Data::Bool(*value),
        serde_json::Value::Number(number) => Data::Number(number.as_f64().expect("it is finite")),
        serde_json::Value::String(text) => Data::String(text.clone()),
        serde_json::Value::Array(items) => Data::Sequence(items.iter().map(json_data).collect()),
        serde_json::Value::Object(map) => Data::Mapping(
            map.iter().map(|(key, value)| (Data::String(key.clone()), json_data(value))).collect(),
        ),
    }
}

/// A tree as JSON on one line, as JSON with tabs, and as YAML.
pub(in super::super) fn texts(tree: &serde_json::Value) -> [String; 3] {
    let compact = serde_json::to_string(tree).expect("a tree prints");
    [compact, with_tabs(tree), serde_yaml::to_string(tree).expect("a tree prints")]
}

fn with_tabs(tree: &serde_json::Value) -> String {
    let mut bytes = Vec::new();
    let formatter = serde_json::ser::PrettyFormatter::with_indent(b"\t");
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, formatter);
    serde::Serialize::serialize(tree, &mut serializer).expect("a tree prints");
    String::from_utf8(bytes).expect("JSON is UTF-8")
}

proptest! {
    #[test]
    fn generated_trees_read_back(tree in trees()) {
        for text in texts(&tree) {
            prop_assert_eq!(value(&text), json_data(&tree), "{}", text);
            check_spans(&text);
        }
    }

    #[test]
    fn any_text_gives_a_tree_in_order(text in "([-:?,\\[\\]{}&*!|>'\"#%@ \t\r\n<=~a1é\u{feff}]|- |: |\n  |\n|&a |\\*a|!T |<<: ){0,40}") {
        check_spans(&text);
    }

    #[test]
    fn a_broken_template_gives_a_tree_in_order(at in 0..TEMPLATE.len(), with in "[-:?,\\[\\]{}&*!|>'\"# \n\t]{0,2}", len in 0usize..3) {
        let mut text = TEMPLATE.to_owned();
        text.replace_range(at..(at + len).min(TEMPLATE.len()), &with);
        check_spans(&text);
    }
}
