//! Monitoring that development pays for too.

use super::names::environment_parameter;
use crate::aws::prices;
use crate::rule::prelude::*;
use crate::template::{Resource, Template, Value};

rule! {
    /// ## What it does
    /// Finds templates with an environment parameter that deploy alarms, dashboards, canaries or logs of
    /// whole requests to every environment; one finding per template.
    ///
    /// ## Why it matters
    /// They are paid for per alarm, dashboard, run and byte, and alarms of development wake
    /// somebody up for nothing.
    ///
    /// ## Example
    /// ```yaml
    /// PaymentAlarm:
    ///   Type: AWS::CloudWatch::Alarm
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// PaymentAlarm:
    ///   Type: AWS::CloudWatch::Alarm
    ///   Condition: IsProd
    /// ```
    ///
    /// ## When to keep it
    /// When alarms are tried out in development, or drive a gradual deployment.
    pub UNCONDITIONAL_MONITORING = {
        id: "unconditional-monitoring",
        category: Deployment,
        severity: Info,
        profile: Preview,
        summary: "monitoring is deployed to every environment",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    found.extend(app.templates().filter_map(|(_, template)| in_template(template)));
}

fn in_template(template: &Template) -> Option<Finding> {
    let parameter = environment_parameter(template)?;
    let mut watching = template.resources.iter().filter(|resource| is_everywhere(template, resource));
    let first = watching.next()?;
    let rest: Vec<&Resource> = watching.collect();
    let more = match rest.len() {
        0 => String::new(),
        1 => " and one more".to_owned(),
        count => format!(" and {count} more"),
    };
    let message = format!("{}{more} watch every environment", first.id.text);
    let mut finding = Finding::at(first.id.span, message)
        .because(parameter.name.span, "what tells environments apart")
        .help("give it a `Condition` that holds in production")
        .resource(&template.path, &first.id.text);
    for other in rest.iter().take(EVIDENCE) {
        finding = finding.because(other.id.span, "and this one");
    }
    Some(finding)
}

/// More places than these say nothing new.
const EVIDENCE: usize = 3;

fn is_everywhere(template: &Template, resource: &Resource) -> bool {
    let watches = prices::is_paid_monitoring(&resource.kind.text) && !drives_a_deployment(template, resource);
    let logs_all = resource.is("AWS::Serverless::Api") && logs_requests(resource);
    resource.condition.is_none() && (watches || logs_all)
}

/// Whether something refers to the alarm: a gradual deployment, or another alarm.
fn drives_a_deployment(template: &Template, alarm: &Resource) -> bool {
    let mut values = template.resources.iter().flat_map(|resource| resource.properties.iter());
    values.any(|(_, value)| value.mentions().iter().any(|mention| mention.name.text == alarm.id.text))
}

/// `DataTraceEnabled`: the bodies of all requests and answers are logged.
fn logs_requests(api: &Resource) -> bool {
    let settings = api.property("MethodSettings").and_then(Value::as_list).unwrap_or_default();
    settings.iter().any(|one| one.get("DataTraceEnabled").and_then(Value::as_bool) == Some(true))
}
