import { useEffect, useState } from "preact/hooks";
import { type KeptCall, earlierCalls, forgetCall, readEarlierCalls } from "../engine/under-way.ts";
import { STRINGS } from "../strings.ts";

const TEXT = STRINGS.wallet;

/** What an earlier visit sent and did not see in a block: it is followed, and never sent again. */
export function EarlierCalls() {
  const [said, setSaid] = useState<Readonly<Record<string, string>>>({});
  useEffect(() => void readEarlierCalls(), []);
  const [noticed, setNoticed] = useState<readonly KeptCall[]>([]);
  const open = earlierCalls.value;
  useEffect(() => {
    const fresh = open.filter(({ key }) => !noticed.some((one) => one.key === key));
    if (fresh.length === 0) return;
    setNoticed([...noticed, ...fresh]);
    for (const call of fresh) void follow(call);
  }, [open]);
  const follow = async (call: KeptCall) => {
    const say = (text: string) => setSaid((before) => ({ ...before, [call.key]: text }));
    say(TEXT.steps.waiting);
    const { followCall } = await import("../engine/send.ts");
    await followCall(call).then(
      () => say(TEXT.followed(call.label)),
      (error: unknown) => say(`${call.label}: ${(error as Error).message}`),
    );
  };
  if (noticed.length === 0) return null;
  return (
    <aside class="notice" aria-label={TEXT.underWay}>
      <h2>{TEXT.underWay}</h2>
      {noticed.map((call) => (
        <div key={call.key}>
          <p role="status">{said[call.key]}</p>
          {open.some(({ key }) => key === call.key) && said[call.key] !== TEXT.steps.waiting && (
            <p class="buttons">
              <button type="button" onClick={() => void follow(call)}>
                {TEXT.follow}
              </button>
              <button type="button" class="plain" onClick={() => void forgetCall(call.key)}>
                {TEXT.forget}
              </button>
            </p>
          )}
        </div>
      ))}
    </aside>
  );
}
