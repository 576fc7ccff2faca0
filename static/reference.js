// The table of all codes: filters, another order, and an address for what is
// shown. The state is in the form, and the query of the address repeats it.
// It must not add, remove or reword a code: without it the table is complete.

(() => {
  const form = document.querySelector('.filters');
  const said = form.querySelector('[role="status"]');
  const sections = [...document.querySelectorAll('section:has(> .index)')];

  const wordsOf = (text) => text.toLowerCase().normalize('NFKD').replace(/[\u0300-\u036f'’]/g, '')
    .split(/[^a-z0-9]+/).filter(Boolean);

  /** Where a value stands in the list that offers it. */
  const place = (name, value) => [...form.elements[name].options].findIndex((option) => option.value === value);
  const compare = new Intl.Collator('en', { numeric: true }).compare;

  /** What is known of each row; asked for when a view is made. */
  const rowsOf = () => sections.flatMap((section) => [...section.querySelectorAll('tbody tr')].map((row) => {
    const [head, , category, , , specification] = row.cells;
    const { registration, cacheable, retry, topics } = row.dataset;
    const group = section.querySelector('h2').id;
    // In a table of all classes, each row keeps the hue of its own.
    row.classList.add(section.className);
    return {
      row,
      home: row.parentElement,
      words: wordsOf([group, ...[...row.cells].map((cell) => cell.textContent)].join(' ')),
      facts: {
        class: [group],
        topic: topics.split(' '),
        registration: registration === 'vendor' ? [registration] : ['registered', registration],
        cacheable: [cacheable],
        retry: [retry],
      },
      keys: {
        phrase: wordsOf(head.querySelector('a span').textContent).join(' '),
        category: category.textContent,
        cacheable: String(place('cacheable', cacheable)),
        // Documents first, then what nobody registered.
        specification: (registration === 'vendor' ? '2 ' : '1 ') + specification.textContent,
      },
    };
  }));

  /** One table of all classes, for every order but that of the numbers. */
  function makeFlat() {
    const flat = sections[0].cloneNode(true);
    flat.className = 'flat';
    flat.setAttribute('aria-labelledby', 'sorted');
    flat.querySelector('h2').id = 'sorted';
    flat.querySelector('tbody').replaceChildren();
    sections[0].before(flat);
    return flat;
  }

  // Words that came with the address and match nothing hide nothing: they
  // were typed to search the guide, and the table is what it has to offer.
  let arriving = true;
  // What only another view than the first needs, which most readers keep.
  let codes;
  let flat;

  /** The state as the query says it, without what says nothing. */
  function query() {
    const state = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (value.trim()) state.append(name, value.trim());
    return state;
  }

  function update() {
    codes ??= rowsOf();
    flat ??= makeFlat();
    const state = query();
    const wanted = wordsOf(state.get('q') ?? '');
    const hasWords = ({ words }) => wanted.every((word) => words.some((here) => here.startsWith(word)));
    const lost = arriving && !codes.some(hasWords);
    let count = 0;
    for (const code of codes) {
      const fits = Object.entries(code.facts).every(([name, values]) => {
        const chosen = state.getAll(name);
        return !chosen.length || chosen.some((value) => values.includes(value));
      });
      const shown = fits && (lost || hasWords(code));
      code.row.hidden = !shown;
      if (shown) count += 1;
    }
    const order = sort(state.get('sort') ?? '', state.has('order'));

    const some = count === codes.length ? `${count} codes` : `${count || 'None'} of ${codes.length} codes`;
    const words = state.get('q') ?? '';
    if (lost) say(`No code matches “${words}”. Here: ${some}${order}`);
    else say(some + (words && ` with “${words}”`) + order);
  }

  /** Puts the rows in order, and returns what is to be said of it. */
  function sort(key, down) {
    const isFlat = Boolean(key) || down;
    const sign = down ? -1 : 1;
    const sorted = key
      ? [...codes].sort((a, b) => sign * compare(a.keys[key], b.keys[key]))
      : down ? [...codes].reverse() : codes;
    const title = flat.querySelector('h2');
    const body = flat.querySelector('tbody');
    for (const { row, home } of sorted) (isFlat ? body : home).append(row);
    const name = form.elements.sort.selectedOptions[0].textContent;
    title.textContent = `Sorted by ${name.toLowerCase()}${down ? ', reversed' : ''}`;
    for (const section of [flat, ...sections]) {
      section.hidden = !section.querySelector('tbody tr:not([hidden])');
      for (const head of section.querySelectorAll('th[data-sort]')) {
        if (head.dataset.sort === key) head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
        else head.removeAttribute('aria-sort');
      }
    }
    return isFlat ? `, s${title.textContent.slice(1)}` : '';
  }

  function say(text) {
    if (said.textContent !== text) said.textContent = text;
  }

  const address = () => {
    const url = new URL(location.href);
    url.search = query();
    return url.href;
  };

  function changed() {
    update();
    try {
      history.replaceState(history.state, '', address());
    } catch { /* Not allowed here, or too often: then the link button still knows. */ }
  }

  /** Puts the state of the address into the form; what it does not know is left out. */
  function read() {
    const state = new URLSearchParams(location.search);
    for (const field of form.elements) {
      const values = state.getAll(field.name);
      if (field.type === 'checkbox') field.checked = values.includes(field.value);
      else if (field.matches('select')) field.selectedIndex = Math.max(0, place(field.name, values[0]));
      else if (field.name) field.value = values[0] ?? '';
    }
  }

  form.addEventListener('input', (event) => {
    if (event.target.name === 'q') arriving = false;
    changed();
  });
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('reset', () => setTimeout(changed));
  form.querySelector('.address').addEventListener('click', (event) => {
    window.guideSite.confirm(event.currentTarget, 'the link to this view', address());
  });

  // Where the headings of the columns are in sight, they sort as well; a
  // second time turns the order round.
  const inSight = (head) => getComputedStyle(head.closest('table')).display === 'table';
  function dress() {
    for (const head of document.querySelectorAll('.index th[data-sort]')) {
      const text = head.textContent;
      if (inSight(head) === Boolean(head.firstElementChild)) continue;
      if (!inSight(head)) {
        head.textContent = text;
        continue;
      }
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = text;
      head.replaceChildren(button);
    }
  }
  document.addEventListener('click', ({ target }) => {
    if (!target.matches('.index thead button')) return;
    const key = target.parentElement.dataset.sort;
    const { sort, order: turned } = form.elements;
    turned.checked = sort.value === key && !turned.checked;
    sort.value = key;
    changed();
    // The focus stays on the column, also if that is in another table now.
    const now = [...document.querySelectorAll('.index thead button')]
      .find((other) => other.parentElement.dataset.sort === key && other.checkVisibility());
    (target.checkVisibility() ? target : now).focus();
  });
  new ResizeObserver(dress).observe(document.querySelector('main'));
  read();
  if (location.search) update();
  delete document.documentElement.dataset.asked;

  // Below a long text nobody would see that the link or the search did anything.
  const isFarBelow = () => form.getBoundingClientRect().top > innerHeight / 2;
  if (location.search && !location.hash && isFarBelow()) form.scrollIntoView({ behavior: 'instant' });
})();
