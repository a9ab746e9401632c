import type { ComponentType } from "preact";
import type { STRINGS } from "../strings.ts";

/** What a screen is given: what its path and its query say. */
export interface ScreenProps {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
}

/** One screen: where it is found, what it is called, and how it is loaded. */
export interface Screen {
  /** Its path after `#`; `:name` stands for one part, which comes as a parameter. */
  readonly path: string;
  readonly title: keyof typeof STRINGS.titles;
  /** Whether the head of the page links to it. */
  readonly inHead?: true;
  readonly load: () => Promise<{ readonly default: ComponentType<ScreenProps> }>;
}

/** All screens; the first whose path fits is shown. */
export const SCREENS: readonly Screen[] = [
  { path: "/", title: "verify", inHead: true, load: async () => import("./verify/verify.tsx") },
  { path: "/registry", title: "registry", inHead: true, load: async () => import("./registry/registry.tsx") },
  { path: "/publish", title: "publish", inHead: true, load: async () => import("./publish/publish.tsx") },
  { path: "/settings", title: "settings", inHead: true, load: async () => import("./settings/settings.tsx") },
  {
    path: "/administration",
    title: "administration",
    load: async () => import("./administration/administration.tsx"),
  },
  { path: "/:registry/:token/lineage", title: "lineage", load: async () => import("./lineage/lineage.tsx") },
  { path: "/:registry/:token", title: "model", load: async () => import("./model/model.tsx") },
];
