// Passkeys: asks the browser to make one, or to show one, and sends what it gives with the form.
// A form says what it wants: data-passkey="create" or "get", and its options as JSON in data-options
// or at the address data-options-url.

const toBytes = (text) => {
  const padded = text.replace(/-/g, "+").replace(/_/g, "/");
  return Uint8Array.from(atob(padded), (letter) => letter.charCodeAt(0)).buffer;
};

const toText = (buffer) => {
  const letters = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte));
  return btoa(letters.join("")).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
};

const named = (list) => (list ?? []).map((item) => ({ ...item, id: toBytes(item.id) }));

const forCreating = ({ publicKey }) => ({
  publicKey: {
    ...publicKey,
    challenge: toBytes(publicKey.challenge),
    user: { ...publicKey.user, id: toBytes(publicKey.user.id) },
    excludeCredentials: named(publicKey.excludeCredentials),
  },
});

const forGetting = ({ publicKey }) => ({
  publicKey: {
    ...publicKey,
    challenge: toBytes(publicKey.challenge),
    allowCredentials: named(publicKey.allowCredentials),
  },
});

const PARTS = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];

const asJSON = (credential) => {
  const response = {};
  for (const part of PARTS) {
    if (credential.response[part]) {
      response[part] = toText(credential.response[part]);
    }
  }
  return {
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
};

const optionsOf = async (form) => {
  if (form.dataset.options) {
    return JSON.parse(form.dataset.options);
  }
  const answer = await fetch(form.dataset.optionsUrl, {
    headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" },
  });
  if (!answer.ok) {
    throw new Error("The server gave no options.");
  }
  return (await answer.json()).request_options;
};

const say = (form, words) => {
  const place = form.querySelector("[data-passkey-said]");
  place.textContent = words;
  place.hidden = false;
};

const ask = async (form) => {
  const options = await optionsOf(form);
  const making = form.dataset.passkey === "create";
  const credential = making
    ? await navigator.credentials.create(forCreating(options))
    : await navigator.credentials.get(forGetting(options));
  form.elements.credential.value = JSON.stringify(asJSON(credential));
};

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!window.PublicKeyCredential) {
      say(form, "This browser does not know passkeys. Choose another way, or another browser.");
      return;
    }
    try {
      await ask(form);
    } catch (error) {
      say(
        form,
        error.name === "InvalidStateError"
          ? "This device holds a passkey for this account already."
          : "Nothing came of it: you stopped, it took too long, or this device has no passkey " +
              "that fits. Press the button to try again.",
      );
      return;
    }
    form.submit();
  });
}
