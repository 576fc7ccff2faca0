//! Owns: what `serve` answers: bytes of requests in, responses out, as a host of
//! static pages would (GitHub Pages), and as RFC 9110 and RFC 9112 would have it.
//!
//! Must not: open a socket or a file, look at a clock, or fail: whatever comes
//! in has an answer.

use std::borrow::Cow;
use std::net::{IpAddr, Ipv6Addr};
use std::time::SystemTime;

use percent_encoding::percent_decode_str;

use crate::author::media_type::{is_page, media_type};
use crate::author::shown::{LIVE, OWN, Seen, Shown};
use crate::site::Site;

/// The most bytes of a request's start line and header section.
const MAX_HEAD: usize = 16 * 1024;
/// The most bytes of a request target; RFC 9110 §4.1 asks for at least 8000.
const MAX_TARGET: usize = 8000;
/// The most fields of a request.
const MAX_FIELDS: usize = 100;

/// The script that shows a page anew, and what it listens to.
const LIVE_SCRIPT: &str = include_str!("../../templates/live.js");
const EVENTS: &str = "events";

/// Behind an address, asks for the page as it was before something was wrong.
pub const BEFORE: &str = "?~before";

const PLAIN: &str = "text/plain; charset=utf-8";
const HTML: &str = "text/html; charset=utf-8";

/// The methods of RFC 9110 and RFC 5789 that a server knows and that nothing
/// here supports. CONNECT is none of them: it asks a proxy.
const OTHER_METHODS: [&str; 6] = ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"];
const ALLOWED: &str = "GET, HEAD";

/// Which hosts a request may be meant for. A page elsewhere can have its own
/// name lead to this machine, and so read what is served here, if any would do.
#[derive(Debug, Clone)]
pub struct Hosts {
    address: IpAddr,
    names: Vec<String>,
}

impl Hosts {
    /// Those of a server that listens at `address`, and is also called `names`.
    pub fn new(address: IpAddr, names: &[String]) -> Self {
        Self {
            address,
            names: names.iter().map(|name| name.to_ascii_lowercase()).collect(),
        }
    }

    /// Whether `host`, a field value with or without a port, is one of them;
    /// `None` if it is none at all (RFC 9112 §3.2).
    fn have(&self, host: &str) -> Option<bool> {
        let (name, port) = match host.rfind(':') {
            Some(at) if !host[at..].contains(']') => (&host[..at], &host[at + 1..]),
            _ => (host, ""),
        };
        if !port.is_empty() && port.parse::<u16>().is_err() {
            return None;
        }
        if let Some(inner) = name.strip_prefix('[') {
            let address: Ipv6Addr = inner.strip_suffix(']')?.parse().ok()?;
            return Some(self.have_address(address.into()));
        }
        let is_name =
            |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=%".contains(&byte);
        if !name.bytes().all(is_name) {
            return None;
        }
        let name = name.to_ascii_lowercase();
        // A fully qualified name may end in a dot.
        let name = name.strip_suffix('.').unwrap_or(&name);
        if let Ok(address) = name.parse() {
            return Some(self.have_address(IpAddr::V4(address)));
        }
        Some(name == "localhost" || self.names.iter().any(|own| own == name))
    }

    /// An address is no name that could lead elsewhere tomorrow, so that a
    /// server that listens at all of them may be called by any.
    fn have_address(&self, address: IpAddr) -> bool {
        address.is_loopback() || address == self.address || self.address.is_unspecified()
    }
}

/// The answer to bytes that a client sent.
#[derive(Debug)]
pub enum Answer<'s> {
    /// They are no whole request yet.
    More,
    /// The response to the request that these first bytes are.
    Response(Response<'s>, usize),
}

/// A response.
#[derive(Debug)]
pub struct Response<'s> {
    /// The status code.
    pub status: u16,
    fields: Vec<(&'static str, String)>,
    /// What comes after the header section.
    pub body: Body<'s>,
    /// Whether the client asked for the header section alone.
    pub is_head: bool,
    /// Whether the connection ends with this response.
    pub closes: bool,
}

/// The content of a response.
#[derive(Debug)]
pub enum Body<'s> {
    /// These bytes.
    Bytes(Cow<'s, [u8]>),
    /// A file that is made when somebody asks for it.
    Promised(String),
    /// News for an open page, for as long as it listens.
    Events(Seen),
}

/// The reason phrase, as the IANA registry has it.
const fn phrase(status: u16) -> &'static str {
    match status {
        200 => "OK",
        301 => "Moved Permanently",
        307 => "Temporary Redirect",
        400 => "Bad Request",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        413 => "Content Too Large",
        414 => "URI Too Long",
        421 => "Misdirected Request",
        431 => "Request Header Fields Too Large",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        503 => "Service Unavailable",
        505 => "HTTP Version Not Supported",
        _ => "",
    }
}

impl<'s> Response<'s> {
    fn new(status: u16, kind: &str, body: impl Into<Cow<'s, [u8]>>) -> Self {
        Self {
            status,
            fields: vec![("Content-Type", kind.to_owned())],
            body: Body::Bytes(body.into()),
            is_head: false,
            closes: false,
        }
    }

    fn field(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.fields.push((name, value.into()));
        self
    }

    fn closing(mut self) -> Self {
        self.closes = true;
        self
    }

    /// The header section with the start line and the empty line behind it.
    /// `length` is that of the content in bytes, if it is known.
    pub fn head(&self, now: SystemTime, length: Option<usize>) -> String {
        let mut head = format!("HTTP/1.1 {} {}\r\n", self.status, phrase(self.status));
        let mut line = |name: &str, value: &str| {
            head.push_str(name);
            head.push_str(": ");
            head.push_str(value);
            head.push_str("\r\n");
        };
        line("Date", &httpdate::fmt_http_date(now));
        for (name, value) in &self.fields {
            line(name, value);
        }
        if let Some(length) = length {
            line("Content-Length", &length.to_string());
        }
        line("Cache-Control", "no-store");
        line("X-Content-Type-Options", "nosniff");
        if self.closes {
            line("Connection", "close");
        }
        head.push_str("\r\n");
        head
    }
}

/// A refusal, in a sentence, with the page of the guide about its code.
fn refuse(shown: &Shown, status: u16, why: &str) -> Response<'static> {
    let mut text = format!("{status} {}: {why}\n", phrase(status));
    let page = format!("{status}/index.html");
    if let Some(site) = &shown.site
        && site.file(&page).is_some()
    {
        let more = format!("This guide says more: {}{status}/\n", shown.base);
        text.push_str(&more);
    }
    Response::new(status, PLAIN, text.into_bytes())
}

/// The response to a client that is too slow (RFC 9110 §15.5.9).
pub fn too_slow(shown: &Shown) -> Response<'static> {
    refuse(shown, 408, "the request did not come to its end in time").closing()
}

/// The response to a client when there are too many (RFC 9110 §15.6.4).
pub fn too_many(shown: &Shown) -> Response<'static> {
    refuse(
        shown,
        503,
        "there are too many connections; close some pages",
    )
    .field("Retry-After", "1")
    .closing()
}

/// The response in place of a file that could not be made.
pub fn not_made(shown: &Shown, error: &str) -> Response<'static> {
    refuse(shown, 500, &format!("this file could not be made: {error}"))
}

/// The response to the first request in `bytes`, which a client sent to this
/// server. Every response but one to a whole and well-formed request closes the
/// connection.
pub fn answer<'s>(shown: &'s Shown, hosts: &Hosts, bytes: &[u8]) -> Answer<'s> {
    let mut fields = [httparse::EMPTY_HEADER; MAX_FIELDS];
    let mut request = httparse::Request::new(&mut fields);
    let limited = &bytes[..bytes.len().min(MAX_HEAD)];
    let all = |response: Response<'s>| Answer::Response(response.closing(), bytes.len());
    match request.parse(limited) {
        Ok(httparse::Status::Complete(length)) => {
            let request = Request::of(&request);
            let mut response = respond(shown, hosts, &request);
            response.is_head = request.method == "HEAD";
            response.closes |= request.closes();
            Answer::Response(response, length)
        }
        Ok(httparse::Status::Partial) if bytes.len() < MAX_HEAD => Answer::More,
        Ok(httparse::Status::Partial) => all(match request.path {
            Some(target) if target.len() <= MAX_TARGET => too_large(shown),
            _ => too_long(shown),
        }),
        Err(httparse::Error::TooManyHeaders) => all(too_large(shown)),
        Err(httparse::Error::Version) if names_http(limited) => {
            let why = "this server knows HTTP/1.1 and HTTP/1.0";
            all(refuse(shown, 505, why))
        }
        Err(error) => {
            let why = format!("this is no request of HTTP/1.1: {error}");
            all(refuse(shown, 400, &why))
        }
    }
}

fn too_long(shown: &Shown) -> Response<'static> {
    let why = format!("a request target has at most {MAX_TARGET} bytes here");
    refuse(shown, 414, &why).closing()
}

fn too_large(shown: &Shown) -> Response<'static> {
    let why = format!("a header section has at most {MAX_HEAD} bytes and {MAX_FIELDS} fields here");
    refuse(shown, 431, &why).closing()
}

/// Whether the request line ends in another major version of HTTP.
fn names_http(bytes: &[u8]) -> bool {
    let line = bytes.trim_ascii_start().split(|byte| *byte == b'\n').next();
    let line = line.unwrap_or_default().trim_ascii_end();
    let version = line.rsplit(|byte| *byte == b' ').next().unwrap_or_default();
    matches!(version, [b'H', b'T', b'T', b'P', b'/', major, b'.', minor]
        if major.is_ascii_digit() && *major != b'1' && minor.is_ascii_digit())
}

/// A well-formed header section.
struct Request<'r> {
    method: &'r str,
    target: &'r str,
    /// The second number of the version of HTTP, whose first is 1.
    minor: u8,
    fields: &'r [httparse::Header<'r>],
}

impl<'r> Request<'r> {
    fn of(parsed: &'r httparse::Request<'_, '_>) -> Self {
        Self {
            method: parsed.method.unwrap_or_default(),
            target: parsed.path.unwrap_or_default(),
            minor: parsed.version.unwrap_or_default(),
            fields: parsed.headers,
        }
    }

    /// The values of a field, line by line.
    fn values(&self, name: &str) -> impl Iterator<Item = &'r [u8]> {
        let wanted = |field: &&httparse::Header<'_>| field.name.eq_ignore_ascii_case(name);
        let lines: Vec<&[u8]> = self.fields.iter().filter(wanted).map(|f| f.value).collect();
        lines.into_iter()
    }

    /// Whether the client wants the connection to end. One of HTTP/1.0 would
    /// have to ask for the contrary, which nobody needs here.
    fn closes(&self) -> bool {
        let says_close = |value: &[u8]| {
            let mut options = value.split(|byte| *byte == b',');
            options.any(|option| option.trim_ascii().eq_ignore_ascii_case(b"close"))
        };
        self.minor == 0 || self.values("Connection").any(says_close)
    }
}

/// The response to a well-formed request.
fn respond<'s>(shown: &'s Shown, hosts: &Hosts, request: &Request<'_>) -> Response<'s> {
    let bad = |why: &str| refuse(shown, 400, why).closing();

    // The method (RFC 9110 §9.1).
    if OTHER_METHODS.contains(&request.method) {
        let why = "pages can be read here, and nothing else";
        // The content that may follow is not read.
        return refuse(shown, 405, why).field("Allow", ALLOWED).closing();
    }
    if !["GET", "HEAD"].contains(&request.method) {
        return refuse(shown, 501, "this server knows no such method").closing();
    }
    if request.target.len() > MAX_TARGET {
        return too_long(shown);
    }

    // Content (RFC 9112 §6.1, §6.3). Nothing here has a use for it, so that none
    // is small enough, and what cannot be told from the next request ends all.
    let mut lengths = request.values("Content-Length");
    let mut codings = request.values("Transfer-Encoding").peekable();
    if codings.peek().is_some() {
        if request.minor == 0 || lengths.next().is_some() {
            return bad("one cannot tell where this request ends");
        }
        if codings.all(|coding| coding.trim_ascii().eq_ignore_ascii_case(b"chunked")) {
            return refuse(shown, 413, "this server takes no content").closing();
        }
        return refuse(
            shown,
            501,
            "this server knows no transfer coding but chunked",
        )
        .closing();
    }
    if let Some(length) = lengths.next() {
        let is_number = !length.is_empty() && length.iter().all(u8::is_ascii_digit);
        if !is_number || lengths.any(|other| other != length) {
            return bad("Content-Length is no single number");
        }
        if length.iter().any(|digit| *digit != b'0') {
            return refuse(shown, 413, "this server takes no content").closing();
        }
    }

    // The host (RFC 9112 §3.2, §3.3). In absolute form the target names it.
    let mut fields = request.values("Host");
    let field = match (fields.next(), fields.next()) {
        (_, Some(_)) => return bad("Host is there twice"),
        (None, None) if request.minor == 0 => None,
        (None, None) => return bad("Host is missing"),
        (Some(value), None) => match std::str::from_utf8(value) {
            Ok(value) => Some(value),
            Err(_) => return bad("Host is no host"),
        },
    };
    let (scheme, authority, target) = match request.target.split_once("://") {
        Some((scheme, rest)) if !scheme.starts_with('/') => {
            let end = rest.find(['/', '?']).unwrap_or(rest.len());
            (scheme, Some(&rest[..end]), &rest[end..])
        }
        _ => ("http", field, request.target),
    };
    let scheme_is_implied = target.len() == request.target.len();
    if let Some(host) = field
        && hosts.have(host).is_none()
    {
        return bad("Host is no host");
    }
    let is_here = match authority {
        Some(authority) => hosts.have(authority).unwrap_or(false),
        None => true,
    };
    if !is_here || !scheme.eq_ignore_ascii_case("http") {
        // Not 403: nothing about the client or the resource is in question, this
        // server just does not speak for that host (RFC 9110 §7.4).
        let why = "this server does not speak for that host; if it should, name it with --host";
        return refuse(shown, 421, why);
    }

    // The target (RFC 9112 §3.2).
    let (path, query) = match target.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (target, None),
    };
    // Only the absolute form leaves the path out.
    let path = match path {
        "" if !scheme_is_implied => "/",
        path => path,
    };
    if !path.starts_with('/') || target.contains('#') || !target.is_ascii() {
        return bad("the request target is no path");
    }
    let Some(decoded) = decode(path) else {
        return bad("the path has an escape or a character that no path has");
    };
    if decoded.split('/').any(|part| part == "." || part == "..") {
        return bad("the path has dots for a segment, which a client resolves before it asks");
    }
    find_page(shown, path, &decoded, query)
}

/// A path without its escapes; `None` if one is broken or stands for what must
/// not be in the name of a file.
fn decode(path: &str) -> Option<String> {
    let mut rest = path.as_bytes();
    while let Some(at) = rest.iter().position(|byte| *byte == b'%') {
        let [high, low] = rest.get(at + 1..at + 3)?.try_into().ok()?;
        if !(char::from(high).is_ascii_hexdigit() && char::from(low).is_ascii_hexdigit()) {
            return None;
        }
        if (high, low.to_ascii_lowercase()) == (b'2', b'f') {
            return None;
        }
        rest = &rest[at + 3..];
    }
    let decoded = percent_decode_str(path).decode_utf8().ok()?;
    let is_wrong = |c: char| c.is_control() || c == '\\';
    (!decoded.contains(is_wrong)).then(|| decoded.into_owned())
}

/// The response for a path of this host.
fn find_page<'s>(shown: &'s Shown, path: &str, decoded: &str, query: Option<&str>) -> Response<'s> {
    if let Some((_, name)) = path.rsplit_once(OWN) {
        match name {
            LIVE => return Response::new(200, media_type(LIVE), LIVE_SCRIPT.as_bytes()),
            EVENTS => {
                let mut response = Response::new(200, "text/event-stream", Vec::new()).closing();
                response.body = Body::Events(Seen::read(query.unwrap_or_default()));
                return response;
            }
            _ => {}
        }
    }
    let behind = query.map_or_else(String::new, |query| format!("?{query}"));
    let base = percent_decode_str(&shown.base).decode_utf8_lossy();
    let Some(file) = decoded.strip_prefix(&*base) else {
        if format!("{decoded}/") == base {
            return redirect(301, format!("{}{behind}", shown.base));
        }
        if decoded == "/" {
            return redirect(307, shown.base.clone());
        }
        let why = format!("the site is at {}", shown.base);
        return refuse(shown, 404, &why);
    };
    let before = query.is_some_and(|query| query == BEFORE.trim_start_matches('?'));
    let found = shown.site.as_deref().map(|site| Found::of(site, file));
    if let Some(trouble) = &shown.trouble {
        // What no browser shows as a page can stay as it was, and a page that
        // somebody asked for so.
        let is_shown_as_page = match &found {
            Some(Found::File(name)) => is_page(name) && !before,
            Some(Found::Folder(_)) => false,
            Some(Found::Nothing) | None => true,
        };
        if is_shown_as_page {
            return Response::new(500, HTML, shown.live_trouble(trouble));
        }
    }
    let (Some(site), Some(found)) = (&shown.site, found) else {
        return refuse(shown, 404, "there is no site yet");
    };
    match found {
        Found::Folder(file) => redirect(301, format!("{}{file}/{behind}", shown.base)),
        Found::File(file) if site.promises(&file) => {
            let mut response = Response::new(200, media_type(&file), Vec::new());
            response.body = Body::Promised(file);
            response
        }
        Found::File(file) => {
            let bytes = site.get(&file).unwrap_or_default();
            let kind = media_type(&file);
            if is_page(&file) {
                let page = shown.live(&file, bytes, before && shown.trouble.is_some());
                Response::new(200, kind, page)
            } else {
                Response::new(200, kind, bytes)
            }
        }
        Found::Nothing => {
            let file = "404.html";
            let page = shown.live(file, site.get(file).unwrap_or_default(), false);
            Response::new(404, HTML, page)
        }
    }
}

/// What the site has at an address.
enum Found {
    /// This file.
    File(String),
    /// A folder with a page, whose address ends in a slash.
    Folder(String),
    /// Nothing.
    Nothing,
}

impl Found {
    /// What GitHub Pages has at `path`, which is below the base.
    fn of(site: &Site, path: &str) -> Self {
        let is_file = |file: &str| site.file(file).is_some() || site.promises(file);
        let is_hidden = |part: &str| part.starts_with('.') && part != ".well-known";
        if path.split('/').any(is_hidden) {
            return Self::Nothing;
        }
        let candidates = if path.is_empty() || path.ends_with('/') {
            [format!("{path}index.html"), String::new()]
        } else {
            [path.to_owned(), format!("{path}.html")]
        };
        if let Some(file) = candidates.into_iter().find(|file| is_file(file)) {
            return Self::File(file);
        }
        if !path.ends_with('/') && is_file(&format!("{path}/index.html")) {
            return Self::Folder(path.to_owned());
        }
        Self::Nothing
    }
}

fn redirect(status: u16, to: String) -> Response<'static> {
    let text = format!("{status} {}: it is at {to}\n", phrase(status));
    Response::new(status, PLAIN, text.into_bytes()).field("Location", to)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::author::shown::News;
    use std::sync::Arc;
    use std::time::UNIX_EPOCH;

    const PAGE: &str = "<html><head><meta http-equiv=Content-Security-Policy content=\"default-src 'none'; style-src 'self'\"></head><body>";

    fn site() -> Arc<Site> {
        let mut site = Site::default();
        for (path, text) in [
            ("index.html", "home"),
            ("404.html", "nothing here"),
            ("404/index.html", "about 404"),
            ("405/index.html", "about 405"),
            ("404/card.html", "a card"),
            ("old.html", "old"),
        ] {
            site.insert(path.to_owned(), format!("{PAGE}{text}").into_bytes());
        }
        for (path, text) in [
            ("style.css", "a{}"),
            ("site.js", "f()"),
            ("codes.json", "{}"),
            (".nojekyll", ""),
            (".well-known/security.txt", "x"),
        ] {
            site.insert(path.to_owned(), text.as_bytes().to_vec());
        }
        site.promise("print.html".to_owned());
        Arc::new(site)
    }

    fn shown() -> Shown {
        Shown::right(site(), "/repo/", 1)
    }

    fn hosts() -> Hosts {
        let local = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);
        Hosts::new(local, &["Laptop.local".to_owned()])
    }

    fn whole<'s>(shown: &'s Shown, request: &str) -> Response<'s> {
        match answer(shown, &hosts(), request.as_bytes()) {
            Answer::Response(response, _) => response,
            Answer::More => panic!("not whole: {request:?}"),
        }
    }

    fn get<'s>(shown: &'s Shown, target: &str) -> Response<'s> {
        whole(
            shown,
            &format!("GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        )
    }

    fn text(response: &Response<'_>) -> String {
        match &response.body {
            Body::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
            other => format!("{other:?}"),
        }
    }

    fn status(request: &str) -> u16 {
        whole(&shown(), request).status
    }

    fn field<'r>(response: &'r Response<'_>, name: &str) -> Option<&'r str> {
        let found = response.fields.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| value.as_str())
    }

    #[test]
    fn addresses_mean_what_they_mean_at_github_pages() {
        let shown = shown();
        for (target, status, part) in [
            ("/repo/", 200, "home"),
            ("/repo/index.html", 200, "home"),
            ("/repo/404/", 200, "about 404"),
            ("/repo/404", 200, "nothing here"),
            ("/repo/%34%304/?q=1", 200, "about 404"),
            ("/repo/old", 200, "old"),
            ("/repo/codes.json", 200, "{}"),
            ("/repo/.well-known/security.txt", 200, "x"),
            ("/repo/405", 301, "/repo/405/"),
            ("/repo", 301, "/repo/"),
            ("/", 307, "/repo/"),
            ("/repo/print", 200, "Promised(\"print.html\")"),
            ("/repo/.nojekyll", 404, "nothing here"),
            ("/repo/a", 404, "nothing here"),
            ("/repo/a/b/", 404, "nothing here"),
            ("/repo//404/", 404, "nothing here"),
            ("/repo/old/", 404, "nothing here"),
            ("/404/", 404, "the site is at /repo/"),
            ("//example.com/", 404, "the site is at /repo/"),
        ] {
            let response = get(&shown, target);
            assert_eq!(response.status, status, "{target}");
            assert!(
                text(&response).contains(part),
                "{target}: {}",
                text(&response)
            );
            assert!(!response.closes, "{target}");
        }
        let response = get(&shown, "/repo/405?q=1");
        assert_eq!(field(&response, "Location"), Some("/repo/405/?q=1"));
    }

    #[test]
    fn what_leads_out_of_the_site_is_refused() {
        for target in [
            "/repo/../404/",
            "/repo/%2e%2e/404/",
            "/repo/.%2E/404/",
            "/../../etc/passwd",
            "/repo/./404/",
            "/repo/..%2f404/",
            "/repo/404%2Findex.html",
            "/repo/..\\404/",
            "/repo/%5c404/",
            "/repo/404%00",
            "/repo/%0d%0aX: y",
            "/repo/%",
            "/repo/%zz",
            "/repo/%ff",
            "repo/404/",
            "*",
            "/repo/#x",
            "/repo/\u{e4}",
        ] {
            assert_eq!(get(&shown(), target).status, 400, "{target}");
        }
    }

    #[test]
    fn only_the_hosts_of_this_machine_are_answered() {
        let with = |host: &str| status(&format!("GET /repo/ HTTP/1.1\r\nHost: {host}\r\n\r\n"));
        for host in [
            "localhost",
            "LOCALHOST:4000",
            "localhost.",
            "127.0.0.1",
            "127.0.0.1:1",
            "[::1]",
            "[::1]:4000",
            "laptop.LOCAL:80",
        ] {
            assert_eq!(with(host), 200, "{host}");
        }
        for host in [
            "example.com",
            "localhost.example.com",
            "127.0.0.1.example.com:4000",
            "192.0.2.1",
            "[2001:db8::1]",
            "",
        ] {
            assert_eq!(with(host), 421, "{host}");
        }
        for host in [
            "a b",
            "localhost:x",
            "localhost:99999",
            "[::1",
            "a/b",
            "a@localhost",
            "::1",
        ] {
            assert_eq!(with(host), 400, "{host}");
        }
        assert_eq!(status("GET /repo/ HTTP/1.1\r\n\r\n"), 400);
        assert_eq!(status("GET /repo/ HTTP/1.0\r\n\r\n"), 200);
        let twice = "GET /repo/ HTTP/1.1\r\nHost: localhost\r\nhost: localhost\r\n\r\n";
        assert_eq!(status(twice), 400);
        for (target, wanted) in [
            ("http://localhost/repo/", 200),
            ("http://localhost:4000/repo/", 200),
            ("http://localhost", 307),
            ("http://example.com/repo/", 421),
            ("https://localhost/repo/", 421),
        ] {
            let request = format!("GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assert_eq!(status(&request), wanted, "{target}");
        }
    }

    #[test]
    fn a_server_for_all_addresses_may_be_called_by_any_but_by_no_other_name() {
        let all = Hosts::new(IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED), &[]);
        assert_eq!(all.have("192.0.2.1:4000"), Some(true));
        assert_eq!(all.have("example.com"), Some(false));
    }

    #[test]
    fn methods_content_and_versions_are_answered_as_rfc_9110_says() {
        let end = "Host: localhost\r\n\r\n";
        for (start, wanted) in [
            ("HEAD /repo/ HTTP/1.1\r\n", 200),
            ("POST /repo/ HTTP/1.1\r\nContent-Length: 3\r\n", 405),
            ("OPTIONS * HTTP/1.1\r\n", 405),
            ("BREW /repo/ HTTP/1.1\r\n", 501),
            ("get /repo/ HTTP/1.1\r\n", 501),
            ("CONNECT localhost:1 HTTP/1.1\r\n", 501),
            ("GET /repo/ HTTP/2.0\r\n", 505),
            ("GET /repo/ HTTP/x\r\n", 400),
            ("GET  /repo/ HTTP/1.1\r\n", 400),
            ("GET /repo/ HTTP/1.1\r\nA : b\r\n", 400),
            ("GET /repo/ HTTP/1.1\r\nA: b\r\n folded\r\n", 400),
            ("GET /repo/ HTTP/1.1\r\nContent-Length: 0\r\n", 200),
            ("GET /repo/ HTTP/1.1\r\nContent-Length: 1\r\n", 413),
            ("GET /repo/ HTTP/1.1\r\nContent-Length: x\r\n", 400),
            (
                "GET /repo/ HTTP/1.1\r\nContent-Length: 0\r\nContent-Length: 1\r\n",
                400,
            ),
            ("GET /repo/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n", 413),
            ("GET /repo/ HTTP/1.1\r\nTransfer-Encoding: gzip\r\n", 501),
            (
                "GET /repo/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n",
                400,
            ),
        ] {
            let shown = shown();
            let response = whole(&shown, &format!("{start}{end}"));
            assert_eq!(response.status, wanted, "{start}");
            assert_eq!(response.closes, wanted != 200, "{start}");
            assert_eq!(response.is_head, start.starts_with("HEAD"), "{start}");
            let allow = field(&response, "Allow");
            assert_eq!(allow.is_some(), wanted == 405, "{start}");
        }
    }

    #[test]
    fn what_is_too_large_is_refused_before_it_is_whole() {
        let long = "x".repeat(MAX_HEAD);
        let just = "x".repeat(MAX_TARGET - 1);
        for (request, wanted) in [
            (format!("GET /{long}"), 414),
            (
                format!("GET /{just}x HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                414,
            ),
            (
                format!("GET /{just} HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                404,
            ),
            (format!("GET / HTTP/1.1\r\nA: {long}"), 431),
            (
                format!(
                    "GET / HTTP/1.1\r\n{}\r\n",
                    "A: b\r\n".repeat(MAX_FIELDS + 1)
                ),
                431,
            ),
        ] {
            assert_eq!(status(&request), wanted, "{}", &request[..20]);
        }
    }

    #[test]
    fn requests_are_taken_one_after_the_other_and_only_when_they_are_whole() {
        let request = "GET /repo/ HTTP/1.1\r\nHost: localhost\r\n\r\n";
        let shown = shown();
        for end in 0..request.len() {
            let part = &request.as_bytes()[..end];
            assert!(
                matches!(answer(&shown, &hosts(), part), Answer::More),
                "{end}"
            );
        }
        let two = format!("{request}POST");
        match answer(&shown, &hosts(), two.as_bytes()) {
            Answer::Response(response, length) => {
                assert_eq!((response.status, length), (200, request.len()));
                assert!(!response.closes);
            }
            Answer::More => panic!("the first is whole"),
        }
        let last = "GET /repo/ HTTP/1.1\r\nHost: localhost\r\nConnection: x, Close\r\n\r\n";
        assert!(whole(&shown, last).closes);
    }

    #[test]
    fn a_header_section_says_what_every_response_says() {
        let shown = shown();
        let response = get(&shown, "/repo/style.css");
        let head = response.head(UNIX_EPOCH, Some(3));
        let wanted = "HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nContent-Type: text/css; charset=utf-8\r\nContent-Length: 3\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n\r\n";
        assert_eq!(head, wanted);
    }

    #[test]
    fn a_refusal_leads_to_the_page_about_its_code() {
        let shown = shown();
        let response = whole(&shown, "PUT / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        let said = text(&response);
        assert!(said.contains("/repo/405/"), "{said}");
    }

    #[test]
    fn every_page_gets_the_script_and_may_run_it() {
        let shown = shown();
        for target in ["/repo/", "/repo/404/card.html", "/repo/a/b/c"] {
            let html = text(&get(&shown, target));
            assert!(
                html.contains("<script src=\"/repo/~serve/live.js\""),
                "{html}"
            );
            for directive in ["script-src 'self'", "connect-src 'self'"] {
                assert_eq!(html.matches(directive).count(), 1, "{html}");
            }
        }
        assert_eq!(text(&get(&shown, "/repo/site.js")), "f()");
        assert_eq!(get(&shown, "/repo/~serve/live.js").status, 200);
        assert_eq!(get(&shown, "/repo/~serve/other.js").status, 404);
    }

    /// What the script of a page would say that it shows.
    fn seen(html: &str) -> Seen {
        let tag = html.split("live.js\" ").nth(1).unwrap();
        let data = tag.split(" async").next().unwrap();
        let query = data.replace("data-", "").replace('"', "").replace(' ', "&");
        Seen::read(&query)
    }

    #[test]
    fn a_page_hears_of_what_is_on_it_and_of_nothing_else() {
        let with = |path: &str, text: &str| {
            let mut site = (*site()).clone();
            site.replace(path, format!("{PAGE}{text}").into_bytes());
            Shown::right(Arc::new(site), "/repo/", 2)
        };
        let shown = shown();
        let page = seen(&text(&get(&shown, "/repo/404/")));
        assert_eq!(shown.news(&page), News::Nothing);
        for (path, wanted) in [
            ("404/index.html", true),
            ("site.js", true),
            ("index.html", false),
            ("codes.json", false),
        ] {
            let is_told = with(path, "other").news(&page) == News::Reload;
            assert_eq!(is_told, wanted, "{path}");
        }
        let restyled = with("style.css", "b{}");
        assert!(matches!(
            restyled.news(&page),
            News::Styles { number: 2, .. }
        ));
        let printed = seen(&text(&get(&shown, "/repo/")).replace("index.html", "print.html"));
        assert_eq!(with("codes.json", "x").news(&printed), News::Reload);
    }

    #[test]
    fn while_something_is_wrong_every_page_says_so_and_nothing_else_does() {
        let trouble = "<html><head></head>wrong";
        let shown = shown();
        let wrong = shown.wrong(trouble.to_owned());
        for target in ["/repo/", "/repo/404/", "/repo/a/b", "/repo/print.html"] {
            let response = get(&wrong, target);
            assert_eq!(response.status, 500, "{target}");
            assert!(text(&response).contains("wrong"), "{target}");
        }
        assert_eq!(get(&wrong, "/repo/style.css").status, 200);
        assert_eq!(get(&wrong, "/repo/405").status, 301);

        let page = seen(&text(&get(&shown, "/repo/404/")));
        let error = seen(&text(&get(&wrong, "/repo/404/")));
        let before = get(&wrong, &format!("/repo/404/{BEFORE}"));
        assert_eq!(before.status, 200);
        let before = seen(&text(&before));
        assert_eq!(wrong.news(&page), News::Reload);
        assert_eq!(wrong.news(&error), News::Nothing);
        assert_eq!(wrong.news(&before), News::Nothing);
        assert_eq!(shown.news(&error), News::Reload);
        assert_eq!(shown.news(&before), News::Reload);
        assert_eq!(wrong.wrong("other".to_owned()).news(&error), News::Reload);

        let nothing = Shown::nothing("/repo/", trouble.to_owned());
        for target in ["/repo/", "/repo/style.css", "/repo/a"] {
            assert_eq!(get(&nothing, target).status, 500, "{target}");
        }
    }

    /// Numbers that look random and are the same in every run.
    struct Dice(u64);

    impl Dice {
        fn roll(&mut self, sides: usize) -> usize {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            usize::try_from(self.0 >> 33).unwrap() % sides
        }
    }

    #[test]
    fn whatever_comes_in_has_an_answer() {
        const PARTS: [&str; 40] = [
            "GET ",
            "HEAD ",
            "POST ",
            "PRI * HTTP/2.0\r\n\r\n",
            "/",
            "/repo/",
            "/repo/404",
            "..",
            "%2e",
            "%",
            "%2f",
            "%00",
            "?",
            "~serve/events",
            "~serve/",
            "?page=%&is=&trouble",
            "?~before",
            "http://",
            "localhost",
            "[::1]",
            ":",
            "4000",
            " HTTP/1.1",
            " HTTP/1.0",
            "\r\n",
            "\r\n\r\n",
            "\n",
            "Host: localhost\r\n",
            "Host: x\r\n",
            "Content-Length: 5\r\n",
            "Content-Length: -1\r\n",
            "Transfer-Encoding: chunked\r\n",
            "Connection: close\r\n",
            "\t",
            " ",
            "\u{0}",
            "\u{ff}",
            "index.html",
            "//",
            "#",
        ];
        let mut dice = Dice(0x5EED_0404);
        let right = shown();
        let wrong = right.wrong("wrong".to_owned());
        let mut answered = 0;
        for _ in 0..30_000 {
            let mut bytes = Vec::new();
            if dice.roll(2) == 0 {
                bytes.extend_from_slice(b"GET /repo/");
            }
            for _ in 0..dice.roll(16) {
                bytes.extend_from_slice(PARTS[dice.roll(PARTS.len())].as_bytes());
                if dice.roll(8) == 0 {
                    bytes.push(u8::try_from(dice.roll(256)).unwrap());
                }
            }
            if dice.roll(2) == 0 {
                bytes.extend_from_slice(b" HTTP/1.1\r\nHost: localhost\r\n\r\n");
            }
            for shown in [&right, &wrong] {
                if let Answer::Response(response, length) = answer(shown, &hosts(), &bytes) {
                    answered += 1;
                    assert!((1..=bytes.len()).contains(&length));
                    assert!(!phrase(response.status).is_empty(), "{}", response.status);
                    let head = response.head(UNIX_EPOCH, Some(0));
                    let lines = head.matches('\n').count();
                    let wanted = 6 + response.fields.len() + usize::from(response.closes);
                    assert_eq!(lines, wanted, "{head}");
                    assert!(head.is_ascii(), "{head}");
                }
            }
        }
        assert!(answered > 10_000, "{answered}");
    }
}
