// Keeps what is typed, and ends a session nobody uses. Pages work without it: there is a Save button,
// and a form that comes too late is kept by the server.
//
// Nothing is stored in the browser: the next person at this machine must find nothing.
const settings = document.querySelector('meta[name="sightline-saving"]');
const PAUSE = 1000; // milliseconds without a key before saving
const LONGEST_WAIT = 5000; // however long somebody goes on typing
const TRY_AGAIN = 4000;
const LONGEST_TEXT = 200_000; // the server says so too, unless it is too long to be read at all
const TOO_LONG = "Not saved. This text is too long: 200,000 characters can be kept. Divide it.";
const NOT_SAVED = "Not saved. Your words are still on this page. Try again";

// The cookie has the token of now; the page may be older than the last sign-in in another tab.
const csrf = () =>
  document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ??
  document.querySelector("input[name=csrfmiddlewaretoken]")?.value ??
  "";
const signInAddress = () => {
  const here = window.location.pathname + window.location.search;
  return `${settings.dataset.signIn}?next=${encodeURIComponent(here)}`;
};
let leaving = false;
const goToSignIn = (address) => {
  leaving = true;
  document.querySelector("main")?.replaceChildren();
  window.location.replace(address || signInAddress());
};

// Sends fields and gives the answer. `null`: it is not known whether they arrived.
const send = async (address, fields, { activity, keepalive = false } = {}) => {
  try {
    const answer = await fetch(address, {
      method: "POST",
      body: fields,
      headers: {
        Accept: "application/json",
        "X-CSRFToken": csrf(),
        [activity ? "Sightline-Activity" : "Sightline-Background"]: "yes",
      },
      credentials: "same-origin",
      redirect: "manual",
      keepalive,
    });
    const said = await answer.json().catch(() => ({}));
    return { ok: answer.ok, status: answer.status, ...said };
  } catch {
    return null;
  }
};

// One box or form whose words are saved: soon after typing stops, one request at a time.
class Keeper {
  constructor(form) {
    this.form = form;
    this.changed = false; // something was typed since the last request began
    this.busy = null;
    this.timer = 0;
    this.since = 0;
    this.sent = false;
    this.refused = false; // the same again would be refused again
    form.addEventListener("input", (event) => this.typed(event));
    form.addEventListener("submit", (event) => {
      if (!event.defaultPrevented) {
        this.sent = true;
        window.clearTimeout(this.timer);
      }
    });
  }

  typed(event) {
    if (!this.counts(event.target)) {
      return;
    }
    this.changed = true;
    this.sent = this.refused = false;
    this.since ||= Date.now();
    this.wait(Math.max(0, Math.min(PAUSE, this.since + LONGEST_WAIT - Date.now())));
  }

  wait(milliseconds, again = false) {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.save({ again }), milliseconds);
  }

  get unsaved() {
    return !this.sent && (this.changed || this.refused || this.busy !== null);
  }

  async save({ again = false, keepalive = false } = {}) {
    if (this.busy && !keepalive) {
      await this.busy;
    }
    if (!this.changed || this.sent || leaving) {
      return;
    }
    window.clearTimeout(this.timer);
    this.changed = false;
    this.since = 0;
    const typedAfter = () => this.changed;
    this.busy = this.request({ activity: !again, keepalive }).then((done) => {
      this.busy = null;
      if (!done && !this.sent) {
        this.changed = true;
        this.wait(TRY_AGAIN, !typedAfter());
      }
    });
    await this.busy;
  }
}

// A text with versions.
class SavedText extends Keeper {
  constructor(form) {
    super(form);
    this.status = form.querySelector("[data-status]");
    this.notices = form.querySelector("[data-notices]");
    this.pending = null;
  }

  // What is sent of it, to know whether it has changed since.
  get text() {
    return this.form.elements.text.value;
  }

  counts(target) {
    return target === this.form.elements.text;
  }

  say(words, state = "", link = "") {
    if (this.status.textContent !== words + link) {
      this.status.textContent = words;
      this.status.dataset.state = state;
      if (link) {
        const anchor = document.createElement("a");
        anchor.href = link;
        anchor.textContent = "Look at both versions";
        this.status.append(" ", anchor);
      }
    }
  }

  async request({ activity, keepalive }) {
    // A request of which nothing was heard is sent again as it was, with the same token, before
    // anything else; what was typed since follows.
    if (!this.pending) {
      const fields = new FormData(this.form);
      this.pending = { fields, text: this.text };
      this.form.elements.token.value = crypto.randomUUID?.() ?? newToken();
    }
    const { fields, text } = this.pending;
    this.say("Saving…");
    const said = await send(this.form.action, asQuery(fields), { activity, keepalive });
    if (said?.status === 401) {
      this.pending = null;
      goToSignIn(said.sign_in);
      return true;
    }
    if (said?.saved) {
      this.pending = null;
      this.form.elements.based_on.value = said.saved;
      this.say(`Saved at ${said.at}`);
      this.notice(said.notices ?? []);
    } else if (said?.clash) {
      this.pending = null;
      if (said.on) {
        this.form.elements.based_on.value = said.on; // what is typed next goes on from it
      }
      this.say(said.message, "clash", said.url);
    } else {
      const unsaid = said && text.length > LONGEST_TEXT ? TOO_LONG : NOT_SAVED;
      this.say(said?.message ? `Not saved. ${said.message}` : unsaid, "failed");
      this.refused = Boolean(said && said.status >= 400 && said.status < 500);
      if (this.refused) {
        this.pending = null;
      }
      return this.refused;
    }
    if (this.text !== text) {
      this.changed = true;
      this.wait(PAUSE);
    }
    return true;
  }

  notice(sentences) {
    this.notices.replaceChildren(
      ...sentences.map((sentence) => {
        const item = document.createElement("li");
        item.textContent = sentence;
        return item;
      }),
    );
    this.notices.hidden = sentences.length === 0;
  }
}

// A whole form that is saved as one: every box and every choice in it.
class SavedForm extends SavedText {
  get text() {
    const fields = new FormData(this.form);
    for (const name of ["csrfmiddlewaretoken", "sightline_typed", "based_on", "token"]) {
      fields.delete(name);
    }
    return new URLSearchParams(fields).toString();
  }

  counts(target) {
    return Boolean(target.name) && target.type !== "hidden";
  }
}

// What is typed in any other form, kept for this person until they send it.
class Draft extends Keeper {
  constructor(form) {
    super(form);
    this.sitting = form.querySelector("input[name=sightline_sitting]");
    if (!this.sitting) {
      this.sitting = document.createElement("input");
      this.sitting.type = "hidden";
      this.sitting.name = "sightline_sitting";
      form.append(this.sitting);
    }
    this.sitting.value = newToken();
    this.status = null;
  }

  counts(target) {
    return Boolean(target.name) && !["hidden", "password", "file"].includes(target.type);
  }

  say(words) {
    if (!this.status) {
      this.status = document.createElement("p");
      this.status.className = "sl-quiet";
      this.status.setAttribute("role", "status");
      this.form.append(this.status);
    }
    if (this.status.textContent !== words) {
      this.status.textContent = words;
    }
  }

  async request({ activity, keepalive }) {
    const fields = new FormData(this.form);
    for (const box of this.form.elements) {
      if (box.name && ["password", "file"].includes(box.type)) {
        fields.delete(box.name);
      }
    }
    const said = await send(settings.dataset.typed, asQuery(fields), { activity, keepalive });
    if (said?.status === 401) {
      goToSignIn(said.sign_in);
      return true;
    }
    if (said?.ok) {
      if (said.kept) {
        this.say("What you typed is kept for you until you send it.");
      }
      return true;
    }
    this.say(said?.message ? `Not kept. ${said.message}` : NOT_SAVED);
    this.refused = Boolean(said && said.status >= 400 && said.status < 500);
    return this.refused;
  }
}

const asQuery = (fields) => {
  const query = new URLSearchParams();
  for (const [name, value] of fields) {
    if (typeof value === "string" && name !== "csrfmiddlewaretoken") {
      query.append(name, value);
    }
  }
  return query;
};

// `crypto.randomUUID` is missing where the page came without HTTPS from another machine.
const newToken = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
};

let keepers = [];
const saveAll = (how) => Promise.all(keepers.map((keeper) => keeper.save(how)));

// The end of the session.
class Ending {
  constructor() {
    this.warnBefore = Number(settings.dataset.warnBefore);
    this.dialog = null;
    this.plan(Number(settings.content));
  }

  plan(seconds) {
    window.clearTimeout(this.timer);
    const warnIn = seconds - this.warnBefore;
    this.timer =
      warnIn > 0
        ? window.setTimeout(() => this.look(), warnIn * 1000)
        : window.setTimeout(() => this.look(), Math.max(0, seconds) * 1000 + 500);
  }

  // Something may have been done in another tab, or by saving: only the server knows.
  async look() {
    await saveAll({ again: true });
    let seconds = null;
    try {
      const answer = await fetch(settings.dataset.session, {
        headers: { Accept: "application/json", "Sightline-Background": "yes" },
        redirect: "manual",
        cache: "no-store",
      });
      seconds = answer.ok ? (await answer.json()).seconds : 0;
    } catch {
      this.cover();
      return;
    }
    if (seconds <= 0) {
      goToSignIn();
      return;
    }
    if (seconds <= this.warnBefore) {
      this.warn();
    } else {
      this.close();
    }
    this.plan(seconds);
  }

  warn() {
    if (!this.dialog) {
      this.dialog = document.createElement("dialog");
      this.dialog.className = "sl-ending";
      this.dialog.setAttribute("aria-labelledby", "sl-ending-title");
      const title = document.createElement("h2");
      title.id = "sl-ending-title";
      title.textContent = `You will be signed out in ${inWords(this.warnBefore)} to protect the records`;
      const kept = document.createElement("p");
      kept.textContent = "What you have typed is kept, and will be here when you sign in again.";
      const stay = document.createElement("button");
      stay.type = "button";
      stay.className = "ds_button sl-button";
      stay.textContent = "Stay signed in";
      stay.addEventListener("click", () => this.stay());
      this.dialog.append(title, kept, stay);
      this.dialog.addEventListener("cancel", (event) => {
        event.preventDefault();
        this.stay();
      });
      document.body.append(this.dialog);
    }
    if (!this.dialog.open) {
      this.dialog.showModal();
    }
  }

  close() {
    this.dialog?.close();
  }

  async stay() {
    this.close();
    const said = await send(settings.dataset.session, new URLSearchParams(), { activity: true });
    if (said?.ok) {
      this.plan(said.seconds);
    } else {
      this.look();
    }
  }

  // The service does not answer: hide the page, and keep what is typed on it until it does.
  cover() {
    const main = document.querySelector("main");
    if (main && !main.hidden) {
      main.hidden = true;
      this.close();
      this.covered = document.createElement("p");
      this.covered.setAttribute("role", "alert");
      this.covered.className = "sl-wrapper";
      this.covered.textContent =
        "The service cannot be reached, so this page is hidden to protect the records. " +
        "Your words are still on it. Leave it open: it comes back by itself.";
      main.before(this.covered);
    }
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(async () => {
      await this.look();
      if (main?.hidden && !leaving && (await reachable())) {
        main.hidden = false;
        this.covered?.remove();
      }
    }, 10_000);
  }
}

const reachable = async () => {
  try {
    return (await fetch(settings.dataset.session, { redirect: "manual", headers: { "Sightline-Background": "yes" } })).ok;
  } catch {
    return false;
  }
};

const inWords = (seconds) =>
  seconds >= 60
    ? `${Math.round(seconds / 60)} minute${Math.round(seconds / 60) === 1 ? "" : "s"}`
    : `${seconds} seconds`;

if (settings) {
  keepers = [
    ...[...document.querySelectorAll("form[data-saved-text]")].map((form) =>
      form.dataset.savedText === "all" ? new SavedForm(form) : new SavedText(form),
    ),
    ...[...document.querySelectorAll("form:not([data-saved-text], .sl-put-back)")]
      .filter((form) => form.querySelector("input[name=sightline_typed]"))
      .map((form) => new Draft(form)),
  ];
  const ending = new Ending();

  window.addEventListener("beforeunload", (event) => {
    if (!leaving && keepers.some((keeper) => keeper.unsaved)) {
      event.preventDefault();
    }
  });
  // The page may never come back: what is unsent goes out with it.
  window.addEventListener("pagehide", () => {
    saveAll({ keepalive: true });
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") {
      saveAll({ again: true });
    } else {
      ending.look();
    }
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) {
      ending.look();
      for (const keeper of keepers) {
        keeper.sent = false;
        if (keeper.sitting) {
          keeper.sitting.value = newToken();
        }
      }
    }
  });
}
