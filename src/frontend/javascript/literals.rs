//! Strings after their escapes, numbers as plain decimals.

/// The text of a string literal or of a template's part, without quotes.
pub fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = escape(&rest[at + 1..], &mut out);
    }
    out.push_str(rest);
    out
}

/// Reads what follows a backslash; gives what is left.
fn escape<'t>(text: &'t str, out: &mut String) -> &'t str {
    let mut letters = text.chars();
    let Some(letter) = letters.next() else { return text };
    let rest = letters.as_str();
    match letter {
        'n' => out.push('\n'),
        't' => out.push('\t'),
        'r' => out.push('\r'),
        'b' => out.push('\u{8}'),
        'f' => out.push('\u{c}'),
        'v' => out.push('\u{b}'),
        '0' if !rest.starts_with(|next: char| next.is_ascii_digit()) => out.push('\0'),
        '\r' => return rest.strip_prefix('\n').unwrap_or(rest),
        '\n' | '\u{2028}' | '\u{2029}' => {}
        'x' => return code_unit(rest, 2, out),
        'u' if rest.starts_with('{') => return code_point(rest, out),
        'u' => return code_unit(rest, 4, out),
        other => out.push(other),
    }
    rest
}

fn code_point<'t>(text: &'t str, out: &mut String) -> &'t str {
    let Some((digits, rest)) = text.trim_start_matches('{').split_once('}') else { return text };
    out.push(character(digits));
    rest
}

/// `\x41`, `\u0041`, and surrogate pairs `\ud83d\ude00`.
fn code_unit<'t>(text: &'t str, digits: usize, out: &mut String) -> &'t str {
    let Some((first, rest)) = text.split_at_checked(digits) else { return text };
    let low = rest.strip_prefix("\\u").and_then(|rest| rest.split_at_checked(4));
    let unit = |digits: &str| u16::from_str_radix(digits, 16).ok();
    if digits == 4
        && let (Some(high), Some((second, after))) = (unit(first), low)
        && (0xd800..0xdc00).contains(&high)
        && let Some(low) = unit(second)
        && let Some(Ok(pair)) = char::decode_utf16([high, low]).next()
    {
        out.push(pair);
        return after;
    }
    out.push(character(first));
    rest
}

fn character(digits: &str) -> char {
    u32::from_str_radix(digits, 16).ok().and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// `1_000` as `1000`, `0xff` as `255`, `10n` as `10`.
pub fn number(text: &str) -> String {
    let plain: String = text.chars().filter(|letter| *letter != '_').collect::<String>().to_ascii_lowercase();
    let radix = match plain.get(..2) {
        Some("0x") => 16,
        Some("0o") => 8,
        Some("0b") => 2,
        _ => return plain.trim_end_matches('n').to_owned(),
    };
    let digits = plain[2..].trim_end_matches('n');
    u128::from_str_radix(digits, radix).map_or(plain.clone(), |value| value.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_read() {
        assert_eq!(unescape(r"a\n\t\'\x41\u0042\u{1F600}\ud83d\ude00\q"), "a\n\t'AB\u{1F600}\u{1F600}q");
        assert_eq!(unescape("a\\\r\nb\\\nc"), "abc");
        assert_eq!(unescape(r"\u12"), "12");
        assert_eq!(unescape("\\"), "");
    }

    #[test]
    fn numbers_are_decimal() {
        assert_eq!(number("1_000"), "1000");
        assert_eq!(number("0xFF"), "255");
        assert_eq!(number("0b101n"), "5");
        assert_eq!(number("0.5"), "0.5");
        assert_eq!(number("10n"), "10");
    }
}
