//! Texts made to break a reader: they end fast, with a small tree and a clean problem.

use std::fmt::Write;
use std::time::{Duration, Instant};

use super::*;

/// Reads a hostile text. The limit is wide, as tests run unoptimised and side by side; what it must
/// catch takes hours or the whole stack.
fn survive(text: &str) -> (Document, Vec<Problem>) {
    let start = Instant::now();
    let result = parse(SourceId(0), "t.yaml", text);
    let taken = start.elapsed();
    assert!(taken < Duration::from_secs(120), "{taken:?} for {:.20}", text);
    if let Some(root) = result.0.root() {
        assert!(height(root) <= MAX_DEPTH);
    }
    result
}

/// Nested collections, aliases followed; each node is seen once.
fn height(root: Node<'_>) -> usize {
    fn visit(node: Node<'_>, seen: &mut std::collections::HashMap<NodeId, usize>) -> usize {
        if let Some(known) = seen.get(&node.id()) {
            return *known;
        }
        let own = usize::from(node.is_mapping() || node.is_sequence());
        let parts = node.items().chain(node.entries_as_written().flat_map(|(key, value)| [key, value]));
        let inner = parts.map(|part| visit(part, seen)).max().unwrap_or(0);
        seen.insert(node.id(), own + inner);
        own + inner
    }
    visit(root, &mut std::collections::HashMap::new())
}

fn too_deep(text: &str) {
    let (_, found) = survive(text);
    assert!(found.iter().any(|problem| problem.text.contains("more than 200")), "{:.20}: {found:?}", text);
}

#[test]
fn deep_nesting_is_cut() {
    too_deep(&"[".repeat(100_000));
    too_deep(&format!("{}{}", "[".repeat(100_000), "]".repeat(100_000)));
    too_deep(&"{a: ".repeat(100_000));
    too_deep(&"{\"a\":".repeat(100_000));
    too_deep(&"- ".repeat(100_000));
    too_deep(&"? ".repeat(50_000));
    too_deep(&(0..1_000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect::<String>());
}

#[test]
fn two_hundred_levels_are_read() {
    let nested = |levels| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    assert_eq!(survive(&nested(MAX_DEPTH)).1, []);
    too_deep(&nested(MAX_DEPTH + 1));
}

#[test]
fn aliases_add_no_depth_beyond_the_limit() {
    let mut text = format!("a0: &a0 {}{}\n", "[".repeat(150), "]".repeat(150));
    for level in 1..100 {
        let _ = writeln!(text, "a{level}: &a{level} {}*a{}{}", "[".repeat(20), level - 1, "]".repeat(20));
    }
    too_deep(&text);
}

#[test]
fn aliases_cost_nothing() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..60 {
        let before = level - 1;
        let _ = writeln!(text, "a{level}: &a{level} [*a{before}, *a{before}, *a{before}, *a{before}]");
    }
    let (document, found) = survive(&text);
    assert_eq!(found, []);
    assert!(document.nodes.len() < 500);
}

#[test]
fn merges_of_merges_stay_small() {
    let mut text = "m0: &m0 {a: 1, b: 2, c: 3}\n".to_owned();
    for level in 1..90 {
        let before = level - 1;
        let _ =
            writeln!(text, "m{level}: &m{level} {{<<: [*m{before}, *m{before}, *m{before}], k{level}: 1}}");
    }
    let (document, found) = survive(&text);
    assert_eq!(found, []);
    let last = document.root().and_then(|root| root.get("m89")).expect("it is read");
    assert_eq!(last.entries().len(), 92);
}

#[test]
fn merges_have_a_budget() {
    let mut text = "big: &big\n".to_owned();
    for key in 0..20_000 {
        let _ = writeln!(text, "  k{key}: 1");
    }
    for use_ in 0..2_000 {
        let _ = writeln!(text, "u{use_}: {{<<: *big}}");
    }
    let (_, found) = survive(&text);
    assert!(found.iter().any(|problem| problem.text.contains("too many entries")));
}

#[test]
fn large_texts_take_linear_time() {
    let keys: String = (0..100_000).map(|key| format!("key{key}: 1\n")).collect();
    assert_eq!(survive(&keys).1, []);
    assert_eq!(survive(&"a: 1\n".repeat(50_000)).1.len(), 49_999);
    assert_eq!(survive(&format!("a: {}", "x".repeat(5_000_000))).1, []);
    assert_eq!(survive(&format!("a: 1\n{}b: 2\n", "# comment\n".repeat(200_000))).1, []);
    assert_eq!(survive(&format!("a:\n{}  b: 2\n", "# comment\n".repeat(200_000))).1, []);
    assert_eq!(survive(&format!("[{}]", "a,".repeat(300_000))).1, []);
    assert_eq!(survive(&"- \n".repeat(300_000)).1, []);
    assert_eq!(survive(&"- &a x\n- *a\n".repeat(50_000)).1, []);
}

#[test]
fn unfinished_texts_end() {
    for text in [
        "\"", "'", "a: \"", "[", "{", "!", "&", "*", "|", "a: |", "? ", "%", "---", "- -", "\u{feff}", "a: !",
    ] {
        survive(text);
    }
    assert_eq!(survive(&format!("a: \"{}", "x\n ".repeat(300_000))).1.len(), 1);
    survive(&format!("[{}", "-,".repeat(20_000)));
}

#[test]
fn files_over_the_limit_are_not_read() {
    let (document, found) = survive(&" ".repeat(MAX_BYTES + 1));
    assert!(document.root().is_none());
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].span, None);
    let (document, found) = survive(&format!("[{}]", "a,".repeat(MAX_NODES + 1)));
    assert!(document.root().is_some_and(Node::is_sequence));
    assert!(found[0].text.contains("2000000 values"));
}
