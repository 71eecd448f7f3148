// @ts-check
// Tickets as they change. A tile changes in place: it never moves under the pointer.
import { stream } from './stream.js';

/** @typedef {{id: string, status: string, price: number, currency: string, version: number, lockedUntil?: string}} Ticket */

const seenFor = 2000, sayEvery = 10_000, fewTiles = 6;
const tiles = new Map(/** @type {HTMLElement[]} */ ([...document.querySelectorAll('[data-ticket]')])
  .map(tile => [tile.dataset.ticket, tile]));
const count = document.getElementById('count'), news = document.getElementById('news');
const title = document.title;
/** @type {HTMLElement?} */ let watched = null;
let changed = 0, fresh = 0;

/** @param {string} iso */
const clockTime = iso => new Date(iso).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });

// The digits come with the page: a browser's own differ from Stripe's for a dozen currencies, COP and MGA among them. Its
// own are used only for a currency that the page does not know, because the seller has changed it since.
/** @param {Element} shown @param {Ticket} t */
const money = (shown, t) => {
  const style = { style: /** @type {const} */ ('currency'), currency: t.currency };
  const digits = shown.getAttribute('data-currency') === t.currency ? Number(shown.getAttribute('data-digits'))
    : new Intl.NumberFormat('en-US', style).resolvedOptions().maximumFractionDigits ?? 2;
  return new Intl.NumberFormat('en-US', { ...style, minimumFractionDigits: digits, maximumFractionDigits: digits })
    .format(t.price / 10 ** digits);
};

/** @param {Ticket} t */
const words = t => t.status === 'locked'
  ? 'Someone else is buying this' + (t.lockedUntil ? `. May come back by ${clockTime(t.lockedUntil)}` : '')
  : t.status === 'sold' ? 'Sold' : t.status === 'withdrawn' ? 'No longer for sale' : '';

// A screen reader hears of changes now and then, not of each.
const announce = () => {
  if (changed++ === 0 && news) setTimeout(() => {
    news.textContent = `${changed} of the tickets shown ${changed === 1 ? 'has' : 'have'} changed`;
    changed = 0;
  }, sayEvery);
};

/** @param {HTMLElement} tile @param {Ticket} t */
const price = (tile, t) => {
  const shown = tile.querySelector('.price'), asked = tile.querySelector('input[name=price]');
  if (!shown || shown.getAttribute('data-minor') === `${t.price}`) return false;
  shown.setAttribute('data-minor', `${t.price}`);
  shown.textContent = money(shown, t);
  // Who presses within two seconds may not have seen it: the old price is sent, and the shop says no.
  setTimeout(() => asked?.setAttribute('value', `${t.price}`), seenFor);
  return true;
};

/** @param {HTMLElement} button @param {boolean} asked */
const watch = (button, asked) => {
  button.toggleAttribute('disabled', asked);
  button.textContent = asked ? 'You will be told while this page is open' : 'Tell me if it comes back';
};

// Notices outside of the page are shown by a worker: on phones a page may not do it itself. Without workers, and without
// permission, the page and its title tell.
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

// Who asked is told once: by the page's words, by its title, and outside of it if that was allowed.
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
  // An answer that took its time may tell of before what the stream has told since.
  if (!tile || t.version < Number(tile.dataset.version ?? 0)) return;
  // Pressed already: the answer to that is on its way, and "somebody" is the one who looks.
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

// A long list that was made a moment ago is not asked for again ticket by ticket: who opens one gets it as it is then.
/** @param {boolean} isFresh */
const ask = isFresh => {
  if (isFresh && tiles.size > fewTiles) return;
  tiles.forEach(async (_, id) => {
    const answer = await fetch(`/api/tickets/${id}`);
    if (answer.ok) show(await answer.json());
  });
};
// No answer came to what was pressed, and what happened in the meantime was not shown.
addEventListener('freed', () => ask(false));
if (tiles.size || count) stream('/api/tickets/live',
  { listed, ...Object.fromEntries(['edited', 'locked', 'unlocked', 'sold', 'withdrawn'].map(n => [n, show])) },
  ask, () => watched !== null);
