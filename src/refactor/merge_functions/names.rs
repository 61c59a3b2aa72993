//! What the new function, its folder and its router are called.

use crate::graph::merging::Candidate;
use crate::graph::services::words;
use crate::template::Template;

/// Words that say what a resource is, as ends of logical ids.
const ENDS: [&str; 4] = ["Function", "Lambda", "Handler", "Fn"];

/// A logical id that is free: what the routes are about, with the end that all members have, or the first.
pub fn logical_id(template: &Template, members: &[Candidate<'_>]) -> String {
    let about = about(members);
    let base: String = about.iter().map(|word| capital(word)).collect();
    let all_end = |end: &&str| members.iter().all(|member| member.function.id.text.ends_with(*end));
    let end = ENDS.iter().find(|end| all_end(end)).unwrap_or(&ENDS[0]);
    let tries = ["", "Routes", "Requests"].into_iter().map(str::to_owned);
    let numbered = (2..).map(|number: u32| format!("Routes{number}"));
    let mut ids = tries.chain(numbered).map(|more| format!("{base}{more}{end}"));
    // Something is free: there are more numbers than resources.
    ids.find(|id| is_free(template, id)).unwrap_or_default()
}

/// The words of what the routes are about, in lower case: `["cart"]`.
fn about(members: &[Candidate<'_>]) -> Vec<String> {
    let heads = members.first().map(|member| member.heads.clone()).unwrap_or_default();
    let (fixed, nouns) = heads.into_iter().next().unwrap_or_default();
    let plain = |names: Vec<String>| -> Vec<String> {
        names.iter().flat_map(|name| words(name)).filter(|word| word.is_ascii()).collect()
    };
    let named = [plain(nouns), plain(fixed.into_iter().map(str::to_owned).collect())];
    let begins = |words: &Vec<String>| {
        words.first().is_some_and(|first| first.starts_with(|c: char| c.is_ascii_alphabetic()))
    };
    named.into_iter().find(begins).unwrap_or_else(|| vec!["service".to_owned()])
}

/// The words of a logical id without its end.
pub fn stem(id: &str) -> Vec<String> {
    let end = ENDS.iter().find_map(|end| id.strip_suffix(end));
    words(end.unwrap_or(id))
}

/// Neither taken nor the beginning of a name that a deployment would make for it.
fn is_free(template: &Template, id: &str) -> bool {
    let taken = |name: &str| name == id || name.strip_prefix(id) == Some("Role");
    !template.resources.iter().any(|one| taken(&one.id.text))
        && !template.parameters.iter().any(|one| taken(&one.name.text))
        && !template.left_out.iter().any(|one| taken(&one.text))
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

/// How a project writes names of several words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    Snake,
    Kebab,
    Camel,
}

impl Style {
    /// The style of some names; of those that tell none, `usual`.
    pub fn of<'n>(names: impl IntoIterator<Item = &'n str>, usual: Self) -> Self {
        let style = |name: &str| match () {
            () if name.contains('_') => Some(Self::Snake),
            () if name.contains('-') => Some(Self::Kebab),
            () if name.contains(|c: char| c.is_ascii_uppercase()) => Some(Self::Camel),
            () => None,
        };
        names.into_iter().find_map(style).unwrap_or(usual)
    }

    pub fn join(self, words: &[String]) -> String {
        match self {
            Self::Snake => words.join("_"),
            Self::Kebab => words.join("-"),
            Self::Camel => {
                let rest = words.iter().skip(1).map(|word| capital(word));
                words.iter().take(1).cloned().chain(rest).collect()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_those_beside_them() {
        let words = ["cart".to_owned(), "router".to_owned()];
        let joined = |names: &[&str], usual| Style::of(names.iter().copied(), usual).join(&words);
        assert_eq!(joined(&["app", "add_item"], Style::Kebab), "cart_router");
        assert_eq!(joined(&["app"], Style::Kebab), "cart-router");
        assert_eq!(joined(&["addItem"], Style::Kebab), "cartRouter");
    }
}
