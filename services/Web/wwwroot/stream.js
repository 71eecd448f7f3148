// @ts-check
// Messages between tabs, besides the server's events: a tab asks who has the stream; another has it; the stream was
// reopened, so events may have been missed; the connection is lost.
const WHO = '?', HERE = 'here', AGAIN = 'again', LOST = 'lost';

/**
 * Receives an event stream while the page is visible. A browser opens only six connections to a site, so all tabs share
 * one: the tab with the lock receives, and forwards to the others. Missed changes are loaded at every reopening.
 * @param {string} url
 * @param {Record<string, (data: any) => void>} on the handlers, by the name of the event
 * @param {(isFresh: boolean) => void} again loads the current state; isFresh: the page itself was just rendered
 * @param {() => boolean} [always] true while the page needs events in the background too
 */
export const stream = (url, on, again, always = () => false) => {
  // The server sends a heartbeat every 15 s: without any, the connection is lost, even if no error is reported.
  const retryMin = 5000, retryMax = 60_000, silenceMax = 40_000, lookEvery = 5000, freshFor = 2000;
  const tabs = new BroadcastChannel(url), page = document.documentElement;
  /** @type {EventSource?} */ let source = null;
  /** @type {(() => void)?} */ let end = null;
  let opened = false, heardAt = 0, retryAfter = retryMin;

  // Also at the first opening: there may have been changes since the page was rendered, which may be long ago if it was
  // opened in the background.
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
      // Refused (signed out, or too many streams): the browser does not reconnect by itself. Retry at growing
      // intervals.
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
    // Locks need HTTPS or localhost; without them every tab opens its own stream.
    if (!navigator.locks) return connect();
    navigator.locks.request(url, { steal }, async () => {
      if (end !== mine) return;
      connect();
      await over;
    }).catch(() => { if (end === mine) restart(); });   // stolen by a tab that got no events from this one
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
