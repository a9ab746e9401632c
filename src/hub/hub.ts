import type * as HuggingFace from "@huggingface/hub";
import { ProvenanceError } from "../base/errors.ts";
import { loadOptional } from "../base/optional-package.ts";
import { hideCredentials } from "../base/url-secrets.ts";
import { type AnswerLimits, type PoliteFetch, type PoliteFetchOptions, createPoliteFetch } from "./polite-fetch.ts";

/** The Hub that is used unless another is named. */
export const HUB_ENDPOINT = "https://huggingface.co";

/** A Hugging Face Hub, and how it is asked. */
export interface Hub {
  /** Without a slash at the end. */
  readonly endpoint: string;
  readonly accessToken?: string;
  readonly fetch: PoliteFetch;
}

/** Options of {@link openHub}. */
export interface HubOptions extends Omit<PoliteFetchOptions, "endpoint"> {
  /** An http(s) URL: the Hub itself, or a mirror of it. */
  readonly endpoint?: string;
  /** An access token, `hf_…`: what it may read can be imported. */
  readonly accessToken?: string;
}

/**
 * Opens a Hub; nothing is asked of it yet.
 *
 * @throws {ProvenanceError} `OPTION_INVALID` for an endpoint that is no http(s) URL, `HUB_TOKEN_INVALID` for a token of
 *   another form
 */
export function openHub({ endpoint = HUB_ENDPOINT, accessToken, ...options }: HubOptions = {}): Hub {
  if (!URL.canParse(endpoint) || !/^https?:$/.test(new URL(endpoint).protocol)) {
    throw new ProvenanceError(
      "OPTION_INVALID",
      `HF_ENDPOINT takes an http(s) URL, got ${JSON.stringify(hideCredentials(endpoint))}.`,
    );
  }
  if (accessToken !== undefined && !/^hf_\w+$/.test(accessToken)) {
    throw new ProvenanceError(
      "HUB_TOKEN_INVALID",
      "HF_TOKEN does not look like a token of the Hub: it begins with hf_.",
    );
  }
  const base = endpoint.replace(/\/+$/, "");
  return {
    endpoint: base,
    ...(accessToken !== undefined && { accessToken }),
    fetch: createPoliteFetch({ ...options, endpoint: base }),
  };
}

/** What is used of the Hub's client. */
export type HubClient = Pick<typeof HuggingFace, "downloadFile" | "listFiles" | "listModels" | "modelInfo">;

/**
 * Loads the Hub's client, where it is used: it takes longer than a small model.
 *
 * @throws {ProvenanceError} `OPTIONAL_PACKAGE_MISSING`
 */
export async function loadHubClient(): Promise<HubClient> {
  const load = async () => import("@huggingface/hub");
  return loadOptional(load, "Models of the Hub are read with its own client", "@huggingface/hub", "@huggingface/tasks");
}

const MAX_PAGES = 20_000;
const MAX_EMPTY_PAGES = 10;

/**
 * Makes a `fetch` for one listing, which ends: no page is asked for twice, and no more than a few have nothing in them.
 *
 * @param limits - of each page
 * @throws {ProvenanceError} (the requests) `HUB_ANSWER_INVALID`, and as the Hub's
 */
export function fetchPages(hub: Hub, limits: AnswerLimits): typeof fetch {
  const asked = new Set<string>();
  let empty = 0;
  const fetchPage = hub.fetch(limits);
  return async (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    const endless = asked.has(url) || asked.size === MAX_PAGES || empty > MAX_EMPTY_PAGES;
    if (endless) throw new ProvenanceError("HUB_ANSWER_INVALID", `What the Hub lists of ${limits.what} has no end.`);
    asked.add(url);
    const response = await fetchPage(input, init);
    const text = await response.text();
    empty = text.trim() === "[]" ? empty + 1 : 0;
    return new Response(text, { status: response.status, headers: response.headers });
  };
}

/** What every function of the Hub's client takes. */
export function clientOptions({ endpoint, accessToken }: Hub): { hubUrl: string; accessToken?: string } {
  return { hubUrl: endpoint, ...(accessToken !== undefined && { accessToken }) };
}
