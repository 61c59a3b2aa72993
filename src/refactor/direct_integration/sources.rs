//! Values of the request: how a mapping refers to what a handler reads from its event.

use super::velocity::{self, is_plain};
use super::{Given, Mapper};
use crate::aws::{environment, mappings};
use crate::graph::ApiKind;
use crate::refactor::Refusal;
use crate::summary::{Shape, Symbol, coding};

/// A text that is made in a mapping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Source {
    Constant(String),
    /// Filled in at deployment; fits quotes of JSON.
    Filled(String),
    /// A reference of Velocity.
    Reference(String),
}

impl Source {
    /// The text for between quotes of JSON.
    pub(super) fn in_json(&self) -> String {
        match self {
            Self::Constant(text) => velocity::in_json(text),
            Self::Filled(text) => text.clone(),
            Self::Reference(reference) => velocity::escaped(reference),
        }
    }
}

/// A part of the parsed body, by its only key.
pub(super) enum BodyPart<'s> {
    Whole,
    Field(&'s str),
    Deep,
}

impl Mapper<'_> {
    /// A value that is a text.
    pub(super) fn source(&mut self, shape: &Shape) -> Result<Source, Refusal> {
        match shape {
            Shape::Symbol(symbol) => self.symbol(symbol),
            Shape::RandomId => {
                self.differs("new ids are those of the request (`$context.requestId`), not random ones");
                Ok(Source::Reference("$context.requestId".to_owned()))
            }
            Shape::Coded { coding, value } if coding == "string" => match &**value {
                Shape::Number(number) => Ok(Source::Constant(number.clone())),
                value => self.source(value),
            },
            Shape::Coded { coding, value } if coding::is_of_json(coding) => self.source(value),
            // Variables that the template does not set have their default.
            Shape::Default { value, default } => match &**value {
                Shape::Symbol(Symbol::Env(name)) if self.variable(name).is_none() => self.source(default),
                Shape::Symbol(Symbol::Env(_)) => self.source(value),
                value if **default == Shape::Null => self.source(value),
                _ => Err(self.cannot("gives a default to what the request leaves out")),
            },
            Shape::Number(number) => Ok(Source::Constant(number.clone())),
            Shape::Text(parts) if parts.len() == 1 => self.source(&parts[0]),
            Shape::Text(_) => Err(self.cannot("puts a text together")),
            Shape::Now(_) => Err(self.cannot("takes the time, whose form a mapping does not give")),
            _ => Err(self.cannot("uses a value that a mapping cannot take as a text")),
        }
    }

    fn symbol(&mut self, symbol: &Symbol) -> Result<Source, Refusal> {
        match symbol {
            Symbol::Name(text) => Ok(Source::Constant(text.clone())),
            Symbol::Env(name) => self.filled(name),
            Symbol::Event(path) => self.event(path).map(Source::Reference),
            Symbol::Context(path) if matches!(&**path, [only] if only == "aws_request_id" || only == "awsRequestId") =>
            {
                self.differs("ids of the invocation are those of the request (`$context.requestId`)");
                Ok(Source::Reference("$context.requestId".to_owned()))
            }
            Symbol::Text(parts) if parts.len() == 1 => self.symbol(&parts[0]),
            _ => Err(self.cannot("uses a value that a mapping cannot take from the request")),
        }
    }

    fn filled(&mut self, name: &str) -> Result<Source, Refusal> {
        if let Some(value) = self.variable(name) {
            let value = value.clone();
            return Ok(Source::Filled(self.fill.text(name, &value, velocity::in_json)));
        }
        match environment::is_region(name) {
            true => Ok(Source::Filled("${AWS::Region}".to_owned())),
            false => {
                Err(self.cannot(format!("reads the variable `{name}`, which the template does not set")))
            }
        }
    }

    fn context(&self, path: &str) -> Option<&'static str> {
        match self.route.api_kind {
            ApiKind::WebSocket => mappings::socket_context(path),
            ApiKind::Rest | ApiKind::Http => mappings::context(path),
        }
    }

    /// A part of the event, as a reference.
    fn event(&mut self, path: &[String]) -> Result<String, Refusal> {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        match &*path {
            ["pathParameters", name] if is_plain(name) => {
                self.differs("path parameters hold nothing percent-encoded (`%`)");
                Ok(format!("$input.params('{name}')"))
            }
            ["queryStringParameters", name] if is_plain(name) => {
                self.need(Given::Query, name);
                Ok(format!("$input.params().querystring.get('{name}')"))
            }
            ["body"] => {
                self.reads_body();
                Ok("$input.body".to_owned())
            }
            ["httpMethod"] => Ok("$context.httpMethod".to_owned()),
            ["resource"] => Ok("$context.resourcePath".to_owned()),
            ["requestContext", rest @ ..] => match self.context(&rest.join(".")) {
                Some(reference) => Ok(reference.to_owned()),
                None => Err(self.cannot(format!(
                    "reads `event.{}`, which has no known name in a mapping",
                    path.join(".")
                ))),
            },
            ["headers", name] if is_plain(name) => {
                self.differs("header names reach a mapping spelled as they reach the function");
                self.need(Given::Header, name);
                Ok(format!("$input.params().header.get('{name}')"))
            }
            _ => Err(self.cannot(format!("reads `event.{}`, which a mapping cannot", path.join(".")))),
        }
    }
}

/// Whether a part of the body is null where it is missing.
pub(super) fn is_optional(shape: &Shape) -> bool {
    matches!(shape, Shape::Coded { coding, .. } if coding == coding::OPTIONAL)
}

/// The part of the parsed body that a shape is.
pub(super) fn body_part(shape: &Shape) -> Option<BodyPart<'_>> {
    match shape {
        Shape::Coded { coding, value } if coding == coding::OPTIONAL => body_part(value),
        Shape::Parsed(_) => parsed_body(shape).then_some(BodyPart::Whole),
        Shape::Part { of, path } | Shape::Item { of, path } => {
            let of = match &**of {
                Shape::Default { value, default } if is_empty(default) => value,
                of => of,
            };
            if !parsed_body(of) {
                return None;
            }
            Some(match &**path {
                [name] if is_plain(name) => BodyPart::Field(name),
                _ => BodyPart::Deep,
            })
        }
        _ => None,
    }
}

fn is_empty(shape: &Shape) -> bool {
    matches!(shape, Shape::Object { entries, open: false } if entries.is_empty())
}

fn parsed_body(shape: &Shape) -> bool {
    let Shape::Parsed(text) = shape else { return false };
    let text = match &**text {
        Shape::Coded { coding, value } if coding == coding::DECIMALS => value,
        text => text,
    };
    matches!(text, Shape::Symbol(Symbol::Event(path)) if **path == ["body"])
}

/// Whether fractions in the body are read so that a table takes them.
pub(super) fn reads_decimals(shape: &Shape) -> bool {
    match shape {
        Shape::Coded { coding, value } if coding == coding::OPTIONAL => reads_decimals(value),
        Shape::Part { of, .. } | Shape::Item { of, .. } => reads_decimals(of),
        Shape::Default { value, .. } => reads_decimals(value),
        Shape::Parsed(text) => matches!(&**text, Shape::Coded { coding, .. } if coding == coding::DECIMALS),
        _ => false,
    }
}
