//! What public layers are made for, by their names.

use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;

/// The architecture of a function that names none (AWS::Lambda::Function, `Architectures`).
pub const DEFAULT_ARCHITECTURE: &str = "x86_64";

/// What something is made for; an empty list for anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Made {
    pub runtimes: Vec<String>,
    pub architectures: Vec<String>,
}

/// What the layer of an ARN is made for, if its name says so.
pub fn made(arn: &str) -> Option<Made> {
    let (name, _) = arn.rsplit_once(':')?;
    let start = name.match_indices(':').rev().nth(2).map_or(0, |(at, _)| at + 1);
    let name = &name[start..];
    let row = TABLE.iter().find(|row| row.arn.is_match(name))?;
    let filled =
        |form: &Option<String>| form.iter().map(|form| row.arn.replace(name, form).into_owned()).collect();
    Some(Made { runtimes: filled(&row.runtime), architectures: filled(&row.architecture) })
}

#[derive(Debug, Deserialize)]
struct Written {
    arn: String,
    runtime: Option<String>,
    architecture: Option<String>,
}

#[derive(Debug)]
struct Row {
    arn: Regex,
    runtime: Option<String>,
    architecture: Option<String>,
}

static TABLE: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let rows: Vec<Written> = super::table(include_str!("layers.yaml"));
    let row = |row: Written| {
        let arn = Regex::new(&format!("^{}$", row.arn)).ok()?;
        Some(Row { arn, runtime: row.runtime, architecture: row.architecture })
    };
    rows.into_iter().filter_map(row).collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_layers_are_for() {
        let of = |name: &str| made(&format!("arn:aws:lambda:${{AWS::Region}}:{name}:7"));
        let powertools = of("017000801446:layer:AWSLambdaPowertoolsPythonV3-python313-arm64").expect("known");
        assert_eq!(
            (powertools.runtimes, powertools.architectures),
            (vec!["python3.13".into()], vec!["arm64".into()])
        );
        let insights = of("580247275435:layer:LambdaInsightsExtension").expect("known");
        assert_eq!((insights.runtimes, insights.architectures), (vec![], vec!["x86_64".into()]));
        assert_eq!(of("580247275435:layer:Other"), None);
        assert_eq!(TABLE.len(), super::super::table::<Vec<Written>>(include_str!("layers.yaml")).len());
    }
}
