// The search: what is found for a query, and the box that shows it. Loaded
// when the box is first used, after search-index.js, which has the entries.
// It must not fetch, and `find` must not need a page: the tests call it bare.

(() => {
  // How much a match is worth, by where it is.
  const TITLE = 10;
  const NAME = 8;
  const WORD = 9;
  const TOPIC = 3;
  const FIELD = 5;
  const SENTENCE = 2;
  // How much is left of that if the word only begins so, or is misspelt.
  const PREFIX = 0.7;
  const TYPO = 0.55;
  // Of two equal matches, a registered code goes first.
  const KIND = { c: 1.15, v: 1, k: 0.9, x: 0.7, t: 0.85, p: 0.95 };
  // Words that say little in such a guide.
  const WEAK = new Set(('a an and are be by can code codes do does error errors for from how '
    + 'http https i if in is it mean means my of on or response return s send sent should status that the this to what when '
    + 'which why with you').split(' '));
  const HALF = new Set(['header', 'headers', 'field', 'fields']);
  // What stands between two things that are compared.
  const BETWEEN = /\s+(?:vs\.?|versus|or|and|against)\s+/i;
  const SUB_STATUS = /\b[1-5]\d\d\.\d{1,3}\b/;
  const MOST = 8;

  /** A word without what grammar put at its end: `caching` and `cache` are one. */
  const stem = (word) => (word.length > 4 && /[a-z]$/.test(word) ? word.replace(/(?:ing|ed|es|s|e)$/, '') : word);

  const wordsOf = (text) => text.toLowerCase().normalize('NFKD').replace(/[\u0300-\u036f'’]/g, '')
    .replace(/(\d)([a-z]{2,})/g, '$1 $2').replace(/([a-z])(\d{3})\b/g, '$1 $2')
    .split(/[^a-z0-9]+/).filter(Boolean).map(stem);

  /** Words that are also written as one: `retry-after`, `notfound`. */
  const joined = (text) => {
    const hyphened = text.toLowerCase().match(/[a-z]+(?:-[a-z]+)+/g) ?? [];
    const whole = text.toLowerCase().replace(/[^a-z]/g, '');
    return [...hyphened.map((word) => word.replaceAll('-', '')), ...(whole.length < 24 ? [whole] : [])].map(stem);
  };

  /** Whether `a` becomes `b` by at most `most` edits; two letters swapped are one. */
  function near(a, b, most) {
    if (Math.abs(a.length - b.length) > most) return false;
    let before = [];
    let last = Array.from({ length: b.length + 1 }, (_, j) => j);
    for (let i = 1; i <= a.length; i += 1) {
      const row = [i];
      for (let j = 1; j <= b.length; j += 1) {
        const same = a[i - 1] === b[j - 1];
        row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1));
        if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
      }
      if (Math.min(...row) > most) return false;
      [before, last] = [last, row];
    }
    return last[b.length] <= most;
  }

  const entries = window.guideIndex.map(([file, kind, title, sentence, names, words, topics, fields]) => {
    const texts = [
      ...(title ? [[title, TITLE]] : []),
      ...names.map((text) => [text, NAME]),
      ...words.map((text) => [text, WORD]),
      ...topics.map((text) => [text, TOPIC]),
      ...fields.map((text, i) => [text, FIELD * (1 - Math.min(i, 5) / 12)]),
      [sentence, SENTENCE],
    ].map(([text, worth]) => ({ text, worth, words: wordsOf(text), joined: worth > SENTENCE ? joined(text) : [] }));
    return { file, kind, title, sentence, texts, numbers: title.match(/\b[1-9]\d\d\b/g) ?? [] };
  });

  // Every word, and where it is: entry, text.
  const places = new Map();
  entries.forEach((entry, e) => entry.texts.forEach((text, t) => {
    for (const word of new Set([...text.words, ...text.joined])) {
      if (!places.has(word)) places.set(word, []);
      places.get(word).push([e, t]);
    }
  }));
  const strongOf = (text) => {
    const words = wordsOf(text);
    const strong = words.filter((word) => !WEAK.has(word));
    return (strong.length ? strong : words).join(' ');
  };
  const known = new Set(entries.flatMap(({ kind, numbers }) => ('cv'.includes(kind) ? numbers : [])));
  const rarity = (word) => {
    const count = new Set(places.get(word).map(([e]) => e)).size;
    return Math.log(1 + entries.length / count) / Math.log(1 + entries.length);
  };

  /** The words of the guide that a word of the query can mean, with what is left of a match. */
  function meant(word) {
    const found = new Map();
    for (const here of places.keys()) {
      if (here === word) found.set(here, 1);
      else if (word.length > 2 && here.startsWith(word)) found.set(here, PREFIX * (0.6 + 0.4 * (word.length / here.length)));
    }
    if (!found.has(word) && word.length > 3 && !/^\d/.test(word)) {
      const most = word.length > 7 ? 2 : 1;
      for (const here of places.keys()) {
        if (!found.has(here) && here.length > 3 && near(word, here, most)) found.set(here, TYPO);
      }
    }
    return found;
  }

  /** The numbers that a query names: `404`, `40 4`, `4xx`. */
  function numbersIn(query) {
    const text = query.toLowerCase().replace(/\b([1-9])\s?(\d)\s?(\d)\b/g, '$1$2$3');
    const codes = text.match(/(?<!\d)[1-9]\d\d(?![\dx])/g) ?? [];
    return { codes: [...new Set(codes)].filter((code) => known.has(code)), classes: text.match(/\b[1-5]xx\b/g) ?? [] };
  }

  function byNumber(entry, { codes, classes }) {
    if (classes.some((name) => entry.kind === 'k' && entry.title.startsWith(name))) return 3000;
    if (!codes.length) return 0;
    const shared = codes.filter((code) => entry.numbers.includes(code)).length;
    if (entry.kind === 'x' && codes.length > 1) return shared === codes.length ? 2000 - 10 * entry.numbers.length : 20 * shared;
    if ('cv'.includes(entry.kind)) return shared ? 1000 - codes.indexOf(entry.numbers[0]) : 0;
    return shared ? 5 : 0;
  }

  /** The comparison of the two things that a query names: `forbidden or not found`. */
  function comparison(query) {
    const parts = query.replace(/\bdifference between\b/i, '').split(BETWEEN);
    if (parts.length < 2 || numbersIn(query).codes.length) return null;
    const codes = parts.map((part) => find(part).find(({ kind }) => kind === 'c')?.title.slice(0, 3));
    const all = entries.filter(({ kind, numbers }) => kind === 'x' && codes.every((code) => numbers.includes(code)));
    all.sort((a, b) => a.numbers.length - b.numbers.length);
    return all[0]?.file ?? null;
  }

  /** The entries for a query, the best first, each with the text that matched. */
  function find(query) {
    const numbers = numbersIn(query);
    const isNumber = (word) => numbers.codes.includes(word) || numbers.classes.includes(word)
      || (numbers.codes.length > 0 && /^\d{1,3}$/.test(word));
    const asOne = (query.toLowerCase().match(/[a-z]+(?:-[a-z]+)+/g) ?? []).filter((word) => places.has(stem(word.replaceAll('-', ''))));
    const rest = asOne.reduce((text, word) => text.replace(word, ' '), query.toLowerCase());
    const words = [...asOne.map((word) => stem(word.replaceAll('-', ''))), ...wordsOf(rest)].filter((word) => !isNumber(word));
    const strong = words.some((word) => !WEAK.has(word));
    const weights = words.map((word) => (strong && WEAK.has(word) ? 0.1 : 1) * (HALF.has(word) ? 0.35 : 1));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const whole = strongOf(query);
    const asTyped = query.trim().toLowerCase();
    const hasSubStatus = SUB_STATUS.test(query);
    const compared = comparison(query);

    const scores = new Map();
    const of = (e) => {
      if (!scores.has(e)) scores.set(e, { sum: 0, matched: 0, texts: new Map() });
      return scores.get(e);
    };
    words.forEach((word, w) => {
      const best = new Map();
      for (const [known, left] of meant(word)) {
        const rare = rarity(known);
        for (const [e, t] of places.get(known)) {
          const score = entries[e].texts[t].worth * left * rare;
          const old = best.get(e);
          if (!old || score > old.score) best.set(e, { score, left });
          const texts = of(e).texts;
          if (!texts.has(t)) texts.set(t, new Map());
          texts.get(t).set(w, Math.max(texts.get(t).get(w) ?? 0, left * weights[w]));
        }
      }
      for (const [e, { score, left }] of best) {
        const entry = of(e);
        entry.sum += score * weights[w];
        entry.matched += weights[w] * Math.min(1, left + 0.3);
      }
    });

    const results = [];
    entries.forEach((entry, e) => {
      let number = byNumber(entry, numbers);
      if (entry.texts.some(({ text, worth }) => worth >= NAME && text.toLowerCase() === asTyped)) number += 1500;
      // A sub-status such as 404.13 belongs to the page that has such numbers.
      if (hasSubStatus && entry.texts.some(({ text }) => SUB_STATUS.test(text))) number += 1500;
      if (entry.file === compared) number += 3000;
      const found = scores.get(e);
      if (!number && !found) return;
      let score = 0;
      let why = null;
      if (found) {
        // Texts that the query covers, and that cover the query, count more.
        let bonus = 0;
        for (const [t, hits] of found.texts) {
          const { worth, words: all, text } = entry.texts[t];
          const hit = [...hits.values()].reduce((sum, left) => sum + left, 0);
          const own = all.filter((word) => !/^\d+$/.test(word)).length || 1;
          const cover = total ? hit / total : 0;
          const covered = Math.min(1, hit / own);
          const exact = strongOf(text.replace(/^\d\d\d /, '')) === whole ? 2 : 1;
          const value = worth * cover * cover * (0.4 + 1.6 * covered) * exact;
          if (value > bonus) {
            bonus = value;
            why = text;
          }
        }
        const part = total ? found.matched / total : 1;
        score = (found.sum + 2 * bonus) * part * part * KIND[entry.kind];
      }
      results.push({ file: entry.file, kind: entry.kind, title: entry.title, sentence: entry.sentence, why, score: number + score });
    });
    results.sort((a, b) => b.score - a.score || (a.file < b.file ? -1 : 1));
    return results.filter(({ score }) => score > 0.5 && score > results[0].score / 8).slice(0, MOST);
  }

  /** Makes the box a combobox with a list of results below it. */
  function attach(box, site) {
    const list = document.createElement('ul');
    list.id = 'results';
    list.className = 'results';
    list.setAttribute('role', 'listbox');
    list.setAttribute('aria-label', 'Results');
    list.hidden = true;
    const said = document.createElement('p');
    said.className = 'unseen';
    said.setAttribute('role', 'status');
    box.after(list, said);
    for (const [name, value] of [['role', 'combobox'], ['aria-controls', list.id], ['aria-autocomplete', 'list'], ['aria-expanded', 'false']]) {
      box.setAttribute(name, value);
    }

    let results = [];
    let active = -1;
    const options = () => [...list.children];
    const choose = (index) => {
      active = index;
      options().forEach((option, i) => option.setAttribute('aria-selected', String(i === active)));
      const option = options()[active];
      if (option) {
        box.setAttribute('aria-activedescendant', option.id);
        option.scrollIntoView({ block: 'nearest' });
      } else box.removeAttribute('aria-activedescendant');
    };
    const close = () => {
      list.hidden = true;
      box.setAttribute('aria-expanded', 'false');
      choose(-1);
    };
    const update = () => {
      results = box.value.trim() ? find(box.value) : [];
      list.replaceChildren(...results.map(({ file, kind, title, sentence, why }, i) => {
        const option = document.createElement('li');
        option.id = `result-${i}`;
        option.setAttribute('role', 'option');
        const link = document.createElement('a');
        link.href = site + file;
        link.tabIndex = -1;
        const name = document.createElement('b');
        name.textContent = title;
        const number = /^[1-5]/.exec(title);
        if (number && 'cvk'.includes(kind)) name.className = `c${number[0]}xx`;
        link.append(name);
        if (kind === 'v') link.append(Object.assign(document.createElement('i'), { textContent: 'not registered' }));
        const more = document.createElement('span');
        more.textContent = why && why !== title && why !== sentence ? `“${why}” · ${sentence}` : sentence;
        link.append(more);
        option.append(link);
        return option;
      }));
      list.hidden = !results.length;
      box.setAttribute('aria-expanded', String(!list.hidden));
      choose(-1);
      if (!box.value.trim()) said.textContent = '';
      else said.textContent = results.length ? `${results.length} results, the first is ${results[0].title}` : 'Nothing found. Enter shows the table of all codes.';
    };

    box.addEventListener('input', update);
    box.addEventListener('focus', update);
    box.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') {
        if (list.hidden) box.value = '';
        close();
        event.preventDefault();
      } else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && results.length) {
        const step = event.key === 'ArrowDown' ? 1 : -1;
        if (list.hidden) update();
        choose((active + step + results.length + (active < 0 && step < 0 ? 1 : 0)) % results.length);
        event.preventDefault();
      }
    });
    box.form.addEventListener('focusout', (event) => {
      if (!box.form.contains(event.relatedTarget)) close();
    });
    list.addEventListener('pointerdown', (event) => event.preventDefault());
    if (document.activeElement === box) update();
    api.go = () => {
      const chosen = active;
      update();
      const result = results[Math.max(chosen, 0)];
      if (!result) return false;
      location.href = site + result.file;
      return true;
    };
  }

  // `entries` and `near` are for the page for misses.
  const api = { find, attach, entries, near };
  window.guideSearch = api;
})();
