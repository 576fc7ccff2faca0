//! Owns: `serve`: the site in memory, served over HTTP on this machine, built
//! again and shown anew when a file changes.
//!
//! Must not: print, decide what a request is answered (that is `host`), or what
//! counts as a change (that is `watch`).

use std::borrow::Cow;
use std::convert::Infallible;
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::{IpAddr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, bail};

use crate::author::host::{self, Answer, Body, Hosts, Response};
use crate::author::media_type::is_page;
use crate::author::shown::{News, Seen, Shown, styles_news};
use crate::author::trouble;
use crate::author::watch::Watch;
use crate::output::cache::Cache;
use crate::route::BaseUrl;
use crate::site::Site;
use crate::{Failure, Preview, Source};

/// How many ports are tried.
const PORTS: u16 = 100;
/// The most connections at a time. A browser has six, and one for each page
/// that is open and seen.
const CONNECTIONS: usize = 64;
/// How long a client may take for a request, and for taking a part of a response.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often a page that listens is sent a sign of life: one that is gone is
/// noticed then.
const PULSE: Duration = Duration::from_secs(10);
/// How long a client is listened to after the last response (RFC 9112 §9.6).
const FAREWELL: Duration = Duration::from_secs(1);
/// For how long files stay as they are before something in them is called
/// wrong: one that is half written often is.
const DOUBT: Duration = Duration::from_millis(150);

/// What to serve, and where.
#[derive(Debug)]
pub struct Options {
    /// The guide.
    pub source: Source,
    /// The folders that it is in, to be watched; none if it cannot change.
    pub folders: Vec<PathBuf>,
    /// Goes before the base URL of `site.toml`.
    pub base: Option<BaseUrl>,
    /// Where to listen.
    pub address: IpAddr,
    /// The port that is wanted; 0 for any.
    pub port: u16,
    /// What else this machine is called.
    pub names: Vec<String>,
    /// What the first build may take over.
    pub cache: Cache,
}

/// What happens.
#[derive(Debug)]
pub enum Event<'e> {
    /// There are pages at this address now.
    Serving {
        /// The address of the home page.
        url: String,
        /// The port that was wanted and is taken.
        taken: Option<u16>,
    },
    /// The site was built.
    Built {
        /// HTML pages.
        pages: usize,
        /// Files that were changed; none for the first time.
        changed: usize,
        /// How long the build took.
        took: Duration,
    },
    /// There is something wrong. Pages that are open say so, too.
    Failed(&'e Failure),
}

/// Serves until the process ends, and tells what happens.
///
/// # Errors
/// If there is no port to listen at.
pub fn run(options: Options, tell: &dyn Fn(&Event)) -> anyhow::Result<Infallible> {
    let listener = listen(options.address, options.port)?;
    let own = listener.local_addr().context("there is no port")?;
    let otherwise: BaseUrl = (format!("http://{}/", reachable(own)).parse())
        .map_err(|error| anyhow::anyhow!("{own}: {error}"))?;
    let hosts = Hosts::new(options.address, &options.names);
    let path = options.base.as_ref().unwrap_or(&otherwise).path();
    let mut desk = Desk {
        path: path.to_owned(),
        source: options.source,
        base: options.base,
        otherwise,
        number: 0,
        last: None,
    };

    // Watched before it is read, so that no change falls in between.
    let mut watch = (!options.folders.is_empty()).then(|| Watch::new(options.folders));
    let started = Instant::now();
    let first = desk.build(&options.cache);
    let path = desk.path.clone();
    let current = match &first {
        Ok(good) => good.shown(&path, desk.number),
        Err(failure) => Current {
            shown: Shown::nothing(&path, trouble_page(failure, None)?),
            good: None,
        },
    };
    let stage = Arc::new(Stage::new(current));
    let url = format!("http://{}{path}", reachable(own));
    {
        let (stage, hosts) = (Arc::clone(&stage), Arc::new(hosts));
        let doorman = thread::Builder::new().name("accepts".to_owned());
        doorman.spawn(move || accept(&listener, &stage, &hosts))?;
    }
    tell(&Event::Serving {
        url,
        taken: Some(options.port).filter(|port| *port != 0 && *port != own.port()),
    });
    match &first {
        Ok(good) => tell(&Event::Built {
            pages: good.preview.pages(),
            changed: 0,
            took: started.elapsed(),
        }),
        Err(failure) => tell(&Event::Failed(failure)),
    }
    let Some(watch) = &mut watch else {
        loop {
            thread::park();
        }
    };
    if let Ok(good) = &first {
        watch_overlay(watch, good);
    }
    drop(first);
    loop {
        let mut changed = watch.wait();
        loop {
            let started = Instant::now();
            let built = desk.build(&options.cache);
            if built.is_err()
                && let Some(more) = watch.changes_within(DOUBT)
            {
                changed += more;
                continue;
            }
            match built {
                Ok(good) => {
                    watch_overlay(watch, &good);
                    stage.show(good.shown(&desk.path, desk.number));
                    tell(&Event::Built {
                        pages: good.preview.pages(),
                        changed,
                        took: started.elapsed(),
                    });
                }
                Err(failure) => {
                    let now = stage.current();
                    let before = now.shown.has_site().then_some(host::BEFORE);
                    stage.show(Current {
                        shown: now.shown.wrong(trouble_page(&failure, before)?),
                        good: now.good.clone(),
                    });
                    tell(&Event::Failed(&failure));
                }
            }
            break;
        }
    }
}

/// Which overlay `site.toml` names is known only once it is read.
fn watch_overlay(watch: &mut Watch, good: &Good) {
    if let Some(folder) = good.preview.overlay() {
        watch.also(folder);
    }
}

fn trouble_page(failure: &Failure, before: Option<&'static str>) -> anyhow::Result<String> {
    match failure {
        Failure::Content(diagnostics) => trouble::of_content(diagnostics, before),
        Failure::Other(error) => trouble::of_program(error, before),
    }
}

/// Listens at the wanted port, or at the next that is free.
fn listen(address: IpAddr, wanted: u16) -> anyhow::Result<TcpListener> {
    let last = wanted.saturating_add(PORTS);
    for port in wanted..=last {
        match TcpListener::bind((address, port)) {
            Ok(listener) => return Ok(listener),
            Err(error) if error.kind() == ErrorKind::AddrInUse => {}
            Err(error) => {
                let at = SocketAddr::new(address, port);
                return Err(error).with_context(|| format!("cannot listen at {at}"));
            }
        }
    }
    bail!("all ports from {wanted} to {last} are taken; name another with --port")
}

/// Where a browser on this machine finds a server that listens at `own`.
fn reachable(own: SocketAddr) -> SocketAddr {
    let mut at = own;
    if own.ip().is_unspecified() {
        at.set_ip(match own.ip() {
            IpAddr::V4(_) => std::net::Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(_) => std::net::Ipv6Addr::LOCALHOST.into(),
        });
    }
    at
}

/// What is built, and of what.
struct Desk {
    source: Source,
    base: Option<BaseUrl>,
    otherwise: BaseUrl,
    /// Of the last build.
    number: u64,
    /// The last site that was right.
    last: Option<Arc<Good>>,
    /// Its path on this host.
    path: String,
}

impl Desk {
    fn build(&mut self, cache: &Cache) -> Result<Arc<Good>, Failure> {
        let before = self.last.as_ref().map(|good| &good.preview);
        let base = self.base.clone();
        let preview = crate::preview(&self.source, base, &self.otherwise, cache, before)?;
        self.number += 1;
        if let Some(base) = preview.base() {
            base.path().clone_into(&mut self.path);
        }
        let good = Arc::new(Good {
            preview,
            whole: OnceLock::new(),
        });
        self.last = Some(Arc::clone(&good));
        Ok(good)
    }
}

/// A site that is right, and what was made of it since.
#[derive(Debug)]
struct Good {
    preview: Preview,
    whole: OnceLock<Result<Site, String>>,
}

impl Good {
    /// A file that was promised. Whoever asks first for one that takes long waits
    /// until all those are made.
    fn promised(&self, file: &str) -> Result<Cow<'_, [u8]>, String> {
        if let Some(text) = self.preview.text(file) {
            return Ok(text.pieces().concat().into());
        }
        let whole = self.whole.get_or_init(|| {
            let whole = self.preview.whole();
            whole.map_err(|error| format!("{error:#}"))
        });
        let whole = whole.as_ref().map_err(Clone::clone)?;
        let bytes = whole.get(file).map(Cow::Borrowed);
        bytes.ok_or_else(|| format!("there is no {file}"))
    }
}

/// What is shown at a moment.
struct Current {
    shown: Shown,
    good: Option<Arc<Good>>,
}

/// What is shown now, and a bell for those who wait for the next.
struct Stage {
    current: Mutex<Arc<Current>>,
    changed: Condvar,
}

impl Stage {
    fn new(current: Current) -> Self {
        Self {
            current: Mutex::new(Arc::new(current)),
            changed: Condvar::new(),
        }
    }

    fn current(&self) -> Arc<Current> {
        let current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&current)
    }

    fn show(&self, next: Current) {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        *current = Arc::new(next);
        self.changed.notify_all();
    }

    /// What is shown once it is no longer `seen`, or after `limit`.
    fn next(&self, seen: &Arc<Current>, limit: Duration) -> Arc<Current> {
        let current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        let is_seen = |current: &mut Arc<Current>| Arc::ptr_eq(current, seen);
        let waited = self.changed.wait_timeout_while(current, limit, is_seen);
        let (current, _) = waited.unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&current)
    }
}

/// Gives each connection a thread of its own, so that a slow one keeps nobody
/// waiting.
fn accept(listener: &TcpListener, stage: &Arc<Stage>, hosts: &Arc<Hosts>) {
    let open = Arc::new(AtomicUsize::new(0));
    loop {
        let Ok((stream, _)) = listener.accept() else {
            // Out of files: some connection has to end first.
            thread::sleep(Duration::from_millis(50));
            continue;
        };
        let place = Place::take(&open);
        let (stage, hosts) = (Arc::clone(stage), Arc::clone(hosts));
        let guest = thread::Builder::new().name("serves".to_owned());
        // Without a thread for it, the connection is closed.
        let _ = guest.spawn(move || {
            // Whoever goes away is told nothing more.
            let _ = receive_guest(stream, &place, &stage, &hosts);
        });
    }
}

/// Talks to a client, if there is a place for it.
fn receive_guest(
    mut stream: TcpStream,
    place: &Place,
    stage: &Stage,
    hosts: &Hosts,
) -> io::Result<()> {
    stream.set_nodelay(true)?;
    stream.set_write_timeout(Some(PATIENCE))?;
    if place.is_free {
        return converse(stream, stage, hosts);
    }
    let current = stage.current();
    send(&mut stream, &current, &host::too_many(&current.shown))?;
    part(stream)
}

/// A place among the connections, given back when dropped.
struct Place {
    open: Arc<AtomicUsize>,
    is_free: bool,
}

impl Place {
    fn take(open: &Arc<AtomicUsize>) -> Self {
        let before = open.fetch_add(1, Ordering::Relaxed);
        Self {
            open: Arc::clone(open),
            is_free: before < CONNECTIONS,
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.open.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Answers the requests of one connection, one after the other.
fn converse(mut stream: TcpStream, stage: &Stage, hosts: &Hosts) -> io::Result<()> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    let mut end = Instant::now() + PATIENCE;
    loop {
        let current = stage.current();
        let (response, length) = match host::answer(&current.shown, hosts, &bytes) {
            Answer::Response(response, length) => (response, length),
            Answer::More => {
                let read = receive(&mut stream, &mut buffer, end)?;
                match read {
                    Some(0) => return Ok(()),
                    Some(read) => {
                        bytes.extend_from_slice(&buffer[..read]);
                        continue;
                    }
                    // Nobody asked for anything.
                    None if bytes.is_empty() => return Ok(()),
                    None => (host::too_slow(&current.shown), bytes.len()),
                }
            }
        };
        bytes.drain(..length.min(bytes.len()));
        let closes = send(&mut stream, &current, &response)?;
        if let Body::Events(seen) = &response.body
            && !response.is_head
        {
            let seen = seen.clone();
            follow(&mut stream, stage, current, seen)?;
        }
        if closes {
            return part(stream);
        }
        end = Instant::now() + PATIENCE;
    }
}

/// The next bytes, none at the end of the stream; `None` if they do not come
/// until `end`.
fn receive(stream: &mut TcpStream, buffer: &mut [u8], end: Instant) -> io::Result<Option<usize>> {
    loop {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(None);
        }
        stream.set_read_timeout(Some(left))?;
        match stream.read(buffer) {
            Ok(read) => return Ok(Some(read)),
            Err(error) => match error.kind() {
                ErrorKind::WouldBlock | ErrorKind::TimedOut => return Ok(None),
                ErrorKind::Interrupted => {}
                _ => return Err(error),
            },
        }
    }
}

/// Sends a response; whether the connection ends with it.
fn send(stream: &mut TcpStream, current: &Current, response: &Response<'_>) -> io::Result<bool> {
    let now = SystemTime::now();
    let body: Cow<'_, [u8]> = match &response.body {
        Body::Bytes(bytes) => Cow::Borrowed(bytes),
        Body::Events(_) => {
            stream.write_all(response.head(now, None).as_bytes())?;
            return Ok(response.closes);
        }
        Body::Promised(file) => {
            let made = match &current.good {
                Some(good) => good.promised(file),
                None => Err("there is no site".to_owned()),
            };
            match made {
                Ok(bytes) if is_page(file) => Cow::Owned(current.shown.live(file, &bytes, false)),
                Ok(bytes) => bytes,
                Err(error) => {
                    let mut failed = host::not_made(&current.shown, &error);
                    failed.is_head = response.is_head;
                    failed.closes = response.closes;
                    return send(stream, current, &failed);
                }
            }
        }
    };
    let mut bytes = response.head(now, Some(body.len())).into_bytes();
    if !response.is_head {
        bytes.extend_from_slice(&body);
    }
    stream.write_all(&bytes)?;
    Ok(response.closes)
}

/// Tells an open page what it has to know (Server-Sent Events), until it has to
/// show itself anew or is gone.
fn follow(
    stream: &mut TcpStream,
    stage: &Stage,
    mut current: Arc<Current>,
    mut seen: Seen,
) -> io::Result<()> {
    // How soon a browser tries again, in milliseconds.
    stream.write_all(b"retry: 500\n\n")?;
    loop {
        match current.shown.news(&seen) {
            News::Reload => return stream.write_all(b"event: reload\ndata:\n\n"),
            News::Styles { styles, number } => {
                let news = styles_news(&styles, number);
                stream.write_all(format!("event: styles\ndata: {news}\n\n").as_bytes())?;
                seen.styles = styles;
            }
            News::Nothing => {}
        }
        let next = stage.next(&current, PULSE);
        if Arc::ptr_eq(&next, &current) {
            stream.write_all(b":\n\n")?;
        }
        current = next;
    }
}

/// Ends a connection so that the last response arrives, whatever the client
/// still sends (RFC 9112 §9.6).
fn part(mut stream: TcpStream) -> io::Result<()> {
    stream.shutdown(Shutdown::Write)?;
    let end = Instant::now() + FAREWELL;
    let mut buffer = [0; 4096];
    while receive(&mut stream, &mut buffer, end)?.is_some_and(|read| read > 0) {}
    Ok(())
}

impl Good {
    fn shown(self: &Arc<Self>, path: &str, number: u64) -> Current {
        let site = Arc::clone(&self.preview.site);
        Current {
            shown: Shown::right(site, path, number),
            good: Some(Arc::clone(self)),
        }
    }
}
