//! Powertools for AWS Lambda: parameters, idempotency, batches, models of events.

use std::rc::Rc;

use super::domain::{Arguments, Eval, Extern, Kind, Object, Value};
use super::engine::Engine;
use super::shape;
use crate::aws::libraries::{Does, Known};
use crate::source::Span;
use crate::summary::{Action, Names, Shape, Symbol};

impl<'p> Engine<'p> {
    pub(super) fn powertools(
        &mut self,
        known: Known,
        external: &Rc<Extern<'p>>,
        arguments: Arguments<'p>,
        span: Span,
    ) -> Eval<'p> {
        Ok(match known.does {
            Does::Powertools => self.parameter_call(known.with, external, &arguments, span)?,
            Does::ModelParse => {
                let event = arguments.get(0, "event").unwrap_or_else(Value::null);
                let model = arguments.get(1, "model");
                self.modelled(model, event, span)?
            }
            Does::Batch => {
                let event = arguments.named("event").or_else(|| {
                    arguments.positional.iter().find(|value| value.as_shape().is_some()).cloned()
                });
                let handler = arguments
                    .named("record_handler")
                    .or_else(|| arguments.all().find(|value| value.is_callable()).cloned());
                if let Some(handler) = handler {
                    self.each_record(event, &handler, span)?;
                }
                let mut answer = Object::new(Kind::Dictionary);
                answer.set("batchItemFailures", Value::unknown());
                Value::Object(self.new_object(answer))
            }
            // `with processor(records, handler): processor.process()`
            Does::BatchStart => {
                if let Some(handler) = arguments.all().find(|value| value.is_callable()).cloned() {
                    let records = arguments.first();
                    self.each_of(records, &handler, span)?;
                }
                self.result_of(external, arguments, span)
            }
            _ => self.result_of(external, arguments, span),
        })
    }

    /// `service Operation Member index`
    fn parameter_call(
        &mut self,
        with: &str,
        external: &Rc<Extern<'p>>,
        arguments: &Arguments<'p>,
        span: Span,
    ) -> Eval<'p> {
        let mut words = with.split(' ');
        let (service, operation, member, at) = (
            words.next().unwrap_or_default(),
            words.next().unwrap_or_default(),
            words.next().unwrap_or_default(),
            words.next(),
        );
        let named = arguments.named.first().map(|(_, value)| value.clone());
        let value = at
            .and_then(|at| at.parse::<usize>().ok())
            .and_then(|at| arguments.positional.get(at).cloned().or(named))
            .or_else(|| external.arguments.all().next().cloned())
            .unwrap_or_else(Value::unknown);
        let mut input = Object::new(Kind::Dictionary);
        input.set(member, value);
        let input = Value::Object(self.new_object(input));
        if operation == "GetLatestConfiguration" {
            self.operation(service, "StartConfigurationSession", &input, false, span)?;
        }
        self.operation(service, operation, &input, false, span)
    }

    fn each_record(&mut self, event: Option<Value<'p>>, handler: &Value<'p>, span: Span) -> Eval<'p, ()> {
        let records = match event {
            Some(event) => Some(self.member(&event, "Records", span, false)?),
            None => None,
        };
        self.each_of(records, handler, span)
    }

    fn each_of(&mut self, records: Option<Value<'p>>, handler: &Value<'p>, span: Span) -> Eval<'p, ()> {
        let of = records.as_ref().map(|records| self.shape_of(records));
        let item = of.as_ref().map_or(Shape::Unknown, shape::item);
        self.enter_loop(of);
        let result = self.call(handler, Arguments::of(vec![Value::shape(item)]), None, span);
        self.leave_loop();
        // A record that fails is reported, the others go on.
        match result {
            Err(super::domain::Stop::Raise(_)) | Ok(_) => Ok(()),
            Err(stop) => Err(stop),
        }
    }

    /// The event as an instance of a model.
    fn modelled(&mut self, model: Option<Value<'p>>, event: Value<'p>, span: Span) -> Eval<'p> {
        let Some(Value::Object(class)) =
            model.filter(|model| matches!(model, Value::Object(loc) if self.is_class(*loc)))
        else {
            return Ok(event);
        };
        let arguments = Arguments { rest_named: Some(event), ..Arguments::default() };
        self.instantiate(class, arguments, span)
    }

    pub(super) fn powertools_decorator(
        &mut self,
        does: Does,
        decorator: &Rc<Extern<'p>>,
        decorated: Value<'p>,
    ) -> Eval<'p> {
        let span = decorator.span.unwrap_or(Span::new(self.program.entry.source, 0, 0));
        match does {
            Does::Idempotent => {
                let arguments = decorator.arguments.clone();
                self.idempotent(&arguments, span);
                Ok(decorated)
            }
            Does::EventModel => {
                let arguments = Arguments::of(vec![decorated]);
                let arguments = Arguments { named: decorator.arguments.named.clone(), ..arguments };
                Ok(Value::Partial(Rc::new((Value::external("slslint.with_model"), arguments))))
            }
            // `@batch_processor(record_handler=f, processor=p)`
            _ => {
                let handler = decorator.arguments.named("record_handler");
                let mut before = Arguments::of(vec![decorated]);
                if let Some(handler) = handler {
                    before.named.push(("record_handler".into(), handler));
                }
                Ok(Value::Partial(Rc::new((Value::external("slslint.with_batch"), before))))
            }
        }
    }

    /// A handler behind the model of its event: `event_parser(model=M)`.
    pub(super) fn with_model(&mut self, arguments: Arguments<'p>, span: Span) -> Eval<'p> {
        let mut positional = arguments.positional;
        if positional.len() < 2 {
            return Ok(Value::unknown());
        }
        let handler = positional.remove(0);
        let model =
            arguments.named.iter().find(|(name, _)| &**name == "model").map(|(_, value)| value.clone());
        positional[0] = self.modelled(model, positional[0].clone(), span)?;
        self.call(&handler, Arguments::of(positional), None, span)
    }

    pub(super) fn with_batch(&mut self, arguments: Arguments<'p>, span: Span) -> Eval<'p> {
        let mut positional = arguments.positional;
        let handler = positional.remove(0);
        if let Some(record_handler) = arguments
            .named
            .iter()
            .find(|(name, _)| &**name == "record_handler")
            .map(|(_, value)| value.clone())
        {
            self.each_record(positional.first().cloned(), &record_handler, span)?;
        }
        self.call(&handler, Arguments::of(positional), None, span)
    }

    /// What a persistence layer in DynamoDB does around a handler.
    pub(super) fn idempotent(&mut self, arguments: &Arguments<'p>, span: Span) {
        let layer = arguments.all().find_map(|value| match value {
            Value::Extern(external) if external.path.contains("DynamoDBPersistenceLayer") => {
                external.arguments.get(0, "table_name")
            }
            _ => None,
        });
        let Some(table) = layer else { return };
        let on = shape::symbol(&self.shape_of(&table));
        for operation in ["PutItem", "GetItem", "UpdateItem", "DeleteItem"] {
            let action = Action::Aws { service: "dynamodb".to_owned(), operation: operation.to_owned() };
            self.run.wrapping.push((action, on.clone(), span));
        }
    }

    /// Records what wrappers do around the handler.
    pub(super) fn wrap(&mut self) -> Eval<'p, ()> {
        for (action, on, span) in self.run.wrapping.clone() {
            self.effect(
                action,
                if on == Symbol::Unknown { Symbol::Unknown } else { on },
                Shape::Unknown,
                span,
            )?;
        }
        for middleware in self.run.middleware.clone() {
            let Value::Object(loc) = middleware else { continue };
            for name in ["before", "after", "onError"] {
                if let Some(function) = self.run.heap.get(loc).entry(name).cloned().filter(Value::is_callable)
                {
                    let mut request = Object::new(Kind::Dictionary);
                    request.set("event", Value::shape(Shape::Symbol(Symbol::Event(Names::default()))));
                    request.set("context", Value::shape(Shape::Symbol(Symbol::Context(Names::default()))));
                    request.open = true;
                    let request = Value::Object(self.new_object(request));
                    let span = Span::new(self.program.entry.source, 0, 0);
                    if let Err(super::domain::Stop::Exhausted) =
                        self.call(&function, Arguments::of(vec![request]), None, span)
                    {
                        return Err(super::domain::Stop::Exhausted);
                    }
                }
            }
        }
        Ok(())
    }
}
