// Reads an AsyncAPI document on standard input and prints what the parser has to say, as JSON.
import { readFileSync } from "node:fs";
import { Parser } from "@asyncapi/parser";

const { document, diagnostics } = await new Parser().parse(readFileSync(0, "utf8"));
const said = diagnostics.map(({ code, message, path, severity }) => ({
  code,
  message,
  path: path.join("."),
  severity, // 0 is an error, 1 a warning, 2 information, 3 a hint
}));
console.log(JSON.stringify({ understood: document !== undefined, said }));
