import { readFileSync } from 'node:fs'
import ts from 'typescript'

/** What the `/** … *\/` comments say of the properties of a constant in a source file, by property. */
export function readRemarks (path, constant) {
  const file = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true)
  const remarks = new Map()
  const visit = (node) => {
    if (ts.isVariableDeclaration(node) && node.name.getText() === constant) readProperties(objectIn(node.initializer), remarks)
    else ts.forEachChild(node, visit)
  }
  visit(file)
  return remarks
}

/** The object itself, without `as const`. */
function objectIn (expression) {
  return ts.isAsExpression(expression) ? objectIn(expression.expression) : expression
}

function readProperties (object, remarks) {
  for (const property of object.properties) {
    const text = ts.getJSDocCommentsAndTags(property).map((comment) => ts.getTextOfJSDocComment(comment.comment)).join(' ')
    if (text) remarks.set(property.name.text, text.replaceAll(/\s+/g, ' '))
  }
}
