//! Owns: text that people wrote: Markdown as HTML, its headings and links, and the
//! example messages in it, each parsed and checked as HTTP.
//!
//! Must not: know which page the text stands on but for its links, or read files.

pub mod exchange;
pub mod lint;
pub mod markdown;
pub mod message;
pub mod outline;
