//! `refactor`, and `check --fix`: what is printed, what is written, and how they end.

use std::fs;

use serde_json::Value;

use super::{err, out, project, slslint, status};

const HEALTH: &str = "\
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: live
  Health: # all is well
    Type: AWS::Serverless::Function
    Properties:
      InlineCode: \"def handler(event, context): return {'statusCode': 200, 'body': 'ok'}\"
      Handler: index.handler
      Runtime: python3.13
      Events:
        Get:
          Type: Api
          Properties: {Method: GET, Path: /health, RestApiId: !Ref Api}
";

#[test]
fn a_refactoring_is_shown_then_written_then_there_is_nothing_left() {
    let folder = project(&[("template.yaml", HEALTH)]);
    let shown = slslint(folder.path(), &["refactor", "Health"]);
    assert_eq!(status(&shown), 0, "{}", err(&shown));
    let text = out(&shown);
    assert!(text.starts_with("mock-integration: `GET /health` answers with a constant"), "{text}");
    assert!(text.contains("\n--- a/template.yaml\n+++ b/template.yaml\n@@ "), "{text}");
    let file = folder.path().join("template.yaml");
    assert_eq!(fs::read_to_string(&file).expect("it is there"), HEALTH);

    let json = slslint(folder.path(), &["refactor", "constant-response-function", "--format", "json"]);
    let value: Value = serde_json::from_str(&out(&json)).expect("it is JSON");
    assert_eq!(value["refactorings"][0]["applicability"], "safe");
    assert_eq!(value["files"][0]["change"], "modified");

    let written = slslint(folder.path(), &["refactor", "mock-integration", "--write"]);
    assert!(out(&written).ends_with("changed: template.yaml\n"), "{}", out(&written));
    let text = fs::read_to_string(&file).expect("it is there");
    assert!(!text.contains("Health:") && text.contains("type: mock"), "{text}");
    let again = slslint(folder.path(), &["refactor", "mock-integration", "--write"]);
    assert_eq!((status(&again), out(&again).as_str()), (0, "nothing to change\n"));
}

#[test]
fn a_check_fixes_what_is_safe_and_only_what_it_finds() {
    let folder = project(&[("template.yaml", HEALTH)]);
    let file = folder.path().join("template.yaml");
    let ignored = slslint(folder.path(), &["check", "--fix", "--ignore", "constant-response-function"]);
    assert_eq!(err(&ignored), "");
    assert_eq!(fs::read_to_string(&file).expect("it is there"), HEALTH);
    let fixed = slslint(folder.path(), &["check", "--fix", "--select", "constant-response-function"]);
    assert!(err(&fixed).starts_with("slslint: fixed: `GET /health` answers"), "{}", err(&fixed));
    assert!(fs::read_to_string(&file).expect("it is there").contains("type: mock"));

    let implicit = HEALTH.replace(", RestApiId: !Ref Api", "");
    let folder = project(&[("template.yaml", &implicit)]);
    let held = slslint(folder.path(), &["check", "--fix"]);
    assert!(err(&held).contains("1 more with --unsafe-fixes"), "{}", err(&held));
}

#[test]
fn names_that_do_not_exist_are_mended_and_refusals_say_where() {
    let folder = project(&[("template.yaml", HEALTH)]);
    let wrong = slslint(folder.path(), &["refactor", "Helth"]);
    assert_eq!(status(&wrong), 2);
    assert!(err(&wrong).contains("did you mean `Health`?"), "{}", err(&wrong));
    let wrong = slslint(folder.path(), &["refactor", "use-oidcc"]);
    assert!(err(&wrong).contains("did you mean `use-oidc`?"), "{}", err(&wrong));
    let none = slslint(folder.path(), &["refactor", "gateway-timeout"]);
    assert!(err(&none).contains("the refactorings are add-environment, "), "{}", err(&none));

    let http = HEALTH.replace("Type: Api\n", "Type: HttpApi\n").replace(", RestApiId: !Ref Api", "");
    let folder = project(&[("template.yaml", &http)]);
    let refused = slslint(folder.path(), &["refactor", "Health"]);
    assert_eq!(status(&refused), 1);
    assert!(out(&refused).contains("  template.yaml:14:9: is a route of an HTTP API"), "{}", out(&refused));
    let busy = HEALTH.replace(
        "return {'statusCode': 200, 'body': 'ok'}",
        "return {'statusCode': 200, 'body': str(1 / len(event))}",
    );
    let folder = project(&[("template.yaml", &busy)]);
    for target in ["Health", "pass-through-function", "constant-response-function"] {
        let stays = slslint(folder.path(), &["refactor", target]);
        let text = out(&stays);
        assert_eq!(status(&stays), 0, "{text}");
        assert!(text.starts_with("`Health` stays for `GET /health`:\n  template.yaml:"), "{text}");
        assert!(text.ends_with("\n\nnothing to change\n"), "{text}");
    }
    let json = slslint(folder.path(), &["refactor", "Health", "--format", "json"]);
    let value: Value = serde_json::from_str(&out(&json)).expect("it is JSON");
    assert_eq!(value["stays"][0]["trigger"], "`GET /health`");
    let empty = project(&[("readme.txt", "x")]);
    assert_eq!(status(&slslint(empty.path(), &["refactor", "Health"])), 3);
}

#[test]
fn what_changes_other_functions_too_is_asked_for_by_its_own_name() {
    let shop = "corpus/apps/shop";
    let read = |path: &str| {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(shop).join(path);
        fs::read_to_string(path).expect("it is in the corpus")
    };
    let files = ["template.yaml", "functions/add_cart/app.py", "functions/remove_cart/app.py"];
    let texts = files.map(|path| (path, read(path)));
    let folder = project(&texts.each_ref().map(|(path, text)| (*path, text.as_str())));
    let of_function = out(&slslint(folder.path(), &["refactor", "AddCart"]));
    assert!(of_function.starts_with("`AddCart` stays for `POST /cart`"), "{of_function}");
    assert!(!of_function.contains("--- a/"), "{of_function}");
    let of_all = out(&slslint(folder.path(), &["refactor", "merge-functions"]));
    assert!(of_all.starts_with("merge-functions: `AddCart` and `RemoveCart` become"), "{of_all}");
}
