//! What a Guard file must not have, because it would end the whole process: rules that name each other
//! in a circle, and brackets that nest without measure.

use std::collections::BTreeMap;

/// Deeper nesting than anybody writes; the engine's parser and evaluator call themselves per level.
const MAX_DEPTH: usize = 64;

/// Why a file must not be run.
///
/// # Errors
/// The circle of rules, or the depth, in words.
pub fn check(text: &str) -> Result<(), String> {
    let tokens = tokens(text);
    depth(&tokens)?;
    let rules = rules(&tokens);
    for name in rules.keys() {
        if let Some(circle) = circle(name, &rules) {
            return Err(format!("rules name each other in a circle: {}", circle.join(", ")));
        }
    }
    Ok(())
}

/// A word that may name a rule, or one of the marks that structure a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token<'t> {
    Word(&'t str),
    Mark(char),
}

/// Words and brackets, without comments, texts, patterns and messages. Words of a query (`a.b`, `a[`,
/// `%a`) name no rule and are left out.
fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let length = match c {
            '#' => rest.find('\n').unwrap_or(rest.len()),
            '"' | '\'' | '/' => quoted(rest, c),
            '<' if rest.starts_with("<<") => rest.find(">>").map_or(rest.len(), |end| end + 2),
            '%' | '.' => 1 + word(&rest[1..]),
            c if is_word(c) => {
                let length = word(rest);
                let is_query = rest[length..].starts_with(['.', '[']);
                found.extend((!is_query).then(|| Token::Word(&rest[..length])));
                length
            }
            _ => {
                found.extend("{}[]()".contains(c).then_some(Token::Mark(c)));
                c.len_utf8()
            }
        };
        rest = &rest[length..];
    }
    found
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == ':'
}

fn word(text: &str) -> usize {
    text.find(|c| !is_word(c)).unwrap_or(text.len())
}

/// The length of a quoted text, its quotes included; a quote behind `\` does not end it.
fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        if c == quote && !escaped {
            return at + 1;
        }
        escaped = c == '\\' && !escaped;
    }
    text.len()
}

fn depth(tokens: &[Token<'_>]) -> Result<(), String> {
    let mut depth = 0_usize;
    for token in tokens {
        match token {
            Token::Mark('{' | '[' | '(') => depth += 1,
            Token::Mark(_) => depth = depth.saturating_sub(1),
            Token::Word(_) => {}
        }
        if depth > MAX_DEPTH {
            return Err(format!("brackets nest more than {MAX_DEPTH} deep"));
        }
    }
    Ok(())
}

/// The words of each rule, conditions and body, by its name.
fn rules<'t>(tokens: &[Token<'t>]) -> BTreeMap<&'t str, Vec<&'t str>> {
    let mut found: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut current = None;
    let mut depth = 0_usize;
    let mut after_rule = false;
    for token in tokens {
        match token {
            Token::Word("rule") if depth == 0 => after_rule = true,
            Token::Word(name) if after_rule => {
                after_rule = false;
                current = Some(*name);
                found.entry(name).or_default();
            }
            Token::Word(name) => {
                if let Some(words) = current.and_then(|rule| found.get_mut(rule)) {
                    words.push(name);
                }
            }
            Token::Mark('{') => depth += 1,
            Token::Mark('}') => depth = depth.saturating_sub(1),
            Token::Mark(_) => {}
        }
    }
    found
}

/// The way from a rule back to itself.
fn circle<'t>(start: &'t str, rules: &BTreeMap<&'t str, Vec<&'t str>>) -> Option<Vec<&'t str>> {
    let mut seen = vec![start];
    let mut open = vec![vec![start]];
    while let Some(way) = open.pop() {
        for next in rules.get(way.last()?)?.iter().filter(|word| rules.contains_key(*word)) {
            if *next == start {
                return Some(way);
            }
            if !seen.contains(next) {
                seen.push(next);
                open.push(way.iter().copied().chain([*next]).collect());
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn circles_are_found() {
        let error = check("rule a when b { x exists }\nrule b { c }\nrule c { not a <<no>> }");
        assert_eq!(error, Err("rules name each other in a circle: a, b, c".to_owned()));
        assert!(check("rule a { a }").is_err());
        assert!(check("rule a(x) { b(%x) } rule b(x) { a(%x) }").is_err());
    }

    #[test]
    fn names_elsewhere_are_no_circle() {
        let file = "# a\nlet b = functions.*\nrule functions { functions.a[ b == \"functions\" ] { %functions exists <<functions>> } }\nrule a { functions }";
        assert_eq!(check(file), Ok(()));
    }

    #[test]
    fn depth_has_a_measure() {
        assert!(check(&format!("rule a {}", "{".repeat(100_000))).is_err());
        assert_eq!(check("rule a { b[ c == 'x' ] { d exists } }"), Ok(()));
    }
}
