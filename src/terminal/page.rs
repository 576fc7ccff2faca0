//! Owns: what a page of the guide consists of in a terminal: title, facts, text
//! and what belongs to it. The counterpart of `views` and the templates.
//!
//! Must not: know how blocks fill a line, or find the page that is meant.

use std::fmt::Write as _;

use crate::diagnostic::nearest;
use crate::load::content::Document;
use crate::load::facts::{
    CodeFacts, ComparisonFacts, Date, Goal, Meaning, PageFacts, Question, Shows,
};
use crate::load::glance::{self, Value};
use crate::load::guide::{Guide, REFERENCE};
use crate::render::{self, Bodies};
use crate::route::Route;
use crate::status::{Class, MethodKind, Specification, StatusCode};
use crate::terminal::layout::{self, Block, Fact, Line, PLAIN, QUIET, Style, paint, shortened};
use crate::terminal::prose::{self, Addresses, glued};
use crate::text::markdown::{Body, CONVENTION};

/// The page `route` as blocks; none if the guide has no such page.
pub fn page(guide: &Guide, bodies: &Bodies, route: &Route) -> Vec<Block> {
    let sources = render::sources(guide);
    let source = sources.iter().find(|(of, ..)| of == route);
    let (Some((_, _, file, range)), Some(body)) = (source, bodies.get(route)) else {
        return Vec::new();
    };
    let text = file.text.get(range.clone()).unwrap_or_default();
    let mut addresses = Addresses::default();
    // What is around comes first, so that its addresses have the first numbers.
    let Around {
        mut head,
        mut middle,
        tail,
    } = around(guide, route, &mut addresses);
    let convention = convention(guide, route, body, &mut addresses);
    // After the facts of a code, and else after the title.
    let is_facts = |block: &Block| matches!(block, Block::Facts(_));
    match middle.iter().position(is_facts) {
        Some(at) => {
            let rest = middle.split_off(at + 1);
            middle.extend(convention.into_iter().chain(rest));
        }
        None => head.extend(convention),
    }
    let mut lead = prose::blocks(guide, text, body, &mut addresses);
    let first = lead
        .iter()
        .position(|block| matches!(block, Block::Heading { .. }));
    let sections = lead.split_off(first.unwrap_or(lead.len()));
    head.extend(lead.into_iter().chain(middle).chain(sections).chain(tail));
    let mut blocks = head;
    if let Some(list) = addresses.block() {
        blocks.push(heading(2, ADDRESSES, "Addresses"));
        blocks.push(list);
    }
    blocks
}

/// What a team says on a page.
fn convention(guide: &Guide, route: &Route, body: &Body, addresses: &mut Addresses) -> Vec<Block> {
    let (Some(document), Some(body)) = (guide.conventions.get(route), &body.convention) else {
        return Vec::new();
    };
    let facts = &document.facts;
    let team = guide.team.as_ref().and_then(|team| team.name.as_deref());
    let text = document.file.text.get(document.body.clone());
    let mut kept = format!(
        "A rule of {}, not of the specification.",
        team.unwrap_or("our own")
    );
    if let Some(owner) = &facts.owner {
        kept.push_str(" Kept by ");
        kept.push_str(owner);
        if let Some(contact) = &facts.contact {
            kept.push(' ');
            kept.push_str(&addresses.mark(contact));
        }
        kept.push('.');
    }
    if let Some(date) = facts.checked {
        let _ = write!(kept, " Checked on {}.", day(date));
    }
    let mut blocks = vec![
        heading(2, CONVENTION, &facts.title),
        Block::Paragraph(Line::new(&kept, QUIET)),
    ];
    let text = text.unwrap_or_default();
    blocks.extend(prose::blocks(guide, text, body, addresses));
    blocks
}

/// The part `id` of a page: a heading with all below it, or a row of the facts.
///
/// # Errors
/// Names the parts that there are.
pub fn part(blocks: &[Block], id: &str) -> Result<Vec<Block>, String> {
    let mut ids = Vec::new();
    for (at, block) in blocks.iter().enumerate() {
        match block {
            Block::Heading { level, id: own, .. } if own == id => {
                let above = |block: &&Block| matches!(block, Block::Heading { level: other, .. } if other <= level);
                let end = blocks[at + 1..].iter().position(|block| above(&block));
                let end = end.map_or(blocks.len(), |end| at + 1 + end);
                return Ok(alone(&blocks[at..end], blocks));
            }
            Block::Heading { id: own, .. } if !own.is_empty() => ids.push(own.as_str()),
            Block::Facts(facts) => {
                if let Some(fact) = facts.iter().find(|fact| fact.id == id) {
                    return Ok(alone(&[Block::Facts(vec![fact.clone()])], blocks));
                }
                ids.extend(facts.iter().map(|fact| fact.id));
            }
            _ => {}
        }
    }
    let hint = match nearest(id, ids.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("its parts are: {}", ids.join(", ")),
    };
    Err(hint)
}

/// A part as a page of its own: its heading stands at the left, and the
/// addresses that it marks are below it.
fn alone(part: &[Block], page: &[Block]) -> Vec<Block> {
    let mut part = part.to_vec();
    let shift = match part.first() {
        Some(Block::Heading { level, .. }) => level.saturating_sub(2),
        _ => 0,
    };
    for block in &mut part {
        if let Block::Heading { level, .. } = block {
            *level -= shift;
        }
    }
    let text = layout::page(&part, usize::from(u16::MAX), false);
    let is_marked = |line: &Line| {
        let line = line.text();
        line.split(' ')
            .next()
            .is_some_and(|mark| text.contains(mark))
    };
    if let [.., Block::Heading { id, .. }, Block::Verbatim { lines, .. }] = page
        && id == ADDRESSES
    {
        let lines: Vec<Line> = lines
            .iter()
            .filter(|line| is_marked(line))
            .cloned()
            .collect();
        if !lines.is_empty()
            && !matches!(part.first(), Some(Block::Heading { id: own, .. }) if own == id)
        {
            part.push(Block::Verbatim { label: None, lines });
        }
    }
    part
}

/// All codes, a line each, cut to `width` columns if there is a limit.
pub fn list(guide: &Guide, width: Option<usize>, color: bool) -> String {
    let phrases = guide.codes.values().map(|d| d.facts.phrase.chars().count());
    let longest = phrases.max().unwrap_or(0);
    // Where there is little room, the rare long phrases are cut as well.
    let column = width.map_or(longest, |width| longest.min(width * 2 / 5));
    let mut out = String::new();
    for (class, document) in &guide.classes {
        if !out.is_empty() {
            out.push('\n');
        }
        let mut title = Line::new(&class.to_string(), hued(*class));
        let name = format!(" {}", document.facts.name);
        title.push(&name, BOLD);
        out.push_str(&paint(&title, color));
        for code in guide.codes_of(*class) {
            let facts = &code.facts;
            let mut line = number(facts.code.value);
            let text = format!(
                " {:column$}  {}",
                shortened(&facts.phrase, column),
                facts.use_case.value
            );
            let has_convention = guide
                .conventions
                .contains_key(&Route::Code(facts.code.value));
            let mark = if has_convention {
                " · our convention"
            } else {
                ""
            };
            let taken = line.width() + mark.chars().count();
            let room = width.map_or(usize::MAX, |width| width.saturating_sub(taken));
            line.push(&shortened(&text, room), PLAIN);
            line.push(mark, QUIET);
            out.push_str(&paint(&line, color));
        }
    }
    out
}

/// The fragment of the list of addresses, the last part of a page.
const ADDRESSES: &str = "addresses";

const BOLD: Style = Style {
    bold: true,
    ..PLAIN
};

/// Bold, in the hue of a class.
fn hued(class: Class) -> Style {
    Style {
        hue: Some(class),
        ..BOLD
    }
}

fn heading(level: usize, id: &str, text: &str) -> Block {
    Block::Heading {
        level,
        id: id.to_owned(),
        text: Line::plain(text),
    }
}

fn paragraph(text: &str) -> Block {
    Block::Paragraph(Line::plain(text))
}

/// A code's number in its hue.
fn number(code: StatusCode) -> Line {
    Line::new(&code.to_string(), hued(code.class()))
}

/// `404 Not Found`, and the mark of what is no standard code.
fn code_name(facts: &CodeFacts) -> Line {
    let mut line = number(facts.code.value);
    line.push(&format!(" {}", facts.phrase), PLAIN);
    if facts.registration.value.slug() != "standard" {
        line.push(
            &format!(" ({})", facts.registration.value.label().to_lowercase()),
            QUIET,
        );
    }
    line
}

/// What stands around the text of a page.
#[derive(Default)]
struct Around {
    /// Title, sentence and badges; then comes the beginning of the text.
    head: Vec<Block>,
    /// What stands before the first heading of the text.
    middle: Vec<Block>,
    /// What follows the text.
    tail: Vec<Block>,
}

fn around(guide: &Guide, route: &Route, addresses: &mut Addresses) -> Around {
    let around = match route {
        Route::Code(code) => (guide.codes.get(code)).map(|d| code_page(guide, &d.facts, addresses)),
        Route::Class(class) => guide.classes.get(class).map(|d| {
            let mut title = Line::new(&class.to_string(), hued(*class));
            title.push(&format!(" {}", d.facts.name), BOLD);
            let badge = specification(&d.facts.specification, addresses);
            let (codes, vendors): (Vec<_>, Vec<_>) = guide
                .codes_of(*class)
                .partition(|d| d.facts.is_registered());
            let mut tail = Vec::new();
            if !vendors.is_empty() {
                tail.push(heading(2, "vendor-codes", "Not registered, but met"));
                tail.push(codes_table(vendors));
            }
            Around {
                head: head(title, &d.facts.summary.value, &[badge], d.facts.checked),
                middle: vec![
                    heading(2, "codes-of-this-class", "The codes"),
                    codes_table(codes),
                ],
                tail,
            }
        }),
        Route::Comparison(slug) => guide.comparisons.get(slug).map(|d| {
            let title = Line::plain(&d.slug.replace('-', " "));
            Around {
                head: head(title, &d.facts.rule.value, &[], d.facts.checked),
                ..Around::default()
            }
        }),
        Route::Topic(slug) => guide.topics.get(slug).map(|d| {
            let title = Line::plain(&d.facts.title);
            Around {
                head: head(title, &d.facts.summary.value, &[], d.facts.checked),
                tail: topic_tail(guide, slug),
                ..Around::default()
            }
        }),
        _ => guide.page(route).map(|d| {
            let title = Line::plain(&d.facts.title);
            let (middle, tail) = shown(guide, route, &d.facts);
            Around {
                head: head(title, &d.facts.summary.value, &[], d.facts.checked),
                middle,
                tail,
            }
        }),
    };
    around.unwrap_or_default()
}

/// The title of a page, its sentence, and a line of what else it is.
fn head(title: Line, sentence: &str, badges: &[String], checked: Date) -> Vec<Block> {
    let checked = format!("Checked {}", day(checked));
    let badges: Vec<&str> = badges
        .iter()
        .map(String::as_str)
        .chain([checked.as_str()])
        .collect();
    vec![
        Block::Heading {
            level: 1,
            id: String::new(),
            text: title,
        },
        paragraph(sentence),
        Block::Paragraph(Line::new(&badges.join(" · "), QUIET)),
    ]
}

/// A day that is not broken over two lines.
fn day(date: Date) -> String {
    glued(&date.to_string())
}

/// A section, and the mark of its address.
fn specification(specification: &Specification, addresses: &mut Addresses) -> String {
    let mark = addresses.mark(&specification.url());
    format!("{} {mark}", glued(&specification.to_string()))
}

fn code_page(guide: &Guide, facts: &CodeFacts, addresses: &mut Addresses) -> Around {
    let mut title = number(facts.code.value);
    title.push(&format!(" {}", facts.phrase), BOLD);
    let topics = facts.topics.iter();
    let topics = topics.filter_map(|topic| guide.topics.get(&topic.value));
    let topics: Vec<&str> = topics.map(|d| d.facts.title.as_str()).collect();
    let badges = [
        facts.registration.value.label().to_owned(),
        topics.join(", "),
    ];
    let mut head = head(title, &facts.summary.value, &badges, facts.checked);
    if !facts.is_registered() {
        head.push(paragraph(&format!(
            "{} is not in the registry of IANA. What it means depends on who sends it.",
            facts.code.value
        )));
    }
    let mut middle = vec![
        heading(2, "at-a-glance", "At a glance"),
        Block::Facts(glance(facts, addresses)),
    ];
    let title = if facts.is_registered() {
        "Other meanings"
    } else {
        "Who means what"
    };
    let meanings = facts.meanings.iter();
    let meanings = meanings.map(|meaning| vec![meant(&meaning.value, addresses)]);
    middle.extend(section("meanings", title, meanings.collect()));
    Around {
        head,
        middle,
        tail: related(guide, facts),
    }
}

/// What a product means by a number, where, and who says so.
fn meant(meaning: &Meaning, addresses: &mut Addresses) -> Block {
    let mut line = Line::new(&meaning.by, BOLD);
    line.push(": ", PLAIN);
    if let Some(phrase) = &meaning.phrase {
        line.push(phrase, BOLD);
        line.push(". ", PLAIN);
    }
    line.push(&meaning.says, PLAIN);
    let source = addresses.mark(&meaning.source);
    let more = format!(
        " {} {source}, checked {}.",
        meaning.seen,
        day(meaning.checked)
    );
    line.push(&more, QUIET);
    Block::Paragraph(line)
}

/// The facts that every page of a code has.
fn glance(facts: &CodeFacts, addresses: &mut Addresses) -> Vec<Fact> {
    let rows = glance::rows(facts).into_iter();
    rows.map(|row| Fact {
        id: row.id,
        label: row.label.to_owned(),
        value: Line::plain(&fact(&row.value, addresses)),
        note: row.note.map(Into::into),
    })
    .collect()
}

fn fact(value: &Value<'_>, addresses: &mut Addresses) -> String {
    match value {
        Value::Words(words) => words.to_string(),
        Value::Fields { required, useful } => {
            let required = required.iter().map(|f| format!("`{}` (required)", f.value));
            let useful = useful.iter().map(|f| format!("`{}`", f.value));
            required.chain(useful).collect::<Vec<_>>().join(", ")
        }
        Value::Specification(section) => specification(section, addresses),
        Value::FormerNames(names) => {
            let names = names.iter();
            let names =
                names.map(|name| format!("{} ({})", name.phrase, glued(&name.source.to_string())));
            names.collect::<Vec<_>>().join(", ")
        }
    }
}

fn related(guide: &Guide, facts: &CodeFacts) -> Vec<Block> {
    let mut items: Vec<Vec<Block>> = (guide.comparisons_of(facts.code.value))
        .map(|d| vec![comparison(d)])
        .collect();
    let related = facts
        .related
        .iter()
        .filter_map(|code| guide.codes.get(&code.value));
    items.extend(related.map(|d| {
        let mut line = code_name(&d.facts);
        line.push(&format!(": {}", d.facts.use_case.value), PLAIN);
        vec![Block::Paragraph(line)]
    }));
    section("related", "Related", items)
}

/// A heading and a list; nothing if the list is empty.
fn section(id: &str, title: &str, items: Vec<Vec<Block>>) -> Vec<Block> {
    if items.is_empty() {
        return Vec::new();
    }
    vec![heading(2, id, title), Block::List { first: None, items }]
}

fn comparison(document: &Document<ComparisonFacts>) -> Block {
    let mut line = Line::new(&document.slug.replace('-', " "), BOLD);
    line.push(&format!(": {}", document.facts.rule.value), PLAIN);
    Block::Paragraph(line)
}

fn topic_tail(guide: &Guide, topic: &str) -> Vec<Block> {
    let mut blocks = vec![
        heading(2, "about-these-codes", "The codes"),
        codes_table(guide.codes_about(topic)),
    ];
    let pages = guide.pages_about(topic).map(|d| {
        let mut line = Line::new(&d.slug, BOLD);
        line.push(&format!(": {}", d.facts.summary.value), PLAIN);
        vec![Block::Paragraph(line)]
    });
    let comparisons = guide.comparisons_about(topic).map(|d| vec![comparison(d)]);
    let items = pages.chain(comparisons).collect();
    blocks.extend(section("related", "Comparisons and pages", items));
    if let Some(document) = guide.topics.get(topic) {
        let fields: Vec<String> = (document.facts.fields.iter())
            .map(|field| format!("`{}`", field.value))
            .collect();
        if !fields.is_empty() {
            blocks.push(heading(2, "fields", "Fields"));
            blocks.push(paragraph(&fields.join(", ")));
        }
    }
    blocks
}

/// Codes and what each is for.
fn codes_table<'g>(documents: impl IntoIterator<Item = &'g Document<CodeFacts>>) -> Block {
    let row =
        |d: &Document<CodeFacts>| vec![code_name(&d.facts), Line::plain(&d.facts.use_case.value)];
    Block::Table {
        head: vec![Line::plain("Code"), Line::plain("When")],
        rows: documents.into_iter().map(row).collect(),
    }
}

/// What a page shows before and after the sections of its text, made from the
/// typed facts.
fn shown(guide: &Guide, route: &Route, facts: &PageFacts) -> (Vec<Block>, Vec<Block>) {
    let of_class = |class: &Class, table: Block| {
        let name = guide
            .classes
            .get(class)
            .map_or("", |d| d.facts.name.as_str());
        [heading(2, class.slug(), &format!("{class} {name}")), table]
    };
    let classes = || guide.classes.keys();
    // Failures first: nobody comes here because something went well.
    let failures_first = |table: fn(&Guide, Class) -> Block| {
        let classes = classes().rev();
        classes
            .flat_map(|class| of_class(class, table(guide, *class)))
            .collect()
    };
    let is_reference = *route == Route::Page(REFERENCE.to_owned());
    match facts.shows {
        Some(Shows::Decisions) => (questions(guide, &facts.questions), Vec::new()),
        Some(Shows::FirstAid) => (failures_first(first_aid), Vec::new()),
        Some(Shows::RetryRules) => (failures_first(retry_rules), Vec::new()),
        Some(Shows::Topics) => (all_topics(guide), Vec::new()),
        Some(Shows::Changes) => {
            let changes = guide.changes.iter().flat_map(|change| {
                [
                    heading(2, &change.id.value, &change.title),
                    paragraph(&format!("{}. {}", change.date.value, change.what)),
                ]
            });
            (changes.collect(), Vec::new())
        }
        Some(Shows::CheatSheet) => {
            let codes = |class| guide.codes_of(class).filter(|d| d.facts.is_registered());
            let tables = classes().flat_map(|class| of_class(class, codes_table(codes(*class))));
            (tables.collect(), Vec::new())
        }
        None if is_reference => {
            let codes = |class| guide.codes_of(class);
            let tables = classes().flat_map(|class| of_class(class, codes_table(codes(*class))));
            (tables.collect(), Vec::new())
        }
        None if *route == Route::Home => {
            let items = guide.comparisons.values().map(|d| vec![comparison(d)]);
            (
                Vec::new(),
                section("comparisons", "Comparisons", items.collect()),
            )
        }
        Some(Shows::Facts) | None => (Vec::new(), Vec::new()),
    }
}

/// Each topic with its sentence and its codes.
fn all_topics(guide: &Guide) -> Vec<Block> {
    let topics = guide.topics.values().map(|d| {
        let mut line = Line::new(&d.facts.title, BOLD);
        line.push(&format!(": {} ", d.facts.summary.value), PLAIN);
        for code in guide.codes_about(&d.slug) {
            let code = code.facts.code.value;
            let hue = Some(code.class());
            line.push(" ", PLAIN);
            line.push(&code.to_string(), Style { hue, ..PLAIN });
        }
        vec![Block::Paragraph(line)]
    });
    section("all-topics", "All topics", topics.collect())
}

/// The questions, numbered, so that an answer can name the next.
fn questions(guide: &Guide, questions: &[Question]) -> Vec<Block> {
    let number_of = |id: &str| {
        questions
            .iter()
            .position(|question| question.id.value == id)
    };
    let mut blocks = Vec::new();
    for (at, question) in questions.iter().enumerate() {
        let title = format!("{}. {}", at + 1, question.ask);
        blocks.push(heading(2, &question.id.value, &title));
        blocks.extend(question.help.as_deref().map(paragraph));
        let items = question.answers.iter().map(|answer| {
            let mut line = Line::plain(&answer.value.say);
            match &answer.value.goal {
                Goal::Ask(id) => {
                    let next = number_of(id).map_or(0, |at| at + 1);
                    line.push(&format!(" →{}", glued(&format!(" question {next}"))), QUIET);
                }
                Goal::Send(code) => {
                    line.push(&format!(" →{}", glued(" ")), QUIET);
                    line.append(&match guide.codes.get(code) {
                        Some(document) => code_name(&document.facts),
                        None => number(*code),
                    });
                }
            }
            vec![Block::Paragraph(line)]
        });
        blocks.push(Block::List {
            first: None,
            items: items.collect(),
        });
    }
    blocks
}

fn first_aid(guide: &Guide, class: Class) -> Block {
    let rows = guide.codes_of(class).map(|d| {
        let facts = &d.facts;
        vec![
            code_name(facts),
            Line::plain(facts.retry.label()),
            Line::plain(facts.retry_note.as_deref().unwrap_or("Nothing")),
            Line::plain(&facts.contacts()),
        ]
    });
    table(&["Code", "Send it again?", "What to do", "Ask"], rows)
}

fn retry_rules(guide: &Guide, class: Class) -> Block {
    let rows = guide.codes_of(class).map(|d| {
        let verdicts = d.facts.verdicts();
        let cells = verdicts
            .iter()
            .map(|(_, verdict)| Line::plain(verdict.label()));
        std::iter::once(code_name(&d.facts)).chain(cells).collect()
    });
    let kinds = MethodKind::ALL.iter().map(|kind| kind.label());
    let head: Vec<&str> = std::iter::once("Code").chain(kinds).collect();
    table(&head, rows)
}

fn table(head: &[&str], rows: impl Iterator<Item = Vec<Line>>) -> Block {
    Block::Table {
        head: head.iter().map(|name| Line::plain(name)).collect(),
        rows: rows.collect(),
    }
}
