// @ts-check
// Messages that tabs tell each other beside the server's own: "I begin to listen", "I listen for you", "we have
// missed something", "the connection is lost".
const WHO = '?', HERE = 'here', AGAIN = 'again', LOST = 'lost';

/**
 * Listens to a stream while the page is looked at. A browser opens only six connections to a shop, so its tabs share
 * one: whoever has the lock listens, and tells the others. What was missed in between is asked for at every reopening.
 * @param {string} url
 * @param {Record<string, (data: any) => void>} on what to do by the name of the event
 * @param {(isFresh: boolean) => void} again asks the server how things are now; the page may have been made just now
 * @param {() => boolean} [always] true while the page wants to hear also in the background
 */
export const stream = (url, on, again, always = () => false) => {
  // The server says something every 15 s: whoever is silent for longer is gone, even if nothing tells so.
  const retryMin = 5000, retryMax = 60_000, silenceMax = 40_000, lookEvery = 5000, freshFor = 2000;
  const tabs = new BroadcastChannel(url), page = document.documentElement;
  /** @type {EventSource?} */ let source = null;
  /** @type {(() => void)?} */ let end = null;
  let opened = false, heardAt = 0, retryAfter = retryMin;

  // Also the first time: something may have happened since the page was made, and one that was opened in the background
  // may be old.
  const ready = () => {
    heardAt = Date.now();
    page.dataset.live = '';
    again(!opened && performance.now() < freshFor);
    opened = true;
  };
  const lost = () => { delete page.dataset.live; };
  /** @param {string} name @param {any} data */
  const hear = (name, data) => {
    heardAt = Date.now();
    on[name]?.(data);
  };

  const connect = () => {
    source = new EventSource(url);
    source.addEventListener('open', () => {
      retryAfter = retryMin;
      ready();
      tabs.postMessage([AGAIN]);
    });
    source.addEventListener('error', () => {
      lost();
      tabs.postMessage([LOST]);
      // Refused, not just broken off: the browser does not come back by itself. Signed out, or too many streams:
      // whoever asks again and again asks ever more rarely.
      if (source?.readyState === EventSource.CLOSED) {
        close();
        setTimeout(open, retryAfter);
        retryAfter = Math.min(retryAfter * 2, retryMax);
      }
    });
    for (const name of [...Object.keys(on), 'heartbeat']) source.addEventListener(name, e => {
      const data = JSON.parse(e.data);
      hear(name, data);
      tabs.postMessage([name, data]);
    });
  };

  const open = (steal = false) => {
    if (end || document.hidden && !always()) return;
    heardAt = Date.now();
    /** @type {Promise<void>} */ const over = new Promise(resolve => { end = resolve; });
    const mine = end;
    tabs.postMessage([WHO]);
    // Only a secure page has locks; without them each tab listens for itself.
    if (!navigator.locks) return connect();
    navigator.locks.request(url, { steal }, async () => {
      if (end !== mine) return;
      connect();
      await over;
    }).catch(() => { if (end === mine) restart(); });   // another tab took the lock: this one was silent for too long
  };
  const close = () => {
    end?.();
    end = null;
    source?.close();
    source = null;
    lost();
  };
  const restart = (steal = false) => {
    close();
    open(steal);
  };

  tabs.addEventListener('message', ({ data: [name, data] }) => {
    if (name === WHO) source?.readyState === EventSource.OPEN && tabs.postMessage([HERE]);
    else if (!end || source) return;
    else if (name === AGAIN) ready();
    else if (name === HERE) page.dataset.live ?? ready();
    else if (name === LOST) lost();
    else hear(name, data);
  });
  document.addEventListener('visibilitychange', () => !document.hidden ? open() : always() || close());
  addEventListener('online', () => restart());
  addEventListener('pagehide', close);
  setInterval(() => { if (end && Date.now() - heardAt > silenceMax) restart(!source); }, lookEvery);
  open();
};
