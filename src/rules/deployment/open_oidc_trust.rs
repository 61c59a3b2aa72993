//! Roles for GitHub that any repository may assume.

use crate::rule::prelude::*;
use crate::template::{Resource, Template, Value};

rule! {
    /// ## What it does
    /// Finds roles that trust the identity provider of GitHub Actions without a condition on the
    /// repository (`token.actions.githubusercontent.com:sub`), or with one that a repository of anybody
    /// meets.
    ///
    /// ## Why it matters
    /// Every workflow of every repository on GitHub gets a token of that provider, so anybody can assume
    /// the role.
    ///
    /// ## Example
    /// ```yaml
    /// Condition:
    ///   StringEquals:
    ///     token.actions.githubusercontent.com:aud: sts.amazonaws.com
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// Condition:
    ///   StringEquals:
    ///     token.actions.githubusercontent.com:aud: sts.amazonaws.com
    ///     token.actions.githubusercontent.com:sub: repo:example/shop:environment:prod
    /// ```
    ///
    /// ## When to keep it
    /// Never. A condition on another claim that names the repository or its owner counts too.
    pub OPEN_OIDC_TRUST = {
        id: "open-oidc-trust",
        category: Deployment,
        severity: Error,
        summary: "any repository on GitHub can assume the role",
        check,
    }
}

/// <https://docs.github.com/en/actions/concepts/security/openid-connect>
const PROVIDER: &str = "token.actions.githubusercontent.com";

/// Claims that tell whose workflow it is.
const CLAIMS: [&str; 7] = [
    "sub",
    "repository",
    "repository_id",
    "repository_owner",
    "repository_owner_id",
    "job_workflow_ref",
    "enterprise_id",
];

fn check(app: &App<'_>, found: &mut Found) {
    for (_, template) in app.templates() {
        let roles = template.resources.iter().filter(|resource| resource.is("AWS::IAM::Role"));
        found.extend(roles.filter_map(|role| open(template, role)));
    }
}

fn open(template: &Template, role: &Resource) -> Option<Finding> {
    let policy = role.property("AssumeRolePolicyDocument")?;
    let statements = policy.get("Statement")?;
    let statements = statements.as_list().unwrap_or(std::slice::from_ref(statements));
    let (statement, claim) = statements.iter().find_map(|statement| Some((statement, trust(statement)?)))?;
    let (span, message) = match claim {
        Claim::None => (statement.span, format!("any repository on GitHub can assume {}", role.id.text)),
        Claim::Open(value) => {
            (value.span, format!("`{}` lets any repository on GitHub assume {}", value.text(), role.id.text))
        }
    };
    Some(
        Finding::at(role.id.span, message)
            .because(span, "who is trusted")
            .help("name the repository: `token.actions.githubusercontent.com:sub: repo:OWNER/NAME:environment:NAME`")
            .resource(&template.path, &role.id.text),
    )
}

enum Claim<'t> {
    None,
    Open(&'t Value),
}

/// What is wrong with a statement that trusts the provider.
fn trust(statement: &Value) -> Option<Claim<'_>> {
    let provider = statement.at(&["Principal", "Federated"])?;
    if !mentions_provider(provider) || statement.get("Effect").and_then(Value::as_str) == Some("Deny") {
        return None;
    }
    let Some(conditions) = statement.get("Condition") else { return Some(Claim::None) };
    // A condition that is made elsewhere may ask anything.
    let operators = conditions.as_map()?;
    let mut asked = false;
    for (operator, claims) in operators.iter() {
        let claims = claims.as_map()?;
        for (key, value) in claims.iter() {
            let Some((issuer, claim)) = key.text.rsplit_once(':') else { continue };
            // A key with an open part may be any claim.
            if !issuer.contains(PROVIDER) && !issuer.contains('$') || !CLAIMS.contains(&claim) {
                asked |= key.text.contains('$');
                continue;
            }
            if operator.text.contains("Like") || operator.text.contains("Equals") {
                if is_anybody(value) {
                    return Some(Claim::Open(value));
                }
                asked = true;
            }
        }
    }
    (!asked).then_some(Claim::None)
}

fn mentions_provider(value: &Value) -> bool {
    value.text().contains(PROVIDER)
}

/// Whether every owner's repositories meet a pattern.
fn is_anybody(value: &Value) -> bool {
    let values = value.as_list().unwrap_or(std::slice::from_ref(value));
    values.iter().any(|value| {
        let text = value.text();
        value.is_literal() && ["*", "repo:*", "repo:*/*", "repo:*:*", "repo:*/*:*"].contains(&text.as_str())
    })
}
