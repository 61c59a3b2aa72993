//! Types that the grammar takes for something else, blanked: they mean nothing at run time.
//!
//! ``sql<Row[]>`...` `` is two comparisons to it, and `import('./row').Row` no type at all, so that a whole
//! function around them may be lost.

/// Type arguments longer than this are none.
const LONGEST: usize = 4_000;

/// The text with blanks for such types, letter for letter as long; `None` where it has none.
pub(super) fn blanked(text: &str) -> Option<String> {
    let mut bytes = text.as_bytes().to_vec();
    let mut found = false;
    for (at, _) in text.match_indices(">`") {
        if let Some(start) = arguments(text, at) {
            blank(&mut bytes, start, at + 1);
            found = true;
        }
    }
    for (at, _) in text.match_indices("import(") {
        if let Some(end) = imported_type(text, at) {
            blank(&mut bytes, at, end);
            found = true;
        }
    }
    if found { String::from_utf8(bytes).ok() } else { None }
}

fn blank(bytes: &mut [u8], start: usize, end: usize) {
    for byte in bytes.iter_mut().take(end).skip(start).filter(|byte| **byte != b'\n') {
        *byte = b' ';
    }
}

/// Where the type arguments begin that end with the `>` before a template.
fn arguments(text: &str, end: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut depth = 0;
    for at in (end.saturating_sub(LONGEST)..=end).rev() {
        match bytes[at] {
            // Of an arrow.
            b'>' if at > 0 && bytes[at - 1] == b'=' => {}
            b'>' => depth += 1,
            b'<' => depth -= 1,
            b'`' => return None,
            _ => {}
        }
        if depth == 0 {
            let before = bytes[..at].last()?;
            return (before.is_ascii_alphanumeric() || matches!(before, b'_' | b'$')).then_some(at);
        }
    }
    None
}

/// Where the type begins of `import('./row').Row`, if that is a type.
fn imported_type(text: &str, at: usize) -> Option<usize> {
    let before = text[..at].trim_end();
    if !before.ends_with([':', '<', '|', '&', ',']) && !before.ends_with(" as") {
        return None;
    }
    let rest = text[at..].strip_prefix("import(")?.trim_start();
    let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let (_, after) = rest[1..].split_once(quote)?;
    let name = after.trim_start().strip_prefix(')')?.strip_prefix('.')?;
    let is_part = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '$' | '.');
    let next = name.trim_start_matches(is_part);
    // What is called is a value.
    (!next.trim_start().starts_with('(') && next.len() < name.len()).then_some(text.len() - name.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_blanked_and_nothing_else() {
        let row = "const a = await db.sql<{ id: number }[]>`select ${id}`;";
        let clean = "const a = await db.sql                  `select ${id}`;";
        assert_eq!(blanked(row).as_deref(), Some(clean));
        let list = "let a: import('./row.js').Row[] = [];";
        assert_eq!(blanked(list).as_deref(), Some("let a:                    Row[] = [];"));
        for none in [
            "const a = { b: import('./b').then((b) => b) };",
            "const page = `<p>${title}</p>`;",
            "const a = (b) => `c`;",
            "const a = import('./b');",
        ] {
            assert_eq!(blanked(none), None, "{none}");
        }
    }
}
