//! Edits as they look, and their law: the tree changes as meant and all other bytes stay.

use proptest::prelude::*;

use super::super::Document;
use super::super::tests::{Data, SAMPLES, data, nodes, read, value};
use super::verify::apply;
use super::*;

/// The mapping or sequence at a path of keys and indexes.
fn find<'d>(document: &'d Document, path: &str) -> Node<'d> {
    let root = document.root().expect("there is a root");
    path.split('/').filter(|part| !part.is_empty()).fold(root, |node, part| {
        let item = part.parse().ok().and_then(|index| node.items().nth(index));
        item.or_else(|| node.get(part)).expect("the path exists")
    })
}

fn edited(text: &str, edits: Result<Vec<Edit>, Refusal>) -> String {
    apply(text, &edits.expect("the edit is possible")).expect("edits do not overlap")
}

fn insert(text: &str, path: &str, key: &str, value: &str, after: Option<&str>) -> String {
    edited(text, insert_entry(text, find(&read(text), path), key, value, after))
}

fn remove(text: &str, path: &str, key: &str) -> String {
    edited(text, remove_entry(text, find(&read(text), path), key))
}

fn replace(text: &str, path: &str, key: &str, value: &str) -> String {
    edited(text, replace_value(text, find(&read(text), path), key, value))
}

fn append(text: &str, path: &str, value: &str) -> String {
    edited(text, append_item(text, find(&read(text), path), value))
}

const BLOCK: &str = "# top\nA:\n    B: 1  # one\n    # above C\n    C:\n    - x\n    - y: 1\n      z: 2\n    D: |\n        text\n\n# end\nE: !Ref F\n";

#[test]
fn entries_are_inserted_in_block_style() {
    let at = |from: &str, to: &str| BLOCK.replace(from, to);
    assert_eq!(insert(BLOCK, "A", "N", "!Ref X", Some("B")), at("# one\n", "# one\n    N: !Ref X\n"));
    assert_eq!(
        insert(BLOCK, "A", "N", "a: 1\nb:\n  - 2", Some("B")),
        at("# one\n", "# one\n    N:\n        a: 1\n        b:\n          - 2\n")
    );
    assert_eq!(
        insert(BLOCK, "A", "N", "- a\n- b: 1\n  c: 2", None),
        at("text\n", "text\n    N:\n    - a\n    - b: 1\n      c: 2\n")
    );
    assert_eq!(
        insert(BLOCK, "A", "N", "!Sub\n- a\n- {}", Some("C")),
        at("z: 2\n", "z: 2\n    N: !Sub\n    - a\n    - {}\n")
    );
    assert_eq!(
        insert(BLOCK, "A", "N", "!Sub |\n  a\n\n  b", Some("B")),
        at("# one\n", "# one\n    N: !Sub |\n      a\n\n      b\n")
    );
    assert_eq!(insert(BLOCK, "A/C/1", "N", "3", Some("y")), at("y: 1\n", "y: 1\n      N: 3\n"));
    assert_eq!(insert(BLOCK, "", "200", "x", None), format!("{BLOCK}\n\"200\": x\n"));
    assert_eq!(insert("a: 1", "", "b", "|\n  t", None), "a: 1\nb: |\n  t\n");
    assert_eq!(insert("a: 1", "", "b", "2", None), "a: 1\nb: 2");
    assert_eq!(insert("a: 1\r\n", "", "b", "c:\n  d: 2", None), "a: 1\r\nb:\r\n  c:\r\n    d: 2\r\n");
    assert_eq!(insert("a: |+\n  x\n\n\nb: 1\n", "", "n", "2", Some("a")), "a: |+\n  x\n\n\nn: 2\nb: 1\n");
}

#[test]
fn entries_are_removed_in_block_style() {
    let at = |from: &str, to: &str| BLOCK.replace(from, to);
    assert_eq!(remove(BLOCK, "A", "B"), at("    B: 1  # one\n", ""));
    assert_eq!(remove(BLOCK, "A", "C"), at("    # above C\n    C:\n    - x\n    - y: 1\n      z: 2\n", ""));
    assert_eq!(remove(BLOCK, "A", "D"), at("    D: |\n        text\n", ""));
    assert_eq!(remove(BLOCK, "A/C/1", "y"), at("y: 1\n      z", "z"));
    assert_eq!(remove(BLOCK, "A/C/1", "z"), at("      z: 2\n", ""));
    assert_eq!(remove("a:\n  b: 1\nc: 2\n", "a", "b"), "a:\n  {}\nc: 2\n");
    assert_eq!(remove("- a: 1 # one\n  # two\n  b: 2\n", "0", "a"), "- # two\n  b: 2\n");
    assert_eq!(remove("\u{feff}a: 1\nb: 2\n", "", "a"), "\u{feff}b: 2\n");
    assert_eq!(remove("a: 1\nb: 2", "", "b"), "a: 1\n");
}

#[test]
fn comments_and_empty_lines_go_with_what_they_are_about() {
    let text = "A: 1\n\n# About B.\n# More.\nB:\n  x: 1\n\n# ----\n# C\n# ----\nC: 1\n";
    assert_eq!(remove(text, "", "B"), text.replace("\n# About B.\n# More.\nB:\n  x: 1\n", ""));
    assert_eq!(remove(text, "", "C"), text.replace("C: 1\n", ""));
    assert_eq!(remove("A:\n  b: 1\n\n  c: 2\n", "A", "b"), "A:\n  c: 2\n");
}

#[test]
fn items_are_removed() {
    let remove = |text: &str, path: &str, index: usize| {
        edited(text, remove_item(text, find(&read(text), path), index))
    };
    let at = |from: &str, to: &str| BLOCK.replace(from, to);
    assert_eq!(remove(BLOCK, "A/C", 0), at("    - x\n", ""));
    assert_eq!(remove(BLOCK, "A/C", 1), at("    - y: 1\n      z: 2\n", ""));
    assert_eq!(remove("a:\n- 1\nb: 2\n", "a", 0), "a:\n  []\nb: 2\n");
    assert_eq!(remove("a:\n  - 1\nb: 2\n", "a", 0), "a:\n  []\nb: 2\n");
    assert_eq!(remove("a: [1, {b: 2}, 3]\n", "a", 1), "a: [1, 3]\n");
    assert_eq!(remove("{\"a\": [\n  1,\n  2\n]}", "a", 1), "{\"a\": [\n  1\n]}");
    let nested = "- - a\n  - b\n";
    assert_eq!(remove_item(nested, find(&read(nested), "0"), 0), Err(Refusal::Layout));
}

#[test]
fn values_are_replaced_in_block_style() {
    let at = |from: &str, to: &str| BLOCK.replace(from, to);
    assert_eq!(replace(BLOCK, "A", "B", "!GetAtt x.y"), at("B: 1 ", "B: !GetAtt x.y "));
    assert_eq!(replace(BLOCK, "A", "B", "k: v"), at("B: 1  # one\n", "B:  # one\n        k: v\n"));
    assert_eq!(replace(BLOCK, "A", "C", "{}"), at("C:\n    - x\n    - y: 1\n      z: 2\n", "C: {}\n"));
    assert_eq!(replace(BLOCK, "A", "C", "- n"), at("- x\n    - y: 1\n      z: 2\n", "- n\n"));
    assert_eq!(replace(BLOCK, "A", "D", "short"), at("D: |\n        text\n", "D: short\n"));
    assert_eq!(replace(BLOCK, "", "E", "!Sub\n  - a\n  - b: 1"), at("E: !Ref F", "E: !Sub\n- a\n- b: 1"));
    assert_eq!(replace("a:\nb: 1\n", "", "a", "x"), "a: x\nb: 1\n");
    assert_eq!(replace("a: # why\n  b: 1\n", "", "a", "x"), "a: x # why\n");
    assert_eq!(replace("a: 1 # why\n", "", "a", "|\n  x"), "a: | # why\n  x\n");
    assert_eq!(replace("a:\n  b: 1 \nc: 2\n", "", "a", "k: |\n  x"), "a:\n  k: |\n    x\nc: 2\n");
}

#[test]
fn items_are_appended() {
    let at = |from: &str, to: &str| BLOCK.replace(from, to);
    assert_eq!(append(BLOCK, "A/C", "a: 1\nb: 2"), at("z: 2\n", "z: 2\n    - a: 1\n      b: 2\n"));
    assert_eq!(append(BLOCK, "A/C", "- 1\n- 2"), at("z: 2\n", "z: 2\n    - - 1\n      - 2\n"));
    assert_eq!(append("a: [x]\n", "a", "- y\n- z: {k: '1'}"), "a: [x, [y, {z: {k: \"1\"}}]]\n");
    assert_eq!(append("[]", "", "!Ref A"), "[!Ref A]");
    assert_eq!(append("[\n  a, # one\n  b  # two\n]", "", "c"), "[\n  a, # one\n  b,  # two\n  c\n]");
    assert_eq!(append("[\n  a,\n  b,\n]", "", "c"), "[\n  a,\n  b,\n  c\n]");
}

#[test]
fn flow_style_and_json_stay_what_they_are() {
    assert_eq!(insert("a: {x: 1, y: 2}\n", "a", "n", "b: [c]", Some("x")), "a: {x: 1, n: {b: [c]}, y: 2}\n");
    assert_eq!(insert("a: {}\n", "a", "n", "!Ref x", None), "a: {n: !Ref x}\n");
    assert_eq!(remove("a: {x: 1, y: 2}\n", "a", "x"), "a: {y: 2}\n");
    assert_eq!(remove("a: {x: 1, y: 2}\n", "a", "y"), "a: {x: 1}\n");
    assert_eq!(remove("a: {x: 1}\n", "a", "x"), "a: {}\n");
    assert_eq!(replace("a: {x: , y: 2}\n", "a", "x", "a, b"), "a: {x: \"a, b\", y: 2}\n");
    let json = "{\n\t\"a\": 1,\n\t\"b\": {\n\t\t\"c\": [1]\n\t}\n}\n";
    assert_eq!(
        insert(json, "", "n", "k: yes\nl: [x, 0x10]", Some("a")),
        json.replace("1,\n", "1,\n\t\"n\": {\"k\": true, \"l\": [\"x\", 16]},\n")
    );
    assert_eq!(insert(json, "", "n", "~", None), json.replace("\t}\n}", "\t},\n\t\"n\": null\n}"));
    assert_eq!(remove(json, "", "b"), "{\n\t\"a\": 1\n}\n");
    assert_eq!(remove(json, "", "a"), json.replace("\t\"a\": 1,\n", ""));
    assert_eq!(replace(json, "b", "c", "text"), json.replace("[1]", "\"text\""));
    assert_eq!(append(json, "b/c", "'2'"), json.replace("[1]", "[1, \"2\"]"));
}

#[test]
fn what_is_unclear_is_refused() {
    let shared = "a: &a {x: {y: 1}}\nb: *a\nc: {<<: *a, z: 1}\nd: *a\n";
    let document = read(shared);
    let at = |path| find(&document, path);
    assert_eq!(insert_entry(shared, at("a"), "n", "1", None), Err(Refusal::Shared));
    assert_eq!(remove_entry(shared, at("a/x"), "y"), Err(Refusal::Shared));
    assert_eq!(replace_value(shared, at("b"), "x", "1"), Err(Refusal::Shared));
    assert_eq!(insert_entry(shared, at("c"), "n", "1", None), Err(Refusal::Ambiguous));
    assert_eq!(replace_value(shared, at(""), "d", "1"), Err(Refusal::Shared));
    // The anchor would go, and its aliases with it.
    assert_eq!(remove_entry(shared, at(""), "a"), Err(Refusal::Layout));
    let (document, _) = super::super::parse(crate::source::SourceId(0), "", "{a: 1, a: 2}");
    assert_eq!(remove_entry("{a: 1, a: 2}", find(&document, ""), "a"), Err(Refusal::Ambiguous));
    let (text, json) = ("a: 1\nb: [x]\n", "{\"a\": 1}");
    let document = read(text);
    let at = |path| find(&document, path);
    assert_eq!(insert_entry(text, at(""), "a", "1", None), Err(Refusal::KeyExists));
    assert_eq!(insert_entry(text, at(""), "n", "1", Some("x")), Err(Refusal::NoSuchKey));
    assert_eq!(remove_entry(text, at("b"), "x"), Err(Refusal::WrongType));
    assert_eq!(append_item(text, at("a"), "x"), Err(Refusal::WrongType));
    for bad in ["", "[", "a: 1\nb", "*x", "1\n---\n2", "# c"] {
        assert_eq!(insert_entry(text, at(""), "n", bad, None), Err(Refusal::Value), "{bad}");
    }
    assert_eq!(insert_entry(json, find(&read(json), ""), "n", "!Ref x", None), Err(Refusal::Value));
}

/// Values in the ways a rule may give them, with the data they are.
const VALUES: [&str; 8] = [
    "plain text",
    "!GetAtt A.Arn",
    "'a: b, c'",
    "{k: [1, !Ref x], 'l': \"m\"}",
    "k:\n  l: 1 # note\nm:\n- n\n",
    "- a\n- b: 1\n  c:\n    - 2",
    "!Sub\n- ${a}\n- a: !Ref b",
    "|\n  first\n\n    second",
];

/// Applies a change to the data of the collection that `target` is.
fn change(node: Node<'_>, target: Node<'_>, with: &dyn Fn(Data) -> Data) -> Data {
    let plain = if node.is_sequence() {
        Data::Sequence(node.items().map(|item| change(item, target, with)).collect())
    } else if node.is_mapping() {
        let entries = node.entries();
        Data::Mapping(entries.map(|(key, value)| (data(key), change(value, target, with))).collect())
    } else {
        return data(node);
    };
    let plain = if node.id() == target.id() { with(plain) } else { plain };
    match node.tag() {
        Some(tag) => Data::Tagged(tag.to_owned(), Box::new(plain)),
        None => plain,
    }
}

/// Makes every edit there is in a text; gives how many were made and how many refused for layout.
fn check_all(text: &str) -> (usize, usize) {
    let document = read(text);
    let root = document.root().expect("there is a root");
    let (mut made, mut refused) = (0, 0);
    let mut check =
        |edits: Result<Vec<Edit>, Refusal>, node: Node<'_>, with: &dyn Fn(Data) -> Data| match edits {
            Ok(edits) => {
                made += 1;
                let new = apply(text, &edits).expect("edits do not overlap");
                assert_eq!(value(&new), change(root, node, with), "{edits:?}\n{new}");
                let around = |edit: &&Edit| !edit.span.range().is_empty();
                let gone: String = edits.iter().filter(around).map(|edit| &text[edit.span.range()]).collect();
                for line in text.lines().filter(|line| line.trim_start().starts_with('#')) {
                    assert!(new.contains(line) || gone.contains(line.trim()), "{line} is lost in {new}");
                }
            }
            Err(Refusal::Layout) => refused += 1,
            Err(Refusal::Shared | Refusal::Ambiguous | Refusal::Value) => {}
            Err(other) => panic!("{other}"),
        };
    for node in nodes(&document).filter(|node| node.is_mapping()) {
        for (index, (key, _)) in node.entries_as_written().enumerate() {
            let Some(name) = key.scalar() else { continue };
            check(remove_entry(text, node, name), node, &|data| {
                with_entries(data, |all| drop(all.remove(index)))
            });
            for new in VALUES {
                let wanted = value(&format!("{new}\n"));
                check(replace_value(text, node, name, new), node, &|data| {
                    with_entries(data, |all| all[index].1 = wanted.clone())
                });
                let entry = (Data::String("new key".into()), wanted.clone());
                check(insert_entry(text, node, "new key", new, Some(name)), node, &|data| {
                    with_entries(data, |all| all.insert(index + 1, entry.clone()))
                });
            }
        }
    }
    for node in nodes(&document).filter(|node| node.is_sequence()) {
        for index in 0..node.items().len() {
            check(remove_item(text, node, index), node, &|data| match data {
                Data::Sequence(mut items) => {
                    items.remove(index);
                    Data::Sequence(items)
                }
                other => other,
            });
        }
        for new in VALUES {
            let wanted = value(&format!("{new}\n"));
            check(append_item(text, node, new), node, &|data| match data {
                Data::Sequence(mut items) => {
                    items.push(wanted.clone());
                    Data::Sequence(items)
                }
                other => other,
            });
        }
    }
    (made, refused)
}

fn with_entries(data: Data, with: impl FnOnce(&mut Vec<(Data, Data)>)) -> Data {
    match data {
        Data::Mapping(mut entries) => {
            with(&mut entries);
            Data::Mapping(entries)
        }
        other => other,
    }
}

#[test]
fn every_edit_changes_what_it_is_for_and_nothing_else() {
    for text in SAMPLES.into_iter().chain([BLOCK]) {
        for text in [text.to_owned(), text.replace('\n', "\r\n"), format!("\u{feff}{text}")] {
            let (made, refused) = check_all(&text);
            // Of an anchor with aliases most edits are refused.
            assert!(text.contains('&') || refused * 20 <= made, "{refused} refused, {made} made in {text}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn every_edit_of_a_generated_tree_is_right(tree in super::super::tests::laws::trees()) {
        for text in super::super::tests::laws::texts(&tree) {
            if value(&text) != Data::Null {
                let (made, refused) = check_all(&text);
                prop_assert!(refused * 10 <= made, "{refused} refused, {made} made in {text}");
            }
        }
    }
}
