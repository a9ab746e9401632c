import { BOX, type Drawing, type DrawnBox, type DrawnLine, MARKS, visibleName } from "model-provenance-nft/core";
import { memo } from "preact/compat";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { STRINGS } from "../../strings.ts";
import { nearest } from "./neighbours.ts";
import { type Size, type View, useView } from "./use-view.ts";

const TEXT = STRINGS.lineage;
const LINE_HEIGHT = 17;
// Below this nobody reads a text, and thousands of them are slow to draw.
const READABLE = 0.35;
const STEP = 1.3;

/** The lineage as it is drawn: moved by dragging and by the arrow keys, which go from model to model. */
export function Graph({ drawing }: { readonly drawing: Drawing }) {
  const start = startOf(drawing);
  const middle = useMemo(() => ({ x: start.x + BOX.width / 2, y: start.y + BOX.height / 2 }), [start]);
  const { ref, view, size, setView, zoom, showAll } = useView(drawing, middle);
  const [current, setCurrent] = useState(start.key);
  const wanted = useRef<string | undefined>(undefined);

  useEffect(() => {
    if (wanted.current === undefined) return;
    const element = ref.current?.querySelector<SVGElement>(`[data-key="${CSS.escape(wanted.current)}"]`);
    if (!element) return; // it is drawn after the view has moved there
    wanted.current = undefined;
    element.focus({ preventScroll: true });
  });

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const zooms: Readonly<Record<string, () => void>> = {
      "+": () => zoom(STEP),
      "=": () => zoom(STEP),
      "-": () => zoom(1 / STEP),
      "0": showAll,
    };
    const target = nearest(drawing, current, event.key);
    if (zooms[event.key] === undefined && target === undefined) return;
    event.preventDefault();
    zooms[event.key]?.();
    if (target === undefined) return;
    wanted.current = target.key;
    setCurrent(target.key);
    setView((now) => bringIn(now, size, target));
  };

  return (
    <div class="graph">
      <p class="buttons graph-buttons">
        <button type="button" class="plain small" onClick={() => zoom(STEP)} aria-label={TEXT.zoomIn}>
          +
        </button>
        <button type="button" class="plain small" onClick={() => zoom(1 / STEP)} aria-label={TEXT.zoomOut}>
          −
        </button>
        <button type="button" class="plain small" onClick={showAll}>
          {TEXT.showAll}
        </button>
      </p>
      <svg
        ref={ref}
        class="graph-view"
        style={{ height: `min(70vh, max(20rem, ${Math.round(drawing.height)}px))` }}
        role="group"
        aria-label={TEXT.graphLabel}
        onKeyDown={onKeyDown}
      >
        <g transform={`translate(${view.x} ${view.y}) scale(${view.k})`}>
          <Content drawing={drawing} current={current} onFocus={setCurrent} {...seenBy(view, size)} />
        </g>
      </svg>
      <p class="hint">{TEXT.keys}</p>
    </div>
  );
}

function startOf({ boxes }: Drawing): DrawnBox {
  const start = boxes.find(({ isStart }) => isStart);
  if (start === undefined) throw new Error("A lineage has a model that it is of.");
  return start;
}

interface Seen {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly isReadable: boolean;
}

/** What is seen, in steps: a small move draws nothing anew. */
function seenBy({ x, y, k }: View, { width, height }: Size): Seen {
  const step = 300 / k;
  const [left, top] = [Math.floor(-x / k / step) - 1, Math.floor(-y / k / step) - 1];
  const [right, bottom] = [Math.ceil((width - x) / k / step) + 1, Math.ceil((height - y) / k / step) + 1];
  return {
    left: left * step,
    top: top * step,
    right: right * step,
    bottom: bottom * step,
    isReadable: k >= READABLE,
  };
}

const Content = memo(function Content(
  props: Seen & {
    readonly drawing: Drawing;
    readonly current: string;
    readonly onFocus: (key: string) => void;
  },
) {
  const { drawing, current, onFocus, left, top, right, bottom, isReadable } = props;
  const places = useMemo(() => new Map(drawing.boxes.map((box) => [box.key, box])), [drawing]);
  const boxes = drawing.boxes.filter(
    ({ x, y }) => x < right && x + BOX.width > left && y < bottom && y + BOX.height > top,
  );
  const lines = drawing.lines.filter(({ parent, child }) => {
    const [a, b] = [places.get(parent) as DrawnBox, places.get(child) as DrawnBox];
    const [low, high] = [Math.min(a.y, b.y), Math.max(a.y, b.y)];
    return (
      Math.min(a.x, b.x) < right && Math.max(a.x, b.x) + BOX.width > left && low < bottom && high + BOX.height > top
    );
  });
  return (
    <>
      {lines.map((line) => (
        <Line key={`${line.parent} ${line.child}`} line={line} isReadable={isReadable} />
      ))}
      {boxes.map((box) => (
        <Box key={box.key} box={box} isReadable={isReadable} isReachable={box.key === current} onFocus={onFocus} />
      ))}
    </>
  );
});

function Line({ line, isReadable }: { readonly line: DrawnLine; readonly isReadable: boolean }) {
  const { path, tip, labels, labelAt, isEndorsed, isLoose, title } = line;
  return (
    <g class={`edge${isEndorsed ? "" : " edge-claimed"}${isLoose ? " edge-loose" : ""}`} aria-hidden="true">
      <title>{title}</title>
      <path class="edge-path" d={path} />
      <path class="edge-tip" d={tip} />
      {isReadable &&
        labels.map((label, i) => (
          <text key={label} x={labelAt.x} y={labelAt.y - (labels.length - 1 - i) * 14}>
            {label}
          </text>
        ))}
    </g>
  );
}

function Box(props: {
  readonly box: DrawnBox;
  readonly isReadable: boolean;
  readonly isReachable: boolean;
  readonly onFocus: (key: string) => void;
}) {
  const { box, isReadable, isReachable, onFocus } = props;
  const { key, x, y, kind, isStart, lines, title } = box;
  const content = (
    <>
      {kind === "outside" && <title>{visibleName(title)}</title>}
      <rect width={BOX.width} height={BOX.height} />
      <path
        class="box-mark"
        d={MARKS[kind]}
        fill-rule="evenodd"
        transform={isReadable ? `translate(${BOX.width - 18} ${BOX.height - 18})` : "translate(118 59) scale(5)"}
      />
      {isReadable &&
        lines.map((line, i) => (
          <text key={i} x={12} y={22 + i * LINE_HEIGHT}>
            {`${visibleName(line)} `}
          </text>
        ))}
    </>
  );
  const common = {
    class: `box box-${kind}${isStart ? " box-start" : ""}`,
    transform: `translate(${x} ${y})`,
    "data-key": key,
    tabIndex: isReachable ? 0 : -1,
    onFocus: () => onFocus(key),
  };
  // What is known here alone can be opened.
  if (kind === "outside" || kind === "unknown") {
    return (
      <g role="img" aria-label={`${lines.map(visibleName).join(" ")} (${visibleName(title)})`} {...common}>
        {content}
      </g>
    );
  }
  return (
    <a
      href={`#/${key}`}
      draggable={false}
      aria-label={isReadable ? undefined : lines.map(visibleName).join(" ")}
      {...common}
    >
      {content}
    </a>
  );
}

/** Moves a view as little as needed for a box to be seen. */
function bringIn(view: View, { width, height }: Size, { x, y }: DrawnBox): View {
  const shift = (at: number, length: number, whole: number) => {
    const room = Math.min(24, Math.max(0, (whole - length) / 2));
    return at < room ? room - at : at + length > whole - room ? whole - room - at - length : 0;
  };
  return {
    ...view,
    x: view.x + shift(view.x + x * view.k, BOX.width * view.k, width),
    y: view.y + shift(view.y + y * view.k, BOX.height * view.k, height),
  };
}
