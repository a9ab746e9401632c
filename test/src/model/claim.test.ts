import { execFileSync } from "node:child_process";
import { mkdir, readFile, readdir, symlink, writeFile } from "node:fs/promises";
import { expect } from "chai";
import { chooseClaimPath, isClaimFile, readClaim, writeClaim } from "../../../src/model/claim.ts";
import { CLAIM_MAX_BYTES, type Claim, parseClaim } from "../../../src/model/claim-form.ts";
import { CLAIM_NAME } from "../../../src/model/claim-name.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";
import { type PatchOperation, type Vector, applyPatch, readVectorFile, readVectors } from "../../helpers/vectors.ts";

const valid = readVectors<{ claim: Claim }>("valid", "claim");
const invalid = readVectorFile("invalid", "claim") as { base: Claim; vectors: Vector<{ patch: PatchOperation[] }>[] };
const claim = invalid.base;
const [bundle] = readVectors<{ bundle: object }>("valid", "oms-bundle");

const bytesOf = (value: unknown) => Buffer.from(JSON.stringify(value));

describe("claim", function () {
  const temporary = useTemporaryFolder();

  describe("parseClaim", function () {
    for (const { description, claim: expected } of valid) {
      it(`reads a claim: ${description}`, function () {
        expect(parseClaim(bytesOf(expected))).to.deep.equal(expected);
      });
    }

    for (const { description, patch } of invalid.vectors) {
      it(`takes for something else: ${description}`, function () {
        expect(parseClaim(bytesOf(applyPatch(claim, patch)))).to.equal(undefined);
      });
    }

    for (const text of ["", "null", "[]", "7", "{", JSON.stringify([claim])]) {
      it(`takes for something else: ${JSON.stringify(text.slice(0, 20))}`, function () {
        expect(parseClaim(Buffer.from(text))).to.equal(undefined);
      });
    }

    it("takes nothing above 64 KiB", function () {
      const text = JSON.stringify(claim);
      expect(parseClaim(Buffer.from(text.padEnd(CLAIM_MAX_BYTES, " ")))).to.deep.equal(claim);
      expect(parseClaim(Buffer.from(text.padEnd(CLAIM_MAX_BYTES + 1, " ")))).to.equal(undefined);
    });
  });

  describe("writeClaim", function () {
    it("writes what is read back, and leaves nothing else", async function () {
      const folder = await temporary.write("model", { a: "1" });
      await writeClaim(`${folder}/${CLAIM_NAME}`, claim);
      expect(await readClaim(folder, "folder")).to.deep.equal(claim);
      expect(await readdir(folder)).to.have.members(["a", CLAIM_NAME]);
    });

    it("replaces a claim", async function () {
      const path = temporary.path(CLAIM_NAME);
      await writeClaim(path, claim);
      await writeClaim(path, { ...claim, ignorePaths: ["other"] });
      expect(parseClaim(await readFile(path))?.ignorePaths).to.deep.equal(["other"]);
      expect(await readdir(temporary.path())).to.deep.equal([CLAIM_NAME]);
    });

    it("leaves the file before and no other when it fails", async function () {
      const path = temporary.path(CLAIM_NAME);
      await writeClaim(path, claim);
      const before = await readFile(path);
      expect(await fails(writeClaim(path, { ...claim, tokenId: "7" }))).to.equal(true);
      expect(await readFile(path)).to.deep.equal(before);
      expect(await readdir(temporary.path())).to.deep.equal([CLAIM_NAME]);
    });

    it("leaves nothing where a folder stands in the way", async function () {
      await mkdir(temporary.path(CLAIM_NAME, "sub"), { recursive: true });
      expect(await fails(writeClaim(temporary.path(CLAIM_NAME), claim))).to.equal(true);
      expect(await readdir(temporary.path())).to.deep.equal([CLAIM_NAME]);
    });
  });

  describe("readClaim", function () {
    it("prefers the claim in the folder to the one beside it", async function () {
      const folder = await temporary.write("model", { a: "1" });
      expect(await readClaim(folder, "folder")).to.equal(undefined);
      await writeClaim(`${folder}.${CLAIM_NAME}`, { ...claim, ignorePaths: ["beside"] });
      expect((await readClaim(folder, "folder"))?.ignorePaths).to.deep.equal(["beside"]);
      await writeClaim(`${folder}/${CLAIM_NAME}`, { ...claim, ignorePaths: ["inside"] });
      expect((await readClaim(folder, "folder"))?.ignorePaths).to.deep.equal(["inside"]);
    });

    it("finds the claim beside a single file", async function () {
      const folder = await temporary.write("model", { "a.bin": "1" });
      await writeClaim(`${folder}/a.bin.${CLAIM_NAME}`, claim);
      expect(await readClaim(`${folder}/a.bin`, "file")).to.deep.equal(claim);
    });
  });

  describe("isClaimFile", function () {
    it("tells claims from other files, folders and nothing", async function () {
      await writeClaim(temporary.path("claim"), claim);
      await writeFile(temporary.path("other"), "{}");
      expect(await isClaimFile(temporary.path("claim"))).to.equal(true);
      expect(await isClaimFile(temporary.path("other"))).to.equal(false);
      expect(await isClaimFile(temporary.path())).to.equal(false);
      expect(await isClaimFile(temporary.path("nothing"))).to.equal(false);
    });

    it("takes no link, and does not wait for a FIFO", async function () {
      await writeClaim(temporary.path("claim"), claim);
      await symlink("claim", temporary.path("link"));
      execFileSync("mkfifo", [temporary.path("fifo")]);
      expect(await isClaimFile(temporary.path("link"))).to.equal(false);
      expect(await isClaimFile(temporary.path("fifo"))).to.equal(false);
    });
  });

  describe("chooseClaimPath", function () {
    it("is in the folder, and stays where a claim is already", async function () {
      const folder = await temporary.write("model", { a: "1" });
      expect(await chooseClaimPath(folder, "folder")).to.equal(`${folder}/${CLAIM_NAME}`);
      await writeClaim(`${folder}/${CLAIM_NAME}`, claim);
      expect(await chooseClaimPath(folder, "folder")).to.equal(`${folder}/${CLAIM_NAME}`);
    });

    it("is beside a single file, and beside a folder that holds an OMS bundle", async function () {
      const folder = await temporary.write("model", { "a.bin": "1", "model.sig": JSON.stringify(bundle?.bundle) });
      expect(await chooseClaimPath(`${folder}/a.bin`, "file")).to.equal(`${folder}/a.bin.${CLAIM_NAME}`);
      expect(await chooseClaimPath(folder, "folder")).to.equal(`${folder}.${CLAIM_NAME}`);
    });

    it("is in a folder whose model.sig is no bundle", async function () {
      const folder = await temporary.write("model", { "model.sig": "a file of the model" });
      expect(await chooseClaimPath(folder, "folder")).to.equal(`${folder}/${CLAIM_NAME}`);
    });

    it("refuses a name that a file of the model has, in or beside it", async function () {
      const folder = await temporary.write("model", { [CLAIM_NAME]: "a file of the model", "a.bin": "1" });
      await writeFile(`${folder}/a.bin.${CLAIM_NAME}`, "{}");
      expect(await errorCode(() => chooseClaimPath(folder, "folder"))).to.equal("CLAIM_NAME_TAKEN");
      expect(await errorCode(() => chooseClaimPath(`${folder}/a.bin`, "file"))).to.equal("CLAIM_NAME_TAKEN");
    });
  });
});

async function fails(promise: Promise<unknown>): Promise<boolean> {
  return promise.then(
    () => false,
    () => true,
  );
}
