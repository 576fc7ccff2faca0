// What every page can do when scripts run: a theme that is remembered, buttons
// that copy, and a search box that loads its index when it is first used.
// Nothing here is needed to read. It must not fetch, and must work from disk.

(() => {
  const root = document.documentElement;
  const site = document.currentScript.src.replace(/[^/]*$/, '');
  root.dataset.script = '';
  // The pages that show themselves in another way then take it away.
  if (location.search || location.hash) root.dataset.asked = '';

  // Before the first paint, so that nothing flashes.
  const THEMES = ['system', 'light', 'dark'];
  const show = (theme) => {
    if (theme === 'system') delete root.dataset.theme;
    else root.dataset.theme = theme;
  };
  let theme = 'system';
  try {
    const kept = localStorage.getItem('theme');
    if (THEMES.includes(kept)) theme = kept;
  } catch { /* Storage may be forbidden; then the switch lasts for a page. */ }
  show(theme);

  const load = (name) => new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = site + name;
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });

  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // No clipboard without a secure context, and not in every browser.
      const focused = document.activeElement;
      const area = document.createElement('textarea');
      area.value = text;
      area.className = 'unseen';
      document.body.append(area);
      area.select();
      const done = document.execCommand('copy');
      area.remove();
      focused?.focus({ preventScroll: true });
      if (!done) throw new Error('nothing was copied');
    }
  };

  if (site.startsWith('http')) addEventListener('load', () => load('hosted.js').catch(() => {}));

  document.addEventListener('DOMContentLoaded', () => {
    const status = document.createElement('p');
    status.className = 'unseen';
    status.setAttribute('role', 'status');
    document.body.append(status);

    // What a button says again, and when, for those that say “Copied” now.
    const confirming = new Map();
    const confirm = (button, said, text) => {
      const { before, timer } = confirming.get(button) ?? { before: button.textContent };
      clearTimeout(timer);
      const restore = () => {
        button.textContent = before;
        confirming.delete(button);
      };
      confirming.set(button, { before, timer: setTimeout(restore, 1500) });
      copy(text).then(() => 'Copied', () => 'Not copied').then((word) => {
        status.textContent = `${word}: ${said}`;
        button.textContent = word;
      });
    };

    // For the scripts of single pages.
    window.guideSite = { confirm, load };

    const themeButton = document.querySelector('button.theme');
    themeButton.title = 'Change the theme';
    const label = () => {
      themeButton.textContent = { system: '◐', light: '☀', dark: '☾' }[theme];
      themeButton.setAttribute('aria-label', `Theme: ${theme}`);
    };
    label();
    themeButton.addEventListener('click', () => {
      theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
      try {
        localStorage.setItem('theme', theme);
      } catch { /* as above */ }
      show(theme);
      label();
      status.textContent = `Theme: ${theme}`;
    });

    // How many buttons have a name, so that no two have the same.
    const named = {};
    for (const block of document.querySelectorAll('.message, pre.code')) {
      const text = (block.querySelector('code') ?? block).textContent;
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'copy';
      button.textContent = 'Copy';
      const what = block.querySelector('.who')?.textContent.toLowerCase() ?? 'code';
      const name = `Copy the ${what}: ${text.split('\n')[0]}`;
      named[name] = (named[name] ?? 0) + 1;
      button.setAttribute('aria-label', named[name] > 1 ? `${name} (${named[name]})` : name);
      button.addEventListener('click', () => confirm(button, `the ${what}`, text));
      if (block.matches('pre')) {
        const frame = document.createElement('div');
        frame.className = 'copied';
        block.replaceWith(frame);
        frame.append(block, button);
      } else {
        block.querySelector('.who').after(button);
      }
    }

    // In how many ways a page can be copied is known when this is pressed.
    const hero = document.querySelector('.hero:has(h1 .number)');
    if (hero) {
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'as';
      button.textContent = 'Copy as…';
      button.setAttribute('aria-haspopup', 'dialog');
      let loaded;
      button.addEventListener('click', () => {
        loaded ??= load('copy-as.js');
        loaded.then(() => window.guideCopyAs.open(button));
      });
      (hero.querySelector('.badges') ?? hero).append(button);
    }

    // A click on the # of a heading copies its address as well as going there.
    document.addEventListener('click', (event) => {
      const anchor = event.target.closest('a.anchor');
      if (anchor) confirm(anchor, 'the link to this part', anchor.href);
    });

    const box = document.querySelector('.search input');
    let ready;
    const prepare = () => {
      ready ??= load('search-index.js').then(() => load('search.js')).then(() => window.guideSearch.attach(box, site));
      return ready;
    };
    box.addEventListener('focus', prepare);
    // Enter goes to the first result; without one, to the table of all codes.
    box.form.addEventListener('submit', (event) => {
      event.preventDefault();
      prepare().then(() => window.guideSearch.go()).catch(() => false).then((gone) => gone || box.form.submit());
    });
    document.addEventListener('keydown', (event) => {
      const typing = event.target.closest('input, textarea, select, [contenteditable]');
      const slash = event.key === '/' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey;
      const control = event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
      if (!slash && !control) return;
      event.preventDefault();
      box.focus();
      box.select();
    });
  });
})();
