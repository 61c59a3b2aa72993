//! The `slslint` command; everything is in the library.

use std::process::ExitCode;

/// Trees of small values are made and dropped by the million.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    slslint::cli::main()
}
