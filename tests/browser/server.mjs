// A small static server that stands in for GitHub Pages: it serves one folder
// below a sub-path, sends `x` to `x/` where there is an `x/index.html`, answers
// every miss with `404.html` and status 404, and compresses what is text. It
// listens on the loopback only and does not keep the process alive.

import { readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/vnd.microsoft.icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.xml': 'application/xml',
};

const isText = (type) => /^text\/|\+xml|\/json|\/xml/.test(type);

const isFile = (path) => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

/** Serves `folder` at `http://127.0.0.1:PORT` + `subPath`; resolves to that URL. */
export async function serve(folder, subPath) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://127.0.0.1'); // also resolves `..`
    const send = (status, path) => {
      const type = TYPES[extname(path)] ?? 'application/octet-stream';
      const headers = { 'Content-Type': type };
      let content = readFileSync(path);
      if (isText(type)) {
        headers.Vary = 'Accept-Encoding';
        if (/\bgzip\b/.test(request.headers['accept-encoding'])) {
          headers['Content-Encoding'] = 'gzip';
          content = gzipSync(content);
        }
      }
      response.writeHead(status, headers).end(content);
    };
    if (!pathname.startsWith(subPath) || /%2f|%5c|\\/i.test(pathname)) {
      response.writeHead(404, { 'Content-Type': 'text/plain' }).end('Not this site');
      return;
    }
    const path = join(folder, decodeURIComponent(pathname.slice(subPath.length)));
    if (pathname.endsWith('/') && isFile(join(path, 'index.html'))) {
      send(200, join(path, 'index.html'));
    } else if (isFile(path)) {
      send(200, path);
    } else if (isFile(join(path, 'index.html'))) {
      response.writeHead(301, { Location: `${pathname}/` }).end();
    } else {
      send(404, join(folder, '404.html'));
    }
  });
  await new Promise((resolve, reject) => {
    server.on('error', reject).listen(0, '127.0.0.1', resolve);
  });
  server.unref();
  return `http://127.0.0.1:${server.address().port}${subPath}`;
}
