// @ts-check
// The bank's page, in a frame over the shop or, where the shop has no script, as a page of its own.
(() => {
  const query = new URLSearchParams(location.search);
  const intent = query.get('payment_intent') ?? '';
  const clientSecret = query.get('payment_intent_client_secret') ?? '';

  async function answer(outcome) {
    for (const button of document.querySelectorAll('button')) button.disabled = true;
    const response = await fetch(`/v3/challenge/${encodeURIComponent(intent)}`, {
      method: 'POST',
      headers: { Authorization: 'Bearer pk_test_challenge' },
      body: new URLSearchParams({ client_secret: clientSecret, outcome }),
    });
    const body = await response.json();
    const error = body.error ?? body.last_payment_error;
    if (parent !== window) {
      parent.postMessage({ type: 'challenged', result: error ? { error } : { paymentIntent: body } }, '*');
      return;
    }

    const back = query.get('return_url');
    if (!back || !/^https?:$/.test(new URL(back).protocol)) {
      document.getElementById('wrong').textContent = error ? error.message : 'Done. You can close this page.';
      return;
    }

    const url = new URL(back);
    url.searchParams.set('payment_intent', intent);
    url.searchParams.set('payment_intent_client_secret', clientSecret);
    url.searchParams.set('redirect_status', error ? 'failed' : 'succeeded');
    location.assign(url);
  }

  document.getElementById('complete').addEventListener('click', () => answer('complete'));
  document.getElementById('fail').addEventListener('click', () => answer('fail'));
})();
