// A small static server that stands in for GitHub Pages: it serves one folder
// below a project's path. `x` is `x.html` where there is such a file, and is
// sent on to `x/` where there is an `x/index.html`. Every miss is answered with
// `404.html` and status 404. Text is compressed; files whose names begin with
// a dot are not published. It listens on the loopback only and does not keep
// the process alive.

import { readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
  '.epub': 'application/epub+zip',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/vnd.microsoft.icon',
  '.js': 'application/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.xml': 'application/xml',
  '.zip': 'application/zip',
};
const COMPRESSED = /^text\/|javascript|json|xml/;

const isFile = (path) => {
  try {
    return statSync(path).isFile();
  } catch {
    return false; // Nothing is there, or nothing can be: the name is too long.
  }
};

/** What the host answers to the path below its root: a status, and a file or
 * where to go instead. */
export function answer(folder, path) {
  const at = (name) => join(folder, name);
  const isHidden = path.split('/').some((part) => part.startsWith('.') && part !== '.well-known');
  if (!isHidden) {
    if (path === '' || path.endsWith('/')) {
      if (isFile(at(`${path}index.html`))) return { status: 200, file: at(`${path}index.html`) };
    } else {
      for (const name of [path, `${path}.html`]) {
        if (isFile(at(name))) return { status: 200, file: at(name) };
      }
      if (isFile(at(`${path}/index.html`))) return { status: 301, location: `${path}/` };
    }
  }
  return { status: 404, file: at('404.html') };
}

/** A host at `http://127.0.0.1:PORT` + `subPath`: `root` is that address,
 * `show` another folder from now on, `stop` and `start` what they say. Every
 * request below its root is in `log`. With `inPieces`, pages come as
 * over a slow line. */
export async function host(folder, subPath, { inPieces = false } = {}) {
  const log = [];
  let shown = folder;
  let port = 0;
  let server;
  const handle = (request, response) => {
    const { pathname, search } = new URL(request.url, 'http://127.0.0.1'); // also resolves `..`
    if (!pathname.startsWith(subPath) || /%2f|%5c|%00|\\/i.test(pathname)) {
      response.writeHead(404, { 'Content-Type': 'text/plain' }).end('Not this site');
      return;
    }
    log.push(pathname.slice(subPath.length));
    let path = pathname.slice(subPath.length);
    try {
      path = decodeURIComponent(path);
    } catch { /* Then there is no such file. */ }
    const { status, file, location } = answer(shown, path);
    if (location) {
      response.writeHead(status, { Location: subPath + encodeURI(location) + search }).end();
      return;
    }
    const type = TYPES[extname(file)] ?? 'application/octet-stream';
    const headers = { 'Content-Type': type, 'Cache-Control': 'max-age=600' };
    let bytes = readFileSync(file);
    if (inPieces && extname(file) === '.html') {
      response.writeHead(status, headers);
      sendInPieces(response, bytes);
      return;
    }
    if (COMPRESSED.test(type) && /\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) {
      bytes = gzipSync(bytes, { level: 1 });
      headers['Content-Encoding'] = 'gzip';
      headers.Vary = 'Accept-Encoding';
    }
    response.writeHead(status, headers).end(bytes);
  };
  const start = async () => {
    server = createServer(handle);
    await new Promise((resolve, reject) => {
      server.on('error', reject).listen(port, '127.0.0.1', resolve);
    });
    server.unref();
    ({ port } = server.address());
  };
  await start();
  return {
    root: `http://127.0.0.1:${port}${subPath}`,
    log,
    start,
    stop: () => new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    }),
    show: (other) => { shown = other; },
  };
}

/** Sends a page slowly enough to be painted after each piece, and the rest at
 * once when a screen is full. A piece ends before a tag, where a parser that has
 * other things to do makes a pause; the first is the head. */
async function sendInPieces(response, bytes) {
  const [length, pause, pieces] = [300, 25, 60];
  const before = (tag, from) => bytes.indexOf(tag, from) + 1 || bytes.length + 1;
  let from = 0;
  let to = before('<body', 0) - 1;
  for (let piece = 0; piece < pieces && to < bytes.length; piece += 1) {
    response.write(bytes.subarray(from, to));
    await new Promise((done) => { setTimeout(done, pause); });
    from = to;
    to = before('<', from + length) - 1;
  }
  response.end(bytes.subarray(from));
}

/** Serves `folder` and resolves to its address. */
export const serve = async (folder, subPath) => (await host(folder, subPath)).root;
