import { useEffect } from "preact/hooks";
import type { Draft } from "../../adapters/kept-drafts.ts";
import { Result } from "./result.tsx";
import { Review } from "./review.tsx";
import { Statement } from "./statement.tsx";
import { isReviewed } from "./steps.tsx";

/** What the steps after the files are given. */
export interface WorkProps {
  readonly draft: Draft;
}

/** The step that a draft stands at. */
export default function Work({ draft }: WorkProps) {
  const { id, signed, done } = draft;
  useEffect(() => {
    isReviewed.value = false;
  }, [id]);
  if (done !== undefined) return <Result draft={draft} done={done} />;
  if (signed !== undefined || isReviewed.value) return <Review draft={draft} />;
  return <Statement draft={draft} />;
}
