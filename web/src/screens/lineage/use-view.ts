import { useEffect, useRef, useState } from "preact/hooks";

/** Which part of a drawing is seen: a point of the drawing stands at `x + k * point.x`. */
export interface View {
  readonly x: number;
  readonly y: number;
  /** Pixels a unit of the drawing. */
  readonly k: number;
}

/** The size of what shows it, in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

const SMALLEST = 0.02;
const LARGEST = 3;

/** A view that is moved by dragging, by two fingers, by Ctrl and the wheel, and by whoever calls. */
export function useView(drawing: Size, middle: { readonly x: number; readonly y: number }) {
  const ref = useRef<SVGSVGElement>(null);
  const [size, setSize] = useState<Size>({ width: 800, height: 500 });
  const [view, setView] = useState<View>({ x: 0, y: 0, k: 1 });
  const fit = (to: Size) => {
    const k = Math.min(1, to.width / drawing.width, to.height / drawing.height);
    // What would be too small to read begins at the model that was asked for.
    const readable = Math.max(k, Math.min(0.8, to.width / 400));
    const at = (length: number, whole: number, point: number) =>
      whole * readable <= length ? (length - whole * readable) / 2 : length / 2 - point * readable;
    return {
      k: readable,
      x: at(to.width, drawing.width, middle.x),
      y: at(to.height, drawing.height, middle.y),
    };
  };
  const showAll = () => {
    const k = Math.max(SMALLEST, Math.min(1, size.width / drawing.width, size.height / drawing.height));
    setView({ k, x: (size.width - drawing.width * k) / 2, y: (size.height - drawing.height * k) / 2 });
  };
  const zoom = (by: number, at = { x: size.width / 2, y: size.height / 2 }) => setView((now) => zoomed(now, by, at));

  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const measure = () => ({ width: element.clientWidth || 800, height: element.clientHeight || 500 });
    setView(fit(measure()));
    const observer = new ResizeObserver(() => setSize(measure()));
    observer.observe(element);
    const stop = followPointers(element, setView);
    return () => {
      observer.disconnect();
      stop();
    };
  }, [drawing.width, drawing.height, middle.x, middle.y]);

  return { ref, view, size, setView, zoom, showAll };
}

function zoomed(view: View, by: number, at: { readonly x: number; readonly y: number }): View {
  const k = Math.max(SMALLEST, Math.min(LARGEST, view.k * by));
  const share = k / view.k;
  return { k, x: at.x - (at.x - view.x) * share, y: at.y - (at.y - view.y) * share };
}

function followPointers(element: SVGSVGElement, setView: (change: (now: View) => View) => void): () => void {
  const down = new Map<number, { x: number; y: number }>();
  const placeOf = (event: PointerEvent | WheelEvent) => {
    const { left, top } = element.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  const press = (event: PointerEvent) => void down.set(event.pointerId, placeOf(event));
  const release = (event: PointerEvent) => void down.delete(event.pointerId);
  const drag = (event: PointerEvent) => {
    const before = down.get(event.pointerId);
    if (before === undefined) return;
    const now = placeOf(event);
    if (Math.hypot(now.x - before.x, now.y - before.y) < 2) return;
    // Whoever drags does not follow the link below the pointer.
    if (!element.hasPointerCapture(event.pointerId)) element.setPointerCapture(event.pointerId);
    const other = [...down].find(([id]) => id !== event.pointerId)?.[1];
    down.set(event.pointerId, now);
    if (other === undefined) {
      setView((view) => ({ ...view, x: view.x + now.x - before.x, y: view.y + now.y - before.y }));
    } else {
      const apart = (point: { x: number; y: number }) => Math.hypot(point.x - other.x, point.y - other.y);
      const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 };
      setView((view) => zoomed(view, apart(now) / Math.max(1, apart(before)), middle));
    }
  };
  const wheel = (event: WheelEvent) => {
    if (!event.ctrlKey && !event.metaKey) return; // the page scrolls
    event.preventDefault();
    setView((view) => zoomed(view, Math.exp(-event.deltaY / 300), placeOf(event)));
  };
  element.addEventListener("pointerdown", press);
  element.addEventListener("pointermove", drag);
  for (const name of ["pointerup", "pointercancel", "lostpointercapture"] as const) {
    element.addEventListener(name, release);
  }
  element.addEventListener("wheel", wheel, { passive: false });
  return () => {
    element.removeEventListener("pointerdown", press);
    element.removeEventListener("pointermove", drag);
    for (const name of ["pointerup", "pointercancel", "lostpointercapture"] as const) {
      element.removeEventListener(name, release);
    }
    element.removeEventListener("wheel", wheel);
  };
}
