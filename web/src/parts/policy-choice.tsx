import { useSignal } from "@preact/signals";
import { change, settings } from "../state/settings.ts";
import { STRINGS } from "../strings.ts";
import { FileField } from "./file-field.tsx";

const TEXT = STRINGS.policy;

/** The policy by which verdicts decide besides: chosen, shown with what it asks for, and let go. */
export function PolicyChoice() {
  const fault = useSignal<string | undefined>(undefined);
  const { policy } = settings.value;
  if (policy !== undefined) {
    return (
      <div class="asked">
        <p>
          {TEXT.by} <strong>{policy.name}</strong>: {policy.rules.join(", ") || TEXT.nothingAsked}
        </p>
        <p class="buttons">
          <button type="button" class="plain small" onClick={() => change({ policy: undefined })}>
            {TEXT.drop}
          </button>
        </p>
      </div>
    );
  }
  const read = async (file: File) => {
    try {
      const { readPolicyFile } = await import("../engine/policy.ts");
      change({ policy: await readPolicyFile(file) });
      fault.value = undefined;
    } catch (error) {
      fault.value = (error as Error).message;
    }
  };
  return <FileField label={TEXT.label} hint={TEXT.hint} fault={fault.value} onChosen={(file) => void read(file)} />;
}
