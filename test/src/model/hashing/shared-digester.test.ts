import { createHash } from "node:crypto";
import { expect } from "chai";
import { digestFiles } from "../../../../src/model/hashing/digest-files.ts";
import type { FileToHash } from "../../../../src/model/hashing/plan.ts";
import { SharedDigester } from "../../../../src/model/hashing/shared-digester.ts";
import { errorCode } from "../../../helpers/error-code.ts";
import { useTemporaryFolder } from "../../../helpers/temporary-folder.ts";

const MIB = 1024 * 1024;
// The planner believes what it is told: for so much it starts threads.
const LONG = 2 * 1024 * MIB;

describe("SharedDigester", function () {
  const temporary = useTemporaryFolder();
  let digester: SharedDigester;

  beforeEach(function () {
    digester = new SharedDigester(3);
  });

  afterEach(async function () {
    await digester.close();
  });

  async function write(model: number, lengths: readonly number[], told?: number): Promise<FileToHash[]> {
    const contents = lengths.map((length, i) => [`file-${i}`, Buffer.alloc(length, `${model} ${i} `)] as const);
    const folder = await temporary.write(`model-${model}`, Object.fromEntries(contents));
    return lengths.map((size, i) => ({ path: `${folder}/file-${i}`, size: told ?? size }));
  }

  for (const leaves of [false, true]) {
    it(`finds of models at once what is found of each alone, ${leaves ? "with" : "without"} leaves`, async function () {
      const models = await Promise.all([
        write(0, []),
        ...Array.from({ length: 9 }, async (_, i) => write(i + 1, [3 * MIB + i, 0, i], i % 2 === 0 ? LONG : undefined)),
        write(
          10,
          Array.from({ length: 1100 }, (_, i) => i % 7),
        ),
      ]);
      const counted = models.map(() => 0);
      const found = await Promise.all(
        models.map(async (files, i) => {
          return digester.digest(files, { leaves, onBytes: (bytes) => (counted[i] = (counted[i] as number) + bytes) });
        }),
      );
      for (const [i, files] of models.entries()) {
        expect(found[i]).to.deep.equal(await digestFiles(files, { leaves, threads: 1 }));
        expect(counted[i]).to.equal(found[i]?.reduce((sum, { size }) => sum + size, 0));
      }
      expect(found[1]?.[1]?.sha256).to.equal(createHash("sha256").digest("hex"));
    });
  }

  it("ends the work on the model that fails, and on no other", async function () {
    const whole = await Promise.all([1, 2, 3].map(async (i) => write(i, [20 * MIB, 5], LONG)));
    const broken = [...(await write(4, [17 * MIB, 17 * MIB], LONG)), { path: temporary.path("gone"), size: LONG }];
    const [first, second] = whole as [FileToHash[], FileToHash[]];
    const [before, code, after] = await Promise.all([
      digester.digest(first, {}),
      errorCode(() => digester.digest(broken, {})),
      digester.digest(second, {}),
    ]);
    expect(code).to.equal("MODEL_UNREADABLE");
    expect([before, after].map((digests) => digests.map(({ size }) => size))).to.deep.equal([
      [20 * MIB, 5],
      [20 * MIB, 5],
    ]);
    // Its threads go on.
    expect(await digester.digest(whole[2] as FileToHash[], {})).to.have.length(2);
  });
});
