import { readFile, readdir } from "node:fs/promises";
import { expect } from "chai";
import type { OmsVector } from "../../../../scripts/support/oms-vectors/vector.ts";
import { ProvenanceError } from "../../../../src/base/errors.ts";
import { verifyOms } from "../../../../src/model/oms/verify-oms.ts";
import { makeModel, removeModels } from "../../../helpers/model-folder.ts";

const VECTORS = new URL("../../../vectors/", import.meta.url);
const groups = await Promise.all(["valid", "invalid"].map(readVectors));

describe("OMS vectors", function () {
  afterEach(removeModels);

  for (const { kind, group, vectors } of groups.flat()) {
    describe(`${kind}/${group}`, function () {
      for (const vector of vectors) {
        it(`${vector.expected === "verified" ? "verifies" : "refuses"} ${vector.description}`, async function () {
          expect(await outcomeOf(vector)).to.equal(vector.expected);
        });
      }
    });
  }
});

async function outcomeOf({ files, links, bundle, now, ...vector }: OmsVector): Promise<string> {
  try {
    const { publicKeyPem, certificateChainPem, ignorePaths, ignoreUnsignedFiles, allowSymlinks } = vector;
    await verifyOms(await makeModel(files, links), JSON.stringify(bundle), {
      ...(publicKeyPem !== undefined && { publicKeyPem }),
      ...(certificateChainPem !== undefined && { certificateChainPem }),
      ...(ignorePaths !== undefined && { ignorePaths }),
      ...(now !== undefined && { now: new Date(now) }),
      ignoreUnsignedFiles: ignoreUnsignedFiles ?? false,
      allowSymlinks: allowSymlinks ?? false,
    });
    return "verified";
  } catch (error) {
    if (error instanceof ProvenanceError) return error.code;
    throw error;
  }
}

async function readVectors(kind: string) {
  const folder = new URL(`${kind}/oms/`, VECTORS);
  const names = (await readdir(folder)).filter((name) => name.endsWith(".json"));
  return Promise.all(
    names.map(async (name) => {
      const vectors = JSON.parse(await readFile(new URL(name, folder), "utf8")) as OmsVector[];
      return { kind, group: name.replace(/\.json$/, ""), vectors };
    }),
  );
}
