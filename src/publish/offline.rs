//! Owns: what a hosted copy has that one on a disk does not need: the service
//! worker that keeps the guide for reading without a network, the script that
//! registers it, and the manifest for installing it.
//!
//! Must not: decide how the worker behaves (that is `templates/sw.js`), or
//! change a file that is there.

use std::fmt::Write as _;
use std::sync::LazyLock;

use rayon::prelude::*;
use serde::Serialize;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::load::guide::Guide;
use crate::load::overlay::is_font;
use crate::render::minified_static;
use crate::route::{Export, Route};
use crate::site::Site;

/// The worker, a worker that removes the other one, and what pages do.
const WORKER: &str = include_str!("../../templates/sw.js");
static SMALL_WORKER: LazyLock<String> = LazyLock::new(|| small(WORKER));
static WORKER_OFF: LazyLock<String> =
    LazyLock::new(|| small(include_str!("../../templates/sw-off.js")));
static HOSTED: LazyLock<String> =
    LazyLock::new(|| small(include_str!("../../templates/hosted.js")));

/// The endings of the files without which the guide cannot be read or searched.
const READ: [&str; 5] = ["html", "css", "js", "svg", "webmanifest"];
/// What says again what the pages say: large, or for other sites.
const NOT_READ: [&str; 3] = ["print.html", "/card.html", "/badge.svg"];

/// How many bytes of a SHA-256 tell two versions of a file apart.
const HASH_BYTES: usize = 8;

/// The ground of the light theme in `static/style.css`.
const PAPER: &str = "#fcfcfb";

/// Adds the worker, its registration and the manifest to the finished `site`.
/// The worker lists what is there: whatever comes later is not kept. Unless the
/// guide is to be read `offline`, the worker removes one that was there before.
///
/// # Errors
/// If a list cannot be written as JSON.
pub fn add(guide: &Guide, offline: bool, site: &mut Site) -> serde_json::Result<()> {
    insert(site, Export::Manifest, manifest(guide, site)?);
    let hosted = script(&[("OFFLINE", json!(offline))], &HOSTED);
    insert(site, Export::Hosted, hosted);
    let worker = if offline {
        worker(guide, site)?
    } else {
        script(&[], &WORKER_OFF)
    };
    insert(site, Export::Worker, worker);
    Ok(())
}

fn insert(site: &mut Site, export: Export, text: String) {
    site.insert(Route::Export(export).file(), text.into_bytes());
}

/// A script with these constants before it. They are as short as JSON can be,
/// and many: the minifier would read them for longer than all pages.
fn script(constants: &[(&str, serde_json::Value)], text: &str) -> String {
    let mut all = String::new();
    for (name, value) in constants {
        // Writing to a string cannot fail.
        let _ = write!(all, "const {name}={value};");
    }
    all.push_str(text);
    all
}

fn small(text: &str) -> String {
    let text = minified_static("x.js", text.as_bytes());
    String::from_utf8_lossy(&text).into_owned()
}

/// The worker with the name of this build and the hash of every file that has
/// to be there.
fn worker(guide: &Guide, site: &Site) -> serde_json::Result<String> {
    let files: Vec<(&str, String)> = site
        .par_iter()
        .filter(|(path, _)| is_read(path) || is_seen(guide, path))
        .map(|(path, bytes)| (path, hash(bytes.pieces())))
        .collect();
    let list = serde_json::to_string(&files)?;
    // Another worker over the same files is another build too.
    let build = hash(&[list.as_bytes(), WORKER.as_bytes()]);
    Ok(script(
        &[("BUILD", json!(build)), ("FILES", json!(files))],
        &SMALL_WORKER,
    ))
}

/// Whether readers need the file.
fn is_read(path: &str) -> bool {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    READ.contains(&ending) && !NOT_READ.iter().any(|end| path.ends_with(end))
}

/// Whether the file is part of a team's look: without it, pages look broken.
fn is_seen(guide: &Guide, path: &str) -> bool {
    guide.team.as_ref().is_some_and(|team| {
        let is_logo = team.logo.as_ref().is_some_and(|logo| logo.path == path);
        is_logo || (team.has_fonts && is_font(path))
    })
}

/// The beginning of the SHA-256 in hexadecimal digits.
fn hash(pieces: &[impl AsRef<[u8]>]) -> String {
    let mut all = Sha256::new();
    for piece in pieces {
        all.update(piece);
    }
    let mut hash = String::new();
    for byte in all.finalize().iter().take(HASH_BYTES) {
        // Writing to a string cannot fail.
        let _ = write!(hash, "{byte:02x}");
    }
    hash
}

/// A picture that stands for the guide.
#[derive(Serialize)]
struct Icon {
    src: &'static str,
    sizes: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
}

/// The pictures that a system can use, of which those that are there are named.
const ICONS: [Icon; 3] = [
    Icon {
        src: "favicon.svg",
        sizes: "any",
        kind: "image/svg+xml",
    },
    Icon {
        src: "icons/192.png",
        sizes: "192x192",
        kind: "image/png",
    },
    Icon {
        src: "icons/512.png",
        sizes: "512x512",
        kind: "image/png",
    },
];

/// The web app manifest. A window of its own still shows the address and a
/// way back: the addresses of this guide are there to be copied.
fn manifest(guide: &Guide, site: &Site) -> serde_json::Result<String> {
    let icons: Vec<&Icon> = (ICONS.iter())
        .filter(|icon| site.file(icon.src).is_some())
        .collect();
    let mut text = serde_json::to_string_pretty(&json!({
        "name": guide.site.title,
        "short_name": guide.site.breadcrumb_home,
        "description": guide.site.description,
        "lang": guide.site.language,
        "start_url": "./",
        "scope": "./",
        "display": "minimal-ui",
        "theme_color": PAPER,
        "background_color": PAPER,
        "icons": icons,
    }))?;
    text.push('\n');
    Ok(text)
}
