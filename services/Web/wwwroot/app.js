// @ts-check
// What the pages gain with JavaScript. Everything here can be missing: the pages work without.

/** The server's clock minus this one's, in milliseconds: a device an hour off still counts down rightly. */
const skew = Number(document.documentElement.dataset.now) - Date.now();
const now = () => Date.now() + skew;
/** @param {string} s */
const $$ = s => /** @type {HTMLElement[]} */ ([...document.querySelectorAll(s)]);

// Times in the reader's own zone.
for (const t of $$('time[data-local]')) {
  const at = new Date(/** @type {HTMLTimeElement} */ (t).dateTime);
  t.textContent = t.dataset.local === 'time'
    ? at.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
    : at.toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' });
}

// A form is sent once; after 200 ms its button says what it waits for.
for (const form of $$('form[method=post]')) form.addEventListener('submit', e => {
  if (form.dataset.sent) return e.preventDefault();
  form.dataset.sent = '1';
  const button = /** @type {HTMLButtonElement?} */ (form.querySelector('button[data-busy]'));
  if (button) setTimeout(() => { button.setAttribute('aria-disabled', 'true'); button.textContent = button.dataset.busy ?? ''; }, 200);
});

// A session in use is renewed: nobody is signed out while a page is open and looked at.
const renew = () => {
  if (document.hidden || Date.now() - Number(sessionStorage.getItem('renewed')) < 600_000) return;
  sessionStorage.setItem('renewed', `${Date.now()}`);
  void fetch('/api/users/me');
};
if (document.querySelector('form[action="/signout"]')) { renew(); setInterval(renew, 60_000); }
addEventListener('pageshow', e => { if (e.persisted) location.reload(); });

// Filters apply as they change.
const filters = /** @type {HTMLFormElement?} */ (document.querySelector('form[data-auto]'));
filters?.addEventListener('change', () => filters.requestSubmit());

/** A stream while the page is seen; every reopening catches up by asking the server first.
 * @param {string} url @param {Record<string, (data: any) => void>} on @param {() => void} [again] */
const stream = (url, on, again) => {
  /** @type {EventSource?} */ let source = null, opened = false;
  const open = () => {
    if (source || document.hidden) return;
    source = new EventSource(url);
    if (opened) again?.();
    opened = true;
    source.addEventListener('error', () => { opened = true; });
    for (const [name, act] of Object.entries(on)) source.addEventListener(name, e => act(JSON.parse(e.data)));
  };
  const close = () => { source?.close(); source = null; };
  document.addEventListener('visibilitychange', () => document.hidden ? close() : open());
  addEventListener('pagehide', close);
  open();
};

/** @param {string} iso */
const clockTime = iso => new Date(iso).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });

// Listings: a tile changes in place, it never moves under the pointer.
const tiles = new Map($$('[data-ticket]').map(tile => [tile.dataset.ticket, tile]));
/** @param {{id: string, status: string, price: number, currency: string, lockedUntil?: string}} t */
const show = t => {
  const tile = tiles.get(t.id);
  if (!tile || tile.dataset.mine) return;
  const link = tile.querySelector('[data-link]'), state = tile.querySelector('.state'), price = tile.querySelector('.price');
  tile.dataset.state = t.status;
  if (link) t.status === 'open' ? link.setAttribute('href', `/tickets/${t.id}`) : link.removeAttribute('href');
  for (const b of /** @type {NodeListOf<HTMLButtonElement>} */ (tile.querySelectorAll('[data-buy]'))) b.disabled = t.status !== 'open';
  if (state) state.textContent = t.status === 'locked'
    ? 'Someone else is buying this' + (t.lockedUntil ? `. May come back by ${clockTime(t.lockedUntil)}` : '')
    : t.status === 'sold' ? 'Sold' : t.status === 'withdrawn' ? 'No longer for sale' : '';
  if (price && price.getAttribute('data-minor') !== String(t.price)) {
    price.setAttribute('data-minor', String(t.price));
    const digits = new Intl.NumberFormat('en', { style: 'currency', currency: t.currency }).resolvedOptions().maximumFractionDigits ?? 2;
    price.textContent = (t.price / 10 ** digits).toLocaleString('en-US', { style: 'currency', currency: t.currency });
    if (state && t.status === 'open') state.textContent = 'The price has just changed';
    if (tile.dataset.reload) location.reload();
  }
};
if (tiles.size) stream('/api/tickets/live',
  Object.fromEntries(['listed', 'edited', 'locked', 'unlocked', 'sold', 'withdrawn'].map(n => [n, show])),
  () => tiles.forEach((_, id) => fetch(`/api/tickets/${id}`).then(r => r.ok ? r.json() : null).then(t => t && show(t))));

// An order that is not over yet: the page follows it.
const order = /** @type {HTMLElement?} */ (document.querySelector('[data-order]'));
if (order) {
  const check = (/** @type {{version: number, status: string}} */ o) => { if (o.status !== order.dataset.status) location.reload(); };
  const ask = () => fetch(`/api/orders/${order.dataset.order}`).then(r => r.ok ? r.json() : null).then(o => o && check(o));
  stream(`/api/orders/${order.dataset.order}/live`, { order: check }, ask);
  const clock = /** @type {HTMLElement?} */ (document.querySelector('[data-expires]'));
  if (clock) {
    const end = Date.parse(clock.dataset.expires ?? ''), shown = clock.querySelector('b'), say = document.getElementById('say');
    let told = Infinity, asked = 0;
    const tick = () => {
      const left = Math.max(0, Math.round((end - now()) / 1000));
      if (shown) shown.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`;
      clock.toggleAttribute('data-late', left <= 120);
      for (const mark of [300, 120, 60, 20]) if (left <= mark && told > mark) {
        if (say && left > mark - 5) say.textContent = mark >= 60 ? `${mark / 60} minute${mark > 60 ? 's' : ''} left` : `${mark} seconds left`;
        told = mark;
      }
      // At zero the page asks; it does not decide.
      if (left === 0 && Date.now() - asked > 1000) { asked = Date.now(); ask(); }
    };
    tick();
    setInterval(tick, 500);
  }
}

// Signing out in one tab signs out all.
const tabs = 'BroadcastChannel' in window ? new BroadcastChannel('session') : null;
tabs?.addEventListener('message', () => location.reload());
if (document.documentElement.dataset.signedOut) tabs?.postMessage('out');

// The seller sees what the buyer pays while typing.
const asking = /** @type {HTMLInputElement?} */ (document.querySelector('input[data-payout]'));
asking?.addEventListener('input', () => {
  const out = document.getElementById('payout'), currency = /** @type {HTMLSelectElement?} */ (document.querySelector('[name=currency]'))?.value || 'usd';
  const n = Number(asking.value.replace(',', '.'));
  if (out) out.textContent = n > 0 ? `The buyer pays ${n.toLocaleString('en-US', { style: 'currency', currency })} and you get all of it.` : '';
});
