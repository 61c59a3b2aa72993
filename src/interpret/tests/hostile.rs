//! Code that is made to be slow costs its share and no more, and it is said where it was left.

use std::fmt::Write;

use super::Case;
use crate::summary::{Action, Summary};

const SEND: &str = "sqs.send_message(QueueUrl='q', MessageBody='m')";

fn python(body: &str) -> Summary {
    let text = format!("import boto3\nsqs = boto3.client('sqs')\n\ndef handler(event, context):\n{body}\n");
    Case::new(&[("app.py", &text)], "handler").summary()
}

fn javascript(body: &str) -> Summary {
    let sdk = "const { SQSClient, SendMessageCommand } = require('@aws-sdk/client-sqs');\nconst sqs = new SQSClient({});";
    let text = format!("{sdk}\nexports.handler = async (event) => {{\n{body}\n}};\n");
    Case::new(&[("app.js", &text)], "handler").summary()
}

fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).fold(String::new(), |mut text, index| {
        let _ = writeln!(text, "{}", line(index));
        text
    })
}

fn says(summary: &Summary, why: &str) -> bool {
    summary.unknowns.iter().any(|unknown| unknown.why.contains(why))
}

fn sends(summary: &Summary) -> usize {
    let is_send =
        |action: &Action| matches!(action, Action::Aws { operation, .. } if operation == "SendMessage");
    summary.effects.iter().filter(|effect| is_send(&effect.action)).count()
}

#[test]
fn independent_branches() {
    let branch =
        |index| format!("    if event['k{index}']:\n        {}", SEND.replace("'q'", &format!("'q{index}'")));
    let summary = python(&lines(60, branch));
    assert!(says(&summary, "too many paths"));
    assert_eq!(sends(&summary), 60, "every branch was entered all the same");
}

#[test]
fn thousands_of_branches() {
    let summary = python(&lines(2_000, |index| format!("    if event['k'] == {index}:\n        {SEND}")));
    assert!(says(&summary, "too many paths") || says(&summary, "too much code"));
    let cases =
        lines(1_000, |index| format!("case '{index}': await sqs.send(new SendMessageCommand({{}})); break;"));
    assert!(!javascript(&format!("switch (event.k) {{\n{cases}\n}}")).unknowns.is_empty());
}

#[test]
fn failures_of_many_calls() {
    let attempt = format!("    try:\n        {SEND}\n    except Exception:\n        pass");
    assert!(says(&python(&lines(40, |_| attempt.clone())), "too many paths"));
}

#[test]
fn deep_nesting() {
    for (open, close) in [("[", "]"), ("{'a': ", "}")] {
        let nested = format!("    return {}1{}", open.repeat(2_000), close.repeat(2_000));
        assert!(!python(&nested).unknowns.is_empty(), "{open}");
        let nested = format!("return {}1{};", open.repeat(2_000), close.repeat(2_000));
        let _ = javascript(&nested);
    }
    let arrows = format!("return {}1{};", "(() => ".repeat(1_000), ")()".repeat(1_000));
    assert!(!javascript(&arrows).unknowns.is_empty());
}

#[test]
fn blocks_deeper_than_python_takes() {
    let blocks = lines(900, |index| format!("{}if event['k']:", " ".repeat(index + 4)));
    let summary = python(&format!("{blocks}{}{SEND}", " ".repeat(904)));
    assert!(says(&summary, "nested too deeply"));
    assert!(summary.unknowns.iter().any(|unknown| unknown.may_have_effects));
}

#[test]
fn files_too_large_to_read() {
    let summary = python(&format!("    return '{}'", "a".repeat(2 << 20)));
    assert!(says(&summary, "could not be parsed"), "the handler may be in what was not read");
}

#[test]
fn huge_literals() {
    let items = lines(20_000, |index| format!("{index},"));
    let summary = python(&format!("    rows = [\n{items}]\n    {}", SEND.replace("'m'", "str(rows)")));
    assert_eq!(sends(&summary), 1);
}

#[test]
fn recursion() {
    let text = format!(
        "    return f(event['n'])\n\ndef f(n):\n    if n < 2:\n        return n\n    {SEND}\n    return f(n - 1) + f(n - 2) + f(n - 3)"
    );
    assert!(sends(&python(&text)) > 0);
}

#[test]
fn calls_that_double() {
    let functions = lines(40, |index| format!("def f{index}(x):\n    return f{0}(x) + f{0}(x)\n", index + 1));
    let text = format!("    return f0(event['x'])\n\n{functions}\ndef f40(x):\n    return {SEND}");
    assert!(says(&python(&text), "too much code"));
}

#[test]
fn values_that_double() {
    let summary = python(&format!(
        "    x = event['x']\n{}    {}",
        lines(200, |_| "    x = x + x".to_owned()),
        SEND.replace("'m'", "x")
    ));
    assert_eq!(sends(&summary), 1);
    assert!(format!("{summary:?}").len() < 200_000, "no value is larger than a reader could want");
    let summary =
        javascript(&format!("let s = event.a;\n{}return s;", lines(100, |_| "s = `${s}${s}`;".to_owned())));
    assert!(format!("{summary:?}").len() < 200_000);
}

#[test]
fn objects_that_hold_each_other_many_times() {
    let keys = |value: &str| lines(100, |index| format!("        'k{index}': {value},"));
    let level = |level: usize| format!("    a{} = {{\n{}    }}", level + 1, keys(&format!("a{level}")));
    let summary = python(&format!("    a0 = event\n{}\n    return a7", lines(7, level)));
    assert!(format!("{summary:?}").len() < 1_000_000);
    let summary =
        python("    a = {}\n    a['a'] = a\n    b = [a]\n    b.append(b)\n    a['b'] = b\n    return a");
    assert!(format!("{summary:?}").len() < 1_000_000);
}

#[test]
fn copies_of_growing_objects() {
    let copy = |index| format!("    d['k{index}'] = event['v{index}']\n    d = dict(d)");
    let summary = python(&format!("    d = {{}}\n{}    {SEND}", lines(1_500, copy)));
    assert!(says(&summary, "too much code"));
    let spread = |index| format!("o = {{...o, ...o, k{index}: event.x{index}, z: o}};");
    let _ = javascript(&format!("let o = {{}};\n{}return o;", lines(300, spread)));
}

#[test]
fn a_minified_bundle() {
    let module = |index: usize| {
        format!(
            "M[{index}]=(e,t,n)=>{{var r=n({}),o=n({});function a(e){{return e?r(e)||o.b(e):e&&a(e.c)}}t.x=a}};",
            index + 1,
            index + 2
        )
    };
    let modules: String = (0..1_000).map(module).collect();
    let text = format!(
        "var M={{}};{modules}function R(i){{var m={{}};M[i]&&M[i](m,m,R);return m}}return R(0).x(event);"
    );
    assert!(!javascript(&text).unknowns.is_empty());
}
