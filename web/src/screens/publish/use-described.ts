import { useEffect, useState } from "preact/hooks";
import type { Draft } from "../../adapters/kept-drafts.ts";
import { type Described, describe } from "../../engine/publish/describe.ts";

const PAUSE_MS = 150;
/** Stands for an account that is not known yet. */
export const NOBODY = `0x${"0".repeat(40)}`;

/** What the draft would record, made anew when what is typed pauses. */
export function useDescribed({ id, read, form, picture, registry }: Draft, creator = NOBODY): Described | undefined {
  const [described, setDescribed] = useState<Described>();
  useEffect(() => {
    let isGone = false;
    const [, chainId = "1", address = NOBODY] = registry.split(":");
    const work = async () => {
      const found = await describe(
        { id, read, form, ...(picture && { picture }) },
        { chainId: BigInt(chainId), address, creator },
      );
      if (!isGone) setDescribed(found);
    };
    const timer = setTimeout(() => void work(), PAUSE_MS);
    return () => {
      isGone = true;
      clearTimeout(timer);
    };
  }, [read, form, picture, registry, creator]);
  return described;
}
