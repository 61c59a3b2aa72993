//! Laws of the tree, on samples in the ways templates are written and on generated texts.

mod bombs;
pub(super) mod laws;
mod problems;
mod resolution;

use super::*;

/// The tree of a text without problems.
pub(super) fn read(text: &str) -> Document {
    let (document, problems) = parse(SourceId(0), "t.yaml", text);
    assert_eq!(problems, [], "in {text}");
    document
}

/// The problems of a text, with the text they stand on.
fn problems(text: &str) -> Vec<(String, String)> {
    let (_, problems) = parse(SourceId(0), "t.yaml", text);
    let slice = |span: Option<Span>| span.map_or("", |span| &text[span.range()]).to_owned();
    problems.into_iter().map(|problem| (slice(problem.span), problem.text)).collect()
}

/// A tree as plain data: types and values, without places.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Data {
    Null,
    Bool(bool),
    Number(f64),
    String(String),
    Sequence(Vec<Data>),
    Mapping(Vec<(Data, Data)>),
    Tagged(String, Box<Data>),
}

pub(super) fn data(node: Node<'_>) -> Data {
    let plain = match node.kind() {
        Kind::Null => Data::Null,
        Kind::Bool(value) => Data::Bool(value),
        Kind::Number(_) => Data::Number(node.as_f64().expect("a number has a value")),
        Kind::String(text) => Data::String(text.to_owned()),
        Kind::Sequence => Data::Sequence(node.items().map(data).collect()),
        Kind::Mapping => Data::Mapping(node.entries().map(|(key, value)| (data(key), data(value))).collect()),
    };
    match node.tag() {
        Some(tag) => Data::Tagged(tag.to_owned(), Box::new(plain)),
        None => plain,
    }
}

/// The data of a text without problems; null for an empty one.
pub(super) fn value(text: &str) -> Data {
    read(text).root().map_or(Data::Null, data)
}

/// Every node of a document once, as written.
pub(super) fn nodes(document: &Document) -> impl Iterator<Item = Node<'_>> {
    (0..document.nodes.len())
        .map(|index| document.node(u32::try_from(index).expect("the limit is far below")))
        .filter(|node| node.alias_span().is_none())
}

pub(super) const TEMPLATE: &str = r#"# A template
AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::Serverless-2016-10-31
Description: >
  An application
    with some

  text.   
# between
Globals:
  Function:
    Timeout: 30
    Environment: {Variables: {STAGE: !Ref Stage, "QUOTED": 'it''s', N: 0x10}}
Parameters:
  Stage: {Type: String, Default: dev, AllowedValues: [dev, prod]}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:

  "Quoted Key":
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: app.handler   # the handler
      Empty:
      Tagged: !Ref
      Policies:
      - S3ReadPolicy:
          BucketName: !Ref Bucket
      - Statement:
        - Effect: Allow
          Action: ['s3:*',
            "dynamodb:GetItem"]
          Resource: !Sub
            - "arn:${AWS::Partition}:s3:::${name}/*"
            - name: !If [IsProd, !GetAtt Bucket.Arn, !Ref AWS::NoValue]
      -
        Late: item
      -  # nothing
      Events:
        Api:
          Type: Api
          Properties:
            Path: /{id}
            Method: get
            Long: text that goes
              on and on
      InlineCode: |
        def handler(event, context):
            # no comment
            return {"a": [1]}

      Folded: !Sub >-

        ${A}
        and
         more
  Bucket:
    Type: AWS::S3::Bucket
    ? complex
    : explicit
Outputs:
  Url:
    Value: !Sub 'https://${Api}.execute-api.${AWS::Region}.amazonaws.com'
    Default: [a: b, 'c': d, {}, [], "", ~]
"#;

const JSON: &str = "{\n\t\"Resources\": {\n\t\t\"F\": {\"Type\": \"AWS::Lambda::Function\", \"n\": [1, -2.5, true, \
     null, \"\\u00e9\\n\"],\n\t\t\t\"Empty\": {}, \"List\": [ ]}\n\t}\n}\n";

const UNICODE: &str =
    "größe: 'ü'\n漢字: {k😀: [ä, \"ß\"]}\n-é: é\n# ö\nlist:\n  - 😀 x # ¿\n  - |\n    žluť\n";

const ANCHORS: &str = "base: &base {a: 1, b: 2}\nlist: &list\n  - x\n  - &y y\nuse:\n  <<: *base\n  b: 3\n  c: *list\nagain: *y\n";

pub(super) const SAMPLES: [&str; 4] = [TEMPLATE, JSON, UNICODE, ANCHORS];
