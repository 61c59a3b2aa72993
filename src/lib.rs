//! slslint: an architecture linter and refactoring advisor for AWS serverless applications.

pub mod edit;
pub mod evidence;
pub mod source;
pub mod yaml;
