// The service worker of a guide that is not to be kept for reading without a
// network. Who has one from before gets this in its place, and it removes what
// that has kept, and itself.

self.addEventListener('install', () => self.skipWaiting());

self.addEventListener('activate', (event) => event.waitUntil((async () => {
  // The other guides of this host keep theirs: the name is as in sw.js.
  const names = await caches.keys();
  const ours = names.filter((name) => name.startsWith(`status-guide ${registration.scope} `));
  await Promise.all(ours.map((name) => caches.delete(name)));
  await registration.unregister();
})()));
