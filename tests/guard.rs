//! Guard files: those of a project run like those that come with slslint, and all keep to the tables.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use slslint::aws::limits::limit;
use slslint::config::Config;
use slslint::report::Report;
use slslint::source::Sources;
use support::{folders_in, root};

const TEMPLATE: &str = "
Transform: AWS::Serverless-2016-10-31
Parameters:
  Stage: {Type: String, AllowedValues: [dev, prod]}
Mappings:
  Sizes: {dev: {Memory: 128}, prod: {Memory: 2048}}
Resources:
  Work:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      FunctionName: !Sub work-${Stage}
      MemorySize: !FindInMap [Sizes, !Ref Stage, Memory]
";

const RULE: &str = "#! id: too-much-memory
#! category: reliability
#! severity: error
#! reads: functions
#! summary: function has more memory than we pay for
rule too_much_memory when functions !empty {
    functions.*[ memory exists ] { memory <= 1024 <<has {memory} MB; we pay for 1024>> }
}
";

fn sources(files: &[(&str, &str)]) -> Sources {
    let texts = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
    Sources::in_memory(texts.chain([("template.yaml".to_owned(), TEMPLATE.to_owned())]).collect())
}

fn config() -> Config {
    Config { guard: vec!["rules/ours".into()], ..Config::default() }
}

fn problems(report: &Report<'_>) -> Vec<(String, String)> {
    report.problems.iter().map(|problem| (problem.path.clone(), problem.text.clone())).collect()
}

#[test]
fn files_of_a_project_are_rules_like_all_others() {
    let sources = sources(&[("rules/ours/memory.guard", RULE), ("rules/ours/README.md", "ours")]);
    let report = slslint::lint(&sources, &config(), None).expect("the configuration is valid");
    let [finding] = report.findings.as_slice() else { panic!("one finding: {:?}", report.findings) };
    assert_eq!(finding.message, "`Work` has 2048 MB; we pay for 1024");
    assert_eq!(finding.world.as_deref(), Some("where Stage is prod"));
    assert_eq!((finding.rule.as_ref(), sources.slice(finding.span)), ("too-much-memory", "Work"));
    assert!(report.rules.iter().any(|meta| meta.id == "too-much-memory"));

    let off = Config { severity: [("too-much-memory".into(), "off".into())].into(), ..config() };
    assert!(slslint::lint(&sources, &off, None).expect("the id is known").findings.is_empty());
}

#[test]
fn broken_files_are_problems_and_the_others_run() {
    let circle = RULE.replace("too-much-memory", "circle").replace("memory <= 1024", "too_much_memory");
    let files = [
        ("rules/ours/circle.guard", circle.as_str()),
        ("rules/ours/good.guard", RULE),
        ("rules/ours/no-header.guard", "rule x { a exists }"),
        (
            "rules/ours/syntax.guard",
            &RULE.replace("too-much-memory", "syntax").replace("rule too", "rool too"),
        ),
        ("rules/ours/taken.guard", &RULE.replace("too-much-memory", "shared-role")),
        ("rules/ours/twice.guard", RULE),
        (
            "rules/ours/view.guard",
            &RULE.replace("too-much-memory", "view").replace("reads: functions", "reads: f"),
        ),
    ];
    let sources = sources(&files);
    let report = slslint::lint(&sources, &config(), None).expect("the configuration is valid");
    assert_eq!(report.findings.len(), 1, "{:?}", report.findings);
    let said = problems(&report);
    let has = |path: &str, part: &str| {
        assert!(said.iter().any(|(at, text)| at == path && text.contains(part)), "{path}: {said:?}");
    };
    has("rules/ours/circle.guard", "circle: too_much_memory");
    has("rules/ours/no-header.guard", "no `#! category:` line");
    has("rules/ours/syntax.guard", "could not be run");
    has("rules/ours/taken.guard", "the id `shared-role` is taken");
    has("rules/ours/twice.guard", "the id `too-much-memory` is taken");
    has("rules/ours/view.guard", "`f` is no part of the view");
}

#[test]
fn a_folder_without_guard_files_is_a_problem() {
    let sources = sources(&[]);
    let report = slslint::lint(&sources, &config(), None).expect("the configuration is valid");
    assert_eq!(problems(&report)[0].0, "rules/ours");
}

/// Shipped files, by path.
fn shipped() -> BTreeMap<String, String> {
    let folders = folders_in(&root().join("rules"));
    let files = folders.iter().flat_map(|folder| fs::read_dir(folder).expect("it is a folder").flatten());
    files
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "guard"))
        .map(|path| {
            let text = fs::read_to_string(&path).expect("it is text");
            (path.display().to_string(), text)
        })
        .collect()
}

/// The text of the rules alone: without comments, messages and texts.
fn code(text: &str) -> String {
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    let mut code = lines.join("\n");
    for (open, close) in [("<<", ">>"), ("'", "'")] {
        while let Some(at) = code.find(open) {
            let end = code[at + open.len()..].find(close).expect("it ends") + at + open.len() + close.len();
            code.replace_range(at..end, "");
        }
    }
    code
}

#[test]
fn numbers_in_guard_files_are_those_of_the_table() {
    for (path, text) in shipped() {
        let header = text.lines().find_map(|line| line.strip_prefix("#! limits:")).unwrap_or_default();
        let limits: BTreeSet<u64> = header.split_whitespace().map(limit).collect();
        let outside: String = code(&text).replace(|c: char| !c.is_alphanumeric() && c != '_', " ");
        let used = outside.split_whitespace().filter_map(|word| word.parse::<u64>().ok());
        for number in used.filter(|number| *number > 1) {
            assert!(limits.contains(&number), "{path}: {number} is none of the limits its header names");
        }
        for number in limits {
            assert!(text.replace(header, "").contains(&number.to_string()), "{path} does not say {number}");
        }
    }
}

#[test]
fn every_fact_of_a_guard_file_is_explained() {
    let explained = fs::read_to_string(root().join("rules/README.md")).expect("it is there");
    for (path, text) in shipped() {
        let words = code(&text).replace(|c: char| !c.is_alphanumeric() && c != '_' && c != '.', " ");
        let keywords = ["rule", "when", "exists", "empty", "true", "false", "in"];
        let rule = words.split_whitespace().nth(1).unwrap_or_default().to_owned();
        let facts = words.split_whitespace().filter(|word| {
            !keywords.contains(word) && **word != rule && !word.ends_with('.') && word.parse::<u64>().is_err()
        });
        for fact in facts.map(|word| word.trim_matches('.')) {
            assert!(explained.contains(&format!("`{fact}`")), "{path}: `{fact}` is not in rules/README.md");
        }
    }
}
