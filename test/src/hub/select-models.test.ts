import { expect } from "chai";
import { hashHubModel } from "../../../src/hub/inspect-model.ts";
import { type ModelSelection, selectModels } from "../../../src/hub/select-models.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { hubRepo, lfsFile } from "../../helpers/servers/hub-repo.ts";
import { useHub } from "../../helpers/use-hub.ts";

const REPOS = Array.from({ length: 30 }, (_, i) => {
  const task = i % 3 === 0 ? "text-generation" : "fill-mask";
  return hubRepo(`lab-${i % 2}/model-${i}`, { "model.bin": lfsFile(String(i)) }, { pipeline_tag: task });
});

describe("selectModels", function () {
  const hub = useHub({ repos: REPOS, pageSize: 4 });
  const select = async (selection: ModelSelection) => {
    const ids: string[] = [];
    for await (const { reference } of selectModels(hub.open(), selection)) ids.push(reference.id);
    return ids;
  };

  it("takes what is named, in its order, and marks what is no name", async function () {
    const found = [];
    const models = ["a/b@v1", "gpt2", "a/b", "../x", "a/b@../x", "a b/c", "a/b/c", "-x/y", "a/b.git", "a/b--c"];
    for await (const { reference, fault } of selectModels(hub.open(), { models })) {
      found.push(fault === undefined ? reference : fault.code);
    }
    expect(found.slice(0, 3)).to.deep.equal([{ id: "a/b", revision: "v1" }, { id: "gpt2" }, { id: "a/b" }]);
    expect(found.slice(3)).to.deep.equal(Array(7).fill("HUB_REPO_INVALID"));
    expect(hub.server().requests).to.deep.equal([]);
  });

  it("lists all pages of an author, a task, a search, up to a limit", async function () {
    expect((await select({ author: "lab-1" })).length).to.equal(15);
    expect((await select({ task: "text-generation" })).length).to.equal(10);
    expect((await select({ search: "MODEL-2" })).sort()).to.deep.equal(
      REPOS.map(({ id }) => id)
        .filter((id) => id.includes("model-2"))
        .sort(),
    );
    expect((await select({ author: "lab-1", task: "text-generation" })).length).to.equal(5);
    expect((await select({ author: "lab-1", limit: 6 })).length).to.equal(6);
    expect(await errorCode(async () => select({}))).to.equal("OPTION_MISSING");
  });

  it("chooses the same at random by the same seed, and others by another", async function () {
    const first = await select({ random: 8, seed: "7" });
    expect(first.length).to.equal(8);
    expect(await select({ random: 8, seed: "7" })).to.deep.equal(first);
    expect(await select({ random: 8, seed: "8" })).to.not.deep.equal(first);
    expect((await select({ random: 100, seed: "7" })).length).to.equal(30);
    hub.server().repos.delete(first[0] as string);
    const without = await select({ random: 8, seed: "7" });
    expect(without.slice(0, 7)).to.deep.equal(first.slice(1));
    expect((await select({ random: 8, seed: "7", author: "lab-0" })).every((id) => id.startsWith("lab-0/"))).to.equal(
      true,
    );
  });

  it("stops where a listing names the same models without end", async function () {
    const page = JSON.stringify(Array(500).fill({ _id: "1", id: "lab/model", sha: "a".repeat(40) }));
    const link = `<${hub.server().url}/api/models?again>; rel="next"`;
    hub.server().fail({ path: /^\/api\/models/, status: 200, body: page, headers: { link }, times: Infinity });
    expect(await errorCode(async () => select({ author: "lab" }))).to.equal("HUB_ANSWER_INVALID");
  });

  it("stops where pages have nothing in them and lead on without end, in a listing and in a tree", async function () {
    let page = 0;
    const headers = { link: "" };
    const before = () => void (headers.link = `<${hub.server().url}/api/models?page=${page++}>; rel="next"`);
    hub.server().fail({ path: /^\/api\/models\?/, status: 200, body: "[]", headers, before, times: Infinity });
    expect(await errorCode(async () => select({ author: "lab" }))).to.equal("HUB_ANSWER_INVALID");
    expect(hub.server().requests.length).to.be.below(20);
    const tree = `${hub.server().url}/api/models/lab-0/model-0/tree/main?cursor=x`;
    const again = { link: `<${tree}>; rel="next"` };
    hub.server().fail({ path: /tree/, status: 200, body: "[]", headers: again, times: Infinity });
    expect(await errorCode(async () => hashHubModel(hub.open(), { id: "lab-0/model-0" }))).to.equal(
      "HUB_ANSWER_INVALID",
    );
    expect(hub.server().requests.filter(({ path }) => path.includes("tree"))).to.have.length(2);
  });

  it("stops at the first file of a tree that was named before", async function () {
    const file = { type: "file", path: "a.bin", size: 1, oid: "a".repeat(40) };
    const body = JSON.stringify([file, file]);
    hub.server().fail({ path: /tree/, status: 200, body });
    expect(await errorCode(async () => hashHubModel(hub.open(), { id: "lab-0/model-0" }))).to.equal(
      "RESOURCE_NAME_INVALID",
    );
  });
});
