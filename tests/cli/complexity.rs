//! How the time grows with the size of hostile input: by hand, since a test
//! that measures time fails where a machine is busy.
//!
//! `cargo test --release --test cli complexity -- --ignored --nocapture`
//! prints, for 1 kB to 10 MB of each shape, the time and how many nanoseconds
//! that is for each n log n. A number that grows with the size tells of more.
//! Files of more than 1 MiB are refused before they are read; what is measured
//! here is called below that limit.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use status_guide::diagnostic::{SourceFile, Style};
use status_guide::load::front_matter::Facts;
use status_guide::load::guide::Guide;
use status_guide::route::Route;
use status_guide::status::StatusCode;
use status_guide::terminal::lookup::Index;
use status_guide::text::markdown::{self, Kind};

use crate::content;

/// What is not tried, going by how the time has grown so far.
const TOO_LONG: Duration = Duration::from_mins(2);

/// A shape: its name, and the text of about so many bytes.
type Shape = (&'static str, fn(usize) -> String);

fn times(piece: &str, size: usize) -> String {
    piece.repeat((size / piece.len()).max(1))
}

/// `make` with one number after the other, up to the size.
fn numbered(size: usize, make: impl Fn(&mut String, usize)) -> String {
    let mut text = String::new();
    for number in 0.. {
        make(&mut text, number);
        if text.len() >= size {
            break;
        }
    }
    text
}

fn both(first: &str, second: &str, size: usize) -> String {
    times(first, size / 2) + &times(second, size / 2)
}

const MARKDOWN: &[Shape] = &[
    ("prose", |n| {
        times("The quick brown fox, and a [404] more. ", n)
    }),
    ("[[[[", |n| times("[", n)),
    ("[[…]]", |n| both("[", "]", n)),
    ("[a](", |n| times("[a](", n)),
    ("![![", |n| times("![", n)),
    ("[x] with nothing behind it", |n| times("[x] ", n)),
    ("[name 1] [name 2] …", |n| {
        numbered(n, |t, i| write!(t, "[name {i}] ").unwrap())
    }),
    ("[404] [404] …", |n| times("[404] ", n)),
    ("[long name][404]", |n| format!("[{}][404]", times("a ", n))),
    ("[x](#nowhere1) …", |n| {
        numbered(n, |t, i| write!(t, "[x](#n{i}) ").unwrap())
    }),
    ("****", |n| times("*", n)),
    ("*a **b *a **b", |n| times("*a **b ", n)),
    ("*a_ *a_", |n| times("*a_ ", n)),
    ("a**b c* d", |n| times("a**b c* d ", n)),
    ("____", |n| times("_a ", n)),
    ("~~~", |n| times("~~a ", n)),
    ("` `` ``` …", |n| {
        numbered(n, |t, i| {
            t.push_str(&"`".repeat(i % 1500 + 1));
            t.push(' ');
        })
    }),
    ("`a", |n| times("`a", n)),
    ("\\\\\\", |n| times("\\", n)),
    ("&amp; &x", |n| times("&amp;&x;", n)),
    ("&&&", |n| times("&", n)),
    ("<a <b", |n| times("<a ", n)),
    ("<!-- <!--", |n| times("<!-- ", n)),
    ("<? <![CDATA[", |n| times("<?<![CDATA[", n)),
    ("<x@y", |n| times("<x@y", n)),
    ("> > > >", |n| times("> ", n)),
    (">>>> and lines", |n| both(">", "a\n", n)),
    ("> a lines", |n| times("> a\n", n)),
    ("- - - -", |n| times("- ", n)),
    ("- - - a and empty lines", |n| {
        times("- ", n / 2) + "a" + &times("\n", n / 2)
    }),
    ("list steps", |n| {
        let depth = n.isqrt();
        (0..depth).fold(String::new(), |text, at| {
            text + &" ".repeat(2 * at) + "- a\n"
        })
    }),
    ("- a lines", |n| times("- a\n", n)),
    ("1. a lines", |n| times("1. a\n", n)),
    ("# a", |n| times("# a\n", n)),
    ("## a1 ## a2 …", |n| {
        numbered(n, |t, i| write!(t, "## a{i}\n\n").unwrap())
    }),
    ("a\\n===", |n| times("a\n===\n", n)),
    ("## a {#…", |n| times("## a {#b .c\n", n)),
    ("table rows", |n| {
        "| a | b |\n|---|---|\n".to_owned() + &times("| c | d |\n", n)
    }),
    ("table of one wide row", |n| {
        both("|a", "|-", n).replacen("|a|-", "|a|\n|-", 1) + "|\n"
    }),
    ("wide head, short rows", |n| {
        format!(
            "{}|\n{}|\n{}",
            times("|a", n / 3),
            times("|-", n / 3),
            times("|b\n", n / 3)
        )
    }),
    ("long head, many rows", |n| {
        format!(
            "| x | {} |\n|---|---|\n{}",
            times("a", n / 2),
            times("|b|c|\n", n / 2)
        )
    }),
    ("|||", |n| times("|", n)),
    ("references", |n| {
        numbered(n, |t, i| writeln!(t, "[r{i}]: https://e.x/{i}").unwrap())
    }),
    ("references, used", |n| {
        numbered(n / 2, |t, i| {
            writeln!(t, "[r{i}]: https://e.x/{i}").unwrap();
        }) + "\n"
            + &numbered(n / 2, |t, i| write!(t, "[r{i}] ").unwrap())
    }),
    ("one long reference, used", |n| {
        format!(
            "[r]: https://e.x/{}\n\n{}",
            times("a", n / 2),
            times("[r] ", n / 2)
        )
    }),
    ("[^a]", |n| times("[^a]", n)),
    ("```http of fields", |n| {
        format!("```http\nGET / HTTP/1.1\n{}```\n", times("A: b\n", n))
    }),
    ("```http of wrong lines", |n| {
        format!("```http\nGET / HTTP/1.1\n{}```\n", times("a\n", n))
    }),
    ("```http of dates", |n| {
        format!("```http\nGET / HTTP/1.1\n{}```\n", times("Date: x\n", n))
    }),
    ("```http responses", |n| {
        times(
            "```http\nHTTP/1.1 404 Not Found\nDate: Sun, 22 Nov 2026 09:14:07 GMT\n```\n\n",
            n,
        )
    }),
    ("```http requests", |n| {
        times("```http\nGET / HTTP/1.1\nHost: a\n```\n", n)
    }),
    ("```http of flags", |n| {
        format!("```http {}\nGET / HTTP/1.1\n```\n", times("wrong date ", n))
    }),
    ("```http of JSON", |n| {
        format!(
            "```http\nGET / HTTP/1.1\nContent-Type: application/json\n\n{}\n```\n",
            times("[", n)
        )
    }),
    ("``` without end", |n| "```\n".to_owned() + &times("a\n", n)),
    ("a long word", |n| times("a", n)),
    ("an empty file", |n| times("\n", n)),
    ("spaces", |n| times(" ", n)),
    ("quotes", |n| times("\"a' ", n)),
    ("> [!NOTE]", |n| times("> [!NOTE]\n> a\n\n", n)),
];

const FRONT_MATTER: &[Shape] = &[
    ("many keys", |n| {
        numbered(n, |t, i| writeln!(t, "k{i} = 1").unwrap())
    }),
    ("a long array", |n| {
        format!("a = [{}]\n", times("\"b\", ", n))
    }),
    ("a nested array", |n| format!("a = {}\n", both("[", "]", n))),
    ("a nested inline table", |n| {
        format!("a = {}", times("{a=", n))
    }),
    ("a long dotted key", |n| {
        format!("{}a = 1\n", times("a.", n))
    }),
    ("many tables", |n| {
        numbered(n, |t, i| writeln!(t, "[t{i}]").unwrap())
    }),
    ("arrays of tables", |n| {
        times("[[questions]]\nid = \"a\"\n", n)
    }),
    ("a long text", |n| format!("a = \"{}\"\n", times("b", n))),
    ("escapes", |n| format!("a = \"{}\"\n", times("\\u0041", n))),
    ("wrong escapes", |n| {
        format!("a = \"{}\"\n", times("\\q", n))
    }),
    ("no TOML at all", |n| times("= [ \" ", n)),
    ("lines without TOML", |n| times("a b\n", n)),
    ("one key again and again", |n| times("a = 1\n", n)),
    ("text that never ends", |n| {
        "a = \"\"\"".to_owned() + &times("\"\" ", n)
    }),
];

const QUERIES: &[Shape] = &[
    ("one long word", |n| times("a", n)),
    ("words", |n| {
        numbered(n, |t, i| write!(t, "word{i} ").unwrap())
    }),
    ("numbers", |n| times("404 ", n)),
    ("signs", |n| times("#/'", n)),
];

fn print(what: &str, shapes: &[Shape], sizes: &[usize], run: impl Fn(String) -> usize) {
    let heads: Vec<String> = (sizes.iter())
        .map(|n| format!("{:>21}", format!("{n} bytes")))
        .collect();
    println!(
        "\n{what:<34} {}",
        "   time  ns/(n log n)".repeat(sizes.len())
    );
    println!("{:<34} {}", "", heads.concat());
    for (name, make) in shapes {
        let mut line = format!("{name:<34} ");
        let (mut last, mut growth) = (Duration::ZERO, 10.0_f64);
        for size in sizes {
            if last.as_secs_f64() * growth > TOO_LONG.as_secs_f64() {
                line.push_str("      too long       ");
                continue;
            }
            let text = make(*size);
            let length = text.len();
            let started = Instant::now();
            std::hint::black_box(run(text));
            let time = started.elapsed();
            if last > Duration::from_millis(1) {
                growth = (time.as_secs_f64() / last.as_secs_f64()).max(10.0);
            }
            last = time;
            #[allow(clippy::cast_precision_loss)]
            let n = length as f64;
            let each = last.as_secs_f64() * 1e9 / (n * n.log2());
            write!(line, "{:>9} {each:>10.3} ", format!("{last:.1?}")).unwrap();
        }
        println!("{line}");
    }
}

fn markdown(guide: &Guide, text: String) -> usize {
    let file = Arc::new(SourceFile {
        name: "hostile.md".into(),
        text,
    });
    let code = StatusCode::new(404).unwrap();
    let body = 0..file.text.len();
    let (body, diagnostics) = markdown::render(guide, &Route::Code(code), Kind::Free, &file, body);
    let printed =
        [Style::Short, Style::Human { color: false }].map(|style| diagnostics.render(style).len());
    body.lead.as_str().len() + printed.iter().sum::<usize>()
}

fn front_matter(text: String) -> usize {
    let file = Arc::new(SourceFile {
        name: "hostile.md".into(),
        text,
    });
    let keys = &[("title", "\"A title\""), ("a", "[\"a\"]")];
    let mut facts = Facts::parse(&file, 0..file.text.len(), keys);
    let _ = facts.sentence("title");
    let _ = facts.list::<String>("a");
    facts.finish().render(Style::Short).len()
}

#[test]
#[ignore = "takes minutes, and measures time: by hand"]
fn how_the_time_grows_with_hostile_input() {
    let guide = content::guide();
    let index = Index::new(&guide);
    let sizes = [1_000, 10_000, 100_000, 1_000_000, 10_000_000];
    let only = std::env::var("ONLY").unwrap_or_default();
    let some = |shapes: &'static [Shape]| -> Vec<Shape> {
        let named = |shape: &&Shape| shape.0.contains(only.as_str());
        shapes.iter().filter(named).copied().collect()
    };
    print("Markdown", &some(MARKDOWN), &sizes, |text| {
        markdown(&guide, text)
    });
    print("front matter", &some(FRONT_MATTER), &sizes, front_matter);
    // A command line has at most a few megabytes.
    print("words for `show`", &some(QUERIES), &sizes[..4], |text| {
        format!("{:?}", index.find(&text)).len()
    });
}
