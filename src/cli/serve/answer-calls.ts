// A process that `serve-stdio` keeps: does one call after the other, each as the command would in a process of its own.
import { setFlagsFromString } from "node:v8";
import type { Call, CallAnswer } from "./call.ts";

// As in bin.ts: V8 would keep more garbage than a verdict takes.
setFlagsFromString("--optimize-for-size");
process.once("disconnect", () => process.exit());
process.on("message", (call: Call) => {
  void answer(call).then((given) => process.send?.(given));
});
// What a verdict needs is loaded before it is asked for.
const loaded = Promise.all([
  import("../main.ts"),
  import("../run/verify.ts"),
  import("../../verify/policy/apply-policy.ts"),
]);
await loaded;
process.send?.("ready");

async function answer({ args, folder, environment }: Call): Promise<CallAnswer> {
  const printed = { stdout: "", stderr: "" };
  const streams = ["stdout", "stderr"] as const;
  for (const name of streams) {
    process[name].write = (text: string | Uint8Array) => {
      printed[name] += typeof text === "string" ? text : Buffer.from(text).toString();
      return true;
    };
  }
  try {
    process.chdir(folder);
  } catch (error) {
    return { exitCode: 2, stdout: "", stderr: `error: The working folder is gone (${(error as Error).message}).\n` };
  }
  process.env = { ...environment };
  const [{ main }] = await loaded;
  const exitCode = await main(args, environment);
  return { exitCode, ...printed };
}
