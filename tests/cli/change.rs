//! What a change brings: `--diff-base` and `diff`, in real repositories.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use super::{SLOW, err, out, project, slslint, status};

const ONLY: (&str, &str) = ("slslint.toml", "select = ['gateway-timeout', 'suppression']\n");

fn git(folder: &Path, arguments: &[&str]) {
    let identity = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"];
    let output = Command::new("git")
        .current_dir(folder)
        .args(identity)
        .args(["-c", "init.defaultBranch=main", "-c", "protocol.file.allow=always"])
        .args(arguments)
        .output()
        .expect("git is there");
    assert!(output.status.success(), "git {arguments:?}: {}", err(&output));
}

fn commit(folder: &Path) {
    git(folder, &["add", "--all", "--", ".", ":!cache"]);
    git(folder, &["commit", "--quiet", "--message", "x"]);
}

/// A repository with one commit on `main`.
fn repository(files: &[(&str, &str)]) -> TempDir {
    let folder = project(files);
    git(folder.path(), &["init", "--quiet"]);
    commit(folder.path());
    folder
}

fn write(folder: &TempDir, path: &str, text: &str) {
    let path = folder.path().join(path);
    fs::create_dir_all(path.parent().expect("it has one")).expect("folders can be made");
    fs::write(path, text).expect("files can be written");
}

fn cart() -> String {
    SLOW.replace("GetOrder", "GetCart").replace("/orders", "/cart")
}

#[test]
fn only_what_the_change_introduced_is_reported() {
    let folder = repository(&[("a/template.yaml", SLOW), ONLY]);
    let check = |base: &str| slslint(folder.path(), &["check", "--format", "concise", "--diff-base", base]);
    let output = check("main");
    assert_eq!(status(&output), 0, "{}{}", out(&output), err(&output));
    // Lines move, a new service comes, not committed and not even added.
    write(&folder, "a/template.yaml", &format!("# moved\n\n{SLOW}"));
    write(&folder, "b/template.yaml", &cart());
    let output = check("main");
    assert_eq!(status(&output), 1);
    let said = out(&output);
    assert!(said.contains("b/template.yaml:9:16: error[gateway-timeout]"), "{said}");
    assert!(!said.contains("a/template.yaml"), "{said}");
    let said = out(&slslint(folder.path(), &["check", "--diff-base", "main"]));
    assert!(said.contains("1 error that was not there at main (1 older)"), "{said}");
    // Committed on a branch, it is still new to main, and the same when main goes on.
    git(folder.path(), &["checkout", "--quiet", "-b", "work"]);
    commit(folder.path());
    git(folder.path(), &["checkout", "--quiet", "main"]);
    write(&folder, "a/template.yaml", &SLOW.replace("Timeout: 60", "Timeout: 6"));
    commit(folder.path());
    git(folder.path(), &["checkout", "--quiet", "work"]);
    let said = out(&check("main"));
    assert!(said.contains("b/template.yaml") && !said.contains("a/template.yaml"), "{said}");
    assert_eq!(status(&check("HEAD")), 0);
}

#[test]
fn a_renamed_file_brings_nothing_new() {
    let folder = repository(&[("old/template.yaml", SLOW), ONLY]);
    git(folder.path(), &["mv", "old", "new"]);
    let output = slslint(folder.path(), &["check", "--diff-base", "main"]);
    assert_eq!(status(&output), 0, "{}", out(&output));
    assert!(out(&output).contains("(1 older)"), "{}", out(&output));
    let output = slslint(folder.path(), &["diff", "main"]);
    assert_eq!(out(&output), "the architecture is the same as at main\n");
}

#[test]
fn the_work_tree_is_left_alone() {
    let folder = repository(&[("template.yaml", SLOW), ONLY]);
    write(&folder, "template.yaml", &cart());
    let seen = || {
        let output = Command::new("git")
            .current_dir(folder.path())
            .args(["status", "--porcelain", "--", ":!cache"])
            .output();
        out(&output.expect("git is there"))
    };
    let before = seen();
    slslint(folder.path(), &["check", "--diff-base", "main"]);
    slslint(folder.path(), &["diff", "main"]);
    assert_eq!(seen(), before);
    assert_eq!(before, " M template.yaml\n");
}

#[test]
fn a_revision_that_is_not_there_is_told_with_the_way_out() {
    let folder = repository(&[("template.yaml", SLOW), ONLY]);
    let said = |folder: &Path, base: &str| {
        let output = slslint(folder, &["check", &format!("--diff-base={base}")]);
        assert_eq!(status(&output), 2, "{}", out(&output));
        err(&output)
    };
    let wrong = said(folder.path(), "mian");
    assert!(wrong.contains("git knows no revision `mian`; did you mean `main`?"), "{wrong}");
    assert!(said(folder.path(), "--help").contains("`--help` is no revision"));
    let plain = project(&[("template.yaml", SLOW)]);
    assert!(said(plain.path(), "main").contains("there is no git repository here"));
    // A shallow clone of another branch: the base is not there, then fetched.
    git(folder.path(), &["checkout", "--quiet", "-b", "work"]);
    write(&folder, "b/template.yaml", &cart());
    commit(folder.path());
    let clone = project(&[]);
    let url = format!("file://{}", folder.path().display());
    git(clone.path(), &["clone", "--quiet", "--depth=1", "--branch=work", &url, "shallow"]);
    let shallow = clone.path().join("shallow");
    let wrong = said(&shallow, "main");
    assert!(wrong.contains("shallow") && wrong.contains("fetch-depth: 0"), "{wrong}");
    git(&shallow, &["fetch", "--quiet", "--depth=1", "origin", "main:main"]);
    let output = slslint(&shallow, &["check", "--format", "concise", "--diff-base", "main"]);
    assert_eq!(status(&output), 1, "{}", err(&output));
    assert!(err(&output).contains("no commit in common here, in a shallow clone"), "{}", err(&output));
    assert!(!out(&output).contains("\ntemplate.yaml"), "{}", out(&output));
}

#[test]
fn a_suppression_that_goes_makes_its_finding_new() {
    let allowed = SLOW.replace("Timeout: 60", "Timeout: 60 # slslint: allow gateway-timeout: asked for");
    let folder = repository(&[("template.yaml", &allowed), ONLY]);
    write(&folder, "template.yaml", SLOW);
    assert_eq!(status(&slslint(folder.path(), &["check", "--diff-base", "main"])), 1);
}

#[test]
fn a_rule_that_is_new_to_the_project_brings_no_old_findings() {
    let folder = repository(&[("template.yaml", SLOW), ("slslint.toml", "ignore = ['structure']\n")]);
    write(&folder, "slslint.toml", "select = ['structure']\n");
    let output = slslint(folder.path(), &["check", "--diff-base", "main"]);
    assert_eq!(status(&output), 0, "{}", out(&output));
}

#[test]
fn of_lists_only_what_came_and_went_is_told_and_once_for_all_alike() {
    let variables = |names: &str| {
        let set = format!("Timeout: 20\n      Environment: {{Variables: {{{names}}}}}");
        let one = SLOW.replace("Timeout: 60", &set);
        let other = one.replace("GetOrder", "GetCart").replace("/orders", "/cart");
        one + other.split("Resources:\n").nth(1).expect("it has resources")
    };
    let folder = repository(&[("template.yaml", &variables("A: 1, B: 2"))]);
    write(&folder, "template.yaml", &variables("A: 1, C: 2"));
    let said = out(&slslint(folder.path(), &["diff", "main"]));
    assert!(said.contains("  ! GetCart, GetOrder: environment -B +C\n"), "{said}");
}

#[test]
fn the_architecture_before_and_after_is_compared() {
    let folder = repository(&[("app/template.yaml", SLOW)]);
    let diff = |arguments: &[&str]| slslint(folder.path(), &[&["diff", "main"], arguments].concat());
    assert_eq!(out(&diff(&[])), "the architecture is the same as at main\n");
    let second = cart().split("Resources:\n").nth(1).expect("it has resources").replace("'200'", "'201'");
    let now = SLOW.replace("Timeout: 60", "Timeout: 20").replace("Method: GET", "Method: POST") + &second;
    write(&folder, "app/template.yaml", &now);
    let text = out(&diff(&["app"]));
    for line in [
        "  + GetCart: handler index.handler; runtime python3.13; timeout 60",
        "  ! GetOrder: timeout 60 -> 20",
        "  + POST /orders of ServerlessRestApi: authorization none; to GetOrder",
        "  - GET /orders of ServerlessRestApi: authorization none; to GetOrder",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}\n{text}");
    }
    let markdown = out(&diff(&["--format", "markdown"]));
    assert!(
        markdown.contains("```mermaid\nflowchart LR\n") && markdown.contains("\n+ GetCart"),
        "{markdown}"
    );
    let json: Value = serde_json::from_str(&out(&diff(&["--format", "json"]))).expect("it is JSON");
    assert_eq!((&json["version"], &json["since"]), (&Value::from(1), &Value::from("main")));
    assert_eq!(json["functions"]["added"], serde_json::json!(["GetCart"]));
    let change = serde_json::json!([{"name": "timeout", "before": "60", "after": "20"}]);
    assert_eq!(json["functions"]["changed"][0]["settings"], change);
    let schema: Value =
        serde_json::from_str(&out(&slslint(folder.path(), &["schema", "diff"]))).expect("JSON");
    let keys =
        |value: &Value| -> Vec<String> { value.as_object().expect("an object").keys().cloned().collect() };
    assert_eq!(keys(&schema["properties"]), keys(&json));
}

#[test]
fn a_new_write_to_data_of_others_is_told() {
    let folder = repository(&[("cart/template.yaml", SLOW)]);
    let code = "import boto3\\n\\ntable = boto3.resource('dynamodb').Table('orders')\\n\\n\\n\
                def handler(event, context):\\n    table.put_item(Item={'id': 'x'})\\n    return {'statusCode': 200}\\n";
    let writing = SLOW.replace("def handler(event, context): return {'statusCode': 200}", code);
    write(&folder, "cart/template.yaml", &writing);
    let output = slslint(folder.path(), &["diff", "main"]);
    let said = out(&output);
    assert!(
        said.contains("writes to other services\n  + GetOrder writes orders\n"),
        "{said}{}",
        err(&output)
    );
    assert!(said.contains("; 1 new write to other services"), "{said}");
}
