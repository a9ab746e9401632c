let isKept = false;

/** Keeps the page for when there is no network; where a browser has no service workers, it is not kept. */
export async function keepPage(): Promise<void> {
  if (isKept || !isSecureContext || !("serviceWorker" in navigator)) return;
  isKept = true;
  try {
    await navigator.serviceWorker.register("./sw.js");
    const { active } = await navigator.serviceWorker.ready;
    const loaded = performance.getEntriesByType("resource").map(({ name }) => name);
    active?.postMessage([location.href.split(/[?#]/)[0], new URL("./config.json", location.href).href, ...loaded]);
  } catch {
    // Then a network is needed.
  }
}
