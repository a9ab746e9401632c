import type { Drawing, DrawnBox } from "model-provenance-nft/core";

/** The box that an arrow key leads to from another: along the lines to the left and right, else the next in its row. */
export function nearest({ boxes, lines }: Drawing, from: string, key: string): DrawnBox | undefined {
  const places = new Map(boxes.map((box) => [box.key, box]));
  const here = places.get(from);
  if (here === undefined) return undefined;
  const linked = (keys: readonly string[]) => closest(here, keys.map((one) => places.get(one) as DrawnBox)); // prettier-ignore
  const row = boxes.filter((box) => box.x === here.x);
  switch (key) {
    case "ArrowLeft":
      return linked(lines.filter(({ child }) => child === from).map(({ parent }) => parent));
    case "ArrowRight":
      return linked(lines.filter(({ parent }) => parent === from).map(({ child }) => child));
    case "ArrowUp":
      return closest(
        here,
        row.filter(({ y }) => y < here.y),
      );
    case "ArrowDown":
      return closest(
        here,
        row.filter(({ y }) => y > here.y),
      );
    case "Home":
      return boxes.find(({ isStart }) => isStart);
    default:
      return undefined;
  }
}

function closest({ y }: DrawnBox, boxes: readonly DrawnBox[]): DrawnBox | undefined {
  return boxes.reduce<DrawnBox | undefined>(
    (best, box) => (best === undefined || Math.abs(box.y - y) < Math.abs(best.y - y) ? box : best),
    undefined,
  );
}
