import { text, toggle } from "../../../base/option.ts";
import { answers, defineStore } from "../store-definition.ts";

/** Where the local store is unless it was said. */
export const DEFAULT_STORE_PATH = ".model-provenance/store";

/** A folder on this machine. */
export const local = defineStore({
  name: "local",
  role: "provider",
  public: false,
  options: {
    storePath: text("store-path", "STORE_PATH", `folder of the local store; else ${DEFAULT_STORE_PATH}`),
    copyContent: toggle("copy", "STORE_COPY", "copy the model's content into the local store; else it is referred to"),
  },
  open: async ({ storePath = DEFAULT_STORE_PATH, copyContent: copy = false }) => {
    const { LocalStore } = await import("./local-store.ts");
    return new LocalStore(storePath, { copy });
  },
  doctor: async (store) => `${await answers(store)}; it is on this machine only: nobody else can fetch from it`,
});
