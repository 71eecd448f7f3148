// @ts-check
// Shows notices outside of the page, which a page may not do itself on phones. It answers no request and keeps nothing.
/** @type {any} */ const worker = self;

/** @param {string} path the page that asked for the notice */
const open = async path => {
  const pages = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const page = pages.find((/** @type {{url: string}} */ one) => new URL(one.url).pathname === path);
  return page ? page.focus() : worker.clients.openWindow(path);
};

// A newer version does not wait until every page of the older one is closed.
worker.addEventListener('install', () => worker.skipWaiting());
worker.addEventListener('activate', (/** @type {any} */ e) => e.waitUntil(worker.clients.claim()));
worker.addEventListener('notificationclick', (/** @type {any} */ e) => {
  e.notification.close();
  e.waitUntil(open(e.notification.data));
});
