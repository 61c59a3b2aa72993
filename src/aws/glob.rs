//! Patterns of tables: `*` is any run of characters, letters match in either case.

/// Whether `pattern` is the shape of all of `text`.
pub(super) fn glob(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    // Most of a table is told apart by the ends.
    may_end(pattern.first(), text.first())
        && may_end(pattern.last(), text.last())
        && is_like(pattern, text, |letter, other| letter.eq_ignore_ascii_case(&other))
}

fn may_end(pattern: Option<&u8>, text: Option<&u8>) -> bool {
    match (pattern, text) {
        (Some(b'*'), _) | (None, None) => true,
        (Some(letter), Some(other)) => letter.eq_ignore_ascii_case(other),
        _ => false,
    }
}

/// The same for letters that are `same` in a way of their own; `*` is still any run of them.
pub fn is_like(pattern: &[u8], text: &[u8], same: impl Fn(u8, u8) -> bool) -> bool {
    let (mut p, mut t, mut retry) = (0, 0, None);
    while t < text.len() {
        match pattern.get(p) {
            Some(b'*') => {
                retry = Some((p + 1, t));
                p += 1;
            }
            Some(letter) if same(*letter, text[t]) => {
                p += 1;
                t += 1;
            }
            _ => {
                let Some((after, from)) = retry else { return false };
                // A run at the end takes in all that is left.
                if after == pattern.len() {
                    return true;
                }
                retry = Some((after, from + 1));
                p = after;
                t = from + 1;
            }
        }
    }
    pattern[p..].iter().all(|letter| *letter == b'*')
}

/// Whether one of the patterns is the shape of `text`.
pub(super) fn any(patterns: &[String], text: &str) -> bool {
    patterns.iter().any(|pattern| glob(pattern, text))
}

#[cfg(test)]
mod tests {
    use super::glob;

    #[test]
    fn runs_may_be_empty_and_anywhere() {
        assert!(glob("s3:Get*", "s3:getobject") && glob("*", "") && glob("a*b*c", "abbxc"));
        assert!(!glob("a*b", "abc") && !glob("", "a") && !glob("ab", "a"));
    }
}
