// One tour of every page, and what must be true of all of them.

import assert from 'node:assert/strict';
import { filesOf, pagesOf, PATIENCE, test, visit } from './harness.mjs';

const NARROW = 320;

/** What a page looks like from inside; runs in the browser. */
function look() {
  const attributes = (selector, name) => [...document.querySelectorAll(selector)].map((it) => it[name]);
  // The same elements with the stylesheet and without it.
  const styles = () => ['body', 'h1', 'main'].map((tag) => {
    const style = getComputedStyle(document.querySelector(tag));
    return Array.from(style, (property) => style.getPropertyValue(property)).join();
  });
  const sheet = document.querySelector('link[rel=stylesheet]')?.sheet ?? {};
  const styled = styles();
  const root = document.documentElement;
  const sideways = root.scrollWidth - root.clientWidth;
  sheet.disabled = true;
  const bare = styles();
  sheet.disabled = false;
  return {
    headings: attributes('h1', 'innerText'),
    title: document.title,
    ids: attributes('[id]', 'id'),
    links: [...attributes('[href]', 'href'), ...attributes('[src]', 'src')],
    unstyled: ['body', 'h1', 'main'].filter((_, i) => styled[i] === bare[i]),
    sideways,
    // The policy must come before anything that it governs.
    policy: document.head.querySelector('meta[charset] + meta[http-equiv="Content-Security-Policy" i]')?.content,
    violations: window.violations,
  };
}

/** A page for frames on other sites: nothing links to it, and it links to one
 * page. */
const isCard = (file) => file.endsWith('/card.html');

/** Every page of the place by its file; the tour is made once. What the
 * harness heard on a page is kept with it. */
function tour(place) {
  place.tour ??= visit(place, { viewport: { width: NARROW, height: 640 } }, async (page, trouble) => {
    await page.addInitScript(() => {
      window.violations = [];
      document.addEventListener('securitypolicyviolation', (event) =>
        window.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
    });
    const pages = new Map();
    for (const file of pagesOf(place.site)) {
      await page.goto(place.root + file);
      pages.set(file, { ...await page.evaluate(look), trouble: trouble.splice(0) });
    }
    return pages;
  });
  return place.tour;
}

/** Insists that `wrong(page, file)` is empty or false for every page. */
async function none(place, message, wrong) {
  const found = [...await tour(place)].map(([file, page]) => [file, wrong(page, file)]);
  const bad = found.filter(([, what]) => (Array.isArray(what) ? what.length : what));
  const lines = bad.map(([file, what]) => `/${file}: ${Array.isArray(what) ? what.join(', ') : what}`);
  assert.ok(bad.length === 0, `${message}:\n${lines.join('\n')}`);
}

/** The file that an address means, also one that the script has shortened. */
const fileOf = (place, address) =>
  decodeURIComponent(address.slice(place.root.length).split(/[?#]/)[0]).replace(/(^|\/)$/, '$1index.html');

const isFragment = (fragment, ids) => fragment === '' || ids.includes(decodeURIComponent(fragment));

test('every page opens with an empty console and asks nothing of another host', async (place) => {
  const pages = await tour(place);
  assert.ok(pages.size > 70, `only ${pages.size} pages`);
  await none(place, 'the console, and requests that failed or went elsewhere', (page) => page.trouble);
});

test('every page has one main heading and a title of its own', async (place) => {
  await none(place, 'main headings', (page) => page.headings.length !== 1 && page.headings);
  const titles = [...(await tour(place)).values()].map((page) => page.title);
  assert.deepEqual(titles.filter((title, i) => !title || titles.indexOf(title) !== i), [], 'titles twice');
});

test('every page is styled by its stylesheet', (place) =>
  none(place, 'elements that look the same without the stylesheet', (page) => page.unstyled));

test('every link to the site leads to a file and to a part of it that exists', async (place) => {
  const pages = await tour(place);
  const files = new Set(filesOf(place.site));
  await none(place, 'broken links', (page, file) => {
    const inside = page.links.filter((link) => link.startsWith(place.root));
    assert.ok(inside.length > (isCard(file) ? 1 : 5), 'links were found');
    return inside.filter((link) => {
      const url = new URL(link);
      const file = fileOf(place, url.href);
      return !files.has(file) || !isFragment(url.hash.slice(1), pages.get(file)?.ids ?? []);
    });
  });
});

test('every link that leaves the site is an https link', (place) =>
  none(place, 'other links', (page) =>
    page.links.filter((link) => !link.startsWith(place.root) && !link.startsWith('https://'))));

test('every page can be reached from home by links', async (place) => {
  const pages = await tour(place);
  const seen = new Set(['index.html']);
  for (const file of seen) {
    for (const link of pages.get(file)?.links ?? []) {
      if (link.startsWith(place.root)) seen.add(fileOf(place, link));
    }
  }
  assert.deepEqual([...pages.keys()].filter((file) => !seen.has(file) && !isCard(file)), ['404.html']);
});

test('no page at all scrolls sideways on the narrowest phone', (place) =>
  none(place, `wider than ${NARROW} px`, (page) => page.sideways > 0 && `${page.sideways} px too wide`));

test('every page has a content policy, and it blocks nothing of the page', (place) =>
  none(place, 'policy', (page) => [
    ...(page.policy?.includes("default-src 'none'") ? [] : [`the policy is ${page.policy}`]),
    ...page.violations,
  ]));

test('the content policy stops an inline script and a picture from elsewhere', async (place) => {
  const page = await place.browser.newPage();
  try {
    await page.goto(`${place.root}404/index.html`);
    const blocked = await page.evaluate(async (patience) => {
      const directives = [];
      const both = new Promise((resolve) => {
        document.addEventListener('securitypolicyviolation', (event) => {
          if (directives.push(event.effectiveDirective) === 2) resolve();
        });
        setTimeout(resolve, patience); // Then one is missing.
      });
      const script = document.createElement('script');
      script.textContent = 'window.injected = true';
      const image = new Image();
      image.src = 'https://example.com/pixel.png';
      document.body.append(script, image);
      await both;
      return { injected: window.injected ?? false, directives: directives.sort() };
    }, PATIENCE);
    assert.deepEqual(blocked, { injected: false, directives: ['img-src', 'script-src-elem'] });
  } finally {
    await page.close();
  }
});
