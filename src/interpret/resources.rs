//! Resource objects of boto3, and mappers over DynamoDB.

use std::rc::Rc;
use std::sync::Arc;

use super::domain::{Arguments, Aws, Eval, Kind, Object, Text, Value};
use super::engine::Engine;
use crate::aws::sdk;
use crate::source::Span;
use crate::summary::{Shape, Symbol};

impl<'p> Engine<'p> {
    pub(super) fn resource_method(
        &mut self,
        aws: &Rc<Aws<'p>>,
        receiver: &Value<'p>,
        name: &str,
        arguments: Arguments<'p>,
        span: Span,
    ) -> Eval<'p> {
        match &**aws {
            Aws::Resource { service, kind, identity } => {
                let row = sdk::resource_kind(service, kind);
                if name == "batch_writer" {
                    return Ok(Value::Aws(Rc::new(Aws::BatchWriter { table: receiver.clone() })));
                }
                if matches!(
                    name,
                    "get_available_subresources"
                        | "wait_until_exists"
                        | "wait_until_not_exists"
                        | "__enter__"
                        | "__aenter__"
                        | "close"
                ) {
                    return Ok(receiver.clone());
                }
                if let Some((operation, gives)) = row.and_then(|row| row.method(name)) {
                    return self.resource_operation(
                        (service, kind),
                        identity,
                        operation,
                        gives,
                        name,
                        arguments,
                        span,
                    );
                }
                if name.starts_with(char::is_uppercase) {
                    return Ok(self.sub_resource(service, name, identity, &arguments, span));
                }
                Ok(self.unknown(span, format!("method `{name}` of a resource"), true))
            }
            // `bucket.objects.filter(...)`, `.all()`, `.delete()`
            Aws::Collection { service, .. } => match name {
                "delete" if &**service == "s3" => {
                    let input = self.identity_input(aws, Arguments::default());
                    self.resource_call(aws, Arguments::default(), span)?;
                    self.operation(service, "DeleteObjects", &input, true, span)
                }
                _ => self.resource_call(aws, arguments, span),
            },
            Aws::BatchWriter { table } => {
                if name.starts_with("__") {
                    return Ok(receiver.clone());
                }
                let table = match table {
                    Value::Aws(table) => match &**table {
                        Aws::Resource { identity, .. } => identity.first().map(|(_, value)| value.clone()),
                        _ => None,
                    },
                    _ => None,
                };
                let input = self.batch_input(table, name, &arguments);
                self.operation("dynamodb", "BatchWriteItem", &input, true, span)
            }
            _ => Ok(Value::unknown()),
        }
    }

    /// `{RequestItems: {table: [{PutRequest: {Item}}]}}`.
    fn batch_input(
        &mut self,
        table: Option<Value<'p>>,
        method: &str,
        arguments: &Arguments<'p>,
    ) -> Value<'p> {
        let (request, member) =
            if method == "delete_item" { ("DeleteRequest", "Key") } else { ("PutRequest", "Item") };
        let mut inner = Object::new(Kind::Dictionary);
        if let Some(value) = arguments.get(0, member) {
            inner.set(member, value);
        }
        let inner = Value::Object(self.new_object(inner));
        let mut outer = Object::new(Kind::Dictionary);
        outer.set(request, inner);
        let mut input = Object::new(Kind::Dictionary);
        // The writer collects items of many calls into one request.
        let outer = Value::Object(self.new_object(outer));
        input.set("RequestItems", outer);
        if let Some(table) = table {
            input.set("TableName", table);
        }
        Value::Object(self.new_object(input))
    }

    fn sub_resource(
        &mut self,
        service: &Text,
        kind: &str,
        parent: &[(Text, Value<'p>)],
        arguments: &Arguments<'p>,
        span: Span,
    ) -> Value<'p> {
        let Some(row) = sdk::resource_kind(service, kind) else {
            return self.unknown(span, format!("resource `{kind}` of {service}"), true);
        };
        let mut given =
            parent.iter().map(|(_, value)| value.clone()).chain(arguments.positional.iter().cloned());
        let mut named = arguments.named.iter().map(|(_, value)| value.clone());
        let identity = row
            .identity()
            .map(|member| {
                (Text::from(member), given.next().or_else(|| named.next()).unwrap_or_else(Value::unknown))
            })
            .collect();
        Value::Aws(Rc::new(Aws::Resource { service: service.clone(), kind: kind.into(), identity }))
    }

    fn identity_input(&mut self, aws: &Rc<Aws<'p>>, arguments: Arguments<'p>) -> Value<'p> {
        let (Aws::Resource { identity, .. } | Aws::Collection { identity, .. }) = &**aws else {
            return Value::unknown();
        };
        let given = self.input(&arguments);
        let loc = self.new_object(Object::new(Kind::Dictionary));
        self.copy_into(loc, &given);
        for (member, value) in identity {
            self.run.heap.change(loc).set(member, value.clone());
        }
        Value::Object(loc)
    }

    /// Walks over, or asks for, a collection.
    pub(super) fn resource_call(
        &mut self,
        aws: &Rc<Aws<'p>>,
        arguments: Arguments<'p>,
        span: Span,
    ) -> Eval<'p> {
        let Aws::Collection { service, kind, name, identity } = &**aws else { return Ok(Value::unknown()) };
        let Some((operation, gives)) = sdk::resource_kind(service, kind).and_then(|row| row.method(name))
        else {
            return Ok(Value::unknown());
        };
        self.resource_operation((service, kind), identity, operation, gives, "all", arguments, span)
    }

    #[expect(clippy::too_many_arguments, reason = "a row of the table and a call")]
    fn resource_operation(
        &mut self,
        (service, kind): (&Text, &Text),
        identity: &[(Text, Value<'p>)],
        operation: &str,
        gives: Option<&str>,
        method: &str,
        arguments: Arguments<'p>,
        span: Span,
    ) -> Eval<'p> {
        let resource = Rc::new(Aws::Resource {
            service: service.clone(),
            kind: kind.clone(),
            identity: identity.to_vec(),
        });
        let arguments = match method {
            "upload_fileobj" | "upload_file" => named(arguments, &["Body", "Key"]),
            "download_file" | "download_fileobj" => named(arguments, &["Key"]),
            "copy" => named(arguments, &["CopySource", "Key"]),
            _ => arguments,
        };
        let input = self.identity_input(&resource, arguments);
        let answer = self.operation(service, operation, &input, true, span)?;
        let Some(gives) = gives else { return Ok(answer) };
        let members: Vec<Text> = sdk::resource_kind(service, gives)
            .map(|row| row.identity().map(Text::from).collect())
            .unwrap_or_default();
        let many = matches!(method, "all" | "receive_messages") || method.ends_with('s');
        let of = self.shape_of(&answer);
        let source = if many { super::shape::item(&of) } else { of.clone() };
        let mut made = Vec::new();
        for (index, member) in members.into_iter().enumerate() {
            let value =
                identity.iter().find(|(known, _)| *known == member).map(|(_, value)| value.clone()).or_else(
                    || {
                        if many {
                            None
                        } else {
                            self.member(&input, &member, span, false)
                                .ok()
                                .filter(|value| !value.is_null() && index == 0)
                        }
                    },
                );
            made.push((
                member.clone(),
                value.unwrap_or_else(|| Value::shape(super::shape::part(&source, &member))),
            ));
        }
        let one = Value::Aws(Rc::new(Aws::Resource {
            service: service.clone(),
            kind: gives.into(),
            identity: made,
        }));
        if !many {
            return Ok(one);
        }
        let mut list = Object::new(Kind::List);
        list.each = Some((Rc::new(of), one));
        Ok(Value::Object(self.new_object(list)))
    }

    pub(super) fn entity_method(
        &mut self,
        aws: &Rc<Aws<'p>>,
        receiver: &Value<'p>,
        name: &str,
        arguments: Arguments<'p>,
        span: Span,
    ) -> Eval<'p> {
        let Aws::Entity { mapper, table, operation, input } = &**aws else { return Ok(Value::unknown()) };
        if let Some(sent) = sdk::mapper_operation(mapper, name) {
            self.callbacks(&arguments, span)?;
            let given = arguments.first().unwrap_or_else(Value::null);
            let given = if given.is_callable() { Value::null() } else { given };
            if sdk::mapper_is_lazy(mapper) {
                return Ok(Value::Aws(Rc::new(Aws::Entity {
                    mapper: mapper.clone(),
                    table: table.clone(),
                    operation: Some(sent.into()),
                    input: given,
                })));
            }
            return self.entity_call(table, sent, &given, span);
        }
        if let Some(built) = built_operation(name, &arguments) {
            return Ok(Value::Aws(Rc::new(Aws::Entity {
                mapper: mapper.clone(),
                table: table.clone(),
                operation: Some(built.into()),
                input: Value::null(),
            })));
        }
        match (operation, name) {
            (Some(operation), "go" | "exec" | "run" | "send") => {
                let operation = operation.clone();
                self.entity_call(&table.clone(), &operation, &input.clone(), span)
            }
            _ => {
                self.callbacks(&arguments, span)?;
                Ok(receiver.clone())
            }
        }
    }

    fn entity_call(&mut self, table: &Value<'p>, operation: &str, given: &Value<'p>, span: Span) -> Eval<'p> {
        let mut input = Object::new(Kind::Dictionary);
        input.set("TableName", table.clone());
        let member = if operation == "PutItem" { "Item" } else { "Key" };
        input.set(member, given.clone());
        let input = Value::Object(self.new_object(input));
        self.operation("dynamodb", operation, &input, true, span)?;
        let id = self.run.met.effects.last().or(self.run.met.init_effects.last()).copied();
        Ok(id.map_or_else(Value::unknown, |id| {
            Value::shape(Shape::Coded {
                coding: "unmarshall".to_owned(),
                value: Arc::new(Shape::Symbol(Symbol::Result(id, ["Item".to_owned()].into()))),
            })
        }))
    }
}

/// `entity.build(GetItemCommand)`
fn built_operation(method: &str, arguments: &Arguments<'_>) -> Option<&'static str> {
    let Some(Value::Extern(command)) = arguments.first().filter(|_| method == "build") else { return None };
    let name = command.path.rsplit('.').next()?.strip_suffix("Command")?;
    sdk::mapper_command(name)
}

/// Gives positional arguments the names of members.
fn named<'p>(arguments: Arguments<'p>, members: &[&str]) -> Arguments<'p> {
    let mut all =
        Arguments { named: arguments.named, rest_named: arguments.rest_named, ..Arguments::default() };
    for (member, value) in members.iter().zip(arguments.positional) {
        all.named.push((Text::from(*member), value));
    }
    all
}
