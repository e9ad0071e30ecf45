// Number keys choose an answer on the six-point scale, only while the focus is on one of its
// answers: anywhere else they do nothing, and in the box for the reason they are typed.
for (const group of document.querySelectorAll("[data-number-keys]")) {
  group.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.type !== "radio") {
      return;
    }
    const answer = group.querySelector(`input[type=radio][value="${CSS.escape(event.key)}"]`);
    if (answer && /^[1-6]$/.test(event.key)) {
      event.preventDefault();
      answer.focus();
      answer.click();
    }
  });
}
