//! What was kept is what would be found anew, whatever has changed in between.

use std::collections::BTreeMap;

use proptest::prelude::*;

use crate::analyse;
use crate::cache::Store;
use crate::cache::testing::Memory;
use crate::config::Config;
use crate::source::Sources;

type Project = BTreeMap<String, String>;

const TEMPLATE: &str = "Transform: AWS::Serverless-2016-10-31
Resources:
  Layer: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: layer}}
  Get:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, CodeUri: get, Handler: app.handler, Layers: [!Ref Layer]}
  Copy:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, CodeUri: copy, Handler: app.handler, Layers: [!Ref Layer]}
  Web:
    Type: AWS::Serverless::Function
    Properties: {Runtime: nodejs22.x, CodeUri: web, Handler: index.handler}
  Inline:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      InlineCode: |
        import boto3
        def handler(event, context):
            return boto3.client('sqs').send_message(QueueUrl='a', MessageBody=event['body'])
";

const PYTHON: &str = "import boto3
from shared.db import save

def handler(event, context):
    boto3.client('sns').publish(TopicArn='t', Message='m')
    return save(event['id'])
";

const SHARED: &str = "import os
import boto3
table = boto3.resource('dynamodb').Table(os.environ['TABLE'])

def save(item):
    table.put_item(Item={'id': item})
    return {'statusCode': 200}
";

const WEB: &str = "import { save } from '@lib/db';
export const handler = async (event) => save(event.body);
";

const DB: &str = "import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
const client = new DynamoDBClient({});
export const save = (body) => client.send(new PutItemCommand({ TableName: 'a', Item: body }));
";

fn project() -> Project {
    let tsconfig = "{\"compilerOptions\": {\"paths\": {\"@lib/*\": [\"lib/*\"]}}}";
    let files = [
        ("template.yaml", TEMPLATE),
        ("get/app.py", PYTHON),
        ("copy/app.py", PYTHON),
        ("layer/python/shared/__init__.py", ""),
        ("layer/python/shared/db.py", SHARED),
        ("web/index.ts", WEB),
        ("lib/db.ts", DB),
        ("other/db.ts", "export const save = () => 1;\n"),
        ("tsconfig.json", tsconfig),
    ];
    files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
}

/// All that is known of the functions' code.
fn behaviours(project: &Project, store: Option<&dyn Store>) -> String {
    let sources = Sources::in_memory(project.clone());
    let (app, problems) = analyse(&sources, &Config::default(), store).expect("there are no globs");
    let functions = app.graph.functions.iter().map(|function| (&function.id.text, &function.behaviour));
    format!("{:#?} {problems:#?}", functions.collect::<Vec<_>>())
}

/// Whether all was given by the store, after it was checked that it is right.
fn is_kept(project: &Project, store: &Memory) -> bool {
    let before = store.kept.lock().expect("no test panics with it").len();
    assert_eq!(behaviours(project, Some(store)), behaviours(project, None));
    store.kept.lock().expect("no test panics with it").len() == before
}

#[test]
fn nothing_is_made_twice() {
    let (store, project) = (Memory::default(), project());
    assert!(!is_kept(&project, &store));
    assert!(is_kept(&project, &store));
    assert!(behaviours(&project, Some(&store)).contains("PutItem"), "the handlers were understood");
}

#[test]
fn what_a_handler_imports_counts() {
    let (store, mut project) = (Memory::default(), project());
    behaviours(&project, Some(&store));
    project.insert("layer/python/shared/db.py".to_owned(), SHARED.replace("put_item", "get_item"));
    assert!(!is_kept(&project, &store));
    project.insert("README.md".to_owned(), "a file nobody reads may yet be found".to_owned());
    behaviours(&project, Some(&store));
    project.insert("README.md".to_owned(), "its text is not read".to_owned());
    assert!(is_kept(&project, &store));
}

#[test]
fn how_imports_are_resolved_counts() {
    let (store, mut project) = (Memory::default(), project());
    behaviours(&project, Some(&store));
    let tsconfig = project["tsconfig.json"].replace("lib/*\"]", "other/*\"]");
    project.insert("tsconfig.json".to_owned(), tsconfig);
    assert!(!is_kept(&project, &store));
}

#[test]
fn a_moved_project_is_read_anew_but_not_interpreted() {
    let (store, project) = (Memory::default(), project());
    behaviours(&project, Some(&store));
    let moved: Project = project.into_iter().map(|(path, text)| (format!("app/{path}"), text)).collect();
    let summaries = |store: &Memory| store.kept.lock().expect("no test panics with it").len();
    let before = summaries(&store);
    assert!(!is_kept(&moved, &store));
    assert_eq!(summaries(&store) - before, 4, "a place for each function, no summary");
}

/// One change of a project.
#[derive(Clone, Debug)]
enum Edit {
    Append(usize, &'static str),
    Swap(usize, &'static str, &'static str),
    Remove(usize),
    Add(&'static str, &'static str),
    Copy(usize, usize),
}

impl Edit {
    fn apply(&self, project: &mut Project) {
        let path = |at: usize| project.keys().nth(at % project.len().max(1)).cloned().unwrap_or_default();
        match *self {
            Self::Append(at, text) => project.entry(path(at)).or_default().push_str(text),
            Self::Swap(at, from, to) => {
                let text = project.get(&path(at)).cloned().unwrap_or_default();
                project.insert(path(at), text.replace(from, to));
            }
            Self::Remove(at) => {
                project.remove(&path(at));
            }
            Self::Add(path, text) => {
                project.insert(path.to_owned(), text.to_owned());
            }
            Self::Copy(from, to) => {
                let text = project.get(&path(from)).cloned().unwrap_or_default();
                project.insert(path(to), text);
            }
        }
    }
}

fn edits() -> impl Strategy<Value = Edit> {
    let at = 0..16_usize;
    prop_oneof![
        (at.clone(), prop::sample::select(vec!["\n", "# end\n", "x = (\n"]))
            .prop_map(|(at, text)| Edit::Append(at, text)),
        (
            at.clone(),
            prop::sample::select(vec![
                ("put_item", "get_item"),
                ("save", "load"),
                ("lib/", "other/"),
                ("get", "copy")
            ])
        )
            .prop_map(|(at, (from, to))| Edit::Swap(at, from, to)),
        at.clone().prop_map(Edit::Remove),
        prop::sample::select(vec![
            ("get/shared/__init__.py", "def save(x): return x\n"),
            ("get/shared/db.py", SHARED),
            ("shared.py", "db = 1\n"),
            ("web/tsconfig.json", "{}"),
            ("a/package.json", "{\"name\": \"@lib/db\", \"main\": \"main.js\"}"),
            ("a/main.js", "exports.save = () => fetch('https://example.com');\n"),
            ("web/index.js", "exports.handler = async () => 1;\n"),
        ])
        .prop_map(|(path, text)| Edit::Add(path, text)),
        (at.clone(), at).prop_map(|(from, to)| Edit::Copy(from, to)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn kept_results_are_those_of_today(edits in prop::collection::vec(edits(), 1..6)) {
        let (store, mut project) = (Memory::default(), project());
        behaviours(&project, Some(&store));
        for edit in &edits {
            edit.apply(&mut project);
            prop_assert_eq!(behaviours(&project, Some(&store)), behaviours(&project, None), "after {:?}", edit);
        }
    }
}
