// @ts-check
// Reloads the page when the order's status changes, and counts the hold down.
import { stream } from './stream.js';

// The server's clock minus the device's, which may be wrong by hours. The time from the response until this script runs
// is added.
const [visit] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType('navigation'));
const age = performance.now() - (visit?.responseStart ?? 0);
const skew = Number(document.documentElement.dataset.now) + age - Date.now();
const order = /** @type {HTMLElement} */ (document.querySelector('[data-order]'));

/** @param {{status: string}} o */
const check = o => { if (o.status !== order.dataset.status) location.reload(); };
const ask = async () => {
  const answer = await fetch(`/api/orders/${order.dataset.order}`);
  if (answer.ok) check(await answer.json());
};
stream(`/api/orders/${order.dataset.order}/live`, { order: check }, ask);

const clock = /** @type {HTMLElement?} */ (document.querySelector('[data-expires]'));
if (clock) {
  const end = Date.parse(clock.dataset.expires ?? '');
  const shown = clock.querySelector('b'), say = document.getElementById('say');
  const late = 120, marks = [300, 120, 60, 20];
  let told = Infinity, asked = 0;
  const tick = () => {
    const left = Math.max(0, Math.round((end - Date.now() - skew) / 1000));
    if (shown) shown.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`;
    clock.toggleAttribute('data-late', left <= late);
    for (const mark of marks) if (left <= mark && told > mark) {
      if (say && left > mark - 5)
        say.textContent = mark > 60 ? `${mark / 60} minutes left`
          : mark === 60 ? '1 minute left' : `${mark} seconds left`;
      told = mark;
    }
    // At zero the page asks for the order: the server decides whether it has expired.
    if (left === 0 && Date.now() - asked > 500) { asked = Date.now(); ask(); }
  };
  tick();
  setInterval(tick, 500);
}
