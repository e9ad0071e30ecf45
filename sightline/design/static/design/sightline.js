// Improves pages that already work without it. A module, so it runs after the page is read and after
// the design system, which leaves itself in `window.DS`. (Importing it here instead would fetch it a
// second time, under the name that carries no hash.)
document.documentElement.classList.add("js-enabled");

const designSystem = window.DS;
if (designSystem) {
  // The design system also records clicks for a tag manager. We have none and want none.
  designSystem.base.tools.tracking.init = () => {};
  designSystem.initAll();
}

// People who sent a form with faults are taken to the list of them.
document.querySelector("[data-focus]")?.focus();

// On a narrow screen the side navigation starts folded.
const narrow = window.matchMedia("(max-width: 47.99em)");
const foldSide = () => {
  for (const fold of document.querySelectorAll(".sl-side__fold")) {
    fold.open = !narrow.matches;
  }
};
foldSide();
narrow.addEventListener("change", foldSide);

// The account menu closes when one leaves it, or with Escape while in it.
for (const menu of document.querySelectorAll(".sl-account__menu")) {
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) {
      menu.open = false;
    }
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.open) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) {
      menu.open = false;
    }
  });
}

// A form is sent once, however often its button is pressed.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) {
    return;
  }
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
  }
});

// Print everything that is folded away, then fold it again.
let opened = [];
window.addEventListener("beforeprint", () => {
  opened = [...document.querySelectorAll("main details:not([open])")];
  for (const details of opened) {
    details.open = true;
  }
});
window.addEventListener("afterprint", () => {
  for (const details of opened) {
    details.open = false;
  }
});
