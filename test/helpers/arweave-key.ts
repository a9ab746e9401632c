import { generateKeyPairSync } from "node:crypto";
import { type ArweaveKey, parseArweaveKey } from "../../src/content/stores/arweave/arweave-key.ts";

/** A wallet's key of tests; shorter than real ones, so that it is made at once. */
export function makeArweaveKey(): ArweaveKey {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return parseArweaveKey(JSON.stringify(privateKey.export({ format: "jwk" })));
}
