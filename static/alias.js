// A page at an old address leads on, to the same part. Without this script the
// page says so by itself, and only the fragment is lost.

(() => {
  const { href } = document.querySelector('a');
  location.replace(href + location.search + location.hash);
})();
