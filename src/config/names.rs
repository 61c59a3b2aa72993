//! The nearest of some names to one that does not exist.

/// `; did you mean ...?` for the nearest of some names, or nothing.
pub fn did_you_mean(name: &str, known: &[&str]) -> String {
    nearest(name, known).map_or_else(String::new, |known| format!("; did you mean `{known}`?"))
}

/// The nearest of some names, where one is near enough to be meant.
pub fn nearest<'k>(name: &str, known: &[&'k str]) -> Option<&'k str> {
    let lower = name.to_lowercase();
    let distance_to = |known: &str| {
        // A part of a name that is long enough tells it as well as a slip of the finger.
        let is_part = lower.len() >= 4 && known.to_lowercase().contains(&lower);
        if is_part { 1 } else { distance(name, known) }
    };
    let (distance, known) = known.iter().map(|known| (distance_to(known), *known)).min()?;
    (distance <= 1 + name.len() / 4).then_some(known)
}

/// Levenshtein distance, by characters.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let change = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_and_parts_of_names_are_understood() {
        let known = ["gateway-timeout", "duplicate-route", "GetOrder"];
        assert_eq!(nearest("gateway-timeot", &known), Some("gateway-timeout"));
        assert_eq!(nearest("timeout", &known), Some("gateway-timeout"));
        assert_eq!(nearest("getorder", &known), Some("GetOrder"));
        assert_eq!(nearest("layers", &known), None);
        assert_eq!(nearest("", &known), None);
        assert_eq!(nearest("x", &[]), None);
    }
}
