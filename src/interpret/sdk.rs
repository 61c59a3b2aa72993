//! AWS SDKs: from clients, commands and resource objects to effects.

use std::rc::Rc;
use std::sync::Arc;

use super::acted_on::acted_on;
use super::domain::{Arguments, Aws, Eval, Extern, Kind, Object, Value};
use super::engine::Engine;
use super::identity::Session;
use super::shape::{self, computed};
use super::statements::Items;
use crate::aws::libraries::Does;
use crate::aws::sdk::{self, Call};
use crate::source::Span;
use crate::summary::{Action, Names, Shape, Symbol};

/// What it is given holds for all clients.
const DEFAULT_SESSION: &str = "setup_default_session";

impl<'p> Engine<'p> {
    /// Functions of the SDKs that make clients, and a few that stand for calls.
    pub(super) fn sdk_function(
        &mut self,
        does: Does,
        external: &Rc<Extern<'p>>,
        arguments: Arguments<'p>,
        span: Span,
    ) -> Eval<'p> {
        Ok(match does {
            Does::AwsSession => {
                let session = self.session(&arguments);
                if session.own_credentials && external.path.ends_with(DEFAULT_SESSION) {
                    self.gives_all_credentials(span);
                }
                let Session { own_credentials, varies } = session;
                Value::Aws(Rc::new(Aws::Session { own_credentials, varies }))
            }
            Does::AwsClient => self.boto3_client(&arguments, Session::default(), span),
            Does::AwsResource => self.boto3_resource(&arguments, Session::default(), span),
            Does::DocumentClient => self.new_client("dynamodb", true, &arguments, Session::default(), span),
            Does::AwsCredentials => Value::unknown(),
            Does::Presign => {
                let from =
                    self.shapes(&arguments).into_iter().filter(|shape| *shape != Shape::Unknown).collect();
                Value::shape(computed("presigned url", from, span))
            }
            Does::Upload => {
                // `new Upload({client, params}).done()`
                let given = external.arguments.first().unwrap_or_else(Value::null);
                let input = self.member(&given, "params", span, false)?;
                self.operation("s3", "PutObject", &input, false, span)?
            }
            _ => {
                let from = external
                    .arguments
                    .all()
                    .chain(arguments.all())
                    .map(|value| self.shape_of(value))
                    .collect();
                let operation =
                    external.path.rsplit('.').next().unwrap_or("condition").trim_end_matches("()").to_owned();
                Value::shape(computed(operation, from, span))
            }
        })
    }

    fn boto3_client(&mut self, arguments: &Arguments<'p>, of: Session, span: Span) -> Value<'p> {
        match arguments.get(0, "service_name").and_then(|service| self.key_of(&service)) {
            Some(service) => self.new_client(&service, false, arguments, of, span),
            None => {
                let value = Value::Aws(Rc::new(Aws::Client { service: "?".into(), document: false }));
                self.ledger.unknown(span, "a client of a service that is not known", false);
                value
            }
        }
    }

    fn boto3_resource(&mut self, arguments: &Arguments<'p>, of: Session, span: Span) -> Value<'p> {
        let Some(service) = arguments.get(0, "service_name").and_then(|service| self.key_of(&service)) else {
            return self.unknown(span, "a resource of a service that is not known", true);
        };
        let resource = Aws::Resource {
            service: service.as_str().into(),
            kind: "ServiceResource".into(),
            identity: Vec::new(),
        };
        let value = Value::Aws(Rc::new(resource));
        let built = self.session(arguments).and(of);
        self.built_from(&value, &service, built, span);
        value
    }

    fn new_client(
        &mut self,
        service: &str,
        document: bool,
        arguments: &Arguments<'p>,
        of: Session,
        span: Span,
    ) -> Value<'p> {
        let value = Value::Aws(Rc::new(Aws::Client { service: service.into(), document }));
        let built = self.session(arguments).and(of);
        self.built_from(&value, service, built, span);
        value
    }

    /// Classes of the JavaScript SDKs, by the path of the package.
    pub(super) fn call_aws_external(
        &mut self,
        external: &Rc<Extern<'p>>,
        arguments: &Arguments<'p>,
        span: Span,
    ) -> Eval<'p, Option<Value<'p>>> {
        let path = &*external.path;
        if let Some(class) = sdk::class_of_v3(path) {
            let (service, document) = (&class.service, class.document);
            if let Some(name) = class.name.strip_suffix("Command") {
                let operation = sdk::operation_of_command(name, document);
                let input = arguments
                    .first()
                    .unwrap_or_else(|| Value::Object(self.new_object(Object::new(Kind::Dictionary))));
                return Ok(Some(Value::Aws(Rc::new(Aws::Command {
                    service: service.as_str().into(),
                    operation: operation.into(),
                    input,
                    document,
                }))));
            }
            if let Some(name) = class.name.strip_prefix("paginate") {
                let operation = sdk::operation_of_command(name, document);
                let input = arguments.positional.get(1).cloned().unwrap_or_else(Value::null);
                return Ok(Some(self.paginated(service, &operation, &input, document, span)?));
            }
            if let Some(name) = class.name.strip_prefix("waitUntil") {
                let input = arguments.positional.get(1).cloned().unwrap_or_else(Value::null);
                return Ok(Some(self.waited(service, name, &input, span)?));
            }
            let session = Session::default();
            return Ok(class
                .is_client()
                .then(|| self.new_client(service, document, arguments, session, span)));
        }
        if let Some(class) = sdk::class_of_v2(path) {
            if class == "config.update" && self.session(arguments).own_credentials {
                self.gives_all_credentials(span);
            }
            return Ok(sdk::is_client_of_v2(class).then(|| {
                let service = sdk::service_of_class(class);
                self.new_client(&service, false, arguments, Session::default(), span)
            }));
        }
        self.mapper_call(external, arguments, span)
    }

    /// A client, from the name of its class where a parameter declares it.
    pub(super) fn client_of_type(&self, path: &str) -> Option<Value<'p>> {
        let client = |service: String, document| {
            Some(Value::Aws(Rc::new(Aws::Client { service: service.into(), document })))
        };
        if let Some(class) = sdk::class_of_v3(path) {
            return if class.is_client() { client(class.service, class.document) } else { None };
        }
        if sdk::is_document_client_of_v2(path) {
            return client("dynamodb".to_owned(), true);
        }
        if let Some(class) = sdk::class_of_v2(path).filter(|class| !class.contains('.')) {
            return client(sdk::service_of_class(class), false);
        }
        let (service, class) = sdk::class_of_stub(path)?;
        Some(Value::Aws(Rc::new(if class.ends_with("Client") {
            Aws::Client { service: service.into(), document: false }
        } else {
            let kind = if class.ends_with("ServiceResource") { "ServiceResource" } else { class };
            Aws::Resource { service: service.into(), kind: kind.into(), identity: Vec::new() }
        })))
    }

    /// Sends an operation: the effect, and its answer as a value.
    pub(super) fn operation(
        &mut self,
        service: &str,
        operation: &str,
        input: &Value<'p>,
        document: bool,
        span: Span,
    ) -> Eval<'p> {
        let input = self.shape_of(input);
        let on = acted_on(service, &input);
        let input = if document { marshalled(input) } else { input };
        let action = Action::Aws { service: service.to_owned(), operation: operation.to_owned() };
        let id = self.effect(action, on, input, span)?;
        let answer = Shape::Symbol(Symbol::Result(id, Names::default()));
        Ok(Value::shape(if document {
            Shape::Coded { coding: "document".to_owned(), value: Arc::new(answer) }
        } else {
            answer
        }))
    }

    fn paginated(
        &mut self,
        service: &str,
        operation: &str,
        input: &Value<'p>,
        document: bool,
        span: Span,
    ) -> Eval<'p> {
        let page = self.repeated(service, operation, input, document, span)?;
        let mut pages = Object::new(Kind::List);
        let of = self.shape_of(&page);
        pages.each = Some((Rc::new(of), page));
        Ok(Value::Object(self.new_object(pages)))
    }

    fn waited(&mut self, service: &str, name: &str, input: &Value<'p>, span: Span) -> Eval<'p> {
        let Some(operation) = sdk::operation_of_waiter(name) else {
            return Ok(self.unknown(span, format!("waiter `{name}`"), true));
        };
        self.repeated(service, operation, input, false, span)
    }

    /// The same operation again and again, until there is nothing more or something has come about.
    fn repeated(
        &mut self,
        service: &str,
        operation: &str,
        input: &Value<'p>,
        document: bool,
        span: Span,
    ) -> Eval<'p> {
        self.enter_loop(None);
        let answer = self.operation(service, operation, input, document, span);
        self.leave_loop();
        answer
    }

    pub(super) fn aws_member(&mut self, aws: &Rc<Aws<'p>>, object: &Value<'p>, name: &str) -> Value<'p> {
        match &**aws {
            Aws::Client { .. } if name == "exceptions" || name == "meta" || name == "config" => {
                Value::external(format!("aws.{name}"))
            }
            Aws::Client { .. } | Aws::Session { .. } => self.bound(Value::external(name), object.clone()),
            Aws::Resource { service, kind, identity } => {
                let row = sdk::resource_kind(service, kind);
                match name {
                    "meta" => Value::Aws(aws.clone()),
                    // `resource.meta.client`
                    "client" => Value::Aws(Rc::new(Aws::Client { service: service.clone(), document: true })),
                    _ if let Some(place) = sdk::identifier(name) => {
                        identity.get(place).map_or_else(Value::unknown, |(_, value)| value.clone())
                    }
                    _ if row.and_then(|row| row.method(name)).is_some() => {
                        Value::Aws(Rc::new(Aws::Collection {
                            service: service.clone(),
                            kind: kind.clone(),
                            name: name.into(),
                            identity: identity.clone(),
                        }))
                    }
                    _ => Value::unknown(),
                }
            }
            Aws::Command { input, .. } if name == "input" => input.clone(),
            _ => Value::unknown(),
        }
    }

    pub(super) fn call_aws(&mut self, aws: &Rc<Aws<'p>>, arguments: Arguments<'p>, span: Span) -> Eval<'p> {
        match &**aws {
            Aws::Operation { service, operation, document } => {
                let input = self.input(&arguments);
                self.operation(service, operation, &input, *document, span)
            }
            Aws::Collection { .. } => self.resource_call(aws, arguments, span),
            _ => Ok(self.unknown(span, "a call of a client", true)),
        }
    }

    /// The input of an operation: named arguments, or the first one.
    pub(super) fn input(&mut self, arguments: &Arguments<'p>) -> Value<'p> {
        if arguments.named.is_empty() && arguments.rest_named.is_none() {
            return arguments
                .first()
                .filter(|first| !first.is_callable())
                .unwrap_or_else(|| Value::Object(self.new_object(Object::new(Kind::Dictionary))));
        }
        let mut object = Object::new(Kind::Dictionary);
        object.entries.clone_from(&arguments.named);
        let loc = self.new_object(object);
        if let Some(rest) = &arguments.rest_named {
            self.copy_into(loc, rest);
        }
        Value::Object(loc)
    }

    pub(super) fn aws_method(
        &mut self,
        aws: &Rc<Aws<'p>>,
        receiver: &Value<'p>,
        name: &str,
        arguments: Arguments<'p>,
        span: Span,
    ) -> Eval<'p> {
        match &**aws {
            Aws::Session { own_credentials, varies } => Ok(match name {
                "client" | "create_client" => {
                    let of = Session { own_credentials: *own_credentials, varies: *varies };
                    self.boto3_client(&arguments, of, span)
                }
                "resource" => {
                    let of = Session { own_credentials: *own_credentials, varies: *varies };
                    self.boto3_resource(&arguments, of, span)
                }
                _ => Value::unknown(),
            }),
            Aws::Client { service, document } => {
                self.client_method(service, *document, receiver, name, arguments, span)
            }
            Aws::Resource { .. } | Aws::Collection { .. } | Aws::BatchWriter { .. } => {
                self.resource_method(aws, receiver, name, arguments, span)
            }
            Aws::Operation { service, operation, document } => match name {
                "paginate" => {
                    let input = self.input(&arguments);
                    self.paginated(service, operation, &input, *document, span)
                }
                _ => Ok(Value::unknown()),
            },
            Aws::Waiter { service, operation } => {
                if name != "wait" {
                    return Ok(Value::unknown());
                }
                let input = self.input(&arguments);
                self.repeated(service, operation, &input, false, span)
            }
            Aws::Command { .. } => Ok(receiver.clone()),
            Aws::Entity { .. } => self.entity_method(aws, receiver, name, arguments, span),
        }
    }

    fn client_method(
        &mut self,
        service: &Rc<str>,
        document: bool,
        receiver: &Value<'p>,
        name: &str,
        arguments: Arguments<'p>,
        span: Span,
    ) -> Eval<'p> {
        match name {
            "send" => {
                let Some(command) = arguments.first() else { return Ok(Value::unknown()) };
                return self.send(&command, &arguments, span);
            }
            "get_paginator" => {
                let Some(method) = arguments.first().and_then(|name| self.key_of(&name)) else {
                    return Ok(self.unknown(span, "a paginator of an operation that is not known", true));
                };
                let Call::Operation(operation) = sdk::call_of_method(service, &method, document) else {
                    return Ok(Value::unknown());
                };
                return Ok(Value::Aws(Rc::new(Aws::Operation {
                    service: service.clone(),
                    operation: operation.into(),
                    document,
                })));
            }
            "get_waiter" => {
                let waiter = arguments.first().and_then(|name| self.key_of(&name));
                let operation = waiter.as_deref().and_then(sdk::operation_of_waiter);
                return Ok(match operation {
                    Some(operation) => Value::Aws(Rc::new(Aws::Waiter {
                        service: service.clone(),
                        operation: operation.into(),
                    })),
                    None => self.unknown(span, "a waiter that is not known", true),
                });
            }
            "waitFor" => {
                let name = arguments.first().and_then(|name| self.key_of(&name)).unwrap_or_default();
                let input = arguments.positional.get(1).cloned().unwrap_or_else(Value::null);
                let answer = self.waited(service, &name, &input, span)?;
                self.answered(&answer, &arguments, span)?;
                return Ok(answer);
            }
            "scanPages" | "createTransaction" | "use" | "add" | "setMaxListeners" => {
                return Ok(receiver.clone());
            }
            "bind" | "promise" | "on" | "then" => return Ok(receiver.clone()),
            _ => {}
        }
        if &**service == "?" {
            return Ok(self.unknown(span, "a call of a client of a service that is not known", true));
        }
        match sdk::call_of_method(service, name, document) {
            Call::Nothing => {
                if name.starts_with("__") {
                    return Ok(receiver.clone());
                }
                let from = self.shapes(&arguments);
                let signed = if name.contains("url") || name.contains("Url") || name.contains("post") {
                    "presigned url"
                } else {
                    name
                };
                self.answered(&Value::unknown(), &arguments, span)?;
                Ok(Value::shape(computed(signed, from, span)))
            }
            Call::Operation(operation) => {
                let input = match sdk::transfer_input(service, name) {
                    Some(members) => self.named_input(&arguments, members),
                    None => self.input(&arguments),
                };
                let answer = self.operation(service, &operation, &input, document, span)?;
                self.answered(&answer, &arguments, span)?;
                Ok(answer)
            }
        }
    }

    fn named_input(&mut self, arguments: &Arguments<'p>, members: &[String]) -> Value<'p> {
        let mut object = Object::new(Kind::Dictionary);
        for (index, member) in members.iter().enumerate() {
            if let Some(value) = arguments.get(index, member) {
                object.set(member, value);
            }
        }
        Value::Object(self.new_object(object))
    }

    fn send(&mut self, command: &Value<'p>, arguments: &Arguments<'p>, span: Span) -> Eval<'p> {
        match command {
            Value::Aws(aws) => match &**aws {
                Aws::Command { service, operation, input, document } => {
                    let (service, operation, input, document) =
                        (service.clone(), operation.clone(), input.clone(), *document);
                    let answer = self.operation(&service, &operation, &input, document, span)?;
                    self.answered(&answer, arguments, span)?;
                    Ok(answer)
                }
                _ => Ok(self.unknown(span, "a command that is not known", true)),
            },
            _ => Ok(self.unknown(span, "a command that is not known", true)),
        }
    }

    /// Walking over a collection or a paginator.
    pub(super) fn aws_items(&mut self, aws: &Rc<Aws<'p>>, span: Span) -> Items<'p> {
        let listed = match &**aws {
            Aws::Collection { .. } => self.resource_call(aws, Arguments::default(), span),
            _ => Ok(Value::unknown()),
        };
        match listed {
            Ok(Value::Object(loc)) => self.all_items(&Value::Object(loc), span),
            Ok(Value::Shape(shape)) => {
                let item = shape::item(&shape);
                Items { known: Vec::new(), more: Some((Some((*shape).clone()), Value::shape(item))) }
            }
            _ => Items { known: Vec::new(), more: Some((None, Value::unknown())) },
        }
    }
}

/// Wraps what a document layer takes as plain data.
pub(super) fn marshalled(input: Shape) -> Shape {
    match input {
        Shape::Object { entries, open } => Shape::Object {
            entries: entries
                .iter()
                .map(|(name, value)| {
                    let is_marshalled = sdk::is_marshalled_input(name);
                    let value = value.clone();
                    (name.clone(), if is_marshalled { shape::coded("marshall", value) } else { value })
                })
                .collect(),
            open,
        },
        other => other,
    }
}
