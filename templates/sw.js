// The service worker: keeps one whole build of the guide, and answers from it,
// with or without a network. Before it stand BUILD, the name of the build, and
// FILES, what belongs to it: [path, hash].
//
// A reader never gets files of two builds together:
// - A build is kept only if every file has the hash that is listed here. While
//   a host is changing from one build to the next, that fails, and the browser
//   tries again later.
// - A page and all that it loads come from the same worker. The next worker
//   waits until no page of this one is open.
// - What is not listed, the page and all that it loads, is left to the network.

const SCOPE = registration.scope;
const PREFIX = `status-guide ${SCOPE} `; // sw-off.js knows it too
const NAME = PREFIX + BUILD;
const HASHES = new Map(FILES);
const MISSING = '404.html';
const AT_A_TIME = 6;

/* ---- Keeping a build ---- */

async function hashOf(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

const isRight = async (file, bytes) => (await hashOf(bytes)).startsWith(HASHES.get(file));

/** The file as an earlier build kept it, if it is still the same. */
async function fromEarlier(file, caches) {
  for (const cache of caches) {
    const response = await cache.match(SCOPE + file);
    if (response && await isRight(file, await response.clone().arrayBuffer())) return response;
  }
  return null;
}

async function fromNetwork(file) {
  const response = await fetch(SCOPE + file, { cache: 'reload' });
  if (!response.ok) throw new Error(`${file}: ${response.status}`);
  const bytes = await response.arrayBuffer();
  if (!await isRight(file, bytes)) throw new Error(`${file} is not of this build`);
  // A response of our own: one that was redirected may not answer a navigation.
  return new Response(bytes, { headers: { 'Content-Type': response.headers.get('Content-Type') } });
}

async function keepAll() {
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== NAME);
  const earlier = await Promise.all(names.map((name) => caches.open(name)));
  const cache = await caches.open(NAME);
  const left = [...HASHES.keys()];
  const keepNext = async () => {
    for (let file = left.pop(); file; file = left.pop()) {
      await cache.put(SCOPE + file, await fromEarlier(file, earlier) ?? await fromNetwork(file));
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_A_TIME }, keepNext));
  } catch (error) {
    left.length = 0;
    await caches.delete(NAME);
    throw error;
  }
}

async function forgetOthers() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== NAME).map((name) => caches.delete(name)));
}

self.addEventListener('install', (event) => event.waitUntil(keepAll()));
self.addEventListener('activate', (event) => event.waitUntil(forgetOthers()));

/* ---- Answering ---- */

/** The file that an address means: `404/` is `404/index.html`. */
function fileAt(address) {
  const { origin, pathname } = new URL(address);
  let path = origin + pathname;
  if (!path.startsWith(SCOPE)) return undefined;
  path = path.slice(SCOPE.length);
  return [path, `${path}index.html`].find((file) => HASHES.has(file));
}

/** The file as this build has it; from the network only if it got lost. */
async function kept(file, status = 200) {
  const response = await (await caches.open(NAME)).match(SCOPE + file);
  if (!response) return fetch(SCOPE + file);
  return status === 200 ? response : new Response(response.body, { status, headers: response.headers });
}

/** The windows that show pages of this worker, but for `asking`. */
const others = async (asking) => (await clients.matchAll({ type: 'window' })).filter(({ id }) => id !== asking);

/** An empty page, whose script asks whether it is the only one. */
function pause() {
  const html = '<!DOCTYPE html><html data-pause><meta charset="utf-8"><meta name="color-scheme" content="light dark">'
    + `<link rel="icon" href="data:,"><title>…</title><script src="${SCOPE}hosted.js"><\/script>`;
  return new Response(html, {
    headers: {
      'Content-Type': 'text/html',
      'Content-Security-Policy': "default-src 'none'; script-src 'self'; img-src data:",
      'Cache-Control': 'no-store',
    },
  });
}

async function page(event) {
  const { url } = event.request;
  // A new build waits. The only page that is open may be the one that is being
  // left, or may stay open beside a new tab: between the two, that is known.
  if (registration.waiting && (await others()).length < 2) return pause();
  const file = fileAt(url);
  if (file) return kept(file);
  // Without its slash, the links of a page would lead elsewhere.
  const folder = new URL(url);
  folder.pathname += '/';
  if (fileAt(folder.href)) return Response.redirect(folder.href, 302);
  strangers.add(event.resultingClientId);
  return fetch(event.request).catch(() => kept(MISSING, 404));
}

// The pages that this worker let through, while they load: until then their
// addresses are not to be had. Later the address says whose a page is.
const strangers = new Set();

/** What a page loads: from here if the page is from here. */
async function part(event, file) {
  const client = await clients.get(event.clientId);
  const isStrange = strangers.has(event.clientId) || (client && !fileAt(client.url));
  if (!isStrange) return kept(file);
  // What the browser keeps by itself may be of another build. So may this be,
  // for the next page.
  try {
    const { body, status, headers } = await fetch(event.request, { cache: 'no-cache' });
    const once = new Headers(headers);
    once.set('Cache-Control', 'no-store');
    return new Response(body, { status, headers: once });
  } catch {
    return kept(file);
  }
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || !request.url.startsWith(SCOPE)) return;
  if (request.mode === 'navigate') {
    event.respondWith(page(event));
    return;
  }
  const file = fileAt(request.url);
  if (file) event.respondWith(part(event, file));
});

/* ---- Making room for the next build ---- */

self.addEventListener('message', (event) => {
  if (event.data === 'alone?') {
    event.waitUntil(others(event.source.id).then((pages) => {
      const { waiting } = registration;
      if (waiting && !pages.length) waiting.postMessage('take over');
      else event.source.postMessage('not alone');
    }));
  } else if (event.data === 'take over') self.skipWaiting();
});
