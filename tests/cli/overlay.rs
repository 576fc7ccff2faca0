//! A team's own layer: it joins the guide everywhere, sets what it may set, and
//! never hides what the guide has.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read as _;
use std::sync::LazyLock;

use serde_json::Value;
use status_guide::load::files::ending;

use crate::project::{Output, Project, Tree, assert_same, code, copy, page, repository, tree};

const LOGO: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 120 40\"></svg>";

const SITE: &str = r##"title = "Acme Codes"
team = "Acme & Sons"
accent = "#0b7285"
logo = "logo.svg"
footer = "Ask the API guild."
navigation = [{ text = "Our errors", page = "our-errors" }]
repository = "https://git.example.com/acme/rules/"
folder = "overlay"
"##;

const ON_404: &str = r#"+++
owner = "The API guild"
contact = "https://chat.example.com/guild"
checked = 2026-11-25
+++

A **zebra** of somebody else is a 404, as in [our errors][our-errors], never a [403]. See [the exceptions](#our-convention-exceptions).

```http
HTTP/1.1 404 Not Found
Date: Sun, 22 Nov 2026 09:14:07 GMT
Content-Length: 0
```

### Exceptions

None < some.
"#;

/// The small guide, and an overlay that adds something of every kind.
pub fn project() -> Project {
    let project = Project::new();
    let house_code = code(470, "Zebra Missing", "never")
        .replace("\"standard\"\nspecification = \"RFC 9110 §15\"", "\"vendor\"")
        .replace("related = []", "related = [404]")
        .replace(
            "checked = 2026-11-22\n+++\n\n",
            "checked = 2026-11-22\n\n[[meanings]]\nby = \"Acme\"\nseen = \"on-the-wire\"\nsays = \"No zebra.\"\nsource = \"https://example.com/\"\nchecked = 2026-11-22\n+++\n\nNo [404]. ",
        )
        .replace(
            "## History and specification",
            "## If you get it\n\nFind it.\n\n## Where it comes from",
        );
    let comparison = project
        .read("content/compare/401-vs-403.md")
        .replace("[401, 403]", "[404, 470]")
        .replace("[401]", "[404]")
        .replace("[403]", "[470]");
    for (path, text) in [
        ("site.toml", SITE),
        ("404.md", ON_404),
        ("401-vs-403.md", "Our gateway sends each 401.\n"),
        ("4xx.md", "Every 4xx of ours has a trace.\n"),
        (
            "testing.md",
            "+++\ntitle = \"In our tests\"\n+++\nTests of ours send them.\n",
        ),
        ("home.md", "Read [our errors][our-errors] first.\n"),
        ("reference.md", "We send four of these.\n"),
        ("not-found.md", "Ask in the channel.\n"),
        ("fields.toml", "\"Retry-After\" = \"RFC 9110 §10.2.3\"\n"),
        ("codes/470.md", &house_code),
        ("compare/404-vs-470.md", &comparison),
        (
            "topics/zebras.md",
            "+++\ntitle = \"Zebras\"\nsummary = \"Striped.\"\nfields = []\nchecked = 2026-11-22\n+++\n\nSee [470].\n",
        ),
        (
            "pages/our-errors.md",
            &page("Our errors", "Each has a trace, and [`Retry-After`].\n"),
        ),
        ("static/logo.svg", LOGO),
        ("static/house.css", ":root { --radius: 0 }\n"),
        ("static/more/other.css", "p { margin: 0 }\n"),
        ("README.md", "For the team.\n"),
        (".git/config", "hidden\n"),
    ] {
        project.write(format!("overlay/{path}"), text);
    }
    project
}

fn build(project: &Project, arguments: &[&str]) -> Tree {
    let all = ["build", "--overlay", "overlay"];
    let all: Vec<&str> = all.iter().chain(arguments).copied().collect();
    project.run(&all).exits(0);
    tree(&project.path("dist"))
}

/// The site of `project()`, in a folder and published.
static SITES: LazyLock<(Tree, Tree)> = LazyLock::new(|| {
    let project = project();
    let plain = build(&project, &[]);
    (
        plain,
        build(&project, &["--base-url", "https://example.com/g/"]),
    )
});

fn text<'t>(tree: &'t Tree, file: &str) -> &'t str {
    let bytes = tree.get(file).unwrap_or_else(|| panic!("no {file}"));
    std::str::from_utf8(bytes).unwrap()
}

fn check(project: &Project) -> Output {
    project.run(&["check", "--overlay", "overlay", "--format", "short"])
}

#[track_caller]
fn in_order(text: &str, parts: &[&str]) {
    let mut rest = text;
    for part in parts {
        let at = rest.find(part);
        let at = at.unwrap_or_else(|| {
            let start: String = rest.chars().take(400).collect();
            panic!("{part:?} is not below: {start}")
        });
        rest = &rest[at + part.len()..];
    }
}

#[test]
fn a_convention_stands_between_the_facts_and_the_text_of_its_page() {
    let (site, _) = &*SITES;
    in_order(
        text(site, "404/index.html"),
        &[
            "id=specification",
            "On this page",
            "<a href=#our-convention>Our convention</a>",
            "<section aria-labelledby=our-convention class=house-rule>",
            "Acme & Sons",
            "<h2 id=our-convention>Our convention</h2>",
            "<strong>zebra</strong>",
            "<h3 id=our-convention-exceptions>Exceptions</h3>",
            "None &lt; some.",
            "A rule of Acme & Sons, not of the specification. Kept by <a href=https://chat.example.com/guild>The API guild</a>. Checked on <time datetime=2026-11-25>25 November 2026</time>.",
            "id=when-to-use",
        ],
    );
    for (file, before, after) in [
        ("401-vs-403/index.html", "class=cells", "id=differences"),
        ("4xx/index.html", "RFC 9110", "id=codes-of-this-class"),
        (
            "topics/testing/index.html",
            "Codes for tests.",
            "A test sends these.",
        ),
        ("index.html", "Four codes.", "Find a number"),
        (
            "reference/index.html",
            "All codes</h1>",
            "Each row is a code.",
        ),
        ("404.html", "Nothing at this address</h1>", "Go to"),
    ] {
        in_order(text(site, file), &[before, "class=house-rule", after]);
    }
    assert!(text(site, "topics/testing/index.html").contains("In our tests</h2>"));
    assert!(!text(site, "403/index.html").contains("house-rule"));
}

#[test]
fn a_convention_is_in_every_form_of_its_page() {
    let (site, published) = &*SITES;
    let markdown = text(site, "404/index.md");
    in_order(
        markdown,
        &[
            "- **Defined in:**",
            "## Our convention\n\nA rule of Acme & Sons, not of the specification. Kept by [The API guild](https://chat.example.com/guild). Checked on 25 November 2026.\n\n",
            "A **zebra** of somebody else is a 404, as in [our errors](../our-errors/index.html), never a [403](../403/index.html).",
            "### Exceptions",
            "## When to send it",
        ],
    );
    assert!(text(published, "llms-full.txt").contains("A **zebra** of somebody else is a 404, as in [our errors](https://example.com/g/our-errors/)"));
    in_order(
        text(site, "print.html"),
        &[
            "id=\"p-404\"",
            "id=\"p-404.our-convention\"",
            "<strong>zebra</strong>",
            "id=\"p-404.when-to-use\"",
        ],
    );
    assert!(text(site, "print.html").contains("convention.css"));

    let project = project();
    build(&project, &[]);
    let file = File::open(project.path("dist/http-status-codes.epub")).unwrap();
    let mut book = zip::ZipArchive::new(file).unwrap();
    let mut chapter = String::new();
    let mut entry = book.by_name("EPUB/p-404.xhtml").unwrap();
    entry.read_to_string(&mut chapter).unwrap();
    assert!(chapter.contains("<strong>zebra</strong>"), "{chapter}");
    assert!(!chapter.contains("Edit this rule"), "{chapter}");

    let shown = project.run(&[
        "show",
        "404",
        "--overlay",
        "overlay",
        "--content",
        "content",
    ]);
    in_order(
        &shown.exits(0).stdout,
        &[
            "Defined in",
            "\nOur convention\n",
            "A rule of Acme & Sons",
            "A zebra of somebody",
            "When to send it",
        ],
    );
    let part = [
        "show",
        "404#our-convention-exceptions",
        "--overlay",
        "overlay",
        "--content",
        "content",
    ];
    let part = project.run(&part).exits(0).stdout;
    assert!(
        part.starts_with("Exceptions\n") && part.contains("None < some."),
        "{part}"
    );
    let found = project.run(&[
        "show",
        "zebra missing",
        "--overlay",
        "overlay",
        "--content",
        "content",
    ]);
    in_order(&found.exits(0).stdout, &["470 Zebra Missing"]);
}

#[test]
fn a_convention_is_in_the_data_and_found_by_its_words() {
    let (site, published) = &*SITES;
    let data =
        |tree: &Tree, file: &str| -> Value { serde_json::from_str(text(tree, file)).unwrap() };
    let it = &data(site, "404/index.json")["convention"];
    assert_eq!(it["title"], "Our convention");
    assert_eq!(it["team"], "Acme & Sons");
    assert_eq!(it["owner"], "The API guild");
    assert_eq!(it["contact"], "https://chat.example.com/guild");
    assert_eq!(it["checked"], "2026-11-25");
    assert_eq!(it["url"], "404/#our-convention");
    let markdown = it["markdown"].as_str().unwrap();
    assert!(markdown.starts_with("A **zebra** of somebody else is a 404, as in [our errors](our-errors/index.html), never"), "{markdown}");
    let it = &data(published, "404/index.json")["convention"];
    assert_eq!(it["url"], "https://example.com/g/404/#our-convention");
    assert_eq!(data(site, "403/index.json")["convention"], Value::Null);
    let codes = data(site, "codes.json");
    let of_404 = codes["codes"]
        .as_array()
        .unwrap()
        .iter()
        .find(|c| c["code"] == 404)
        .unwrap();
    assert_eq!(of_404, &data(site, "404/index.json"));
    assert!(
        text(site, "codes.csv")
            .contains(",\"A zebra of somebody else is a 404, as in our errors, never")
    );

    let index = text(site, "search-index.js");
    assert!(index.contains("A zebra of somebody else is a 404, as in our errors, never a 403. See the exceptions. Exceptions None < some."), "{index}");
    let row = text(site, "reference/index.html");
    in_order(
        row,
        &[
            "id=404>",
            "<a class=\"badge house\" href=../404/index.html#our-convention>Our convention</a>",
            "</th>",
        ],
    );
    assert_eq!(row.matches("badge house").count(), 1);
}

#[test]
fn a_code_with_a_convention_is_marked_wherever_all_codes_stand() {
    let (site, _) = &*SITES;
    for page in ["index.html", "401-vs-403/index.html"] {
        let cells: Vec<&str> = text(site, page).split("<li class=\"c").collect();
        let marked: Vec<&str> = (cells.iter())
            .filter(|cell| cell.contains("<small class=house>Our convention</small>"))
            .map(|cell| cell.split("<b>").nth(1).map_or("", |number| &number[..3]))
            .collect();
        let expected: &[&str] = if page == "index.html" { &["404"] } else { &[] };
        assert_eq!(marked, expected, "{page}");
    }
    let project = project();
    let arguments = [
        "show",
        "--list",
        "--overlay",
        "overlay",
        "--content",
        "content",
    ];
    let list = project.run(&arguments).exits(0).stdout;
    let marked: Vec<&str> = (list.lines())
        .filter(|line| line.ends_with(" · our convention"))
        .map(|line| &line[..3])
        .collect();
    assert_eq!(marked, ["404"], "{list}");
}

#[test]
fn new_pages_join_the_guide_the_index_the_search_and_the_data() {
    let (site, published) = &*SITES;
    for file in ["470", "404-vs-470", "topics/zebras", "our-errors"] {
        let file = format!("{file}/index.html");
        assert!(text(site, "search-index.js").contains(&file), "{file}");
        let address = file.trim_end_matches("index.html");
        assert!(
            text(published, "sitemap.xml").contains(&format!("https://example.com/g/{address}<")),
            "{file}"
        );
        assert!(text(published, "llms.txt").contains(address), "{file}");
    }
    assert!(text(site, "reference/index.html").contains(" id=470>"));
    assert!(text(site, "404/index.html").contains("404-vs-470"));
    assert!(
        text(site, "403/index.html").contains("470/index.html"),
        "the list of all codes"
    );
    assert!(site.contains_key("470/card.png") && site.contains_key("470/badge.svg"));
    assert!(site.contains_key("470-vs-404/index.html"));
    let codes: Value = serde_json::from_str(text(site, "codes.json")).unwrap();
    assert!(
        codes["codes"]
            .as_array()
            .unwrap()
            .iter()
            .any(|code| code["code"] == 470)
    );
    assert!(text(site, "openapi.json").contains("Acme Codes"));
}

#[test]
fn a_team_sets_the_name_and_adds_to_foot_and_navigation() {
    let (site, published) = &*SITES;
    for (file, part) in [
        (
            "404/index.html",
            "<title>404 Not Found · Acme Codes</title>",
        ),
        ("index.html", "<title>Acme Codes</title>"),
        ("index.html", "<h1>Acme Codes</h1>"),
        ("index.md", "# Acme Codes\n"),
        ("manifest.webmanifest", "\"name\": \"Acme Codes\""),
        ("llms.txt", "# Acme Codes\n"),
        ("print.html", "<h1>Acme Codes</h1>"),
        ("404/card.html", "Acme Codes"),
        ("search-index.js", "\"Acme Codes\""),
        ("404/index.html", "<p>Ask the API guild. For tests.</p>"),
    ] {
        assert!(text(site, file).contains(part), "{part:?} in {file}");
    }
    assert!(text(published, "opensearch.xml").contains("<ShortName>Acme Codes<"));
    let page = text(site, "404/index.html");
    in_order(
        page,
        &["aria-label=Guide", ">Our errors</a>", ">All codes</a>"],
    );
    for (file, bytes) in site {
        let is_text = !["png", "epub", "zip"].contains(&ending(file));
        let text = String::from_utf8_lossy(bytes);
        assert!(
            !is_text || !text.contains("A Small Guide"),
            "{file} has the old name"
        );
    }
}

#[test]
fn the_logo_and_the_stylesheets_are_on_every_page_without_loosening_its_policy() {
    let (site, _) = &*SITES;
    let bare = Project::new().build();
    let policy = |page: &str| {
        let at = page.find("Content-Security-Policy").unwrap();
        let start = page[..at].rfind('<').unwrap();
        page[start..at + page[at..].find('>').unwrap()].to_owned()
    };
    let pages = site
        .keys()
        .filter(|file| ending(file) == "html" && !file.ends_with("card.html"));
    let mut seen = 0;
    for file in pages {
        let page = text(site, file);
        if !page.contains("<header class=site>") {
            continue;
        }
        seen += 1;
        let up = "../".repeat(file.matches('/').count());
        in_order(
            page,
            &[
                &format!("href={up}style.css"),
                &format!("<link href={up}convention.css rel=stylesheet>"),
                &format!("<link href={up}house.css rel=stylesheet>"),
                &format!(
                    "<img alt=\"Acme & Sons\" class=logo height=40 src={up}logo.svg width=120>"
                ),
            ],
        );
        assert!(
            !page.contains("other.css"),
            "{file}: only those at the top are linked"
        );
        assert!(!page.contains("class=mark"), "{file}");
        if let Some(before) = bare.get(file) {
            let before = String::from_utf8_lossy(before);
            assert_eq!(policy(page), policy(&before), "{file}");
        }
    }
    assert!(seen > 10, "{seen}");
    assert!(site.contains_key("more/other.css"));
    assert!(text(site, "convention.css").contains("--link:light-dark(#0b7285,"));
    assert!(!site.contains_key("README.md"));

    let without = |file: &str| {
        let project = project();
        project.remove("overlay/site.toml").remove("overlay/static");
        text(&build(&project, &[]), file).to_owned()
    };
    assert!(without("404/index.html").contains("A rule of our own, not of"));
    let project = project();
    project.write("overlay/static/fonts/house.woff2", "a font");
    let site = build(&project, &[]);
    assert!(policy(text(&site, "404/index.html")).contains("font-src 'self'"));
    for file in ["fonts/house.woff2", "logo.svg", "convention.css"] {
        let worker = text(&site, "sw.js");
        assert!(
            worker.contains(file),
            "{file} is not kept for reading offline"
        );
    }
}

#[test]
fn a_guide_without_an_overlay_has_nothing_of_it() {
    let site = Project::new().build();
    assert!(!site.contains_key("convention.css"));
    for (file, bytes) in &site {
        let text = String::from_utf8_lossy(bytes);
        for trace in ["house-rule", "convention.css", "class=logo"] {
            assert!(!text.contains(trace), "{trace} in {file}");
        }
    }
}

#[test]
fn the_changes_of_a_team_stand_among_those_of_the_guide_by_their_days() {
    let project = Project::with_every_kind_of_page();
    let change = |id: &str, date: &str| {
        format!(
            "[[changes]]\nid = \"{id}\"\ndate = {date}\ntitle = \"{id}\"\nwhat = \"W.\"\npages = [\"404\"]\n\n"
        )
    };
    let ours = change("ours-new", "2026-11-24") + &change("ours-old", "2026-11-20");
    project.write("overlay/changes.toml", ours);
    let site = build(&project, &["--base-url", "https://example.com/g/"]);
    for file in ["changes/index.html", "feed.xml"] {
        in_order(
            text(&site, file),
            &["ours-new", "a-number-from-a-log", "ours-old"],
        );
    }
    project.write(
        "overlay/changes.toml",
        change("a-number-from-a-log", "2026-11-20"),
    );
    check(&project).exits(1).says(
        "overlay/changes.toml:2:6: error[duplicate]: there are two changes `a-number-from-a-log`",
    );
}

#[test]
fn edit_links_lead_to_the_files_of_whoever_wrote_the_page() {
    let project = project();
    project.edit(
        "content/site.toml",
        "footer",
        "repository = \"https://git.example.com/guide\"\nfooter",
    );
    let site = build(&project, &[]);
    let own = "https://git.example.com/acme/rules/edit/main/overlay";
    let guide = "https://git.example.com/guide/edit/main/content";
    for (file, link) in [
        (
            "470/index.html",
            format!("href={own}/codes/470.md>Edit this page"),
        ),
        (
            "our-errors/index.html",
            format!("href={own}/pages/our-errors.md>Edit this page"),
        ),
        (
            "404/index.html",
            format!("href={guide}/codes/404.md>Edit this page"),
        ),
        (
            "404/index.html",
            format!("href={own}/404.md>Edit this rule"),
        ),
    ] {
        assert!(text(&site, file).contains(&link), "{link} in {file}");
    }
    // Without an address of the team's files, none is made up.
    let lines = SITE
        .replace("repository", "breadcrumb_root_url")
        .replace("folder = \"overlay\"\n", "");
    project.write("overlay/site.toml", lines);
    let site = build(&project, &[]);
    assert!(!text(&site, "470/index.html").contains("Edit this page"));
    assert!(text(&site, "403/index.html").contains("Edit this page"));
    assert!(!text(&site, "404/index.html").contains("Edit this rule"));
}

/// What `check` says of an overlay that has these files.
fn errors(files: &[(&str, &str)]) -> String {
    let project = Project::new();
    project.write("overlay/README.md", "");
    for (path, text) in files {
        project.write(format!("overlay/{path}"), text);
    }
    let before = tree(&project.path("overlay"));
    let output = project
        .run(&["build", "--overlay", "overlay", "--format", "short"])
        .exits(1);
    assert!(!project.path("dist").exists(), "something was written");
    assert_eq!(before, tree(&project.path("overlay")));
    let (errors, _) = output
        .stderr
        .rsplit_once('\n')
        .unwrap()
        .0
        .rsplit_once('\n')
        .unwrap();
    errors.to_owned()
}

#[test]
fn a_conflict_names_both_files_and_the_way_out() {
    let body = page("T", "Text.\n");
    let at = |name: &str| {
        format!(
            "to add to that page, write overlay/{name}.md; to have another page, give this file another name"
        )
    };
    for (files, error) in [
        (
            [("codes/404.md", "")].as_slice(),
            format!("overlay/codes/404.md:1:1: error[duplicate]: the guide has this page already: content/codes/404.md (help: {})", at("404")),
        ),
        (
            &[("classes/4xx.md", "")],
            format!("overlay/classes/4xx.md:1:1: error[duplicate]: the guide has this page already: content/classes/4xx.md (help: {})", at("4xx")),
        ),
        (
            &[("compare/401-vs-403.md", "")],
            format!("overlay/compare/401-vs-403.md:1:1: error[duplicate]: the guide has this page already: content/compare/401-vs-403.md (help: {})", at("401-vs-403")),
        ),
        (
            &[("compare/403-vs-401.md", "")],
            "overlay/compare/403-vs-401.md:1:1: error[duplicate]: the guide compares these codes already: content/compare/401-vs-403.md (help: to add to that page, write 401-vs-403.md at the top of the overlay)".to_owned(),
        ),
        (
            &[("topics/testing.md", "")],
            format!("overlay/topics/testing.md:1:1: error[duplicate]: the guide has this page already: content/topics/testing.md (help: {})", at("testing")),
        ),
        (
            &[("pages/reference.md", "")],
            format!("overlay/pages/reference.md:1:1: error[duplicate]: the guide has this page already: content/pages/reference.md (help: {})", at("reference")),
        ),
        (
            &[("pages/404.md", &body)],
            format!("overlay/pages/404.md:1:1: error[duplicate]: the guide has this page already: content/codes/404.md (help: {})", at("404")),
        ),
        (
            &[("static/style.css", "p {}")],
            "overlay/static/style.css:1:1: error[duplicate]: static/style.css is published at this address already (help: give this file another name; a stylesheet of the overlay comes after the guide's and goes before it)".to_owned(),
        ),
        (
            &[("static/Style.CSS", "p {}")],
            "overlay/static/Style.CSS:1:1: error[duplicate]: static/style.css is published at this address already (help: give this file another name; a stylesheet of the overlay comes after the guide's and goes before it)".to_owned(),
        ),
        (
            &[("static/404/index.html", "")],
            "overlay/static/404/index.html:1:1: error[duplicate]: a page of the guide has this address (help: give the file another name)".to_owned(),
        ),
        (
            &[("static/convention.css", "p {}")],
            "overlay/static/convention.css:1:1: error[duplicate]: a page of the guide has this address (help: give the file another name)".to_owned(),
        ),
        (
            &[("fields.toml", "\"Cache-Control\" = \"RFC 9111 §5.2\"")],
            "overlay/fields.toml:1:2: error[duplicate]: `Cache-Control` is in content/fields.toml already (help: delete the line: the guide knows the field)".to_owned(),
        ),
        (
            &[("pages/ours.md", &body), ("ours.md", "More.\n")],
            "overlay/ours.md:1:1: error[duplicate]: this adds to a page of the same overlay: overlay/pages/ours.md (help: write the convention there: it is your page)".to_owned(),
        ),
        (
            &[("4004.md", "Text.\n")],
            "overlay/4004.md:1:1: error[unknown-name]: the guide has no page `4004` to add this to (help: did you mean 404.md?)".to_owned(),
        ),
        (
            &[("elsewhere.md", "Text.\n")],
            "overlay/elsewhere.md:1:1: error[unknown-name]: the guide has no page `elsewhere` to add this to (help: a file at the top of an overlay is called like the page that it adds to; new pages go into codes/, compare/, topics/ or pages/)".to_owned(),
        ),
    ] {
        assert_eq!(errors(files), error);
    }
}

#[test]
fn every_mistake_in_an_overlay_is_found_at_its_place() {
    let here = "an overlay has site.toml, 404.md to add to the page of 404, codes/, classes/, compare/, topics/ and pages/ for new pages, fields.toml, changes.toml, and static/";
    let mut wrong = Vec::new();
    for (path, source, error) in [
        ("notes.txt", "", format!("notes.txt:1:1: error[file-name]: `notes.txt` has no place at the top of an overlay (help: {here})")),
        ("sites.toml", "", format!("sites.toml:1:1: error[file-name]: `sites.toml` has no place at the top of an overlay (help: did you mean `site.toml`? {here})")),
        ("404.md", "", "404.md:1:1: error[empty-page]: this page has no text (help: write what your team does here, and why)".into()),
        ("404.md", "Text [405].\n", "404.md:1:6: error[link]: the guide has no page for 405 (help: write the number without brackets, or begin its page: status-guide new 405)".into()),
        ("404.md", "+++\n+++\n\n## Why\n\nText.\n", "404.md:4:1: error[heading]: headings of a convention have three hash signs (help: it is a section of its page, and its own heading is `title` in its front matter; write `### …`)".into()),
        ("404.md", "A <br>b.\n", "404.md:1:3: error[raw-html]: <br> is HTML, and the text is Markdown".into()),
        ("404.md", "```http\nHTTP/1.1 404 Not Here\nDate: Sun, 22 Nov 2026 09:14:07 GMT\n```\n\nText.\n", "404.md:2:10: error[status]".into()),
        ("404.md", "+++\nowners = \"x\"\n+++\n\nText.\n", "404.md:2:1: error[unknown-key]: `owners` is not a key here (help: did you mean `owner`?)".into()),
        ("404.md", "+++\ncontact = \"https://example.com/\"\n+++\n\nText.\n", "404.md:2:11: error[invalid-value]: nobody says whose address this is (help: add a line `owner = \"…\"`)".into()),
        ("404.md", "+++\nowner = \"A\"\ncontact = \"guild\"\n+++\n\nText.\n", "404.md:3:11: error[invalid-value]: \"guild\" is no address".into()),
        ("404.md", "[x](#our-convention-y)\n", "404.md:1:1: error[fragment]: /404/ has no part `#our-convention-y`".into()),
        ("site.toml", "titel = \"A\"\n", "site.toml:1:1: error[unknown-key]: `titel` is not a key here (help: did you mean `title`?)".into()),
        ("site.toml", "title = \"\"\n", "site.toml:1:9: error[invalid-value]: `title` is empty".into()),
        ("site.toml", "accent = \"teal\"\n", "site.toml:1:10: error[invalid-value]: \"teal\" is no colour; write `#` and six hexadecimal digits, like \"#0b7285\"".into()),
        ("site.toml", "logo = \"logo.svg\"\n", "site.toml:1:8: error[invalid-value]: there is no `logo.svg` in static/ of the overlay".into()),
        ("site.toml", "navigation = [{ text = \"A\", page = \"nowhere\" }]\n", "site.toml:1:15: error[link]: `nowhere` is no page of the guide".into()),
        ("site.toml", "base_url = \"example.com\"\n", "site.toml:1:12: error[invalid-value]".into()),
        ("static/a.css", "a {}\n@import url(https://example.com/a.css);\n", "static/a.css:2:13: error[page]: this stylesheet loads something from elsewhere".into()),
        ("codes/4040.md", "", "codes/4040.md:1:1: error[front-matter]: the file is empty".into()),
        ("kodes/404.md", "", "kodes/404.md:1:1: error[file-name]: `kodes` is no folder of the guide".into()),
    ] {
        let found = errors(&[(path, source)]);
        if !found.starts_with(&format!("overlay/{error}")) || found.lines().count() != 1 {
            wrong.push(format!("expected: overlay/{error}\nsaid:     {found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_logo_that_cannot_be_shown_is_refused() {
    let svg = ("static/logo.svg", LOGO);
    let team = "team = \"A\"\nlogo = \"logo.svg\"\n";
    for (files, error) in [
        (
            [("site.toml", "logo = \"logo.svg\"\n"), svg],
            "nothing says the logo to those who do not see it",
        ),
        (
            [("site.toml", "team = \"A\"\nlogo = \"logo.png\"\n"), svg],
            "(help: did you mean `logo.svg`?)",
        ),
        (
            [("site.toml", team), ("static/logo.svg", "<svg>")],
            "overlay/static/logo.svg: this drawing has no size",
        ),
        (
            [
                ("site.toml", "team = \"A\"\nlogo = \"logo.png\"\n"),
                ("static/logo.png", "png"),
            ],
            "overlay/static/logo.png: this is no PNG",
        ),
        (
            [
                ("site.toml", "team = \"A\"\nlogo = \"logo.gif\"\n"),
                ("static/logo.gif", "gif"),
            ],
            "`logo.gif` cannot be a logo (help: a logo is an SVG or a PNG)",
        ),
    ] {
        let found = errors(&files);
        assert!(
            found.starts_with("overlay/site.toml:") && found.contains(error),
            "{found}"
        );
    }
}

#[test]
fn a_heading_of_the_page_cannot_take_the_fragment_of_its_convention() {
    let project = project();
    project.write(
        "content/pages/about.md",
        page("About", "## Our convention\n\nText.\n"),
    );
    check(&project).exits(0);
    project.write("overlay/about.md", "Text.\n");
    check(&project).exits(1).says(
        "content/pages/about.md:7:1: error[heading]: the page already has a part `#our-convention`",
    );
}

#[test]
fn site_toml_can_name_the_overlay_and_the_flag_goes_before_it() {
    let project = project();
    project.edit(
        "content/site.toml",
        "footer",
        "overlay = \"../overlay\"\nfooter",
    );
    let by_flag = build(&project, &[]);
    project.run(&["build"]).exits(0);
    assert_same(
        "by site.toml and by flag",
        &by_flag,
        &tree(&project.path("dist")),
    );

    project.write("other/404.md", "Another rule.\n");
    project.run(&["build", "--overlay", "other"]).exits(0);
    let page = project.read("dist/404/index.html");
    assert!(page.contains("Another rule.") && !page.contains("zebra"));

    project.edit("content/site.toml", "../overlay", "../overlai");
    project.check().exits(1).says(
        "content/site.toml:7:11: error[invalid-value]: there is no overlay folder at overlai",
    );
    project
        .run(&["build", "--overlay", "nowhere"])
        .exits(2)
        .says("there is no overlay folder at nowhere; name it with --overlay");
}

#[test]
fn an_overlay_is_never_an_output() {
    let project = project();
    project.write("overlay/.keep", "");
    let before = tree(&project.path("overlay"));
    for out in ["overlay", "overlay/static", "overlay/dist"] {
        project
            .run(&["build", "--overlay", "overlay", "--out", out])
            .exits(2)
            .says("would overwrite overlay; choose another with --out");
    }
    project.edit(
        "content/site.toml",
        "footer",
        "overlay = \"../overlay\"\nfooter",
    );
    project
        .run(&["build", "--out", "overlay/dist"])
        .exits(2)
        .says("would overwrite overlay; choose another with --out");
    assert_same("the overlay", &before, &tree(&project.path("overlay")));
}

#[test]
fn the_place_of_the_overlay_does_not_show_in_the_site() {
    let (site, _) = &*SITES;
    let project = project();
    let elsewhere = project.path("some/where/else");
    copy(&project.path("overlay"), &elsewhere);
    let arguments = ["build", "--overlay", elsewhere.to_str().unwrap()];
    project.run(&arguments).exits(0);
    assert_same("two places", site, &tree(&project.path("dist")));
}

/// The sample, laid over the guide that the program carries.
static SAMPLE: LazyLock<(Project, Tree)> = LazyLock::new(|| {
    let project = Project::empty();
    copy(
        &repository().join("examples/overlay"),
        &project.path("overlay"),
    );
    let output = project.run(&["build", "--overlay", "overlay"]).exits(0);
    assert!(
        output
            .stdout
            .starts_with("There is no content folder here, so this is the built-in guide.\n")
    );
    let site = tree(&project.path("dist"));
    (project, site)
});

#[test]
fn the_sample_is_right_and_needs_nothing_but_the_program() {
    let (project, site) = &*SAMPLE;
    let output = project.run(&["check", "--overlay", "overlay"]).exits(0);
    assert!(output.stdout.contains("\nRight: "), "{}", output.stdout);
    let marked: BTreeSet<&str> = (site.iter())
        .filter(|(file, bytes)| {
            file.ends_with("index.html")
                && String::from_utf8_lossy(bytes).contains("id=our-convention")
        })
        .map(|(file, _)| file.trim_end_matches("/index.html"))
        .collect();
    assert_eq!(
        marked,
        BTreeSet::from(["401-vs-403", "404", "429", "best-practices"])
    );
    for file in [
        "580/index.html",
        "502-vs-580/index.html",
        "our-errors/index.html",
        "kestrel.svg",
        "kestrel.css",
    ] {
        assert!(site.contains_key(file), "{file}");
    }
    let shown = project.run(&["show", "carrier unavailable", "--overlay", "overlay"]);
    assert!(shown.exits(0).stdout.contains("580 Carrier Unavailable"));
    let list = project
        .run(&["show", "--list", "--overlay", "overlay"])
        .exits(0)
        .stdout;
    assert!(list.contains("580 Carrier Unavailable"));
}

#[test]
fn the_readme_of_the_sample_names_every_file_of_it() {
    let readme = std::fs::read_to_string(repository().join("examples/README.md")).unwrap();
    for file in tree(&repository().join("examples/overlay")).keys() {
        let known = file.starts_with("static/") || readme.contains(&format!("`overlay/{file}`"));
        assert!(known, "{file}");
    }
}
