//! Names of codings that [`Shape::Coded`](super::Shape::Coded) tells apart beyond the plain ones.

/// JSON whose decimals are texts (`default=str`).
pub const DECIMAL_STRING: &str = "decimal-string";
/// JSON whose decimals are numbers, whole ones without a point.
pub const DECIMAL_NUMBER: &str = "decimal-number";
/// The same, but negative fractions are cut off (`% 1 > 0`).
pub const DECIMAL_POSITIVE: &str = "decimal-positive";
/// JSON whose decimals are doubles (`default=float`).
pub const DECIMAL_DOUBLE: &str = "decimal-double";
/// JSON whose decimals are cut off behind the point (`default=int`).
pub const DECIMAL_WHOLE: &str = "decimal-whole";
/// JSON written by rules of the code's own.
pub const OWN_JSON: &str = "own-json";
/// A text whose fractions are read as decimals (`parse_float=Decimal`).
pub const DECIMALS: &str = "decimals";

/// A part of stored or sent data that is null where it is missing (`item.get("x")`), not an error.
pub const OPTIONAL: &str = "optional";

/// Whether a coding only says how JSON is written or read.
pub fn is_of_json(coding: &str) -> bool {
    [
        DECIMAL_STRING,
        DECIMAL_NUMBER,
        DECIMAL_POSITIVE,
        DECIMAL_DOUBLE,
        DECIMAL_WHOLE,
        OWN_JSON,
        DECIMALS,
        OPTIONAL,
    ]
    .contains(&coding)
}
