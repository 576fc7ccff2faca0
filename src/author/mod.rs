//! Owns: help for those who write a guide.
//!
//! Must not: be needed to build one.

pub mod format;
pub mod host;
pub mod init;
pub mod media_type;
pub mod new;
pub mod serve;
pub mod shown;
pub mod trouble;
pub mod watch;
