//! Routers and wrappers.

use super::{has, javascript, python};

#[test]
fn routes_of_powertools() {
    let print = python(
        r#"
from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayRestResolver
import boto3

logger = Logger()
app = APIGatewayRestResolver()
table = boto3.resource("dynamodb").Table("carts")

@app.get("/carts/<cart_id>")
def get_cart(cart_id: str):
    return table.get_item(Key={"id": cart_id})["Item"]

@app.post("/carts")
def create():
    table.put_item(Item=app.current_event.json_body)
    return {"ok": True}, 201

@logger.inject_lambda_context
def handler(event, context):
    return app.resolve(event, context)
"#,
    );
    has(
        &print,
        &[
            "route GET /carts/{cart_id} at 11 [0]",
            "route POST /carts at 15 [1]",
            "input {Key: marshall({id: event.pathParameters.cart_id}), TableName: 'carts'}",
            "input {Item: marshall(parsed(event.body)), TableName: 'carts'}",
            "path [0] when event.httpMethod == 'GET' and event.path == '/carts/{cart_id}'",
            "returns {statusCode: 201, body: json({ok: true})} at 21",
        ],
    );
}

#[test]
fn routes_of_fastapi_with_dependencies() {
    let print = python(
        r#"
from fastapi import APIRouter, Depends, FastAPI
from mangum import Mangum
from pydantic import BaseModel
import boto3

class Item(BaseModel):
    name: str

def get_table():
    return boto3.resource("dynamodb").Table("items")

router = APIRouter(prefix="/items")

@router.post("")
async def create(item: Item, table=Depends(get_table)):
    table.put_item(Item={"name": item.name})
    return item

app = FastAPI()
app.include_router(router, prefix="/v1")
handler = Mangum(app)
"#,
    );
    has(
        &print,
        &[
            "route POST /v1/items at 16 [0]",
            "input {Item: marshall({name: parsed(event.body).name}), TableName: 'items'}",
        ],
    );
}

#[test]
fn routes_of_express_behind_an_adapter() {
    let print = javascript(
        r#"
import express from 'express';
import serverless from 'serverless-http';
import { S3 } from '@aws-sdk/client-s3';
const s3 = new S3({});
const app = express();
const router = express.Router();
app.use(express.json());
router.delete('/files/:key', async (req, res) => {
  await s3.deleteObject({ Bucket: 'files', Key: req.params.key });
  res.status(204).send();
});
app.use('/api', router);
export const handler = serverless(app);
"#,
    );
    has(
        &print,
        &[
            "route DELETE /api/files/{key} at 9 [0]",
            "input {Bucket: 'files', Key: event.pathParameters.key}",
            "effect 0: s3:DeleteObject on 'files' at 10 may",
        ],
    );
}

#[test]
fn parameters_and_batches_of_powertools() {
    let print = python(
        r#"
from aws_lambda_powertools.utilities import parameters
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
import boto3

processor = BatchProcessor(event_type=EventType.SQS)
table = boto3.resource("dynamodb").Table(parameters.get_parameter("/table"))

def one(record):
    table.put_item(Item=record.json_body)

def handler(event, context):
    return process_partial_response(event=event, record_handler=one, processor=processor, context=context)
"#,
    );
    has(
        &print,
        &[
            "effect 0: ssm:GetParameter on '/table' at 7 must init",
            "effect 1: dynamodb:PutItem on result 0 at 10 must per item of event.Records",
        ],
    );
}

#[test]
fn controllers_with_injected_services() {
    let print = javascript(
        r#"
import { Container, inject, injectable } from 'inversify';
import { controller, httpGet, InversifyExpressServer, requestParam, response } from 'inversify-express-utils';
import serverless from 'serverless-http';
import { S3 } from '@aws-sdk/client-s3';

const TYPES = { Store: Symbol.for('Store'), Client: Symbol.for('Client') };

@injectable()
class Store {
  constructor(@inject(TYPES.Client) private client: S3) {}
  drop(key: string) { return this.client.deleteObject({ Bucket: process.env.BUCKET, Key: key }); }
}

@controller('/files')
class Files {
  constructor(@inject(TYPES.Store) private store: Store) {}
  @httpGet('/:key')
  public async get(@requestParam('key') key: string, @response() res: any) {
    await this.store.drop(key);
    res.status(204).send();
  }
}

const container = new Container();
container.bind<Store>(TYPES.Store).to(Store).inSingletonScope();
container.bind<S3>(TYPES.Client).toConstantValue(new S3({}));
const server = new InversifyExpressServer(container);
export const handler = serverless(server.build());
"#,
    );
    has(
        &print,
        &[
            "effect 0: s3:DeleteObject on env BUCKET at 12 may",
            "input {Bucket: env BUCKET, Key: event.pathParameters.key}",
            "route GET /files/{key} at 19 [0]",
        ],
    );
}

#[test]
fn containers_of_packages_give_what_was_registered() {
    let print = javascript(
        r#"
import { DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { container, inject, injectable } from "tsyringe";
import { Container, Service } from "typedi";

@injectable()
class Orders {
    constructor(@inject("db") private db: DynamoDBClient) {}
    get(id: string) { return this.db.send(new GetItemCommand({ TableName: "orders", Key: { id: { S: id } } })); }
}

@Service()
class Log {
    db = new DynamoDBClient({});
    put(id: string) { return this.db.send(new PutItemCommand({ TableName: "log", Item: { id: { S: id } } })); }
}

container.register("db", { useValue: new DynamoDBClient({}) });

export const handler = async (event) => {
    await container.resolve(Orders).get(event.id);
    await Container.get(Log).put(event.id);
};
"#,
    );
    has(
        &print,
        &[
            "effect 0: dynamodb:GetItem on 'orders' at 9 must",
            "effect 1: dynamodb:PutItem on 'log' at 15 must",
        ],
    );
    assert!(!print.contains("unknown"), "{print}");
}

#[test]
fn what_express_runs_comes_in_its_order() {
    let routes: String = ["get", "post", "put", "delete"]
        .iter()
        .flat_map(|method| ["/a/:id", "/b/:id"].map(|path| (*method, path)))
        .map(|(method, path)| {
            format!("app.{method}('{path}', async (req, res) => {{ await s3.{method}({{ Bucket: '{path}' }}); res.send(); }});\n")
        })
        .collect();
    let print = javascript(&format!(
        "import express from 'express';
import {{ configure }} from 'some-adapter';
import {{ S3 }} from '@aws-sdk/client-s3';
const s3 = new S3({{}});
const app = express();
app.use('/b', (req, res, next) => {{ s3.headBucket({{ Bucket: 'b' }}); next(); }});
{routes}app.use((req, res) => res.status(404).json({{ error: 'no such route' }}));
app.use((error, req, res, next) => res.status(500).send());
export const handler = configure({{ app }});
"
    ));
    for route in [
        "GET /a/{id}",
        "GET /b/{id}",
        "POST /a/{id}",
        "POST /b/{id}",
        "PUT /a/{id}",
        "PUT /b/{id}",
        "DELETE /a/{id}",
        "DELETE /b/{id}",
    ] {
        assert!(print.contains(&format!("route {route} at ")), "{route} in {print}");
    }
    let of = |route: &str| print.lines().find(|line| line.contains(route)).unwrap_or_default().to_owned();
    let head = print.lines().find(|line| line.contains("s3:HeadBucket")).expect("it runs for `/b`");
    let number = head.trim_start_matches("effect ").split(':').next().unwrap_or_default();
    assert!(of("route GET /b/{id}").contains(&format!("[{number} ")), "{print}");
    assert!(!of("route GET /a/{id}").contains(&format!("[{number} ")), "{print}");
    has(&print, &["returns {statusCode: 404, body: json({error: 'no such route'})} at 15"]);
    assert!(!print.contains("statusCode: 500"), "{print}");
}

#[test]
fn modules_of_a_container_bind_what_is_not_bound() {
    let print = javascript(
        r#"
import { Container, ContainerModule, inject, injectable, interfaces } from 'inversify';
import AWS from 'aws-sdk';
const TYPES = { Factory: Symbol.for('Factory'), Lambda: Symbol.for('Lambda'), Invoker: Symbol.for('Invoker') };
@injectable()
class Invoker {
  private lambda: AWS.Lambda;
  constructor(@inject(TYPES.Factory) factory: () => AWS.Lambda) { this.lambda = factory(); }
  async invoke(name: string) { return this.lambda.invoke({ FunctionName: name }).promise(); }
}
const calls = new ContainerModule((bind: interfaces.Bind, _unbind: interfaces.Unbind, isBound: interfaces.IsBound) => {
  if (!isBound(TYPES.Invoker)) {
    bind<Invoker>(TYPES.Invoker).to(Invoker);
    bind<interfaces.Factory<AWS.Lambda>>(TYPES.Factory).toFactory<AWS.Lambda>((context: interfaces.Context) => () => {
      if (!isBound(TYPES.Lambda)) {
        bind<AWS.Lambda>(TYPES.Lambda).toConstantValue(new AWS.Lambda());
      }
      return context.container.get<AWS.Lambda>(TYPES.Lambda);
    });
  }
});
const container = new Container();
container.load(calls);
container.load(calls);
export const handler = async () => container.get<Invoker>(TYPES.Invoker).invoke('other');
"#,
    );
    has(&print, &["effect 0: lambda:Invoke on 'other' at 9 must"]);
}

#[test]
fn a_container_gives_all_it_has_to_what_it_makes() {
    let print = javascript(
        r#"
import { asClass, asFunction, asValue, createContainer } from 'awilix';
import { SQS } from '@aws-sdk/client-sqs';
class Repository {
  constructor(private all: any) {}
  save() { return this.all.client.sendMessage({ QueueUrl: this.all.queue, MessageBody: '' }); }
}
class Controller {
  private repository: any;
  constructor({ repository }: any) { this.repository = repository; }
  create() { return this.repository.save(); }
}
const container = createContainer();
container.register({
  client: asFunction(() => new SQS({})).singleton(),
  queue: asValue('orders'),
  repository: asClass(Repository).singleton(),
  controller: asClass(Controller),
});
export const handler = async () => container.resolve('controller').create();
"#,
    );
    has(&print, &["effect 0: sqs:SendMessage on 'orders' at 6 must"]);
}

#[test]
fn providers_of_a_module_are_bound() {
    let print = javascript(
        r#"
import { Controller, Inject, Injectable, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import serverless from 'serverless-http';
import { SQS } from '@aws-sdk/client-sqs';
@Injectable()
class Orders {
  constructor(@Inject('CLIENT') private client: any) {}
  save() { return this.client.sendMessage({ QueueUrl: 'orders', MessageBody: '' }); }
}
@Controller('orders')
class OrdersController {
  constructor(private readonly orders: Orders) {}
  @Post()
  create() { return this.orders.save(); }
}
@Module({ controllers: [OrdersController], providers: [Orders, { provide: 'CLIENT', useFactory: () => new SQS({}) }] })
class AppModule {}
export const handler = async (event: any, context: any) => {
  const app = await NestFactory.create(AppModule);
  await app.init();
  return serverless(app.getHttpAdapter().getInstance())(event, context);
};
"#,
    );
    assert!(print.contains("sqs:SendMessage on 'orders' at 9"), "{print}");
}

#[test]
fn views_of_flask_and_what_serves_them() {
    let print = python(
        r#"
import awsgi
import boto3
from flask import Blueprint, Flask
from flask.views import MethodView

sqs = boto3.client("sqs")
views = Blueprint("views", __name__, url_prefix="/v1")

@views.route("/a", methods=["POST"])
def create():
    sqs.send_message(QueueUrl="one", MessageBody="1")
    return {}

class Orders(MethodView):
    def get(self, id):
        sqs.send_message(QueueUrl="two", MessageBody="2")
        return {}

views.add_url_rule("/orders/<id>", view_func=Orders.as_view("orders"))
app = Flask(__name__)
app.register_blueprint(views)

def handler(event, context):
    return awsgi.response(app, event, context)
"#,
    );
    has(&print, &["route POST /v1/a at 11 [0]"]);
    assert!(print.contains("route GET /v1/orders/{id}"), "{print}");
    assert!(print.contains("sqs:SendMessage on 'two'"), "{print}");
}
