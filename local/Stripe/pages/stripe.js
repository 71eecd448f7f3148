// @ts-check
// The few calls of Stripe.js that a shop with a Payment Element makes, served by the local test server.
(() => {
  const origin = new URL(/** @type {HTMLScriptElement} */ (document.currentScript).src).origin;
  const callTimeout = 60_000;

  /** Asks a frame of ours and waits for its answer. */
  function ask(frame, message) {
    return new Promise((resolve, reject) => {
      const { port1, port2 } = new MessageChannel();
      const timer = setTimeout(() => reject(new Error('Stripe did not answer.')), callTimeout);
      port1.onmessage = (event) => { clearTimeout(timer); port1.close(); resolve(event.data); };
      frame.contentWindow.postMessage(message, origin, [port2]);
    });
  }

  function frameOf(path, title) {
    const frame = document.createElement('iframe');
    frame.src = origin + path;
    frame.title = title;
    frame.allow = 'payment *';
    frame.style.cssText = 'border:0;width:100%;height:13rem;color-scheme:light dark';
    return frame;
  }

  /** Shows the bank's page over the shop until the buyer has answered it. */
  function challenge(url) {
    return new Promise((resolve) => {
      const frame = document.createElement('iframe');
      frame.title = 'Your bank: confirm the payment';
      frame.src = url;
      frame.style.cssText =
        'position:fixed;inset:0;width:100%;height:100%;border:0;z-index:2147483647;background:Canvas';
      const answered = (event) => {
        if (event.origin !== origin || event.source !== frame.contentWindow) return;
        if (event.data?.type !== 'challenged') return;
        removeEventListener('message', answered);
        frame.remove();
        resolve(event.data.result);
      };
      addEventListener('message', answered);
      document.body.append(frame);
      frame.focus();
    });
  }

  class PaymentElement {
    constructor(key, clientSecret) {
      this.key = key;
      this.clientSecret = clientSecret;
      this.listeners = {};
      this.ready = new Promise((resolve) => { this.isReady = resolve; });
    }

    mount(target) {
      const place = typeof target === 'string' ? document.querySelector(target) : target;
      if (!place) throw new Error(`mount: nothing matches ${target}`);
      this.frame = frameOf('/v3/payment', 'Secure payment input frame');
      this.heard = (event) => {
        if (event.origin !== origin || event.source !== this.frame.contentWindow) return;
        if (event.data?.type === 'height') this.frame.style.height = `${event.data.height}px`;
        if (event.data?.type === 'ready') this.isReady();
        for (const listener of this.listeners[event.data?.type] ?? []) listener(event.data);
      };
      addEventListener('message', this.heard);
      place.replaceChildren(this.frame);
    }

    on(type, listener) { (this.listeners[type] ??= []).push(listener); return this; }
    update() { }
    focus() { this.frame?.focus(); }
    unmount() { removeEventListener('message', this.heard); this.frame?.remove(); }
    destroy() { this.unmount(); }
    async ask(message) {
      await this.ready;
      return ask(this.frame, { ...message, key: this.key, clientSecret: this.clientSecret });
    }
  }

  function Elements(key, options) {
    let payment = null;
    if (!options.clientSecret && (options.mode !== 'payment' || !(options.amount > 0) || !options.currency))
      throw new Error('elements: give a clientSecret, or mode, amount and currency.');
    return {
      create(type) {
        if (type !== 'payment') throw new Error(`This test server has no '${type}' element.`);
        return payment ??= new PaymentElement(key, options.clientSecret);
      },
      getElement: (type) => (type === 'payment' ? payment : null),
      submit: () => payment.ask({ type: 'submit' }),
      update() { },
      fetchUpdates: async () => ({}),
    };
  }

  /** Talks to the API by a hidden frame, since the shop's policy lets it connect to nobody. */
  async function api(key, message) {
    const element = new PaymentElement(key, message.clientSecret);
    const place = document.body.appendChild(document.createElement('div'));
    place.hidden = true;
    element.mount(place);
    try { return await element.ask(message); } finally { element.destroy(); place.remove(); }
  }

  async function finish(result) {
    const next = result.paymentIntent?.next_action;
    if (result.paymentIntent?.status !== 'requires_action' || !next) return result;
    return challenge(next.redirect_to_url?.url ?? next.use_stripe_sdk.stripe_js);
  }

  // @ts-ignore
  window.Stripe = (key) => {
    if (!key?.startsWith('pk_test_')) throw new Error('Stripe(): this test server wants a key pk_test_….');
    return {
      elements: (options) => Elements(key, options),

      async confirmPayment({ elements, clientSecret, confirmParams = {}, redirect = 'always' }) {
        const payment = elements?.getElement('payment');
        if (!payment) throw new Error('confirmPayment: mount a payment element first.');
        if (clientSecret) payment.clientSecret = clientSecret;
        const result = await finish(await payment.ask({ type: 'confirm' }));
        if (result.error || redirect === 'if_required' || !confirmParams.return_url) return result;
        const back = new URL(confirmParams.return_url);
        back.searchParams.set('payment_intent', result.paymentIntent.id);
        back.searchParams.set('payment_intent_client_secret', payment.clientSecret);
        const status = result.paymentIntent.status === 'processing' ? 'pending' : 'succeeded';
        back.searchParams.set('redirect_status', status);
        location.assign(back);
        return new Promise(() => { });
      },

      async createPaymentMethod({ elements }) {
        const payment = elements?.getElement('payment');
        if (!payment) throw new Error('createPaymentMethod: mount a payment element first.');
        return payment.ask({ type: 'method' });
      },

      async handleNextAction({ clientSecret }) {
        return finish(await api(key, { type: 'retrieve', clientSecret }));
      },

      retrievePaymentIntent: (clientSecret) => api(key, { type: 'retrieve', clientSecret }),
    };
  };
})();
