// What `serve` adds to each page: it is shown anew when it changed, at the same
// place. Nothing of this is in a published site.

(() => {
  const { dataset, src } = document.currentScript;
  const PLACE = 'status-guide: place';
  const AGAIN = 500; // milliseconds
  let events;

  // A browser keeps the place itself, but for one thing: while something is
  // wrong, another page is here.
  const isInBetween = 'trouble' in dataset || 'before' in dataset;
  const here = location.href;
  try {
    const kept = JSON.parse(sessionStorage.getItem(PLACE));
    if (!isInBetween) sessionStorage.removeItem(PLACE);
    if (!isInBetween && kept?.here === here) {
      // The browser would go to where the other page was.
      history.scrollRestoration = 'manual';
      addEventListener('load', () => {
        scrollTo({ top: kept.top, left: kept.left, behavior: 'instant' });
        setTimeout(() => { history.scrollRestoration = 'auto'; }, AGAIN);
      });
    }
  } catch { /* Storage may be forbidden; then the page begins at its top. */ }

  const reload = () => {
    stop();
    try {
      if (!isInBetween) sessionStorage.setItem(PLACE, JSON.stringify({ here: location.href, top: scrollY, left: scrollX }));
    } catch { /* as above */ }
    location.reload();
  };

  // The old stylesheet stays until the new one is there.
  const restyle = (number) => {
    for (const old of document.querySelectorAll('link[rel=stylesheet]')) {
      const url = new URL(old.href);
      url.search = number;
      const link = old.cloneNode();
      link.href = url;
      link.addEventListener('load', () => old.remove());
      link.addEventListener('error', () => link.remove());
      old.after(link);
    }
  };

  const stop = () => {
    events?.close();
    events = undefined;
  };
  const start = () => {
    if (events) return;
    const url = new URL('events', src);
    url.search = new URLSearchParams(dataset);
    const mine = new EventSource(url);
    events = mine;
    mine.addEventListener('reload', reload);
    mine.addEventListener('styles', ({ data }) => {
      const { styles, number } = JSON.parse(data);
      dataset.styles = styles;
      restyle(number);
    });
    mine.addEventListener('error', () => {
      // Another try, also where the browser gives up: `serve` may start again.
      if (mine.readyState !== EventSource.CLOSED || events !== mine) return;
      stop();
      setTimeout(() => document.hidden || start(), AGAIN);
    });
  };

  // A browser has six connections to a host. A page that nobody sees needs none.
  const follow = () => (document.hidden ? stop() : start());
  document.addEventListener('visibilitychange', follow);
  addEventListener('pagehide', stop);
  addEventListener('pageshow', follow);
  follow();
})();
