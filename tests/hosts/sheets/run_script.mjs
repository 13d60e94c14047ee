// Google Sheets without Google: runs an Apps Script file and makes calls of its functions as Sheets does.
//
//     node run_script.mjs SCRIPT CALLS ANSWERS        CALLS is a file with a list of {name, args}
import fs from "node:fs";
import vm from "node:vm";

const [scriptFile, callsFile, answersFile] = process.argv.slice(2);
const script = vm.createContext({});
vm.runInContext(fs.readFileSync(scriptFile, "utf8"), script);
const answers = JSON.parse(fs.readFileSync(callsFile)).map(({ name, args }) => {
  try {
    // An argument that is left out is undefined, a blank cell is empty text.
    return script[name](...args.map((value) => (value === "left out" ? undefined : value)));
  } catch (error) {
    return "failed: " + error;
  }
});
fs.writeFileSync(answersFile, JSON.stringify(answers));
