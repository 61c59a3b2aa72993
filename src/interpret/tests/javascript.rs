//! Idioms of JavaScript and TypeScript handlers.

use super::{Case, has, javascript};

#[test]
fn commands_of_the_document_client() {
    let print = javascript(
        r#"
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";

const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const { TABLE = "items" } = process.env;

export const handler = async (event: any) => {
  const { Item } = await client.send(new GetCommand({ TableName: TABLE, Key: { id: event.pathParameters?.id } }));
  return Item ? { statusCode: 200, body: JSON.stringify(Item) } : { statusCode: 404 };
};
"#,
    );
    has(
        &print,
        &[
            "effect 0: dynamodb:GetItem on env TABLE at 9 must",
            "input {TableName: (env TABLE or 'items'), Key: marshall({id: event.pathParameters.id})}",
            "env TABLE at 6 default must init",
            "returns {statusCode: 200, body: json(unmarshall(result 0.Item))} at 10",
            "returns {statusCode: 404} at 10",
        ],
    );
    assert!(!print.contains("unknown"), "{print}");
}

#[test]
fn the_older_sdk_by_promise_and_by_callback() {
    let print = Case::new(
        &[(
            "app.js",
            r#"
const AWS = require('aws-sdk');
const s3 = new AWS.S3();
const steps = new AWS.StepFunctions();

exports.handler = (event, context, callback) => {
  s3.getObject({ Bucket: 'b', Key: event.key }, (error, data) => {
    steps.startExecution({ stateMachineArn: process.env.MACHINE, input: data.Body.toString() }).promise()
      .then(() => callback(null, { ok: true }))
      .catch(callback);
  });
};
"#,
        )],
        "handler",
    )
    .print();
    has(
        &print,
        &[
            "effect 0: s3:GetObject on 'b' at 7 must",
            "effect 1: stepfunctions:StartExecution on env MACHINE at 8 must",
            "returns {ok: true} at 6",
        ],
    );
}

#[test]
fn promises_in_parallel_run_per_item() {
    let print = javascript(
        r#"
import { SQS } from "@aws-sdk/client-sqs";
const sqs = new SQS({});
export async function handler(event) {
  await Promise.all(event.Records.map(async (record) => {
    const body = JSON.parse(record.body);
    await sqs.sendMessage({ QueueUrl: process.env.QUEUE_URL, MessageBody: JSON.stringify(body) });
  }));
}
"#,
    );
    has(
        &print,
        &[
            "effect 0: sqs:SendMessage on env QUEUE_URL at 7 must per item of event.Records",
            "input {QueueUrl: env QUEUE_URL, MessageBody: item(event.Records).body}",
        ],
    );
}

#[test]
fn classes_and_interop_between_modules() {
    let files = [
        (
            "app.ts",
            "import { Service } from './service';\nimport config from './config';\nconst service = new Service(config.topic);\nexport const handler = middy(async (event) => service.run(event)).use(cors());\nimport middy from '@middy/core';\nimport cors from '@middy/http-cors';\n",
        ),
        (
            "service.ts",
            "import { SNSClient, PublishCommand } from '@aws-sdk/client-sns';\nabstract class Base { protected sns = new SNSClient({}); }\nexport class Service extends Base {\n  constructor(private readonly topic: string) { super(); }\n  async run(event: any) { return this.sns.send(new PublishCommand({ TopicArn: this.topic, Message: event.text })); }\n}\n",
        ),
        ("config.js", "module.exports = { topic: process.env.TOPIC };\n"),
    ];
    let print = Case::new(&files, "handler").print();
    has(
        &print,
        &["effect 0: sns:Publish on env TOPIC at service.ts:5 must", "init sns at service.ts:2 init"],
    );
}

#[test]
fn requests_are_effects_with_their_host() {
    let print = javascript(
        "import axios from 'axios';\nexport const handler = async (event) => {\n  const answer = await axios.post(`https://api.example.com/v1/${event.id}`, event);\n  return answer.data;\n};\n",
    );
    has(&print, &["effect 0: http POST on 'api.example.com' at 3 must", "returns result 0.data at 4"]);
}

#[test]
fn a_switch_on_the_route_is_a_path_per_case() {
    let print = javascript(
        r#"
import { DynamoDB } from "@aws-sdk/client-dynamodb";
const db = new DynamoDB({});
export const handler = async (event) => {
  switch (event.routeKey) {
    case "GET /items": return await db.scan({ TableName: "t" });
    case "DELETE /items/{id}": return await db.deleteItem({ TableName: "t", Key: { id: { S: event.pathParameters.id } } });
    default: throw new Error(`Unsupported route: ${event.routeKey}`);
  }
};
"#,
    );
    has(
        &print,
        &[
            "path [0] when event.routeKey == 'GET /items'",
            "path [1] when not event.routeKey == 'GET /items' and event.routeKey == 'DELETE /items/{id}'",
            "raises Error text('Unsupported route: ' event.routeKey) at 8",
        ],
    );
}

#[test]
fn an_async_iterator_is_walked() {
    let print = javascript(
        r#"
import { S3 } from '@aws-sdk/client-s3';
const s3 = new S3({});
class Pages {
  constructor(private bucket: string) {}
  async *[Symbol.asyncIterator]() {
    yield await s3.listObjectsV2({ Bucket: this.bucket });
  }
}
export const handler = async () => {
  for await (const page of new Pages('files')) {
    await s3.deleteObject({ Bucket: 'files', Key: page.Contents[0].Key });
  }
};
"#,
    );
    assert!(print.contains("s3:ListObjectsV2 on 'files'"), "{print}");
    assert!(print.contains("s3:DeleteObject on 'files'"), "{print}");
}

#[test]
fn parts_of_what_a_package_gives_may_be_empty() {
    let print = javascript(
        r#"
import Joi from 'joi';
import { z } from 'zod';
import { DynamoDBDocument } from '@aws-sdk/lib-dynamodb';
const goal = Joi.object({ name: Joi.string().required() });
const model = z.object({ name: z.string() });
const table = DynamoDBDocument.from({});
export const handler = async (event: any) => {
  const { error } = goal.validate(event);
  if (error) {
    return { statusCode: 400 };
  }
  const parsed = model.safeParse(event);
  if (!parsed.success) {
    return { statusCode: 422 };
  }
  await table.put({ TableName: 'goals', Item: event });
  return { statusCode: 201 };
};
"#,
    );
    has(
        &print,
        &[
            "returns {statusCode: 400} at 11",
            "returns {statusCode: 422} at 15",
            "effect 0: dynamodb:PutItem on 'goals' at 17 may",
            "returns {statusCode: 201} at 18",
        ],
    );
}

#[test]
fn parts_of_a_text_are_told_apart() {
    let print = javascript(
        r#"
import { DynamoDBDocument } from '@aws-sdk/lib-dynamodb';
const table = DynamoDBDocument.from({});
export const handler = async (event: any) => {
  const segments = event.rawPath.replace(/^\//, '').split('/').filter(Boolean);
  const [resource, id] = segments;
  if (!resource) {
    return { statusCode: 404 };
  }
  if (!id) {
    return table.scan({ TableName: 'players' });
  }
  return table.get({ TableName: 'players', Key: { id } });
};
"#,
    );
    assert!(print.contains("dynamodb:Scan on 'players'"), "{print}");
    assert!(print.contains("dynamodb:GetItem on 'players'"), "{print}");
}

#[test]
fn a_route_is_found_in_a_list() {
    let routes: String = (0..30)
        .map(|at| format!("  {{ path: '/r{at}', run: () => s3.headBucket({{ Bucket: 'b{at}' }}) }},\n"))
        .collect();
    let print = javascript(&format!(
        "import {{ S3 }} from '@aws-sdk/client-s3';
const s3 = new S3({{}});
const routes = [
{routes}];
export const handler = async (event: any) => {{
  const route = routes.find((one) => one.path === event.path);
  if (!route) return {{ statusCode: 404 }};
  return route.run();
}};
"
    ));
    for at in 0..30 {
        assert!(print.contains(&format!("s3:HeadBucket on 'b{at}'")), "{at} in {print}");
    }
    assert!(print.contains("{statusCode: 404}"), "{print}");
}

#[test]
fn a_method_may_be_decorated_by_its_descriptor() {
    let print = javascript(
        r#"
import { S3 } from '@aws-sdk/client-s3';
const s3 = new S3({});
function log() {
  return function (target: any, name: string, descriptor: PropertyDescriptor) {
    const original = descriptor.value;
    descriptor.value = async function (...values: any[]) { return original.apply(this, values); };
    return descriptor;
  };
}
class Store {
  bucket = 'files';
  @log()
  async drop(key: string) { return s3.deleteObject({ Bucket: this.bucket, Key: key }); }
}
const store = new Store();
export const handler = async (event: any) => store.drop(event.key);
"#,
    );
    has(
        &print,
        &["effect 0: s3:DeleteObject on 'files' at 14 must", "input {Bucket: 'files', Key: event.key}"],
    );
}

#[test]
fn what_a_development_server_keeps_is_not_there_yet() {
    let print = javascript(
        r#"
import { SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs';
const kept = globalThis as unknown as { sqs: SQSClient | undefined };
export const sqs = kept.sqs ?? new SQSClient({});
if (process.env.STAGE !== 'prod') kept.sqs = sqs;
export const handler = async (event: any) =>
  sqs.send(new SendMessageCommand({ QueueUrl: 'q', MessageBody: event.body }));
"#,
    );
    has(&print, &["effect 0: sqs:SendMessage on 'q' at 7 must"]);
    assert!(!print.contains("globalThis"), "{print}");
}

#[test]
fn types_that_the_grammar_does_not_know_hide_no_code() {
    let print = javascript(
        r#"
import { SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs';
const sqs = new SQSClient({});
export const handler = async (event: any) => {
  let found: import('./row.js').Row[] = [];
  const rows = await sql<{ id: number; at: Date }[]>`select id from ${event.table}`;
  await sqs.send(new SendMessageCommand({ QueueUrl: 'q', MessageBody: event.body }));
};
"#,
    );
    has(&print, &["effect 0: sqs:SendMessage on 'q' at 7 must"]);
    assert!(!print.contains("could not be parsed"), "{print}");
}

#[test]
fn one_of_many_things_that_hold_no_code_is_a_value() {
    let entries: String = (0..60).map(|at| format!("  k{at}: {{ name: 'n{at}', kind: 'k' }},\n")).collect();
    let print = javascript(&format!(
        "import {{ SQSClient, SendMessageCommand }} from '@aws-sdk/client-sqs';\nconst sqs = new SQSClient({{}});\nconst names = {{\n{entries}}};\nexport const handler = async (event) => sqs.send(new SendMessageCommand({{ QueueUrl: 'q', MessageBody: names[event.key].name }}));\n"
    ));
    has(&print, &["effect 0: sqs:SendMessage on 'q' at 65 must"]);
    assert!(!print.contains("unknown"), "{print}");
}
