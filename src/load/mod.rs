//! Owns: reading a guide: the files of `content/` and `static/`, their front matter
//! as typed facts, and `Guide`, the whole model, checked file by file and across
//! files.
//!
//! Must not: turn Markdown into HTML, or know how a page looks.

pub mod accent;
pub mod content;
pub mod decisions;
pub mod facts;
pub mod files;
pub mod front_matter;
pub mod glance;
pub mod guide;
pub mod mistakes;
pub mod overlay;
