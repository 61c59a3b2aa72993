//! Classes of data: models and settings of pydantic, data classes.

use super::domain::{Loc, Value};
use super::engine::Engine;
use crate::ir::Member;
use crate::source::Span;

impl<'p> Engine<'p> {
    /// Fields of a settings class are read from the environment, under their names in upper case.
    pub(super) fn settings(&mut self, instance: Loc, class: Loc, declared: &[&'p Member]) -> bool {
        let is_settings =
            self.external_base(class).is_some_and(|base| base.rsplit('.').next() == Some("BaseSettings"));
        if !is_settings {
            return false;
        }
        let prefix = self.settings_prefix(class);
        for member in declared {
            if member.name.starts_with("model_") || member.name.starts_with('_') {
                continue;
            }
            let given = self.run.heap.get(class).entry(&member.name).cloned();
            let (default, alias) = match given {
                Some(value) => self.field_default(&value),
                None => (None, None),
            };
            let name = alias.unwrap_or_else(|| format!("{prefix}{}", member.name).to_uppercase());
            let value = self.env_read(&name, default.is_some(), member.span);
            let value = match default {
                Some(default) => self.or_value(value, Some(default)),
                None => value,
            };
            self.run.heap.change(instance).set(&member.name, value);
        }
        true
    }

    fn settings_prefix(&mut self, class: Loc) -> String {
        let config = self.run.heap.get(class).entry("model_config").cloned();
        let prefix = match config {
            Some(Value::Extern(external)) => external.arguments.named("env_prefix"),
            Some(Value::Object(loc)) => self.run.heap.get(loc).entry("env_prefix").cloned(),
            _ => match self.run.heap.get(class).entry("Config").cloned() {
                Some(Value::Object(loc)) => self.run.heap.get(loc).entry("env_prefix").cloned(),
                _ => None,
            },
        };
        prefix.and_then(|prefix| self.key_of(&prefix)).unwrap_or_default()
    }

    /// The default of a declared field and the name it goes by elsewhere: `Field("x", alias="Y")`.
    pub(super) fn field_default(&mut self, value: &Value<'p>) -> (Option<Value<'p>>, Option<String>) {
        let Value::Extern(external) = value else { return (Some(value.clone()), None) };
        let called = external.path.trim_end_matches("()");
        if !matches!(called.rsplit('.').next(), Some("Field" | "field" | "ib" | "attrib")) {
            return (Some(value.clone()), None);
        }
        let arguments = &external.arguments;
        let alias = ["env", "validation_alias", "alias"]
            .iter()
            .find_map(|name| arguments.named(name))
            .and_then(|alias| self.key_of(&alias));
        let made = arguments.named("default_factory");
        let default =
            arguments.named("default").or_else(|| arguments.first()).filter(|default| match default {
                Value::Extern(external) => !external.path.to_lowercase().contains("ellipsis"),
                _ => true,
            });
        let default = default.or_else(|| {
            let maker = made?;
            self.call(
                &maker,
                super::domain::Arguments::default(),
                None,
                Span::new(self.program.entry.source, 0, 0),
            )
            .ok()
        });
        (default, alias)
    }

    /// Fields that were not given have their defaults.
    pub(super) fn fill_defaults(&mut self, instance: Loc, class: Loc, declared: &[&'p Member]) {
        for member in declared {
            if self.run.heap.get(instance).entry(&member.name).is_some() {
                continue;
            }
            let Some(value) = self.run.heap.get(class).entry(&member.name).cloned() else { continue };
            if let (Some(default), _) = self.field_default(&value) {
                self.run.heap.change(instance).set(&member.name, default);
            }
        }
    }
}
