//! Routers inside a function: routes that libraries register and serve.

use std::rc::Rc;

use super::domain::{Arguments, Eval, Extern, Kind, Loc, Object, Value};
use super::engine::Engine;
use crate::source::Span;

impl<'p> Engine<'p> {
    pub(super) fn router(
        &mut self,
        with: &str,
        external: &Rc<Extern<'p>>,
        arguments: Arguments<'p>,
        span: Span,
    ) -> Value<'p> {
        let _ = (external, arguments, span);
        Value::Object(self.new_object(Object::new(Kind::Library(with.into()))))
    }

    pub(super) fn adapter(&mut self, arguments: &Arguments<'p>, span: Span) -> Eval<'p> {
        let _ = span;
        Ok(arguments.first().unwrap_or_else(Value::unknown))
    }

    pub(super) fn serve(&mut self, arguments: &Arguments<'p>, span: Span) -> Eval<'p> {
        let _ = (arguments, span);
        Ok(Value::unknown())
    }

    pub(super) fn serve_all(&mut self, span: Span) -> Eval<'p> {
        let _ = span;
        Ok(Value::unknown())
    }

    pub(super) fn json_response(
        &mut self,
        external: &Rc<Extern<'p>>,
        arguments: Arguments<'p>,
        span: Span,
    ) -> Eval<'p> {
        Ok(self.result_of(external, arguments, span))
    }

    pub(super) fn request_member(&mut self, path: &str, span: Span) -> Option<Value<'p>> {
        let _ = (path, span);
        None
    }

    pub(super) fn framework_decorator(
        &mut self,
        decorator: &Rc<Extern<'p>>,
        decorated: Value<'p>,
        span: Span,
    ) -> Eval<'p> {
        let _ = (decorator, span);
        Ok(decorated)
    }

    pub(super) fn library_member(&mut self, loc: Loc, path: &str, name: &str, span: Span) -> Value<'p> {
        let _ = (loc, path, name, span);
        Value::unknown()
    }

    pub(super) fn library_method(
        &mut self,
        loc: Loc,
        path: &str,
        name: &str,
        arguments: Arguments<'p>,
        span: Span,
    ) -> Eval<'p> {
        let _ = (loc, path, name, arguments, span);
        Ok(Value::unknown())
    }

    pub(super) fn call_library(
        &mut self,
        loc: Loc,
        path: &str,
        arguments: Arguments<'p>,
        span: Span,
    ) -> Eval<'p> {
        let _ = (loc, path, arguments, span);
        Ok(Value::unknown())
    }

    pub(super) fn mapper_call(
        &mut self,
        external: &Rc<Extern<'p>>,
        arguments: &Arguments<'p>,
        span: Span,
    ) -> Eval<'p, Option<Value<'p>>> {
        let _ = (external, arguments, span);
        Ok(None)
    }
}
