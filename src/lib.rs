//! slslint: an architecture linter and refactoring advisor for AWS serverless applications.

pub mod aws;
pub mod edit;
pub mod evidence;
pub mod frontend;
pub mod graph;
pub mod interpret;
pub mod ir;
pub mod source;
pub mod summary;
pub mod template;
pub mod yaml;
