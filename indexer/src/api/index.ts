import { db } from "ponder:api";
import schema from "ponder:schema";
import { Hono } from "hono";
import { client, graphql } from "ponder";
import { listChildren } from "./children.ts";
import { listCheckpoints } from "./checkpoints.ts";
import { findLineage } from "./lineage.ts";
import { pageAnchors, pageDocuments } from "./pages.ts";
import { findPlaces } from "./places.ts";
import { findAnchors, findByMetadata, findByWeights } from "./records.ts";

// Answers the server beside it alone, on loopback: server/ has the limits, and /status, /search and the documents.
const app = new Hono();
app.use("/sql/*", client({ db, schema }));
app.use(
  "/graphql",
  graphql({ db, schema }, { maxOperationTokens: 1000, maxOperationDepth: 15, maxOperationAliases: 5 }),
);
app.get("/lineage/:id", findLineage);
app.get("/children/:id", listChildren);
app.get("/places/:id", findPlaces);
app.get("/weights/:digest", findByWeights);
app.post("/by-metadata", findByMetadata);
app.post("/anchors", findAnchors);
app.get("/pages/documents", pageDocuments);
app.get("/pages/anchors", pageAnchors);
app.get("/checkpoints", listCheckpoints);
export default app;
