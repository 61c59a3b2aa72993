//! What may be called and read on ways that no path took.

use super::{Case, has, javascript, python};

/// Ways that are more than are run, to a call that the first of them skip.
const MANY: &str = "
import os
import boto3

class Mock:
    def send_message(self, **given):
        pass

def queue():
    if os.environ.get('MOCKED') == 'true':
        return Mock()
    return boto3.client('sqs', region_name=os.environ['REGION'])

def handler(event, context):
    table = boto3.resource('dynamodb').Table('orders')
    if os.environ.get('MOCKED') == 'true':
        event['a'] = 1
{questions}
    item = table.get_item(Key={'id': event['id']})
    if item.get('a1') > 1:
        raise ValueError('x')
    if item.get('a2'):
        return 1
    if item.get('a3'):
        return 2
    queue().send_message(QueueUrl='q', MessageBody='b')
";

#[test]
fn a_call_behind_too_many_ways_is_known() {
    let questions: Vec<String> =
        (0..8).map(|at| format!("    if event.get('x{at}'):\n        x = {at}\n")).collect();
    let print = python(&MANY.replace("{questions}", &questions.concat()));
    has(&print, &["effect 1: sqs:SendMessage on 'q' at 42 may", "env REGION at 12 may"]);
    assert!(print.contains("too many paths"), "{print}");
}

#[test]
fn what_was_answered_while_modules_loaded_leaves_no_side_out() {
    let questions: String =
        (0..12).map(|at| format!("  if (request.body.x{at}) {{ note.push(String({at})); }}\n")).collect();
    let print = javascript(&format!(
        "
import express from 'express';
import serverless from 'serverless-http';
const level = process.env.STAGE === 'dev' ? 'debug' : 'info';
const app = express();
app.get('/health', async (request, response) => {{
  const note = [level];
{questions}
  if (process.env.STAGE === 'prod') {{
    if (request.headers.token !== process.env.HEALTH_TOKEN) return response.status(401).json({{}});
  }}
  response.json({{ note }});
}});
export const handler = serverless(app);
"
    ));
    has(&print, &["env HEALTH_TOKEN at 22 may"]);
}

#[test]
fn all_routes_and_all_sides_are_looked_at() {
    let questions: String = (0..8)
        .map(|at| format!("  if (request.body.x{at}) {{ note.push(String({at})); last = {at}; }}\n"))
        .collect();
    let print = javascript(&format!(
        "
import express from 'express';
import serverless from 'serverless-http';
import {{ SNSClient, PublishCommand }} from '@aws-sdk/client-sns';
const sns = new SNSClient({{}});
const app = express();
let ready = false;
app.post('/orders', async (request, response) => {{
  const note = [];
  let last = 0;
{questions}
  try {{
    if (!ready) {{ throw new Error('not yet'); }}
  }} catch (error) {{
    if (request.query.a) return response.json({{}});
    if (request.query.b) return response.json({{}});
    if (last === 7 && request.query.c === 'd') {{
      await sns.send(new PublishCommand({{ TopicArn: process.env.TOPIC, Message: 'late' }}));
    }}
  }}
  response.json({{ last }});
}});
export const handler = serverless(app);
"
    ));
    has(&print, &["effect 0: sns:Publish on env TOPIC at 26 may", "env TOPIC at 26 may"]);
}

#[test]
fn what_a_package_is_given_may_run() {
    let print = python(
        "
import os
import boto3
from chat_framework import App, SkillHandler

app = App(token=os.environ['TOKEN'])

@app.event('mention')
def answer(body, say):
    boto3.client('sqs').send_message(QueueUrl=os.environ['QUEUE'], MessageBody='x')

def handler(event, context):
    return SkillHandler(app).handle(event, context)
",
    );
    assert!(print.contains("sqs:SendMessage on env QUEUE at 10 may"), "{print}");
    assert!(print.contains("functions given to a package"), "{print}");
}

#[test]
fn what_runs_on_an_error_is_read() {
    let print = javascript(
        "
import express from 'express';
import serverless from 'serverless-http';
const app = express();
app.get('/', (request, response) => response.json({}));
app.use((error, request, response, next) => {
  response.status(500).json({ detail: process.env.STAGE === 'dev' ? error.message : undefined });
});
export const handler = serverless(app);
",
    );
    has(&print, &["env STAGE at 7 may"]);
    assert!(!print.contains("unknown"), "{print}");
}

#[test]
fn what_is_not_known_is_not_the_same() {
    let print = javascript(
        "
const AWS = require('aws-sdk');
const other = require('other');
const table = new AWS.DynamoDB.DocumentClient();
exports.handler = async (event) => {
  const user = await verify(event.token);
  if (user.role !== 'admin') throw new Error('no');
  return table.get({ TableName: process.env.TABLE, Key: { id: 1 } }).promise();
};
function verify(token) {
  return new Promise((resolve, reject) => {
    other.verify(token, (error, user) => {
      if (error) { reject(error); } else { resolve(user); }
    });
  });
}
",
    );
    assert!(print.contains("dynamodb:GetItem on env TABLE at 8"), "{print}");
}

#[test]
fn a_module_chosen_by_a_condition_is_one_of_two() {
    let files = [
        (
            "app.js",
            "const store = require(process.env.LOCAL ? './near' : './far');
exports.handler = async () => store.get();",
        ),
        ("near.js", "exports.get = () => process.env.NEAR;"),
        ("far.js", "exports.get = () => process.env.FAR;"),
    ];
    let print = Case::new(&files, "handler").print();
    has(
        &print,
        &["env LOCAL at 1 default must init", "env NEAR at near.js:1 may", "env FAR at far.js:1 may"],
    );
}

#[test]
fn a_list_of_routes_is_a_router() {
    let print = javascript(
        "
import middy from '@middy/core';
import httpRouter from '@middy/http-router';
import { DynamoDBClient, ScanCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
const client = new DynamoDBClient({});
const routes = [
  { method: 'GET', path: '/orders', handler: async () => client.send(new ScanCommand({ TableName: 'orders' })) },
  { method: 'POST', path: '/orders', handler: async (event) => client.send(new PutItemCommand({ TableName: 'orders', Item: event.body })) },
];
export const handler = middy().use({ before: (request) => { request.stage = process.env.STAGE; } }).handler(httpRouter(routes));
",
    );
    has(
        &print,
        &["effect 0: dynamodb:Scan on 'orders' at 7 may", "effect 1: dynamodb:PutItem on 'orders' at 8 may"],
    );
    assert!(print.contains("env STAGE at 10"), "{print}");
}

#[test]
fn a_schema_names_the_variables_it_reads() {
    let print = javascript(
        "
import { cleanEnv, str } from 'envalid';
import { z } from 'zod';
import { createEnv } from '@t3-oss/env-core';
const env = cleanEnv(process.env, { TABLE: str() });
const parsed = z.object({ BUCKET: z.string(), STAGE: z.string().optional() }).safeParse(process.env);
const more = createEnv({ server: { DB_URL: z.string() }, runtimeEnv: process.env });
export const handler = async () => [env.TABLE, parsed.data.BUCKET];
",
    );
    for name in ["TABLE", "BUCKET", "STAGE", "DB_URL"] {
        assert!(print.contains(&format!("env {name} at ")), "{name} in:\n{print}");
    }
    assert!(print.contains("returns [env TABLE, env BUCKET]"), "{print}");
}

#[test]
fn a_method_of_a_client_may_be_looked_up() {
    let print = python(
        "
import boto3

sns = boto3.client('sns')

def handler(event, context):
    return getattr(sns, 'publish')(TopicArn='orders', Message='x')
",
    );
    has(&print, &["effect 0: sns:Publish on 'orders' at 7 must"]);
}

#[test]
fn commands_are_built_from_entities() {
    let print = javascript(
        "
import { Table, Entity, GetItemCommand, QueryCommand, item, string } from 'dynamodb-toolbox';
const table = new Table({ name: process.env.TABLE });
const users = new Entity({ name: 'user', table, schema: item({ id: string().key() }) });
export const handler = async (event) => {
  await users.build(GetItemCommand).key({ id: event.id }).send();
  await table.build(QueryCommand).query({ partition: 'a' }).send();
};
",
    );
    assert!(print.contains("dynamodb:GetItem"), "{print}");
    assert!(print.contains("dynamodb:Query"), "{print}");
}
