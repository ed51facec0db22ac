import ts from 'typescript';

const RUNNERS = new Set(['test', 'it', 'describe']);
const NOT_RUN = /^(skip|skipIf|runIf|todo|fixme|fail|fails|only)$/;

/** `test.describe.each([…])` → names ['test', 'describe', 'each']; anything else undefined. */
function chainOf(expression) {
  if (ts.isIdentifier(expression)) return [expression.text];
  if (ts.isPropertyAccessExpression(expression)) {
    const before = chainOf(expression.expression);
    return before && [...before, expression.name.text];
  }
  // test.each([…])('title', …) and test.each`…`('title', …)
  if (ts.isCallExpression(expression)) return chainOf(expression.expression);
  if (ts.isTaggedTemplateExpression(expression)) return chainOf(expression.tag);
  return undefined;
}

function titleOf(node) {
  if (!node) return undefined;
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  return ts.isTemplateExpression(node) ? node.getText().slice(1, -1) : undefined;
}

/**
 * The tests that a file declares: their titles, those of their describes first, and whether something keeps them from
 * being run. Titles of `each` are as they are written, with their place-holders.
 */
export function testsIn(path, source) {
  const tests = [];
  /** `scope` is the file, describe or test that a node stands in. */
  const visit = (node, scope) => {
    let within = scope;
    const chain = ts.isCallExpression(node) ? chainOf(node.expression) : undefined;
    if (chain && RUNNERS.has(chain[0])) {
      const skipped = chain.some((name) => NOT_RUN.test(name));
      const title = titleOf(node.arguments[0]);
      const hasBody = node.arguments.slice(1).some((one) => ts.isArrowFunction(one) || ts.isFunctionExpression(one));
      if (title !== undefined && hasBody) {
        within = { titles: [...scope.titles, title], skipped, outer: scope };
        if (!chain.includes('describe')) tests.push(within);
      } else if (skipped) {
        // test.skip() stops all of what it stands in.
        scope.skipped = true;
      }
    }
    ts.forEachChild(node, (child) => visit(child, within));
  };
  visit(ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true), { titles: [], skipped: false, outer: null });
  const isSkipped = (scope) => scope !== null && (scope.skipped || isSkipped(scope.outer));
  return tests.map((one) => ({ titles: one.titles, skipped: isSkipped(one) }));
}
