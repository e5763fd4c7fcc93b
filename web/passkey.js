// Passkeys: the device is asked, and what it says goes to the house. Where a browser has none, nothing of it is shown.

const bytes = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

async function call(form, address, body) {
  const headers = {
    'Content-Type': 'application/json',
    'Idempotency-Key': crypto.randomUUID(),
    'X-CSRF-Token': form.elements._csrf.value,
  };
  const answer = await fetch(address, { method: 'POST', headers, body: JSON.stringify(body) });
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw Object.assign(new Error('refused'), { status: answer.status, told });
  return told;
}

// Makes a key on this device; the house keeps its public half.
async function add(form) {
  const password = form.elements.old?.value;
  const asked = await call(form, form.dataset.begin, password === undefined ? {} : { password });
  const made = await navigator.credentials.create({ publicKey: {
    challenge: bytes(asked.challenge),
    rp: { id: asked.rp_id, name: document.querySelector('.brand span')?.textContent ?? asked.rp_id },
    user: { id: bytes(asked.user), name: asked.name, displayName: asked.name },
    pubKeyCredParams: asked.algorithms.map((alg) => ({ type: 'public-key', alg })),
    excludeCredentials: asked.known.map((id) => ({ type: 'public-key', id: bytes(id) })),
    authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
    attestation: 'none',
    timeout: 300_000,
  } });
  const { clientDataJSON, attestationObject } = made.response;
  const name = form.elements.name.value;
  await call(form, form.action, { name, client: text(clientDataJSON), attestation: text(attestationObject) });
  location.assign(form.dataset.done);
}

// The device says who it is; the form carries its signature, so the answer is a page like any other.
async function enter(form) {
  const asked = await call(form, form.dataset.begin, {});
  const shown = await navigator.credentials.get({ publicKey: {
    challenge: bytes(asked.challenge), rpId: asked.rp_id, userVerification: 'required', timeout: 300_000,
  } });
  const { clientDataJSON, authenticatorData, signature, userHandle } = shown.response;
  const parts = { id: shown.rawId, client: clientDataJSON, device: authenticatorData, signature, user: userHandle ?? new ArrayBuffer(0) };
  for (const [name, part] of Object.entries(parts)) {
    form.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value: text(part) }));
  }
  form.submit();
}

function why(form, error) {
  const { known, many, full, old, failed } = form.dataset;
  if (error.name === 'InvalidStateError') return known;
  if (error.status === 429) return many;
  const reason = error.told?.errors?.[0]?.reason ?? error.told?.reason;
  return { 'passkeys/known': known, 'passkeys/too-many': full, 'account/old-wrong': old }[reason] ?? failed;
}

if (window.PublicKeyCredential) {
  for (const form of document.querySelectorAll('form[data-passkey]')) {
    form.hidden = false;
    const said = form.querySelector('[data-said]');
    const button = form.querySelector('button');
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      if (button.disabled) return;
      button.disabled = true;
      said.hidden = true;
      try {
        await (form.dataset.passkey === 'add' ? add : enter)(form);
      } catch (error) {
        said.textContent = why(form, error) ?? form.dataset.failed;
        said.hidden = false;
      } finally {
        button.disabled = false;
        delete form.dataset.sent;
      }
    });
  }
}
