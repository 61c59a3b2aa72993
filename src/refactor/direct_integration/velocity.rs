//! Texts of mapping templates in Velocity, from parts that read the same in every engine.
//!
//! Only what is known to be alike everywhere is written: `keySet()` loops, `==` on texts, `get()`. No
//! `#macro`, no `#define`, no test of a bare reference, no formal reference. Texts are in the style of
//! `Fn::Sub`: a `${Name}` is filled in at deployment, and `${!` stands for what is meant literally.

/// Words that begin a directive. After `#`, a text that begins with one is read as that directive.
const DIRECTIVES: &[&str] = &[
    "if", "else", "elseif", "end", "foreach", "set", "break", "stop", "include", "parse", "macro", "define",
    "evaluate", "literal",
];

/// The lines of a template.
#[derive(Clone, Debug, Default)]
pub(super) struct Velocity {
    lines: Vec<(usize, String)>,
    depth: usize,
}

impl Velocity {
    pub(super) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    pub(super) fn line(&mut self, text: impl Into<String>) {
        self.lines.push((self.depth, text.into()));
    }

    pub(super) fn set(&mut self, name: &str, value: &str) {
        self.line(format!("#set(${name} = {value})"));
    }

    pub(super) fn open(&mut self, condition: &str) {
        self.line(format!("#if({condition})"));
        self.depth += 1;
    }

    pub(super) fn each(&mut self, name: &str, list: &str) {
        self.line(format!("#foreach(${name} in {list})"));
        self.depth += 1;
    }

    pub(super) fn or_if(&mut self, condition: &str) {
        self.depth -= 1;
        self.line(format!("#elseif({condition})"));
        self.depth += 1;
    }

    pub(super) fn otherwise(&mut self) {
        self.depth -= 1;
        self.line("#{else}");
        self.depth += 1;
    }

    pub(super) fn close(&mut self) {
        self.depth -= 1;
        self.line("#end");
    }

    /// Whether `key` is one of a map's keys: sets `$name` to `y` or `n`. What is no map has none.
    pub(super) fn has(&mut self, name: &str, map: &str, key: &str) {
        self.set(name, "'n'");
        let test = format!("#if($key == '{key}')#set(${name} = 'y')#end");
        self.line(format!("#foreach($key in {map}.keySet()){test}#end"));
    }

    pub(super) fn append(&mut self, other: Self) {
        let depth = self.depth;
        self.lines.extend(other.lines.into_iter().map(|(own, line)| (depth + own, line)));
    }

    /// One line each, where white space around values does not matter.
    pub(super) fn lines(&self) -> String {
        let mut text = String::new();
        for (depth, line) in &self.lines {
            text.push_str(&" ".repeat(depth * 2));
            text.push_str(line);
            text.push('\n');
        }
        text
    }

    /// All on one line, where it does.
    pub(super) fn tight(&self) -> String {
        self.lines.iter().map(|(_, line)| line.as_str()).collect()
    }
}

/// A text inside quotes of JSON, so that neither Velocity nor `Fn::Sub` sees anything in it, and that
/// may stand between single quotes of Velocity.
pub(super) fn in_json(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    let inside = quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default();
    let mut out = String::new();
    for (at, letter) in inside.char_indices() {
        let rest = &inside[at + letter.len_utf8()..];
        match letter {
            '\'' => out.push_str("\\u0027"),
            '$' if !rest.is_empty() && !rest.starts_with([' ', '"']) => out.push_str("\\u0024"),
            '#' if is_special(rest) => out.push_str("\\u0023"),
            other => out.push(other),
        }
    }
    out
}

fn is_special(rest: &str) -> bool {
    rest.starts_with(['{', '#', '*', '[', '@', '!']) || DIRECTIVES.iter().any(|word| rest.starts_with(word))
}

/// The same between quotes.
pub(super) fn json(text: &str) -> String {
    format!("\"{}\"", in_json(text))
}

/// A text as a literal of Velocity. `None` where it has both kinds of quotes.
pub(super) fn literal(text: &str) -> Option<String> {
    let text = text.replace("${", "${!");
    if !text.contains('\'') {
        return Some(format!("'{text}'"));
    }
    (!text.contains(['"', '$', '#', '\\'])).then(|| format!("\"{text}\""))
}

/// A reference whose text stands inside quotes of JSON. The escaping is that of JavaScript, which also
/// escapes single quotes.
pub(super) fn escaped(reference: &str) -> String {
    format!("$util.escapeJavaScript({reference}).replaceAll(\"\\\\'\", \"'\")")
}

/// Whether a name may stand in quotes and paths of a template as it is.
pub(super) fn is_plain(name: &str) -> bool {
    !name.is_empty()
        && name
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '.' | ':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_seen_in_constants() {
        assert_eq!(
            in_json("it's $x #end #k0 ${y} #status"),
            "it\\u0027s \\u0024x \\u0023end #k0 \\u0024{y} #status"
        );
        assert_eq!(json("a\"b\\"), "\"a\\\"b\\\\\"");
        assert_eq!(literal("it's"), Some("\"it's\"".to_owned()));
        assert_eq!(literal("it's \"x\""), None);
        assert_eq!(escaped("$x"), r#"$util.escapeJavaScript($x).replaceAll("\\'", "'")"#);
    }

    #[test]
    fn lines_are_indented_or_tight() {
        let mut text = Velocity::default();
        text.has("found", "$input.path('$')", "Item");
        text.open("$found == 'y'");
        text.line("{}");
        text.close();
        assert!(text.lines().ends_with("#if($found == 'y')\n  {}\n#end\n"), "{}", text.lines());
        assert!(text.tight().ends_with("#if($found == 'y'){}#end"));
    }
}
