//! Account numbers in templates.

use super::literals::literals;
use crate::aws::arn::{Arn, arns};
use crate::rule::prelude::*;

rule! {
    /// ## What it does
    /// Finds ARNs with an account number and without a Region: roles, buckets' accounts, policies.
    /// ARNs with both are found by `hard-coded-arn`.
    ///
    /// ## Why it matters
    /// The template works in one account only, or reaches from one environment into another.
    ///
    /// ## Example
    /// ```yaml
    /// Role: arn:aws:iam::111122223333:role/orders
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// Role: !Sub arn:${AWS::Partition}:iam::${AWS::AccountId}:role/orders
    /// ```
    /// or a parameter, where the account really is another one.
    ///
    /// ## When to keep it
    /// When the account is one fixed partner for all environments. Accounts of published layers and
    /// of AWS are not reported; a mapping by account or a parameter's default is where it belongs.
    pub HARD_CODED_ACCOUNT = {
        id: "hard-coded-account",
        category: Deployment,
        severity: Warning,
        summary: "account number is written out",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    for (_, template) in app.templates() {
        for literal in literals(template) {
            let Some(arn) = arns(&literal.text).find(names_account_only) else { continue };
            let finding = Finding::at(literal.span, format!("account {} is written out", arn.account))
                .help("write ${AWS::AccountId} in a !Sub, or make it a parameter");
            found.push(match &literal.resource {
                Some(id) => finding.resource(&template.path, id),
                None => finding,
            });
        }
    }
}

fn names_account_only(arn: &Arn<'_>) -> bool {
    arn.literal_account().is_some() && arn.literal_region().is_none() && !is_published(arn)
}

/// Layers and applications are published for others to use: the account is part of their name.
pub(super) fn is_published(arn: &Arn<'_>) -> bool {
    arn.service == "lambda" && arn.resource.starts_with("layer:") || arn.service == "serverlessrepo"
}
