//! Templates before and after a function is retired.

use super::*;
use crate::config::Config;
use crate::source::Sources;

const TEMPLATE: &str = "Transform: AWS::Serverless-2016-10-31
Resources:
  # Gets a cart.
  GetCart:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: get_cart/
      Handler: app.handler
      Runtime: python3.13
      Role: !GetAtt GetCartRole.Arn

  GetCartRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}

  GetCartLogs:
    Type: AWS::Logs::LogGroup
    Properties:
      LogGroupName: !Sub /aws/lambda/${GetCart}

  Machine: # calls others
    Type: AWS::Serverless::StateMachine
    DependsOn: [Table, GetCart]
    Properties:
      Definition: {}
      DefinitionSubstitutions:
        GetCartArn: !GetAtt GetCart.Arn
      Policies:
        - LambdaInvokePolicy:
            FunctionName: !Ref GetCart
        - Statement:
            - Effect: Allow
              Action: lambda:InvokeFunction
              Resource:
                - !GetAtt GetCart.Arn
                - '*'
            - Effect: Allow
              Action: lambda:InvokeFunction
              Resource: !GetAtt GetCart.Arn
        - Statement:
            Effect: Allow
            Action: lambda:InvokeFunction
            Resource: !Sub ${GetCart.Arn}:*

  Table:
    Type: AWS::DynamoDB::Table
Outputs:
  GetCartArn:
    Value: !GetAtt GetCart.Arn
";

/// Texts by path; none where the file is gone.
type Texts = Vec<(String, Option<String>)>;

fn retired(template: &str, more: &str) -> Result<(Fate, Texts), Vec<String>> {
    let files = [
        ("template.yaml", template.replace("  Table:\n", &format!("{more}  Table:\n"))),
        ("get_cart/app.py", "def handler(event, context):\n    return 1\n".to_owned()),
    ];
    let sources = Sources::in_memory(files.map(|(path, text)| (path.to_owned(), text)).into());
    let (app, _) = crate::analyse(&sources, &Config::default(), None).expect("the configuration is right");
    let function = app.functions().next().expect("there is one");
    let mut draft = Draft::new(&sources);
    match retire(&mut draft, &app, function, &[], Options::default()) {
        Ok(fate) => {
            Ok((fate, super::super::series::changed(&sources, &draft.finish()).into_iter().collect()))
        }
        Err(refusals) => Err(refusals.into_iter().map(|refusal| refusal.text).collect()),
    }
}

#[test]
fn what_is_only_there_for_the_function_goes_with_it() {
    let (fate, changed) = retired(TEMPLATE, "").expect("nothing needs it");
    let Fate::Retired(gone) = fate else { panic!("{fate:?}") };
    assert_eq!(gone.resources, ["GetCart", "GetCartLogs", "GetCartRole"]);
    assert_eq!((gone.outputs.as_slice(), gone.lines), (["GetCartArn".to_owned()].as_slice(), 2));
    let expected = "Transform: AWS::Serverless-2016-10-31
Resources:
  Machine: # calls others
    Type: AWS::Serverless::StateMachine
    DependsOn: [Table]
    Properties:
      Definition: {}
      Policies:
        - Statement:
            - Effect: Allow
              Action: lambda:InvokeFunction
              Resource:
                - '*'

  Table:
    Type: AWS::DynamoDB::Table
";
    assert_eq!(changed[1].1.as_deref(), Some(expected));
    assert_eq!(changed[0], ("get_cart/app.py".to_owned(), None));
}

#[test]
fn a_function_that_is_needed_stays() {
    let refused = |more: &str| retired(TEMPLATE, more).expect_err("it is needed");
    let alarm =
        "  Alarm: {Type: AWS::CloudWatch::Alarm, Properties: {Dimensions: [{Value: !Ref GetCart}]}}\n";
    assert_eq!(refused(alarm), ["`Alarm` watches `GetCart`"]);
    let other = "  Rule: {Type: AWS::Config::ConfigRule, Properties: {Source: !GetAtt GetCart.Arn}}\n";
    assert_eq!(refused(other), ["`Rule` speaks of `GetCart`"]);
    let made = "  Rule: {Type: AWS::Config::ConfigRule, Properties: {Source: !Ref GetCart.Version}}\n";
    assert_eq!(refused(made), ["`Rule` speaks of `GetCart`"]);
    let role = "  Two: {Type: AWS::Lambda::Function, Properties: {Role: !GetAtt GetCartRole.Arn}}\n";
    let (fate, _) = retired(TEMPLATE, role).expect("nothing needs it");
    assert!(matches!(fate, Fate::Retired(gone) if gone.resources == ["GetCart", "GetCartLogs"]));
}
