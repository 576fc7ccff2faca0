//! Owns: reading a guide: the files of `content/` and `static/`, their front matter
//! as typed facts, and `Guide`, the whole model, checked file by file and across
//! files.
//!
//! Must not: turn Markdown into HTML, or know how a page looks.

use crate::diagnostic::Diagnostics;
use crate::load::content::Content;
use crate::load::guide::Guide;
use crate::route::BaseUrl;

pub mod accent;
mod agreement;
pub mod content;
pub mod decisions;
pub mod facts;
pub mod files;
pub mod front_matter;
pub mod glance;
pub mod guide;
mod keys;
pub mod mistakes;
pub mod overlay;

/// Puts what was read together, and checks it across files. What is wrong is
/// added to `diagnostics`.
pub fn assemble(content: Content, base: Option<BaseUrl>, diagnostics: &mut Diagnostics) -> Guide {
    let mut guide = Guide::new(content, base, diagnostics);
    agreement::check(&mut guide, diagnostics);
    guide
}
