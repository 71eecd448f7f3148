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
let processing = false;
const what = `The card form of Stripe (${host})`, cure = `allow ${host}, or look at your connection`;
const cause = `A content blocker or the network may be blocking it: ${cure}`;

// Stripe's codes of which a buyer may know the reason; of a stolen card, for example, only that it was declined.
/** @type {Record<string, string>} */
const declines = {
  insufficient_funds: 'Your card has insufficient funds.', expired_card: 'Your card has expired.',
  incorrect_cvc: 'Your card’s security code is incorrect.', incorrect_number: 'Your card number is incorrect.',
  card_velocity_exceeded: 'Your card is over its limit.', processing_error: 'The bank could not process the card.',
};

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
    // The payments service creates and confirms the payment in one call, when the card is known.
    elements = stripe.elements({
      mode: 'payment', amount: Number(form.dataset.amount), currency: form.dataset.currency, captureMethod: 'manual',
      paymentMethodCreation: 'manual', paymentMethodTypes: ['card'],
    });
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

/** @param {Record<string, any>} problem */
const declined = problem =>
  `${declines[problem.declineCode] ?? 'Your card was declined.'} Nothing was taken.${stillYours()}`;

const stillYours = () => {
  const left = document.querySelector('[data-expires] b')?.textContent;
  return left ? ` The ticket is still yours for ${left}: try again or use another card.` : '';
};

const payment = `/api/payments/${form.dataset.order}`;

/** Pays with what was typed. @returns {Promise<string?>} What to tell the buyer; null when the order's page goes on. */
async function pay() {
  const { error: incomplete } = await elements.submit();
  if (incomplete) return incomplete.message;
  const { paymentMethod, error: unusable } = await stripe.createPaymentMethod({ elements });
  if (unusable) return `${unusable.message ?? 'Your card was declined.'} Nothing was taken.${stillYours()}`;
  const answer = await fetch('/api/payments', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ orderId: form.dataset.order, paymentMethod: paymentMethod.id }),
  });
  const body = await answer.json();
  if (answer.status === 402) return declined(body);
  if (body.code === 'order-not-payable') return null;
  if (!answer.ok) return `${body.title} Trying again is safe: nothing is ever taken twice.${stillYours()}`;
  processing = body.status === 'opened';
  if (body.status !== 'requiresAction') return null;
  // The bank wants to see the buyer. Reading the payment then makes the payments service ask Stripe.
  const { error: notAuthenticated } = await stripe.handleNextAction({ clientSecret: body.clientSecret });
  const { status } = await (await fetch(payment)).json();
  processing = status === 'opened' && !notAuthenticated;
  return notAuthenticated && status !== 'authorized' && status !== 'captured'
    ? `${notAuthenticated.message} Nothing was taken.${stillYours()}` : null;
}

form.addEventListener('submit', async e => {
  e.preventDefault();
  if (button.disabled) return;
  button.disabled = true;
  button.textContent = 'Paying…';
  message.hidden = true;
  processing = false;
  // Without an answer the payment may have been made: the order's page waits for it.
  const refused = await pay().catch(() => { processing = true; return null; });
  if (refused) {
    tell(refused);
    button.disabled = false;
    button.textContent = words;
    return;
  }
  // The order's page shows the outcome; with paying=true it waits for a slow bank and does not offer to pay again.
  location.assign(`${form.dataset.return}${processing ? '?paying=true' : ''}`);
});
