import { posix } from 'node:path'
import ts from 'typescript'
import type { SourceFile } from './sources.ts'

export interface Import {
  from: string
  line: number
  /** A path in the repository, or the name of a package. */
  target: string
  isPackage: boolean
  /** Gone once compiled: it ties nothing together at run time. */
  isTypeOnly: boolean
}

/** Everything that a file imports or exports from elsewhere, also by `import()`. */
export function readImports ({ path, text }: SourceFile): Import[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  const found: Import[] = []
  const visit = (node: ts.Node): void => {
    const specifier = specifierOf(node)
    if (specifier) {
      const { line } = file.getLineAndCharacterOfPosition(node.getStart())
      found.push({ from: path, line: line + 1, ...resolve(path, specifier.text), isTypeOnly: isTypeOnly(node) })
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

function specifierOf (node: ts.Node): ts.StringLiteral | undefined {
  const candidate = ts.isImportDeclaration(node) || ts.isExportDeclaration(node)
    ? node.moduleSpecifier
    : ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
      ? node.arguments[0]
      : ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined
  return candidate && ts.isStringLiteral(candidate) ? candidate : undefined
}

function isTypeOnly (node: ts.Node): boolean {
  if (ts.isImportTypeNode(node)) return true
  if (ts.isExportDeclaration(node)) return node.isTypeOnly
  return ts.isImportDeclaration(node) && node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
}

function resolve (from: string, specifier: string): { target: string, isPackage: boolean } {
  if (specifier.startsWith('.')) return { target: posix.join(posix.dirname(from), specifier), isPackage: false }
  const [scope = '', name = ''] = specifier.split('/')
  return { target: scope.startsWith('@') ? `${scope}/${name}` : scope, isPackage: true }
}
