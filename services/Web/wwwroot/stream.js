// @ts-check
/**
 * Listens to a stream while the page is looked at. What was missed in between is asked for at every reopening.
 * @param {string} url
 * @param {Record<string, (data: any) => void>} on what to do by the name of the event
 * @param {() => void} again asks the server how things are now
 * @param {() => boolean} [always] true while the page wants to hear also in the background
 */
export const stream = (url, on, again, always = () => false) => {
  const retryAfter = 5000;
  /** @type {EventSource?} */ let source = null;
  let opened = false;
  const open = () => {
    if (source || document.hidden && !always()) return;
    source = new EventSource(url);
    source.addEventListener('open', () => {
      document.documentElement.dataset.live = '';
      if (opened) again();
      opened = true;
    });
    source.addEventListener('error', () => {
      delete document.documentElement.dataset.live;
      // Refused, not just broken off: the browser does not come back by itself.
      if (source?.readyState === EventSource.CLOSED) { source = null; setTimeout(open, retryAfter); }
    });
    for (const [name, act] of Object.entries(on)) source.addEventListener(name, e => act(JSON.parse(e.data)));
  };
  const close = () => { source?.close(); source = null; };
  document.addEventListener('visibilitychange', () => !document.hidden ? open() : always() || close());
  addEventListener('pagehide', close);
  open();
};
