//! Whose permissions a client has: those of the function's role, unless it is given credentials.

use super::domain::{Arguments, Object, Value};
use super::engine::Engine;
use crate::aws::sdk::gives_credentials;
use crate::source::Span;
use crate::summary::{Init, Shape};

/// What goes into a client: what its session has, and what it is given itself.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Session {
    /// It may have credentials that are not those of the role.
    pub own_credentials: bool,
    /// Something of the request goes into it.
    pub varies: bool,
}

impl Session {
    pub(super) fn and(self, other: Self) -> Self {
        Self {
            own_credentials: self.own_credentials || other.own_credentials,
            varies: self.varies || other.varies,
        }
    }
}

/// Whether a member of this configures all clients of an SDK: `AWS.config`, `AWS.config.credentials`.
pub(super) fn is_configured(path: &str, name: &str) -> bool {
    name == "config" || (path.ends_with(".config") && gives_credentials(name))
}

impl<'p> Engine<'p> {
    pub(super) fn session(&self, arguments: &Arguments<'p>) -> Session {
        let named = arguments.named.iter().any(|(name, value)| gives_credentials(name) && !value.is_null());
        let given = || arguments.positional.iter().any(|value| self.may_configure_credentials(value));
        Session {
            own_credentials: named || arguments.rest_named.is_some() || given(),
            varies: arguments.all().any(|value| self.depends_on_request(value)),
        }
    }

    /// Whether a value that is set for all clients has credentials in it, or is some.
    pub(super) fn may_give_credentials(&self, value: &Value<'p>) -> bool {
        match value {
            Value::Extern(external) => {
                external.arguments.all().any(|value| self.may_configure_credentials(value))
            }
            value => !value.is_null(),
        }
    }

    /// Notes credentials that all clients get.
    pub(super) fn gives_all_credentials(&mut self, span: Span) {
        let with = Session { own_credentials: true, varies: true };
        self.built_from(&Value::null(), Init::ALL, with, span);
    }

    /// Whether a configuration has credentials, or may have some.
    fn may_configure_credentials(&self, value: &Value<'p>) -> bool {
        match value {
            Value::Object(loc) => in_object(self.run.heap.get(*loc)),
            Value::Shape(shape) => in_shape(shape),
            _ => false,
        }
    }
}

fn in_object(object: &Object<'_>) -> bool {
    object.open
        || object.copied.is_some()
        || object.entries.iter().any(|(name, value)| gives_credentials(name) && !value.is_null())
}

fn in_shape(shape: &Shape) -> bool {
    match shape {
        Shape::Object { entries, open } => {
            let given = |(name, value): &(String, Shape)| {
                name == "..." || (gives_credentials(name) && *value != Shape::Null)
            };
            *open || entries.iter().any(given)
        }
        Shape::Choice(choices) => choices.iter().any(in_shape),
        Shape::Default { value, default } => in_shape(value) || in_shape(default),
        Shape::Unknown | Shape::Computed { .. } | Shape::Parsed(_) => true,
        _ => false,
    }
}
