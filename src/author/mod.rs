//! Owns: help for those who write a guide.
//!
//! Must not: be needed to build one.

pub mod format;
pub mod init;
pub mod new;
