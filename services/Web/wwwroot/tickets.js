// @ts-check
// Updates the tickets on the page. A tile changes in place, so that it does not move under the pointer.
import { inWords, localize } from './app.js';
import { stream } from './stream.js';

/** @typedef {{id: string, status: string, version: number, termsVersion?: number, lockedUntil?: string}} Ticket */

const terms = ['price', 'title', 'date', 'venue', 'seat'], seenFor = 2000, sayEvery = 10_000, fewTiles = 6, idsMax = 100;
const tiles = new Map(/** @type {HTMLElement[]} */ ([...document.querySelectorAll('[data-ticket]')])
  .map(tile => [tile.dataset.ticket, tile]));
const count = document.getElementById('count'), news = document.getElementById('news');
let title = document.title;
/** @type {HTMLElement?} */ let watched = null;
let changed = 0, fresh = 0;

/** @param {Ticket} t */
const words = t => t.status === 'locked'
  ? 'Someone else is buying this' + (t.lockedUntil ? `. May come back by ${inWords(new Date(t.lockedUntil), 'time')}` : '')
  : t.status === 'sold' ? 'Sold' : t.status === 'withdrawn' ? 'No longer for sale' : '';

// Screen readers announce changes at most once per interval, with their number.
const announce = () => {
  if (changed++ === 0 && news) setTimeout(() => {
    news.textContent = `${changed} of the tickets shown ${changed === 1 ? 'has' : 'have'} changed`;
    changed = 0;
  }, sayEvery);
};

/** @param {ParentNode} root @param {string} name @returns {HTMLElement?} */
const find = (root, name) => root.querySelector(name);
/** @param {HTMLElement} tile @param {string} words */
const say = (tile, words, place = '.state') => { const shown = find(tile, place); if (shown) shown.textContent = words; };
/** @param {HTMLElement} tile @param {Element} fresh @param {string} parts */
const put = (tile, fresh, parts) => {
  for (const part of tile.querySelectorAll(parts)) {
    const other = find(fresh, `[data-part=${part.getAttribute('data-part')}]`);
    part.toggleAttribute('hidden', other?.hidden);
    part.replaceChildren(...other?.childNodes ?? []);
  }
};

// What a buyer agrees to is written by the server only, so that no page shows other words, digits or hours than another.
// Without its answer no price is shown rather than the old one.
/** @param {HTMLElement} tile @param {Ticket} t */
const draw = async (tile, t) => {
  const answer = await fetch(`/tickets/${t.id}/terms?version=${t.version}`).catch(() => null);
  const page = new DOMParser().parseFromString(answer?.ok ? await answer.text() : '', 'text/html');
  const fresh = find(page, 'div');
  // The form is being sent, with the terms that are shown; after 'freed' the ticket is asked for again.
  if (find(tile, 'form[data-sent]')) return;
  if (!fresh) {
    tile.dataset.terms = '';
    return say(tile, '—', '[data-term=price]');
  }
  const seen = fresh.dataset.terms ?? '';
  if (+seen < +(tile.dataset.terms ?? 0)) return;   // a newer answer was faster
  tile.dataset.terms = seen;
  localize(fresh);
  const [old, now] = [tile, fresh].map(root => terms.map(term => find(root, `[data-term=${term}]`)?.textContent));
  const names = terms.filter((_, i) => old[i] !== now[i]);
  // A buyer who presses within two seconds may not have seen them: the old terms are sent, and refused.
  setTimeout(() => { if (tile.dataset.terms === seen) put(tile, fresh, '[data-part=form]'); }, names.length && seenFor);
  if (!names.length) return;
  put(tile, fresh, '[data-part]:not([data-part=form])');
  document.title = title = title.replace(`\u2068${old[1]}\u2069`, `\u2068${now[1]}\u2069`);
  if (tile.dataset.state === 'open') say(tile, `The ${names.join(' and the ')} ${names[1] ? 'have' : 'has'} just changed`);
  announce();
};

/** @param {Element} button @param {boolean} asked */
const watch = (button, asked) => {
  button.toggleAttribute('disabled', asked);
  button.textContent = asked ? 'You will be told while this page is open' : 'Tell me if it comes back';
};

// Notifications are shown by a service worker: on phones a page may not do that. Without workers or permission only the
// page and its title change.
const allowNotices = async () => {
  if (!navigator.serviceWorker || !globalThis.Notification) return;
  if (await Notification.requestPermission() === 'granted')
    await navigator.serviceWorker.register('/notices.js', { updateViaCache: 'none' });
};
/** @param {string} title */
const notify = async title => {
  if (!navigator.serviceWorker || globalThis.Notification?.permission !== 'granted') return;
  const worker = await navigator.serviceWorker.ready;
  await worker.showNotification(title, { tag: location.pathname, data: location.pathname });
};

// Notifies once, if the button was pressed: in the page, in its title, and by a notification if allowed.
/** @param {HTMLElement} tile @param {Ticket} t */
const back = (tile, t) => {
  document.title = title;
  if (watched !== tile || t.status === 'locked') return;
  watched = null;
  for (const b of tile.querySelectorAll('[data-watch]')) watch(b, false);
  if (t.status !== 'open') return;
  document.title = `It is back! ${title}`;
  say(tile, 'It is back: you can buy it now');
  void notify(`\u2068${find(tile, '[data-term=title]')?.textContent}\u2069 is for sale again`);
};

/** @param {Ticket} t */
const show = t => {
  const tile = tiles.get(t.id);
  // A slow response may be older than an event received meanwhile.
  if (!tile || t.version < Number(tile.dataset.version ?? 0)) return;
  // The form is being sent: "someone else is buying this" would be shown to the buyer.
  if (find(tile, 'form[data-sent]')) return;
  tile.dataset.version = `${t.version}`;
  const isDifferent = tile.dataset.state !== t.status;
  // Events of an older build have no number: their price may be another.
  if (tile.dataset.terms !== `${t.termsVersion}`) void draw(tile, t);
  if (tile.dataset.follow !== undefined) {
    if (isDifferent) location.reload();
    return;
  }
  if (!isDifferent) return;
  const link = find(tile, '[data-link]');
  tile.dataset.state = t.status;
  if (link) t.status === 'open' ? link.setAttribute('href', `/tickets/${t.id}`) : link.removeAttribute('href');
  for (const b of tile.querySelectorAll('[data-buy]')) b.toggleAttribute('disabled', t.status !== 'open');
  for (const b of tile.querySelectorAll('[data-watch]')) b.toggleAttribute('hidden', t.status !== 'locked');
  say(tile, words(t));
  announce();
  back(tile, t);
};

/** @param {Ticket} t */
const listed = t => {
  if (tiles.has(t.id)) return show(t);
  if (!count?.hasAttribute('data-newest')) return;
  fresh++;
  count.replaceChildren(Object.assign(document.createElement('a'), {
    href: location.href, textContent: fresh === 1 ? 'One new ticket: show it' : `${fresh} new tickets: show them`,
  }));
};

for (const button of document.querySelectorAll('[data-watch]')) {
  button.toggleAttribute('hidden', button.closest('[data-ticket]')?.getAttribute('data-state') !== 'locked');
  button.addEventListener('click', async () => {
    watched = button.closest('[data-ticket]');
    watch(button, true);
    await allowNotices();
  });
}

// Does not load every ticket of a long list that was just rendered; a ticket's own page shows its current state.
/** @param {boolean} isFresh */
const ask = isFresh => {
  if (isFresh && tiles.size > fewTiles) return;
  tiles.forEach(async (_, id) => {
    const answer = await fetch(`/api/tickets/${id}`);
    if (answer.ok) show(await answer.json());
  });
};
// A form got no response, and its ticket was not updated meanwhile.
addEventListener('freed', () => ask(false));
// The server sends what this page shows, and, for a list of the newest, what is newly listed.
const shown = [...tiles.keys()].slice(0, idsMax).sort().join(), newest = count?.hasAttribute('data-newest') ?? false;
if (tiles.size || count) stream(`/api/tickets/live?ids=${shown}${newest ? '&listed=true' : ''}`,
  { listed, ...Object.fromEntries(['edited', 'locked', 'unlocked', 'sold', 'withdrawn'].map(n => [n, show])) },
  ask, () => watched !== null);
