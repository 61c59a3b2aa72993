//! Values of the template inside the text of a mapping.

use serde_yaml::Value as Yaml;

use crate::refactor::written;
use crate::template::{Intrinsic, SubPart, Value, ValueKind};

/// Values that a text names by a variable, as they are no plain reference.
#[derive(Clone, Debug, Default)]
pub(super) struct Fill {
    variables: Vec<(String, Yaml)>,
}

impl Fill {
    /// The text that stands for a value; `escape` makes a constant fit its place.
    pub(super) fn text(&mut self, name: &str, value: &Value, escape: impl Fn(&str) -> String) -> String {
        if let Some(constant) = value.scalar() {
            return escape(&constant).replace("${", "${!");
        }
        if is_reference(value) {
            return value.text();
        }
        let yaml = serde_yaml::to_value(value.to_json()).unwrap_or_default();
        let known = self.variables.iter().find(|(_, known)| *known == yaml);
        if let Some((name, _)) = known {
            return format!("${{{name}}}");
        }
        let name = camel(name);
        let taken = self.variables.iter().filter(|(known, _)| known.starts_with(&name)).count();
        let name = if taken == 0 { name } else { format!("{name}{taken}") };
        self.variables.push((name.clone(), yaml));
        format!("${{{name}}}")
    }

    /// A text as the template holds it: `Fn::Sub` where something is filled in.
    pub(super) fn yaml(&self, text: &str) -> Yaml {
        let literal = text.replace("${!", "");
        if !literal.contains("${") {
            return Yaml::from(text.replace("${!", "${"));
        }
        let used: Vec<(String, Yaml)> = self
            .variables
            .iter()
            .filter(|(name, _)| text.contains(&format!("${{{name}}}")))
            .cloned()
            .collect();
        match used.is_empty() {
            true => written::sub(text),
            false => written::sub_with(text, used),
        }
    }
}

/// Whether `Fn::Sub` can say the value itself.
fn is_reference(value: &Value) -> bool {
    let Some(intrinsic) = value.as_intrinsic() else { return false };
    match intrinsic {
        Intrinsic::Ref(name) => name.text != "AWS::NoValue",
        Intrinsic::GetAtt { attribute, .. } => matches!(attribute.kind, ValueKind::String(_)),
        Intrinsic::Sub(parts) => !parts.iter().any(|part| matches!(part, SubPart::Variable(..))),
        _ => false,
    }
}

/// `CARTS_TABLE` as `CartsTable`: variables of `Fn::Sub` are letters and digits.
fn camel(name: &str) -> String {
    let words = name.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let text: String = words
        .map(|word| {
            let (first, rest) = word.split_at(1);
            format!("{}{}", first.to_ascii_uppercase(), rest.to_ascii_lowercase())
        })
        .collect();
    if text.starts_with(|letter: char| letter.is_ascii_alphabetic()) { text } else { format!("Value{text}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{SourceId, Span};

    #[test]
    fn constants_references_and_variables() {
        let span = Span::new(SourceId(0), 0, 0);
        let read = |text: &str| {
            let (document, _) = crate::yaml::parse(SourceId(0), "", text);
            document.root().map(|root| Value::from_node(root, text)).expect("it reads")
        };
        let mut fill = Fill::default();
        let plain = |text: &str| text.to_owned();
        assert_eq!(fill.text("A", &Value::string("a${b}", span), plain), "a${!b}");
        assert_eq!(fill.text("A", &read("!Ref Table"), plain), "${Table}");
        assert_eq!(fill.text("A", &read("!GetAtt Table.Arn"), plain), "${Table.Arn}");
        assert_eq!(fill.text("MY_TABLE", &read("!If [A, b, c]"), plain), "${MyTable}");
        assert_eq!(fill.yaml("a ${!b}"), Yaml::from("a ${b}"));
        assert!(matches!(fill.yaml("${Table}"), Yaml::Tagged(_)));
    }
}
