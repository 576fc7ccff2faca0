// What a page does only where it came over HTTP, after everything else: it
// shows its short address, and has the guide kept for reading without a
// network. Before it stands OFFLINE, from site.toml.

(() => {
  const site = document.currentScript.src.replace(/[^/]*$/, '');
  const workers = navigator.serviceWorker; // not without a secure context

  // The empty page that stands between two builds (see sw.js): once it is known
  // which build comes next, the same address is asked for again.
  if ('pause' in document.documentElement.dataset) {
    const again = () => location.reload();
    workers.addEventListener('controllerchange', again);
    workers.addEventListener('message', again);
    workers.startMessages();
    workers.controller.postMessage('alone?');
    return;
  }

  // What people copy from the address bar is the permalink. The same file is
  // at both addresses, so that nothing has to be asked for.
  const url = new URL(location.href);
  url.pathname = url.pathname.replace(/\/index\.html$/, '/');
  try {
    if (url.href !== location.href) {
      history.replaceState(history.state, '', url);
      // Firefox may remember where these led before, and would load the page
      // again for a part of it; what does not change, it does not read again.
      for (const link of document.querySelectorAll('a[href^="#"]')) {
        const href = link.getAttribute('href');
        link.setAttribute('href', '#');
        link.setAttribute('href', href);
      }
    }
  } catch { /* Not allowed here: then the long address stays, which is right too. */ }

  // Who saves data is spared the other pages. A worker that is there looks for
  // a new build by itself, whenever a page is opened.
  if (OFFLINE && !navigator.connection?.saveData) workers?.register(`${site}sw.js`).catch(() => {});
})();
