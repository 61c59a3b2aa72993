//! What a change does to the architecture, as text, as Markdown for a pull request, and as JSON.

use std::collections::BTreeSet;
use std::fmt::Write;

use serde::Serialize;

use super::counted;
use super::markdown::escape;
use crate::graph::difference::{Change, Changes, Difference, Fact, Kind, LISTS, Setting};

/// Grows when a field changes its meaning or goes; new fields may come within a version.
const VERSION: u32 = 1;

/// Lines of one kind in Markdown; a longer list is cut, and says so.
const MOST_LINES: usize = 50;

/// Lines of the largest picture that a reader can still follow.
const LARGEST_PICTURE: usize = 120;

/// Lines that begin with `+`, `-` or `!`, by kind.
pub fn difference_text(difference: &Difference, since: &str) -> String {
    if difference.is_empty() {
        return format!("{}\n", nothing(since));
    }
    let mut out = String::new();
    for (kind, changes) in shown(difference) {
        let _ = writeln!(out, "{}", kind.title());
        for line in lines(changes) {
            let _ = writeln!(out, "  {line}");
        }
    }
    let _ = writeln!(out, "{}", head(difference, since));
    out
}

/// A heading with the numbers, the picture, and a list for each kind.
pub fn difference_markdown(difference: &Difference, since: &str, picture: Option<&str>) -> String {
    if difference.is_empty() {
        return format!("## Architecture\n\n{}.\n", escape(&nothing(since)));
    }
    let mut out = format!("## Architecture: {}\n", escape(&head(difference, since)));
    if let Some(picture) = picture.filter(|picture| picture.lines().count() <= LARGEST_PICTURE) {
        let _ = write!(out, "\n```mermaid\n{picture}```\n");
    }
    for (kind, changes) in shown(difference) {
        let lines = lines(changes);
        let _ = write!(out, "\n### {}\n\n```diff\n", capital(kind.title()));
        for line in lines.iter().take(MOST_LINES) {
            // A fence within the text would end the block.
            let _ = writeln!(out, "{}", line.replace("```", "'''").replace(['\n', '\r'], " "));
        }
        out.push_str("```\n");
        if let Some(more) = lines.len().checked_sub(MOST_LINES).filter(|more| *more > 0) {
            let _ = writeln!(out, "\n{more} more.");
        }
    }
    out
}

/// The published form; `slslint schema diff` prints its schema.
pub fn difference_json(difference: &Difference, since: &str) -> String {
    let mut root = serde_json::Map::new();
    root.insert("version".to_owned(), VERSION.into());
    root.insert("since".to_owned(), since.into());
    for (kind, changes) in &difference.kinds {
        let changes = serde_json::to_value(ChangesOut::of(changes)).unwrap_or_default();
        root.insert(kind.name().to_owned(), changes);
    }
    format!("{:#}\n", serde_json::Value::Object(root))
}

#[derive(Serialize)]
struct ChangesOut<'a> {
    added: Vec<&'a str>,
    removed: Vec<&'a str>,
    changed: Vec<ChangeOut<'a>>,
}

#[derive(Serialize)]
struct ChangeOut<'a> {
    name: &'a str,
    settings: Vec<SettingOut<'a>>,
}

#[derive(Serialize)]
struct SettingOut<'a> {
    name: &'a str,
    before: Option<&'a str>,
    after: Option<&'a str>,
}

impl<'a> ChangesOut<'a> {
    fn of(changes: &'a Changes) -> Self {
        let names = |facts: &'a [Fact]| facts.iter().map(|fact| fact.name.as_str()).collect();
        let change = |change: &'a Change| ChangeOut {
            name: &change.name,
            settings: change
                .settings
                .iter()
                .map(|setting| SettingOut {
                    name: &setting.name,
                    before: setting.before.as_deref(),
                    after: setting.after.as_deref(),
                })
                .collect(),
        };
        Self {
            added: names(&changes.added),
            removed: names(&changes.removed),
            changed: changes.changed.iter().map(change).collect(),
        }
    }
}

fn nothing(since: &str) -> String {
    format!("the architecture is the same as at {since}")
}

fn shown(difference: &Difference) -> impl Iterator<Item = (Kind, &Changes)> {
    difference.kinds.iter().filter(|(_, changes)| !changes.is_empty()).map(|(kind, changes)| (*kind, changes))
}

/// `3 added, 1 changed since main`.
fn head(difference: &Difference, since: &str) -> String {
    let sum = |count: fn(&Changes) -> usize| -> usize {
        // Writes to other services are calls as well, and are counted there.
        let counted = difference.kinds.iter().filter(|(kind, _)| *kind != Kind::ForeignWrites);
        counted.map(|(_, changes)| count(changes)).sum()
    };
    let sums = [
        (sum(|changes| changes.added.len()), "added"),
        (sum(|changes| changes.removed.len()), "removed"),
        (sum(|changes| changes.changed.len()), "changed"),
    ];
    let told: Vec<String> =
        sums.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
    let foreign = difference.kinds.iter().find(|(kind, _)| *kind == Kind::ForeignWrites);
    let foreign = foreign.map_or(0, |(_, changes)| changes.added.len());
    let warning = match foreign {
        0 => String::new(),
        count => format!("; {} to other services", counted(count, "new write")),
    };
    format!("{} since {since}{warning}", told.join(", "))
}

fn lines(changes: &Changes) -> Vec<String> {
    let told = |sign: &str, fact: &Fact| {
        let settings: Vec<String> =
            fact.settings.iter().map(|(name, value)| format!("{name} {value}")).collect();
        let settings = if settings.is_empty() { String::new() } else { format!(": {}", settings.join("; ")) };
        format!("{sign} {}{settings}", fact.name)
    };
    let added = changes.added.iter().map(|fact| told("+", fact));
    let removed = changes.removed.iter().map(|fact| told("-", fact));
    added.chain(removed).chain(changed(&changes.changed)).collect()
}

/// A line for each change; what several have in common is told once.
fn changed(changes: &[Change]) -> Vec<String> {
    let mut alike: Vec<(String, Vec<&str>)> = Vec::new();
    for change in changes {
        let settings: Vec<String> = change.settings.iter().map(setting).collect();
        let settings = settings.join("; ");
        match alike.iter_mut().find(|(known, _)| *known == settings) {
            Some((_, names)) => names.push(&change.name),
            None => alike.push((settings, vec![&change.name])),
        }
    }
    alike.into_iter().map(|(settings, names)| format!("! {}: {settings}", together(&names))).collect()
}

/// Names with what they have in common behind them once: `A, B (app/template.yaml)`.
fn together(names: &[&str]) -> String {
    let parted: Vec<Option<(&str, &str)>> = names.iter().map(|name| name.split_once(" (")).collect();
    match parted.iter().copied().collect::<Option<Vec<_>>>().as_deref() {
        Some([(first, place), rest @ ..]) if rest.iter().all(|(_, other)| other == place) => {
            let names: Vec<&str> =
                std::iter::once(*first).chain(rest.iter().map(|(name, _)| *name)).collect();
            format!("{} ({place}", names.join(", "))
        }
        _ => names.join(", "),
    }
}

/// `timeout 30 -> 60`; of a list what came and went: `environment -TABLE +TABLES`.
fn setting(Setting { name, before, after }: &Setting) -> String {
    let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "not set".to_owned());
    let items = |value: &Option<String>| -> BTreeSet<String> {
        value.iter().flat_map(|value| value.split(", ")).map(str::to_owned).collect()
    };
    if !LISTS.contains(&name.as_str()) {
        return format!("{name} {} -> {}", value(before), value(after));
    }
    let (before, after) = (items(before), items(after));
    let gone = before.difference(&after).map(|item| format!(" -{item}"));
    let new = after.difference(&before).map(|item| format!(" +{item}"));
    match gone.chain(new).collect::<String>() {
        same if same.is_empty() => format!("{name} in another order"),
        items => format!("{name}{items}"),
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
