//! Errors as a newcomer meets them: each mistake is made once in a right guide,
//! and what the program says is written here in full. One mistake, one error.

use std::sync::Arc;

use rayon::prelude::*;
use status_guide::diagnostic::{Diagnostics, SourceFile, Style};
use status_guide::load::content::{self, Folder};
use status_guide::text::markdown;

use crate::project::{Project, finish, page, repository, tree};

/// What is changed in the guide.
enum Slip {
    /// A part of a file, and what is written in its place.
    Edit(&'static str, &'static str, &'static str),
    /// A page `mine.md` with this text.
    Page(&'static str),
    /// A page `mine.md` with this example response or request.
    Example(&'static str),
    /// A whole file.
    File(&'static str, &'static [u8]),
    /// A file that is deleted.
    Gone(&'static str),
    /// A file that is renamed.
    Moved(&'static str, &'static str),
}

use Slip::{Edit, Example, File, Gone, Moved, Page};

const C404: &str = "content/codes/404.md";
const C499: &str = "content/codes/499.md";
const SITE: &str = "content/site.toml";
const FIELDS: &str = "content/fields.toml";
const CHANGES: &str = "content/changes.toml";
const MINE: &str = "content/pages/mine.md";

fn guide() -> Project {
    let project = Project::with_every_kind_of_page();
    project.write(
        CHANGES,
        "[[changes]]\nid = \"first\"\ndate = 2026-11-22\ntitle = \"First\"\nwhat = \"It began.\"\npages = [\"404\"]\n",
    );
    project
}

fn said(slip: &Slip) -> String {
    let project = guide();
    match slip {
        Edit(path, from, to) => {
            project.edit(path, from, to);
        }
        Page(text) => {
            project.write(MINE, page("Mine", text));
        }
        Example(message) => {
            let text = format!("```http\n{message}\n```\n\nText.\n");
            project.write(MINE, page("Mine", &text));
        }
        File(path, bytes) => {
            project.write(path, bytes);
        }
        Gone(path) => {
            project.remove(path);
        }
        Moved(from, to) => {
            std::fs::rename(project.path(from), project.path(to)).unwrap();
        }
    }
    let output = project.check();
    let errors = output
        .stderr
        .lines()
        .filter(|line| line.contains(": error["));
    errors.collect::<Vec<_>>().join("\n")
}

/// Every mistake and the one line that answers it.
const MISTAKES: &[(Slip, &str)] = &[
    // A comma that is missing in a list of several lines.
    (
        Edit(C404, "topics = [\"testing\"]", "topics = [\n  \"testing\"\n  \"access\",\n]"),
        "content/codes/404.md:20:11: error[front-matter]: a comma is missing between this item of the list and the next (help: write `\"testing\",`)",
    ),
    // A word without quotes in a list of several lines.
    (
        Edit(C404, "topics = [\"testing\"]", "topics = [\n  testing,\n]"),
        "content/codes/404.md:20:3: error[front-matter]: each text of a list stands in plain double quotes (help: write `\"testing\"`)",
    ),
    // A list of several lines that is not closed.
    (
        Edit(C404, "topics = [\"testing\"]", "topics = [\n  \"testing\",\n"),
        "content/codes/404.md:19:10: error[front-matter]: this list never ends: its closing bracket is missing (help: close it with a line `]`)",
    ),
    // Missing closing quote.
    (Edit(C404, "phrase = \"Not Found\"", "phrase = \"Not Found"), "content/codes/404.md:3:10: error[front-matter]: this text has no closing quote on its line, and stays on one (help: write `phrase = \"Not Found\"`)"),
    // No quotes.
    (Edit(C404, "phrase = \"Not Found\"", "phrase = Not Found"), "content/codes/404.md:3:10: error[front-matter]: text stands in double quotes (help: write `phrase = \"Not Found\"`)"),
    // One word no quotes.
    (Edit(C404, "retry = \"never\"", "retry = never"), "content/codes/404.md:15:9: error[front-matter]: text stands in double quotes (help: write `retry = \"never\"`)"),
    // Single quotes curly.
    (Edit(C404, "retry = \"never\"", "retry = “never”"), "content/codes/404.md:15:9: error[front-matter]: these are typographic quotes, which mark no text here (help: write `retry = \"never\"`, with plain double quotes)"),
    // Colon in place of =.
    (Edit(C404, "phrase = \"Not Found\"", "phrase: \"Not Found\""), "content/codes/404.md:3:1: error[front-matter]: an equals sign belongs between `phrase` and its value, and no colon: facts are TOML, not YAML (help: write `phrase = \"Not Found\"`)"),
    // Missing comma in list.
    (Edit(C499, "[\"log-only\", \"origin-server\"]", "[\"log-only\" \"origin-server\"]"), "content/codes/499.md:7:23: error[front-matter]: a comma is missing between two values of this list (help: write `[\"one\", \"two\"]`, with a comma between values)"),
    // List not closed.
    (Edit(C499, "[\"log-only\", \"origin-server\"]", "[\"log-only\", \"origin-server\""), "content/codes/499.md:7:11: error[front-matter]: this list never ends: its closing bracket is missing (help: write `sent_by = [\"log-only\", \"origin-server\"]`)"),
    // Double quotes inside text.
    (Edit(C404, "\"There is nothing at this address.\"", "\"There is \"nothing\" at this address.\""), "content/codes/404.md:4:21: error[front-matter]: the text ends at this quote, and more follows (help: write a backslash before each quote inside: `summary = \"There is \\\"nothing\\\" at this address.\"`)"),
    // Backslash in text.
    (Edit(C404, "\"There is nothing at this address.\"", "\"There is nothing at C:\\path.\""), "content/codes/404.md:4:34: error[front-matter]: a backslash stands for itself only if there are two (help: write `summary = \"There is nothing at C:\\\\path.\"`)"),
    // No value.
    (Edit(C404, "retry = \"never\"", "retry ="), "content/codes/404.md:15:1: error[front-matter]: `retry` has no value (help: write one behind the equals sign, `retry = \"…\"`, or delete the line)"),
    // Key alone.
    (Edit(C404, "retry = \"never\"", "retry"), "content/codes/404.md:15:1: error[front-matter]: `retry` has no value (help: write `retry = \"…\"`, or delete the line)"),
    // Duplicate key.
    (Edit(C404, "retry = \"never\"", "retry = \"never\"\nretry = \"never\""), "content/codes/404.md:16:1: error[duplicate]: `retry` is there twice (help: delete one of the two lines: a fact has one value)"),
    // Date US form.
    (Edit(C404, "checked = 2026-11-22", "checked = 11/22/2026"), "content/codes/404.md:21:11: error[front-matter]: a day is written year-month-day (help: write it like `checked = 2026-11-22`)"),
    // Date quoted.
    (Edit(C404, "checked = 2026-11-22", "checked = \"2026-11-22\""), "content/codes/404.md:21:11: error[invalid-value]: a day stands without quotes (help: write `checked = 2026-11-22`)"),
    // Date impossible.
    (Edit(C404, "checked = 2026-11-22", "checked = 2026-02-30"), "content/codes/404.md:21:11: error[front-matter]: the calendar has no day 2026-02-30 (help: a day is written year-month-day: correct the month or the day)"),
    // Date with time.
    (Edit(C404, "checked = 2026-11-22", "checked = 2026-11-22T10:00:00Z"), "content/codes/404.md:21:11: error[invalid-value]: a day has no time here (help: write it like `checked = 2026-11-22`)"),
    // Date short.
    (Edit(C404, "checked = 2026-11-22", "checked = 2026-1-2"), "content/codes/404.md:21:11: error[front-matter]: a day has two digits for the month and two for the day (help: write `checked = 2026-01-02`)"),
    // Yaml front matter.
    (File(MINE, b"---\ntitle: Mine\nsummary: A page.\n---\n\nText.\n"), "content/pages/mine.md:1:1: error[front-matter]: the facts stand between lines `+++`, and are TOML, not YAML (help: write `+++` in place of both lines `---`, and `title = \"…\"` in place of `title: …`)"),
    // No front matter.
    (File(MINE, b"# Mine\n\nText.\n"), "content/pages/mine.md:1:1: error[front-matter]: the file does not start with front matter (help: begin with a line `+++`, a line `title = \"…\"` for each fact, and another line `+++`)"),
    // Blank line before +++.
    (File(MINE, b"\n+++\ntitle = \"Mine\"\nsummary = \"A page.\"\nchecked = 2026-11-22\n+++\n\nText.\n"), "content/pages/mine.md:1:1: error[front-matter]: something stands before the first line `+++` (help: delete the lines above it: the facts begin the file)"),
    // Missing closing +++.
    (File(MINE, b"+++\ntitle = \"Mine\"\nsummary = \"A page.\"\nchecked = 2026-11-22\n\nText.\n"), "content/pages/mine.md:4:1: error[front-matter]: this front matter never ends (help: write a line `+++` below the last fact; the text follows it)"),
    // Closing ---.
    (File(MINE, b"+++\ntitle = \"Mine\"\nsummary = \"A page.\"\nchecked = 2026-11-22\n---\n\nText.\n"), "content/pages/mine.md:5:1: error[front-matter]: this front matter never ends: its last line has exactly three plus signs (help: write `+++` here)"),
    // ++ for +++.
    (File(MINE, b"++\ntitle = \"Mine\"\nsummary = \"A page.\"\nchecked = 2026-11-22\n+++\n\nText.\n"), "content/pages/mine.md:1:1: error[front-matter]: the file does not start with front matter (help: begin with a line `+++`, a line `title = \"…\"` for each fact, and another line `+++`)"),
    // Empty.
    (File(MINE, b""), "content/pages/mine.md:1:1: error[front-matter]: the file is empty (help: `status-guide new` writes a file with all that belongs into it)"),
    // Trailing comma bool.
    (File(MINE, b"+++\ntitle = \"Mine\",\nsummary = \"A page.\"\nchecked = 2026-11-22\n+++\n\nText.\n"), "content/pages/mine.md:2:15: error[front-matter]: a fact ends with its line, without a `,` (help: write `title = \"Mine\"`)"),
    // Multi-line text in quotes.
    (File(MINE, b"+++\ntitle = \"Mine\"\nsummary = \"A page\nof mine.\"\nchecked = 2026-11-22\n+++\n\nText.\n"), "content/pages/mine.md:3:11: error[front-matter]: this text has no closing quote on its line, and stays on one (help: write `summary = \"A page of mine.\"`)"),
    // Key typo.
    (Edit(C404, "use_case", "usecase"), "content/codes/404.md:5:1: error[unknown-key]: `usecase` is not a key here (help: did you mean `use_case`?)"),
    // Key wrong hyphen.
    (Edit(C404, "use_case", "use-case"), "content/codes/404.md:5:1: error[unknown-key]: `use-case` is not a key here (help: did you mean `use_case`?)"),
    // Unknown key.
    (Edit(C404, "retry = \"never\"", "retry = \"never\"\ncolour = \"red\""), "content/codes/404.md:16:1: error[unknown-key]: `colour` is not a key here (help: the keys here are aliases, code, phrase, summary, use_case, registration, registration_expires, specification, sent_by, cacheable, cacheable_note, content, content_note, required_fields, useful_fields, retry, retry_note, ask, method_on_redirect, former_names, topics, related, search, checked, meanings)"),
    // Missing field.
    (Edit(C404, "summary = \"There is nothing at this address.\"\n", ""), "content/codes/404.md:1:1: error[missing-key]: `summary` is missing (help: add a line `summary = …`, for example `summary = \"The server has nothing to show at this address.\"`)"),
    // String for list.
    (Edit(C404, "topics = [\"testing\"]", "topics = \"testing\""), "content/codes/404.md:19:10: error[invalid-value]: `topics` is a list (help: write `topics = [\"testing\"]`, in square brackets also if it is one)"),
    // Code as string.
    (Edit(C404, "code = 404", "code = \"404\""), "content/codes/404.md:2:8: error[invalid-value]: a number stands without quotes (help: write `404`)"),
    // Number for string.
    (Edit(C404, "phrase = \"Not Found\"", "phrase = 404"), "content/codes/404.md:3:10: error[invalid-value]: `phrase` is text, and text stands in double quotes (help: write `\"404\"`)"),
    // Bool for string.
    (Edit(C404, "retry = \"never\"", "retry = true"), "content/codes/404.md:15:9: error[invalid-value]: `retry` cannot be `true` (help: write one of these words, in double quotes: not-needed, follow, never, after-change, after-wait, if-idempotent, when-asked, other-connection, without-early-data)"),
    // Variant typo.
    (Edit(C404, "retry = \"never\"", "retry = \"nevr\""), "content/codes/404.md:15:9: error[invalid-value]: `retry` cannot be `nevr` (help: did you mean \"never\"?)"),
    // Variant far.
    (Edit(C404, "retry = \"never\"", "retry = \"maybe later\""), "content/codes/404.md:15:9: error[invalid-value]: `retry` cannot be `maybe later` (help: write one of these words, in double quotes: not-needed, follow, never, after-change, after-wait, if-idempotent, when-asked, other-connection, without-early-data)"),
    // Variant in list.
    (Edit(C404, "sent_by = [\"origin-server\"]", "sent_by = [\"origin server\"]"), "content/codes/404.md:8:12: error[invalid-value]: `sent_by` cannot be `origin server` (help: did you mean \"origin-server\"?)"),
    // Sent_by string.
    (Edit(C404, "sent_by = [\"origin-server\"]", "sent_by = \"origin-server\""), "content/codes/404.md:8:11: error[invalid-value]: `sent_by` is a list (help: write `sent_by = [\"origin-server\"]`, in square brackets also if it is one)"),
    // Variant capital.
    (Edit(C404, "cacheable = \"heuristically\"", "cacheable = \"Heuristically\""), "content/codes/404.md:9:13: error[invalid-value]: `cacheable` cannot be `Heuristically` (help: did you mean \"heuristically\"?)"),
    // Cacheable yes.
    (Edit(C404, "cacheable = \"heuristically\"", "cacheable = \"yes\""), "content/codes/404.md:9:13: error[invalid-value]: `cacheable` cannot be `yes` (help: write one of these words, in double quotes: heuristically, explicitly, never)"),
    // Cacheable true.
    (Edit(C404, "cacheable = \"heuristically\"", "cacheable = true"), "content/codes/404.md:9:13: error[invalid-value]: `cacheable` cannot be `true` (help: write one of these words, in double quotes: heuristically, explicitly, never)"),
    // Code four digits.
    (Edit(C404, "code = 404", "code = 4040"), "content/codes/404.md:2:8: error[invalid-value]: 4040 is not a status code: it has three digits, from 100 to 999 (help: write it like `code = 404`)"),
    // Code negative.
    (Edit(C404, "code = 404", "code = -404"), "content/codes/404.md:2:8: error[invalid-value]: -404 is not a status code: it has three digits, from 100 to 999 (help: write it like `code = 404`)"),
    // Code huge.
    (Edit(C404, "code = 404", "code = 99999"), "content/codes/404.md:2:8: error[invalid-value]: 99999 is not a status code: it has three digits, from 100 to 999 (help: write it like `code = 404`)"),
    // Code with leading 0.
    (Edit(C404, "code = 404", "code = 0404"), "content/codes/404.md:2:8: error[front-matter]: a number has no zero in front (help: write `code = 404`)"),
    // Wrong code for file.
    (Edit(C404, "code = 404", "code = 405"), "content/codes/404.md:2:8: error[contradiction]: this page is about 405, and its file is called 404.md (help: rename the file to 405.md, or correct the front matter)"),
    // Empty summary.
    (Edit(C404, "\"There is nothing at this address.\"", "\"\""), "content/codes/404.md:4:11: error[invalid-value]: `summary` is empty (help: write one sentence, like `summary = \"The server has nothing to show at this address.\"`)"),
    // Spec form.
    (Edit(C404, "\"RFC 9110 §15.5.5\"", "\"RFC9110 15.5.5\""), "content/codes/404.md:7:17: error[invalid-value]: `RFC9110 15.5.5` names no section (help: write `\"RFC 9110 §15.5.5\"`)"),
    // Spec section word.
    (Edit(C404, "\"RFC 9110 §15.5.5\"", "\"RFC 9110 section 15.5.5\""), "content/codes/404.md:7:17: error[invalid-value]: `RFC 9110 section 15.5.5` names no section (help: write `\"RFC 9110 §15.5.5\"`)"),
    // Spec missing.
    (Edit(C404, "specification = \"RFC 9110 §15.5.5\"\n", ""), "content/codes/404.md:6:16: error[contradiction]: 404 is registered, and nothing says by which document (help: add a line `specification = \"RFC 9110 §…\"`, or write `registration = \"vendor\"`)"),
    // Sent_by empty.
    (Edit(C404, "sent_by = [\"origin-server\"]", "sent_by = []"), "content/codes/404.md:2:8: error[contradiction]: `sent_by` is empty: nobody sends this code (help: write `sent_by = [\"origin-server\"]`, or any of gateway, proxy, interception-proxy, client-library, log-only)"),
    // Not cacheable.
    (Edit(C404, "cacheable = \"heuristically\"", "cacheable = \"never\""), "content/codes/404.md:9:13: error[contradiction]: the definition of 404 makes it heuristically cacheable (help: write `cacheable = \"heuristically\"`: RFC 9110 §15.1 lists it (451: RFC 7725 §3))"),
    // Content none.
    (Edit(C404, "content = \"expected\"", "content = \"none\""), "content/codes/404.md:11:11: error[contradiction]: a 404 response can have content (help: write `content = \"expected\"` or \"optional\"; only 1xx, 204, 205 and 304 have none (RFC 9110 §6.4.1, §15.3.6))"),
    // Topic unknown.
    (Edit(C404, "topics = [\"testing\"]", "topics = [\"testign\"]"), "content/codes/404.md:19:11: error[unknown-name]: there is no topic `testign` (help: did you mean `testing`?)"),
    // Topic unknown far.
    (Edit(C404, "topics = [\"testing\"]", "topics = [\"weather\"]"), "content/codes/404.md:19:11: error[unknown-name]: there is no topic `weather` (help: delete it, or begin its page: status-guide new topic weather)"),
    // Field unknown.
    (Edit(C404, "useful_fields = [\"Cache-Control\"]", "useful_fields = [\"cache-control\"]"), "content/codes/404.md:14:18: error[unknown-name]: `cache-control` is not in fields.toml (help: did you mean `Cache-Control`?)"),
    // Field unknown far.
    (Edit(C404, "useful_fields = [\"Cache-Control\"]", "useful_fields = [\"X-Mine\"]"), "content/codes/404.md:14:18: error[unknown-name]: `X-Mine` is not in fields.toml (help: add a line `\"X-Mine\" = \"RFC 9110 §…\"` to fields.toml, with the section that defines it)"),
    // Related unknown.
    (Edit(C404, "related = [403, 200]", "related = [403, 200, 409]"), "content/codes/404.md:20:22: error[unknown-name]: the guide has no page for 409 (help: delete the number, or begin its page: status-guide new 409)"),
    // Related self.
    (Edit(C404, "related = [403, 200]", "related = [403, 200, 404]"), "content/codes/404.md:20:22: error[duplicate]: this is the page about 404, which cannot be related to itself (help: delete the number)"),
    // Summary too long.
    (Edit(C404, "\"There is nothing at this address.\"", "\"word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word .\""), "content/codes/404.md:4:11: error[too-long]: this has 31 words; at most 25 fit here (help: say one thing; the rest belongs in the text)"),
    // Former_names as strings.
    (Edit(C404, "former_names = [{ phrase = \"Nothing There\", source = \"RFC 1945\" }]", "former_names = [\"Nothing There\"]"), "content/codes/404.md:18:17: error[invalid-value]: each item of `former_names` has several parts (help: write it like `former_names = [{ phrase = \"Payload Too Large\", source = \"RFC 7231 §6.5.11\" }]`)"),
    // Former_names lacks source.
    (Edit(C404, ", source = \"RFC 1945\" }", " }"), "content/codes/404.md:18:17: error[missing-key]: `source` is missing here (help: add `source = …`; CONTRIBUTING.md says what belongs into `former_names`)"),
    // Former_names key typo.
    (Edit(C404, "source = \"RFC 1945\"", "soruce = \"RFC 1945\""), "content/codes/404.md:18:45: error[unknown-key]: `soruce` is not a key of `phrase` (help: did you mean `source`?)"),
    // Method_on_redirect on 404.
    (Edit(C404, "retry = \"never\"", "retry = \"never\"\nmethod_on_redirect = \"kept\""), "content/codes/404.md:16:22: error[contradiction]: 404 is not a redirect (help: delete the line: `method_on_redirect` is for 3xx)"),
    // Registration temporary w/o day.
    (Edit(C404, "registration = \"standard\"", "registration = \"temporary\""), "content/codes/404.md:6:16: error[contradiction]: a temporary registration ends on a day, and nothing says on which (help: add the day that the IANA registry names: `registration_expires = 2026-11-13`)"),
    // Meaning key missing.
    (Edit(C499, "seen = \"in-logs\"\n", ""), "content/codes/499.md:21:1: error[missing-key]: `seen` is missing here (help: add `seen = …`; CONTRIBUTING.md says what belongs into `meanings`)"),
    // Key after [[meanings]].
    (Edit(C404, "checked = 2026-11-22\n", "checked = 2026-11-22\n[[meanings]]\nby = \"X\"\nseen = \"in-logs\"\nsays = \"Y.\"\nsource = \"https://example.org/\"\nchecked = 2026-11-22\nsearch = [\"x\"]\n"), "content/codes/404.md:28:1: error[unknown-key]: `search` is not a key of `meanings` (help: what stands below `[[meanings]]` belongs to it: move the line up, above the first `[[meanings]]`)"),
    // Alias with slashes.
    (Edit(C404, "checked = 2026-11-22\n", "checked = 2026-11-22\naliases = [\"/old/\"]\n"), "content/codes/404.md:22:12: error[invalid-value]: an alias is an address in lower case, without the slashes around it (help: write it like `aliases = [\"old-name\"]`)"),
    // Alias clash.
    (Edit(C404, "checked = 2026-11-22\n", "checked = 2026-11-22\naliases = [\"403\"]\n"), "content/codes/404.md:22:12: error[duplicate]: /403/ is the address of the page of content/codes/403.md already (help: delete this alias: it is for an address that no page has any more)"),
    // Alias self.
    (Edit(C404, "checked = 2026-11-22\n", "checked = 2026-11-22\naliases = [\"404\"]\n"), "content/codes/404.md:22:12: error[duplicate]: /404/ is the address of the page of content/codes/404.md already (help: delete this alias: it is for an address that no page has any more)"),
    // Alias string.
    (Edit(C404, "checked = 2026-11-22\n", "checked = 2026-11-22\naliases = \"old\"\n"), "content/codes/404.md:22:11: error[invalid-value]: `aliases` is a list (help: write `aliases = [\"old\"]`, in square brackets also if it is one)"),
    // Unknown code in link.
    (Page("See [409].\n"), "content/pages/mine.md:7:5: error[link]: the guide has no page for 409 (help: write the number without brackets, or begin its page: status-guide new 409)"),
    // Link to md file.
    (Page("See [that](../codes/404.md).\n"), "content/pages/mine.md:7:5: error[link]: `../codes/404.md` is a path, and pages are linked by their names: those stay when files move (help: write [that][404])"),
    // Link to md file 2.
    (Page("See [that](404.md#example).\n"), "content/pages/mine.md:7:5: error[link]: `404.md#example` is a path, and pages are linked by their names: those stay when files move (help: write [that][404#example])"),
    // Link relative dir.
    (Page("See [that](/404/).\n"), "content/pages/mine.md:7:5: error[link]: `/404/` is a path, and pages are linked by their names: those stay when files move (help: write [that][404])"),
    // Link without scheme.
    (Page("See [that](www.example.com).\n"), "content/pages/mine.md:7:5: error[link]: `www.example.com` is no whole address (help: write [that](https://www.example.com))"),
    // Link typo page.
    (Page("See [refrence].\n"), "content/pages/mine.md:7:5: error[link]: `refrence` is no page of the guide (help: did you mean [reference]?)"),
    // Wrong order comparison link.
    (Page("See [403-vs-401].\n"), "content/pages/mine.md:7:5: error[link]: `403-vs-401` is no page of the guide (help: did you mean [401-vs-403]?)"),
    // Topic link w/o folder.
    (Page("See [testing].\n"), "content/pages/mine.md:7:5: error[link]: `testing` is no page of the guide (help: did you mean [topics/testing]?)"),
    // Field link not known.
    (Page("See [`X-Mine`].\n"), "content/pages/mine.md:7:5: error[link]: `X-Mine` is not in fields.toml (help: add a line `\"X-Mine\" = \"RFC 9110 §…\"` to fields.toml, with the section that defines it)"),
    // Field link case.
    (Page("See [`cache-control`].\n"), "content/pages/mine.md:7:5: error[link]: `cache-control` is not in fields.toml (help: did you mean `Cache-Control`?)"),
    // Field link no backticks.
    (Page("See [Cache-Control].\n"), "content/pages/mine.md:7:5: error[link]: `Cache-Control` is a field, and fields stand in backticks (help: write [`Cache-Control`])"),
    // Rfc form.
    (Page("See [RFC9110 §15].\n"), "content/pages/mine.md:7:5: error[link]: `RFC9110 §15` names no section of a specification (help: did you mean [RFC 9110 §15]?)"),
    // Rfc form 2.
    (Page("See [RFC 9110 15.5].\n"), "content/pages/mine.md:7:5: error[link]: `RFC 9110 15.5` names no section of a specification (help: did you mean [RFC 9110 §15.5]?)"),
    // Rfc form 3.
    (Page("See [RFC 9110, section 15.5].\n"), "content/pages/mine.md:7:5: error[link]: `RFC 9110, section 15.5` names no section of a specification (help: did you mean [RFC 9110 §15.5]?)"),
    // Task list.
    (Page("- [ ] to do\n- [x] done\n"), "content/pages/mine.md:8:3: error[link]: `x` is no page of the guide (help: for plain brackets write \\[x]; links are [404], [4xx], [401-vs-403], [`Allow`], [RFC 9110 §15])"),
    // Fragment typo.
    (Page("See [404#exmple].\n"), "content/pages/mine.md:7:5: error[fragment]: /404/ has no part `#exmple` (help: did you mean `#example`?)"),
    // Fragment far.
    (Page("See [404#weather].\n"), "content/pages/mine.md:7:5: error[fragment]: /404/ has no part `#weather` (help: its parts are #when-to-use, #when-not-to-use, #example, #if-you-get-it, #visitor, #on-call, #versus, #mistakes, #history)"),
    // Fragment own.
    (Page("See [here](#nowhere).\n"), "content/pages/mine.md:7:5: error[fragment]: /mine/ has no part `#nowhere` (help: link the page without a fragment, or give its heading this one: `## Heading {#name}`)"),
    // Raw html.
    (Page("A <b>bold</b> word.\n"), "content/pages/mine.md:7:3: error[raw-html]: <b> is HTML, and the text is Markdown: HTML would escape every check (help: write `**bold**`)"),
    // Raw html block.
    (Page("<div>\nText\n</div>\n"), "content/pages/mine.md:7:1: error[raw-html]: <div> is HTML, and the text is Markdown: HTML would escape every check (help: write the text alone, with an empty line between paragraphs)"),
    // Html comment.
    (Page("Text.\n\n<!-- later -->\n"), "content/pages/mine.md:9:1: error[raw-html]: a comment of HTML is no part of the text (help: delete it; in the facts, a line that begins with `#` is a comment)"),
    // Angle placeholder.
    (Page("Send it to <host>.\n"), "content/pages/mine.md:7:12: error[raw-html]: `<host>` reads as HTML (help: put it in backticks: `` `<host>` ``)"),
    // Image missing.
    (Page("![A sketch](sketch.png)\n"), "content/pages/mine.md:7:1: error[image]: there is no `sketch.png` in static/ (help: put the file into static/ and write its path from there)"),
    // Image external.
    (Page("![A sketch](https://example.com/sketch.png)\n"), "content/pages/mine.md:7:1: error[image]: this image is elsewhere, and no page loads anything from elsewhere (help: put the file into static/ and write its path from there)"),
    // Image static path.
    (Page("![A sketch](../static/favicon.svg)\n"), "content/pages/mine.md:7:1: error[image]: the path of an image begins inside static/ (help: write `favicon.svg`)"),
    // Image no alt.
    (Page("![](favicon.svg)\n"), "content/pages/mine.md:7:1: error[image]: this image says nothing to those who cannot see it (help: write what it shows between the brackets: `![A sketch of …](favicon.svg)`)"),
    // H1.
    (Page("# Mine\n\nText.\n"), "content/pages/mine.md:7:1: error[heading]: the page has its title from the facts, and no other heading with one hash sign (help: delete it if it is the title, or write `## Mine`)"),
    // H4.
    (Page("Text.\n\n#### Deep\n\nText.\n"), "content/pages/mine.md:9:1: error[heading]: headings of the text have two or three hash signs (help: write `### Deep`, or make it the first words of a paragraph)"),
    // H3 first.
    (Page("### Deep\n\nText.\n"), "content/pages/mine.md:7:1: error[heading]: this heading of the third level has no heading of the second above it (help: write `## Deep`)"),
    // Heading twice.
    (Page("## One\n\nText.\n\n## One\n\nText.\n"), "content/pages/mine.md:11:1: error[heading]: the page already has a part `#one`, and a link to it could not tell them apart (help: give this one a name of its own: `## One {#its-own-name}`)"),
    // Heading no space.
    (Page("##One\n\nText.\n"), "content/pages/mine.md:7:1: error[heading]: without a space behind its hash signs this is no heading (help: write `## One`)"),
    // No text.
    (Page(""), "content/pages/mine.md:7:1: error[empty-page]: this page has no text (help: write a paragraph below the second `+++`)"),
    // Unclosed fence.
    (Page("```http\nGET / HTTP/1.1\nHost: example.com\n\nMore text [404].\n\n## Later\n\nText.\n"), "content/pages/mine.md:7:1: error[fence]: this block of code never ends: all that follows is part of it (help: write a line ``` below the code)"),
    // No language.
    (Page("```\ncurl https://example.com\n```\n"), "content/pages/mine.md:7:1: error[fence]: this block of code does not say in which language it is (help: write ```sh; others are http, sh, json, js, yaml, nginx, and text for none)"),
    // Indented code.
    (Page("Text.\n\n    curl https://example.com\n"), "content/pages/mine.md:9:5: error[fence]: four spaces at the start of a line make it code, of no language (help: delete the spaces, or write a line ```sh above it and ``` below it)"),
    // Section renamed.
    (Edit(C404, "## Common mistakes", "## Common errors"), "content/codes/404.md:71:1: error[heading]: `Common errors` is no heading of such a page: all of them have the same, so that links to their parts work everywhere (help: did you mean `## Common mistakes`?)"),
    // Section typo.
    (Edit(C404, "## Common mistakes", "## Comon mistakes"), "content/codes/404.md:71:1: error[heading]: `Comon mistakes` is no heading of such a page: all of them have the same, so that links to their parts work everywhere (help: did you mean `## Common mistakes`?)"),
    // Section missing.
    (Edit(C404, "## Common mistakes\n\n- Sent with [200#history].\n\n", ""), "content/codes/404.md:71:1: error[heading]: this page has no section `## Common mistakes`, which others may link to as `#mistakes` (help: add it above `## History and specification`)"),
    // Section order.
    (Edit(C404, "## Versus", "## Versuss"), "content/codes/404.md:64:1: error[heading]: `Versuss` is no heading of such a page: all of them have the same, so that links to their parts work everywhere (help: did you mean `## Versus`?)"),
    // Role level.
    (Edit(C404, "### On call", "## On call"), "content/codes/404.md:58:1: error[heading]: `On call` is a heading of the third level, so that its fragment is the same on every page (help: write `### On call`, below `## If you get it`)"),
    // Role typo.
    (Edit(C404, "### On call", "### On-call"), "content/codes/404.md:58:1: error[heading]: `On-call` is no heading of such a page (help: did you mean `On call`?)"),
    // History missing.
    (Edit("content/codes/403.md", "## History and specification\n\nIt is in [RFC 9110 §15.5.4].\n", ""), "content/codes/403.md:24:1: error[heading]: this page has no section `## History and specification`, which others may link to as `#history` (help: add it at the end)"),
    // Wrong content-length.
    (Example("HTTP/1.1 200 OK\nDate: Sun, 22 Nov 2026 09:14:07 GMT\nContent-Type: text/plain\nContent-Length: 3\n\nHello"), "content/pages/mine.md:11:17: error[content-length]: the content has 5 bytes, not 3 (help: write `Content-Length: 5`)"),
    // No content-length.
    (Example("HTTP/1.1 200 OK\nDate: Sun, 22 Nov 2026 09:14:07 GMT\nContent-Type: text/plain\n\nHello"), "content/pages/mine.md:8:10: error[content-length]: nothing says where the content ends (RFC 9112 §6.3) (help: add a line `Content-Length: 5`)"),
    // Wrong weekday.
    (Example("HTTP/1.1 403 Forbidden\nDate: Mon, 22 Nov 2026 09:14:07 GMT"), "content/pages/mine.md:9:7: error[date]: the weekday does not match the date (help: write `Sun, 22 Nov 2026 09:14:07 GMT`)"),
    // Date iso.
    (Example("HTTP/1.1 403 Forbidden\nDate: 2026-11-22T09:14:07Z"), "content/pages/mine.md:9:7: error[date]: this is no date of HTTP (help: write it like `Sun, 22 Nov 2026 09:14:07 GMT` (RFC 9110 §5.6.7))"),
    // Json trailing comma.
    (Example("HTTP/1.1 200 OK\nDate: Sun, 22 Nov 2026 09:14:07 GMT\nContent-Type: application/json\nContent-Length: 10\n\n{\"a\": 1,\n}"), "content/pages/mine.md:13:8: error[json]: this is not JSON: no comma stands before a closing bracket (help: delete the comma)"),
    // Json single quotes.
    (Example("HTTP/1.1 200 OK\nDate: Sun, 22 Nov 2026 09:14:07 GMT\nContent-Type: application/json\nContent-Length: 8\n\n{'a': 1}"), "content/pages/mine.md:13:2: error[json]: this is not JSON: names and text stand in double quotes (help: write `\"` in place of each `'`)"),
    // Json truncated.
    (Example("HTTP/1.1 200 OK\nDate: Sun, 22 Nov 2026 09:14:07 GMT\nContent-Type: application/json\nContent-Length: 7\n\n{\"a\": 1"), "content/pages/mine.md:13:5: error[json]: this is not JSON: it ends before its last bracket or quote is closed (help: close what is open, or write an example that is whole)"),
    // No host.
    (Example("GET / HTTP/1.1\nAccept: text/html"), "content/pages/mine.md:8:1: error[missing-field]: `Host` is missing: every request of HTTP/1.1 has it (RFC 9112 §3.2) (help: add a line `Host: api.example.com`)"),
    // Http/2.
    (Example("HTTP/2 200 OK\nDate: Sun, 22 Nov 2026 09:14:07 GMT"), "content/pages/mine.md:8:1: error[start-line]: examples have the form of HTTP/1.1, whatever version carried them (help: write `HTTP/1.1 200 OK`)"),
    // Http 2 lower.
    (Example("HTTP/2 200\ndate: sun, 22 nov 2026 09:14:07 gmt"), "content/pages/mine.md:8:1: error[start-line]: examples have the form of HTTP/1.1, whatever version carried them (help: write `HTTP/1.1 200`)"),
    // Request no version.
    (Example("GET /orders\nHost: example.com"), "content/pages/mine.md:8:1: error[start-line]: this request line ends without its version (help: write `GET /orders HTTP/1.1`)"),
    // Request full no path.
    (Example("GET HTTP/1.1\nHost: example.com"), "content/pages/mine.md:8:1: error[start-line]: this request has no target (help: write `GET /orders HTTP/1.1`)"),
    // Curl in http.
    (Example("curl https://example.com/"), "content/pages/mine.md:8:1: error[start-line]: this is a command, and an `http` block is a message (help: write ```sh above it in place of ```http)"),
    // Lower method.
    (Example("get / HTTP/1.1\nHost: example.com"), "content/pages/mine.md:8:1: error[start-line]: methods are case-sensitive, and have capitals (RFC 9110 §9.1) (help: write `GET / HTTP/1.1`)"),
    // Wrong phrase.
    (Example("HTTP/1.1 404 Page Not Found\nDate: Sun, 22 Nov 2026 09:14:07 GMT"), "content/pages/mine.md:8:10: error[status]: 404 is not called \"Page Not Found\" in the registry (help: write `404 Not Found`, or correct the number)"),
    // No phrase.
    (Example("HTTP/1.1 404\nDate: Sun, 22 Nov 2026 09:14:07 GMT"), "content/pages/mine.md:8:10: error[status]: the phrase behind the number is missing: readers know codes by it (help: write `404 Not Found`)"),
    // Unknown code ex.
    (Example("HTTP/1.1 409 Conflict\nDate: Sun, 22 Nov 2026 09:14:07 GMT"), "content/pages/mine.md:8:10: error[status]: the guide has no page for 409 (help: use a code that it explains, or begin the page: status-guide new 409)"),
    // Space before colon.
    (Example("HTTP/1.1 403 Forbidden\nDate: Sun, 22 Nov 2026 09:14:07 GMT\nServer : nginx"), "content/pages/mine.md:10:1: error[field-line]: there is a space before the colon, which servers refuse (RFC 9112 §5.1) (help: write `Server: nginx`)"),
    // Comment in header.
    (Example("HTTP/1.1 403 Forbidden\nDate: Sun, 22 Nov 2026 09:14:07 GMT\n# comment"), "content/pages/mine.md:10:1: error[field-line]: a header section has no comments (help: say it in the text above or below the example)"),
    // No blank before body.
    (Example("HTTP/1.1 200 OK\nDate: Sun, 22 Nov 2026 09:14:07 GMT\nContent-Type: application/json\nContent-Length: 8\n{\"a\": 1}"), "content/pages/mine.md:12:1: error[field-line]: the content begins without an empty line above it (help: put an empty line between the fields and the content)"),
    // Ellipsis line.
    (Example("HTTP/1.1 403 Forbidden\nDate: Sun, 22 Nov 2026 09:14:07 GMT\n..."), "content/pages/mine.md:10:1: error[field-line]: an example leaves nothing out: readers paste it (help: delete the line, or write the fields)"),
    // No date.
    (Example("HTTP/1.1 403 Forbidden"), "content/pages/mine.md:8:10: error[missing-field]: `Date` is missing: an origin server with a clock sends it with 2xx, 3xx and 4xx (RFC 9110 §6.6.1) (help: add a line `Date: Sun, 22 Nov 2026 09:14:07 GMT`)"),
    // 401 no www.
    (Example("HTTP/1.1 401 Unauthorized\nDate: Sun, 22 Nov 2026 09:14:07 GMT"), "content/pages/mine.md:8:10: error[missing-field]: `WWW-Authenticate` is missing: the specification of 401 requires it (help: add a line `WWW-Authenticate: Bearer realm=\"orders\"`)"),
    // Problem status.
    (Example("HTTP/1.1 403 Forbidden\nDate: Sun, 22 Nov 2026 09:14:07 GMT\nContent-Type: application/problem+json\nContent-Length: 17\n\n{ \"status\": 404 }"), "content/pages/mine.md:13:3: error[problem]: `status` is 404, and the status line says 403 (RFC 9457 §3.1.2) (help: write `\"status\": 403`)"),
    // Blank first line.
    (Example("\nHTTP/1.1 403 Forbidden\nDate: Sun, 22 Nov 2026 09:14:07 GMT"), "content/pages/mine.md:8:1: error[start-line]: this message begins with an empty line (help: delete it: the start line comes first)"),
    // Two messages one block.
    (Example("GET / HTTP/1.1\nHost: example.com\n\nHTTP/1.1 403 Forbidden\nDate: Sun, 22 Nov 2026 09:14:07 GMT"), "content/pages/mine.md:11:1: error[content]: a second message begins here, in the block of the first (help: write ``` and a new line ```http above it: each message has a block of its own)"),
    // Fence flag typo.
    (Page("```http worng\nHTTP/1.1 403 Forbidden\nDate: Sun, 22 Nov 2026 09:14:07 GMT\n```\n\nText.\n"), "content/pages/mine.md:7:4: error[fence]: `worng` behind the fence says nothing about an example (help: did you mean `wrong`?)"),
    // Fence rule typo.
    (Page("```http wrong mising-field\nHTTP/1.1 403 Forbidden\n```\n\nText.\n"), "content/pages/mine.md:7:4: error[fence]: `mising-field` behind the fence says nothing about an example (help: did you mean `missing-field`?)"),
    // Fence HTTP upper.
    (Page("```HTTP\nGET / HTTP/1.1\n```\n\nText.\n"), "content/pages/mine.md:7:1: error[fence]: `HTTP` is no message that is checked (help: write ```http)"),
    // Upper-case file.
    (File("content/pages/Mine.md", b"+++\ntitle = \"Mine\"\nsummary = \"A page.\"\nchecked = 2026-11-22\n+++\n\nText.\n"), "content/pages/Mine.md:1:1: error[file-name]: `Mine.md` makes no good URL: addresses have lower-case letters, digits and single hyphens (help: rename it to pages/mine.md)"),
    // Space file.
    (File("content/pages/my page.md", b"+++\ntitle = \"Mine\"\nsummary = \"A page.\"\nchecked = 2026-11-22\n+++\n\nText.\n"), "content/pages/my page.md:1:1: error[file-name]: `my page.md` makes no good URL: addresses have lower-case letters, digits and single hyphens (help: rename it to pages/my-page.md)"),
    // Underscore file.
    (File("content/pages/my_page.md", b"+++\ntitle = \"Mine\"\nsummary = \"A page.\"\nchecked = 2026-11-22\n+++\n\nText.\n"), "content/pages/my_page.md:1:1: error[file-name]: `my_page.md` makes no good URL: addresses have lower-case letters, digits and single hyphens (help: rename it to pages/my-page.md)"),
    // Txt.
    (File("content/pages/mine.txt", b"+++\ntitle = \"Mine\"\nsummary = \"A page.\"\nchecked = 2026-11-22\n+++\n\nText.\n"), "content/pages/mine.txt:1:1: error[file-name]: `mine.txt` does not end in .md, as pages do (help: rename it to pages/mine.md)"),
    // Markdown ext.
    (File("content/pages/mine.markdown", b"+++\ntitle = \"Mine\"\nsummary = \"A page.\"\nchecked = 2026-11-22\n+++\n\nText.\n"), "content/pages/mine.markdown:1:1: error[file-name]: `mine.markdown` does not end in .md, as pages do (help: rename it to pages/mine.md)"),
    // Top level.
    (File("content/mine.md", b"+++\ntitle = \"Mine\"\nsummary = \"A page.\"\nchecked = 2026-11-22\n+++\n\nText.\n"), "content/mine.md:1:1: error[file-name]: this file has no place at the top of content (help: move it to pages/mine.md; pages are codes/404.md, classes/4xx.md, compare/401-vs-403.md, topics/caching.md, pages/about.md)"),
    // Wrong folder.
    (File("content/page/mine.md", b"+++\ntitle = \"Mine\"\nsummary = \"A page.\"\nchecked = 2026-11-22\n+++\n\nText.\n"), "content/page/mine.md:1:1: error[file-name]: `page` is no folder of the guide (help: did you mean `pages`? pages are codes/404.md, classes/4xx.md, compare/401-vs-403.md, topics/caching.md, pages/about.md)"),
    // Nested folder.
    (File("content/pages/sub/mine.md", b"+++\ntitle = \"Mine\"\nsummary = \"A page.\"\nchecked = 2026-11-22\n+++\n\nText.\n"), "content/pages/sub/mine.md:1:1: error[file-name]: `sub/mine.md` is in a folder of its own, and pages/ has none: addresses have one part (help: rename it to pages/mine.md)"),
    // Image in content.
    (File("content/pages/sketch.png", b"\x89PNG"), "content/pages/sketch.png:1:1: error[file-name]: `sketch.png` is no page, and content has pages alone (help: put it into static/, beside the content folder)"),
    // Code named odd.
    (File("content/codes/not-found.md", b"+++\ncode = 404\nphrase = \"Not Found\"\nsummary = \"There is nothing at this address.\"\nuse_case = \"No resource at this URL\"\nregistration = \"standard\"\nspecification = \"RFC 9110 \xc2\xa715.5.5\"\nsent_by = [\"origin-server\"]\ncacheable = \"heuristically\"\ncacheable_note = \"For a time of the cache's own choosing\"\ncontent = \"expected\"\ncontent_note = \"Say what is missing\"\nrequired_fields = []\nuseful_fields = [\"Cache-Control\"]\nretry = \"never\"\nretry_note = \"The answer stays the same\"\nask = [\"nobody\"]\nformer_names = [{ phrase = \"Nothing There\", source = \"RFC 1945\" }]\ntopics = [\"testing\"]\nrelated = [403, 200]\nchecked = 2026-11-22\n+++\n\n## When to send it\n\n- Nothing is there.\n- Something is there, and it must stay hidden: see [403].\n\n## When to send something else\n\nAn empty list is a [200].\n\n## Example\n\n```http\nGET /orders/7 HTTP/1.1\nHost: api.example.com\n```\n\n```http\nHTTP/1.1 404 Not Found\nDate: Sun, 22 Nov 2026 09:14:07 GMT\nContent-Type: application/json\nContent-Length: 19\n\n{ \"missing\": \"/7\" }\n```\n\n> [!NOTE]\n> The content is for people & programs, if a < b.\n\n## If you get it\n\n### Visiting a website\n\nCheck the address.\n\n### On call\n\n```sh\ncurl -sS https://www.example.com/ | head\n```\n\n## Versus\n\n| code | says |\n|---|--:|\n| [403] | no |\n| 404 | 0 |\n\n## Common mistakes\n\n- Sent with [200#history].\n\n## History and specification\n\nIt stands since [RFC 1945 \xc2\xa79.4].\n"), "content/codes/not-found.md:2:8: error[duplicate]: 404 already has a page: content/codes/404.md (help: delete one of the two, or correct its front matter)"),
    // Latin1.
    (File(MINE, b"+++\ntitle = \"Mine\"\nsummary = \"A page.\"\nchecked = 2026-11-22\n+++\n\nZw\xf6lf.\n"), "content/pages/mine.md:7:3: error[encoding]: from here on the text is not UTF-8 (help: open the file in the encoding in which it was saved, often Windows-1252, and save it as UTF-8)"),
    // Utf16.
    (File(MINE, b"\xff\xfe+\x00+\x00+\x00\n\x00t\x00i\x00t\x00l\x00e\x00 \x00=\x00 \x00\"\x00M\x00i\x00n\x00e\x00\"\x00\n\x00s\x00u\x00m\x00m\x00a\x00r\x00y\x00 \x00=\x00 \x00\"\x00A\x00 \x00p\x00a\x00g\x00e\x00.\x00\"\x00\n\x00c\x00h\x00e\x00c\x00k\x00e\x00d\x00 \x00=\x00 \x002\x000\x002\x006\x00-\x001\x001\x00-\x002\x002\x00\n\x00+\x00+\x00+\x00\n\x00\n\x00T\x00e\x00x\x00t\x00.\x00\n\x00"), "content/pages/mine.md:1:1: error[encoding]: this file is UTF-16, and pages are UTF-8 (help: save it as UTF-8; in PowerShell, `Out-File -Encoding utf8` writes that)"),
    // Nul.
    (Page("Te\0xt.\n"), "content/pages/mine.md:7:3: error[encoding]: U+0000 has no place in text: it is a control character (help: delete it; some editors show it as a box or a question mark)"),
    // Compare order.
    (Moved("content/compare/401-vs-403.md", "content/compare/403-vs-401.md"), "content/compare/403-vs-401.md:2:10: error[contradiction]: the codes make the name `401-vs-403`, and the file is called `403-vs-401` (help: rename the file to 401-vs-403.md, or correct `codes`)"),
    // Compare codes.
    (Edit("content/compare/401-vs-403.md", "[401, 403]", "[401, 404]"), "content/compare/401-vs-403.md:2:10: error[contradiction]: the codes make the name `401-vs-404`, and the file is called `401-vs-403` (help: rename the file to 401-vs-404.md, or correct `codes`)"),
    // Compare one code.
    (Edit("content/compare/401-vs-403.md", "[401, 403]", "[401]"), "content/compare/401-vs-403.md:1:1: error[contradiction]: a comparison has at least two codes (help: write `codes = [401, 403]`)"),
    // No site.toml.
    (Gone("content/site.toml"), "content/site.toml:1:1: error[file-missing]: this file is missing (help: `status-guide init DIR` writes a whole guide: copy the file from its content folder)"),
    // No fields.toml.
    (Gone("content/fields.toml"), "content/fields.toml:1:1: error[file-missing]: this file is missing (help: `status-guide init DIR` writes a whole guide: copy the file from its content folder)"),
    // No home.
    (Gone("content/pages/home.md"), "content/pages/home.md:1:1: error[file-missing]: this page is missing: every page links to it (help: `status-guide init DIR` writes a whole guide: copy the page from its content folder, and change it)"),
    // No class.
    (Gone("content/classes/4xx.md"), "content/classes/4xx.md:1:1: error[file-missing]: this page is missing: the guide has codes of this class, and they link to it (help: `status-guide init DIR` writes a whole guide: copy the page from its content folder, and change it)"),
    // Site unknown key.
    (Edit(SITE, "language = \"en\"", "langauge = \"en\""), "content/site.toml:2:1: error[unknown-key]: `langauge` is not a key here (help: did you mean `language`?)"),
    // Site nav page.
    (Edit(SITE, "page = \"topics\" }", "page = \"topix\" }"), "content/site.toml:6:59: error[link]: `topix` is no page of the guide (help: write the name of a page: 404, 4xx, topics/caching, best-practices)"),
    // Site nav key.
    (Edit(SITE, "page = \"topics\" }", "url = \"topics\" }"), "content/site.toml:6:78: error[unknown-key]: `url` is not a key of `text` (help: the keys here are text, page)"),
    // Site base url.
    (Edit(SITE, "language = \"en\"", "language = \"en\"\nbase_url = \"example.com\""), "content/site.toml:3:12: error[invalid-value]: a base URL starts with https:// or http://; write it like https://example.github.io/guide/ (help: without this line, everything works but canonical links and the sitemap)"),
    // Site base url 2.
    (Edit(SITE, "language = \"en\"", "language = \"en\"\nbase_url = \"https://example.com/x?y\""), "content/site.toml:3:12: error[invalid-value]: a base URL has no '?'; write it like https://example.github.io/guide/ (help: without this line, everything works but canonical links and the sitemap)"),
    // Site offline.
    (Edit(SITE, "language = \"en\"", "language = \"en\"\noffline = \"no\""), "content/site.toml:3:11: error[invalid-value]: `offline` is either true or false, without quotes (help: write `offline = true` or `offline = false`)"),
    // Site repo.
    (Edit(SITE, "language = \"en\"", "language = \"en\"\nrepository = \"example/repo\""), "content/site.toml:3:14: error[invalid-value]: the repository is an address: the \"Edit this page\" links begin with it (help: write `repository = \"https://github.com/example/repo\"`)"),
    // Site book.
    (Edit(SITE, "language = \"en\"", "language = \"en\"\nbook = [\"chose\"]"), "content/site.toml:3:9: error[unknown-name]: `chose` is not in pages/ (help: did you mean `choose`?)"),
    // Site language.
    (Edit(SITE, "language = \"en\"", "language = \"English\""), "content/site.toml:2:12: error[invalid-value]: `English` is no language tag, which browsers and screen readers need (help: write the short form: `language = \"en\"`, or \"de\", \"pt-BR\" (BCP 47))"),
    // Fields spec.
    (Edit(FIELDS, "\"RFC 9111 §5.2\"", "\"RFC 9111 5.2\""), "content/fields.toml:1:19: error[invalid-value]: `RFC 9111 5.2` names no section (help: write `\"RFC 9111 §5.2\"`)"),
    // Fields dup.
    (Edit(FIELDS, "\"Cache-Control\" =", "\"Cache-Control\" = \"RFC 9111 §5.2\"\n\"Cache-Control\" ="), "content/fields.toml:2:1: error[duplicate]: `\"Cache-Control\"` is there twice (help: delete one of the two lines: a fact has one value)"),
    // Fields no quotes value.
    (Edit(FIELDS, "\"RFC 9111 §5.2\"", "RFC 9111 §5.2"), "content/fields.toml:1:19: error[front-matter]: text stands in double quotes (help: write `\"Cache-Control\" = \"RFC 9111 §5.2\"`)"),
    // Fields space name.
    (Edit(FIELDS, "\"Cache-Control\" =", "Cache Control ="), "content/fields.toml:1:1: error[front-matter]: `Cache Control` is no name of a fact: a name with such characters stands in double quotes (help: write `\"Cache Control\" = \"RFC 9111 §5.2\"`)"),
    // Fields bad name.
    (Edit(FIELDS, "\"Cache-Control\" =", "\"Cache-Control\" = \"RFC 9111 §5.2\"\n\"X Mine\" ="), "content/fields.toml:2:12: error[invalid-value]: `X Mine` is no name of a field: it has letters, digits and hyphens, and no space (help: write it like `\"Retry-After\" = \"RFC 9110 §10.2.3\"`)"),
    // Changes page.
    (Edit(CHANGES, "[\"404\"]", "[\"4004\"]"), "content/changes.toml:6:10: error[link]: `4004` is no page of the guide (help: did you mean [404]?)"),
    // Changes page num.
    (Edit(CHANGES, "[\"404\"]", "[404]"), "content/changes.toml:6:10: error[invalid-value]: `pages` is text, and text stands in double quotes (help: write `\"404\"`)"),
    // Changes date str.
    (Edit(CHANGES, "2026-11-22", "\"2026-11-22\""), "content/changes.toml:3:8: error[invalid-value]: a day stands without quotes (help: write `date = 2026-11-22`)"),
    // Changes id.
    (Edit(CHANGES, "\"first\"", "\"First one\""), "content/changes.toml:2:6: error[invalid-value]: `First one` makes no good fragment (help: use lower-case letters, digits and single hyphens)"),
    // Changes missing.
    (Edit(CHANGES, "what = \"It began.\"\n", ""), "content/changes.toml:1:1: error[missing-key]: `what` is missing here (help: add `what = …`; CONTRIBUTING.md says what belongs into `changes`)"),
    // Changes single.
    (Edit(CHANGES, "[[changes]]", "[changes]"), "content/changes.toml:1:1: error[invalid-value]: `changes` is a list (help: write `[[changes]]`, with two brackets, above each block)"),
];

#[test]
fn every_mistake_gets_one_error_that_says_what_to_type() {
    let wrong: Vec<String> = MISTAKES
        .par_iter()
        .map(|(slip, expected)| (said(slip), *expected))
        .filter(|(said, expected)| said != expected)
        .map(|(said, expected)| format!("expected: {expected}\nsaid:     {said}\n"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_command_line_that_means_nothing_is_answered_with_one_that_does() {
    let project = guide();
    for (arguments, code, said) in [
        (
            &["404"][..],
            2,
            "error: there is no command `404`\n\n  tip: to read that page: status-guide show 404\n",
        ),
        (
            &["content/codes/404.md"],
            2,
            "status-guide fmt content/codes/404.md",
        ),
        (&["watch"], 2, "to see what you write: status-guide serve"),
        (&["chek"], 2, "a similar subcommand exists: 'check'"),
        (
            &["show"],
            2,
            "error: say what to show\n\n  status-guide show 404 ",
        ),
        (
            &["check", "--content", "nowhere"],
            2,
            "there is no content folder at nowhere; run this where `content` is, name the folder with --content DIR, or write a guide of your own: status-guide init DIR",
        ),
        (
            &["check", "--content", "content/site.toml"],
            2,
            "content/site.toml is a file; name the folder that has `site.toml` in it",
        ),
        (
            &["check", "--base-url", "example.com"],
            2,
            "a base URL starts with https:// or http://",
        ),
        (
            &["fmt", "--content", "nowhere"],
            2,
            "there is no content folder at nowhere",
        ),
        (&["new"], 2, "<WHAT>"),
    ] {
        let output = finish(&mut project.command(arguments)).exits(code);
        assert!(
            output.stderr.contains(said),
            "{arguments:?}: {}",
            output.stderr
        );
    }
}

/// The errors of the facts alone of a page with this text.
fn in_facts(path: &str, text: String) -> Vec<String> {
    let name = path.split('/').next().unwrap();
    let folder = Folder::ALL.into_iter().find(|f| f.name() == name).unwrap();
    let file = Arc::new(SourceFile {
        name: path.to_owned(),
        text,
    });
    let mut diagnostics = Diagnostics::default();
    content::front_matter(folder, "x", &file, &mut diagnostics);
    // Every form is printed: a place outside of the text would end the program.
    diagnostics.render(Style::Human { color: false });
    let short = diagnostics.render(Style::Short);
    short.lines().map(str::to_owned).collect()
}

/// The real pages, by path.
fn real_pages() -> Vec<(String, String)> {
    let files = tree(&repository().join("content")).into_iter();
    let pages = files.filter(|(path, _)| path.contains('/'));
    pages
        .map(|(path, bytes)| (path, String::from_utf8(bytes).unwrap()))
        .collect()
}

#[test]
fn a_quote_or_bracket_that_is_missing_is_one_error_on_its_own_line() {
    let mut tried = 0;
    for (path, text) in real_pages() {
        let end = text[4..].find("\n+++\n").unwrap() + 4;
        let mut at = 4;
        for (number, line) in text[..end].lines().enumerate().skip(1) {
            let close = at + line.len();
            at = close + 1;
            if !(line.contains(" = ") && line.ends_with(['"', ']'])) || line.starts_with(' ') {
                continue;
            }
            let mutant = format!("{}{}", &text[..close - 1], &text[close..]);
            let errors = in_facts(&path, mutant);
            let place = format!("{path}:{}:", number + 1);
            assert_eq!(errors.len(), 1, "{line}: {errors:#?}");
            assert!(errors[0].starts_with(&place), "{line}: {errors:#?}");
            assert!(!errors[0].contains("not TOML:"), "{line}: {errors:#?}");
            tried += 1;
        }
    }
    assert!(tried > 1000, "only {tried}");
}

#[test]
fn no_slip_of_a_finger_in_the_facts_ends_the_program() {
    const TYPED: [&str; 10] = ["", "\"", "[", "]", "{", "=", "\n", "\\", "ä", ","];
    let pages = real_pages();
    let errors: usize = pages
        .par_iter()
        .map(|(path, text)| {
            let end = text[4..].find("\n+++\n").unwrap() + 4;
            let places = text[..end].char_indices().enumerate();
            let mutants = places
                .filter(|(count, _)| count % 101 == 0)
                .map(|(count, (at, c))| {
                    let typed = TYPED[(count / 101) % TYPED.len()];
                    format!("{}{typed}{}", &text[..at], &text[at + c.len_utf8()..])
                });
            mutants
                .map(|mutant| in_facts(path, mutant).len())
                .sum::<usize>()
        })
        .sum();
    assert!(errors > 300, "only {errors} errors");
}

#[test]
fn no_slip_of_a_finger_in_the_text_ends_the_program() {
    const TYPED: [&str; 8] = ["", "`", "[", "<", "#", "\n", "ä", "```"];
    let guide = crate::content::guide();
    let pages = crate::content::pages(&guide);
    let errors: usize = pages
        .par_iter()
        .map(|page| {
            let text = &page.file.text;
            let body = &text[page.body.clone()];
            let places = body.char_indices().enumerate();
            let mutants = places
                .filter(|(count, _)| count % 997 == 0)
                .map(|(count, (at, c))| {
                    let typed = TYPED[(count / 997) % TYPED.len()];
                    let at = page.body.start + at;
                    format!("{}{typed}{}", &text[..at], &text[at + c.len_utf8()..])
                });
            mutants
                .map(|text| {
                    let file = Arc::new(SourceFile {
                        name: page.file.name.clone(),
                        text,
                    });
                    let body = page.body.start..file.text.len();
                    let (_, found) = markdown::render(&guide, &page.route, page.kind, &file, body);
                    found.render(Style::Human { color: false });
                    found.sorted().len()
                })
                .sum::<usize>()
        })
        .sum();
    assert!(errors > 50, "only {errors} errors");
}
