import type { ComponentChildren } from "preact";

/** How a banner looks: what is good, what warns, what is bad, and what is not known. */
export type BannerKind = "ok" | "warn" | "bad" | "unknown";

const SIGNS: Record<BannerKind, string> = { ok: "✓", warn: "!", bad: "✕", unknown: "?" };

/** One statement that comes first, told by words, colour and sign. */
export function Banner({
  kind,
  title,
  text,
  children,
}: {
  readonly kind: BannerKind;
  readonly title: string;
  readonly text?: string | undefined;
  readonly children?: ComponentChildren;
}) {
  return (
    <section class={`banner banner-${kind}`} role={kind === "bad" ? "alert" : "status"}>
      <span class="banner-sign" aria-hidden="true">
        {SIGNS[kind]}
      </span>
      <div class="banner-body">
        <h2>{title}</h2>
        {text !== undefined && <p>{text}</p>}
        {children}
      </div>
    </section>
  );
}
