//! Owns: pixels. A picture with a palette, on which shapes are filled with
//! smooth edges, and its bytes as a PNG.
//!
//! Must not: know what is drawn, or have fonts.

// Coordinates are whole pixels of small pictures, and shares of a pixel.
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss
)]

use std::borrow::Cow;

use ab_glyph_rasterizer::{Point, Rasterizer, point};
use ttf_parser::OutlineBuilder;

use crate::picture::palette::Rgb;

/// Everything here that decides how a picture looks.
pub const SOURCES: &[&[u8]] = &[include_bytes!("canvas.rs"), include_bytes!("palette.rs")];

/// The steps from a ground to the ink on it. More of them make files larger,
/// and no edge smoother that anyone could tell at this size.
const LEVELS: u8 = 4;

/// A rectangle in pixels.
#[derive(Debug, Clone, Copy)]
pub struct Area {
    /// From the left.
    pub x: f32,
    /// From the top.
    pub y: f32,
    /// To the right.
    pub width: f32,
    /// Downwards.
    pub height: f32,
}

impl Area {
    /// A rectangle from its top left corner.
    pub const fn new(x: f32, y: f32, width: f32, height: f32) -> Self {
        Self {
            x,
            y,
            width,
            height,
        }
    }
}

/// A picture.
pub struct Canvas {
    width: usize,
    height: usize,
    /// For each pixel its place in the palette.
    pixels: Vec<u8>,
    palette: Vec<Rgb>,
}

impl Canvas {
    /// An empty picture.
    pub fn new(width: usize, height: usize, paper: Rgb) -> Self {
        Self {
            width,
            height,
            pixels: vec![0; width * height],
            palette: vec![paper],
        }
    }

    /// Fills what `draw` outlines, all of it inside `area`.
    pub fn fill(&mut self, area: Area, ink: Rgb, draw: impl FnOnce(&mut Pen)) {
        let left = (area.x.floor().max(0.0) as usize).min(self.width);
        let top = (area.y.floor().max(0.0) as usize).min(self.height);
        let right = ((area.x + area.width).ceil().max(0.0) as usize).min(self.width);
        let bottom = ((area.y + area.height).ceil().max(0.0) as usize).min(self.height);
        let (width, height) = (right.saturating_sub(left), bottom.saturating_sub(top));
        if width == 0 || height == 0 {
            return;
        }
        let mut pen = Pen {
            raster: Rasterizer::new(width, height),
            origin: point(left as f32, top as f32),
            limit: point(width as f32, height as f32),
            start: point(0.0, 0.0),
            at: point(0.0, 0.0),
        };
        draw(&mut pen);
        // What becomes of each ground under each share of the ink.
        let mut mixed = vec![[None; LEVELS as usize + 1]; 1 << u8::BITS];
        pen.raster.for_each_pixel(|index, share| {
            let level = (share.min(1.0) * f32::from(LEVELS) + 0.5) as u8;
            if level > 0 {
                let pixel = (top + index / width) * self.width + left + index % width;
                let ground = self.pixels[pixel];
                self.pixels[pixel] = *mixed[usize::from(ground)][usize::from(level)]
                    .get_or_insert_with(|| self.mix(ground, ink, level));
            }
        });
    }

    /// Fills a rectangle with round corners.
    pub fn fill_area(&mut self, area: Area, radius: f32, ink: Rgb) {
        self.fill(area, ink, |pen| rounded(pen, area, radius));
    }

    /// The place in the palette of `level` parts of `ink` on a ground.
    fn mix(&mut self, ground: u8, ink: Rgb, level: u8) -> u8 {
        let under = self.palette[usize::from(ground)];
        let part = |under: u8, over: u8| {
            let (under, over, level) = (u16::from(under), u16::from(over), u16::from(level));
            let levels = u16::from(LEVELS);
            ((under * (levels - level) + over * level + levels / 2) / levels) as u8
        };
        let color = Rgb(
            part(under.0, ink.0),
            part(under.1, ink.1),
            part(under.2, ink.2),
        );
        let known = self.palette.iter().position(|other| *other == color);
        match known {
            Some(place) => place as u8,
            // A picture of so many colours loses the last shades.
            None if self.palette.len() > usize::from(u8::MAX) => ground,
            None => {
                self.palette.push(color);
                (self.palette.len() - 1) as u8
            }
        }
    }

    /// The picture as a PNG file.
    ///
    /// # Errors
    /// If the encoder fails, which it does not for pictures that fit into
    /// memory.
    pub fn png(&self) -> anyhow::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, self.width as u32, self.height as u32);
        encoder.set_color(png::ColorType::Indexed);
        let (depth, pixels) = self.packed();
        encoder.set_depth(depth);
        let palette: Vec<u8> = self.palette.iter().flat_map(|c| [c.0, c.1, c.2]).collect();
        encoder.set_palette(palette);
        // More effort takes twice the time for files that are 5 % smaller.
        encoder.set_deflate_compression(png::DeflateCompression::Level(6));
        // Filters guess a pixel from its neighbours, which makes no sense for
        // places in a palette.
        encoder.set_filter(png::Filter::NoFilter);
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&pixels)?;
        writer.finish()?;
        Ok(bytes)
    }

    /// The pixels, two in a byte if the palette has no more than 16 colours:
    /// half as much to compress, and smaller then.
    fn packed(&self) -> (png::BitDepth, Cow<'_, [u8]>) {
        if self.palette.len() > 16 {
            return (png::BitDepth::Eight, Cow::Borrowed(&self.pixels));
        }
        let pair = |pair: &[u8]| match pair {
            [left, right] => left << 4 | right,
            [left] => left << 4,
            _ => 0,
        };
        let rows = self.pixels.chunks(self.width);
        let bytes = rows.flat_map(|row| row.chunks(2).map(pair)).collect();
        (png::BitDepth::Four, Cow::Owned(bytes))
    }

    #[cfg(test)]
    fn color(&self, x: usize, y: usize) -> Rgb {
        self.palette[usize::from(self.pixels[y * self.width + x])]
    }
}

/// Outlines a rectangle with round corners.
pub fn rounded(pen: &mut dyn OutlineBuilder, area: Area, radius: f32) {
    let Area {
        x,
        y,
        width,
        height,
    } = area;
    let (right, bottom) = (x + width, y + height);
    // How far a curve that looks like a quarter of a circle bends.
    let bend = radius * 0.447_7;
    pen.move_to(x + radius, y);
    pen.line_to(right - radius, y);
    pen.curve_to(right - bend, y, right, y + bend, right, y + radius);
    pen.line_to(right, bottom - radius);
    pen.curve_to(
        right,
        bottom - bend,
        right - bend,
        bottom,
        right - radius,
        bottom,
    );
    pen.line_to(x + radius, bottom);
    pen.curve_to(x + bend, bottom, x, bottom - bend, x, bottom - radius);
    pen.line_to(x, y + radius);
    pen.curve_to(x, y + bend, x + bend, y, x + radius, y);
    pen.close();
}

/// Takes outlines in the coordinates of the picture. What lies outside of the
/// area is pushed to its edge.
pub struct Pen {
    raster: Rasterizer,
    origin: Point,
    limit: Point,
    start: Point,
    at: Point,
}

impl Pen {
    fn point(&self, x: f32, y: f32) -> Point {
        point(
            (x - self.origin.x).clamp(0.0, self.limit.x),
            (y - self.origin.y).clamp(0.0, self.limit.y),
        )
    }
}

impl OutlineBuilder for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.start = self.point(x, y);
        self.at = self.start;
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let to = self.point(x, y);
        self.raster.draw_line(self.at, to);
        self.at = to;
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let (bend, to) = (self.point(x1, y1), self.point(x, y));
        self.raster.draw_quad(self.at, bend, to);
        self.at = to;
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let (first, second) = (self.point(x1, y1), self.point(x2, y2));
        let to = self.point(x, y);
        self.raster.draw_cubic(self.at, first, second, to);
        self.at = to;
    }

    fn close(&mut self) {
        self.raster.draw_line(self.at, self.start);
        self.at = self.start;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHITE: Rgb = Rgb(255, 255, 255);
    const BLACK: Rgb = Rgb(0, 0, 0);

    #[test]
    fn a_pixel_that_is_covered_by_half_is_grey() {
        let mut canvas = Canvas::new(4, 3, WHITE);
        canvas.fill_area(Area::new(1.0, 1.0, 1.5, 1.0), 0.0, BLACK);
        assert_eq!(canvas.color(0, 1), WHITE);
        assert_eq!(canvas.color(1, 1), BLACK);
        assert_eq!(canvas.color(2, 1), Rgb(128, 128, 128));
        assert_eq!(canvas.color(1, 0), WHITE);
        assert_eq!(canvas.color(1, 2), WHITE);
    }

    #[test]
    fn what_lies_outside_of_the_picture_is_not_drawn() {
        let mut canvas = Canvas::new(4, 4, WHITE);
        canvas.fill_area(Area::new(-5.0, -5.0, 20.0, 7.0), 0.0, BLACK);
        canvas.fill_area(Area::new(50.0, 50.0, 9.0, 9.0), 2.0, BLACK);
        assert_eq!(canvas.color(3, 1), BLACK);
        assert_eq!(canvas.color(3, 2), WHITE);
    }

    #[test]
    fn a_picture_can_be_read_again() {
        let mut canvas = Canvas::new(41, 30, WHITE);
        canvas.fill_area(Area::new(3.0, 4.0, 20.5, 9.5), 4.0, Rgb(200, 10, 90));
        let bytes = canvas.png().unwrap();
        let mut decoder = png::Decoder::new(std::io::Cursor::new(&bytes));
        decoder.set_transformations(png::Transformations::EXPAND);
        let mut reader = decoder.read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        assert_eq!((info.width, info.height), (41, 30));
        let at = (8 * 41 + 12) * 3;
        assert_eq!(pixels[at..at + 3], [200, 10, 90]);
        assert_eq!(pixels[..3], [255, 255, 255]);
    }
}
