//! The `slslint` command; everything is in the library.

use std::process::ExitCode;

/// Trees of small values are made and dropped by the million. On Linux the same allocator stands in
/// for `malloc` itself: the C code of the parsers gets it too, and small values the shorter way.
#[cfg(not(target_os = "linux"))]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[cfg(target_os = "linux")]
use mimalloc as _;

fn main() -> ExitCode {
    slslint::cli::main()
}
