// What was written into a public form and not sent yet stays in this tab: a reload or a lost connection takes nothing.
// Never who wrote it and how to reach them; and all of it goes when the form has arrived, or with the tab.
(() => {
  const PREFIX = "typed:"; // as in desk.js, which forgets these when somebody signs out
  const KEPT = ["words", "value", "ground", "field"];
  const form = document.querySelector("form[data-kept]");
  const sent = document.querySelector("[data-forget]");
  if (sent) {
    for (const key of Object.keys(sessionStorage)) {
      if (key.startsWith(PREFIX + sent.dataset.forget)) sessionStorage.removeItem(key);
    }
  }
  if (!form) return;
  for (const name of KEPT) {
    const field = form.elements[name], place = `${PREFIX}${form.dataset.kept}:${name}`;
    if (!field) continue;
    const first = field.value, kept = sessionStorage.getItem(place);
    const blank = field.tagName === "SELECT" ? field.options[0].value : "";
    if (kept && first === blank) field.value = kept;
    field.addEventListener("input", () => sessionStorage.setItem(place, field.value));
  }
})();
