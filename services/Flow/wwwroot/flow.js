// @ts-check
// What these pages gain with JavaScript: they follow what happens, and show which steps belong to one event.

const flow = /** @type {HTMLElement?} */ (document.querySelector('.flow'));
const state = /** @type {HTMLElement?} */ (flow?.querySelector('[data-live-state]'));
let paused = false, busy = false, stale = false, missed = 0;

const say = (/** @type {string} */ words, tone = 'good') => {
  const shown = state?.querySelector('[data-live-words]');
  if (shown && shown.textContent !== words) { shown.textContent = words; shown.className = `verdict ${tone}`; }
};

/** Rows keep their place and their identity: only what differs is touched.
 * @param {Element} was @param {Element} is */
const mergeKeyed = (was, is) => {
  const known = new Map([...was.children].map(row => [row.getAttribute('data-key'), row]));
  let at = was.firstElementChild;
  for (const row of [...is.children]) {
    const old = known.get(row.getAttribute('data-key'));
    known.delete(row.getAttribute('data-key'));
    if (!old) { row.classList.add('fresh'); was.insertBefore(row, at); continue; }
    if (old.innerHTML !== row.innerHTML) old.innerHTML = row.innerHTML;
    if (old === at) at = at.nextElementSibling; else was.insertBefore(old, at);
  }
  for (const gone of known.values()) gone.remove();
};

/** @param {Document} page */
const merge = page => {
  const next = page.querySelector('.flow');
  if (!flow || !next) return;
  const names = (/** @type {Element} */ e) => [...e.querySelectorAll('[data-part]')].map(p => p.getAttribute('data-part')).join();
  // Other parts than before: replace everything below the heading.
  if (names(flow) !== names(next)) {
    for (const old of [...flow.children].slice(1)) old.remove();
    flow.append(...[...next.children].slice(1));
    return;
  }
  for (const was of flow.querySelectorAll('[data-part]')) {
    const is = next.querySelector(`[data-part="${was.getAttribute('data-part')}"]`);
    if (!is || is.innerHTML === was.innerHTML) continue;
    if (was.hasAttribute('data-keyed')) mergeKeyed(was, is); else was.replaceChildren(...is.childNodes);
  }
};

// A list is not reordered under the pointer, nor while somebody tabs through it.
const held = () => !!flow?.querySelector('[data-newest-first]:hover, [data-newest-first]:focus-within');

const look = async () => {
  if (paused) { missed++; say(`paused, ${missed} new`, 'quiet'); return; }
  if (busy || document.hidden || held()) { stale = true; return; }
  busy = true; stale = false;
  try {
    const answer = await fetch(location.href, { headers: { accept: 'text/html' } });
    // Redirected because the sign-in is too old: the user must sign in again.
    if (answer.redirected) { location.reload(); return; }
    if (!answer.ok) throw new Error(`${answer.status}`);
    merge(new DOMParser().parseFromString(await answer.text(), 'text/html'));
    say('live');
  } catch { say('away, trying again', 'warn'); stale = true; }
  busy = false;
};

if (flow && state) {
  state.hidden = false;
  const button = /** @type {HTMLButtonElement} */ (state.querySelector('[data-pause]'));
  button.addEventListener('click', () => {
    paused = !paused; missed = 0;
    button.setAttribute('aria-pressed', String(paused));
    say(paused ? 'paused' : 'live', paused ? 'quiet' : 'good');
    if (!paused) void look();
  });
  document.addEventListener('visibilitychange', () => { if (!document.hidden && stale) void look(); });
  setInterval(() => { if (stale) void look(); }, 500);

  if (flow.dataset.poll) setInterval(() => { if (!paused) void look(); }, Number(flow.dataset.poll));
  if (flow.dataset.live) {
    /** @type {EventSource?} */ let source = null;
    const open = () => {
      if (source || document.hidden) return;
      source = new EventSource(flow.dataset.live ?? '');
      source.addEventListener('hello', () => { say(paused ? 'paused' : 'live', paused ? 'quiet' : 'good'); stale = true; });
      source.addEventListener('news', () => void look());
      source.addEventListener('error', () => say('away, trying again', 'warn'));
    };
    const close = () => { source?.close(); source = null; };
    document.addEventListener('visibilitychange', () => document.hidden ? close() : open());
    addEventListener('pagehide', close);
    addEventListener('pageshow', open);
    open();
  }

  // The steps of one event stand out while one of them is pointed at.
  flow.addEventListener('pointerover', e => {
    const id = /** @type {Element} */ (e.target).closest('[data-event]')?.getAttribute('data-event');
    flow.querySelector('.lanes')?.classList.toggle('chosen', !!id);
    for (const step of flow.querySelectorAll('[data-event]')) step.classList.toggle('chosen', !!id && step.getAttribute('data-event') === id);
  });
}
