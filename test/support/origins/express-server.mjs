import express from "express";
import { verifyAssertion } from "../../../examples/origins/express/verify-assertion.js";

const app = express();
app.use(verifyAssertion(JSON.parse(process.env.ORIGIN_SETTINGS)));
app.use((req, res) => res.json({ subject: req.assertion.sub }));
const server = app.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
