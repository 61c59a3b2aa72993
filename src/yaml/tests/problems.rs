//! What is reported, where and in which words.

use super::*;

fn only(text: &str) -> (String, String) {
    let mut all = problems(text);
    assert_eq!(all.len(), 1, "{all:?} in {text}");
    all.remove(0)
}

#[test]
fn a_duplicate_names_both_places() {
    for text in
        ["a: 1\nb: 2\na: 3\n", "{\"a\": 1, \"b\": 2,\n\"a\": 3}", "\u{feff}é: 0\r\na: 1\r\n'a': 2\r\n"]
    {
        let (_, found) = parse(SourceId(0), "t.yaml", text);
        let [problem] = &found[..] else { panic!("{found:?}") };
        let second = problem.span.expect("it has a place");
        let (first, note) = problem.related.as_ref().expect("it has a second place");
        assert!(text[second.range()].contains('a') && text[first.range()].contains('a'));
        assert!(first.end < second.start);
        assert_eq!(note, "first set here");
        assert_eq!(problem.text, "the key `a` is set twice; this value replaces the first one");
    }
    // Every repetition is reported, against the first.
    assert_eq!(problems("{a: 1, a: 2, a: 3}").len(), 2);
    assert_eq!(problems("[{1: a, 0x1: b}, {~: a, null: b}, {a: 1, !T a: 2}, {[a]: 1, [a]: 2}]").len(), 2);
}

#[test]
fn an_alias_needs_an_anchor_above_and_around_it_none() {
    let (slice, text) = only("a: *gone\nb: 1\n");
    assert_eq!(slice, "*gone");
    assert_eq!(text, "the alias `*gone` has no anchor `&gone` above it");
    assert_eq!(only("a: &a\n  - *a\n").0, "*a");
    assert_eq!(only("a: &a {<<: *a}\n").0, "*a");
    let (document, _) = parse(SourceId(0), "t.yaml", "a: *gone\nb: 1\n");
    let root = document.root().expect("the rest is read");
    assert!(root.get("a").is_some_and(Node::is_null));
    assert_eq!(root.get("b").and_then(Node::as_i64), Some(1));
}

#[test]
fn only_mappings_merge() {
    assert_eq!(
        only("a: {<<: 1, b: 2}"),
        ("1".into(), "only a mapping, or a list of mappings, can be merged with `<<`".into())
    );
    assert_eq!(only("a: {<<: [{x: 1}, y]}").0, "y");
}

#[test]
fn a_second_document_is_left_out() {
    let (slice, text) = only("a: 1\n---\nb: [\n");
    assert_eq!(slice, "---");
    assert_eq!(text, "a second document starts here; only the first one is read");
    assert_eq!(problems("---\na: 1\n...\n"), []);
    assert_eq!(problems("# nothing\n"), []);
    assert_eq!(problems(""), []);
    assert!(read("# nothing\n").root().is_none());
    assert!(read("---\n").root().is_some_and(Node::is_null));
}

#[test]
fn syntax_errors_name_the_line() {
    let cases = [
        ("a: 1\nb: 'x\nc: 2\n", "a quoted text has no closing quote"),
        ("a: [1, 2\nb: 3\n", "line "),
        ("a: 1\n b: 2\n", "line 2 cannot be read: a `:` cannot stand here"),
        ("a:\n  - x\n  y: 1\n", "line 3 cannot be read: a `- ` was expected here"),
        ("a: @x\n", "line 1 cannot be read: no text can start with `@`"),
        ("a:\n\tb: 1\n", "line 2 cannot be read"),
        ("a: \"\\d\"\n", "line 1 cannot be read: in double quotes a `\\` must begin a known escape"),
        ("a: b: c\n", "line 1 cannot be read: a `:` cannot stand here"),
    ];
    for (text, words) in cases {
        let found = only(text).1;
        assert!(found.contains(words), "{found} for {text:?}");
    }
}

#[test]
fn a_template_engine_is_recognised() {
    let (_, found) = parse(SourceId(0), "t.yaml", "a: 1\n{% if x %}\nb: 2\n{% endif %}\n");
    assert!(found[0].help.as_ref().is_some_and(|help| help.contains("template engine")));
}

#[test]
fn the_tree_before_an_error_is_kept() {
    let text = "Resources:\n  A:\n    Type: T\n    List: [a, b]\n  B:\n    Type: 'open\n";
    let (document, found) = parse(SourceId(0), "t.yaml", text);
    assert_eq!(found.len(), 1);
    let a =
        document.root().and_then(|root| root.get("Resources")?.get("A")).expect("it stands before the error");
    assert_eq!(a.get("Type").and_then(Node::as_str), Some("T"));
    assert_eq!(a.get("List").map(|list| list.items().len()), Some(2));
}

#[test]
fn a_lone_dash_is_text() {
    let document = read("a: !Split [-, x, \"x\", -]\nb: {c: -}\n");
    let root = document.root().expect("a map");
    let texts: Vec<_> = root.get("a").expect("a list").items().filter_map(Node::as_str).collect();
    assert_eq!(texts, ["-", "x", "x", "-"]);
    assert_eq!(root.get("b").and_then(|node| node.get("c")?.as_str()), Some("-"));
}
