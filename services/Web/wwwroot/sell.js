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
  // On the clocks of the place: as it was typed, whatever zone this browser is in.
  const clock = new Date(`${typed('startsAt')}Z`);
  put('#preview [data-when]', isNaN(+clock) ? '' : `${inWords(clock, 'moment', 'UTC')} ${typed('timeZone')}`);
};

// A new form is in the browser's zone; the seller may name another.
const zone = field('timeZone'), zones = document.getElementById('zones');
if (zone?.dataset.new !== undefined) zone.value = Intl.DateTimeFormat().resolvedOptions().timeZone;
zones?.append(...(Intl.supportedValuesOf?.('timeZone') ?? []).map(name => new Option(name)));

for (const e of document.querySelectorAll('#preview-button')) e.remove();
form.addEventListener('input', show);
show();
