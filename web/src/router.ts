import { computed, signal } from "@preact/signals";

/** Where the page stands: what follows `#`, taken apart. */
export interface Place {
  /** Begins with a slash. */
  readonly path: string;
  readonly query: URLSearchParams;
}

const hash = signal(location.hash);
addEventListener("hashchange", () => (hash.value = location.hash));

/** The place that is shown. */
export const place = computed((): Place => readPlace(hash.value));

/** Reads a place from what follows `#`, which anybody may have written. */
export function readPlace(text: string): Place {
  const [path = "", query = ""] = text.replace(/^#/, "").split("?", 2);
  return { path: path.startsWith("/") ? path : `/${path}`, query: new URLSearchParams(query) };
}

/**
 * Compares a path with a pattern, `/:registry/:token`.
 *
 * @returns what stands for each name, decoded; undefined where the path is another one
 */
export function matchPath(pattern: string, path: string): Readonly<Record<string, string>> | undefined {
  const wanted = pattern.split("/").filter(Boolean);
  const parts = path.split("/").filter(Boolean);
  if (wanted.length !== parts.length) return undefined;
  const found: Record<string, string> = {};
  for (const [i, part] of parts.entries()) {
    const name = wanted[i] as string;
    if (!name.startsWith(":")) {
      if (name !== part) return undefined;
    } else found[name.slice(1)] = decode(part);
  }
  return found;
}

/** Goes to a path of this page. */
export function goTo(path: string): void {
  location.hash = path;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
