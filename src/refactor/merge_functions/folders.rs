//! Code that lies in a folder for each member moves into one: each member becomes a folder of it.

use std::collections::BTreeMap;

use regex::Regex;

use super::code::{Language, Part, common};
use super::names::{self, Style};
use super::safety::when_moved;
use super::{Merge, python};
use crate::aws::merging::{is_build_file, is_package_list, is_root_file};
use crate::graph::Code;
use crate::graph::merging::Candidate;
use crate::graph::services::words;
use crate::refactor::Refusal;
use crate::refactor::draft::Draft;
use crate::source::{SourceId, Span, join, parent};

#[derive(Debug)]
pub struct Moved {
    /// The new folder.
    pub root: String,
    /// The parts as they lie in it.
    pub parts: Vec<Part>,
}

/// # Errors
/// Folders inside each other, folders that others use, and files that cannot move.
pub fn moved(
    draft: &mut Draft<'_>,
    merge: &Merge<'_>,
    parts: &[Part],
    language: Language,
) -> Result<Moved, Vec<Refusal>> {
    are_apart(merge, parts)?;
    let above = common(parts.iter().map(|part| parent(&part.folder)));
    let usual = if language == Language::Python { Style::Snake } else { Style::Kebab };
    let style = Style::of(parts.iter().map(|part| last(&part.folder)), usual);
    let root = new_folder(merge, &above, style)?;
    let mut listed: BTreeMap<String, Vec<SourceId>> = BTreeMap::new();
    let mut after = Vec::new();
    let mut refusals = Vec::new();
    for (part, member) in parts.iter().zip(merge.members) {
        is_all(merge, part, member, &above)?;
        let own = own_folder(merge, member, part, parts, &above, language)?;
        for file in merge.app.sources.under(&part.folder) {
            let below = below(merge, file, &part.folder).to_owned();
            if is_root_file(&below) {
                listed.entry(below).or_default().push(file);
                draft.delete(file);
                continue;
            }
            match text_of(merge, member, part, file, &below) {
                Ok(text) => {
                    draft.create(&join(&root, &format!("{own}/{below}")), text);
                    draft.delete(file);
                }
                Err(more) => refusals.extend(more),
            }
        }
        after.push(Part {
            below: format!("{own}/{}", part.below),
            module: format!("{own}/{}", part.module),
            ..part.clone()
        });
    }
    refusals.extend(root_files(draft, merge, &root, &listed));
    if refusals.is_empty() { Ok(Moved { root, parts: after }) } else { Err(refusals) }
}

/// The new folder as the template writes it, in the way of another.
pub fn uri(before: &str, merge: &Merge<'_>, root: &str) -> String {
    let below = from(parent(&merge.template.path), root);
    let dot = if before.starts_with("./") { "./" } else { "" };
    let slash = if before.ends_with('/') { "/" } else { "" };
    format!("{dot}{below}{slash}")
}

/// The path of a folder from another.
fn from(here: &str, folder: &str) -> String {
    let shared = common([here, folder]);
    let rest = |path: &str| path.strip_prefix(&shared).unwrap_or(path).trim_start_matches('/').to_owned();
    let up = rest(here).split('/').filter(|part| !part.is_empty()).count();
    format!("{}{}", "../".repeat(up), rest(folder))
}

fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn is_in(path: &str, folder: &str) -> bool {
    folder.is_empty() || path == folder || path.starts_with(&format!("{folder}/"))
}

fn below<'s>(merge: &'s Merge<'_>, file: SourceId, folder: &str) -> &'s str {
    let path = merge.app.sources.path(file);
    path.strip_prefix(folder).unwrap_or(path).trim_start_matches('/')
}

/// No folder holds another, or is that of a function which stays.
fn are_apart(merge: &Merge<'_>, parts: &[Part]) -> Result<(), Vec<Refusal>> {
    for (index, part) in parts.iter().enumerate() {
        let member = &merge.members[index];
        let inside = |other: &Part| is_in(&part.folder, &other.folder) || is_in(&other.folder, &part.folder);
        if parts[..index].iter().any(inside) || is_in(&merge.template.path, &part.folder) {
            return Merge::refuse(member, "the folder of its code has that of another in it");
        }
        for other in merge.app.functions() {
            if merge.members.iter().any(|member| member.function.span() == other.span()) {
                continue;
            }
            let folder = match &other.get().code {
                Code::Package(Some(path)) => {
                    path.as_str().map(|path| join(parent(&other.template().path), path))
                }
                _ => None,
            };
            let loads =
                other.behaviour.modules.iter().any(|file| is_in(merge.app.sources.path(*file), &part.folder));
            if loads || folder.is_some_and(|folder| is_in(&folder, &part.folder)) {
                return Merge::refuse(member, format!("`{other}` uses its folder, too"));
            }
        }
    }
    Ok(())
}

fn new_folder(merge: &Merge<'_>, above: &str, style: Style) -> Result<String, Vec<Refusal>> {
    let mut name = names::stem(&merge.id);
    for _ in 0..2 {
        let folder = join(above, &style.join(&name));
        let is_file = merge.app.sources.find(&folder).is_some();
        if !is_file && merge.app.sources.under(&folder).next().is_none() {
            return Ok(folder);
        }
        name.push("routes".to_owned());
    }
    Merge::refuse(merge.first, format!("there is no free name for their folder in `{above}`"))
}

/// Nothing of the member is left behind.
fn is_all(merge: &Merge<'_>, part: &Part, member: &Candidate<'_>, above: &str) -> Result<(), Vec<Refusal>> {
    let rest = part.folder.strip_prefix(above).unwrap_or(&part.folder).trim_start_matches('/');
    let top = join(above, rest.split('/').next().unwrap_or_default());
    let left = merge.app.sources.under(&top).find(|file| !is_in(merge.app.sources.path(*file), &part.folder));
    match left {
        Some(file) => Err(Refusal::new(
            Span::new(file, 0, 0),
            format!("it belongs to `{}` and lies outside of its code", member.function),
        )
        .into()),
        None => Ok(()),
    }
}

/// What the folder of a member is called in the new one.
fn own_folder(
    merge: &Merge<'_>,
    member: &Candidate<'_>,
    part: &Part,
    parts: &[Part],
    above: &str,
    language: Language,
) -> Result<String, Vec<Refusal>> {
    let name = |part: &Part| {
        let rest = part.folder.strip_prefix(above).unwrap_or(&part.folder).trim_start_matches('/');
        rest.split('/').next().unwrap_or_default().to_owned()
    };
    let own = name(part);
    let by_id = || {
        let mut all = words(&member.function.id.text);
        if all.len() < 2 {
            all.push("route".to_owned());
        }
        all.join("_")
    };
    let unique = parts.iter().filter(|other| name(other) == own).count() == 1;
    // A name of one word may be that of a module of Python or of a package.
    let is_module =
        own.contains('_') && own.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    let own = match language {
        Language::Python if !(unique && is_module) => by_id(),
        Language::Node if !unique => by_id(),
        _ => own,
    };
    let imported = Regex::new(&format!(r"(?m)^\s*(from|import)\s+{}\b", regex::escape(&own)));
    let says = |file: SourceId| imported.as_ref().is_ok_and(|one| one.is_match(merge.app.sources.text(file)));
    if language == Language::Python
        && parts.iter().any(|part| merge.app.sources.under(&part.folder).any(says))
    {
        return Merge::refuse(member, format!("a module called `{own}` is imported already"));
    }
    Ok(own)
}

/// The text of a file in its new place.
fn text_of(
    merge: &Merge<'_>,
    member: &Candidate<'_>,
    part: &Part,
    file: SourceId,
    below: &str,
) -> Result<String, Vec<Refusal>> {
    let sources = merge.app.sources;
    let refuse = |at: std::ops::Range<usize>, text: String| {
        Err(Refusal::new(Span::new(file, at.start, at.end), text).into())
    };
    if sources.error(file).is_some() {
        return refuse(0..0, "it is no text that could be moved".to_owned());
    }
    if is_build_file(last(below)) {
        return refuse(0..0, "how it builds the code is not known".to_owned());
    }
    let text = sources.text(file);
    let is_code = member.function.behaviour.modules.contains(&file);
    let faults = if is_code { when_moved(merge.app, file) } else { Vec::new() };
    if !faults.is_empty() {
        return Err(faults);
    }
    let ending = below.rsplit_once('.').map_or("", |(_, ending)| ending);
    if ending == "py" {
        let is_local = |module: &str| {
            let path = join(&part.folder, module);
            sources.find(&format!("{path}.py")).is_some() || sources.under(&path).next().is_some()
        };
        let depth = below.matches('/').count();
        return match python::relative(text, depth, &is_local) {
            Ok(new) if !is_code && new != text => refuse(
                0..0,
                format!("it is no part of `{}` and imports its modules by name", member.function),
            ),
            Ok(new) => Ok(new),
            Err((at, why)) => refuse(at, why),
        };
    }
    let folder = parent(below);
    for (at, found) in text.match_indices("../") {
        let opens = text[..at].ends_with(['"', '\'', '`']);
        let path: String = text[at..].chars().take_while(|c| !matches!(c, '"' | '\'' | '`' | '\n')).collect();
        if opens && join(folder, &path).starts_with("..") {
            return refuse(at..at + found.len(), "it names a file outside of its folder".to_owned());
        }
    }
    Ok(text.to_owned())
}

/// Files that stand for all of a package, of which the new one has one.
fn root_files(
    draft: &mut Draft<'_>,
    merge: &Merge<'_>,
    root: &str,
    listed: &BTreeMap<String, Vec<SourceId>>,
) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    let text = |file: &SourceId| merge.app.sources.text(*file);
    let same = |files: &[SourceId]| files.iter().all(|file| text(file) == text(&files[0]));
    let differ = listed.get("package.json").is_some_and(|files| !same(files));
    for (name, files) in listed {
        let texts: Vec<&str> = files.iter().map(text).collect();
        let is_lock = name.contains("lock") || name.contains("shrinkwrap");
        let one = match () {
            () if is_lock && differ => Err("its packages would have to be resolved anew".to_owned()),
            () if same(files) => Ok(texts[0].to_owned()),
            () if is_package_list(name) && name.ends_with(".json") => packages(&texts),
            () if is_package_list(name) => requirements(&texts),
            () => Err("it says something else than that of another member".to_owned()),
        };
        match one {
            Ok(one) => draft.create(&join(root, name), one),
            Err(why) => refusals.push(Refusal::new(Span::new(files[0], 0, 0), why)),
        }
    }
    refusals
}

/// The requirements of all; the lines of the first stay as they are.
fn requirements(texts: &[&str]) -> Result<String, String> {
    let plain = |line: &str| line.split(" #").next().unwrap_or_default().trim().to_owned();
    let name = |line: &str| {
        let name: String = line.chars().take_while(|c| c.is_alphanumeric() || "-_.".contains(*c)).collect();
        name.to_lowercase().replace(['_', '.'], "-")
    };
    let lines = |text: &str| -> Vec<String> {
        text.lines().map(plain).filter(|line| !line.is_empty() && !line.starts_with('#')).collect()
    };
    let mut all = texts[0].trim_end().to_owned();
    let mut known = lines(texts[0]);
    for line in texts[1..].iter().flat_map(|text| lines(text)) {
        if known.contains(&line) {
            continue;
        }
        if line.starts_with('-') || line.ends_with('\\') {
            return Err("it has options that another member's has not".to_owned());
        }
        if let Some(other) = known.iter().find(|other| name(other) == name(&line)) {
            return Err(format!("`{other}` and `{line}` ask for different versions"));
        }
        all.push_str(&format!("{}{line}", if all.is_empty() { "" } else { "\n" }));
        known.push(line);
    }
    Ok(format!("{all}\n"))
}

/// Keys of a package of which each member has its own, and which nothing reads at run time.
const OF_ONE: [&str; 7] = ["name", "version", "description", "author", "license", "scripts", "main"];

/// Keys that list packages.
const LISTS: [&str; 4] = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"];

fn packages(texts: &[&str]) -> Result<String, String> {
    let read =
        |text: &&str| serde_json::from_str::<serde_json::Value>(text).map_err(|_| "it is no JSON".to_owned());
    let all: Vec<serde_json::Value> = texts.iter().map(read).collect::<Result<_, _>>()?;
    let mut one = all[0].clone();
    let keys = all.iter().filter_map(|package| package.as_object()).flat_map(|package| package.keys());
    for key in keys.filter(|key| !LISTS.contains(&key.as_str()) && !OF_ONE.contains(&key.as_str())) {
        if all.iter().any(|package| package.get(key) != all[0].get(key)) {
            return Err(format!("its `{key}` is another than that of another member"));
        }
    }
    for list in LISTS {
        for (name, version) in all.iter().filter_map(|package| package.get(list)?.as_object()).flatten() {
            match one.get(list).and_then(|known| known.get(name)) {
                Some(known) if known == version => {}
                Some(known) => return Err(format!("`{name}` is wanted in {known} and in {version}")),
                None => one[list][name.as_str()] = version.clone(),
            }
        }
    }
    Ok(format!("{}\n", serde_json::to_string_pretty(&one).unwrap_or_default()))
}

/// Files whose mention of a path nothing depends on.
const PROSE: [&str; 8] = ["md", "rst", "txt", "svg", "html", "drawio", "puml", "lock"];

/// Nothing speaks of the folders by their paths.
///
/// # Errors
/// What does.
pub fn is_forgotten(draft: &Draft<'_>, merge: &Merge<'_>, gone: &[String]) -> Result<(), Vec<Refusal>> {
    let sources = merge.app.sources;
    let here = parent(&merge.template.path);
    let mut found = Vec::new();
    for folder in gone {
        let (path, name) = (regex::escape(folder), regex::escape(last(folder)));
        let near = regex::escape(folder.strip_prefix(&format!("{here}/")).unwrap_or(folder));
        let dotted = near.replace('/', r"\.");
        // Paths from the root count everywhere, those from the template's folder below it, names in code.
        let everywhere = format!(r"(?m)(^|[^\w-]){path}($|[^\w-])");
        let below = format!(r"(?m)(^|[^\w-])({near}|{dotted})($|[^\w-])");
        let beside =
            format!(r#"(?m)\b(from|import)\s+([\w.]*\.)?{name}\b|(^|[^\w-]){name}[./]\w|["'/]{name}["']"#);
        let patterns = [everywhere, below, beside].map(|pattern| Regex::new(&pattern).ok());
        for file in sources.ids() {
            let path = sources.path(file);
            let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
            let outside = path.starts_with("../") && here.is_empty();
            if outside || PROSE.contains(&ending) || gone.iter().any(|folder| is_in(path, folder)) {
                continue;
            }
            let code = matches!(ending, "py" | "js" | "mjs" | "cjs" | "ts" | "json" | "toml" | "ini" | "cfg");
            let count = if !is_in(path, here) {
                1
            } else if code {
                3
            } else {
                2
            };
            let text = draft.text(file);
            if let Some(at) = patterns.iter().take(count).flatten().find_map(|pattern| pattern.find(text)) {
                let start = if file == merge.template.source { 0 } else { at.start() };
                let said = format!("it speaks of `{folder}`, which would move");
                found.push(Refusal::new(Span::new(file, start, start), said));
            }
        }
    }
    if found.is_empty() { Ok(()) } else { Err(found) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_named_from_that_of_the_template() {
        assert_eq!(from("", "functions/cart"), "functions/cart");
        assert_eq!(from("app", "app/functions/cart"), "functions/cart");
        assert_eq!(from("app/infra", "app/src/cart"), "../src/cart");
    }

    #[test]
    fn requirements_are_joined_or_refused() {
        let joined = requirements(&["boto3==1.2 # pinned\nrequests\n", "Boto3==1.2\nrequests\n"]);
        assert!(joined.is_err(), "spelled differently: {joined:?}");
        let joined = requirements(&["# ours\nrequests\n", "requests\nhttpx>=1\n"]);
        assert_eq!(joined.as_deref(), Ok("# ours\nrequests\nhttpx>=1\n"));
        assert!(
            requirements(&["a==1\n", "a==2\n"]).is_err() && requirements(&["a\n", "-r b.txt\n"]).is_err()
        );
    }

    #[test]
    fn packages_are_joined_or_refused() {
        let one = r#"{"name": "a", "type": "module", "dependencies": {"x": "1"}}"#;
        let joined = packages(&[one, r#"{"name": "b", "type": "module", "dependencies": {"y": "2"}}"#]);
        let read: serde_json::Value = serde_json::from_str(&joined.unwrap_or_default()).unwrap_or_default();
        assert_eq!(read["dependencies"], serde_json::json!({"x": "1", "y": "2"}));
        assert!(packages(&[one, r#"{"type": "module", "dependencies": {"x": "2"}}"#]).is_err());
        assert!(packages(&[one, r#"{"dependencies": {"x": "1"}}"#]).is_err());
    }
}
