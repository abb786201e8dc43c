// Before Streamlit starts: its shade is the one chosen here. Then: what its own markup leaves out for those who cannot see it.
(() => {
  const root = document.documentElement;
  // It would first look for its server below the page's own address, and find nothing there.
  window.__streamlit = {BACKEND_BASE_URL: location.origin};
  const PAPER = 630;  // pixels of A4 between its margins, less those of a frame
  const shade = {light: "Light", dark: "Dark"}[root.dataset.theme] ?? "System";
  try {
    localStorage.setItem(`stActiveTheme-${location.pathname}-v2`, JSON.stringify(shade));
  } catch { /* a browser that keeps nothing follows its system */ }

  addEventListener("DOMContentLoaded", () => {
    document.getElementById("skip")?.addEventListener("click", (event) => {
      event.preventDefault();
      const main = document.querySelector("[data-testid=stMain]");
      main?.setAttribute("tabindex", "-1");
      main?.focus();
    });
  });
  // A dark page is printed black on white: style sheets cannot see which shade is on the screen.
  addEventListener("beforeprint", () => {
    const [red, green, blue, seen = 1] = (getComputedStyle(document.body).backgroundColor.match(/[\d.]+/g) ?? [255, 255, 255]).map(Number);
    // Where the sheet for paper holds already, the ground tells nothing: then it is what was chosen, or the system's.
    const chosen = root.dataset.theme === "dark" || (root.dataset.theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
    root.dataset.shade = (seen ? red + green + blue < 384 : chosen) ? "dark" : "light";
    // A table is painted as wide as the screen: it is made as small as it must be to show all its columns.
    for (const table of document.querySelectorAll("[data-testid=stDataFrame]")) {
      const box = table.closest("[data-testid=stElementContainer]");
      const inner = table.querySelector(".dvn-stack");
      box?.style.setProperty("--fit", Math.min(1, PAPER / Math.max(1, inner?.scrollWidth ?? 0, table.clientWidth)));
    }
  });
})();
