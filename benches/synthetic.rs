//! Owns: guides of any size, made of the real one, and the same pages as other
//! site generators want them.
//!
//! Must not: build or measure anything.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use walkdir::WalkDir;

/// The least bytes of a code's file whose text is used: shorter ones are mostly
/// of codes that nobody sends any more.
const LONG: u64 = 4000;

/// Writes a guide of `pages` pages into `folder`: everything in the project
/// `guide`, and as many pages more as it takes. A status code has three digits,
/// so that these are no codes: each is a page in `content/pages/` with the text
/// of a code, its links and its example messages. What stands around it is as on
/// every page: the list of all codes that the real guide has.
///
/// # Errors
/// If `guide` has more pages already, or the disk refuses.
pub fn guide(guide: &Path, pages: usize, folder: &Path) -> anyhow::Result<()> {
    for part in ["content", "static"] {
        copy(&guide.join(part), &folder.join(part))?;
    }
    let mut real = 0;
    let mut texts = Vec::new();
    for path in files(&guide.join("content"), "md")? {
        real += 1;
        if path
            .parent()
            .is_some_and(|parent| parent.ends_with("codes"))
            && fs::metadata(&path)?.len() >= LONG
        {
            texts.push(read(&path)?);
        }
    }
    ensure!(
        real <= pages,
        "the guide has {real} pages already, more than {pages}"
    );
    ensure!(!texts.is_empty(), "the guide has no long page of a code");
    let more = pages - real;
    for (number, text) in (1..=more).zip(texts.iter().cycle()) {
        let (facts, body) = (text.strip_prefix("+++\n"))
            .and_then(|text| text.split_once("\n+++\n"))
            .context("a page of a code has no front matter")?;
        let fact = |key: &str| {
            let mut lines = facts.lines();
            lines.find(|line| line.split(' ').next() == Some(key))
        };
        let (code, summary, checked) = (fact("code"), fact("summary"), fact("checked"));
        let code = code.unwrap_or_default().trim_start_matches("code = ");
        let page = format!(
            "+++\ntitle = \"Page {number}, like {code}\"\n{}\n{}\n+++\n{body}",
            summary.unwrap_or_default(),
            checked.unwrap_or_default(),
        );
        let name = format!("content/pages/page-{number:05}.md");
        write(&folder.join(name), &page)?;
    }
    Ok(())
}

/// Writes the pages of the site `built` into a folder for each other generator
/// in `folder`: the Markdown that lies beside each page, and a template that is
/// a finished page without its article. So all of them have the same text in the
/// same frame, and no shorthand that only one of them understands.
///
/// # Errors
/// If `built` is no site, or the disk refuses.
pub fn peers(built: &Path, folder: &Path) -> anyhow::Result<()> {
    let frame = read(&built.join("404/index.html"))?;
    for peer in PEERS {
        let folder = folder.join(peer.name);
        for (name, text) in peer.files {
            let text = text.replace("FRAME", &peer.template(&frame)?);
            write(&folder.join(name), &text)?;
        }
    }
    let mut summary = String::new();
    for path in files(built, "md")? {
        let name = path.strip_prefix(built)?.with_file_name("");
        let name = name.to_string_lossy().trim_end_matches('/').to_owned();
        // No engine shall take an example for its own syntax.
        let text = read(&path)?.replace("{{", "{ {").replace("{%", "{ %");
        let (title, body) = text.split_once('\n').context("a page has no title")?;
        let title = title.trim_start_matches("# ").replace(['"', '\\'], "");
        for peer in PEERS {
            let page = (peer.page)(&name);
            let text = match peer.front_matter {
                FrontMatter::Toml => format!("+++\ntitle = \"{title}\"\n+++\n{body}"),
                FrontMatter::Yaml => format!("---\ntitle: \"{title}\"\n{}---\n{body}", peer.keys),
                FrontMatter::None => format!("# {title}\n{body}"),
            };
            write(&folder.join(peer.name).join(page), &text)?;
        }
        let page = (MDBOOK.page)(&name);
        let page = page.trim_start_matches("src/");
        summary.extend(["- [", &title, "](", page, ")\n"]);
    }
    write(&folder.join(MDBOOK.name).join("src/SUMMARY.md"), &summary)
}

/// How a page begins.
enum FrontMatter {
    Toml,
    Yaml,
    None,
}

/// Another site generator.
struct Peer {
    name: &'static str,
    /// The file of the page `404`, and of the home page, which has no name.
    page: fn(&str) -> String,
    front_matter: FrontMatter,
    /// What its front matter has besides a title.
    keys: &'static str,
    /// Its settings and templates; `FRAME` stands for a page.
    files: &'static [(&'static str, &'static str)],
    /// What stands for the title and the text in a template.
    slots: [&'static str; 2],
}

const HUGO: Peer = Peer {
    name: "hugo",
    page: |name| match name {
        "" => "content/_index.md".to_owned(),
        name => format!("content/{name}.md"),
    },
    front_matter: FrontMatter::Toml,
    keys: "",
    files: &[
        (
            "hugo.toml",
            "baseURL = \"https://example.com/\"\ntitle = \"Guide\"\ndisableKinds = [\"404\", \"rss\", \"section\", \"sitemap\", \"taxonomy\", \"term\"]\n[markup.highlight]\ncodeFences = false\n[markup.goldmark.renderer]\nunsafe = false\n",
        ),
        ("layouts/single.html", "FRAME"),
        ("layouts/home.html", "FRAME"),
    ],
    slots: ["{{ .Title }}", "{{ .Content }}"],
};

const ZOLA: Peer = Peer {
    name: "zola",
    page: HUGO.page,
    front_matter: FrontMatter::Toml,
    keys: "",
    files: &[
        (
            "config.toml",
            "base_url = \"https://example.com\"\nminify_html = true\ncompile_sass = false\nbuild_search_index = false\ngenerate_sitemap = false\ngenerate_robots_txt = false\n",
        ),
        ("content/topics/_index.md", "+++\nrender = false\n+++\n"),
        ("templates/page.html", "{% set it = page %}FRAME"),
        ("templates/index.html", "{% set it = section %}FRAME"),
    ],
    slots: ["{{ it.title }}", "{{ it.content | safe }}"],
};

const MDBOOK: Peer = Peer {
    name: "mdbook",
    page: |name| match name {
        "" => "src/README.md".to_owned(),
        name => format!("src/{name}.md"),
    },
    front_matter: FrontMatter::None,
    keys: "",
    files: &[
        (
            "book.toml",
            "[book]\ntitle = \"Guide\"\n[output.html]\ninput-404 = \"\"\n[output.html.search]\nenable = false\n[output.html.print]\nenable = false\n",
        ),
        ("theme/index.hbs", "FRAME"),
    ],
    slots: ["{{ title }}", "{{{ content }}}"],
};

const COBALT: Peer = Peer {
    name: "cobalt",
    page: |name| match name {
        "" => "index.md".to_owned(),
        name => format!("{name}.md"),
    },
    front_matter: FrontMatter::Yaml,
    keys: "layout: page.liquid\n",
    files: &[
        ("_cobalt.yml", "syntax_highlight:\n  enabled: false\n"),
        ("_layouts/page.liquid", "FRAME"),
    ],
    slots: ["{{ page.title }}", "{{ page.content }}"],
};

const ELEVENTY: Peer = Peer {
    name: "eleventy",
    page: COBALT.page,
    front_matter: FrontMatter::Yaml,
    keys: "layout: page.liquid\n",
    files: &[
        (
            ".eleventy.js",
            "module.exports = () => ({ markdownTemplateEngine: false });\n",
        ),
        ("_includes/page.liquid", "FRAME"),
    ],
    slots: ["{{ title }}", "{{ content }}"],
};

const PEERS: [&Peer; 5] = [&HUGO, &ZOLA, &MDBOOK, &COBALT, &ELEVENTY];

impl Peer {
    /// The finished page `frame` with places for another title and text.
    fn template(&self, frame: &str) -> anyhow::Result<String> {
        let [title, text] = self.slots;
        let text = format!("<h1>{title}</h1>{text}");
        with_inside(frame, "title", title)
            .and_then(|page| with_inside(&page, "article", &text))
            .context("the page of 404 has no title or no article")
    }
}

/// `html` with `inside` in place of what its first `element` has in it.
fn with_inside(html: &str, element: &str, inside: &str) -> Option<String> {
    let opens = html.find(&format!("<{element}"))?;
    let start = opens + html[opens..].find('>')? + 1;
    let end = start + html[start..].find(&format!("</{element}>"))?;
    Some(format!("{}{inside}{}", &html[..start], &html[end..]))
}

/// Every file in `folder` whose name ends with `.{ending}`, in order.
fn files(folder: &Path, ending: &str) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in WalkDir::new(folder).sort_by_file_name() {
        let path = entry?.into_path();
        if path.extension().is_some_and(|found| found == ending) {
            files.push(path);
        }
    }
    Ok(files)
}

fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    for entry in WalkDir::new(from) {
        let entry = entry?;
        let target = to.join(entry.path().strip_prefix(from)?);
        if entry.file_type().is_dir() {
            fs::create_dir_all(target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

fn read(path: &Path) -> anyhow::Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}
