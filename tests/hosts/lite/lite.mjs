// xlwings Lite without Excel: xlwings' own Wasm runtime in Pyodide, which answers calls as Office.js makes them.
//
//     node lite.mjs PYODIDE RUNTIME CALLS ANSWERS numpy|nothing WHEEL...
//
// PYODIDE is Pyodide's folder, RUNTIME that of xlwings' config.py and wasm_runtime.py. CALLS is a file with a list of
// {name, args}, ANSWERS gets what came back: {python, functions, hasNumpy, answers, seconds}.
import fs from "node:fs";
import path from "node:path";

const [pyodideFolder, runtimeFolder, callsFile, answersFile, needs, ...wheels] = process.argv.slice(2);
const HOME = "/home/pyodide";
// What docs/excel-mac-web.md says to paste into main.py.
const MAIN = "import xlwings\nfrom xladdin.udfs import *\n";

const { loadPyodide } = await import(path.resolve(pyodideFolder, "pyodide.mjs"));
const python = await loadPyodide({ indexURL: path.resolve(pyodideFolder) + "/" });

async function install() {
  await python.loadPackage("micropip", { messageCallback() {} });
  python.FS.mkdirTree("/wheels");
  for (const wheel of wheels) python.FS.writeFile("/wheels/" + path.basename(wheel), fs.readFileSync(wheel));
  python.globals.set("wheels", python.toPy(wheels.map((wheel) => "emfs:/wheels/" + path.basename(wheel))));
  python.globals.set("with_dependencies", needs === "numpy");
  await python.runPythonAsync("import micropip\nawait micropip.install(wheels, deps=with_dependencies)");
}

async function startRuntime() {
  const write = (name, text) => python.FS.writeFile(path.posix.join(HOME, name), text);
  python.FS.mkdirTree(HOME + "/custom_functions");
  python.FS.mkdirTree(HOME + "/custom_scripts");
  for (const name of ["config.py", "wasm_runtime.py"]) write(name, fs.readFileSync(path.join(runtimeFolder, name)));
  write(".env", "XLWINGS_LICENSE_KEY=noncommercial\nXLWINGS_ENVIRONMENT=prod\n");
  write("custom_functions/__init__.py", MAIN);
  write("custom_scripts/__init__.py", "");
  await python.runPythonAsync(fs.readFileSync(path.join(runtimeFolder, "wasm_runtime.py"), "utf8"));
}

function asOfficeCalls(name, args) {
  return {
    client: "Office.js",
    func_name: name,
    args,
    caller_address: "[Book1]Sheet1!A1",
    session_id: "session",
    culture_info_name: "en-US",
    date_format: "m/d/yyyy",
    version: "0.37.8",
    runtime: "1.4",
  };
}

await install();
await startRuntime();
const call = python.globals.get("custom_functions_call");
const answers = [];
const seconds = [];
for (const { name, args } of JSON.parse(fs.readFileSync(callsFile))) {
  const start = performance.now();
  const answer = await call(asOfficeCalls(name, args));
  seconds.push((performance.now() - start) / 1000);
  answers.push(answer?.error ? `failed: ${answer.error} ${answer.details}` : answer?.result ?? answer);
}
const result = {
  python: python.runPython("import sys; sys.version.split()[0]"),
  functions: python.globals.get("custom_functions_meta")(MAIN).functions.map((each) => each.name),
  hasNumpy: python.runPython("from xladdin.core.arrays import np; np is not None"),
  answers,
  seconds,
};
fs.writeFileSync(answersFile, JSON.stringify(result));
