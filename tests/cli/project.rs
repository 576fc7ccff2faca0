//! A small, right guide in a folder of its own, and the program run on it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::SystemTime;

use tempfile::TempDir;

/// The program under test.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_status-guide");

/// The repository.
pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A guide in a temporary folder; gone when dropped.
pub struct Project {
    folder: TempDir,
}

/// What a run printed, and its exit code (-1 after a signal).
#[derive(Debug)]
pub struct Output {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Output {
    /// Fails unless the exit code is `code`.
    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(
            self.code, code,
            "wrong exit code; stdout:\n{}stderr:\n{}",
            self.stdout, self.stderr
        );
        self
    }

    /// Fails unless `part` is in what was printed to stderr.
    #[track_caller]
    pub fn says(self, part: &str) -> Self {
        assert!(
            self.stderr.contains(part),
            "{part:?} is not in stderr:\n{}",
            self.stderr
        );
        self
    }
}

/// The bytes of every file below a folder, by path.
pub type Tree = BTreeMap<String, Vec<u8>>;

impl Project {
    /// A guide of four codes, two classes, a comparison and the three pages
    /// that every guide has. Its static files are those of the repository,
    /// because the templates link to them.
    pub fn new() -> Self {
        let project = Self::empty();
        copy(&repository().join("static"), &project.path("static"));
        for (path, text) in FILES {
            project.write(path, text);
        }
        project
    }

    /// A folder with nothing in it.
    pub fn empty() -> Self {
        Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
        }
    }

    /// The same guide with a page of every other kind: a code that nobody
    /// registered, decisions, first aid, retry rules, topics and facts.
    pub fn with_every_kind_of_page() -> Self {
        let project = Self::new();
        for (path, text) in MORE_FILES {
            project.write(path, text);
        }
        project.edit(
            "content/site.toml",
            "page = \"reference\" }",
            "page = \"reference\" }, { text = \"Topics\", page = \"topics\" }",
        );
        project
    }

    /// The path of something in the project.
    pub fn path(&self, path: impl AsRef<Path>) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Writes a file, and the folders that it needs.
    pub fn write(&self, path: impl AsRef<Path>, text: impl AsRef<[u8]>) -> &Self {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap_or_else(|e| panic!("cannot write {}: {e}", path.display()));
        self
    }

    /// Removes a file or a folder.
    pub fn remove(&self, path: &str) -> &Self {
        let path = self.path(path);
        if path.is_dir() {
            fs::remove_dir_all(&path).unwrap();
        } else {
            fs::remove_file(&path).unwrap();
        }
        self
    }

    /// The text of a file.
    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|e| panic!("cannot read {path}: {e}"))
    }

    /// Replaces a part of a file, which must be there once.
    #[track_caller]
    pub fn edit(&self, path: &str, from: &str, to: &str) -> &Self {
        let text = self.read(path);
        assert_eq!(text.matches(from).count(), 1, "{from:?} in {path}");
        self.write(path, text.replace(from, to))
    }

    /// The program with `arguments`, in the project's folder, away from the
    /// environment of whoever runs the tests.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        command.args(arguments).current_dir(self.folder.path());
        command.env_remove("GITHUB_ACTIONS").env_remove("NO_COLOR");
        command.stdin(Stdio::null());
        command
    }

    /// Runs the program to its end.
    pub fn run(&self, arguments: &[&str]) -> Output {
        finish(&mut self.command(arguments))
    }

    /// Builds, and returns the files of the site.
    #[track_caller]
    pub fn build(&self) -> Tree {
        self.run(&["build"]).exits(0);
        tree(&self.path("dist"))
    }

    /// `check --format short`, as most tests of errors need it.
    pub fn check(&self) -> Output {
        self.run(&["check", "--format", "short"])
    }
}

/// Runs a command to its end.
pub fn finish(command: &mut Command) -> Output {
    let output = command
        .output()
        .unwrap_or_else(|e| panic!("cannot run {command:?}: {e}"));
    Output {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).expect("stdout is UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("stderr is UTF-8"),
    }
}

/// Copies a folder.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Every file below `folder`.
pub fn tree(folder: &Path) -> Tree {
    let mut files = Tree::new();
    visit(folder, "", &mut |path, name| {
        files.insert(name, fs::read(path).unwrap());
    });
    files
}

/// Every file below `folder` with its bytes and its modification time.
pub fn snapshot(folder: &Path) -> BTreeMap<String, (Vec<u8>, SystemTime)> {
    let mut files = BTreeMap::new();
    visit(folder, "", &mut |path, name| {
        let modified = fs::metadata(path).unwrap().modified().unwrap();
        files.insert(name, (fs::read(path).unwrap(), modified));
    });
    files
}

fn visit(folder: &Path, prefix: &str, each: &mut impl FnMut(&Path, String)) {
    for entry in
        fs::read_dir(folder).unwrap_or_else(|e| panic!("cannot read {}: {e}", folder.display()))
    {
        let entry = entry.unwrap();
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type().unwrap().is_dir() {
            visit(&entry.path(), &format!("{name}/"), each);
        } else {
            each(&entry.path(), name);
        }
    }
}

/// The names in `folder`, sorted.
pub fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// Fails with the names of the files that differ, not with their bytes.
#[track_caller]
pub fn assert_same(what: &str, left: &Tree, right: &Tree) {
    let differ: Vec<&String> = (left.keys().chain(right.keys()))
        .filter(|name| left.get(*name) != right.get(*name))
        .collect();
    assert!(differ.is_empty(), "{what}: these files differ: {differ:?}");
}

/// The front matter of a page of its own, six lines long.
pub fn page(title: &str, body: &str) -> String {
    format!(
        "+++\ntitle = \"{title}\"\nsummary = \"A page for a test.\"\nchecked = 2026-11-22\n+++\n\n{body}"
    )
}

/// The front matter of a short code page, and a text.
pub fn code(number: u16, phrase: &str, cacheable: &str) -> String {
    format!(
        r#"+++
code = {number}
phrase = "{phrase}"
summary = "A summary of {number}."
use_case = "A use of {number}"
registration = "standard"
specification = "RFC 9110 §15"
sent_by = ["origin-server"]
cacheable = "{cacheable}"
content = "expected"
required_fields = []
useful_fields = []
retry = "never"
retry_note = "The answer stays the same"
ask = ["nobody"]
former_names = []
topics = ["testing"]
related = []
checked = 2026-11-22
+++

{number} is explained here.

## History and specification

It is in [RFC 9110 §15].
"#
    )
}

const FILES: &[(&str, &str)] = &[
    (
        "content/site.toml",
        r#"title = "A Small Guide"
language = "en"
description = "Four status codes, for tests."
breadcrumb_root = "Guides"
breadcrumb_home = "Codes"
navigation = [{ text = "All codes", page = "reference" }]
footer = "For tests."
"#,
    ),
    (
        "content/topics/testing.md",
        r#"+++
title = "Testing"
summary = "Codes for tests."
fields = ["Cache-Control"]
checked = 2026-11-22
+++

A test sends these.
"#,
    ),
    (
        "content/topics/access.md",
        r#"+++
title = "Access"
summary = "Who may do what."
fields = []
checked = 2026-11-22
+++

See [401-vs-403], and the other topic: [topics/testing].
"#,
    ),
    (
        "content/fields.toml",
        r#""Cache-Control" = "RFC 9111 §5.2"
"Content-Type" = "RFC 9110 §8.3"
"WWW-Authenticate" = "RFC 9110 §11.6.1"
"#,
    ),
    (
        "content/codes/200.md",
        r#"+++
code = 200
phrase = "OK"
summary = "It worked, and here is the result."
use_case = "The request succeeded"
registration = "standard"
specification = "RFC 9110 §15.3.1"
sent_by = ["origin-server", "gateway"]
cacheable = "heuristically"
content = "expected"
required_fields = []
useful_fields = ["Cache-Control", "Content-Type"]
retry = "not-needed"
ask = ["nobody"]
former_names = []
topics = ["testing"]
related = []
checked = 2026-11-22
+++

The request **succeeded**. *What* the content is, the method decides; `GET` gets the "representation".

## History and specification

It is as old as HTTP/1.0 ([RFC 1945 §9.2]).
"#,
    ),
    (
        "content/codes/401.md",
        r#"+++
code = 401
phrase = "Unauthorized"
summary = "The request does not prove who sends it."
use_case = "Credentials are missing or wrong"
registration = "standard"
specification = "RFC 9110 §15.5.2"
sent_by = ["origin-server"]
cacheable = "explicitly"
content = "optional"
required_fields = ["WWW-Authenticate"]
useful_fields = []
retry = "after-change"
retry_note = "With other credentials"
ask = ["user", "developer"]
former_names = []
topics = ["access", "testing"]
related = [403]
checked = 2026-11-22
+++

Sign in first, and compare with [401-vs-403].

## History and specification

It is in [RFC 9110 §15.5.2]; the field is [`WWW-Authenticate`].
"#,
    ),
    (
        "content/codes/403.md",
        r#"+++
code = 403
phrase = "Forbidden"
summary = "The server understood and refuses."
use_case = "The client may not do this"
registration = "standard"
specification = "RFC 9110 §15.5.4"
sent_by = ["origin-server", "gateway"]
cacheable = "explicitly"
content = "optional"
required_fields = []
useful_fields = ["Content-Type"]
retry = "never"
retry_note = "The answer stays the same"
ask = ["nobody"]
former_names = []
topics = ["access"]
related = [401, 404]
checked = 2026-11-22
+++

Signing in again does not help.

## History and specification

It is in [RFC 9110 §15.5.4].
"#,
    ),
    (
        "content/codes/404.md",
        r#"+++
code = 404
phrase = "Not Found"
summary = "There is nothing at this address."
use_case = "No resource at this URL"
registration = "standard"
specification = "RFC 9110 §15.5.5"
sent_by = ["origin-server"]
cacheable = "heuristically"
cacheable_note = "For a time of the cache's own choosing"
content = "expected"
content_note = "Say what is missing"
required_fields = []
useful_fields = ["Cache-Control"]
retry = "never"
retry_note = "The answer stays the same"
ask = ["nobody"]
former_names = [{ phrase = "Nothing There", source = "RFC 1945" }]
topics = ["testing"]
related = [403, 200]
checked = 2026-11-22
+++

## When to send it

- Nothing is there.
- Something is there, and it must stay hidden: see [403].

## When to send something else

An empty list is a [200].

## Example

```http
GET /orders/7 HTTP/1.1
Host: api.example.com
```

```http
HTTP/1.1 404 Not Found
Date: Sun, 22 Nov 2026 09:14:07 GMT
Content-Type: application/json
Content-Length: 19

{ "missing": "/7" }
```

> [!NOTE]
> The content is for people & programs, if a < b.

## If you get it

### Visiting a website

Check the address.

### On call

```sh
curl -sS https://www.example.com/ | head
```

## Versus

| code | says |
|---|--:|
| [403] | no |
| 404 | 0 |

## Common mistakes

- Sent with [200#history].

## History and specification

It stands since [RFC 1945 §9.4].
"#,
    ),
    (
        "content/classes/2xx.md",
        r#"+++
class = "2xx"
name = "Successful"
summary = "It worked."
specification = "RFC 9110 §15.3"
checked = 2026-11-22
+++

## What it means

It worked.

## A code you do not know

Treat it like [200].
"#,
    ),
    (
        "content/classes/4xx.md",
        r#"+++
class = "4xx"
name = "Client Error"
summary = "The request is wrong."
specification = "RFC 9110 §15.5"
checked = 2026-11-22
+++

## What it means

The client must change something.

## A code you do not know

Treat it like 400.
"#,
    ),
    (
        "content/compare/401-vs-403.md",
        r#"+++
codes = [401, 403]
rule = "Send 401 to strangers, and 403 to the rest."
summary = "401 asks who you are; 403 knows enough."
checked = 2026-11-22
+++

## The differences

| question | 401 | 403 |
|---|---|---|
| Who asks? | Unknown | Of no importance |

## One request, each answer

The same request gets [401] first, and [403] later.

## Still unsure?

Send 403.
"#,
    ),
    (
        "content/pages/home.md",
        r#"+++
title = "A Small Guide"
summary = "Four codes."
topic = "HTTP"
checked = 2026-11-22
+++

Find a number, or go to [the index][reference].

## What a status code is {#what}

Three digits.
"#,
    ),
    (
        "content/pages/not-found.md",
        r#"+++
title = "Nothing at this address"
summary = "Here are the ways on."
checked = 2026-11-22
+++

Go to [the start][home], or read about [404].
"#,
    ),
    (
        "content/pages/reference.md",
        r#"+++
title = "All codes"
summary = "A table of the four codes."
checked = 2026-11-22
+++

Each row is a code.
"#,
    ),
];

const MORE_FILES: &[(&str, &str)] = &[
    (
        "content/changes.toml",
        r#"[[changes]]
id = "a-number-from-a-log"
date = 2026-11-22
title = "499 & what it means"
what = "A page about a number from a log."
pages = ["499", "topics"]
"#,
    ),
    (
        "content/pages/changes.md",
        r#"+++
title = "Changes"
summary = "What is new."
shows = "changes"
checked = 2026-11-22
+++

Newest first. The same for programs: [codes.json].
"#,
    ),
    (
        "content/codes/499.md",
        r#"+++
code = 499
phrase = "Client Closed Request"
summary = "The client hung up before the answer."
use_case = "The client gave up"
registration = "vendor"
sent_by = ["log-only", "origin-server"]
cacheable = "never"
content = "optional"
content_note = "It never travels"
required_fields = []
useful_fields = []
retry = "if-idempotent"
retry_note = "Wait longer"
ask = ["developer"]
former_names = []
topics = ["testing"]
related = [404]
checked = 2026-11-22

[[meanings]]
by = "nginx"
phrase = "Client Closed Request"
seen = "in-logs"
says = "The client closed the connection."
source = "https://example.com/nginx"
checked = 2026-11-22

[[meanings]]
by = "A Map Server"
seen = "on-the-wire"
says = "A token is missing."
source = "https://example.org/maps"
checked = 2026-11-21
+++

The client hung up. This is no [404].

## If you get it

### On call

Look at the client.

## Where it comes from

From a log.
"#,
    ),
    (
        "content/pages/choose.md",
        r#"+++
title = "Which one?"
summary = "Two questions to a code."
topics = ["testing"]
shows = "decisions"
checked = 2026-11-22

[[questions]]
id = "who"
ask = "Do you know who asks?"
help = "Credentials say it."
answers = [
  { say = "No", send = 401 },
  { say = "Yes", to = "may" },
]

[[questions]]
id = "may"
ask = "May they?"
answers = [
  { say = "No", send = 403 },
  { say = "Yes", send = 200 },
]
+++

Take the first that is true.

## Send 200 {#send-200}

All is well.

## Send 401 {#send-401}

```http
HTTP/1.1 401 Unauthorized
Date: Sun, 22 Nov 2026 09:14:07 GMT
WWW-Authenticate: Basic realm="orders"
```

## Send 403 {#send-403}

Say no.

## Why this order {#order}

Because.
"#,
    ),
    (
        "content/pages/got.md",
        r#"+++
title = "I got one"
summary = "What to do."
shows = "first-aid"
checked = 2026-11-22
+++

Find the number.
"#,
    ),
    (
        "content/pages/retry.md",
        r#"+++
title = "Again?"
summary = "Whether to repeat."
shows = "retry-rules"
checked = 2026-11-22
+++

Find the method. See [499].
"#,
    ),
    (
        "content/pages/topics.md",
        r#"+++
title = "Topics"
summary = "By subject."
shows = "topics"
checked = 2026-11-22
+++

All of them. Also [choose], [got], [retry], [sheet] and [about].
"#,
    ),
    (
        "content/pages/sheet.md",
        r#"+++
title = "Sheet"
summary = "On one page."
shows = "cheat-sheet"
checked = 2026-11-22
+++

For the wall.
"#,
    ),
    (
        "content/pages/about.md",
        r#"+++
title = "About"
summary = "How it is kept."
shows = "facts"
checked = 2026-11-22
+++

With care.
"#,
    ),
];
