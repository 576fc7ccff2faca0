//! Nothing wrong is published: every rule finds its specimen, all in one run,
//! at the right place, and the site on disk stays as it was.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use status_guide::diagnostic::Rule;

use crate::project::{self, Output, Project, assert_same, finish, page, snapshot, tree};

/// A file that breaks one rule once: its path, its text, and where the error is.
struct Specimen(Rule, &'static str, Vec<u8>, &'static str);

/// A page of its own that breaks `rule` at `at`; its text starts on line 7.
fn on_page(rule: Rule, at: &'static str, body: &str) -> Specimen {
    let path = format!("content/pages/{}.md", rule.name());
    Specimen(rule, path.leak(), page(rule.name(), body).into_bytes(), at)
}

/// A response that breaks `rule` at `at`; its status line is on line 8.
fn in_response(rule: Rule, at: &'static str, response: &str) -> Specimen {
    on_page(rule, at, &format!("```http\n{response}\n```\n\nText.\n"))
}

/// Makes one more file wrong and returns the place of each error. `Page` is
/// not here: the promises about finished pages are checked once the content
/// is right.
fn specimens() -> Vec<Specimen> {
    const DATE: &str = "Date: Sun, 22 Nov 2026 09:14:07 GMT";
    const JSON: &str = "Content-Type: application/json";
    let facts = |lines: &str| format!("+++\n{lines}\n+++\n\nText.\n").into_bytes();
    let head = "title = \"T\"\nsummary = \"S.\"\n";
    let code = |number, phrase, cacheable| project::code(number, phrase, cacheable).into_bytes();
    let rows = "| Yes? | yes | no |\n".repeat(7);
    let comparison = project_file("content/compare/401-vs-403.md")
        .replace("[401, 403]", "[403, 404]")
        .replace("| Who asks? | Unknown | Of no importance |\n", &rows);
    vec![
        on_page(
            Rule::FillIn,
            "content/pages/fill-in.md:7:8",
            "A word FILL IN: the rest\n",
        ),
        on_page(
            Rule::Fence,
            "content/pages/fence.md:9:1",
            "Text.\n\n```sh\nls\n",
        ),
        // Its class has a code, and the class page is not there.
        Specimen(
            Rule::FileMissing,
            "content/codes/302.md",
            code(302, "Found", "explicitly"),
            "content/classes/3xx.md:1:1",
        ),
        Specimen(
            Rule::FileName,
            "content/pages/Über uns.md",
            page("T", "Text.\n").into_bytes(),
            "content/pages/Über uns.md:1:1",
        ),
        Specimen(
            Rule::FileSize,
            "content/pages/file-size.md",
            page("T", &"word\n".repeat(1 << 18)).into_bytes(),
            "content/pages/file-size.md:1:1",
        ),
        // Made unreadable by the test.
        on_page(
            Rule::FileUnreadable,
            "content/pages/file-unreadable.md:1:1",
            "Text.\n",
        ),
        // Replaced by a link to somewhere else by the test.
        on_page(Rule::FileLink, "content/pages/file-link.md:1:1", "Text.\n"),
        Specimen(
            Rule::Encoding,
            "content/pages/encoding.md",
            [page("encoding", "Zwölf B").as_bytes(), b"\xe4ume.\n"].concat(),
            "content/pages/encoding.md:7:8",
        ),
        Specimen(
            Rule::FrontMatter,
            "content/pages/front-matter.md",
            facts("title = \"T\"\nsummary = \"S.\nchecked = 2026-11-22"),
            "content/pages/front-matter.md:3:11",
        ),
        Specimen(
            Rule::UnknownKey,
            "content/pages/unknown-key.md",
            facts(&format!("{head}checked = 2026-11-22\ncolour = \"red\"")),
            "content/pages/unknown-key.md:5:1",
        ),
        Specimen(
            Rule::MissingKey,
            "content/pages/missing-key.md",
            facts("title = \"T\"\nchecked = 2026-11-22"),
            "content/pages/missing-key.md:1:1",
        ),
        Specimen(
            Rule::InvalidValue,
            "content/pages/invalid-value.md",
            facts(&format!("{head}checked = \"today\"")),
            "content/pages/invalid-value.md:4:11",
        ),
        Specimen(
            Rule::Duplicate,
            "content/codes/405.md",
            code(404, "Not Found", "heuristically"),
            "content/codes/405.md:2:8",
        ),
        Specimen(
            Rule::Contradiction,
            "content/codes/410.md",
            code(410, "Gone", "explicitly"),
            "content/codes/410.md:9:13",
        ),
        Specimen(
            Rule::UnknownName,
            "content/codes/400.md",
            String::from_utf8(code(400, "Bad Request", "explicitly"))
                .unwrap()
                .replace("[\"testing\"]", "[\"testing\", \"tasting\"]")
                .into_bytes(),
            "content/codes/400.md:17:22",
        ),
        Specimen(
            Rule::TooLong,
            "content/pages/too-long.md",
            facts(&format!(
                "title = \"T\"\nsummary = \"{}\"\nchecked = 2026-11-22",
                "word ".repeat(26)
            )),
            "content/pages/too-long.md:3:11",
        ),
        on_page(
            Rule::Heading,
            "content/pages/heading.md:9:1",
            "Text.\n\n#### Too deep\n",
        ),
        on_page(Rule::EmptyPage, "content/pages/empty-page.md:7:1", ""),
        Specimen(
            Rule::Table,
            "content/compare/403-vs-404.md",
            comparison.into_bytes(),
            "content/compare/403-vs-404.md:10:1",
        ),
        // A question that leads nowhere.
        Specimen(
            Rule::Decision,
            "content/pages/decision.md",
            facts(&format!(
                "{head}shows = \"decisions\"\nchecked = 2026-11-22\n[[questions]]\nid = \"start\"\nask = \"Who?\"\nanswers = [\n  {{ say = \"A\", to = \"strat\" }},\n  {{ say = \"B\", to = \"next\" }},\n]\n[[questions]]\nid = \"next\"\nask = \"What?\"\nanswers = [{{ say = \"C\", send = 200 }}, {{ say = \"D\", send = 200 }}]\n+++\n\n## Send 200\n"
            )),
            "content/pages/decision.md:10:3",
        ),
        on_page(
            Rule::Nesting,
            "content/pages/nesting.md:7:65",
            &format!("{}text\n", "> ".repeat(40)),
        ),
        // A relation that neither page explains.
        Specimen(
            Rule::Related,
            "content/codes/406.md",
            String::from_utf8(code(406, "Not Acceptable", "explicitly"))
                .unwrap()
                .replace("related = []", "related = [200]")
                .into_bytes(),
            "content/codes/406.md:18:12",
        ),
        on_page(
            Rule::RawHtml,
            "content/pages/raw-html.md:7:8",
            "A line,<br>and more.\n",
        ),
        on_page(Rule::Link, "content/pages/link.md:7:5", "See [refrence].\n"),
        on_page(
            Rule::Fragment,
            "content/pages/fragment.md:7:5",
            "See [404#retyr].\n",
        ),
        on_page(
            Rule::Image,
            "content/pages/image.md:7:1",
            "![A sketch](sketch.png)\n",
        ),
        in_response(
            Rule::StartLine,
            "content/pages/start-line.md:8:1",
            "HTTP/4.1 404 Not Found",
        ),
        in_response(
            Rule::Status,
            "content/pages/status.md:8:10",
            &format!("HTTP/1.1 404 Not There\n{DATE}"),
        ),
        in_response(
            Rule::FieldLine,
            "content/pages/field-line.md:10:1",
            &format!("HTTP/1.1 403 Forbidden\n{DATE}\nServer : nginx"),
        ),
        in_response(
            Rule::MissingField,
            "content/pages/missing-field.md:8:10",
            &format!("HTTP/1.1 401 Unauthorized\n{DATE}"),
        ),
        in_response(
            Rule::ContentLength,
            "content/pages/content-length.md:11:17",
            &format!("HTTP/1.1 200 OK\n{DATE}\n{JSON}\nContent-Length: 3\n\n[ \"ä\" ]"),
        ),
        // An answer to HEAD with content.
        on_page(
            Rule::Content,
            "content/pages/content.md:18:1",
            &format!(
                "```http\nHEAD / HTTP/1.1\nHost: example.com\n```\n\n```http\nHTTP/1.1 200 OK\n{DATE}\n{JSON}\nContent-Length: 4\n\ntrue\n```\n\nText.\n"
            ),
        ),
        in_response(
            Rule::Date,
            "content/pages/date.md:9:7",
            "HTTP/1.1 403 Forbidden\nDate: Mon, 22 Nov 2026 09:14:07 GMT",
        ),
        in_response(
            Rule::Json,
            "content/pages/json.md:15:3",
            &format!(
                "HTTP/1.1 200 OK\n{DATE}\n{JSON}\nContent-Length: 20\n\n{{\n  \"a\": 1,\n  7: 8\n}}"
            ),
        ),
        in_response(
            Rule::Problem,
            "content/pages/problem.md:13:3",
            &format!(
                "HTTP/1.1 403 Forbidden\n{DATE}\nContent-Type: application/problem+json\nContent-Length: 17\n\n{{ \"status\": 404 }}"
            ),
        ),
    ]
}

fn project_file(path: &str) -> String {
    Project::new().read(path)
}

/// `path:line:col: error[rule]` of every line that reports an error.
fn places(output: &Output) -> Vec<String> {
    let found = output
        .stderr
        .lines()
        .filter_map(|line| line.split_once("]: "));
    found.map(|(place, _)| format!("{place}]")).collect()
}

/// Runs the program as somebody who may not read everything, since the tests
/// may run as root, to whom every file is readable.
#[cfg(unix)]
fn run_as_nobody(project: &Project, arguments: &[&str]) -> Output {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
    use std::os::unix::process::CommandExt;
    const NOBODY: u32 = 65_534;

    let mut command = project.command(arguments);
    if fs::metadata(project.path("")).unwrap().uid() == 0 {
        let program = project.path("status-guide");
        fs::copy(project::PROGRAM, &program).unwrap();
        let mut folders = vec![project.path("")];
        while let Some(folder) = folders.pop() {
            chown(&folder, Some(NOBODY), Some(NOBODY)).unwrap();
            for entry in fs::read_dir(&folder).unwrap() {
                let entry = entry.unwrap();
                let kind = entry.file_type().unwrap();
                if kind.is_dir() {
                    folders.push(entry.path());
                } else if !kind.is_symlink() {
                    chown(entry.path(), Some(NOBODY), Some(NOBODY)).unwrap();
                }
            }
        }
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        command = std::process::Command::new(program);
        command.args(arguments).current_dir(project.path(""));
        command.env_remove("GITHUB_ACTIONS").uid(NOBODY).gid(NOBODY);
    }
    finish(&mut command)
}

#[test]
#[cfg(unix)]
fn every_rule_finds_its_specimen_in_one_run_and_the_site_stays_as_it_was() {
    use std::os::unix::fs::{PermissionsExt, symlink};

    let project = Project::new();
    project.run(&["build"]).exits(0);
    let before = snapshot(&project.path("dist"));
    let folder = fs::metadata(project.path("dist"))
        .unwrap()
        .modified()
        .unwrap();

    let mut expected = Vec::new();
    let mut rules = BTreeSet::new();
    for Specimen(rule, path, text, at) in specimens() {
        project.write(path, text);
        expected.push(format!("{at}: error[{}]", rule.name()));
        assert!(rules.insert(rule), "{rule:?} has two specimens");
    }
    let unreadable = project.path("content/pages/file-unreadable.md");
    fs::set_permissions(unreadable, fs::Permissions::from_mode(0o0)).unwrap();
    project.remove("content/pages/file-link.md");
    symlink("/etc/passwd", project.path("content/pages/file-link.md")).unwrap();

    // `Page` has its own test below; no other rule may be without a specimen.
    let without: Vec<_> = (Rule::ALL.iter())
        .filter(|rule| !rules.contains(rule))
        .collect();
    assert_eq!(without, [&Rule::Page], "these rules have no specimen");

    let output = run_as_nobody(&project, &["build", "--format", "short"]).exits(1);
    let mut found = places(&output);
    found.sort();
    expected.sort();
    for place in &expected {
        assert!(
            found.contains(place),
            "{place} was not reported:\n{}",
            output.stderr
        );
    }
    for place in &found {
        assert!(
            expected.contains(place),
            "{place} was not expected:\n{}",
            output.stderr
        );
    }
    assert_eq!(found, expected);
    let count = format!("{} errors; nothing was written.\n", expected.len());
    assert!(output.stderr.ends_with(&count), "{}", output.stderr);

    assert!(
        snapshot(&project.path("dist")) == before,
        "the site was touched"
    );
    assert_eq!(
        fs::metadata(project.path("dist"))
            .unwrap()
            .modified()
            .unwrap(),
        folder
    );
    let litter = project::names(&project.path(""));
    assert!(
        !litter.iter().any(|name| name.starts_with('.')),
        "{litter:?}"
    );
}

#[test]
fn a_finished_page_that_breaks_a_promise_is_an_error_too() {
    let project = Project::new();
    let before = project.build();
    project.write(
        "static/old.html",
        "<!doctype html><html lang=en><title>Old</title><h1>Old</h1><img src=https://example.com/x.png><a href=gone.html>x</a>",
    );
    let output = project.run(&["build", "--format", "short"]).exits(1);
    for part in [
        "old.html (built):1:1: error[page]: <img> loads https://example.com/x.png from elsewhere",
        "old.html (built):1:1: error[page]: the link \"gone.html\" leads to gone.html, which does not exist",
        "old.html (built):1:1: error[page]: <meta> for viewport is missing or empty",
    ] {
        assert!(
            output.stderr.contains(part),
            "{part:?} is not in:\n{}",
            output.stderr
        );
    }
    assert_same("after an error", &tree(&project.path("dist")), &before);
}

#[test]
fn a_static_file_with_the_address_of_a_page_is_an_error_beside_all_others() {
    let project = Project::new();
    project.write("static/404/index.html", "mine");
    project.write(
        "content/pages/about.md",
        page("About", "See [x][404#rety].\n"),
    );
    let output = project.check().exits(1);
    for part in [
        "static/404/index.html:1:1: error[duplicate]",
        "content/pages/about.md:7:5: error[fragment]: /404/ has no part `#rety` (help: did you mean `#retry`?)",
    ] {
        assert!(output.stderr.contains(part), "{}", output.stderr);
    }
}

#[test]
fn a_heading_that_takes_a_fragment_of_the_frame_is_reported_where_it_stands() {
    let project = Project::new();
    project.write(
        "content/pages/about.md",
        page("About", "Text.\n\n## Codes\n\nText.\n"),
    );
    let output = project.check().exits(1);
    let expected = "content/pages/about.md:9:1: error[heading]: the page already has a part `#codes`, and a link to it could not tell them apart (help: ";
    assert!(output.stderr.contains(expected), "{}", output.stderr);
}

#[test]
fn what_does_not_fit_to_a_code_that_nobody_registered_is_an_error() {
    for (from, to, error) in [
        (
            "registration = \"vendor\"",
            "registration = \"vendor\"\nspecification = \"RFC 9110 §15\"",
            "499 is not registered, so that no specification defines it",
        ),
        (
            "registration = \"vendor\"",
            "registration = \"standard\"",
            "499 is registered, and nothing says by which document",
        ),
        (
            "sent_by = [\"log-only\", \"origin-server\"]",
            "sent_by = [\"log-only\"]",
            "A Map Server lets people meet 499 outside of logs",
        ),
        (
            "source = \"https://example.org/maps\"",
            "source = \"a book\"",
            "this source is no address",
        ),
        (
            "retry_note = \"Wait longer\"\n",
            "",
            "nothing says what to do before the request is sent again",
        ),
        (
            "ask = [\"developer\"]",
            "ask = [\"developer\", \"nobody\"]",
            "`ask` names those who can put it right, or nobody",
        ),
    ] {
        let project = Project::with_every_kind_of_page();
        project.edit("content/codes/499.md", from, to);
        let output = project.check().exits(1);
        assert!(output.stderr.contains(error), "{error}:\n{}", output.stderr);
    }
}

#[test]
fn a_code_above_599_cannot_be_registered() {
    let project = Project::new();
    let text = project::code(600, "Beyond", "explicitly");
    project.write("content/codes/600.md", text);
    project.write(
        "content/classes/5xx.md",
        project_file("content/classes/4xx.md")
            .replace("4xx", "5xx")
            .replace("Client", "Server"),
    );
    let output = project.check().exits(1);
    let error = "content/codes/600.md:2:8: error[contradiction]: 600 cannot be registered";
    assert!(output.stderr.contains(error), "{}", output.stderr);
}

#[test]
fn an_answer_that_is_not_written_and_one_that_nobody_reaches_are_errors() {
    let project = Project::with_every_kind_of_page();
    project.edit(
        "content/pages/choose.md",
        "## Send 403 {#send-403}",
        "## Send 404 {#send-404}",
    );
    let output = project.check().exits(1);
    for error in [
        "content/pages/choose.md:21:3: error[decision]: nothing says how to send 403",
        "content/pages/choose.md:1:1: error[decision]: no question leads to the section `#send-404`",
    ] {
        assert!(output.stderr.contains(error), "{}", output.stderr);
    }
}

#[test]
fn an_error_in_the_facts_does_not_hide_those_in_the_text() {
    let project = Project::new();
    let broken = project_file("content/codes/403.md")
        .replace("retry = \"never\"", "retry = \"nevr\"")
        + "\nSee [4O1].\n";
    project.write("content/codes/403.md", broken);
    let output = project.check().exits(1);
    for part in [
        "error[invalid-value]: `retry` cannot be `nevr` (help: did you mean \"never\"?)",
        "error[link]: `4O1` is no page",
    ] {
        assert!(output.stderr.contains(part), "{}", output.stderr);
    }
    assert_eq!(
        output.stderr.matches(": error[").count(),
        2,
        "{}",
        output.stderr
    );
}

#[test]
fn every_error_says_what_to_type_instead() {
    let project = Project::new();
    for Specimen(_, path, text, _) in specimens() {
        project.write(path, text);
    }
    let output = project.check().exits(1);
    for line in output
        .stderr
        .lines()
        .filter(|line| line.contains(": error["))
    {
        assert!(line.contains("(help: "), "{line}");
    }
}

#[test]
fn the_human_form_shows_the_source_line_and_the_way_out() {
    let project = Project::new();
    project.write(
        "content/pages/about.md",
        page("About", "Zwölf; see [refrence] there.\n"),
    );
    let output = project.run(&["check"]).exits(1);
    for part in [
        "error[link]: `refrence` is no page of the guide",
        "content/pages/about.md:7:12",
        "7 | Zwölf; see [refrence] there.",
        "^^^^^^^^^^",
        "help: did you mean [reference]?",
        "1 error; nothing was written.",
    ] {
        assert!(
            output.stderr.contains(part),
            "{part:?} is not in:\n{}",
            output.stderr
        );
    }
    assert!(
        !output.stderr.contains('\u{1b}'),
        "colours in a pipe:\n{}",
        output.stderr
    );
}

#[test]
fn on_github_errors_are_shown_beside_the_changed_lines() {
    let project = Project::new();
    project.write("content/pages/about.md", page("About", "See [refrence].\n"));
    let output = finish(project.command(&["check"]).env("GITHUB_ACTIONS", "true")).exits(1);
    assert_eq!(
        output.stdout,
        "::error file=content/pages/about.md,line=7,col=5,title=link::`refrence` is no page of the guide%0Ahelp: did you mean [reference]?\n"
    );
    let quiet = finish(project.command(&["check"]).env("GITHUB_ACTIONS", "false")).exits(1);
    assert_eq!(quiet.stdout, "");
}

#[test]
fn text_that_is_not_utf_8_is_reported_where_it_begins() {
    let project = Project::new();
    for (bytes, at) in [
        (&b"\xff"[..], "1:1"),
        (b"+++\n\xc3\xa4\xc3\xa4\xff", "2:3"),
        (b"\xef\xbb\xbf+++\r\nab\xe4", "2:3"),
        // A character that the file's end cuts in two.
        (b"+++\nab\xe2\x82", "2:3"),
    ] {
        project.write("content/pages/about.md", bytes);
        let at = format!("content/pages/about.md:{at}: error[encoding]");
        project.check().exits(1).says(&at);
    }
}

#[test]
fn a_control_character_is_reported_where_it_is() {
    let project = Project::new();
    for (wrong, name) in [
        ("\0", "U+0000"),
        ("\u{1b}", "U+001B"),
        ("\r", "U+000D"),
        ("\u{e000}", "U+E000"),
    ] {
        project.write(
            "content/pages/about.md",
            page("About", &format!("Zwölf{wrong} more.\n")),
        );
        let error = format!("content/pages/about.md:7:6: error[encoding]: {name}");
        project.check().exits(1).says(&error);
    }
}

/// The site after every text file of the content went through `change`.
/// What a text editor cannot type, an escape or a character reference can.
#[test]
fn a_character_that_an_escape_brings_in_is_reported_where_the_escape_is() {
    for (text, at) in [
        (page("A \\u001b[31m", "Text.\n"), "2:9"),
        (page("The list \\uE000", "Text.\n"), "2:9"),
        (page("T", "Text &#27;[31m.\n"), "7:6"),
        (page("T", "## A part &#xE000;\n"), "7:11"),
        (page("T", "[a](https://example.com/ \"&#x202e;\")\n"), "7:1"),
        (page("T", "| a&#xFFFF; |\n|---|\n| b |\n"), "7:4"),
    ] {
        let project = Project::new();
        project.write("content/pages/about.md", text);
        let start = format!("content/pages/about.md:{at}: error[encoding]: U+");
        let output = project.check().exits(1);
        assert!(
            output.stderr.starts_with(&start),
            "{start}: {}",
            output.stderr
        );
        assert!(output.stderr.ends_with("1 error; nothing was written.\n"));
    }
}

#[test]
fn text_that_people_and_programs_read_differently_is_refused_and_marks_are_not() {
    for c in [
        '\u{202e}',
        '\u{2066}',
        '\u{2028}',
        '\u{feff}',
        '\u{e0041}',
        '\u{f0000}',
        '\u{fffe}',
    ] {
        let project = Project::new();
        project.write("content/pages/about.md", page("About", &format!("a{c}b\n")));
        let output = project.check().exits(1);
        let start = "content/pages/about.md:7:2: error[encoding]: U+";
        assert!(output.stderr.starts_with(start), "{}", output.stderr);
        assert!(!output.stderr.contains(c));
        project.write("content/pages/about.md", page("About", "Text.\n"));
    }
    let project = Project::new();
    project.write(
        "content/pages/about.md",
        page(
            "About",
            "\u{200f}שלום\u{200e}, e\u{301} and 👩\u{200d}💻.\n",
        ),
    );
    project.check().exits(0);
}

#[test]
fn what_is_too_deep_is_an_error_and_no_overflow_of_the_stack() {
    let deep = |piece: &str| piece.repeat(100_000);
    for text in [
        page("T", &deep("> ")),
        page("T", &(deep("- ") + "a")),
        page("T", &(deep("*a **b ") + &deep("c** d* "))),
        format!("+++\na = {}\n+++\n", deep("[")),
        format!("+++\na = {}\n+++\n", deep("{a=")),
        format!("+++\n{}b = 1\n+++\n", deep("a.")),
    ] {
        let project = Project::new();
        project.write("content/pages/about.md", &text);
        let output = project.check().exits(1);
        assert!(
            output.stderr.contains("content/pages/about.md:"),
            "{}",
            output.stderr
        );
    }
}

/// Each question can lead twice to the next: written out, thirty are a tree of
/// a thousand million.
#[test]
fn questions_that_double_at_each_step_are_an_error_and_not_written_out() {
    let project = Project::with_every_kind_of_page();
    let questions: Vec<String> = (0..30)
        .map(|n| {
            let next = n + 1;
            format!("[[questions]]\nid = \"q{n}\"\nask = \"Q?\"\nanswers = [{{ say = \"a\", to = \"q{next}\" }}, {{ say = \"b\", to = \"q{next}\" }}]\n")
        })
        .collect();
    let text = project.read("content/pages/choose.md");
    let (head, rest) = text.split_once("[[questions]]").unwrap();
    let body = rest.split_once("+++").unwrap().1;
    project.write(
        "content/pages/choose.md",
        format!("{head}{}+++{body}", questions.concat()),
    );
    project
        .check()
        .exits(1)
        .says("error[decision]: the longest way has 30 questions");
}

#[test]
fn an_address_that_runs_something_or_breaks_out_is_refused() {
    for (line, at) in [
        ("repository = \"javascript:alert(1)\"", "repository"),
        (
            "repository = \"https://example.com/ onclick=x\"",
            "repository",
        ),
        (
            "breadcrumb_root_url = \"javascript:alert(1)\"",
            "breadcrumb_root_url",
        ),
        (
            "breadcrumb_root_url = \"//example.com\"",
            "breadcrumb_root_url",
        ),
        ("branch = \"../..\"", "branch"),
        ("branch = \"a b\"", "branch"),
    ] {
        let project = Project::new();
        let text = project.read("content/site.toml");
        project.write("content/site.toml", format!("{text}{line}\n"));
        let place = format!("content/site.toml:8:{}: error[invalid-value]", at.len() + 4);
        project.check().exits(1).says(&place);
    }
    let project = Project::new();
    project.edit("content/site.toml", "\"en\"", "\"English, please\"");
    project
        .check()
        .exits(1)
        .says("content/site.toml:2:12: error[invalid-value]");
}

#[test]
fn a_fact_that_a_spreadsheet_would_calculate_is_refused() {
    for wrong in ["=cmd()", "+1", "-1", "@sum(a)"] {
        let project = Project::new();
        project.edit("content/codes/403.md", "The client may not do this", wrong);
        project
            .check()
            .exits(1)
            .says("content/codes/403.md:5:12: error[invalid-value]");
    }
}

#[test]
fn a_heading_inside_of_a_list_or_a_quotation_is_refused() {
    for (body, at) in [("> ## A part\n", "7:3"), ("- ## A part\n", "7:3")] {
        let project = Project::new();
        project.write("content/pages/about.md", page("About", body));
        let place =
            format!("content/pages/about.md:{at}: error[heading]: this heading stands inside");
        project.check().exits(1).says(&place);
    }
}

#[test]
fn an_image_whose_path_is_written_with_a_character_reference_is_refused() {
    let project = Project::new();
    project.write(
        "content/pages/about.md",
        page("About", "Text ![ää](fav&#105;con.svg)\n"),
    );
    project
        .check()
        .exits(1)
        .says("content/pages/about.md:7:6: error[image]");
}

#[test]
fn a_code_that_nobody_registered_in_an_alternative_text_is_no_markup() {
    let project = Project::with_every_kind_of_page();
    project.write(
        "content/pages/more.md",
        page("More", "![what [499] means](favicon.svg) and more.\n"),
    );
    let site = project.build();
    let html = String::from_utf8_lossy(&site["more/index.html"]).into_owned();
    assert!(html.contains("alt=\"what 499 means\""), "{html}");
}

/// Each error of a line is shown with what stands around it.
#[test]
fn thousands_of_errors_in_one_line_are_printed_once_each() {
    let project = Project::new();
    let line = "[nowhere] ".repeat(20_000);
    project.write("content/pages/about.md", page("About", &line));
    let output = project.run(&["check"]).exits(1);
    assert_eq!(output.stderr.matches("error[link]").count(), 20_000);
    assert!(
        output.stderr.len() < 40_000_000,
        "{} bytes",
        output.stderr.len()
    );
    assert!(output.stderr.contains("content/pages/about.md:7:199991"));
}

#[test]
#[cfg(unix)]
fn a_pipe_among_the_content_is_an_error_and_not_waited_for() {
    let project = Project::new();
    let made = std::process::Command::new("mkfifo")
        .arg(project.path("content/pages/about.md"))
        .status();
    if !made.is_ok_and(|status| status.success()) {
        eprintln!("skipped: there is no mkfifo here");
        return;
    }
    project.check().exits(1).says(
        "content/pages/about.md:1:1: error[file-unreadable]: this is neither a file nor a folder",
    );
}

fn rebuilt(project: &Project, change: impl Fn(&str) -> String) -> project::Tree {
    for name in tree(&project.path("content")).keys() {
        let path = format!("content/{name}");
        project.write(&path, change(&project.read(&path)));
    }
    project.build()
}

#[test]
fn a_byte_order_mark_and_crlf_change_nothing() {
    let project = Project::new();
    let plain = project.build();
    let marked = rebuilt(&project, |text| format!("\u{feff}{text}"));
    assert_same("with a byte order mark", &marked, &plain);
    let both = rebuilt(&project, |text| text.replace('\n', "\r\n"));
    assert_same("with CRLF too", &both, &plain);
    let only_crlf = rebuilt(&project, |text| {
        text.trim_start_matches('\u{feff}').to_owned()
    });
    assert_same("with CRLF", &only_crlf, &plain);
}

#[test]
fn a_place_is_right_in_a_file_with_a_byte_order_mark_and_crlf() {
    let project = Project::new();
    let text = page("About", "One.\n\nSee [refrence].\n").replace('\n', "\r\n");
    project.write("content/pages/about.md", format!("\u{feff}{text}"));
    project
        .check()
        .exits(1)
        .says("content/pages/about.md:9:5: error[link]");
}

#[test]
fn an_empty_file_and_front_matter_that_never_ends_are_one_error_each() {
    let project = Project::new();
    for (text, at, what) in [
        ("", "1:1", "the file is empty"),
        ("\u{feff}\r\n \r\n", "1:1", "the file is empty"),
        ("# About\n", "1:1", "does not start with front matter"),
        (
            "+++\ntitle = \"About\"\n\nText.\n",
            "2:1",
            "this front matter never ends",
        ),
        ("+++", "1:1", "this front matter never ends"),
    ] {
        project.write("content/pages/about.md", text);
        let output = project.check().exits(1).says(what);
        assert_eq!(
            places(&output),
            [format!("content/pages/about.md:{at}: error[front-matter]")]
        );
    }
}

#[test]
fn a_file_of_ten_megabytes_is_refused_without_reading_it() {
    let project = Project::new();
    project.write(
        "content/pages/about.md",
        page("About", &"word ".repeat(2_000_000)),
    );
    let output = project.check().exits(1).says("the file has 10");
    assert_eq!(
        places(&output),
        ["content/pages/about.md:1:1: error[file-size]"]
    );
}

#[test]
#[cfg(unix)]
fn an_odd_file_name_is_an_error_on_one_line() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    for (name, printed) in [
        (&b"not found.md"[..], "not found.md"),
        (b"not\nfound.md", "not\\nfound.md"),
        (b"not\x1b[31mfound.md", "not\\u{1b}[31mfound.md"),
        (b"not\xfffound.md", "not\u{fffd}found.md"),
        (b"Not-Found.md", "Not-Found.md"),
        (b"not-found.txt", "not-found.txt"),
    ] {
        let project = Project::new();
        project.write(
            Path::new("content/pages").join(OsStr::from_bytes(name)),
            page("T", "Text.\n"),
        );
        let output = project.check().exits(1);
        assert_eq!(
            places(&output),
            [format!("content/pages/{printed}:1:1: error[file-name]")]
        );
        assert_eq!(output.stderr.lines().count(), 2, "{}", output.stderr);
        let github = finish(project.command(&["check"]).env("GITHUB_ACTIONS", "true"));
        assert_eq!(github.stdout.lines().count(), 1, "{}", github.stdout);
    }
}

#[test]
#[cfg(unix)]
fn a_link_that_leads_outside_nowhere_or_in_a_circle_is_an_error() {
    use std::os::unix::fs::symlink;

    for (target, link, what) in [
        ("..", "content/pages/loop", "a folder that it is in"),
        (".", "content/codes/loop", "a folder that it is in"),
        ("gone.md", "content/pages/about.md", "leads nowhere"),
        ("about.md", "content/pages/about.md", "leads nowhere"),
        (
            "/etc/passwd",
            "content/pages/about.md",
            "leads out of content",
        ),
        ("../..", "content/pages/up", "leads out of content"),
        (
            "../content/pages/home.md",
            "static/about.md",
            "leads out of static",
        ),
        ("gone.png", "static/about.png", "leads nowhere"),
    ] {
        let project = Project::new();
        symlink(target, project.path(link)).unwrap();
        let output = project.check().exits(1).says(what);
        assert_eq!(
            places(&output),
            [format!("{link}:1:1: error[file-link]")],
            "{}",
            output.stderr
        );
    }
}

#[test]
#[cfg(unix)]
fn a_link_that_stays_inside_is_followed() {
    use std::os::unix::fs::symlink;

    let project = Project::new();
    let plain = project.build();
    fs::rename(
        project.path("content/codes/404.md"),
        project.path("content/codes/.404.txt"),
    )
    .unwrap();
    symlink(".404.txt", project.path("content/codes/404.md")).unwrap();
    assert_same("through a link", &project.build(), &plain);
}

#[test]
fn two_pages_about_one_code_are_an_error_that_names_both() {
    let project = Project::new();
    project.write("content/codes/405.md", project.read("content/codes/404.md"));
    let output = project
        .check()
        .exits(1)
        .says("404 already has a page: content/codes/404.md");
    assert_eq!(
        places(&output),
        ["content/codes/405.md:2:8: error[duplicate]"]
    );
}

#[test]
fn a_page_that_takes_the_address_of_another_is_an_error() {
    for name in ["404", "4xx", "401-vs-403"] {
        let project = Project::new();
        project.write(format!("content/pages/{name}.md"), page("T", "Text.\n"));
        let output = project
            .check()
            .exits(1)
            .says("is the address of another kind of page: content/");
        assert_eq!(
            places(&output),
            [format!("content/pages/{name}.md:1:1: error[duplicate]")]
        );
    }
}

#[test]
fn an_error_in_one_file_does_not_make_errors_in_those_that_link_to_it() {
    for path in [
        "content/codes/403.md",
        "content/pages/reference.md",
        "content/classes/4xx.md",
    ] {
        let project = Project::new();
        project.write(path, "");
        let output = project.check().exits(1);
        assert_eq!(
            places(&output),
            [format!("{path}:1:1: error[front-matter]")],
            "{}",
            output.stderr
        );
    }
}

#[test]
fn check_writes_nothing() {
    let project = Project::new();
    let before = project::names(&project.path(""));
    project.run(&["check"]).exits(0);
    assert_eq!(project::names(&project.path("")), before);
}
