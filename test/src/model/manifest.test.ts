import { expect } from "chai";
import { AbiCoder, concat, keccak256 } from "ethers";
import * as fc from "fast-check";
import { ZERO_DIGEST } from "../../../src/base/hex.ts";
import {
  buildManifestTree,
  computeComponentOrderDigest,
  computeManifestRoot,
  computeModelDigest,
} from "../../../src/model/manifest.ts";
import { computeManifestDigests, computeWeightsDigest } from "../../../src/model/manifest-digests.ts";
import { verifyManifestProof } from "../../../src/model/manifest-tree.ts";
import { type Resource, compareNames, compareNamesByComponent } from "../../../src/model/resource.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { arbitraryResources, resourceOf } from "../../helpers/resources.ts";
import { readVectors } from "../../helpers/vectors.ts";

type Files = Record<string, string>;
interface NameOrderVector {
  readonly files: Files;
  readonly order: string[];
  readonly modelDigest: string;
  readonly componentOrder: string[];
  readonly componentOrderDigest: string;
}

describe("manifest", function () {
  describe("computeModelDigest", function () {
    for (const { description, files, modelDigest } of readVectors<{ files: Files; modelDigest: string }>(
      "valid",
      "model-digest",
    )) {
      it(`gives the known OMS digest: ${description}`, function () {
        expect(computeModelDigest(resourcesOf(files))).to.equal(modelDigest);
      });
    }

    it("does not bind a single name", function () {
      expect(computeModelDigest([resourceOf("a", "x")])).to.equal(computeModelDigest([resourceOf("b", "x")]));
    });

    it("refuses an empty list", async function () {
      expect(await errorCode(() => computeModelDigest([]))).to.equal("MODEL_EMPTY");
      expect(await errorCode(() => computeManifestRoot([]))).to.equal("MODEL_EMPTY");
    });
  });

  describe("order of names", function () {
    for (const { description, files, ...expected } of readVectors<NameOrderVector>("valid", "name-order")) {
      it(`follows the vector: ${description}`, function () {
        const resources = resourcesOf(files);
        expect(Object.keys(files).toSorted(compareNames)).to.deep.equal(expected.order);
        expect(Object.keys(files).toSorted(compareNamesByComponent)).to.deep.equal(expected.componentOrder);
        expect(computeModelDigest(resources)).to.equal(expected.modelDigest);
        expect(computeComponentOrderDigest(resources)).to.equal(expected.componentOrderDigest);
      });
    }

    it("is that of code points, whatever the names", function () {
      const codePoints = (text: string) => [...text].map((character) => character.codePointAt(0) as number);
      fc.assert(
        fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (a, b) => {
          expect(Math.sign(compareNames(a, b))).to.equal(compareNumbers(codePoints(a), codePoints(b)));
        }),
      );
    });
  });

  describe("computeWeightsDigest", function () {
    const weights = [resourceOf("b.gguf", "two"), resourceOf("a.safetensors", "one")];

    it("is the model digest of the weight files alone", function () {
      const others = [resourceOf("README.md", "text"), resourceOf("optimizer.pt", "state")];
      expect(computeWeightsDigest([...others, ...weights])).to.equal(computeModelDigest(weights));
    });

    it("stays when another file changes, and changes with a weight file", function () {
      const before = computeWeightsDigest([...weights, resourceOf("README.md", "before")]);
      expect(computeWeightsDigest([...weights, resourceOf("README.md", "after")])).to.equal(before);
      expect(computeWeightsDigest([...weights, resourceOf("c.bin", "three")])).to.not.equal(before);
    });

    it("is zero without weight files", function () {
      expect(computeWeightsDigest([resourceOf("README.md", "text")])).to.equal(ZERO_DIGEST);
    });
  });

  describe("computeManifestRoot", function () {
    it("equals a Merkle root computed by other means", function () {
      fc.assert(
        fc.property(arbitraryResources({ maxLength: 20 }), (resources) => {
          expect(computeManifestRoot(resources)).to.equal(merkleRoot(resources));
        }),
      );
    });

    it("changes when a file is renamed, where the model digest does not", function () {
      const before = [resourceOf("config.json", "{}"), resourceOf("model.bin", "weights")];
      const after = [resourceOf("config.json", "{}"), resourceOf("model2.bin", "weights")];
      expect(computeModelDigest(after)).to.equal(computeModelDigest(before));
      expect(computeManifestRoot(after)).to.not.equal(computeManifestRoot(before));
    });

    it("changes with any digest, name or size", function () {
      fc.assert(
        fc.property(
          arbitraryResources(),
          fc.nat(),
          fc.nat({ max: 31 }),
          fc.integer({ min: 1, max: 255 }),
          (resources, at, byte, flip) => {
            const i = at % resources.length;
            const chosen = resources[i] as Resource;
            const digest = Buffer.from(chosen.sha256, "hex");
            digest[byte] = (digest[byte] as number) ^ flip;
            const changes = [
              { ...chosen, sha256: digest.toString("hex") },
              { ...chosen, name: `${chosen.name}~` },
              { ...chosen, size: chosen.size + flip },
            ];
            const root = computeManifestRoot(resources);
            for (const change of changes) {
              const changed = resources.with(i, change);
              if (changed.some(({ name }, j) => j !== i && name === change.name)) continue;
              expect(computeManifestRoot(changed)).to.not.equal(root);
            }
          },
        ),
      );
    });

    it("changes when a file is added or left out", function () {
      fc.assert(
        fc.property(arbitraryResources({ minLength: 2 }), (resources) => {
          expect(computeManifestRoot(resources.slice(1))).to.not.equal(computeManifestRoot(resources));
        }),
      );
    });

    it("takes the largest sizes of files", function () {
      const resource = { ...resourceOf("a", "x"), size: Number.MAX_SAFE_INTEGER };
      expect(computeManifestRoot([resource])).to.equal(merkleRoot([resource]));
    });

    it("gives a proof for a single file", function () {
      const resources = ["a", "b", "c"].map((name) => resourceOf(name, name));
      const tree = buildManifestTree(resources);
      const resource = resources[1] as Resource;
      const proof = tree.getProof("b") ?? [];
      expect(verifyManifestProof(tree.root, resource, proof)).to.equal(true);
      expect(verifyManifestProof(tree.root, { ...resource, name: "c" }, proof)).to.equal(false);
      expect(tree.getProof("d")).to.equal(undefined);
    });

    it("refuses lone surrogates, which would hash like U+FFFD", async function () {
      const unpaired = fc.integer({ min: 0xd800, max: 0xdfff }).map((unit) => String.fromCharCode(unit));
      await fc.assert(
        fc.asyncProperty(unpaired, fc.string({ unit: "grapheme-ascii" }), async (surrogate, text) => {
          const resources = [resourceOf(`${text}${surrogate}`, "x")];
          expect(await errorCode(() => computeManifestRoot(resources))).to.equal("RESOURCE_NAME_INVALID");
        }),
      );
    });

    it("refuses a name that stands twice", async function () {
      const resources = [resourceOf("a", "x"), resourceOf("a", "y")];
      expect(await errorCode(() => computeManifestRoot(resources))).to.equal("RESOURCE_NAME_INVALID");
    });
  });

  describe("computeManifestDigests", function () {
    it("does not depend on the order of the list", function () {
      const shuffled = arbitraryResources().chain((resources) =>
        fc.tuple(fc.constant(resources), fc.shuffledSubarray(resources, { minLength: resources.length })),
      );
      fc.assert(
        fc.property(shuffled, ([resources, reordered]) => {
          expect(computeManifestDigests(reordered)).to.deep.equal(computeManifestDigests(resources));
        }),
      );
    });
  });
});

function resourcesOf(files: Files): Resource[] {
  return Object.entries(files).map(([name, content]) => resourceOf(name, content));
}

function compareNumbers(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    if (a[i] !== b[i]) return Math.sign((a[i] as number) - (b[i] as number));
  }
  return Math.sign(a.length - b.length);
}

/** The root as OpenZeppelin describes it: leaves hashed twice and sorted, laid out from the end of a complete binary tree, pairs sorted. */
function merkleRoot(resources: readonly Resource[]): string {
  const leaves = resources
    .map(({ name, size, sha256 }) =>
      keccak256(
        keccak256(AbiCoder.defaultAbiCoder().encode(["string", "uint64", "bytes32"], [name, size, `0x${sha256}`])),
      ),
    )
    .toSorted();
  const tree = [...Array<string>(leaves.length - 1).fill(""), ...leaves.toReversed()];
  for (let i = leaves.length - 2; i >= 0; i--) {
    tree[i] = keccak256(concat([tree[2 * i + 1] as string, tree[2 * i + 2] as string].toSorted()));
  }
  return tree[0] as string;
}
