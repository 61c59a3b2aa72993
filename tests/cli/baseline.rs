//! Known findings: written, kept apart, pruned.

use std::fs;
use std::path::Path;

use super::{SLOW, err, out, project, slslint, status};

/// Other rules may come to find something in the same template.
const ONLY: (&str, &str) = ("slslint.toml", "select = ['gateway-timeout', 'suppression']\n");
const FILE: &str = "slslint-baseline.toml";

fn baseline(folder: &Path) -> String {
    fs::read_to_string(folder.join(FILE)).expect("it was written")
}

/// A second function with the same finding.
fn grown(template: &str) -> String {
    let second = template.split("Resources:\n").nth(1).expect("it has resources");
    template.to_owned() + &second.replace("GetOrder", "GetCart").replace("/orders", "/cart")
}

#[test]
fn known_findings_are_not_reported_and_new_ones_are() {
    let folder = project(&[("template.yaml", SLOW), (".git/HEAD", ""), ONLY]);
    let output = slslint(folder.path(), &["check", "--write-baseline"]);
    assert_eq!(status(&output), 0, "{}", err(&output));
    assert_eq!(out(&output), "");
    assert!(err(&output).contains("wrote slslint-baseline.toml: 1 known finding (1 new"), "{}", err(&output));
    let output = slslint(folder.path(), &["check"]);
    assert_eq!(status(&output), 0, "{}", out(&output));
    assert!(out(&output).contains("no findings (1 in the baseline)"), "{}", out(&output));
    // Lines move, and a second finding comes.
    fs::write(folder.path().join("template.yaml"), format!("# new\n\n{}", grown(SLOW))).expect("written");
    let said = out(&slslint(folder.path(), &["check", "--format", "concise"]));
    assert!(said.contains("`GetCart` may run 60 s") && !said.contains("`GetOrder` may run"), "{said}");
    let said = out(&slslint(folder.path(), &["check", "--format", "concise", "--no-baseline"]));
    assert!(said.contains("`GetOrder` may run") && said.contains("the same is true of `GetCart`"), "{said}");
    // Who keeps findings from one run to the next has each.
    let said = out(&slslint(folder.path(), &["check", "--format", "sarif", "--no-baseline"]));
    assert!(said.contains("`GetOrder` may run") && said.contains("`GetCart` may run"), "{said}");
    assert!(!said.contains("the same is true"), "{said}");
}

#[test]
fn a_mended_finding_leaves_a_stale_entry_that_is_pruned() {
    let folder = project(&[("template.yaml", &grown(SLOW)), (".git/HEAD", ""), ONLY]);
    slslint(folder.path(), &["check", "--write-baseline"]);
    let fixed = grown(SLOW).replacen("Timeout: 60", "Timeout: 6", 1);
    fs::write(folder.path().join("template.yaml"), fixed).expect("written");
    let output = slslint(folder.path(), &["check", "--format", "concise"]);
    assert_eq!(status(&output), 1, "{}", out(&output));
    let said = out(&output);
    assert!(said.contains(":15: warning[stale-baseline-entry] the finding of `gateway-timeout`"), "{said}");
    // Whoever looks elsewhere, or not for this rule, judges nothing.
    for arguments in [["check", "--ignore", "gateway-timeout"], ["check", "--select", "suppression"]] {
        let output = slslint(folder.path(), &arguments);
        assert!(!out(&output).contains("stale-baseline-entry"), "{}", out(&output));
    }
    let output = slslint(folder.path(), &["check", "--prune-baseline"]);
    assert!(err(&output).contains("1 known finding (0 new, 1 taken out)"), "{}", err(&output));
    assert_eq!(status(&slslint(folder.path(), &["check"])), 0);
    assert!(!baseline(folder.path()).contains("GetOrder"));
    let output = slslint(folder.path(), &["check", "--prune-baseline"]);
    assert!(err(&output).contains("is as it should be"), "{}", err(&output));
}

#[test]
fn pruning_never_adds() {
    let folder = project(&[("template.yaml", SLOW), (".git/HEAD", ""), ONLY]);
    slslint(folder.path(), &["check", "--write-baseline"]);
    let before = baseline(folder.path());
    fs::write(folder.path().join("template.yaml"), grown(SLOW)).expect("written");
    slslint(folder.path(), &["check", "--prune-baseline"]);
    assert_eq!(baseline(folder.path()), before);
}

#[test]
fn reasons_survive_and_so_does_what_was_not_looked_at() {
    let folder = project(&[("a/template.yaml", SLOW), ("b/template.yaml", SLOW), (".git/HEAD", ""), ONLY]);
    slslint(folder.path(), &["check", "--write-baseline"]);
    let text = baseline(folder.path());
    assert_eq!(text.matches("[[finding]]").count(), 2, "{text}");
    let reasoned =
        text.replace("file = \"b/template.yaml\"\n", "file = \"b/template.yaml\"\nreason = \"OPS-1\"\n");
    fs::write(folder.path().join(FILE), &reasoned).expect("written");
    for arguments in [
        &["check", "--write-baseline"][..],
        &["check", "a", "--write-baseline"],
        &["check", "a", "--prune-baseline"],
        &["check", "b", "--write-baseline", "--baseline", FILE],
    ] {
        let output = slslint(folder.path(), arguments);
        assert_eq!(status(&output), 0, "{}", err(&output));
        let text = baseline(folder.path());
        assert!(text.contains("reason = \"OPS-1\"") && text.contains("file = \"a/template.yaml\""), "{text}");
    }
    // From a folder below, a finding is the same finding.
    let output = slslint(&folder.path().join("b"), &["check"]);
    assert!(out(&output).contains("no findings (1 in the baseline)"), "{}", out(&output));
}

#[test]
fn what_cannot_be_read_now_is_not_gone() {
    let folder = project(&[("a/template.yaml", SLOW), ("b/template.yaml", SLOW), (".git/HEAD", ""), ONLY]);
    slslint(folder.path(), &["check", "--write-baseline"]);
    let before = baseline(folder.path());
    fs::write(folder.path().join("b/template.yaml"), format!("{SLOW}  X: [\n")).expect("written");
    let output = slslint(folder.path(), &["check", "--prune-baseline"]);
    assert_eq!(baseline(folder.path()), before, "{}", err(&output));
}

#[test]
fn a_broken_or_missing_baseline_is_told_with_its_place() {
    let folder = project(&[("template.yaml", SLOW), (FILE, "version = 1\n[[finding]]\nrul = 'x'\n")]);
    let output = slslint(folder.path(), &["check"]);
    assert_eq!(status(&output), 2);
    assert!(
        err(&output).contains("baseline slslint-baseline.toml:3:1: unknown field `rul`"),
        "{}",
        err(&output)
    );
    let output = slslint(folder.path(), &["check", "--baseline", "none.toml"]);
    assert_eq!(status(&output), 2);
    assert!(err(&output).contains("baseline none.toml: no such file"), "{}", err(&output));
    let folder = project(&[("template.yaml", SLOW)]);
    let output = slslint(folder.path(), &["check", "--prune-baseline"]);
    assert_eq!(status(&output), 2);
    assert!(err(&output).contains("there is no baseline"), "{}", err(&output));
}

#[test]
fn a_configuration_names_its_baseline_beside_it() {
    let files = [
        ("app/template.yaml", SLOW),
        ("slslint.toml", "select = ['gateway-timeout']\nbaseline = 'known/ours.toml'\n"),
        (".git/HEAD", ""),
    ];
    let folder = project(&files);
    let output = slslint(&folder.path().join("app"), &["check", "--write-baseline"]);
    assert_eq!(status(&output), 0, "{}", err(&output));
    assert!(folder.path().join("known/ours.toml").is_file());
    assert_eq!(status(&slslint(folder.path(), &["check"])), 0);
}
