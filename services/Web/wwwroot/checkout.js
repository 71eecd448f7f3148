// @ts-check
// The card form is an iframe of Stripe: this page cannot read what is typed there.
const readyWithin = 15_000;
const form = /** @type {HTMLFormElement} */ (document.getElementById('pay'));
const message = /** @type {HTMLElement} */ (document.getElementById('pay-message'));
const card = /** @type {HTMLElement} */ (document.getElementById('card'));
const button = /** @type {HTMLButtonElement} */ (form.querySelector('button'));
const words = button.textContent ?? '';
const source = form.dataset.script ?? '', host = new URL(source).host;
const trouble = Object.assign(document.createElement('div'), { className: 'note warn stack-s', hidden: true });
trouble.setAttribute('role', 'alert');
card.before(trouble);
/** @type {any} */ let stripe;
/** @type {any} */ let elements;
/** @type {any} */ let element;
let tries = 0;
const what = `The card form of Stripe (${host})`, cure = `allow ${host}, or look at your connection`;
const cause = `A content blocker or the network may be blocking it: ${cure}`;

/** @template {keyof HTMLElementTagNameMap} T @param {T} tag @param {object} properties */
const make = (tag, properties) => Object.assign(document.createElement(tag), properties);

// Loaded by this script and not by a script element of the page, so that errors can be reported.
/** @returns {Promise<void>} */
const load = () => new Promise((resolve, reject) => {
  if ('Stripe' in globalThis) return resolve();
  const script = make('script', { src: source });
  script.addEventListener('load', () => 'Stripe' in globalThis ? resolve()
    : reject(`What came from ${host} is not the card form of Stripe. A content blocker may have replaced it: ${cure}`));
  script.addEventListener('error', () => reject(`${what} could not be loaded. ${cause}`));
  document.head.append(script);
});

/** @param {string} why */
const fail = why => {
  const again = make('button', { type: 'button', className: 'btn plain', textContent: 'Try again' });
  again.addEventListener('click', start);
  const row = make('div', {});
  row.append(again);
  trouble.replaceChildren(make('p', { textContent:
    `${why}, then try again. Nothing was charged, and the ticket stays yours until the time above.` }), row);
  trouble.hidden = false;
  card.hidden = button.disabled = true;
};

// After the time limit the form may still appear, and then replaces the message.
async function start() {
  const mine = ++tries;
  const timer = setTimeout(() => fail(`${what} has not appeared for ${readyWithin / 1000} seconds. ${cause}`), readyWithin);
  trouble.hidden = true;
  card.hidden = false;
  card.replaceChildren(make('p', { className: 'late quiet', textContent: `Loading the card form of Stripe (${host})` }));
  element?.destroy();
  element = null;
  try {
    await load();
    if (mine !== tries) return;
    // @ts-ignore: defined by Stripe's script
    stripe ??= Stripe(form.dataset.key);
    elements = stripe.elements({ clientSecret: form.dataset.secret });
    element = elements.create('payment');
    element.on('ready', () => {
      if (mine !== tries) return;
      clearTimeout(timer);
      trouble.hidden = true;
      card.hidden = button.disabled = false;
    });
    element.on('loaderror', (/** @type {any} */ { error }) => {
      if (mine !== tries) return;
      clearTimeout(timer);
      fail(`${what} cannot be shown. ${error?.message ?? ''} Wait a moment`);
    });
    card.replaceChildren();
    element.mount('#card');
  } catch (e) {
    clearTimeout(timer);
    if (mine === tries) fail(typeof e === 'string' ? e : `${what} does not start: ${e}. Wait a moment`);
  }
}
void start();

/** @param {string} text */
const tell = text => {
  message.hidden = false;
  message.textContent = text;
  message.focus();
};

form.addEventListener('submit', async e => {
  e.preventDefault();
  if (button.disabled) return;
  button.disabled = true;
  button.textContent = 'Paying…';
  message.hidden = true;
  // Without a response the payment may have been made: treat it as processing.
  const { error, paymentIntent } = await stripe.confirmPayment({
    elements, confirmParams: { return_url: form.dataset.return }, redirect: 'if_required',
  }).catch(() => ({ paymentIntent: { status: 'processing' } }));
  // Already paid, in another tab or before going back: then the error is about the payment and not the card.
  const status = (paymentIntent ?? error.payment_intent)?.status;
  if (error && !['processing', 'requires_capture', 'succeeded'].includes(status)) {
    const left = document.querySelector('[data-expires] b')?.textContent;
    const goOn = left ? ` The ticket is still yours for ${left}: try again or use another card.` : '';
    const taken = error.type?.startsWith('api_') ? 'Trying again is safe: nothing is ever taken twice.' : 'Nothing was taken.';
    tell(`${error.message ?? 'Your card was declined.'} ${taken}${goOn}`);
    button.disabled = false;
    button.textContent = words;
    return;
  }
  // Reading the payment makes the payments service ask Stripe before the webhook arrives. The order's page shows the
  // outcome; with paying=true it waits for a slow bank and does not offer to pay again.
  await fetch(`/api/payments/${form.dataset.order}`).finally(() =>
    location.assign(`${form.dataset.return}${status === 'processing' ? '?paying=true' : ''}`));
});
