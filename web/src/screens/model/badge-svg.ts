import { shorten } from "../../parts/format.ts";

const HEIGHT = 20;
const DIGIT = 6.6;
const LEFT = 66;

/**
 * Draws a badge for a model card: that a model is recorded, and as what. It never says a status: a picture would go on saying
 * "active" after a recall.
 *
 * @param tokenId - 0x-hex of 32 bytes
 */
export function drawBadge(tokenId: string): string {
  const id = shorten(/^0x[0-9a-f]{64}$/i.test(tokenId) ? tokenId.toLowerCase() : "0x");
  const right = Math.round([...id].length * DIGIT) + 16;
  const width = LEFT + right;
  const text = (x: number, length: number, font: string, words: string) =>
    `<text x="${x}" y="14" font-family="${font}" font-size="11" fill="#fff" text-anchor="middle" textLength="${length}">${words}</text>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${HEIGHT}" role="img" aria-label="recorded ${id}">`,
    `<title>recorded ${id}</title>`,
    `<path fill="#12171b" d="M0 0h${LEFT}v${HEIGHT}H0z"/><path fill="#0a48b8" d="M${LEFT} 0h${right}v${HEIGHT}H${LEFT}z"/>`,
    text(LEFT / 2, LEFT - 16, "Verdana, 'DejaVu Sans', sans-serif", "recorded"),
    text(LEFT + right / 2, right - 16, "ui-monospace, 'DejaVu Sans Mono', monospace", id),
    "</svg>",
  ].join("");
}
