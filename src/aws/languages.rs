//! What the languages themselves give to code that runs beside the code of the project.

use std::sync::LazyLock;

use serde::Deserialize;

/// How JavaScript calls the decorator of a method.
pub fn method_decorator() -> &'static MethodDecorator {
    &TABLE.method_decorator
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MethodDecorator {
    /// Its parameters; the last describes the method.
    pub takes: Vec<String>,
    /// What of the description is the function.
    pub function: String,
}

#[derive(Default, Deserialize)]
struct Table {
    method_decorator: MethodDecorator,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| super::table(include_str!("languages.yaml")));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decorator_of_a_method_takes_its_description_last() {
        assert_eq!(method_decorator().takes.last().map(String::as_str), Some("descriptor"));
        assert_eq!(method_decorator().function, "value");
    }
}
