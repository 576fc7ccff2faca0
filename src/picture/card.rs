//! Owns: preview cards, the pictures that chats and feeds show beside a link:
//! what is on them, and where.
//!
//! Must not: decide which pages have a card, or know how a picture is stored.

// Sizes are whole pixels of one small picture.
#![allow(clippy::cast_precision_loss)]

use crate::load::facts::CodeFacts;
use crate::load::guide::Guide;
use crate::picture::canvas;
use crate::picture::canvas::{Area, Canvas};
use crate::picture::palette::{INK, LINE, PAPER, Rgb, SOFT, hue, tint};
use crate::picture::typeface;
use crate::picture::typeface::{Style, Typefaces};
use crate::route::Route;
use crate::status::{Class, StatusCode};

/// The size that every service shows uncropped.
pub const WIDTH: u16 = 1200;
/// See there.
pub const HEIGHT: u16 = 630;

const MARGIN: f32 = 72.0;
const INSIDE: f32 = WIDTH as f32 - 2.0 * MARGIN;
/// The line on which the foot of the card stands.
const FOOT: f32 = HEIGHT as f32 - 62.0;

/// Three facts about a code that a reader can use at once: what they are
/// about, and what they say.
pub fn key_facts(facts: &CodeFacts) -> [(&'static str, String); 3] {
    let origin = match &facts.specification {
        Some(specification) => ("Defined in", specification.value.to_string()),
        None => ("Used by", facts.main_vendor()),
    };
    [
        ("Retry", facts.retry.to_string()),
        ("Cacheable", facts.cacheable.value.short().to_owned()),
        origin,
    ]
}

/// All code and fonts that decide how a card looks, beside what is on it.
pub fn sources() -> Vec<&'static [u8]> {
    let mut sources: Vec<&[u8]> = vec![include_bytes!("card.rs")];
    sources.extend(canvas::SOURCES);
    sources.extend(typeface::SOURCES);
    sources
}

/// What is on a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// The name of the guide.
    site: String,
    /// What kind of thing the page is about, and the hue of that.
    kind: (String, Rgb),
    body: Body,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Body {
    /// A code or a class.
    Number {
        number: String,
        name: String,
        summary: String,
        facts: Vec<(&'static str, String)>,
        registered: bool,
    },
    /// Several codes, each with its name, and the rule that tells them apart.
    Comparison {
        codes: Vec<(StatusCode, String)>,
        rule: String,
    },
    /// The guide itself.
    Home {
        summary: String,
        classes: Vec<(Class, String)>,
    },
}

impl Card {
    /// The card of a page; `None` if pages of its kind have none.
    pub fn of(guide: &Guide, route: &Route) -> Option<Self> {
        let (kind, body) = match route {
            Route::Code(code) => code_body(guide, *code)?,
            Route::Class(class) => class_body(guide, *class)?,
            Route::Comparison(slug) => comparison_body(guide, slug)?,
            Route::Home => {
                let home = guide.page(route)?;
                let classes = guide.classes.iter();
                let body = Body::Home {
                    summary: home.facts.summary.value.clone(),
                    classes: classes.map(|(c, d)| (*c, d.facts.name.clone())).collect(),
                };
                ((String::new(), INK), body)
            }
            _ => return None,
        };
        Some(Self {
            site: guide.site.title.clone(),
            kind,
            body,
        })
    }

    /// Draws the card.
    ///
    /// # Errors
    /// If the fonts of the program are broken, or the encoder fails.
    pub fn png(&self) -> anyhow::Result<Vec<u8>> {
        let typefaces = Typefaces::open()?;
        let mut board = Board {
            canvas: Canvas::new(usize::from(WIDTH), usize::from(HEIGHT), PAPER),
            typefaces: &typefaces,
        };
        match &self.body {
            Body::Number {
                number,
                name,
                summary,
                facts,
                registered,
            } => {
                if !registered {
                    board.dashed_frame(self.kind.1);
                }
                board.number(number, name, summary, facts, self.kind.1);
            }
            Body::Comparison { codes, rule } => board.comparison(codes, rule),
            Body::Home { summary, classes } => board.home(&self.site, summary, classes),
        }
        board.foot(self);
        board.canvas.png()
    }
}

type KindAndBody = ((String, Rgb), Body);

fn code_body(guide: &Guide, code: StatusCode) -> Option<KindAndBody> {
    let facts = &guide.codes.get(&code)?.facts;
    let class = code.class();
    let name = &guide.classes.get(&class)?.facts.name;
    let kind = if facts.is_registered() {
        format!("{class} {name}")
    } else {
        "Not registered".to_owned()
    };
    let body = Body::Number {
        number: code.to_string(),
        name: facts.phrase.clone(),
        summary: facts.summary.value.clone(),
        facts: key_facts(facts).into(),
        registered: facts.is_registered(),
    };
    Some(((kind, hue(class)), body))
}

fn class_body(guide: &Guide, class: Class) -> Option<KindAndBody> {
    let facts = &guide.classes.get(&class)?.facts;
    let (registered, others): (Vec<_>, Vec<_>) =
        (guide.codes_of(class)).partition(|document| document.facts.is_registered());
    let mut lines = vec![("Registered", count(registered.len()))];
    if !others.is_empty() {
        lines.push(("Not registered", count(others.len())));
    }
    lines.push(("Defined in", facts.specification.to_string()));
    let body = Body::Number {
        number: class.to_string(),
        name: facts.name.clone(),
        summary: facts.summary.value.clone(),
        facts: lines,
        registered: true,
    };
    Some((("Class".to_owned(), hue(class)), body))
}

fn count(codes: usize) -> String {
    let noun = if codes == 1 { "code" } else { "codes" };
    format!("{codes} {noun}")
}

fn comparison_body(guide: &Guide, slug: &str) -> Option<KindAndBody> {
    let facts = &guide.comparisons.get(slug)?.facts;
    let codes = (facts.codes.iter()).map(|code| {
        let name = guide.codes.get(&code.value).map(|d| d.facts.phrase.clone());
        (code.value, name.unwrap_or_default())
    });
    let body = Body::Comparison {
        codes: codes.collect(),
        rule: facts.rule.value.clone(),
    };
    Some((("Comparison".to_owned(), SOFT), body))
}

/// A card while it is drawn.
struct Board<'f> {
    canvas: Canvas,
    typefaces: &'f Typefaces,
}

impl<'f> Board<'f> {
    /// Writes from `x` on the line `baseline`.
    fn write(&mut self, text: &str, style: Style<'_>, x: f32, baseline: f32, ink: Rgb) {
        let area = Area::new(
            x - 2.0,
            baseline - style.size() * 1.2,
            style.width(text) + 4.0,
            style.size() * 1.6,
        );
        self.canvas
            .fill(area, ink, |pen| style.draw(text, x, baseline, pen));
    }

    /// Writes so that the text ends at `right`.
    fn write_to(&mut self, text: &str, style: Style<'_>, right: f32, baseline: f32, ink: Rgb) {
        self.write(text, style, right - style.width(text), baseline, ink);
    }

    /// Writes a paragraph from the line `baseline` on, as large as `style` if
    /// it has at most `most` lines then, or smaller. Returns the last line.
    fn paragraph(
        &mut self,
        text: &str,
        style: impl Fn(f32) -> Style<'f>,
        sizes: Sizes,
        baseline: f32,
        ink: Rgb,
    ) -> f32 {
        let mut size = sizes.largest;
        let lines = loop {
            let lines = style(size).lines(text, INSIDE);
            if lines.len() <= sizes.most || size <= SMALLEST {
                break lines;
            }
            size -= 1.0;
        };
        let leading = size * sizes.leading;
        for (number, line) in lines.iter().enumerate() {
            let fitting = style(size).fitting(line, INSIDE);
            self.write(
                line,
                fitting,
                MARGIN,
                baseline + leading * number as f32,
                ink,
            );
        }
        baseline + leading * lines.len().saturating_sub(1) as f32
    }

    fn rectangle(&mut self, area: Area, radius: f32, ink: Rgb) {
        self.canvas.fill_area(area, radius, ink);
    }

    /// The frame of what nobody registered, as the site draws it.
    fn dashed_frame(&mut self, ink: Rgb) {
        const INSET: f32 = 26.0;
        const THICK: f32 = 4.0;
        const PERIOD: f32 = 28.0;
        let (right, bottom) = (f32::from(WIDTH) - INSET, f32::from(HEIGHT) - INSET);
        for (start, length) in dashes(INSET, right, PERIOD) {
            for y in [INSET, bottom - THICK] {
                self.rectangle(Area::new(start, y, length, THICK), 0.0, ink);
            }
        }
        for (start, length) in dashes(INSET, bottom, PERIOD) {
            for x in [INSET, right - THICK] {
                self.rectangle(Area::new(x, start, THICK, length), 0.0, ink);
            }
        }
    }

    /// A number as large as on its page, the facts beside it, its name and the
    /// sentence about it below.
    fn number(
        &mut self,
        number: &str,
        name: &str,
        summary: &str,
        facts: &[(&str, String)],
        ink: Rgb,
    ) {
        let typefaces = self.typefaces;
        let style = typefaces.number.at(268.0).tracked(-0.04);
        let top = MARGIN + 8.0;
        let baseline = top + style.capital();
        self.write(number, style, MARGIN - 12.0, baseline, ink);

        let x = MARGIN + 520.0;
        let width = f32::from(WIDTH) - MARGIN - x;
        self.rectangle(Area::new(x, top, width, 5.0), 0.0, ink);
        let row = (baseline - top) / 3.0;
        for (at, (label, value)) in facts.iter().enumerate() {
            let line = top + row * (at as f32 + 1.0);
            let middle = line - row / 2.0 + 11.0;
            let value_x = x + 176.0;
            let label_style = typefaces.regular.at(26.0).fitting(label, 164.0);
            let value_style = typefaces.strong.at(27.0).fitting(value, width - 176.0);
            self.write(label, label_style, x, middle, SOFT);
            self.write(value, value_style, value_x, middle, INK);
            let rule = Area::new(x, line.round() - 2.0, width, 2.0);
            self.rectangle(rule, 0.0, LINE);
        }

        let style = typefaces
            .strong
            .at(68.0)
            .tracked(-0.022)
            .fitting(name, INSIDE);
        self.write(name, style, MARGIN - 3.0, baseline + 92.0, INK);
        let sizes = Sizes {
            largest: 34.0,
            most: 2,
            leading: 1.36,
        };
        let sentence = |size| typefaces.regular.at(size);
        self.paragraph(summary, sentence, sizes, baseline + 153.0, INK);
    }

    /// The numbers in a row, each in its hue and with its name, and the rule.
    fn comparison(&mut self, codes: &[(StatusCode, String)], rule: &str) {
        let typefaces = self.typefaces;
        // Widths as parts of the size of the digits.
        let (wide, has_versus) = (1.74, codes.len() < 4);
        let gap = if has_versus { 0.8 } else { 0.3 };
        let count = codes.len() as f32;
        let size = (INSIDE / (count * wide + (count - 1.0) * gap)).min(236.0);
        let style = typefaces.number.at(size).tracked(-0.03);
        let baseline = MARGIN + 8.0 + f32::midpoint(style.capital(), 172.0);
        let mut lowest = baseline;
        for (at, (code, name)) in codes.iter().enumerate() {
            let x = MARGIN + at as f32 * size * (wide + gap);
            let number = code.to_string();
            let ink = hue(code.class());
            self.write(&number, style, x - size * 0.045, baseline, ink);
            if has_versus && at > 0 {
                let versus = typefaces.regular.at(size * 0.24);
                let middle = x - size * gap / 2.0 - versus.width("vs") / 2.0;
                self.write("vs", versus, middle, baseline, SOFT);
            }
            let caption = typefaces.strong.at(25.0);
            let room = size * (wide + gap * 0.7);
            for (number, line) in caption.lines(name, room).iter().enumerate() {
                let line_at = baseline + 46.0 + 31.0 * number as f32;
                self.write(line, caption.fitting(line, room), x, line_at, INK);
                lowest = lowest.max(line_at);
            }
        }
        let sizes = Sizes {
            largest: 40.0,
            most: 3,
            leading: 1.34,
        };
        let sentence = |size| typefaces.regular.at(size).tracked(-0.008);
        self.paragraph(rule, sentence, sizes, lowest + 86.0, INK);
    }

    /// The name of the guide, what it is for, and the five classes.
    fn home(&mut self, title: &str, summary: &str, classes: &[(Class, String)]) {
        const GAP: f32 = 16.0;
        const TALL: f32 = 136.0;
        let typefaces = self.typefaces;
        let sizes = Sizes {
            largest: 96.0,
            most: 2,
            leading: 1.12,
        };
        let heading = |size| typefaces.strong.at(size).tracked(-0.026);
        let last = self.paragraph(title, heading, sizes, MARGIN + 76.0, INK);
        let sizes = Sizes {
            largest: 34.0,
            most: 2,
            leading: 1.36,
        };
        let sentence = |size| typefaces.regular.at(size);
        self.paragraph(summary, sentence, sizes, last + 68.0, SOFT);
        let count = classes.len() as f32;
        let width = (INSIDE - GAP * (count - 1.0)) / count;
        let y = f32::from(HEIGHT) - MARGIN - TALL;
        for (at, (class, name)) in classes.iter().enumerate() {
            let x = MARGIN + at as f32 * (width + GAP);
            let ground = Area::new(x, y, width, TALL);
            self.rectangle(ground, 10.0, tint(*class));
            let number = typefaces.number.at(60.0).tracked(-0.03);
            self.write(class.slug(), number, x + 18.0, y + 68.0, hue(*class));
            let name_style = typefaces.regular.at(24.0).fitting(name, width - 40.0);
            self.write(name, name_style, x + 20.0, y + 108.0, INK);
        }
    }

    /// Whose card it is, and what kind of page it leads to.
    fn foot(&mut self, card: &Card) {
        if matches!(card.body, Body::Home { .. }) {
            return;
        }
        let typefaces = self.typefaces;
        let mark = Area::new(MARGIN, FOOT - 28.0, 66.0, 38.0);
        self.rectangle(mark, 6.0, INK);
        self.write(
            "xxx",
            typefaces.number.at(27.0),
            MARGIN + 9.0,
            FOOT - 2.0,
            PAPER,
        );
        let (kind, ink) = &card.kind;
        let right = f32::from(WIDTH) - MARGIN;
        let kind_style = typefaces.strong.at(28.0).fitting(kind, 380.0);
        self.write_to(kind, kind_style, right, FOOT, *ink);
        let site_style = typefaces.strong.at(28.0).fitting(&card.site, 580.0);
        self.write(&card.site, site_style, MARGIN + 84.0, FOOT, INK);
    }
}

/// Where dashes start on a line, and how long they are. About `period` from one
/// to the next, so that the line begins and ends with half a dash.
fn dashes(from: f32, to: f32, period: f32) -> impl Iterator<Item = (f32, f32)> {
    let mut places = vec![from];
    let step = (to - from) / ((to - from) / period).round();
    while let Some(last) = places.last().filter(|last| **last + step / 2.0 < to) {
        places.push(last + step);
    }
    places.into_iter().map(move |at| {
        let start = (at - step * 0.3).max(from);
        (start, (at + step * 0.3).min(to) - start)
    })
}

/// No text of a card is smaller, in pixels, unless a word is too long.
const SMALLEST: f32 = 20.0;

/// How large a paragraph may be.
#[derive(Clone, Copy)]
struct Sizes {
    /// The size that is tried first, in pixels.
    largest: f32,
    /// How many lines there is room for.
    most: usize,
    /// From line to line, in sizes.
    leading: f32,
}
