// The page for misses, where scripts run: says what was asked for, and offers
// the pages that were probably meant. What was asked for is anybody's text: it
// is shown as text alone, and no address is made of it.

(() => {
  const site = document.currentScript.src.replace(/[^/]*$/, '');
  const MOST = 4;
  const LONGEST = 200;

  // Below the root of the guide, as far as it can be read.
  const root = new URL(site).pathname;
  const { pathname } = location;
  let path = pathname.startsWith(root) ? pathname.slice(root.length) : pathname;
  try {
    path = decodeURIComponent(path);
  } catch { /* Then as it stands in the address. */ }
  // Nothing was asked for if the page was opened by its own name.
  if (!path || path === '404.html' || location.protocol === 'file:') return;

  const make = (name, text) => Object.assign(document.createElement(name), { textContent: text });

  /** Text on one line, without what changes how the text around it is read. */
  const plain = (text) => text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '\uFFFD');
  const short = (text) => ([...text].length > LONGEST ? `${[...text].slice(0, LONGEST).join('')}…` : text);

  const asked = make('p', 'You asked for ');
  const name = make('code', short(plain(`/${path}`)));
  name.dir = 'ltr';
  const isolated = document.createElement('bdi');
  isolated.append(name);
  asked.append(isolated, '.');
  const section = document.createElement('div');
  section.className = 'asked';
  section.setAttribute('role', 'status');
  section.append(asked);
  document.querySelector('header.hero').after(section);

  /** The parts of the path without endings, as people would type them. */
  const words = () => short(path).toLowerCase().split('/')
    .map((part) => part.replace(/\.[a-z]{2,5}$/, '').replace(/^index$/, ''))
    .filter(Boolean);
  /** Three characters that look like a number of three digits: `4O4`. */
  const digits = (word) => (/\d/.test(word) ? word.replace(/o/g, '0').replace(/[il]/g, '1') : word);

  function offers() {
    const { entries, find, near } = window.guideSearch;
    const folder = ({ file }) => file.replace(/\/?index\.html$/, '');
    const parts = words();
    const last = parts.at(-1) ?? '';
    // The number in the address first, then an address with a typing error,
    // then what the search makes of it.
    const numbers = [...parts].reverse().flatMap((part) => digits(part).match(/(?<![a-z\d])[1-9]\d\d(?![a-z\d])/g) ?? []);
    const byNumber = numbers.flatMap((number) => entries.filter((entry) => folder(entry) === number));
    const whole = parts.join('/');
    const byName = entries.filter((entry) => {
      const named = folder(entry);
      const most = named.length > 7 ? 2 : 1;
      return named.length > 3 && [whole, last].some((text) => near(text, named, most) || near(text, named.split('/').at(-1), most));
    });
    const bySearch = find(last.replace(/[^\p{L}\p{N}]+/gu, ' '));
    const all = [...byNumber, ...byName, ...bySearch];
    const files = all.map(({ file }) => file);
    return all.filter(({ file }, i) => files.indexOf(file) === i).slice(0, byNumber.length === 1 ? 1 : MOST);
  }

  function offer() {
    const found = offers();
    if (!found.length) return;
    const list = document.createElement('ul');
    for (const { file, title, sentence } of found) {
      const link = make('a', title);
      link.href = site + file;
      const item = document.createElement('li');
      item.append(link, `: ${sentence}`);
      list.append(item);
    }
    section.append(make('p', 'Did you mean:'), list);
  }

  document.addEventListener('DOMContentLoaded', () => {
    const { load } = window.guideSite;
    load('search-index.js').then(() => load('search.js')).then(offer)
      .catch(() => { /* The rest of the page leads on as well. */ });
  });
})();
