//! Each format, as it is written for two applications: `BLESS=1 cargo test` writes `tests/reports/` anew.

mod support;

use std::fs;

use serde_json::Value;
use slslint::config::Config;
use slslint::report::{self, Report, Style};
use slslint::source::Sources;
use support::{Case, cases, root};

type Format = fn(&Report<'_>, &Style) -> String;

/// Formats by the ending of their file.
const FORMATS: &[(&str, Format)] = &[
    ("txt", report::text),
    ("json", |report, _| report::json(report)),
    ("sarif", report::sarif),
    ("github", report::github),
    ("gitlab.json", report::gitlab),
    ("xml", report::junit),
    ("md", report::markdown),
    ("agent", report::agent),
];

/// Lines that tell how many rules there are, or the version, say nothing about a format.
fn lasting(written: &str) -> String {
    let passing = ["\"rules\": ", "\"rules_abstaining\": ", "\"semanticVersion\": ", "held back"];
    let lines = written
        .lines()
        .filter(|line| !passing.iter().any(|words| line.contains(words)) || line.ends_with('['));
    lines.map(|line| format!("{line}\n")).collect()
}

fn case(name: &str) -> Case {
    cases().into_iter().find(|case| case.name == name).expect("it is in the corpus")
}

/// Every format of a case is the file that is kept.
fn compare(name: &str, case: &Case, config: &Config) {
    let sources = Sources::in_memory(case.texts.clone());
    let mut report = slslint::lint(&sources, config, None).expect("the configuration is valid");
    report.look_for_changes();
    let style = Style { root: format!("corpus/{}", case.name), ..Style::default() };
    let mut faults = Vec::new();
    for (ending, format) in FORMATS {
        let written = lasting(&format(&report, &style));
        let file = root().join(format!("tests/reports/{name}.{ending}"));
        if std::env::var_os("BLESS").is_some() {
            fs::create_dir_all(file.parent().expect("it has one")).expect("folders can be made");
            fs::write(&file, &written).expect("files can be written");
        }
        let kept = fs::read_to_string(&file).unwrap_or_default().replace("\r\n", "\n");
        if kept != written {
            let line = kept.lines().zip(written.lines()).position(|(kept, written)| kept != written);
            let line = line.unwrap_or_else(|| kept.lines().count().min(written.lines().count()));
            let words = written.lines().nth(line).unwrap_or("(its end)");
            faults.push(format!("{} differs at line {}, now: {words}", file.display(), line + 1));
        }
    }
    assert!(faults.is_empty(), "{}\nBLESS=1 writes them anew", faults.join("\n"));
}

#[test]
fn the_shop_is_reported_as_kept() {
    let shop = case("apps/shop");
    compare("shop", &shop, &shop.config);
}

#[test]
fn evidence_in_two_files_is_reported_as_kept() {
    let case = case("contract/unknown-state-machine-function/misspelt-placeholder");
    let select = vec!["unknown-state-machine-function".to_owned()];
    compare("two-files", &case, &Config { select, ..case.config.clone() });
}

#[test]
fn formats_for_machines_can_be_read() {
    for case in cases() {
        let sources = Sources::in_memory(case.texts.clone());
        let mut report = slslint::lint(&sources, &case.config, None).expect("the configuration is valid");
        report.look_for_changes();
        let style = Style::default();
        let sarif: Value = serde_json::from_str(&report::sarif(&report, &style)).expect("it is JSON");
        let gitlab: Value = serde_json::from_str(&report::gitlab(&report, &style)).expect("it is JSON");
        let results = sarif["runs"][0]["results"].as_array().expect("it is a list");
        assert_eq!(results.len(), report.findings.len(), "{}", case.name);
        let issues = gitlab.as_array().expect("it is a list");
        assert_eq!(issues.len(), report.findings.len() + report.problems.len(), "{}", case.name);
        let commands = report::github(&report, &style);
        assert!(commands.lines().all(|line| line.starts_with("::")), "{}: {commands}", case.name);
        let balanced = well_formed(&report::junit(&report, &style));
        assert_eq!(balanced, Ok(()), "{}", case.name);
    }
}

/// Whether elements nest and nothing is left bare: what the format writes is a small part of XML.
fn well_formed(xml: &str) -> Result<(), String> {
    let body = xml.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n").ok_or("no declaration")?;
    let mut open: Vec<&str> = Vec::new();
    for part in body.split('<').skip(1) {
        let (tag, text) = part.split_once('>').ok_or_else(|| format!("`{part}` has no end"))?;
        let bare = |text: &str| {
            text.split('&')
                .skip(1)
                .any(|rest| !["amp;", "lt;", "gt;", "quot;", "#"].iter().any(|name| rest.starts_with(name)))
        };
        if bare(tag) || bare(text) || text.contains('>') || tag.matches('"').count() % 2 != 0 {
            return Err(format!("`<{part}` is not escaped"));
        }
        let name = tag.split([' ', '/']).find(|name| !name.is_empty()).unwrap_or_default();
        if tag.starts_with('/') {
            if open.pop() != Some(name) {
                return Err(format!("`</{name}>` closes nothing"));
            }
        } else if !tag.ends_with('/') {
            open.push(name);
        }
    }
    if open.is_empty() { Ok(()) } else { Err(format!("{} are open", open.join(", "))) }
}
