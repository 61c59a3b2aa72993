//! ARNs and actions as patterns: does one cover another, with parts that are only known when the
//! template is deployed.

use super::model::Reference;
use crate::aws::is_like;
use crate::aws::resource_arns::{Gives, ResourceType, named_type, parts, resource_type};
use crate::template::{Resource, Template};

/// Whether a pattern covers a text. The order is from least to most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Covers {
    No,
    /// It depends on what a placeholder stands for.
    Maybe,
    Yes,
}

impl Covers {
    #[must_use]
    pub fn not(self) -> Self {
        match self {
            Self::No => Self::Yes,
            Self::Maybe => Self::Maybe,
            Self::Yes => Self::No,
        }
    }
}

/// What stands for a part that only the call knows, such as the key of an object.
const OPEN: &str = "${*}";

/// How the placeholder of a generated name's random end closes.
const UNIQUE_END: &str = "#}";

/// How many letters and digits the random end has.
/// Source: names of deployed stacks, `stack-Orders-1F5KGZ3M8QX2A`; the user guide gives the form only:
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html>
const UNIQUE_LENGTHS: [usize; 2] = [12, 13];

/// Longer texts are not compared.
const MAX_TOKENS: usize = 2_048;

/// Whether `pattern` (`*`, `?`) covers `text`. Both may hold `${...}`; the same placeholder is the same
/// text wherever it stands. Two ARNs are compared part by part.
pub(super) fn covers(pattern: &str, text: &str) -> Covers {
    if let Some(answer) = at_first_sight(pattern, text) {
        return answer;
    }
    match (segments(pattern), segments(text)) {
        (Some(pattern), Some(text)) => {
            let parts = pattern.iter().zip(&text);
            // The name of a bucket has no slash, so what follows one is a key.
            let flat = text.get(2) == Some(&"s3");
            parts.map(|(pattern, text)| covers_part(pattern, text, flat)).min().unwrap_or(Covers::No)
        }
        _ => covers_part(pattern, text, false),
    }
}

/// The answer for the same text, and for texts that have different letters before anything that may stand
/// for others: for most.
fn at_first_sight(pattern: &str, text: &str) -> Option<Covers> {
    match pattern == text && text.len() <= MAX_TOKENS {
        true => Some(Covers::Yes),
        false => part_early(pattern.as_bytes(), text.as_bytes()).then_some(Covers::No),
    }
}

fn part_early(pattern: &[u8], text: &[u8]) -> bool {
    let differing = pattern.iter().zip(text).find(|(p, t)| p != t || is_open(**p));
    differing.is_some_and(|(p, t)| !is_open(*p) && !is_placeholder(*t))
}

fn is_open(letter: u8) -> bool {
    matches!(letter, b'*' | b'?') || is_placeholder(letter)
}

/// Whether `${...}` or `{{resolve:...}}` may begin with it.
fn is_placeholder(letter: u8) -> bool {
    matches!(letter, b'$' | b'{')
}

/// The six parts of an ARN; the last holds all further colons.
fn segments(arn: &str) -> Option<Vec<&str>> {
    const PARTS: usize = 6;
    if !arn.starts_with("arn:") {
        return None;
    }
    let (mut parts, mut start, mut place) = (Vec::new(), 0, 0);
    while parts.len() + 1 < PARTS {
        let rest = arn.get(place..)?;
        match rest.chars().next()? {
            ':' => {
                parts.push(&arn[start..place]);
                place += 1;
                start = place;
            }
            letter => place += placeholder(rest).unwrap_or(letter.len_utf8()),
        }
    }
    parts.push(arn.get(start..)?);
    Some(parts)
}

/// With `flat`, placeholders hold no slash.
fn covers_part(pattern: &str, text: &str, flat: bool) -> Covers {
    at_first_sight(pattern, text).unwrap_or_else(|| part_covered(pattern, text, flat))
}

fn part_covered(pattern: &str, text: &str, flat: bool) -> Covers {
    let is_open = |text: &str| text.contains("${") || text.contains("{{resolve:");
    let is_plain = |text: &str| text.is_ascii() && !is_open(text) && text.len() <= MAX_TOKENS;
    if is_plain(pattern) && is_plain(text) {
        return if is_covered(pattern.as_bytes(), text.as_bytes()) { Covers::Yes } else { Covers::No };
    }
    let (pattern, text) = (tokens(pattern, true, flat), tokens(text, false, flat));
    if pattern.len() > MAX_TOKENS || text.len() > MAX_TOKENS {
        return Covers::Maybe;
    }
    let Some((pattern, text)) = without_ends(&pattern, &text) else { return Covers::No };
    // What is covered as it is written is covered whatever placeholders stand for.
    match matches(pattern, text, true) {
        true if matches(pattern, text, false) => Covers::Yes,
        true => Covers::Maybe,
        false => Covers::No,
    }
}

/// Both without what stands for nothing but itself at their ends; `None` where that is not the same, as in
/// most names.
fn without_ends<'s, 't>(
    pattern: &'s [Token<'t>],
    text: &'s [Token<'t>],
) -> Option<(&'s [Token<'t>], &'s [Token<'t>])> {
    let (mut pattern, mut text) = (pattern, text);
    while let ([one, rest @ ..], [other, others @ ..]) = (pattern, text)
        && one.is_fixed_as(*other)
    {
        if one != other {
            return None;
        }
        (pattern, text) = (rest, others);
    }
    while let ([rest @ .., one], [others @ .., other]) = (pattern, text)
        && one.is_fixed_as(*other)
    {
        if one != other {
            return None;
        }
        (pattern, text) = (rest, others);
    }
    Some((pattern, text))
}

/// Whether a pattern covers a text, both without placeholders: by far the most are.
fn is_covered(pattern: &[u8], text: &[u8]) -> bool {
    is_like(pattern, text, |letter, other| letter == b'?' || letter == other)
}

/// An action as it is compared: they read the same in either case, placeholders keep theirs.
pub(super) fn lower(pattern: String) -> String {
    if pattern.contains("${") { pattern } else { pattern.to_ascii_lowercase() }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token<'t> {
    Letter(char),
    /// Any run of letters.
    Any,
    /// Any one letter.
    One,
    /// `${...}`, and whether it may hold slashes.
    Symbol(&'t str, bool),
    /// The random end of a generated name, which is like no other; a text of its form may be it, copied from
    /// the one stack that was looked at.
    Unique(&'t str),
}

fn tokens(text: &str, is_pattern: bool, flat: bool) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let length = placeholder(rest).unwrap_or(letter.len_utf8());
        tokens.push(match letter {
            '$' if rest[..length].ends_with(UNIQUE_END) => Token::Unique(&rest[..length]),
            '$' | '{' if length > 1 => {
                let symbol = &rest[..length];
                Token::Symbol(symbol, symbol == OPEN || !(flat || symbol.starts_with("${AWS::")))
            }
            '*' if is_pattern => Token::Any,
            '?' if is_pattern => Token::One,
            letter => Token::Letter(letter),
        });
        rest = &rest[length..];
    }
    tokens
}

/// The length of the placeholder at the start, `${...}` or a dynamic reference `{{resolve:...}}`; braces
/// inside it are balanced.
fn placeholder(text: &str) -> Option<usize> {
    if !text.starts_with("${") && !text.starts_with("{{resolve:") {
        return None;
    }
    let mut depth = 0_usize;
    for (place, letter) in text.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 1 => return Some(place + 1),
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

/// With `open`, a placeholder may stand for any text; without, only for itself.
fn matches(pattern: &[Token<'_>], text: &[Token<'_>], open: bool) -> bool {
    // `reached[j]`: the pattern so far covers the first `j` tokens of the text.
    let mut reached = vec![false; text.len() + 1];
    reached[0] = true;
    let mut next = reached.clone();
    for token in pattern {
        if open {
            spread(&mut reached, text);
        }
        next.fill(false);
        for j in (0..=text.len()).filter(|j| reached[*j]) {
            if open && matches!(token, Token::Unique(_)) {
                copied(&mut next, text, j);
            }
            match (token, text.get(j)) {
                (Token::Any, _) => next[j..].fill(true),
                (Token::Symbol(..), _) if open => run(&mut next, text, j, *token),
                // The placeholder of the text takes this token of the pattern in, and may go on.
                (_, Some(holder @ Token::Symbol(..))) if open && holder.holds(*token) => next[j] = true,
                (Token::One, Some(Token::Letter(_))) => next[j + 1] = true,
                (_, Some(other)) if other == token => next[j + 1] = true,
                _ => {}
            }
        }
        std::mem::swap(&mut reached, &mut next);
    }
    if open {
        spread(&mut reached, text);
    }
    reached[text.len()]
}

/// A placeholder of the pattern takes in what it can of the text from `start` on.
fn run(next: &mut [bool], text: &[Token<'_>], start: usize, symbol: Token<'_>) {
    next[start] = true;
    for (offset, token) in text[start..].iter().enumerate() {
        if !symbol.holds(*token) {
            break;
        }
        next[start + offset + 1] = true;
    }
}

/// The random end of a generated name, as it was found in one stack.
fn copied(next: &mut [bool], text: &[Token<'_>], start: usize) {
    let is_plain =
        |token: &Token<'_>| matches!(token, Token::Letter(letter) if letter.is_ascii_alphanumeric());
    for end in UNIQUE_LENGTHS.map(|length| start + length) {
        if text.get(start..end).is_some_and(|run| run.iter().all(is_plain)) {
            next[end] = true;
        }
    }
}

/// A placeholder of the text may end anywhere.
fn spread(reached: &mut [bool], text: &[Token<'_>]) {
    for (j, token) in text.iter().enumerate() {
        if reached[j] && matches!(token, Token::Symbol(..)) {
            reached[j + 1] = true;
        }
    }
}

impl Token<'_> {
    /// Both stand for themselves alone, or both are random ends: they are the same or no match.
    fn is_fixed_as(self, other: Self) -> bool {
        matches!((self, other), (Self::Letter(_), Self::Letter(_)) | (Self::Unique(_), Self::Unique(_)))
    }

    /// Whether this placeholder could hold that token.
    fn holds(self, token: Self) -> bool {
        matches!(self, Self::Symbol(_, slashes) if slashes || token != Token::Letter('/'))
    }
}

/// A text of a policy with names and ARNs of resources written out, so that all ways to write the
/// same ARN become one.
pub(super) fn written_out(template: &Template, text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        out.push_str(&rest[..start]);
        let length = placeholder(&rest[start..]).unwrap_or(rest.len() - start);
        let symbol = &rest[start..start + length];
        match attribute(template, symbol) {
            Some(known) => out.push_str(&known),
            None => out.push_str(symbol),
        }
        rest = &rest[start + length..];
    }
    out.push_str(rest);
    any_partition(out)
}

fn any_partition(arn: String) -> String {
    for partition in ["arn:aws:", "arn:aws-cn:", "arn:aws-us-gov:"] {
        if let Some(rest) = arn.strip_prefix(partition) {
            return format!("arn:${{AWS::Partition}}:{rest}");
        }
    }
    arn
}

/// What `${Id}` or `${Id.Attribute}` is, where it is a name or an ARN.
fn attribute(template: &Template, symbol: &str) -> Option<String> {
    let inside = symbol.strip_prefix("${")?.strip_suffix('}')?;
    let (id, attribute) = match inside.split_once('.') {
        Some((id, attribute)) => (id, Some(attribute)),
        None => (inside, None),
    };
    let resource = template.resource(id)?;
    let known = resource_type(&resource.kind.text)?;
    let gives = match attribute {
        None => known.r#ref,
        Some(name) if known.names.iter().any(|known| known == name) => Gives::Name,
        Some(name) if known.arns.iter().any(|known| known == name) => Gives::Arn,
        Some(_) => return None,
    };
    match gives {
        Gives::Name => Some(name_of(resource, known)),
        Gives::Arn => Some(arn(known, &known.arn, &name_of(resource, known))),
        Gives::Url => None,
    }
}

/// The given name, or the form of a generated one.
fn name_of(resource: &Resource, known: &ResourceType) -> String {
    let given = known.name.as_ref().and_then(|property| resource.property(property));
    match given.filter(|name| !name.is_null() && !name.is_no_value()) {
        Some(name) => name.text(),
        None => format!("${{AWS::StackName}}-{id}-${{{id}#}}", id = resource.id.text),
    }
}

fn arn(known: &ResourceType, form: &str, name: &str) -> String {
    // Names of parameters may start with the slash that the form has already.
    let name = if known.arn.contains("/{name}") { name.strip_prefix('/').unwrap_or(name) } else { name };
    let filled = form
        .replace("{account}", "${AWS::Region}:${AWS::AccountId}")
        .replace("{name}", name)
        .replace("{*}", OPEN);
    format!("arn:${{AWS::Partition}}:{filled}")
}

/// The ARNs a call of `action` on a resource is checked against: the first is what a plain call needs,
/// with a further one the call may do as well. A part that only the call knows is a placeholder.
pub(super) fn checked(template: &Template, action: &str, on: Option<&Reference>) -> Vec<String> {
    let service = action.split(':').next().unwrap_or_default();
    let unknown = || vec![OPEN.to_owned()];
    let (known, name, whole) = match on {
        None => return unknown(),
        Some(Reference::Resource(id)) => {
            let resource = template.resource(id);
            let known = resource.and_then(|resource| Some((resource, resource_type(&resource.kind.text)?)));
            let Some((resource, known)) = known else { return vec![format!("${{{id}.Arn}}")] };
            let name = name_of(resource, known);
            let whole = arn(known, &known.arn, &name);
            (known, name, whole)
        }
        Some(Reference::Text(text)) => {
            let Some(known) = named_type(service) else { return unknown() };
            let text = written_out(template, text);
            if text.starts_with("arn:") {
                let name = text.rsplit([':', '/']).next().unwrap_or_default().to_owned();
                (known, name, text)
            } else {
                let name = text.strip_prefix("https://").and_then(|url| url.rsplit('/').next());
                let name = name.map_or_else(|| text.clone(), str::to_owned);
                let whole = arn(known, &known.arn, &name);
                (known, name, whole)
            }
        }
    };
    parts(action)
        .iter()
        .map(|part| match part.starts_with(['/', ':']) || part.is_empty() {
            true => format!("{whole}{}", part.replace("{*}", OPEN)),
            false => arn(known, part, &name),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn plain_texts_are_compared_as_any(pattern in "[ab*?]{0,8}", text in "[ab*?]{0,8}") {
            let (all, letters) = (tokens(&pattern, true, false), tokens(&text, false, false));
            let plain = is_covered(pattern.as_bytes(), text.as_bytes());
            proptest::prop_assert_eq!(plain, matches(&all, &letters, false));
            proptest::prop_assert_eq!(plain, matches(&all, &letters, true));
        }
    }
    proptest::proptest! {
        #[test]
        fn ends_are_compared_as_the_whole_is(
            pattern in "(a|b|[*]|[?]|[$][{]A[}]|[$][{]C#[}]){0,6}",
            text in "(a|b|[$][{]A[}]|[$][{]B[}]|[$][{]C#[}]|[$][{]D#[}]){0,6}",
            open: bool,
        ) {
            let (all, letters) = (tokens(&pattern, true, false), tokens(&text, false, false));
            let short = without_ends(&all, &letters).is_some_and(|(all, letters)| matches(all, letters, open));
            proptest::prop_assert_eq!(short, matches(&all, &letters, open));
            proptest::prop_assert!(matches(&all, &letters, true) || !matches(&all, &letters, false));
        }
    }
    proptest::proptest! {
        #[test]
        fn texts_that_part_early_are_not_covered(
            pattern in "(a|b|[*]|[?]|[$][{]A[}]|[$][{]B[}]){0,6}",
            text in "(a|b|[*]|[$][{]A[}]|[$][{]B[}]|[$][{]C#[}]){0,6}",
        ) {
            let whole = part_covered(&pattern, &text, false);
            proptest::prop_assert_eq!(at_first_sight(&pattern, &text).unwrap_or(whole), whole);
        }
    }

    use crate::graph::testing::template;

    #[test]
    fn patterns_cover_texts() {
        for (pattern, text, expected) in [
            ("*", "anything", Covers::Yes),
            ("a*c", "abbc", Covers::Yes),
            ("a?c", "abc", Covers::Yes),
            ("a?c", "ac", Covers::No),
            ("table/${T}", "table/${T}", Covers::Yes),
            ("table/${T}*", "table/${T}", Covers::Yes),
            ("table/${T}", "table/${U}", Covers::Maybe),
            ("table/${T}", "index/x", Covers::No),
            ("table/${T}/index/*", "table/x", Covers::No),
            ("b/*", "b/${*}", Covers::Yes),
            ("b", "b/${*}", Covers::No),
            ("b/x*", "b/${*}", Covers::Maybe),
            ("${A}", "", Covers::Maybe),
            ("${Fn::If(a,${B},c)}", "x", Covers::Maybe),
            ("{{resolve:ssm:/${A}/arn}}", "arn:aws:s3:::b", Covers::Maybe),
            ("table/{{resolve:ssm:/t}}", "table/{{resolve:ssm:/t}}", Covers::Yes),
            ("table/{{resolve:ssm:/t}}", "index/x", Covers::No),
            ("${AWS::StackName}-T-${T#}", "${AWS::StackName}-T-${T#}", Covers::Yes),
            ("${AWS::StackName}-T-${T#}", "${AWS::StackName}-U-${U#}", Covers::No),
            ("${AWS::StackName}-T-${T#}", "shop-T-1F5KGZ3M8QX2A", Covers::Maybe),
            ("${AWS::StackName}-T-${T#}", "shop-T-MH8XMC50JHLW", Covers::Maybe),
            ("${AWS::StackName}-T-${T#}", "shop-U-1F5KGZ3M8QX2A", Covers::No),
            ("${AWS::StackName}-T-${T#}", "shop-T-orders", Covers::No),
            ("${AWS::StackName}-T-${T#}", "shop-T-the-old-table", Covers::No),
        ] {
            assert_eq!(covers(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn actions_are_read_in_either_case() {
        let covers_action =
            |pattern: &str, action: &str| covers(&lower(pattern.to_owned()), &lower(action.to_owned()));
        assert_eq!(covers_action("DynamoDB:get*", "dynamodb:GetItem"), Covers::Yes);
        assert_eq!(covers_action("dynamodb:PutItem", "dynamodb:GetItem"), Covers::No);
        assert_eq!(covers_action("${Service}:*", "dynamodb:GetItem"), Covers::Maybe);
    }

    const TEMPLATE: &str = "\
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
  Named:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: !Sub '${Env}-orders'
  Topic:
    Type: AWS::SNS::Topic
  Files:
    Type: AWS::S3::Bucket
  Other:
    Type: Custom::Thing
";

    #[test]
    fn all_ways_to_write_an_arn_become_one() {
        let template = template(TEMPLATE);
        let out = |text: &str| written_out(&template, text);
        let arn = "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/";
        assert_eq!(out("${Orders.Arn}"), out(&format!("{arn}${{Orders}}")));
        assert_eq!(out("${Named.Arn}"), format!("{arn}${{Env}}-orders"));
        assert_eq!(out("${Topic}"), out("${Topic.TopicArn}"));
        assert_eq!(out("arn:aws:s3:::x"), "arn:${AWS::Partition}:s3:::x");
        assert_eq!(out("${Other.Arn}"), "${Other.Arn}");
        assert_eq!(out("${Unclosed"), "${Unclosed");
    }

    #[test]
    fn calls_are_checked_on_parts() {
        let template = template(TEMPLATE);
        let on = |id: &str| Some(Reference::Resource(id.to_owned()));
        let objects = checked(&template, "s3:GetObject", on("Files").as_ref());
        assert_eq!(objects, [format!("{}/${{*}}", written_out(&template, "${Files.Arn}"))]);
        assert_eq!(checked(&template, "dynamodb:Query", on("Orders").as_ref()).len(), 2);
        let url = Reference::Text("https://sqs.us-east-1.amazonaws.com/1/jobs".to_owned());
        assert_eq!(
            checked(&template, "sqs:SendMessage", Some(&url)),
            ["arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:jobs"]
        );
        assert_eq!(checked(&template, "custom:Do", on("Other").as_ref()), ["${Other.Arn}"]);
    }
}
