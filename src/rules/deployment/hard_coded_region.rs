//! Regions in templates.

use std::collections::{BTreeMap, BTreeSet};

use super::literals::{Literal, grouped, in_code, literals};
use crate::aws::arn::{Arn, arns, is_meant_elsewhere, is_published};
use crate::aws::environment::publishes_layers;
use crate::rule::prelude::*;
use crate::template::Template;

rule! {
    /// ## What it does
    /// Finds ARNs with a Region written out and no account: of layers that others publish, and of
    /// resources whose account is open; each Region once per template. ARNs with both are found by
    /// `hard-coded-arn`. A service that is named in several Regions is left alone.
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
    /// CloudFront (in us-east-1) are not reported, nor are layers that an account shares in its Region.
    pub HARD_CODED_REGION = {
        id: "hard-coded-region",
        category: Deployment,
        severity: Warning,
        summary: "Region is written out",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    found.extend(app.templates().flat_map(|(_, template)| in_template(template)));
    found.extend(in_code(app, |literal| {
        let arn = arns(&literal.text).find(names_region_only)?;
        Some((arn.region.to_owned(), format!("Region {} is written out", arn.region)))
    }));
}

fn in_template(template: &Template) -> Vec<Finding> {
    let mut regions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for literal in literals(template) {
        for arn in arns(&literal.text).filter(names_region_only) {
            regions.entry(arn.service.to_owned()).or_default().insert(arn.region.to_owned());
        }
    }
    // A service that is named in several Regions is meant to be reached in all of them.
    let one_region = |arn: &Arn<'_>| regions.get(arn.service).is_none_or(|regions| regions.len() == 1);
    let named = |literal: &Literal| {
        let arn = arns(&literal.text).find(|arn| names_region_only(arn) && one_region(arn))?;
        Some((arn.region.to_owned(), format!("Region {} is written out", arn.region)))
    };
    grouped(template, named, "write ${AWS::Region} in a !Sub")
}

fn names_region_only(arn: &Arn<'_>) -> bool {
    let account_open = arn.literal_account().is_none() || is_published(arn);
    // A layer that one account shares with others need not be in every Region.
    let is_shared = arn.resource.starts_with("layer:") && !publishes_layers(arn.account);
    arn.literal_region().is_some() && account_open && !is_shared && !is_meant_elsewhere(arn)
}
