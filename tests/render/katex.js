// Formulas as JSON lines in, {"tex": .., "display": ..}; what KaTeX says of each that it does not take out.
const katex = require("katex");
for (const line of require("fs").readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  const {tex, display} = JSON.parse(line);
  try {
    katex.renderToString(tex, {displayMode: display, strict: "error"});
  } catch (e) {
    console.log(`${e.message}: ${tex}`);
  }
}
