// @ts-check
// What every page gains with JavaScript. Everything here can be missing: the pages work without.

/** @param {string} s */
const $$ = s => /** @type {HTMLElement[]} */ ([...document.querySelectorAll(s)]);

// Times in the reader's own zone; of a show, which may be far away, with its name.
/** @type {Record<string, Intl.DateTimeFormatOptions>} */ const formats = {
  time: { hour: '2-digit', minute: '2-digit' },
  moment: { dateStyle: 'medium', timeStyle: 'short' },
  show: { year: 'numeric', month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit', timeZoneName: 'short' },
};
/** @param {Date} at @param {string} [format] */
export const inWords = (at, format = 'moment') => at.toLocaleString([], formats[format]);
for (const t of $$('time[data-local]'))
  t.textContent = inWords(new Date(/** @type {HTMLTimeElement} */ (t).dateTime), t.dataset.local);

// A form is sent once while its answer is awaited; after 200 ms its button says what it waits for. The button is never
// disabled: its name and value would not be sent. If the page stays (a download, an empty answer, a press of Esc, no
// network), the form can be sent again: at once where the browser tells, else when no answer can be on its way any more.
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
    // Whoever shows the form anew has not done so while it was awaited.
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
// @ts-ignore: not every browser has it
globalThis.navigation?.addEventListener('navigateerror', freeAll);

// What is too long is kept and said, not cut: who pastes a text that loses its end sends it as if it were whole. Of a
// password nobody sees how long it is, and it would have to be typed again: it is not even sent.
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

// Filters apply as they change; a date, which is another one with every digit that is typed, when it is left.
const filters = /** @type {HTMLFormElement?} */ (document.querySelector('form[data-auto]'));
const apply = (/** @type {Event} */ e) => {
  const { type, value, defaultValue } = /** @type {HTMLInputElement} */ (e.target);
  if (type === 'date' ? e.type === 'focusout' && value !== defaultValue : e.type === 'change') filters?.requestSubmit();
};
// A day begins where the reader is. What is shown may be of another zone, if its address is: then its name stays.
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

// A session in use is renewed: nobody is signed out while a page is open and looked at.
const renew = () => {
  if (document.hidden || Date.now() - Number(sessionStorage.getItem('renewed')) < 600_000) return;
  sessionStorage.setItem('renewed', `${Date.now()}`);
  void fetch('/api/users/me');
};
if (document.querySelector('form[action="/signout"]')) { renew(); setInterval(renew, 60_000); }
addEventListener('pageshow', e => { if (e.persisted) location.reload(); });

// Signing out in one tab signs out all.
const tabs = 'BroadcastChannel' in window ? new BroadcastChannel('session') : null;
tabs?.addEventListener('message', () => location.reload());
if (document.documentElement.hasAttribute('data-signed-out')) tabs?.postMessage('out');

// Buttons that are nothing without a script are shown by it.
for (const b of $$('[data-copy], [data-print]')) {
  b.hidden = false;
  b.addEventListener('click', async () => {
    if (b.dataset.copy === undefined) return print();
    await navigator.clipboard.writeText(b.parentElement?.querySelector('code')?.textContent ?? '');
    b.textContent = 'Copied';
    setTimeout(() => { b.textContent = 'Copy'; }, 2000);
  });
}

// Asked too often: the page counts the seconds, then asks again by itself if it only wanted to read.
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
