//! Whatever is written into a guide: no panic, errors that stand where they say
//! they stand, and in the site no element, attribute or address that the text
//! should not be able to make.
//!
//! The inputs are made at random, of the pieces that matter. A failure prints
//! the smallest input that fails, and its seed goes to `tests/properties.txt`,
//! to be committed and tried first from then on. A long run by hand:
//! `PROPTEST_CASES=20000 cargo test --release --test cli properties`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{Cursor, Read};
use std::sync::{Arc, LazyLock};

use html5gum::{State, Token, Tokenizer};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::FileFailurePersistence;
use pulldown_cmark::Event;
use status_guide::author::format;
use status_guide::author::host::{self, Answer, Hosts};
use status_guide::author::media_type::is_page;
use status_guide::author::new::Subject;
use status_guide::author::shown::Shown;
use status_guide::data::plain;
use status_guide::diagnostic::{Diagnostics, SourceFile, Style, refused};
use status_guide::load::content::Folder;
use status_guide::load::files::Root;
use status_guide::load::guide::Guide;
use status_guide::output;
use status_guide::output::cache::Cache;
use status_guide::publish::Extent;
use status_guide::render::{self, Bodies};
use status_guide::route::Route;
use status_guide::site::Site;
use status_guide::status::StatusCode;
use status_guide::terminal::lookup::{Index, Meant};
use status_guide::terminal::{layout, page as terminal};
use status_guide::text::lint::{Known, lint};
use status_guide::text::markdown::{self, Html, Kind};
use status_guide::text::message::Message;
use status_guide::{Failure, Source};

use crate::overlay;
use crate::project::{Project, tree};

/// The pieces of a page, as a browser reads them: what looks like a tag inside
/// of a title or a script is text.
fn tokens(html: &[u8]) -> impl Iterator<Item = Token> {
    let mut tokenizer = Tokenizer::new(html);
    std::iter::from_fn(move || {
        // Reading from memory cannot fail.
        let Ok(token) = tokenizer.next()?;
        if let Token::StartTag(tag) = &token {
            let inside = match &**tag.name {
                b"title" | b"textarea" => Some(State::RcData),
                b"script" => Some(State::ScriptData),
                b"style" => Some(State::RawText),
                _ => None,
            };
            if let Some(state) = inside {
                tokenizer.set_state(state);
            }
        }
        Some(token)
    })
}

type Files = BTreeMap<&'static str, &'static [u8]>;

fn leaked(files: BTreeMap<String, Vec<u8>>) -> Files {
    (files.into_iter())
        .map(|(path, bytes)| (&*path.leak(), &*bytes.leak()))
        .collect()
}

/// `content/` and `static/` of the small guide.
static SMALL: LazyLock<(Files, Files)> = LazyLock::new(|| {
    let project = Project::with_every_kind_of_page();
    let folder = |name| leaked(tree(&project.path(name)));
    (folder("content"), folder("static"))
});

/// The small guide with other texts in some files. They stay in memory until
/// the tests end.
fn source(changed: impl IntoIterator<Item = (&'static str, String)>) -> Source {
    let (mut content, statics) = SMALL.clone();
    content.extend(
        changed
            .into_iter()
            .map(|(path, text)| (path, text.leak().as_bytes())),
    );
    Source {
        overlay: None,
        content: Root::BuiltIn(content),
        statics: Root::BuiltIn(statics),
    }
}

/// `content/`, `static/` and the overlay of a guide that has one.
static OVERLAID: LazyLock<[Files; 3]> = LazyLock::new(|| {
    let project = overlay::project();
    ["content", "static", "overlay"].map(|name| leaked(tree(&project.path(name))))
});

fn read(source: &Source) -> (Guide, Bodies, Diagnostics) {
    let mut diagnostics = Diagnostics::default();
    let (guide, bodies) = status_guide::read(source, None, &mut diagnostics).unwrap();
    (guide, bodies, diagnostics)
}

/// The small guide as it is.
static GUIDE: LazyLock<Guide> = LazyLock::new(|| {
    let (guide, _, diagnostics) = read(&source([]));
    assert!(
        diagnostics.is_empty(),
        "{}",
        diagnostics.render(Style::Short)
    );
    guide
});

/// Fewer cases than proptest's own 256, unless a long run is asked for.
fn cases(usual: u32) -> ProptestConfig {
    let mut config = ProptestConfig::default();
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = usual;
    }
    let seeds = FileFailurePersistence::Direct("tests/properties.txt");
    config.failure_persistence = Some(Box::new(seeds));
    config
}

/// Every error stands in its file, between characters, and can be printed
/// without a sign by which a text could steer whoever reads it.
fn assert_sound(diagnostics: &Diagnostics) {
    let sorted = diagnostics.sorted();
    for diagnostic in &sorted {
        let (text, range) = (&diagnostic.span.file.text, &diagnostic.span.range);
        assert!(
            text.get(range.clone()).is_some(),
            "{range:?} is no part of the {} bytes: {diagnostic:?}",
            text.len()
        );
        let (line, column) = diagnostic.span.position();
        let shown = text.split('\n').nth(line - 1).unwrap_or_default();
        assert!(column <= shown.chars().count() + 1, "{diagnostic:?}");
        assert!(!diagnostic.message.is_empty() && diagnostic.help.is_some());
    }
    let short = diagnostics.render(Style::Short);
    assert_eq!(short.lines().count(), sorted.len(), "{short:?}");
    let human = diagnostics.render(Style::Human { color: false });
    for text in [short, human, diagnostics.render(Style::GitHub)] {
        let wrong = text.chars().find(|c| refused(*c).is_some());
        assert_eq!(wrong, None, "{text:?}");
    }
    let _ = diagnostics.render(Style::Human { color: true });
}

/// The elements that a text can make.
const ELEMENTS: &str = "a blockquote br code dd del div dl dt em figcaption figure h2 h3 hr img li \
    ol p pre section span strong table tbody td th thead tr ul b small";
/// The attributes that a text can make.
const ATTRIBUTES: &str = "alt aria-label class data-label href id role scope src start title";
const VOID: [&str; 3] = ["br", "hr", "img"];

/// The markup of a text is balanced, and of what a text can make.
fn assert_markup(html: &Html) {
    let html = html.as_str();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let mut open = Vec::new();
    for token in tokens(html.as_bytes()) {
        match token {
            Token::StartTag(tag) => {
                let name = text(&tag.name);
                let known = ELEMENTS.split_whitespace().any(|known| known == name);
                assert!(known, "<{name}> in {html}");
                for (attribute, value) in &tag.attributes {
                    let (attribute, value) = (text(attribute), text(value));
                    let known = ATTRIBUTES
                        .split_whitespace()
                        .any(|known| known == attribute);
                    assert!(known, "{attribute}= in {html}");
                    if matches!(attribute.as_str(), "href" | "src") {
                        assert!(leads_somewhere(&value), "{value:?} in {html}");
                    }
                }
                if !VOID.contains(&name.as_str()) {
                    open.push(name);
                }
            }
            Token::EndTag(tag) => assert_eq!(open.pop(), Some(text(&tag.name)), "{html}"),
            Token::String(string) => {
                let string = text(&string);
                assert!(!string.chars().any(|c| refused(c).is_some()), "{string:?}");
            }
            other => panic!("{other:?} in {html}"),
        }
    }
    assert!(open.is_empty(), "{open:?} never ends in {html}");
}

/// Whether an address leads to a page, a file, a part, or somewhere by a scheme
/// that runs nothing.
fn leads_somewhere(url: &str) -> bool {
    let before_fragment = url.split('#').next().unwrap_or_default();
    match before_fragment.split_once(':') {
        Some((scheme, _)) => matches!(scheme, "https" | "http" | "mailto"),
        None => !url.contains(['<', '"', ' ']),
    }
}

/* ---- What is written ---- */

/// Pieces of Markdown that are right by themselves.
const RIGHT: &[&str] = &[
    "[404]",
    "[text][403]",
    "[401-vs-403]",
    "[`Cache-Control`]",
    "[RFC 9110 §15.5.5]",
    "[499]",
    "[a][499]",
    "[topics/testing]",
    "[codes.json]",
    "[x](https://example.com/a_(b)?c=d&e#f)",
    "[x](https://example.com \"a 'title' & more\")",
    "![a & b](favicon.svg)",
    "![see [499] there](favicon.svg)",
    "![x [404] y](favicon.svg \"favicon.svg\")",
    "*a*",
    "**b *c* d**",
    "~~e~~",
    "`f | <g>`",
    "`` ` ``",
    "&lt;script&gt;",
    "&amp;lt;",
    "&quot;",
    "&#60;b&#62;",
    "\\[",
    "\\<",
    "\"quoted\"",
    "it's",
    "--",
    "...",
    " ",
    " ",
    " ",
    "\n",
    "\n\n",
    "\n\n",
    "word",
    "ä",
    "日本語",
    "🏳️‍🌈",
    "\u{200f}",
    "e\u{301}",
    "a\u{a0}b",
    "\n\n## A heading\n\n",
    "\n\n## `<b>` & more {#own-id}\n\n",
    "\n\n### A part\n\n",
    "\n\n- one\n- two\n\n  more\n\n",
    "\n\n1. one\n   - two\n     > three\n\n",
    "\n\n7) seven\n\n",
    "\n\n> quoted\n\n",
    "\n\n> [!NOTE]\n> A note with [404].\n\n",
    "\n\n| a `<b>` | \"c\" |\n|---|--:|\n| [403] | 1 |\n| x |\n\n",
    "\n\n```sh\ncurl <x> & \"y\"\n```\n\n",
    "\n\n    indented <code>\n\n",
    "\n\n---\n\n",
    "  \n",
    "\n\n```http\nGET /a?b=\"c\" HTTP/1.1\nHost: example.com\n```\n\n",
    "\n\n```http wrong missing-field\nGET /<script> HTTP/1.1\n```\n\n",
    "\n\n```http\nHTTP/1.1 403 Forbidden\nDate: Sun, 22 Nov 2026 09:14:07 GMT\nContent-Type: text/html\nContent-Length: 12\n\n<b>no</b> ä\n```\n\n",
];

/// Pieces that are wrong, or that make others wrong.
const WRONG: &[&str] = &[
    "[",
    "]",
    "(",
    ")",
    "![",
    "](",
    "[[",
    "]]",
    "[4o4]",
    "[403#nowhere]",
    "[`Alow`]",
    "[RFC 1]",
    "[RFC",
    "[#",
    "[]",
    "[x][]",
    "[r]",
    "[r]: https://e.x \"t\"\n",
    "[r]: #a&#45;b\n",
    "[x](#what)",
    "[x](#wh&#97;t)",
    "![ä](fav&#105;con.svg)",
    "![](favicon.svg)",
    "![ää][r]",
    "[x](javascript:alert(1))",
    "[x](data:text/html,<b>)",
    "[x](//e.x)",
    "<javascript:alert(1)>",
    "<https://e.x/\">",
    "<a@b.c>",
    "<script>alert(1)</script>",
    "<b onclick=x>",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<?php",
    "</div>",
    "*",
    "**",
    "***",
    "_",
    "__",
    "~~",
    "~",
    "`",
    "``",
    "```",
    "~~~",
    "\n```http\n",
    "\n```\n",
    "\n```http wrong date json x\n",
    "\n> ```http\n> GET\n",
    "HTTP/1.1 404 Not Found\n",
    "HTTP/1.1 499\n",
    "HTTP/1.1 200 OK\n",
    "GET / HTTP/1.1\nHost: a\n",
    "HEAD * HTTP/1.1\n",
    "Content-Length: 5\n",
    "Content-Length: 18446744073709551616\n",
    "Content-Range: bytes 0-18446744073709551615/*\n",
    "Content-Range: bytes 9-0/1\n",
    "Content-Type: application/problem+json\n",
    "Date: Mon, 22 Nov 2026 09:14:07 GMT\n",
    "Date: \n",
    "Expires: Fri, 31 Dec 9999 23:59:59 GMT\n",
    "Sunset: Sunday, 06-Nov-94 08:49:37 GMT\n",
    "Retry-After: 1e9\n",
    "[5 bytes of a/b]",
    "{\"status\": 1}",
    "{\"a\": [[[[",
    ": ",
    " :",
    "\t",
    "    ",
    "> ",
    ">>>>>>>>",
    "- ",
    "- - - - - - ",
    "* ",
    "1. ",
    "999999999. ",
    "# ",
    "## ",
    "#### deep\n",
    "## x {#\"><b>}\n",
    "## y {#a-b .c d=e}\n",
    "===\n",
    "---\n",
    "+++\n",
    "|",
    "| a |\n|---|\n",
    ":--",
    "&#27;",
    "&#0;",
    "&#xE000;",
    "&#xE001;",
    "&#x202e;",
    "&#xFFFE;",
    "&#x110000;",
    "&NewLine;",
    "&nosuch;",
    "&",
    "\\",
    "\"",
    "'",
    "\u{feff}",
    "\u{2028}",
    "{.c}",
    "{#id}",
    "%00",
    "%",
    "\0",
    "\u{7f}",
    "\r",
];

fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => select(RIGHT).prop_map(str::to_owned),
        4 => select(WRONG).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
        1 => "[ -~]{0,12}",
        1 => (select(WRONG), 2_usize..60).prop_map(|(piece, times)| piece.repeat(times)),
    ]
}

/// Markdown in which nothing need be right.
fn any_markdown() -> impl Strategy<Value = String> {
    prop::collection::vec(piece(), 0..30).prop_map(|pieces| pieces.concat())
}

/// Markdown of which most is right.
fn right_markdown() -> impl Strategy<Value = String> {
    prop::collection::vec(select(RIGHT), 1..25).prop_map(|pieces| pieces.concat())
}

/// Pieces of TOML that come in place of others.
const TOML: &[&str] = &[
    "\"",
    "'",
    "\"\"\"",
    "'''",
    "=",
    "[",
    "]",
    "[[",
    "]]",
    "{",
    "}",
    ",",
    ".",
    "\n",
    "#",
    "+++\n",
    "true",
    "inf",
    "-0",
    "0x7f",
    "1e400",
    "99999999999999999999",
    "2026-02-30",
    "2026-11-22T01:02:03Z",
    "\"\\u001b\"",
    "\"\\uE000\"",
    "\"\\u202E\"",
    "\"\\UFFFFFFFF\"",
    "\"\\q\"",
    "\"\"",
    "\" \"",
    "\"=cmd()\"",
    "\"a\\nb\"",
    "[[[[[[[[[[",
    "{a={a={a={a=",
    "a.b.c.d.e.f = 1\n",
    "code",
    "title = 1\n",
    "[[meanings]]\n",
    "[[questions]]\n",
    "RFC 9110 §15",
    "RFC 99999",
    "499",
    "1000",
    "-1",
    "\u{1b}",
    "\u{feff}",
    "ä",
    "🏳️‍🌈",
];

/// How a text is changed: where (in thousandths of it), how much is taken out,
/// and what is put in.
type Change = (usize, usize, String);

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let new = prop_oneof![
        select(TOML).prop_map(str::to_owned),
        piece(),
        Just(String::new())
    ];
    prop::collection::vec((0_usize..1000, 0_usize..12, new), 1..6)
}

fn changed(text: &str, changes: &[Change]) -> String {
    let mut text = text.to_owned();
    for (at, length, new) in changes {
        let from = text.floor_char_boundary(text.len() * at / 1000);
        let to = text.floor_char_boundary(from + length).max(from);
        text.replace_range(from..to, new);
    }
    text
}

/// The files of the small guide.
fn file() -> impl Strategy<Value = &'static str> {
    select(SMALL.0.keys().copied().collect::<Vec<_>>())
}

fn page_with(body: &str) -> (&'static str, String) {
    let head = "+++\ntitle = \"T\"\nsummary = \"S.\"\nchecked = 2026-11-22\n+++\n\n";
    ("pages/random.md", format!("{head}{body}"))
}

/* ---- What holds ---- */

/// All that is made of a text when nothing in it is wrong.
fn assert_shown(guide: &Guide, bodies: &Bodies, route: &Route) {
    let body = &bodies[route];
    assert_markup(&body.lead);
    for section in &body.sections {
        assert_markup(&section.heading);
        assert_markup(&section.html);
    }
    let totals = render::totals(guide, bodies);
    render::view(guide, &totals, route, body).unwrap();
    let text = plain::page(guide, route).unwrap().beside(guide, route);
    for event in pulldown_cmark::Parser::new_ext(&text, markdown::OPTIONS) {
        let is_html = matches!(event, Event::Html(_) | Event::InlineHtml(_));
        assert!(!is_html, "{event:?} in {text}");
    }
    let blocks = terminal::page(guide, bodies, route);
    for width in [20, 33, 80, 1000] {
        let shown = layout::page(&blocks, width, false);
        let wrong = shown.chars().find(|c| refused(*c).is_some());
        assert_eq!(wrong, None, "{shown:?}");
    }
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn any_markdown_is_shown_or_refused_at_its_place(text in any_markdown()) {
        let source = source([page_with(&text)]);
        let (guide, bodies, diagnostics) = read(&source);
        assert_sound(&diagnostics);
        let route = Route::Page("random".to_owned());
        if diagnostics.is_empty() {
            assert_shown(&guide, &bodies, &route);
        }
    }

    #[test]
    fn markdown_that_is_right_is_shown_in_every_form(text in right_markdown()) {
        let source = source([page_with(&text)]);
        let (guide, bodies, diagnostics) = read(&source);
        assert_sound(&diagnostics);
        let route = Route::Page("random".to_owned());
        if diagnostics.is_empty() {
            assert_shown(&guide, &bodies, &route);
            let (_, again, _) = read(&source);
            prop_assert_eq!(&again[&route].lead, &bodies[&route].lead);
        }
    }

    #[test]
    fn a_file_that_somebody_damaged_is_read_or_refused_at_its_place(
        file in file(),
        changes in changes(),
    ) {
        let text = std::str::from_utf8(SMALL.0[file]).unwrap();
        let (_, _, diagnostics) = read(&source([(file, changed(text, &changes))]));
        assert_sound(&diagnostics);
    }

    #[test]
    fn any_text_is_a_message_or_has_faults_inside_of_it(
        lines in prop::collection::vec(prop_oneof![select(WRONG).prop_map(str::to_owned), piece()], 0..12),
        request in "(GET|HEAD|CONNECT|M-SEARCH) (/|\\*|a:1) HTTP/1.[01]",
    ) {
        let text = lines.concat();
        let request = Message::parse(&request).ok();
        let known = Known { phrases: vec!["OK"], required: vec!["Allow"], redirect: true };
        let faults = match Message::parse(&text) {
            Ok(message) => lint(&message, request.as_ref(), Some(&known)),
            Err(faults) => faults,
        };
        for fault in faults {
            prop_assert!(text.get(fault.range.clone()).is_some(), "{:?} in {:?}", fault, text);
        }
        // As a block in a page: a list, a quotation, after other blocks.
        for before in ["", "> ", "- x\n\n  "] {
            let (_, body) = page_with(&format!("{before}```http\n{text}\n```\n\nText.\n"));
            let file = Arc::new(SourceFile { name: "x.md".into(), text: body });
            let code = StatusCode::new(200).unwrap();
            let range = 0..file.text.len();
            let (_, found) = markdown::render(&GUIDE, &Route::Home, Kind::Code(code), &file, range);
            assert_sound(&found);
        }
    }

    #[test]
    fn any_name_in_brackets_leads_somewhere_or_nowhere(
        name in prop_oneof![piece(), "[a-z0-9#/`§. -]{0,30}", "(RFC|draft-)[ -~§]{0,20}", ".{0,300}"],
    ) {
        match GUIDE.resolve(&name) {
            Ok(_) => {}
            Err((message, help)) => prop_assert!(!message.is_empty() && !help.is_empty()),
        }
    }

    #[test]
    fn any_words_find_pages_or_none(
        words in prop::collection::vec(prop_oneof![
            select(&["404", "4xx", "not", "found", "vs", "401", "499", "tim", "retry-after", "'", "#", "ß", "İ", "error404", "40 4", "home"][..])
                .prop_map(str::to_owned),
            piece(),
            ".{0,40}",
        ], 0..8),
    ) {
        static INDEX: LazyLock<Index<'static>> = LazyLock::new(|| Index::new(&GUIDE));
        let query = words.join(" ");
        let found = INDEX.find(&query);
        prop_assert_eq!(&found, &INDEX.find(&query));
        if let Meant::Nearest(pages) | Meant::Several(pages) = found {
            prop_assert!(pages.len() <= 6);
            for page in pages {
                prop_assert!(page.route != Route::NotFound);
            }
        }
    }

    #[test]
    fn the_list_of_an_output_folder_can_be_anything(
        lines in prop::collection::vec(prop_oneof![
            select(&["Made by status-guide. The next build replaces this folder.", "../x", "/etc/x", "a/../../b", "a\tb\tc", "a\t", "\t\t", ""][..])
                .prop_map(str::to_owned),
            ".{0,20}",
        ], 0..8),
    ) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(".status-guide"), lines.join("\n")).unwrap();
        for path in output::kept(folder.path()).keys() {
            prop_assert!(!path.starts_with('/') && !path.split('/').any(|part| part == ".."), "{}", path);
        }
    }
}

/// Requests, right and wrong, and pieces of them.
const REQUESTS: &[&str] = &[
    "GET / HTTP/1.1\r\n",
    "GET /404/ HTTP/1.1\r\n",
    "HEAD /404 HTTP/1.0\r\n",
    "GET /404/index.html?q=<x> HTTP/1.1\r\n",
    "GET /../../etc/passwd HTTP/1.1\r\n",
    "GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\n",
    "GET //example.com/ HTTP/1.1\r\n",
    "GET /%00%ff%zz HTTP/1.1\r\n",
    "GET /~serve/live.js HTTP/1.1\r\n",
    "GET /~serve/events?page=%22&is=x HTTP/1.1\r\n",
    "GET http://localhost/404/ HTTP/1.1\r\n",
    "GET http://evil.example/ HTTP/1.1\r\n",
    "OPTIONS * HTTP/1.1\r\n",
    "POST / HTTP/1.1\r\n",
    "GET /\\..\\x HTTP/1.1\r\n",
    "GET /a%0d%0aSet-Cookie:%20x HTTP/1.1\r\n",
    "GET / HTTP/2.0\r\n",
    "GET /\n",
    "TRACE / HTTP/1.1\r\n",
    "Host: localhost\r\n",
    "Host: localhost\r\n",
    "Host: 127.0.0.1:8000\r\n",
    "Host: [::1]\r\n",
    "Host: evil.example\r\n",
    "Host: a b\r\n",
    "Host: [\r\n",
    "Connection: close\r\n",
    "Content-Length: 5\r\n",
    "Content-Length: 99999999999999999999\r\n",
    "Transfer-Encoding: chunked\r\n",
    "Expect: 100-continue\r\n",
    " folded\r\n",
    "X: y\r\n",
    "\r\n",
    "\r\n",
    "\r\n\r\n",
    "\n",
    "\r",
    ": ",
    "\0",
    "\u{7f}",
    "ä",
];

/// A response that a client can read: a start line, field lines, an empty line.
fn assert_response(head: &str) {
    let lines: Vec<&str> = head.split("\r\n").collect();
    let [start, fields @ .., "", ""] = lines.as_slice() else {
        panic!("no end: {head:?}");
    };
    let code = start
        .strip_prefix("HTTP/1.1 ")
        .and_then(|rest| rest.get(..4));
    assert!(
        code.is_some_and(|it| it.ends_with(' ') && it.trim_end().parse::<StatusCode>().is_ok()),
        "{start:?}"
    );
    assert!(!start.ends_with(' '), "{start:?} has no phrase");
    for line in fields {
        let (name, value) = line.split_once(": ").unwrap_or_else(|| panic!("{line:?}"));
        assert!(
            name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'),
            "{line:?}"
        );
        assert!(
            value.bytes().all(|b| (b' '..=b'~').contains(&b)),
            "{line:?}"
        );
    }
}

static SERVED: LazyLock<(Arc<Site>, Shown)> = LazyLock::new(|| {
    let built = status_guide::build(&source([]), None, Extent::Whole, &Cache::none());
    let site = Arc::new(built.unwrap().site);
    let shown = Shown::right(Arc::clone(&site), "/", 1);
    (site, shown)
});

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn any_bytes_are_answered_and_with_nothing_but_the_site(
        pieces in prop::collection::vec(prop_oneof![
            8 => select(REQUESTS).prop_map(|piece| piece.as_bytes().to_vec()),
            1 => prop::collection::vec(any::<u8>(), 0..40),
            1 => (select(REQUESTS), 1_usize..3000).prop_map(|(piece, times)| piece.as_bytes().repeat(times)),
        ], 0..8),
        is_wrong in any::<bool>(),
    ) {
        let bytes = pieces.concat();
        let (site, right) = &*SERVED;
        let wrong = right.wrong("Something is wrong: <b>.".to_owned());
        let shown = if is_wrong { &wrong } else { right };
        let hosts = Hosts::new("127.0.0.1".parse().unwrap(), &[]);
        if let Answer::Response(response, read) = host::answer(shown, &hosts, &bytes) {
            prop_assert!(read <= bytes.len());
            assert_response(&response.head(std::time::UNIX_EPOCH, None));
            let text = String::from_utf8_lossy(&bytes);
            // Nobody else's name leads to the site (RFC 9110 §7.4).
            let is_foreign = text.starts_with("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n");
            prop_assert!(!is_foreign || response.status == 421, "{}", response.status);
            if let (host::Body::Bytes(body), 200, false) = (&response.body, response.status, is_wrong) {
                let is_file = site.iter().any(|(path, file)| {
                    file[..] == **body || (is_page(path) && body.len() > file.len())
                });
                prop_assert!(is_file || text.contains("~serve"), "{}", String::from_utf8_lossy(body));
            }
        }
    }

    #[test]
    fn front_matter_in_its_normal_form_stays_as_it_is(file in file(), changes in changes()) {
        let folders = [("codes/", Folder::Codes), ("classes/", Folder::Classes), ("compare/", Folder::Compare), ("topics/", Folder::Topics), ("pages/", Folder::Pages)];
        let text = changed(std::str::from_utf8(SMALL.0[file]).unwrap(), &changes);
        let front = text.strip_prefix("+++\n").and_then(|rest| Some(rest.split_once("+++\n")?.0)).unwrap_or(&text);
        for (_, folder) in folders {
            let Some(normal) = format::normal(folder, front) else { continue };
            let again = format::normal(folder, &normal);
            prop_assert_eq!(again.as_ref(), Some(&normal));
            let (before, after) = (front.parse::<toml::Table>(), normal.parse::<toml::Table>());
            prop_assert_eq!(before.unwrap(), after.unwrap());
        }
    }

    #[test]
    fn any_words_are_a_draft_or_are_refused(
        words in prop::collection::vec(prop_oneof![
            select(&["499", "404", "400-vs-422", "vs", "page", "topic", "name.md", "../x", "", "-", "1000"][..]).prop_map(str::to_owned),
            ".{0,12}",
        ], 0..5),
    ) {
        if let Err(message) = Subject::parse(&words) {
            prop_assert!(!message.is_empty());
        }
    }
}

proptest! {
    #![proptest_config(cases(40))]

    #[test]
    fn an_overlay_that_somebody_damaged_is_laid_or_refused_at_its_place(
        file in select(OVERLAID[2].keys().copied().collect::<Vec<_>>()),
        changes in changes(),
    ) {
        let [content, statics, overlay] = &*OVERLAID;
        let folder = tempfile::tempdir().unwrap();
        for (path, bytes) in overlay {
            let text = std::str::from_utf8(bytes).unwrap();
            let text = if *path == file { changed(text, &changes) } else { text.to_owned() };
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let (guide, bodies, diagnostics) = read(&Source {
            overlay: Some(folder.path().to_owned()),
            content: Root::BuiltIn(content.clone()),
            statics: Root::BuiltIn(statics.clone()),
        });
        assert_sound(&diagnostics);
        if diagnostics.is_empty() {
            for route in bodies.keys().filter(|route| plain::page(&guide, route).is_some()) {
                assert_shown(&guide, &bodies, route);
            }
        }
    }
}

proptest! {
    // Every page is rendered, also of a guide with errors: its fragments are
    // compared with the links.
    #![proptest_config(cases(8))]

    #[test]
    fn a_guide_with_a_damaged_file_is_built_or_refused(file in file(), changes in changes()) {
        let text = std::str::from_utf8(SMALL.0[file]).unwrap();
        let source = source([(file, changed(text, &changes))]);
        match status_guide::build(&source, None, Extent::Whole, &Cache::none()) {
            Ok(_) => {}
            Err(Failure::Content(diagnostics)) => assert_sound(&diagnostics),
            Err(Failure::Other(error)) => panic!("{error:#}"),
        }
    }
}

proptest! {
    #![proptest_config(cases(12))]

    #[test]
    fn a_preview_that_remembers_the_last_one_is_like_one_that_knows_nothing(
        saves in prop::collection::vec(prop_oneof![
            3 => select(SAVES).prop_map(Save::Turn),
            1 => (file(), 0_usize..1000, select(&["x", " more", "\n\nMore.\n\n", "[404] ", "é"][..]))
                .prop_map(|(file, at, new)| Save::Insert(file, at, new)),
        ], 3..8),
    ) {
        let otherwise = "http://127.0.0.1:4400/".parse().unwrap();
        let (path, text) = page_with("See [choose], [one][random#one] and [`WWW-Authenticate`].\n\n## One {#one}\n\nOne.");
        let (other, more) = ("pages/other.md", text.replace("\"T\"", "\"O\"").replace("{#one}", "{#some}"));
        let mut files = BTreeMap::from([(path, text), (other, more)]);
        let mut last = None;
        for save in saves {
            let before = files.clone();
            save.apply(&mut files);
            let source = source(files.clone());
            let preview = |last| status_guide::preview(&source, None, &otherwise, &STATICS, last);
            match (preview(last.as_ref()), preview(None)) {
                (Ok(quick), Ok(fresh)) => {
                    prop_assert_eq!(differences(&quick.site, &fresh.site), Vec::<&str>::new());
                    last = Some(quick);
                }
                (Err(Failure::Content(quick)), Err(Failure::Content(fresh))) => {
                    prop_assert_eq!(quick.render(Style::Short), fresh.render(Style::Short));
                    // Whoever saved this sees it, and takes it back.
                    files = before;
                }
                (quick, fresh) => panic!("{save:?}: {:?} and {:?}", quick.err(), fresh.err()),
            }
        }
    }
}

/// The stylesheets and scripts of the small guide, which take longest to minify.
static STATICS: LazyLock<Cache> = LazyLock::new(|| {
    let built = status_guide::build(&source([]), None, Extent::Pages, &Cache::none());
    Cache::after(Arc::new(built.unwrap().site))
});

/// What somebody does to a file, and saves.
#[derive(Debug, Clone)]
enum Save {
    /// Writes the one for the other, whichever is there.
    Turn((&'static str, &'static str, &'static str)),
    /// Writes this after so many thousandths of the file.
    Insert(&'static str, usize, &'static str),
}

/// What other pages show, link or count.
const SAVES: &[(&str, &str, &str)] = &[
    ("pages/choose.md", "Which one?", "Which of them?"),
    ("pages/random.md", "{#one}", "{#two}"),
    ("pages/other.md", "title = \"O\"", "title = \"T\""),
    ("pages/other.md", "One.", "One and more."),
    ("fields.toml", "RFC 9110 §11.6.1", "RFC 9110 §11.6.3"),
    ("codes/404.md", "\"Not Found\"", "\"Not Here\""),
    ("codes/499.md", "[404]", "[403]"),
    ("site.toml", "language = \"en\"", "language = \"de\""),
];

impl Save {
    fn apply(&self, files: &mut BTreeMap<&'static str, String>) {
        let file = match self {
            Self::Turn((file, ..)) | Self::Insert(file, ..) => file,
        };
        let small = || String::from_utf8_lossy(SMALL.0[file]).into_owned();
        let text = files.get(file).cloned().unwrap_or_else(small);
        let text = match self {
            Self::Turn((_, one, other)) if text.contains(one) => text.replacen(one, other, 1),
            Self::Turn((_, one, other)) => text.replacen(other, one, 1),
            Self::Insert(_, at, new) => changed(&text, &[(*at, 0, (*new).to_owned())]),
        };
        files.insert(file, text);
    }
}

/// The files that two sites do not have in common.
fn differences<'s>(one: &'s Site, other: &'s Site) -> Vec<&'s str> {
    let mut files: Vec<&str> = (one.iter().chain(other.iter()))
        .filter(|(path, bytes)| {
            [one, other]
                .iter()
                .any(|site| site.file(path) != Some(*bytes))
        })
        .map(|(path, _)| path)
        .collect();
    if one.has_the_files_of(other) {
        return files;
    }
    files.push("(there is one more)");
    files
}

/* ---- Nothing is injected ---- */

/// The keys whose text is for people.
const KEYS: [&str; 19] = [
    "title",
    "summary",
    "use_case",
    "cacheable_note",
    "content_note",
    "retry_note",
    "description",
    "breadcrumb_root",
    "breadcrumb_home",
    "footer",
    "text",
    "rule",
    "topic",
    "name",
    "what",
    "by",
    "says",
    "say",
    "ask",
];
/// Whose phrase no example repeats.
const PHRASED: [&str; 3] = ["codes/200.md", "codes/403.md", "codes/499.md"];

/// The small guide with `payload` behind every text for people, in every field,
/// and in the Markdown wherever a text can be: code, headings, tables, titles,
/// alternative texts.
///
/// A team's own layer stands over it, with the same in its texts; it is gone
/// with the folder that is returned.
fn with_payload(payload: &str) -> (Source, tempfile::TempDir) {
    let in_toml = payload.replace('\\', "\\\\").replace('"', "\\\"");
    let files = SMALL.0.iter().map(|(path, bytes)| {
        let mut text = String::from_utf8(bytes.to_vec()).unwrap();
        for key in KEYS.into_iter().chain(PHRASED.contains(path).then_some("phrase")) {
            let marker = format!("{key} = \"");
            let mut from = 0;
            while let Some(found) = text[from..].find(&marker) {
                let value = from + found + marker.len();
                let end = value + text[value..].find('"').unwrap();
                // A list of the same name is no text: `topics = [`.
                let is_key = !text[..from + found].ends_with(|c: char| c.is_alphanumeric() || c == '_');
                from = if is_key {
                    text.insert_str(end, &format!(" {in_toml}"));
                    end + in_toml.len() + 1
                } else {
                    end
                };
            }
        }
        let is_typed = path.starts_with("codes/") || path.starts_with("topics/") || path.starts_with("compare/");
        if is_typed {
            text = text.replacen("checked = ", &format!("search = [\"x {in_toml}\"]\nchecked = "), 1);
        }
        if *path == "site.toml" {
            text.push_str("repository = \"https://example.com/r\"\nbreadcrumb_root_url = \"https://example.com/\"\n");
        }
        if *path == "pages/about.md" {
            let code = format!("`` {} ``", payload.replace("``", "` `").replace('|', "\\|"));
            let safe = markdown_text(payload);
            let _ = write!(
                text,
                "\n## Head {safe} {{#head}}\n\n{safe} {code}\n\n| {safe} | {code} |\n|---|---|\n| {code} | {safe} |\n\n![{safe}](favicon.svg \"{safe}\")\n[{safe}](https://example.com/ \"{safe}\")\n\n~~~ x{}\n{payload}\n~~~\n\n- > {safe}\n",
                payload.replace([' ', '`', '~'], "").replace('&', "&amp;")
            );
        }
        (*path, text)
    });
    let mut source = source(files.collect::<Vec<_>>());
    let team = tempfile::tempdir().unwrap();
    let write = |name: &str, text: String| std::fs::write(team.path().join(name), text).unwrap();
    write(
        "site.toml",
        format!(
            "team = \"T {in_toml}\"\nfooter = \"F {in_toml}\"\nnavigation = [{{ text = \"N {in_toml}\", page = \"404\" }}]\n"
        ),
    );
    let safe = markdown_text(payload);
    write(
        "404.md",
        format!(
            "+++\ntitle = \"Ours {in_toml}\"\nowner = \"O {in_toml}\"\nchecked = 2026-11-25\n+++\n\nWe say {safe}.\n\n### Part {safe} {{#part}}\n\nMore.\n"
        ),
    );
    write("401-vs-403.md", format!("- {safe}\n"));
    source.overlay = Some(team.path().to_owned());
    (source, team)
}

/// Text that Markdown takes as it stands.
fn markdown_text(text: &str) -> String {
    text.chars()
        .flat_map(|c| {
            let escape = c.is_ascii_punctuation().then_some('\\');
            escape.into_iter().chain([c])
        })
        .collect()
}

/// The same text without a sign that means something anywhere.
fn harmless(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c.is_alphanumeric() || c == ' ' {
                c
            } else {
                'x'
            }
        })
        .collect()
}

fn built(source: &Source) -> Site {
    let base = "https://example.com/guide/".parse().unwrap();
    match status_guide::build(source, Some(base), Extent::Whole, &Cache::none()) {
        Ok(built) => built.site,
        Err(Failure::Content(diagnostics)) => panic!("{}", diagnostics.render(Style::Short)),
        Err(Failure::Other(error)) => panic!("{error:#}"),
    }
}

/// What a file consists of, without its texts: two guides that differ in their
/// texts alone have the same. Where a line may end within a long name, `wbr`,
/// is a matter of the text.
fn structure(path: &str, bytes: &[u8]) -> Vec<String> {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    match ending {
        "html" => html_structure(bytes),
        "xml" | "svg" | "xhtml" | "opf" => xml_structure(path, bytes),
        "json" | "webmanifest" => json_structure(std::str::from_utf8(bytes).unwrap()),
        "csv" => csv::Reader::from_reader(bytes)
            .into_records()
            .map(|record| record.unwrap().len().to_string())
            .collect(),
        "md" | "txt" => {
            let text = std::str::from_utf8(bytes).unwrap();
            let events = pulldown_cmark::Parser::new_ext(text, markdown::OPTIONS);
            let is_text = |event: &Event<'_>| {
                matches!(event, Event::Text(_) | Event::Code(_) | Event::SoftBreak)
            };
            events
                .filter(|event| !is_text(event))
                .map(|event| match event {
                    // The words of an info string are text.
                    Event::Start(tag) => format!("{:?}", tag.to_end()),
                    other => format!("{other:?}"),
                })
                .collect()
        }
        "epub" | "zip" => archive_structure(bytes),
        "js" if path == "search-index.js" => {
            let script = std::str::from_utf8(bytes).unwrap();
            let json = script.strip_prefix("window.guideIndex=").unwrap();
            json_structure(json.trim_end().trim_end_matches(';'))
        }
        _ => Vec::new(),
    }
}

fn html_structure(bytes: &[u8]) -> Vec<String> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let mut parts = Vec::new();
    let mut is_data = false;
    for token in tokens(bytes) {
        match token {
            Token::StartTag(tag) if *tag.name == *b"wbr" && tag.attributes.is_empty() => {}
            Token::StartTag(tag) => {
                let name = text(&tag.name);
                is_data = name == "script";
                parts.push(format!("<{name}"));
                for (attribute, value) in &tag.attributes {
                    let (attribute, value) = (text(attribute), text(value));
                    let is_fixed = matches!(
                        &*attribute,
                        "href" | "src" | "action" | "http-equiv" | "rel" | "type" | "charset"
                    );
                    parts.push(if is_fixed {
                        format!("{attribute}={value}")
                    } else {
                        attribute
                    });
                }
            }
            Token::EndTag(tag) => {
                is_data = false;
                parts.push(format!("</{}", text(&tag.name)));
            }
            Token::String(string) if is_data => parts.extend(json_structure(&text(&string))),
            Token::String(_) => {}
            other => parts.push(format!("{other:?}")),
        }
    }
    parts
}

fn xml_structure(path: &str, bytes: &[u8]) -> Vec<String> {
    let text = std::str::from_utf8(bytes).unwrap();
    let options = roxmltree::ParsingOptions {
        allow_dtd: true,
        ..Default::default()
    };
    let document = roxmltree::Document::parse_with_options(text, options)
        .unwrap_or_else(|error| panic!("{path}: {error}\n{text}"));
    let is_break = |node: &roxmltree::Node<'_, '_>| {
        node.has_tag_name(("http://www.w3.org/1999/xhtml", "wbr"))
            && node.attributes().len() == 0
            && !node.has_children()
    };
    let nodes = document
        .descendants()
        .filter(|node| !node.is_text() && !is_break(node));
    nodes
        .map(|node| {
            let attributes: Vec<&str> = node.attributes().map(|it| it.name()).collect();
            format!(
                "{:?} {} {attributes:?}",
                node.node_type(),
                node.tag_name().name()
            )
        })
        .collect()
}

fn json_structure(json: &str) -> Vec<String> {
    fn visit(value: &serde_json::Value, parts: &mut Vec<String>) {
        match value {
            serde_json::Value::Object(object) => {
                for (key, value) in object {
                    // The names of components are made of phrases.
                    let is_name = key.starts_with(char::is_uppercase);
                    parts.push(if is_name { "Name".into() } else { key.clone() });
                    visit(value, parts);
                }
            }
            serde_json::Value::Array(values) => {
                parts.push(format!("[{}]", values.len()));
                for value in values {
                    visit(value, parts);
                }
            }
            serde_json::Value::String(_) => parts.push("text".into()),
            other => parts.push(other.to_string()),
        }
    }
    let mut parts = Vec::new();
    visit(&serde_json::from_str(json).unwrap(), &mut parts);
    parts
}

fn archive_structure(bytes: &[u8]) -> Vec<String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut parts = Vec::new();
    for at in 0..archive.len() {
        let mut entry = archive.by_index(at).unwrap();
        let name = entry.name().unwrap().into_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        let inner = structure(&name, &bytes);
        parts.push(name);
        parts.extend(inner);
    }
    parts
}

/// The two sites consist of the same, and the text is in the hostile one.
fn assert_no_injection(payload: &str) {
    let built = |payload: &str| {
        let (source, _team) = with_payload(payload);
        built(&source)
    };
    let (hostile, plain) = (built(payload), built(&harmless(payload)));
    let files =
        |site: &Site| -> Vec<String> { site.iter().map(|(path, _)| path.to_owned()).collect() };
    assert_eq!(files(&hostile), files(&plain));
    for (path, bytes) in hostile.iter() {
        let (here, there) = (
            structure(path, bytes),
            structure(path, plain.get(path).unwrap()),
        );
        let differ = here.iter().zip(&there).position(|(a, b)| a != b);
        let at = differ.or((here.len() != there.len()).then(|| here.len().min(there.len())));
        if let Some(at) = at {
            let around =
                |parts: &[String]| parts[at.saturating_sub(6)..(at + 4).min(parts.len())].to_vec();
            panic!(
                "{payload:?} changes what {path} consists of:\n{:?}\n{:?}",
                around(&here),
                around(&there)
            );
        }
    }
    // Nothing of it is lost on the way.
    let json: serde_json::Value =
        serde_json::from_slice(hostile.get("codes.json").unwrap()).unwrap();
    let summary = json["codes"][0]["summary"].as_str().unwrap();
    assert!(summary.ends_with(payload), "{summary}");
    let mut shown = String::new();
    for token in tokens(hostile.get("404/index.html").unwrap()) {
        if let Token::String(string) = token {
            shown.push_str(&String::from_utf8_lossy(&string));
        }
    }
    assert!(shown.contains(payload), "{payload:?} is not shown: {shown}");
}

#[test]
fn no_text_makes_markup_in_any_file_of_the_site() {
    for payload in [
        "\"><script>alert(1)</script> 'onmouseover='alert(1) x onfocus=alert(1) javascript:alert(1)",
        "]]>--></title><img src=x onerror=alert(1)></script><!--<![CDATA[ &#27;&lt;b&gt;&amp; \\u003c \\",
        "${alert(1)}`x`` {{7*7}}{%x%} [a](javascript:b) ![c](d)<e@f.g> |#>~~~*h*_i_",
        "&lt;script&gt;&#x3c;b&#62; &amp;lt; &ltimg &quot&notit; # 1. +=",
    ] {
        assert_no_injection(payload);
    }
}

proptest! {
    #![proptest_config(cases(3))]

    #[test]
    fn no_text_at_random_makes_markup_in_any_file_of_the_site(
        payload in prop::collection::vec("[a-zA-Z0-9<>\"'&;/=`{}()\\[\\]!#:*_|~$%^?.,\\\\@+-]{1,14}", 1..6),
    ) {
        // What a spreadsheet would calculate is refused.
        assert_no_injection(&format!("x{}", payload.join(" ")));
    }
}
