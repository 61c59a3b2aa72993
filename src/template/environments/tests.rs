//! What is known of the environments of whole projects.

use std::collections::BTreeMap;

use super::super::parse_all;
use super::*;

const TEMPLATE: &str = "Transform: AWS::Serverless-2016-10-31
Parameters:
  Stage: {Type: String, AllowedValues: [dev, test, prod], Default: dev}
  Size: {Type: Number, Default: 1}
Conditions: {IsProd: !Equals [!Ref Stage, prod]}
Resources: {Topic: {Type: AWS::SNS::Topic, Condition: IsProd}}
";

fn gathered(files: &[(&str, &str)], declared: &BTreeMap<String, Declared>) -> (Vec<Template>, Deployments) {
    let files = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
    let sources =
        Sources::in_memory(files.chain([("template.yaml".to_owned(), TEMPLATE.to_owned())]).collect());
    let mut read = parse_all(&sources, &|_| false, &[]);
    let deployments = gather(&sources, &|_| false, &mut read.templates, declared);
    (read.templates, deployments)
}

/// `prod: Size=2 Stage=prod, accounts 444455556666`, without those that are only possible.
fn said(templates: &[Template]) -> Vec<String> {
    let line = |one: &Environment| {
        let parameters = one.parameters.iter().map(|(name, said)| format!("{name}={}", said.text));
        let accounts: Vec<&str> = one.accounts.iter().map(String::as_str).collect();
        format!("{}: {} @ {}", one.name, parameters.collect::<Vec<_>>().join(" "), accounts.join(" "))
    };
    templates[0].deployed_environments().map(line).collect()
}

#[test]
fn files_that_deploy_are_joined_to_environments() {
    let workflow = "on: push
jobs:
  deploy:
    strategy:
      matrix:
        include:
          - {stage: dev, account: '111122223333'}
          - {stage: prod, account: '444455556666'}
    runs-on: ubuntu-latest
    environment: ${{ matrix.stage }}
    steps:
      - uses: aws-actions/configure-aws-credentials@v4
        with:
          role-to-assume: arn:aws:iam::${{ matrix.account }}:role/deploy
          aws-region: eu-west-1
      - run: |
          sam build
          sam deploy --config-env ${{ matrix.stage }}
";
    let config = "[dev.deploy.parameters]\nparameter_overrides = 'Stage=dev'\n\
                  [prod.deploy.parameters]\nparameter_overrides = 'Stage=prod Size=2'\n";
    let files = [(".github/workflows/deploy.yml", workflow), ("samconfig.toml", config)];
    let (templates, deployments) = gathered(&files, &BTreeMap::new());
    assert_eq!(said(&templates), ["dev: Stage=dev @ 111122223333", "prod: Size=2 Stage=prod @ 444455556666"]);
    assert_eq!((deployments.runs.len(), deployments.all.len()), (2, 4));
    let names: Vec<&str> = templates[0].environments.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["dev", "prod", "test"]);
    assert!(templates[0].environments[1].is_production);
}

#[test]
fn other_pipelines_scripts_and_files_of_parameters_count() {
    let gitlab = "prod:\n  environment: {name: prod}\n  variables: {STAGE: prod}\n  script:\n    \
                  - sam deploy --parameter-overrides Stage=$STAGE Size=3\n";
    let makefile = "dev:\n\t@sam deploy --stack-name a-dev \\\n\t  --parameter-overrides Stage=dev\n";
    let parameters = "[{\"ParameterKey\": \"Stage\", \"ParameterValue\": \"test\"}]";
    let files = [(".gitlab-ci.yml", gitlab), ("Makefile", makefile), ("parameters/test.json", parameters)];
    let (templates, _) = gathered(&files, &BTreeMap::new());
    assert_eq!(said(&templates), ["prod: Size=3 Stage=prod @ ", "dev: Stage=dev @ ", "test: Stage=test @ "]);
}

#[test]
fn the_settings_of_the_project_win() {
    let config = "[prod.deploy.parameters]\nparameter_overrides = 'Stage=test'\n";
    let parameters = [("Stage".to_owned(), "prod".to_owned()), ("Unknown".to_owned(), "x".to_owned())].into();
    let account = Some("444455556666".to_owned());
    let declared = Declared { parameters, account, ..Declared::default() };
    let (mut templates, _) = gathered(&[("samconfig.toml", config)], &[("prod".to_owned(), declared)].into());
    assert_eq!(said(&templates), ["prod: Stage=prod @ 444455556666"]);
    choose(&mut templates, "production").expect("by its kind");
    assert_eq!(templates[0].world([]).holds("IsProd"), Some(true));
    let error = choose(&mut templates, "qa").expect_err("there is none");
    assert_eq!(error, "no environment is called `qa`; there are dev, prod");
}

#[test]
fn broken_files_are_read_as_far_as_they_go() {
    let files = [
        (".github/workflows/a.yml", "on: [push\njobs: {x: {steps: [{run: 'sam deploy --x=$(('}, 3]}, y: []}"),
        (".github/workflows/b.yml", "jobs: {a: {uses: ./.github/workflows/b.yml}}"),
        ("samconfig.toml", "[dev.deploy\nparameters = 3"),
        ("samconfig.yaml", "- a"),
        ("buildspec.yml", "phases: {build: {commands: sam deploy --parameter-overrides}}"),
    ];
    let (templates, _) = gathered(&files, &BTreeMap::new());
    assert_eq!(templates.len(), 1);
}
