// The panel “Copy as”: links, definitions and the table of facts of a page, in
// the markup of wherever they are pasted. Loaded when its button is first
// pressed. The formats are pure functions; only `read` and `open` know the page,
// and all that is copied is read from it.

(() => {
  const script = document.currentScript?.src ?? '';

  /* ---- Formats ---- */

  // What an address may hold and a markup would take for its own.
  const safe = (url) => url.replace(/[\s"'()*!<>[\\\]^`{|}]/g, (it) => `%${it.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
  const entity = (text) => text.replace(/[^]/g, (it) => `&#${it.charCodeAt(0)};`);
  const html = (text) => text.replace(/[&<>"]/g, (it) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[it]);
  // An entity that is meant as it stands.
  const spelled = (text) => text.replace(/&(?=#?\w+;)/g, '&amp;');

  // For each format: `text` makes its markup of plain text; `link` and `table`
  // are given markup, and an address as it is. `between` stands between two
  // parts of a line, and `after` is given what was made of a page.
  const FORMATS = {
    markdown: {
      name: 'Markdown',
      text: (text) => text.replace(/[\\`*_[\]<>&|~$]|!$/g, '\\$&'),
      link: (text, url) => `[${text}](${safe(url).replaceAll('&', '&amp;')})`,
      table: (title, rows) => `| ${title} | |\n| --- | --- |\n${rows.map(([name, value]) => `| ${name} | ${value} |`).join('\n')}`,
    },
    html: {
      name: 'HTML',
      text: html,
      link: (text, url) => `<a href="${html(safe(url))}">${text}</a>`,
      table: (title, rows) => `<table>\n<caption>${title}</caption>\n${rows.map(([name, value]) => `<tr><th scope="row">${name}</th><td>${value}</td></tr>`).join('\n')}\n</table>`,
    },
    jira: {
      name: 'Confluence and Jira',
      // A dash within a word is a dash; a backslash is half a line end, even
      // behind another one; `(x)` and `:)` are pictures.
      text: (text) => spelled(text)
        .replace(/\\/g, '&#92;')
        .replace(/[{}[\]|*_+^~!?]|(?<!\w)-|-(?!\w)|[:;](?=[()DP])|\((?=(?:[ynix!?*/+-]|\*[rgby]|on|off|flag|flagoff)\))/g, '\\$&'),
      link: (text, url) => `[${text}|${safe(url)}]`,
      table: (title, rows) => `${title}\n\n${rows.map(([name, value]) => `||${name}|${value}|`).join('\n')}`,
    },
    mediawiki: {
      name: 'MediaWiki',
      text: (text) => html(text).replace(/[[\]{}|]|'{2,}|~{3,}|_{2,}/g, entity),
      link: (text, url) => `[${safe(url)} ${text}]`,
      table: (title, rows) => `{| class="wikitable"\n|+ ${title}\n${rows.map(([name, value]) => `|-\n! scope="row" | ${name}\n| ${value}`).join('\n')}\n|}`,
    },
    asciidoc: {
      name: 'AsciiDoc',
      // Backslashes work only where something would have been replaced, and a
      // reference to a character works everywhere.
      text: (text) => spelled(text)
        .replace(/[\\`*_[\]<>|~^+{}=]|#(?!\d+;)|--+|\.{3}|::+|\${2,}|\(\(|\((?=(?:C|R|TM)\))/g, entity),
      link: (text, url) => `${/[_*^~+]/.test(safe(url)) ? `link:++${safe(url)}++` : safe(url)}[${text}]`,
      table: (title, rows) => `.${title}\n[cols="1h,4"]\n|===\n${rows.map(([name, value]) => `|${name}\n|${value}`).join('\n\n')}\n|===`,
    },
    rst: {
      name: 'reStructuredText',
      text: (text) => text.replace(/[\\`*_|<>]/g, '\\$&'),
      link: (text, url) => `\`${text} <${safe(url).replace(/_$/, '\\_')}>\`__`,
      // A link needs a space or a bracket beside it; this space is not shown.
      between: (before, after) => ((before.endsWith('`__') && /^[\w\\`]/.test(after)) || (/[^\s('"[{<\-/:]$/.test(before) && after.startsWith('`')) ? '\\ ' : ''),
      table: (title, rows) => {
        // What a list, a comment or a line below a heading begins with.
        const cell = (value) => value.replace(/^(?=[-+•:.=~^"'#]|\(?\w+[.)]\s)/, '\\');
        return `.. list-table:: ${title}\n   :stub-columns: 1\n\n${rows.map(([name, value]) => `   * - ${cell(name)}\n     - ${cell(value)}`).join('\n')}`;
      },
    },
    plain: {
      name: 'Plain text and URL',
      text: (text) => text,
      link: (text) => text,
      table: (title, rows) => `${title}\n${rows.map(([name, value]) => `${name}: ${value}`).join('\n')}`,
      // The address stands alone, where every program makes it a link.
      after: (text, { url }) => `${text}\n${url}`,
    },
  };

  /* ---- Kinds ---- */

  const line = (format, parts) => parts.reduce((before, { text, href }) => {
    const after = href ? format.link(format.text(text), href) : format.text(text);
    return before + (before && format.between ? format.between(before, after) : '') + after;
  }, '');

  const badgeOf = ({ name, url }) => FORMATS.markdown.link(`!${FORMATS.markdown.link(FORMATS.markdown.text(name), new URL('badge.svg', url).href)}`, url);
  const cardOf = ({ name, url }) =>
    `<iframe src="${html(safe(new URL('card.html', url).href))}" title="${html(name)}" width="380" height="240" loading="lazy"></iframe>`;

  // For each kind: whether a page has it, and the text. `only` names the one
  // format that it has.
  const KINDS = {
    link: {
      name: ({ short }) => `Link: ${short}`,
      has: () => true,
      make: (format, page) => (format === FORMATS.plain ? page.url : line(format, [{ text: page.short, href: page.url }])),
    },
    phrase: {
      name: () => 'Link with the phrase',
      has: ({ short, name }) => short !== name,
      make: (format, page) => line(format, [{ text: page.name, href: page.url }]),
    },
    definition: {
      name: () => 'Definition in one line',
      has: () => true,
      make: (format, page) => line(format, [{ text: page.name, href: page.url }, { text: `: ${page.summary}` }]),
    },
    table: {
      name: () => 'Table: at a glance',
      has: ({ facts }) => facts.length > 0,
      make: (format, page) => format.table(
        line(format, [{ text: page.name, href: page.url }]),
        page.facts.map((row) => row.map((parts) => line(format, parts))),
      ),
    },
    badge: { name: () => 'Badge (Markdown)', has: ({ facts }) => facts.length > 0, only: 'markdown', make: (_, page) => badgeOf(page) },
    card: { name: () => 'Card (HTML iframe)', has: ({ facts }) => facts.length > 0, only: 'html', make: (_, page) => cardOf(page) },
  };

  /** The text of a kind in a format, for a page as `read` has it. */
  const make = (kind, format, page) => {
    const { only } = KINDS[kind];
    const { after } = FORMATS[only ?? format];
    const text = KINDS[kind].make(FORMATS[only ?? format], page);
    return after && kind !== 'link' ? after(text, page) : text;
  };

  /* ---- The page ---- */

  const words = (node) => node.textContent.replace(/\s+/g, ' ').trim();

  /** The short address: the published one where it is known. */
  const addressOf = ({ href, protocol }, canonical) => {
    if (canonical) return canonical;
    const page = href.replace(/[?#].*$/, '');
    return protocol === 'file:' ? page : page.replace(/(^|\/)index\.html$/, '$1');
  };

  /** The text of a cell and its links, with notes in brackets. */
  const partsOf = (cell, url) => {
    const parts = [];
    const add = (node) => {
      if (node.nodeType === Node.TEXT_NODE) parts.push({ text: node.data });
      else if (node.localName === 'a') parts.push({ text: words(node), href: new URL(node.getAttribute('href'), url).href });
      else if (node.matches('.note')) parts.push({ text: ` (${words(node)})` });
      else node.childNodes.forEach(add);
    };
    cell.childNodes.forEach(add);
    const all = parts.map(({ text, href }) => ({ text: text.replace(/\s+/g, ' '), href })).filter(({ text }) => text);
    if (all.length) {
      all[0].text = all[0].text.trimStart();
      all.at(-1).text = all.at(-1).text.trimEnd();
    }
    return all;
  };

  const read = () => {
    const hero = document.querySelector('.hero');
    const url = addressOf(location, document.querySelector('link[rel=canonical]')?.href);
    const name = words(hero.querySelector('h1'));
    return {
      url,
      name,
      short: hero.querySelector('.phrase') ? words(hero.querySelector('.number')) : name,
      summary: words(hero.querySelector('.summary, .rule')),
      facts: [...document.querySelectorAll('.glance tr')].map((row) => [...row.cells].map((cell) => partsOf(cell, url))),
    };
  };

  /* ---- The panel ---- */

  const KEPT = 'copy-as';

  const element = (name, properties, ...children) => {
    const it = Object.assign(document.createElement(name), properties);
    it.append(...children);
    return it;
  };

  const choice = (id, label, options) => {
    const select = element('select', { id }, ...options.map(([value, name]) => element('option', { value }, name)));
    return [element('label', { htmlFor: id }, label), select];
  };

  const panel = () => {
    const page = read();
    const kinds = Object.entries(KINDS).filter(([, kind]) => kind.has(page)).map(([id, kind]) => [id, kind.name(page)]);
    const [kindLabel, kind] = choice('copy-as-kind', 'What', kinds);
    const [formatLabel, format] = choice('copy-as-format', 'As', Object.entries(FORMATS).map(([id, { name }]) => [id, name]));
    const preview = element('textarea', { id: 'copy-as-preview', readOnly: true, rows: 7, spellcheck: false });
    const copy = element('button', { type: 'button', className: 'copy-it' }, 'Copy');
    const close = element('button', { type: 'button' }, 'Close');
    const it = element(
      'div',
      { className: 'copy-as', popover: 'auto' },
      element('h2', { id: 'copy-as-title' }, `Copy ${page.short} as…`),
      kindLabel, kind, formatLabel, format,
      element('label', { htmlFor: preview.id }, 'Preview'), preview,
      element('p', {}, copy, close),
    );
    it.setAttribute('role', 'dialog');
    it.setAttribute('aria-labelledby', 'copy-as-title');
    kind.autofocus = true;

    let chosen = 'markdown';
    try {
      const kept = localStorage.getItem(KEPT);
      if (Object.hasOwn(FORMATS, kept)) chosen = kept;
    } catch { /* Storage may be forbidden; then the choice lasts for a page. */ }

    const show = () => {
      const { only } = KINDS[kind.value];
      format.disabled = Boolean(only);
      format.value = only ?? chosen;
      preview.value = make(kind.value, format.value, page);
    };
    kind.addEventListener('change', show);
    format.addEventListener('change', () => {
      chosen = format.value;
      try {
        localStorage.setItem(KEPT, chosen);
      } catch { /* as above */ }
      show();
    });
    const said = (select) => select.selectedOptions[0].textContent;
    copy.addEventListener('click', () => window.guideSite.confirm(copy, `${said(kind)}, ${said(format)}`, preview.value));
    close.addEventListener('click', () => it.hidePopover());
    show();
    return it;
  };

  const style = () => new Promise((resolve, reject) => {
    const link = element('link', { rel: 'stylesheet', href: script.replace(/\.js$/, '.css') });
    link.onload = resolve;
    link.onerror = reject;
    document.head.append(link);
  });

  let ready;
  const open = async (button) => {
    ready ??= style().then(() => {
      const it = panel();
      button.closest('.hero').append(it);
      return it;
    });
    (await ready).showPopover();
  };

  window.guideCopyAs = { FORMATS, KINDS, addressOf, make, open };
})();
