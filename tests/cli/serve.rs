//! The site in memory, over HTTP: as a host of static pages would answer, and
//! as fast as one can save.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::project::{Project, page};

/// More than any machine needs. Nothing here depends on it but how long a
/// failure takes.
const LONG: Duration = Duration::from_mins(2);

/// `serve`, at a port of its own; ends when dropped.
struct Server {
    child: Child,
    lines: Receiver<String>,
    /// What was said and not waited for yet.
    said: RefCell<Vec<String>>,
    port: u16,
    base: String,
}

impl Server {
    fn start(project: &Project, arguments: &[&str]) -> Self {
        Self::start_at(project, 0, arguments)
    }

    fn start_at(project: &Project, port: u16, arguments: &[&str]) -> Self {
        let port = port.to_string();
        let mut command = project.command(&["serve", "--port", &port]);
        command.args(arguments);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (sender, lines) = channel();
        let out: [Box<dyn Read + Send>; 2] = [
            Box::new(child.stdout.take().unwrap()),
            Box::new(child.stderr.take().unwrap()),
        ];
        for stream in out {
            let sender = sender.clone();
            thread::spawn(move || {
                for line in BufReader::new(stream).lines().map_while(Result::ok) {
                    let _ = sender.send(line);
                }
            });
        }
        let mut server = Self {
            child,
            lines,
            said: RefCell::default(),
            port: 0,
            base: String::new(),
        };
        let line = server.says("Open http://127.0.0.1:");
        let (port, base) = (line.split("127.0.0.1:").nth(1).unwrap())
            .split_once('/')
            .unwrap();
        server.port = port.parse().unwrap();
        server.base = format!("/{base}");
        server
    }

    /// Waits for a line with `part`, and returns it.
    #[track_caller]
    fn says(&self, part: &str) -> String {
        let mut said = self.said.borrow_mut();
        loop {
            if let Some(at) = said.iter().position(|line| line.contains(part)) {
                return said.remove(at);
            }
            match self.lines.recv_timeout(LONG) {
                Ok(line) => said.push(line),
                Err(error) => panic!("{part:?} was not said ({error}), but: {said:#?}"),
            }
        }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(LONG)).unwrap();
        stream
    }

    /// Sends these bytes, and reads until the server closes the connection.
    fn send(&self, bytes: impl AsRef<[u8]>) -> Reply {
        let mut stream = self.connect();
        stream.write_all(bytes.as_ref()).unwrap();
        let mut all = Vec::new();
        stream.read_to_end(&mut all).unwrap();
        Reply::read(&all)
    }

    fn ask(&self, method: &str, target: &str) -> Reply {
        self.send(format!(
            "{method} {target} HTTP/1.1\r\nHost: localhost:{}\r\nConnection: close\r\n\r\n",
            self.port
        ))
    }

    fn get(&self, target: &str) -> Reply {
        self.ask("GET", target)
    }

    /// What the script of a page does: listens to what becomes of it.
    fn listen(&self, html: &str) -> BufReader<TcpStream> {
        let tag = html.split("live.js\" ").nth(1).expect("the script");
        let data = tag.split(" async").next().unwrap();
        let query = data.replace("data-", "").replace('"', "").replace(' ', "&");
        let mut stream = self.connect();
        let request = format!(
            "GET {}~serve/events?{query} HTTP/1.1\r\nHost: localhost\r\n\r\n",
            self.base
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut events = BufReader::new(stream);
        // From here on nothing is missed.
        next_line(&mut events, "retry: ");
        events
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The next line that begins so.
#[track_caller]
fn next_line(events: &mut impl BufRead, start: &str) -> String {
    loop {
        let mut line = String::new();
        let length = events.read_line(&mut line).unwrap();
        assert!(length > 0, "the events ended without {start:?}");
        if line.starts_with(start) {
            return line;
        }
    }
}

#[derive(Debug)]
struct Reply {
    status: u16,
    fields: BTreeMap<String, String>,
    text: String,
    bytes: Vec<u8>,
}

impl Reply {
    #[track_caller]
    fn read(all: &[u8]) -> Self {
        let end = (all.windows(4).position(|four| four == b"\r\n\r\n"))
            .unwrap_or_else(|| panic!("no response: {:?}", String::from_utf8_lossy(all)));
        let head = String::from_utf8(all[..end].to_vec()).unwrap();
        let mut lines = head.lines();
        let status = lines.next().unwrap().split(' ').nth(1).unwrap();
        let fields = lines.map(|line| {
            let (name, value) = line.split_once(": ").unwrap();
            (name.to_owned(), value.to_owned())
        });
        let bytes = all[end + 4..].to_vec();
        Self {
            status: status.parse().unwrap(),
            fields: fields.collect(),
            text: String::from_utf8_lossy(&bytes).into_owned(),
            bytes,
        }
    }

    fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }
}

#[test]
fn pages_are_where_a_host_of_static_pages_has_them() {
    let project = Project::new();
    let server = Server::start(&project, &[]);
    for (target, status, kind, part) in [
        ("/", 200, "text/html; charset=utf-8", "A Small Guide"),
        ("/404/", 200, "text/html; charset=utf-8", "404 Not Found"),
        (
            "/404/index.html",
            200,
            "text/html; charset=utf-8",
            "404 Not Found",
        ),
        (
            "/404",
            200,
            "text/html; charset=utf-8",
            "Nothing at this address",
        ),
        ("/404/card", 200, "text/html; charset=utf-8", "on a card"),
        ("/404/index.json", 200, "application/json", "\"code\": 404"),
        (
            "/404/index.md",
            200,
            "text/markdown; charset=utf-8",
            "# 404",
        ),
        ("/404/badge.svg", 200, "image/svg+xml", "<svg"),
        ("/404/card.png", 200, "image/png", "PNG"),
        ("/style.css?1", 200, "text/css; charset=utf-8", "{"),
        ("/site.js", 200, "text/javascript; charset=utf-8", "theme"),
        ("/403", 301, "text/plain; charset=utf-8", "/403/"),
        (
            "/topics/testing",
            301,
            "text/plain; charset=utf-8",
            "/topics/testing/",
        ),
        (
            "/.nojekyll",
            404,
            "text/html; charset=utf-8",
            "Nothing at this address",
        ),
    ] {
        let reply = server.get(target);
        assert_eq!(reply.status, status, "{target}: {}", reply.text);
        assert_eq!(reply.field("Content-Type"), kind, "{target}");
        assert!(reply.text.contains(part), "{target}: {}", reply.text);
        let length = reply.bytes.len().to_string();
        assert_eq!(reply.field("Content-Length"), length, "{target}");
        assert_eq!(reply.field("Cache-Control"), "no-store", "{target}");
        assert!(reply.field("Date").ends_with(" GMT"), "{target}");
    }
    assert_eq!(server.get("/403?q=1#").status, 400);
    assert_eq!(server.get("/403?q=1").field("Location"), "/403/?q=1");
}

#[test]
fn below_a_path_as_where_it_will_be_published() {
    let project = Project::new();
    let server = Server::start(&project, &["--base-url", "https://example.com/a/b/"]);
    assert_eq!(server.base, "/a/b/");
    assert_eq!(server.get("/a/b/404/").status, 200);
    for (target, status, to) in [
        ("/", 307, "/a/b/"),
        ("/a/b", 301, "/a/b/"),
        ("/a/b/403", 301, "/a/b/403/"),
    ] {
        let reply = server.get(target);
        assert_eq!((reply.status, reply.field("Location")), (status, to));
    }
    let outside = server.get("/404/");
    assert_eq!(outside.status, 404);
    assert!(outside.text.contains("the site is at /a/b/"));
    for miss in ["/a/b/x", "/a/b/x/y", "/a/b/x/y/z/"] {
        let reply = server.get(miss);
        assert_eq!(reply.status, 404, "{miss}");
        assert!(reply.text.contains("Nothing at this address"), "{miss}");
        assert!(reply.text.contains("/a/b/404/index.html"), "{miss}");
        assert!(reply.text.contains("/a/b/style.css"), "{miss}");
    }
}

#[test]
fn misses_work_at_any_depth_without_a_base_url_too() {
    let project = Project::new();
    let server = Server::start(&project, &[]);
    for miss in ["/x", "/x/y", "/x/y/z/"] {
        let reply = server.get(miss);
        assert_eq!(reply.status, 404, "{miss}");
        let has_rooted = reply.text.contains("href=/style.css");
        assert!(has_rooted, "{miss}: {}", reply.text);
    }
}

#[test]
fn what_takes_long_to_make_is_made_when_it_is_asked_for() {
    let project = Project::new();
    let server = Server::start(&project, &[]);
    let home = server.get("/").text;
    for name in [
        "http-status-codes.zip",
        "http-status-codes.epub",
        "print.html",
    ] {
        assert!(home.contains(name), "{home}");
    }
    let zip = server.get("/http-status-codes.zip");
    assert_eq!(
        (zip.status, zip.field("Content-Type")),
        (200, "application/zip")
    );
    assert!(zip.bytes.starts_with(b"PK"));
    assert!(
        server
            .get("/http-status-codes.epub")
            .bytes
            .starts_with(b"PK")
    );
    let all = server.get("/print.html").text;
    assert!(all.contains("Nothing is there.") && all.contains("live.js"));
    let length = zip.bytes.len().to_string();
    let head = server.ask("HEAD", "/http-status-codes.zip");
    assert_eq!(head.field("Content-Length"), length);
    assert!(head.bytes.is_empty());
}

#[test]
fn no_worker_stays_behind_in_the_browser_of_who_writes() {
    let project = Project::new();
    let server = Server::start(&project, &[]);
    let worker = server.get("/sw.js").text;
    assert!(
        worker.contains("unregister") && !worker.contains("fetch"),
        "{worker}"
    );
    let hosted = server.get("/hosted.js").text;
    assert!(
        !hosted.contains("OFFLINE=!0") && !hosted.contains("OFFLINE=true"),
        "{hosted}"
    );
}

#[test]
fn methods_are_answered_as_rfc_9110_says() {
    let project = Project::new();
    let server = Server::start(&project, &[]);
    let get = server.get("/404/");
    let head = server.ask("HEAD", "/404/");
    assert_eq!(head.status, 200);
    assert_eq!(head.field("Content-Length"), get.bytes.len().to_string());
    assert!(head.bytes.is_empty());
    for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"] {
        let reply = server.ask(method, "/404/");
        assert_eq!(reply.status, 405, "{method}");
        assert_eq!(reply.field("Allow"), "GET, HEAD", "{method}");
    }
    assert_eq!(server.ask("BREW", "/404/").status, 501);
}

#[test]
fn a_connection_carries_many_requests() {
    let project = Project::new();
    let server = Server::start(&project, &[]);
    let mut stream = server.connect();
    let one = "HEAD /404/ HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let last = "HEAD /nowhere HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    stream
        .write_all(format!("{one}{one}{last}").as_bytes())
        .unwrap();
    let mut all = String::new();
    stream.read_to_string(&mut all).unwrap();
    let statuses: Vec<&str> = (all.lines())
        .filter(|line| line.starts_with("HTTP/1.1"))
        .collect();
    assert_eq!(
        statuses,
        [
            "HTTP/1.1 200 OK",
            "HTTP/1.1 200 OK",
            "HTTP/1.1 404 Not Found"
        ]
    );
}

#[test]
fn nothing_leads_out_of_the_site() {
    let project = Project::new();
    project.write("secret.txt", "a secret");
    let server = Server::start(&project, &[]);
    for target in [
        "/../secret.txt",
        "/404/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/%2E%2E%2Fsecret.txt",
        "/..%2fsecret.txt",
        "/..\\secret.txt",
        "/..%5csecret.txt",
        "/secret.txt%00.html",
        "/./404/",
        "/%",
        "secret.txt",
        "file:///etc/passwd",
    ] {
        let reply = server.get(target);
        assert!(
            matches!(reply.status, 400 | 421),
            "{target}: {}",
            reply.status
        );
        assert!(!reply.text.contains("a secret"), "{target}");
    }
    for target in ["//etc/passwd", "/secret.txt", "/content/site.toml"] {
        assert_eq!(server.get(target).status, 404, "{target}");
    }
}

#[test]
fn requests_for_other_hosts_are_refused() {
    let project = Project::new();
    let server = Server::start(&project, &["--host", "laptop.example"]);
    let status = |fields: &str| {
        let request = format!("GET / HTTP/1.1\r\n{fields}Connection: close\r\n\r\n");
        server.send(request).status
    };
    for host in [
        "localhost",
        "127.0.0.1:4000",
        "[::1]:4000",
        "laptop.example",
    ] {
        assert_eq!(status(&format!("Host: {host}\r\n")), 200, "{host}");
    }
    for host in ["example.com", "localhost.example.com:4000", "192.0.2.1"] {
        assert_eq!(status(&format!("Host: {host}\r\n")), 421, "{host}");
    }
    assert_eq!(status(""), 400);
    assert_eq!(status("Host: localhost\r\nHost: localhost\r\n"), 400);
    assert_eq!(status("Host: a b\r\n"), 400);
}

#[test]
fn oversized_requests_are_refused() {
    let project = Project::new();
    let server = Server::start(&project, &[]);
    let long = "x".repeat(100_000);
    let reply = server.send(format!("GET /{long} HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    assert_eq!((reply.status, reply.field("Connection")), (414, "close"));
    let reply = server.send(format!(
        "GET / HTTP/1.1\r\nHost: localhost\r\nA: {long}\r\n\r\n"
    ));
    assert_eq!((reply.status, reply.field("Connection")), (431, "close"));
    let reply = server.send(format!(
        "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n{long}"
    ));
    assert_eq!((reply.status, reply.field("Connection")), (413, "close"));
}

#[test]
fn a_slow_client_keeps_nobody_waiting_and_hears_of_it() {
    let project = Project::new();
    let server = Server::start(&project, &[]);
    let mut slow: Vec<TcpStream> = (0..20).map(|_| server.connect()).collect();
    for stream in &mut slow {
        stream.write_all(b"GET / HTTP/1.1\r\nHost: local").unwrap();
    }
    assert_eq!(server.get("/404/").status, 200);
    let mut all = Vec::new();
    slow[0].read_to_end(&mut all).unwrap();
    let reply = Reply::read(&all);
    assert_eq!((reply.status, reply.field("Connection")), (408, "close"));
}

#[test]
fn too_many_clients_are_told_to_come_again() {
    let project = Project::new();
    let server = Server::start(&project, &[]);
    let html = server.get("/").text;
    let _open: Vec<_> = (0..64).map(|_| server.listen(&html)).collect();
    let reply = server.get("/");
    assert_eq!((reply.status, reply.field("Retry-After")), (503, "1"));
}

#[test]
fn an_open_page_hears_of_a_save() {
    let project = Project::new();
    let server = Server::start(&project, &[]);
    let html = server.get("/403/").text;
    let mut events = server.listen(&html);
    // Not on this page.
    project.edit(
        "content/codes/404.md",
        "Nothing is there.",
        "Nothing at all.",
    );
    server.says("Rebuilt in ");
    assert!(server.get("/404/").text.contains("Nothing at all."));
    // A stylesheet of all pages: the first thing that this one hears of.
    let style = project.read("static/style.css");
    let style = format!("{style}\nh1 {{ color: #123456 }}\n");
    project.write("static/style.css", style);
    assert_eq!(next_line(&mut events, "event: "), "event: styles\n");
    assert!(server.get("/style.css").text.contains("#123456"));
    // On this one. An editor writes beside the file and renames.
    let text = project
        .read("content/codes/403.md")
        .replace("does not help", "is no help");
    project.write("content/codes/403.md.new~", text);
    std::fs::rename(
        project.path("content/codes/403.md.new~"),
        project.path("content/codes/403.md"),
    )
    .unwrap();
    assert_eq!(next_line(&mut events, "event: "), "event: reload\n");
    assert!(server.get("/403/").text.contains("is no help"));
    // One that shows what is no longer so hears of it at once.
    next_line(&mut server.listen(&html), "event: reload");
}

#[test]
fn an_open_page_hears_of_a_new_script() {
    let project = Project::new();
    let server = Server::start(&project, &[]);
    let mut events = server.listen(&server.get("/403/").text);
    project.write("static/site.js", "f();\n");
    assert_eq!(next_line(&mut events, "event: "), "event: reload\n");
}

#[test]
fn while_the_content_is_wrong_pages_say_so_and_then_they_are_back() {
    let project = Project::new();
    let server = Server::start(&project, &["--format", "short"]);
    let mut page_events = server.listen(&server.get("/403/").text);
    project.write("content/pages/one.md", page("One", "See [nowhere].\n"));
    project.write("content/pages/two.md", page("Two", "A<br>B\n"));
    next_line(&mut page_events, "event: reload");
    server.says("content/pages/one.md:7:5: error[link]");
    server.says("2 errors; the pages that are open say so, too.");
    let wrong = server.get("/403/");
    assert_eq!(wrong.status, 500);
    for part in [
        "2 errors in the content",
        "content/pages/one.md:7:5",
        "See [nowhere].",
        "^^^^^^^^^",
        "content/pages/two.md:7:2",
        "?~before",
    ] {
        assert!(
            wrong.text.contains(part),
            "{part:?} is not in {}",
            wrong.text
        );
    }
    assert!(!wrong.text.contains("A<br>"));
    assert_eq!(server.get("/style.css").status, 200);
    let before = server.get("/403/?~before");
    assert_eq!(before.status, 200);
    assert!(before.text.contains("Forbidden"));

    let mut events = server.listen(&wrong.text);
    project
        .remove("content/pages/one.md")
        .remove("content/pages/two.md");
    next_line(&mut events, "event: reload");
    assert_eq!(server.get("/403/").status, 200);
    assert_eq!(server.get("/one/").status, 404);
}

#[test]
fn content_that_is_wrong_from_the_start_can_be_put_right() {
    let project = Project::new();
    project.write("content/pages/one.md", page("One", "See [nowhere].\n"));
    let server = Server::start(&project, &[]);
    server.says("1 error; ");
    let wrong = server.get("/");
    assert_eq!(wrong.status, 500);
    assert!(!wrong.text.contains("?~before"));
    assert_eq!(server.get("/style.css").status, 500);
    let mut events = server.listen(&wrong.text);
    project.remove("content/pages/one.md");
    next_line(&mut events, "event: reload");
    assert_eq!(server.get("/style.css").status, 200);
}

#[test]
fn the_folder_may_go_away_and_come_back() {
    let project = Project::new();
    let server = Server::start(&project, &[]);
    let (here, away) = (project.path("content"), project.path("away"));
    std::fs::rename(&here, &away).unwrap();
    server.says("no content folder");
    assert_eq!(server.get("/").status, 500);
    std::fs::rename(&away, &here).unwrap();
    server.says("Rebuilt in ");
    project.edit(
        "content/codes/404.md",
        "Nothing is there.",
        "Nothing at all.",
    );
    server.says("Rebuilt in ");
    assert!(server.get("/404/").text.contains("Nothing at all."));
}

#[test]
fn the_next_port_is_taken_if_the_wanted_one_is_not_free() {
    let project = Project::new();
    let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let wanted = taken.local_addr().unwrap().port();
    let mut command = project.command(&["serve", "--port", &wanted.to_string()]);
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let first = lines.next().unwrap().unwrap();
    let second = lines.next().unwrap().unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(
        first,
        format!("Port {wanted} is taken; this is the next that is free.")
    );
    assert!(second.starts_with("Open http://127.0.0.1:"), "{second}");
    assert!(!second.contains(&wanted.to_string()), "{second}");
}

#[test]
fn nothing_is_written() {
    let project = Project::new();
    let server = Server::start(&project, &[]);
    project.edit(
        "content/codes/404.md",
        "Nothing is there.",
        "Nothing at all.",
    );
    server.says("Rebuilt in ");
    server.get("/http-status-codes.zip");
    assert_eq!(
        crate::project::names(&project.path("")),
        ["content", "static"]
    );
}

#[cfg(unix)]
#[test]
fn control_c_stops_it_at_once_also_while_pages_are_open() {
    use std::os::unix::process::ExitStatusExt as _;
    let project = Project::new();
    let mut server = Server::start(&project, &[]);
    let _events = server.listen(&server.get("/403/").text);
    let id = server.child.id().to_string();
    let sent = Command::new("kill").args(["-INT", &id]).status().unwrap();
    assert!(sent.success());
    if ignores_control_c() {
        assert_eq!(server.get("/403/").status, 200);
        return;
    }
    let started = Instant::now();
    let status = loop {
        if let Some(status) = server.child.try_wait().unwrap() {
            break status;
        }
        assert!(started.elapsed() < LONG, "it goes on");
        thread::sleep(Duration::from_millis(10));
    };
    assert_eq!(status.signal(), Some(2));
}

/// Whether whoever started the tests told them not to mind Ctrl-C, as a shell
/// does with what it runs in the background. What they start inherits that.
#[cfg(unix)]
fn ignores_control_c() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = (status.lines()).find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| mask & 0b10 != 0)
}

#[test]
fn a_folder_that_is_not_there_is_an_error_and_without_one_there_is_the_built_in_guide() {
    let project = Project::empty();
    project
        .run(&["serve", "--content", "nowhere"])
        .exits(2)
        .says("no content folder at nowhere");
    let server = Server::start(&project, &[]);
    server.says("status-guide init");
    assert!(server.get("/404/").text.contains("404 Not Found"));
}
