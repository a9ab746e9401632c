import { execFileSync } from "node:child_process";
import { symlink } from "node:fs/promises";
import { expect } from "chai";
import { walkModel } from "../../../src/model/walk.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";
import { readVectors } from "../../helpers/vectors.ts";

const [CLAIM] = readVectors<{ claim: object }>("valid", "claim");
const [BUNDLE] = readVectors<{ bundle: object }>("valid", "oms-bundle");
const claimText = JSON.stringify(CLAIM?.claim);
const bundleText = JSON.stringify(BUNDLE?.bundle);

describe("walkModel", function () {
  const temporary = useTemporaryFolder();

  async function list(files: Record<string, string>, ignorePaths: string[] = []) {
    const listing = await walkModel(await temporary.write("model", files), { ignorePaths });
    const names = listing.files.map(({ name }) => name);
    return { names, excluded: listing.excluded, ignorePaths: listing.ignorePaths };
  }

  describe("files", function () {
    it("are all regular files below a folder, in code-point order, dotfiles and empty ones included", async function () {
      const { names, excluded } = await list({
        "b/c/d": "1",
        ".hidden": "2",
        "a.txt": "",
        "a/x": "3",
        "\u{1f600}": "4",
        "\uffff": "5",
      });
      expect(names).to.deep.equal([".hidden", "a.txt", "a/x", "b/c/d", "\uffff", "\u{1f600}"]);
      expect(excluded).to.deep.equal([]);
    });

    it("carry their size and where they are", async function () {
      const folder = await temporary.write("model", { "a/x": "12345" });
      const { files, kind } = await walkModel(folder);
      expect(kind).to.equal("folder");
      expect(files[0]).to.include({ name: "a/x", size: 5 });
      expect(files[0]?.path.endsWith("/model/a/x")).to.equal(true);
    });

    it("are the one file given, by its base name", async function () {
      const folder = await temporary.write("model", { "a.bin": "123" });
      const { files, kind } = await walkModel(`${folder}/a.bin`);
      expect(kind).to.equal("file");
      expect(files).to.have.lengthOf(1);
      expect(files[0]).to.include({ name: "a.bin", size: 3 });
    });

    it("are found when the model's path itself is a link", async function () {
      const folder = await temporary.write("model", { a: "1" });
      await symlink(folder, temporary.path("link"));
      expect((await walkModel(temporary.path("link"))).files).to.have.lengthOf(1);
    });
  });

  describe("exclusions", function () {
    it("leave out git's own entries at the top and list them", async function () {
      const git = { ".git/HEAD": "x", ".gitignore": "x", ".gitattributes": "x", ".github/workflows/ci.yml": "x" };
      const { names, excluded } = await list({ ...git, "model.bin": "1" });
      expect(names).to.deep.equal(["model.bin"]);
      expect(excluded.map(({ name, reason }) => [name, reason])).to.deep.equal(
        [".git", ".gitattributes", ".github", ".gitignore"].map((name) => [name, "git"]),
      );
    });

    it("leave out git's worktree file and a git link too", async function () {
      const folder = await temporary.write("model", { ".git": "gitdir: elsewhere", "model.bin": "1" });
      await symlink("model.bin", `${folder}/.gitignore`);
      expect((await walkModel(folder)).files).to.have.lengthOf(1);
    });

    it("keep entries that only look like git's", async function () {
      const files = { "sub/.git/HEAD": "1", "sub/.gitignore": "2", ".gitmodules": "3", ".gitkeep": "4", ".git2": "5" };
      const { names, excluded } = await list(files);
      expect(names).to.deep.equal([".git2", ".gitkeep", ".gitmodules", "sub/.git/HEAD", "sub/.gitignore"]);
      expect(excluded).to.deep.equal([]);
    });

    it("leave out what download clients keep beside the files, at any depth, and nothing beside it", async function () {
      const files = {
        ".cache/huggingface/download/a.lock": "1",
        ".cache/huggingface/CACHEDIR.TAG": "2",
        ".cache/huggingface/trees/0123.json": "3",
        ".cache/other": "4",
        "sub/.cache/huggingface/upload/b": "5",
        "sub/.huggingface/c": "6",
        ".huggingface.md": "7",
        "sub/huggingface/d": "8",
      };
      const { names, excluded } = await list(files);
      expect(names).to.deep.equal([".cache/other", ".huggingface.md", "sub/huggingface/d"]);
      expect(excluded).to.deep.equal(
        [".cache/huggingface", "sub/.cache/huggingface", "sub/.huggingface"].map((name) => {
          return { name, reason: "download cache" };
        }),
      );
    });

    it("keep a file that is named like such a folder", async function () {
      const files = { ".cache/huggingface": "1", ".huggingface": "2" };
      expect((await list(files)).names).to.deep.equal([".cache/huggingface", ".huggingface"]);
    });

    it("leave out a claim and an OMS bundle at the top", async function () {
      const { names, excluded } = await list({
        "model-provenance.json": claimText,
        "model.sig": bundleText,
        "a.bin": "1",
      });
      expect(names).to.deep.equal(["a.bin"]);
      expect(excluded).to.deep.equal([
        { name: "model-provenance.json", reason: "claim" },
        { name: "model.sig", reason: "OMS bundle" },
      ]);
    });

    it("keep a claim and a bundle further below, or under another name", async function () {
      const files = {
        "sub/model-provenance.json": claimText,
        "sub/model.sig": bundleText,
        "claim.json": claimText,
        "a.sig": bundleText,
      };
      expect((await list(files)).names).to.have.lengthOf(4);
    });

    it("keep files under the claim's and the bundle's name that are neither", async function () {
      expect((await list({ "model-provenance.json": "{}", "model.sig": "{}" })).names).to.have.lengthOf(2);
      expect((await list({ "model-provenance.json": bundleText, "model.sig": claimText })).names).to.have.lengthOf(2);
    });

    it("keep a claim above 64 KiB and a bundle above 16 MiB", async function () {
      const padded = (text: string, size: number) => text.padEnd(size, " ");
      const fits = {
        "model-provenance.json": padded(claimText, 64 * 1024),
        "model.sig": padded(bundleText, 16 * 1024 * 1024),
      };
      expect((await list({ ...fits, "a.bin": "1" })).names).to.deep.equal(["a.bin"]);
      const tooLarge = {
        "model-provenance.json": padded(claimText, 64 * 1024 + 1),
        "model.sig": padded(bundleText, 16 * 1024 * 1024 + 1),
      };
      expect((await list(tooLarge)).names).to.have.lengthOf(3);
    });

    it("walk into a folder under the claim's or the bundle's name", async function () {
      const { names } = await list({ "model-provenance.json/a": claimText, "model.sig/b": bundleText });
      expect(names).to.deep.equal(["model-provenance.json/a", "model.sig/b"]);
    });
  });

  describe("ignorePaths", function () {
    it("leave out a file, and a folder with all below it", async function () {
      const files = { "logs/a/b": "1", "logs/c": "2", "logs2/d": "3", "x/logs/e": "4", "notes.txt": "5" };
      const { names, excluded, ignorePaths } = await list(files, ["notes.txt", "logs"]);
      expect(names).to.deep.equal(["logs2/d", "x/logs/e"]);
      expect(excluded.map(({ name, reason }) => [name, reason])).to.deep.equal([
        ["logs", "ignored by choice"],
        ["notes.txt", "ignored by choice"],
      ]);
      expect(ignorePaths).to.deep.equal(["logs", "notes.txt"]);
    });

    it("are normalised, sorted and named once", async function () {
      expect((await list({ a: "1" }, ["./b/", "c", "b", "a/x"])).ignorePaths).to.deep.equal(["a/x", "b", "c"]);
    });

    it("let a link or a FIFO be left out", async function () {
      const folder = await temporary.write("model", { a: "1" });
      await symlink("/etc", `${folder}/link`);
      execFileSync("mkfifo", [`${folder}/fifo`]);
      expect((await walkModel(folder, { ignorePaths: ["link", "fifo"] })).files).to.have.lengthOf(1);
    });

    for (const path of ["..", "../a", "/etc", "a/../b", "", "./", "a\\b"]) {
      it(`refuse ${JSON.stringify(path)}`, async function () {
        expect(await errorCode(() => list({ a: "1" }, [path]))).to.equal("RESOURCE_NAME_INVALID");
      });
    }
  });
});
