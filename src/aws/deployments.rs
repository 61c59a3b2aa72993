//! What is the same for two deployments of one template.

use std::sync::LazyLock;

use serde::Deserialize;

/// Whether a pseudo parameter is the same for two deployments in one account and Region.
pub fn is_same_in_account(pseudo_parameter: &str) -> bool {
    TABLE.same_in_account.iter().any(|known| known == pseudo_parameter)
}

#[derive(Default, Deserialize)]
struct Table {
    same_in_account: Vec<String>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| super::table(include_str!("deployments.yaml")));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_are_the_same_and_stacks_are_not() {
        assert!(is_same_in_account("AWS::Region") && !is_same_in_account("AWS::StackName"));
    }
}
