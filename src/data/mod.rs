//! Owns: the guide for programs: the facts as JSON, CSV and OpenAPI with their
//! schema, the search index, the feed, and pages as plain Markdown.
//!
//! Must not: state a fact of its own.

pub mod codes;
pub mod feed;
pub mod openapi;
pub mod plain;
pub mod schema;
pub mod search_index;
