import { spawn } from "node:child_process";
import { once } from "node:events";

const OPENERS: Partial<Record<NodeJS.Platform, readonly [command: string, ...args: string[]]>> = {
  darwin: ["open"],
  win32: ["cmd", "/c", "start", ""],
};

/**
 * Opens an address in the browser of whoever sits here, by what the platform has for it.
 *
 * @returns whether the platform's opener took it; false where there is none, or it found no browser
 */
export async function openBrowser(url: string, environment: NodeJS.ProcessEnv = process.env): Promise<boolean> {
  const [command, ...args] = OPENERS[process.platform] ?? ["xdg-open"];
  const opener = spawn(command, [...args, url], { env: environment, stdio: "ignore", detached: true });
  opener.unref(); // A browser stays when this process ends.
  try {
    const [exitCode] = (await once(opener, "exit")) as [number | null];
    return exitCode === 0;
  } catch {
    return false;
  }
}
