//! What an EventBridge pipe can hand on of a record: the record itself, or an object with parts of it.
//!
//! A pipe reads the text that a record carries as JSON. A template that is nothing but that text, or
//! nothing but a part, takes the quotes inside away; within an object all stays as it is.

use serde_json::Value as Json;

use crate::aws::direct::{self, Record};
use crate::summary::{Shape, Symbol};

/// What is sent, as a pipe says it.
#[derive(Clone, Debug, PartialEq)]
pub enum Piped {
    /// The record as it is.
    Record,
    /// All records of the batch, as a list.
    Batch,
    Object(Vec<(String, Part)>),
}

/// A part of the object that is sent.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    Constant(Json),
    /// A path in the record as the pipe has it.
    Path(Vec<String>),
    Object(Vec<(String, Part)>),
}

/// What a call sends of a record, by the name of its source.
///
/// # Errors
/// What a pipe cannot, as the end of "it ...".
pub fn piped(kind: &str, service: &str, operation: &str, input: &Shape) -> Result<Piped, String> {
    let record = direct::record(kind)
        .ok_or_else(|| format!("reads records of {kind}, which a pipe may hand on in another form"))?;
    if direct::is_batch(service, operation) {
        return Err("hands several records on in one call, each in a form of its own".to_owned());
    }
    let path = direct::payload(service, operation)
        .ok_or_else(|| format!("calls {service}:{operation}, for which a pipe needs settings of its own"))?;
    let sent = member(input, path).ok_or("hands nothing of the record on")?;
    let piped = Reader { record }.whole(sent)?;
    if direct::is_listed(service, operation) != (piped == Piped::Batch) {
        return Err(match piped {
            Piped::Batch => "sends all records at once, which a pipe sends one by one".to_owned(),
            _ => format!("calls {service}:{operation} for each record, where a pipe hands on a list of them"),
        });
    }
    Ok(piped)
}

/// A part of the input; of a list with one entry, of that.
pub fn member<'s>(input: &'s Shape, path: &[String]) -> Option<&'s Shape> {
    path.iter().try_fold(input, |value, name| {
        let value = match value {
            Shape::List(items) => match &**items {
                [only] => only,
                _ => return None,
            },
            value => value,
        };
        match value {
            Shape::Object { entries, open: false } => {
                entries.iter().find(|(known, _)| known == name).map(|(_, value)| value)
            }
            _ => None,
        }
    })
}

struct Reader {
    record: &'static Record,
}

impl Reader {
    fn whole(&self, sent: &Shape) -> Result<Piped, String> {
        let Shape::Json(inner) = sent else {
            return Err("sends a text of the record, of which a pipe takes the quotes away".to_owned());
        };
        match &**inner {
            Shape::Object { entries, open: false } => Ok(Piped::Object(self.entries(entries)?)),
            Shape::Symbol(Symbol::Event(path)) if **path == ["Records"] && self.record.below.is_none() => {
                Ok(Piped::Batch)
            }
            inner => {
                match in_record(inner) {
                    Some([]) if self.record.below.is_none() => Ok(Piped::Record),
                    Some([]) => Err("sends the record in a form that only a function is given".to_owned()),
                    _ => Err("sends a part of the record on its own, of which a pipe takes the quotes away"
                        .to_owned()),
                }
            }
        }
    }

    fn entries(&self, entries: &[(String, Shape)]) -> Result<Vec<(String, Part)>, String> {
        let entry = |(name, value): &(String, Shape)| {
            if name == "..." || name.contains(['<', '>']) {
                return Err("sends an object that a pipe cannot put together".to_owned());
            }
            Ok((name.clone(), self.part(value)?))
        };
        entries.iter().map(entry).collect()
    }

    fn part(&self, value: &Shape) -> Result<Part, String> {
        let odd = || "sends an object that a pipe cannot put together".to_owned();
        match value {
            Shape::Null => Ok(Part::Constant(Json::Null)),
            Shape::Bool(value) => Ok(Part::Constant(Json::Bool(*value))),
            Shape::Number(text) => Ok(Part::Constant(serde_json::from_str(text).map_err(|_| odd())?)),
            Shape::Symbol(Symbol::Name(text)) if !text.contains(['<', '>']) => {
                Ok(Part::Constant(Json::from(text.as_str())))
            }
            Shape::Object { entries, open: false } => Ok(Part::Object(self.entries(entries)?)),
            Shape::Part { of, path } => match self.part(of)? {
                Part::Path(mut whole) => {
                    whole.extend(path.iter().cloned());
                    plain(whole)
                }
                _ => Err(odd()),
            },
            Shape::Parsed(text) if self.is_text(text) => {
                Ok(Part::Path(self.record.text.iter().cloned().collect()))
            }
            other => {
                let path = in_record(other).ok_or_else(odd)?;
                plain(self.path(path)?)
            }
        }
    }

    /// Where a pipe has what a function finds at this place of a record.
    fn path(&self, path: &[String]) -> Result<Vec<String>, String> {
        let path = match (path, &self.record.below) {
            ([first, rest @ ..], Some(below)) if first == below && !rest.is_empty() => rest,
            ([_], Some(below)) if path[0] == *below => {
                return Err("sends a part of the record in a form that only a function is given".to_owned());
            }
            _ => path,
        };
        if !path.is_empty() && path.first() == self.record.text.as_ref() {
            return Err("sends the text of a record, which a pipe reads as JSON".to_owned());
        }
        Ok(path.to_vec())
    }

    /// The text of a record, decoded.
    fn is_text(&self, text: &Shape) -> bool {
        let (coded, text) = match text {
            Shape::Coded { coding, value } if coding == "string" => (false, &**value),
            text => (false, text),
        };
        let (coded, text) = match text {
            Shape::Coded { coding, value } if Some(coding) == self.record.coding.as_ref() => (true, &**value),
            text => (coded, text),
        };
        let path: Vec<&String> = self.record.below.iter().chain(&self.record.text).collect();
        let found = in_record(text).is_some_and(|found| found.iter().eq(path.iter().copied()));
        found && coded == self.record.coding.is_some() && self.record.text.is_some()
    }
}

/// Names that a path of a pipe takes as they are.
fn plain(path: Vec<String>) -> Result<Part, String> {
    let is_name = |part: &String| {
        !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
    };
    if path.iter().all(is_name) {
        Ok(Part::Path(path))
    } else {
        Err("sends a part of the record that a pipe cannot name".to_owned())
    }
}

/// The place in the record at hand that a value is.
fn in_record(value: &Shape) -> Option<&[String]> {
    match value {
        Shape::Item { of, path } if super::values::is_records(of) => Some(path),
        Shape::Symbol(Symbol::Event(path)) => match &**path {
            [records, first, rest @ ..] if records == "Records" && first == "0" => Some(rest),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn item(path: &[&str]) -> Shape {
        let records = Shape::Symbol(Symbol::Event(["Records".to_owned()].into()));
        Shape::Item { of: Arc::new(records), path: path.iter().map(|part| (*part).to_owned()).collect() }
    }

    fn json(value: Shape) -> Shape {
        Shape::Json(Arc::new(value))
    }

    fn object(entries: Vec<(&str, Shape)>) -> Shape {
        let entries = entries.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Shape::Object { entries, open: false }
    }

    fn sent(kind: &str, value: Shape) -> Result<Piped, String> {
        piped(kind, "sqs", "SendMessage", &object(vec![("MessageBody", value)]))
    }

    #[test]
    fn a_pipe_hands_on_records_and_objects() {
        assert_eq!(sent("sqs", json(item(&[]))), Ok(Piped::Record));
        assert_eq!(sent("dynamodb", json(item(&[]))), Ok(Piped::Record));
        assert!(sent("kinesis", json(item(&[]))).is_err());
        let path = |text: &str| Part::Path(text.split('.').map(str::to_owned).collect());
        let read = Shape::Parsed(Arc::new(item(&["body"])));
        let part = Shape::Part { of: Arc::new(read.clone()), path: ["id".to_owned()].into() };
        let expected = Piped::Object(vec![("a".to_owned(), path("body.id")), ("b".to_owned(), path("body"))]);
        assert_eq!(sent("sqs", json(object(vec![("a", part), ("b", read)]))), Ok(expected));
        let key = json(object(vec![("key", item(&["kinesis", "partitionKey"]))]));
        assert_eq!(sent("kinesis", key), Ok(Piped::Object(vec![("key".to_owned(), path("partitionKey"))])));
        let data =
            Shape::Coded { coding: "unbase64".to_owned(), value: Arc::new(item(&["kinesis", "data"])) };
        let data = json(object(vec![("data", Shape::Parsed(Arc::new(data)))]));
        assert_eq!(sent("kinesis", data), Ok(Piped::Object(vec![("data".to_owned(), path("data"))])));
    }

    #[test]
    fn texts_and_single_parts_lose_their_quotes_in_a_pipe() {
        assert!(sent("sqs", item(&["body"])).is_err());
        assert!(sent("dynamodb", json(item(&["dynamodb", "NewImage"]))).is_err());
        assert!(sent("sqs", json(object(vec![("text", item(&["body"]))]))).is_err());
        assert!(sent("kafka", json(item(&[]))).is_err());
    }

    #[test]
    fn a_state_machine_is_given_a_list() {
        let records = Shape::Symbol(Symbol::Event(["Records".to_owned()].into()));
        let start = |value| piped("sqs", "stepfunctions", "StartExecution", &object(vec![("input", value)]));
        assert_eq!(start(json(records)), Ok(Piped::Batch));
        assert!(start(json(item(&[]))).is_err());
    }
}
