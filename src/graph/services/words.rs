//! The words of a name, and which of them may name a service.

use crate::aws::services::is_technical;

/// Shorter ones are abbreviations that mean different things.
const SHORTEST: usize = 3;

/// Words of a name in lower case: `AddCartFunction`, `add_cart-function`, `addCART`.
pub fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let letters: Vec<char> = name.chars().collect();
    let mut open = false;
    for (at, letter) in letters.iter().copied().enumerate() {
        if !letter.is_alphanumeric() {
            open = false;
            continue;
        }
        let before = at.checked_sub(1).and_then(|before| letters.get(before)).copied();
        let next = letters.get(at + 1).copied();
        // `orderId`, and the last capital of `SQSHandler`.
        let begins = letter.is_uppercase()
            && (before.is_some_and(|before| before.is_lowercase() || before.is_numeric())
                || next.is_some_and(char::is_lowercase));
        match words.last_mut().filter(|_| open && !begins) {
            Some(word) => word.extend(letter.to_lowercase()),
            None => words.push(letter.to_lowercase().collect()),
        }
        open = true;
    }
    words
}

/// Words of a name that may name a service, in the singular.
pub fn nouns(name: &str) -> Vec<String> {
    let nouns = words(name).into_iter().map(|word| singular(&word));
    nouns.filter(|word| is_noun(word)).collect()
}

/// A name without the words that say how it is built: `CartsTable` is `carts`.
pub fn plain(name: &str) -> String {
    let kept: Vec<String> = words(name).into_iter().filter(|word| is_noun(&singular(word))).collect();
    kept.join("-")
}

pub fn is_noun(word: &str) -> bool {
    word.len() >= SHORTEST && word.chars().any(char::is_alphabetic) && !is_technical(word)
}

/// The singular of an English word, near enough to compare.
pub fn singular(word: &str) -> String {
    let stem = |end: &str, other: &str| Some(format!("{}{other}", word.strip_suffix(end)?));
    if word.len() <= SHORTEST || word.ends_with("ss") || word.ends_with("us") || word.ends_with("is") {
        return word.to_owned();
    }
    stem("ies", "y")
        .or_else(|| ["sses", "shes", "ches", "xes"].iter().find_map(|end| stem(end, &end[..end.len() - 2])))
        .or_else(|| stem("s", ""))
        .unwrap_or_else(|| word.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fall_into_words_however_they_are_spelled() {
        for name in ["AddCartFunction", "add_cart_function", "add-cart.function", "addCartFunction"] {
            assert_eq!(words(name), ["add", "cart", "function"], "{name}");
        }
        assert_eq!(words("SQSOrderHandler2"), ["sqs", "order", "handler2"]);
        assert!(words("").is_empty());
    }

    #[test]
    fn nouns_are_singular_and_say_what_it_is_about() {
        assert_eq!(nouns("ListCategoriesFunction"), ["category"]);
        assert_eq!(nouns("GetAddresses"), ["address"]);
        assert_eq!(nouns("status-boxes"), ["status", "box"]);
        assert!(nouns("ApiHandler").is_empty());
        assert_eq!(plain("CartsTable"), "carts");
    }
}
