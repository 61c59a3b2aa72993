//! Amazon Resource Names in texts that may have open parts (`${AWS::Region}`).

/// The parts of an ARN as written; each may be empty, `*`, or hold `${...}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arn<'t> {
    pub text: &'t str,
    pub partition: &'t str,
    pub service: &'t str,
    pub region: &'t str,
    pub account: &'t str,
    pub resource: &'t str,
}

impl<'t> Arn<'t> {
    /// Reads a text that is one ARN.
    pub fn parse(text: &'t str) -> Option<Self> {
        let parts = split(text.strip_prefix("arn:")?, 5);
        let [partition, service, region, account, resource] = parts.try_into().ok()?;
        Some(Self { text, partition, service, region, account, resource })
    }

    /// The account, where it is written out: twelve digits.
    pub fn literal_account(&self) -> Option<&'t str> {
        is_account(self.account).then_some(self.account)
    }

    /// The region, where it is written out.
    pub fn literal_region(&self) -> Option<&'t str> {
        is_region(self.region).then_some(self.region)
    }
}

/// All ARNs in a text.
pub fn arns(text: &str) -> impl Iterator<Item = Arn<'_>> {
    text.match_indices("arn:").filter_map(|(at, _)| {
        let whole = text[..at].chars().next_back().is_none_or(|before| !before.is_alphanumeric());
        let length =
            text[at..].find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',' | ']' | ')'));
        let end = length.map_or(text.len(), |length| at + length);
        whole.then(|| Arn::parse(&text[at..end])).flatten()
    })
}

/// Layers and applications are published for other accounts to use: the account is part of the name.
pub fn is_published(arn: &Arn<'_>) -> bool {
    arn.service == "lambda" && arn.resource.starts_with("layer:") || arn.service == "serverlessrepo"
}

/// Whether a resource lives where it says wherever the stack is: certificates, web ACLs and others for
/// CloudFront, and the repository of published applications, in us-east-1; vaults for copies in another
/// Region; mail, which is received in few Regions
/// (docs.aws.amazon.com/general/latest/gr/ses.html#ses_inbound_endpoints); or an account that none has.
pub fn is_meant_elsewhere(arn: &Arn<'_>) -> bool {
    let global = ["acm", "wafv2", "cloudfront"];
    let placeholder = !arn.account.is_empty() && arn.account.bytes().all(|digit| digit == b'0');
    // An application has the Region of whoever published it; a model is not offered in every Region, the
    // catalogue of the Marketplace in one.
    let own_region = ["backup", "ses", "serverlessrepo", "bedrock", "aws-marketplace", "ecr-public"]
        .contains(&arn.service);
    global.contains(&arn.service) && arn.region == "us-east-1" || own_region || placeholder
}

pub fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a text has the form of a region: `eu-west-1`, `us-gov-east-1`.
pub fn is_region(text: &str) -> bool {
    const AREAS: [&str; 11] = ["af", "ap", "ca", "cn", "eu", "il", "me", "mx", "sa", "us", "us-gov"];
    let Some((rest, number)) = text.rsplit_once('-') else { return false };
    let Some((area, direction)) = rest.rsplit_once('-') else { return false };
    AREAS.contains(&area)
        && number.len() == 1
        && number.bytes().all(|byte| byte.is_ascii_digit())
        && ["north", "south", "east", "west", "central"].iter().any(|part| direction.starts_with(part))
}

/// Splits at `:` outside `${...}` into at most `count` parts.
fn split(text: &str, count: usize) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut depth, mut start) = (0_usize, 0);
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ':' if depth == 0 && parts.len() + 1 < count => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn open_parts_do_not_split() {
        let arn = Arn::parse("arn:${AWS::Partition}:sqs:${AWS::Region}:123456789012:a:b").expect("it is one");
        assert_eq!((arn.partition, arn.region, arn.resource), ("${AWS::Partition}", "${AWS::Region}", "a:b"));
        assert_eq!(arn.literal_account(), Some("123456789012"));
        assert_eq!(arn.literal_region(), None);
        assert_eq!(Arn::parse("arn:aws:s3"), None);
    }

    #[test]
    fn arns_are_found_inside_texts() {
        let text = r#"{"Resource": "arn:aws:s3:::bucket/*", "b": "x-arn:aws:sns:eu-west-1:1:t"}"#;
        let found: Vec<&str> = arns(text).map(|arn| arn.resource).collect();
        assert_eq!(found, ["bucket/*", "t"]);
    }

    #[test]
    fn regions_have_a_form() {
        assert!(is_region("eu-west-1") && is_region("us-gov-east-1") && is_region("ap-southeast-2"));
        assert!(!is_region("eu-west") && !is_region("my-west-1") && !is_region("us-east-1a"));
    }
}
