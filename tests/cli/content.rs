//! What holds between the facts of the real content: every unregistered code
//! is marked and has its source, nothing is out of date, the questions lead to
//! every code, and pages are as long as readers bear.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use html5gum::{Token, Tokenizer};
use status_guide::diagnostic::{Diagnostics, SourceFile, Style};
use status_guide::load::facts::{Date, Goal};
use status_guide::load::guide::Guide;
use status_guide::load::{self, decisions};
use status_guide::render::{self, Bodies};
use status_guide::route::Route;
use status_guide::status::StatusCode;
use status_guide::text::markdown::Kind;

use crate::guide::{loaded, pages as html_pages, site};

/// A page of the real guide and its text.
pub struct Page<'g> {
    pub route: Route,
    pub kind: Kind,
    pub file: &'g Arc<SourceFile>,
    pub body: Range<usize>,
}

/// The real guide.
pub fn guide() -> Guide {
    let mut diagnostics = Diagnostics::default();
    let guide = load::assemble(loaded(), None, &mut diagnostics);
    assert!(
        diagnostics.is_empty(),
        "{}",
        diagnostics.render(Style::Short)
    );
    guide
}

/// The pages of `guide` that have a text.
pub fn pages(guide: &Guide) -> Vec<Page<'_>> {
    let sources = render::sources(guide).into_iter();
    sources
        .map(|(route, kind, file, body)| Page {
            route,
            kind,
            file,
            body,
        })
        .collect()
}

fn bodies(guide: &Guide) -> Bodies {
    let mut diagnostics = Diagnostics::default();
    render::texts(guide, None, &mut diagnostics)
}

fn code(number: u16) -> StatusCode {
    StatusCode::new(number).unwrap()
}

/// A file that the minifier cannot read is published as it is, and a brace too
/// few in a stylesheet has once gone unseen that way.
#[test]
fn every_stylesheet_and_script_is_read_and_made_smaller() {
    let guide = guide();
    let site = site();
    let mut seen = 0;
    for (path, source) in &guide.statics {
        if matches!(path.rsplit('.').next(), Some("css" | "js")) {
            seen += 1;
            let small = site.get(path).unwrap();
            assert!(small.len() < source.bytes.len(), "{path} cannot be read");
        }
    }
    assert!(seen > 3);
}

/// The codes that the guide promises to explain beside the registered ones.
const MET: [u16; 32] = [
    218, 419, 420, 430, 440, 444, 449, 450, 456, 460, 463, 464, 494, 495, 496, 497, 498, 499, 509,
    520, 521, 522, 523, 524, 525, 526, 529, 530, 561, 598, 599, 999,
];

#[test]
fn the_codes_that_people_meet_without_a_registration_have_pages() {
    let guide = guide();
    let found: Vec<u16> = (guide.codes.values())
        .filter(|d| !d.facts.is_registered())
        .map(|d| d.facts.code.value.number())
        .collect();
    assert_eq!(found, MET);
}

#[test]
fn numbers_with_several_meanings_tell_their_senders_apart() {
    let guide = guide();
    for number in [420, 451, 456, 463, 498, 499, 530] {
        let facts = &guide.codes[&code(number)].facts;
        let senders = facts.vendors().len() + usize::from(facts.is_registered());
        assert!(senders >= 2, "{number}: {:?}", facts.vendors());
    }
}

/// Every link to a code that nobody registered is marked: by a class on the
/// link itself, or by the words or the class of the row, cell or list that it
/// stands in.
#[test]
fn a_code_that_nobody_registered_is_marked_wherever_it_appears() {
    let guide = guide();
    let site = site();
    let targets: BTreeSet<String> = (guide.codes.values())
        .filter(|d| !d.facts.is_registered())
        .map(|d| format!("/{}/index.html", d.facts.code.value))
        .collect();
    let mut links = 0;
    for (file, bytes) in html_pages(site) {
        let mut open: Vec<(String, bool)> = Vec::new();
        for token in Tokenizer::new(bytes) {
            match token {
                Ok(Token::StartTag(tag)) => {
                    let name = String::from_utf8_lossy(&tag.name).into_owned();
                    let value = |wanted: &str| {
                        let found = tag.attributes.get(wanted.as_bytes());
                        found.map(|v| String::from_utf8_lossy(v).into_owned())
                    };
                    let class = value("class").unwrap_or_default();
                    let marked = class
                        .split_whitespace()
                        .any(|c| matches!(c, "vendor" | "unregistered"));
                    if name == "a" {
                        let href = value("href").unwrap_or_default();
                        let path = format!("/{}", href.split('#').next().unwrap_or_default());
                        if targets.iter().any(|target| path.ends_with(target)) {
                            links += 1;
                            let inside = open.iter().any(|(_, marked)| *marked);
                            assert!(marked || inside, "{file}: the link {href} is not marked");
                        }
                    }
                    if !matches!(
                        name.as_str(),
                        "meta" | "link" | "br" | "img" | "hr" | "input" | "wbr"
                    ) {
                        open.push((name, marked));
                    }
                }
                Ok(Token::EndTag(tag)) => {
                    let name = String::from_utf8_lossy(&tag.name).into_owned();
                    if let Some(at) = open.iter().rposition(|(open, _)| *open == name) {
                        open.truncate(at);
                    }
                }
                _ => {}
            }
        }
    }
    assert!(links > 1000, "only {links} links to such codes were seen");
}

/// Today, and the day in `days` days.
fn in_days(days: u64) -> String {
    let day = SystemTime::now() + Duration::from_secs(days * 86_400);
    iso(day)
}

fn days_ago(days: u64) -> String {
    iso(SystemTime::now() - Duration::from_secs(days * 86_400))
}

/// `2026-11-22`, by way of `Sun, 22 Nov 2026 09:14:07 GMT`.
fn iso(time: SystemTime) -> String {
    let text = httpdate::fmt_http_date(time);
    let words: Vec<&str> = text.split(' ').collect();
    let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let month = months.iter().position(|m| *m == words[2]).unwrap() + 1;
    format!("{}-{month:02}-{}", words[3], words[1])
}

/// Every dated fact: what it is, and the day on which it was checked.
fn dated(guide: &Guide) -> Vec<(String, Date)> {
    let mut facts = Vec::new();
    for d in guide.codes.values() {
        facts.push((d.relative.clone(), d.facts.checked));
        for meaning in &d.facts.meanings {
            let name = format!("{}, as {} means it", d.relative, meaning.value.by);
            facts.push((name, meaning.value.checked));
        }
    }
    let classes = guide.classes.values();
    facts.extend(classes.map(|d| (d.relative.clone(), d.facts.checked)));
    let comparisons = guide.comparisons.values();
    facts.extend(comparisons.map(|d| (d.relative.clone(), d.facts.checked)));
    let topics = guide.topics.values();
    facts.extend(topics.map(|d| (d.relative.clone(), d.facts.checked)));
    let pages = guide.pages.values();
    facts.extend(pages.map(|d| (d.relative.clone(), d.facts.checked)));
    facts
}

/// A year is the limit; the test fails a month ahead of it.
#[test]
fn no_fact_was_checked_longer_ago_than_eleven_months() {
    let oldest = days_ago(365 - 30);
    let today = in_days(1);
    for (name, checked) in dated(&guide()) {
        let checked = checked.iso();
        assert!(
            checked > oldest,
            "{name} was checked on {checked}: open its sources again, correct what changed, and set `checked`"
        );
        assert!(checked <= today, "{name} is checked in the future");
    }
}

/// A registration that ends within a month, or has ended, is looked up again:
/// after its end, and once a quarter from then on.
#[test]
fn a_registration_that_ends_is_looked_up_again() {
    for d in guide().codes.values() {
        let Some(expires) = d.facts.registration_expires.map(Date::iso) else {
            continue;
        };
        let checked = d.facts.checked.iso();
        let help = "look at the registry, correct the page, and set `checked`";
        if expires < in_days(30) {
            assert!(
                checked > expires || expires > in_days(0),
                "{} ended on {expires} and was checked on {checked}: {help}",
                d.relative
            );
            assert!(
                checked > days_ago(90),
                "{} ends on {expires} and was checked on {checked}: {help}",
                d.relative
            );
        }
    }
}

#[test]
fn a_failure_that_any_hop_can_make_says_how_to_tell_who_sent_it() {
    let guide = guide();
    let bodies = bodies(&guide);
    let many = [
        400, 403, 408, 413, 429, 499, 500, 502, 503, 504, 520, 521, 522, 523, 524, 525, 526,
    ];
    for number in many {
        let body = &bodies[&Route::Code(code(number))];
        let has = |id: &str| body.sections.iter().any(|section| section.id == id);
        assert!(has("who-sent-it"), "{number} does not say who sent it");
    }
}

#[test]
fn every_code_page_links_every_comparison_that_it_is_part_of() {
    let guide = guide();
    let site = site();
    for comparison in guide.comparisons.values() {
        for code in &comparison.facts.codes {
            let page = site.get(&format!("{}/index.html", code.value)).unwrap();
            let link = format!("../{}/index.html", comparison.slug);
            assert!(
                std::str::from_utf8(page).unwrap().contains(&link),
                "/{}/ does not link {}",
                code.value,
                comparison.slug
            );
        }
    }
}

/// A code that must carry a field shows an example of itself, in which the
/// lint has found the field.
#[test]
fn a_code_with_a_required_field_shows_it_in_an_example() {
    let guide = guide();
    let bodies = bodies(&guide);
    for (status, d) in &guide.codes {
        let facts = &d.facts;
        let short = ["226", "506", "510"].contains(&d.slug.as_str());
        if facts.required_fields.is_empty() || short {
            continue;
        }
        let body = &bodies[&Route::Code(*status)];
        assert!(body.messages > 0, "{status} has no example");
        for field in &facts.required_fields {
            let page = d.file.text.split("\n+++").nth(1).unwrap();
            assert!(
                page.contains(&format!("\n{}: ", field.value)),
                "no example of {status} has {}",
                field.value
            );
        }
    }
}

/// What the prose says of caching is what the typed fact says.
#[test]
fn no_text_contradicts_the_fact_about_caching() {
    let guide = guide();
    for (status, d) in &guide.codes {
        let heuristic = status.heuristically_cacheable();
        for sentence in d.file.text[d.body.clone()].split(['.', '\n']) {
            let sentence = sentence.to_lowercase();
            if sentence.contains("it is heuristically cacheable") {
                assert!(heuristic, "{status}: {sentence}");
            }
            if sentence.contains("it is not heuristically cacheable") {
                assert!(!heuristic, "{status}: {sentence}");
            }
        }
    }
}

/// The way to each of these codes, and its number of clicks.
#[test]
fn the_questions_lead_to_every_code_in_five_answers_at_most() {
    let guide = guide();
    let questions = &guide.pages["choose"].facts.questions;
    let ways = decisions::ways(questions);
    for number in [
        401, 403, 404, 409, 410, 412, 415, 422, 429, 503, 201, 204, 303, 308,
    ] {
        let path = &ways[&code(number)][0];
        assert!(path.len() <= 5, "{number}");
        let says: Vec<&str> = (path.iter())
            .map(|step| {
                questions[step.question].answers[step.answer]
                    .value
                    .say
                    .as_str()
            })
            .collect();
        println!("{number}: {} clicks: {}", path.len(), says.join(" > "));
        let last = path.last().unwrap();
        let answer = &questions[last.question].answers[last.answer].value;
        assert_eq!(answer.goal, Goal::Send(code(number)));
    }
    // Whatever an author of a server would send is among the answers.
    let missing: Vec<_> = (guide.codes.values())
        .filter(|d| d.facts.is_registered())
        .map(|d| d.facts.code.value)
        .filter(|code| !ways.contains_key(code))
        .map(StatusCode::number)
        .collect();
    println!("not among the answers: {missing:?}");
    assert!(
        missing.iter().all(|n| NOT_CHOSEN.contains(n)),
        "{missing:?}"
    );
}

/// Codes that nobody chooses for an ordinary request: interim responses, what
/// only one extension knows, what is reserved or obsolete.
const NOT_CHOSEN: [u16; 16] = [
    100, 101, 102, 103, 104, 203, 208, 226, 300, 305, 306, 402, 418, 506, 508, 510,
];

/// The most words on the page of a code, headings included: with all of its
/// parts, on a short one, and on one that nobody registered.
const WORDS: usize = 600;
const SHORT_WORDS: usize = 155;
const VENDOR_WORDS: usize = 320;

/// Pages that may be longer, and why.
const LONGER: [(u16, usize, &str); 11] = [
    (104, 200, "two dated facts about a registration that ends"),
    (418, 180, "registered as unused, and known by another name"),
    (400, 640, "who sent it, product by product"),
    (403, 640, "who sent it, product by product"),
    (413, 660, "who sent it, product by product"),
    (429, 640, "who sent it, product by product"),
    (
        499,
        420,
        "eight senders, and the on-call part is why people come",
    ),
    (500, 700, "who sent it, product by product"),
    (502, 700, "who sent it, product by product"),
    (503, 700, "who sent it, product by product"),
    (504, 700, "who sent it, product by product"),
];

#[test]
fn no_page_of_a_code_is_longer_than_readers_bear() {
    let guide = guide();
    let bodies = bodies(&guide);
    let mut long = Vec::new();
    for (status, d) in &guide.codes {
        let body = &bodies[&Route::Code(*status)];
        let complete = body
            .sections
            .iter()
            .any(|section| section.id == "when-to-use");
        let longer = LONGER.iter().find(|(n, ..)| *n == status.number());
        let most = match (longer, d.facts.is_registered(), complete) {
            (Some((_, most, _)), ..) => *most,
            (None, false, _) => VENDOR_WORDS,
            (None, true, true) => WORDS,
            (None, true, false) => SHORT_WORDS,
        };
        println!("{status}: {} words", body.words);
        if body.words > most {
            long.push(format!("{status}: {} words, {most} at most", body.words));
        }
    }
    assert!(long.is_empty(), "{long:#?}");
}
