import { getAddress } from "ethers";

/** A message by which an account signs in. @see EIP-4361 */
export interface SiweMessage {
  /** Of the URL that the user sees; absent where the message names none. */
  readonly scheme?: string;
  /** Host, and port where it is not the scheme's own. */
  readonly domain: string;
  /** With EIP-55 checksum. */
  readonly address: string;
  /** A sentence for people, on one line. */
  readonly statement?: string;
  readonly uri: string;
  readonly version: "1";
  readonly chainId: bigint;
  /** At least eight letters and digits. */
  readonly nonce: string;
  /** RFC 3339, as the following two. */
  readonly issuedAt: string;
  readonly expirationTime?: string;
  readonly notBefore?: string;
  readonly requestId?: string;
  readonly resources?: readonly string[];
}

/** A longer message is none: ours have about 500 characters. */
export const MAX_MESSAGE_LENGTH = 4096;

const REQUEST = / wants you to sign in with your Ethereum account:$/;
// RFC 3986: unreserved, reserved and percent-encoded characters.
const URI = /^[A-Za-z][A-Za-z0-9+.-]*:(?:[A-Za-z0-9._~:/?#[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*$/;
const AUTHORITY = /^(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2}|\[[0-9A-Fa-f:.]+\])+(?::\d{1,5})?$/;
const STATEMENT = /^[A-Za-z0-9._~:/?#[\]@!$&'()*+,;= -]+$/;
const DATE_TIME = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d{1,9})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;
const REQUEST_ID = /^(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})*$/;

/** Writes a message as it is signed. What {@link parseSiweMessage} reads of it is the same message. */
export function formatSiweMessage(message: SiweMessage): string {
  const { scheme, domain, address, statement, resources } = message;
  const lines = [
    `${scheme === undefined ? "" : `${scheme}://`}${domain} wants you to sign in with your Ethereum account:`,
    address,
    "",
    ...(statement === undefined ? [] : [statement]),
    "",
    `URI: ${message.uri}`,
    `Version: ${message.version}`,
    `Chain ID: ${message.chainId}`,
    `Nonce: ${message.nonce}`,
    `Issued At: ${message.issuedAt}`,
    ...(message.expirationTime === undefined ? [] : [`Expiration Time: ${message.expirationTime}`]),
    ...(message.notBefore === undefined ? [] : [`Not Before: ${message.notBefore}`]),
    ...(message.requestId === undefined ? [] : [`Request ID: ${message.requestId}`]),
    ...(resources === undefined ? [] : ["Resources:", ...resources.map((uri) => `- ${uri}`)]),
  ];
  return lines.join("\n");
}

/**
 * Reads a message by the grammar of EIP-4361, and nothing beside it: what is shown in a wallet is exactly what was read.
 *
 * @returns undefined for anything else
 */
export function parseSiweMessage(text: string): SiweMessage | undefined {
  if (text.length > MAX_MESSAGE_LENGTH) return undefined;
  const message = readLines(text.split("\n"));
  return message !== undefined && isWellFormed(message) && formatSiweMessage(message) === text ? message : undefined;
}

function readLines(lines: readonly string[]): SiweMessage | undefined {
  const [first = "", address = "", ...below] = lines;
  const place = /^(?:([A-Za-z][A-Za-z0-9+.-]*):\/\/)?(.*)$/.exec(first.replace(REQUEST, ""));
  if (!REQUEST.test(first) || place === null) return undefined;
  const hasStatement = below[1] !== "";
  const fields = new Fields(below.slice(hasStatement ? 3 : 2));
  const uri = fields.take("URI");
  const version = fields.take("Version");
  const chainId = fields.take("Chain ID");
  const nonce = fields.take("Nonce");
  const issuedAt = fields.take("Issued At");
  const optional = {
    scheme: place[1],
    statement: hasStatement ? below[1] : undefined,
    expirationTime: fields.take("Expiration Time"),
    notBefore: fields.take("Not Before"),
    requestId: fields.take("Request ID"),
    resources: fields.takeResources(),
  };
  if (uri === undefined || version !== "1" || nonce === undefined || issuedAt === undefined) return undefined;
  if (chainId === undefined || !/^\d{1,32}$/.test(chainId)) return undefined;
  const given = Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined));
  return { domain: place[2] as string, address, uri, version, chainId: BigInt(chainId), nonce, issuedAt, ...given };
}

/** Takes the lines of a message one after the other. */
class Fields {
  #lines: readonly string[];

  constructor(lines: readonly string[]) {
    this.#lines = lines;
  }

  take(label: string): string | undefined {
    const [line, ...rest] = this.#lines;
    if (line === undefined || !line.startsWith(`${label}: `)) return undefined;
    this.#lines = rest;
    return line.slice(label.length + 2);
  }

  takeResources(): readonly string[] | undefined {
    const [line, ...rest] = this.#lines;
    return line === "Resources:" ? rest.map((entry) => entry.replace(/^- /, "")) : undefined;
  }
}

function isWellFormed(message: SiweMessage): boolean {
  const { statement, requestId, resources = [] } = message;
  const times = [message.issuedAt, message.expirationTime, message.notBefore];
  return (
    AUTHORITY.test(message.domain) &&
    isChecksummed(message.address) &&
    (statement === undefined || STATEMENT.test(statement)) &&
    URI.test(message.uri) &&
    /^[A-Za-z0-9]{8,}$/.test(message.nonce) &&
    times.every((time) => time === undefined || isDateTime(time)) &&
    (requestId === undefined || REQUEST_ID.test(requestId)) &&
    resources.every((uri) => URI.test(uri))
  );
}

function isChecksummed(address: string): boolean {
  try {
    return /^0x[0-9a-fA-F]{40}$/.test(address) && getAddress(address) === address;
  } catch {
    return false;
  }
}

/** RFC 3339 in upper case; a day that its month has not, and a leap second, are refused. */
function isDateTime(text: string): boolean {
  const [, year, month, day, hour, minute, second] = (DATE_TIME.exec(text) ?? []).map(Number);
  if (year === undefined || month === undefined || day === undefined) return false;
  const date = new Date(Date.UTC(year, month - 1, day));
  const isDay = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return isDay && (hour as number) < 24 && (minute as number) < 60 && (second as number) < 60;
}
