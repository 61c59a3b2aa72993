//! What an outline keeps apart and what it does not.

use super::{Kind, Outline};
use crate::frontend;
use crate::source::SourceId;

fn outline(path: &str, text: &str) -> Outline {
    let frontend = frontend::for_path(path).expect("a language that is read");
    super::of(&frontend.lower(SourceId(0), path, text), text)
}

fn hashes(path: &str, text: &str) -> Vec<u64> {
    outline(path, text).module().iter().map(|piece| piece.hash).collect()
}

#[test]
fn names_of_variables_and_literals_are_left_open() {
    let one = "def f(a):\n    b = a.get('x')\n    return b + 1\n";
    let other = "def g(event):\n    # said\n    item = event.get(\"y\")\n    return item + 2\n";
    assert_eq!(hashes("a.py", one), hashes("a.py", other));
    assert_eq!(outline("a.py", one).occurrences.len(), outline("a.py", other).occurrences.len());
}

#[test]
fn members_calls_and_imports_are_not() {
    for (one, other) in [
        ("def f(a):\n    return a.get(1)\n", "def f(a):\n    return a.pop(1)\n"),
        ("def f(a):\n    return len(a)\n", "def f(a):\n    return sum(a)\n"),
        ("import a\n", "import b\n"),
        ("import json\nx = json.f()\n", "import yaml\nx = yaml.f()\n"),
        ("def f(a):\n    return -a\n", "def f(a):\n    return +a\n"),
        (
            "def f(a):\n    if a:\n        return 1\n    g()\n",
            "def f(a):\n    if a:\n        return 1\n        g()\n",
        ),
    ] {
        assert_ne!(hashes("a.py", one), hashes("a.py", other), "{one}{other}");
    }
}

#[test]
fn types_and_exports_do_not_count_in_typescript() {
    let typed = "export function f(a: string): number { return a.length; }\n";
    let plain = "function f(b) { return b.length; }\n";
    assert_eq!(hashes("a.ts", typed), hashes("a.js", plain));
    let variable = |name: &str| hashes("a.js", &format!("const t = open(process.env.{name});\n"));
    assert_eq!(variable("A"), variable("B"));
}

#[test]
fn statements_are_told_by_what_they_are() {
    let text = "'''doc'''\nimport os\nTABLE = {'a': 1}\ndef f():\n    return os\nx = f()\n";
    let outline = outline("a.py", text);
    let kinds: Vec<&Kind> = outline.module().iter().map(|piece| &piece.kind).collect();
    assert!(
        matches!(kinds[..], [Kind::Import(os), Kind::Constant, Kind::Definition(_), Kind::Other] if os == "os"),
        "{kinds:?}"
    );
    let names = |numbers: &[u32]| numbers.iter().map(|name| outline.name(*name)).collect::<Vec<_>>();
    let last = outline.module().last().expect("there are four");
    assert_eq!((names(&last.binds), names(&last.uses).contains(&"f")), (vec!["x"], true));
    let f = &outline.module()[2];
    assert_eq!((names(&f.binds), names(&f.uses)), (vec!["f"], vec!["os", "f"]));
}

#[test]
fn what_is_broken_has_no_outline() {
    assert_eq!(outline("a.py", "def f(:\n  ]\nx = 1\n"), Outline::default());
}
