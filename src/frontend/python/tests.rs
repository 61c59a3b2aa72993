//! What Python code becomes.

use proptest::prelude::*;

use super::Python;
use crate::frontend::Frontend;
use crate::ir::{Module, laws, print};
use crate::source::SourceId;

/// Lowers and checks what holds for every module.
fn lower(text: &str) -> Module {
    let module = Python.lower(SourceId(0), "app.py", text);
    assert_eq!(laws::broken(&module, text), None, "{text}");
    module
}

/// Sound code as the text of its common form, without the list of names.
#[track_caller]
fn becomes(code: &str, expected: &str) {
    let module = lower(code);
    assert!(module.broken.is_empty(), "not understood: {:?} in {code}", module.broken);
    assert_eq!(print::statements(&module.body).trim_end(), expected, "{code}");
}

#[track_caller]
fn names(code: &str, expected: &[&str]) {
    assert_eq!(lower(code).locals, expected, "{code}");
}

#[test]
fn literals() {
    becomes("None, True, False, ...", "[null true false Ellipsis]");
    becomes("0xFF_FF + 1_000 + .5 + 1. + 0o17", "(+ (+ (+ (+ 65535 1000) 0.5) 1.0) 15)");
    becomes("[1, *a], (1,), {2, 3}, ()", "[[1 *a] [1] [2 3] []]");
    becomes(
        "{'a': 1, **b, c: d}",
        r#"{"a" 1 **b c d}"#.replace("\" ", "\": ").replace("c d", "c: d").as_str(),
    );
    becomes("x = 1j", "x = (unknown complex number)");
}

#[test]
fn strings() {
    becomes(r#"'a\n\x41\101\u0042\q\'' "b""#, r#""a\nAAB\\q'b""#);
    becomes(r"r'\n', b'\x41\u0041'", r#"["\\n" "A\\u0041"]"#);
    becomes("'''a\\\nb\r\nc'''", r#""ab\nc""#);
    becomes("''", r#""""#);
    becomes("'\\ud800'", "\"\u{fffd}\"");
}

#[test]
fn formatted_strings() {
    becomes("f'a{b.c}{{d}}'", r#"(template "a" b.c "{d}")"#);
    becomes("f'{a}' 'b' f'c'", r#"(template a "bc")"#);
    becomes("f'{a}'", "(template a)");
    becomes("f'plain'", r#""plain""#);
    becomes("f'{a!r:>{w}.2f}'", r#"(template (call (call a.__repr__).__format__ (template ">" w ".2f")))"#);
    becomes("f'{a:{w} }'", r#"(template (call a.__format__ (template w " ")))"#);
    becomes("f'{a=}'", r#"(template "a=" (call a.__repr__))"#);
}

#[test]
fn operators() {
    becomes("not a in b and c or d", "(or (and (not (in a b)) c) d)");
    becomes("a is not b, a not in b, a <> b", "[(!= a b) (not-in a b) (!= a b)]");
    becomes("a < b <= c", "(and (< a b) (<= b c))");
    becomes("a < b() < c", "(and (< a (value#1 := (call b))) (< value#1 c))");
    becomes("-a ** ~b // +c", "(// (- (** a (~ b))) (+ c))");
    becomes("a if b else c", "(if b a c)");
    becomes("(a := b)", "(a := b)");
    becomes("a += b; a[0] >>= 1", "a = (+ a b)\n(index a 0) = (>> (index a 0) 1)");
}

#[test]
fn places() {
    becomes("a.b[c]['d']", r#"(index (index a.b c) "d")"#);
    becomes("a[1:2], a[:], a[::3], a[1, 2]", "[(slice a 1 2) (slice a _ _) (slice a _ _ 3) (index a [1 2])]");
    becomes("a[:, 1:]", "(index a [[] [1]])");
    becomes("del a, (b.c, d[0])", "delete a\ndelete b.c\ndelete (index d 0)");
}

#[test]
fn calls() {
    becomes("f(a, *b, c=1, **d)", "(call f a *b c=1 **d)");
    becomes("f(x for x in y)", "(call f (each x#1 for x#1 in y))");
    becomes("super().__init__(a)", "(call super.__init__ a)");
    becomes("print 'a', b", r#"(call print "a" b)"#);
}

#[test]
fn assignments() {
    becomes("a, *b = c", "[a *b] = c");
    becomes("[a, (b, c)] = d", "[a [b c]] = d");
    becomes("(a) = b", "a = b");
    becomes("(a,) = b", "[a] = b");
    becomes("a = b.c = f()", "a = (call f)\nb.c = a");
    becomes("a: int = 1\nb: str", "a = 1");
    becomes(
        "a, *b, c = d",
        "items#1 = d\na = (index items#1 0)\nb = (slice items#1 1 (- 1))\nc = (index items#1 (- 1))",
    );
    names("a: int\nb = c.d = 1\nfor e, *f in g: pass\n(h := 1)\n[i.x, j[0]] = k", &["a", "b", "e", "f", "h"]);
}

#[test]
fn imports() {
    becomes("import a", "a = (import a)");
    becomes("import a.b, c", "a = (import a)\na.b = (import a.b)\nc = (import c)");
    becomes("import a.b as c", "c = (import a.b)");
    becomes("from a.b import (c, d as e)", "c = (import a.b).c\ne = (import a.b).d");
    becomes("from .. import a\nfrom ..b import c", "a = (import ..).a\nc = (import ..b).c");
    becomes("from a import *", "{**} = (import a)");
    becomes("from __future__ import annotations", "");
    becomes("x = importlib.import_module('a.b')", "x = (import a.b)");
    becomes("x = __import__('a.b')", "x = (import a)");
    becomes("x = import_module(f'a.{b}')", "x = (unknown import of a computed name)");
    names("import a.b, c as d\nfrom e import *\nfrom f import g as h", &["a", "d", "*", "h"]);
}

#[test]
fn branches_and_loops() {
    becomes("if a: b\nelif c: d\nelse:\n  e", "if a\n  b\nelse\n  if c\n    d\n  else\n    e");
    becomes("for a in b:\n  break\nelse:\n  c", "for a in b\n  break\nelse\n  c");
    becomes("while a:\n  continue\nelse:\n  c", "while a\n  continue\nelse\n  c");
    becomes(
        "for a, *b, c in d: e",
        concat!(
            "for items#1 in d\n  a = (index items#1 0)\n  b = (slice items#1 1 (- 1))\n",
            "  c = (index items#1 (- 1))\n  e",
        ),
    );
    becomes("pass\nassert a, b", "if (not a)\n  raise (call AssertionError b)");
}

#[test]
fn errors_and_contexts() {
    becomes(
        "try: a\nexcept (B, c.D) as e: raise X from e\nexcept F: raise\nexcept: b\nelse: c\nfinally: d",
        concat!(
            "try\n  a\ncatch B c.D as e\n  raise X\ncatch F\n  raise\ncatch\n  b\n",
            "else\n  c\nfinally\n  d",
        ),
    );
    becomes("try: a\nexcept* B as c: d", "try\n  a\ncatch B as c\n  d");
    becomes("with a() as b, c: d", "with (call a) as b\n  with c\n    d");
    becomes("with (a as b, c as d): e", "with a as b\n  with c as d\n    e");
    names("try: a\nexcept B as c: d\nwith e as (f, g): h", &["c", "f", "g"]);
}

#[test]
fn functions() {
    becomes(
        "def f(a, /, b: B = 1, *c, d: 'x.Y', **e) -> int: return a",
        "f = function f(a, b: B=1, *c, only d: x.Y, **e) [a b c d e]\n  return a",
    );
    becomes("def f(*, a): pass", "f = function f(only a) [a]");
    becomes(
        "@a\n@b.c(1)\nasync def f(): await g()",
        "f = @a @(call b.c 1) function f() [] async\n  (await (call g))",
    );
    becomes("def f():\n  x = yield 1", "f = function f() [x] generator\n  x = (yield 1)");
    becomes(
        "def f(): yield from g()",
        "f = function f() [item#1] generator\n  for item#1 in (call g)\n    (yield item#1)",
    );
    becomes("l = lambda a, *b, c=d: a", "l = function(a, *b, only c=d) [a b c]\n  return a");
}

#[test]
fn scopes() {
    becomes(
        "def f():\n  global a\n  a = 1\n  b = 1\n  def g():\n    nonlocal b\n    b = c = 2",
        concat!("f = function f() [b g]\n  a = 1\n  b = 1\n  g = function g() [c]\n", "    b = 2\n    c = 2",),
    );
    names("def f():\n  global a\n  a = 1", &["a", "f"]);
    becomes(
        "def f(x): return [x + y for x in x for y in x if y], x",
        "f = function f(x) [x x#1 y#2]\n  return [(each (+ x#1 y#2) for x#1 in x for y#2 in x#1 if y#2) x]",
    );
    becomes(
        "[lambda x, z: x + y for x, y in a]",
        "(each function(x, z) [x z]\n  return (+ x y#2)\n for [x#1 y#2] in a)",
    );
    becomes("{k: v for k, v in a}", "(dictionary [k#1 v#2] for [k#1 v#2] in a)");
    names("[y := x for x in z]", &["x#1", "y"]);
}

#[test]
fn classes() {
    becomes(
        concat!(
            "@dataclass\nclass A(B[T], c.D, metaclass=M):\n  'doc'\n  a: x.Y\n  b: int = 1\n  c = d()\n",
            "  def __init__(self): pass\n  def m(self): return b\n",
            "  @staticmethod\n  def s(): pass\n  @classmethod\n  @log\n  def k(cls): pass\n",
            "  @property\n  def p(self): pass\n  @p.setter\n  def p(self, v): pass\n  class N: pass",
        ),
        concat!(
            "A = @dataclass class A (index B T) c.D\n  field a: x.Y\n  static field b: int = 1\n",
            "  static field c = (call d)\n  constructor __init__ = function __init__(self) [self]\n",
            "  method m = function m(self) [self]\n    return b\n",
            "  static method s = function s() []\n  class method k = @log function k(cls) [cls]\n",
            "  get p = function p(self) [self]\n  set p = function p(self, v) [self v]\n",
            "  static field N = class N",
        ),
    );
}

#[test]
fn class_bodies_with_code() {
    becomes(
        "class A:\n  a = 1\n  b = a + 1\n  if b:\n    c = 2\n  def m(self): return a",
        concat!(
            "a#1 = 1\nb#2 = (+ a#1 1)\nif b#2\n  c#3 = 2\n",
            "A = class A\n  static field a = a#1\n  static field b = b#2\n  static field c = c#3\n",
            "  method m = function m(self) [self]\n    return a",
        ),
    );
    names("class A:\n  a = 1\n  b = a", &["a#1", "A"]);
}

#[test]
fn matches() {
    becomes(
        "match a.b:\n  case 'x' | -1: c\n  case [d, *e] if d: f\n  case _: g",
        concat!(
            "subject#1 = a.b\n",
            "if (or (== subject#1 \"x\") (== subject#1 (- 1)))\n  c\nelse\n",
            "  if (and (and (unknown sequence pattern) (>= (call len subject#1) 1)) (index subject#1 0))\n",
            "    d = (index subject#1 0)\n    e = (slice subject#1 1 _)\n    f\n  else\n    g",
        ),
    );
    becomes(
        "match a, b:\n  case 'x', c: d\n  case (1, _, _): e",
        concat!(
            "subject#1 = [a b]\nif (== (index subject#1 0) \"x\")\n  c = (index subject#1 1)\n  d\n",
            "else\n  if (and false (== (index subject#1 0) 1))\n    e",
        ),
    );
    becomes(
        "match a:\n  case {'k': {'l': c}, **r}: d\n  case p.Q(x=1) as e: f\n  case str(g): h\n  case I(j): k",
        concat!(
            "if (and (in \"k\" a) (in \"l\" (index a \"k\")))\n",
            "  c = (index (index a \"k\") \"l\")\n  r = (unknown rest of a mapping pattern)\n  d\nelse\n",
            "  if (and (call isinstance a p.Q) (== a.x 1))\n    e = a\n    f\n  else\n",
            "    if (call isinstance a str)\n      g = a\n      h\n    else\n",
            "      if (call isinstance a I)\n        j = (unknown positional class pattern)\n        k",
        ),
    );
    becomes("match a:\n  case a: b", "subject#1 = a\na = subject#1\nb");
    becomes(
        "match a:\n  case (1, y) | {'k': y}: y",
        concat!(
            "if (or (and (and (unknown sequence pattern) (== (call len a) 2)) (== (index a 0) 1)) (in \"k\" a))\n",
            "  y = (if (and (and (unknown sequence pattern) (== (call len a) 2)) (== (index a 0) 1)) ",
            "(index a 1) (index a \"k\"))\n  y",
        ),
    );
}

#[test]
fn spans_are_exact() {
    let code = "# é\ndef f(a):\n    return (a.b(1))  # end\n\n# after\nx = 1\n";
    let module = lower(code);
    let texts: Vec<_> = module.body.iter().map(|statement| &code[statement.span.range()]).collect();
    assert_eq!(texts, ["def f(a):\n    return (a.b(1))  # end", "x = 1"]);
    let code = "if a:\n  b  # c\n  # d\nelif e:\n  f\n";
    let module = lower(code);
    let crate::ir::StatementKind::If { otherwise, .. } = &module.body[0].kind else { panic!("no if") };
    assert_eq!(&code[otherwise[0].span.range()], "elif e:\n  f");
    // A comment as far in as a block is part of it.
    let code = "def f():\n  if a:\n    b;  # c\n\n    # d\n  # e\n# g\nx\n";
    let module = lower(code);
    assert_eq!(&code[module.body[0].span.range()], "def f():\n  if a:\n    b;  # c\n\n    # d\n  # e");
}

#[test]
fn newer_syntax_is_read() {
    becomes("type A[T] = int", "A = (unknown type alias)");
    becomes("def f[T](a: T) -> T: return a", "f = function f(a: T) [a]\n  return a");
    becomes("class A[T](B): pass", "A = class A B");
}

#[test]
fn broken_code_keeps_the_rest() {
    for broken in [
        "def g(a:\n    pass\n",
        "x = foo(\n",
        "if :\n    pass\n",
        "def g()\n    return table.get(1)\n",
        "class A(:\n    def m(self): pass\n",
        "y = {'a': 1,\n",
        "for in x:\n    pass\n",
        "z = 'open\n",
        "event.\n",
        "return )\n",
    ] {
        let code =
            format!("import os\n\ndef first():\n    one()\n\n{broken}\ndef last(event):\n    two(event)\n");
        let module = lower(&code);
        let text = print::module(&module);
        assert!(!module.broken.is_empty(), "{code}{text}");
        assert!(text.contains("function first() []\n  (call one)"), "{code}{text}");
        assert!(
            text.contains("function last(event) [event]\n  (call two event)"),
            "{code}{text}\n{:?}",
            module.broken
        );
    }
}

#[test]
fn deep_code_is_cut_off() {
    let many = 20_000;
    let samples = [
        format!("x = {}1{}", "(".repeat(many), ")".repeat(many)),
        format!("x = {}1{}", "[".repeat(many), "]".repeat(many)),
        format!("x = {}1{}", "{1:".repeat(many), "}".repeat(many)),
        format!("x = {}1{}", "f(".repeat(many), ")".repeat(many)),
        format!("x = {}", "a + ".repeat(many) + "b"),
        format!("x = {}", "a ** ".repeat(many) + "b"),
        format!("x = {}", "a and ".repeat(many) + "b"),
        format!("x = {}", "a < ".repeat(many) + "b"),
        format!("x = {}", "not ".repeat(many) + "b"),
        format!("x = {}", "lambda: ".repeat(many) + "b"),
        format!("x = {}", "a if b else ".repeat(many) + "b"),
        format!("x = a{}", ".b()[0]".repeat(many)),
        "x = ".repeat(many) + "1",
        format!("{}1{} = x", "[".repeat(many), "]".repeat(many)),
        format!("if a: b\n{}", "elif c: d\n".repeat(many)),
        format!("with {}a: b\n", "a as b, ".repeat(many)),
        format!("match a:\n{}", "  case 1: b\n".repeat(many)),
        format!("match a:\n  case {}1{}: b\n", "[".repeat(400), "]".repeat(400)),
        format!("match a:\n  case {}1: b\n", "1 | ".repeat(many)),
        format!("import {}a", "a.".repeat(many)),
        "@a\n".repeat(many) + "def f(): pass",
        (0..400).map(|depth| format!("{}if a:\n", " ".repeat(depth))).collect::<String>()
            + &" ".repeat(400)
            + "b\n",
        (0..400).map(|depth| format!("{}def f():\n", " ".repeat(depth))).collect::<String>()
            + &" ".repeat(400)
            + "b\n",
        (0..400).map(|depth| format!("{}class A:\n", " ".repeat(depth))).collect::<String>()
            + &" ".repeat(400)
            + "b\n",
        format!("f'{}a{}'", "{f\"".repeat(100), "\"}".repeat(100)),
        "(".repeat(many),
        "[x for ".repeat(many),
        "def f(".repeat(many),
        "f'{".repeat(many),
    ];
    for sample in samples {
        lower(&sample);
    }
}

/// The operands of a chain stand side by side.
#[test]
fn chains_are_no_nesting() {
    for chain in ["a or ", "a and ", "a < ", "a or b and not c < -d + e or "] {
        let module = lower(&format!("x = {}b\ny = last()\n", chain.repeat(5_000)));
        assert!(module.broken.is_empty(), "{chain}");
        assert!(print::module(&module).contains("y = (call last)"), "{chain}");
    }
    let nested = lower(&format!("x = {}b\n", "a or (".repeat(5_000)));
    assert_eq!(nested.broken.len(), 1);
}

/// What the parser is not given is cut out alone.
#[test]
fn the_rest_of_deep_code_is_read() {
    for deep in [
        format!("x = {}1{}", "[".repeat(20_000), "]".repeat(20_000)),
        format!("x = {}b", "- ".repeat(20_000)),
        format!("x = {}b", "lambda a, b: ".repeat(20_000)),
        format!("x = {}a{}", "f\"{".repeat(20_000), "}\"".repeat(20_000)),
    ] {
        let code = format!("def first():\n    one()\n\ndef deep():\n    {deep}\n\ndef last():\n    two()\n");
        let module = lower(&code);
        let text = print::module(&module);
        assert_eq!(module.broken.len(), 1, "{text}");
        assert!(code[module.broken[0].range()].starts_with("def deep():"), "{text}");
        assert!(text.contains("unknown nested too deeply"), "{text}");
        assert!(text.contains("first = function first() []\n  (call one)"), "{text}");
        assert!(text.contains("last = function last() []\n  (call two)"), "{text}");
    }
}

#[test]
fn open_strings_end_at_the_next_definition() {
    let module = lower("def first():\n    x = \"\"\"open\n\ndef last():\n    two()\n");
    let text = print::module(&module);
    assert_eq!(module.broken.len(), 1, "{text}");
    assert!(text.contains("last = function last() []\n  (call two)"), "{text}");
}

#[test]
fn marks_and_line_ends_of_any_system() {
    becomes("\u{feff}a = 1\r\nif a:\r\n\tb\r\n", "a = 1\nif a\n  b");
    becomes("a = 1\rb = 2\r", "a = 1\nb = 2");
    becomes("\x0ca = 1\n\x0c\ndef f():\n\x0c  b\n", "a = 1\nf = function f() []\n  b");
    assert!(!lower("a = 1\0\nb = 2\n").broken.is_empty());
}

#[test]
fn python_2_is_read() {
    becomes("print >>f, 'a'\nexec 'b'", "(call print f \"a\")\n(call exec \"b\")");
    becomes("if a:\n  print 'b' % c,", "if a\n  (call print (% \"b\" c))");
    becomes("try: a\nexcept B, e: raise C, 'd'", "try\n  a\ncatch B as e\n  raise [C \"d\"]");
}

#[test]
fn code_of_usual_depth_is_whole() {
    let samples = [
        format!("x = {}1{}", "[".repeat(150), "]".repeat(150)),
        format!("x = {}b", "a + ".repeat(150)),
        format!("if a: b\n{}", "elif c: d\n".repeat(150)),
        (0..80).map(|depth| format!("{}if a:\n", " ".repeat(depth))).collect::<String>()
            + &" ".repeat(80)
            + "b\n",
    ];
    for sample in samples {
        assert!(!print::module(&lower(&sample)).contains("unknown"), "{sample}");
    }
}

#[test]
fn large_files_are_left_out() {
    let code = "x = 1\n".repeat(200_000);
    let module = lower(&code);
    assert!(module.body.is_empty());
    assert_eq!(module.broken.len(), 1);
    assert_eq!(module.broken[0].range(), 0..code.len());
}

const SAMPLE: &str = concat!(
    "import json, boto3.x\nfrom .a import (b as c, d)\ntable = boto3.resource('dynamodb').Table(f'{a}-b')\n\n",
    "@app.get('/x')\nasync def handler(event, context=None, *args, k: K = 1, **rest):\n",
    "    try:\n        with open(x) as f, g:\n            item, *more = [i for i in event['é'] if i]\n",
    "    except (A, B) as error:\n        raise C(f'{error!r:>3}') from None\n    else:\n        pass\n",
    "    match event:\n        case {'a': [x, *_]} if x: return {**x, 'k': x[1:]}\n        case _: pass\n",
    "    while (n := next()) < 3 < f():\n        n += 1; del n\n",
    "    return lambda z=1: (yield z)\n\nclass A(B):\n    a: int = 1\n    b = a\n",
    "    @property\n    def p(self): return self.q if self else not None\n",
);

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    /// Any change of real-like code is read without harm, and keeps the laws of spans.
    #[test]
    fn changed_code_is_safe(
        changes in prop::collection::vec((any::<prop::sample::Index>(), 0usize..40, "[ \\n():\\[\\]{}'\"a=,.*@f\\\\]{0,4}"), 1..6),
    ) {
        let mut code = SAMPLE.to_owned();
        for (place, length, text) in changes {
            let mut start = place.index(code.len() + 1);
            while !code.is_char_boundary(start) { start -= 1; }
            let mut end = (start + length).min(code.len());
            while !code.is_char_boundary(end) { end += 1; }
            code.replace_range(start..end, &text);
        }
        lower(&code);
    }

    #[test]
    fn unfinished_code_is_safe(place in any::<prop::sample::Index>()) {
        let mut end = place.index(SAMPLE.len() + 1);
        while !SAMPLE.is_char_boundary(end) { end -= 1; }
        lower(&SAMPLE[..end]);
    }

    #[test]
    fn any_text_is_safe(code in "(def |class |if |:|\\n|  |\\(|\\)|a|=|'|f'|\\{|\\}|lambda |for |in |match |case |\\*|\\PC){0,60}") {
        lower(&code);
    }
}
