// Shows how much of a file has been sent, and looks now and then whether a check is over. Without
// this the form is sent like any other, and a link leads to the result.

const area = document.querySelector("[data-upload]");
const form = area?.querySelector("form");

const percent = (done, all) => (all ? Math.floor((done * 100) / all) : 0);

const movedOn = (address) =>
  Boolean(address) && new URL(address).pathname !== window.location.pathname;

const send = (event) => {
  const input = form.querySelector("input[type=file]");
  const file = input.files[0];
  const said = area.querySelector("[data-upload-said]");
  const progress = area.querySelector("[data-upload-progress]");
  if (!file) {
    return; // the server says what is missing, as it does without a script
  }
  event.preventDefault();
  const refuse = (words) => {
    progress.hidden = true;
    said.textContent = words;
    said.classList.add("ds_question__error-message");
    form.querySelector("button[type=submit]").disabled = false;
    input.focus();
  };
  if (file.size > Number(input.dataset.most)) {
    refuse(input.dataset.tooLarge);
    return;
  }
  said.classList.remove("ds_question__error-message");
  said.textContent = "Sending your file.";
  progress.hidden = false;
  form.querySelector("button[type=submit]").disabled = true;
  const request = new XMLHttpRequest();
  let told = 0;
  request.upload.addEventListener("progress", ({ loaded, total }) => {
    const now = percent(loaded, total);
    progress.querySelector("progress").value = now;
    progress.querySelector("[data-upload-words]").textContent = `${now} per cent sent`;
    if (now >= told + 25) {
      told = now;
      said.textContent = now < 100 ? `${now} per cent sent.` : "Sent. Keeping it safe.";
    }
  });
  request.addEventListener("load", () => {
    let answer = {};
    try {
      answer = JSON.parse(request.responseText);
    } catch {
      answer = {};
    }
    const ended = answer.sign_in || (movedOn(request.responseURL) && request.responseURL);
    if (answer.next || ended) {
      window.location.assign(answer.next || ended); // signed out by time: nothing of it was kept
    } else if (request.status === 403) {
      refuse("You have signed in again since this page was opened. Load it again, then send it.");
    } else {
      refuse(answer.error || "The file could not be received. Nothing of it is kept. Try again.");
    }
  });
  request.addEventListener("error", () => {
    refuse("The connection broke. Nothing of the file is kept. Send it again.");
  });
  request.open("POST", window.location.href);
  request.setRequestHeader("Accept", "application/json");
  request.send(new FormData(form));
};

form?.addEventListener("submit", send);

const checking = document.querySelector("[data-checking]");
if (checking) {
  let pause = 1000;
  const look = async () => {
    try {
      const answer = await fetch(window.location.href, {
        credentials: "same-origin",
        headers: { "Sightline-Background": "yes" }, // waiting is no sign that anybody is there
      });
      if (answer.ok && !(await answer.text()).includes("data-checking")) {
        window.location.reload();
        return;
      }
    } catch {
      // offline for a moment: look again later
    }
    pause = Math.min(pause * 1.5, 10000);
    window.setTimeout(look, pause);
  };
  window.setTimeout(look, pause);
}
