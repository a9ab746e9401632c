import { buildCodeHash, compareRegistryCode } from "../../registry/registry-code.ts";
import { toCaip10 } from "../../registry/registry.ts";
import { failed, type Finding, notDone, passed } from "../findings.ts";
import { type Check, NOT_BY_ROOT, NOT_FOREIGN, NOT_IN_LOCK, registryOf } from "./check.ts";

const SAME = "the registry's code is that of ModelProvenanceNFT, as this version has it";

/** What answers is the contract of this version, or one whose code the verifier named as trusted. */
export const code: Check = {
  name: "code",
  what: "the registry's code",
  ways: {
    digests: true,
    cid: true,
    files: true,
    proof: true,
    root: NOT_BY_ROOT,
    pack: true,
    lock: NOT_IN_LOCK,
    foreign: NOT_FOREIGN,
    agent: true,
    credential: true,
  },
  async *run({ judged, evidence }): AsyncGenerator<Finding> {
    const { place } = judged;
    if (evidence.kind === "pack") {
      yield evidence.codeHash === buildCodeHash(place)
        ? passed(SAME)
        : // By its hash alone code cannot be told from the same code with other comments: a difference decides nothing.
          notDone(
            `its hash ${evidence.codeHash} is not the one of this version's; a pack does not hold the code to compare it further`,
          );
      return;
    }
    const registry = registryOf(judged);
    const { result, codeHash } = await compareRegistryCode(registry);
    if (result === "other" && registry.codeHash === codeHash) {
      yield passed(`the registry's code is the one that was named as trusted, ${codeHash}`);
      return;
    }
    if (result !== "other") {
      yield passed(SAME);
      return;
    }
    const reason =
      `The contract ${toCaip10(place)} is not the ModelProvenanceNFT of this version: what it answers proves nothing. ` +
      `Where it is known to be another version, name codeHash ${codeHash} in the registries file.`;
    yield failed("refused", SAME, reason);
  },
};
