//! What a plain scalar means: the YAML 1.1 rules as PyYAML's `SafeLoader` applies them.
//!
//! The AWS tools read templates with PyYAML, so `yes` is true, `010` is eight and `1:30` is ninety.
//! Dates are the one exception: the tools turn them back into text, here they never leave it.

/// The type a scalar resolves to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Null,
    Bool(bool),
    Number,
    String,
}

/// Resolves the text of an untagged plain scalar.
pub(super) fn resolve(text: &str) -> Class {
    match text.bytes().next() {
        None => Class::Null,
        Some(b'~' | b'n' | b'N' | b'y' | b'Y' | b't' | b'T' | b'f' | b'F' | b'o' | b'O') => {
            if is_null(text) {
                Class::Null
            } else {
                boolean(text).map_or(Class::String, Class::Bool)
            }
        }
        Some(b'-' | b'+' | b'.' | b'0'..=b'9') if is_number(text) => Class::Number,
        Some(_) => Class::String,
    }
}

/// Resolves a scalar that carries a tag of the standard set, by the tag's name (`str`, `int`, ...).
pub(super) fn resolve_as(name: &str, text: &str) -> Class {
    match name {
        "null" => Class::Null,
        "bool" => boolean(text).map_or(Class::String, Class::Bool),
        "int" | "float" if float(text).is_some() => Class::Number,
        _ => Class::String,
    }
}

fn is_null(text: &str) -> bool {
    matches!(text, "" | "~" | "null" | "Null" | "NULL")
}

fn boolean(text: &str) -> Option<bool> {
    match text {
        "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => Some(true),
        "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => Some(false),
        _ => None,
    }
}

/// Numbers that match a pattern but hold no digit (`0x_`) are text: PyYAML fails on them.
fn is_number(text: &str) -> bool {
    let unsigned = unsigned(text);
    let signed = unsigned.len() != text.len();
    match unsigned {
        ".inf" | ".Inf" | ".INF" => true,
        ".nan" | ".NaN" | ".NAN" => !signed,
        _ => is_integer(unsigned) || is_float(unsigned, signed),
    }
}

fn is_integer(unsigned: &str) -> bool {
    let all = |digits: &str, test: fn(u8) -> bool| digits.bytes().all(|byte| byte == b'_' || test(byte));
    let some = |digits: &str| digits.bytes().any(|byte| byte != b'_');
    if let Some(digits) = unsigned.strip_prefix("0b") {
        return some(digits) && all(digits, |byte| matches!(byte, b'0' | b'1'));
    }
    if let Some(digits) = unsigned.strip_prefix("0x") {
        return some(digits) && all(digits, |byte| byte.is_ascii_hexdigit());
    }
    if let Some(digits) = unsigned.strip_prefix('0') {
        return all(digits, |byte| matches!(byte, b'0'..=b'7'));
    }
    let mut parts = unsigned.split(':');
    let first = parts.next().unwrap_or("");
    starts_with_digit(first) && all(first, |byte| byte.is_ascii_digit()) && parts.all(is_sixtieth)
}

fn is_float(unsigned: &str, signed: bool) -> bool {
    let Some((whole, rest)) = unsigned.split_once('.') else {
        return false;
    };
    let digits = |text: &str| text.bytes().all(|byte| byte == b'_' || byte.is_ascii_digit());
    let mut parts = whole.split(':');
    let first = parts.next().unwrap_or("");
    let (fraction, exponent) = match rest.find(['e', 'E']) {
        Some(at) => (&rest[..at], Some(&rest[at + 1..])),
        None => (rest, None),
    };
    let exponent_fits = exponent.is_none_or(|exponent| {
        exponent
            .strip_prefix(['+', '-'])
            .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
    });
    if whole.is_empty() {
        return !signed && starts_with_digit(fraction) && digits(fraction) && exponent_fits;
    }
    let sexagesimal = whole.contains(':');
    starts_with_digit(first)
        && digits(first)
        && parts.all(is_sixtieth)
        && digits(fraction)
        && exponent_fits
        && !(sexagesimal && exponent.is_some())
}

fn starts_with_digit(text: &str) -> bool {
    text.bytes().next().is_some_and(|byte| byte.is_ascii_digit())
}

/// A part of a base-60 number after its first colon: `0` to `59`.
fn is_sixtieth(part: &str) -> bool {
    match part.as_bytes() {
        [last] => last.is_ascii_digit(),
        [b'0'..=b'5', last] => last.is_ascii_digit(),
        _ => false,
    }
}

fn unsigned(text: &str) -> &str {
    text.strip_prefix(['+', '-']).unwrap_or(text)
}

/// The value of an integer as written; `None` for other text and for what does not fit.
pub fn integer(text: &str) -> Option<i64> {
    let digits = unsigned(text);
    if !is_integer(digits) {
        return None;
    }
    let plain: String = digits.chars().filter(|char| *char != '_').collect();
    let size = match plain.as_bytes() {
        [b'0', b'b', ..] => i128::from_str_radix(&plain[2..], 2).ok()?,
        [b'0', b'x', ..] => i128::from_str_radix(&plain[2..], 16).ok()?,
        [b'0'] => 0,
        [b'0', ..] => i128::from_str_radix(&plain[1..], 8).ok()?,
        _ => plain
            .split(':')
            .try_fold(0i128, |sum, part| sum.checked_mul(60)?.checked_add(part.parse::<i128>().ok()?))?,
    };
    i64::try_from(if text.starts_with('-') { -size } else { size }).ok()
}

/// The value of any number as written; integers too large for [`integer`] lose precision.
pub fn float(text: &str) -> Option<f64> {
    if !is_number(text) {
        return None;
    }
    if let Some(integer) = integer(text) {
        #[expect(clippy::cast_precision_loss, reason = "a reader who asks for a float wants one")]
        return Some(integer as f64);
    }
    let plain: String = unsigned(text).chars().filter(|char| *char != '_').collect();
    let size = match plain.to_ascii_lowercase().as_str() {
        ".inf" => f64::INFINITY,
        ".nan" => f64::NAN,
        digits => {
            digits.split(':').try_fold(0.0, |sum: f64, part| Some(sum * 60.0 + part.parse::<f64>().ok()?))?
        }
    };
    Some(if text.starts_with('-') { -size } else { size })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_resolve_as_in_yaml_1_1() {
        for text in ["", "~", "null", "Null", "NULL"] {
            assert_eq!(resolve(text), Class::Null, "{text}");
        }
        for text in ["yes", "Yes", "YES", "true", "on", "On", "ON", "TRUE"] {
            assert_eq!(resolve(text), Class::Bool(true), "{text}");
        }
        for text in ["no", "No", "NO", "false", "off", "Off", "OFF", "False"] {
            assert_eq!(resolve(text), Class::Bool(false), "{text}");
        }
        for text in ["y", "n", "yEs", "nULL", "nothing", "oN", "~~", "tRUE"] {
            assert_eq!(resolve(text), Class::String, "{text}");
        }
    }

    #[test]
    fn integers_have_their_base() {
        let cases = [
            ("0", 0),
            ("-0", 0),
            ("12", 12),
            ("+12", 12),
            ("1_000", 1000),
            ("010", 8),
            ("-0_10", -8),
            ("0x1F", 31),
            ("0b1_01", 5),
            ("1:30", 90),
            ("-1:30:00", -5400),
            ("9223372036854775807", i64::MAX),
            ("-9223372036854775808", i64::MIN),
            ("0_", 0),
        ];
        for (text, value) in cases {
            assert_eq!(resolve(text), Class::Number, "{text}");
            assert_eq!(integer(text), Some(value), "{text}");
        }
        assert_eq!(resolve("9223372036854775808"), Class::Number);
        assert_eq!(integer("9223372036854775808"), None);
        assert_eq!(float("9223372036854775808"), Some(9_223_372_036_854_775_808.0));
    }

    #[test]
    fn floats_need_a_dot_and_a_signed_exponent() {
        let cases = [
            ("1.5", 1.5),
            ("-1.", -1.0),
            (".5", 0.5),
            ("1_0.5_0", 10.5),
            ("1.0e+3", 1000.0),
            ("1.5E-1", 0.15),
            (".inf", f64::INFINITY),
            ("-.INF", f64::NEG_INFINITY),
            ("1:30.5", 90.5),
            ("08.5", 8.5),
        ];
        for (text, value) in cases {
            assert_eq!(resolve(text), Class::Number, "{text}");
            assert_eq!(float(text), Some(value), "{text}");
            assert_eq!(integer(text), None, "{text}");
        }
        assert!(float(".nan").is_some_and(f64::is_nan));
    }

    #[test]
    fn what_looks_like_a_number_may_be_text() {
        let texts = [
            "1e3",
            "1.0e3",
            "08",
            "0o17",
            "1:60",
            "1.2.3",
            "-",
            "+",
            ".",
            "-.5",
            "+.nan",
            "0x",
            "0x_",
            "0b2",
            "_1",
            "1:2e+3",
            "2012-10-17",
            "2024-01-01T00:00:00Z",
            "010-1234",
            "123456789012a",
            "1 000",
            "1,5",
            "1:30.5e+1",
            "-_1",
            "--1",
            "0b_",
        ];
        for text in texts {
            assert_eq!(resolve(text), Class::String, "{text}");
            assert_eq!(float(text), None, "{text}");
        }
    }

    #[test]
    fn standard_tags_decide() {
        assert_eq!(resolve_as("str", "1"), Class::String);
        assert_eq!(resolve_as("int", "1"), Class::Number);
        assert_eq!(resolve_as("int", "one"), Class::String);
        assert_eq!(resolve_as("bool", "on"), Class::Bool(true));
        assert_eq!(resolve_as("null", "x"), Class::Null);
    }
}
