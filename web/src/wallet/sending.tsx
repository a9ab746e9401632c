import { useState } from "preact/hooks";
import type { SendStep } from "../engine/send.ts";
import { STRINGS } from "../strings.ts";

const TEXT = STRINGS.wallet;

/** How far something that a wallet sends is. */
export type Outcome = { readonly step: SendStep } | { readonly done: string } | { readonly fault: string };

/** Something that a wallet is asked to send, and how far it is. */
export interface Sent {
  readonly outcome: Outcome | undefined;
  readonly isBusy: boolean;
  readonly fail: (fault: string) => void;
  /** @param work - does it; what it returns is said at the end */
  readonly run: (work: (onStep: (step: SendStep) => void) => Promise<string>) => Promise<void>;
}

/** Follows what a wallet is asked to send. */
export function useSending(): Sent {
  const [outcome, setOutcome] = useState<Outcome>();
  return {
    outcome,
    isBusy: outcome !== undefined && "step" in outcome,
    fail: (fault) => setOutcome({ fault }),
    run: async (work) => {
      setOutcome({ step: "network" });
      try {
        setOutcome({ done: await work((step) => setOutcome({ step })) });
      } catch (error) {
        setOutcome({ fault: (error as Error).message });
      }
    },
  };
}

/** Tells how far it is, and how it ended. */
export function SendingStatus({ outcome }: Pick<Sent, "outcome">) {
  return (
    <>
      <p role="status">
        {outcome === undefined || "fault" in outcome ? "" : "step" in outcome ? TEXT.steps[outcome.step] : outcome.done}
      </p>
      {outcome !== undefined && "fault" in outcome && (
        <p class="fault" role="alert">
          {outcome.fault}
        </p>
      )}
    </>
  );
}
