// Passkeys: the browser's part. Comes after @simplewebauthn/browser's own bundle, in the same file.

const { startAuthentication, startRegistration } = globalThis.SimpleWebAuthnBrowser;

async function ask(address, body, csrf) {
  const response = await fetch(address, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      ...(csrf && { 'x-csrf-token': csrf }),
    },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(String(response.status));
  return response.status === 204 ? undefined : response.json();
}

/** What went wrong, in words; closing the browser's own window is no fault. */
function wordsFor(error, element) {
  if (error.name === 'InvalidStateError') return 'This device has a passkey for this account already.';
  if (error.name === 'NotAllowedError' || error.name === 'AbortError') return 'Nothing was done.';
  return element.dataset.problem;
}

async function run(element) {
  const { passkey, options, finish, csrf, next, name } = element.dataset;
  const status = document.getElementById('passkey-status');
  status.textContent = '';
  element.disabled = true;
  try {
    const second = passkey === 'second';
    const optionsJSON = await ask(options, { ...(next && { next }), ...(second && { second }) }, csrf);
    if (passkey === 'create') {
      const response = await startRegistration({ optionsJSON });
      await ask(finish, { response, name: document.getElementById(name).value }, csrf);
      location.reload();
      return;
    }
    const response = await startAuthentication({ optionsJSON });
    const answer = await ask(finish, response);
    location.assign(answer.location);
  } catch (error) {
    status.textContent = wordsFor(error, element);
    element.disabled = false;
  }
}

if (globalThis.PublicKeyCredential !== undefined) {
  for (const element of document.querySelectorAll('[data-passkey]')) {
    element.hidden = false;
    element.addEventListener('click', () => run(element));
  }
  for (const element of document.querySelectorAll('.needs-passkeys[hidden]')) element.hidden = false;
}
