import names from "./hub-names.json" with { type: "json" };
import { isRepoId, toHubUri } from "./repo-id.ts";

const LOCAL_NAME = new RegExp(names.localNames);
const REVISION = /^[\w][\w./-]{0,127}$/;
const MAX_URI = 2048;

/** What a card's text for a model or a data set names: a repository of the Hub, something else on the web, or a path. */
export type CardName =
  | { readonly kind: "hub"; readonly id: string; readonly uri: string }
  | { readonly kind: "web"; readonly uri: string }
  | { readonly kind: "path" }
  | { readonly kind: "text" };

/**
 * Reads how a card names a model or a data set: `owner/name`, its address on the Hub, another https address, or a path of the
 * machine where it was trained.
 *
 * @param revision - as the card gives it beside the name
 */
export function readCardName(text: string, type: "models" | "datasets", revision?: string): CardName {
  const local = text.replace(/^file:(\/\/)?/i, "");
  if (local !== text || isPath(text)) return { kind: "path" };
  const onHub = readAddress(text, type);
  if (onHub !== undefined) return hubName(onHub.id, type, onHub.revision ?? revision);
  if (/^https:\/\//i.test(text)) return isPublic(text) ? { kind: "web", uri: text } : { kind: "text" };
  if (isRepoId(text)) return hubName(text, type, revision);
  return text.includes("/") && !/\s/.test(text) && !text.includes(":") ? { kind: "path" } : { kind: "text" };
}

function hubName(id: string, type: "models" | "datasets", revision: string | undefined): CardName {
  const isRevision =
    revision !== undefined && REVISION.test(revision) && !revision.includes("..") && revision !== "main";
  const uri = toHubUri({ id: type === "models" ? id : `datasets/${id}`, ...(isRevision && { revision }) });
  return { kind: "hub", id, uri };
}

function isPath(text: string): boolean {
  if (/^([/.~\\]|[A-Za-z]:[\\/])/.test(text) || (text.includes("\\") && !/\s/.test(text))) return true;
  if (text.includes(":")) return false;
  const parts = text.split("/");
  return names.localFolders.includes((parts.length > 1 && parts[0]) || "") || LOCAL_NAME.test(parts.at(-1) ?? "");
}

/** `https://huggingface.co/owner/name/tree/revision`, without a scheme, or `hf://owner/name@revision`. */
function readAddress(text: string, type: "models" | "datasets") {
  const hub = /^hf:(?:\/\/)?([^@]+)(?:@(.+))?$/.exec(text);
  const [, host, path] = /^(?:https?:\/\/)?([\w.-]+)\/([^?#]*)/i.exec(text) ?? [];
  if (hub === null && (path === undefined || !names.hosts.includes((host ?? "").toLowerCase()))) return undefined;
  const parts = (hub?.[1] ?? path ?? "").split("/").filter((part) => part !== "");
  if (parts[0] === type) parts.shift();
  const at = parts.findIndex((part, i) => i > 0 && /^(tree|blob|resolve|raw|commit)$/.test(part));
  const id = (at === -1 ? parts : parts.slice(0, at)).join("/").replace(/\.git$/, "");
  const revision = hub?.[2] ?? (at === -1 ? undefined : parts[at + 1]);
  return isRepoId(id) ? { id, ...(revision !== undefined && { revision }) } : undefined;
}

/** An address that says nothing but where: no credentials, no query, a name of the web. */
function isPublic(text: string): boolean {
  if (text.length > MAX_URI || !URL.canParse(text)) return false;
  const { username, password, search, hostname } = new URL(text);
  return (
    username === "" &&
    password === "" &&
    search === "" &&
    /\.[a-z]{2,}$/i.test(hostname) &&
    !/\.(local|lan|internal)$/i.test(hostname)
  );
}
