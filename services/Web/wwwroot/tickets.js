// @ts-check
// Updates the tickets on the page. A tile changes in place, so that it does not move under the pointer.
import { stream } from './stream.js';

/** @typedef {{id: string, status: string, price: number, currency: string, version: number, lockedUntil?: string}} Ticket */

const seenFor = 2000, sayEvery = 10_000, fewTiles = 6, idsMax = 100;
const tiles = new Map(/** @type {HTMLElement[]} */ ([...document.querySelectorAll('[data-ticket]')])
  .map(tile => [tile.dataset.ticket, tile]));
const count = document.getElementById('count'), news = document.getElementById('news');
const title = document.title;
/** @type {HTMLElement?} */ let watched = null;
let changed = 0, fresh = 0;

/** @param {string} iso */
const clockTime = iso => new Date(iso).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });

// The server writes the price: browsers know other digits for a dozen currencies than Stripe. Without its answer no
// price is shown rather than the old one.
/** @param {HTMLElement} shown @param {Ticket} t */
const write = async (shown, t) => {
  const answer = await fetch(`/prices/${t.currency}/${t.price}?lang=${shown.lang}`).catch(() => null);
  const text = answer?.ok ? await answer.text() : '';
  if (shown.dataset.minor !== `${t.price}` || shown.dataset.currency !== t.currency) return false;
  shown.textContent = text || '—';
  if (!text) delete shown.dataset.minor;
  return !!text;
};

/** @param {Ticket} t */
const words = t => t.status === 'locked'
  ? 'Someone else is buying this' + (t.lockedUntil ? `. May come back by ${clockTime(t.lockedUntil)}` : '')
  : t.status === 'sold' ? 'Sold' : t.status === 'withdrawn' ? 'No longer for sale' : '';

// Screen readers announce changes at most once per interval, with their number.
const announce = () => {
  if (changed++ === 0 && news) setTimeout(() => {
    news.textContent = `${changed} of the tickets shown ${changed === 1 ? 'has' : 'have'} changed`;
    changed = 0;
  }, sayEvery);
};

/** @param {HTMLElement} tile @param {Ticket} t */
const price = (tile, t) => {
  const shown = /** @type {HTMLElement?} */ (tile.querySelector('.price'));
  const asked = tile.querySelector('input[name=price]');
  if (!shown || shown.dataset.minor === `${t.price}` && shown.dataset.currency === t.currency) return false;
  Object.assign(shown.dataset, { minor: `${t.price}`, currency: t.currency });
  // A buyer who presses within two seconds may not have seen the new price: the old one is sent, and refused.
  void write(shown, t).then(isWritten => {
    if (isWritten) setTimeout(() => asked?.setAttribute('value', `${t.price}`), seenFor);
  });
  return true;
};

/** @param {HTMLElement} button @param {boolean} asked */
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
  for (const b of tile.querySelectorAll('[data-watch]')) watch(/** @type {HTMLElement} */ (b), false);
  if (t.status !== 'open') return;
  document.title = `It is back! ${title}`;
  const state = tile.querySelector('.state');
  if (state) state.textContent = 'It is back: you can buy it now';
  void notify(`${tile.dataset.title} is for sale again`);
};

/** @param {Ticket} t */
const show = t => {
  const tile = tiles.get(t.id);
  // A slow response may be older than an event received meanwhile.
  if (!tile || t.version < Number(tile.dataset.version ?? 0)) return;
  // The form is being sent: "someone else is buying this" would be shown to the buyer.
  if (tile.querySelector('form[data-sent]')) return;
  tile.dataset.version = `${t.version}`;
  const was = tile.dataset.state;
  const isDifferent = was !== t.status;
  if (tile.dataset.follow !== undefined) {
    if (isDifferent) location.reload();
    return;
  }
  const isNewPrice = price(tile, t);
  const link = tile.querySelector('[data-link]'), state = tile.querySelector('.state');
  if (!isDifferent && !isNewPrice) return;
  tile.dataset.state = t.status;
  if (link) t.status === 'open' ? link.setAttribute('href', `/tickets/${t.id}`) : link.removeAttribute('href');
  const buttons = /** @type {NodeListOf<HTMLButtonElement>} */ (tile.querySelectorAll('button[data-buy]'));
  for (const b of buttons) b.disabled = t.status !== 'open';
  for (const b of tile.querySelectorAll('[data-watch]')) /** @type {HTMLElement} */ (b).hidden = t.status !== 'locked';
  if (state) state.textContent = isNewPrice && t.status === 'open' ? 'The price has just changed' : words(t);
  announce();
  if (isDifferent) back(tile, t);
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

for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll('[data-watch]'))) {
  button.hidden = button.closest('[data-ticket]')?.getAttribute('data-state') !== 'locked';
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
