//! What is the same for two deployments of one template.

use std::sync::LazyLock;

use serde::Deserialize;

/// Whether a pseudo parameter is the same for two deployments in one account and Region.
pub fn is_same_in_account(pseudo_parameter: &str) -> bool {
    TABLE.same_in_account.iter().any(|known| known == pseudo_parameter)
}

/// Whether an account can have one resource of this type only.
pub fn is_once_in_account(kind: &str) -> bool {
    TABLE.once_in_account.iter().any(|known| known == kind)
}

#[derive(Default, Deserialize)]
struct Table {
    once_in_account: Vec<String>,
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

    #[test]
    fn an_account_has_one_detector_and_many_tables() {
        assert!(is_once_in_account("AWS::GuardDuty::Detector"));
        assert!(!is_once_in_account("AWS::DynamoDB::Table"));
    }
}
