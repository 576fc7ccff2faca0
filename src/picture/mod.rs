//! Owns: pictures that are drawn from facts: preview cards and badges, with the
//! letters, pixels and colours that they need.
//!
//! Must not: use a font of the machine, or know about pages.

pub mod badge;
pub mod canvas;
pub mod card;
pub mod palette;
pub mod typeface;
