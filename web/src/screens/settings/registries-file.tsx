import { useSignal } from "@preact/signals";
import { FileField } from "../../parts/file-field.tsx";
import { change, keepRegistry, settings } from "../../state/settings.ts";
import { STRINGS } from "../../strings.ts";

const TEXT = STRINGS.settings.file;

/** Takes the registries of a file that the command takes, too: chosen, or dropped on the field. */
export function RegistriesFile() {
  const fault = useSignal<string | undefined>(undefined);
  const added = useSignal("");
  const read = async (file: File) => {
    try {
      const { readRegistriesFile } = await import("../../engine/registries-file.ts");
      const { registries, withoutNode, indexer, publishers } = await readRegistriesFile(
        file,
        settings.value.publishers,
      );
      for (const registry of registries) keepRegistry(registry);
      change({ publishers, ...(indexer !== undefined && { indexer }) });
      added.value = TEXT.added(registries.length);
      fault.value = withoutNode.length === 0 ? undefined : TEXT.withoutNode(withoutNode.join(", "));
    } catch (error) {
      added.value = "";
      fault.value = (error as Error).message;
    }
  };
  return (
    <div class="form">
      <FileField label={TEXT.label} hint={TEXT.hint} fault={fault.value} onChosen={(file) => void read(file)} />
      <p role="status">{added.value}</p>
    </div>
  );
}
