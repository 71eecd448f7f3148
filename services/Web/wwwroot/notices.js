// @ts-check
// A service worker that shows notifications: on phones a page may not do that. It caches nothing, intercepts nothing.
/** @type {any} */ const worker = self;

/** @param {string} path the page that asked for the notice */
const open = async path => {
  const pages = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const page = pages.find((/** @type {{url: string}} */ one) => new URL(one.url).pathname === path);
  return page ? page.focus() : worker.clients.openWindow(path);
};

// A new version takes over at once, not only when all pages of the old one are closed.
worker.addEventListener('install', () => worker.skipWaiting());
worker.addEventListener('activate', (/** @type {any} */ e) => e.waitUntil(worker.clients.claim()));
worker.addEventListener('notificationclick', (/** @type {any} */ e) => {
  e.notification.close();
  e.waitUntil(open(e.notification.data));
});
