//! Owns: the colours of pictures. They are the light ones of the stylesheet,
//! which owns the look; a test compares the two.
//!
//! Must not: know what is drawn.

use std::fmt;

use crate::status::Class;

/// A colour: red, green, blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rgb(pub u8, pub u8, pub u8);

impl fmt::Display for Rgb {
    /// As stylesheets write it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }
}

/// Behind everything.
pub const PAPER: Rgb = Rgb(0xfc, 0xfc, 0xfb);
/// Text.
pub const INK: Rgb = Rgb(0x1a, 0x1e, 0x26);
/// Text that steps back.
pub const SOFT: Rgb = Rgb(0x56, 0x5f, 0x6d);
/// Lines between things.
pub const LINE: Rgb = Rgb(0xdf, 0xe2, 0xe6);

/// Behind the label of a badge, which is white.
pub const LABEL: Rgb = Rgb(0x3a, 0x42, 0x50);

/// The hue of a class, for text and lines.
pub const fn hue(class: Class) -> Rgb {
    match class {
        Class::Informational => Rgb(0x2a, 0x5b, 0xb5),
        Class::Successful => Rgb(0x0f, 0x6b, 0x3a),
        Class::Redirection => Rgb(0x80, 0x54, 0x0a),
        Class::ClientError => Rgb(0xac, 0x3d, 0x0b),
        Class::ServerError => Rgb(0xab, 0x16, 0x54),
    }
}

/// The tint of a class, behind text in its hue.
pub const fn tint(class: Class) -> Rgb {
    match class {
        Class::Informational => Rgb(0xed, 0xf2, 0xfb),
        Class::Successful => Rgb(0xe9, 0xf5, 0xee),
        Class::Redirection => Rgb(0xf9, 0xf1, 0xe0),
        Class::ClientError => Rgb(0xfc, 0xef, 0xe7),
        Class::ServerError => Rgb(0xfc, 0xee, 0xf4),
    }
}
