//! `Fn::ForEach` of the language extensions, unrolled.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html>

use std::cell::Cell;

use super::convert::{MAX_VALUES, mapping};
use super::evaluate::Scope;
use super::text;
use super::value::{Intrinsic, Map, Name, SubPart, Value, ValueKind};
use crate::evidence::Problem;
use crate::source::Sources;

const PREFIX: &str = "Fn::ForEach";
/// Text the variables of one template may add; past it they stay as they are.
const MAX_BYTES: usize = 64 << 20;

pub(super) struct Loops<'s> {
    sources: &'s Sources,
    /// The parameters' defaults and the mappings: what collections may refer to.
    scope: Scope<'s>,
    /// Values that may still be made, and bytes of text.
    left: usize,
    bytes: Cell<usize>,
    pub(super) problems: Vec<Problem>,
}

impl<'s> Loops<'s> {
    pub(super) fn new(sources: &'s Sources, scope: Scope<'s>) -> Self {
        Self { sources, scope, left: MAX_VALUES, bytes: Cell::new(MAX_BYTES), problems: Vec::new() }
    }

    /// The value with all loops in it unrolled.
    pub(super) fn unroll(&mut self, value: &Value) -> Value {
        let kind = match &value.kind {
            ValueKind::List(items) => ValueKind::List(items.iter().map(|item| self.unroll(item)).collect()),
            ValueKind::Map(map) => ValueKind::Map(self.unroll_map(map)),
            ValueKind::Intrinsic(intrinsic) => {
                ValueKind::Intrinsic(Box::new(intrinsic.map(&mut |argument| self.unroll(argument))))
            }
            scalar => scalar.clone(),
        };
        Value { span: value.span, kind }
    }

    pub(super) fn unroll_map(&mut self, map: &Map) -> Map {
        if !map.iter().any(|(key, _)| is_loop(key)) {
            return Map {
                entries: map.iter().map(|(key, value)| (key.clone(), self.unroll(value))).collect(),
            };
        }
        let mut entries = Vec::new();
        for (key, value) in map.iter() {
            if is_loop(key) {
                entries.extend(self.copies(key, value));
            } else {
                entries.push((key.clone(), self.unroll(value)));
            }
        }
        entries.into_iter().collect()
    }

    fn copies(&mut self, key: &Name, argument: &Value) -> Vec<(Name, Value)> {
        let path = self.sources.path(key.span.source);
        let Some((variable, collection, body)) = parts(argument) else {
            let text = format!("the loop `{}` is not understood, so it is left out", key.text);
            let help = "a loop is a list of a variable, a collection and a mapping";
            self.problems.push(Problem::at(path, key.span, text).help(help));
            return Vec::new();
        };
        let Some(items) = self.items(collection) else {
            let text = format!("what the loop `{}` runs over is not known, so it is left out", key.text);
            let help = "give the parameter a default, or write the list out";
            self.problems.push(Problem::at(path, collection.span, text).help(help));
            return Vec::new();
        };
        let size: usize = body.iter().map(|(_, value)| value.size()).sum::<usize>() + 1;
        let mut copies = Vec::new();
        for item in items {
            let Some(left) = self.left.checked_sub(size) else {
                let text = format!("the loop `{}` makes too many values; the rest is left out", key.text);
                self.problems.push(Problem::at(path, key.span, text));
                break;
            };
            self.left = left;
            let binding = Binding { variable, item: &item, sources: self.sources, bytes: &self.bytes };
            copies.extend(self.unroll_map(&binding.map(body)).entries);
        }
        copies
    }

    fn items(&self, collection: &Value) -> Option<Vec<String>> {
        let known = self.scope.evaluate(collection);
        known.as_list()?.iter().map(|item| Some(item.scalar()?.into_owned())).collect()
    }
}

fn is_loop(key: &Name) -> bool {
    key.text.starts_with(PREFIX)
}

fn parts(argument: &Value) -> Option<(&str, &Value, &Map)> {
    let [variable, collection, body] = argument.as_list()? else { return None };
    Some((variable.as_str()?, collection, body.as_map()?))
}

/// One turn of a loop: what its variable stands for.
struct Binding<'a> {
    variable: &'a str,
    item: &'a str,
    sources: &'a Sources,
    bytes: &'a Cell<usize>,
}

impl Binding<'_> {
    fn value(&self, value: &Value) -> Value {
        match &value.kind {
            ValueKind::String(text) => Value::string(self.text(text), value.span),
            ValueKind::List(items) => {
                Value::list(items.iter().map(|item| self.value(item)).collect(), value.span)
            }
            // A key may have become that of a function only now.
            ValueKind::Map(map) => mapping(self.map(map), value.span, self.sources.text(value.span.source)),
            ValueKind::Intrinsic(intrinsic) => self.intrinsic(intrinsic, value),
            _ => value.clone(),
        }
    }

    fn map(&self, map: &Map) -> Map {
        map.iter().map(|(key, value)| (self.name(key), self.value(value))).collect()
    }

    fn intrinsic(&self, intrinsic: &Intrinsic, value: &Value) -> Value {
        let source = self.sources.text(value.span.source);
        let changed = match intrinsic.map(&mut |argument| self.value(argument)) {
            Intrinsic::Ref(name) if name.text == self.variable => {
                return Value::string(self.item, value.span);
            }
            Intrinsic::Ref(name) => Intrinsic::Ref(self.name(&name)),
            Intrinsic::Condition(name) => Intrinsic::Condition(self.name(&name)),
            Intrinsic::If { condition, then, otherwise } => {
                Intrinsic::If { condition: self.name(&condition), then, otherwise }
            }
            Intrinsic::GetAtt { resource, attribute } => {
                Intrinsic::GetAtt { resource: self.name(&resource), attribute }
            }
            Intrinsic::Sub(parts) => return self.sub(&parts, value),
            // What was malformed may have been waiting for the name.
            Intrinsic::Other { name, argument } => Intrinsic::new(name, argument, source),
            other => other,
        };
        Value { span: value.span, kind: ValueKind::Intrinsic(Box::new(changed)) }
    }

    /// The variable is replaced in the text before `Fn::Sub` reads it: `${Table${Name}}` is one name.
    fn sub(&self, parts: &[SubPart], value: &Value) -> Value {
        let (template, variables) = text::sub_template(parts);
        let replaced = self.text(&template);
        if replaced == template {
            let kind = ValueKind::Intrinsic(Box::new(Intrinsic::Sub(parts.to_vec())));
            return Value { span: value.span, kind };
        }
        let name = Name { text: "Fn::Sub".to_owned(), span: value.span };
        let template = Value::string(replaced, value.span);
        let argument = if variables.is_empty() {
            template
        } else {
            let variables = Value { span: value.span, kind: ValueKind::Map(variables) };
            Value::list(vec![template, variables], value.span)
        };
        let intrinsic = Intrinsic::new(name, argument, self.sources.text(value.span.source));
        match &intrinsic {
            Intrinsic::Sub(parts) => match parts.as_slice() {
                [SubPart::Text(text)] => Value::string(text.clone(), value.span),
                _ => Value { span: value.span, kind: ValueKind::Intrinsic(Box::new(intrinsic)) },
            },
            _ => Value { span: value.span, kind: ValueKind::Intrinsic(Box::new(intrinsic)) },
        }
    }

    fn name(&self, name: &Name) -> Name {
        Name { text: self.text(&name.text), span: name.span }
    }

    /// `${Variable}` is the item, `&{Variable}` its letters and digits.
    fn text(&self, text: &str) -> String {
        if !text.contains(self.variable) {
            return text.to_owned();
        }
        let growth = text.matches(self.variable).count().saturating_mul(self.item.len());
        let Some(left) = self.bytes.get().checked_sub(growth) else { return text.to_owned() };
        self.bytes.set(left);
        let plain: String = self.item.chars().filter(char::is_ascii_alphanumeric).collect();
        text.replace(&format!("${{{}}}", self.variable), self.item)
            .replace(&format!("&{{{}}}", self.variable), &plain)
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse::tests::template;
    use super::*;

    #[test]
    fn loops_make_resources() {
        let (template, problems) = template(
            "Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]
Parameters:
  Names: {Type: CommaDelimitedList, Default: 'a-1,b'}
  Unknown: {Type: CommaDelimitedList}
Conditions:
  Fn::ForEach::Conditions: [N, [X, Y], {'Is${N}': !Equals [!Ref N, X]}]
Resources:
  Fn::ForEach::Functions:
  - Name
  - !Ref Names
  - Function&{Name}:
      Type: AWS::Serverless::Function
      Condition: IsX
      Properties:
        FunctionName: !Sub '${Name}-${AWS::Region}'
        Handler: !Ref Name
        Description: !GetAtt 'Table&{Name}.Arn'
        Environment:
          Variables:
            Fn::ForEach::Variables: [V, [P, Q], {'${V}': !Sub '${Name}${V}'}]
  Fn::ForEach::Gone: [Name, !Ref Unknown, {A: {Type: T}}]
  Fn::ForEach::Bad: x
Outputs:
  Fn::ForEach::Outs: [N, [A], {'Out${N}': {Value: !Sub '${Function${N}.Arn}'}}]
",
        );
        let ids: Vec<_> = template.resources.iter().map(|resource| resource.id.text.as_str()).collect();
        assert_eq!(ids, ["Functiona1", "Functionb"]);
        let first = &template.resources[0];
        let text = |name: &str| first.property(name).map(Value::text);
        assert_eq!(text("FunctionName").as_deref(), Some("a-1-${AWS::Region}"));
        assert_eq!(text("Handler").as_deref(), Some("a-1"));
        assert_eq!(text("Description").as_deref(), Some("${Tablea1.Arn}"));
        assert_eq!(text("Environment").as_deref(), Some("{Variables:{P:a-1P,Q:a-1Q}}"));
        let conditions: Vec<_> = template.conditions.iter().map(|(name, _)| name.text.as_str()).collect();
        assert_eq!(conditions, ["IsX", "IsY"]);
        let output = template.outputs[0].value.as_ref().map(Value::text);
        assert_eq!(output.as_deref(), Some("${FunctionA.Arn}"));
        assert_eq!(problems.len(), 2);
    }

    #[test]
    fn nested_loops_are_bounded() {
        let items = vec!["a"; 200].join(",");
        let mut body = "{'${A}${B}${C}': 1}".to_owned();
        for variable in ["A", "B", "C", "D", "E"] {
            body = format!("{{'Fn::ForEach::{variable}': [{variable}, [{items}], {body}]}}");
        }
        let (_, problems) = template(&format!("Mappings: {{}}\nResources: {body}\n"));
        assert!(problems.iter().any(|problem| problem.text.contains("too many values")));
    }
}
