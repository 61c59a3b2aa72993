//! The command line as people and scripts meet it: exit status, streams, formats.

mod baseline;
mod change;
mod config;
mod init;
mod packages;
mod refactor;
mod watch;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

const SLOW: &str = "\
Transform: AWS::Serverless-2016-10-31
Resources:
  GetOrder:
    Type: AWS::Serverless::Function
    Properties:
      InlineCode: \"def handler(event, context): return {'statusCode': 200}\"
      Handler: index.handler
      Runtime: python3.13
      Timeout: 60
      Events:
        Get:
          Type: Api
          Properties: {Method: GET, Path: /orders}
";

fn project(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().expect("a temporary folder");
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("it has one")).expect("folders can be made");
        fs::write(path, text).expect("files can be written");
    }
    folder
}

fn slslint(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_slslint"));
    command.current_dir(folder).args(arguments).env("SLSLINT_CACHE_DIR", folder.join("cache"));
    command.output().expect("it runs")
}

fn status(output: &Output) -> i32 {
    output.status.code().expect("it ends by itself")
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn findings_end_with_one_and_only_from_the_asked_severity_on() {
    let folder = project(&[("template.yaml", SLOW)]);
    assert_eq!(status(&slslint(folder.path(), &["check"])), 1);
    assert_eq!(status(&slslint(folder.path(), &["check", "--ignore", "structure"])), 0);
    let info = SLOW.replace("Timeout: 60", "Timeout: 6");
    let clean = project(&[("template.yaml", &info)]);
    let output = slslint(clean.path(), &["check", "."]);
    assert_eq!(status(&output), 0, "{}", out(&output));
    assert!(out(&output).contains("read 1 template with 1 resource and 1 function"), "{}", out(&output));
}

#[test]
fn nothing_to_check_is_not_success() {
    let folder = project(&[("readme.txt", "nothing here")]);
    let output = slslint(folder.path(), &["check"]);
    assert_eq!(status(&output), 3);
    assert!(err(&output).contains("no template was found"), "{}", err(&output));
}

#[test]
fn wrong_usage_ends_with_two_and_says_the_way_out() {
    let folder = project(&[("template.yaml", SLOW)]);
    let output = slslint(folder.path(), &["check", "nowhere"]);
    assert_eq!(status(&output), 2);
    assert!(err(&output).contains("nowhere: no such file or folder"), "{}", err(&output));
    let output = slslint(folder.path(), &["check", "--select", "gateway-timeot"]);
    assert_eq!(status(&output), 2);
    assert!(err(&output).contains("did you mean `gateway-timeout`?"), "{}", err(&output));
    assert_eq!(status(&slslint(folder.path(), &["chek"])), 2);
    assert_eq!(status(&slslint(folder.path(), &["--version"])), 0);
}

#[test]
fn a_wrong_configuration_is_named_with_its_place() {
    let folder = project(&[("template.yaml", SLOW), ("slslint.toml", "ignore = []\nprofil = 'x'\n")]);
    let output = slslint(folder.path(), &["check"]);
    assert_eq!(status(&output), 2);
    assert!(
        err(&output).contains("slslint.toml:2:1: unknown field `profil`; did you mean `profile`?"),
        "{}",
        err(&output)
    );
    let folder = project(&[("template.yaml", SLOW), ("slslint.toml", "ignore = ['gateway-timeout']\n")]);
    assert_eq!(status(&slslint(folder.path(), &["check"])), 0);
}

#[test]
fn one_broken_file_is_a_problem_and_the_others_are_read() {
    let broken = "Transform: AWS::Serverless-2016-10-31\nResources:\n  A: [unclosed\n";
    let folder = project(&[("a/template.yaml", SLOW), ("b/template.yaml", broken)]);
    let output = slslint(folder.path(), &["check", "--format", "json"]);
    let report: Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    assert_eq!(report["problems"][0]["file"], "b/template.yaml", "{report}");
    assert_eq!(report["problems"][0]["line"], 3, "{report}");
    assert_eq!(report["findings"][0]["rule"], "gateway-timeout");
    assert_eq!(report["findings"][0]["functions"][0], "GetOrder");
    assert_eq!(report["findings"][0]["line"], 9);
}

#[test]
fn paths_lead_there_from_where_the_user_stands() {
    let folder = project(&[("services/orders/template.yaml", SLOW)]);
    let concise = |arguments: &[&str]| out(&slslint(folder.path(), arguments));
    let said = concise(&["check", "services/orders", "--format", "concise"]);
    assert!(said.starts_with("services/orders/template.yaml:9:16: error[gateway-timeout]"), "{said}");
    let said = concise(&["check", "services/orders/template.yaml", "--format", "concise"]);
    assert!(said.starts_with("services/orders/template.yaml:9:16: "), "{said}");
}

#[test]
fn a_fingerprint_stays_when_lines_move() {
    let fingerprint = |text: &str| {
        let folder = project(&[("template.yaml", text)]);
        let output = slslint(folder.path(), &["check", "--format", "json"]);
        let report: Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
        report["findings"][0]["fingerprint"].clone()
    };
    let moved = format!("# a comment\n\n{SLOW}");
    assert_eq!(fingerprint(SLOW), fingerprint(&moved));
    assert_ne!(fingerprint(SLOW), fingerprint(&SLOW.replace("GetOrder", "Other")));
}

#[test]
fn nothing_is_coloured_that_is_no_terminal() {
    let folder = project(&[("template.yaml", SLOW)]);
    assert!(!out(&slslint(folder.path(), &["check"])).contains('\u{1b}'));
    assert!(out(&slslint(folder.path(), &["check", "--color", "always"])).contains('\u{1b}'));
}

#[test]
fn a_function_is_explained_and_a_wrong_name_mended() {
    let folder = project(&[("template.yaml", SLOW)]);
    let output = slslint(folder.path(), &["explain-function", "GetOrder"]);
    assert!(out(&output).contains("on GET /orders (template.yaml:11)"), "{}", out(&output));
    let output = slslint(folder.path(), &["explain-function", "GetOrdr"]);
    assert_eq!(status(&output), 2);
    assert!(err(&output).contains("did you mean `GetOrder`?"), "{}", err(&output));
}

#[test]
fn the_graph_comes_in_three_forms() {
    let folder = project(&[("template.yaml", SLOW)]);
    let graph = |format: &str| out(&slslint(folder.path(), &["graph", "--format", format]));
    let json: Value = serde_json::from_str(&graph("json")).expect("it is JSON");
    assert_eq!(json["routes"][0]["target"]["id"], "GetOrder");
    assert!(graph("mermaid").starts_with("flowchart"), "{}", graph("mermaid"));
    assert!(graph("dot").starts_with("digraph"), "{}", graph("dot"));
}

#[test]
fn several_formats_are_written_at_once() {
    let folder = project(&[("services/orders/template.yaml", SLOW)]);
    let outputs = ["--output-format", "sarif=out/new/a.sarif", "--output-format", "junit=-"];
    let arguments = [&["check", "services/orders", "--format", "concise"][..], &outputs].concat();
    let output = slslint(folder.path(), &arguments);
    assert_eq!(status(&output), 1);
    let said = out(&output);
    assert!(said.starts_with("services/orders/template.yaml:9:16: error[gateway-timeout]"), "{said}");
    assert!(said.ends_with("</testsuites>\n"), "{said}");
    let sarif = fs::read_to_string(folder.path().join("out/new/a.sarif")).expect("it was written");
    let sarif: Value = serde_json::from_str(&sarif).expect("it is JSON");
    let place = &sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "services/orders/template.yaml");
    assert_eq!(place["region"]["startLine"], 9);
}

#[test]
fn servers_are_told_paths_from_the_top_of_the_repository() {
    let folder = project(&[("services/orders/template.yaml", SLOW), (".git/HEAD", "")]);
    let below = folder.path().join("services");
    let said = out(&slslint(&below, &["check", "orders", "--format", "github"]));
    assert!(
        said.starts_with("::error file=services/orders/template.yaml,line=9,endLine=9,col=16,"),
        "{said}"
    );
    let said = out(&slslint(&below, &["check", "orders", "--format", "agent"]));
    assert!(said.contains("\norders/template.yaml:9:16 error gateway-timeout id="), "{said}");
}

#[test]
fn a_wrong_output_is_named() {
    let folder = project(&[("template.yaml", SLOW), ("file", "")]);
    let output = slslint(folder.path(), &["check", "--output-format", "sarf=x"]);
    assert_eq!(status(&output), 2);
    assert!(err(&output).contains("no format is called `sarf`"), "{}", err(&output));
    let output = slslint(folder.path(), &["check", "--output-format", "sarif=file/x"]);
    assert_eq!(status(&output), 2);
    assert!(err(&output).contains("slslint: file/x: "), "{}", err(&output));
}

#[test]
fn the_shell_and_man_know_the_command_line() {
    let folder = project(&[]);
    let said = |arguments: &[&str]| out(&slslint(folder.path(), arguments));
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(said(&["completions", shell]).contains("output-format"), "{shell}");
    }
    assert!(said(&["man"]).contains(".SH SUBCOMMANDS"), "{}", said(&["man"]));
    assert!(said(&["man", "check"]).contains("slslint\\-check"), "{}", said(&["man", "check"]));
    let output = slslint(folder.path(), &["man", "chek"]);
    assert!(err(&output).contains("did you mean `check`?"), "{}", err(&output));
}

#[test]
fn published_schemas_name_their_version() {
    let folder = project(&[("template.yaml", SLOW)]);
    for (command, of) in [("check", "check"), ("graph", "graph")] {
        let read = |arguments: &[&str]| -> Value {
            serde_json::from_slice(&slslint(folder.path(), arguments).stdout).expect("it is JSON")
        };
        let schema = read(&["schema", of]);
        let output = read(&[command, "--format", "json"]);
        assert_eq!(schema["properties"]["version"]["const"], output["version"], "{command}");
        let fields: Vec<&String> = output.as_object().expect("it is an object").keys().collect();
        let required: Vec<&String> =
            schema["properties"].as_object().expect("it is an object").keys().collect();
        assert_eq!(fields, required, "{command}");
    }
}

#[test]
fn one_environment_is_checked_with_its_parameters() {
    let template = SLOW
        .replace("Resources:", "Parameters:\n  Seconds: {Type: Number, Default: 5}\nResources:")
        .replace("Timeout: 60", "Timeout: !Ref Seconds");
    let config = "[dev.deploy.parameters]\nstack_name = 'a'\nparameter_overrides = 'Seconds=6'\n\
                  [prod.deploy.parameters]\nstack_name = 'b'\nparameter_overrides = 'Seconds=60'\n";
    let folder = project(&[("template.yaml", &template), ("samconfig.toml", config)]);
    let check = |environment: &str| {
        slslint(folder.path(), &["check", "--select", "gateway-timeout", "--env", environment])
    };
    assert_eq!(status(&check("dev")), 0);
    assert_eq!(status(&check("production")), 1);
    let unknown = check("qa");
    assert_eq!(status(&unknown), 2);
    assert!(
        err(&unknown).contains("no environment is called `qa`; there are dev, prod"),
        "{}",
        err(&unknown)
    );
}

#[test]
fn environments_are_compared() {
    let template = "Parameters:\n  Stage: {Type: String, AllowedValues: [dev, prod], Default: dev}\n\
                    Conditions: {IsProd: !Equals [!Ref Stage, prod]}\n\
                    Mappings: {Names: {dev: {Name: try}, prod: {Name: shop}}}\n\
                    Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n    Properties:\n      \
                    DisplayName: !FindInMap [Names, !Ref Stage, Name]\n  Alarms:\n    Type: AWS::SNS::Topic\n    \
                    Condition: IsProd\n";
    let config = "[dev.deploy.parameters]\nprofile = 'shop'\nparameter_overrides = 'Stage=dev'\n\
                  [prod.deploy.parameters]\nprofile = 'shop'\nparameter_overrides = 'Stage=prod'\n";
    let folder = project(&[("template.yaml", template), ("samconfig.toml", config)]);
    let table = slslint(folder.path(), &["env"]);
    let text = out(&table);
    assert_eq!(status(&table), 0, "{}", err(&table));
    let line = |what: &str, values: &str| format!("  {what:25}  {values}\n");
    for line in [
        line("parameter Stage", "dev  prod"),
        line("resource Alarms", "no   yes"),
        line("setting Topic.DisplayName", "try  shop"),
    ] {
        assert!(text.contains(&line), "{text}");
    }
    assert!(text.contains("production should have an account of its own"), "{text}");
    let json = out(&slslint(folder.path(), &["env", "diff", "dev", "prod", "--format", "json"]));
    let json: Value = serde_json::from_str(&json).expect("it is JSON");
    assert_eq!(json["templates"][0]["environments"], serde_json::json!(["dev", "prod"]));
    assert_eq!(status(&slslint(folder.path(), &["env", "diff", "dev", "qa"])), 2);
}

#[test]
fn files_are_refactored_by_the_rule_or_the_kind() {
    let workflow = "on: push\njobs:\n  deploy:\n    runs-on: ubuntu-latest\n    steps:\n      \
                    - uses: aws-actions/configure-aws-credentials@v4\n        with:\n          \
                    aws-access-key-id: ${{ secrets.AWS_ACCESS_KEY_ID }}\n          \
                    aws-secret-access-key: ${{ secrets.AWS_SECRET_ACCESS_KEY }}\n          aws-region: eu-west-1\n";
    let path = ".github/workflows/deploy.yml";
    let folder = project(&[("template.yaml", SLOW), (path, workflow)]);
    let shown = slslint(folder.path(), &["refactor", "long-lived-credentials"]);
    assert!(out(&shown).contains("+          role-to-assume: ${{ vars.AWS_ROLE_ARN }}"), "{}", out(&shown));
    assert_eq!(fs::read_to_string(folder.path().join(path)).expect("it is there"), workflow);
    assert_eq!(status(&slslint(folder.path(), &["refactor", "use-oidc", "--write"])), 0);
    let written = fs::read_to_string(folder.path().join(path)).expect("it is there");
    assert!(written.contains("id-token: write") && !written.contains("secrets."), "{written}");
}
