//! Regions in templates.

use super::hard_coded_account::is_published;
use super::literals::literals;
use crate::aws::arn::{Arn, arns};
use crate::rule::prelude::*;

rule! {
    /// ## What it does
    /// Finds ARNs with a Region written out and no account: of layers that others publish, and of
    /// resources whose account is open. ARNs with both are found by `hard-coded-arn`.
    ///
    /// ## Why it matters
    /// The template deploys in one Region only: a function cannot use a layer of another Region.
    ///
    /// ## Example
    /// ```yaml
    /// - arn:aws:lambda:eu-west-1:017000801446:layer:AWSLambdaPowertoolsPythonV3-python313-x86_64:7
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// - !Sub arn:${AWS::Partition}:lambda:${AWS::Region}:017000801446:layer:AWSLambdaPowertoolsPythonV3-python313-x86_64:7
    /// ```
    ///
    /// ## When to keep it
    /// When the resource lives in that Region wherever the stack is: certificates and web ACLs for
    /// CloudFront (in us-east-1) are not reported.
    pub HARD_CODED_REGION = {
        id: "hard-coded-region",
        category: Deployment,
        severity: Warning,
        summary: "Region is written out",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    for (_, template) in app.templates() {
        for literal in literals(template) {
            let Some(arn) = arns(&literal.text).find(names_region_only) else { continue };
            let finding = Finding::at(literal.span, format!("Region {} is written out", arn.region))
                .help("write ${AWS::Region} in a !Sub");
            found.push(match &literal.resource {
                Some(id) => finding.resource(&template.path, id),
                None => finding,
            });
        }
    }
}

fn names_region_only(arn: &Arn<'_>) -> bool {
    // The repository of published applications is in that Region too.
    let global = ["acm", "wafv2", "cloudfront", "serverlessrepo"];
    let lives_there = global.contains(&arn.service) && arn.region == "us-east-1";
    let account_open = arn.literal_account().is_none() || is_published(arn);
    arn.literal_region().is_some() && account_open && !lives_there
}
