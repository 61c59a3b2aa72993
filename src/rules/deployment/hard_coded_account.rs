//! Account numbers in templates.

use super::literals::{Literal, grouped};
use crate::aws::arn::{Arn, arns};
use crate::rule::prelude::*;

rule! {
    /// ## What it does
    /// Finds ARNs with an account number and without a Region: roles, buckets' accounts, policies; one
    /// finding per template and account. ARNs with both are found by `hard-coded-arn`.
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
    let named = |literal: &Literal| {
        let arn = arns(&literal.text).find(names_account_only)?;
        Some((arn.account.to_owned(), format!("account {} is written out", arn.account)))
    };
    found.extend(app.templates().flat_map(|(_, template)| grouped(template, named, HELP)));
}

const HELP: &str = "write ${AWS::AccountId} in a !Sub, or make it a parameter";

fn names_account_only(arn: &Arn<'_>) -> bool {
    let account_only = arn.literal_account().is_some() && arn.literal_region().is_none();
    account_only && !is_published(arn) && !is_placeholder(arn)
}

/// Layers and applications are published for other accounts to use: the account is part of the name.
pub(super) fn is_published(arn: &Arn<'_>) -> bool {
    arn.service == "lambda" && arn.resource.starts_with("layer:") || arn.service == "serverlessrepo"
}

/// No account has this number: it fills a place.
pub(super) fn is_placeholder(arn: &Arn<'_>) -> bool {
    arn.account.bytes().all(|digit| digit == b'0')
}
