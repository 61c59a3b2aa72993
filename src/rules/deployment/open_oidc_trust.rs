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
    let (statement, claim) =
        statements.iter().find_map(|statement| Some((statement, trust(template, statement)?)))?;
    let (span, message) = match claim {
        Claim::None => (statement.span, format!("any repository on GitHub can assume {}", role.id.text)),
        Claim::Open(value) => {
            let text = value.as_list().and_then(|items| items.first()).unwrap_or(value).text();
            (value.span, format!("`{text}` lets any repository on GitHub assume {}", role.id.text))
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
fn trust<'t>(template: &Template, statement: &'t Value) -> Option<Claim<'t>> {
    let provider = statement.at(&["Principal", "Federated"])?;
    let is_github = is_provider(template, provider) || asks_provider(statement);
    if !is_github || statement.get("Effect").and_then(Value::as_str) == Some("Deny") {
        return None;
    }
    let Some(conditions) = statement.get("Condition") else { return Some(Claim::None) };
    // A condition that is made elsewhere may ask anything.
    let operators = conditions.as_map()?;
    let mut asked = false;
    let mut open = None;
    for (operator, claims) in operators.iter() {
        let claims = claims.as_map()?;
        for (key, value) in claims.iter() {
            let Some((issuer, claim)) = key.text.rsplit_once(':') else { continue };
            // A key with an open part may be any claim.
            if !issuer.contains(PROVIDER) && !issuer.contains('$') || !CLAIMS.contains(&claim) {
                asked |= key.text.contains('$');
                continue;
            }
            // All conditions must be met; `*` stands for anything only in some of them.
            if operator.text.contains("Like") && is_anybody(value) {
                open = Some(Claim::Open(value));
            } else if operator.text.contains("Like") || operator.text.contains("Equals") {
                asked = true;
            }
        }
    }
    (!asked).then(|| open.unwrap_or(Claim::None))
}

/// The ARN of the provider, or the resource of the template that makes it.
fn is_provider(template: &Template, value: &Value) -> bool {
    let is_made = |resource: &Resource| {
        resource.is("AWS::IAM::OIDCProvider")
            && resource.property("Url").is_some_and(|url| url.text().contains(PROVIDER))
    };
    let mentions = value.mentions();
    let mut made = mentions.iter().filter_map(|mention| template.resource(&mention.name.text));
    value.text().contains(PROVIDER) || made.any(is_made)
}

/// Whether a statement asks for claims of the provider, whatever it is named by.
fn asks_provider(statement: &Value) -> bool {
    let Some(operators) = statement.get("Condition").and_then(Value::as_map) else { return false };
    let mut claims = operators.iter().filter_map(|(_, claims)| claims.as_map());
    claims.any(|claims| claims.iter().any(|(key, _)| key.text.starts_with(PROVIDER)))
}

/// Whether repositories of every owner meet a pattern, or of every owner whose name begins with something:
/// anybody can register such a name. The number of an owner, behind an `@`, is given by GitHub.
fn is_anybody(value: &Value) -> bool {
    let values = value.as_list().unwrap_or(std::slice::from_ref(value));
    values.iter().any(|value| {
        let text = value.text();
        let owner = text.strip_prefix("repo:").and_then(|rest| rest.split(['/', '@', ':']).next());
        value.is_literal() && (text == "*" || owner.is_some_and(|owner| owner.contains(['*', '?'])))
    })
}
