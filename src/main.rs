//! The `slslint` command; everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    slslint::cli::main()
}
