//! Every place of a text that names something of its template.

use std::collections::BTreeSet;

use crate::source::Span;
use crate::yaml::{Node, Style};

/// The name of a mapping that is not written out.
pub(super) const ANY: &str = "*";

/// A name, and how it is written there.
#[derive(Clone, Debug)]
pub(super) struct Site {
    /// A logical id, `Function.Alias`, the name of a parameter, condition or mapping.
    pub name: String,
    pub attribute: Option<String>,
    pub form: Form,
    /// All that another reference would replace.
    pub span: Span,
    /// Keys that lead there, from the resource or output on.
    pub steps: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// `!Ref Name`, `!GetAtt Name.Attribute`.
    Short,
    /// `Ref: Name`, `Fn::GetAtt: [Name, Attribute]`; whether keys are in quotes.
    Long {
        quoted: bool,
    },
    /// `${Name}`, `${Name.Attribute}`.
    Placeholder,
    /// An item of `DependsOn`.
    After,
    /// `Id` of a connector.
    Connector,
    Condition,
    Mapping,
}

impl Site {
    /// Whether it stands for a value of a resource or parameter.
    pub(super) fn is_value(&self) -> bool {
        matches!(self.form, Form::Short | Form::Long { .. } | Form::Placeholder)
    }

    /// The text that refers to a parameter in its place; `None` where it stays as it is.
    pub(super) fn instead(&self, parameter: &str) -> Option<String> {
        if self.attribute.is_none() && self.name == parameter {
            return None;
        }
        Some(match self.form {
            Form::Short => format!("!Ref {parameter}"),
            Form::Long { quoted: true } => format!("\"Ref\": \"{parameter}\""),
            Form::Long { quoted: false } => format!("Ref: {parameter}"),
            Form::Placeholder => format!("${{{parameter}}}"),
            _ => return None,
        })
    }
}

/// The places below a node, in the order of the text, and whether an alias is among them.
pub(super) fn sites(text: &str, node: Node<'_>) -> (Vec<Site>, bool) {
    let mut seeker = Seeker { text, found: Vec::new(), steps: Vec::new(), aliased: false };
    seeker.entry(node);
    (seeker.found, seeker.aliased)
}

struct Seeker<'t> {
    text: &'t str,
    found: Vec<Site>,
    steps: Vec<String>,
    aliased: bool,
}

impl Seeker<'_> {
    /// A resource, output or condition: what is special at its top.
    fn entry(&mut self, node: Node<'_>) {
        if let Some(condition) = node.get("Condition").filter(|_| node.get("Fn::If").is_none()) {
            self.name(condition, Form::Condition);
        }
        if let Some(after) = node.get("DependsOn") {
            self.name(after, Form::After);
            after.items().for_each(|item| self.name(item, Form::After));
        }
        self.walk(node);
    }

    fn name(&mut self, node: Node<'_>, form: Form) {
        if let Some(name) = node.as_str() {
            self.add(name, None, form, node.full_span());
        }
    }

    fn add(&mut self, name: &str, attribute: Option<String>, form: Form, span: Span) {
        let (name, steps) = (name.to_owned(), self.steps.clone());
        self.found.push(Site { name, attribute, form, span, steps });
    }

    fn walk(&mut self, node: Node<'_>) {
        self.aliased |= node.alias_span().is_some();
        let long = self.long(node);
        let short = node.tag().and_then(|tag| tag.strip_prefix('!'));
        if let Some((function, value, span, quoted)) = long {
            return self.intrinsic(&function, value, span, Form::Long { quoted });
        }
        if let Some(function) = short {
            return self.intrinsic(function, node, node.full_span(), Form::Short);
        }
        self.below(node);
    }

    fn below(&mut self, node: Node<'_>) {
        for (key, value) in node.entries_as_written() {
            let key = key.scalar().unwrap_or_default();
            self.steps.push(key.to_owned());
            let ends = self.steps.iter().rev().nth(1).map(String::as_str);
            if key == "Id" && matches!(ends, Some("Source" | "Destination")) {
                self.name(value, Form::Connector);
            }
            self.walk(value);
            self.steps.pop();
        }
        for item in node.items() {
            self.walk(item);
        }
    }

    /// An intrinsic in its long form: its name, argument, place, and whether its key is in quotes.
    fn long<'d>(&self, node: Node<'d>) -> Option<(String, Node<'d>, Span, bool)> {
        let mut entries = node.entries_as_written();
        let (key, value) = entries.next().filter(|_| entries.next().is_none())?;
        let name = key.as_str()?;
        let function = match name {
            "Ref" | "Condition" => name,
            _ => name.strip_prefix("Fn::")?,
        };
        let is_name = value.as_str().is_some();
        if matches!(function, "Ref" | "Condition") && !is_name {
            return None;
        }
        let span = key.full_span().to(value.full_span());
        Some((function.to_owned(), value, span, key.style() == Some(Style::DoubleQuoted)))
    }

    fn intrinsic(&mut self, function: &str, value: Node<'_>, span: Span, form: Form) {
        match function {
            "Ref" => {
                let name = value.as_str().unwrap_or_default();
                self.add(name, None, form, span);
            }
            "GetAtt" => self.get_att(value, span, form),
            "Sub" => self.sub(value),
            "Condition" => self.name(value, Form::Condition),
            "If" => {
                let mut items = value.items();
                if let Some(condition) = items.next() {
                    self.name(condition, Form::Condition);
                }
                items.for_each(|item| self.walk(item));
            }
            "FindInMap" => {
                let mut items = value.items();
                if let Some(map) = items.next() {
                    // A mapping that is named by a value can be any.
                    let name = map.as_str().filter(|_| map.tag().is_none()).unwrap_or(ANY);
                    self.add(name, None, Form::Mapping, map.full_span());
                    self.walk(map);
                }
                items.for_each(|item| self.walk(item));
            }
            _ if form == Form::Short => self.below(value),
            _ => self.walk(value),
        }
    }

    fn get_att(&mut self, value: Node<'_>, span: Span, form: Form) {
        let parts: Vec<Option<&str>> = value.items().map(Node::as_str).collect();
        if let Some((name, attribute)) = value.as_str().and_then(|text| text.split_once('.')) {
            self.add(name, Some(attribute.to_owned()), form, span);
        } else if let [Some(name), attribute] = parts.as_slice() {
            // An attribute that is not written out is one that no parameter can stand for.
            self.add(name, Some(attribute.unwrap_or_default().to_owned()), form, span);
            value.items().skip(1).for_each(|item| self.walk(item));
        }
    }

    fn sub(&mut self, value: Node<'_>) {
        let mut items = value.items();
        let (text, variables) = match items.next() {
            Some(text) => (text, items.next()),
            None => (value, None),
        };
        let own: BTreeSet<&str> = variables
            .into_iter()
            .flat_map(|map| map.entries_as_written())
            .filter_map(|(key, _)| key.scalar())
            .collect();
        let span = text.span();
        let written = self.text.get(span.range()).unwrap_or_default();
        let mut from = 0;
        while let Some(start) = written[from..].find("${").map(|at| from + at) {
            let Some(end) = written[start..].find('}').map(|at| start + at + 1) else { break };
            from = end;
            let inside = written[start + 2..end - 1].trim();
            if inside.starts_with(['!', '{']) || own.contains(inside) {
                continue;
            }
            let (name, attribute) = match inside.split_once('.') {
                Some((name, attribute)) => (name, Some(attribute.to_owned())),
                None => (inside, None),
            };
            let at = span.start as usize;
            let place = Span::new(span.source, at + start, at + end);
            self.add(name, attribute, Form::Placeholder, place);
        }
        variables.into_iter().for_each(|map| self.below(map));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;

    #[test]
    fn names_are_found_however_they_are_written() {
        let text = "Condition: IsProd\nDependsOn: [A]\nProperties:\n  B: !GetAtt B.Arn\n  C: {Fn::GetAtt: [C, Arn]}\n  \
                    D: !Sub '${D}-${D.Arn}-${!Keep}'\n  E: !If [IsOn, !Ref E, !Ref AWS::NoValue]\n  F: !Sub ['${x}${F}', {x: !Ref G}]\n  \
                    H: !FindInMap [Sizes, !Ref Env, Size]\n";
        let (document, _) = crate::yaml::parse(SourceId(0), "", text);
        let (found, aliased) = sites(text, document.root().expect("it reads"));
        let names: Vec<&str> = found.iter().map(|site| site.name.as_str()).collect();
        assert_eq!(
            names,
            ["IsProd", "A", "B", "C", "D", "D", "IsOn", "E", "AWS::NoValue", "F", "G", "Sizes", "Env"]
        );
        assert!(!aliased);
        let written: Vec<&str> = found.iter().map(|site| &text[site.span.range()]).collect();
        assert_eq!(written[2..6], ["!GetAtt B.Arn", "Fn::GetAtt: [C, Arn]", "${D}", "${D.Arn}"]);
        assert_eq!(found[3].instead("CArn").as_deref(), Some("Ref: CArn"));
        assert_eq!(found[4].instead("D"), None);
    }
}
