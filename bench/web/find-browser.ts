import { existsSync } from "node:fs";

const BROWSERS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** The Chromium of this machine. @throws where there is none */
export function findBrowser(): string {
  const found = BROWSERS.find((path) => existsSync(path));
  if (found === undefined) throw new Error("This needs Chromium (.ci/install-peers).");
  return found;
}
