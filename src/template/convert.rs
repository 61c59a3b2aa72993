//! From the spanned tree to values: short tags and long forms become one [`Intrinsic`].

use super::value::{Intrinsic, Map, Name, SubPart, Value, ValueKind};
use crate::evidence::Problem;
use crate::source::{SourceId, Sources, Span};
use crate::yaml::{self, Kind, Node};

/// Values one file may unfold to. A template of the largest size CloudFormation takes has fewer.
pub const MAX_VALUES: usize = 400_000;

/// Keys whose only entry makes a mapping an intrinsic function, besides all that begin with `Fn::`.
const LONE_KEYS: [&str; 2] = ["Ref", "Condition"];

/// Reads a YAML or JSON file that is no template: an API definition, a state machine, an include.
///
/// `None` for an empty or unreadable file. Problems: as [`yaml::parse`], and a file that cannot be
/// read or that unfolds to too many values.
pub fn read(sources: &Sources, id: SourceId) -> (Option<Value>, Vec<Problem>) {
    let path = sources.path(id);
    let text = sources.text(id);
    if let Some(error) = sources.error(id) {
        return (None, vec![Problem::of_file(path, format!("the file cannot be read: {error}"))]);
    }
    let (document, mut problems) = yaml::parse(id, path, text);
    let mut reader = Reader::new(text);
    let value = document.root().map(|root| reader.value(root));
    problems.extend(reader.problem(path));
    (value, problems)
}

/// The entries of sections at the root that a later section of the same name replaces.
pub(super) fn replaced(sources: &Sources, id: SourceId) -> Vec<Name> {
    let (document, _) = yaml::parse(id, sources.path(id), sources.text(id));
    let Some(root) = document.root() else { return Vec::new() };
    let sections: Vec<_> = root.entries_as_written().map(|(key, value)| (name(key), value)).collect();
    let mut found = Vec::new();
    for (index, (section, value)) in sections.iter().enumerate() {
        if sections.iter().skip(index + 1).any(|(later, _)| later.text == section.text) {
            found.extend(value.entries_as_written().map(|(key, _)| name(key)));
        }
    }
    found
}

impl Value {
    /// The value of a node; `text` is the whole file it was parsed from. Aliases are unfolded, up to
    /// [`MAX_VALUES`].
    pub fn from_node(node: Node<'_>, text: &str) -> Self {
        Reader::new(text).value(node)
    }
}

/// Converts nodes of one file, with a budget: aliases of aliases can name billions of values.
pub(super) struct Reader<'t> {
    text: &'t str,
    left: usize,
    cut: Option<Span>,
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, left: MAX_VALUES, cut: None }
    }

    /// That something was left out, where it was.
    pub(super) fn problem(&self, path: &str) -> Option<Problem> {
        let text = "the aliases of this file unfold to too many values; the rest is read as null";
        Some(Problem::at(path, self.cut?, text).help("write out what is needed instead of nesting aliases"))
    }

    pub(super) fn value(&mut self, node: Node<'_>) -> Value {
        let span = node.full_span();
        let Some(left) = self.left.checked_sub(1) else {
            self.cut.get_or_insert(span);
            return Value::null(span);
        };
        self.left = left;
        let content = self.content(node);
        match node.tag().and_then(long_name) {
            Some(long) => {
                let name = Name { text: long, span: node.tag_span().unwrap_or(span) };
                let intrinsic = Intrinsic::new(name, content, self.text);
                Value { span, kind: ValueKind::Intrinsic(Box::new(intrinsic)) }
            }
            None => content,
        }
    }

    fn content(&mut self, node: Node<'_>) -> Value {
        let kind = match node.kind() {
            Kind::Null => ValueKind::Null,
            Kind::Bool(value) => ValueKind::Bool(value),
            Kind::Number(text) => ValueKind::Number(text.to_owned()),
            Kind::String(text) => ValueKind::String(text.to_owned()),
            Kind::Sequence => ValueKind::List(node.items().map(|item| self.value(item)).collect()),
            Kind::Mapping => {
                let entries = node.entries().map(|(key, value)| (name(key), self.value(value)));
                return mapping(entries.collect(), node.span(), self.text);
            }
        };
        Value { span: node.span(), kind }
    }
}

/// A mapping, or the intrinsic function that its only key makes it.
pub(super) fn mapping(mut map: Map, span: Span, text: &str) -> Value {
    let lone = match map.entries.as_slice() {
        [(name, value)] => is_intrinsic(&name.text, value),
        _ => false,
    };
    let kind = match map.entries.pop() {
        Some((name, value)) if lone => ValueKind::Intrinsic(Box::new(Intrinsic::new(name, value, text))),
        last => {
            map.entries.extend(last);
            ValueKind::Map(map)
        }
    };
    Value { span, kind }
}

fn is_intrinsic(key: &str, value: &Value) -> bool {
    match key {
        // A resource body may hold nothing but the block of an access condition.
        "Condition" => value.as_str().is_some(),
        _ if LONE_KEYS.contains(&key) => true,
        _ => (key.starts_with("Fn::") && !key.starts_with("Fn::ForEach")) || key.starts_with("Rain::"),
    }
}

fn name(key: Node<'_>) -> Name {
    let text = match key.kind() {
        Kind::Null if key.span().start == key.span().end => "",
        Kind::Null => "null",
        _ => key.scalar().unwrap_or_default(),
    };
    Name { text: text.to_owned(), span: key.full_span() }
}

/// `Fn::Sub` for `!Sub`; `None` for the tags of YAML itself.
fn long_name(tag: &str) -> Option<String> {
    let name = tag.strip_prefix('!')?;
    if name.is_empty() || name.starts_with('!') || name.starts_with('<') {
        return None;
    }
    let bare = LONE_KEYS.contains(&name) || name.starts_with("Fn::") || name.starts_with("Rain::");
    Some(if bare { name.to_owned() } else { format!("Fn::{name}") })
}

impl Intrinsic {
    /// The function of a long name and its argument. What is malformed becomes [`Intrinsic::Other`].
    /// `text` is the file the argument was read from: it tells where in a string a name stands.
    pub(super) fn new(name: Name, argument: Value, text: &str) -> Self {
        build(&name.text, &argument, text).unwrap_or(Self::Other { name, argument })
    }
}

fn build(name: &str, argument: &Value, text: &str) -> Option<Intrinsic> {
    let items = argument.as_list().unwrap_or_default();
    Some(match name {
        "Ref" => Intrinsic::Ref(named(argument)?),
        "Condition" => Intrinsic::Condition(named(argument)?),
        "Fn::GetAtt" => get_att(argument, text)?,
        "Fn::Sub" => Intrinsic::Sub(sub(argument, text)?),
        "Fn::Join" => {
            let [delimiter, list] = items else { return None };
            Intrinsic::Join { delimiter: delimiter.scalar()?.into_owned(), list: list.clone() }
        }
        "Fn::If" => {
            let [condition, then, otherwise] = items else { return None };
            Intrinsic::If { condition: named(condition)?, then: then.clone(), otherwise: otherwise.clone() }
        }
        "Fn::FindInMap" => find_in_map(items)?,
        "Fn::Select" => {
            let [index, list] = items else { return None };
            Intrinsic::Select { index: index.clone(), list: list.clone() }
        }
        "Fn::Split" => {
            let [delimiter, text] = items else { return None };
            Intrinsic::Split { delimiter: delimiter.scalar()?.into_owned(), text: text.clone() }
        }
        "Fn::ImportValue" => Intrinsic::ImportValue(argument.clone()),
        "Fn::Base64" => Intrinsic::Base64(argument.clone()),
        "Fn::Length" => Intrinsic::Length(argument.clone()),
        "Fn::ToJsonString" => Intrinsic::ToJsonString(argument.clone()),
        "Fn::And" => Intrinsic::And(argument.as_list()?.to_vec()),
        "Fn::Or" => Intrinsic::Or(argument.as_list()?.to_vec()),
        "Fn::Not" => {
            let [condition] = items else { return None };
            Intrinsic::Not(condition.clone())
        }
        "Fn::Equals" => {
            let [left, right] = items else { return None };
            Intrinsic::Equals(left.clone(), right.clone())
        }
        "Fn::Transform" => {
            let map = argument.as_map()?;
            let known = map.iter().all(|(key, _)| matches!(key.text.as_str(), "Name" | "Parameters"));
            Intrinsic::Transform {
                name: map.get("Name").filter(|_| known)?.clone(),
                parameters: map.get("Parameters").cloned().unwrap_or_else(|| Value::null(argument.span)),
            }
        }
        _ => return None,
    })
}

/// A name where only a name can stand; numbers are accepted as CloudFormation does.
fn named(value: &Value) -> Option<Name> {
    let text = value.scalar()?.trim().to_owned();
    (!text.is_empty()).then_some(Name { text, span: value.span })
}

fn get_att(argument: &Value, text: &str) -> Option<Intrinsic> {
    if let Some(dotted) = argument.as_str() {
        let (resource, attribute) = dotted.split_once('.')?;
        let part = |part: &str, from: usize| within(argument.span, text, dotted, from..from + part.len());
        return Some(Intrinsic::GetAtt {
            resource: Name { text: resource.trim().to_owned(), span: part(resource, 0) },
            attribute: Value::string(attribute.trim(), part(attribute, resource.len() + 1)),
        });
    }
    let (resource, attributes) = argument.as_list()?.split_first()?;
    let resource = Name { text: resource.as_str()?.to_owned(), span: resource.span };
    let attribute = match attributes {
        [] => return None,
        [attribute] if attribute.as_intrinsic().is_some() => attribute.clone(),
        [first, .., last] | [first @ last] => {
            let names = attributes.iter().map(Value::scalar).collect::<Option<Vec<_>>>()?;
            Value::string(names.join("."), first.span.to(last.span))
        }
    };
    Some(Intrinsic::GetAtt { resource, attribute })
}

fn find_in_map(items: &[Value]) -> Option<Intrinsic> {
    let (map, first, second, default) = match items {
        [map, first, second] => (map, first, second, None),
        [map, first, second, extra] => (map, first, second, Some(extra.get("DefaultValue")?.clone())),
        _ => return None,
    };
    Some(Intrinsic::FindInMap { map: map.clone(), first: first.clone(), second: second.clone(), default })
}

fn sub(argument: &Value, text: &str) -> Option<Vec<SubPart>> {
    let none = Map::default();
    let (template, variables) = match argument.as_list() {
        None => (argument, &none),
        Some([template]) => (template, &none),
        Some([template, variables]) => (template, variables.as_map()?),
        Some(_) => return None,
    };
    let content = template.scalar()?;
    let spans = placeholder_spans(&content, template.span, text);
    let mut parts = Vec::new();
    let mut literal = String::new();
    let mut at = 0;
    for (place, span) in placeholders(&content).into_iter().zip(spans) {
        literal.push_str(&content[at..place.start]);
        at = place.end;
        let inside = &content[place.start + 2..place.end - 1];
        if let Some(escaped) = inside.strip_prefix('!') {
            literal.push_str(&format!("${{{escaped}}}"));
            continue;
        }
        if !literal.is_empty() {
            parts.push(SubPart::Text(std::mem::take(&mut literal)));
        }
        parts.push(placeholder(inside.trim(), span, variables));
    }
    literal.push_str(&content[at..]);
    if !literal.is_empty() || parts.is_empty() {
        parts.push(SubPart::Text(literal));
    }
    Some(parts)
}

fn placeholder(inside: &str, span: Span, variables: &Map) -> SubPart {
    let name = |text: &str| Name { text: text.to_owned(), span };
    if let Some(value) = variables.get(inside) {
        return SubPart::Variable(name(inside), value.clone());
    }
    match inside.split_once('.') {
        Some((resource, attribute)) => {
            // The span stands on the resource's name; when the place is only roughly known it is wider.
            let exact = (span.end - span.start) as usize == inside.len();
            let start = span.start as usize;
            let span = if exact { Span::new(span.source, start, start + resource.len()) } else { span };
            SubPart::GetAtt(Name { text: resource.to_owned(), span }, attribute.to_owned())
        }
        None => SubPart::Ref(name(inside)),
    }
}

/// Whether a location is a path, and not an address.
pub(super) fn is_local(location: &str) -> bool {
    let scheme = location.split_once("://").map(|(scheme, _)| scheme);
    !location.trim().is_empty() && matches!(scheme, None | Some("file"))
}

/// Byte ranges of `${...}`; empty ones and those that are never closed are text.
pub(super) fn placeholders(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = text[from..].find("${").map(|offset| from + offset) {
        let Some(end) = text[start..].find('}').map(|offset| start + offset + 1) else { break };
        // `${a${b}`: the inner one counts.
        let start = text[start..end].rfind("${").map_or(start, |offset| start + offset);
        if !text[start + 2..end - 1].trim().is_empty() {
            found.push(start..end);
        }
        from = end;
    }
    found
}

/// Where the names of the placeholders of `content` stand in the file; the whole string where escapes
/// or line breaks hide it.
fn placeholder_spans(content: &str, span: Span, text: &str) -> Vec<Span> {
    let inner =
        |of: &str, range: &std::ops::Range<usize>| of[range.start + 2..range.end - 1].trim().to_owned();
    let expected = placeholders(content);
    let written = text.get(span.range()).unwrap_or_default();
    let places = placeholders(written);
    let exact = places.len() == expected.len()
        && places
            .iter()
            .zip(&expected)
            .all(|(place, wanted)| inner(written, place) == inner(content, wanted));
    if !exact {
        return vec![span; expected.len()];
    }
    let start = span.start as usize;
    places
        .into_iter()
        .map(|place| {
            let inside = &written[place.start + 2..place.end - 1];
            let lead = inside.len() - inside.trim_start().len();
            let from = start + place.start + 2 + lead;
            Span::new(span.source, from, from + inside.trim().len())
        })
        .collect()
}

/// The place of `content[range]` inside the string at `span`; the whole string where escapes hide it.
fn within(span: Span, text: &str, content: &str, range: std::ops::Range<usize>) -> Span {
    let written = text.get(span.range()).unwrap_or_default();
    match written.find(content) {
        Some(offset) => {
            let start = span.start as usize + offset;
            Span::new(span.source, start + range.start, start + range.end)
        }
        None => span,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn value(text: &str) -> Value {
        let (document, problems) = yaml::parse(SourceId(0), "t.yaml", text);
        assert_eq!(problems, []);
        Value::from_node(document.root().expect("a root"), text)
    }

    #[test]
    fn short_and_long_forms_are_one() {
        let pairs = [
            ("!Ref Table", "Ref: Table"),
            ("!GetAtt Queue.Arn", "Fn::GetAtt: [Queue, Arn]"),
            ("!GetAtt [Stack, Outputs.Url]", "Fn::GetAtt: Stack.Outputs.Url"),
            ("!GetAtt [Stack, Outputs, Url]", "Fn::GetAtt: [Stack, Outputs.Url]"),
            ("!Sub '${A}-${B.C}'", "Fn::Sub: ['${A}-${ B.C }', {}]"),
            ("!If [Prod, 1, !Ref AWS::NoValue]", "Fn::If: [Prod, 1, {Ref: AWS::NoValue}]"),
            ("!FindInMap [M, a, b]", "Fn::FindInMap: [M, a, b]"),
            ("!Condition Prod", "Condition: Prod"),
            ("!Not [!Condition Prod]", "Fn::Not: [{Condition: Prod}]"),
            ("!Transform {Name: M}", "Fn::Transform: {Name: M}"),
            ("!Cidr [a, 1, 2]", "Fn::Cidr: [a, 1, 2]"),
        ];
        for (short, long) in pairs {
            assert_eq!(value(short).to_json(), value(long).to_json(), "{short}");
            assert!(value(short).as_intrinsic().is_some(), "{short}");
        }
    }

    #[test]
    fn text_fills_in_sub_and_join() {
        let text = |source: &str| value(source).text();
        assert_eq!(
            text("!Join [':', [arn, !Ref AWS::Partition, !GetAtt Q.Arn]]"),
            "arn:${AWS::Partition}:${Q.Arn}"
        );
        assert_eq!(text("!Sub ['${x}/${!keep}/${Y}', {x: !Ref Z}]"), "${Z}/${!keep}/${Y}");
        assert_eq!(text("!If [C, a, !Ref B]"), "${Fn::If(C,a,${B})}");
        assert_eq!(text("!Select [1, [a, b]]"), "b");
        assert_eq!(text("!Select [0, !Split [',', !Ref P]]"), "${Fn::Select(0,${Fn::Split(,,${P})})}");
        assert_eq!(text("0x10"), "16");
        assert_eq!(text("{b: 1, a: [yes]}"), "{a:[true],b:1}");
    }

    #[test]
    fn json_keeps_what_was_escaped() {
        let json = value("!Sub '${!Literal} ${A} ${'").to_json();
        assert_eq!(json, json!({"Fn::Sub": "${!Literal} ${A} ${"}));
        let json = value("!Sub ['${a.b}', {a.b: !Ref C}]").to_json();
        assert_eq!(json, json!({"Fn::Sub": ["${a.b}", {"a.b": {"Ref": "C"}}]}));
    }

    #[test]
    fn malformed_functions_are_kept() {
        for source in
            ["!GetAtt NoDot", "!If [A, b]", "!Sub [a, b, c]", "Fn::Join: x", "Ref: [a]", "Fn::New: {a: 1}"]
        {
            let value = value(source);
            assert!(matches!(value.as_intrinsic(), Some(Intrinsic::Other { .. })), "{source}");
        }
        assert_eq!(value("Fn::Join: x").to_json(), json!({"Fn::Join": "x"}));
        assert!(value("Condition: {StringEquals: {a: b}}").as_map().is_some());
    }

    #[test]
    fn names_stand_where_they_are_written() {
        let text = "a: !Sub |\n  x ${Table}\n    ${ Fn.Arn }\nb: !GetAtt 'Queue.Arn'\n";
        let value = value(text);
        let places: Vec<_> =
            value.mentions().iter().map(|mention| &text[mention.name.span.range()]).collect();
        assert_eq!(places, ["Table", "Fn", "Queue"]);
    }

    #[test]
    fn branches_leave_no_value_out() {
        let value = value("[!If [A, x, !If [B, y, !Ref AWS::NoValue]], z, !If [A, !If [A, p, q], r]]");
        let items: Vec<_> = value
            .items()
            .into_iter()
            .map(|(item, when)| {
                let when: Vec<_> = when.iter().map(|(name, holds)| (name.text.as_str(), *holds)).collect();
                (item.text(), when.iter().map(|(name, holds)| format!("{name}={holds}")).collect::<Vec<_>>())
            })
            .collect();
        let expected = [
            ("x", vec!["A=true"]),
            ("y", vec!["A=false", "B=true"]),
            ("z", vec![]),
            ("p", vec!["A=true"]),
            ("r", vec!["A=false"]),
        ];
        let expected = expected
            .map(|(text, when)| (text.to_owned(), when.into_iter().map(str::to_owned).collect::<Vec<_>>()));
        assert_eq!(items, expected);
    }

    #[test]
    fn alias_bombs_are_cut() {
        let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..12 {
            let below = format!("*a{},", level - 1).repeat(10);
            text.push_str(&format!("a{level}: &a{level} [{below}]\n"));
        }
        let sources = Sources::in_memory([("t.yaml".to_owned(), text)].into());
        let (value, problems) = read(&sources, SourceId(0));
        assert!(value.is_some());
        assert!(problems.iter().any(|problem| problem.text.contains("too many values")));
    }
}
