//! What holds for every text: spans, no panic, broken code costs only itself.

use proptest::prelude::*;

use super::lower;
use crate::ir::{Expression, ExpressionKind, Module, Statement};

/// Calls `visit` with the start, end and kind of each expression and name, as the debug form lists them.
fn check_spans(module: &Module, text: &str) {
    let shown = format!("{:?}", module.body);
    for part in shown.split("Span { source: SourceId(0), start: ").skip(1) {
        let (start, rest) = part.split_once(", end: ").expect("a span");
        let (end, _) = rest.split_once(" }").expect("a span");
        let (start, end): (usize, usize) = (start.parse().expect("a number"), end.parse().expect("a number"));
        assert!(start <= end && text.get(start..end).is_some(), "{start}..{end} in {text:?}");
    }
}

const SAMPLE: &str = concat!(
    "import a, { b as c } from './m';\nimport fs = require('fs');\n",
    "export const handler = async (event: Ev, { x = 1, ...r } = {}) => {\n",
    "  for (const q of event.Records) { if (q?.a) continue; await c.put({ Item: { q, ...r, 'ü': `a${q}b` } }).promise(); }\n",
    "  switch (event.kind) { case 'a': case 'b': return 1; case 'c': if (x) break; foo(); default: { bar(); break } }\n",
    "  l: while (a.n++ < 3) { try { go() } catch ({ message }) { throw message } finally { done(); continue l } }\n",
    "};\n",
    "@Dec() export class K<T> extends B { #p = 1; constructor(private readonly repo: Repo) { super(); } get q() { return this.#p } }\n",
    "enum E { A, B = 5 }\nnamespace N { export const z = /x/g }\nexport default function main(): void {}\n",
);

#[test]
fn spans_are_exact() {
    let text = "const ü = a.b(1, 'x').c[d] ?? { k: f(...g) };\nawait (h as any)!.i(`t${j}`);";
    let module = lower("a.ts", text);
    let calls: Vec<&str> = calls(&module.body).into_iter().map(|call| &text[call.span.range()]).collect();
    assert_eq!(calls, ["a.b(1, 'x')", "f(...g)", "(h as any)!.i(`t${j}`)"]);
    check_spans(&module, text);
}

/// The calls of statements, found in the debug form's order by walking the few kinds the test uses.
fn calls(body: &[Statement]) -> Vec<&Expression> {
    use crate::ir::{Property, StatementKind};
    let mut found = Vec::new();
    let mut open: Vec<&Expression> = Vec::new();
    for statement in body.iter().rev() {
        match &statement.kind {
            StatementKind::Assign { value, .. } | StatementKind::Expression(value) => open.push(value),
            _ => {}
        }
    }
    while let Some(value) = open.pop() {
        match &value.kind {
            ExpressionKind::Call { callee, .. } => {
                found.push(value);
                open.push(callee);
            }
            ExpressionKind::Member { object, .. } | ExpressionKind::Index { object, .. } => open.push(object),
            ExpressionKind::Logical { left, right, .. } => open.extend([&**right, &**left]),
            ExpressionKind::Await(inner) => open.push(inner),
            ExpressionKind::Object(properties) => {
                for property in properties {
                    if let Property::Pair(_, value) = property {
                        open.push(value);
                    }
                }
            }
            _ => {}
        }
    }
    found
}

#[test]
fn names_have_their_own_spans() {
    let text = "export class Api { async handle(e) {} }\nfunction f() {}\na . b;";
    let module = lower("a.js", text);
    let shown = format!("{:?}", module.body);
    for (name, at) in [("Api", 13), ("handle", 25), ("f", 49)] {
        let expected =
            format!("(\"{name}\", Span {{ source: SourceId(0), start: {at}, end: {} }})", at + name.len());
        assert!(shown.contains(&expected), "{expected} in {shown}");
    }
    assert!(
        shown.contains("name: \"b\", name_span: Span { source: SourceId(0), start: 60, end: 61 }"),
        "{shown}"
    );
}

#[test]
fn deep_code_is_cut_and_long_code_survives() {
    let deep: [(&str, String); 23] = [
        ("parentheses", format!("x = {}1{};", "(".repeat(20_000), ")".repeat(20_000))),
        ("lists", format!("x = {}{};", "[".repeat(20_000), "]".repeat(20_000))),
        ("blocks", format!("{}{}", "{".repeat(20_000), "}".repeat(20_000))),
        ("objects", format!("x = {}1{};", "{a:".repeat(20_000), "}".repeat(20_000))),
        ("functions", format!("{}{}", "function f(a=1){ return ".repeat(5_000), "}".repeat(5_000))),
        ("arrows", format!("x = {}1", "a => ".repeat(20_000))),
        ("callbacks", format!("{}{}", "f(function (a) { ".repeat(5_000), "})".repeat(5_000))),
        ("else if", format!("if (a) b();{}", " else if (a) b();".repeat(20_000))),
        ("calls", format!("x = a{};", ".b()".repeat(50_000))),
        ("sums", format!("x = 'a'{};", " + 'b'".repeat(50_000))),
        ("not", format!("x = {}1;", "!".repeat(50_000))),
        ("patterns", format!("const {}a{} = x;", "[".repeat(5_000), "]".repeat(5_000))),
        ("sequences", format!("{}a{};", "(".repeat(20_000), ",b)".repeat(20_000))),
        ("dots", format!("import x = A{};", ".b".repeat(50_000))),
        ("dotted types", format!("function f(a: A{}) {{}}", ".b".repeat(50_000))),
        ("namespaces", format!("{}{}", "namespace N { ".repeat(5_000), "}".repeat(5_000))),
        ("labels", format!("{}a()", "l: ".repeat(20_000))),
        ("classes", format!("{}{}", "class A { b = ".repeat(5_000), "}".repeat(5_000))),
        ("methods", format!("{}{}", "class A { b() { ".repeat(5_000), "} }".repeat(5_000))),
        ("templates", format!("x = {}{};", "`${".repeat(5_000), "}`".repeat(5_000))),
        ("switches", format!("{}{}", "switch (a) { case 1: ".repeat(5_000), "}".repeat(5_000))),
        ("conditionals", format!("x = {}c;", "a ? b : ".repeat(20_000))),
        ("cases", format!("switch (a) {{ {} }}", "case 1: b();".repeat(5_000))),
    ];
    for (what, text) in deep {
        for path in ["a.js", "a.ts"] {
            let module = lower(path, &text);
            assert!(!module.body.is_empty() || !module.broken.is_empty(), "{what} in {path}");
        }
    }
}

#[test]
fn a_long_promise_chain_is_kept_whole() {
    let text = format!("const x = a{};", ".then(b)".repeat(200));
    let shown = format!("{:?}", lower("a.js", &text).body);
    assert!(!shown.contains("Unknown"));
    assert_eq!(shown.matches("\"then\"").count(), 200);
}

#[test]
fn broken_code_costs_only_itself() {
    let broken = [
        "const bad = (((;",
        "exports.handler = async (event) => { const a = await x(event; return 1 };",
        "exports.handler = async (event) => {\n const r = event.\n await y(a);\n return 1;\n};",
        "exports.handler = async () => { y(a); } return 1; };",
        "const a = { b: , c };",
        "class { }}}",
    ];
    for part in broken {
        let text =
            format!("function before() {{ return 1 }}\n{part}\nfunction after() {{ return put(2) }}\n");
        let module = lower("a.js", &text);
        assert!(!module.broken.is_empty(), "{part}");
        for name in ["before", "after"] {
            assert!(
                module.locals.iter().any(|local| local == name),
                "{name} beside {part}: {:?}",
                module.locals
            );
        }
    }
}

#[test]
fn bundles_are_not_read() {
    let minified = format!("var a={};", "f(1)+".repeat(20_000) + "1");
    let module = lower("a.js", &minified);
    assert!(module.body.is_empty());
    assert_eq!(module.broken.len(), 1);
    assert_eq!(module.broken[0].range(), 0..minified.len());
    assert!(lower("a.d.ts", "declare const a: number;").body.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_panics(text in "[a-z(){}\\[\\]=>.,;:'`$?!#@ \nü0-9\\\\/+-]{0,200}") {
        for path in ["a.js", "a.ts", "a.tsx"] {
            check_spans(&lower(path, &text), &text);
        }
    }

    #[test]
    fn no_mutation_panics(
        at in 0..SAMPLE.len(),
        cut in 0..60_usize,
        insert in prop::sample::select(vec!["", "{", "}", "(", ")", "'", "`", "${", "=>", "...", "async ", "case 1:", "break ", "ü", "#!", "/*", "\\u"]),
    ) {
        let start = (0..=at).rev().find(|at| SAMPLE.is_char_boundary(*at)).unwrap_or(0);
        let end = ((start + cut).min(SAMPLE.len())..=SAMPLE.len()).find(|at| SAMPLE.is_char_boundary(*at)).unwrap_or(SAMPLE.len());
        let text = format!("{}{insert}{}", &SAMPLE[..start], &SAMPLE[end..]);
        for path in ["a.ts", "a.js"] {
            check_spans(&lower(path, &text), &text);
        }
    }

    #[test]
    fn shuffled_lines_do_not_panic(order in prop::collection::vec(0..12_usize, 0..24)) {
        let lines: Vec<&str> = SAMPLE.lines().collect();
        let text = order.iter().filter_map(|at| lines.get(*at)).copied().collect::<Vec<_>>().join("\n");
        check_spans(&lower("a.ts", &text), &text);
    }
}

#[test]
fn a_tagged_template_that_does_not_end_has_places() {
    let more = "[`' +üa+}\n''+üa#=a0\n+\n=\n[aa==00a#aaa\naa['}0 [}# ['}``\\ü];";
    for text in ["a`\\ü[!>a}", more] {
        check_spans(&lower("a.js", text), text);
    }
}
