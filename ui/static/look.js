// Before Streamlit starts: its shade is the one chosen here. Then: what its own markup leaves out for those who cannot see it.
(() => {
  const root = document.documentElement;
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
    const [red, green, blue] = getComputedStyle(document.body).backgroundColor.match(/\d+/g) ?? [255, 255, 255];
    root.dataset.shade = Number(red) + Number(green) + Number(blue) < 384 ? "dark" : "light";
  });
})();
