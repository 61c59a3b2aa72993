//! The first minute: `slslint init`.

use std::fs;

use super::{SLOW, err, out, project, slslint, status};

const GIT: (&str, &str) = (".git/config", "[remote \"origin\"]\n\turl = git@github.com:a/b.git\n");

#[test]
fn what_can_be_seen_is_not_asked() {
    let hooks = "repos:\n  - repo: local\n    hooks: []\n";
    let folder = project(&[
        ("template.yaml", SLOW),
        ("tests/fixtures/template.yaml", SLOW),
        (".pre-commit-config.yaml", hooks),
        GIT,
    ]);
    let output = slslint(folder.path(), &["init"]);
    assert_eq!(status(&output), 0, "{}", err(&output));
    let said = out(&output);
    for line in [
        "found 2 templates with 2 functions (python3.13), GitHub, pre-commit",
        "wrote slslint.toml",
        "added a hook to .pre-commit-config.yaml",
        "wrote .github/workflows/slslint.yml",
    ] {
        assert!(said.lines().any(|found| found == line), "{line}\n{said}");
    }
    assert!(said.contains("next: `slslint check` shows what is found now (1 error"), "{said}");
    let read = |path: &str| fs::read_to_string(folder.path().join(path)).expect("it was written");
    assert!(read("slslint.toml").contains("# exclude = [\"tests/**\"]"), "{}", read("slslint.toml"));
    assert!(read(".pre-commit-config.yaml").starts_with(hooks));
    // What it wrote works, and the next steps lead to a clean run.
    assert_eq!(status(&slslint(folder.path(), &["check"])), 1);
    assert_eq!(status(&slslint(folder.path(), &["check", "--write-baseline"])), 0);
    assert_eq!(status(&slslint(folder.path(), &["check"])), 0);
}

#[test]
fn nothing_is_written_over_unless_it_is_asked_for() {
    let folder = project(&[("template.yaml", SLOW), ("slslint.toml", "profile = 'pedantic'\n"), GIT]);
    let said = out(&slslint(folder.path(), &["init"]));
    assert!(said.contains("kept  slslint.toml, which is there; --force writes it anew\n"), "{said}");
    let read = || fs::read_to_string(folder.path().join("slslint.toml")).expect("it is there");
    assert_eq!(read(), "profile = 'pedantic'\n");
    let said = out(&slslint(folder.path(), &["init", "--force"]));
    assert!(said.contains("wrote slslint.toml\n"), "{said}");
    assert!(read().contains("profile = \"default\""));
    let said = out(&slslint(folder.path(), &["init"]));
    assert!(said.contains("kept  slslint.toml\n"), "{said}");
}

#[test]
fn a_folder_of_a_repository_has_its_workflow_at_the_top() {
    let folder = project(&[("services/a/template.yaml", SLOW), ("x/.gitlab-ci.yml", ""), GIT]);
    let output = slslint(folder.path(), &["init", "services/a"]);
    assert_eq!(status(&output), 0, "{}", err(&output));
    assert!(folder.path().join("services/a/slslint.toml").is_file());
    let workflow = fs::read_to_string(folder.path().join(".github/workflows/slslint.yml")).expect("written");
    assert!(workflow.contains("paths: services/a\n"), "{workflow}");
    let output = slslint(folder.path(), &["init", "x"]);
    assert_eq!(status(&output), 3, "there is no template");
    assert!(!folder.path().join("x/slslint.toml").exists());
}
