//! Owns: the guide for a reader in a terminal: which page is meant, what it
//! consists of there, and how that fills lines.
//!
//! Must not: print, or ask the terminal anything.

pub mod layout;
pub mod lookup;
pub mod page;
pub mod prose;
