//! What tells two deployments of one template apart.

use std::sync::LazyLock;

use serde::Deserialize;

/// Whether a parameter with this word in its name does.
pub fn tells_apart(word: &str) -> bool {
    TABLE.words.iter().any(|known| known == word)
}

/// Whether a pseudo parameter is the same for two deployments in one account and Region.
pub fn is_same_in_account(pseudo_parameter: &str) -> bool {
    TABLE.same_in_account.iter().any(|known| known == pseudo_parameter)
}

#[derive(Default, Deserialize)]
struct Table {
    words: Vec<String>,
    same_in_account: Vec<String>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| super::table(include_str!("deployments.yaml")));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_differ_and_accounts_do_not() {
        assert!(tells_apart("stage") && !tells_apart("table"));
        assert!(is_same_in_account("AWS::Region") && !is_same_in_account("AWS::StackName"));
    }
}
