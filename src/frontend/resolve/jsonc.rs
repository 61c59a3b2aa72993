//! JSON with comments and trailing commas, as `tsconfig.json` has them.

use serde_json::Value;

/// Reads such a text; `None` where it is not even that.
pub(super) fn parse(text: &str) -> Option<Value> {
    serde_json::from_str(text).or_else(|_| serde_json::from_str(&plain(text))).ok()
}

/// The text without comments and without commas before a closing bracket.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    let mut in_string = false;
    while let Some(letter) = rest.next() {
        match (in_string, letter, rest.peek()) {
            (true, '\\', Some(_)) => {
                out.push(letter);
                out.extend(rest.next());
            }
            (_, '"', _) => {
                in_string = !in_string;
                out.push(letter);
            }
            (false, '/', Some('/')) => while rest.next_if(|letter| *letter != '\n').is_some() {},
            (false, '/', Some('*')) => {
                let mut before = ' ';
                rest.next();
                for letter in rest.by_ref() {
                    if before == '*' && letter == '/' {
                        break;
                    }
                    before = letter;
                }
            }
            (false, '}' | ']', _) => {
                let kept = out.trim_end().len();
                if out[..kept].ends_with(',') {
                    out.truncate(kept - 1);
                }
                out.push(letter);
            }
            _ => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_trailing_commas_are_dropped() {
        let text = "{ // one\n \"a//b\": \"x/*y*/\", /* two */ \"c\": [1, 2,\n ], }";
        assert_eq!(parse(text), Some(serde_json::json!({"a//b": "x/*y*/", "c": [1, 2]})));
        assert_eq!(parse("{ \"a\": \"\\\",}\" , }"), Some(serde_json::json!({"a": "\",}"})));
        assert_eq!(parse("not json"), None);
        assert_eq!(parse("/* open"), None);
    }
}
