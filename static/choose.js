// The questions of /choose/, one at a time: which of them are open, what was
// answered, and the address that leads back there. The tree is read from the
// page. It must not write questions or answers of its own, nor take anything
// out of the page: what is hidden is found, printed and linked like the rest.

(() => {
  const root = document.documentElement;
  const list = document.querySelector('.questions');
  const leaves = document.querySelector('.leaves');
  const ALL = list.id;

  // Every question and leaf by its fragment. A leaf has no answers.
  const places = new Map();
  for (const section of document.querySelectorAll('.question, .leaf')) {
    const heading = section.querySelector('h2');
    heading.tabIndex = -1;
    const answers = [...section.querySelectorAll('.question > ol > li')].map((item) => {
      const link = item.querySelector('a');
      return { item, link, goal: link.hash.slice(1), say: item.querySelector('span').textContent };
    });
    places.set(heading.id, { id: heading.id, section, heading, answers });
  }
  const [start] = places.values();

  // A path is the numbers of the answers, from the first question on.
  const follow = (path) => path.reduce((at, answer) => at && places.get(at.answers[answer]?.goal), start);
  const steps = (path) => path.map((answer, i) => ({ ...follow(path.slice(0, i)), answer }));

  // The shortest path to each place.
  const shortest = new Map([[start.id, []]]);
  for (const [id, path] of shortest) {
    places.get(id).answers.forEach(({ goal }, answer) => {
      if (!shortest.has(goal)) shortest.set(goal, [...path, answer]);
    });
  }

  // What is shown: `path`, or with `all` the whole page.
  let now = { all: false, path: [] };

  /** The path to a place: as far as it was walked, or else the shortest. */
  const pathTo = (id) => {
    const walked = steps(now.path).findIndex((step) => step.id === id);
    if (walked >= 0) return now.path.slice(0, walked);
    return follow(now.path).id === id ? now.path : shortest.get(id);
  };

  const make = (name, properties) => Object.assign(document.createElement(name), properties);
  const bar = make('div', { className: 'choosing' });
  bar.setAttribute('role', 'group');
  bar.setAttribute('aria-label', 'Your path');
  const copy = make('button', { type: 'button', textContent: 'Copy this path' });
  const again = make('a', { href: `#${start.id}`, textContent: 'Start again' });
  const whole = make('a');
  const status = make('p', { className: 'unseen' });
  status.setAttribute('role', 'status');
  bar.append(copy, again, whole);
  document.body.append(status);

  for (const { id, heading, answers } of places.values()) {
    if (!answers.length) continue;
    const change = make('a', { className: 'change', href: `#${id}`, textContent: 'Change' });
    change.setAttribute('aria-label', `Change the answer to “${heading.textContent}”`);
    heading.parentElement.append(change);
  }

  // Browsers search in what is hidden so, and say when they have found it.
  const hide = (element, hidden) => {
    if (hidden) element.setAttribute('hidden', 'until-found');
    else element.removeAttribute('hidden');
  };

  function show() {
    const walked = new Map(steps(now.path).map(({ id, answer }) => [id, answer]));
    const end = follow(now.path);
    root.dataset.choose = now.all ? 'all' : 'one';
    delete root.dataset.asked;
    for (const place of places.values()) {
      const answer = now.all ? undefined : walked.get(place.id);
      const past = answer !== undefined;
      hide(place.section, !now.all && !past && place !== end);
      place.section.classList.toggle('past', past);
      for (const help of place.section.querySelectorAll('.question > p')) hide(help, past);
      place.answers.forEach(({ item, link }, i) => {
        hide(item, past && i !== answer);
        if (i === answer) link.setAttribute('aria-current', 'true');
        else link.removeAttribute('aria-current');
      });
    }
    hide(leaves, !now.all && end.answers.length > 0);
    copy.hidden = now.all || !now.path.length;
    again.hidden = copy.hidden;
    whole.href = now.all ? `#${end.id}` : `#${ALL}`;
    whole.textContent = now.all ? 'One question at a time' : 'Show everything';
    // Below what is open, or before everything.
    if (now.all) list.before(bar);
    else leaves.after(bar);
  }

  /** Brings the end of the path, and of the path before it what has room, into sight. */
  function settle() {
    const { section, heading } = follow(now.path);
    const focus = now.all ? whole : heading;
    focus.focus({ preventScroll: true });
    if (now.all) {
      bar.scrollIntoView({ behavior: 'instant', block: 'nearest' });
      return;
    }
    const edge = 16;
    const room = window.innerHeight - edge;
    const { top, bottom } = section.getBoundingClientRect();
    const first = list.getBoundingClientRect().top;
    const upper = bottom - first < room - edge ? first : top;
    if (upper < edge) window.scrollBy(0, upper - edge);
    else if (bottom > room) window.scrollBy(0, Math.min(bottom - room, top - edge));
  }

  function announce() {
    const { heading, answers } = follow(now.path);
    const name = heading.textContent.trim();
    const count = now.path.length;
    if (now.all) status.textContent = 'All questions and answers are shown.';
    else if (answers.length) status.textContent = `Question ${count + 1}: ${name}`;
    else status.textContent = `The answer after ${count} ${count === 1 ? 'question' : 'questions'}: ${name}`;
  }

  /** Notes in the history what is shown. Where to look is `settle`'s, on one question. */
  function keep() {
    history.replaceState(now, '');
    history.scrollRestoration = now.all ? 'auto' : 'manual';
  }

  function go(next) {
    now = next;
    show();
    history.pushState(now, '', `#${now.all ? ALL : follow(now.path).id}`);
    keep();
    settle();
    announce();
  }

  /** What an entry of the history shows; one that a link has made says it by its fragment. */
  function read() {
    const kept = history.state;
    if (Array.isArray(kept?.path) && follow(kept.path)) return kept;
    const id = decodeURIComponent(location.hash.slice(1));
    if (id === ALL) return { ...now, all: true };
    return now.all || !shortest.has(id) ? now : { all: false, path: pathTo(id) };
  }

  function asText() {
    const url = new URL(location.href);
    url.hash = follow(now.path).id;
    const said = steps(now.path).map(({ heading, answers, answer }, i) =>
      `${i + 1}. ${heading.textContent}\n   ${answers[answer].say}`);
    const end = follow(now.path);
    const last = end.heading.textContent.trim();
    return [url.href, ...said, end.answers.length ? `${said.length + 1}. ${last}` : `Send ${last}`].join('\n');
  }

  copy.addEventListener('click', () => window.guideSite.confirm(copy, 'the path', asText()));

  document.addEventListener('click', (event) => {
    const link = event.target.closest('a');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    let next = null;
    if (link === whole) next = { ...now, all: !now.all };
    else if (!now.all && link === again) next = { all: false, path: [] };
    else if (!now.all && link.matches('.change')) next = { all: false, path: pathTo(link.hash.slice(1)) };
    else if (!now.all && list.contains(link)) {
      const { id, answers } = places.get(link.closest('.question').querySelector('h2').id);
      const answer = answers.findIndex((one) => one.link === link);
      if (answer >= 0) next = { all: false, path: [...pathTo(id), answer] };
    }
    if (!next) return;
    event.preventDefault();
    go(next);
  });

  window.addEventListener('popstate', () => {
    const before = JSON.stringify(now);
    const byLink = !history.state;
    now = read();
    keep();
    if (JSON.stringify(now) === before && (byLink || now.all)) return;
    show();
    settle();
    announce();
  });

  // The reader searches in the page, and something hidden has it.
  document.addEventListener('beforematch', (event) => {
    const id = event.target.closest('.question, .leaf')?.querySelector('h2').id;
    if (now.all || !id || event.target.matches('li, p')) return;
    now = { all: false, path: pathTo(id) };
    show();
    history.replaceState(now, '', `#${id}`);
  });

  const back = history.state;
  now = read();
  show();
  keep();
  if (back && !now.all) settle();
})();
