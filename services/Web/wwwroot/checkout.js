// @ts-check
// Card data is typed into Stripe's frame and goes to Stripe; this page never sees it.
const form = /** @type {HTMLFormElement} */ (document.getElementById('pay'));
const message = /** @type {HTMLElement} */ (document.getElementById('pay-message'));
const button = /** @type {HTMLButtonElement} */ (form.querySelector('button'));
const words = button.textContent ?? '';
// @ts-ignore: defined by Stripe's script
const stripe = Stripe(form.dataset.key);
const elements = stripe.elements({ clientSecret: form.dataset.secret });
document.getElementById('card')?.replaceChildren();
elements.create('payment').mount('#card');
button.disabled = false;

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
  // No answer is not a no: the bank may have been asked.
  const { error, paymentIntent } = await stripe.confirmPayment({
    elements, confirmParams: { return_url: form.dataset.return }, redirect: 'if_required',
  }).catch(() => ({ paymentIntent: { status: 'processing' } }));
  // Paid already, in another tab or before going back: what Stripe refuses then is not this card.
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
  // The payment service hears it from Stripe; this only makes it ask earlier. The order's page shows the outcome, and
  // if the bank is slow it waits and does not ask for the money again.
  await fetch(`/api/payments/${form.dataset.order}`).finally(() =>
    location.assign(`${form.dataset.return}${status === 'processing' ? '?paying=true' : ''}`));
});
