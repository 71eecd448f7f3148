// @ts-check
// The frame a card is typed into. The shop's page can ask it to confirm, and learns the outcome; never the card.
(() => {
  const form = /** @type {HTMLFormElement} */ (document.getElementById('card'));
  const wrong = /** @type {HTMLElement} */ (document.getElementById('wrong'));
  const tell = (message) => parent.postMessage(message, '*'); // nothing told here is a secret

  async function call(method, path, key, fields) {
    const body = new URLSearchParams(fields);
    const response = await fetch(method === 'GET' ? `${path}?${body}` : path, {
      method,
      headers: { Authorization: `Bearer ${key}` },
      body: method === 'GET' ? undefined : body,
    });
    const answer = await response.json();
    if (!response.ok) return { error: answer.error };
    return answer.object === 'payment_method' ? { paymentMethod: answer } : { paymentIntent: answer };
  }

  const intentOf = (clientSecret) => encodeURIComponent(clientSecret.split('_secret')[0]);

  function card() {
    const [month, year] = form.expiry.value.split('/').map((part) => part.trim());
    return { number: form.number.value, exp_month: month ?? '', exp_year: year ?? '', cvc: form.cvc.value.trim() };
  }

  function incomplete() {
    const missing = ['number', 'expiry', 'cvc'].find((name) => !form[name].value.trim());
    const message = { number: 'Your card number is incomplete.', expiry: 'Your card’s expiration date is incomplete.',
      cvc: 'Your card’s security code is incomplete.' };
    if (!missing) return null;
    form[missing].focus();
    return { type: 'validation_error', code: `incomplete_${missing}`, message: message[missing] };
  }

  function show(result) {
    wrong.textContent = result.error?.message ?? '';
    size();
    return result;
  }

  /** Sends the typed card with these fields. */
  async function send(path, key, prefix, fields) {
    const error = incomplete();
    if (error) return show({ error });
    for (const [name, value] of Object.entries(card())) fields[`${prefix}[${name}]`] = value;
    form.inert = true;
    try {
      return show(await call('POST', path, key, fields));
    } catch {
      return show({ error: { type: 'api_connection_error', message: 'We could not reach the bank. Try again.' } });
    } finally {
      form.inert = false;
    }
  }

  const actions = {
    retrieve: ({ key, clientSecret }) =>
      call('GET', `/v1/payment_intents/${intentOf(clientSecret)}`, key, { client_secret: clientSecret }),

    submit: async () => { const error = incomplete(); return show(error ? { error } : {}); },

    method: ({ key }) => send('/v1/payment_methods', key, 'card', { type: 'card' }),

    confirm: ({ key, clientSecret }) => send(`/v1/payment_intents/${intentOf(clientSecret)}/confirm`, key,
      'payment_method_data[card]', { client_secret: clientSecret, 'payment_method_data[type]': 'card' }),
  };

  addEventListener('message', async (event) => {
    const action = actions[event.data?.type];
    if (event.source === parent && action) event.ports[0]?.postMessage(await action(event.data));
  });

  const size = () => tell({ type: 'height', height: document.documentElement.scrollHeight });
  form.addEventListener('input', () => {
    wrong.textContent = '';
    const complete = ['number', 'expiry', 'cvc'].every((name) => form[name].value.trim());
    tell({ type: 'change', complete, elementType: 'payment' });
  });
  form.addEventListener('submit', (event) => event.preventDefault());
  form.expiry.addEventListener('input', (event) => {
    const digits = form.expiry.value.replace(/\D/g, '');
    if (event.inputType?.startsWith('insert') && digits.length >= 2)
      form.expiry.value = `${digits.slice(0, 2)} / ${digits.slice(2, 6)}`;
  });
  new ResizeObserver(size).observe(document.body);
  tell({ type: 'ready' });
})();
