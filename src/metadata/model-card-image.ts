import type { Hex } from "../base/hex.ts";
import { fitText, measureText } from "./text-width.ts";

/** What the picture shows. */
export interface ModelCardContent {
  readonly name: string;
  readonly modelDigest: Hex;
  /** Address of who publishes it. */
  readonly publisher?: string | undefined;
  readonly task?: string | undefined;
  /** Number of parameters. */
  readonly parameters?: number | string | undefined;
  readonly license?: string | undefined;
  readonly baseModel?: string | undefined;
  readonly version?: string | undefined;
  readonly metrics?: readonly { name: string; value: number | string }[] | undefined;
}

const MAX_METRICS = 3;
const FIRST_FACT = 150;
const LAST_LINE = 560;
/** The largest distance from one fact to the next. */
const FACT_HEIGHT = 62;
// The frame's inside, and the column left of the pattern.
const LEFT = 40;
const INNER_WIDTH = 520;
const FACT_WIDTH = 258;
// A long name is written smaller before it is shortened.
const NAME_SIZES = [38, 34, 30, 26];
const SMALLEST_NAME = 23;

/**
 * Draws the model card as SVG: name, publisher, facts, short digest, and the pattern in the colours that the registry's own
 * picture of the token has, so that a recalled model is recognised. Equal input gives equal bytes.
 */
export function drawModelCard(content: ModelCardContent): string {
  const { name, modelDigest, publisher, metrics = [] } = content;
  const facts = [
    ["task", content.task],
    ["parameters", content.parameters === undefined ? undefined : formatCount(content.parameters)],
    ["licence", content.license],
    ["base model", content.baseModel],
    ["version", content.version],
    ...metrics.slice(0, MAX_METRICS).map((metric) => [metric.name, formatValue(metric.value)]),
  ].filter((fact): fact is [string, string] => fact[1] !== undefined);
  const size = NAME_SIZES.find((one) => measureText(name, one, true) <= INNER_WIDTH) ?? SMALLEST_NAME;
  const step = Math.min(FACT_HEIGHT, Math.floor((LAST_LINE - FIRST_FACT) / Math.max(facts.length, 1)));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 600" width="600" height="600" font-family="Helvetica,Arial,sans-serif">`,
    `<rect width="600" height="600" fill="#0f172a"/>`,
    `<rect x="9" y="9" width="582" height="582" rx="27" fill="none" stroke="${colorOf(modelDigest, 0)}" stroke-width="6"/>`,
    `<text x="${LEFT}" y="76" font-size="${size}" font-weight="bold" fill="#f8fafc">${escapeXml(fitText(name, INNER_WIDTH, size, true))}</text>`,
    ...(publisher === undefined
      ? []
      : [
          `<text x="40" y="108" font-size="17" font-family="monospace" fill="#94a3b8">by ${escapeXml(publisher)}</text>`,
        ]),
    ...facts.map(([label, value], i) => drawFact(label, value, FIRST_FACT + i * step)),
    ...drawDigest(modelDigest, facts.length > 0),
    `</svg>`,
  ].join("\n");
}

/** The pattern and the short digest: beside the facts, or in the middle. The registry's pattern fills 320 by 272 at (40, 40). */
function drawDigest(digest: Hex, isBeside: boolean): string[] {
  const [place, text] = isBeside
    ? ["translate(280 132) scale(.8 1)", `x="312" y="500"`]
    : ["translate(50 95) scale(1.25)", `x="300" y="535" text-anchor="middle"`];
  return [
    `<g transform="${place}">${drawPattern(digest)}</g>`,
    `<text ${text} font-size="21" font-family="monospace" fill="#f8fafc">${shortDigest(digest)}</text>`,
  ];
}

function drawFact(label: string, value: string, y: number): string {
  return (
    `<text x="40" y="${y}" font-size="15" fill="#94a3b8">${escapeXml(fitText(label, FACT_WIDTH, 15))}</text>` +
    `<text x="40" y="${y + 24}" font-size="21" fill="#f8fafc">${escapeXml(fitText(value, FACT_WIDTH, 21))}</text>`
  );
}

/** One cell for each of the 256 bits, as `Svg.pattern` of the contracts draws it. */
function drawPattern(digest: Hex): string {
  const bits = BigInt(digest).toString(2).padStart(256, "0");
  const draw = (bit: string, [dx, dy]: readonly [number, number], cell: string) =>
    [...bits]
      .map((own, i) => (own === bit ? `M${40 + (i % 16) * 20 + dx} ${40 + Math.floor(i / 16) * 17 + dy}${cell}` : ""))
      .join("");
  return (
    `<path fill="${colorOf(digest, 0)}" d="${draw("1", [1, 1], "h18v15h-18z")}"/>` +
    `<path fill="${colorOf(digest, 1)}" opacity=".5" d="${draw("0", [8, 7], "h4v3h-4z")}"/>`
  );
}

/** From yellow-green over blue to violet: red and amber are the colours of recalls. */
function colorOf(digest: Hex, index: 0 | 1): string {
  const seed = Number((BigInt(digest) >> BigInt(index * 16)) & 0xffffn);
  return `hsl(${80 + Math.floor((seed * 220) / 65_536)},70%,${index === 0 ? 62 : 48}%)`;
}

/** 6738415616 is 6.74 B. */
function formatCount(value: number | string): string {
  const count = Number(value);
  if (!Number.isFinite(count)) return String(value);
  const power = Math.min(Math.max(Math.floor(Math.log10(Math.max(count, 1)) / 3), 0), 4);
  return `${Number((count / 1000 ** power).toPrecision(3))} ${["", "K", "M", "B", "T"][power] as string}`.trimEnd();
}

function formatValue(value: number | string): string {
  return typeof value === "number" ? String(Number(value.toPrecision(4))) : value;
}

function shortDigest(digest: Hex): string {
  return `${digest.slice(0, 10)}…${digest.slice(-8)}`;
}

const XML_ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;" };

function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[&<>"']/g, (character) => XML_ENTITIES[character] as string)
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "");
}
