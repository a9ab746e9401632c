import { useEffect, useRef, useState } from "preact/hooks";

/** The part of a long list that is drawn. */
export interface VirtualRows {
  /** Of the element that scrolls. */
  readonly ref: { current: HTMLDivElement | null };
  readonly first: number;
  /** One past the last. */
  readonly end: number;
  /** Scrolls until a row is seen. */
  readonly show: (row: number) => void;
}

const BEYOND = 8;

/**
 * Draws only the rows that are seen and some beyond, whatever the length of the list.
 *
 * @param height - of every row, in pixels
 * @param headHeight - of the head that stays at the top, in pixels
 */
export function useVirtualRows(count: number, height: number, headHeight: number): VirtualRows {
  const ref = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState({ top: 0, height: 800 });
  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const look = () => setSeen({ top: element.scrollTop, height: element.clientHeight });
    const observer = new ResizeObserver(look);
    observer.observe(element);
    element.addEventListener("scroll", look, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", look);
    };
  }, []);
  const first = Math.max(0, Math.min(count, Math.floor(seen.top / height)) - BEYOND);
  const end = Math.min(count, Math.ceil((seen.top + seen.height) / height) + BEYOND);
  const show = (row: number) => {
    const element = ref.current;
    if (element === null) return;
    const [top, bottom] = [row * height, (row + 1) * height + headHeight];
    if (top < element.scrollTop) element.scrollTop = top;
    else if (bottom > element.scrollTop + element.clientHeight) element.scrollTop = bottom - element.clientHeight;
    setSeen({ top: element.scrollTop, height: element.clientHeight });
  };
  return { ref, first, end, show };
}
