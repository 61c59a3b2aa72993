//! What several tests need: the mini applications of `corpus/`, and their marks.

#![allow(dead_code, reason = "each test uses its part")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use slslint::config::Config;
use slslint::source::Sources;

/// A mini application: `corpus/<category>/<id>/<case>` or `corpus/apps/<name>`.
#[derive(Debug, Clone)]
pub struct Case {
    /// Relative to `corpus/`.
    pub name: String,
    pub folder: PathBuf,
    /// Texts by path relative to the case.
    pub texts: BTreeMap<String, String>,
    pub config: Config,
}

/// Files of a case that are not part of the application.
const ABOUT: &[&str] = &["expect.txt", "slslint.toml"];

pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// All cases, in order.
pub fn cases() -> Vec<Case> {
    let corpus = root().join("corpus");
    let mut folders = Vec::new();
    for category in folders_in(&corpus) {
        if category.ends_with("apps") {
            folders.extend(folders_in(&category));
        } else {
            folders.extend(folders_in(&category).iter().flat_map(|rule| folders_in(rule)));
        }
    }
    folders.iter().map(|folder| case(&corpus, folder)).collect()
}

fn case(corpus: &Path, folder: &Path) -> Case {
    let mut texts = BTreeMap::new();
    read_below(folder, folder, &mut texts);
    let config = texts
        .get("slslint.toml")
        .map_or_else(Config::default, |text| Config::parse(text).expect("it is valid"));
    let mut config = Config { today: Some("2026-01-01".into()), ..config };
    texts.retain(|path, _| !ABOUT.contains(&path.as_str()));
    let name = folder.strip_prefix(corpus).expect("it lies there").to_string_lossy().into_owned();
    // Rules of the default profile run on every case; one that is not among them, on its own.
    let id = name.split('/').nth(1).unwrap_or_default();
    for rule in slslint::rules::all().iter().map(|rule| rule.meta()).filter(|meta| meta.id == id) {
        config.severity.entry(id.to_owned()).or_insert_with(|| rule.severity.name().to_owned());
    }
    Case { name, folder: folder.to_owned(), texts, config }
}

pub fn folders_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

pub fn read_below(root: &Path, folder: &Path, texts: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).expect("it is a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            read_below(root, &path, texts);
        } else if let Ok(text) = fs::read_to_string(&path) {
            let relative = path.strip_prefix(root).expect("it lies below");
            texts.insert(relative.to_string_lossy().replace('\\', "/"), text);
        }
    }
}

/// A place where a finding is expected, or known to be missed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    pub path: String,
    pub line: usize,
    /// Id of the rule, or `problem`.
    pub rule: String,
    pub known_miss: bool,
}

/// The marks of a case: `#~ id` and `//~ id` in comments, `path:line id` in `expect.txt`.
pub fn marks(case: &Case) -> Vec<Mark> {
    let mut found = Vec::new();
    for (path, text) in &case.texts {
        for (index, line) in text.lines().enumerate() {
            let Some(at) = line.find("#~").or_else(|| line.find("//~")) else { continue };
            for part in line[at..].replace("//~", "#~").split("#~").skip(1) {
                let known_miss = part.starts_with('!');
                let words = part.trim_start_matches('!');
                let ids = if known_miss { words.split(':').next().unwrap_or_default() } else { words };
                for id in ids.split([',', ' ']).filter(|id| !id.is_empty()) {
                    found.push(Mark { path: path.clone(), line: index + 1, rule: id.to_owned(), known_miss });
                }
            }
        }
    }
    let expected = fs::read_to_string(case.folder.join("expect.txt")).unwrap_or_default();
    for line in expected.lines().filter(|line| !line.trim().is_empty()) {
        let (place, rule) = line.split_once(' ').expect("`path:line id`");
        let (path, number) = place.rsplit_once(':').expect("`path:line id`");
        let number = number.parse().expect("a line number");
        found.push(Mark { path: path.into(), line: number, rule: rule.trim().into(), known_miss: false });
    }
    found.sort();
    found
}

/// What slslint says of a case, in the form of marks, with the message of each.
pub fn said(case: &Case) -> Vec<(Mark, String)> {
    let sources = Sources::in_memory(case.texts.clone());
    let report = slslint::lint(&sources, &case.config, None).expect("the configuration is valid");
    let findings = report.findings.iter().map(|finding| {
        let line = sources.position(finding.span.source, finding.span.start).line;
        let path = sources.path(finding.span.source).to_owned();
        let mark = Mark { path, line, rule: finding.rule.to_string(), known_miss: false };
        (mark, finding.message.clone())
    });
    let problems = report.problems.iter().map(|problem| {
        let line = problem.span.map_or(1, |span| sources.position(span.source, span.start).line);
        let mark = Mark { path: problem.path.clone(), line, rule: "problem".into(), known_miss: false };
        (mark, problem.text.clone())
    });
    let mut all: Vec<_> = findings.chain(problems).collect();
    all.sort();
    all
}
