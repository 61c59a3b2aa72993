//! Which value a key has: tags, merge keys, anchors, duplicates.

use super::*;

/// Entries of the mapping at `path`, as `key=text`.
fn entries(text: &str, path: &[&str]) -> Vec<String> {
    let (document, _) = parse(SourceId(0), "t.yaml", text);
    let root = document.root().expect("there is a root");
    let node = path.iter().fold(root, |node, key| node.get(key).expect("the path exists"));
    node.entries()
        .map(|(key, value)| format!("{}={}", key.scalar().unwrap_or("~"), value.scalar().unwrap_or("~")))
        .collect()
}

#[test]
fn only_plain_scalars_resolve() {
    let text = "[1, '1', \"yes\", yes, !!str 1, !Ref 1, !!int '7', ~, '~', !Ref , 2012-10-17]";
    let document = read(text);
    let kinds: Vec<Kind<'_>> = document.root().expect("a list").items().map(Node::kind).collect();
    let expected = [
        Kind::Number("1"),
        Kind::String("1"),
        Kind::String("yes"),
        Kind::Bool(true),
        Kind::String("1"),
        Kind::String("1"),
        Kind::Number("7"),
        Kind::Null,
        Kind::String("~"),
        Kind::String(""),
        Kind::String("2012-10-17"),
    ];
    assert_eq!(kinds, expected);
    let item = |index| document.root().and_then(|root| root.items().nth(index)).expect("an item");
    assert_eq!(item(3).scalar(), Some("yes"));
    assert_eq!(item(7).scalar(), None);
    assert_eq!((item(4).tag(), item(5).tag()), (Some("!!str"), Some("!Ref")));
}

#[test]
fn a_lone_exclamation_mark_is_no_tag() {
    let document = read("[! x, ! '1', ! [a]]");
    let items: Vec<_> = document.root().expect("a list").items().collect();
    assert!(items.iter().all(|item| item.tag().is_none()));
    assert_eq!((items[0].as_str(), items[1].as_i64()), (Some("x"), Some(1)));
}

#[test]
fn the_last_of_two_equal_keys_counts_at_the_place_of_the_first() {
    assert_eq!(entries("{a: 1, b: 2, a: 3}", &[]), ["a=3", "b=2"]);
    let (document, _) = parse(SourceId(0), "t.yaml", "{a: 1, b: 2, 'a': 3}");
    let root = document.root().expect("a map");
    assert_eq!(root.get("a").and_then(Node::as_i64), Some(3));
    assert_eq!(root.get_entry("a").map(|(key, _)| key.span().start), Some(13));
    assert_eq!(root.entries_as_written().len(), 3);
}

#[test]
fn a_key_is_found_by_its_text() {
    let document = read("{200: a, '404': b, true: c, null: d}");
    let root = document.root().expect("a map");
    let get = |key| root.get(key).and_then(Node::as_str);
    assert_eq!([get("200"), get("404"), get("true"), get("500")], [Some("a"), Some("b"), Some("c"), None]);
}

#[test]
fn explicit_keys_win_over_merged_ones_and_early_sources_over_late_ones() {
    let text = "a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\none: {<<: *a, y: 9}\nmany: {x: 7, <<: [*a, *b]}\n\
                deep: {<<: {<<: *b, y: 5}}\nquoted: {'<<': text}\ntwice: {<<: *a, <<: *b}\n";
    assert_eq!(problems(text), []);
    assert_eq!(entries(text, &["one"]), ["x=1", "y=9"]);
    assert_eq!(entries(text, &["many"]), ["y=1", "z=2", "x=7"]);
    assert_eq!(entries(text, &["deep"]), ["y=5", "z=2"]);
    assert_eq!(entries(text, &["quoted"]), ["<<=text"]);
    assert_eq!(entries(text, &["twice"]), ["x=1", "y=2", "z=2"]);
}

#[test]
fn an_alias_is_its_anchor() {
    let document = read(ANCHORS);
    let root = document.root().expect("a map");
    let list = root.get("list").expect("the anchor");
    let alias = root.get("use").and_then(|node| node.get("c")).expect("the alias");
    assert_eq!(alias.id(), list.id());
    assert_eq!(alias.span(), list.span());
    assert_eq!(list.alias_span(), None);
    assert_eq!(alias.alias_span().map(|span| &ANCHORS[span.range()]), Some("*list"));
}
