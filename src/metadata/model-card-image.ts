import type { Hex } from "../base/hex.ts";

/** What the picture shows. */
export interface ModelCardContent {
  readonly name: string;
  readonly modelDigest: Hex;
  readonly task?: string | undefined;
  readonly license?: string | undefined;
  readonly version?: string | undefined;
  readonly metrics?: readonly { name: string; value: number | string }[] | undefined;
}

const MAX_METRICS = 3;
const CELLS = 8;

/**
 * Draws the model card as SVG: name, task, metrics, licence, short digest, and a pattern that
 * follows from the digest. Equal input gives equal bytes.
 */
export function drawModelCard(content: ModelCardContent): string {
  const { name, task, license, version, modelDigest, metrics = [] } = content;
  const facts = [
    ["task", task],
    ["licence", license],
    ["version", version],
    ...metrics.slice(0, MAX_METRICS).map((metric) => [metric.name, formatValue(metric.value)]),
  ].filter((fact): fact is [string, string] => fact[1] !== undefined);
  const hue = Number.parseInt(modelDigest.slice(2, 6), 16) % 360;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 600" width="600" height="600" font-family="Helvetica,Arial,sans-serif">`,
    `<rect width="600" height="600" fill="hsl(${hue},35%,12%)"/>`,
    drawPattern(modelDigest, hue),
    `<text x="40" y="80" font-size="36" font-weight="bold" fill="#fff">${escapeXml(shorten(name, 28))}</text>`,
    ...facts.map(([label, value], i) => drawFact(label, value, 130 + i * 58)),
    `<text x="40" y="560" font-size="20" font-family="monospace" fill="#fff">${shortDigest(modelDigest)}</text>`,
    `</svg>`,
  ].join("\n");
}

function drawFact(label: string, value: string, y: number): string {
  return (
    `<text x="40" y="${y}" font-size="16" fill="#b8c0cc">${escapeXml(shorten(label, 24))}</text>` +
    `<text x="40" y="${y + 24}" font-size="22" fill="#fff">${escapeXml(shorten(value, 30))}</text>`
  );
}

// One byte of the digest decides the shade of one cell, four to each half of the mirrored rows.
function drawPattern(digest: Hex, hue: number): string {
  const bytes = Buffer.from(digest.slice(2), "hex");
  const cells: string[] = [];
  for (let row = 0; row < CELLS; row++) {
    for (let column = 0; column < CELLS / 2; column++) {
      const lightness = 20 + Math.floor(((bytes[row * 4 + column] as number) * 50) / 255);
      for (const x of [column, CELLS - 1 - column]) {
        cells.push(
          `<rect x="${400 + x * 20}" y="${400 + row * 20}" width="20" height="20" fill="hsl(${hue},60%,${lightness}%)"/>`,
        );
      }
    }
  }
  return cells.join("");
}

function formatValue(value: number | string): string {
  return typeof value === "number" ? String(Number(value.toPrecision(4))) : value;
}

function shortDigest(digest: Hex): string {
  return `${digest.slice(0, 10)}…${digest.slice(-8)}`;
}

function shorten(text: string, max: number): string {
  const characters = [...text];
  return characters.length <= max ? text : `${characters.slice(0, max - 1).join("")}…`;
}

const XML_ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;" };

function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[&<>"']/g, (character) => XML_ENTITIES[character] as string)
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "");
}
