//! Whole ARNs in templates and in code.

use super::hard_coded_account::is_placeholder;
use super::literals::{Literal, grouped, in_code, may_be_own};
use crate::aws::arn::{Arn, arns, is_published};
use crate::rule::prelude::*;

rule! {
    /// ## What it does
    /// Finds ARNs with both account and Region written out; one finding per template, or file of a
    /// handler's code, and account.
    ///
    /// ## Why it matters
    /// Every environment uses the same resource, so that a test writes where production reads, or the
    /// template works in one account and Region only.
    ///
    /// ## Example
    /// ```yaml
    /// Queue: arn:aws:sqs:eu-west-1:111122223333:orders
    /// ```
    ///
    /// ## Use instead
    /// `!GetAtt` of a resource of the template, a parameter, or
    /// ```yaml
    /// Queue: !Sub arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:orders
    /// ```
    ///
    /// ## When to keep it
    /// When one resource serves all environments on purpose. ARNs of published layers and of log
    /// destinations are not reported here, nor those of another account in a template that elsewhere says
    /// `${AWS::AccountId}`.
    pub HARD_CODED_ARN = {
        id: "hard-coded-arn",
        category: Deployment,
        severity: Warning,
        summary: "ARN with account and Region is written out",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    let named = |literal: &Literal| {
        let arn = arns(&literal.text).find(names_both)?;
        Some((arn.account.to_owned(), format!("`{}` is the same in every environment", arn.text)))
    };
    for (_, template) in app.templates() {
        let own = |literal: &Literal| named(literal).filter(|(account, _)| may_be_own(template, account));
        found.extend(grouped(template, own, HELP));
    }
    found.extend(in_code(app, named));
}

const HELP: &str = "refer to a resource of the template, make it a parameter, or write ${AWS::Region} and ${AWS::AccountId} in a !Sub";

fn names_both(arn: &Arn<'_>) -> bool {
    let both = arn.literal_account().is_some() && arn.literal_region().is_some();
    both && !is_published(arn) && !is_placeholder(arn) && !is_for_others(arn)
}

/// Destinations of logs are there to take those of other accounts.
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CrossAccountSubscriptions.html>
fn is_for_others(arn: &Arn<'_>) -> bool {
    arn.service == "logs" && arn.resource.starts_with("destination:")
}
