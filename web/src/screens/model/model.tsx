import type { ScreenProps } from "../list.ts";

export default function ModelScreen({ params }: ScreenProps) {
  return (
    <article class="sheet">
      <h1>Model</h1>
      <code>{params["token"]}</code>
    </article>
  );
}
