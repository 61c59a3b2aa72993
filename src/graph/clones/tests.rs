//! Groups of small applications.

use std::collections::BTreeMap;

use super::{Group, What, groups};
use crate::config::Config;
use crate::source::Sources;

/// An application with a function per folder, whose handler is `app.handler`; what is found in it.
fn found(files: &[(&str, &str)]) -> Vec<(What, Vec<String>, usize, usize)> {
    let mut folders: Vec<&str> = files.iter().filter_map(|(path, _)| Some(path.split_once('/')?.0)).collect();
    folders.dedup();
    let mut template = String::from("Transform: AWS::Serverless-2016-10-31\nResources:\n");
    for folder in &folders {
        template.push_str(&format!(
            "  F{folder}:\n    Type: AWS::Serverless::Function\n    Properties:\n      Runtime: python3.13\n      \
             CodeUri: {folder}\n      Handler: app.handler\n"
        ));
    }
    let mut texts: BTreeMap<String, String> =
        files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    texts.insert("template.yaml".to_owned(), template);
    let sources = Sources::in_memory(texts);
    let (app, _) = crate::analyse(&sources, &Config::default(), None).expect("nothing is excluded");
    let told = |group: Group| {
        let places = group.places.iter().map(|place| {
            let (start, end) = sources.positions(place.span);
            format!("{}:{}-{}", sources.path(place.source), start.line, end.line)
        });
        (group.what.clone(), places.collect(), group.lines, group.saved)
    };
    groups(&app).into_iter().map(told).collect()
}

const HELPER: &str = "def told(order, lines):
    found = []
    for line in lines:
        if line['order'] == order:
            found.append(line['text'].strip())
        elif line.get('more'):
            found.extend(part.lower() for part in line['more'])
    return ', '.join(sorted(found, key=len)) or str(order)
";
const OTHER: &str = "def counted(items):
    counts = {}
    for item in items:
        if item is None or not item.get('kind'):
            continue
        counts[item['kind']] = counts.get(item['kind'], 0) + item.get('size', 1)
    return sorted(counts.items())
";

fn handler(body: &str) -> String {
    format!("\n\ndef handler(event, context):\n    return {body}\n")
}

#[test]
fn a_piece_is_one_group_with_all_its_places() {
    let text = |name: &str, body: &str| HELPER.replace("found", name) + &handler(body);
    let (a, b, c) = (text("x", "told(1, [])"), text("y", "told(2, event)"), text("z", "len(told(3, event))"));
    assert_eq!(
        found(&[("a/app.py", &a), ("b/app.py", &b), ("c/app.py", &c)]),
        [(
            What::Definitions(vec!["told".to_owned()]),
            vec!["a/app.py:1-8".to_owned(), "b/app.py:1-8".to_owned(), "c/app.py:1-8".to_owned()],
            8,
            13
        )]
    );
}

#[test]
fn what_is_the_same_in_the_same_files_is_told_once() {
    let a = format!("{HELPER}\n\n{OTHER}{}", handler("counted(told(1, []))"));
    let b = format!(
        "{OTHER}\n\nlimit = len(counted([]))\n\n{HELPER}{}",
        handler("told(2, counted(event))[:limit]")
    );
    let all = found(&[("a/app.py", &a), ("b/app.py", &b)]);
    let names = vec!["told".to_owned(), "counted".to_owned()];
    assert_eq!(all.iter().map(|(what, ..)| what.clone()).collect::<Vec<_>>(), [What::Definitions(names)]);
    assert_eq!((all[0].2, all[0].3), (15, 13));
}

#[test]
fn a_whole_module_is_told_and_not_its_parts() {
    let module = format!("import os\nimport re\n\n{HELPER}\n\n{OTHER}");
    let moved = module.replace("import os\nimport re\n", "import re\n\nimport os\n");
    let app = "import shared\n\n\ndef handler(event, context):\n    return shared.counted(event)\n";
    let all =
        found(&[("a/app.py", app), ("a/shared.py", &module), ("b/app.py", app), ("b/shared.py", &moved)]);
    assert_eq!(all.len(), 1, "{all:?}");
    assert_eq!(
        (&all[0].0, all[0].1.as_slice()),
        (&What::Module, &["a/shared.py:1-20", "b/shared.py:1-21"].map(str::to_owned)[..])
    );
}

#[test]
fn names_must_differ_alike_and_other_functions_are_other_code() {
    let one = format!("{HELPER}{}", handler("told(1, [])"));
    let crossed = one.replace("line['text']", "order['text']");
    assert!(found(&[("a/app.py", &one), ("b/app.py", &crossed)]).is_empty(), "another variable");
    let calls = |name: &str, body: &str| {
        let checked = HELPER.replace("line['text'].strip()", &format!("{name}(line)"));
        format!("{checked}\n\ndef {name}(line):\n    return {body}\n{}", handler("told(1, [])"))
    };
    let (valid, tidy) = (calls("valid", "line"), calls("tidy", "line.strip()"));
    assert!(found(&[("a/app.py", &valid), ("b/app.py", &tidy)]).is_empty());
    let same = calls("valid", "line.strip()");
    assert_eq!(found(&[("a/app.py", &valid), ("b/app.py", &same)]).len(), 1);
}

#[test]
fn code_that_two_functions_import_is_no_copy_of_theirs() {
    let text = format!("{HELPER}{}", handler("told(1, [])"));
    // Both handlers are in one package: `b` has `a`'s copy beside its own.
    let b = format!("import other\n\n\n{HELPER}{}", handler("other.told(1, told(2, []))"));
    assert!(found(&[("b/app.py", &b), ("b/other.py", &text)]).is_empty());
}
