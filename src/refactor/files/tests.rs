//! Refactorings of files: what they write, and what they leave.

use std::collections::BTreeMap;

use crate::config::Config;
use crate::refactor::{Options, Proposal};
use crate::source::Sources;

/// The files after a refactoring and what is told of it; refusals as `path: reason`.
fn refactored(id: &str, files: &[(&str, &str)]) -> (BTreeMap<String, String>, Vec<String>) {
    let mut texts: BTreeMap<String, String> =
        files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    let sources = Sources::in_memory(texts.clone());
    let (app, _) = crate::analyse(&sources, &Config::default(), None).expect("the settings are valid");
    let mut told = Vec::new();
    let kind = crate::refactor::kind(id).expect("it is there");
    for Proposal { subject, outcome } in kind.proposals(&app, Options::default(), &|_| true) {
        match outcome {
            Ok(offer) => {
                told.extend(offer.differs);
                for (source, text) in offer.refactoring.change.apply(&sources) {
                    texts.insert(sources.path(source).to_owned(), text);
                }
            }
            Err(refusals) => {
                told.extend(refusals.into_iter().map(|one| format!("{}: {}", subject.path, one.text)))
            }
        }
    }
    (texts, told)
}

/// The refactored file; a second run has nothing to do.
fn stable(id: &str, path: &str, text: &str) -> String {
    let (texts, _) = refactored(id, &[(path, text), ("template.yaml", text)]);
    let after = texts[path].clone();
    let (again, _) = refactored(id, &[(path, &after), ("template.yaml", &after)]);
    assert_eq!(again[path], after, "a second run changes nothing");
    after
}

#[test]
fn arns_follow_the_stack() {
    let text = "Transform: AWS::Serverless-2016-10-31
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      Layers:
        - arn:aws:lambda:eu-west-1:017000801446:layer:Tools:7 # the tools
      Role: 'arn:aws:iam::111122223333:role/orders'
      Policies:
        - Statement: [{Effect: Allow, Action: sqs:SendMessage, Resource: arn:aws:sqs:eu-west-1:111122223333:orders}]
        - Statement: {Effect: Allow, Action: s3:GetObject, Resource: !Sub 'arn:aws:s3:eu-west-1:111122223333:a/${F}'}
  D:
    Type: AWS::CloudFront::Distribution
    Properties: {Certificate: arn:aws:acm:us-east-1:111122223333:certificate/a}
";
    let after = stable("pseudo-parameter", "template.yaml", text);
    let expected = text
        .replace(
            "- arn:aws:lambda:eu-west-1:017000801446:layer:Tools:7",
            "- !Sub \"arn:aws:lambda:${AWS::Region}:017000801446:layer:Tools:7\"",
        )
        .replace(
            "'arn:aws:iam::111122223333:role/orders'",
            "!Sub 'arn:aws:iam::${AWS::AccountId}:role/orders'",
        )
        .replace(
            "arn:aws:sqs:eu-west-1:111122223333:orders",
            "!Sub \"arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:orders\"",
        )
        .replace("arn:aws:s3:eu-west-1:111122223333:a", "arn:aws:s3:${AWS::Region}:${AWS::AccountId}:a");
    assert_eq!(after, expected);
}

#[test]
fn settings_are_lifted_with_their_comments_left_alone() {
    let text = "Transform: AWS::Serverless-2016-10-31
# What the shop is made of.
Resources:
  A:
    Type: AWS::Serverless::Function
    Properties:
      # Lists orders.
      Runtime: python3.13
      Handler: a.handler
      Environment:
        Variables:
          TABLE: !Ref T
  B:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: b.handler # another
      Environment:
        Variables:
          TABLE: !Ref T
  T:
    Type: AWS::Serverless::SimpleTable
";
    let after = stable("lift-to-globals", "template.yaml", text);
    assert!(after.contains("Globals:\n  Function:\n    Runtime: python3.13\n"), "{after}");
    assert!(after.contains("# What the shop is made of.") && after.contains("# another"), "{after}");
    assert_eq!(after.matches("TABLE: !Ref T").count(), 1, "{after}");
}

#[test]
fn names_get_the_environment() {
    let text = "Parameters:\n  Stage: {Type: String, AllowedValues: [dev, prod]}
Resources:
  Q: {Type: AWS::SQS::Queue, Properties: {QueueName: orders.fifo, FifoQueue: true}} # in order
  T:
    Type: AWS::SNS::Topic
    Properties:
      TopicName: !Sub orders-${Stage}
";
    let after = stable("suffix-name", "template.yaml", text);
    assert_eq!(after, text.replace("orders.fifo", "!Sub \"orders-${Stage}.fifo\""));
}

#[test]
fn sizes_are_looked_up() {
    let text = "Transform: AWS::Serverless-2016-10-31
Parameters:
  Stage: {Type: String, AllowedValues: [dev, prod]}
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      MemorySize: 1024 # enough
";
    let after = stable("add-mapping", "template.yaml", text);
    assert!(after.contains("MemorySize: !FindInMap [Sizes, !Ref Stage, FMemorySize] # enough"), "{after}");
    assert!(after.contains("Mappings:\n  Sizes:\n    dev:\n      FMemorySize: 1024\n    prod:"), "{after}");
}

#[test]
fn workflows_assume_a_role() {
    let workflow = "on: push # always
permissions:
  packages: read
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - uses: aws-actions/configure-aws-credentials@v4 # the keys
        with:
          aws-access-key-id: ${{ secrets.PROD_AWS_ACCESS_KEY_ID }}
          aws-secret-access-key: ${{ secrets.PROD_AWS_SECRET_ACCESS_KEY }}
          aws-region: eu-west-1
      - run: sam deploy
";
    let path = ".github/workflows/deploy.yml";
    let template = "Resources: {T: {Type: AWS::SNS::Topic}}";
    let (texts, told) = refactored("use-oidc", &[(path, workflow), ("template.yaml", template)]);
    let expected = workflow
        .replace("          aws-secret-access-key: ${{ secrets.PROD_AWS_SECRET_ACCESS_KEY }}\n", "")
        .replace(
            "aws-access-key-id: ${{ secrets.PROD_AWS_ACCESS_KEY_ID }}",
            "role-to-assume: ${{ vars.PROD_AWS_ROLE_ARN }}",
        )
        .replace(
            "    runs-on: ubuntu-latest\n",
            "    runs-on: ubuntu-latest\n    permissions:\n      id-token: write\n      contents: read\n      packages: read\n",
        );
    assert_eq!(texts[path], expected);
    assert!(told[0].contains("${{ vars.PROD_AWS_ROLE_ARN }}"), "{told:?}");
    let (again, _) = refactored("use-oidc", &[(path, &texts[path]), ("template.yaml", template)]);
    assert_eq!(again[path], texts[path]);
}

#[test]
fn a_template_learns_its_environments() {
    let text = "Transform: AWS::Serverless-2016-10-31
Resources:
  Orders: # all of them
    Type: AWS::S3::Bucket
    Properties:
      BucketName: orders-of-the-shop
";
    let config = "version = 0.1\n[default.deploy.parameters]\nstack_name = \"shop\" # ours\n";
    let (texts, told) = refactored("add-environment", &[("template.yaml", text), ("samconfig.toml", config)]);
    let template = &texts["template.yaml"];
    assert!(template.contains("Parameters:\n  Environment:\n    Type: String\n"), "{template}");
    assert!(template.contains("BucketName: !Sub orders-of-the-shop-${Environment}"), "{template}");
    assert!(template.contains("# all of them"));
    let samconfig = &texts["samconfig.toml"];
    assert!(samconfig.starts_with(config.trim_end()), "{samconfig}");
    assert!(samconfig.contains("[prod.deploy.parameters]\nstack_name = \"shop-prod\""), "{samconfig}");
    assert!(told[0].contains("Orders"), "{told:?}");
    let files: Vec<(&str, &str)> = texts.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    assert_eq!(refactored("add-environment", &files).0, texts);
}
