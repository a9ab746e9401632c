import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { expect } from "chai";
import * as fc from "fast-check";
import type { Hex } from "../../../src/base/hex.ts";
import { createManifestTree, verifyManifestProof } from "../../../src/model/manifest-tree.ts";
import { arbitraryResources } from "../../helpers/resources.ts";

describe("createManifestTree", function () {
  it("is the tree of OpenZeppelin's StandardMerkleTree, proofs included", function () {
    fc.assert(
      fc.property(arbitraryResources(), (resources) => {
        const ours = createManifestTree(resources);
        const leaves = resources.map(({ name, size, sha256 }): [string, number, string] => [name, size, `0x${sha256}`]);
        const theirs = StandardMerkleTree.of(leaves, ["string", "uint64", "bytes32"]);
        expect(ours.root).to.equal(theirs.root);
        resources.forEach((resource, i) => {
          const proof = ours.getProof(resource.name) as Hex[];
          expect(proof).to.deep.equal(theirs.getProof(i));
          expect(verifyManifestProof(ours.root, resource, proof)).to.equal(true);
          expect(verifyManifestProof(ours.root, { ...resource, size: resource.size + 1 }, proof)).to.equal(false);
        });
      }),
    );
  });
});
