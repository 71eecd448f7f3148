// @ts-check
// Loaded by every page. Without JavaScript the pages work too.

/** @param {string} s */
const $$ = s => /** @type {HTMLElement[]} */ ([...document.querySelectorAll(s)]);

// Shows times in the browser's time zone; the start of a show in the show's own, with its name.
/** @type {Record<string, Intl.DateTimeFormatOptions>} */ const formats = {
  time: { hour: '2-digit', minute: '2-digit' },
  moment: { dateStyle: 'medium', timeStyle: 'short' },
  show: { year: 'numeric', month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit', timeZoneName: 'short' },
};
/** @param {Date} at @param {string} [format] @param {string} [timeZone] */
export const inWords = (at, format = 'moment', timeZone) => at.toLocaleString([], { ...formats[format], timeZone });
/** @param {ParentNode} part */
export const localize = part => {
  for (const t of /** @type {NodeListOf<HTMLTimeElement>} */ (part.querySelectorAll('time[data-local]'))) try {
    t.textContent = inWords(new Date(t.dateTime), t.dataset.local, t.dataset.zone);
  } catch {}   // a zone that only the server knows: its text stays
};
localize(document);

// A form is not sent again while its response is awaited; after 200 ms its button shows a busy text. The button is not
// disabled, because then its name and value would not be sent. If the page stays (a download, an empty response, Esc,
// no network), the form can be sent again: at once if the browser reports it, else after the longest response time.
const busyAfter = 200, freeAfter = 6000;
/** @type {Map<HTMLFormElement, () => void>} */ const awaited = new Map();
/** @param {HTMLFormElement} form @param {HTMLElement?} [button] */
const waitFor = (form, button) => {
  const words = button ? [...button.childNodes] : [];
  const busy = setTimeout(() => {
    if (!button?.dataset.busy) return;
    button.setAttribute('aria-disabled', 'true');
    button.textContent = button.dataset.busy;
  }, busyAfter);
  const free = () => {
    clearTimeout(busy);
    clearTimeout(late);
    awaited.delete(form);
    delete form.dataset.sent;
    button?.removeAttribute('aria-disabled');
    button?.replaceChildren(...words);
    // tickets.js does not update a form that is being sent; after this event it does.
    form.dispatchEvent(new Event('freed', { bubbles: true }));
  };
  const late = setTimeout(free, freeAfter);
  form.dataset.sent = '1';
  awaited.set(form, free);
};
const freeAll = () => { for (const free of [...awaited.values()]) free(); };
addEventListener('submit', e => {
  const form = /** @type {HTMLFormElement} */ (e.target);
  if (form.method !== 'post' || e.defaultPrevented) return;
  if (awaited.has(form)) return e.preventDefault();
  waitFor(form, e.submitter);
});
addEventListener('pageshow', freeAll);
addEventListener('keydown', e => { if (e.key === 'Escape') freeAll(); });
// @ts-ignore: not in every browser
globalThis.navigation?.addEventListener('navigateerror', freeAll);

// Too long text is not cut but reported: users would not notice that the end of a pasted text is missing. A form with a
// too long password is not sent, because the server never returns passwords and it would have to be typed again.
for (const field of /** @type {HTMLInputElement[]} */ ($$('input[data-max]'))) {
  const told = document.getElementById(`${field.id}-long`), max = Number(field.dataset.max);
  const isSecret = field.type === 'password', wasWrong = field.getAttribute('aria-invalid');
  const excess = () => {
    const text = field.value.normalize('NFC'), length = [...isSecret ? text : text.trim()].length;
    return length > max ? `At most ${max} characters: yours has ${length}.` : '';
  };
  const tell = () => {
    const words = excess();
    if (told && told.textContent !== words) told.textContent = words;
    words || wasWrong ? field.setAttribute('aria-invalid', 'true') : field.removeAttribute('aria-invalid');
  };
  field.addEventListener('input', tell);
  field.form?.addEventListener('submit', e => {
    if (!isSecret || !excess()) return;
    e.preventDefault();
    tell();
    field.focus();
  });
  tell();
}

// Filters apply on change; a date only when it loses the focus, because every typed digit changes it.
const filters = /** @type {HTMLFormElement?} */ (document.querySelector('form[data-auto]'));
const apply = (/** @type {Event} */ e) => {
  const { type, value, defaultValue } = /** @type {HTMLInputElement} */ (e.target);
  if (type === 'date' ? e.type === 'focusout' && value !== defaultValue : e.type === 'change') filters?.requestSubmit();
};
// The first day begins in the browser's time zone. If the address has another zone, the label keeps that zone's name.
const zone = /** @type {HTMLInputElement?} */ (filters?.elements.namedItem('tz') ?? null);
if (filters && zone) {
  const { value } = /** @type {HTMLInputElement} */ (filters.elements.namedItem('from'));
  const mine = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const label = filters.querySelector('label[for=from]');
  if (label && (!value || zone.value === mine)) label.textContent = 'From';
  zone.value = mine;
}
filters?.addEventListener('change', apply);
filters?.addEventListener('focusout', apply);

// Renews the session while a page is visible, so that it does not expire meanwhile.
const renew = () => {
  if (document.hidden || Date.now() - Number(sessionStorage.getItem('renewed')) < 600_000) return;
  sessionStorage.setItem('renewed', `${Date.now()}`);
  void fetch('/api/users/me');
};
if (document.querySelector('form[action="/signout"]')) { renew(); setInterval(renew, 60_000); }
addEventListener('pageshow', e => { if (e.persisted) location.reload(); });

// After signing out in one tab all other tabs reload.
const tabs = 'BroadcastChannel' in window ? new BroadcastChannel('session') : null;
tabs?.addEventListener('message', () => location.reload());
if (document.documentElement.hasAttribute('data-signed-out')) tabs?.postMessage('out');

// Buttons that need JavaScript are hidden until here.
for (const b of $$('[data-copy], [data-print]')) {
  b.hidden = false;
  b.addEventListener('click', async () => {
    if (b.dataset.copy === undefined) return print();
    await navigator.clipboard.writeText(b.parentElement?.querySelector('code')?.textContent ?? '');
    b.textContent = 'Copied';
    setTimeout(() => { b.textContent = 'Copy'; }, 2000);
  });
}

// After a 429: counts the seconds down, then loads the page again if the request was a GET.
const wait = document.querySelector('[data-retry]');
if (wait instanceof HTMLElement) {
  const until = Date.now() + Number(wait.dataset.retry) * 1000;
  const timer = setInterval(() => {
    const left = Math.max(0, Math.ceil((until - Date.now()) / 1000));
    wait.textContent = left ? `${left}` : '0';
    if (left) return;
    clearInterval(timer);
    if (wait.dataset.again) location.replace(wait.dataset.again);
  }, 250);
}
