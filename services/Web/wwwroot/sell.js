// @ts-check
// Updates the preview and the payout while the seller types.
import { inWords } from './app.js';

const form = /** @type {HTMLFormElement} */ (document.getElementById('sell'));
/** @param {string} name */
const field = name => /** @type {HTMLInputElement | HTMLSelectElement | null} */ (form.elements.namedItem(name));
/** @param {string} name */
const typed = name => field(name)?.value.trim() ?? '';
/** @param {string} selector @param {string} text */
const put = (selector, text) => { const place = document.querySelector(selector); if (place) place.textContent = text; };

// The server reads and writes the price, so that the preview is what will be on sale.
let asked = '';
const price = async () => {
  const query = `${new URLSearchParams({ price: typed('price'), currency: typed('currency'), lang: typed('lang') })}`;
  if (query === asked) return;
  asked = query;
  const answer = typed('price') ? await fetch(`/prices/typed?${query}`).catch(() => null) : null;
  const money = answer?.ok ? await answer.text() : '';
  if (query !== asked) return;
  put('#payout', money
    ? `The buyer pays ${money} and you get ${money}: there is no fee.` : 'You get all of it: there is no fee.');
  put('#preview .price', money || '—');
};

const show = () => {
  void price();
  put('#preview [data-title]', typed('title') || 'Your ticket');
  put('#preview [data-place]', [typed('venue'), typed('seat')].filter(part => part).map(part => `\u2068${part}\u2069`).join(' · '));
  const at = new Date(typed('startsAt'));
  put('#preview [data-when]', isNaN(+at) ? '' : inWords(at, 'show'));
};

// Without JavaScript the time is in UTC; with it in the seller's time zone, whose offset is sent along.
const start = field('startsAt'), offset = field('offset');
/** @param {Date} at */
const minutesAhead = at => -at.getTimezoneOffset();
if (start && offset) {
  put('label[for=startsAt]', 'When (optional)');
  const utc = new Date(`${start.value}Z`);
  if (!isNaN(+utc) && !offset.value)
    start.value = new Date(+utc + minutesAhead(utc) * 60_000).toISOString().slice(0, 16);
  form.addEventListener('submit', () => {
    const at = new Date(start.value);
    offset.value = isNaN(+at) ? '' : `${minutesAhead(at)}`;
  });
}

for (const e of document.querySelectorAll('#preview-button')) e.remove();
form.addEventListener('input', show);
show();
