//! Owns: the guide as one thing to carry away: the reading order of a book, the
//! page with everything, the e-book, and archives.
//!
//! Must not: make what the site itself needs.

pub mod archive;
pub mod book;
pub mod epub;
pub mod one_page;
