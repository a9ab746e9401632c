import { useEffect, useRef, useState } from "preact/hooks";
import type { Picked } from "../../adapters/picked-files.ts";
import { digestData } from "../../engine/publish/digest-data.ts";
import { FileDrop } from "../../parts/file-drop.tsx";
import { formatBytes } from "../../parts/format.ts";
import { STRINGS } from "../../strings.ts";

const TEXT = STRINGS.publish.fieldFiles;
// The command's file of contributors has no more.
const MAX_TEXT_BYTES = 1024 * 1024;

/** Hashes training data, and gives their digest to a field: nothing of them is sent or kept. */
export function DataDigest({ onDigest }: { readonly onDigest: (digest: string) => void }) {
  const [state, setState] = useState<{ readonly text: string; readonly isFault?: boolean }>();
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);
  const hash = async (picked: Picked | undefined) => {
    running.current?.abort();
    if (picked === undefined) return setState({ text: STRINGS.verify.nothing, isFault: true });
    const run = new AbortController();
    running.current = run;
    const total = formatBytes(picked.files.reduce((sum, { file }) => sum + file.size, 0));
    let done = 0;
    setState({ text: TEXT.hashing(formatBytes(0), total) });
    try {
      const onBytes = (bytes: number) => {
        done += bytes;
        setState({ text: TEXT.hashing(formatBytes(done), total) });
      };
      const digest = await digestData(picked, { onBytes, signal: run.signal });
      setState({ text: TEXT.hashed(picked.name, total) });
      onDigest(digest);
    } catch (error) {
      if (!run.signal.aborted) setState({ text: (error as Error).message, isFault: true });
    }
  };
  const choosers = [{ name: TEXT.dataFolder, isFolder: true }, { name: TEXT.dataFile }];
  return (
    <FileDrop choosers={choosers} onPicked={(picked) => void hash(picked)}>
      {state !== undefined && (
        <p class={state.isFault ? "fault" : "quiet"} role={state.isFault ? "alert" : "status"}>
          {state.text}
        </p>
      )}
    </FileDrop>
  );
}

/** Takes a file of contributors into a field. */
export function ContributorsFile({ onText }: { readonly onText: (text: string) => void }) {
  const [fault, setFault] = useState<string>();
  const read = async (picked: Picked | undefined) => {
    const [only, ...others] = picked?.files ?? [];
    if (only === undefined || others.length > 0 || only.file.size > MAX_TEXT_BYTES) return setFault(TEXT.oneFile);
    setFault(undefined);
    onText(await only.file.text());
  };
  return (
    <FileDrop
      choosers={[{ name: TEXT.contributorsFile, accept: ".yaml,.yml,.json" }]}
      onPicked={(picked) => void read(picked)}
    >
      {fault !== undefined && (
        <p class="fault" role="alert">
          {fault}
        </p>
      )}
    </FileDrop>
  );
}
