import { isRecord } from "../is-record.ts";
import { type JsonRpcError, NodeFault, wordsOf } from "./node-error.ts";

/** A question to a node. @see JSON-RPC 2.0 */
export interface JsonRpcRequest {
  readonly jsonrpc: "2.0";
  readonly id: number;
  readonly method: string;
  readonly params: unknown;
}

/** What a node answers: one of both. */
export type JsonRpcAnswer =
  { readonly id: number; readonly result: unknown } | { readonly id: number; readonly error: JsonRpcError };

/**
 * Reads an answer that may be anything. An error counts whatever the status is: services send theirs with 200 and with 400.
 *
 * @throws {NodeFault} `unreadable`, `silent`, `refused`
 */
export function readAnswer(
  text: string,
  { status, headers }: Pick<Response, "status" | "headers">,
  { id }: Pick<JsonRpcRequest, "id">,
): JsonRpcAnswer {
  const answer = parseObject(text);
  const error = answer?.["error"];
  if (error !== undefined && error !== null) return { id, error: toError(error) };
  if (status === 429 || (status === 503 && headers.has("retry-after"))) {
    return { id, error: { code: 429, message: sayHttp(status, text) } };
  }
  if (status < 200 || status > 299) throw new NodeFault(kindOfStatus(status), sayHttp(status, text));
  if (answer === undefined) throw new NodeFault("unreadable", `${describe(text)} instead of JSON-RPC`);
  if (!("result" in answer)) throw new NodeFault("unreadable", "JSON with neither a result nor an error");
  if (answer["id"] === id) return { id, result: answer["result"] };
  throw new NodeFault("unreadable", `the answer to another question (${wordsOf(JSON.stringify(answer["id"]))})`);
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const json = JSON.parse(text) as unknown;
    const answer: unknown = Array.isArray(json) && json.length === 1 ? json[0] : json;
    return isRecord(answer) ? answer : undefined;
  } catch {
    return undefined;
  }
}

function toError(error: unknown): JsonRpcError {
  if (typeof error !== "object" || error === null) return { code: -32603, message: wordsOf(error) };
  const { code, message, data } = error as JsonRpcError;
  const said = typeof message === "string" ? message : wordsOf(message ?? "an error without words");
  return {
    code: Number.isSafeInteger(Number(code)) ? Number(code) : -32603,
    message: said,
    ...(data !== undefined && { data }),
  };
}

/** Nobody is asked again for these: the URL is wrong, or who asks may not. */
function kindOfStatus(status: number): "silent" | "refused" {
  return status < 400 || [401, 403, 404, 405, 407, 410].includes(status) ? "silent" : "refused";
}

function sayHttp(status: number, text: string): string {
  return `HTTP ${status}${/^\s*(<|$)/.test(text) ? "" : `, ${wordsOf(text.trim().slice(0, 100))}`}`;
}

function describe(text: string): string {
  return /^\s*</.test(text) ? "a web page" : text === "" ? "nothing" : `${text.length} characters`;
}
