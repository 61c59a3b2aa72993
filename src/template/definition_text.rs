//! Definitions of state machines that are a text of the template, with the place of each of their parts.

use std::cell::OnceCell;

use super::asl::parse_spelled;
use super::convert::Reader;
use super::value::{Map, Value};
use crate::source::{SourceId, Sources};
use crate::yaml::{self, Document, Node, Spelled};

/// The texts of one template.
#[derive(Debug)]
pub struct DefinitionTexts<'s> {
    sources: &'s Sources,
    source: SourceId,
    document: OnceCell<Document>,
}

/// A definition as it was read.
#[derive(Clone, Debug)]
pub struct DefinitionText {
    /// With its placeholders.
    pub definition: Value,
    /// What the second argument of `Fn::Sub` fills in.
    pub variables: Map,
    /// It goes through `Fn::Sub`, so all other placeholders are references.
    pub is_open: bool,
}

impl<'s> DefinitionTexts<'s> {
    pub fn of(sources: &'s Sources, source: SourceId) -> Self {
        Self { sources, source, document: OnceCell::new() }
    }

    /// The definition of a state machine. `None` where it is put together in another way, or written so
    /// that its parts have no places of their own.
    pub fn definition(&self, machine: &str) -> Option<DefinitionText> {
        let text = self.sources.text(self.source);
        let document = self.document.get_or_init(|| yaml::parse(self.source, "", text).0);
        let keys = ["Resources", machine, "Properties", "DefinitionString"];
        let node = keys.iter().try_fold(document.root()?, |node, key| node.get(key))?;
        let (argument, is_open) = substituted(node)?;
        let mut parts = argument.items();
        let (written, variables) = match argument.is_sequence() {
            true => (parts.next()?, parts.next()),
            false => (argument, None),
        };
        let spelled = Spelled::of(text, written)?;
        let variables = variables.map(|map| Reader::new(text).value(map));
        Some(DefinitionText {
            definition: parse_spelled(&spelled, self.source)?,
            variables: variables.as_ref().and_then(Value::as_map).cloned().unwrap_or_default(),
            is_open,
        })
    }
}

/// The argument of `Fn::Sub`, or the text itself, and which of them it is.
fn substituted(node: Node<'_>) -> Option<(Node<'_>, bool)> {
    match node.tag() {
        Some("!Sub") => Some((node, true)),
        Some(_) => None,
        None if node.is_mapping() => Some((node.get("Fn::Sub")?, true)),
        None => node.scalar().map(|_| (node, false)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_have_places_of_their_own() {
        let template = r#"
Resources:
  A:
    Properties:
      DefinitionString: !Sub |
        {"States": {"One": {"Resource": "${Work.Arn}"}}}
  B:
    Properties:
      DefinitionString:
        Fn::Sub:
          - '{"States": {"Two": {"Resource": "${Name}"}}}'
          - Name: !GetAtt Work.Arn
  C: {Properties: {DefinitionString: "{\"States\": {\"Three\": {}}}"}}
  D:
    Properties:
      DefinitionString: !Join ['', ['{"States": {}}']]
"#;
        let sources = Sources::in_memory([("t.yaml".to_owned(), template.to_owned())].into());
        let texts = DefinitionTexts::of(&sources, SourceId(0));
        for (machine, state, open, variables) in
            [("A", "One", true, 0), ("B", "Two", true, 1), ("C", "Three", false, 0)]
        {
            let read = texts.definition(machine).unwrap_or_else(|| panic!("{machine}"));
            let states = read.definition.get("States").and_then(Value::as_map).expect("it has states");
            let (name, _) = states.iter().next().expect("it has one");
            assert!(template[name.span.range()].contains(state), "{machine}");
            assert_eq!((read.is_open, read.variables.iter().count()), (open, variables), "{machine}");
        }
        assert!(texts.definition("D").is_none());
    }
}
