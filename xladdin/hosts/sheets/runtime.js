// What the functions below are made of: cells into numbers, errors and ranges, and the spreadsheet's own functions.
//
// A value is a number, a word, an error (an object of LevError) or rows of these. Nothing here is called from a cell.

class LevError {
  constructor(text) {
    this.text = text;
  }
}

const LEV_ERRORS = Object.fromEntries(
  ["#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"].map((text) => [text, new LevError(text)]),
);
const LEV_NUM = LEV_ERRORS["#NUM!"];
const LEV_NA = LEV_ERRORS["#N/A"];
const LEV_VALUE = LEV_ERRORS["#VALUE!"];

const levIsError = (value) => value instanceof LevError;
const levIsBlank = (cell) => cell === undefined || cell === null || cell === "";

// Cells into values ------------------------------------------------------------------------------------------------

function levCell(cell, argument) {
  if (levIsBlank(cell)) return argument.required ? LEV_NA : argument.value;
  if (typeof cell === "string" && Object.hasOwn(LEV_ERRORS, cell)) return LEV_ERRORS[cell];
  if (argument.words) {
    const key = typeof cell === "string" ? cell.trim().toLowerCase() : String(Number(cell));
    return Object.hasOwn(argument.words, key) ? argument.words[key] : LEV_VALUE;
  }
  if (typeof cell === "boolean") return Number(cell);
  return typeof cell === "number" ? cell : LEV_VALUE; // text and dates are no numbers
}

const levIsBlock = (cells) =>
  Array.isArray(cells) && cells.every((row) => Array.isArray(row) && row.length === cells[0].length);

function levTable(cells, argument) {
  const rows = levIsBlock(cells) ? [...cells] : [[cells]];
  while (rows.length && rows.at(-1).every(levIsBlank)) rows.pop();
  if (!rows.length) return argument.required ? LEV_NA : 0; // one cell, which no table is
  const numbers = rows.map((row) => row.map((cell) => (levIsBlank(cell) ? LEV_NA : levCell(cell, argument))));
  return levFirstError(numbers.flat()) ?? argument.check(numbers);
}

// Series of one length without the places that are blank in all of them, as columns; or the error of the first bad one.
function levPairSeries(values, declared) {
  const indices = declared.flatMap((argument, index) => (argument.kind === "series" ? [index] : []));
  if (!indices.length) return;
  const cells = new Map(indices.map((index) => [index, levIsBlock(values[index]) ? values[index].flat() : [values[index]]]));
  const stands = (index) => declared[index].repeats && cells.get(index).length === 1; // for every row
  const ranges = indices.filter((index) => !stands(index));
  const length = ranges.length ? cells.get(ranges[0]).length : 1;
  if (ranges.some((index) => cells.get(index).length !== length)) {
    values[indices[0]] = LEV_VALUE;
    return;
  }
  const at = (index, row) => cells.get(index)[stands(index) ? 0 : row];
  const looked = length === 1 ? indices : ranges;
  const kept = Array.from({ length }, (_, row) => row).filter((row) => looked.some((index) => !levIsBlank(at(index, row))));
  for (const index of indices) {
    const argument = declared[index];
    const numbers = kept.map((row) => levCell(at(index, row), argument));
    const outside = numbers.some((number) => !levIsError(number) && levIsOutside(number, argument));
    values[index] = numbers.length
      ? levFirstError(numbers) ?? (outside ? LEV_NUM : numbers.map((number) => [number]))
      : LEV_NA;
  }
}

const levFirstError = (values) => values.find(levIsError);
const levIsOutside = (number, { low, high }) => !(number >= (low ?? -Number.MAX_VALUE) && number <= (high ?? Number.MAX_VALUE));

// A call -----------------------------------------------------------------------------------------------------------

function levCall(declared, body, given) {
  const values = declared.map((argument, index) => {
    const cells = given[index];
    if (argument.kind === "series") return cells;
    return argument.kind === "table" ? levTable(cells, argument) : cells;
  });
  levPairSeries(values, declared);
  const blocks = declared.flatMap(({ kind }, index) => (kind === "cell" && Array.isArray(values[index]) ? [values[index]] : []));
  if (!blocks.every(levIsBlock)) return LEV_VALUE.text;
  if (!blocks.length) return levShown(levElement(declared, body, values, 0, 0));
  const height = Math.max(...blocks.map((block) => block.length));
  const width = Math.max(...blocks.map((block) => block[0].length));
  const fits = (length, whole) => length === 1 || length === whole;
  if (!blocks.every((block) => fits(block.length, height) && fits(block[0].length, width))) return LEV_VALUE.text;
  const rows = Array.from({ length: height }, (_, row) =>
    Array.from({ length: width }, (_, column) => levShown(levElement(declared, body, values, row, column))),
  );
  return rows;
}

function levElement(declared, body, values, row, column) {
  const converted = values.map((value, index) => {
    const argument = declared[index];
    if (argument.kind !== "cell") return value;
    const line = Array.isArray(value) ? value[value.length > 1 ? row : 0] : [value];
    return levCell(line[line.length > 1 ? column : 0], argument);
  });
  const error = levFirstError(converted);
  if (error) return error;
  if (converted.some((value, index) => typeof value === "number" && levIsOutside(value, declared[index]))) return LEV_NUM;
  const result = body(...converted);
  if (levIsError(result)) return result === LEV_NA ? LEV_NA : LEV_NUM;
  return Number.isFinite(result) ? result : LEV_NUM;
}

// A custom function can't return an error to a cell, so it shows as its text.
const levShown = (value) => (levIsError(value) ? value.text : value);

// The operators and functions of a spreadsheet, on values and element by element on rows ------------------------------

function levEach(operation, ...values) {
  if (!values.some(Array.isArray)) return levFirstError(values) ?? levFinite(operation(...values));
  const blocks = values.map((value) => (Array.isArray(value) ? value : [[value]]));
  const height = Math.max(...blocks.map((block) => block.length));
  const width = Math.max(...blocks.map((block) => block[0].length));
  const at = (block, row, column) => {
    const line = block[block.length > 1 ? row : 0];
    return (line ?? [LEV_NA])[line && line.length > 1 ? column : 0] ?? LEV_NA;
  };
  return Array.from({ length: height }, (_, row) =>
    Array.from({ length: width }, (_, column) => levEach(operation, ...blocks.map((block) => at(block, row, column)))),
  );
}

const levFinite = (value) => (typeof value === "number" && !Number.isFinite(value) ? LEV_NUM : value);
const levPlain = (text) => (typeof text === "string" ? text.toLowerCase() : text);
const levOperator = {
  "+": (a, b) => levEach((x, y) => x + y, a, b),
  "-": (a, b) => levEach((x, y) => x - y, a, b),
  "*": (a, b) => levEach((x, y) => x * y, a, b),
  "/": (a, b) => levEach((x, y) => (Number(y) === 0 ? LEV_ERRORS["#DIV/0!"] : x / y), a, b),
  "^": (a, b) => levEach((x, y) => (x === 0 && y === 0 ? NaN : x ** y), a, b),
  "=": (a, b) => levEach((x, y) => levPlain(x) === levPlain(y), a, b),
  "<>": (a, b) => levEach((x, y) => levPlain(x) !== levPlain(y), a, b),
  "<": (a, b) => levEach((x, y) => x < y, a, b),
  "<=": (a, b) => levEach((x, y) => x <= y, a, b),
  ">": (a, b) => levEach((x, y) => x > y, a, b),
  ">=": (a, b) => levEach((x, y) => x >= y, a, b),
};
const levNegative = (value) => levEach((x) => -x, value);

// Only the branch that is taken is computed, as in a spreadsheet; of rows both are.
function levIf(condition, value, otherwise = () => false) {
  if (levIsError(condition)) return condition;
  if (!Array.isArray(condition)) return condition ? value() : otherwise();
  return levEach((chosen, one, other) => (chosen ? one : other), condition, value(), otherwise());
}

const levNumbers = (values) => values.flat(2).map((value) => (typeof value === "boolean" ? Number(value) : value));
const levOver = (fold) => (...values) => levFirstError(levNumbers(values)) ?? levFinite(fold(levNumbers(values)));
const levColumn = (numbers) => numbers.map((number) => [number]);
const levRows = (value) => (Array.isArray(value) ? value : [[value]]);

const levFunction = {
  ABS: (x) => levEach(Math.abs, x),
  SIGN: (x) => levEach(Math.sign, x),
  SQRT: (x) => levEach((value) => (value < 0 ? LEV_NUM : Math.sqrt(value)), x),
  LN: (x) => levEach((value) => (value <= 0 ? LEV_NUM : Math.log(value)), x),
  EXP: (x) => levEach(Math.exp, x),
  INT: (x) => levEach(Math.floor, x),
  POWER: levOperator["^"],
  PI: () => Math.PI,
  NA: () => LEV_NA,
  IFERROR: (x, otherwise) =>
    Array.isArray(x) ? x.map((row) => row.map((cell) => (levIsError(cell) ? otherwise : cell))) : levIsError(x) ? otherwise : x,
  ISERROR: (x) => (Array.isArray(x) ? x.map((row) => row.map(levIsError)) : levIsError(x)),
  SUM: levOver((numbers) => numbers.reduce((sum, number) => sum + number, 0)),
  MAX: levOver((numbers) => Math.max(...numbers)),
  MIN: levOver((numbers) => Math.min(...numbers)),
  OR: levOver((numbers) => numbers.some(Boolean)),
  AND: levOver((numbers) => numbers.every(Boolean)),
  COUNT: (...values) => levNumbers(values).filter((value) => typeof value === "number").length,
  SUMPRODUCT: (...ranges) => levFunction.SUM(ranges.reduce((product, range) => levOperator["*"](product, range), 1)),
  ROWS: (range) => levRows(range).length,
  COLUMNS: (range) => levRows(range)[0].length,
  INDEX(range, row, column = 1) {
    const rows = levRows(range);
    const chosen = row ? [rows[row - 1]] : rows;
    if (!chosen[0]) return LEV_ERRORS["#REF!"];
    const cells = column ? chosen.map((each) => [each[column - 1] ?? LEV_ERRORS["#REF!"]]) : chosen;
    return cells.length === 1 && cells[0].length === 1 ? cells[0][0] : cells;
  },
  LOOKUP: (wanted, places, results) =>
    levEach((value) => {
      const index = places.findLastIndex(([place]) => place <= value);
      return index < 0 ? LEV_NA : results[index][0];
    }, wanted),
  SEQUENCE: (rows, columns = 1, start = 1, step = 1) =>
    Array.from({ length: rows }, (_, row) =>
      Array.from({ length: columns }, (_, column) => start + step * (row * columns + column)),
    ),
  TAKE: (range, rows) => (rows < 0 ? levRows(range).slice(rows) : levRows(range).slice(0, rows)),
  DROP: (range, rows) => (rows < 0 ? levRows(range).slice(0, rows) : levRows(range).slice(rows)),
  VSTACK: (...ranges) => ranges.flatMap(levRows),
  HSTACK: (...ranges) => levRows(ranges[0]).map((_, row) => ranges.flatMap((range) => levRows(range)[row])),
  TOCOL: (range) => levColumn(levRows(range).flat()),
  TRANSPOSE: (range) => levRows(range)[0].map((_, column) => levRows(range).map((row) => row[column])),
  MMULT: (left, right) =>
    levFirstError([...left.flat(), ...right.flat()]) ??
    left.map((row) =>
      right[0].map((_, column) => row.reduce((sum, value, inner) => sum + value * right[inner][column], 0)),
    ),
  REDUCE: (start, range, step) => levRows(range).flat().reduce((value, member) => step(value, member), start),
  SCAN(start, range, step) {
    let value = start;
    return levRows(range).map((row) => row.map((member) => (value = step(value, member))));
  },
  MAP: (...given) => {
    const step = given.pop();
    return levRows(given[0]).map((row, i) => row.map((_, j) => step(...given.map((range) => levRows(range)[i][j]))));
  },
  BYROW: (range, step) => levRows(range).map((row) => [step([row])]),
  "NORM.S.DIST": (x, cumulative) =>
    levEach((z) => (cumulative ? levErfc(-z * Math.SQRT1_2) / 2 : Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)), x),
};

function levErfc(x) {
  const size = Math.min(Math.abs(x), 40);
  const variable = (size - 3.75) / (size + 3.75);
  const value = LEV_ERFC.reduceRight((sum, coefficient) => sum * variable + coefficient, 0);
  const tail = (value * Math.exp(-size * size)) / (1 + 2 * size);
  return x < 0 ? 2 - tail : tail;
}
