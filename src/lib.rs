//! slslint: an architecture linter and refactoring advisor for AWS serverless applications.

pub mod config;
pub mod edit;
pub mod evidence;
pub mod finding;
pub mod frontend;
pub mod graph;
pub mod interpret;
pub mod ir;
pub mod report;
pub mod rule;
pub mod rules;
pub mod source;
pub mod summary;
pub mod suppress;
pub mod template;
pub mod yaml;
