//! Owns: how blocks of text fill a terminal of some width, and the escape
//! sequences that colour them. The only place that writes an escape sequence.
//!
//! Must not: know Markdown, or what a page of the guide consists of.

use std::fmt::Write as _;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::status::Class;

/// How far a part of a page stands in from its heading, and code from its text.
const STEP: usize = 2;
/// What stands between two columns.
const GAP: usize = 2;
/// The narrowest column in which words are wrapped; below that, a table is
/// shown row by row.
const COLUMN: usize = 16;
/// The most lines of a cell: what is taller is no table.
const TALLEST: usize = 6;
/// How much room facts need beside their labels.
const BESIDE: usize = 24;
/// A space at which a line does not end: `RFC 9110 §15.5.5`. It is printed as
/// a plain one, so that what is copied can be searched for.
pub const GLUE: char = '\u{a0}';

/// How a piece of text looks where there are colours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Style {
    /// Set in bold.
    pub bold: bool,
    /// Set in italics.
    pub italic: bool,
    /// Grey: of less importance.
    pub quiet: bool,
    /// In the hue of a class.
    pub hue: Option<Class>,
}

/// No style.
pub const PLAIN: Style = Style {
    bold: false,
    italic: false,
    quiet: false,
    hue: None,
};

/// The style of what is less important.
pub const QUIET: Style = Style {
    quiet: true,
    ..PLAIN
};

impl Style {
    /// The SGR parameters (ECMA-48 §8.3.117).
    fn parameters(self) -> String {
        let color = self.hue.map(hue).or(self.quiet.then_some(GREY));
        let parts = [
            self.bold.then(|| "1".to_owned()),
            self.italic.then(|| "3".to_owned()),
            color.map(|color| format!("38;5;{color}")),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(";")
    }
}

/// Grey, from the palette of 256 colours, in which a terminal's theme does not
/// change the colours from 16 on.
const GREY: u8 = 244;

/// The hue of a class, readable on white and on near black: a program cannot
/// know the ground that it writes on.
const fn hue(class: Class) -> u8 {
    match class {
        Class::Informational => 32,
        Class::Successful => 29,
        Class::Redirection => 100,
        Class::ClientError => 166,
        Class::ServerError => 197,
    }
}

/// A piece of text in one style.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    text: String,
    style: Style,
}

/// Pieces of text that stand beside each other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line(Vec<Span>);

impl Line {
    /// A line of one style.
    pub fn new(text: &str, style: Style) -> Self {
        let mut line = Self::default();
        line.push(text, style);
        line
    }

    /// A line without style.
    pub fn plain(text: &str) -> Self {
        Self::new(text, PLAIN)
    }

    /// Adds text at the end. Control characters, with which text could steer a
    /// terminal, do not get through.
    pub fn push(&mut self, text: &str, style: Style) {
        let shown = |c: char| {
            if c.is_control() && c != '\n' {
                '\u{fffd}'
            } else {
                c
            }
        };
        let text: String = text.chars().map(shown).collect();
        match self.0.last_mut() {
            Some(last) if last.style == style => last.text.push_str(&text),
            _ if text.is_empty() => {}
            _ => self.0.push(Span { text, style }),
        }
    }

    /// Adds another line at the end.
    pub fn append(&mut self, other: &Self) {
        for span in &other.0 {
            self.push(&span.text, span.style);
        }
    }

    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text alone.
    pub fn text(&self) -> String {
        self.0.iter().map(|span| span.text.as_str()).collect()
    }

    /// The columns that it takes.
    pub fn width(&self) -> usize {
        self.0.iter().map(|span| span.text.width()).sum()
    }

    /// The same in bold.
    #[must_use]
    pub fn bold(mut self) -> Self {
        for span in &mut self.0 {
            span.style.bold = true;
        }
        self
    }
}

/// A row of the table of facts.
#[derive(Debug, Clone)]
pub struct Fact {
    /// The fragment.
    pub id: &'static str,
    /// What the fact is about.
    pub label: String,
    /// The fact.
    pub value: Line,
    /// A sentence below it.
    pub note: Option<String>,
}

/// What a page consists of.
#[derive(Debug, Clone)]
pub enum Block {
    /// A heading, from the page's title (1) to the parts of its parts (3).
    Heading {
        /// How deep it stands.
        level: usize,
        /// The fragment.
        id: String,
        /// The heading.
        text: Line,
    },
    /// Running text.
    Paragraph(Line),
    /// Lines that are never wrapped, so that they can be copied.
    Verbatim {
        /// What they are.
        label: Option<Line>,
        /// The lines.
        lines: Vec<Line>,
    },
    /// A list, numbered from `first` if it has numbers.
    List {
        /// The first number.
        first: Option<u64>,
        /// The items.
        items: Vec<Vec<Block>>,
    },
    /// A table; `head` names its columns.
    Table {
        /// The names of the columns.
        head: Vec<Line>,
        /// The rows.
        rows: Vec<Vec<Line>>,
    },
    /// Labels with values.
    Facts(Vec<Fact>),
    /// A note beside the text.
    Note(Vec<Block>),
}

/// The blocks as text of at most `width` columns, `Verbatim` excepted. Every
/// line ends in a line end and none in a space.
pub fn page(blocks: &[Block], width: usize, color: bool) -> String {
    let mut lines = Vec::new();
    let mut depth = 0;
    for (at, block) in blocks.iter().enumerate() {
        let step = match block {
            Block::Heading { level, .. } => {
                depth = level.saturating_sub(1);
                depth.saturating_sub(1)
            }
            _ => depth,
        };
        if at > 0 {
            lines.push(Line::default());
        }
        let indent = " ".repeat(STEP * step);
        let inner = shape(block, width.saturating_sub(indent.len()).max(1));
        lines.extend(prefixed(inner, &indent, &indent, PLAIN));
    }
    lines.iter().map(|line| paint(line, color)).collect()
}

/// One line as text, with its line end.
pub fn paint(line: &Line, color: bool) -> String {
    let mut out = String::new();
    let mut kept = line.0.clone();
    // What stands at the end of a line and is not seen is not written.
    while let Some(last) = kept.last_mut() {
        last.text
            .truncate(last.text.trim_end_matches([' ', GLUE]).len());
        if last.text.is_empty() {
            kept.pop();
        } else {
            break;
        }
    }
    for span in kept {
        let text = span.text.replace(GLUE, " ");
        let parameters = span.style.parameters();
        if color && !parameters.is_empty() && !text.trim().is_empty() {
            // Writing to a string cannot fail.
            let _ = write!(out, "\u{1b}[{parameters}m{text}\u{1b}[0m");
        } else {
            out.push_str(&text);
        }
    }
    out.push('\n');
    out
}

/// The lines of a block in `width` columns.
fn shape(block: &Block, width: usize) -> Vec<Line> {
    match block {
        Block::Heading { text, .. } => wrap(&text.clone().bold(), width),
        Block::Paragraph(text) => wrap(text, width),
        Block::Verbatim { label, lines } => {
            let indent = " ".repeat(STEP);
            let code = prefixed(lines.clone(), &indent, &indent, PLAIN);
            label.iter().cloned().chain(code).collect()
        }
        Block::List { first, items } => list(*first, items, width),
        Block::Table { head, rows } => table(head, rows, width),
        Block::Facts(facts) => self::facts(facts, width),
        Block::Note(blocks) => {
            let inner = stack(blocks, width.saturating_sub(2).max(1));
            prefixed(inner, "│ ", "│ ", QUIET)
        }
    }
}

/// Blocks below each other, with an empty line between them.
fn stack(blocks: &[Block], width: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    for block in blocks {
        if !lines.is_empty() {
            lines.push(Line::default());
        }
        lines.extend(shape(block, width));
    }
    lines
}

/// The lines with `first` before the first of them and `rest` before the rest.
fn prefixed(lines: Vec<Line>, first: &str, rest: &str, style: Style) -> Vec<Line> {
    let mut prefix = first;
    let mut shifted = Vec::with_capacity(lines.len());
    for line in lines {
        let mut with = Line::new(prefix, style);
        with.append(&line);
        shifted.push(with);
        prefix = rest;
    }
    shifted
}

fn list(first: Option<u64>, items: &[Vec<Block>], width: usize) -> Vec<Line> {
    let count = items.len() as u64;
    let digits = first.map_or(0, |first| {
        (first + count.saturating_sub(1)).to_string().len()
    });
    // A list whose items are more than a line each reads better with air.
    let loose = items.iter().any(|item| item.len() > 1);
    let mut lines = Vec::new();
    for (at, item) in (0_u64..).zip(items) {
        let marker = match first {
            Some(first) => format!("{:>digits$}. ", first + at),
            None => "• ".to_owned(),
        };
        let indent = " ".repeat(marker.width());
        let mut inner = stack(item, width.saturating_sub(marker.width()).max(1));
        if inner.is_empty() {
            inner.push(Line::default());
        }
        if loose && at > 0 {
            lines.push(Line::default());
        }
        lines.extend(prefixed(inner, &marker, &indent, PLAIN));
    }
    lines
}

/// Labels beside their values, or above them where there is no room.
fn facts(facts: &[Fact], width: usize) -> Vec<Line> {
    let labels = facts
        .iter()
        .map(|fact| fact.label.width())
        .max()
        .unwrap_or(0)
        + GAP;
    let beside = width >= labels + BESIDE;
    let indent = if beside { labels } else { STEP };
    let mut lines = Vec::new();
    for fact in facts {
        let room = width.saturating_sub(indent).max(1);
        let mut value = wrap(&fact.value, room);
        if let Some(note) = &fact.note {
            value.extend(wrap(&Line::new(note, QUIET), room));
        }
        let bold = Style {
            bold: true,
            ..PLAIN
        };
        let blank = " ".repeat(indent);
        if beside {
            let label = format!("{:<indent$}", fact.label);
            for (at, line) in value.iter().enumerate() {
                let mut row = if at == 0 {
                    Line::new(&label, bold)
                } else {
                    Line::plain(&blank)
                };
                row.append(line);
                lines.push(row);
            }
        } else {
            lines.extend(wrap(&Line::new(&fact.label, bold), width));
            lines.extend(prefixed(value, &blank, &blank, PLAIN));
        }
    }
    lines
}

/// A table as columns if they fit, else row by row.
fn table(head: &[Line], rows: &[Vec<Line>], width: usize) -> Vec<Line> {
    match columns(head, rows, width) {
        Some(widths) => grid(head, rows, &widths),
        None => cards(head, rows, width),
    }
}

/// The width of each column, if `width` is enough for words to be read.
fn columns(head: &[Line], rows: &[Vec<Line>], width: usize) -> Option<Vec<usize>> {
    let room = width.checked_sub(GAP * head.len().saturating_sub(1))?;
    let cells = |at: usize| {
        let column = rows.iter().filter_map(move |row| row.get(at));
        column.chain(head.get(at))
    };
    let natural: Vec<usize> = (0..head.len())
        .map(|at| cells(at).map(Line::width).max().unwrap_or(0))
        .collect();
    let least: Vec<usize> = (0..head.len())
        .map(|at| {
            let longest = cells(at).flat_map(words).map(|word| word.width()).max();
            longest.unwrap_or(0).max(natural[at].min(COLUMN))
        })
        .collect();
    let needed: usize = least.iter().sum();
    let mut left = room.checked_sub(needed)?;
    let mut widths = least;
    // What is left goes to the columns by how much they lack: first to those
    // that lack little, so that they need not wrap.
    let mut order: Vec<usize> = (0..widths.len()).collect();
    order.sort_by_key(|at| natural[*at] - widths[*at]);
    for (done, at) in order.iter().enumerate() {
        let share = left / (order.len() - done);
        let more = share.min(natural[*at] - widths[*at]);
        widths[*at] += more;
        left -= more;
    }
    let is_tall = |row: &Vec<Line>| {
        let mut cells = row.iter().zip(&widths);
        cells.any(|(cell, width)| wrap(cell, *width).len() > TALLEST)
    };
    (!rows.iter().any(is_tall)).then_some(widths)
}

fn grid(head: &[Line], rows: &[Vec<Line>], widths: &[usize]) -> Vec<Line> {
    let bold: Vec<Line> = head.iter().map(|cell| cell.clone().bold()).collect();
    let mut lines = grid_row(&bold, widths);
    let total = widths.iter().sum::<usize>() + GAP * widths.len().saturating_sub(1);
    lines.push(Line::new(&"─".repeat(total), QUIET));
    let rows: Vec<Vec<Line>> = rows.iter().map(|row| grid_row(row, widths)).collect();
    // Rows of several lines need air between them, and single ones do not.
    let tall = rows.iter().filter(|row| row.len() > 1).count();
    let airy = 2 * tall > rows.len();
    for (at, row) in rows.into_iter().enumerate() {
        if airy && at > 0 {
            lines.push(Line::default());
        }
        lines.extend(row);
    }
    lines
}

fn grid_row(cells: &[Line], widths: &[usize]) -> Vec<Line> {
    let empty = Line::default();
    let wrapped: Vec<Vec<Line>> = (widths.iter().enumerate())
        .map(|(at, width)| wrap(cells.get(at).unwrap_or(&empty), *width))
        .collect();
    let height = wrapped.iter().map(Vec::len).max().unwrap_or(0);
    let line = |at: usize| {
        let mut line = Line::default();
        for (cell, width) in wrapped.iter().zip(widths) {
            let piece = cell.get(at).unwrap_or(&empty);
            line.append(piece);
            line.push(&" ".repeat(width + GAP - piece.width()), PLAIN);
        }
        line
    };
    (0..height).map(line).collect()
}

/// Each row by itself: its first cell as a heading, the others with the names
/// of their columns.
fn cards(head: &[Line], rows: &[Vec<Line>], width: usize) -> Vec<Line> {
    let indent = " ".repeat(STEP);
    let mut lines = Vec::new();
    for row in rows {
        if !lines.is_empty() {
            lines.push(Line::default());
        }
        for (at, cell) in row.iter().enumerate() {
            if at == 0 {
                lines.extend(wrap(&cell.clone().bold(), width));
                continue;
            }
            if cell.is_empty() {
                continue;
            }
            let mut item = Line::default();
            if let Some(name) = head.get(at).filter(|name| !name.is_empty()) {
                item.append(name);
                let is_question = name.text().ends_with('?');
                item.push(if is_question { " " } else { ": " }, PLAIN);
            }
            for span in &mut item.0 {
                span.style.quiet = true;
            }
            item.append(cell);
            let inner = wrap(&item, width.saturating_sub(2 * STEP).max(1));
            lines.extend(prefixed(inner, &indent, &indent.repeat(2), PLAIN));
        }
    }
    lines
}

/// The words of a line: pieces without a space between them, whatever styles
/// they have.
fn words(line: &Line) -> Vec<Line> {
    let mut words = vec![Line::default()];
    for span in &line.0 {
        for (at, piece) in span.text.split([' ', '\n']).enumerate() {
            if at > 0 {
                words.push(Line::default());
            }
            if let Some(word) = words.last_mut() {
                word.push(piece, span.style);
            }
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The line in lines of at most `width` columns. A word that is wider is cut.
fn wrap(line: &Line, width: usize) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut current = Line::default();
    let mut before = PLAIN;
    for word in words(line) {
        let space = usize::from(!current.is_empty());
        if current.width() + space + word.width() > width && !current.is_empty() {
            lines.push(std::mem::take(&mut current));
        }
        if !current.is_empty() {
            // A space between two pieces of one style has it too.
            let after = word.0.first().map_or(before, |span| span.style);
            let style = if before == after { after } else { PLAIN };
            current.push(" ", style);
        }
        before = word.0.last().map_or(before, |span| span.style);
        let mut rest = word;
        while rest.width() > width {
            let (head, tail) = cut(&rest, width);
            lines.push(head);
            rest = tail;
        }
        current.append(&rest);
    }
    if !current.is_empty() {
        lines.push(current);
    }
    lines
}

/// A word in two: as much as fits, up to a sign after which a line may end if
/// there is one, and the rest. At least one character is taken.
fn cut(word: &Line, width: usize) -> (Line, Line) {
    let text = word.text();
    let (mut fits, mut good, mut used) = (0, 0, 0);
    for (at, c) in text.char_indices() {
        used += c.width().unwrap_or(1);
        if used > width && fits > 0 {
            break;
        }
        fits = at + c.len_utf8();
        if "/-._,=&?:".contains(c) || c == GLUE {
            good = fits;
        }
    }
    let at = if good > 0 { good } else { fits };
    let (mut head, mut tail, mut passed) = (Line::default(), Line::default(), 0);
    for span in &word.0 {
        let here = at.saturating_sub(passed).min(span.text.len());
        head.push(&span.text[..here], span.style);
        tail.push(&span.text[here..], span.style);
        passed += span.text.len();
    }
    (head, tail)
}

/// The text cut to `width` columns, with an ellipsis if something is missing.
pub fn shortened(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 1;
    for c in text.chars() {
        used += c.width().unwrap_or(1);
        if used > width {
            break;
        }
        out.push(c);
    }
    let end = out.trim_end().len();
    out.truncate(end);
    if width > 0 {
        out.push('…');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(lines: &[Line]) -> Vec<String> {
        lines.iter().map(Line::text).collect()
    }

    fn rows(rows: &[&[&str]]) -> Vec<Vec<Line>> {
        let row = |row: &&[&str]| row.iter().map(|cell| Line::plain(cell)).collect();
        rows.iter().map(row).collect()
    }

    fn printed(block: Block, width: usize) -> String {
        page(&[block], width, false)
    }

    #[test]
    fn words_are_wrapped_and_what_is_longer_than_a_line_is_cut_at_a_sign() {
        let line = Line::plain("Send the page with https://example.com/a/long/path, please.");
        assert_eq!(
            texts(&wrap(&line, 16)),
            [
                "Send the page",
                "with",
                "https://example.",
                "com/a/long/path,",
                "please."
            ]
        );
    }

    #[test]
    fn pieces_of_a_word_stay_together_whatever_their_styles() {
        let mut line = Line::plain("see ");
        line.push(
            "410",
            Style {
                bold: true,
                ..PLAIN
            },
        );
        line.push(": gone", PLAIN);
        assert_eq!(texts(&wrap(&line, 7)), ["see", "410:", "gone"]);
    }

    #[test]
    fn wide_characters_count_as_two_columns() {
        assert_eq!(
            texts(&wrap(&Line::plain("状态码 状态"), 6)),
            ["状态码", "状态"]
        );
        assert_eq!(shortened("状态码状态", 5), "状态…");
        assert_eq!(Line::plain("e\u{301}").width(), 1);
    }

    #[test]
    fn a_section_is_glued_and_printed_with_a_plain_space() {
        let line = Line::plain(&format!("in RFC{GLUE}9110{GLUE}§15 now"));
        let out = printed(Block::Paragraph(line), 14);
        assert_eq!(out, "in\nRFC 9110 §15\nnow\n");
    }

    #[test]
    fn a_list_hangs_and_its_numbers_are_aligned() {
        let items = |count| vec![vec![Block::Paragraph(Line::plain("one two"))]; count];
        let out = printed(
            Block::List {
                first: None,
                items: items(1),
            },
            6,
        );
        assert_eq!(out, "• one\n  two\n");
        let out = printed(
            Block::List {
                first: Some(9),
                items: items(2),
            },
            20,
        );
        assert_eq!(out, " 9. one two\n10. one two\n");
    }

    #[test]
    fn a_table_has_columns_where_they_fit_and_cards_where_not() {
        let head: Vec<Line> = ["Question", "401", "403"].map(Line::plain).into();
        let rows = rows(&[&[
            "Who is asking?",
            "Not proved at all",
            "Proved, or of no importance",
        ]]);
        let wide = printed(
            Block::Table {
                head: head.clone(),
                rows: rows.clone(),
            },
            60,
        );
        assert!(wide.starts_with("Question        401"), "{wide}");
        let narrow = printed(Block::Table { head, rows }, 30);
        assert_eq!(
            narrow,
            "Who is asking?\n  401: Not proved at all\n  403: Proved, or of no\n    importance\n"
        );
    }

    #[test]
    fn text_cannot_steer_the_terminal() {
        let line = Line::plain("a\u{1b}[31mb\u{7}\u{9b}c\r");
        assert_eq!(
            paint(&line, true),
            "a\u{fffd}[31mb\u{fffd}\u{fffd}c\u{fffd}\n"
        );
    }

    #[test]
    fn colour_is_only_added() {
        let style = Style {
            bold: true,
            hue: Some(Class::ClientError),
            ..PLAIN
        };
        assert_eq!(paint(&Line::new("404", style), false), "404\n");
        assert_eq!(
            paint(&Line::new("404", style), true),
            "\u{1b}[1;38;5;166m404\u{1b}[0m\n"
        );
    }

    /// The relative luminance of a colour of the 256 (WCAG 2.2).
    fn luminance(color: u8) -> f64 {
        let channel = |level: u8| {
            let part = f64::from(level) / 255.0;
            if part <= 0.04045 {
                part / 12.92
            } else {
                ((part + 0.055) / 1.055).powf(2.4)
            }
        };
        let [red, green, blue] = if color < 232 {
            let at = color - 16;
            [at / 36, at / 6 % 6, at % 6].map(|step| if step == 0 { 0 } else { 55 + 40 * step })
        } else {
            [8 + 10 * (color - 232); 3]
        };
        0.2126 * channel(red) + 0.7152 * channel(green) + 0.0722 * channel(blue)
    }

    #[test]
    fn every_colour_can_be_read_on_white_and_on_near_black() {
        let near_black = 0.013; // #1e1e1e
        for color in Class::ALL.map(hue).into_iter().chain([GREY]) {
            let light = luminance(color) + 0.05;
            let (on_white, on_black) = (1.05 / light, light / (near_black + 0.05));
            assert!(
                on_white > 3.5 && on_black > 3.5,
                "{color}: {on_white} {on_black}"
            );
        }
    }
}
