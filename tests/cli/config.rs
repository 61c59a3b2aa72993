//! Where settings come from, and what is said of wrong ones.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;
use slslint::config::Config;

use super::{SLOW, err, out, project, slslint, status};

#[test]
fn the_nearest_file_wins_and_a_python_project_may_hold_the_settings() {
    let off = "[tool.slslint]\nignore = ['gateway-timeout']\n";
    let folder = project(&[
        ("a/template.yaml", SLOW),
        ("b/template.yaml", SLOW),
        ("b/pyproject.toml", off),
        ("c/template.yaml", SLOW),
        ("c/pyproject.toml", off),
        ("c/slslint.toml", "profile = 'pedantic'\n"),
        ("d/template.yaml", SLOW),
        ("d/pyproject.toml", "[tool.ruff]\nline-length = 100\n"),
        ("slslint.toml", "profile = 'default'\n"),
        (".git/HEAD", ""),
    ]);
    for (path, expected) in [("a", 1), ("b", 0), ("c", 1), ("d", 1)] {
        assert_eq!(status(&slslint(folder.path(), &["check", path])), expected, "{path}");
    }
}

#[test]
fn settings_extend_others_and_a_circle_is_an_error() {
    let folder = project(&[
        ("base.toml", "ignore = ['gateway-timeout']\nexclude = ['app/old']\n"),
        ("app/slslint.toml", "extends = '../base.toml'\nignore = ['reuse']\n"),
        ("app/new/template.yaml", SLOW),
        ("app/old/template.yaml", "Resources: {X: [}\n"),
        ("x/slslint.toml", "extends = 'y.toml'\n"),
        ("x/y.toml", "extends = 'slslint.toml'\n"),
        ("x/template.yaml", SLOW),
        ("z/slslint.toml", "profile = 'default'\nextends = 'none.toml'\n"),
        (".git/HEAD", ""),
    ]);
    let output = slslint(folder.path(), &["check", "app"]);
    assert_eq!(status(&output), 0, "{}{}", out(&output), err(&output));
    assert!(out(&output).contains("read 1 template"), "{}", out(&output));
    let output = slslint(folder.path(), &["check", "x"]);
    assert_eq!(status(&output), 2);
    let circle = "x/y.toml:1:12: a circle: x/slslint.toml extends x/y.toml extends x/slslint.toml";
    assert!(err(&output).contains(circle), "{}", err(&output));
    let output = slslint(folder.path(), &["check", "z"]);
    assert!(
        err(&output).contains("z/slslint.toml:2:12: extends `none.toml`: no such file"),
        "{}",
        err(&output)
    );
}

#[test]
fn a_part_of_the_project_has_severities_of_its_own() {
    let config = "[[override]]\npaths = ['labs']\nseverity = {gateway-timeout = 'off'}\n\
                  [[override]]\npaths = ['**/soft.yaml']\nseverity = {structure = 'info'}\n";
    let files = [
        ("labs/1/template.yaml", SLOW),
        ("app/template.yaml", SLOW),
        ("app/soft.yaml", SLOW),
        ("slslint.toml", config),
        (".git/HEAD", ""),
    ];
    let folder = project(&files);
    let said = out(&slslint(folder.path(), &["check", "--format", "concise"]));
    assert!(said.contains("app/template.yaml:9:16: error[gateway-timeout]"), "{said}");
    assert!(said.contains("app/soft.yaml:9:16: info[gateway-timeout]"), "{said}");
    assert!(!said.contains("labs/1/template.yaml:9:"), "{said}");
    let said = out(&slslint(&folder.path().join("labs/1"), &["check", "--format", "concise"]));
    assert!(!said.contains("gateway-timeout"), "{said}");
}

#[test]
fn a_service_has_severities_of_its_own() {
    let config = "[services.orders]\npaths = ['app']\n[services.carts]\npaths = ['other']\n\
                  [[override]]\nservices = ['orders']\nseverity = {gateway-timeout = 'info'}\n";
    let files = [("app/template.yaml", SLOW), ("other/template.yaml", SLOW), (".git/HEAD", "")];
    let folder = project(&files);
    let configured = |config: &str| {
        fs::write(folder.path().join("slslint.toml"), config).expect("a file can be written");
        out(&slslint(folder.path(), &["check", "--format", "concise"]))
    };
    let said = configured(config);
    assert!(said.contains("app/template.yaml:9:16: info[gateway-timeout]"), "{said}");
    assert!(said.contains("other/template.yaml:9:16: error[gateway-timeout]"), "{said}");
    let said = configured(&config.replace("['orders']", "['oders']"));
    assert!(said.contains("the service `oders`, and there is none of that name"), "{said}");
}

#[test]
fn wrong_names_are_told_with_their_place_and_the_nearest() {
    let config = "profile = 'default'\n\n[severity]\ngateway-timeot = 'off'\n";
    let folder = project(&[("template.yaml", SLOW), ("slslint.toml", config)]);
    let output = slslint(folder.path(), &["check"]);
    assert_eq!(status(&output), 2);
    let expected = "slslint: slslint.toml:4:1: no rule or category is called `gateway-timeot`; \
                    did you mean `gateway-timeout`?\n";
    assert_eq!(err(&output), expected);
    let folder = project(&[("template.yaml", SLOW), ("slslint.toml", "profile = 'pedntic'\n")]);
    let output = slslint(folder.path(), &["check"]);
    assert!(
        err(&output).contains("slslint.toml:1:12: no profile is called `pedntic`; did you mean"),
        "{}",
        err(&output)
    );
}

#[test]
fn the_schema_for_editors_knows_what_the_program_knows() {
    let folder = project(&[]);
    let schema: Value =
        serde_json::from_str(&out(&slslint(folder.path(), &["schema", "config"]))).expect("it is JSON");
    let described = |schema: &Value| -> BTreeSet<String> {
        assert_eq!(schema["additionalProperties"], false, "unknown keys are errors");
        schema["properties"].as_object().expect("an object").keys().cloned().collect()
    };
    // What is known is told to whoever writes a key that is not.
    let known = |text: &str| -> BTreeSet<String> {
        let told = Config::parse(text).expect_err("there is no such key").text;
        let (_, all) = told.split_once("; there are ").expect("all are listed");
        all.split(", ").map(str::to_owned).collect()
    };
    assert_eq!(described(&schema), known("zzzzzzzz = 1"));
    assert_eq!(described(&schema["properties"]["override"]["items"]), known("[[override]]\nzzzzzzzz = 1"));
}
