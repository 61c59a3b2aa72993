//! Account numbers in templates and in code.

use super::literals::{Literal, grouped, in_code, may_be_own};
use crate::aws::arn::{Arn, arns, is_published};
use crate::rule::prelude::*;

rule! {
    /// ## What it does
    /// Finds ARNs with an account number and without a Region: roles, buckets' accounts, policies; one
    /// finding per template, or file of a handler's code, and account. ARNs with both are found by `hard-coded-arn`.
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
    /// of AWS are not reported; a mapping by account or a parameter's default is where it belongs. Nor are
    /// accounts in a template that elsewhere says `${AWS::AccountId}`: it means somebody else's, unless
    /// files deploy it to that account or something runs under a role of it.
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
    for (_, template) in app.templates() {
        let own = |literal: &Literal| named(literal).filter(|(account, _)| may_be_own(template, account));
        found.extend(grouped(template, own, HELP));
    }
    found.extend(in_code(app, named));
}

const HELP: &str = "write ${AWS::AccountId} in a !Sub, or make it a parameter";

fn names_account_only(arn: &Arn<'_>) -> bool {
    let account_only = arn.literal_account().is_some() && arn.literal_region().is_none();
    account_only && !is_published(arn) && !is_placeholder(arn)
}

/// No account has this number: it fills a place. The second is that of the examples of AWS:
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html>
pub(super) fn is_placeholder(arn: &Arn<'_>) -> bool {
    arn.account.bytes().all(|digit| digit == b'0') || arn.account == "123456789012"
}
