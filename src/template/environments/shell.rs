//! Literal commands of shell scripts. What a shell would compute stays as written.

use std::ops::Range;

use super::said::Scope;

/// One simple command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Command {
    /// Words without quotes; known variables are replaced.
    pub words: Vec<String>,
    /// Bytes of the script.
    pub range: Range<usize>,
    /// Something is piped into it.
    pub is_fed: bool,
}

/// The commands of a script, in order. Those that are no plain words are left out.
///
/// Assignments of plain texts are known to the commands after them, unless they stand in a branch.
pub(super) fn commands(script: &str, scope: &Scope) -> Vec<Command> {
    let mut scope = scope.clone();
    let mut found = Vec::new();
    let mut depth = 0_usize;
    for statement in statements(script) {
        let written = &script[statement.range.clone()];
        let text = opaque(&scope.resolve(&joined(written)));
        let Some(words) = shlex::split(&text) else { continue };
        let mut words: Vec<String> = words.into_iter().map(|word| scope.expand(&word)).collect();
        depth = match words.first().map(String::as_str) {
            Some("if" | "for" | "while" | "case" | "until") => depth + 1,
            Some("fi" | "done" | "esac") => depth.saturating_sub(1),
            _ => depth,
        };
        let lead = words.iter().take_while(|word| LEADING.contains(&word.as_str())).count();
        words.drain(..lead);
        let assigned = words.iter().take_while(|word| assignment(word).is_some()).count();
        if assigned == words.len() {
            for (name, value) in words.iter().filter_map(|word| assignment(word)) {
                // In a branch it may happen or not.
                let value = if depth > 0 { format!("${{{name}}}") } else { value.to_owned() };
                scope.known.insert(format!("env.{name}"), value);
            }
            continue;
        }
        words.drain(..assigned);
        if !words.is_empty() {
            found.push(Command { words, range: statement.range, is_fed: statement.is_fed });
        }
    }
    found
}

/// Words that may stand before a command.
const LEADING: [&str; 16] = [
    "if", "then", "else", "elif", "do", "while", "until", "!", "{", "(", "time", "exec", "sudo", "command",
    "env", "export",
];

fn assignment(word: &str) -> Option<(&str, &str)> {
    let (name, value) = word.split_once('=')?;
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    is_name.then_some((name, value))
}

#[derive(Debug)]
struct Statement {
    range: Range<usize>,
    is_fed: bool,
}

/// Splits at line ends, `;`, `&&`, `||` and `|` outside quotes, expressions and substitutions.
fn statements(script: &str) -> Vec<Statement> {
    let bytes = script.as_bytes();
    let mut found = Vec::new();
    let (mut at, mut start) = (0, 0);
    let (mut is_fed, mut quote) = (false, None);
    let mut here: Option<String> = None;
    while at < bytes.len() {
        // Only ASCII has a meaning here.
        let Some(rest) = script.get(at..).filter(|_| bytes[at].is_ascii()) else {
            at += 1;
            continue;
        };
        let skipped = match bytes[at] {
            b'\\' if quote != Some(b'\'') => Some(2),
            b'$' if quote != Some(b'\'') => substitution(rest),
            _ => None,
        };
        if let Some(length) = skipped {
            at = next_boundary(script, at + length);
            continue;
        }
        let byte = bytes[at];
        if let Some(open) = quote {
            if byte == open {
                quote = None;
            }
            at += 1;
            continue;
        }
        let separator = match byte {
            b'\'' | b'"' | b'`' => {
                quote = Some(byte);
                0
            }
            b'#' if at == start || bytes[at - 1].is_ascii_whitespace() => {
                found.push(Statement { range: start..at, is_fed });
                at += rest.find('\n').unwrap_or(rest.len());
                (start, is_fed) = (at, false);
                continue;
            }
            b'<' if rest.starts_with("<<") && !rest.starts_with("<<<") => {
                here = Some(delimiter(rest));
                2
            }
            b'\n' | b';' => 1,
            b'&' if rest.starts_with("&&") => 2,
            b'|' if rest.starts_with("||") => 2,
            b'|' => 1,
            _ => 0,
        };
        let splits = matches!(byte, b'\n' | b';' | b'&' | b'|') && separator > 0;
        if splits {
            found.push(Statement { range: start..at, is_fed });
            is_fed = byte == b'|' && separator == 1;
            at += separator;
            if let (b'\n', Some(delimiter)) = (byte, here.take()) {
                at += here_document(&script[at..], &delimiter);
            }
            start = at;
        } else {
            at += separator.max(1);
        }
    }
    found.push(Statement { range: start..script.len(), is_fed });
    found.retain(|statement| !script[statement.range.clone()].trim().is_empty());
    for statement in &mut found {
        let text = &script[statement.range.clone()];
        let lead = text.len() - text.trim_start().len();
        let length = text.trim().len();
        statement.range = statement.range.start + lead..statement.range.start + lead + length;
    }
    found
}

fn next_boundary(text: &str, mut at: usize) -> usize {
    while at < text.len() && !text.is_char_boundary(at) {
        at += 1;
    }
    at.min(text.len())
}

/// How long `${{...}}`, `$(...)` or `${...}` at the start of a text is.
fn substitution(text: &str) -> Option<usize> {
    if text.starts_with("${{") {
        return text.find("}}").map(|at| at + 2);
    }
    let (open, close) = match text.as_bytes().get(1)? {
        b'(' => (b'(', b')'),
        b'{' => (b'{', b'}'),
        _ => return None,
    };
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        depth += usize::from(byte == open);
        if byte == close {
            depth -= 1;
            if depth == 0 {
                return Some(at + 1);
            }
        }
    }
    None
}

fn delimiter(text: &str) -> String {
    let word = text.trim_start_matches(['<', '-', ' ']);
    let end = word.find(char::is_whitespace).unwrap_or(word.len());
    word[..end].trim_matches(['"', '\'', '\\']).to_owned()
}

/// How long a here-document is, with the line that ends it.
fn here_document(text: &str, delimiter: &str) -> usize {
    let mut length = 0;
    for line in text.split_inclusive('\n') {
        length += line.len();
        if line.trim() == delimiter {
            break;
        }
    }
    length
}

/// Lines that are continued, as one.
fn joined(text: &str) -> String {
    text.replace("\\\r\n", " ").replace("\\\n", " ")
}

/// Substitutions as one word each, whatever stands in them.
fn opaque(text: &str) -> String {
    let mut made = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        made.push_str(&rest[..at]);
        let length = substitution(&rest[at..]).unwrap_or(1);
        let part = &rest[at..at + length];
        if part.starts_with("$(") || part.starts_with("${") {
            made.extend(part.chars().filter(|c| !c.is_whitespace() && !"\"'\\".contains(*c)));
        } else {
            made.push_str(part);
        }
        rest = &rest[at + length..];
    }
    made.push_str(rest);
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(script: &str) -> Vec<Vec<String>> {
        commands(script, &Scope::default()).into_iter().map(|command| command.words).collect()
    }

    #[test]
    fn commands_are_split_into_words() {
        let script =
            "set -e\ncd app && sam deploy \\\n  --stack-name 'a b' --parameter-overrides A=1 \"B=x y\" # c\n";
        assert_eq!(
            words(script),
            [
                vec!["set", "-e"],
                vec!["cd", "app"],
                vec!["sam", "deploy", "--stack-name", "a b", "--parameter-overrides", "A=1", "B=x y"],
            ]
        );
    }

    #[test]
    fn any_text_is_read() {
        assert_eq!(words("echo '✅ é' # ü\nsam deploy“").len(), 2);
        assert!(words("\\✅ $(é ${{ ü \u{0}").len() < 2);
    }

    #[test]
    fn what_a_shell_computes_stays_one_word() {
        assert_eq!(words("sam deploy --x $(a 'b' | c) ${{ e.f && 'g h' }} `d e`")[0][3], "$(ab|c)");
        assert_eq!(words("cat <<EOF > f\nsam deploy\nEOF\nls"), [vec!["cat", "<<EOF", ">", "f"], vec!["ls"]]);
        assert_eq!(words("sam 'deploy"), Vec::<Vec<String>>::new());
    }

    #[test]
    fn plain_assignments_are_known_afterwards() {
        assert_eq!(words("STAGE=prod\nA=1 sam deploy $STAGE"), [vec!["sam", "deploy", "prod"]]);
        let script = "STAGE=dev\nif [ -n $X ]; then\nSTAGE=prod\nfi\nsam deploy $STAGE";
        assert_eq!(words(script).last().map(|words| words[2].clone()), Some("${STAGE}".to_owned()));
        let fed = commands("yes | sam deploy --guided", &Scope::default());
        assert!(!fed[0].is_fed && fed[1].is_fed);
    }
}
