//! Owns: badges, the small pictures of a code for README files: `HTTP`, and the
//! code in the hue of its class. Text is drawn as outlines, so that a badge
//! needs no font and looks the same everywhere.
//!
//! Must not: decide which codes have a badge.

// Sizes are whole parts of pixels of one small picture.
#![allow(clippy::cast_possible_truncation)]

use std::fmt::Write as _;

use askama::Template;
use ttf_parser::OutlineBuilder;

use crate::load::facts::CodeFacts;
use crate::picture::palette::{LABEL as LABEL_GROUND, Rgb, hue};
use crate::picture::typeface::Typefaces;

/// Parts of a pixel in which the outlines are measured.
const PARTS: f32 = 10.0;
const SIZE: f32 = 11.0;
const BASELINE: f32 = 14.0;
const MARGIN: f32 = 7.0;
const LABEL: &str = "HTTP";

#[derive(Template)]
#[template(path = "badge.svg", escape = "html")]
struct BadgeView<'f> {
    facts: &'f CodeFacts,
    /// In pixels, and in parts of them.
    width: i32,
    parts: i32,
    /// Where the label ends and the code begins.
    split: i32,
    hue: Rgb,
    label_ground: Rgb,
    label_outline: String,
    code_outline: String,
}

/// The badge of a code, as SVG.
///
/// # Errors
/// If the fonts of the program are broken.
pub fn svg(facts: &CodeFacts) -> anyhow::Result<String> {
    let typefaces = Typefaces::open()?;
    let style = typefaces.strong.at(SIZE * PARTS).tracked(0.01);
    let text = format!("{} {}", facts.code.value, facts.phrase);
    let margin = MARGIN * PARTS;
    let split = (2.0 * margin + style.width(LABEL)).round();
    let width = ((split + 2.0 * margin + style.width(&text)) / PARTS).ceil();
    let outline = |text: &str, x: f32| {
        let mut path = Path::default();
        style.draw(text, x, BASELINE * PARTS, &mut path);
        path.data
    };
    let view = BadgeView {
        facts,
        width: width as i32,
        parts: (width * PARTS) as i32,
        split: split as i32,
        hue: hue(facts.code.value.class()),
        label_ground: LABEL_GROUND,
        label_outline: outline(LABEL, margin),
        code_outline: outline(&text, split + margin),
    };
    Ok(view.render()?)
}

/// Writes an outline as the data of an SVG path, in whole numbers that count
/// from the last point.
#[derive(Default)]
struct Path {
    data: String,
    start: (i32, i32),
    at: (i32, i32),
}

impl Path {
    fn add(&mut self, command: char, points: &[(f32, f32)]) {
        self.data.push(command);
        let from = self.at;
        let mut is_first = true;
        for (x, y) in points {
            let to = (x.round() as i32, y.round() as i32);
            for number in [to.0 - from.0, to.1 - from.1] {
                let space = if is_first || number < 0 { "" } else { " " };
                let _ = write!(self.data, "{space}{number}");
                is_first = false;
            }
            self.at = to;
        }
    }
}

impl OutlineBuilder for Path {
    fn move_to(&mut self, x: f32, y: f32) {
        self.add('m', &[(x, y)]);
        // The first point counts from the corner, where every path starts.
        self.start = self.at;
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let (across, down) = (x.round() as i32 - self.at.0, y.round() as i32 - self.at.1);
        // Writing to a string cannot fail.
        let _ = match (across, down) {
            (0, 0) => Ok(()),
            (_, 0) => write!(self.data, "h{across}"),
            (0, _) => write!(self.data, "v{down}"),
            _ => return self.add('l', &[(x, y)]),
        };
        self.at = (self.at.0 + across, self.at.1 + down);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.add('q', &[(x1, y1), (x, y)]);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.add('c', &[(x1, y1), (x2, y2), (x, y)]);
    }

    fn close(&mut self) {
        self.data.push('z');
        self.at = self.start;
    }
}
