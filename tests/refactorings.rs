//! Refactorings of mini applications: what they make of them, byte for byte, and what they promise.
//!
//! A case is `tests/refactorings/<id>/<case>/` with the application in `before/`; beside it, written by
//! `BLESS=1`: `after/`, and in `said.txt` titles, receipts, refusals, and how the graph changed.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use slslint::config::Config;
use slslint::edit::Applicability;
use slslint::graph::{App, graph_json};
use slslint::refactor::series::{Series, Wanted, series};
use slslint::refactor::{CATALOGUE, Options};
use slslint::source::Sources;
use support::{folders_in, read_below, root};

type Texts = BTreeMap<String, String>;

/// Rule, functions and message.
type Finding = (String, Vec<String>, String);

#[test]
fn refactorings_make_what_they_promise() {
    let mut faults = Vec::new();
    for folder in folders_in(&root().join("tests/refactorings")) {
        let kind = folder.file_name().expect("a name").to_string_lossy().into_owned();
        assert!(CATALOGUE.iter().any(|known| known.id == kind), "there is no {kind}");
        for case in folders_in(&folder) {
            let name = format!("{kind}/{}", case.file_name().expect("a name").to_string_lossy());
            if let Err(fault) = check(&kind, &case) {
                faults.push(format!("{name}: {fault}"));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}\n(BLESS=1 writes what is made)", faults.join("\n"));
}

fn check(kind: &str, case: &Path) -> Result<(), String> {
    let before = texts(&case.join("before"));
    let options = Options { keep_function: case.join("keep-function").exists() };
    let made = refactored(kind, &before, options);
    let after = applied(&before, &made);
    let said = said(&made, &before, &after);
    if std::env::var_os("BLESS").is_some() {
        bless(case, &after, &said);
    }
    let expected = texts(&case.join("after"));
    if after != expected {
        let names: Vec<&String> = after
            .keys()
            .chain(expected.keys())
            .filter(|path| after.get(*path) != expected.get(*path))
            .collect();
        return Err(format!("makes something else of {names:?}"));
    }
    if fs::read_to_string(case.join("said.txt")).unwrap_or_default() != said {
        return Err("says something else".to_owned());
    }
    keeps_its_word(kind, &made, &before, &after, options)
}

fn keeps_its_word(
    kind: &str,
    made: &Series,
    before: &Texts,
    after: &Texts,
    options: Options,
) -> Result<(), String> {
    let was = findings(before)?;
    let is = findings(after)?;
    // Messages count what they are about, so a finding is the same by its rule.
    let count = |all: &[Finding], rule: &str| all.iter().filter(|(known, ..)| known == rule).count();
    let new: Vec<_> = is.iter().filter(|(rule, ..)| count(&is, rule) > count(&was, rule)).collect();
    if !new.is_empty() {
        return Err(format!("brings new findings: {new:?}"));
    }
    for done in &made.done {
        let rules = CATALOGUE.iter().find(|known| known.id == kind).map_or(&[][..], |known| known.rules);
        let left = is.iter().find(|(rule, functions, _)| {
            rules.contains(&rule.as_str()) && functions.iter().any(|one| done.subject.functions.contains(one))
        });
        if let Some(left) = left {
            return Err(format!("leaves {left:?}"));
        }
    }
    let second = refactored(kind, after, options);
    if !second.done.is_empty() || !second.files.is_empty() {
        return Err("changes something again when it is run again".to_owned());
    }
    // Lines that go or come are whole; all others are as they were, comments included.
    for file in &made.files {
        let (Some(was), Some(is)) = (&file.before, &file.after) else { continue };
        let lines: BTreeSet<&str> = was.lines().collect();
        // Directives of mapping templates begin without a space.
        let comments = |text: &str| text.lines().filter(|line| line.trim().starts_with("# ")).count();
        if comments(is) > comments(was) || is.lines().filter(|line| lines.contains(line)).count() == 0 {
            return Err(format!("rewrites {}", file.path));
        }
    }
    Ok(())
}

fn refactored(kind: &str, texts: &Texts, options: Options) -> Series {
    let sources = Sources::in_memory(texts.clone());
    let wanted = Wanted { options, at_least: Applicability::DisplayOnly, is: &|known, _| known.id == kind };
    series::<String>(
        &sources,
        &|sources| match slslint::analyse(sources, &Config::default(), None) {
            Ok((app, problems)) if problems.is_empty() => Ok(app),
            Ok((_, problems)) => Err(format!("{problems:?}")),
            Err(error) => Err(error.text),
        },
        &wanted,
    )
    .expect("every step reads without a problem")
}

fn applied(before: &Texts, made: &Series) -> Texts {
    let mut after = before.clone();
    for file in &made.files {
        match &file.after {
            Some(text) => after.insert(file.path.clone(), text.clone()),
            None => after.remove(&file.path),
        };
    }
    after
}

fn findings(texts: &Texts) -> Result<Vec<Finding>, String> {
    let sources = Sources::in_memory(texts.clone());
    let report = slslint::lint(&sources, &Config::default(), None).map_err(|error| error.text)?;
    if let Some(problem) = report.problems.first() {
        return Err(format!("does not read: {}", problem.text));
    }
    let finding = |finding: &slslint::finding::Finding| {
        (finding.rule.to_string(), finding.functions.clone(), finding.message.clone())
    };
    Ok(report.findings.iter().map(finding).collect())
}

fn said(made: &Series, before: &Texts, after: &Texts) -> String {
    let mut out = String::new();
    for done in &made.done {
        out.push_str(&format!("{}\n", done.offer.refactoring.title));
        out.push_str(&format!("  applicability: {}\n", done.offer.refactoring.applicability.name()));
        for differs in &done.offer.differs {
            out.push_str(&format!("  differs: {differs}\n"));
        }
        for (aspect, text) in &done.offer.receipt.lines {
            out.push_str(&format!("  {}: {text}\n", aspect.name()));
        }
    }
    for refused in &made.refused {
        out.push_str(&format!("refused: {} of {}\n", refused.kind, refused.subject.name));
        for reason in &refused.reasons {
            out.push_str(&format!("  {}:{}: {}\n", reason.path, reason.line, reason.text));
        }
    }
    out.push_str("graph:\n");
    let (was, is) = (relations(before), relations(after));
    was.difference(&is).for_each(|line| out.push_str(&format!("  - {line}\n")));
    is.difference(&was).for_each(|line| out.push_str(&format!("  + {line}\n")));
    out
}

/// The nodes and relations of the published graph, a line each.
fn relations(texts: &Texts) -> BTreeSet<String> {
    let sources = Sources::in_memory(texts.clone());
    let (app, _): (App<'_>, _) =
        slslint::analyse(&sources, &Config::default(), None).expect("the configuration is right");
    let graph = graph_json(&app.graph, &sources);
    let mut lines = BTreeSet::new();
    for function in graph["functions"].as_array().into_iter().flatten() {
        lines.insert(format!("function {}", function["id"].as_str().unwrap_or_default()));
    }
    let relations = &app.graph.relations;
    for edge in relations.edge_indices() {
        let Some((from, to)) = relations.edge_endpoints(edge) else { continue };
        let name = |node: &slslint::graph::Node| match node {
            slslint::graph::Node::Resource(_, id) => id.clone(),
            slslint::graph::Node::Route(index) => {
                let route = &app.graph.routes[*index];
                format!("{} {}", route.method, route.path)
            }
            slslint::graph::Node::Task(index) => {
                let task = &app.graph.tasks[*index];
                format!("{}/{}", task.state_machine, task.state.text)
            }
            slslint::graph::Node::External(text) => text.clone(),
        };
        let relation = format!("{:?}", relations[edge].relation).to_lowercase();
        lines.insert(format!("{} {relation} {}", name(&relations[from]), name(&relations[to])));
    }
    lines
}

fn texts(folder: &Path) -> Texts {
    let mut texts = Texts::new();
    if folder.is_dir() {
        read_below(folder, folder, &mut texts);
    }
    texts
}

fn bless(case: &Path, after: &Texts, said: &str) {
    let folder = case.join("after");
    let _ = fs::remove_dir_all(&folder);
    for (path, text) in after {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("it has one")).expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
    }
    fs::write(case.join("said.txt"), said).expect("a file can be written");
}
