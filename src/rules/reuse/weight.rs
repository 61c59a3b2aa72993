//! How sizes and dependencies are told.

use crate::evidence::Certainty;
use crate::graph::packaging::{Basis, Item};

/// In the megabytes of Lambda's quotas, of 1024 times 1024 bytes.
pub fn megabytes(bytes: u64) -> String {
    let tenths = (bytes * 10 + (1 << 19)) >> 20;
    match tenths % 10 {
        0 => format!("{} MB", tenths / 10),
        rest => format!("{}.{rest} MB", tenths / 10),
    }
}

/// "`pandas` 2.2.3", "`numpy`, which `pandas` brings".
pub fn told(item: &Item) -> String {
    let version = item.version.as_ref().map(|version| format!(" {version}")).unwrap_or_default();
    let by = item.brought_by.as_ref().map(|by| format!(", which `{by}` brings")).unwrap_or_default();
    format!("`{}`{version}{by}", item.name)
}

/// How its size is known.
pub fn basis(item: &Item) -> String {
    match item.basis {
        Basis::Measured => "measured".to_owned(),
        Basis::Locked => "the archive, by the lock file".to_owned(),
        Basis::Estimated(versions) => format!("estimated by {versions}"),
        Basis::Unknown => "unknown".to_owned(),
    }
}

/// An estimate may be wrong.
pub fn certainty(item: &Item) -> Certainty {
    if item.basis == Basis::Measured { Certainty::Must } else { Certainty::May }
}

#[cfg(test)]
mod tests {
    use super::megabytes;

    #[test]
    fn megabytes_are_those_of_the_quotas() {
        assert_eq!(megabytes(262_144_000), "250 MB");
        assert_eq!(megabytes(52_770_964), "50.3 MB");
        assert_eq!(megabytes(10), "0 MB");
    }
}
