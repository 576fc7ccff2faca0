//! Owns: the letters of pictures. Measures text, breaks it into lines, and
//! draws its outlines. The fonts are part of the program, so that a picture is
//! the same on every machine.
//!
//! Must not: know what the outlines become: pixels or a path.

use anyhow::Context;
use ttf_parser::gpos::{PairAdjustment, PositioningSubtable};
use ttf_parser::{Face, GlyphId, OutlineBuilder};

const REGULAR: &[u8] = include_bytes!("../../fonts/inter-400.ttf");
const STRONG: &[u8] = include_bytes!("../../fonts/inter-600.ttf");
const NUMBER: &[u8] = include_bytes!("../../fonts/jetbrains-mono-800.ttf");

/// Everything that decides how letters look.
pub const SOURCES: &[&[u8]] = &[REGULAR, STRONG, NUMBER, include_bytes!("typeface.rs")];

/// The typefaces.
pub struct Typefaces {
    /// For sentences.
    pub regular: Typeface,
    /// For headings and what must be seen first.
    pub strong: Typeface,
    /// For status codes: the digits and the `x` of `4xx`, and nothing else.
    pub number: Typeface,
}

impl Typefaces {
    /// Opens the fonts of the program.
    ///
    /// # Errors
    /// If the program was built with a broken font.
    pub fn open() -> anyhow::Result<Self> {
        let open = |bytes| Typeface::open(bytes).context("a font of the program is broken");
        Ok(Self {
            regular: open(REGULAR)?,
            strong: open(STRONG)?,
            number: open(NUMBER)?,
        })
    }
}

/// One typeface.
pub struct Typeface {
    face: Face<'static>,
}

impl Typeface {
    fn open(bytes: &'static [u8]) -> anyhow::Result<Self> {
        Ok(Self {
            face: Face::parse(bytes, 0)?,
        })
    }

    /// Whether there is a glyph for `c`.
    pub fn has(&self, c: char) -> bool {
        self.face.glyph_index(c).is_some()
    }

    /// This typeface in a size, in pixels.
    pub fn at(&self, size: f32) -> Style<'_> {
        Style {
            face: &self.face,
            size,
            tracking: 0.0,
        }
    }
}

/// A typeface in a size.
#[derive(Clone, Copy)]
pub struct Style<'t> {
    face: &'t Face<'static>,
    size: f32,
    tracking: f32,
}

impl Style<'_> {
    /// The same with a part of the size added after each letter.
    #[must_use]
    pub fn tracked(self, tracking: f32) -> Self {
        Self { tracking, ..self }
    }

    /// The size in pixels.
    pub fn size(&self) -> f32 {
        self.size
    }

    /// The same, smaller if `text` would be wider than `width`.
    #[must_use]
    pub fn fitting(self, text: &str, width: f32) -> Self {
        let natural = self.width(text);
        if natural <= width {
            return self;
        }
        Self {
            size: self.size * width / natural,
            ..self
        }
    }

    /// How far a capital reaches above the line.
    pub fn capital(&self) -> f32 {
        f32::from(self.face.capital_height().unwrap_or_default()) * self.scale()
    }

    /// How wide `text` is.
    pub fn width(&self, text: &str) -> f32 {
        self.each_glyph(text, |_, _| ())
    }

    /// Draws `text` from `x` on the line `baseline`.
    pub fn draw(&self, text: &str, x: f32, baseline: f32, pen: &mut dyn OutlineBuilder) {
        let scale = self.scale();
        self.each_glyph(text, |glyph, advance| {
            let mut placed = Placed {
                pen: &mut *pen,
                x: x + advance,
                y: baseline,
                scale,
            };
            self.face.outline_glyph(glyph, &mut placed);
        });
    }

    /// Breaks `text` into as few lines as go into `width`, all about as long.
    /// A word that is wider than the line stands alone on one.
    pub fn lines(&self, text: &str, width: f32) -> Vec<String> {
        let space = self.width(" ");
        let words: Vec<(&str, f32)> = (text.split_ascii_whitespace())
            .map(|word| (word, self.width(word)))
            .collect();
        // Lines that take every word that still goes in.
        let filled = |width: f32| {
            let mut lines: Vec<Vec<&str>> = Vec::new();
            let mut used = 0.0;
            for (word, own) in &words {
                match lines.last_mut() {
                    Some(line) if used + space + own <= width => {
                        line.push(word);
                        used += space + own;
                    }
                    _ => {
                        lines.push(vec![word]);
                        used = *own;
                    }
                }
            }
            lines
        };
        let fewest = filled(width);
        // The narrowest column that needs no more lines, to the pixel.
        let (mut enough, mut little) = (width, 0.0);
        while enough - little > 1.0 {
            let between = f32::midpoint(enough, little);
            if filled(between).len() > fewest.len() {
                little = between;
            } else {
                enough = between;
            }
        }
        let lines = filled(enough);
        lines.iter().map(|line| line.join(" ")).collect()
    }

    fn scale(&self) -> f32 {
        self.size / f32::from(self.face.units_per_em())
    }

    /// Calls `each` with every glyph and where it starts; returns the width.
    fn each_glyph(&self, text: &str, mut each: impl FnMut(GlyphId, f32)) -> f32 {
        let scale = self.scale();
        let mut at = 0.0;
        let mut before = None;
        for c in text.chars() {
            // Glyph 0 is the box for what a font does not have.
            let glyph = self.face.glyph_index(c).unwrap_or_default();
            if let Some(before) = before {
                at += f32::from(self.kerning(before, glyph)) * scale + self.tracking * self.size;
            }
            each(glyph, at);
            at += f32::from(self.face.glyph_hor_advance(glyph).unwrap_or_default()) * scale;
            before = Some(glyph);
        }
        at
    }

    /// How much closer two letters stand than their widths say: in each table,
    /// the first pair that fits counts. The fonts have tables for nothing else.
    fn kerning(&self, left: GlyphId, right: GlyphId) -> i16 {
        let lookups = self.face.tables().gpos.iter().flat_map(|gpos| gpos.lookups);
        lookups
            .filter_map(|lookup| {
                let mut tables = lookup.subtables.into_iter::<PositioningSubtable<'_>>();
                tables.find_map(|table| match table {
                    PositioningSubtable::Pair(pair) => advance(pair, left, right),
                    _ => None,
                })
            })
            .sum()
    }
}

fn advance(pair: PairAdjustment<'_>, left: GlyphId, right: GlyphId) -> Option<i16> {
    let index = pair.coverage().get(left)?;
    let (first, _) = match pair {
        PairAdjustment::Format1 { sets, .. } => sets.get(index)?.get(right)?,
        PairAdjustment::Format2 {
            classes, matrix, ..
        } => matrix.get((classes.0.get(left), classes.1.get(right)))?,
    };
    Some(first.x_advance)
}

/// Moves and scales an outline on its way to another pen. Fonts have y
/// upwards, pictures downwards.
struct Placed<'p> {
    pen: &'p mut dyn OutlineBuilder,
    x: f32,
    y: f32,
    scale: f32,
}

impl Placed<'_> {
    fn point(&self, x: f32, y: f32) -> (f32, f32) {
        (self.x + x * self.scale, self.y - y * self.scale)
    }
}

impl OutlineBuilder for Placed<'_> {
    fn move_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.point(x, y);
        self.pen.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.point(x, y);
        self.pen.line_to(x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let ((x1, y1), (x, y)) = (self.point(x1, y1), self.point(x, y));
        self.pen.quad_to(x1, y1, x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let ((x1, y1), (x2, y2)) = (self.point(x1, y1), self.point(x2, y2));
        let (x, y) = self.point(x, y);
        self.pen.curve_to(x1, y1, x2, y2, x, y);
    }

    fn close(&mut self) {
        self.pen.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_that_fit_into_each_other_stand_closer() {
        let faces = Typefaces::open().unwrap();
        let style = faces.regular.at(100.0);
        assert!(style.width("To") < style.width("T") + style.width("o"));
        assert!((style.width("nn") - 2.0 * style.width("n")).abs() < 0.01);
    }

    #[test]
    fn lines_are_few_about_as_long_and_none_too_wide() {
        let faces = Typefaces::open().unwrap();
        let style = faces.regular.at(20.0);
        let text = "The server has nothing to show at this address, or will not say that something is there.";
        let lines = style.lines(text, 600.0);
        assert_eq!(lines.join(" "), text);
        assert_eq!(lines.len(), 2);
        let widths: Vec<f32> = lines.iter().map(|line| style.width(line)).collect();
        assert!(widths.iter().all(|width| *width <= 600.0), "{widths:?}");
        assert!((widths[0] - widths[1]).abs() < 120.0, "{widths:?}");
        let narrow = style.lines(text, 10.0);
        assert_eq!(narrow.len(), text.split(' ').count());
    }

    #[test]
    fn text_that_is_too_wide_gets_smaller_and_other_text_does_not() {
        let faces = Typefaces::open().unwrap();
        let style = faces.strong.at(60.0);
        assert!((style.fitting("Found", 500.0).size() - 60.0).abs() < 0.01);
        let long = "Network Authentication Required";
        assert!(style.fitting(long, 500.0).width(long) <= 500.1);
    }
}
