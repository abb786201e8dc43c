// The keys that Streamlit cannot bind, and the words that are typed and not sent yet.
(() => {
  const WRITTEN = "input:not([type=checkbox]):not([type=radio]):not([type=file]), textarea, select";
  const TYPED = "input:not([type=checkbox]):not([type=radio]):not([type=file]):not([type=password]), textarea";

  // "/" goes to the search box, "?" opens the help: never while somebody types, and with no other key held.
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || event.isComposing) return;
    const at = event.target;
    if (at instanceof Element && (at.isContentEditable || at.matches(WRITTEN))) return;
    if (document.querySelector("[role=dialog]")) return;
    const found = {"/": ".st-key-queue-words input", "?": ".st-key-shortcuts-help button"}[event.key];
    const target = found && document.querySelector(found);
    if (!target) return;
    event.preventDefault();
    if (event.key === "/") target.focus(); else target.click();
  });

  // A session that ends, a lost connection or a reload takes nothing that was typed: the tab keeps it under the
  // place's name, which holds the person, the thing and its version, and puts it back into the same empty field.
  const PREFIX = "typed:";
  const name = (field) => {
    const place = field.closest("[class*=st-key-typed-]");
    const key = place && [...place.classList].find((one) => one.startsWith("st-key-typed-"));
    return key && field.getAttribute("aria-label") ? PREFIX + key + ":" + field.getAttribute("aria-label") : null;
  };
  const keep = (event) => {
    const field = event.target;
    if (!(field instanceof Element) || !field.matches(TYPED)) return;
    const place = name(field);
    if (!place) return;
    if (field.value) sessionStorage.setItem(place, field.value); else sessionStorage.removeItem(place);
  };
  const put = (field) => {
    const place = name(field);
    const kept = place && sessionStorage.getItem(place);
    // A text that is edited as it stands (`over-`) is put over it: under this name it has the same version.
    const free = !field.value || (place.includes("-over-") && field.value !== kept);
    if (!kept || !free || field.dataset.offered) return;
    field.dataset.offered = "yes";
    const kind = field.tagName === "TEXTAREA" ? HTMLTextAreaElement : HTMLInputElement;
    Object.getOwnPropertyDescriptor(kind.prototype, "value").set.call(field, kept);
    field.dispatchEvent(new Event("input", {bubbles: true}));
    field.dispatchEvent(new FocusEvent("focusout", {bubbles: true}));
  };
  const look = (node) => {
    if (!(node instanceof Element)) return;
    if (node.matches(TYPED)) put(node);
    node.querySelectorAll(TYPED).forEach(put);
  };
  document.addEventListener("input", keep, true);
  new MutationObserver((changes) => {
    for (const change of changes) change.addedNodes.forEach(look);
  }).observe(document.documentElement, {subtree: true, childList: true});

  // Who signs out leaves nothing behind in this tab.
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element && event.target.closest("a[href]");
    if (!link || new URL(link.href, location.href).pathname !== "/logout") return;
    for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
  }, true);
})();
