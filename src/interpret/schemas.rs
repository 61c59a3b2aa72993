//! Environments read by a schema: `cleanEnv(process.env, {TABLE: str()})`.
//!
//! A validator that is given the whole environment reads the variables that its schema names.

use std::rc::Rc;

use super::domain::{Arguments, Extern, Kind, Object, Value};
use super::engine::Engine;
use super::library::is_whole_environment;
use super::mentions::is_in_capitals;
use crate::aws::environment;
use crate::aws::libraries::{self, Does};
use crate::source::Span;

/// Schemas within schemas that are looked at.
const DEEPEST: usize = 4;

impl<'p> Engine<'p> {
    /// What a validator gives of the environment, where its schema names variables.
    pub(super) fn read_by_schema(
        &mut self,
        validator: &Rc<Extern<'p>>,
        arguments: &Arguments<'p>,
        span: Span,
    ) -> Option<Value<'p>> {
        if !self.is_given_environment(arguments) {
            return None;
        }
        let is_validator = |known: libraries::Known| known.does == Does::Validate;
        if !libraries::known(&validator.path).is_none_or(is_validator) {
            return None;
        }
        let mut names = Vec::new();
        for value in arguments.all().chain(validator.arguments.all()) {
            self.variables_in(value, &mut names, 0);
        }
        if names.is_empty() {
            return None;
        }
        let mut read = Object::new(Kind::Dictionary);
        read.open = true;
        for name in names {
            let value = self.env_read(&name, true, span);
            read.set(&name, value);
        }
        let mut answer = read.clone();
        let read = Value::Object(self.new_object(read));
        for member in environment::read_by_validators() {
            answer.set(member, read.clone());
        }
        Some(Value::Object(self.new_object(answer)))
    }

    /// It is an argument, or an option.
    fn is_given_environment(&self, arguments: &Arguments<'p>) -> bool {
        arguments.all().any(|value| match value {
            Value::Object(loc) => {
                let options = self.run.heap.get(*loc);
                let mut given =
                    environment::given_to_validators().iter().filter_map(|name| options.entry(name));
                given.any(is_whole_environment)
            }
            value => is_whole_environment(value),
        })
    }

    /// Names in capitals that a schema has, by itself or in what it is made of.
    fn variables_in(&self, schema: &Value<'p>, names: &mut Vec<String>, depth: usize) {
        if depth > DEEPEST {
            return;
        }
        match schema {
            Value::Object(loc) if matches!(self.run.heap.get(*loc).kind, Kind::Dictionary) => {
                for (name, value) in &self.run.heap.get(*loc).entries {
                    if is_in_capitals(name) {
                        names.push(name.to_string());
                    } else {
                        self.variables_in(value, names, depth + 1);
                    }
                }
            }
            Value::Extern(made) if !is_whole_environment(schema) => {
                made.arguments.all().for_each(|value| self.variables_in(value, names, depth + 1));
            }
            _ => {}
        }
    }
}
